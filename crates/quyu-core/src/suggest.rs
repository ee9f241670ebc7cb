//! Near names: what somebody may have meant.

use std::fmt;

/// Up to three known names near an unknown one, nearest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Near(pub Vec<String>);

impl Near {
    /// The names of `known` that resemble `name`: by Damerau-Levenshtein distance relative to length, or because one
    /// contains the other.
    ///
    /// ```
    /// use quyu_core::suggest::Near;
    /// assert_eq!(Near::to("jiangsi", ["Jiangsu", "Jiangxi", "Tibet"]).0, ["Jiangsu", "Jiangxi"]);
    /// ```
    pub fn to<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let wanted = name.to_lowercase();
        let mut scored: Vec<(usize, &str)> = known
            .into_iter()
            .filter_map(|k| score(&wanted, &k.to_lowercase()).map(|s| (s, k)))
            .collect();
        scored.sort();
        scored.dedup();
        Self(scored.into_iter().take(3).map(|(_, k)| k.to_owned()).collect())
    }
}

/// Distance, or `None` if the two have nothing to do with each other.
fn score(wanted: &str, known: &str) -> Option<usize> {
    let distance = strsim::damerau_levenshtein(wanted, known);
    let longest = wanted.chars().count().max(known.chars().count());
    let contains = wanted.chars().count() >= 2 && (known.contains(wanted) || wanted.contains(known));
    (3 * distance <= longest + 2 || contains).then_some(distance)
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => Ok(()),
            names => write!(f, "; did you mean {}?", quoted(names, "or")),
        }
    }
}

/// `a`, `b` or `c`.
pub fn quoted(names: &[String], conjunction: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {conjunction} {last}", head.join(", ")),
    }
}

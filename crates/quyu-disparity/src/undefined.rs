//! What is not defined, said once for all indices and years that share a reason.

use quyu_core::{Note, NoteKind};

/// Indices that have no value in a year, each with the reason.
#[derive(Debug, Default)]
pub(crate) struct Undefined(Vec<(String, String, String)>);

impl Undefined {
    /// An index by its label, a year, and why it has no value there.
    pub(crate) fn push(&mut self, label: String, year: &str, why: String) {
        self.0.push((label, year.to_owned(), why));
    }

    /// A note for each reason; indices that lack the same years stand together.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let mut said: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
        for (label, _, why) in &self.0 {
            let known = said
                .iter()
                .any(|(w, labels, _)| w == why && labels.contains(&label.as_str()));
            if known {
                continue;
            }
            let same = self.0.iter().filter(|(l, _, w)| l == label && w == why);
            let years: Vec<&str> = same.map(|(_, year, _)| year.as_str()).collect();
            match said.iter_mut().find(|(w, _, y)| w == why && *y == years) {
                Some((_, labels, _)) => labels.push(label),
                None => said.push((why, vec![label], years)),
            }
        }
        let note = |(why, labels, years): &(&str, Vec<&str>, Vec<&str>)| {
            let verb = if labels.len() == 1 { "is" } else { "are" };
            let text = format!(
                "{} {verb} not defined in {}: {why}.",
                listed(labels),
                listed(years)
            );
            Note::new(NoteKind::Method, text)
        };
        said.iter().map(note).collect()
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_once_for_those_that_share_it() {
        let mut undefined = Undefined::default();
        for year in ["2019", "2020"] {
            undefined.push("Palma ratio".to_owned(), year, "too many rows".to_owned());
            undefined.push("Wolfson".to_owned(), year, "too many rows".to_owned());
        }
        undefined.push("Theil L".to_owned(), "2020", "a value is zero".to_owned());
        let texts: Vec<String> = undefined.notes().into_iter().map(|note| note.text).collect();
        assert_eq!(
            texts,
            [
                "Palma ratio and Wolfson are not defined in 2019 and 2020: too many rows.",
                "Theil L is not defined in 2020: a value is zero."
            ]
        );
    }
}

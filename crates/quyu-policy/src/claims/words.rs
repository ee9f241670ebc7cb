//! The sentences: what was claimed, where our figure comes from, and why the verdict is what it is.

use quyu_core::audit::Claim;
use quyu_core::number::styled;
use quyu_core::policy::PriorityList;
use quyu_core::{Note, NoteKind, Study};

use super::Checked;
use super::measure::{Found, Outcome, Tried, shown, style};
use super::verdict::{Criterion, Fit, Verdict};

/// What a table of these claims is about: its subjects.
pub(super) fn subjects(checked: &[Checked<'_>]) -> String {
    let mut subjects: Vec<String> = Vec::new();
    for one in checked {
        if !subjects.contains(&one.claim.subject) {
            subjects.push(one.claim.subject.clone());
        }
    }
    match subjects.len() {
        0..=3 => format!("Claims on {}", super::place::listed(&subjects)),
        n => format!("Claims on {n} subjects"),
    }
}

/// The claim with its place.
pub(super) fn headline(claim: &Claim) -> String {
    format!(
        "{} {}: {} (slide {})",
        claim.id, claim.subject, claim.statement, claim.place
    )
}

/// The number claimed, as its unit is written; a share was said in whole percent.
pub(super) fn claimed(claim: &Claim, value: f64) -> String {
    let style = match claim.unit.as_str() {
        "%" => quyu_core::Style::Fixed(0),
        unit => style(unit),
    };
    format!("{}{}", styled(value, style), suffix(&claim.unit))
}

/// Our figure for a cell of a table, with the signs of percent and money.
pub(super) fn measured(found: &Found) -> String {
    format!("{}{}", shown(found), suffix(&found.unit))
}

fn suffix(unit: &str) -> &'static str {
    match unit {
        "%" => " %",
        u if u.starts_with("yuan") => " yuan",
        _ => "",
    }
}

/// Indicators with their vintages, or the register.
pub(super) fn origin(study: &Study, found: &Found) -> String {
    found.register.clone().unwrap_or_else(|| vintages(study, found))
}

/// `gdp [first-release], pop [pre-7PC]`.
pub(super) fn vintages(study: &Study, found: &Found) -> String {
    let pairs: std::collections::BTreeSet<_> = found.used.iter().flat_map(|d| &d.from).collect();
    let rules = &study.atlas.vintages;
    let one = |(indicator, vintage): &(_, quyu_core::Vintage)| {
        let short = rules.short(&std::collections::BTreeSet::from([vintage]), " / ");
        let indicator: &quyu_core::IndicatorId = indicator;
        format!("{indicator} [{short}]")
    };
    pairs.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Id, subject, statement and the number claimed, without the place.
pub(super) fn short(claim: &Claim) -> String {
    let number = claim
        .value
        .map(|x| format!(", {}", claimed(claim, x)))
        .unwrap_or_default();
    format!("{} {}: {}{number}", claim.id, claim.subject, claim.statement)
}

/// Why a statement of this kind is neither true nor false, if it is not.
pub(super) fn no_fact(claim: &Claim) -> Option<&'static str> {
    match claim.unit.as_str() {
        "aim" => Some("An aim says what is wanted, not what is."),
        "definition" => Some("A definition is useful or not, but neither true nor false."),
        "advice" => Some("Advice says what should be done, not what is."),
        _ => None,
    }
}

/// Why the verdict is what it is.
pub(super) fn why(checked: &Checked<'_>) -> String {
    let claim = checked.claim;
    if let Some(sentence) = no_fact(claim) {
        return sentence.to_owned();
    }
    let Some(tried) = checked.decided.and_then(|i| checked.tried.get(i)) else {
        return "No definition of it can be tried with the data at hand.".to_owned();
    };
    let found = match &tried.outcome {
        Outcome::Found(found) => found,
        Outcome::Lacking(what) => return format!("Missing: {what}."),
    };
    let fits = match claim.value {
        Some(value) => number(claim, value, found, tried.fit),
        None => statement(tried, found),
    };
    let context = match checked.verdict {
        Verdict::UnderAnother => as_said(checked),
        Verdict::NotReproduced => others(checked),
        _ => String::new(),
    };
    let remark = if found.remark.is_empty() {
        String::new()
    } else {
        format!(" {}.", capital(&found.remark))
    };
    format!("{fits}{remark}{context}")
}

fn number(claim: &Claim, value: f64, found: &Found, fit: Fit) -> String {
    let said = claimed(claim, value);
    let own = styled(found.value, found.style());
    match (fit, found.register.is_some(), own == shown(found)) {
        (Fit::Fits, true, _) => format!("{own}, as said."),
        (Fit::Fits, _, true) => format!("{own} rounds to {said}."),
        (Fit::Fits, ..) => format!("{said} fits the interval that the rounding of the inputs implies."),
        (Fit::Misses, true, _) => format!("{own}, not {said}."),
        (Fit::Misses, ..) => format!("{} does not round to {said}.", shown(found)),
        _ => format!("The rounding of the inputs leaves open whether it is {said}."),
    }
}

fn statement(tried: &Tried<'_>, found: &Found) -> String {
    let Some(criterion) = Criterion::parse(&tried.trial.criterion) else {
        return String::new();
    };
    let bound = styled(criterion.bound, quyu_core::Style::Fixed(0));
    let holds = match tried.fit {
        Fit::Fits => "true",
        Fit::Misses => "not true: it would be",
        _ => "open: it is true",
    };
    let unit = match (found.out_of, found.unit.as_str()) {
        (Some(n), unit) => format!(" of {n} {unit}"),
        (None, unit) => format!(" {unit}"),
    };
    format!(
        "{}{unit}; {holds} if {} {bound}.",
        shown(found),
        criterion.words()
    )
}

/// What the definition that the words name gives instead.
fn as_said(checked: &Checked<'_>) -> String {
    let said = checked.tried.iter().find(|t| t.trial.said == "as-said");
    match said.map(|t| (&t.outcome, &t.trial.remark)) {
        Some((Outcome::Found(found), remark)) => {
            let by = if remark.is_empty() {
                String::new()
            } else {
                format!(" ({remark})")
            };
            format!(" As said it is {}{by}.", shown(found))
        }
        Some((Outcome::Lacking(what), _)) => format!(" As said it cannot be computed: {what} is missing."),
        None => String::new(),
    }
}

/// How many other definitions were tried in vain.
fn others(checked: &Checked<'_>) -> String {
    let more = checked
        .tried
        .iter()
        .filter(|t| t.fit == Fit::Misses)
        .count()
        .saturating_sub(1);
    match more {
        0 => String::new(),
        1 => " One other definition does not fit either.".to_owned(),
        n => format!(" {n} other definitions do not fit either."),
    }
}

/// A definition without the members of its boundary where a row above has named them: `Three core centres (A and B), 2019: …`.
pub(super) fn named_once(text: String, named: &mut Vec<String>) -> String {
    let Some((boundary, rest)) = text.split_once("), ") else {
        return text;
    };
    let Some((short, _)) = boundary.split_once(" (").filter(|_| !boundary.contains(": ")) else {
        return text;
    };
    if named.iter().any(|n| n == boundary) {
        return format!("{short}, {rest}");
    }
    named.push(boundary.to_owned());
    text
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// A pilot coding feeds no comparison.
pub(super) fn pilot(found: &[&Found]) -> Option<Note> {
    let has = |word: &str| {
        found
            .iter()
            .any(|f| f.register.as_deref().is_some_and(|r| r.contains(word)))
    };
    let text = match (has("clauses"), has("crosswalk")) {
        (true, false) => "The coding of clauses is a pilot by one coder, of a few documents.",
        (false, true) => {
            "Which national code an item of a list touches is the judgement of one analyst, by division."
        }
        (true, true) => {
            "The coding of clauses is a pilot by one coder, of a few documents; which national code an item of a list touches is the judgement of one analyst, by division."
        }
        (false, false) => return None,
    };
    Some(Note::new(NoteKind::Method, text))
}

/// The documents behind the lists that the tables name.
pub(super) fn lists(study: &Study, found: &[&Found]) -> Option<Note> {
    let ids: std::collections::BTreeSet<&String> = found.iter().flat_map(|f| &f.lists).collect();
    let known = study.atlas.policy.lists.iter().filter(|(id, _)| ids.contains(id));
    let one = |(id, l): (&String, &PriorityList)| match l.region_name.as_str() {
        "China" => format!("{id}: {}", l.document),
        region => format!("{region}, {}: {}", l.year, l.document),
    };
    let named: Vec<String> = known.map(one).collect();
    (!named.is_empty()).then(|| Note::new(NoteKind::Method, format!("Lists. {}.", named.join("; "))))
}

#[cfg(test)]
mod tests {
    use super::named_once;

    #[test]
    fn members_of_a_boundary_are_named_once() {
        let mut named = Vec::new();
        let mut shown = |text: &str| named_once(text.to_owned(), &mut named);
        let first = "Centres (A and B), 2018: Jobs, % of all";
        assert_eq!(shown(first), first);
        assert_eq!(
            shown("Centres (A and B), 2019: Jobs, % of all"),
            "Centres, 2019: Jobs, % of all"
        );
        // Another boundary of the same words, and brackets that belong to an indicator.
        let other = "Centres (A and C), 2019: Jobs, % of all";
        assert_eq!(shown(other), other);
        for _ in 0..2 {
            let label = "A, 2019: Patents (year-end), invention";
            assert_eq!(shown(label), label);
        }
    }
}

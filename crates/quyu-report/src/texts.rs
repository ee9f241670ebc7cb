//! All prose of a case, by the place where it stands.

use std::collections::BTreeMap;

use crate::case::{Case, ChapterId};
use crate::error::{Place, Problems};
use crate::template::{Scope, Template, typed_digits};

/// The templates of a case.
pub(crate) type Texts = BTreeMap<Place, Template>;

/// Reads every template of a case, and refuses digits that somebody typed.
pub(crate) fn texts(case: &Case, problems: &mut Problems) -> Texts {
    let mut texts = Texts::new();
    for (place, text) in written(case) {
        let Some(template) = problems.note(place.clone(), Template::parse(text)) else {
            continue;
        };
        let words = typed_digits(&template);
        if !words.is_empty() {
            problems.add(place.clone(), crate::error::Cause::TypedDigits { words });
        }
        texts.insert(place, template);
    }
    texts
}

/// Notes every name in the templates that is known to be wrong before anything runs.
pub(crate) fn check(
    texts: &Texts,
    scope: &Scope<'_>,
    analyses: &BTreeMap<String, bool>,
    problems: &mut Problems,
) {
    for (place, template) in texts {
        for error in template.check(scope, analyses) {
            problems.add(place.clone(), error);
        }
    }
}

fn written(case: &Case) -> Vec<(Place, &str)> {
    let mut all = vec![
        (Place::Title, case.title.en.as_str()),
        (Place::Lede, case.lede.en.as_str()),
    ];
    if let Some(summary) = &case.summary {
        let findings = summary.findings.iter().enumerate();
        all.extend(findings.map(|(i, t)| (Place::Finding(i), t.en.as_str())));
        all.extend(summary.care.iter().map(|t| (Place::Care, t.en.as_str())));
    }
    for id in ChapterId::ALL {
        let Some(chapter) = case.chapters.get(id) else {
            continue;
        };
        all.extend(
            chapter
                .title
                .iter()
                .map(|t| (Place::ChapterTitle(id), t.en.as_str())),
        );
        all.extend(
            chapter
                .question
                .iter()
                .map(|t| (Place::Question(id), t.en.as_str())),
        );
        all.extend(chapter.answer.iter().map(|t| (Place::Answer(id), t.en.as_str())));
    }
    for section in &case.sections {
        let id = || section.id.clone();
        all.extend(
            section
                .title
                .iter()
                .map(|t| (Place::SectionTitle(id()), t.en.as_str())),
        );
        all.extend(section.text.iter().map(|t| (Place::Text(id()), t.en.as_str())));
        all.extend(section.after.iter().map(|t| (Place::After(id()), t.en.as_str())));
    }
    all
}

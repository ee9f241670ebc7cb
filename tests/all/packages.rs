//! The real packages, loaded once, and studies on them.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use quyu_core::{Atlas, Missing, Period, RegionSet, Study, Term, VintageChoice, Year};

/// The folder of the data packages.
pub(crate) fn datasets() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../datasets")
}

fn load(cell: &'static OnceLock<Arc<Atlas>>, ids: &[&str]) -> Arc<Atlas> {
    let ids: Vec<String> = ids.iter().map(|s| (*s).to_owned()).collect();
    let atlas = || Arc::new(quyu_io::load::atlas(&datasets(), &ids).expect("the committed packages load"));
    cell.get_or_init(atlas).clone()
}

/// The toy package.
pub(crate) fn toy() -> Arc<Atlas> {
    static CELL: OnceLock<Arc<Atlas>> = OnceLock::new();
    load(&CELL, &["toy"])
}

/// All packages on China and Europe, and the crosswalks between them.
pub(crate) fn real() -> Arc<Atlas> {
    static CELL: OnceLock<Arc<Atlas>> = OnceLock::new();
    load(
        &CELL,
        &["cn-provinces", "cn-cities", "eu-nuts2", "cn-policy", "codebook"],
    )
}

pub(crate) fn year(y: i32) -> Year {
    Year::new(y).expect("a year")
}

pub(crate) fn term(text: &str) -> Term {
    Term::parse(text).expect("a term")
}

/// A set of regions by code or name.
pub(crate) fn set(atlas: &Atlas, members: &[&str]) -> RegionSet {
    let members: Vec<String> = members.iter().map(|m| (*m).to_owned()).collect();
    atlas.set_of("test", "Test", None, &members).expect("a set")
}

pub(crate) fn vintages(atlas: &Atlas, choices: &[(&str, &str)]) -> VintageChoice {
    let choices = choices.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    VintageChoice::new(&atlas.vintages, &atlas.known_vintages(), choices).expect("vintages")
}

/// A study of the members given, with the 31 provinces as the reference.
pub(crate) fn study(
    atlas: &Arc<Atlas>,
    members: &[&str],
    choices: &[(&str, &str)],
    from: i32,
    to: i32,
) -> Study {
    let reference = atlas
        .set("cn-provinces:all")
        .or_else(|_| atlas.set("toy:all"))
        .expect("a reference")
        .clone();
    Study {
        focus: set(atlas, members),
        reference,
        period: Period {
            from: year(from),
            to: year(to),
        },
        vintages: vintages(atlas, choices),
        missing: Missing::Error,
        seed: 1,
        atlas: atlas.clone(),
    }
}

/// A study of all ten toy regions from the first to the last year, or of those named, separated by spaces.
pub(crate) fn toy_study(atlas: &Arc<Atlas>, focus: Option<&str>) -> Study {
    let all: Vec<String> = atlas
        .set("toy:all")
        .expect("the toy set")
        .members()
        .iter()
        .map(ToString::to_string)
        .collect();
    let members: Vec<&str> = focus.map_or_else(
        || all.iter().map(String::as_str).collect(),
        |f| f.split(' ').collect(),
    );
    study(atlas, &members, &[], 2010, 2020)
}

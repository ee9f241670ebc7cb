//! No parameter, study or data set ends the program: what an analysis cannot do is an error.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use quyu_core::{Atlas, Entry, Param, ParamKind, ParamValue, Params, Study};
use rayon::prelude::*;

use crate::contract::{registry, rewritten, value};
use crate::packages::{real, study, toy, toy_study, year};

type Given = BTreeMap<String, ParamValue>;

/// The parameters of the example, with as few draws as allowed: how many there are is no question here.
fn example(entry: &Entry) -> Given {
    let table: toml::Table = entry.example.parse().unwrap();
    let mut given: Given = table.iter().map(|(k, v)| (k.clone(), value(v))).collect();
    for param in entry.params {
        if let (ParamKind::Integer { min, max: 1000.. }, Some(_)) = (&param.kind, param.default) {
            given.insert(param.name.to_owned(), ParamValue::Integer((*min).max(9)));
        }
    }
    given
}

fn text(text: &str) -> ParamValue {
    ParamValue::Text(text.to_owned())
}

/// Odd values of a kind, most of which must be refused.
fn odd(kind: &ParamKind) -> Vec<ParamValue> {
    match kind {
        ParamKind::Number { min, max } => [*min, *max, 0.0, -1.0, 0.5, 1.0, 2.0, f64::NAN, f64::MIN_POSITIVE]
            .map(ParamValue::Number)
            .to_vec(),
        // A large number of draws is slow, not wrong.
        ParamKind::Integer { min, max } => [*min, (*max).min(500), 0, 1, 2, 3, 10, 11, -1]
            .map(ParamValue::Integer)
            .to_vec(),
        ParamKind::Choice(words) => words.iter().map(|w| text(w)).collect(),
        ParamKind::Flag => vec![ParamValue::Flag(true), ParamValue::Flag(false)],
        ParamKind::List(inner) => {
            let each = odd(inner);
            let mut lists: Vec<ParamValue> = each.iter().map(|v| ParamValue::List(vec![v.clone()])).collect();
            lists.push(ParamValue::List(Vec::new()));
            lists.extend(each.iter().map(|v| ParamValue::List(vec![v.clone(), v.clone()])));
            lists.push(ParamValue::List(each));
            lists
        }
        _ => [
            "",
            " ",
            ",",
            "x",
            "gdp",
            "gdp_pc",
            "pop",
            "va4",
            "jobs4",
            "va4.making",
            "halves",
            "toy:all",
            "all",
            "none",
            "TOY:A",
            "TOY:A TOY:B",
            "TOY:A:TOY:B",
            "gdp=1",
            "0",
            "2010",
            "\u{533a}",
        ]
        .map(text)
        .to_vec(),
    }
}

/// The example with one parameter changed, in every way.
fn changed(entry: &Entry) -> Vec<Given> {
    let base = example(entry);
    let with = |param: &Param, v: ParamValue| {
        let mut given = base.clone();
        given.insert(param.name.to_owned(), v);
        given
    };
    let mut all: Vec<Given> = entry
        .params
        .iter()
        .flat_map(|p| odd(&p.kind).into_iter().map(move |v| (p, v)))
        .map(|(p, v)| with(p, v))
        .collect();
    all.push(base.clone());
    all
}

/// Studies that leave an analysis little: one region, two, one year, the years turned round by one.
fn studies(atlas: &Arc<Atlas>) -> Vec<Study> {
    let codes: Vec<String> = atlas
        .set("toy:all")
        .unwrap()
        .members()
        .iter()
        .map(ToString::to_string)
        .collect();
    let all = toy_study(atlas, None);
    let one = toy_study(atlas, Some(&codes[0]));
    let mut two = toy_study(atlas, Some(&codes[..2].join(" ")));
    two.reference = two.focus.clone();
    let mut alone = one.clone();
    alone.reference = alone.focus.clone();
    let mut year_only = all.clone();
    year_only.period.to = year_only.period.from;
    let mut turned = all.clone();
    (turned.period.from, turned.period.to) = (turned.period.to, turned.period.from);
    let mut far = all.clone();
    (far.period.from, far.period.to) = (year(1960), year(1961));
    vec![all, one, two, alone, year_only, turned, far]
}

/// How runs ended: with a result, with an error.
#[derive(Default)]
struct Ends {
    found: AtomicUsize,
    refused: AtomicUsize,
}

impl Ends {
    /// Both happened often: a test that runs nothing proves nothing.
    fn at_least(&self, found: usize, refused: usize) {
        let (f, r) = (self.found.load(Relaxed), self.refused.load(Relaxed));
        assert!(f >= found && r >= refused, "only {f} results and {r} refusals");
    }
}

/// What a run panics with, figures drawn; none if it ends as it should.
fn panics(entry: &Entry, given: &Given, study: &Study, ends: &Ends) -> Option<String> {
    let go = || {
        let params = Params::check(entry.id, entry.params, given).ok()?;
        if let Some(build) = entry.additive {
            let _ = build(&params);
        }
        let analysis = (entry.build)(&params).ok()?;
        let _ = study.check(&analysis.needs());
        let findings = analysis.run(study, &()).ok()?;
        for figure in &findings.figures {
            let _ = quyu_plotting::svg(figure);
        }
        Some(())
    };
    let panic = match catch_unwind(AssertUnwindSafe(go)) {
        Ok(end) => {
            let count = if end.is_some() { &ends.found } else { &ends.refused };
            count.fetch_add(1, Relaxed);
            return None;
        }
        Err(panic) => panic,
    };
    let said = panic.downcast_ref::<String>().cloned();
    let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
    Some(format!(
        "{}: {} with {given:?}",
        entry.id,
        said.unwrap_or_default()
    ))
}

fn none(found: Vec<String>) {
    assert!(found.is_empty(), "{} panics:\n{}", found.len(), found.join("\n"));
}

#[test]
fn no_parameter_makes_an_analysis_panic() {
    let (all, ends) = (toy_study(&toy(), None), Ends::default());
    let registry = registry();
    let entries: Vec<&Entry> = registry.iter().collect();
    let found = entries.par_iter().flat_map_iter(|entry| {
        changed(entry)
            .into_iter()
            .filter_map(|g| panics(entry, &g, &all, &ends))
            .collect::<Vec<_>>()
    });
    none(found.collect());
    ends.at_least(1500, 5000);
}

#[test]
fn no_study_makes_an_analysis_panic() {
    let ends = Ends::default();
    let mut studies = studies(&toy());
    // Provinces know nothing of what the examples ask for; the figures of the codebook have the same names.
    studies.push(study(&real(), &["Jiangsu"], &[], 2010, 2019));
    let registry = registry();
    let entries: Vec<&Entry> = registry.iter().collect();
    let found = entries.par_iter().flat_map_iter(|entry| {
        let (given, ends) = (example(entry), &ends);
        studies
            .iter()
            .filter_map(move |s| panics(entry, &given, s, ends))
            .collect::<Vec<_>>()
    });
    none(found.collect());
    ends.at_least(250, 250);
}

#[test]
fn no_figures_make_an_analysis_panic() {
    let ends = Ends::default();
    let turns: [fn(usize, f64) -> Option<f64>; 9] = [
        |_, _| Some(0.0),
        |_, _| Some(1.0),
        |_, x| Some(-x),
        |_, x| Some(x * 1e300),
        |_, x| Some(x * 1e-300),
        |i, _| Some(if i % 7 == 0 { f64::MAX } else { f64::MIN_POSITIVE }),
        |i, x| (i % 2 == 0).then_some(x),
        |i, x| Some(if i % 3 == 0 { 0.0 } else { x }),
        |i, x| Some(if i % 5 == 0 { -x } else { x }),
    ];
    let registry = registry();
    let entries: Vec<&Entry> = registry.iter().collect();
    let atlases: Vec<Arc<Atlas>> = turns.iter().map(|turn| Arc::new(rewritten(*turn))).collect();
    let found = entries.par_iter().flat_map_iter(|entry| {
        let mut found = Vec::new();
        for atlas in &atlases {
            let mut study = toy_study(atlas, None);
            study.missing = quyu_core::Missing::Drop;
            for given in variants(entry) {
                found.extend(panics(entry, &given, &study, &ends));
            }
        }
        found
    });
    none(found.collect());
    ends.at_least(2500, 2500);
}

/// The example, in each of its named variants.
fn variants(entry: &Entry) -> Vec<Given> {
    let base = example(entry);
    let named = entry
        .params
        .iter()
        .filter(|p| matches!(p.kind, ParamKind::Choice(_)));
    let mut all: Vec<Given> = named
        .flat_map(|p| odd(&p.kind).into_iter().map(move |v| (p.name, v)))
        .map(|(name, v)| {
            let mut given = base.clone();
            given.insert(name.to_owned(), v);
            given
        })
        .collect();
    all.push(base.clone());
    all
}

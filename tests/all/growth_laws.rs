//! What holds for every variant of shift-share and for structural change, whatever the figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use quyu_core::ColumnName as C;
use quyu_core::{Batch, Cell, Findings, NoteKind, ParamValue, Params, Study, Table, Values};
use quyu_testkit::assert_adds_up;

use crate::loader::{GDP, edited};
use crate::packages::{real, set, study, toy, toy_study};

fn run(id: &str, params: &[(&str, &str)], study: &Study) -> Findings {
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let params = Params::check(id, entry.params, &given).unwrap();
    (entry.build)(&params)
        .unwrap()
        .run(study, &())
        .unwrap_or_else(|e| panic!("{given:?}: {e}"))
}

/// Sichuan and Chongqing among the provinces.
fn provinces(from: i32, to: i32) -> Study {
    let mut study = study(&real(), &["Jiangsu"], &[("va", "4EC")], from, to);
    study.focus = set(&study.atlas, &["Sichuan", "Chongqing"]);
    study
}

fn text(table: &Table, row: usize, column: C) -> String {
    match table.cell(row, column) {
        Some(Cell::Text(t)) => t.clone(),
        Some(Cell::Integer(i)) => i.to_string(),
        _ => String::new(),
    }
}

/// Components by the value of a key column.
fn cells(table: &Table, key: C) -> BTreeMap<String, BTreeMap<String, f64>> {
    let mut out: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for row in 0..table.rows.len() {
        let amount = table
            .cell(row, C::Contribution)
            .and_then(Cell::number)
            .expect("a number");
        let part = out.entry(text(table, row, key)).or_default();
        assert!(part.insert(text(table, row, C::Component), amount).is_none());
    }
    out
}

/// How many changes were compared with the sum of their parts.
fn adds_up(table: &Table, key: C) -> usize {
    let mut compared = 0;
    for parts in cells(table, key).values() {
        let Some(change) = parts.get("change") else {
            continue;
        };
        let others: Vec<f64> = parts
            .iter()
            .filter(|(name, _)| *name != "change")
            .map(|(_, amount)| *amount)
            .collect();
        assert!(others.len() >= 3);
        assert_adds_up(*change, &others);
        compared += 1;
    }
    compared
}

const ADDITIVE: [&str; 14] = [
    "classic",
    "esteban-marquillas",
    "arcelus",
    "arcelus-short",
    "nazara-hewings",
    "nazara-hewings-industry",
    "nazara-hewings-total",
    "mayor-lopez",
    "mayor-lopez-industry",
    "mayor-lopez-total",
    "dynamic",
    "dynamic-esteban-marquillas",
    "dynamic-arcelus",
    "dynamic-arcelus-short",
];

fn is_spatial(variant: &str) -> bool {
    variant.starts_with("nazara") || variant.starts_with("mayor")
}

#[test]
fn every_variant_adds_up_to_the_change_on_the_toy_data() {
    let (atlas, mut compared) = (toy(), 0);
    for focus in [None, Some("TOY:D"), Some("TOY:D TOY:H")] {
        let study = toy_study(&atlas, focus);
        for value in ["va4", "jobs4"] {
            for variant in ADDITIVE {
                let found = run("shift-share", &[("value", value), ("variant", variant)], &study);
                compared += adds_up(found.table("shift-share").unwrap(), C::Class);
                compared += adds_up(found.table("regions").unwrap(), C::Region);
            }
        }
        for variant in ["rigby-anderson", "productivity", "productivity-relative"] {
            let params = [("value", "va4"), ("employment", "jobs4"), ("variant", variant)];
            let found = run("shift-share", &params, &study);
            compared += adds_up(found.table("shift-share").unwrap(), C::Class);
            compared += adds_up(found.table("regions").unwrap(), C::Region);
        }
    }
    assert_eq!(compared, 3 * (2 * 14 * 15 + 15 + 2 * 11));
}

#[test]
fn every_variant_adds_up_to_the_change_of_the_provinces() {
    let study = provinces(2010, 2019);
    for variant in ADDITIVE {
        for reference in ["nation", "rest"] {
            let mut params = vec![("value", "va"), ("variant", variant), ("reference", reference)];
            // Hainan has neighbours over water only.
            params.extend(is_spatial(variant).then_some(("neighbours", "contiguity-all")));
            let found = run("shift-share", &params, &study);
            assert_eq!(adds_up(found.table("shift-share").unwrap(), C::Class), 10);
            assert_eq!(adds_up(found.table("regions").unwrap(), C::Region), 31);
        }
    }
}

#[test]
fn factors_multiply_to_the_net_shift() {
    let study = provinces(2010, 2019);
    for variant in ["gerfin", "dynamic-gerfin"] {
        let found = run("shift-share", &[("value", "va"), ("variant", variant)], &study);
        let table = found.table("shift-share").unwrap();
        let mut factors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for row in 0..table.rows.len() {
            let x = table.cell(row, C::Estimate).and_then(Cell::number).unwrap();
            factors.entry(text(table, row, C::Region)).or_default().push(x);
        }
        // 31 provinces, and the two of the focus as one.
        assert_eq!(factors.len(), 32);
        for f in factors.values() {
            assert!((f[0] - f[1] * f[2]).abs() <= 1e-12 * f[0], "{f:?}");
        }
    }
}

/// Numbers of one statistic of a table of contributions.
fn statistic(table: &Table, name: &str) -> Vec<f64> {
    (0..table.rows.len())
        .filter(|row| text(table, *row, C::Statistic) == name)
        .map(|row| table.cell(row, C::Estimate).and_then(Cell::number).unwrap())
        .collect()
}

#[test]
fn contributions_add_up_to_growth() {
    let toy = toy_study(&toy(), Some("TOY:D TOY:H"));
    let groups = "new = research services";
    for (value, groups, study) in [
        ("va4", groups, &toy),
        ("jobs4", groups, &toy),
        ("va", "old = agri industry", &provinces(2010, 2019)),
    ] {
        let params = [("value", value), ("class_group", groups)];
        let found = run("structural-change", &params, study);
        for id in ["classes", "groups"] {
            let table = found.table(id).unwrap();
            let (base, end) = (statistic(table, "base"), statistic(table, "end"));
            let (base, end) = (quyu_math::sum(&base), quyu_math::sum(&end));
            assert_adds_up((end - base) / base, &statistic(table, "contribution"));
            assert_adds_up(1.0, &statistic(table, "share-of-growth"));
            assert_adds_up(1.0, &statistic(table, "base-share"));
            assert_adds_up(1.0, &statistic(table, "end-share"));
        }
    }
}

/// The toy data with figures of Altera in place of its own.
fn altera(changes: &[(&str, &str)]) -> Study {
    let atlas = edited(GDP, |text| {
        changes.iter().fold(text.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        })
    });
    study(&Arc::new(atlas.unwrap()), &["TOY:A"], &[], 2010, 2020)
}

#[test]
fn figures_beyond_32_bits_keep_their_totals() {
    let study = altera(&[
        ("A,2010,va4,farming,toy,40,", "A,2010,va4,farming,toy,3000000000,"),
        (
            "A,2020,va4,farming,toy,40,",
            "A,2020,va4,farming,toy,9007199254740000,",
        ),
    ]);
    let found = run("shift-share", &[("value", "va4")], &study);
    let sectors = cells(found.table("shift-share").unwrap(), C::Class);
    assert_eq!(sectors["farming"]["change"], 9_007_196_254_740_000.0);
    // Making +40, services +40, research 0.
    assert_eq!(sectors["total"]["change"], 9_007_196_254_740_080.0);
    let found = run("structural-change", &[("value", "va4")], &study);
    let table = found.table("classes").unwrap();
    assert_eq!(quyu_math::sum(&statistic(table, "base")), 3_000_000_040.0);
    assert_eq!(quyu_math::sum(&statistic(table, "end")), 9_007_199_254_740_120.0);
}

const NOTHING: [(&str, &str); 4] = [
    ("A,2010,va4,farming,toy,40,", "A,2010,va4,farming,toy,0,"),
    ("A,2010,va4,making,toy,20,", "A,2010,va4,making,toy,0,"),
    ("A,2010,va4,services,toy,10,", "A,2010,va4,services,toy,0,"),
    ("A,2010,va4,research,toy,10,", "A,2010,va4,research,toy,0,"),
];

#[test]
fn a_region_that_had_nothing_has_parts_but_no_shares() {
    let study = altera(&NOTHING);
    let found = run("shift-share", &[("value", "va4")], &study);
    for id in ["shift-share", "regions"] {
        let table = found.table(id).unwrap();
        for row in 0..table.rows.len() {
            let share = table.cell(row, C::Share).unwrap();
            let of_altera = id == "shift-share" || text(table, row, C::Region) == "TOY:A";
            assert_eq!(share.number().is_none(), of_altera, "{share:?}");
        }
    }
    let total = &cells(found.table("shift-share").unwrap(), C::Class)["total"];
    assert_eq!((total["change"], total["regional"]), (160.0, 160.0));
    assert!(found.notes.iter().any(|n| n.kind == NoteKind::Zero));
    // Beside peers a reference may consist of such a region alone.
    let mut alone = altera(&NOTHING);
    alone.reference = alone.focus.clone();
    let params = [("value", "va4"), ("reference", "peers"), ("peers", "toy:pair")];
    let found = run("shift-share", &params, &alone);
    assert_eq!(found.figures.len(), 1);
}

#[test]
fn an_undefined_index_is_empty_and_said() {
    let study = altera(&NOTHING[3..]);
    let found = run("structural-change", &[("value", "va4")], &study);
    let table = found.table("structural-change").unwrap();
    let empty: Vec<String> = (0..table.rows.len())
        .filter(|row| table.cell(*row, C::Estimate).and_then(Cell::number).is_none())
        .map(|row| {
            format!(
                "{} {}",
                text(table, row, C::Region),
                text(table, row, C::Statistic)
            )
        })
        .collect();
    assert_eq!(empty, ["test lilien"]);
    let note = found.notes.iter().find(|n| n.kind == NoteKind::Zero).unwrap();
    assert_eq!(
        note.text,
        "Lilien's index is undefined where a sector is zero in one of the two years: Test (Research, 2010–2020), Altera \
         (Research, 2010–2020)."
    );
    // Weights of the first year leave such a sector out: the index exists.
    let params = [("value", "va4"), ("variant", "lilien-base")];
    let base = run("structural-change", &params, &study);
    assert!(base.notes.iter().all(|n| n.kind != NoteKind::Zero));
}

#[test]
fn a_part_of_the_period_is_said() {
    let study = provinces(2010, 2019);
    let params = [
        ("value", "va"),
        ("variant", "dynamic"),
        ("years", "2012, 2015, 2019"),
    ];
    let notes = run("shift-share", &params, &study).notes;
    let said = |text: &str| notes.iter().any(|n| n.text.contains(text));
    assert!(said("Steps of more than one year: 2012–2015, 2015–2019."));
    assert!(said("The steps lead from 2012 to 2019, a part of 2010 to 2019"));
}

#[test]
fn everybody_beside_peers_has_factors_as_one_region() {
    let params = [
        ("value", "va4"),
        ("variant", "gerfin"),
        ("reference", "peers"),
        ("peers", "toy:pair"),
    ];
    let found = run("shift-share", &params, &toy_study(&toy(), None));
    let table = found.table("shift-share").unwrap();
    let row = (0..table.rows.len())
        .find(|row| text(table, *row, C::Region) == "test" && text(table, *row, C::Component) == "net-shift");
    let found = table.cell(row.unwrap(), C::Estimate).and_then(Cell::number);
    // All double; the pair grows from 480 to 2,560.
    assert!((found.unwrap() - 2.0 * 480.0 / 2560.0).abs() < 1e-15);
}

/// Three sectors of one region in two years as a stream, with `class_group`.
fn streamed(groups: &str) -> Result<Findings, String> {
    let text = |t: &str| ParamValue::Text(t.to_owned());
    let given = BTreeMap::from([
        ("value".to_owned(), text("va4")),
        ("class_group".to_owned(), text(groups)),
    ]);
    let entry = quyu_catalog::registry()
        .unwrap()
        .get("structural-change")
        .unwrap();
    let params = Params::check(entry.id, entry.params, &given).unwrap();
    let mut stream = entry.additive.unwrap()(&params).map_err(|e| e.to_string())?;
    let batch = Batch::new(vec![
        Values::Labels(&["r"; 6]),
        Values::Labels(&["a", "b", "c", "a", "b", "c"]),
        Values::Labels(&["1", "1", "1", "2", "2", "2"]),
        Values::Numbers(&[3e9, 3e9, 4e9, 6e9, 6e9, 8e9]),
    ]);
    stream.push(&batch.unwrap()).unwrap();
    stream.finish().map_err(|e| e.to_string())
}

#[test]
fn a_stream_says_that_it_has_no_groups() {
    let found = streamed("new = a b").unwrap();
    assert!(found.notes.iter().any(|n| n.text.contains("`class_group`")));
    // All doubled: nothing changed its sector.
    let estimates = statistic(found.table("regions").unwrap(), "nav");
    assert_eq!(estimates, [0.0]);
    insta::assert_snapshot!(streamed("new = a d").unwrap_err(), @"`structural-change`: there is no sector `d` to group; did you mean `a`, `b` or `c`?");
}

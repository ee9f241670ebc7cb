//! Rows that are held as columns: curves, brackets where memory ends, and any small table both ways.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::rows::{Folder, close, keyed};
use crate::run::{run, words};

/// The numbers of a table, row after row, without the names of regions.
fn bare(result: &serde_json::Value, table: usize) -> Vec<Vec<f64>> {
    let rows = result["tables"][table]["rows"].as_array().unwrap().iter();
    let numbers = |row: &serde_json::Value| {
        row.as_array()
            .unwrap()
            .iter()
            .filter_map(serde_json::Value::as_f64)
            .collect()
    };
    rows.map(numbers).collect()
}

#[test]
fn the_curve_of_rows_is_that_of_a_table_with_keys() {
    let folder = Folder::with(&keyed(300));
    for command in [
        "lorenz t.csv --value y --weight w",
        "lorenz t.csv --value x --years 2020 --compare 2019,2020",
    ] {
        let (rows, keyed) = (folder.json(&format!("{command} --rows")), folder.json(command));
        let tables = keyed["tables"].as_array().unwrap().len();
        assert_eq!(rows["tables"].as_array().unwrap().len(), tables);
        for table in 0..tables {
            let (a, b) = (bare(&rows, table), bare(&keyed, table));
            assert_eq!(a.len(), b.len(), "{command}");
            for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
                assert!((a - b).abs() <= 1e-12, "{command}: {a}, {b}");
            }
        }
        let verdicts = |result: &serde_json::Value| result["tables"][2]["rows"].to_string();
        assert_eq!(verdicts(&rows), verdicts(&keyed));
    }
    folder.out("lorenz t.csv --rows --value x --plot curve.svg");
    let drawn = std::fs::read_to_string(folder.path().join("curve.svg")).unwrap();
    assert!(
        drawn.contains("2019") && drawn.contains("Cumulative share of rows"),
        "{drawn}"
    );
}

/// Of many rows the curve is given at thousandths; there it is what it is.
#[test]
fn a_long_curve_is_given_at_thousandths() {
    let folder = Folder::with(&keyed(6_000));
    let curve = folder.json("lorenz t.csv --rows --value x --weight w --years 2020");
    let points = bare(&curve, 0);
    assert_eq!(points.len(), 1001);
    assert!(
        curve["notes"]
            .to_string()
            .contains("every thousandth of the weight")
    );
    let every = bare(&folder.json("lorenz t.csv --value x --weight w --years 2020"), 0);
    for point in &points {
        let (p, share) = (point[1], point[2]);
        let at = every.iter().position(|e| e[1] >= p).unwrap();
        let (b, a) = (&every[at], &every[at.saturating_sub(1)]);
        let expected = match b[1] - a[1] {
            0.0 => b[2],
            width => a[2] + (b[2] - a[2]) * (p - a[1]) / width,
        };
        assert!((share - expected).abs() < 1e-12, "{p}: {share}, {expected}");
    }
}

/// How far a result says that it may be off.
fn bound(result: &serde_json::Value) -> f64 {
    let notes = result["notes"].to_string();
    let text = notes.split("off by ").nth(1).and_then(|t| t.split(' ').next());
    text.unwrap_or_else(|| panic!("no bound in {notes}"))
        .parse()
        .unwrap()
}

#[test]
fn beyond_the_memory_allowed_a_curve_and_a_concentration_are_bracketed() {
    let folder = Folder::with(&keyed(60_000));
    for command in [
        "lorenz t.csv --rows --value x --weight w",
        "lorenz t.csv --rows --value y",
        "concentration-index t.csv --rows --value y --ranked-by x --weight w",
        "concentration-index t.csv --rows --value x --ranked-by z --nu 3.5",
        "polarisation t.csv --rows --value x",
        "polarisation t.csv --rows --value x --weight w --group half --variant wolfson-1994",
        "polarisation t.csv --rows --value z --weight w --group zone --alpha 0.5",
    ] {
        let (exact, near) = (
            folder.json(command),
            folder.json(&format!("{command} --memory 0.001")),
        );
        let bound = bound(&near);
        assert!(bound < 1e-2, "{command}: {bound}");
        let (a, b) = (bare(&exact, 0), bare(&near, 0));
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
            assert!(
                (a - b).abs() <= bound * 1.05 + 1e-12,
                "{command}: {a}, {b}, {bound}"
            );
        }
    }
    let mut told = String::new();
    for command in [
        "lorenz t.csv --rows --value x --compare 2019,2020 --memory 0.001",
        "decompose t.csv --rows --value x --group half --variant gini-dagum --memory 0.001",
        "shapley t.csv --rows --value x,y --memory 0.001",
    ] {
        told.push_str(&folder.told(command));
    }
    insta::assert_snapshot!("what_needs_every_row", told);
    // Beside Wolfson's index the one that needs the weight of every row is left empty.
    let panel = folder.json("polarisation t.csv --rows --value x --weight w --memory 0.001");
    let said = panel["notes"].to_string();
    assert!(
        said.contains("Esteban-Ray (alpha = 1) is not defined in 2019 and 2020: every row"),
        "{said}"
    );
}

/// A table with a key: zeros, ties, weights of zero.
fn some_table() -> impl Strategy<Value = String> {
    let value = prop_oneof![2 => Just(0.0), 2 => (1u32..4).prop_map(f64::from), 4 => 0.01f64..1e4];
    let weight = prop_oneof![1 => Just(0.0), 2 => Just(1.0), 3 => 0.1f64..50.0];
    let row = (value.clone(), weight, value, 0u8..3, 0u8..2);
    prop::collection::vec(row, 1..25).prop_map(|rows| {
        let mut text = String::from("region,year,x,w,y,half,zone\n");
        for year in [2019, 2020] {
            for (i, (x, w, y, half, zone)) in rows.iter().enumerate() {
                // The other year has the values of the next region.
                let x = if year == 2019 {
                    *x
                } else {
                    rows[(i + 1) % rows.len()].0
                };
                writeln!(text, "r{i},{year},{x},{w},{y},{half},{zone}").unwrap();
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn rows_of_any_table_give_what_the_table_gives(text in some_table()) {
        let folder = Folder::with(&text);
        for command in [
            "polarisation t.csv --value x --weight w",
            "polarisation t.csv --value x --weight w --group half",
            "concentration-index t.csv --value x --ranked-by y --weight w",
            "decompose t.csv --value x --weight w --group half --variant gini-dagum",
            "decompose t.csv --value x --weight w --group half --variant gini-yitzhaki",
            "decompose t.csv --value x --weight w --group half --variant atkinson --epsilon 0.7",
            "decompose t.csv --value x --weight w --group half --variant atkinson --epsilon 1.5",
            "decompose-nested t.csv --value x --weight w --group half --nested zone",
            "decompose-two-way t.csv --value x --weight w --group half --crossed zone",
            "decompose-change t.csv --value x --weight w --group half",
            "decompose-sources t.csv --value x,y --weight w",
            "shapley t.csv --value x,y --weight w --index hoover",
        ] {
            let args = |rows: &str| words(&format!("{command} --format json {rows}"));
            let (keyed, rows) = (run(folder.path(), &args("")), run(folder.path(), &args("--rows")));
            prop_assert_eq!(keyed.code, rows.code, "{}: {} {}", command, keyed.err, rows.err);
            if keyed.code == 0 {
                let read = |out: &str| serde_json::from_str(out).unwrap();
                close(&read(&rows.out), &read(&keyed.out));
            }
        }
    }
}

//! Files of neighbours, beside a table of values.

use crate::run::{Ran, run, words};

/// GDP per head of the toy data in 2020.
const TABLE: &str = "region,x\nA,20\nB,20\nC,40\nD,160\nE,160\nF,10\nG,10\nH,20\nI,20\nJ,40\n";
/// Its twelve borders by land.
const PAIRS: &str = "i,j\nA,B\nA,D\nB,C\nB,E\nD,E\nD,F\nE,G\nF,G\nF,I\nG,H\nG,J\nI,J\n";

fn with(pairs: &str, args: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), TABLE).unwrap();
    std::fs::write(folder.path().join("w.csv"), pairs).unwrap();
    run(folder.path(), &words(args))
}

fn first_estimate(ran: &Ran) -> f64 {
    assert_eq!(ran.code, 0, "{}", ran.err);
    let column = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    let mut lines = ran.out.lines();
    let head = lines.next().unwrap();
    let at = head.split(',').position(|c| c == "estimate").unwrap();
    column(lines.next().unwrap(), at).parse().unwrap()
}

/// The worked example of the toy data: I = 5/72 and C = 861/832 with binary weights.
#[test]
fn pairs_without_weights_are_borders() {
    let moran = "moran t.csv --value x --style binary --permutations 99 --format csv --neighbours w.csv";
    assert!((first_estimate(&with(PAIRS, moran)) - 5.0 / 72.0).abs() < 1e-15);
    let geary = "geary t.csv --value x --style binary --permutations 99 --format csv --neighbours w.csv";
    assert!((first_estimate(&with(PAIRS, geary)) - 861.0 / 832.0).abs() < 1e-15);
}

/// D and E are linked with weight 3, A and B with weight 1. By the largest eigenvalue, 3, that is 1 and 1/3.
#[test]
fn weights_count_and_are_scaled_by_style() {
    let pairs = "i,j,w\nD,E,3\nE,D,3\nA,B,1\nB,A,1\n";
    let local = "local-moran t.csv --value x --permutations 99 --format csv --table local-moran --neighbours w.csv --style spectral";
    let ran = with(pairs, local);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // Deviations from the mean of 50: D and E 110, A and B -30.
    let value = |region: &str| -> f64 {
        let at = ran
            .out
            .lines()
            .next()
            .unwrap()
            .split(',')
            .position(|c| c == "estimate")
            .unwrap();
        let line = ran
            .out
            .lines()
            .find(|l| l.starts_with(&format!("{region},")))
            .unwrap();
        line.split(',').nth(at).unwrap().parse().unwrap()
    };
    let ratio = value("D") / value("A");
    assert!((ratio - 3.0 * 12_100.0 / 900.0).abs() < 1e-9, "{ratio}");
}

#[test]
fn the_result_names_the_file_of_links() {
    let ran = with(
        PAIRS,
        "moran t.csv --value x --permutations 99 --format json --neighbours w.csv",
    );
    let result: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(result["input"][1]["name"], "w.csv");
    assert_eq!(result["input"][1]["rows"], 12);
    assert_eq!(result["parameters"]["neighbours"], "w.csv");
    let title = result["tables"][0]["title"].as_str().unwrap();
    assert!(title.contains("the links of w.csv"), "{title}");
}

#[test]
fn what_is_wrong_with_links_is_told() {
    let mut text = String::new();
    for (pairs, args) in [
        (PAIRS, "moran t.csv --value x"),
        (PAIRS, "moran t.csv --value x --neighbours none.csv"),
        (
            "i,j,w\nA,A,1\nA,,1\nA,B,-1\nB,A,x\n",
            "moran t.csv --value x --neighbours w.csv",
        ),
        ("i,j\nAltera,Borea\n", "geary t.csv --value x --neighbours w.csv"),
        (
            "i,j,w\nA,B,1\nB,C,2\nC,X,1\n",
            "moran t.csv --value x --neighbours w.csv --permutations 99 --format csv",
        ),
    ] {
        let ran = with(pairs, args);
        text.push_str(&format!("$ quyu {args}\n{}[{}]\n\n", ran.err, ran.code));
    }
    insta::assert_snapshot!("what_is_wrong_with_links", text);
}

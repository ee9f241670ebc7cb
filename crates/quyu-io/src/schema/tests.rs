//! Schemas against small tables.

use super::*;
use crate::table::source::Bytes;

fn raw(text: &str) -> Raw {
    let bytes = Bytes {
        name: "t.csv".to_owned(),
        sha256: String::new(),
        bytes: text.as_bytes().to_vec(),
    };
    Raw::read(bytes, &ReadOptions::default()).unwrap()
}

fn schema(json: &str) -> Schema {
    let table: TableSchema = serde_json::from_str(json).unwrap();
    table.sensible().unwrap();
    Schema {
        table,
        dialect: Dialect::default(),
        others: BTreeMap::new(),
    }
}

fn told(json: &str, table: &str) -> Vec<String> {
    let found = check(&schema(json), &raw(table)).unwrap();
    found
        .iter()
        .map(|d| {
            format!(
                "{}:{} {}",
                d.place.as_ref().map_or(0, |p| p.spot.number),
                d.column,
                d.what
            )
        })
        .collect()
}

/// Of texts in one column, those that are not of the type.
fn refused(field: &str, texts: &[&str]) -> Vec<String> {
    let json = format!(r#"{{"fields":[{{"name":"x",{field}}},{{"name":"y"}}]}}"#);
    let rows: String = texts
        .iter()
        .map(|t| format!("\"{}\";.\n", t.replace('"', "\"\"")))
        .collect();
    let bytes = format!("x;y\n{rows}");
    let found = check(&schema(&json), &raw(&bytes)).unwrap();
    let text = |d: &Difference| match &d.what {
        What::Type { text, .. } | What::Constraint { text, .. } => text.clone(),
        other => other.to_string(),
    };
    found.iter().map(text).collect()
}

#[test]
fn types_take_what_the_specification_says() {
    let cases: [(&str, &[&str], &[&str]); 16] = [
        (r#""type":"string""#, &["a", "1"], &[]),
        (r#""type":"string","format":"email""#, &["a@b.cn"], &["a@", "ab"]),
        (r#""type":"string","format":"uri""#, &["https://a.b/c"], &["a b"]),
        (r#""type":"integer""#, &["1", "-7", "+3"], &["1.0", "x", "1e3"]),
        (
            r#""type":"number""#,
            &["1", "-.5", "1e3", "NaN", "INF", "-INF"],
            &["1,5", "inf", "x", "-"],
        ),
        (
            r#""type":"number","decimalChar":",","groupChar":".""#,
            &["1.234,5"],
            &["a"],
        ),
        (r#""type":"number","bareNumber":false"#, &["95%", "€ 5.5"], &["€"]),
        (r#""type":"boolean""#, &["true", "0"], &["yes", "2"]),
        (
            r#""type":"boolean","trueValues":["ja"],"falseValues":["nein"]"#,
            &["ja", "nein"],
            &["true"],
        ),
        (
            r#""type":"date""#,
            &["2020-02-29"],
            &["2019-02-29", "2020-2-1", "29.02.2020"],
        ),
        (
            r#""type":"date","format":"%d.%m.%Y""#,
            &["29.02.2020"],
            &["2020-02-29", "31.04.2020"],
        ),
        (
            r#""type":"datetime""#,
            &["2020-02-29T12:00:00Z"],
            &["2020-02-29 12:00:00", "2020-02-30T12:00:00Z"],
        ),
        (r#""type":"time""#, &["23:59:59"], &["24:00:00", "1:2:3"]),
        (r#""type":"year""#, &["2020", "1066"], &["20", "2020.0", "x"]),
        (r#""type":"yearmonth""#, &["2020-12"], &["2020-13", "2020"]),
        (r#""type":"duration""#, &["P1Y2M", "PT5.5S"], &["P", "1Y", "PT"]),
    ];
    for (field, right, wrong) in cases {
        let all: Vec<&str> = right.iter().chain(wrong).copied().collect();
        assert_eq!(refused(field, &all), wrong, "{field}");
    }
    assert_eq!(
        refused(r#""type":"geopoint""#, &["120.1, 31.5", "200, 0", "x"]),
        ["200, 0", "x"]
    );
    assert_eq!(refused(r#""type":"object""#, &["{\"a\":1}", "[1]"]), ["[1]"]);
    assert_eq!(refused(r#""type":"array""#, &["{\"a\":1}", "[1]"]), ["{\"a\":1}"]);
}

#[test]
fn constraints_are_kept_or_named() {
    let number = r#""type":"number","constraints":{"minimum":0,"maximum":"10"}"#;
    assert_eq!(
        refused(number, &["0", "10", "-1", "10.5", "NaN"]),
        ["-1", "10.5", "NaN"]
    );
    let open = r#""type":"integer","constraints":{"exclusiveMinimum":0,"exclusiveMaximum":3}"#;
    assert_eq!(refused(open, &["0", "1", "2", "3"]), ["0", "3"]);
    let text = r#""constraints":{"minLength":2,"maxLength":3,"pattern":"[A-Z]+"}"#;
    assert_eq!(
        refused(text, &["AB", "A", "ABCD", "Ab", "xAB"]),
        ["A", "ABCD", "Ab", "xAB"]
    );
    let closed = r#""type":"integer","constraints":{"enum":[1,"2"]}"#;
    assert_eq!(refused(closed, &["1", "2", "3"]), ["3"]);
    let dated = r#""type":"date","constraints":{"minimum":"2020-01-01"}"#;
    assert_eq!(refused(dated, &["2019-12-31", "2020-01-01"]), ["2019-12-31"]);
}

#[test]
fn all_differences_are_told_with_line_and_column() {
    let json = r#"{
        "fields": [
            {"name": "region", "constraints": {"required": true}},
            {"name": "year", "type": "year"},
            {"name": "pop", "type": "integer", "constraints": {"minimum": 0}},
            {"name": "code", "constraints": {"unique": true}}
        ],
        "missingValues": ["", "-"],
        "primaryKey": ["region", "year"],
        "foreignKeys": [{"fields": "code", "reference": {"resource": "", "fields": "region"}}]
    }"#;
    let table = "region,year,pop,code\nA,2020,1,A\nA,2020,-5,A\n-,20,x,B\nC,2021,-,C\n";
    let expected = [
        "4:region the field is empty, and the schema requires it",
        "4:year `20` is not a year",
        "3:pop `-5` is not at least 0",
        "4:pop `x` is not a whole number",
        "3:code the value `A` stands in line 2 already",
        "3:region, year the key `A, 2020` stands in line 2 already",
        "4:code `B` is not in the column region of the table itself",
    ];
    assert_eq!(told(json, table), expected);
}

#[test]
fn columns_are_compared_by_name() {
    let json = r#"{"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}"#;
    assert_eq!(told(json, "a,b\n1,x\n"), Vec::<String>::new());
    assert_eq!(told(json, "b,a\nx,1\n").len(), 1);
    assert!(told(json, "b,a\nx,1\n")[0].contains("another order"));
    let told = told(json, "a,c\nx,1\n");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn a_schema_without_sense_is_refused() {
    for (json, part) in [
        (r#"{"fields":[{"name":"a"}],"primaryKey":"b"}"#, "the field `b`"),
        (r#"{"fields":[{"name":"a"},{"name":"a"}]}"#, "two fields `a`"),
        (
            r#"{"fields":[{"name":"a","constraints":{"pattern":"("}}]}"#,
            "regular expression",
        ),
        (
            r#"{"fields":[{"name":"a","type":"date","format":"%Q"}]}"#,
            "format `%Q`",
        ),
    ] {
        let table: TableSchema = serde_json::from_str(json).unwrap();
        let told = table.sensible().unwrap_err().to_string();
        assert!(told.contains(part), "{told}");
    }
    assert!(serde_json::from_str::<TableSchema>(r#"{"fields":[{"name":"a","type":"colour"}]}"#).is_err());
}

//! Which rows are kept, and which conditions are refused.

use proptest::prelude::*;

use super::super::raw::ReadOptions;
use super::super::source::Bytes;
use super::*;

const TABLE: &str = "region,year,gdp,note\nA,2010,10,\nB,2010,20,b_1\nA,2011,30,B%x\nNA,2011,NA,bx1\n";

fn raw() -> Raw {
    let bytes = Bytes {
        name: "t.csv".into(),
        sha256: String::new(),
        bytes: TABLE.as_bytes().to_vec(),
    };
    Raw::read(bytes, &ReadOptions::default()).unwrap()
}

/// The rows that are kept: region and the last digit of the year.
fn kept(condition: &str) -> Result<String, String> {
    let mut raw = raw();
    apply(&mut raw, condition).map_err(|e| e.to_string())?;
    let row = |r| format!("{}{}", raw.field(r, 0), &raw.field(r, 1)[3..]);
    Ok((0..raw.len()).map(row).collect::<Vec<_>>().join(" "))
}

#[test]
fn rows_are_kept_by_condition() {
    for (condition, rows) in [
        ("year >= 2011", "A1 NA1"),
        ("region != 'A' and year = 2010", "B0"),
        ("\"region\" in (A, 'C')", "A0 A1"),
        ("region not in ('A') AND gdp > 5", "B0"),
        ("year = 2011 or gdp = 20", "B0 A1 NA1"),
        ("region = A or region = B and year = 2011", "A0 A1"),
        ("(region = A or region = B) and year = 2011", "A1"),
        ("not (region = A or year = 2011)", "B0"),
        ("not not year = 2011", "A1 NA1"),
        ("gdp between 10 and 20", "A0 B0"),
        ("gdp not between 10 and 20", "A1"),
        ("year between 2011 and 2012 and region = A", "A1"),
        ("note like 'b%'", "B0 NA1"),
        ("note ilike 'b%'", "B0 A1 NA1"),
        ("note like 'b_1'", "B0 NA1"),
        ("note not like '%1'", "A1"),
        ("note is null", "A0"),
        ("gdp IS NOT NULL", "A0 B0 A1"),
        ("note >= 'b'", "B0 NA1"),
        ("gdp > \"year\" or gdp < year", "A0 B0 A1"),
        ("2 = 2010", "A0 B0"),
        ("gdp = 10.0", "A0"),
    ] {
        assert_eq!(kept(condition).as_deref(), Ok(rows), "{condition}");
    }
}

#[test]
fn a_missing_value_meets_no_comparison_and_no_negation_of_one() {
    assert_eq!(kept("gdp != 10").unwrap(), "B0 A1");
    assert_eq!(kept("not gdp = 10").unwrap(), "B0 A1");
    assert_eq!(kept("gdp not in (10, 20)").unwrap(), "A1");
    assert_eq!(kept("gdp != 10 or gdp is null").unwrap(), "B0 A1 NA1");
    assert_eq!(kept("note not like 'x'").unwrap(), "B0 A1 NA1");
    // `NA` marks no missing value among texts, and an empty text can be asked for.
    assert_eq!(kept("region = 'NA'").unwrap(), "NA1");
    assert_eq!(kept("region != 'A'").unwrap(), "B0 NA1");
    assert_eq!(kept("note = ''").unwrap(), "A0");
}

#[test]
fn what_is_no_condition_is_told() {
    for (wrong, told) in [
        ("", "a column is expected at its end"),
        (
            "year",
            "a comparison such as `=`, `>=`, `in` or `like` is expected at its end",
        ),
        (
            "year >=",
            "a number or a text in single quotes is expected at its end",
        ),
        (
            "year = 1 year = 2",
            "`and`, `or` or the end is expected where `year` stands",
        ),
        ("year = 1 or", "a column is expected at its end"),
        ("'a' = 1", "a column is expected where `'a'` stands"),
        (
            "year in 2010",
            "a list in brackets is expected where `2010` stands",
        ),
        (
            "year in (2010",
            "a comma or a closing bracket is expected at its end",
        ),
        ("year = 'a", "a closing quote is expected at its end"),
        (
            "(year = 1",
            "`and`, `or` or a closing bracket is expected at its end",
        ),
        (
            "year > '2010'",
            "a number without quotes is expected where `'2010'` stands",
        ),
        (
            "year not = 1",
            "`in`, `between` or `like` is expected where `=` stands",
        ),
        ("year is 5", "`null` is expected where `5` stands"),
        (
            "note like b",
            "a pattern in single quotes, such as '%市' is expected where `b` stands",
        ),
        (
            "gdp between 1",
            "`and` and the end of the range is expected at its end",
        ),
    ] {
        let expected = format!("t.csv: `{wrong}` is not a condition: {told}");
        assert_eq!(kept(wrong), Err(expected));
    }
    let deep = format!("{}year = 1{}", "(".repeat(9_999), ")".repeat(9_999));
    assert!(kept(&deep).unwrap_err().contains("fewer brackets"));
    assert!(
        kept(&"not ".repeat(9_999))
            .unwrap_err()
            .contains("fewer brackets")
    );
    assert!(kept("yaer > 1").unwrap_err().contains("did you mean `year`?"));
    assert!(kept("year > x").unwrap_err().contains("no column `x`"));
    assert!(kept("year > 2050").unwrap_err().contains("no row is left"));
    assert!(kept("region > 5").unwrap_err().contains("`A` is not a number"));
}

proptest! {
    /// What holds of conditions whatever they are: each row meets one, its negation, or neither for want of a value.
    #[test]
    fn a_negation_keeps_the_other_rows(
        column in prop::sample::select(vec!["region", "year", "note"]),
        operator in prop::sample::select(vec!["=", "!=", "like", "in"]),
        text in "[AB_%]{1,3}",
    ) {
        let test = match operator {
            "in" => format!("{column} in ('{text}', 'A')"),
            _ => format!("{column} {operator} '{text}'"),
        };
        let count = |condition: &str| kept(condition).map_or(0, |rows| rows.split(' ').count());
        let empty = if column == "note" { 1 } else { 0 };
        prop_assert_eq!(count(&test) + count(&format!("not ({test})")), 4 - empty);
        prop_assert_eq!(count(&format!("not not ({test})")), count(&test));
    }

    #[test]
    fn a_pattern_without_signs_is_equality(text in "[ab]{0,6}", other in "[ab]{0,6}") {
        let pattern: Vec<char> = other.chars().collect();
        prop_assert_eq!(like(&text, &pattern, false), text == other);
        let around: Vec<char> = format!("%{other}%").chars().collect();
        prop_assert_eq!(like(&text, &around, false), text.contains(&other));
    }
}

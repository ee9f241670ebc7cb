//! `decompose` as a stream, and what its method note prints.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::findings::Cell;
use quyu_core::{Batch, Findings, ParamValue, Params, Values};

use crate::decompositions::{Given, run_in, weighted};
use crate::packages::{toy_study, year};
use crate::toy::{close, number, run};

/// The stream of `decompose` over rows year, group, value, weight.
fn streamed(variant: &Given, rows: &[(&str, &str, f64, f64)], parts: usize) -> Result<Findings, String> {
    let entry = quyu_catalog::registry().unwrap().get("decompose").unwrap();
    let given: BTreeMap<String, ParamValue> = weighted(&[("group", "halves")])
        .iter()
        .chain(variant)
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check("decompose", entry.params, &given).unwrap();
    let build = entry.additive.unwrap();
    let mut whole = build(&params).map_err(|e| e.to_string())?;
    for chunk in rows.chunks(rows.len().div_ceil(parts)) {
        let mut part = build(&params).unwrap();
        let years: Vec<&str> = chunk.iter().map(|r| r.0).collect();
        let groups: Vec<&str> = chunk.iter().map(|r| r.1).collect();
        let names: Vec<String> = (1..=chunk.len()).map(|row| format!("row {row}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (x, w): (Vec<f64>, Vec<f64>) = chunk.iter().map(|r| (r.2, r.3)).unzip();
        let columns = vec![
            Values::Labels(&years),
            Values::Labels(&names),
            Values::Labels(&groups),
            Values::Numbers(&x),
            Values::Numbers(&w),
        ];
        part.push(&Batch::new(columns).unwrap())
            .map_err(|e| e.to_string())?;
        whole.merge(part);
    }
    whole.finish().map_err(|e| e.to_string())
}

#[test]
fn a_stream_of_many_parts_is_the_run_and_knows_its_limits() {
    let atlas = crate::packages::toy();
    let toy = toy_study(&atlas, None);
    let of = |text: &str, region: &quyu_core::RegionCode, at: i32| {
        let term = crate::packages::term(text);
        toy.value(&term, region, year(at)).unwrap().unwrap().value
    };
    let mut rows = Vec::new();
    for (at, label) in [(2010, "2010"), (2020, "2020")] {
        for (i, region) in toy.focus.members().iter().enumerate() {
            let group = if i < 5 { "north" } else { "south" };
            rows.push((label, group, of("gdp_pc", region, at), of("pop", region, at)));
        }
    }
    for own in [
        &[("variant", "theil-t")] as &Given,
        &[("variant", "mld")],
        &[("variant", "ge"), ("alpha", "2")],
        &[("variant", "ge"), ("alpha", "-1")],
        &[("variant", "atkinson"), ("epsilon", "0.5")],
        &[("variant", "atkinson-means"), ("epsilon", "1")],
        &[("variant", "atkinson-das-parikh"), ("epsilon", "2")],
        &[("variant", "gini-dagum")],
        &[("variant", "gini-residual")],
        &[("variant", "gini-yitzhaki")],
    ] {
        let direct = run(
            "decompose",
            None,
            &weighted(&[&[("group", "halves")], own].concat()),
        );
        for parts in [1, 3, 20] {
            let stream = streamed(own, &rows, parts).unwrap();
            let table = stream.table("decompose").unwrap();
            assert_eq!(table.rows.len(), direct.table("decompose").unwrap().rows.len());
            for row in 0..table.rows.len() {
                let text = |c| match table.cell(row, c).unwrap() {
                    Cell::Text(t) => t.clone(),
                    Cell::Integer(i) => i.to_string(),
                    _ => String::new(),
                };
                let keys = [text(C::Year), text(C::Component), text(C::Group)];
                let keys = [
                    (C::Year, keys[0].as_str()),
                    (C::Component, &keys[1]),
                    (C::Group, &keys[2]),
                ];
                let ours = table.cell(row, C::Estimate).unwrap().number().unwrap();
                close(ours, number(&direct, "decompose", C::Estimate, &keys));
            }
        }
    }
    let one = |x: f64, w: f64| [("2020", "north", 1.0, 1.0), ("2020", "south", x, w)];
    let refused = |own: &Given, rows: &[(&str, &str, f64, f64)]| streamed(own, rows, 1).unwrap_err();
    let (theil, mld): (&Given, &Given) = (&[("variant", "theil-t")], &[("variant", "mld")]);
    insta::assert_snapshot!(refused(theil, &one(-1.0, 1.0)), @"`decompose`: Theil T: the value of row 2 in 2020 is negative (-1)");
    insta::assert_snapshot!(refused(mld, &one(0.0, 1.0)), @"`decompose`: Theil L (mean log deviation): the value of row 2 in 2020 is zero, where the index is not defined");
    insta::assert_snapshot!(refused(theil, &one(f64::NAN, 1.0)), @"`decompose`: a figure of row 2 in 2020 is not a finite number");
    insta::assert_snapshot!(refused(theil, &one(1.0, -1.0)), @"`decompose`: the weight of row 2 in 2020 is negative (-1)");
    insta::assert_snapshot!(refused(theil, &[("2020", "north", 0.0, 1.0)]), @"`decompose`: Theil T in 2020: undefined: all values are zero");
    insta::assert_snapshot!(refused(&[("variant", "gini-dagum")], &one(-1.0, 1.0)), @"`decompose`: Gini coefficient: the value of row 2 in 2020 is negative (-1)");
    insta::assert_snapshot!(refused(&[("variant", "theil-t"), ("test", "permutation")], &one(1.0, 1.0)), @"`decompose`: `test` needs regions that are known by name, and a stream of rows has none");
}

#[test]
fn what_a_report_prints_is_the_manual_of_the_variants_used() {
    let entry = quyu_catalog::registry().unwrap().get("decompose").unwrap();
    let theil = entry.manual_of(&["theil-t"]);
    assert!(
        !theil.contains("**Variant") && !theil.contains("**With"),
        "{theil}"
    );
    assert!(entry.manual_of(&["mld", "test"]).contains("**With `test`.**"));
    assert!(theil.contains("**Definition.**") && theil.contains("**References.**"));
    let dagum = entry.manual_of(&["theil-t", "gini-dagum"]);
    assert!(dagum.contains("**Variant `gini-dagum`.**") && !dagum.contains("**Variant `ge`.**"));
    assert_eq!(entry.default_of("variant"), Some("theil-t"));
    let quyu_core::ParamKind::Choice(words) = entry.params.iter().find(|p| p.name == "variant").unwrap().kind
    else {
        panic!("variants are a choice")
    };
    for word in &words[2..] {
        assert!(
            entry
                .manual_of(&[word])
                .contains(&format!("**Variant `{word}`.**")),
            "{word}"
        );
    }
}

#[test]
fn regions_without_a_neighbour_are_named() {
    let atlas = crate::packages::toy();
    let findings = run_in(
        &toy_study(&atlas, Some("TOY:A TOY:B TOY:J")),
        "spatial-gini",
        &[("value", "gdp_pc")],
    );
    let note = findings
        .notes
        .iter()
        .find(|n| n.text.contains("Without a neighbour"))
        .unwrap();
    assert!(note.text.contains("Jovia") && note.regions.len() == 1, "{note:?}");
    let one_group = run_in(
        &toy_study(&atlas, Some("TOY:A TOY:B")),
        "decompose",
        &weighted(&[("group", "halves")]),
    );
    assert!(
        one_group
            .notes
            .iter()
            .any(|n| n.text.contains("one group of `halves`"))
    );
}

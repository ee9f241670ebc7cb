//! Structure on the toy data: every value worked by hand in `datasets/toy/README.md`, and what is refused.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::figure::Chart;
use quyu_core::findings::{Cell, Shown};
use quyu_core::{AnalysisError, Findings, ParamValue, Params};

use crate::packages::{real, study, toy, toy_study};

fn try_run(id: &str, focus: Option<&str>, params: &[(&str, &str)]) -> Result<Findings, AnalysisError> {
    let atlas = toy();
    let study = toy_study(&atlas, focus);
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let params = Params::check(id, entry.params, &given)?;
    (entry.build)(&params)?.run(&study, &())
}

fn run(id: &str, focus: Option<&str>, params: &[(&str, &str)]) -> Findings {
    try_run(id, focus, params).unwrap()
}

/// The number in the one row whose cells are as given.
fn number(findings: &Findings, table: &str, column: C, keys: &[(C, &str)]) -> f64 {
    let table = findings.table(table).unwrap();
    let text = |cell: &Cell| match cell {
        Cell::Text(t) => t.clone(),
        Cell::Integer(i) => i.to_string(),
        _ => String::new(),
    };
    let fits = |row: &usize| {
        keys.iter()
            .all(|(c, v)| text(table.cell(*row, *c).unwrap()) == *v)
    };
    let rows: Vec<usize> = (0..table.rows.len()).filter(fits).collect();
    assert_eq!(rows.len(), 1, "{keys:?}");
    table.cell(rows[0], column).unwrap().number().unwrap()
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
        "{found}, by hand {expected}"
    );
}

const VALUE: (&str, &str) = ("value", "va4");
const CLASSES: [&str; 4] = ["farming", "making", "services", "research"];

#[test]
fn location_quotients_are_the_ones_worked_by_hand() {
    let plain = run("location-quotient", None, &[VALUE]);
    let by_hand = [
        ("A", [2.0, 9.0 / 8.0, 3.0 / 4.0, 1.0 / 2.0]),
        ("B", [3.0 / 2.0, 15.0 / 16.0, 9.0 / 10.0, 1.0]),
        ("D", [1.0 / 4.0, 69.0 / 64.0, 21.0 / 20.0, 11.0 / 8.0]),
    ];
    for (region, values) in by_hand {
        let region = format!("TOY:{region}");
        for (class, value) in CLASSES.into_iter().zip(values) {
            let keys = [(C::Region, region.as_str()), (C::Class, class)];
            close(number(&plain, "location-quotient", C::Estimate, &keys), value);
        }
    }
    let of_d = |variant: &str, reference: &str| {
        let params = [VALUE, ("variant", variant), ("reference", reference)];
        let findings = run("location-quotient", Some("TOY:D"), &params);
        let keys = [(C::Region, "TOY:D"), (C::Class, "research")];
        number(&findings, "location-quotient", C::Estimate, &keys)
    };
    close(of_d("difference", "nation"), 3.0 / 64.0);
    close(of_d("symmetric", "nation"), 3.0 / 19.0);
    close(of_d("log", "nation"), quyu_math::ln(11.0 / 8.0));
    close(of_d("binary", "nation"), 1.0);
    close(of_d("plain", "rest"), 121.0 / 76.0);
    close(of_d("plain", "toy:pair"), 44.0 / 47.0);
}

#[test]
fn a_quotient_of_exactly_one_is_a_specialisation() {
    let findings = run("location-quotient", None, &[VALUE, ("variant", "binary")]);
    let of = |region: &str| {
        let keys = [(C::Region, region), (C::Class, "research")];
        number(&findings, "location-quotient", C::Estimate, &keys)
    };
    assert_eq!((of("TOY:B"), of("TOY:A")), (1.0, 0.0));
}

#[test]
fn several_members_can_be_looked_at_as_one_region() {
    let params = [VALUE, ("members", "false")];
    let findings = run("location-quotient", Some("TOY:D TOY:E"), &params);
    let keys = [(C::Region, "test"), (C::Class, "research")];
    close(
        number(&findings, "location-quotient", C::Estimate, &keys),
        47.0 / 32.0,
    );
}

#[test]
fn specialisation_of_dorania_is_the_one_worked_by_hand() {
    let findings = run("specialisation", None, &[VALUE]);
    let of = |statistic: &str| {
        let keys = [(C::Region, "TOY:D"), (C::Year, "2020"), (C::Statistic, statistic)];
        number(&findings, "specialisation", C::Estimate, &keys)
    };
    close(of("krugman"), 45.0 / 176.0);
    close(of("hhi"), 719.0 / 2048.0);
    close(of("relative-specialisation"), 11.0 / 8.0);
    close(of("relative-diversity"), 16.0 / 3.0);
    let half = run("specialisation", None, &[VALUE, ("variant", "zero-to-one")]);
    let keys = [(C::Region, "TOY:D"), (C::Year, "2020"), (C::Statistic, "krugman")];
    close(number(&half, "specialisation", C::Estimate, &keys), 45.0 / 352.0);
}

#[test]
fn concentration_of_research_is_the_one_worked_by_hand() {
    let findings = run("concentration", None, &[VALUE]);
    let of = |statistic: &str| {
        let keys = [
            (C::Class, "research"),
            (C::Year, "2020"),
            (C::Statistic, statistic),
        ];
        number(&findings, "concentration", C::Estimate, &keys)
    };
    close(of("hoover"), 1.0 / 4.0);
    close(of("hhi"), 63.0 / 200.0);
    close(of("effective-regions"), 200.0 / 63.0);
}

#[test]
fn overlap_of_altera_and_candia_is_the_one_worked_by_hand() {
    let findings = run("overlap", None, &[VALUE]);
    let of = |statistic: &str| {
        let keys = [
            (C::Region, "TOY:A"),
            (C::OtherRegion, "TOY:C"),
            (C::Statistic, statistic),
        ];
        number(&findings, "overlap", C::Estimate, &keys)
    };
    close(of("krugman"), 1.0 / 4.0);
    close(of("finger-kreinin"), 7.0 / 8.0);
    close(of("bray-curtis"), 1.0 / 3.0);
    close(of("shared-specialisations"), 1.0);
    close(of("complementary-classes"), 0.0);
}

#[test]
fn a_single_pair_over_the_years_is_a_table_of_years() {
    let view = |focus: &str, by: &[(&str, &str)]| {
        let findings = run("overlap", Some(focus), &[&[VALUE], by].concat());
        findings.table("overlap").unwrap().clone()
    };
    let by_year = view("TOY:A TOY:C", &[("by", "year")]);
    assert!(
        by_year.title.contains(" between Altera and Candia, "),
        "{}",
        by_year.title
    );
    let rows = &by_year.view.as_ref().unwrap().rows;
    let first: Vec<&Shown> = rows.iter().map(|r| &r.cells[0]).collect();
    let year = |y: &str| Shown::Text(y.to_owned());
    assert_eq!(first, [&year("2010"), &year("2020")]);
    // Several pairs: those of the last year, and the head says which.
    let several = view("TOY:A TOY:B TOY:C", &[("by", "year")]).view.unwrap();
    assert_eq!(
        (several.head[0].label.as_str(), several.rows.len()),
        ("Regions (2020)", 3)
    );
    let one_year = view("TOY:A TOY:C", &[]).view.unwrap();
    assert_eq!(
        (one_year.head[0].label.as_str(), one_year.rows.len()),
        ("Regions", 1)
    );
}

/// The names of many classes need the room of a row.
#[test]
fn a_matrix_of_many_classes_has_the_regions_as_columns() {
    let atlas = real();
    let entry = quyu_catalog::registry()
        .unwrap()
        .get("location-quotient")
        .unwrap();
    let drawn = |value: &str, choices: &[(&str, &str)], members: &[&str]| {
        let study = study(&atlas, members, choices, 2019, 2019);
        let given = BTreeMap::from([("value".to_owned(), ParamValue::Text(value.to_owned()))]);
        let params = Params::check(entry.id, entry.params, &given).unwrap();
        let findings = (entry.build)(&params).unwrap().run(&study, &()).unwrap();
        let Chart::Heat { columns, rows, .. } = findings.figures[0].chart.clone() else {
            panic!("{:?}", findings.figures[0].chart);
        };
        (columns.len(), rows.len())
    };
    let two = ["Sichuan", "Chongqing"];
    assert_eq!(drawn("emp", &[], &two), (2, 19));
    assert_eq!(drawn("va", &[("va", "4EC")], &two), (9, 2));
}

#[test]
fn relatedness_is_the_one_worked_by_hand() {
    let of = |variant: &str, a: &str, b: &str| {
        let findings = run("relatedness", None, &[VALUE, ("variant", variant)]);
        let keys = [(C::Class, a), (C::OtherClass, b)];
        number(&findings, "relatedness", C::Estimate, &keys)
    };
    close(of("association", "farming", "making"), 2.0);
    close(of("association", "making", "farming"), 2.0);
    close(of("association", "farming", "services"), 4.0 / 5.0);
    close(of("association", "services", "research"), 2.0);
    close(of("minimum-conditional", "farming", "making"), 3.0 / 8.0);
    close(of("jaccard", "services", "research"), 2.0 / 7.0);
    close(of("cosine", "farming", "services"), 1.0 / 5.0);
}

#[test]
fn what_has_no_structure_is_refused_with_a_reason() {
    let reason = |id: &str, focus: Option<&str>, params: &[(&str, &str)]| {
        try_run(id, focus, params).unwrap_err().to_string()
    };
    let ratio = reason("location-quotient", None, &[("value", "gdp_pc")]);
    assert!(ratio.contains("does not add up"), "{ratio}");
    let whole = reason("concentration", None, &[("value", "gdp")]);
    assert!(whole.contains("not split by two classes"), "{whole}");
    let class = reason("overlap", None, &[VALUE, ("class", "farming, makin")]);
    assert!(class.contains("no class `makin`"), "{class}");
    let both = reason(
        "location-quotient",
        None,
        &[VALUE, ("variant", "shrunken"), ("reference", "rest")],
    );
    assert!(both.contains("cannot stand beside `rest`"), "{both}");
    let one = reason("concentration", Some("TOY:A"), &[VALUE]);
    assert!(one.contains("one region"), "{one}");
    let high = reason("relatedness", None, &[VALUE, ("threshold", "1000")]);
    assert!(high.contains("fewer than two"), "{high}");
    let nobody = reason("specialisation", None, &[VALUE, ("reference", "Alterra")]);
    assert!(nobody.contains("Altera"), "{nobody}");
}

#[test]
fn complexity_rests_on_the_links_worked_by_hand() {
    let findings = run("complexity", None, &[VALUE]);
    let diversity = |region: &str| {
        let keys = [(C::Region, region), (C::Statistic, "diversity")];
        number(&findings, "complexity", C::Estimate, &keys)
    };
    assert_eq!(["TOY:A", "TOY:D", "TOY:F"].map(diversity), [2.0, 3.0, 1.0]);
    let ubiquity = |class: &str| {
        let keys = [(C::Class, class), (C::Statistic, "ubiquity")];
        number(&findings, "classes", C::Estimate, &keys)
    };
    assert_eq!(CLASSES.map(ubiquity), [8.0, 4.0, 3.0, 3.0]);
    // The index of a region is the mean of that of its classes, but for the scale: F, G, H and I have farming alone.
    let eci = |region: &str| {
        number(
            &findings,
            "complexity",
            C::Estimate,
            &[(C::Region, region), (C::Statistic, "eci")],
        )
    };
    let equal = ["TOY:F", "TOY:G", "TOY:H", "TOY:I"].map(eci);
    assert!(equal.iter().all(|x| (x - equal[0]).abs() < 1e-12));
    assert!(eci("TOY:D") > eci("TOY:A") && eci("TOY:A") > eci("TOY:F"));
    let steps = run(
        "complexity",
        None,
        &[VALUE, ("variant", "reflections"), ("steps", "1")],
    );
    let of_d = [(C::Region, "TOY:D"), (C::Statistic, "reflections")];
    close(number(&steps, "complexity", C::Estimate, &of_d), 10.0 / 3.0);
}

#[test]
fn density_is_the_one_worked_by_hand() {
    let findings = run("opportunities", None, &[VALUE, ("variant", "association")]);
    let of = |region: &str, class: &str| {
        let keys = [(C::Region, region), (C::Class, class), (C::Statistic, "density")];
        number(&findings, "opportunities", C::Estimate, &keys)
    };
    close(of("TOY:F", "making"), 12.0 / 25.0);
    close(of("TOY:D", "farming"), 1.0);
    // What a region has is no opportunity; what it has not, is.
    let table = findings.table("opportunities").unwrap();
    let gains = (0..table.rows.len())
        .filter(|&r| table.cell(r, C::Statistic) == Some(&Cell::Text("gain".to_owned())))
        .filter(|&r| table.cell(r, C::Estimate).unwrap().number().is_some());
    assert_eq!(gains.count(), 40 - 18);
}

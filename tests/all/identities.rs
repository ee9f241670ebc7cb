//! What every table and figure of an analysis must satisfy, on the toy data and on the provinces.

use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::figure::Chart;
use quyu_core::{Cell, Findings, Missing, NoteKind, ParamValue, Params, Study, Table};
use quyu_testkit::assert_adds_up;

use crate::packages::{real, study, toy, toy_study};

fn run(id: &str, params: &[(&str, &str)], study: &Study) -> Findings {
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let params = Params::check(id, entry.params, &given).unwrap();
    (entry.build)(&params).unwrap().run(study, &()).unwrap()
}

/// The provinces, with GDP after the fourth census.
fn provinces(from: i32, to: i32) -> Study {
    let atlas = real();
    let choices = [
        ("gdp", "4EC"),
        ("va", "4EC"),
        ("va3", "4EC"),
        ("pop", "pre-7PC"),
        ("rd_exp", "as-published"),
    ];
    let mut study = study(&atlas, &["Jiangsu"], &choices, from, to);
    study.focus = study.reference.clone();
    study
}

/// A study of the toy regions with these letters.
fn letters(letters: &str) -> Study {
    let codes: Vec<String> = letters.chars().map(|c| format!("TOY:{c}")).collect();
    toy_study(&toy(), Some(&codes.join(" ")))
}

fn text(table: &Table, row: usize, column: C) -> String {
    match table.cell(row, column) {
        Some(Cell::Text(t)) => t.clone(),
        Some(Cell::Integer(i)) => i.to_string(),
        _ => String::new(),
    }
}

fn number(table: &Table, row: usize, column: C) -> f64 {
    table.cell(row, column).and_then(Cell::number).unwrap()
}

/// Numbers of a column by component, for each value of the key columns.
fn by_component(table: &Table, keys: &[C], column: C) -> BTreeMap<Vec<String>, BTreeMap<String, Vec<f64>>> {
    let mut out: BTreeMap<Vec<String>, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    for row in 0..table.rows.len() {
        let key = keys.iter().map(|k| text(table, row, *k)).collect();
        let part = out
            .entry(key)
            .or_default()
            .entry(text(table, row, C::Component))
            .or_default();
        part.push(number(table, row, column));
    }
    out
}

#[test]
fn parts_of_inequality_add_up() {
    let provinces = provinces(2005, 2019);
    let weighted = [("value", "gdp_pc"), ("weight", "implied_pop")];
    for (study, params, groups) in [
        (&provinces, &weighted[..], "macro4"),
        (&letters("ABCDEFGHIJ"), &[("value", "gdp_pc")][..], "halves"),
    ] {
        for variant in ["theil-t", "mld"] {
            let params = [params, &[("group", groups), ("variant", variant)]].concat();
            let findings = run("decompose", &params, study);
            let years = by_component(findings.table("decompose").unwrap(), &[C::Year], C::Estimate);
            assert!(years.len() == 15 || years.len() == 2, "{} years", years.len());
            let Chart::Stacked { bars, .. } = &findings.figures[0].chart else {
                panic!("a stacked chart")
            };
            for (parts, bar) in years.values().zip(bars) {
                let total = parts["total"][0];
                assert_adds_up(total, &[parts["between"][0], parts["within"][0]]);
                assert_adds_up(parts["within"][0], &parts["within-group"]);
                assert_adds_up(parts["between"][0], &parts["between-group"]);
                assert!(parts["within-group"].iter().all(|p| *p >= 0.0));
                assert_adds_up(total, &bar.parts);
            }
        }
    }
}

#[test]
fn an_index_is_the_total_of_its_decomposition() {
    let study = provinces(2018, 2019);
    let params = [("value", "gdp_pc"), ("weight", "implied_pop")];
    for (id, variant) in [("theil", "theil-t"), ("mld", "mld")] {
        let index = run(id, &params, &study);
        let split = run(
            "decompose",
            &[&params[..], &[("group", "macro3"), ("variant", variant)]].concat(),
            &study,
        );
        let totals = by_component(split.table("decompose").unwrap(), &[C::Year], C::Estimate);
        let index = index.table(id).unwrap();
        assert_eq!(index.rows.len(), 2);
        for row in 0..2 {
            let total = totals[&vec![text(index, row, C::Year)]]["total"][0];
            assert_adds_up(number(index, row, C::Estimate), &[total]);
        }
    }
}

#[test]
fn a_gini_is_twice_the_area_above_its_lorenz_curve() {
    let study = provinces(2000, 2019);
    let params = [("value", "gdp_pc"), ("weight", "implied_pop")];
    let gini = run("gini", &params, &study);
    let findings = run("lorenz", &params, &study);
    let Chart::Lorenz { curves, .. } = &findings.figures[0].chart else {
        panic!("Lorenz curves")
    };
    let table = gini.table("gini").unwrap();
    assert_eq!((curves.len(), table.rows.len()), (2, 20));
    for (curve, row) in curves.iter().zip([0, 19]) {
        assert_eq!(curve.label, text(table, row, C::Year));
        let points: Vec<(f64, f64)> = curve.points.iter().flatten().copied().collect();
        assert_eq!((points[0], points.len()), ((0.0, 0.0), 32));
        let twice: Vec<f64> = points
            .windows(2)
            .map(|w| (w[1].0 - w[0].0) * (w[1].1 + w[0].1))
            .collect();
        let area: f64 = twice.iter().sum();
        assert_adds_up(1.0, &[area, number(table, row, C::Estimate)]);
        assert!(
            points
                .windows(2)
                .all(|w| w[1].0 >= w[0].0 && w[1].1 >= w[0].1 && w[1].1 <= w[1].0 + 1e-12)
        );
    }
}

#[test]
fn components_of_growth_add_up_to_the_change() {
    let mut study = provinces(2010, 2019);
    study.focus = crate::packages::set(&study.atlas, &["Sichuan", "Chongqing"]);
    for reference in ["nation", "rest"] {
        let findings = run(
            "shift-share",
            &[("value", "va"), ("reference", reference)],
            &study,
        );
        for (table, keys, n) in [("shift-share", C::Class, 10), ("regions", C::Region, 31)] {
            let cells = by_component(findings.table(table).unwrap(), &[keys], C::Contribution);
            assert_eq!(cells.len(), n);
            for parts in cells.values() {
                let of = ["national", "industry-mix", "regional"].map(|c| parts[c][0]);
                assert_adds_up(parts["change"][0], &of);
            }
            if table == "shift-share" {
                for component in ["change", "national", "industry-mix", "regional"] {
                    let sectors: Vec<f64> = cells
                        .iter()
                        .filter(|(k, _)| k[0] != "total")
                        .map(|(_, p)| p[component][0])
                        .collect();
                    assert_adds_up(cells[&vec!["total".to_owned()]][component][0], &sectors);
                }
            }
        }
    }
}

/// Whether a growth regression sees the provinces' convergence as their spread does, and chains on real years.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test compares to rounding")]
fn convergence_of_the_provinces_agrees_with_itself() {
    let provinces = provinces(2005, 2019);
    let value = ("value", "gdp_pc");
    let cell = |findings: &Findings, table: &str, statistic: &str, column: C| {
        let table = findings.table(table).unwrap();
        let row = (0..table.rows.len()).find(|r| text(table, *r, C::Statistic) == statistic);
        number(table, row.unwrap(), column)
    };
    let sigma = run("sigma-convergence", &[value], &provinces);
    let yearly = sigma.table("sigma-convergence").unwrap();
    let first = number(yearly, 0, C::Estimate);
    let last = number(yearly, yearly.rows.len() - 1, C::Estimate);
    assert!((cell(&sigma, "tests", "quotient", C::Estimate) - first / last).abs() < 1e-12);
    let beta = run("beta-convergence", &[value, ("covariance", "hc3")], &provinces);
    let slope = cell(&beta, "beta-convergence", "beta", C::Estimate);
    let speed = cell(&beta, "beta-convergence", "speed", C::Estimate);
    assert!(((-14.0 * speed).exp() - (1.0 + 14.0 * slope)).abs() < 1e-12);
    // What is explained and what is not: var(ln y1) = (1 + b T)^2 var(ln y0) + T^2 var(residual).
    let regions = beta.table("regions").unwrap();
    let n = regions.rows.len() as f64;
    let square = (0..regions.rows.len())
        .map(|r| (number(regions, r, C::Estimate) - number(regions, r, C::Expected)).powi(2))
        .sum::<f64>()
        / n;
    let kept = 1.0 + 14.0 * slope;
    assert!((last * last - kept * kept * first * first - 196.0 * square).abs() < 1e-10);
    let markov = run("markov", &[value], &provinces);
    let table = markov.table("markov").unwrap();
    let moves: f64 = (0..table.rows.len()).map(|r| number(table, r, C::N)).sum();
    assert_eq!(moves, n * 14.0);
}

#[test]
fn over_the_nation_the_shifts_vanish() {
    let findings = run("shift-share", &[("value", "va")], &provinces(2010, 2019));
    let cells = by_component(
        findings.table("shift-share").unwrap(),
        &[C::Class],
        C::Contribution,
    );
    let total = &cells[&vec!["total".to_owned()]];
    assert_adds_up(total["change"][0], &[total["national"][0]]);
    for part in ["industry-mix", "regional"] {
        assert!(
            total[part][0].abs() <= 1e-12 * total["change"][0],
            "{part}: {}",
            total[part][0]
        );
    }
}

#[test]
fn growth_at_constant_prices_is_chained_year_by_year() {
    let study = provinces(2017, 2019);
    let findings = run("shift-share", &[("value", "va3"), ("chain", "va3_index")], &study);
    let cells = by_component(findings.table("regions").unwrap(), &[C::Region], C::Contribution);
    let beijing = quyu_core::RegionCode::parse("110000").unwrap();
    let value = |name: &str, at: i32| {
        let found = study.value(&crate::packages::term(name), &beijing, crate::packages::year(at));
        found.unwrap().unwrap().value
    };
    let change: Vec<f64> = ["primary", "secondary", "tertiary"]
        .iter()
        .map(|sector| {
            let chained = |at| value(&format!("va3_index.{sector}"), at) / 100.0;
            value(&format!("va3.{sector}"), 2017) * (chained(2018) * chained(2019) - 1.0)
        })
        .collect();
    assert_adds_up(cells[&vec!["110000".to_owned()]]["change"][0], &change);
}

#[test]
fn a_substitute_stands_in_its_cell_and_is_said() {
    let study = provinces(2010, 2019);
    let plain = run("shift-share", &[("value", "va")], &study);
    let closed = run(
        "shift-share",
        &[("value", "va"), ("substitute", "360000 2010 agri = va3.primary")],
        &study,
    );
    let change = |f: &Findings| {
        by_component(f.table("regions").unwrap(), &[C::Region], C::Contribution)[&vec!["360000".to_owned()]]["change"]
            [0]
    };
    let value = |name: &str| {
        let jiangxi = quyu_core::RegionCode::parse("360000").unwrap();
        study
            .value(
                &crate::packages::term(name),
                &jiangxi,
                crate::packages::year(2010),
            )
            .unwrap()
            .unwrap()
            .value
    };
    let moved = value("va.agri") - value("va3.primary");
    assert!(moved != 0.0);
    assert_adds_up(change(&closed), &[change(&plain), moved]);
    let said = |f: &Findings| {
        f.notes
            .iter()
            .filter(|n| n.kind == NoteKind::Method && !n.regions.is_empty())
            .count()
    };
    assert_eq!((said(&plain), said(&closed)), (0, 1));
}

#[test]
fn shares_of_a_composition_sum_to_one() {
    let mut study = provinces(2010, 2019);
    for focus in [vec!["Jiangsu"], vec!["Sichuan", "Chongqing"]] {
        study.focus = crate::packages::set(&study.atlas, &focus);
        let findings = run("composition", &[("value", "va")], &study);
        let table = findings.table("composition").unwrap();
        for column in [C::Share, C::Expected] {
            let shares: Vec<f64> = (0..table.rows.len()).map(|r| number(table, r, column)).collect();
            assert_eq!(shares.len(), 9);
            assert_adds_up(1.0, &shares);
        }
        let Chart::Diverging { rows, .. } = &findings.figures[0].chart else {
            panic!("diverging bars")
        };
        let bars: Vec<f64> = rows.iter().map(|r| r.parts[0]).collect();
        assert!(
            bars.iter().sum::<f64>().abs() < 1e-10 && bars.is_sorted_by(|a, b| a >= b),
            "{bars:?}"
        );
    }
}

#[test]
fn clusters_are_numbered_by_their_first_member_and_their_sizes_add_up() {
    let features = ("features", "rd_per_gdp, pat_grant_inv_pc, papers_sci_pc");
    for (k, method, transform) in [
        ("2", "k-means", "none"),
        ("3", "ward", "none"),
        ("4", "k-means", "log-skewed"),
    ] {
        let params = [
            features,
            ("k", k),
            ("k_max", "5"),
            ("method", method),
            ("transform", transform),
        ];
        let findings = run("clusters", &params, &letters("ABCDEFGHIJ"));
        let table = findings.table("clusters").unwrap();
        let labels: Vec<f64> = (0..10).map(|r| number(table, r, C::Cluster)).collect();
        let mut next = 1.0;
        for (row, &label) in labels.iter().enumerate() {
            assert!(label <= next, "cluster {label} starts before {next}: {labels:?}");
            if label == next {
                next += 1.0;
            }
            let size = labels.iter().filter(|l| **l == label).count();
            assert_eq!(number(table, row, C::N), size as f64);
        }
        assert_eq!(next - 1.0, k.parse::<f64>().unwrap());
        let choice = findings.table("choice").unwrap();
        assert_eq!(
            choice.rows.len(),
            2 * 2 * 4,
            "two transforms, two methods, k from 2 to 5"
        );
        let silhouettes: f64 = (0..10).map(|r| number(table, r, C::Silhouette)).sum();
        let chosen = (0..choice.rows.len()).find(|&r| {
            let name = if transform == "none" { "plain" } else { transform };
            [
                text(choice, r, C::K),
                text(choice, r, C::Variant),
                text(choice, r, C::Component),
            ] == [k, name, method]
        });
        assert_adds_up(
            10.0 * number(choice, chosen.unwrap(), C::Silhouette),
            &[silhouettes],
        );
        let z = findings.table("separation").unwrap();
        assert_eq!(z.rows.len(), 3 * k.parse::<usize>().unwrap());
    }
}

#[test]
fn components_explain_the_whole_variance() {
    let features = ("features", "rd_per_gdp, pat_grant_inv_pc, papers_sci_pc");
    let findings = run("pca", &[features], &letters("ABCDEFGHIJ"));
    let table = findings.table("pca").unwrap();
    let rows = |statistic: &str| -> Vec<usize> {
        (0..table.rows.len())
            .filter(|r| text(table, *r, C::Statistic) == statistic)
            .collect()
    };
    let column = |rows: &[usize], c: C| -> Vec<f64> { rows.iter().map(|r| number(table, *r, c)).collect() };
    assert_adds_up(3.0, &column(&rows("eigenvalue"), C::Estimate));
    assert_adds_up(1.0, &column(&rows("eigenvalue"), C::Share));
    for feature in ["rd_per_gdp", "pat_grant_inv_pc", "papers_sci_pc"] {
        assert_adds_up(1.0, &column(&rows(feature), C::Share));
    }
}

#[test]
fn what_is_dropped_is_a_note_and_n_is_what_is_left() {
    let mut study = provinces(2019, 2019);
    study.missing = Missing::Drop;
    let findings = run("ranking", &[("value", "ht_newprod_sales")], &study);
    let left = findings.table("ranking").unwrap().rows.len();
    let notes: Vec<_> = findings
        .notes
        .iter()
        .filter(|n| n.kind == NoteKind::Missing)
        .collect();
    let dropped: usize = notes.iter().map(|n| n.regions.len()).sum();
    assert!(dropped > 0, "the figures of 2019 are incomplete");
    assert_eq!(left + dropped, 31);
}

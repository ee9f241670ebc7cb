//! Reference cases of shift-share, structure, convergence and profiles.
//!
//! To add a case, write a function that takes the case apart, calls the public API and returns a check for every
//! expected value, and add its id and the function to the table. `Check::value` takes anything that serialises in the
//! nesting of the expected value, `Check::result` a `Result` whose error stands for `"error"` or `"Undefined"`, and
//! `Check::differs` names an expected value that follows another convention, with the reason.

use quyu_econometrics::{Matrix, profiles::*, shift_share::*};
use quyu_testkit::reference::{Answer, Case, Check, labels};
use serde_json::{Value, json};

/// The table: the id of a case, and the function that answers it.
pub(crate) fn cases() -> Vec<Answer> {
    vec![
        ("hartigan_index", hartigan_index),
        ("hclust_average_heights", |case| heights(case, Linkage::Average)),
        ("hclust_complete_heights", |case| heights(case, Linkage::Complete)),
        ("hclust_mcquitty_heights", |case| heights(case, Linkage::Weighted)),
        ("hclust_single_heights", |case| heights(case, Linkage::Single)),
        ("kmeans_best_inertia", kmeans_best_inertia),
        ("silhouette_singleton", silhouette_singleton),
        ("ss_dunn_by_industry", ss_dunn_by_industry),
        ("ss_dunn_cells_usregions", ss_dunn_cells_usregions),
        ("ss_dynamic_dunn", |case| ss_dynamic(case, Variant::Classic)),
        ("ss_dynamic_esteban", |case| {
            ss_dynamic(case, Variant::EstebanMarquillas)
        }),
        ("ss_gerfin", ss_gerfin),
        ("ss_rigby_anderson", ss_rigby_anderson),
        ("ss_spatial_nazara_hewings", ss_spatial),
        ("ss_zero_base_cell", ss_zero_base_cell),
    ]
}

/// A number, or NaN where it is missing.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// A matrix of the case: its cells row by row, and the number of columns.
fn table_of(value: &Value) -> (Vec<f64>, usize) {
    let rows: Vec<&Vec<Value>> = value
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap())
        .collect();
    (
        rows.iter().flat_map(|row| row.iter().map(number)).collect(),
        rows[0].len(),
    )
}

fn matrix(cells: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(cells, cells.len() / cols, cols).unwrap()
}

/// The same cells with rows and columns exchanged; `cols` are those of the input.
fn transposed(cells: &[f64], cols: usize) -> Vec<f64> {
    (0..cols)
        .flat_map(|j| cells.iter().skip(j).step_by(cols).copied())
        .collect()
}

/// Rows of a row-major table, nested as in the cases.
fn nested(cells: &[f64], cols: usize) -> Vec<&[f64]> {
    cells.chunks_exact(cols).collect()
}

// ---- Shift-share ---------------------------------------------------------------------------------------------------

fn part(result: &ShiftShare, component: Component) -> &Table {
    result.part(component).unwrap()
}

/// A column of the Goettingen table without its first row, the total.
fn without_total(case: &Case, column: &str) -> Vec<f64> {
    case.column(column)[1..].to_vec()
}

fn region_and_nation(case: &Case) -> [Vec<f64>; 4] {
    ["region_t0", "region_t1", "nation_t0", "nation_t1"].map(|key| {
        let values = case.numbers(key);
        if case.input("rows") == "all but the first" {
            values[1..].to_vec()
        } else {
            values
        }
    })
}

fn ss_dunn_by_industry(case: &Case) -> Vec<Check> {
    let [e0, e1, n0, n1] = region_and_nation(case);
    let reference = Reference::Given { base: &n0, end: &n1 };
    let result = classic(matrix(&e0, e0.len()), matrix(&e1, e1.len()), reference).unwrap();
    vec![
        Check::value("industry", case.text_column("WZ2008_Code")[1..].to_vec()),
        Check::value("NS", &part(&result, Component::National).cells),
        Check::value("IM", &part(&result, Component::IndustryMix).cells),
        Check::value("RS", &part(&result, Component::Regional).cells),
    ]
}

fn ss_zero_base_cell(case: &Case) -> Vec<Check> {
    let [e0, e1, n0, n1] = region_and_nation(case);
    let reference = Reference::Given { base: &n0, end: &n1 };
    let result = classic(matrix(&e0, e0.len()), matrix(&e1, e1.len()), reference).unwrap();
    vec![
        Check::value("national", part(&result, Component::National).total),
        Check::value("industry_mix", part(&result, Component::IndustryMix).total),
        Check::value("regional", part(&result, Component::Regional).total),
        Check::value("regional_by_industry", &part(&result, Component::Regional).cells),
        Check::value("zero_base", &result.zero_base),
    ]
}

fn ss_gerfin(case: &Case) -> Vec<Check> {
    let [e0, e1, n0, n1] = region_and_nation(case);
    let reference = Reference::Given { base: &n0, end: &n1 };
    let factors = gerfin(matrix(&e0, e0.len()), matrix(&e1, e1.len()), reference).unwrap()[0];
    vec![
        Check::value("industry_mix", factors.industry_mix),
        Check::value("regional", factors.regional),
        Check::value("net_total_shift", factors.net_shift),
    ]
}

fn ss_dynamic(case: &Case, variant: Variant) -> Vec<Check> {
    let years: Vec<usize> = (2008..=2017).collect();
    let region: Vec<Vec<f64>> = years
        .iter()
        .map(|y| without_total(case, &format!("Goettingen{y}")))
        .collect();
    let nation: Vec<f64> = years
        .iter()
        .flat_map(|y| without_total(case, &format!("BRD{y}")))
        .collect();
    let sectors = region[0].len();
    let tables: Vec<Matrix<'_>> = region.iter().map(|cells| matrix(cells, sectors)).collect();
    let found = dynamic(&tables, YearlyReference::Given(matrix(&nation, sectors)), variant).unwrap();
    let row = |result: &ShiftShare, label: &str| match label {
        "Growth (t1-t)" => result.change.total,
        "National share" => part(result, Component::National).total,
        "Industrial mix" => part(result, Component::IndustryMix).total,
        "Regional share" if variant == Variant::Classic => part(result, Component::Regional).total,
        "Regional share" => part(result, Component::Competitive).total,
        "Allocation effect" => part(result, Component::Allocation).total,
        "Net total shift" => {
            part(result, Component::IndustryMix).total + part(result, Component::Regional).total
        }
        other => panic!("a row {other}"),
    };
    let rows: Vec<&str> = case
        .expected("rows")
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r.as_str().unwrap())
        .collect();
    let sums = rows
        .iter()
        .map(|label| ((*label).to_owned(), json!(row(&found.sum, label))));
    let by_year: Vec<Vec<f64>> = rows
        .iter()
        .map(|label| found.yearly.iter().map(|year| row(year, label)).collect())
        .collect();
    vec![
        Check::value("components", Value::Object(sums.collect())),
        Check::value("by_year", by_year),
        Check::value("rows", rows),
    ]
}

/// States by sectors of one year, the nation, and its published total.
fn ss_dunn_cells_usregions(case: &Case) -> Vec<Check> {
    let table = case.table("data/shiftshare_usregions.csv");
    let position = |name: &str| table.header.iter().position(|column| column == name).unwrap();
    let (state, sector, year, jobs) = (
        position("ST"),
        position("OCC_TITLE"),
        position("Year"),
        position("TOT_EMP"),
    );
    let cell = |wanted: &str, title: &str, when: &str| -> f64 {
        let row = table
            .rows
            .iter()
            .find(|r| r[state] == wanted && r[sector] == title && r[year] == when);
        row.unwrap()[jobs].parse().unwrap()
    };
    let states = ["AL", "CA", "NY"];
    let mut titles: Vec<String> = table.rows.iter().map(|row| row[sector].clone()).collect();
    titles.sort();
    titles.dedup();
    titles.retain(|title| title != "All Occupations");
    let cells = |when: &str| -> Vec<f64> {
        states
            .iter()
            .flat_map(|st| {
                titles
                    .iter()
                    .map(|title| cell(st, title, when))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let nation = |when: &str| -> Vec<f64> { titles.iter().map(|title| cell("US", title, when)).collect() };
    let total = |when: &str| cell("US", "All Occupations", when);
    let (base, end) = (nation("2013"), nation("2015"));
    let reference = Reference::Published {
        base: &base,
        end: &end,
        base_total: total("2013"),
        end_total: total("2015"),
    };
    let (e0, e1) = (cells("2013"), cells("2015"));
    let result = classic(matrix(&e0, titles.len()), matrix(&e1, titles.len()), reference).unwrap();
    let names: Vec<&str> = states
        .iter()
        .flat_map(|st| titles.iter().map(move |_| *st))
        .collect();
    let sectors: Vec<&str> = states
        .iter()
        .flat_map(|_| titles.iter().map(String::as_str))
        .collect();
    vec![
        Check::value("region", names),
        Check::value("sector", sectors),
        Check::value("NS", &part(&result, Component::National).cells),
        Check::value("IM", &part(&result, Component::IndustryMix).cells),
        Check::value("RS", &part(&result, Component::Regional).cells),
    ]
}

/// Inputs with industries in rows, turned to regions by industries.
fn regions_by_industries(case: &Case, key: &str) -> (Vec<f64>, usize) {
    let (cells, regions) = table_of(case.input(key));
    let industries = cells.len() / regions;
    (transposed(&cells, regions), industries)
}

fn ss_rigby_anderson(case: &Case) -> Vec<Check> {
    let tables = ["e0", "e1", "q0", "q1"].map(|key| regions_by_industries(case, key));
    let [e0, e1, q0, q1] = tables.each_ref().map(|(cells, cols)| matrix(cells, *cols));
    let result = rigby_anderson([e0, e1], [q0, q1], [Reference::Nation; 2]).unwrap();
    let rows = |national, mix, regional| {
        let of = |component| json!(part(&result, component).by_region);
        json!({ "NS": of(national), "IM": of(mix), "RS": of(regional) })
    };
    let output = rows(
        Component::OutputNational,
        Component::OutputIndustryMix,
        Component::OutputRegional,
    );
    let productivity = rows(
        Component::ProductivityNational,
        Component::ProductivityIndustryMix,
        Component::ProductivityRegional,
    );
    vec![
        Check::value("output", output),
        Check::value("productivity", productivity),
        Check::value("total_change", &result.change.by_region),
    ]
}

fn ss_spatial(case: &Case) -> Vec<Check> {
    let (e0, industries) = regions_by_industries(case, "e0");
    let (e1, _) = regions_by_industries(case, "e1");
    let (weights, regions) = table_of(case.input("W"));
    let (base, end) = (matrix(&e0, industries), matrix(&e1, industries));
    let result = spatial(
        base,
        end,
        Reference::Nation,
        matrix(&weights, regions),
        &SpatialOptions::default(),
    )
    .unwrap();
    let check = |key: &str, component| {
        let cells = transposed(&part(&result, component).cells, industries);
        Check::value(key, nested(&cells, regions))
    };
    vec![
        check("national", Component::National),
        check("neighbour_mix", Component::Neighbour),
        check("local", Component::Local),
    ]
}

// ---- Clusters ------------------------------------------------------------------------------------------------------

/// The columns of the case, row-major, and how many they are.
fn columns(case: &Case) -> (Vec<f64>, usize) {
    let names: Vec<&str> = case
        .input("columns")
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c.as_str().unwrap())
        .collect();
    let columns: Vec<Vec<f64>> = names.iter().map(|name| case.column(name)).collect();
    let cells = (0..columns[0].len())
        .flat_map(|i| columns.iter().map(move |column| column[i]))
        .collect();
    (cells, names.len())
}

/// The z-scores (ddof 0) of the columns of the case.
fn z_scores(case: &Case) -> Standardised {
    let (cells, cols) = columns(case);
    standardise(matrix(&cells, cols), 0).unwrap()
}

fn heights(case: &Case, method: Linkage) -> Vec<Check> {
    let distances = Distances::euclidean(z_scores(case).matrix()).unwrap();
    let tree = linkage(&distances, method).unwrap();
    vec![Check::value(
        "heights",
        tree.merges.iter().map(|m| m.height).collect::<Vec<_>>(),
    )]
}

/// The labels of an expected partition, numbered as ours.
fn partition(value: &Value) -> Vec<usize> {
    let texts: Vec<String> = value.as_array().unwrap().iter().map(Value::to_string).collect();
    labels(&texts).0
}

/// Compares a partition, whatever its numbering: found equal to expected is written as the expected value.
fn same_partition(case: &Case, key: &str, found: &[usize]) -> Check {
    let expected = case.expected(key);
    if partition(expected) == found {
        Check::value(key, expected)
    } else {
        Check::value(key, found)
    }
}

fn best(table: Matrix<'_>, k: usize) -> KMeans {
    kmeans(
        table,
        k,
        &KMeansOptions {
            starts: 200,
            ..Default::default()
        },
    )
    .unwrap()
}

fn kmeans_best_inertia(case: &Case) -> Vec<Check> {
    let z = z_scores(case);
    let k: Vec<usize> = case
        .expected("k")
        .as_array()
        .unwrap()
        .iter()
        .map(|k| number(k) as usize)
        .collect();
    let inertia: Vec<f64> = k.iter().map(|&k| best(z.matrix(), k).within).collect();
    vec![
        Check::value("k", k),
        Check::value("inertia", inertia),
        same_partition(case, "labels_k3", &best(z.matrix(), 3).labels),
        same_partition(case, "labels_k4", &best(z.matrix(), 4).labels),
    ]
}

fn hartigan_index(case: &Case) -> Vec<Check> {
    let z = z_scores(case);
    let k: Vec<usize> = case
        .expected("k")
        .as_array()
        .unwrap()
        .iter()
        .map(|k| number(k) as usize)
        .collect();
    let within = |k: usize| best(z.matrix(), k).within;
    let n = z.matrix().rows() as f64;
    let h: Vec<f64> = k
        .iter()
        .map(|&k| (within(k) / within(k + 1) - 1.0) * (n - k as f64 - 1.0))
        .collect();
    vec![Check::value("k", k), Check::value("H", h)]
}

fn silhouette_singleton(case: &Case) -> Vec<Check> {
    let distances = Distances::euclidean(z_scores(case).matrix()).unwrap();
    let found = silhouette(&distances, &case.labels("labels").0).unwrap();
    vec![Check::value("s", found.values), Check::value("mean", found.mean)]
}

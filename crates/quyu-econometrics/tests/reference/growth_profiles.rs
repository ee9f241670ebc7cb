//! Reference cases of shift-share, structure, convergence and profiles.
//!
//! To add a case, write a function that takes the case apart, calls the public API and returns a check for every
//! expected value, and add its id and the function to the table. `Check::value` takes anything that serialises in the
//! nesting of the expected value, `Check::result` a `Result` whose error stands for `"error"` or `"Undefined"`, and
//! `Check::differs` names an expected value that follows another convention, with the reason.

use quyu_econometrics::{Matrix, profiles::*, shift_share::*, structure::*};
use quyu_testkit::reference::{Answer, Case, Check, labels};
use serde_json::{Value, json};

/// The table: the id of a case, and the function that answers it.
pub(crate) fn cases() -> Vec<Answer> {
    vec![
        ("balassa_binary_threshold", balassa_binary_threshold),
        ("cooccurrence_zscore", cooccurrence_zscore),
        ("density_coi_cog_ecomplexity", density_coi_cog),
        ("diversity_ubiquity_reflections", diversity_ubiquity_reflections),
        ("ellison_glaeser", ellison_glaeser_by_industry),
        ("gini_conc_spec_reat", gini_conc_spec),
        ("hhi_entropy_hachman", hhi_entropy_hachman),
        ("hoover_index_industry", hoover_index_industry),
        ("krugman_benchmarks", krugman_benchmarks),
        ("lq_matrix", lq_matrix),
        ("reat_spec_conc_tables", spec_conc_tables),
        ("relatedness_prob", relatedness_prob),
        ("relative_diversity_duranton_puga", duranton_puga),
        ("structural_overlap", structural_overlap),
        ("aggregation_means", aggregation_means),
        ("coinr_asem_full_index", asem_index),
        ("coinr_pca", asem_pca),
        ("copeland_outranking", copeland_outranking),
        ("entropy_weights", entropy),
        ("impute_group_mean", impute_group_mean),
        ("impute_panel", impute_panel),
        ("mazziotta_pareto_mpi", mazziotta_pareto_mpi),
        ("norm_methods", norm_methods),
        ("norm_targets", norm_targets),
        ("ris_like_pipeline", ris_like_pipeline),
        ("winsorisation_ties_exceed_winmax", winsorisation),
        ("clusterboot_jaccard", clusterboot_jaccard),
        ("dunn_indices", dunn_indices),
        ("fuzzy_cmeans", fuzzy),
        ("gap_statistic", gap),
        ("gmm_bic", gmm_bic),
        ("gower_distance", gower_distance),
        ("hartigan_index", hartigan_index),
        ("mahalanobis_distance", mahalanobis_distance),
        ("regionalisation_ward_constrained", regionalisation),
        ("structural_similarity_orkestra", structural_similarity),
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

// ---- Shift-share --------------------------------------------------------------------------------

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
        _ => f64::NAN,
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

// ---- Clusters -----------------------------------------------------------------------------------

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

fn dunn_indices(case: &Case) -> Vec<Check> {
    let (z, labels) = (z_scores(case), case.labels("labels").0);
    let mut checks = vec![Check::value("dunn", dunn(z.matrix(), &labels).unwrap())];
    let distances = [
        Apart::Nearest,
        Apart::Farthest,
        Apart::Mean,
        Apart::Centres,
        Apart::OwnCentres,
    ];
    for (u, apart) in distances.into_iter().enumerate() {
        for (v, wide) in [Wide::Largest, Wide::Mean, Wide::Centre].into_iter().enumerate() {
            let index = generalised_dunn(z.matrix(), &labels, apart, wide).unwrap();
            checks.push(Check::value(&format!("gdi{}{}", u + 1, v + 1), index));
        }
    }
    checks
}

fn fuzzy(case: &Case) -> Vec<Check> {
    let z = z_scores(case);
    let found = fuzzy_cmeans(z.matrix(), 3, &FuzzyOptions::default()).unwrap();
    let mut centres = nested(&found.centres, z.matrix().cols());
    centres.sort_by(|a, b| a[0].total_cmp(&b[0]));
    vec![
        Check::value("objective", found.objective),
        Check::value("centers_sorted_by_first_coord", centres),
    ]
}

fn gap(case: &Case) -> Vec<Check> {
    let z = z_scores(case);
    let run = |dispersion| {
        gap_statistic(
            z.matrix(),
            6,
            &GapOptions {
                dispersion,
                ..Default::default()
            },
        )
        .unwrap()
    };
    let (plain, squared) = (run(Dispersion::Plain), run(Dispersion::Squared));
    vec![
        Check::value("logW", plain.log_dispersion),
        Check::value("gap", plain.gap),
        Check::value("se", plain.std_error),
        Check::value("k_tibs", plain.chosen),
        Check::value("logW_squared", squared.log_dispersion),
        Check::value("gap_squared", squared.gap),
        Check::value("se_squared", squared.std_error),
        Check::value("k_tibs_squared", squared.chosen),
    ]
}

fn gmm_bic(case: &Case) -> Vec<Check> {
    let z = z_scores(case);
    let cells: Vec<f64> = (0..z.matrix().rows())
        .flat_map(|i| z.matrix().row(i)[..3].to_vec())
        .collect();
    let fit = |components: usize, covariance| {
        let start = partition(&case.input("init_labels")[components.to_string()]);
        gaussian_mixture(matrix(&cells, 3), &start, covariance, &MixtureOptions::default()).unwrap()
    };
    let models = [
        ("EII", Covariance::Eii),
        ("VVI", Covariance::Vvi),
        ("EEE", Covariance::Eee),
    ];
    let fits: Vec<Vec<Mixture>> = (1..=4)
        .map(|k| models.iter().map(|(_, covariance)| fit(k, *covariance)).collect())
        .collect();
    let table: Vec<Vec<f64>> = fits
        .iter()
        .map(|row| row.iter().map(|f| f.bic).collect())
        .collect();
    let (mut best, mut at) = (f64::NEG_INFINITY, (0, 0));
    for (k, row) in table.iter().enumerate() {
        for (m, &bic) in row.iter().enumerate() {
            if bic > best {
                (best, at) = (bic, (k, m));
            }
        }
    }
    vec![
        Check::value("best_model", models[at.1].0),
        Check::value("G", at.0 + 1),
        Check::value("bic", best),
        Check::value("loglik", fits[at.0][at.1].log_likelihood),
        Check::value("BIC_table", table),
    ]
}

fn gower_distance(case: &Case) -> Vec<Check> {
    let columns: Vec<Vec<f64>> = case
        .input("numeric")
        .as_array()
        .unwrap()
        .iter()
        .map(|c| case.column(c.as_str().unwrap()))
        .collect();
    let cells: Vec<f64> = (0..columns[0].len())
        .flat_map(|i| columns.iter().map(move |c| c[i]))
        .collect();
    let (regions, _) = labels(&case.text_column("region"));
    let d = Distances::gower(matrix(&cells, columns.len()), &[&regions]).unwrap();
    vec![Check::value(
        "d",
        (1..=5).map(|j| d.between(0, j)).collect::<Vec<_>>(),
    )]
}

fn mahalanobis_distance(case: &Case) -> Vec<Check> {
    vec![Check::value("d2", mahalanobis(z_scores(case).matrix()).unwrap())]
}

fn regionalisation(case: &Case) -> Vec<Check> {
    let table = case.table(case.input("weights").as_str().unwrap());
    let edges: Vec<(usize, usize)> = table
        .rows
        .iter()
        .map(|row| (row[0].parse().unwrap(), row[1].parse().unwrap()))
        .collect();
    let z = z_scores(case);
    let found = constrained_ward(z.matrix(), &edges, case.number("n_clusters") as usize).unwrap();
    vec![
        same_partition(case, "labels", &found.labels),
        Check::value("within_ss", found.within),
    ]
}

/// The clusters in the order of the numbers of the case.
fn clusterboot_jaccard(case: &Case) -> Vec<Check> {
    let z = z_scores(case);
    let (labels, names) = case.labels("labels");
    let options = KMeansOptions {
        starts: 20,
        ..Default::default()
    };
    let method = |rows: Matrix<'_>| Ok(kmeans(rows, 3, &options)?.labels);
    let replicates = StabilityOptions {
        replicates: case.number("B") as usize,
        seed: 1,
    };
    let found = cluster_stability(z.matrix(), &labels, method, &replicates).unwrap();
    let in_order =
        ["1", "2", "3"].map(|name| found.mean_jaccard[names.iter().position(|n| n == name).unwrap()]);
    vec![Check::value("mean_jaccard", in_order)]
}

fn structural_similarity(case: &Case) -> Vec<Check> {
    let (cells, cols) = columns(case);
    let names = case.text_column("prov");
    let target = names
        .iter()
        .position(|name| case.input("target") == name.as_str())
        .unwrap();
    let weights = case.numbers("w");
    let regions = case.text_column("region");
    let same: Vec<bool> = regions.iter().map(|region| *region == regions[target]).collect();
    let nearest = |excluded| {
        let options = MatchOptions {
            weights: Some(&weights),
            excluded,
            ..Default::default()
        };
        nearest_regions(matrix(&cells, cols), target, &options).unwrap()
    };
    let name = |found: &[Match]| {
        found
            .iter()
            .take(5)
            .map(|m| names[m.region].clone())
            .collect::<Vec<_>>()
    };
    let all = nearest(None);
    vec![
        Check::value("nearest5", name(&all)),
        Check::value(
            "distance5",
            all.iter().take(5).map(|m| m.distance).collect::<Vec<_>>(),
        ),
        Check::value("nearest5_other_region", name(&nearest(Some(&same)))),
    ]
}

// ---- Composite indices --------------------------------------------------------------------------

/// A list of numbers in which null is missing.
fn observed(case: &Case, key: &str) -> Vec<Option<f64>> {
    case.input(key)
        .as_array()
        .unwrap()
        .iter()
        .map(Value::as_f64)
        .collect()
}

/// Missing values as the cases write them.
fn with_na(values: &[Option<f64>]) -> Vec<Value> {
    values
        .iter()
        .map(|v| v.map_or(json!("NA"), |v| json!(v)))
        .collect()
}

fn aggregation_means(case: &Case) -> Vec<Check> {
    let (x, w, x_na) = (case.numbers("x"), case.numbers("w"), observed(case, "x_na"));
    let mean = |key: &str, mean| Check::result(key, weighted_mean(&x, &w, mean));
    let mean_na = |key: &str, mean| Check::value(key, observed_mean(&x_na, &w, mean).unwrap().value);
    vec![
        mean("amean", Mean::Arithmetic),
        mean("gmean", Mean::Geometric),
        mean("hmean", Mean::Harmonic),
        mean("genmean2", Mean::Power(2.0)),
        mean_na("amean_na", Mean::Arithmetic),
        mean_na("gmean_na", Mean::Geometric),
    ]
}

/// Normalises what is observed and puts the missing values back in.
fn normalised(case: &Case, key: &str, scale: Scale, direction: Direction, factor: f64) -> Check {
    let x = observed(case, "x");
    let known: Vec<f64> = x.iter().flatten().copied().collect();
    let mut scores = normalise(&known, scale, direction).unwrap().into_iter();
    let scores: Vec<Option<f64>> = x
        .iter()
        .map(|v| v.and_then(|_| scores.next()).map(|s| factor * s))
        .collect();
    Check::value(key, with_na(&scores))
}

fn norm_methods(case: &Case) -> Vec<Check> {
    let check = |key: &str, scale| normalised(case, key, scale, Direction::Higher, 1.0);
    vec![
        check(
            "minmax",
            Scale::MinMax {
                low: 0.0,
                high: 100.0,
            },
        ),
        check(
            "minmax_1_100",
            Scale::MinMax {
                low: 1.0,
                high: 100.0,
            },
        ),
        check("zscore", Scale::ZScore { ddof: 1 }),
        check("rank", Scale::Rank),
        check("prank", Scale::PercentileRank),
        check("borda", Scale::Borda),
        check("dist2max", Scale::DistanceToBest),
        check("fracmax", Scale::FractionOfBest),
        check(
            "scaled_0_10",
            Scale::Goalposts {
                low: 0.0,
                high: 10.0,
                cut: false,
            },
        ),
    ]
}

fn norm_targets(case: &Case) -> Vec<Check> {
    let reference = observed(case, "x")[3].unwrap();
    let higher = |key: &str, scale| normalised(case, key, scale, Direction::Higher, 1.0);
    let lower = |key: &str, scale| normalised(case, key, scale, Direction::Lower, 1.0);
    vec![
        higher(
            "dist2ref_item4",
            Scale::DistanceToReference {
                reference,
                cap: false,
            },
        ),
        higher(
            "dist2ref_cap",
            Scale::DistanceToReference { reference, cap: true },
        ),
        higher(
            "dist2targ",
            Scale::DistanceToTarget {
                target: 6.0,
                cap: false,
            },
        ),
        higher(
            "dist2targ_cap",
            Scale::DistanceToTarget {
                target: 6.0,
                cap: true,
            },
        ),
        lower(
            "dist2targ_neg",
            Scale::DistanceToTarget {
                target: 2.0,
                cap: false,
            },
        ),
        higher(
            "goalposts",
            Scale::Goalposts {
                low: 2.0,
                high: 9.0,
                cut: true,
            },
        ),
        higher(
            "goalposts_notrunc",
            Scale::Goalposts {
                low: 2.0,
                high: 9.0,
                cut: false,
            },
        ),
        lower(
            "goalposts_neg",
            Scale::Goalposts {
                low: 2.0,
                high: 9.0,
                cut: true,
            },
        ),
    ]
}

fn entropy(case: &Case) -> Vec<Check> {
    let (cells, cols) = columns(case);
    let epsilon = case.number("epsilon");
    let directions: Vec<Direction> = case
        .texts("direction")
        .iter()
        .map(|sign| {
            if sign == "-" {
                Direction::Lower
            } else {
                Direction::Higher
            }
        })
        .collect();
    let scores = |epsilon: f64| -> Vec<f64> {
        let scale = Scale::MinMax {
            low: epsilon,
            high: 1.0 - epsilon,
        };
        let columns: Vec<Vec<f64>> = (0..cols)
            .map(|j| normalise(&matrix(&cells, cols).col(j), scale, directions[j]).unwrap())
            .collect();
        (0..cells.len() / cols)
            .flat_map(|i| columns.iter().map(move |column| column[i]))
            .collect()
    };
    let with = scores(epsilon);
    let w = entropy_weights(matrix(&with, cols)).unwrap();
    let score: Vec<f64> = aggregate(matrix(&with, cols), &w, Mean::Arithmetic)
        .unwrap()
        .iter()
        .map(|s| 100.0 * s)
        .collect();
    let exact = entropy_weights(matrix(&scores(0.0), cols)).unwrap();
    vec![
        Check::value("w", w),
        Check::value("score", score),
        Check::value("w_epsilon_to_0", exact),
    ]
}

fn impute_group_mean(case: &Case) -> Vec<Check> {
    let (x, (groups, _)) = (observed(case, "x"), case.labels("f"));
    vec![
        Check::result("mean", impute_by_group(&x, &groups, Centre::Mean)),
        Check::result("median", impute_by_group(&x, &groups, Centre::Median)),
    ]
}

fn impute_panel(case: &Case) -> Vec<Check> {
    let (unit, time, v) = (case.texts("unit"), case.numbers("time"), observed(case, "v"));
    let key = |i: usize| format!("{} {}", unit[i], time[i]);
    let mut latest = vec![None; v.len()];
    let mut linear = vec![None; v.len()];
    let (labels, names) = labels(&unit);
    for label in 0..names.len() {
        let rows: Vec<usize> = (0..v.len()).filter(|&i| labels[i] == label).collect();
        let own: Vec<Option<f64>> = rows.iter().map(|&i| v[i]).collect();
        let times: Vec<f64> = rows.iter().map(|&i| time[i]).collect();
        for ((&i, carried), filled) in rows
            .iter()
            .zip(carry_forward(&own).unwrap())
            .zip(interpolate(&times, &own).unwrap())
        {
            latest[i] = carried;
            linear[i] = filled;
        }
    }
    let in_order = |order: &str, values: &[Option<f64>]| -> Vec<Option<f64>> {
        let wanted = case.expected(order).as_array().unwrap();
        wanted
            .iter()
            .map(|name| values[(0..v.len()).find(|&i| *name == key(i)).unwrap()])
            .collect()
    };
    vec![
        Check::value("order", case.expected("order")),
        Check::value("latest", with_na(&in_order("order", &latest))),
        Check::value("linear_order", case.expected("linear_order")),
        Check::value("linear", with_na(&in_order("linear_order", &linear))),
    ]
}

fn mazziotta_pareto_mpi(case: &Case) -> Vec<Check> {
    let (cells, cols) = columns(case);
    let index = mazziotta_pareto(
        matrix(&cells, cols),
        &MpiOptions {
            ddof: 1,
            add_penalty: false,
        },
    );
    vec![Check::result("mpi_minus", index)]
}

fn copeland_outranking(case: &Case) -> Vec<Check> {
    let (cells, cols) = columns(case);
    let (table, w) = (matrix(&cells[..6 * cols], cols), case.numbers("w"));
    vec![
        Check::value("outrank", nested(&outranking(table, &w).unwrap(), 6)),
        Check::result("copeland", copeland(table, &w)),
    ]
}

fn winsorisation(case: &Case) -> Vec<Check> {
    let options = OutlierOptions {
        max_points: case.number("winmax") as usize,
        ..Default::default()
    };
    let treated = winsorise(&case.numbers("x"), &options).unwrap();
    vec![
        Check::value("x", treated.values),
        Check::value("nwin", treated.changed),
    ]
}

fn ris_like_pipeline(case: &Case) -> Vec<Check> {
    let (cells, cols) = columns(case);
    let directions: Vec<Direction> = case
        .texts("columns")
        .iter()
        .map(|c| {
            if case.input("negative") == c.as_str() {
                Direction::Lower
            } else {
                Direction::Higher
            }
        })
        .collect();
    let weights = case.numbers("reference_weights");
    let found = ris_like(matrix(&cells, cols), &directions, &weights).unwrap();
    vec![
        Check::value("index", found.index),
        Check::value("relative", found.relative),
        Check::value("group", found.group.iter().map(|g| g.name()).collect::<Vec<_>>()),
    ]
}

/// One line of the ASEM meta table.
struct Node {
    code: String,
    parent: String,
    level: u32,
    direction: Direction,
    weight: f64,
    denominator: String,
}

/// The ASEM data: units, their codes, raw indicators and the index tree.
struct Asem {
    codes: Vec<String>,
    groups: Vec<usize>,
    nodes: Vec<Node>,
    data: quyu_testkit::reference::Table,
}

impl Asem {
    fn of(case: &Case) -> Self {
        let mut data = case.table(case.input("file").as_str().unwrap());
        let meta = case.table(case.input("meta").as_str().unwrap());
        let place = |name: &str| data.header.iter().position(|h| h == name).unwrap();
        let (code, group) = (place("uCode"), place("EurAsia_group"));
        data.rows.sort_by(|a, b| a[code].cmp(&b[code]));
        let nodes = meta
            .rows
            .iter()
            .filter(|row| !row[0].is_empty() && row[0] != "NA")
            .map(|row| Node {
                level: row[0].parse().unwrap(),
                code: row[1].clone(),
                direction: if row[3] == "-1" {
                    Direction::Lower
                } else {
                    Direction::Higher
                },
                weight: row[4].parse().unwrap(),
                denominator: row[7].clone(),
                parent: row[8].clone(),
            });
        Self {
            nodes: nodes.collect(),
            codes: data.rows.iter().map(|row| row[code].clone()).collect(),
            groups: labels(&data.rows.iter().map(|row| row[group].clone()).collect::<Vec<_>>()).0,
            data,
        }
    }

    fn column(&self, name: &str) -> Vec<Option<f64>> {
        let at = self.data.header.iter().position(|h| h == name).unwrap();
        self.data.rows.iter().map(|row| row[at].parse().ok()).collect()
    }

    /// Denominated, imputed, treated and normalised.
    fn normalised(&self, node: &Node) -> Vec<f64> {
        let mut values = self.column(&node.code);
        if !node.denominator.is_empty() && node.denominator != "NA" {
            let per = self.column(&node.denominator);
            values
                .iter_mut()
                .zip(per)
                .for_each(|(v, per)| *v = v.zip(per).map(|(v, per)| v / per));
        }
        let filled = impute_by_group(&values, &self.groups, Centre::Mean).unwrap();
        let treated = treat(&filled, &OutlierOptions::default()).unwrap();
        normalise(
            &treated.values,
            Scale::MinMax {
                low: 0.0,
                high: 100.0,
            },
            node.direction,
        )
        .unwrap()
    }

    fn children(&self, code: &str) -> Vec<&Node> {
        self.nodes.iter().filter(|node| node.parent == code).collect()
    }

    fn score(&self, node: &Node) -> Vec<f64> {
        if node.level == 1 {
            return self.normalised(node);
        }
        let children = self.children(&node.code);
        let scores: Vec<Vec<f64>> = children.iter().map(|child| self.score(child)).collect();
        let weights: Vec<f64> = children.iter().map(|child| child.weight).collect();
        let cells = side_by_side(&scores);
        aggregate(matrix(&cells, weights.len()), &weights, Mean::Arithmetic).unwrap()
    }

    fn node(&self, code: &str) -> &Node {
        self.nodes.iter().find(|node| node.code == code).unwrap()
    }
}

/// Columns made row-major.
fn side_by_side(columns: &[Vec<f64>]) -> Vec<f64> {
    (0..columns[0].len())
        .flat_map(|i| columns.iter().map(move |column| column[i]))
        .collect()
}

fn asem_index(case: &Case) -> Vec<Check> {
    let asem = Asem::of(case);
    let index = asem.score(asem.node("Index"));
    let rank = normalise(&index, Scale::Rank, Direction::Lower).unwrap();
    // Connection speed is missing for some units.
    let physical: Vec<Vec<Option<f64>>> = asem
        .children("Physical")
        .iter()
        .map(|node| asem.column(&node.code))
        .collect();
    let cells: Vec<Option<f64>> = (0..asem.codes.len())
        .flat_map(|i| physical.iter().map(move |column| column[i]))
        .collect();
    vec![
        Check::value("uCode", &asem.codes),
        Check::value("Conn", asem.score(asem.node("Conn"))),
        Check::value("Sust", asem.score(asem.node("Sust"))),
        Check::value("Index", index),
        Check::value("rank", rank),
        Check::result(
            "cronbach_physical",
            cronbach_alpha_observed(&cells, physical.len()),
        ),
    ]
}

fn asem_pca(case: &Case) -> Vec<Check> {
    let asem = Asem::of(case);
    let nodes = asem.children("ConEcFin");
    let columns: Vec<Vec<f64>> = nodes.iter().map(|node| asem.normalised(node)).collect();
    let rows: Vec<&str> = case
        .expected("rows")
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r.as_str().unwrap())
        .collect();
    let ordered: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| columns[nodes.iter().position(|n| n.code == *row).unwrap()].clone())
        .collect();
    let cells = side_by_side(&ordered);
    let found = pca(matrix(&cells, rows.len()), &PcaOptions { scale: true, ddof: 1 }).unwrap();
    let loadings: Vec<f64> = found.loadings.iter().map(|l| l.abs()).collect();
    vec![
        Check::value(
            "sdev",
            found.eigenvalues.iter().map(|v| v.sqrt()).collect::<Vec<_>>(),
        ),
        Check::value("abs_loadings", nested(&loadings, found.components)),
        Check::value("rows", rows),
    ]
}

// ---- Structure ----------------------------------------------------------------------------------

fn input_table(case: &Case, key: &str) -> (Vec<f64>, usize) {
    table_of(case.input(key))
}

/// The columns I1, I2, … of the table of the case: regions by industries.
fn numbered_columns(case: &Case) -> (Vec<f64>, usize) {
    let table = case.table(case.input("file").as_str().unwrap());
    let cells = table
        .rows
        .iter()
        .flat_map(|row| row[1..].iter().map(|cell| cell.parse().unwrap()))
        .collect();
    (cells, table.header.len() - 1)
}

fn lq_matrix(case: &Case) -> Vec<Check> {
    let (cells, cols) = numbered_columns(case);
    let lq: Vec<f64> = location_quotients(matrix(&cells, cols), QuotientForm::Ratio)
        .unwrap()
        .into_iter()
        .map(Option::unwrap)
        .collect();
    vec![Check::value("lq", nested(&lq, cols))]
}

fn balassa_binary_threshold(case: &Case) -> Vec<Check> {
    let (cells, cols) = input_table(case, "mat");
    let lq = location_quotients(matrix(&cells, cols), QuotientForm::Ratio).unwrap();
    let lq: Vec<f64> = lq.into_iter().map(Option::unwrap).collect();
    let binary = specialised(matrix(&cells, cols), 1.0).unwrap();
    vec![
        Check::value("binary", nested(&binary, cols)),
        Check::value("lq", nested(&lq, cols)),
    ]
}

fn index_against(table: Matrix<'_>, benchmark: Benchmark) -> Vec<f64> {
    krugman(
        table,
        &KrugmanOptions {
            benchmark,
            ..Default::default()
        },
    )
    .unwrap()
}

fn krugman_benchmarks(case: &Case) -> Vec<Check> {
    let (cells, cols) = input_table(case, "mat");
    let table = matrix(&cells, cols);
    vec![
        Check::value("incl_own", index_against(table, Benchmark::All)),
        Check::value("rest", index_against(table, Benchmark::Rest)),
        Check::value("mean_of_others", index_against(table, Benchmark::MeanOfOthers)),
        Check::value("pairwise_1_2", index_against(table, Benchmark::Region(1))[0]),
    ]
}

fn unweighted_gini(table: Matrix<'_>, side: GiniSide) -> Vec<f64> {
    locational_gini(table, side, GiniWeights::None).unwrap()
}

fn gini_conc_spec(case: &Case) -> Vec<Check> {
    let (cells, cols) = input_table(case, "mat");
    let table = matrix(&cells, cols);
    vec![
        Check::value("spec", unweighted_gini(table, GiniSide::Specialisation)),
        Check::value("conc", unweighted_gini(table, GiniSide::Concentration)),
    ]
}

fn hhi_entropy_hachman(case: &Case) -> Vec<Check> {
    let (cells, cols) = input_table(case, "mat");
    let profiles = regional_profiles(matrix(&cells, cols)).unwrap();
    let of = |f: fn(&RegionalProfile) -> f64| profiles.iter().map(f).collect::<Vec<f64>>();
    vec![
        Check::value("hhi", of(|p| p.hhi)),
        Check::value("entropy_log2", of(|p| p.entropy / std::f64::consts::LN_2)),
        Check::value("hachman", of(|p| p.hachman)),
        Check::value("lq_avg", of(|p| p.mean_quotient)),
    ]
}

fn duranton_puga(case: &Case) -> Vec<Check> {
    let (cells, cols) = input_table(case, "mat");
    let profiles = regional_profiles(matrix(&cells, cols)).unwrap();
    vec![
        Check::value(
            "rdi",
            profiles.iter().map(|p| p.relative_diversity).collect::<Vec<_>>(),
        ),
        Check::value(
            "rzi",
            profiles
                .iter()
                .map(|p| p.relative_specialisation)
                .collect::<Vec<_>>(),
        ),
    ]
}

fn hoover_index_industry(case: &Case) -> Vec<Check> {
    let (cells, cols) = input_table(case, "mat");
    let index = hoover_concentration(matrix(&cells, cols), Some(&case.numbers("pop"))).unwrap();
    vec![Check::value(
        "hoover",
        index.iter().map(|h| 100.0 * h).collect::<Vec<_>>(),
    )]
}

fn spec_conc_tables(case: &Case) -> Vec<Check> {
    let table = case.table("data/reat_g_regions_emp_wide.csv");
    let period: Vec<usize> = (0..table.header.len())
        .filter(|&column| table.header[column].starts_with("t1_"))
        .collect();
    // Industries by regions, as in the file; the other way round for the specialisation of regions.
    let by_industry: Vec<f64> = table
        .rows
        .iter()
        .flat_map(|row| period.iter().map(|&c| row[c].parse().unwrap()))
        .collect();
    let regions = period.len();
    let by_region = transposed(&by_industry, regions);
    let rows = |cells: &[f64], cols: usize| -> Vec<[f64; 3]> {
        let table = matrix(cells, cols);
        let options = KrugmanOptions {
            benchmark: Benchmark::All,
            range: Range::ZeroToOne,
        };
        let hoover = krugman(table, &options).unwrap();
        let gini = unweighted_gini(table, GiniSide::Specialisation);
        let krugman = index_against(table, Benchmark::MeanOfOthers);
        (0..hoover.len())
            .map(|k| [hoover[k], gini[k], krugman[k]])
            .collect()
    };
    let names = period
        .iter()
        .map(|&c| table.header[c].trim_start_matches("t1_"))
        .collect::<Vec<_>>();
    let industries = table.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>();
    vec![
        Check::value("spec_rows", names),
        Check::value("spec", rows(&by_region, industries.len())),
        Check::value("conc_rows", &industries),
        Check::value("conc", rows(&by_industry, regions)),
    ]
}

fn ellison_glaeser_by_industry(case: &Case) -> Vec<Check> {
    let (industry, names) = case.labels("industry");
    let (region, _) = case.labels("region");
    let found = ellison_glaeser(&case.numbers("e"), &industry, &region, None).unwrap();
    let wanted: Vec<&str> = case
        .expected("industry")
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let ordered: Vec<EllisonGlaeser> = wanted
        .iter()
        .map(|name| found[names.iter().position(|n| n == name).unwrap()])
        .collect();
    let of = |f: fn(&EllisonGlaeser) -> f64| ordered.iter().map(f).collect::<Vec<f64>>();
    vec![
        Check::value("industry", &wanted),
        Check::value("gamma", of(|e| e.gamma)),
        Check::value("G", of(|e| e.raw)),
        Check::value("z", of(|e| e.z.unwrap())),
        Check::value("firms", ordered.iter().map(|e| e.plants).collect::<Vec<_>>()),
        Check::value("hhi", of(|e| e.plant_hhi)),
    ]
}

fn structural_overlap(case: &Case) -> Vec<Check> {
    let found = overlap(&case.numbers("a"), &case.numbers("b")).unwrap();
    vec![
        Check::value("krugman", found.krugman),
        Check::value("overlap", 1.0 - found.krugman / 2.0),
        Check::value("overlap_min", found.finger_kreinin),
    ]
}

fn cooccurrence_zscore(case: &Case) -> Vec<Check> {
    let (cells, cols) = numbered_columns(case);
    let table = matrix(&cells, cols);
    vec![
        Check::value("cooc", nested(&cooccurrence(table).unwrap(), cols)),
        Check::value("z_offdiag", nested(&cooccurrence_z(table).unwrap(), cols)),
    ]
}

fn relatedness_prob(case: &Case) -> Vec<Check> {
    let (cells, cols) = numbered_columns(case);
    let related = relatedness(matrix(&cells, cols), Relatedness::Probability).unwrap();
    vec![Check::value("relatedness", nested(&related, cols))]
}

fn diversity_ubiquity_reflections(case: &Case) -> Vec<Check> {
    let (cells, cols) = numbered_columns(case);
    let steps = reflections(matrix(&cells, cols), 2).unwrap();
    vec![
        Check::value("diversity", &steps[0].regions),
        Check::value("ubiquity", &steps[0].industries),
        Check::value("morc1", &steps[1].regions),
        Check::value("mort1", &steps[1].industries),
        Check::value("morc2", &steps[2].regions),
    ]
}

/// Exports by country and product, both sorted as text.
fn trade(case: &Case) -> (Vec<String>, Vec<String>, Vec<f64>) {
    let table = case.table(case.input("file").as_str().unwrap());
    let product = |row: &[String]| row[1].parse::<u64>().unwrap().to_string();
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names.dedup();
        names
    };
    let countries = sorted(table.rows.iter().map(|row| row[0].clone()).collect());
    let products = sorted(table.rows.iter().map(|row| product(row)).collect());
    let mut cells = vec![0.0; countries.len() * products.len()];
    for row in &table.rows {
        let country = countries.binary_search(&row[0]).unwrap();
        let product = products.binary_search(&product(row)).unwrap();
        cells[country * products.len() + product] += row[2].parse::<f64>().unwrap();
    }
    (countries, products, cells)
}

/// The gain in standard deviations of the regions' index, and z-scores of the outlook, as py-ecomplexity scales them.
fn density_coi_cog(case: &Case) -> Vec<Check> {
    let (countries, products, cells) = trade(case);
    let n = products.len();
    let incidence = specialised(matrix(&cells, n), 1.0).unwrap();
    let incidence = matrix(&incidence, n);
    let phi = relatedness(incidence, Relatedness::MinimumConditional).unwrap();
    let index = complexity(incidence, ComplexityScaling::Regions).unwrap();
    let found = opportunities(incidence, matrix(&phi, n), &index.industry_vector).unwrap();
    let sd = standardise(matrix(&index.region_vector, 1), 0).unwrap().sd[0];
    let outlook = standardise(matrix(&found.outlook, 1), 0).unwrap().z;
    let country = case.input("country").as_str().unwrap();
    let row = countries.iter().position(|name| name == country).unwrap();
    let span = row * n..(row + 1) * n;
    vec![
        Check::value("product", &products),
        Check::value("density", &found.density[span.clone()]),
        Check::value("cog", found.gain[span].iter().map(|g| g / sd).collect::<Vec<_>>()),
        Check::value("coi", outlook[row]),
    ]
}

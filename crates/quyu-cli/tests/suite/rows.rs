//! Rows without a key: analyses, cells, queries and the results of queries.

use std::fmt::Write as _;
use std::path::Path;

use crate::run::{fed, run, words};

/// Firms: several rows a city and year.
const FIRMS: &str = "\
city,year,field,output,jobs
Ay,2019,tools,10,2
Ay,2019,food,30,1
Be,2019,food,20,4
Be,2020,tools,5,1
Ay,2020,tools,8,3
Ay,2020,food,40,2
Be,2020,food,12,2
";

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.csv"), text).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// What a command writes to standard output.
    pub(crate) fn out(&self, args: &str) -> String {
        let ran = run(self.path(), &words(args));
        assert_eq!(ran.code, 0, "{args}: {}", ran.err);
        ran.out
    }

    /// The exit code and what is told.
    pub(crate) fn told(&self, args: &str) -> String {
        let ran = run(self.path(), &words(args));
        assert_eq!(ran.out, "", "{args}");
        format!("$ quyu {args}\n[{}]\n{}\n", ran.code, ran.err)
    }

    pub(crate) fn json(&self, args: &str) -> serde_json::Value {
        serde_json::from_str(&self.out(&format!("{args} --format json"))).unwrap()
    }
}

/// Every number of the first table of a result, by the texts beside it.
fn numbers(result: &serde_json::Value) -> Vec<(String, Vec<f64>)> {
    let rows = result["tables"][0]["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let cells = row.as_array().unwrap();
        let texts: Vec<&str> = cells.iter().filter_map(|c| c.as_str()).collect();
        let numbers = cells.iter().filter_map(serde_json::Value::as_f64).collect();
        (texts.join(" "), numbers)
    })
    .collect()
}

pub(crate) fn close(a: &serde_json::Value, b: &serde_json::Value) {
    let (mut a, mut b) = (numbers(a), numbers(b));
    // Groups of rows stand in the order of their names, those of a table in its own.
    let order =
        |a: &(String, Vec<f64>), b: &(String, Vec<f64>)| a.0.cmp(&b.0).then(a.1[0].total_cmp(&b.1[0]));
    a.sort_by(order);
    b.sort_by(order);
    assert_eq!(a.len(), b.len());
    for ((text, x), (other, y)) in a.iter().zip(&b) {
        assert_eq!((text, x.len()), (other, y.len()));
        let near = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-12 * (1.0 + y.abs());
        assert!(x.iter().zip(y).all(near), "{text}: {x:?}, {y:?}");
    }
}

/// A table with a key, on which both ways are open.
pub(crate) fn keyed(rows: usize) -> String {
    let mut text = String::from("region,year,x,w,half,zone,y,z\n");
    for i in 0..rows {
        let (x, w) = (1.0 + (i * 7919 % 100_003) as f64 / 7.0, 1 + i * 13 % 29);
        let (y, z) = (i * 31 % 101, (i * 17 % 59) as f64 / 10.0);
        let (half, zone) = (i / 2 % 3, i / 2 % 4);
        writeln!(
            text,
            "r{:05},{},{x},{w},{half},{zone},{y},{z}",
            i / 2,
            2019 + i % 2
        )
        .unwrap();
    }
    text
}

#[test]
fn rows_give_what_a_table_with_keys_gives() {
    let folder = Folder::with(&keyed(300));
    for command in [
        "gini t.csv --value x --weight w",
        "hoover t.csv --value x",
        "generalised-gini t.csv --value x --weight w --nu 3",
        "disparity t.csv --value x --weight w",
        "quantile-ratios t.csv --value x --weight w",
        "theil t.csv --value x --weight w --by last",
        "atkinson t.csv --value x --epsilon 2",
        "cv t.csv --value x --weight w --variant williamson-unweighted",
        "polarisation t.csv --value x --weight w --alpha 1.3",
        "concentration-index t.csv --value x --ranked-by y",
        "concentration-index t.csv --value x --ranked-by y --weight w --nu 3 --by last",
        "shapley t.csv --value x,y,z --weight w --index theil-t",
        "decompose-sources t.csv --value x,y,z --weight w",
        "decompose-sources t.csv --value x,y,z --variant shorrocks --by last",
        "decompose-regression t.csv --value x --features y,z --weight w --group half",
        "decompose-regression t.csv --value y --features z --transform none --by last",
    ] {
        close(&folder.json(&format!("{command} --rows")), &folder.json(command));
    }
}

#[test]
fn groups_of_rows_give_what_a_table_with_keys_gives() {
    let folder = Folder::with(&keyed(200));
    for command in [
        "decompose t.csv --value x --weight w --group half",
        "decompose t.csv --value x --group half --by last",
        "decompose t.csv --value y --weight w --group half --variant atkinson --epsilon 0.5",
        "decompose t.csv --value x --weight w --group half --variant atkinson-means --epsilon 1",
        "decompose t.csv --value x --group half --variant atkinson-das-parikh --epsilon 2",
        "decompose t.csv --value y --weight w --group half --variant gini-dagum",
        "decompose t.csv --value y --weight w --group half --variant gini-residual",
        "decompose t.csv --value y --group half --variant gini-yitzhaki",
        "decompose-nested t.csv --value x --weight w --group half --nested zone",
        "decompose-nested t.csv --value y --group half --nested zone --variant ge --alpha 2",
        "decompose-two-way t.csv --value x --weight w --group half --crossed zone",
        "decompose-change t.csv --value x --weight w --group half",
        "decompose-change t.csv --value x --group half --variant approximation --from 2019 --to 2020",
        "polarisation t.csv --value x --weight w --group half",
    ] {
        close(&folder.json(&format!("{command} --rows")), &folder.json(command));
    }
    let pairs =
        "decompose t.csv --value y --weight w --group half --variant gini-dagum --table pairs --format csv";
    let rows = folder.out(&format!("{pairs} --rows"));
    assert_eq!(rows.lines().count(), folder.out(pairs).lines().count());
}

/// Each result of several is the one that it would be alone.
#[test]
fn several_analyses_take_one_reading() {
    let folder = Folder::with(&keyed(60_000));
    let runs = [
        "gini --value x --weight w",
        "decompose --value x --weight w --group half",
        "cv --value w",
        "quantile-ratios --value x",
    ];
    let ran = run(
        folder.path(),
        &["rows", "t.csv", "--where", "year = 2020"]
            .into_iter()
            .map(str::to_owned)
            .chain(
                runs.iter()
                    .flat_map(|r| ["--run".to_owned(), format!("{r} --format json")]),
            )
            .collect::<Vec<_>>(),
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let results: Vec<serde_json::Value> = serde_json::Deserializer::from_str(&ran.out)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(results.len(), runs.len());
    for (result, text) in results.iter().zip(runs) {
        let (id, flags) = text.split_once(' ').unwrap();
        assert_eq!(
            *result,
            folder.json(&format!("{id} t.csv --where 'year = 2020' --rows {flags}"))
        );
    }
}

/// Standard input can be read once only.
#[test]
fn several_analyses_read_standard_input_once() {
    let folder = Folder::with(FIRMS);
    let args = [
        "rows",
        "--run",
        "gini --value output",
        "--run",
        "cv --value output",
    ];
    let ran = fed(folder.path(), &args.map(str::to_owned), FIRMS);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let alone = ["gini", "cv"].map(|id| folder.out(&format!("{id} t.csv --rows --value output")));
    assert_eq!(ran.out, alone.join("\n"));
}

#[test]
fn several_results_go_where_each_says() {
    let folder = Folder::with(FIRMS);
    let both = |second: &str| {
        let args = ["rows", "t.csv", "--run", "gini --value output", "--run", second];
        run(folder.path(), &args.map(str::to_owned))
    };
    insta::assert_snapshot!("rows_two_tables", both("cv --value output --weight jobs").out);
    let ran = both("cv --value output --out cv.csv");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, folder.out("gini t.csv --rows --value output"));
    let alone = folder.out("cv t.csv --rows --value output --format csv");
    assert_eq!(
        std::fs::read_to_string(folder.path().join("cv.csv")).unwrap(),
        alone
    );
}

/// Of several analyses the one that is wrong is named, with a command that asks for it alone.
#[test]
fn what_is_wrong_with_one_of_several_is_told() {
    let folder = Folder::with(FIRMS);
    let mut told = String::new();
    for second in [
        "ginni --value output",
        "gini --value outptu",
        "gini --value output t.csv",
        "gini --value output --where 'year = 2019'",
        "gini --value output --memory 1",
        "gini --value 'output",
        "gini",
        "gini --valeu output",
        "mld --value jobs --format csv",
        "moran --value output",
        "gini --value field",
        "",
    ] {
        let args = ["rows", "t.csv", "--run", "cv --value output", "--run", second];
        let ran = run(folder.path(), &args.map(str::to_owned));
        assert_eq!(ran.out, "", "{second}");
        writeln!(told, "--run {second:?}\n[{}]\n{}", ran.code, ran.err).unwrap();
    }
    let twice = [
        "rows",
        "t.csv",
        "--run",
        "cv --value output --out a.csv",
        "--run",
        "gini --value output --out a.csv",
    ];
    let twice = run(folder.path(), &twice.map(str::to_owned));
    writeln!(told, "[{}]\n{}", twice.code, twice.err).unwrap();
    let nothing = run(folder.path(), &words("rows t.csv"));
    writeln!(told, "[{}]\n{}", nothing.code, nothing.err).unwrap();
    insta::assert_snapshot!("rows_several_refused", told);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A bound on memory holds for all analyses together.
#[test]
fn several_share_the_memory() {
    let folder = Folder::with(&keyed(200_000));
    let args = |memory: &str, second: &str| {
        let args = [
            "rows",
            "t.csv",
            "--memory",
            memory,
            "--run",
            "gini --value x",
            "--run",
            second,
        ];
        run(folder.path(), &args.map(str::to_owned))
    };
    let ran = args("0.001", "cv --value x");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out.matches("counted in narrow classes").count(),
        1,
        "{}",
        ran.out
    );
    let ran = args("0.001", "quantile-ratios --value x");
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(ran.err.contains("memory"), "{}", ran.err);
    // What one gives up is room for the other.
    let ran = args("0.0085", "quantile-ratios --value x");
    assert_eq!(
        (ran.code, ran.out.matches("counted in narrow").count()),
        (0, 1),
        "{}",
        ran.err
    );
}

#[test]
fn classes_of_rows_are_added_up() {
    let folder = Folder::with(FIRMS);
    let rows = "t.csv --region city --class field --value output";
    let direct = folder.out(&format!("location-quotient {rows} --rows --format csv"));
    let cells = folder.out("cells t.csv --region city --time year --class field --value output");
    let by_hand = fed(
        folder.path(),
        &words("location-quotient --region city --class field --value output --format csv"),
        &cells,
    );
    assert_eq!(by_hand.code, 0, "{}", by_hand.err);
    assert!(direct.contains("Ay") && direct.lines().count() > 4, "{direct}");
    // Rows know no names beside the codes: every estimate of theirs stands in the other table.
    for line in direct.lines().skip(1) {
        let estimate = line.split(',').find(|f| f.contains('.')).unwrap_or_default();
        assert!(by_hand.out.contains(estimate), "{line} in {}", by_hand.out);
    }
}

#[test]
fn the_result_has_the_same_bits_for_any_number_of_threads() {
    // More than one block.
    let folder = Folder::with(&keyed(120_000));
    let of = |analysis: &str, threads: usize| {
        folder.json(&format!(
            "{analysis} t.csv --rows --value x --weight w --threads {threads}"
        ))["tables"]
            .clone()
    };
    for analysis in [
        "theil",
        "gini",
        "decompose --group half",
        "decompose --group half --variant atkinson --epsilon 2",
        "decompose --group half --variant gini-yitzhaki",
        "decompose-nested --group half --nested zone",
        "lorenz",
        "polarisation",
        "concentration-index --ranked-by y",
    ] {
        let one = of(analysis, 1);
        assert_eq!(one, of(analysis, 2), "{analysis}");
        assert_eq!(one, of(analysis, 7), "{analysis}");
    }
}

#[test]
fn the_input_is_named_with_its_hash_and_its_rows() {
    let folder = Folder::with(FIRMS);
    let keyed = folder
        .json("theil t.csv --value output --region city --where 'year = 2019 and jobs < 3 and field = food'");
    let rows = folder.json("theil t.csv --rows --value output --where 'year = 2019'");
    assert_eq!(keyed["input"], rows["input"]);
    assert_eq!(rows["input"][0]["rows"], 7);
}

#[test]
fn a_missing_figure_stops_or_is_left_out_and_said() {
    let folder = Folder::with("x\n1\nNA\n3\n\n5\n");
    let told = folder.told("gini t.csv --rows --value x");
    assert!(told.contains("line 3") && told.contains("[3]"), "{told}");
    let result = folder.json("gini t.csv --rows --value x --missing drop");
    assert_eq!(result["notes"][0]["kind"], "missing");
    assert!(
        result["notes"][0]["text"]
            .as_str()
            .unwrap()
            .starts_with("1 row was left out")
    );
    assert_eq!(result["tables"][0]["rows"][0][2], 3);
}

#[test]
fn beyond_the_memory_allowed_an_index_is_bracketed_or_refused() {
    let folder = Folder::with(&keyed(200_000));
    let command = "gini t.csv --rows --value x --weight w --where 'year = 2020'";
    let exact = numbers(&folder.json(command))[0].1[0];
    let bracketed = folder.json(&format!("{command} --memory 0.001"));
    let estimate = numbers(&bracketed)[0].1[0];
    let note = bracketed["notes"][0]["text"].as_str().unwrap();
    let bound: f64 = note
        .split("off by ")
        .nth(1)
        .and_then(|t| t.split(' ').next())
        .unwrap()
        .parse()
        .unwrap();
    assert!(bound > 0.0 && bound < 1e-6, "{note}");
    assert!(
        (estimate - exact).abs() <= bound * 1.01 + 1e-15,
        "{estimate}, {exact}: {note}"
    );
    let told = folder.told("quantile-ratios t.csv --rows --value x --memory 0.001");
    assert!(
        told.contains("[4]") && told.contains("more than the memory allowed holds"),
        "{told}"
    );
    // Beside others it is left empty.
    let panel = folder.json("disparity t.csv --rows --value x --memory 0.001");
    assert!(
        panel["notes"].to_string().contains("Palma ratio"),
        "{}",
        panel["notes"]
    );
}

#[test]
fn what_rows_are_refused_for() {
    let folder = Folder::with(FIRMS);
    let mut told = String::new();
    for command in [
        "theil t.csv --value output --region city",
        "moran t.csv --rows --value output",
        "gini t.csv --rows --value output --focus Ay",
        "gini t.csv --rows --value outptu",
        "gini t.csv --rows --value output --ci bca",
        "location-quotient t.csv --rows --region city --value output",
        "specialisation t.csv --rows --region city --class field --only-class x --value output",
        "mld t.csv --rows --value output --where 'output > 100'",
        "gini t.csv --rows --value output --memory 0",
        "decompose t.csv --rows --value output --group city --variant gini-dagum --test permutation",
        "decompose t.csv --rows --value output --group town",
        "decompose-nested t.csv --rows --value output --group city --nested city",
        "decompose-change t.csv --rows --value output --group city --where 'year = 2020'",
        "decompose-change t.csv --rows --value output --group city --from 2020 --to 2019",
        "decompose-change t.csv --rows --value output --group field --where 'year = 2020 or field = food'",
        "decompose-regression t.csv --rows --value output --features jobs,output",
        "decompose-regression t.csv --rows --value output --features jobs --where 'output > 20'",
        "shapley t.csv --rows --value output",
        "shapley t.csv --rows --value output,jobs,output",
        "lorenz t.csv --rows --value output --compare Ay,Be",
        "lorenz t.csv --rows --value output --years 2018",
        "gini t.csv --rows --value output --plot x.svg",
    ] {
        told.push_str(&folder.told(command));
    }
    let negative = Folder::with("x,w\n1,1\n\n-2,1\n3,-1\n");
    told.push_str(&negative.told("theil t.csv --rows --value x"));
    told.push_str(&negative.told("gini t.csv --rows --value x"));
    told.push_str(&negative.told("gini t.csv --rows --value x --weight w --where 'x > 0'"));
    told.push_str(&negative.told("lorenz t.csv --rows --value x"));
    told.push_str(&negative.told("decompose-regression t.csv --rows --value x --features w"));
    told.push_str(&negative.told("polarisation t.csv --rows --value w --weight x"));
    insta::assert_snapshot!("what_rows_are_refused_for", told);
}

#[test]
fn cells_are_added_up() {
    let folder = Folder::with(FIRMS);
    let statistics = "--value output,output:mean,jobs:max,jobs:min,jobs:count --weight jobs";
    let cells = folder.out(&format!("cells t.csv --region city --time year {statistics}"));
    // Means by jobs: (10*2 + 30*1) / 3, 12*2 + 5*1 over 3, and so on.
    assert_eq!(
        cells,
        "city,year,output,output_mean,jobs_max,jobs_min,jobs_count\n\
         Ay,2019,40,16.666666666666668,2,1,2\n\
         Ay,2020,48,20.8,3,2,2\n\
         Be,2019,20,20,4,4,1\n\
         Be,2020,17,9.666666666666666,2,1,2\n"
    );
    assert_eq!(folder.out("cells t.csv --value output"), "output\n125\n");
    let mut told = folder.told("cells t.csv --region citty --value output");
    told.push_str(&folder.told("cells t.csv --region city --value output:median"));
    told.push_str(&folder.told("cells t.csv --region city --value output,output"));
    told.push_str(&folder.told("cells t.csv --region city --value field"));
    insta::assert_snapshot!("cells_that_are_refused", told);
}

#[test]
fn cells_are_written_whole_or_not_at_all() {
    let folder = Folder::with(FIRMS);
    folder.out("cells t.csv --region city --value output --out cells.csv");
    let told = folder.told("cells t.csv --region city --value output --out cells.csv");
    assert!(told.contains("[5]") && told.contains("--force"), "{told}");
    let written = std::fs::read_to_string(folder.path().join("cells.csv")).unwrap();
    assert_eq!(written, "city,output\nAy,88\nBe,37\n");
}

/// The same cells come back from Parquet, and rows of Parquet are rows.
#[test]
fn parquet_goes_both_ways() {
    let folder = Folder::with(FIRMS);
    let keys = "--region city --time year --value output,jobs";
    folder.out(&format!("cells t.csv {keys} --out cells.parquet"));
    let again = folder.out(&format!("cells cells.parquet {keys}"));
    assert_eq!(again, folder.out(&format!("cells t.csv {keys}")));
    let typed = folder.json("theil cells.parquet --rows --value output --weight jobs");
    std::fs::write(folder.path().join("cells.csv"), again).unwrap();
    let text = folder.json("theil cells.csv --rows --value output --weight jobs");
    assert_eq!(typed["tables"], text["tables"]);
    // Only some columns of a typed table are read, and a hash is one of all bytes.
    assert!(
        typed["input"][0]["sha256"].is_null() && typed["input"][0]["rows"] == 4,
        "{typed}"
    );
}

#[test]
fn several_files_are_one_table() {
    let folder = Folder::with(FIRMS);
    std::fs::write(folder.path().join("u.csv"), FIRMS).unwrap();
    let result = folder.json("gini t.csv u.csv --rows --value output --where 'year = 2019'");
    assert_eq!(result["tables"][0]["rows"][0][3], 6);
    assert_eq!(result["input"].as_array().unwrap().len(), 2);
}

#[test]
fn a_query_in_each_dialect() {
    let folder = Folder::with(FIRMS);
    let mut text = String::new();
    for dialect in ["duckdb", "datafusion", "spark", "clickhouse"] {
        let args = format!(
            "sql mld --dialect {dialect} --table st.firms --value 'out\"p`ut\\' --weight jobs --time year"
        );
        writeln!(text, "$ quyu {args}\n{}", folder.out(&args)).unwrap();
    }
    let args = "sql ge --dialect duckdb --table 'my firms' --value output --alpha -0.5";
    writeln!(text, "$ quyu {args}\n{}", folder.out(args)).unwrap();
    let args = "sql location-quotient --dialect spark --table firms --value output --class field --time year";
    writeln!(text, "$ quyu {args}\n{}", folder.out(args)).unwrap();
    insta::assert_snapshot!("a_query_in_each_dialect", text);
    let mut told = folder.told("sql gini --dialect duckdb --table t --value x");
    told.push_str(&folder.told("sql location-quotient --dialect duckdb --table t --value x"));
    told.push_str(&folder.told("sql theil --dialect duckdb --table '' --value x"));
    insta::assert_snapshot!("queries_that_are_refused", told);
}

/// Sums of the rows 1 and 3, worked by hand: 3 ln 3 = 3.295836866004329.
fn sums(n: &str, missing: &str, negative: &str) -> String {
    let stamp = r#""{""analysis"":""theil"",""parameters"":{""value"":""x""}}""#;
    format!(
        "quyu,year,missing,negative-value,n,sum-w,sum-wx,sum-wx-ln-x\n{stamp},2020,{missing},{negative},{n},2,4,3.295836866004329\n"
    )
}

#[test]
fn sums_are_turned_into_the_result() {
    let folder = Folder::with(&sums("2", "0", "0"));
    let result = folder.json("finish theil t.csv");
    // T = 3 ln 3 / 4 - ln 2.
    let expected = 3.295836866004329 / 4.0 - std::f64::consts::LN_2;
    assert!((numbers(&result)[0].1[1] - expected).abs() < 1e-15, "{result}");
    assert_eq!(result["parameters"]["value"], "x");
    let note = result["notes"][0]["text"].as_str().unwrap();
    assert!(note.contains("fewer digits"), "{note}");
    let dropped = Folder::with(&sums("2", "5", "0")).json("finish theil t.csv --missing drop");
    assert!(
        dropped["notes"].to_string().contains("without 5 rows"),
        "{dropped}"
    );
}

#[test]
fn sums_that_are_refused() {
    let mut told = Folder::with(&sums("2", "5", "0")).told("finish theil t.csv");
    told.push_str(&Folder::with(&sums("2", "0", "1")).told("finish theil t.csv"));
    told.push_str(&Folder::with(&sums("2", "0", "0")).told("finish mld t.csv"));
    told.push_str(&Folder::with(&sums("2.5", "0", "0")).told("finish theil t.csv"));
    told.push_str(&Folder::with(&sums("2", "0", "0").replace("3.29", "nan3.29")).told("finish theil t.csv"));
    told.push_str(
        &Folder::with(&sums("2", "0", "0").replace("3.295836866004329", "nan")).told("finish theil t.csv"),
    );
    told.push_str(&Folder::with(&sums("2", "0", "0").replace("sum-w,", "w,")).told("finish theil t.csv"));
    // No row was taken: an engine sums nothing to NULL.
    let nothing = sums("", "0", "0").replace(",2,4,3.295836866004329", ",,,");
    told.push_str(&Folder::with(&nothing).told("finish theil t.csv"));
    for (n, missing, negative) in [
        ("-2", "0", "0"),
        ("2", "-5", "0"),
        ("2", "", "0"),
        ("2", "0", "0.5"),
    ] {
        told.push_str(&Folder::with(&sums(n, missing, negative)).told("finish theil t.csv"));
    }
    told.push_str(&Folder::with(FIRMS).told("finish theil t.csv"));
    told.push_str(&Folder::with(FIRMS).told("finish thiel t.csv"));
    insta::assert_snapshot!("sums_that_are_refused", told);
}

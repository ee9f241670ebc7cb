//! `cargo xtask engines`: the queries of all additive statistics, run in DuckDB, DataFusion and ClickHouse and compared with the rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;
use quyu_core::additive::sql::{Dialect, From, query};
use quyu_core::additive::sums::Sums;
use quyu_core::{
    Additive, Batch, Cell, Entry, Findings, Need, ParamKind, ParamValue, Params, Registry, Table, Values,
};
use quyu_io::table::{Raw, ReadOptions, Source, sums};

use crate::site::SKIPPED;

/// Which Python has the engines.
#[derive(Debug, Args)]
#[command(after_help = "\
The query that `quyu sql` writes is run for every analysis that is a function of sums, with and without a weight and in each \
variant, on made-up firms: some without a figure, some with a weight of zero, in columns whose names need quotes. What \
`quyu finish` makes of the answers must agree with the rows themselves to 1e-12.\n\n\
Needed: a Python with duckdb, datafusion and pyarrow, by --python, in QUYU_PYTHON, or as python3; with chdb ClickHouse is \
asked, too: python3 -m venv engines && engines/bin/pip install duckdb datafusion pyarrow chdb\n\n\
Exit codes: 0 all agree, 1 one differs, 77 skipped because there is no such Python.")]
pub(crate) struct EnginesArgs {
    /// A Python with the wheels duckdb, datafusion and pyarrow.
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,
}

/// The engines that must be there, and their wheels; the others run where theirs is.
const ENGINES: [(Dialect, &str); 2] = [
    (Dialect::DuckDb, "duckdb, pyarrow"),
    (Dialect::DataFusion, "datafusion, pyarrow"),
];
const OTHERS: [(Dialect, &str); 1] = [(Dialect::ClickHouse, "chdb")];
/// Two numbers agree if they differ by no more than this, relative to one more than their size.
const TOLERANCE: f64 = 1e-12;
/// Names of the columns; one needs quotes.
const YEAR: &str = "year";
const REGION: &str = "region";
const FIELD: &str = "the \"field\"";
const OUTPUT: &str = "output";
const JOBS: &str = "jobs";

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
enum EnginesError {
    #[error("SKIPPED, no query was run: {0}")]
    NoPython(String),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{engine}: {said}")]
    Engine { engine: &'static str, said: String },
    #[error("{name}: {said}")]
    Ours { name: String, said: String },
}

/// Runs the queries and says how it went.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to a person"
)]
pub(crate) fn run(args: &EnginesArgs) -> ExitCode {
    match compared(args) {
        Ok((tasks, engines, widest)) => {
            let names: Vec<&str> = engines.iter().map(|e| e.as_str()).collect();
            println!(
                "engines: {tasks} queries agree with the rows in each of {}; the largest difference is {widest:.1e}",
                names.join(", ")
            );
            for (other, wheel) in OTHERS.iter().filter(|(other, _)| !engines.contains(other)) {
                println!(
                    "engines: {} was not run: this Python has no {wheel}",
                    other.as_str()
                );
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("engines: {error}");
            match error {
                EnginesError::NoPython(_) => ExitCode::from(SKIPPED),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// One analysis with its parameters.
struct Task {
    name: String,
    entry: &'static Entry,
    params: Params,
}

impl Task {
    fn stream(&self) -> Result<Box<dyn Additive>, EnginesError> {
        let build = self
            .entry
            .additive
            .ok_or_else(|| self.failed("it takes no rows"))?;
        build(&self.params).map_err(|e| self.failed(e))
    }

    fn failed(&self, said: impl ToString) -> EnginesError {
        EnginesError::Ours {
            name: self.name.clone(),
            said: said.to_string(),
        }
    }
}

/// Number of queries, the engines, and the largest difference.
fn compared(args: &EnginesArgs) -> Result<(usize, Vec<Dialect>, f64), EnginesError> {
    let python = python(args)?;
    let others = OTHERS
        .iter()
        .filter(|(_, wheels)| imported(&python, wheels).is_ok());
    let engines: Vec<Dialect> = ENGINES.iter().chain(others).map(|(engine, _)| *engine).collect();
    let folder = tempfile::tempdir().map_err(io(Path::new("a temporary folder")))?;
    let firms = Firms::made_up(20_000);
    write(&folder.path().join("firms.csv"), &firms.csv())?;
    let registry = quyu_catalog::registry().map_err(|e| EnginesError::Ours {
        name: "registry".to_owned(),
        said: e.to_string(),
    })?;
    let tasks = tasks(&registry);
    for task in &tasks {
        let (stream, sums) = summed(task)?;
        for &dialect in &engines {
            let path = folder
                .path()
                .join(format!("{}.{}.sql", task.name, dialect.as_str()));
            write(
                &path,
                &query(&sums, dialect, "firms", &froms(stream.columns()), &task.name),
            )?;
        }
    }
    for &dialect in &engines {
        asked(&python, dialect, folder.path())?;
    }
    let mut widest = 0.0f64;
    for task in &tasks {
        let mut direct = task.stream()?;
        firms.pushed(direct.as_mut()).map_err(|e| task.failed(e))?;
        let direct = direct.finish().map_err(|e| task.failed(e))?;
        for &dialect in &engines {
            let file = folder
                .path()
                .join(format!("{}.{}.csv", task.name, dialect.as_str()));
            let found = finished(task, &file, firms.missing)?;
            let off =
                difference(&direct, &found).map_err(|e| task.failed(format!("{}: {e}", dialect.as_str())))?;
            widest = widest.max(off);
        }
    }
    Ok((tasks.len(), engines, widest))
}

fn summed(task: &Task) -> Result<(Box<dyn Additive>, Sums), EnginesError> {
    let stream = task.stream()?;
    let sums = stream
        .sums()
        .ok_or_else(|| task.failed("it is no function of sums"))?;
    Ok((stream, sums))
}

/// A Python that has the engines.
fn python(args: &EnginesArgs) -> Result<PathBuf, EnginesError> {
    let given = args
        .python
        .clone()
        .or_else(|| std::env::var_os("QUYU_PYTHON").map(PathBuf::from));
    let python = given.unwrap_or_else(|| PathBuf::from("python3"));
    for (_, wheels) in ENGINES {
        if let Err(said) = imported(&python, wheels) {
            return Err(EnginesError::NoPython(format!(
                "{}: {said}; name a Python with duckdb, datafusion and pyarrow by --python or QUYU_PYTHON",
                python.display()
            )));
        }
    }
    Ok(python)
}

/// Whether a Python has wheels; else what it says.
fn imported(python: &Path, wheels: &str) -> Result<(), String> {
    let out = Command::new(python)
        .args(["-c", &format!("import {wheels}")])
        .output();
    let out = out.map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&out.stderr);
    match out.status.success() {
        true => Ok(()),
        false => Err(said.lines().last().unwrap_or_default().to_owned()),
    }
}

fn asked(python: &Path, dialect: Dialect, folder: &Path) -> Result<(), EnginesError> {
    let out = Command::new(python)
        .args(["-c", include_str!("engines/run.py"), dialect.as_str()])
        .arg(folder)
        .output()
        .map_err(io(python))?;
    match out.status.success() {
        true => Ok(()),
        false => Err(EnginesError::Engine {
            engine: dialect.as_str(),
            said: String::from_utf8_lossy(&out.stderr).into_owned(),
        }),
    }
}

/// Every analysis that is a function of sums, with a weight and without, in each variant. What a stream refuses is left out.
fn tasks(registry: &Registry) -> Vec<Task> {
    let mut tasks = Vec::new();
    for entry in registry.iter() {
        let Some(build) = entry.additive else { continue };
        let variants = entry.params.iter().find_map(|p| match (p.name, &p.kind) {
            ("variant", ParamKind::Choice(words)) => Some(words.iter().copied().map(Some).collect()),
            _ => None,
        });
        for variant in variants.unwrap_or_else(|| vec![None]) {
            for weighted in [false, true] {
                let given = given(entry, variant, weighted);
                let Ok(params) = Params::check(entry.id, entry.params, &given) else {
                    continue;
                };
                if build(&params).is_ok_and(|stream| stream.sums().is_some()) {
                    let number = tasks.len();
                    let name = format!("{number:02}-{}-{}", entry.id, variant.unwrap_or("plain"));
                    tasks.push(Task { name, entry, params });
                }
            }
        }
    }
    tasks
}

/// Parameters on the firms.
fn given(entry: &Entry, variant: Option<&str>, weighted: bool) -> BTreeMap<String, ParamValue> {
    let mut given = BTreeMap::new();
    for param in entry.params {
        let value = match (param.name, &param.kind) {
            ("value", ParamKind::Column) => OUTPUT,
            ("weight" | "employment", ParamKind::Column) if weighted => JOBS,
            ("group", ParamKind::Expr) => FIELD,
            ("nested" | "crossed", ParamKind::Expr) => REGION,
            ("alpha" | "epsilon", ParamKind::Number { .. }) if weighted && param.default.is_none() => "1.5",
            _ => continue,
        };
        given.insert(param.name.to_owned(), ParamValue::Text(value.to_owned()));
    }
    given.extend(variant.map(|v| ("variant".to_owned(), ParamValue::Text(v.to_owned()))));
    given
}

/// Where the columns of an analysis come from.
fn froms(columns: &[Need]) -> Vec<From> {
    columns.iter().map(|need| From::Column(column(need))).collect()
}

fn column(need: &Need) -> String {
    match need {
        Need::Indicator(term) => term.to_string(),
        Need::Partition(name) => name.clone(),
        Need::Class => FIELD.to_owned(),
        Need::Region => REGION.to_owned(),
        _ => YEAR.to_owned(),
    }
}

/// Made-up firms.
struct Firms {
    labels: BTreeMap<&'static str, Vec<String>>,
    output: Vec<Option<f64>>,
    jobs: Vec<f64>,
    missing: u64,
}

impl Firms {
    fn made_up(rows: usize) -> Self {
        // A generator of 64 bits with a fixed seed (Marsaglia's xorshift): the same firms everywhere.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut below = |n: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) % n
        };
        let mut firms = Self {
            labels: BTreeMap::new(),
            output: Vec::new(),
            jobs: Vec::new(),
            missing: 0,
        };
        for _ in 0..rows {
            let mut label = |name, text: String| firms.labels.entry(name).or_default().push(text);
            label(YEAR, (2019 + below(2)).to_string());
            label(REGION, format!("region {}", below(5)));
            label(FIELD, format!("field '{}'", below(4)));
            let output = (below(1_000_000) + 1) as f64 / 128.0;
            firms.output.push((below(50) > 0).then_some(output));
            firms.jobs.push(below(40) as f64 / 4.0);
        }
        firms.missing = firms.output.iter().filter(|x| x.is_none()).count() as u64;
        firms
    }

    fn csv(&self) -> String {
        let mut text = format!(
            "{YEAR},{REGION},\"{}\",{OUTPUT},{JOBS}\n",
            FIELD.replace('"', "\"\"")
        );
        for (row, jobs) in self.jobs.iter().enumerate() {
            let output = self.output[row].map(|x| x.to_string()).unwrap_or_default();
            let labels = [YEAR, REGION, FIELD].map(|name| self.labels[name][row].as_str());
            // Writing to a string fails at nothing.
            let _ = writeln!(text, "{},{output},{jobs}", labels.join(","));
        }
        text
    }

    /// The rows that are whole.
    fn pushed(&self, stream: &mut dyn Additive) -> Result<(), quyu_core::AnalysisError> {
        let whole: Vec<usize> = (0..self.jobs.len())
            .filter(|row| self.output[*row].is_some())
            .collect();
        let output: Vec<f64> = self.output.iter().flatten().copied().collect();
        let jobs: Vec<f64> = whole.iter().map(|row| self.jobs[*row]).collect();
        let names: Vec<String> = stream.columns().iter().map(column).collect();
        let labels: Vec<Vec<&str>> = names
            .iter()
            .map(|name| match self.labels.get(name.as_str()) {
                Some(labels) => whole.iter().map(|row| labels[*row].as_str()).collect(),
                None => Vec::new(),
            })
            .collect();
        let columns = names
            .iter()
            .zip(&labels)
            .map(|(name, labels)| match name.as_str() {
                OUTPUT => Values::Numbers(&output),
                JOBS => Values::Numbers(&jobs),
                _ => Values::Labels(labels),
            });
        stream.push(&Batch::new(columns.collect())?)
    }
}

/// What our code makes of an engine's answer.
fn finished(task: &Task, file: &Path, missing: u64) -> Result<Findings, EnginesError> {
    let bytes = Source::File(file.to_owned()).read().map_err(|e| task.failed(e))?;
    let raw = Raw::read(bytes, &ReadOptions::default()).map_err(|e| task.failed(e))?;
    let (mut stream, asked) = summed(task)?;
    let stamp = sums::stamp(&raw).map_err(|e| task.failed(e))?;
    let answer = sums::read(&raw, &asked).map_err(|e| task.failed(e))?;
    if stamp != task.name || answer.missing != missing || !answer.refused.is_empty() {
        let (found, refused) = (answer.missing, answer.refused);
        return Err(task.failed(format!("`{stamp}`, {found} of {missing} missing, {refused:?}")));
    }
    stream.take(&answer.rows).map_err(|e| task.failed(e))?;
    stream.finish().map_err(|e| task.failed(e))
}

/// The largest difference of two findings, relative to one more than the size of the number.
fn difference(direct: &Findings, found: &Findings) -> Result<f64, String> {
    if direct.tables.len() != found.tables.len() {
        return Err("another number of tables".to_owned());
    }
    let mut widest = 0.0f64;
    for (ours, theirs) in direct.tables.iter().zip(&found.tables) {
        widest = widest.max(table_difference(ours, theirs)?);
    }
    Ok(widest)
}

fn table_difference(ours: &Table, theirs: &Table) -> Result<f64, String> {
    let mut widest = 0.0f64;
    if ours.rows.len() != theirs.rows.len() || ours.rows.is_empty() {
        return Err(format!(
            "`{}` has {} rows, not {}",
            ours.id,
            theirs.rows.len(),
            ours.rows.len()
        ));
    }
    for (a, b) in ours.rows.iter().flatten().zip(theirs.rows.iter().flatten()) {
        match (a, b) {
            (Cell::Number(a), Cell::Number(b)) => {
                let off = (a - b).abs() / (1.0 + a.abs());
                if off.is_nan() || off > TOLERANCE {
                    return Err(format!("`{}`: {b}, and the rows give {a}", ours.id));
                }
                widest = widest.max(off);
            }
            (a, b) if a == b => {}
            (a, b) => return Err(format!("`{}`: {b:?}, and the rows give {a:?}", ours.id)),
        }
    }
    Ok(widest)
}

fn write(path: &Path, text: &str) -> Result<(), EnginesError> {
    std::fs::write(path, text).map_err(io(path))
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> EnginesError {
    let path = path.to_owned();
    move |source| EnginesError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_sums_is_among_the_tasks() {
        let registry = quyu_catalog::registry().unwrap();
        let tasks = tasks(&registry);
        for entry in registry.iter() {
            let Some(build) = entry.additive else { continue };
            // Weighted, an exponent is given, too, which only some variants take.
            let sums = [false, true].into_iter().any(|weighted| {
                let params = Params::check(entry.id, entry.params, &given(entry, None, weighted));
                let stream = params.ok().and_then(|p| build(&p).ok());
                stream.is_some_and(|s| s.sums().is_some())
            });
            let found = tasks.iter().any(|t| t.entry.id == entry.id);
            assert_eq!(found, sums, "{}", entry.id);
        }
        assert!(tasks.len() > 30, "{}", tasks.len());
    }

    #[test]
    fn a_number_that_differs_is_seen() {
        let table = |x: f64| {
            let mut table = Table::new("t", "T", vec![]);
            table.rows.push(vec![Cell::Number(x)]);
            Findings {
                tables: vec![table],
                ..Findings::default()
            }
        };
        assert!(difference(&table(0.5), &table(0.5 + 1e-15)).is_ok());
        assert!(difference(&table(0.5), &table(0.5 + 1e-11)).is_err());
        assert!(difference(&table(0.5), &Findings::default()).is_err());
    }
}

//! A whole job on micro-data: a CSV of firms is read, the weighted Gini and Theil's T by 3,000 regions come out. Ours beside pandas,
//! polars and data.table, in one run, with the most memory each one had.

use std::fmt::Write as _;
use std::io::{BufWriter, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::BenchError;
use crate::checkout;

/// Rows of the table, and its regions.
const ROWS: u64 = 10_000_000;
const REGIONS: u64 = 3_000;
/// Each program runs so often; the quickest run counts.
const RUNS: usize = 5;

/// One program on the job.
struct Job {
    name: &'static str,
    /// Commands that do the job together.
    commands: Vec<Vec<String>>,
    /// What it computes; times are compared within it.
    task: Task,
}

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    /// The weighted Gini index, and Theil's T between and within regions.
    Whole,
    /// Both indices of the rows, without weights and regions: all that PySAL does at this size.
    Plain,
}

/// What a job took.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost {
    time: Duration,
    /// Most memory at a time, in KiB.
    memory: u64,
    /// Gini, Theil's T between and within regions; Gini, Theil's T and nothing.
    values: [f64; 3],
}

/// Measures and returns a table in Markdown.
pub(super) fn measured(root: &Path, python: &Path, peers: bool) -> Result<String, BenchError> {
    let quyu = built(root)?;
    let inputs = super::target(root).join("bench");
    let table = made(&inputs)?;
    let mut text = format!(
        "A CSV of {ROWS} rows, {REGIONS} regions. The quickest of {RUNS} runs; memory is the most of a run.\n\n"
    );
    text.push_str(
        "| program | s | MiB | times ours | times our memory | values |\n|---|---:|---:|---:|---:|---|\n",
    );
    let mut ours: Vec<(Task, Cost)> = Vec::new();
    for job in jobs(root, &quyu, &table, python, peers) {
        // Writing to a string fails at nothing.
        let _ = match cheapest(&job) {
            None => writeln!(
                text,
                "| {} | skipped: it is not installed, or failed | | | | |",
                job.name
            ),
            Some(cost) => {
                // Of each task ours comes first.
                let first = ours
                    .iter()
                    .find(|(task, _)| *task == job.task)
                    .map(|(_, cost)| *cost);
                ours.push((job.task, cost));
                writeln!(text, "{}", line(&job, cost, first.unwrap_or(cost)))
            }
        };
    }
    text.push_str(&start_up(root, &quyu, &inputs)?);
    Ok(text)
}

/// A program beside ours.
fn line(job: &Job, cost: Cost, ours: Cost) -> String {
    // What lies between regions is a small part of the index, and others lose digits in the difference.
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9;
    let values = match cost.values.iter().zip(&ours.values).all(near) {
        true => "the same",
        false => "**others**",
    };
    format!(
        "| {} | {:.2} | {} | {:.1} | {:.1} | {values} |",
        job.name,
        cost.time.as_secs_f64(),
        cost.memory / 1024,
        cost.time.as_secs_f64() / ours.time.as_secs_f64(),
        cost.memory as f64 / ours.memory as f64
    )
}

/// The command as a release.
fn built(root: &Path) -> Result<PathBuf, BenchError> {
    let status = checkout::cargo()
        .args(["build", "--release", "--locked", "-p", "quyu-cli"])
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(super::target(root).join("release/quyu")),
        other => Err(BenchError::Ours {
            what: format!("cargo build: {other:?}"),
        }),
    }
}

/// The table, made once.
fn made(folder: &Path) -> Result<PathBuf, BenchError> {
    let path = folder.join(format!("firms-above-zero-{ROWS}.csv"));
    let io = |source| BenchError::Io {
        path: path.clone(),
        source,
    };
    if path.exists() {
        return Ok(path);
    }
    std::fs::create_dir_all(folder).map_err(io)?;
    let unfinished = path.with_extension("new");
    let mut file = BufWriter::new(std::fs::File::create(&unfinished).map_err(io)?);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % n
    };
    writeln!(file, "region,output,employees").map_err(io)?;
    for _ in 0..ROWS {
        // A product of four draws: many small firms and few large ones. None is zero, where the others' logarithm ends.
        let output = 0.01 + (1..=4).map(|_| (below(1000) + 1) as f64 / 100.0).product::<f64>();
        writeln!(file, "r{:04},{output:.2},{}", below(REGIONS), 1 + below(500)).map_err(io)?;
    }
    file.into_inner().map_err(|e| io(e.into_error()))?;
    std::fs::rename(&unfinished, &path).map_err(io)?;
    Ok(path)
}

fn jobs(root: &Path, quyu: &Path, table: &Path, python: &Path, peers: bool) -> Vec<Job> {
    let path = |path: &Path| path.display().to_string();
    let (quyu, table) = (path(quyu), path(table));
    let ours = |words: &str| -> Vec<String> {
        let flags = "--rows --value output --weight employees --format json";
        let words = words.split(' ').map(str::to_owned);
        let rest = std::iter::once(table.clone()).chain(flags.split(' ').map(str::to_owned));
        std::iter::once(quyu.clone()).chain(words).chain(rest).collect()
    };
    let (gini, theil) = (ours("gini"), ours("decompose --group region"));
    let both = |flags: &str, second: &str| -> Vec<Vec<String>> {
        let run = |id: &str| format!("{id} --value output {flags} --format json");
        let words = ["rows", &table, "--run", &run("gini"), "--run", &run(second)];
        let words = words.map(str::to_owned);
        vec![std::iter::once(quyu.clone()).chain(words).collect()]
    };
    let mut jobs = vec![
        Job {
            name: "quyu rows: both in one reading",
            commands: both("--weight employees", "decompose --group region"),
            task: Task::Whole,
        },
        Job {
            name: "quyu gini, then quyu decompose",
            commands: vec![gini, theil],
            task: Task::Whole,
        },
    ];
    let plain = Job {
        name: "quyu rows, without weights and regions",
        commands: both("", "theil"),
        task: Task::Plain,
    };
    if peers {
        let script = |name: &str| path(&root.join("benches/peers").join(name));
        let by_python = |peer: &str| {
            vec![vec![
                path(python),
                script("rows.py"),
                peer.to_owned(),
                table.clone(),
            ]]
        };
        let in_r = |threads: &str| {
            vec![vec![
                "Rscript".to_owned(),
                script("rows.R"),
                table.clone(),
                threads.to_owned(),
            ]]
        };
        jobs.extend([
            Job {
                name: "polars and numpy",
                commands: by_python("polars"),
                task: Task::Whole,
            },
            Job {
                name: "pandas and numpy",
                commands: by_python("pandas"),
                task: Task::Whole,
            },
            Job {
                name: "R data.table",
                commands: in_r("0"),
                task: Task::Whole,
            },
            Job {
                name: "R data.table, threads as it takes them by itself",
                commands: in_r("default"),
                task: Task::Whole,
            },
            plain,
            Job {
                name: "pandas and PySAL, without weights and regions",
                commands: by_python("pysal"),
                task: Task::Plain,
            },
        ]);
    }
    jobs
}

/// The quickest run, with the most memory that any had.
fn cheapest(job: &Job) -> Option<Cost> {
    let runs: Option<Vec<Cost>> = (0..RUNS).map(|_| once(job)).collect();
    runs?.into_iter().reduce(|best, run| Cost {
        time: best.time.min(run.time),
        memory: best.memory.max(run.memory),
        values: run.values,
    })
}

/// One run of a job; `None` if a command of it fails.
fn once(job: &Job) -> Option<Cost> {
    let (mut time, mut memory, mut said) = (Duration::ZERO, 0, String::new());
    for command in &job.commands {
        let own = watched(command)?;
        time += own.time;
        memory = memory.max(own.memory);
        said.push_str(&own.said);
    }
    let values = values(&said)?;
    Some(Cost { time, memory, values })
}

/// What a run of a command took, and what it wrote.
struct Watched {
    time: Duration,
    memory: u64,
    said: String,
}

/// Runs a command and asks the system how much memory it has; `None` if it fails.
fn watched(command: &[String]) -> Option<Watched> {
    let (program, args) = command.split_first()?;
    // A pipe that nobody empties would stop it.
    let mut out = tempfile::tempfile().ok()?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(args)
        .stdout(out.try_clone().ok()?)
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let done = loop {
        if let Some(done) = child.try_wait().ok()? {
            break done;
        }
        // The mark is the highest so far: the last one before the end is that of the run.
        memory = high_water(&std::fs::read_to_string(&status).unwrap_or_default()).unwrap_or(memory);
        std::thread::sleep(Duration::from_millis(1));
    };
    let time = start.elapsed();
    let mut said = String::new();
    out.rewind().ok()?;
    out.read_to_string(&mut said).ok()?;
    done.success().then_some(Watched { time, memory, said })
}

/// Gini, Theil's T between and within regions: three numbers, or results as JSON.
fn values(said: &str) -> Option<[f64; 3]> {
    if !said.starts_with('{') {
        let numbers: Result<Vec<f64>, _> = said.split_whitespace().map(str::parse).collect();
        return numbers.ok()?.try_into().ok();
    }
    let results: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(said).into_iter().collect();
    let results = results.ok()?;
    let rows: Vec<&Vec<Value>> = results
        .iter()
        .filter_map(|result| result["tables"][0]["rows"].as_array())
        .flatten()
        .filter_map(Value::as_array)
        .collect();
    // The estimate is the first number beside the name.
    let of = |name: &str| {
        let row = rows.iter().find(|row| row.iter().any(|cell| cell == name))?;
        row.iter().find_map(Value::as_f64)
    };
    match of("between").zip(of("within")) {
        Some((between, within)) => Some([of("gini")?, between, within]),
        None => Some([of("gini")?, of("theil-t")?, 0.0]),
    }
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// How long it takes before anything is computed.
fn start_up(root: &Path, quyu: &Path, inputs: &Path) -> Result<String, BenchError> {
    let small = inputs.join("provinces.csv");
    let mut text = String::from("region,gdp_pc,pop\n");
    for i in 0..31 {
        let _ = writeln!(text, "p{i},{},{}", 40_000 + 3_571 * i, 5_000 + 211 * i);
    }
    std::fs::write(&small, &text).map_err(|source| BenchError::Io {
        path: small.clone(),
        source,
    })?;
    let (quyu, small) = (quyu.display().to_string(), small.display().to_string());
    let gini = format!("gini {small} --value gdp_pc --weight pop");
    let mut text = String::from("\n| start-up | quickest of 50, ms |\n|---|---:|\n");
    for (name, words) in [
        ("quyu --version", "--version"),
        ("quyu gini, 31 rows", gini.as_str()),
    ] {
        let runs = (0..50).filter_map(|_| {
            let start = Instant::now();
            let done = Command::new(&quyu)
                .args(words.split(' '))
                .current_dir(root)
                .output()
                .ok()?;
            done.status.success().then(|| start.elapsed())
        });
        let quickest = runs.min().ok_or_else(|| BenchError::Ours {
            what: format!("`{name}` fails"),
        })?;
        let _ = writeln!(text, "| {name} | {:.1} |", 1000.0 * quickest.as_secs_f64());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_memory_is_read_from_the_system() {
        assert_eq!(
            high_water("Name:\tx\nVmHWM:\t  1234 kB\nVmRSS:\t 9 kB\n"),
            Some(1234)
        );
        assert_eq!(high_water("Name:\tx\n"), None);
    }

    #[test]
    fn values_are_read_from_numbers_and_from_results() {
        assert_eq!(values("0.5 0.1 0.4\n"), Some([0.5, 0.1, 0.4]));
        let table = |rows: &str| format!(r#"{{"tables":[{{"rows":[{rows}]}}]}}"#);
        let gini = table(r#"["gini",0.5,10]"#);
        let parts = table(
            r#"["theil-t","total",null,0.6],["theil-t","between",null,0.1],["theil-t","within",null,0.5]"#,
        );
        assert_eq!(values(&format!("{gini}\n{parts}")), Some([0.5, 0.1, 0.5]));
        assert_eq!(values(&gini), None);
        let theil = table(r#"["theil-t",0.7,10]"#);
        assert_eq!(values(&format!("{gini}{theil}")), Some([0.5, 0.7, 0.0]));
        assert_eq!(values("0.5 NA\n"), None);
    }

    #[test]
    fn a_command_that_fails_has_no_cost() {
        assert!(watched(&["false".to_owned()]).is_none());
        assert!(watched(&["no-such-program".to_owned()]).is_none());
    }
}

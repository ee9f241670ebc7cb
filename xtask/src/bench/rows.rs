//! A whole job on micro-data: a CSV of firms is read, the weighted Gini and Theil's T by 3,000 regions come out. Ours beside pandas,
//! polars and data.table, in one run, with the most memory each one had.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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
}

/// What a job took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    time: Duration,
    /// Most memory at a time, in KiB.
    memory: u64,
}

/// Measures and returns a table in Markdown.
pub(super) fn measured(root: &Path, python: &Path, peers: bool) -> Result<String, BenchError> {
    let quyu = built(root)?;
    let inputs = super::target(root).join("bench");
    let table = made(&inputs)?;
    let mut text = format!(
        "A CSV of {ROWS} rows, {REGIONS} regions. The quickest of {RUNS} runs; memory is the most of a run.\n\n"
    );
    text.push_str("| program | s | MiB | times ours | times our memory |\n|---|---:|---:|---:|---:|\n");
    let mut ours = None;
    for job in jobs(root, &quyu, &table, python, peers) {
        let Some(cost) = cheapest(&job) else {
            // Writing to a string fails at nothing.
            let _ = writeln!(
                text,
                "| {} | skipped: it is not installed, or failed | | | |",
                job.name
            );
            continue;
        };
        let first = *ours.get_or_insert(cost);
        let _ = writeln!(
            text,
            "| {} | {:.2} | {} | {:.1} | {:.1} |",
            job.name,
            cost.time.as_secs_f64(),
            cost.memory / 1024,
            cost.time.as_secs_f64() / first.time.as_secs_f64(),
            cost.memory as f64 / first.memory as f64
        );
    }
    text.push_str(&start_up(root, &quyu, &inputs)?);
    Ok(text)
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
    let path = folder.join(format!("firms-{ROWS}.csv"));
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
        // A product of four draws: many small firms and few large ones.
        let output = (1..=4).map(|_| (below(1000) + 1) as f64 / 100.0).product::<f64>();
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
        let flags = "--rows --value output --weight employees --format csv";
        let words = words.split(' ').map(str::to_owned);
        let rest = std::iter::once(table.clone()).chain(flags.split(' ').map(str::to_owned));
        std::iter::once(quyu.clone()).chain(words).chain(rest).collect()
    };
    let (gini, theil) = (ours("gini"), ours("decompose --group region"));
    let mut jobs = vec![
        Job {
            name: "quyu gini, then quyu decompose",
            commands: vec![gini.clone(), theil.clone()],
        },
        Job {
            name: "of which quyu gini",
            commands: vec![gini],
        },
        Job {
            name: "of which quyu decompose",
            commands: vec![theil],
        },
    ];
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
        jobs.extend([
            Job {
                name: "polars and numpy",
                commands: by_python("polars"),
            },
            Job {
                name: "pandas and numpy",
                commands: by_python("pandas"),
            },
            Job {
                name: "pandas and PySAL, without weights and regions",
                commands: by_python("pysal"),
            },
            Job {
                name: "R data.table",
                commands: vec![vec!["Rscript".to_owned(), script("rows.R"), table.clone()]],
            },
        ]);
    }
    jobs
}

/// The quickest run, with the most memory that any had.
fn cheapest(job: &Job) -> Option<Cost> {
    let mut best: Option<Cost> = None;
    for _ in 0..RUNS {
        let mut cost = Cost {
            time: Duration::ZERO,
            memory: 0,
        };
        for command in &job.commands {
            let own = watched(command)?;
            cost.time += own.time;
            cost.memory = cost.memory.max(own.memory);
        }
        best = Some(best.map_or(cost, |b| Cost {
            time: b.time.min(cost.time),
            memory: b.memory.max(cost.memory),
        }));
    }
    best
}

/// Runs a command and asks the system how much memory it has; `None` if it fails.
fn watched(command: &[String]) -> Option<Cost> {
    let (program, args) = command.split_first()?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
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
    done.success().then_some(Cost { time, memory })
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
    fn a_command_that_fails_has_no_cost() {
        assert!(watched(&["false".to_owned()]).is_none());
        assert!(watched(&["no-such-program".to_owned()]).is_none());
    }
}

//! `cargo xtask bench`: how fast we are, alone or beside other packages and what the machine can do at all.

mod lines;
mod rows;
mod table;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::checkout;
use lines::{Line, Measured, Output, Skipped};

/// What to measure.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --peers only our side is measured and printed, and nothing is written. With --peers the packages of Python and R \
that are installed are measured after it, on the same inputs (target/bench), and the table of benches/README.md is \
written; what is not installed is named as skipped. With --only nothing is written.\n\n\
The machine should be doing nothing else. Exit codes: 0 measured, 1 something failed.")]
pub(crate) struct BenchArgs {
    /// Measure other packages, too, and write benches/README.md.
    #[arg(long)]
    peers: bool,
    /// The Python that has the packages.
    #[arg(long, value_name = "PATH", default_value = "python3")]
    python: PathBuf,
    /// Measure these tasks only.
    #[arg(long, value_name = "TASK", value_delimiter = ',')]
    only: Vec<String>,
    /// Measure a whole job on ten million rows of micro-data instead, memory included; with --peers beside pandas, polars and
    /// data.table, and written to benches/rows.md.
    #[arg(long, conflicts_with = "only")]
    rows: bool,
}

/// What keeps us from measuring.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// There is no such task.
    #[error("there is no task `{name}`; the tasks are {}", table::names().join(", "))]
    UnknownTask {
        /// What was asked for.
        name: String,
    },
    /// Our side did not run to its end.
    #[error("our own benchmark failed: {what}")]
    Ours {
        /// What happened.
        what: String,
    },
    /// A line of output that is none.
    #[error("{program} printed a line that is no measurement: {line}")]
    Form {
        /// Who printed it.
        program: String,
        /// The line.
        line: String,
    },
    /// A file.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The place of the table is gone.
    #[error("{}: the lines `{}` and `{}` must enclose the table", path.display(), table::BEGIN, table::END)]
    Markers {
        /// The file.
        path: PathBuf,
    },
}

/// Everything that was measured in one run.
#[derive(Debug, Default)]
struct Run {
    ours: Vec<Measured>,
    peers: Vec<Measured>,
    skipped: Vec<Skipped>,
}

/// Measures, prints, and with `--peers` writes.
#[expect(clippy::print_stdout, reason = "xtask talks to a person")]
pub(crate) fn run(args: &BenchArgs) -> Result<(), BenchError> {
    if let Some(name) = args.only.iter().find(|n| !table::names().contains(&n.as_str())) {
        return Err(BenchError::UnknownTask { name: name.clone() });
    }
    let root = checkout::root();
    let machine = table::Machine::here();
    if args.rows {
        let text = format!(
            "{}\n\n{}",
            machine.line(),
            rows::measured(&root, &args.python, args.peers)?
        );
        println!("{text}");
        return match args.peers {
            true => written(
                &root.join("benches/rows.md"),
                &format!("# Micro-data, end to end\n\n{text}"),
            ),
            false => Ok(()),
        };
    }
    let inputs = target(&root).join("bench");
    let mut run = Run::default();
    measure_ours(&root, &inputs, args, &mut run)?;
    if args.peers {
        let folder = root.join("benches/peers");
        let python = Command::new(&args.python);
        measure_peers(python, &folder.join("peers.py"), &inputs, args, &mut run)?;
        let r = Command::new("Rscript");
        measure_peers(r, &folder.join("peers.R"), &inputs, args, &mut run)?;
    }
    let text = table::text(&run, &machine);
    println!("{text}");
    if args.peers && args.only.is_empty() {
        let path = root.join("benches/README.md");
        write(&path, &text)?;
        println!("written to benches/README.md");
    }
    Ok(())
}

/// Where cargo builds, and where the inputs may lie.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

fn measure_ours(root: &Path, inputs: &Path, args: &BenchArgs, run: &mut Run) -> Result<(), BenchError> {
    let failed = |what: String| BenchError::Ours { what };
    let mut command = checkout::cargo();
    command
        .args([
            "bench",
            "--locked",
            "--package",
            "quyu-econometrics",
            "--bench",
            "timings",
            "--",
        ])
        .arg("--inputs")
        .arg(inputs)
        .args(&args.only)
        .current_dir(root);
    let output = lines_of(&mut command, "our benchmark").map_err(|error| match error {
        Stopped::NotStarted(what) | Stopped::Failed(what) => failed(what),
        Stopped::Form(error) => error,
    })?;
    run.ours = output.measured;
    if run.ours.is_empty() {
        return Err(failed("it measured nothing".into()));
    }
    Ok(())
}

/// A side that cannot run is a line among what was skipped: the others still count.
fn measure_peers(
    mut command: Command,
    script: &Path,
    inputs: &Path,
    args: &BenchArgs,
    run: &mut Run,
) -> Result<(), BenchError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let program = Path::new(&program)
        .file_name()
        .map_or(program.clone(), |n| n.to_string_lossy().into_owned());
    command.arg(script).arg(inputs).args(&args.only);
    match lines_of(&mut command, &program) {
        Ok(output) => {
            run.peers.extend(output.measured);
            run.skipped.extend(output.skipped);
        }
        Err(Stopped::NotStarted(why) | Stopped::Failed(why)) => run.skipped.push(Skipped {
            skipped: program,
            tasks: Vec::new(),
            why,
        }),
        Err(Stopped::Form(error)) => return Err(error),
    }
    Ok(())
}

/// Why a program gave no complete output.
enum Stopped {
    NotStarted(String),
    Failed(String),
    Form(BenchError),
}

/// Runs a program and reads its lines as they come, showing each as progress.
#[expect(clippy::print_stderr, reason = "xtask talks to a person")]
fn lines_of(command: &mut Command, program: &str) -> Result<Output, Stopped> {
    let not_started = |error: std::io::Error| Stopped::NotStarted(format!("cannot be started: {error}"));
    let failed = |error: std::io::Error| Stopped::Failed(error.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(not_started)?;
    let mut output = Output::default();
    let mut wrong = None;
    if let Some(stdout) = child.stdout.take() {
        for text in BufReader::new(stdout).lines() {
            let text = text.map_err(failed)?;
            eprintln!("{program}: {text}");
            match Line::parse(&text) {
                Some(line) => output.push(line),
                None if text.trim().is_empty() => {}
                None => wrong = wrong.or(Some(text)),
            }
        }
    }
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        return Err(Stopped::Failed(format!("ended with {status}")));
    }
    match wrong {
        None => Ok(output),
        Some(line) => Err(Stopped::Form(BenchError::Form {
            program: program.to_owned(),
            line,
        })),
    }
}

fn written(path: &Path, text: &str) -> Result<(), BenchError> {
    std::fs::write(path, text).map_err(|source| BenchError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Puts the text between the markers of the file.
fn write(path: &Path, text: &str) -> Result<(), BenchError> {
    let io = |source| BenchError::Io {
        path: path.to_owned(),
        source,
    };
    let old = std::fs::read_to_string(path).map_err(io)?;
    let new = table::between_markers(&old, text).ok_or_else(|| BenchError::Markers {
        path: path.to_owned(),
    })?;
    std::fs::write(path, new).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_skipped_by_name() {
        let args = BenchArgs {
            peers: true,
            python: PathBuf::from("no-such-python"),
            only: Vec::new(),
            rows: false,
        };
        let mut run = Run::default();
        let here = Path::new(".");
        measure_peers(Command::new(&args.python), here, here, &args, &mut run).unwrap();
        assert_eq!(run.skipped[0].skipped, "no-such-python");
        assert!(
            run.skipped[0].why.starts_with("cannot be started"),
            "{:?}",
            run.skipped
        );
    }

    #[test]
    fn the_readme_has_a_place_for_the_table() {
        let readme = std::fs::read_to_string(checkout::root().join("benches/README.md")).unwrap();
        let new = table::between_markers(&readme, "the table").unwrap();
        assert!(new.contains(&format!("{}\n\nthe table\n\n{}", table::BEGIN, table::END)));
    }

    #[test]
    fn an_unknown_task_is_refused_before_anything_is_built() {
        let args = BenchArgs {
            peers: false,
            python: PathBuf::from("python3"),
            only: vec!["gini_1e8".into()],
            rows: false,
        };
        let error = run(&args).unwrap_err().to_string();
        assert!(
            error.starts_with("there is no task `gini_1e8`; the tasks are"),
            "{error}"
        );
    }
}

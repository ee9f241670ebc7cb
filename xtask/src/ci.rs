//! `cargo xtask ci`: everything that must hold before a change is taken, each step timed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use clap::Args;
use quyu_core::suggest::Near;

use crate::{checkout, site};

/// What to check.
#[derive(Debug, Args)]
#[command(after_help = "\
All steps run, whatever fails before them; the end of the output says which passed and how long each took. The step \
`site` is skipped, and says so, where Chromium or npm is missing; `engines` where no Python has the engines. `--only` runs some steps, `--list` names them.\n\n\
Exit codes: 0 everything passed, 1 a step failed, 2 there is no such step.")]
pub(crate) struct CiArgs {
    /// Run these steps only.
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<String>,
    /// Name the steps and their commands, and run nothing.
    #[arg(long)]
    list: bool,
}

/// Who carries out a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Cargo,
    Xtask,
}

/// One step.
#[derive(Debug)]
struct Step {
    name: &'static str,
    program: Program,
    args: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
}

const fn step(name: &'static str, program: Program, args: &'static [&'static str]) -> Step {
    Step {
        name,
        program,
        args,
        env: &[],
    }
}

/// The steps, those that answer within seconds first. All of cargo's build the whole workspace with the features that
/// `cargo xtask` itself was built with, so that no dependency is compiled more than once for building (tests, tasks)
/// and once for checking (clippy, docs).
const STEPS: &[Step] = &[
    step("fmt", Program::Cargo, &["fmt", "--all", "--check"]),
    step("tidy", Program::Xtask, &["tidy"]),
    // The fuzz targets would build Polars once more; that their versions are still right is known at once.
    step(
        "fuzz",
        Program::Cargo,
        &[
            "tree",
            "--locked",
            "--depth",
            "0",
            "--manifest-path",
            "tests/fuzz/Cargo.toml",
        ],
    ),
    step("datasets", Program::Xtask, &["datasets", "--check"]),
    step("report", Program::Xtask, &["report", "--check"]),
    step("gallery", Program::Xtask, &["gallery", "--check"]),
    step(
        "clippy",
        Program::Cargo,
        &[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ),
    Step {
        name: TEST,
        program: Program::Cargo,
        args: &["test", "--locked", "--workspace", "--no-fail-fast"],
        env: &[("INSTA_UPDATE", "no")],
    },
    Step {
        name: "docs",
        program: Program::Cargo,
        args: &["doc", "--locked", "--workspace", "--no-deps"],
        env: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    step("guide", Program::Xtask, &["guide", "--book"]),
    step("new-analysis", Program::Xtask, &["new-analysis", "--check"]),
    step(ENGINES, Program::Xtask, &["engines"]),
    step(
        "peers",
        Program::Cargo,
        &[
            "test",
            "--locked",
            "--manifest-path",
            "tests/peers/Cargo.toml",
            "--target-dir",
            "target/peers",
        ],
    ),
    step(SITE, Program::Xtask, &["site"]),
];

/// The step that opens the pages in a browser, and is skipped where there is none.
const SITE: &str = "site";
/// The step that asks other engines, and is skipped where there is no Python that has them.
const ENGINES: &str = "engines";
/// The step with all tests and doctests.
const TEST: &str = "test";

/// What became of a step.
#[derive(Debug)]
struct Outcome {
    name: &'static str,
    time: Duration,
    verdict: Verdict,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Passed,
    /// It says itself which program it wants.
    Skipped,
    Failed(String),
}

impl Step {
    fn command(&self, root: &Path) -> std::io::Result<Command> {
        let mut command = match self.program {
            Program::Cargo => checkout::cargo(),
            Program::Xtask => Command::new(std::env::current_exe()?),
        };
        command
            .args(self.args)
            .envs(self.env.iter().copied())
            .current_dir(root);
        Ok(command)
    }

    /// The command as somebody would type it.
    fn shown(&self) -> String {
        let set = self.env.iter().map(|(k, v)| format!("{k}=\"{v}\""));
        let program = match self.program {
            Program::Cargo => "cargo",
            Program::Xtask => "cargo xtask",
        };
        let words = std::iter::once(program.to_owned()).chain(self.args.iter().map(|a| (*a).to_owned()));
        set.chain(words).collect::<Vec<_>>().join(" ")
    }

    fn run(&self, root: &Path) -> Outcome {
        let start = Instant::now();
        let verdict = match self.name {
            TEST => self.run_tests(root),
            _ => self.run_plain(root, None),
        };
        Outcome {
            name: self.name,
            time: start.elapsed(),
            verdict,
        }
    }

    fn run_plain(&self, root: &Path, snapshots: Option<&Path>) -> Verdict {
        let mut command = match self.command(root) {
            Ok(command) => command,
            Err(error) => return Verdict::Failed(error.to_string()),
        };
        if let Some(list) = snapshots {
            command.env("INSTA_SNAPSHOT_REFERENCES_FILE", list);
        }
        match command.status() {
            Ok(status) if status.success() => Verdict::Passed,
            Ok(status)
                if [SITE, ENGINES].contains(&self.name)
                    && status.code() == Some(i32::from(site::SKIPPED)) =>
            {
                Verdict::Skipped
            }
            Ok(status) => Verdict::Failed(status.to_string()),
            Err(error) => Verdict::Failed(error.to_string()),
        }
    }

    /// The tests, and then: is there a snapshot that none of them looked at?
    fn run_tests(&self, root: &Path) -> Verdict {
        let list = match tempfile::NamedTempFile::new() {
            Ok(file) => file,
            Err(error) => return Verdict::Failed(error.to_string()),
        };
        let tests = self.run_plain(root, Some(list.path()));
        if tests != Verdict::Passed {
            return tests;
        }
        let orphans = std::fs::read_to_string(list.path()).and_then(|used| orphans(root, &used));
        match orphans {
            Ok(orphans) if orphans.is_empty() => Verdict::Passed,
            Ok(orphans) => Verdict::Failed(format!("no test looks at {}: delete it", orphans.join(", "))),
            Err(error) => Verdict::Failed(error.to_string()),
        }
    }
}

/// Snapshots of the project that are not in the list that the tests left.
fn orphans(root: &Path, used: &str) -> std::io::Result<Vec<String>> {
    let whole = |path: PathBuf| path.canonicalize().unwrap_or(path);
    let used: BTreeSet<PathBuf> = used.lines().map(|line| whole(root.join(line))).collect();
    let mut found = Vec::new();
    for file in checkout::files(root)? {
        let is_snapshot = file.extension().is_some_and(|e| e == "snap");
        if is_snapshot && !used.contains(&whole(root.join(&file))) {
            found.push(file.display().to_string());
        }
    }
    Ok(found)
}

/// The steps that were asked for, in the order of the list.
fn chosen(only: &[String]) -> Result<Vec<&'static Step>, String> {
    if let Some(unknown) = only.iter().find(|o| !STEPS.iter().any(|s| s.name == o.as_str())) {
        let near = Near::to(unknown, STEPS.iter().map(|s| s.name));
        return Err(format!("there is no step `{unknown}`{near}"));
    }
    let wanted = |s: &&Step| only.is_empty() || only.iter().any(|o| o == s.name);
    Ok(STEPS.iter().filter(wanted).collect())
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
fn shown(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..100 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// What passed, and how long each step took.
fn summary(outcomes: &[Outcome]) -> String {
    let mut text = String::from("\nstep          result   time\n");
    for outcome in outcomes {
        let result = match outcome.verdict {
            Verdict::Passed => "passed",
            Verdict::Skipped => "SKIPPED",
            Verdict::Failed(_) => "FAILED",
        };
        text.push_str(&format!(
            "{:<13} {result:<8} {}\n",
            outcome.name,
            shown(outcome.time)
        ));
    }
    for outcome in outcomes {
        match &outcome.verdict {
            Verdict::Passed => {}
            Verdict::Skipped => text.push_str(&format!(
                "\n{0}: SKIPPED, it proves nothing: `cargo xtask {0}` says what to install\n",
                outcome.name
            )),
            Verdict::Failed(fault) => text.push_str(&format!("\n{}: {fault}\n", outcome.name)),
        }
    }
    let total: Duration = outcomes.iter().map(|o| o.time).sum();
    let passed = outcomes.iter().filter(|o| o.verdict == Verdict::Passed);
    text.push_str(&format!(
        "\n{} of {} steps passed in {}\n",
        passed.count(),
        outcomes.len(),
        shown(total)
    ));
    text
}

/// Runs the steps and says how they went.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to a person"
)]
pub(crate) fn run(args: &CiArgs) -> ExitCode {
    let steps = match chosen(&args.only) {
        Ok(steps) => steps,
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    };
    if args.list {
        for step in steps {
            println!("{:<13} {}", step.name, step.shown());
        }
        return ExitCode::SUCCESS;
    }
    let root = checkout::root();
    let mut outcomes = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        println!(
            "\n== {} ({} of {}): {}",
            step.name,
            i + 1,
            steps.len(),
            step.shown()
        );
        outcomes.push(step.run(&root));
    }
    print!("{}", summary(&outcomes));
    if outcomes.iter().any(|o| matches!(o.verdict, Verdict::Failed(_))) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name_and_run_in_the_order_of_the_list() {
        let names = |only: &[&str]| -> Result<Vec<&str>, String> {
            let only: Vec<String> = only.iter().map(|o| (*o).to_owned()).collect();
            Ok(chosen(&only)?.iter().map(|s| s.name).collect())
        };
        assert_eq!(names(&["docs", "fmt"]).unwrap(), ["fmt", "docs"]);
        assert_eq!(names(&[]).unwrap().len(), STEPS.len());
        let error = names(&["clipy"]).unwrap_err();
        assert!(error.contains("did you mean `clippy`?"), "{error}");
    }

    #[test]
    fn the_summary_says_what_failed_and_why() {
        let outcome = |name, verdict, ms| Outcome {
            name,
            time: Duration::from_millis(ms),
            verdict,
        };
        let text = summary(&[
            outcome("fmt", Verdict::Passed, 400),
            outcome("test", Verdict::Failed("exit status: 101".into()), 185_000),
            outcome("site", Verdict::Skipped, 3_000),
        ]);
        let expected = "
step          result   time
fmt           passed   0.4 s
test          FAILED   3 min 05 s
site          SKIPPED  3.0 s

test: exit status: 101

site: SKIPPED, it proves nothing: `cargo xtask site` says what to install

1 of 3 steps passed in 3 min 08 s
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_snapshot_that_no_test_used_is_an_orphan() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["used.snap", "left.snap", "code.rs"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let used = format!("{}\n", folder.path().join("used.snap").display());
        assert_eq!(orphans(folder.path(), &used).unwrap(), ["left.snap"]);
    }

    #[test]
    fn a_step_that_cannot_run_has_failed() {
        let version = step("version", Program::Cargo, &["--version"]);
        let failed = version.run(Path::new("no/such/folder")).verdict;
        assert!(matches!(failed, Verdict::Failed(_)), "{failed:?}");
        assert_eq!(version.run(&checkout::root()).verdict, Verdict::Passed);
    }
}

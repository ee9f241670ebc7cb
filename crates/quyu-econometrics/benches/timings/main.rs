//! Our side of the comparison of speed with other packages: one line of JSON for each task.
//!
//! `cargo xtask bench` runs this. By hand: `cargo bench -p quyu-econometrics --bench timings -- [--inputs DIR] [TASK]...`. With
//! `--inputs` the inputs are also written to the folder, as doubles in little-endian order, for the other side to read.
//! `benches/README.md` says what each task is.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod inputs;
mod tasks;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

/// Timed runs of a task: at least so many,
const FEWEST: usize = 5;
/// and more of a short one, up to so many
const MOST: usize = 101;
/// or until they took so many seconds together.
const ENOUGH: f64 = 1.0;

/// What to measure, and where the inputs go.
struct Bench {
    inputs: Option<PathBuf>,
    only: Vec<String>,
}

impl Bench {
    /// Reads the arguments. Cargo itself adds `--bench`.
    fn from_args() -> Self {
        let mut bench = Bench {
            inputs: None,
            only: Vec::new(),
        };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--inputs" => bench.inputs = args.next().map(PathBuf::from),
                "--bench" => {}
                task => bench.only.push(task.to_owned()),
            }
        }
        bench
    }

    /// Whether any of these is asked for.
    fn wants(&self, tasks: &[&str]) -> bool {
        self.only.is_empty() || tasks.iter().any(|task| self.only.iter().any(|o| o == task))
    }

    /// Writes an input for the other side. The shape is part of the name.
    fn write(&self, name: &str, rows: usize, cols: usize, data: &[f64]) {
        assert_eq!(data.len(), rows * cols, "{name}");
        let Some(folder) = &self.inputs else { return };
        let bytes: Vec<u8> = data.iter().flat_map(|v| v.to_le_bytes()).collect();
        let file = folder.join(format!("{name}-{rows}x{cols}.f64"));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&file, bytes))
            .expect("a folder that takes the inputs");
    }

    /// Times a task after one run to warm up. It returns a value that the other side computes, too, or NaN where that is a matter
    /// of chance.
    fn time(&self, task: &str, mut run: impl FnMut() -> f64) {
        self.time_with(task, || (), |()| run());
    }

    /// As [`Bench::time`], with something made anew before each run and outside of the measured time.
    fn time_with<T>(&self, task: &str, mut make: impl FnMut() -> T, mut run: impl FnMut(T) -> f64) {
        if !self.wants(&[task]) {
            return;
        }
        let value = run(make());
        let (mut seconds, mut spent) = (Vec::new(), 0.0);
        while seconds.len() < FEWEST || (seconds.len() < MOST && spent < ENOUGH) {
            let made = make();
            let start = Instant::now();
            black_box(run(black_box(made)));
            let taken = start.elapsed().as_secs_f64();
            spent += taken;
            seconds.push(taken);
        }
        println!("{}", line(task, &mut seconds, value));
    }
}

fn line(task: &str, seconds: &mut [f64], value: f64) -> serde_json::Value {
    seconds.sort_unstable_by(f64::total_cmp);
    // The lower median of an even number: a time that was measured.
    let median = seconds[(seconds.len() - 1) / 2];
    let mut line = serde_json::json!({ "task": task, "median_s": median, "runs": seconds.len() });
    if value.is_finite() {
        line["value"] = value.into();
    }
    line
}

fn main() {
    let bench = Bench::from_args();
    tasks::disparity(&bench);
    tasks::decomposition(&bench);
    tasks::bootstrap(&bench);
    tasks::shift_share(&bench);
    tasks::space(&bench);
    tasks::clusters(&bench);
    tasks::markov(&bench);
    tasks::complexity_index(&bench);
    tasks::convergence_clubs(&bench);
    tasks::composite_index(&bench);
}

//! What the tests of hostile input share: how many cases, how many calls were made, and what counts as an answer.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p quyu-econometrics --test laws hostile -- --nocapture` throws more, and prints for
//! each test how many calls of public functions it made.

use proptest::prelude::ProptestConfig;
use quyu_econometrics::{Error, Matrix};
use std::cell::Cell;
use std::fmt::{Debug, Write};

/// So many cases, unless `PROPTEST_CASES` asks for another number.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES");
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(asked.ok().and_then(|n| n.parse().ok()).unwrap_or(usual))
    }
}

/// Calls of one test, which has a thread of its own.
struct Calls(Cell<u64>);

impl Drop for Calls {
    #[allow(clippy::print_stdout, reason = "told to whoever asks to see what tests print")]
    fn drop(&mut self) {
        if std::env::args().any(|arg| arg == "--nocapture") {
            println!(
                "{}: {} calls",
                std::thread::current().name().unwrap_or("a test"),
                self.0.get()
            );
        }
    }
}

thread_local! {
    static CALLS: Calls = const { Calls(Cell::new(0)) };
}

/// Counts a call and hands its result on.
pub(crate) fn call<T>(result: T) -> T {
    CALLS.with(|calls| calls.0.set(calls.0.get() + 1));
    result
}

/// Counts a call whose result is an error, or holds no NaN and no infinity anywhere.
#[track_caller]
pub(crate) fn answer<T: Debug>(result: Result<T, Error>) -> Option<T> {
    let found = call(result).ok()?;
    let mut seen = NotFinite(false);
    write!(seen, "{found:?}").expect("nothing fails to be seen");
    assert!(!seen.0, "{found:?}");
    Some(found)
}

/// A number is written in a piece of its own, so that no name is taken for one.
struct NotFinite(bool);

impl Write for NotFinite {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        self.0 |= piece == "NaN" || piece == "inf";
        Ok(())
    }
}

/// A matrix over as many of the values as fill whole rows; none if there is not a row.
pub(crate) fn table(cells: &[f64], cols: usize) -> Option<Matrix<'_>> {
    let rows = cells.len() / cols;
    Matrix::new(&cells[..rows * cols], rows, cols).ok()
}

#[test]
fn an_answer_is_searched_for_what_is_not_finite() {
    assert!(answer(Ok(vec![Some(1.0), None])).is_some());
    assert!(answer::<f64>(Err(Error::Empty { argument: "x" })).is_none());
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let thrown = std::panic::catch_unwind(|| answer(Ok((1.0, vec![Some(odd)]))));
        assert!(thrown.is_err(), "{odd}");
    }
}

/// The names of the public functions of a folder of sources: those that its `mod.rs` files name.
fn public_functions(folder: &std::path::Path) -> Vec<String> {
    let (mut sources, mut lists) = (Vec::new(), String::new());
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.ends_with("mod.rs") => {
                    lists += &std::fs::read_to_string(path).expect("a text");
                }
                false => sources.push(std::fs::read_to_string(path).expect("a text")),
            }
        }
    }
    let listed: Vec<&str> = lists.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let name = |line: &str| {
        line.strip_prefix("pub fn ")?
            .split(['(', '<'])
            .next()
            .map(str::to_owned)
    };
    let names = sources.iter().flat_map(|source| source.lines().filter_map(name));
    names.filter(|name| listed.contains(&name.as_str())).collect()
}

#[test]
fn every_public_function_is_thrown_at() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = String::new();
    for entry in std::fs::read_dir(root.join("tests/laws")).expect("the tests") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        if path.to_string_lossy().ends_with("_hostile.rs") || text.contains("fn hostile") {
            tests += &text;
        }
    }
    let (mut count, mut spared) = (0, Vec::new());
    for family in [
        "convergence",
        "disparity",
        "inference",
        "profiles",
        "regression",
        "shift_share",
        "space",
        "structure",
    ] {
        for name in public_functions(&root.join("src").join(family)) {
            let called = |before: &str| tests.contains(&format!("{before}{name}("));
            if ![" ", "(", "::", "!"].iter().any(|before| called(before)) {
                spared.push(format!("{family}: {name}"));
            }
            count += 1;
        }
    }
    assert!(spared.is_empty(), "{spared:?}");
    assert!(count > 150, "{count} functions found");
}

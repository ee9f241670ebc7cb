//! How unequal are regions, and does the answer depend on the index? A table of indices for two years.
//!
//! `cargo run -p quyu-econometrics --example disparity`

#![allow(clippy::print_stdout, reason = "a program that shows a table")]

use quyu_econometrics::Error;
use quyu_econometrics::disparity::{CvOptions, Dominance, GiniOptions, Index, LogCentre, Running, lorenz};

/// Population (10,000 persons) and GDP per head (1,000 yuan) of ten regions, first and last year.
const POPULATION: [f64; 10] = [80.0, 80.0, 80.0, 80.0, 80.0, 160.0, 160.0, 160.0, 160.0, 160.0];
const FIRST: [f64; 10] = [10.0, 10.0, 20.0, 20.0, 40.0, 10.0, 10.0, 20.0, 20.0, 40.0];
const LAST: [f64; 10] = [20.0, 20.0, 40.0, 160.0, 160.0, 10.0, 10.0, 20.0, 20.0, 40.0];

fn main() -> Result<(), Error> {
    let weights = Some(&POPULATION[..]);
    let indices = [
        ("Gini", Index::Gini(GiniOptions::default())),
        ("Theil T", Index::TheilT),
        ("Theil L", Index::Mld),
        ("GE(2)", Index::Ge(2.0)),
        ("Atkinson(0.5)", Index::Atkinson(0.5)),
        ("CV (Williamson)", Index::Cv(CvOptions::default())),
        ("Hoover", Index::Hoover),
        ("Variance of logs", Index::VarianceOfLogs(LogCentre::MeanOfLogs)),
        ("P90/P10", Index::QuantileRatio { high: 0.9, low: 0.1 }),
    ];
    println!("{:<18}{:>8}{:>8}", "index", "first", "last");
    for (name, index) in indices {
        let (first, last) = (index.of(&FIRST, weights)?, index.of(&LAST, weights)?);
        println!("{name:<18}{first:>8.4}{last:>8.4}");
    }

    // If one Lorenz curve lies above the other, every index that obeys the transfer principle agrees.
    let verdict = lorenz(&FIRST, weights)?.dominance(&lorenz(&LAST, weights)?, 1e-12);
    let words = match verdict {
        Dominance::First => "the first year is more equal by every such index",
        Dominance::Second => "the last year is more equal by every such index",
        Dominance::Equal => "the two curves are the same",
        Dominance::Crossing => "the curves cross: indices may disagree",
    };
    println!("Lorenz: {words}");

    // Rows that arrive in parts, from a file too large for memory or from another machine.
    let mut stream = Running::new(Index::TheilT)?;
    for (x, w) in LAST.chunks(3).zip(POPULATION.chunks(3)) {
        stream.push(x, Some(w))?;
    }
    println!("Theil T of the last year, in parts: {:.4}", stream.value()?);
    Ok(())
}

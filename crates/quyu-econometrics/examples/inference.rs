//! How sure is an index? Four intervals of the Gini index, and a test of its change between two years.
//!
//! Regions are a population, not a sample: an interval says how far the index would move if the same process had drawn such
//! regions again.
//!
//! `cargo run -p quyu-econometrics --example inference`

#![allow(clippy::print_stdout, reason = "a program that shows a table")]

use quyu_econometrics::Error;
use quyu_econometrics::disparity::{GiniOptions, Index};
use quyu_econometrics::inference::{
    Acceleration, BootstrapOptions, GiniLinearisation, PermutationOptions, QuantileRule, Sampled,
    bootstrap_difference, bootstrap_index, difference_test, jackknife_index, linearised,
};

const POPULATION: [f64; 10] = [80.0, 80.0, 80.0, 80.0, 80.0, 160.0, 160.0, 160.0, 160.0, 160.0];
const FIRST: [f64; 10] = [10.0, 10.0, 20.0, 20.0, 40.0, 10.0, 10.0, 20.0, 20.0, 40.0];
const LAST: [f64; 10] = [20.0, 20.0, 40.0, 160.0, 160.0, 10.0, 10.0, 20.0, 20.0, 40.0];

fn main() -> Result<(), Error> {
    let gini = Index::Gini(GiniOptions::default());
    let weights = Some(&POPULATION[..]);
    let options = BootstrapOptions {
        replicates: 1_999,
        seed: 1,
    };

    let draws = bootstrap_index(&LAST, weights, None, gini, &options)?;
    let jackknife = jackknife_index(&LAST, weights, gini)?;
    let by_weights = linearised(&LAST, weights, gini, GiniLinearisation::Derivative)?;
    println!("Gini of the last year: {:.4}", draws.estimate);
    println!("standard error, jackknife:  {:.4}", jackknife.std_error);
    println!("standard error, linearised: {:.4}", by_weights.std_error);
    let rule = QuantileRule::Normal;
    println!("{:<12}{:>8}{:>8}", "95 %", "low", "high");
    for (name, interval) in [
        ("percentile", draws.percentile(0.95, rule)?),
        ("basic", draws.basic(0.95, rule)?),
        ("normal", draws.normal(0.95)?),
        (
            "BCa",
            draws.bca(&jackknife, 0.95, rule, Acceleration::JackknifeMean)?,
        ),
    ] {
        println!("{name:<12}{:>8.4}{:>8.4}", interval.low, interval.high);
    }

    // The same regions in both years: draw a region once for both, and exchange its two years.
    let year = |x| Sampled { x, w: weights };
    let (first, last) = (year(&FIRST[..]), year(&LAST[..]));
    let change = bootstrap_difference(first, last, true, gini, &options)?;
    let interval = change.percentile(0.95, rule)?;
    let test = difference_test(first, last, true, gini, &PermutationOptions::default())?;
    println!(
        "change {:+.4} [{:+.4}, {:+.4}], p = {:.4} over {} exchanges",
        change.estimate,
        interval.low,
        interval.high,
        test.p_value,
        test.values.len()
    );
    Ok(())
}

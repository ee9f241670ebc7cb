//! Do regions converge? Sigma, beta, clubs and Markov chains of one panel, from a table in memory.
//!
//! `cargo run -p quyu-econometrics --example convergence`

#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use quyu_econometrics::convergence::markov::{ClassOptions, ClassRule, classes};
use quyu_econometrics::convergence::*;
use quyu_econometrics::regression::Covariance;
use quyu_econometrics::{Error, Matrix};

/// Income a head of twelve regions in ten years: made up. The first six catch up with each other, the others among themselves.
fn incomes() -> Vec<f64> {
    let region = |i: usize| {
        let (level, gap) = (
            if i < 6 { 100.0 } else { 60.0 },
            [-30.0, -18.0, -5.0, 8.0, 20.0, 33.0][i % 6],
        );
        (0..10).map(move |t: usize| {
            let year = t as f64;
            let noise = ((7 * i + 5 * t) % 9) as f64 * 0.1;
            (level + gap * quyu_math::pow(0.88, year) + noise) * (1.0 + 0.03 * year)
        })
    };
    (0..12).flat_map(region).collect()
}

fn main() -> Result<(), Error> {
    let cells = incomes();
    let panel = Matrix::new(&cells, 12, 10)?;
    let (first, last) = (panel.col(0), panel.col(9));

    // Sigma: does the spread fall?
    let change = sigma_change(&first, &last, &SigmaOptions::default())?;
    println!("sd of logs: {:.3} to {:.3}", change.first, change.last);
    if let Some(test) = change.carree_klomp {
        println!("  Carree-Klomp z = {:.2}, p = {:.4}", test.z, test.p_value);
    }

    // Beta: do the poor grow faster? Absolute, and within the two groups.
    let west: Vec<f64> = (0..12).map(|i| f64::from(u8::from(i < 6))).collect();
    let group = Matrix::new(&west, 12, 1)?;
    for (name, conditions) in [("absolute", None), ("conditional", Some(group))] {
        let fit = beta(&first, &last, 9.0, conditions, Covariance::Hc3)?;
        println!(
            "{name} beta: {:.4} (se {:.4})",
            fit.beta.estimate, fit.beta.std_error
        );
        if let Some(half_life) = fit.speed.and_then(|s| s.half_life) {
            println!(
                "  half-life {:.1} years (se {:.1})",
                half_life.estimate, half_life.std_error
            );
        }
    }

    // Clubs: who converges with whom? On trends of logarithms.
    let mut trends = Vec::new();
    for region in 0..12 {
        let logs: Vec<f64> = panel.row(region).iter().map(|y| quyu_math::ln(*y)).collect();
        trends.extend(hp_filter(&logs, 400.0)?.trend);
    }
    let found = clubs(Matrix::new(&trends, 12, 10)?, &ClubOptions::default())?;
    for (number, club) in found.clubs.iter().enumerate() {
        println!("club {}: regions {:?}", number + 1, club.members);
    }
    println!("diverging: {:?}", found.divergent);

    // Markov: how do regions move between three classes of relative income?
    let options = ClassOptions {
        rule: ClassRule::PooledQuantiles(3),
        relative: true,
    };
    let chain = classes(panel, &options)?.states.transitions()?.chain()?;
    for row in chain.p().chunks(3) {
        println!("  {:.2} {:.2} {:.2}", row[0], row[1], row[2]);
    }
    match chain.mobility(None) {
        Ok(mobility) => println!("mobility (Shorrocks): {:.3}", mobility.trace),
        // Here the poorest and the richest class are never left.
        Err(error) => println!("no index of mobility: {error}"),
    }
    Ok(())
}

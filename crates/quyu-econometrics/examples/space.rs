//! Do rich regions lie together? Borders, Moran's I with two kinds of inference, clusters, and a regression that allows for neighbours.
//!
//! `cargo run -p quyu-econometrics --example space`

#![expect(clippy::print_stdout, reason = "an example talks to a person")]

use quyu_econometrics::inference::PermutationOptions;
use quyu_econometrics::space::*;
use quyu_econometrics::{Error, Matrix};

fn main() -> Result<(), Error> {
    // Sixteen regions on a chessboard: incomes, and the share of graduates.
    let income = [
        9.1, 8.4, 6.0, 4.2, 8.8, 7.9, 5.1, 3.9, 6.2, 5.8, 4.4, 3.1, 5.0, 4.1, 3.6, 7.7,
    ];
    let graduates = [
        31.0, 28.0, 24.0, 18.0, 33.0, 25.0, 22.0, 15.0, 26.0, 21.0, 20.0, 12.0, 19.0, 18.0, 13.0, 30.0,
    ];
    let borders: Vec<(usize, usize)> = (0..16)
        .flat_map(|i| [(i, i + 1), (i, i + 4)])
        .filter(|(i, j)| *j < 16 && (j - i == 4 || i % 4 != 3))
        .collect();
    let w = Weights::contiguity(16, &borders)?.styled(Style::Row)?;

    let found = moran(&income, &w, Islands::Drop)?;
    let test = moran_test(&income, &w, Islands::Drop, &PermutationOptions::default())?;
    println!("Moran's I {:.3}, expected {:.3}", found.estimate, found.expected);
    println!("p {:.4} by {} permutations", test.p_value, test.values.len());

    let options = LocalMoranOptions::default();
    let permutations = PermutationOptions {
        permutations: 999,
        ..Default::default()
    };
    let tests = local_moran_test(&income, &w, &options, &permutations)?;
    let p: Vec<f64> = tests.iter().flatten().map(|test| test.p.two_sided).collect();
    let threshold = false_discovery_threshold(&p, 0.05)?;
    println!("a unit is significant up to p {threshold:?} (5 % false discoveries)");
    for (unit, (local, test)) in local_moran(&income, &w, &options)?.iter().zip(&tests).enumerate() {
        if let (Some(local), Some(test)) = (local, test)
            && test.p.two_sided <= 0.05
        {
            println!(
                "region {unit}: {} (I {:.2}, p {:.3})",
                local.quadrant.name(),
                local.estimate,
                test.p.two_sided
            );
        }
    }

    let x = Matrix::new(&graduates, 16, 1)?;
    let advice = lagrange_tests(&income, x, &w)?;
    println!(
        "lag p {:.3}, error p {:.3}: {:?}",
        advice.lag.p_value,
        advice.error.p_value,
        advice.choice(0.05)
    );
    let fit = spatial_lag(&income, x, &w)?;
    println!(
        "lag model: rho {:.3}, effect of one point of graduates {:.3}, of it at home {:.3}",
        fit.spatial.estimate, fit.impacts[0].total, fit.impacts[0].direct
    );
    Ok(())
}

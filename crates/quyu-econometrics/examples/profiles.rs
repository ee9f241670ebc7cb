//! From a table of indicators to a composite index, a typology, and how sure both are.
//!
//! `cargo run -p quyu-econometrics --example profiles`

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use quyu_econometrics::{Error, Matrix, profiles::*};

/// R&D per GDP (%), invention patents and papers per 10,000 persons, and energy per GDP, of which less is better.
const NAMES: [&str; 10] = [
    "Altera", "Borea", "Candia", "Dorania", "Estria", "Fluvia", "Gravia", "Halia", "Insula", "Jovia",
];
#[rustfmt::skip]
const TABLE: [f64; 40] = [
    1.0, 1.0, 0.5,  0.90,
    1.0, 1.0, 1.0,  0.80,
    2.0, 2.0, 1.0,  0.60,
    4.0, 8.0, 4.0,  0.35,
    4.0, 4.0, 8.0,  0.30,
    0.5, 0.5, 0.25, 1.10,
    0.5, 0.5, 0.5,  1.20,
    1.0, 1.0, 1.0,  0.85,
    1.0, 1.0, 0.5,  0.95,
    2.0, 4.0, 2.0,  0.50,
];
const DIRECTIONS: [Direction; 4] = [
    Direction::Higher,
    Direction::Higher,
    Direction::Higher,
    Direction::Lower,
];

fn main() -> Result<(), Error> {
    let table = Matrix::new(&TABLE, 10, 4)?;

    // One index: outliers treated, indicators on [1, 100], CRITIC weights, weighted mean.
    let options = CompositeOptions {
        outliers: OutlierRule::Winsorise(OutlierOptions::default()),
        weights: WeightRule::Critic,
        ..CompositeOptions::default()
    };
    let index = composite(table, &DIRECTIONS, &options)?;
    let effective = effective_weights(Matrix::new(&index.scores, 10, 4)?, &index.index)?;
    println!("nominal weights   {:.2?}", index.weights);
    println!("effective weights {effective:.2?}");

    // What do the ranks owe to the choices? Two treatments, two scales, two rules of weights, two means.
    let choices = CompositeChoices {
        weights: &[WeightRule::Critic, WeightRule::Equal],
        ..CompositeChoices::default()
    };
    let ranks = composite_sensitivity(table, &DIRECTIONS, &choices)?;
    for (r, name) in NAMES.iter().enumerate() {
        println!(
            "{name:8} index {:6.2}  rank {:2}  95 % of draws {:2} to {:2}",
            index.index[r], index.ranks[r], ranks.low[r], ranks.high[r]
        );
    }
    let sobol = composite_sobol(table, &DIRECTIONS, &choices, None)?;
    for (step, total) in sobol.steps.iter().zip(&sobol.indices.total) {
        println!(
            "{step:?} has a part in {:.0} % of the shifts in rank",
            total * 100.0
        );
    }

    // A typology: logarithms of what is skewed, z-scores, k-means with several k side by side.
    let logged = log_skewed(table, 1.0)?;
    let z = standardise(logged.matrix(), 0)?;
    let distances = Distances::euclidean(z.matrix())?;
    let kmeans_options = KMeansOptions::default();
    for k in 2..=4 {
        let labels = kmeans(z.matrix(), k, &kmeans_options)?.labels;
        println!(
            "k = {k}: silhouette {:.2}, Calinski-Harabasz {:.1}, Davies-Bouldin {:.2}",
            silhouette(&distances, &labels)?.mean,
            calinski_harabasz(z.matrix(), &labels)?,
            davies_bouldin(z.matrix(), &labels)?
        );
    }

    // How sure are we of two clusters? And what makes them, in the units of the indicators?
    let labels = kmeans(z.matrix(), 2, &kmeans_options)?.labels;
    let again = |rows: Matrix<'_>| Ok(kmeans(rows, 2, &kmeans_options)?.labels);
    let stability = cluster_stability(z.matrix(), &labels, again, &StabilityOptions::default())?;
    let made = separation(table, &labels)?;
    for cluster in 0..2 {
        let members: Vec<&str> = (0..10)
            .filter(|&r| labels[r] == cluster)
            .map(|r| NAMES[r])
            .collect();
        println!(
            "cluster {} (Jaccard {:.2}): {}; means {:.2?}",
            cluster + 1,
            stability.mean_jaccard[cluster],
            members.join(", "),
            &made.means[cluster * 4..(cluster + 1) * 4]
        );
    }
    let by_ward = ward(z.matrix())?.cut(2)?;
    println!(
        "adjusted Rand index with Ward {:.2}",
        agreement(&labels, &by_ward)?.adjusted_rand
    );

    // Who is like Jovia?
    for found in nearest_regions(table, 9, &MatchOptions::default())?
        .iter()
        .take(2)
    {
        println!("like Jovia: {} at {:.3}", NAMES[found.region], found.distance);
    }
    Ok(())
}

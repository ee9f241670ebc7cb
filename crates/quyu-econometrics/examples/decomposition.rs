//! What regional inequality consists of: by groups, by nested groups, by source, over time, and with neighbours.
//!
//! `cargo run -p quyu-econometrics --example decomposition`

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use quyu_econometrics::disparity::{
    Absent, Index, Year, decompose_ge, decompose_gini_dagum, decompose_nested, gini_by_source, mld_change,
    shapley_sources, spatial_gini,
};
use quyu_econometrics::{Error, Matrix};

/// GDP per head (1,000 yuan) and population (million) of eight regions in two years, invented.
const BEFORE: [f64; 8] = [21.0, 34.0, 18.0, 27.0, 12.0, 15.0, 11.0, 22.0];
const AFTER: [f64; 8] = [64.0, 98.0, 47.0, 71.0, 30.0, 33.0, 29.0, 58.0];
const HEADS_BEFORE: [f64; 8] = [6.1, 4.8, 7.0, 3.9, 5.5, 8.2, 3.1, 4.4];
const HEADS_AFTER: [f64; 8] = [6.6, 5.6, 6.9, 4.2, 5.2, 7.7, 2.9, 4.5];

/// Coast or interior, and a finer partition inside: labels start at 0, and may repeat between groups.
const ZONE: [usize; 8] = [0, 0, 0, 0, 1, 1, 1, 1];
const AREA: [usize; 8] = [0, 0, 1, 1, 0, 0, 1, 1];
const ZONES: [&str; 2] = ["coast", "interior"];

fn main() -> Result<(), Error> {
    let (x, w) = (&AFTER, Some(&HEADS_AFTER[..]));
    by_groups(x, w)?;
    by_source(w)?;
    over_time()?;

    // Regions in a row; each pair of neighbours in both directions.
    let edges: Vec<(usize, usize)> = (0..7).flat_map(|i| [(i, i + 1), (i + 1, i)]).collect();
    let map = spatial_gini(x, &edges)?;
    println!(
        "\nNeighbours hold {:.1} % of the Gini coefficient.",
        100.0 * map.neighbours / map.total
    );
    Ok(())
}

fn by_groups(x: &[f64], w: Option<&[f64]>) -> Result<(), Error> {
    // 1 is Theil's T, 0 the mean log deviation, 2 half the squared coefficient of variation.
    let theil = decompose_ge(x, w, &ZONE, 2, 1.0)?;
    println!("Theil T {:.4}: between zones {:.4}", theil.total, theil.between);
    for (name, zone) in ZONES.iter().zip(&theil.groups) {
        println!("  within the {name} {:.4} ({} regions)", zone.within, zone.n);
    }

    let nested = decompose_nested(x, w, &ZONE, 2, &AREA, 2, 1.0)?;
    println!(
        "  nested: zones {:.4}, areas inside zones {:.4}, inside areas {:.4}",
        nested.between_regions, nested.between_provinces, nested.within_provinces
    );

    let gini = decompose_gini_dagum(x, w, &ZONE, 2)?;
    println!(
        "Gini {:.4}: within {:.4}, net between {:.4}, transvariation {:.4}",
        gini.total, gini.within, gini.net_between, gini.transvariation
    );
    for pair in &gini.pairs {
        println!(
            "  {} and {}: Gini between the two {:.4}, relative affluence {:.3}",
            ZONES[pair.first], ZONES[pair.second], pair.gini, pair.affluence
        );
    }
    Ok(())
}

fn by_source(w: Option<&[f64]>) -> Result<(), Error> {
    // Row after row: industry, services and transfers per head of each region. Transfers equalise.
    let per_head = [
        30.0, 33.0, 1.0, 41.0, 56.0, 1.0, 22.0, 23.0, 2.0, 35.0, 35.0, 1.0, 11.0, 14.0, 5.0, 13.0, 16.0, 4.0,
        9.0, 14.0, 6.0, 27.0, 29.0, 2.0,
    ];
    let sources = Matrix::new(&per_head, 8, 3)?;
    let gini = gini_by_source(sources, w)?;
    // Any index, shared out so that the order of the sources does not matter.
    let theil = shapley_sources(sources, w, Absent::Mean, |x, w| Index::TheilT.of(x, w))?;
    println!("\nGini of the sum {:.4}", gini.total);
    for ((name, source), shapley) in ["industry", "services", "transfers"]
        .iter()
        .zip(&gini.sources)
        .zip(&theil)
    {
        println!(
            "  {name}: share {:.3}, contribution {:+.4}, marginal effect {:+.3}; Shapley share of Theil T {shapley:+.4}",
            source.share,
            source.absolute,
            source.marginal.unwrap_or(0.0)
        );
    }
    Ok(())
}

fn over_time() -> Result<(), Error> {
    let year = |x, w| Year {
        x,
        w: Some(w),
        groups: &ZONE,
    };
    let change = mld_change(year(&BEFORE, &HEADS_BEFORE), year(&AFTER, &HEADS_AFTER), 2)?;
    println!("\nTheil L from {:.4} to {:.4}", change.from, change.to);
    for (why, part) in [
        ("inequality inside the zones", change.within),
        (
            "people moved between zones",
            change.population_within + change.population_between,
        ),
        ("the zones grew apart", change.means),
    ] {
        println!("  {why}: {part:+.4}");
    }
    Ok(())
}

//! What four regions are specialised in, how concentrated their industries are, and what lies near to what they do.
//!
//! `cargo run -p quyu-econometrics --example structure`

use quyu_econometrics::{Error, Matrix, structure::*};

const REGIONS: [&str; 4] = ["Coast", "Delta", "Hills", "Plain"];
const INDUSTRIES: [&str; 4] = ["farming", "machines", "software", "chips"];
/// Jobs in thousands: regions by industries.
const JOBS: [f64; 16] = [
    10.0, 60.0, 80.0, 50.0, //
    30.0, 90.0, 45.0, 20.0, //
    50.0, 40.0, 5.0, 5.0, //
    90.0, 20.0, 10.0, 0.0,
];

#[allow(clippy::print_stdout, reason = "an example shows what it found")]
fn main() -> Result<(), Error> {
    let jobs = Matrix::new(&JOBS, 4, 4)?;

    println!("Location quotients");
    let quotients = location_quotients(jobs, QuotientForm::Ratio)?;
    for (region, row) in REGIONS.iter().zip(quotients.chunks(4)) {
        let cells: Vec<String> = row.iter().flatten().map(|lq| format!("{lq:6.2}")).collect();
        println!("  {region:6} {}", cells.join(" "));
    }

    println!("Krugman index beside the rest, and the Hachman index");
    let distance = krugman(jobs, &KrugmanOptions::default())?;
    for ((region, k), profile) in REGIONS.iter().zip(distance).zip(regional_profiles(jobs)?) {
        println!("  {region:6} {k:.3} {:.3}", profile.hachman);
    }

    println!("Locational Gini");
    let gini = locational_gini(jobs, GiniSide::Concentration, GiniWeights::Size)?;
    for (industry, g) in INDUSTRIES.iter().zip(gini) {
        println!("  {industry:8} {g:.3}");
    }

    // Who is specialised in what; which industries go together; what is near to a region.
    let held = specialised(jobs, 1.0)?;
    let held = Matrix::new(&held, 4, 4)?;
    let related = relatedness(held, Relatedness::MinimumConditional)?;
    let near = density(held, Matrix::new(&related, 4, 4)?)?;
    println!("Relatedness density of what a region is not specialised in");
    for (r, region) in REGIONS.iter().enumerate() {
        for (i, industry) in INDUSTRIES
            .iter()
            .enumerate()
            .filter(|(i, _)| held.at(r, *i) == 0.0)
        {
            println!("  {region:6} {industry:8} {:.2}", near[r * 4 + i]);
        }
    }

    println!("Economic complexity");
    let found = complexity(held, ComplexityScaling::Own)?;
    for (region, eci) in REGIONS.iter().zip(found.regions) {
        println!("  {region:6} {eci:5.2}");
    }
    Ok(())
}

//! Why did regions grow: with the nation, by the sectors they hold, or by themselves? And how fast did their structure change?
//!
//! `cargo run -p quyu-econometrics --example shift_share`

#![allow(clippy::print_stdout, reason = "a program that shows a table")]

use quyu_econometrics::shift_share::{
    Component, LilienWeights, Reference, SpatialOptions, Variant, YearlyReference, classic, dynamic,
    esteban_marquillas, gerfin, group_contributions, lilien, moore, norm_of_absolute_values, spatial,
};
use quyu_econometrics::{Error, Matrix};

const REGIONS: [&str; 4] = ["Coast", "Delta", "Hills", "Plain"];
const SECTORS: [&str; 3] = ["farming", "industry", "services"];
/// Jobs in thousands in three years: regions by sectors.
const JOBS: [[f64; 12]; 3] = [
    [
        20.0, 90.0, 60.0, //
        40.0, 80.0, 50.0, //
        70.0, 40.0, 30.0, //
        90.0, 20.0, 20.0,
    ],
    [
        16.0, 88.0, 90.0, //
        34.0, 96.0, 62.0, //
        62.0, 50.0, 34.0, //
        84.0, 28.0, 24.0,
    ],
    [
        12.0, 80.0, 130.0, //
        28.0, 110.0, 80.0, //
        54.0, 62.0, 40.0, //
        78.0, 40.0, 30.0,
    ],
];
/// Neighbours in a row: Coast, Delta, Hills, Plain. The scale of a row does not matter.
const NEIGHBOURS: [f64; 16] = [
    0.0, 1.0, 0.0, 0.0, //
    1.0, 0.0, 1.0, 0.0, //
    0.0, 1.0, 0.0, 1.0, //
    0.0, 0.0, 1.0, 0.0,
];

fn main() -> Result<(), Error> {
    let years = [
        Matrix::new(&JOBS[0], 4, 3)?,
        Matrix::new(&JOBS[1], 4, 3)?,
        Matrix::new(&JOBS[2], 4, 3)?,
    ];
    let (base, end) = (years[0], years[2]);

    // The parts add up to the change, in every cell as in every region.
    let parts = classic(base, end, Reference::Nation)?;
    let split = esteban_marquillas(base, end, Reference::Nation)?;
    let near = spatial(
        base,
        end,
        Reference::Nation,
        Matrix::new(&NEIGHBOURS, 4, 4)?,
        &SpatialOptions::default(),
    )?;
    let steps = dynamic(&years, YearlyReference::Nation, Variant::Classic)?;
    let columns = [
        ("change", Some(&parts.change)),
        ("nation", parts.part(Component::National)),
        ("mix", parts.part(Component::IndustryMix)),
        ("regional", parts.part(Component::Regional)),
        ("competitive", split.part(Component::Competitive)),
        ("allocation", split.part(Component::Allocation)),
        ("neighbours", near.part(Component::Neighbour)),
        ("in steps", steps.sum.part(Component::Regional)),
    ];
    print!("{:<8}", "jobs");
    for (head, _) in &columns {
        print!("{head:>12}");
    }
    println!();
    for (r, region) in REGIONS.iter().enumerate() {
        print!("{region:<8}");
        for table in columns.iter().filter_map(|(_, table)| *table) {
            print!("{:>+12.1}", table.by_region[r]);
        }
        println!();
    }

    println!("Growth beside the nation as a product: net shift = mix x regional");
    let factors = gerfin(base, end, Reference::Nation)?;
    for (region, f) in REGIONS.iter().zip(&factors) {
        println!(
            "  {region:<8}{:.3} = {:.3} x {:.3}",
            f.net_shift, f.industry_mix, f.regional
        );
    }

    println!("Change of structure: Lilien, share that moved (%), angle (degrees)");
    for (r, region) in REGIONS.iter().enumerate() {
        let (from, to) = (base.row(r), end.row(r));
        println!(
            "  {region:<8}{:>7.3}{:>7.1}{:>7.1}",
            lilien(from, to, LilienWeights::End)?,
            100.0 * norm_of_absolute_values(from, to)?,
            moore(from, to)?.angle.to_degrees()
        );
    }

    // What farming, and what the two others as one group, added to the growth of the whole country.
    let country =
        |jobs: Matrix<'_>| -> Vec<f64> { (0..3).map(|s| quyu_math::sum_by(4, |r| jobs.at(r, s))).collect() };
    let (from, to) = (country(base), country(end));
    let groups = group_contributions(&from, &to, &[0, 1, 1])?;
    let others = SECTORS[1..].join(" and ");
    for (label, group) in [SECTORS[0], &others].into_iter().zip(&groups) {
        println!(
            "{label}: {:+.1} % points of growth, share {:.1} to {:.1} %",
            100.0 * group.contribution,
            100.0 * group.base_share,
            100.0 * group.end_share
        );
    }
    Ok(())
}

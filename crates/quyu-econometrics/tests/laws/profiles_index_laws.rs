//! Laws of the composite index as a whole, of its sensitivity, and of k-means with many clusters.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::{Error, Matrix, profiles::*};
use quyu_testkit::strategies::hostile_value;

const SHAPES: [Aggregation; 10] = [
    Aggregation::Mean(Mean::Arithmetic),
    Aggregation::Mean(Mean::Geometric),
    Aggregation::Mean(Mean::Harmonic),
    Aggregation::Mean(Mean::Power(2.0)),
    Aggregation::MazziottaPareto,
    Aggregation::Copeland,
    Aggregation::Topsis,
    Aggregation::GreyRelational(0.5),
    Aggregation::Coupling(CouplingForm::Standard),
    Aggregation::BenefitOfDoubt,
];

fn options(aggregation: Aggregation) -> CompositeOptions<'static> {
    let low_high = match aggregation {
        Aggregation::Coupling(_) => (0.01, 1.0),
        _ => (1.0, 100.0),
    };
    CompositeOptions {
        scales: Scales::One(Scale::MinMax {
            low: low_high.0,
            high: low_high.1,
        }),
        aggregation,
        ..CompositeOptions::default()
    }
}

fn close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    let near = |(x, y): (&f64, &f64)| (x - y).abs() <= tolerance * (1.0 + x.abs());
    a.len() == b.len() && a.iter().zip(b).all(near)
}

/// A table of 6 to 14 rows and 3 columns whose columns vary.
fn table() -> impl Strategy<Value = (Vec<f64>, usize)> {
    (6_usize..14)
        .prop_flat_map(|rows| (proptest::collection::vec(0.1..1e4_f64, rows * 3), Just(rows)))
        .prop_filter("columns vary", |(data, rows)| {
            (0..3).all(|j| {
                let first = data[j];
                (0..*rows).any(|i| (data[i * 3 + j] - first).abs() > 1e-6)
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn names_of_regions_do_not_matter((data, rows) in table()) {
        let turned: Vec<f64> = data.chunks_exact(3).rev().flatten().copied().collect();
        for aggregation in SHAPES {
            let of = |data: &[f64]| {
                composite(Matrix::new(data, rows, 3)?, &[Direction::Higher; 3], &options(aggregation))
            };
            let (one, mut other) = (of(&data).unwrap(), of(&turned).unwrap());
            other.index.reverse();
            prop_assert!(close(&one.index, &other.index, 1e-9), "{aggregation:?}");
        }
    }

    #[test]
    fn units_of_indicators_do_not_matter((data, rows) in table(), unit in 0.01..100.0_f64) {
        let scaled: Vec<f64> = data
            .iter()
            .enumerate()
            .map(|(at, v)| if at % 3 == 1 { v * unit } else { *v })
            .collect();
        for aggregation in SHAPES {
            let of = |data: &[f64]| {
                composite(Matrix::new(data, rows, 3)?, &[Direction::Higher; 3], &options(aggregation))
            };
            let (one, other) = (of(&data).unwrap(), of(&scaled).unwrap());
            // Copeland's score is a count: a tie within rounding may fall to either side.
            if aggregation != Aggregation::Copeland {
                prop_assert!(close(&one.index, &other.index, 1e-7), "{aggregation:?}");
            }
        }
    }

    #[test]
    fn weights_that_are_given_equal_are_equal_weights((data, rows) in table(), size in 0.001..1e6_f64) {
        let table = Matrix::new(&data, rows, 3).unwrap();
        for aggregation in SHAPES {
            let equal = composite(table, &[Direction::Higher; 3], &options(aggregation)).unwrap();
            let given = CompositeOptions {
                weights: WeightRule::Given(&[size; 3]),
                ..options(aggregation)
            };
            let given = composite(table, &[Direction::Higher; 3], &given).unwrap();
            prop_assert!(close(&equal.index, &given.index, 1e-12), "{aggregation:?}");
        }
    }

    #[test]
    fn a_region_that_is_better_in_everything_ranks_before((data, rows) in table()) {
        let mut data = data;
        data[..3].fill(2e4);
        let table = Matrix::new(&data, rows, 3).unwrap();
        for aggregation in SHAPES {
            let found = composite(table, &[Direction::Higher; 3], &options(aggregation)).unwrap();
            prop_assert_eq!(found.ranks[0], 1, "{:?}", aggregation);
            let turned = composite(table, &[Direction::Lower; 3], &options(aggregation)).unwrap();
            prop_assert!(turned.ranks[0] > 1, "{:?}", aggregation);
        }
    }

    #[test]
    fn intervals_hold_their_mean_and_no_choice_is_the_nominal_rank((data, rows) in table(), seed in 0_u64..1000) {
        let table = Matrix::new(&data, rows, 3).unwrap();
        let free = CompositeChoices { replicates: 60, seed, ..CompositeChoices::default() };
        let found = composite_sensitivity(table, &[Direction::Higher; 3], &free).unwrap();
        for r in 0..rows {
            prop_assert!(1.0 <= found.low[r] && found.low[r] <= found.high[r] && found.high[r] <= rows as f64);
        }
        let fixed = CompositeChoices {
            outliers: &[OutlierRule::Keep],
            scales: &[Scale::Rank],
            aggregations: &[Aggregation::Mean(Mean::Arithmetic)],
            weight_spread: 0.0,
            ..free
        };
        let found = composite_sensitivity(table, &[Direction::Higher; 3], &fixed).unwrap();
        prop_assert_eq!(&found.low, &found.nominal);
        prop_assert_eq!(&found.high, &found.nominal);
        let sobol = composite_sobol(table, &[Direction::Higher; 3], &fixed, None);
        prop_assert!(matches!(sobol, Err(Error::Undefined { .. })), "{:?}", sobol);
    }

    #[test]
    fn hostile_tables_give_an_error_or_a_number(
        data in proptest::collection::vec(hostile_value(), 0..24),
        cols in 1_usize..4,
        rule in 0_usize..5,
        shape in 0_usize..5,
    ) {
        let rows = data.len() / cols;
        let Ok(table) = Matrix::new(&data[..rows * cols], rows, cols) else { return Ok(()); };
        let rules = [WeightRule::Equal, WeightRule::Components, WeightRule::Entropy, WeightRule::Critic, WeightRule::Given(&[1.0])];
        let reshapes = [Reshape::None, Reshape::LogSkewed(1.0), Reshape::Log, Reshape::SquareRoot, Reshape::BoxCox];
        for aggregation in SHAPES {
            let options = CompositeOptions {
                outliers: OutlierRule::WinsoriseOrLog(OutlierOptions::default()),
                reshape: reshapes[shape],
                weights: rules[rule],
                ..options(aggregation)
            };
            if let Ok(found) = composite(table, &vec![Direction::Higher; cols], &options) {
                prop_assert!(found.index.iter().chain(&found.scores).chain(&found.weights).all(|v| v.is_finite()));
                prop_assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
        }
        let choices = CompositeChoices { replicates: 3, samples: 2, ..CompositeChoices::default() };
        if let Ok(found) = composite_sensitivity(table, &vec![Direction::Lower; cols], &choices) {
            prop_assert!(found.mean.iter().all(|v| v.is_finite()));
        }
        if let Ok(found) = composite_sobol(table, &vec![Direction::Lower; cols], &choices, Some(0)) {
            prop_assert!(found.indices.total.iter().all(|v| v.is_finite()));
        }
    }

    /// Centres stand eight side by side: more than eight, and a last group that is not full.
    #[test]
    fn many_clusters_are_as_good_as_single_moves_make_them(
        data in proptest::collection::vec(-1e3..1e3_f64, 60),
        k in 7_usize..18,
    ) {
        let table = Matrix::new(&data, 30, 2).unwrap();
        let options = KMeansOptions { starts: 3, ..KMeansOptions::default() };
        let found = kmeans(table, k, &options).unwrap();
        prop_assert_eq!(found.sizes.len(), k);
        for i in 0..30 {
            for c in 0..k {
                if found.sizes[found.labels[i]] == 1 {
                    continue;
                }
                let mut moved = found.labels.clone();
                moved[i] = c;
                let within = sum_of_squares(table, &moved).unwrap().within;
                prop_assert!(within >= found.within * (1.0 - 1e-9));
            }
        }
    }

    /// Sums to clusters are taken in blocks of points: a table longer than a block has the widths of the definition.
    #[test]
    fn silhouettes_of_many_points_are_those_of_the_definition(
        data in proptest::collection::vec(-10.0..10.0_f64, 150),
        labels in proptest::collection::vec(0_usize..3, 150),
    ) {
        let mut labels = labels;
        labels[..3].copy_from_slice(&[0, 1, 2]);
        let table = Matrix::new(&data, 150, 1).unwrap();
        let distances = Distances::euclidean(table).unwrap();
        let found = silhouette(&distances, &labels).unwrap();
        for i in 0..150 {
            let mean = |c: usize| {
                let others: Vec<f64> = (0..150)
                    .filter(|&j| j != i && labels[j] == c)
                    .map(|j| (data[i] - data[j]).abs())
                    .collect();
                (others.iter().sum::<f64>() / others.len() as f64, others.len())
            };
            let (own, others) = mean(labels[i]);
            let nearest = (0..3).filter(|c| *c != labels[i]).map(|c| mean(c).0).fold(f64::INFINITY, f64::min);
            let width = if others == 0 { 0.0 } else { (nearest - own) / own.max(nearest) };
            prop_assert!((found.values[i] - width).abs() < 1e-9);
        }
    }
}

#[test]
fn a_target_of_its_own_for_each_indicator() {
    let table = [0.0, 0.0, 2.0, 10.0, 4.0, 20.0];
    let table = Matrix::new(&table, 3, 2).unwrap();
    let target = |target| Scale::DistanceToTarget { target, cap: false };
    let scales = [target(8.0), target(10.0)];
    let options = CompositeOptions {
        scales: Scales::Each(&scales),
        ..CompositeOptions::default()
    };
    let found = composite(table, &[Direction::Higher; 2], &options).unwrap();
    assert_eq!(found.index, [0.0, (0.25 + 1.0) / 2.0, (0.5 + 2.0) / 2.0]);
    let one = CompositeOptions {
        scales: Scales::Each(&scales[..1]),
        ..options
    };
    let error = composite(table, &[Direction::Higher; 2], &one).unwrap_err();
    assert!(matches!(
        error,
        Error::Length {
            argument: "scales",
            ..
        }
    ));
}

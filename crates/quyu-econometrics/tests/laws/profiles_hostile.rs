//! Whatever is thrown at profiles of regions, they answer with finite numbers or a typed error. Clusters beyond k-means and
//! composite indices have such tests beside their laws.

use crate::thrown::{answer, call, cases, table};
use proptest::prelude::*;
use quyu_econometrics::Matrix;
use quyu_econometrics::profiles::*;
use quyu_testkit::strategies::{extreme, hostile, hostile_value};

const MEANS: [Mean; 3] = [Mean::Arithmetic, Mean::Geometric, Mean::Harmonic];

fn scales(p: f64) -> [Scale; 6] {
    [
        Scale::MinMax { low: 0.0, high: p },
        Scale::ZScore { ddof: 1 },
        Scale::Rank,
        Scale::PercentileRank,
        Scale::Borda,
        Scale::DistanceToBest,
    ]
}

fn values(x: &[f64], p: f64) {
    for kind in [MomentType::Type1, MomentType::Type2, MomentType::Type3] {
        answer(skewness(x, kind));
        answer(kurtosis(x, kind));
    }
    for scale in scales(p) {
        answer(normalise(x, scale, Direction::Higher));
        answer(normalise(x, scale, Direction::Lower));
    }
    for options in [
        OutlierOptions::default(),
        OutlierOptions {
            skewness: p,
            kurtosis: p,
            max_points: 1,
        },
    ] {
        answer(winsorise(x, &options));
        answer(treat(x, &options));
    }
    answer(box_cox(x, p));
    answer(box_cox_lambda(x));
    let observed: Vec<Option<f64>> = x.iter().map(|v| (*v != 1.0).then_some(*v)).collect();
    let labels: Vec<usize> = (0..x.len()).map(|i| i % 2).collect();
    for centre in [Centre::Mean, Centre::Median] {
        answer(impute_by_group(&observed, &labels, centre));
    }
    answer(carry_forward(&observed));
    answer(interpolate(x, &observed));
    answer(interpolate(
        &(0..x.len()).map(|i| i as f64).collect::<Vec<_>>(),
        &observed,
    ));
    for columns in 0..3 {
        answer(cronbach_alpha_observed(&observed, columns));
    }
    for mean in MEANS.into_iter().chain([Mean::Power(p)]) {
        answer(weighted_mean(x, x, mean));
        answer(weighted_mean(x, &vec![1.0; x.len()], mean));
        answer(observed_mean(&observed, &vec![1.0; x.len()], mean));
    }
}

fn tables(t: Matrix<'_>, w: &[f64], p: f64) {
    let (directions, even) = (vec![Direction::Higher; t.cols()], vec![1.0; t.cols()]);
    for w in [w, &even] {
        for mean in MEANS.into_iter().chain([Mean::Power(p)]) {
            answer(aggregate(t, w, mean));
        }
        answer(outranking(t, w));
        answer(copeland(t, w));
        answer(topsis(t, w));
        answer(grey_relational(t, w, p));
        answer(grey_relational(t, w, 0.5));
        for form in [CouplingForm::Standard, CouplingForm::Adjusted] {
            answer(coupling_coordination(t, w, form));
        }
        answer(ris_like(t, &directions, w));
        answer(regional_scoreboard(t, &directions, w));
        let few = SensitivityOptions {
            replicates: 3,
            ..Default::default()
        };
        answer(rank_sensitivity(t, &directions, w, &few));
        let options = MatchOptions {
            weights: Some(w),
            ..Default::default()
        };
        answer(nearest_regions(t, 1, &options));
        answer(match_stability(
            t,
            0,
            &options,
            &MatchStabilityOptions {
                draws: 3,
                spread: p,
                ..Default::default()
            },
        ));
    }
    for ddof in 0..3 {
        answer(standardise(t, ddof));
        answer(mazziotta_pareto(
            t,
            &MpiOptions {
                ddof,
                ..Default::default()
            },
        ));
        for scale in [true, false] {
            answer(pca(t, &PcaOptions { scale, ddof }));
        }
    }
    answer(log_skewed(t, p));
    answer(entropy_weights(t));
    answer(critic_weights(t));
    answer(pca_weights(t));
    answer(cronbach_alpha(t));
    answer(benefit_of_doubt(t));
    answer(effective_weights(t, &t.col(0)));
    answer(optimal_assignment(t));
    clusters(t);
}

fn clusters(t: Matrix<'_>) {
    let labels: Vec<usize> = (0..t.rows()).map(|i| i % 2).collect();
    answer(sum_of_squares(t, &labels));
    answer(separation(t, &labels));
    answer(kmeans(
        t,
        2,
        &KMeansOptions {
            starts: 2,
            ..Default::default()
        },
    ));
    if let Some(tree) = answer(ward(t)) {
        answer(tree.cut(2));
    }
    let Ok(distances) = call(Distances::euclidean(t)) else {
        return;
    };
    answer(silhouette(&distances, &labels));
    for method in [
        Linkage::Single,
        Linkage::Complete,
        Linkage::Average,
        Linkage::Weighted,
        Linkage::Ward,
        Linkage::Centroid,
        Linkage::Median,
    ] {
        answer(linkage(&distances, method));
    }
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn any_values(x in hostile(9), p in hostile_value(), labels in prop::collection::vec(0usize..9, 0..6)) {
        values(&x, p);
        answer(renumber(&labels));
        answer(agreement(&labels, &labels));
        answer(sobol_indices(2, 3, 1, |u| Ok(p * u[0] + x.first().unwrap_or(&1.0))));
    }

    #[test]
    fn values_of_extreme_sizes(x in extreme(1..9), p in -3.0f64..3.0) {
        values(&x, p);
    }

    #[test]
    fn any_tables(x in hostile(25), w in hostile(5), cols in 1usize..5, p in hostile_value()) {
        if let Some(t) = table(&x, cols) {
            tables(t, &w, p);
        }
    }

    #[test]
    fn tables_of_extreme_sizes(x in extreme(6..25), cols in 1usize..5, p in 0.0f64..1.0) {
        if let Some(t) = table(&x, cols) {
            tables(t, &x[..cols], p);
        }
    }
}

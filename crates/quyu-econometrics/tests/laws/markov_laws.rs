//! Laws of Markov chains.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use quyu_econometrics::convergence::markov::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::{Tolerance, assert_close, close};

const NEAR: Tolerance = Tolerance {
    rel: 1e-9,
    abs: 1e-11,
};

fn up_to(rel: f64, abs: f64) -> Tolerance {
    Tolerance { rel, abs }
}

fn matrix(data: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(data, data.len() / cols, cols).unwrap()
}

fn counts(k: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0u8..40).prop_map(f64::from), k * k)
}

/// Probabilities without zeros.
fn chain(k: usize) -> impl Strategy<Value = Chain> {
    prop::collection::vec(0.05..1.0f64, k * k).prop_map(move |cells| {
        let rows = cells.chunks_exact(k).flat_map(|row| {
            let total: f64 = row.iter().sum();
            row.iter().map(move |v| v / total)
        });
        Chain::new(rows.collect(), k).unwrap()
    })
}

/// Positive panels of 4 to 12 regions and 5 periods, with ties.
fn panel() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![(1u8..9).prop_map(f64::from), 0.5..20.0f64], 20..60).prop_map(
        |mut cells| {
            cells.truncate(cells.len() / 5 * 5);
            cells
        },
    )
}

fn ring(n: usize) -> Vec<Vec<(usize, f64)>> {
    (0..n)
        .map(|i| vec![((i + 1) % n, 0.5), ((i + n - 1) % n, 0.5)])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_long_run_is_stationary(chain in chain(4)) {
        let pi = chain.steady_state().unwrap();
        prop_assert!((pi.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        let next = chain.after(&pi, 1).unwrap();
        prop_assert!(pi.iter().zip(&next).all(|(a, b)| (a - b).abs() < 1e-14));
        let late = chain.after(&[1.0, 0.0, 0.0, 0.0], 2000).unwrap();
        prop_assert!(pi.iter().zip(&late).all(|(a, b)| (a - b).abs() < 1e-10));
    }

    #[test]
    fn passages_are_one_step_and_the_rest(chain in chain(4)) {
        let times = chain.passage_times().unwrap();
        let pi = chain.steady_state().unwrap();
        let k = 4;
        let p = |i: usize, j: usize| chain.p()[i * k + j];
        for (i, share) in pi.iter().enumerate() {
            prop_assert!(close(times.mean[i * k + i], 1.0 / share, NEAR));
            for j in 0..k {
                // E T = 1 + sum over what is not the goal; E T^2 = 1 + 2 sum p E T + sum p E T^2.
                let rest: f64 = (0..k).filter(|m| *m != j).map(|m| p(i, m) * times.mean[m * k + j]).sum();
                prop_assert!(close(times.mean[i * k + j], 1.0 + rest, NEAR));
                let second = |c: usize| times.variance[c] + times.mean[c] * times.mean[c];
                let squares: f64 = (0..k).filter(|m| *m != j).map(|m| p(i, m) * second(m * k + j)).sum();
                prop_assert!(close(second(i * k + j), 1.0 + 2.0 * rest + squares, up_to(1e-8, 1e-9)));
            }
        }
        for (i, stay) in chain.sojourn().into_iter().enumerate() {
            prop_assert!(close(stay.unwrap(), 1.0 / (1.0 - p(i, i)), NEAR));
        }
    }

    #[test]
    fn mobility_is_bounded(chain in chain(3)) {
        let m = chain.mobility(None).unwrap();
        prop_assert!((0.0..=1.5).contains(&m.trace));
        for index in [m.determinant, m.second_eigenvalue, m.crossing] {
            prop_assert!((-1e-12..=1.0 + 1e-12).contains(&index));
        }
        prop_assert!((0.0..=1.5).contains(&m.leaving) && m.half_life.is_some_and(|h| h >= 0.0));
        // Three eigenvalues 1, a, b: a + b = trace - 1 and ab = det, so the larger modulus is known.
        let p = chain.p();
        let trace = p[0] + p[4] + p[8] - 1.0;
        let det = p[0] * (p[4] * p[8] - p[5] * p[7]) - p[1] * (p[3] * p[8] - p[5] * p[6]) + p[2] * (p[3] * p[7] - p[4] * p[6]);
        let root = trace * trace / 4.0 - det;
        let largest = if root < 0.0 { det.sqrt() } else { trace.abs() / 2.0 + root.sqrt() };
        prop_assert!((1.0 - m.second_eigenvalue - largest).abs() < 1e-7, "{} {largest}", 1.0 - m.second_eigenvalue);
        prop_assert!(close(1.0 - m.determinant, det.abs(), up_to(1e-9, 1e-13)));
    }

    #[test]
    fn equal_samples_do_not_differ(counts in counts(3), times in 2usize..5) {
        let one = Transitions::new(counts.clone(), 3).unwrap();
        let Ok(test) = homogeneity(&vec![one.clone(); times]) else { return Ok(()) };
        prop_assert!(test.pearson.statistic < 1e-9 && test.likelihood_ratio.statistic < 1e-9);
        prop_assert!(test.pearson.p_value > 0.999);
        prop_assert!(test.likelihood_ratio.df <= test.kullback.df);
        // The order of samples and the names of states do not matter.
        let other = Transitions::new(counts.iter().rev().copied().collect(), 3).unwrap();
        let (ab, ba) = (homogeneity(&[one.clone(), other.clone()]), homogeneity(&[other.clone(), one.clone()]));
        if let (Ok(ab), Ok(ba)) = (ab, ba) {
            prop_assert!(close(ab.pearson.statistic, ba.pearson.statistic, NEAR));
            let turned = |t: &Transitions| Transitions::new(t.counts().iter().rev().copied().collect(), 3).unwrap();
            let renamed = homogeneity(&[turned(&one), turned(&other)]).unwrap();
            prop_assert!(close(renamed.likelihood_ratio.statistic, ab.likelihood_ratio.statistic, NEAR));
            prop_assert!(ab.likelihood_ratio.statistic >= 0.0 && ab.pearson.statistic >= 0.0);
        }
    }

    #[test]
    fn classes_and_counts(cells in panel(), factor in 0.5..4.0f64) {
        let table = matrix(&cells, 5);
        let n = table.rows();
        for rule in [ClassRule::PooledQuantiles(3), ClassRule::YearlyQuantiles(3), ClassRule::Limits(&[0.7, 1.2])] {
            let options = ClassOptions { rule, relative: true };
            let found = classes(table, &options).unwrap();
            prop_assert!(found.states.states().iter().all(|s| *s < 3));
            let moves = found.states.transitions().unwrap();
            prop_assert_eq!(moves.counts().iter().sum::<f64>(), (n * 4) as f64);
            // Growth of all moves nobody (a power of two keeps every bit).
            let grown: Vec<f64> = cells.iter().enumerate().map(|(c, v)| v * [1.0, 2.0, 4.0, 8.0, 16.0][c % 5]).collect();
            prop_assert_eq!(classes(matrix(&grown, 5), &options).unwrap().states, found.states.clone());
            // Parts of the time add up.
            let early = found.states.transitions_within(0..3).unwrap();
            let late = found.states.transitions_within(2..5).unwrap();
            let both: Vec<f64> = early.counts().iter().zip(late.counts()).map(|(a, b)| a + b).collect();
            prop_assert_eq!(both.as_slice(), moves.counts());
        }
        // A value on a limit belongs to the lower class.
        let limit = [cells[0] * factor];
        let options = ClassOptions { rule: ClassRule::Limits(&limit), relative: false };
        let scaled: Vec<f64> = cells.iter().map(|v| v * factor).collect();
        prop_assert_eq!(classes(matrix(&scaled, 5), &options).unwrap().states.states()[0], 0);
    }

    #[test]
    fn neighbourhoods_divide_the_moves(cells in panel()) {
        let table = matrix(&cells, 5);
        let n = table.rows();
        let lists = ring(n);
        let own = ClassRule::PooledQuantiles(3);
        for lags in [LagClasses::Rule(ClassRule::PooledQuantiles(4)), LagClasses::SameLimits, LagClasses::MostFrequent] {
            let options = SpatialMarkovOptions { rule: own, lags, relative: true };
            let found = spatial_markov(table, &lists, &options).unwrap();
            for c in 0..9 {
                let sum: f64 = found.conditional.iter().map(|t| t.counts()[c]).sum();
                prop_assert_eq!(sum, found.pooled.counts()[c]);
            }
            prop_assert!(found.islands.is_empty());
        }
        // Its own neighbour: the lag is the value.
        let alone: Vec<Vec<(usize, f64)>> = (0..n).map(|i| vec![(i, 1.0)]).collect();
        let options = SpatialMarkovOptions { rule: own, lags: LagClasses::SameLimits, relative: true };
        let mirror = spatial_markov(table, &alone, &options).unwrap();
        prop_assert_eq!(mirror.lags, mirror.states);
        let quadrants = lisa_markov(table, &alone).unwrap();
        prop_assert!(quadrants.states.states().iter().all(|q| *q == 0 || *q == 2));
        // An island leaves the counts.
        let mut cut = lists.clone();
        cut[1].clear();
        let found = lisa_markov(table, &cut).unwrap();
        prop_assert_eq!(found.islands.as_slice(), &[1]);
        prop_assert_eq!(found.transitions.counts().iter().sum::<f64>(), ((n - 1) * 4) as f64);
        let expected: f64 = found.expected.iter().sum();
        prop_assert!(close(expected, ((n - 1) * 4) as f64, NEAR));
    }

    #[test]
    fn who_keeps_a_rank_is_kept_by_it(cells in panel()) {
        let table = matrix(&cells, 5);
        let n = table.rows();
        let ranks = full_rank_states(table).unwrap();
        let holders = geographic_rank_states(table).unwrap();
        let trace = |t: &Transitions| -> f64 { t.counts().iter().step_by(n + 1).sum() };
        let (by_rank, by_region) = (ranks.transitions().unwrap(), holders.transitions().unwrap());
        prop_assert_eq!(trace(&by_rank), trace(&by_region));
        for t in 0..5 {
            for i in 0..n {
                prop_assert_eq!(holders.row(ranks.row(i)[t])[t], i);
            }
        }
        prop_assert!(by_rank.row_sums().iter().all(|s| *s == 4.0));
    }
}

/// The extremes of mobility.
#[test]
fn immobile_and_perfectly_mobile() {
    let perfect = Chain::new([0.2, 0.3, 0.5].repeat(3), 3).unwrap();
    let m = perfect.mobility(None).unwrap();
    assert_close(m.trace, 1.0, NEAR);
    assert_close(m.determinant, 1.0, NEAR);
    assert_close(m.second_eigenvalue, 1.0, NEAR);
    assert_close(m.leaving, (3.0 - 3.0 * (0.04 + 0.09 + 0.25)) / 2.0, NEAR);
    let uniform = perfect.mobility(Some(&[1.0 / 3.0; 3])).unwrap();
    assert_close(uniform.leaving, 1.0, NEAR);
    // Nobody moves: three long runs.
    let still = Chain::new(vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], 3).unwrap();
    assert!(matches!(still.steady_state(), Err(Error::Undefined { .. })));
    assert_eq!(still.sojourn(), [None, None, None]);
    // A state that is left for ever, and one that is never left.
    let sink = Chain::new(vec![0.5, 0.5, 0.0, 1.0], 2).unwrap();
    assert_eq!(sink.steady_state().unwrap(), [0.0, 1.0]);
    assert!(matches!(sink.passage_times(), Err(Error::Undefined { .. })));
    // A circle comes back for sure: no variance; its eigenvalues all have modulus one.
    let circle = Chain::new(vec![0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0], 3).unwrap();
    let times = circle.passage_times().unwrap();
    for (found, expected) in times
        .mean
        .iter()
        .zip([3.0, 1.0, 2.0, 2.0, 3.0, 1.0, 1.0, 2.0, 3.0])
    {
        assert_close(*found, expected, NEAR);
    }
    assert!(times.variance.iter().all(|v| *v < 1e-10));
    let m = circle.mobility(None).unwrap();
    assert!(m.second_eigenvalue < 1e-12);
}

/// The steady state of a chain that nearly falls apart keeps all digits: 1e-12 against 3e-12.
#[test]
fn rare_moves() {
    let chain = Chain::new(vec![1.0 - 1e-12, 1e-12, 3e-12, 1.0 - 3e-12], 2).unwrap();
    let pi = chain.steady_state().unwrap();
    let exact = Tolerance { rel: 1e-15, abs: 0.0 };
    assert_close(pi[0], 0.75, exact);
    assert_close(pi[1], 0.25, exact);
}

/// Degrees of freedom leave out what is empty, and a table in which nothing can differ is refused.
#[test]
fn empty_rows_and_cells() {
    let of = |counts: [f64; 4]| Transitions::new(counts.to_vec(), 2).unwrap();
    let test = homogeneity(&[of([5.0, 5.0, 0.0, 0.0]), of([2.0, 8.0, 3.0, 1.0])]).unwrap();
    assert_eq!((test.pearson.df, test.kullback.df), (1, 2));
    assert!(homogeneity(&[of([5.0, 0.0, 0.0, 0.0]), of([2.0, 0.0, 0.0, 0.0])]).is_err());
    assert!(of([5.0, 5.0, 0.0, 0.0]).chain().is_err());
    // By hand: p of all 7/20, 13/20; 10 (0.15^2 + 0.15^2 ...): two samples of ten.
    let expected = 2.0 * 10.0 * 0.15 * 0.15 * (1.0 / 0.35 + 1.0 / 0.65);
    assert_close(test.pearson.statistic, expected, NEAR);
}

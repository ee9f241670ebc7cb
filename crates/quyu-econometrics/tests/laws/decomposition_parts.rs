//! Decompositions by labels from rows that arrive in parts are those of the whole; polarisation is its double sum.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::*;
use quyu_testkit::{Tolerance, close, strategies};

/// Parts agree with the whole to this.
const WHOLE: Tolerance = Tolerance {
    rel: 1e-12,
    abs: 1e-12,
};

fn near(pairs: &[(f64, f64)]) -> Result<(), TestCaseError> {
    for (a, b) in pairs {
        prop_assert!(close(*a, *b, WHOLE), "{a} {b}");
    }
    Ok(())
}

/// Every row sent to its group by itself.
fn groups(
    x: &[f64],
    w: Option<&[f64]>,
    labels: &[usize],
    n: usize,
    alpha: f64,
) -> Result<Vec<RunningGroup>, Error> {
    let mut groups = vec![RunningGroup::new(alpha)?; n];
    for (i, label) in labels.iter().enumerate() {
        let mut part = RunningGroup::new(alpha)?;
        part.push(&x[i..=i], w.map(|w| &w[i..=i]))?;
        groups[*label].merge(&part)?;
    }
    Ok(groups)
}

fn streams(
    x: &[f64],
    w: Option<&[f64]>,
    labels: &[usize],
    n: usize,
    epsilon: f64,
) -> Result<Vec<Running>, Error> {
    let mut groups = vec![Running::new(Index::Atkinson(epsilon))?; n];
    for (i, label) in labels.iter().enumerate() {
        let mut part = Running::new(Index::Atkinson(epsilon))?;
        part.push(&x[i..=i], w.map(|w| &w[i..=i]))?;
        groups[*label].merge(&part)?;
    }
    Ok(groups)
}

fn same_atkinson(a: &AtkinsonDecomposition, b: &AtkinsonDecomposition) -> Result<(), TestCaseError> {
    near(&[
        (a.total, b.total),
        (a.ede.within, b.ede.within),
        (a.means.between, b.means.between),
    ])?;
    // The other part is (A - known) / (1 - known), which loses the digits that 1 - known has lost.
    let rest = |known: f64, a: f64, b: f64| near(&[(a * (1.0 - known), b * (1.0 - known))]);
    rest(b.ede.within, a.ede.between, b.ede.between)?;
    rest(b.ede.within, a.ede.cross, b.ede.cross)?;
    rest(b.means.between, a.means.within, b.means.within)?;
    prop_assert_eq!(a.das_parikh.is_some(), b.das_parikh.is_some());
    if let (Some(a), Some(b)) = (a.das_parikh, b.das_parikh) {
        near(&[(a.between, b.between)])?;
    }
    for (a, b) in a.groups.iter().zip(&b.groups) {
        prop_assert_eq!(a.index.is_some(), b.index.is_some());
        near(&[
            (a.population_share, b.population_share),
            (a.income_share, b.income_share),
            (a.index.unwrap_or(0.0), b.index.unwrap_or(0.0)),
        ])?;
    }
    Ok(())
}

#[test]
fn streams_of_another_index_are_refused() {
    let theil = Running::new(Index::TheilT).unwrap();
    let of = |epsilon| Running::new(Index::Atkinson(epsilon)).unwrap();
    assert!(matches!(decompose_atkinson_groups(&[]), Err(Error::Empty { .. })));
    assert!(matches!(
        decompose_atkinson_groups(&[theil]),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        decompose_atkinson_groups(&[of(1.0), of(2.0)]),
        Err(Error::Undefined { .. })
    ));
    assert!(matches!(
        decompose_atkinson_groups(&[of(1.0)]),
        Err(Error::Empty { .. })
    ));
    let group = vec![RunningGroup::new(0.0).unwrap(); 2];
    assert!(decompose_nested_groups(&group, &[(0, 0)], 1).is_err());
    assert!(decompose_nested_groups(&[], &[], 1).is_err());
    assert!(decompose_nested_groups(&group, &[(0, 0), (1, 0)], 1).is_err());
    assert!(decompose_two_way_groups(&group, &[(0, 0), (0, 3)], 1, 1).is_err());
    assert!(mld_change_groups(&group, &group[..1]).is_err());
    assert!(mld_change_groups(&group, &group).is_err());
}

/// A zero in every group: all is lost inside them, whatever the last digit of their shares.
#[test]
fn groups_that_have_all_lost_have_nothing_between_them() {
    let x = [
        0.034373739716480126,
        4.0,
        0.0,
        0.0,
        0.1,
        0.01,
        0.0,
        0.0,
        0.0,
        1.69099886603129,
        1.0,
        10.0,
    ];
    let g = [1, 2, 3, 0, 1, 2, 0, 1, 2, 3, 0, 1];
    let split = decompose_atkinson(&x, None, &g, 4, 1.0);
    assert!(matches!(split, Err(Error::Undefined { .. })), "{split:?}");
}

proptest! {
    #[test]
    fn atkinson_of_parts_is_that_of_the_whole((x, w, g) in strategies::grouped(3..40, 3), epsilon in prop::sample::select(vec![0.0, 0.3, 0.5, 1.0, 2.0, 3.5]), weighted in any::<bool>()) {
        let w = weighted.then_some(w.as_slice());
        let whole = decompose_atkinson(&x, w, &g, 3, epsilon).unwrap();
        same_atkinson(&decompose_atkinson_groups(&streams(&x, w, &g, 3, epsilon).unwrap()).unwrap(), &whole)?;
    }

    #[test]
    fn zeros_of_atkinson_count_as_in_the_whole(x in strategies::non_negative(4..20), w in prop::collection::vec(prop_oneof![3 => Just(1.0), 1 => Just(0.0)], 20), epsilon in prop::sample::select(vec![0.0, 0.5, 1.0, 2.0])) {
        let (w, g): (Vec<f64>, Vec<usize>) = (w[..x.len()].to_vec(), (0..x.len()).map(|i| i % 4).collect());
        let split = streams(&x, Some(&w), &g, 4, epsilon).and_then(|s| decompose_atkinson_groups(&s));
        match (split, decompose_atkinson(&x, Some(&w), &g, 4, epsilon)) {
            (Ok(split), Ok(whole)) => same_atkinson(&split, &whole)?,
            (split, whole) => prop_assert!(split.is_err() && whole.is_err(), "{split:?} {whole:?}"),
        }
    }

    #[test]
    fn nested_and_crossed_parts_are_those_of_the_whole((x, w, g) in strategies::grouped(6..40, 3), second in prop::collection::vec(0usize..2, 40), alpha in prop::sample::select(vec![-1.0, 0.0, 0.4, 1.0, 2.0]), weighted in any::<bool>()) {
        let (w, h) = (weighted.then_some(w.as_slice()), &second[..x.len()]);
        let whole = decompose_nested(&x, w, &g, 3, h, 2, alpha).unwrap();
        let labels = whole.province_labels.clone();
        let of = |i: usize| labels.iter().position(|l| *l == (g[i], h[i])).unwrap();
        let cells: Vec<usize> = (0..x.len()).map(of).collect();
        let cells = groups(&x, w, &cells, labels.len(), alpha).unwrap();
        let split = decompose_nested_groups(&cells, &labels, 3).unwrap();
        near(&[
            (split.total, whole.total),
            (split.between_regions, whole.between_regions),
            (split.between_provinces, whole.between_provinces),
            (split.within_provinces, whole.within_provinces),
        ])?;
        for region in 0..3 {
            near(&[
                (split.between_provinces_by_region[region], whole.between_provinces_by_region[region]),
                (split.within_provinces_by_region[region], whole.within_provinces_by_region[region]),
            ])?;
        }
        let (split, whole) = (
            decompose_two_way_groups(&cells, &labels, 3, 2).unwrap(),
            decompose_two_way(&x, w, &g, 3, h, 2, alpha).unwrap(),
        );
        near(&[
            (split.total, whole.total),
            (split.between_first, whole.between_first),
            (split.between_second, whole.between_second),
            (split.interaction, whole.interaction),
            (split.within_cells, whole.within_cells),
        ])?;
    }

    #[test]
    fn a_change_of_parts_is_that_of_the_whole((x, w, g) in strategies::grouped(3..25, 3), (y, v, h) in strategies::grouped(3..25, 3)) {
        let whole = mld_change(Year { x: &x, w: Some(&w), groups: &g }, Year { x: &y, w: Some(&v), groups: &h }, 3).unwrap();
        let split = mld_change_groups(&groups(&x, Some(&w), &g, 3, 0.0).unwrap(), &groups(&y, Some(&v), &h, 3, 0.0).unwrap()).unwrap();
        near(&[
            (split.from, whole.from),
            (split.to, whole.to),
            (split.within, whole.within),
            (split.population_within, whole.population_within),
            (split.population_between, whole.population_between),
            (split.means, whole.means),
            (split.approximation.population_between, whole.approximation.population_between),
            (split.approximation.means, whole.approximation.means),
            (split.approximation.error, whole.approximation.error),
        ])?;
    }

    #[test]
    fn esteban_and_ray_are_their_double_sum((m, p) in strategies::weighted(1..30), alpha in 0.0f64..1.6) {
        let total: f64 = p.iter().sum();
        let mut direct = 0.0;
        for i in 0..m.len() {
            for j in 0..m.len() {
                direct += quyu_math::pow(p[i] / total, 1.0 + alpha) * (p[j] / total) * (m[i] - m[j]).abs();
            }
        }
        near(&[(esteban_ray(&m, &p, alpha).unwrap(), direct)])?;
    }
}

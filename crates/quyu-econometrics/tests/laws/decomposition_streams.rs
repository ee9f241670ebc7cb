//! Laws of decompositions from rows that arrive in parts, and of what groups add to a change.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::*;
use quyu_testkit::{Tolerance, adds_up, assert_adds_up, close, strategies};

/// Parts agree with the whole to this.
const WHOLE: Tolerance = Tolerance {
    rel: 1e-12,
    abs: 1e-13,
};

/// Rows sent to their groups in pieces of `piece`, each piece a part of its own that is merged.
fn parts(
    x: &[f64],
    w: Option<&[f64]>,
    labels: &[usize],
    n: usize,
    alpha: f64,
    piece: usize,
) -> Result<Vec<RunningGroup>, Error> {
    let mut groups = vec![RunningGroup::new(alpha)?; n];
    for start in (0..x.len()).step_by(piece) {
        let end = (start + piece).min(x.len());
        let mut part = vec![RunningGroup::new(alpha)?; n];
        for i in start..end {
            part[labels[i]].push(&x[i..=i], w.map(|w| &w[i..=i]))?;
        }
        for (group, part) in groups.iter_mut().zip(&part) {
            group.merge(part)?;
        }
    }
    Ok(groups)
}

fn same(a: &GeDecomposition, b: &GeDecomposition) -> Result<(), TestCaseError> {
    let pairs = [(a.total, b.total), (a.within, b.within), (a.between, b.between)];
    for (a, b) in pairs {
        prop_assert!(close(a, b, WHOLE), "{a} {b}");
    }
    for (a, b) in a.groups.iter().zip(&b.groups) {
        prop_assert_eq!(a.n, b.n);
        prop_assert_eq!(a.index.is_some(), b.index.is_some());
        let pairs = [
            (a.population_share, b.population_share),
            (a.income_share, b.income_share),
            (a.relative_mean, b.relative_mean),
            (a.index.unwrap_or(0.0), b.index.unwrap_or(0.0)),
            (a.within, b.within),
            (a.between, b.between),
        ];
        for (a, b) in pairs {
            prop_assert!(close(a, b, WHOLE), "{a} {b}");
        }
    }
    Ok(())
}

/// A large value that nearly nobody has, before a small one that nearly all have: the mean may not be a difference.
#[test]
fn a_heavy_part_after_a_high_one_keeps_the_digits() {
    let (x, w) = ([0.001, 79.65, 0.001, 0.01], [0.001, 0.001, 100.0, 0.001]);
    let labels = [0, 0, 0, 1];
    for alpha in [-1.0, 0.0, 1.0, 2.0] {
        let whole = decompose_ge(&x, Some(&w), &labels, 2, alpha).unwrap();
        let split = decompose_ge_groups(&parts(&x, Some(&w), &labels, 2, alpha, 1).unwrap()).unwrap();
        same(&split, &whole).unwrap();
    }
}

proptest! {
    #[test]
    fn parts_are_the_whole((x, w, g) in strategies::grouped(3..40, 3), alpha in prop::sample::select(vec![-1.0, 0.0, 0.3, 1.0, 1.7, 2.0, 3.0]), piece in 1usize..9, weighted in any::<bool>()) {
        let w = weighted.then_some(w.as_slice());
        let whole = decompose_ge(&x, w, &g, 3, alpha).unwrap();
        let split = decompose_ge_groups(&parts(&x, w, &g, 3, alpha, piece).unwrap()).unwrap();
        same(&split, &whole)?;
        prop_assert!(adds_up(split.total, &[split.within, split.between]));
    }

    #[test]
    fn zeros_and_weights_of_zero_count_as_in_the_whole(x in strategies::non_negative(4..20), w in prop::collection::vec(prop_oneof![3 => Just(1.0), 1 => Just(0.0)], 20), alpha in prop::sample::select(vec![0.4, 1.0, 2.0])) {
        let (w, g): (Vec<f64>, Vec<usize>) = (w[..x.len()].to_vec(), (0..x.len()).map(|i| i % 4).collect());
        let split = parts(&x, Some(&w), &g, 4, alpha, 3).and_then(|p| decompose_ge_groups(&p));
        match (split, decompose_ge(&x, Some(&w), &g, 4, alpha)) {
            (Ok(split), Ok(whole)) => same(&split, &whole)?,
            (split, whole) => prop_assert!(split.is_err() && whole.is_err(), "{split:?} {whole:?}"),
        }
    }

    #[test]
    fn hostile_rows_have_a_finite_answer_or_an_error(rows in prop::collection::vec((strategies::hostile_value(), strategies::hostile_value(), 0usize..3), 0..8), alpha in prop::sample::select(vec![-2.0, 0.0, 0.5, 1.0, 2.0, 9.0]), weighted in any::<bool>()) {
        let x: Vec<f64> = rows.iter().map(|r| r.0).collect();
        let w: Vec<f64> = rows.iter().map(|r| r.1).collect();
        let g: Vec<usize> = rows.iter().map(|r| r.2).collect();
        let w = weighted.then_some(w.as_slice());
        if let Ok(split) = parts(&x, w, &g, 3, alpha, 2).and_then(|p| decompose_ge_groups(&p)) {
            prop_assert!([split.total, split.within, split.between].iter().all(|v| v.is_finite() && *v >= 0.0));
        }
    }

    #[test]
    fn groups_add_up_to_the_parts_of_a_change((x, w, g) in strategies::grouped(3..25, 3), (y, v, h) in strategies::grouped(3..25, 3)) {
        let split = mld_change(Year { x: &x, w: Some(&w), groups: &g }, Year { x: &y, w: Some(&v), groups: &h }, 3).unwrap();
        let column = |f: fn(&MldChangeGroup) -> f64| split.groups.iter().map(f).collect::<Vec<_>>();
        assert_adds_up(split.within, &column(|g| g.within));
        assert_adds_up(split.population_within, &column(|g| g.population_within));
        assert_adds_up(split.population_between, &column(|g| g.population_between));
        assert_adds_up(split.means, &column(|g| g.means));
    }
}

#[test]
fn what_cannot_be_merged_is_an_error_and_leaves_the_group_as_it_was() {
    let mut theil = RunningGroup::new(1.0).unwrap();
    theil.push(&[1.0, 2.0], None).unwrap();
    let before = theil.clone();
    assert!(matches!(
        theil.merge(&RunningGroup::new(0.0).unwrap()),
        Err(Error::Domain { .. })
    ));
    assert!(matches!(
        theil.push(&[1.0, -1.0], None),
        Err(Error::Negative { index: 1, .. })
    ));
    assert!(matches!(
        theil.push(&[1.0, f64::NAN], None),
        Err(Error::NotFinite { index: 1, .. })
    ));
    assert!(matches!(
        theil.push(&[1.0], Some(&[1.0, 2.0])),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        theil.push(&[1.0, 1.0], Some(&[f64::MAX, f64::MAX])),
        Err(Error::Range { .. })
    ));
    assert_eq!(theil, before);
    assert!(matches!(RunningGroup::new(f64::NAN), Err(Error::Domain { .. })));
    assert!(matches!(decompose_ge_groups(&[]), Err(Error::Empty { .. })));
    let empty = RunningGroup::new(1.0).unwrap();
    assert!(matches!(
        decompose_ge_groups(&[empty]),
        Err(Error::Undefined { .. })
    ));
}

#[test]
fn the_sums_are_those_that_another_engine_would_be_asked_for() {
    let ln2 = std::f64::consts::LN_2;
    for (alpha, moment) in [
        (1.0, 3.0 * 4.0 * 2.0 * ln2),
        (0.0, 3.0 * 2.0 * ln2),
        (2.0, 1.0 + 3.0 * 16.0),
    ] {
        let mut group = RunningGroup::new(alpha).unwrap();
        group.push(&[1.0, 4.0], Some(&[1.0, 3.0])).unwrap();
        assert_eq!((group.n(), group.weight(), group.total()), (2, 4.0, 13.0));
        assert!(
            (group.moment() - moment).abs() < 1e-13,
            "{alpha}: {}",
            group.moment()
        );
    }
}

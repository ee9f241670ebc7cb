//! Laws and hostile input of shift-share.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use proptest::prelude::*;
use quyu_econometrics::{Error, Matrix, shift_share::*};

/// "Adds up" as the project means it.
fn adds_up(parts: &[f64], total: f64) -> bool {
    let sum: f64 = parts.iter().sum();
    let size: f64 = parts.iter().map(|p| p.abs()).sum();
    // Below the smallest normal number there are no digits left to be exact in.
    (sum - total).abs() <= 1e-12 * (total.abs() + size) + f64::MIN_POSITIVE
}

fn assert_additive(result: &ShiftShare) {
    let levels: [fn(&Table) -> &[f64]; 4] = [
        |t| &t.cells,
        |t| &t.by_region,
        |t| &t.by_sector,
        |t| std::slice::from_ref(&t.total),
    ];
    for level in levels {
        for (at, change) in level(&result.change).iter().enumerate() {
            let parts: Vec<f64> = result.parts.iter().map(|(_, table)| level(table)[at]).collect();
            assert!(adds_up(&parts, *change), "{parts:?} do not add up to {change}");
        }
    }
    for (_, table) in &result.parts {
        assert!(table.cells.iter().all(|v| v.is_finite()));
    }
}

/// Regions, sectors, base and end with some zeros.
fn tables() -> impl Strategy<Value = (usize, usize, Vec<f64>, Vec<f64>)> {
    (2usize..6, 1usize..6).prop_flat_map(|(r, s)| {
        let cell = prop_oneof![1 => Just(0.0), 6 => 0.5..1e4];
        let cells = prop::collection::vec(cell, r * s);
        (Just(r), Just(s), cells.clone(), cells)
    })
}

proptest! {
    #[test]
    fn components_add_up((r, s, base, end) in tables()) {
        let (base, end) = (
            Matrix::new(&base, r, s).unwrap(),
            Matrix::new(&end, r, s).unwrap(),
        );
        for reference in [Reference::Nation, Reference::Rest] {
            for result in every_variant(base, end, reference) {
                match result {
                    Ok(result) => assert_additive(&result),
                    Err(error) => {
                        let zero = matches!(error, Error::Zero { .. });
                        prop_assert!(zero, "{}", error);
                    }
                }
            }
        }
    }

    #[test]
    fn years_add_up((r, s, one, two) in tables(), three in prop::collection::vec(0.0..1e4, 36)) {
        let tables = [&one[..], &two[..], &three[..r * s]].map(|cells| Matrix::new(cells, r, s).unwrap());
        for variant in VARIANTS {
            if let Ok(found) = dynamic(&tables, YearlyReference::Nation, variant) {
                assert_additive(&found.sum);
                for (p, (_, table)) in found.sum.parts.iter().enumerate() {
                    for (at, cell) in table.cells.iter().enumerate() {
                        let years: Vec<f64> = found.yearly.iter().map(|y| y.parts[p].1.cells[at]).collect();
                        // The last part is a residual: it carries the rounding of all others.
                        let all = found
                            .yearly
                            .iter()
                            .flat_map(|y| y.parts.iter().map(|(_, t)| t.cells[at].abs()));
                        prop_assert!((years.iter().sum::<f64>() - cell).abs() <= 1e-12 * all.sum::<f64>());
                    }
                }
            }
        }
        if let Ok(found) = gerfin_dynamic(&tables, YearlyReference::Nation) {
            for g in found.mean.iter().chain(found.yearly.iter().flatten()) {
                prop_assert!((g.industry_mix * g.regional - g.net_shift).abs() <= 1e-12 * g.net_shift);
            }
        }
    }

    #[test]
    fn variants_agree_where_they_should((r, s, base, end) in tables()) {
        let (base, end) = (
            Matrix::new(&base, r, s).unwrap(),
            Matrix::new(&end, r, s).unwrap(),
        );
        let Ok(dunn) = classic(base, end, Reference::Nation) else {
            return Ok(());
        };
        let esteban = esteban_marquillas(base, end, Reference::Nation).unwrap();
        let arcelus = arcelus(base, end, Reference::Nation, ArcelusForm::Full).unwrap();
        let cell = |result: &ShiftShare, component, at: usize| result.part(component).unwrap().cells[at];
        for at in 0..r * s {
            let size = base.data()[at] + end.data()[at] + base.data().iter().sum::<f64>();
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * size * (1.0 + a.abs() / size);
            let competitive = cell(&esteban, Component::Competitive, at);
            let allocation = cell(&esteban, Component::Allocation, at);
            prop_assert!(near(
                competitive + allocation,
                cell(&dunn, Component::Regional, at)
            ));
            let expected = cell(&arcelus, Component::RegionalExpected, at)
                + cell(&arcelus, Component::InteractionExpected, at);
            prop_assert!(near(expected, competitive));
            let national = cell(&arcelus, Component::NationalExpected, at)
                + cell(&arcelus, Component::NationalDifferential, at);
            prop_assert!(near(national, cell(&dunn, Component::National, at)));
        }
        // With everybody as neighbour of everybody, neighbours are the rest of the nation.
        let weights: Vec<f64> = (0..r * r).map(|at| f64::from(at / r != at % r)).collect();
        let weights = Matrix::new(&weights, r, r).unwrap();
        let rest = classic(base, end, Reference::Rest);
        if let (Ok(near), Ok(rest)) = (
            spatial(base, end, Reference::Rest, weights, &SpatialOptions::default()),
            rest,
        ) {
            for at in 0..r * s {
                let (a, b) = (
                    cell(&near, Component::Local, at),
                    cell(&rest, Component::Regional, at),
                );
                prop_assert!((a - b).abs() <= 1e-9 * (a.abs() + base.data()[at] + end.data()[at]));
            }
        }
    }

    #[test]
    fn productivity_adds_up(cells in prop::collection::vec(0.5..100.0, 20), n in 1usize..5) {
        let [a, b, c, d] = [0, 5, 10, 15].map(|at| &cells[at..at + n]);
        let levels = productivity([a, b], [c, d], Reallocation::Levels).unwrap();
        let relative = productivity([a, b], [c, d], Reallocation::RelativeToTotal).unwrap();
        for p in [&levels, &relative] {
            prop_assert!(adds_up(&p.total, p.change));
            let parts: Vec<f64> = [&p.within, &p.between, &p.interaction]
                .into_iter()
                .flatten()
                .copied()
                .collect();
            prop_assert!(adds_up(&parts, p.change));
        }
        for (one, other) in levels.total.iter().zip(relative.total) {
            prop_assert!(
                (one - other).abs() < 1e-10 * (1.0 + levels.total.iter().map(|t| t.abs()).sum::<f64>())
            );
        }
    }

    #[test]
    fn structural_change_knows_shares_only(
        cells in prop::collection::vec(0.5..100.0, 12),
        n in 1usize..6,
        factor in 0.1..10.0,
    ) {
        let (base, end) = (&cells[..n], &cells[6..6 + n]);
        let scaled: Vec<f64> = end.iter().map(|v| v * factor).collect();
        for weights in [LilienWeights::End, LilienWeights::Base, LilienWeights::Product] {
            let sigma = lilien(base, end, weights).unwrap();
            prop_assert!((sigma - lilien(base, &scaled, weights).unwrap()).abs() < 1e-10);
            prop_assert!(lilien(base, base, weights).unwrap() == 0.0);
        }
        let product = lilien(base, end, LilienWeights::Product).unwrap();
        prop_assert!((product - lilien(end, base, LilienWeights::Product).unwrap()).abs() < 1e-12);
        let nav = norm_of_absolute_values(base, end).unwrap();
        prop_assert!((0.0..=1.0).contains(&nav));
        prop_assert!(
            (nav - norm_of_absolute_values(end, &scaled).unwrap() - nav
                + norm_of_absolute_values(end, end).unwrap())
            .abs()
                < 1e-12
        );
        let m = moore(base, &scaled).unwrap();
        prop_assert!((quyu_math::cos(m.angle) - m.cosine).abs() < 1e-12);
        prop_assert!(moore(base, base).unwrap().angle == 0.0);
    }

    #[test]
    fn groups_add_up_to_growth(
        cells in prop::collection::vec(0.0..100.0, 12),
        labels in prop::collection::vec(0usize..3, 6),
    ) {
        let labels = quyu_econometrics::profiles::renumber(&labels).unwrap();
        let (base, end) = (&cells[..6], &cells[6..]);
        let groups = group_contributions(base, end, &labels).unwrap();
        let (from, to): (f64, f64) = (base.iter().sum(), end.iter().sum());
        let parts: Vec<f64> = groups.iter().map(|g| g.contribution).collect();
        prop_assert!(adds_up(&parts, (to - from) / from) || (to - from).abs() < 1e-9 * from);
        prop_assert!((groups.iter().map(|g| g.base_share).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn in_the_nation_the_shifts_cancel((r, s, base, end) in tables()) {
        let (base, end) = (
            Matrix::new(&base, r, s).unwrap(),
            Matrix::new(&end, r, s).unwrap(),
        );
        if let Ok(result) = classic(base, end, Reference::Nation) {
            let size: f64 = base.data().iter().chain(end.data()).sum();
            // A sector new to the whole nation has no rate, so its growth stays with the regions.
            let new: f64 = (0..s)
                .filter(|&i| base.col(i).iter().all(|&v| v == 0.0))
                .flat_map(|i| end.col(i))
                .sum();
            let regional = result.part(Component::Regional).unwrap();
            prop_assert!((regional.total - new).abs() <= 1e-12 * size);
            let mix = result.part(Component::IndustryMix).unwrap();
            prop_assert!((mix.total + new).abs() <= 1e-12 * size);
        }
    }

    #[test]
    fn the_unit_only_scales((r, s, base, end) in tables()) {
        let (base2, end2): (Vec<_>, Vec<_>) = base
            .iter()
            .zip(&end)
            .map(|(a, b)| (a * 1024.0, b * 1024.0))
            .unzip();
        let one = classic(
            Matrix::new(&base, r, s).unwrap(),
            Matrix::new(&end, r, s).unwrap(),
            Reference::Nation,
        );
        let two = classic(
            Matrix::new(&base2, r, s).unwrap(),
            Matrix::new(&end2, r, s).unwrap(),
            Reference::Nation,
        );
        if let (Ok(one), Ok(two)) = (one, two) {
            for ((_, a), (_, b)) in one.parts.iter().zip(&two.parts) {
                for (a, b) in a.cells.iter().zip(&b.cells) {
                    prop_assert_eq!(a * 1024.0, *b);
                }
            }
        }
    }

    #[test]
    fn the_given_sum_is_the_nation((r, s, base, end) in tables()) {
        let (base, end) = (
            Matrix::new(&base, r, s).unwrap(),
            Matrix::new(&end, r, s).unwrap(),
        );
        let sums = |m: Matrix<'_>| -> Vec<f64> { (0..s).map(|i| m.col(i).iter().sum()).collect() };
        let (from, to) = (sums(base), sums(end));
        let nation = classic(base, end, Reference::Nation);
        let given = classic(
            base,
            end,
            Reference::Given {
                base: &from,
                end: &to,
            },
        );
        prop_assert_eq!(nation, given);
    }

    #[test]
    fn hostile_cells_never_panic(
        (r, s) in (1usize..4, 1usize..4),
        pool in prop::collection::vec(hostile(), 32),
    ) {
        let (base, end) = (&pool[..r * s], &pool[16..16 + r * s]);
        let (base, end) = (Matrix::new(base, r, s).unwrap(), Matrix::new(end, r, s).unwrap());
        for reference in [
            Reference::Nation,
            Reference::Rest,
            Reference::Given {
                base: &pool[..s],
                end: &pool[4..4 + s],
            },
        ] {
            for result in every_variant(base, end, reference).into_iter().flatten() {
                assert_additive(&result);
            }
            if let Ok(factors) = gerfin(base, end, reference) {
                prop_assert!(
                    factors
                        .iter()
                        .all(|g| g.industry_mix.is_finite() && g.regional.is_finite())
                );
            }
            let weights = Matrix::new(&pool[..r * r], r, r).unwrap();
            for form in FORMS {
                for growth in [NeighbourGrowth::OfSum, NeighbourGrowth::MeanOfRates] {
                    if let Ok(result) =
                        spatial(base, end, reference, weights, &SpatialOptions { form, growth })
                    {
                        assert_additive(&result);
                    }
                }
            }
        }
        let tables = [base, end, base];
        for variant in VARIANTS {
            if let Ok(found) = dynamic(&tables, YearlyReference::Nation, variant) {
                assert_additive(&found.sum);
            }
        }
        if let Ok(found) = gerfin_dynamic(
            &tables,
            YearlyReference::Given(Matrix::new(&pool[..3 * s], 3, s).unwrap()),
        ) {
            prop_assert!(
                found
                    .mean
                    .iter()
                    .all(|g| g.net_shift.is_finite() && g.regional.is_finite())
            );
        }
        let [a, b, c, d] = [0, 8, 16, 24].map(|at| &pool[at..at + s]);
        for kind in [Reallocation::Levels, Reallocation::RelativeToTotal] {
            if let Ok(p) = productivity([a, b], [c, d], kind) {
                prop_assert!(
                    p.change.is_finite() && p.within.iter().chain(&p.between).all(|v| v.is_finite())
                );
            }
        }
        for weights in [LilienWeights::End, LilienWeights::Base, LilienWeights::Product] {
            if let Ok(sigma) = lilien(a, b, weights) {
                prop_assert!(sigma.is_finite());
            }
        }
        if let Ok(nav) = norm_of_absolute_values(a, b) {
            prop_assert!((0.0..=1.0).contains(&nav));
        }
        if let Ok(m) = moore(a, b) {
            prop_assert!(m.angle.is_finite() && (0.0..=1.0).contains(&m.cosine));
        }
        if let Ok(groups) = group_contributions(a, b, &vec![0; s]) {
            prop_assert!(
                groups
                    .iter()
                    .all(|g| g.contribution.is_finite() && g.base_share.is_finite())
            );
        }
    }
}

const VARIANTS: [Variant; 4] = [
    Variant::Classic,
    Variant::EstebanMarquillas,
    Variant::Arcelus,
    Variant::ArcelusShort,
];

const FORMS: [SpatialForm; 3] = [
    SpatialForm::NeighbourIndustry,
    SpatialForm::IndustryThenNeighbour,
    SpatialForm::NeighbourTotal,
];

/// Every additive shift-share of two tables.
fn every_variant(
    base: Matrix<'_>,
    end: Matrix<'_>,
    reference: Reference<'_>,
) -> Vec<Result<ShiftShare, Error>> {
    let mut results: Vec<_> = VARIANTS
        .map(|variant| shift_share(base, end, reference, variant))
        .into();
    results.push(rigby_anderson([base, end], [base, end], [reference; 2]));
    results.push(rigby_anderson([base, end], [end, base], [reference; 2]));
    let n = base.rows();
    if n > 1 {
        // A ring.
        let weights: Vec<f64> = (0..n * n)
            .map(|at| f64::from((at / n + 1) % n == at % n || (at % n + 1) % n == at / n))
            .collect();
        let weights = Matrix::new(&weights, n, n).unwrap();
        for form in FORMS {
            for growth in [NeighbourGrowth::OfSum, NeighbourGrowth::MeanOfRates] {
                results.push(spatial(
                    base,
                    end,
                    reference,
                    weights,
                    &SpatialOptions { form, growth },
                ));
            }
        }
    }
    results
}

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-0.0),
        Just(1.0),
        Just(-1.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(1e308),
        Just(1e-308),
        Just(5e-324),
        Just(3e9),
        0.0..10.0,
    ]
}

#[test]
fn a_zero_base_goes_to_the_region_and_is_flagged() {
    let (base, end) = ([100.0, 0.0, 50.0, 30.0], [110.0, 20.0, 45.0, 0.0]);
    let (from, to) = ([1000.0, 200.0, 800.0, 400.0], [1100.0, 260.0, 760.0, 300.0]);
    let reference = Reference::Given {
        base: &from,
        end: &to,
    };
    let result = classic(
        Matrix::new(&base, 1, 4).unwrap(),
        Matrix::new(&end, 1, 4).unwrap(),
        reference,
    )
    .unwrap();
    assert_eq!(result.zero_base, [false, true, false, false]);
    assert_eq!(result.part(Component::Regional).unwrap().cells[1], 20.0);
    assert!((result.part(Component::National).unwrap().total - 1.5).abs() < 1e-12);
}

#[test]
fn what_the_reference_lacks_is_an_error_that_names_the_sector() {
    let (base, end) = ([1.0, 2.0, 3.0, 0.0], [1.0, 2.0, 3.0, 1.0]);
    let (base, end) = (
        Matrix::new(&base, 2, 2).unwrap(),
        Matrix::new(&end, 2, 2).unwrap(),
    );
    let error = classic(base, end, Reference::Rest).unwrap_err();
    assert_eq!(
        error,
        Error::Zero {
            argument: "reference",
            index: 1
        }
    );
}

#[test]
fn a_published_total_sets_the_national_rate() {
    let (base, end) = ([10.0, 10.0], [11.0, 12.0]);
    let reference = Reference::Published {
        base: &[100.0, 100.0],
        end: &[110.0, 120.0],
        base_total: 250.0,
        end_total: 300.0,
    };
    let result = classic(
        Matrix::new(&base, 1, 2).unwrap(),
        Matrix::new(&end, 1, 2).unwrap(),
        reference,
    )
    .unwrap();
    assert!((result.part(Component::National).unwrap().total - 20.0 * 0.2).abs() < 1e-12);
    assert_additive(&result);
}

#[test]
fn shapes_must_agree() {
    let cells = [1.0; 6];
    let (two, three) = (
        Matrix::new(&cells, 2, 3).unwrap(),
        Matrix::new(&cells, 3, 2).unwrap(),
    );
    assert_eq!(
        classic(two, three, Reference::Nation),
        Err(Error::Length {
            argument: "end",
            found: 3,
            expected: 2
        })
    );
    let short = Reference::Given {
        base: &cells[..2],
        end: &cells[..2],
    };
    assert_eq!(
        classic(two, two, short),
        Err(Error::Length {
            argument: "reference base",
            found: 2,
            expected: 3
        })
    );
}

#[test]
fn a_region_without_neighbours_is_named() {
    let cells = [1.0, 2.0, 3.0];
    let table = Matrix::new(&cells, 3, 1).unwrap();
    let weights = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let weights = Matrix::new(&weights, 3, 3).unwrap();
    let error = spatial(
        table,
        table,
        Reference::Nation,
        weights,
        &SpatialOptions::default(),
    )
    .unwrap_err();
    assert_eq!(
        error,
        Error::Zero {
            argument: "weights",
            index: 2
        }
    );
}

#[test]
fn years_of_a_larger_nation_are_used_in_order() {
    let years = [[10.0], [20.0], [30.0]];
    let tables: Vec<_> = years.iter().map(|y| Matrix::new(y, 1, 1).unwrap()).collect();
    let nation = [100.0, 150.0, 300.0];
    let reference = YearlyReference::Given(Matrix::new(&nation, 3, 1).unwrap());
    let found = dynamic(&tables, reference, Variant::Classic).unwrap();
    assert_eq!(
        found.sum.part(Component::National).unwrap().total,
        10.0 * 0.5 + 20.0 * 1.0
    );
    let short = YearlyReference::Given(Matrix::new(&nation[..2], 2, 1).unwrap());
    assert!(matches!(
        dynamic(&tables, short, Variant::Classic),
        Err(Error::Length { .. })
    ));
}

//! Whatever is thrown at shift-share and structural change, they answer with finite numbers or a typed error.

use crate::thrown::{answer, call, cases, table};
use proptest::prelude::*;
use quyu_econometrics::Matrix;
use quyu_econometrics::shift_share::*;
use quyu_testkit::strategies::{extreme, hostile, hostile_value};

const VARIANTS: [Variant; 4] = [
    Variant::Classic,
    Variant::EstebanMarquillas,
    Variant::Arcelus,
    Variant::ArcelusShort,
];

fn tables(base: Matrix<'_>, end: Matrix<'_>, given: &[f64], totals: (f64, f64)) {
    let published = Reference::Published {
        base: given,
        end: given,
        base_total: totals.0,
        end_total: totals.1,
    };
    for reference in [
        Reference::Nation,
        Reference::Rest,
        Reference::Given {
            base: given,
            end: given,
        },
        published,
    ] {
        let parts = answer(classic(base, end, reference));
        if let Some(parts) = parts {
            call(parts.part(Component::Regional));
        }
        answer(esteban_marquillas(base, end, reference));
        for form in [ArcelusForm::Full, ArcelusForm::Short] {
            answer(arcelus(base, end, reference, form));
        }
        for variant in VARIANTS {
            answer(shift_share(base, end, reference, variant));
        }
        answer(gerfin(base, end, reference));
        answer(rigby_anderson([base, end], [end, base], [reference; 2]));
    }
    for reference in [
        YearlyReference::Nation,
        YearlyReference::Rest,
        YearlyReference::Given(base),
    ] {
        answer(dynamic(&[base, end, base], reference, Variant::Classic));
        answer(gerfin_dynamic(&[base, end], reference));
    }
}

fn neighbours(base: Matrix<'_>, end: Matrix<'_>, weights: Matrix<'_>) {
    for form in [
        SpatialForm::NeighbourIndustry,
        SpatialForm::IndustryThenNeighbour,
        SpatialForm::NeighbourTotal,
    ] {
        for growth in [NeighbourGrowth::OfSum, NeighbourGrowth::MeanOfRates] {
            answer(spatial(
                base,
                end,
                Reference::Nation,
                weights,
                &SpatialOptions { form, growth },
            ));
        }
    }
}

fn structures(base: &[f64], end: &[f64], labels: &[usize]) {
    for weights in [LilienWeights::End, LilienWeights::Base, LilienWeights::Product] {
        answer(lilien(base, end, weights));
    }
    answer(norm_of_absolute_values(base, end));
    answer(moore(base, end));
    answer(group_contributions(base, end, labels));
    for reallocation in [Reallocation::Levels, Reallocation::RelativeToTotal] {
        answer(productivity([base, end], [end, base], reallocation));
        answer(productivity([base, base], [base, end], reallocation));
    }
}

/// Each region next to the one after it; none for a single region.
fn ring(rows: usize) -> Vec<f64> {
    let next = |at: usize| f64::from(rows > 1 && (at / rows + 1) % rows == at % rows);
    (0..rows * rows).map(next).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn any_tables(a in hostile(13), b in hostile(13), cols in 1usize..4, given in hostile(4), totals in (hostile_value(), hostile_value()), w in hostile(17)) {
        if let (Some(base), Some(end)) = (table(&a, cols), table(&b, cols)) {
            tables(base, end, &given, totals);
            if let Some(weights) = table(&w, base.rows()) {
                neighbours(base, end, weights);
            }
        }
    }

    #[test]
    fn tables_of_extreme_sizes(a in extreme(12..13), cols in 1usize..4, by in 0usize..12, given in extreme(3..4)) {
        let mut b = a.clone();
        b.rotate_left(by);
        if let (Some(base), Some(end)) = (table(&a, cols), table(&b, cols)) {
            tables(base, end, &given[..cols], (given[0], given[1]));
            let ring = ring(base.rows());
            if let Some(weights) = table(&ring, base.rows()) {
                neighbours(base, end, weights);
            }
        }
    }

    #[test]
    fn any_structures(a in hostile(7), b in hostile(7), labels in prop::collection::vec(0usize..4, 0..7)) {
        structures(&a, &b, &labels);
        structures(&a, &a, &vec![0; a.len()]);
    }

    #[test]
    fn structures_of_extreme_sizes(a in extreme(1..7), by in 0usize..7) {
        let mut b = a.clone();
        b.rotate_left(by % a.len());
        structures(&a, &b, &(0..a.len()).map(|i| i % 2).collect::<Vec<_>>());
    }
}

//! Whatever is thrown at what regions live on, it is answered with finite numbers or a typed error.

use crate::thrown::{answer, cases, table};
use proptest::prelude::*;
use quyu_econometrics::Matrix;
use quyu_econometrics::structure::*;
use quyu_testkit::strategies::{extreme, hostile, hostile_value};

const FORMS: [QuotientForm; 4] = [
    QuotientForm::Ratio,
    QuotientForm::Difference,
    QuotientForm::Symmetric,
    QuotientForm::Log,
];

fn tables(jobs: Matrix<'_>, other: Matrix<'_>, values: &[f64], threshold: f64) {
    for form in FORMS {
        if let Some(quotients) = answer(location_quotients(jobs, form)) {
            answer(quotient_overlap(&quotients, &quotients, threshold));
        }
        answer(quotients_against(jobs, other, form));
    }
    answer(specialised_against(jobs, other, threshold));
    for ddof in 0..3 {
        answer(standardised_quotients(jobs, ddof));
    }
    answer(shrunken_quotients(jobs));
    answer(regional_profiles(jobs));
    for side in [GiniSide::Concentration, GiniSide::Specialisation] {
        for weights in [GiniWeights::Size, GiniWeights::None] {
            answer(locational_gini(jobs, side, weights));
        }
    }
    answer(hoover_concentration(jobs, None));
    answer(hoover_concentration(jobs, Some(values)));
    answer(raw_concentration(jobs));
    for benchmark in [
        Benchmark::Rest,
        Benchmark::All,
        Benchmark::MeanOfOthers,
        Benchmark::Region(2),
    ] {
        answer(krugman(
            jobs,
            &KrugmanOptions {
                benchmark,
                ..Default::default()
            },
        ));
    }
    answer(litzenberger_sternberg(jobs, other, values, values));
    answer(overlap(jobs.row(0), other.row(0)));
    answer(overlap(jobs.row(0), values));
    if let Some(held) = answer(specialised(jobs, threshold)) {
        incidence(
            Matrix::new(&held, jobs.rows(), jobs.cols()).expect("the same shape"),
            values,
        );
    }
    incidence(jobs, values);
}

fn incidence(held: Matrix<'_>, values: &[f64]) {
    answer(cooccurrence(held));
    answer(cooccurrence_z(held));
    answer(reflections(held, 3));
    answer(fitness(held, &FitnessOptions::default()));
    let mut scores = values.to_vec();
    for scaling in [ComplexityScaling::Own, ComplexityScaling::Regions] {
        if let Some(found) = answer(complexity(held, scaling)) {
            scores = found.industries;
        }
    }
    for kind in [
        Relatedness::Association,
        Relatedness::Probability,
        Relatedness::Cosine,
        Relatedness::Jaccard,
        Relatedness::MinimumConditional,
    ] {
        if let Some(related) = answer(relatedness(held, kind)) {
            let related = Matrix::new(&related, held.cols(), held.cols()).expect("a square");
            answer(density(held, related));
            answer(opportunities(held, related, &scores));
        }
    }
}

fn plants(employment: &[f64], industry: &[usize], region: &[usize], totals: &[f64]) {
    answer(ellison_glaeser(employment, industry, region, None));
    answer(ellison_glaeser(employment, industry, region, Some(totals)));
    answer(coagglomeration(employment, industry, region, totals));
}

proptest! {
    #![proptest_config(cases(50))]

    #[test]
    fn any_tables(a in hostile(17), b in hostile(17), cols in 1usize..5, values in hostile(5), threshold in hostile_value(), labels in prop::collection::vec(0usize..4, 0..17)) {
        if let (Some(jobs), Some(other)) = (table(&a, cols), table(&b, cols)) {
            tables(jobs, other, &values, threshold);
            answer(density(jobs, other));
            answer(opportunities(jobs, other, &values));
        }
        let optional: Vec<Option<f64>> = a.iter().map(|v| (*v != 1.0).then_some(*v)).collect();
        answer(quotient_overlap(&optional, &optional, threshold));
        plants(&a, &labels, &labels, &b);
        let even: Vec<usize> = (0..a.len()).map(|i| i % 2).collect();
        plants(&a, &even, &vec![0; a.len()], &values);
    }

    #[test]
    fn tables_of_extreme_sizes(a in extreme(16..17), cols in 2usize..5, by in 0usize..16, threshold in 0.0f64..3.0, labels in prop::collection::vec(0usize..3, 16)) {
        let mut b = a.clone();
        b.rotate_left(by);
        if let (Some(jobs), Some(other)) = (table(&a, cols), table(&b, cols)) {
            tables(jobs, other, &a[..jobs.rows()], threshold);
        }
        let industries: Vec<usize> = (0..a.len()).map(|i| i % 2).collect();
        plants(&a, &industries, &labels, &a[..3]);
    }

    #[test]
    fn incidences(cells in prop::collection::vec(prop_oneof![3 => Just(1.0), 2 => Just(0.0), 1 => hostile_value()], 1..25), cols in 1usize..6, values in hostile(6)) {
        if let Some(held) = table(&cells, cols) {
            incidence(held, &values);
        }
        let sound: Vec<f64> = cells.iter().map(|v| f64::from(*v == 1.0)).collect();
        if let Some(held) = table(&sound, cols) {
            incidence(held, &vec![1.0; cols]);
        }
    }
}

//! The sums behind indices, as terms that every engine can add up.

use quyu_core::additive::sums::{Expr, Refusal, Sign, SumTerm, Sums};
use quyu_econometrics::disparity::{Index, Running};

use crate::measure::{Measure, What};

/// Adds what an index needs to a declaration: values stand in column `x`, weights in column `w`.
pub(crate) fn declare(sums: &mut Sums, running: &Running, measure: &Measure, (x, w): (usize, Option<usize>)) {
    for name in running.names() {
        if sums.terms.iter().all(|t| t.name != name) {
            let of = term(name, exponent(measure), x, w);
            sums.terms.push(SumTerm { name, of });
        }
    }
    let mut refuse = |name: &'static str, when: Vec<(usize, Sign)>| {
        if sums.refusals.iter().all(|r| r.name != name) {
            sums.refusals.push(Refusal { name, when });
        }
    };
    if let Some(w) = w {
        refuse("negative-weight", vec![(w, Sign::Negative)]);
    }
    if !running.takes_negative() {
        refuse("negative-value", vec![(x, Sign::Negative)]);
    }
    if !running.takes_zero() {
        let counts = w.map(|w| (w, Sign::Positive));
        refuse(
            "zero-value",
            [(x, Sign::Zero)].into_iter().chain(counts).collect(),
        );
    }
}

/// The exponent of x, or the factor of x in an exponential.
fn exponent(measure: &Measure) -> f64 {
    match measure.what {
        What::Index(Index::Ge(alpha) | Index::Kolm(alpha)) => alpha,
        What::Index(Index::Atkinson(epsilon)) => 1.0 - epsilon,
        _ => 2.0,
    }
}

/// The terms of [`Running::names`] and of groups.
pub(crate) fn term(name: &str, alpha: f64, x: usize, w: Option<usize>) -> Expr {
    let value = || Expr::Column(x);
    let log = || Expr::Ln(Box::new(value()));
    let weight = || w.map_or(Expr::Constant(1.0), Expr::Column);
    // Without weights every row counts once.
    let weighted = |of: Expr| match w {
        Some(w) => Expr::Column(w).times(of),
        None => of,
    };
    let counted = |of: Expr| match w {
        Some(w) => of.where_positive(w),
        None => of,
    };
    match name {
        "n" => Expr::Constant(1.0),
        "sum-1" => counted(Expr::Constant(1.0)),
        "sum-x" => counted(value()),
        "sum-xx" => counted(value().times(value())),
        "sum-w" => weight(),
        "sum-wx" => weighted(value()),
        "sum-ww" => weighted(weight()),
        "sum-wwx" => weighted(weighted(value())),
        "sum-wwxx" => weighted(weighted(value().times(value()))),
        "sum-w-of-zeros" => Expr::Where(x, Sign::Zero, Box::new(weight())),
        "sum-w-ln-x" => weighted(log()).where_positive(x),
        "sum-w-ln-x-squared" => weighted(log().times(log())).where_positive(x),
        "sum-wx-ln-x" => weighted(value().times(log())).where_positive(x),
        "sum-w-exp-alpha-x" => weighted(Expr::Exp(Box::new(Expr::Constant(-alpha).times(value())))),
        // 0^alpha is 0 where zeros are taken at all; some engines have no power of zero.
        _ => weighted(Expr::Power(Box::new(value()), alpha)).where_positive(x),
    }
}

#[cfg(test)]
mod tests {
    use quyu_core::{Batch, Values};
    use quyu_econometrics::disparity::{CvOptions, LogCentre};

    use super::*;

    /// Every index that is a function of sums: its terms, added up row by row, are the sums that the index itself says.
    #[test]
    fn terms_are_the_sums_that_an_index_follows_from() {
        let all = [
            Index::TheilT,
            Index::Mld,
            Index::Ge(-0.5),
            Index::Ge(3.0),
            Index::Atkinson(0.5),
            Index::Atkinson(1.0),
            Index::Atkinson(2.0),
            Index::Cv(CvOptions::default()),
            Index::VarianceOfLogs(LogCentre::MeanOfLogs),
            Index::WilliamsonUnweighted,
            Index::Kolm(0.3),
            Index::Coulter,
        ];
        let (x, w) = ([1.5, 0.25, 4.0, 2.0, 8.0], [1.0, 2.0, 0.0, 3.0, 0.5]);
        let batch = Batch::new(vec![Values::Numbers(&x), Values::Numbers(&w)]).unwrap();
        for index in all {
            let measure = Measure::new("m", "M", index);
            for weights in [None, Some(1)] {
                let mut running = Running::new(index).unwrap();
                running.push(&x, weights.map(|_| w.as_slice())).unwrap();
                let mut sums = Sums {
                    keys: vec![],
                    terms: vec![],
                    refusals: vec![],
                };
                declare(&mut sums, &running, &measure, (0, weights));
                let row = &sums.add_up(&batch).unwrap()[0];
                for ((found, term), own) in row.sums.iter().zip(&sums.terms).zip(running.sums().unwrap()) {
                    assert_eq!(term.name, own.name);
                    let close = (found - own.value).abs() < 1e-13 * (1.0 + own.value.abs());
                    assert!(close, "{index:?}, {}: {found}, {}", term.name, own.value);
                }
                let again = Running::of_sums(index, &row.sums).unwrap();
                let off = (again.value().unwrap() - running.value().unwrap()).abs();
                assert!(off <= 1e-13, "{index:?}: off by {off}");
                assert!(again.blur().unwrap() > 0.0 && running.blur().unwrap() == 0.0);
            }
        }
    }
}

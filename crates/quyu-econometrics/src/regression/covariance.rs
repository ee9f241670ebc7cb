//! Covariance matrices of least-squares coefficients.

use super::coefficient::{Coefficient, FTest};
use super::design::{Design, power_of_two};
use super::lu::Lu;
use crate::{Error, check};
use quyu_math::{dot, sqrt, sum_by};

/// How the covariance of the coefficients is estimated. e are the residuals, h the leverages, n units, k coefficients.
///
/// All but [`Covariance::Classical`] are sandwiches (X'X)⁻¹ M (X'X)⁻¹ with the middle term M given.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Covariance<'a> {
    /// s² (X'X)⁻¹ with s² = e'e / (n - k): equal variances, no correlation. Tests with n - k degrees of freedom.
    #[default]
    Classical,
    /// M = Σ e² x x' (White 1980): too small in small samples.
    Hc0,
    /// HC0 times n / (n - k).
    Hc1,
    /// M = Σ e² / (1 - h) x x'.
    Hc2,
    /// M = Σ e² / (1 - h)² x x': close to the jackknife, the cautious choice below 250 units (Long & Ervin 2000).
    Hc3,
    /// One label a unit: M = Σ_g (X_g'e_g)(X_g'e_g)' times G / (G - 1) · (n - 1) / (n - k) with G groups. Tests with G - 1
    /// degrees of freedom (Cameron & Miller 2015).
    Clustered(&'a [usize]),
    /// Newey & West 1987, for units in the order of time: M = Σ_l (1 - |l| / (L + 1)) Σ_i u_i u_{i-l}' with u = x e and lags
    /// l from -L to L; no small-sample factor.
    NeweyWest(usize),
}

/// Coefficients with their standard errors, and the covariance that the standard errors come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Inference {
    /// One a coefficient, in the order of the regression.
    pub coefficients: Vec<Coefficient>,
    /// Covariance of the coefficients, row-major.
    pub covariance: Vec<f64>,
}

impl Inference {
    /// From the covariance in the coordinates of Q.
    pub(crate) fn new(estimates: &[f64], design: &Design, middle: &[f64], df: f64) -> Result<Self, Error> {
        let k = design.k;
        let r = &design.inverse;
        let row = |j: usize| &r[j * k..(j + 1) * k];
        let half: Vec<f64> = (0..k * k)
            .map(|c| sum_by(k, |m| row(c / k)[m] * middle[m * k + c % k]))
            .collect();
        let covariance: Vec<f64> = (0..k * k)
            .map(|c| dot(&half[c / k * k..(c / k + 1) * k], row(c % k)))
            .collect();
        check::in_range("a covariance of coefficients", &covariance)?;
        // A variance of zero may come out as a negative rounding.
        let error = |j: usize| sqrt(covariance[j * k + j].max(0.0));
        let coefficients = estimates.iter().enumerate().map(|(j, estimate)| Coefficient {
            estimate: *estimate,
            std_error: error(j),
            df,
        });
        Ok(Self {
            coefficients: coefficients.collect(),
            covariance,
        })
    }

    /// The Wald test that several coefficients are all zero: F = b'V⁻¹b / q with q and the residual degrees of freedom.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Label`] for a coefficient that does not exist, [`Error::Singular`] if their covariance has no
    /// inverse, [`Error::Range`].
    pub fn joint_test(&self, which: &[usize]) -> Result<FTest, Error> {
        let (k, q) = (self.coefficients.len(), which.len());
        if q == 0 {
            return Err(Error::Empty { argument: "which" });
        }
        check::labels("which", which, q, k)?;
        // In units of the standard errors: what remains is a correlation matrix.
        let b: Vec<f64> = which
            .iter()
            .map(|j| self.coefficients[*j].t())
            .collect::<Option<_>>()
            .ok_or(Error::Singular {
                argument: "covariance",
            })?;
        let scaled = |i: usize, j: usize| {
            self.covariance[i * k + j] / self.coefficients[i].std_error / self.coefficients[j].std_error
        };
        let cells: Vec<f64> = which
            .iter()
            .flat_map(|i| which.iter().map(|j| scaled(*i, *j)).collect::<Vec<_>>())
            .collect();
        let solved = Lu::of(&cells, q, "covariance")?.solve(&b);
        let statistic = dot(&b, &solved) / q as f64;
        FTest::new("an F statistic", statistic, (q as f64, self.coefficients[0].df))
    }
}

/// The covariance in the coordinates of Q, and the degrees of freedom for tests.
pub(crate) fn middle(
    design: &Design,
    residuals: &[f64],
    covariance: Covariance<'_>,
) -> Result<(Vec<f64>, f64), Error> {
    let (n, k) = (design.n, design.k);
    let df = (n - k) as f64;
    // Residuals near one, so that their squares are doubles.
    let scale = power_of_two(residuals);
    let e: Vec<f64> = residuals.iter().map(|e| e * scale).collect();
    let (mut cells, df) = match covariance {
        Covariance::Classical => {
            let s2 = dot(&e, &e) / df;
            let identity = (0..k * k).map(|c| if c % (k + 1) == 0 { s2 } else { 0.0 });
            (identity.collect(), df)
        }
        Covariance::Hc0 => (weighted(design, |i| e[i] * e[i]), df),
        Covariance::Hc1 => (weighted(design, |i| e[i] * e[i] * (n as f64 / df)), df),
        Covariance::Hc2 => {
            let rest = one_minus_leverages(design)?;
            (weighted(design, |i| e[i] * e[i] / rest[i]), df)
        }
        Covariance::Hc3 => {
            let rest = one_minus_leverages(design)?;
            (weighted(design, |i| (e[i] / rest[i]) * (e[i] / rest[i])), df)
        }
        Covariance::Clustered(labels) => {
            let (cells, groups) = clustered(design, &e, labels)?;
            let factor = groups / (groups - 1.0) * (n as f64 - 1.0) / df;
            (cells.iter().map(|v| v * factor).collect(), groups - 1.0)
        }
        Covariance::NeweyWest(lags) => (newey_west(design, &e, lags), df),
    };
    cells.iter_mut().for_each(|v| *v = *v / scale / scale);
    Ok((cells, df))
}

/// Σ w q q' over the units, row-major.
fn weighted(design: &Design, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let weights: Vec<f64> = (0..design.n).map(weight).collect();
    symmetric(design.k, |a, b| {
        sum_by(design.n, |i| weights[i] * design.row(i)[a] * design.row(i)[b])
    })
}

fn symmetric(k: usize, cell: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut cells = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..=a {
            cells[a * k + b] = cell(a, b);
            cells[b * k + a] = cells[a * k + b];
        }
    }
    cells
}

fn one_minus_leverages(design: &Design) -> Result<Vec<f64>, Error> {
    let rest: Vec<f64> = (0..design.n)
        .map(|i| 1.0 - dot(design.row(i), design.row(i)))
        .collect();
    match rest.iter().any(|r| *r < 1e-10) {
        true => Err(Error::Undefined {
            reason: "a unit has a leverage of one, so that HC2 and HC3 divide by zero",
        }),
        false => Ok(rest),
    }
}

/// Σ_g s_g s_g' with s_g = Σ q e over the units of a group, and the number of groups.
pub(crate) fn clustered(design: &Design, e: &[f64], labels: &[usize]) -> Result<(Vec<f64>, f64), Error> {
    check::length("labels", labels.len(), design.n)?;
    let k = design.k;
    let mut order: Vec<usize> = (0..design.n).collect();
    order.sort_by_key(|i| labels[*i]);
    let groups: Vec<&[usize]> = order.chunk_by(|a, b| labels[*a] == labels[*b]).collect();
    check::at_least("groups", groups.len(), 2)?;
    let scores: Vec<Vec<f64>> = groups
        .iter()
        .map(|group| {
            (0..k)
                .map(|j| sum_by(group.len(), |m| design.row(group[m])[j] * e[group[m]]))
                .collect()
        })
        .collect();
    let cells = symmetric(k, |a, b| sum_by(scores.len(), |g| scores[g][a] * scores[g][b]));
    Ok((cells, groups.len() as f64))
}

fn newey_west(design: &Design, e: &[f64], lags: usize) -> Vec<f64> {
    let n = design.n;
    let score = |i: usize, j: usize| design.row(i)[j] * e[i];
    symmetric(design.k, |a, b| {
        let near = sum_by(n, |i| score(i, a) * score(i, b));
        let far = sum_by(lags.min(n - 1), |l| {
            let lag = l + 1;
            let both = sum_by(n - lag, |i| {
                score(i + lag, a) * score(i, b) + score(i, a) * score(i + lag, b)
            });
            (1.0 - lag as f64 / (lags as f64 + 1.0)) * both
        });
        near + far
    })
}

//! Regressions on balanced panels: fixed effects of regions and years, and random effects of regions.

use super::covariance::{Inference, clustered};
use super::design::{Design, power_of_two};
use super::ols::Ols;
use crate::{Error, Matrix, check};
use quyu_math::{dot, sqrt, sum, sum_by};

/// Which effects are absorbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effects {
    /// None: a constant and pooled least squares.
    Pooled,
    /// One constant a region.
    Region,
    /// One constant a year.
    Time,
    /// One constant a region and one a year.
    #[default]
    TwoWays,
}

/// The small-sample factor of a clustered covariance. G clusters, n observations, k slopes (with the constant of a pooled
/// regression).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmallSample {
    /// G / (G - 1) · (n - 1) / (n - k), effects not counted in k.
    #[default]
    Slopes,
    /// n / (n - k - effects), as the Python package linearmodels has it.
    Absorbed,
    /// None: Arellano 1987, as the R package plm has it (`HC0`).
    None,
}

/// How the covariance of panel coefficients is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelCovariance {
    /// s² (X'X)⁻¹ with s² = rss / (n - k - effects).
    Classical,
    /// Clustered by region: any correlation over time within a region. Tests with G - 1 degrees of freedom.
    Clustered(SmallSample),
    /// Driscoll & Kraay 1998: correlation between regions, and over `lags` years with Bartlett weights. The factor is
    /// n / (n - k - effects). Needs many years; tests with years - 1 degrees of freedom.
    DriscollKraay {
        /// Number of lags.
        lags: usize,
    },
}

impl Default for PanelCovariance {
    fn default() -> Self {
        Self::Clustered(SmallSample::Slopes)
    }
}

/// A panel regression with absorbed effects.
#[derive(Debug, Clone)]
pub struct Within {
    /// The slopes, one a regressor; for a pooled regression behind the constant.
    pub coefficients: Vec<f64>,
    /// Residuals, regions by years, row-major.
    pub residuals: Vec<f64>,
    /// Observations.
    pub n: usize,
    /// Observations less slopes less effects.
    pub df: usize,
    /// Sum of squared residuals.
    pub rss: f64,
    /// 1 - Σ(y - xb)² / Σy² with y and x less the means of their region; below zero where years explain more.
    pub r_squared_within: Option<f64>,
    years: usize,
    design: Design,
}

/// Least squares on a balanced panel with effects of regions and years taken out (the within or fixed-effects estimator).
///
/// `y` is regions by years; each of `x` is a regressor of the same shape. With two ways a variable z becomes
/// z - mean of its region - mean of its year + mean of all. The slopes equal those of a regression with a dummy for each region
/// and year. A lagged y among the regressors is biased towards zero by about 1/years (Nickell 1981).
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`]; [`Error::TooFew`] if no degree of freedom is left;
/// [`Error::Singular`] if the effects or other regressors explain a regressor; [`Error::Range`].
///
/// # References
/// Wooldridge 2010, Econometric Analysis of Cross Section and Panel Data, chapter 10. Arellano 1987, Oxford Bulletin 49:431-434.
/// Driscoll & Kraay 1998, Review of Economics and Statistics 80:549-560.
///
/// ```
/// use quyu_econometrics::{Matrix, regression::{Effects, PanelCovariance, within}};
/// let y = Matrix::new(&[1.0, 2.0, 4.0, 8.0, 9.0, 9.5, 3.0, 3.0, 3.5], 3, 3)?;
/// let x = Matrix::new(&[0.0, 1.0, 2.0, 0.0, 1.0, 1.5, 2.0, 1.0, 2.0], 3, 3)?;
/// let fit = within(y, &[x], Effects::Region)?;
/// let slope = fit.inference(PanelCovariance::default())?.coefficients[0];
/// assert!((slope.estimate - 26.0 / 23.0).abs() < 1e-14 && slope.df == 2.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn within(y: Matrix<'_>, x: &[Matrix<'_>], effects: Effects) -> Result<Within, Error> {
    check_panel(y, x)?;
    let (regions, years) = (y.rows(), y.cols());
    let absorbed = match effects {
        Effects::Pooled => 0,
        Effects::Region => regions,
        Effects::Time => years,
        Effects::TwoWays => regions + years - 1,
    };
    let mut columns: Vec<Vec<f64>> = x.iter().map(|z| without(*z, effects)).collect();
    if effects == Effects::Pooled {
        columns.insert(0, vec![1.0; regions * years]);
    }
    let n = regions * years;
    check::at_least("y", n, absorbed + columns.len() + 1)?;
    // What rounding leaves of a regressor that the effects explain is no regressor.
    for (column, z) in columns.iter().rev().zip(x.iter().rev()) {
        let size = |v: &[f64]| v.iter().fold(0.0, |max: f64, v| max.max(v.abs()));
        if size(column) <= 1e-11 * size(z.data()) {
            return Err(Error::Singular { argument: "x" });
        }
    }
    check::in_range("a demeaned value", &columns.concat())?;
    let df = n - absorbed - columns.len();
    let design = Design::of(columns, "x")?;
    let target = without(y, effects);
    check::in_range("a demeaned value", &target)?;
    let found = design.project(&target);
    check::in_range("a coefficient", &found.coefficients)?;
    let rss = dot(&found.residuals, &found.residuals);
    check::in_range("a sum of squares", &[rss])?;
    let slopes = &found.coefficients[found.coefficients.len() - x.len()..];
    Ok(Within {
        r_squared_within: r_squared_within(y, x, slopes),
        coefficients: found.coefficients,
        residuals: found.residuals,
        n,
        df,
        rss,
        years,
        design,
    })
}

impl Within {
    /// Standard errors by the covariance named.
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer than two regions (clustered) or years (Driscoll & Kraay); [`Error::Range`].
    pub fn inference(&self, covariance: PanelCovariance) -> Result<Inference, Error> {
        let scale = power_of_two(&self.residuals);
        let e: Vec<f64> = self.residuals.iter().map(|e| e * scale).collect();
        let (n, k, df) = (self.n as f64, self.design.k, self.df as f64);
        let (mut middle, test_df) = match covariance {
            PanelCovariance::Classical => {
                let s2 = dot(&e, &e) / df;
                let cells = (0..k * k).map(|c| if c % (k + 1) == 0 { s2 } else { 0.0 });
                (cells.collect(), df)
            }
            PanelCovariance::Clustered(small) => {
                let labels: Vec<usize> = (0..self.n).map(|i| i / self.years).collect();
                let (cells, groups) = clustered(&self.design, &e, &labels)?;
                let factor = match small {
                    SmallSample::Slopes => groups / (groups - 1.0) * (n - 1.0) / (n - k as f64),
                    SmallSample::Absorbed => n / df,
                    SmallSample::None => 1.0,
                };
                (cells.iter().map(|v| v * factor).collect(), groups - 1.0)
            }
            PanelCovariance::DriscollKraay { lags } => {
                check::at_least("years", self.years, 2)?;
                let cells: Vec<f64> = self.driscoll_kraay(&e, lags);
                (
                    cells.iter().map(|v| v * (n / df)).collect::<Vec<f64>>(),
                    self.years as f64 - 1.0,
                )
            }
        };
        middle.iter_mut().for_each(|v| *v = *v / scale / scale);
        Inference::new(&self.coefficients, &self.design, &middle, test_df)
    }

    fn driscoll_kraay(&self, e: &[f64], lags: usize) -> Vec<f64> {
        let (k, years) = (self.design.k, self.years);
        let regions = self.n / years;
        let scores: Vec<Vec<f64>> = (0..years)
            .map(|t| {
                (0..k)
                    .map(|j| sum_by(regions, |r| self.design.row(r * years + t)[j] * e[r * years + t]))
                    .collect()
            })
            .collect();
        (0..k * k)
            .map(|c| {
                let (a, b) = (c / k, c % k);
                let near = sum_by(years, |t| scores[t][a] * scores[t][b]);
                let far = sum_by(lags.min(years - 1), |l| {
                    let lag = l + 1;
                    let both = sum_by(years - lag, |t| {
                        scores[t + lag][a] * scores[t][b] + scores[t][a] * scores[t + lag][b]
                    });
                    (1.0 - lag as f64 / (lags as f64 + 1.0)) * both
                });
                near + far
            })
            .collect()
    }
}

fn check_panel(y: Matrix<'_>, x: &[Matrix<'_>]) -> Result<(), Error> {
    check::finite("y", y.data())?;
    if x.is_empty() {
        return Err(Error::Empty { argument: "x" });
    }
    for z in x {
        check::same_shape("x", *z, y)?;
        check::finite("x", z.data())?;
    }
    Ok(())
}

fn row_means(z: Matrix<'_>) -> Vec<f64> {
    (0..z.rows()).map(|i| sum(z.row(i)) / z.cols() as f64).collect()
}

/// The cells less the effects.
fn without(z: Matrix<'_>, effects: Effects) -> Vec<f64> {
    let (n, t) = (z.rows(), z.cols());
    let mut cells = z.data().to_vec();
    if matches!(effects, Effects::Region | Effects::TwoWays) {
        for (row, mean) in cells.chunks_exact_mut(t).zip(row_means(z)) {
            row.iter_mut().for_each(|v| *v -= mean);
        }
    }
    // One way after the other: in a balanced panel what is left has no mean in either.
    if matches!(effects, Effects::Time | Effects::TwoWays) {
        let means: Vec<f64> = (0..t)
            .map(|c| sum_by(n, |r| cells[r * t + c]) / n as f64)
            .collect();
        for row in cells.chunks_exact_mut(t) {
            row.iter_mut().zip(&means).for_each(|(v, mean)| *v -= mean);
        }
    }
    cells
}

fn r_squared_within(y: Matrix<'_>, x: &[Matrix<'_>], slopes: &[f64]) -> Option<f64> {
    let target = without(y, Effects::Region);
    let regressors: Vec<Vec<f64>> = x.iter().map(|z| without(*z, Effects::Region)).collect();
    let left = |i: usize| target[i] - sum_by(slopes.len(), |j| slopes[j] * regressors[j][i]);
    let rest = sum_by(target.len(), |i| left(i) * left(i));
    let share = 1.0 - rest / dot(&target, &target);
    share.is_finite().then_some(share)
}

/// A panel regression with random effects of regions.
#[derive(Debug, Clone)]
pub struct RandomEffects {
    /// The regression on quasi-demeaned values: the constant, then the slopes.
    pub ols: Ols,
    /// Share of a region's mean that is taken out: 0 is pooled least squares, 1 would be fixed effects.
    pub theta: f64,
    /// Variance of the errors within a region.
    pub variance_within: f64,
    /// Variance of the effects of regions; an estimate below zero is set to zero.
    pub variance_effects: f64,
}

/// The random-effects estimator of Swamy & Arora on a balanced panel.
///
/// σ² within from the regression with region effects (rss / (n - regions - k)), σ² between from the regression of the means of
/// regions on a constant and k means (rss / (regions - k - 1)); the variance of the effects is the difference
/// σ² between - σ² within / years, or zero if that is negative; θ = 1 - sqrt(σ² within / (σ² within + years · variance of effects)).
/// Assumes that effects and regressors are uncorrelated, which convergence regressions usually violate.
///
/// # Errors
/// As [`within`]; [`Error::Undefined`] if both variances are zero.
///
/// # References
/// Swamy & Arora 1972, Econometrica 40:261-275.
///
/// ```
/// use quyu_econometrics::{Matrix, regression::random_effects};
/// // Four regions in three years: y is near 2 x beside a level of each region.
/// let x = [1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 0.0, 1.0, 2.0, 5.0, 6.0, 8.0];
/// let y = [7.0, 9.1, 10.9, 5.0, 8.9, 13.1, 3.1, 4.9, 7.0, 12.0, 13.9, 18.1];
/// let found = random_effects(Matrix::new(&y, 4, 3)?, &[Matrix::new(&x, 4, 3)?])?;
/// assert!(0.0 < found.theta && found.theta < 1.0);
/// assert!((found.ols.coefficients[1] - 2.0).abs() < 0.1);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn random_effects(y: Matrix<'_>, x: &[Matrix<'_>]) -> Result<RandomEffects, Error> {
    let fixed = within(y, x, Effects::Region)?;
    let (regions, years) = (y.rows(), y.cols());
    check::at_least("y", regions, x.len() + 2)?;
    let mut means: Vec<Vec<f64>> = vec![vec![1.0; regions]];
    means.extend(x.iter().map(|z| row_means(*z)));
    let between = Design::of(means, "x")?.project(&row_means(y)).residuals;
    let variance_within = fixed.rss / fixed.df as f64;
    let variance_between = dot(&between, &between) / (regions - x.len() - 1) as f64;
    let variance_effects = (variance_between - variance_within / years as f64).max(0.0);
    let whole = variance_within + years as f64 * variance_effects;
    if whole == 0.0 {
        return Err(Error::Undefined {
            reason: "neither years nor regions leave a residual",
        });
    }
    check::in_range("a variance", &[whole])?;
    let theta = 1.0 - sqrt(variance_within / whole);
    let part = |z: Matrix<'_>| -> Vec<f64> {
        let means = row_means(z);
        let less = |(i, v): (usize, &f64)| v - theta * means[i / years];
        z.data().iter().enumerate().map(less).collect()
    };
    let mut columns = vec![vec![1.0 - theta; regions * years]];
    columns.extend(x.iter().map(|z| part(*z)));
    let target = part(y);
    Ok(RandomEffects {
        ols: Ols::of(&target, Design::of(columns, "x")?, true)?,
        theta,
        variance_within,
        variance_effects,
    })
}

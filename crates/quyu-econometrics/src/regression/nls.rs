//! Nonlinear least squares.

use super::covariance::{Covariance, Inference, middle};
use super::design::Design;
use crate::{Error, check};
use quyu_math::{dot, sqrt};

/// Options of [`nls`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NlsOptions {
    /// The largest relative offset at which the iteration stops: the length of the part of the residuals that the
    /// tangents still explain, over the length of the rest, each over the root of its degrees of freedom (Bates & Watts 1981).
    pub tolerance: f64,
    /// The most iterations.
    pub iterations: usize,
}

impl Default for NlsOptions {
    fn default() -> Self {
        Self {
            tolerance: 1e-9,
            iterations: 200,
        }
    }
}

/// A nonlinear regression.
#[derive(Debug, Clone)]
pub struct Nls {
    /// The parameters at the minimum.
    pub parameters: Vec<f64>,
    /// y minus the model, one a unit.
    pub residuals: Vec<f64>,
    /// Sum of squared residuals.
    pub rss: f64,
    /// How many steps were taken.
    pub iterations: usize,
    design: Design,
}

impl Nls {
    /// Standard errors by the covariance named, with the tangents at the minimum in place of regressors (Gauss-Newton).
    ///
    /// # Errors
    /// As [`Ols::inference`](super::Ols::inference).
    pub fn inference(&self, covariance: Covariance<'_>) -> Result<Inference, Error> {
        let (middle, df) = middle(&self.design, &self.residuals, covariance)?;
        Inference::new(&self.parameters, &self.design, &middle, df)
    }
}

/// The parameters of a model that minimise the sum of squared residuals, from a start.
///
/// `model(parameters, i, gradient)` returns the value of the model for unit i and writes its derivatives by the parameters
/// into `gradient`. Steps of Levenberg and Marquardt: Gauss-Newton where it descends, shorter and steeper where it does
/// not. A local minimum may be found; start near the one that is meant.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], also for a model that is not finite at the start; [`Error::TooFew`] for no more units
/// than parameters; [`Error::Singular`] if the tangents at the minimum depend on each other; [`Error::Domain`];
/// [`Error::NotConverged`]; [`Error::Range`].
///
/// # References
/// Marquardt 1963, SIAM Journal 11:431-441. Bates & Watts 1981, Technometrics 23:179-183.
///
/// ```
/// use quyu_econometrics::regression::{NlsOptions, nls};
/// let x = [0.0f64, 1.0, 2.0, 3.0];
/// let y = x.map(|x| 2.0 * quyu_math::exp(-0.5 * x));
/// let model = |p: &[f64], i: usize, d: &mut [f64]| {
///     let decay = quyu_math::exp(-p[1] * x[i]);
///     (d[0], d[1]) = (decay, -p[0] * x[i] * decay);
///     p[0] * decay
/// };
/// let fit = nls(&y, &[1.0, 1.0], model, &NlsOptions::default())?;
/// assert!((fit.parameters[0] - 2.0).abs() < 1e-6 && (fit.parameters[1] - 0.5).abs() < 1e-6);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn nls(
    y: &[f64],
    start: &[f64],
    model: impl Fn(&[f64], usize, &mut [f64]) -> f64,
    options: &NlsOptions,
) -> Result<Nls, Error> {
    check::not_empty("y", y)?;
    check::finite("y", y)?;
    check::not_empty("start", start)?;
    check::finite("start", start)?;
    check::at_least("y", y.len(), start.len() + 1)?;
    if options.tolerance.is_nan() || options.tolerance <= 0.0 {
        return Err(Error::Domain {
            option: "tolerance",
            value: options.tolerance,
            domain: "above 0",
        });
    }
    let Some(mut at) = Point::at(y, start, &model) else {
        return Err(Error::NotFinite {
            argument: "the model at the start",
            index: 0,
        });
    };
    let mut damping = 1e-3;
    for iteration in 0..options.iterations {
        let design = Design::of(at.tangents.clone(), "the tangents");
        if let Ok(design) = &design
            && at.offset(design) <= options.tolerance
        {
            return at.finish(iteration);
        }
        let mut moved = false;
        while !moved && damping < 1e12 {
            let next = at.step(damping).and_then(|p| Point::at(y, &p, &model));
            match next.filter(|next| next.rss < at.rss) {
                Some(next) => {
                    (at, damping, moved) = (next, damping * 0.1, true);
                }
                None => damping = (damping * 10.0).max(1e-12),
            }
        }
        if !moved {
            // Nothing nearby is lower: the minimum to rounding, unless the tangents say that it is not.
            return match design.map(|design| at.offset(&design)) {
                Ok(offset) if offset > 1e-4 => Err(not_converged(iteration)),
                Ok(_) => at.finish(iteration),
                Err(error) => Err(error),
            };
        }
    }
    Err(not_converged(options.iterations))
}

fn not_converged(iterations: usize) -> Error {
    Error::NotConverged {
        algorithm: "nonlinear least squares",
        iterations,
    }
}

struct Point {
    parameters: Vec<f64>,
    residuals: Vec<f64>,
    tangents: Vec<Vec<f64>>,
    rss: f64,
}

impl Point {
    /// None where the model is not finite.
    fn at(y: &[f64], parameters: &[f64], model: &impl Fn(&[f64], usize, &mut [f64]) -> f64) -> Option<Self> {
        let mut tangents = vec![vec![0.0; y.len()]; parameters.len()];
        let mut gradient = vec![0.0; parameters.len()];
        let mut residuals = Vec::with_capacity(y.len());
        for (i, value) in y.iter().enumerate() {
            residuals.push(value - model(parameters, i, &mut gradient));
            for (column, slope) in tangents.iter_mut().zip(&gradient) {
                column[i] = *slope;
            }
        }
        let rss = dot(&residuals, &residuals);
        let finite = rss.is_finite() && tangents.iter().flatten().all(|v| v.is_finite());
        finite.then(|| Self {
            parameters: parameters.to_vec(),
            residuals,
            tangents,
            rss,
        })
    }

    fn offset(&self, design: &Design) -> f64 {
        let outside = design.project(&self.residuals).residuals;
        let square = dot(&outside, &outside);
        let inside = (0..self.residuals.len()).map(|i| self.residuals[i] - outside[i]);
        let inside: Vec<f64> = inside.collect();
        let (n, k) = (design.n as f64, design.k as f64);
        let explained = sqrt(dot(&inside, &inside) / k);
        match square > 0.0 {
            true => explained / sqrt(square / (n - k)),
            false if explained == 0.0 => 0.0,
            false => f64::INFINITY,
        }
    }

    /// The parameters after a damped step; none where the step is not finite.
    fn step(&self, damping: f64) -> Option<Vec<f64>> {
        let k = self.parameters.len();
        let columns = self.tangents.iter().enumerate().map(|(j, column)| {
            let size = sqrt(dot(column, column));
            let tail = (0..k).map(move |m| {
                if m == j {
                    sqrt(damping) * size.max(1e-150)
                } else {
                    0.0
                }
            });
            column.iter().copied().chain(tail).collect()
        });
        let mut target = self.residuals.clone();
        target.resize(self.residuals.len() + k, 0.0);
        let step = Design::of(columns.collect(), "the tangents")
            .ok()?
            .project(&target);
        let moved: Vec<f64> = self
            .parameters
            .iter()
            .zip(&step.coefficients)
            .map(|(p, s)| p + s)
            .collect();
        moved.iter().all(|p| p.is_finite()).then_some(moved)
    }

    fn finish(self, iterations: usize) -> Result<Nls, Error> {
        Ok(Nls {
            design: Design::of(self.tangents, "the tangents")?,
            parameters: self.parameters,
            residuals: self.residuals,
            rss: self.rss,
            iterations,
        })
    }
}

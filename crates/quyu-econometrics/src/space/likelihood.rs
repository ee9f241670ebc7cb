//! The best ρ of a concentrated likelihood, and the traces that its standard error needs.

use super::lu::{Factor, Order};
use super::weights::Weights;
use crate::{Error, parallel};
use quyu_math::ln;

/// ρ lies strictly between minus and plus one over the spectral radius.
pub(super) struct Likelihood<'a> {
    weights: &'a Weights,
    order: Order,
    limit: f64,
    n: f64,
}

/// `G = W (I - ρW)⁻¹`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traces {
    /// tr G.
    pub(super) g: f64,
    /// tr G².
    pub(super) g_squared: f64,
    /// tr G'G.
    pub(super) g_transposed: f64,
}

/// Points of the first search.
const POINTS: usize = 33;

impl<'a> Likelihood<'a> {
    pub(super) fn new(weights: &'a Weights) -> Result<Self, Error> {
        let radius = weights.spectral_radius()?;
        if radius == 0.0 {
            return Err(Error::Undefined {
                reason: "all eigenvalues of the weights are zero",
            });
        }
        Ok(Self {
            weights,
            order: Order::new(weights),
            limit: 1.0 / radius,
            n: weights.units() as f64,
        })
    }

    pub(super) fn factor(&self, rho: f64) -> Result<Factor<'_>, Error> {
        Factor::new(self.weights, &self.order, rho)
    }

    /// The ρ where `ln det (I - ρW) - n/2 ln s(ρ)` is largest; `square` gives s and its derivative. First a search on a grid and by
    /// golden section, then Newton steps on the derivative, so that ρ has all its digits.
    pub(super) fn maximum(
        &self,
        square: impl Fn(f64) -> Result<[f64; 2], Error> + Sync,
    ) -> Result<f64, Error> {
        let value = |rho: f64| -> Result<f64, Error> {
            let [s, _] = square(rho)?;
            if s.is_nan() || s <= 0.0 {
                return Err(Error::Undefined {
                    reason: "the regressors and neighbours explain y without a residual",
                });
            }
            Ok(self.factor(rho)?.log_determinant() - 0.5 * self.n * ln(s))
        };
        // The ends themselves have a determinant of zero.
        let at = |i: usize| {
            let share = (i as f64 + 0.5) / POINTS as f64;
            self.limit * (2.0 * share - 1.0)
        };
        let values: Vec<f64> = parallel::map(POINTS, 1, |i| value(at(i)))
            .into_iter()
            .collect::<Result<_, _>>()?;
        let best = (0..POINTS).fold(0, |best, i| if values[i] > values[best] { i } else { best });
        let edge = self.limit * (1.0 - 1e-9);
        let low = if best == 0 { -edge } else { at(best - 1) };
        let high = if best + 1 == POINTS { edge } else { at(best + 1) };
        let rho = golden(low, high, 1e-7 * self.limit, &value)?;
        if edge - rho.abs() < 1e-6 * self.limit {
            return Err(Error::Undefined {
                reason: "the likelihood rises to the end of the range of the spatial parameter",
            });
        }
        self.polish(rho, &square)
    }

    fn polish(&self, start: f64, square: impl Fn(f64) -> Result<[f64; 2], Error>) -> Result<f64, Error> {
        // d/dρ of -n/2 ln s, whose own derivative is taken numerically: it steers the steps and does not enter the result.
        let slope = |rho: f64| -> Result<f64, Error> {
            let [s, derivative] = square(rho)?;
            Ok(-0.5 * self.n * derivative / s)
        };
        let step = 1e-5 * self.limit;
        let mut rho = start;
        for _ in 0..4 {
            let traces = self.traces(rho)?;
            let score = slope(rho)? - traces.g;
            let bend = (slope(rho + step)? - slope(rho - step)?) / (2.0 * step) - traces.g_squared;
            let change = score / bend;
            // Where the likelihood is not bent downwards, the search has found all there is.
            if !(bend < 0.0 && change.abs() < 1e-3 * self.limit) {
                break;
            }
            rho -= change;
            if change.abs() <= 4.0 * f64::EPSILON * self.limit {
                break;
            }
        }
        Ok(rho)
    }

    /// Column by column, each from two solutions; nothing of size n² is kept.
    pub(super) fn traces(&self, rho: f64) -> Result<Traces, Error> {
        let factor = self.factor(rho)?;
        let n = self.weights.units();
        let column = |work: &mut Vec<f64>, j: usize| {
            let mut v = vec![0.0; n];
            v[j] = 1.0;
            factor.solve(&mut v, work);
            let mut once = self.weights.lag_of(&v);
            let (g, square) = (once[j], quyu_math::dot(&once, &once));
            factor.solve(&mut once, work);
            let (columns, values) = self.weights.row(j);
            let twice = quyu_math::sum_by(columns.len(), |k| values[k] * once[columns[k] as usize]);
            [g, twice, square]
        };
        let columns: Vec<[f64; 3]> = parallel::map_with(n, 8, Vec::new, column);
        let [g, g_squared, g_transposed] = quyu_math::sums_by(n, |j| columns[j]);
        Ok(Traces {
            g,
            g_squared,
            g_transposed,
        })
    }
}

/// Golden section: the largest value between two points that enclose it.
fn golden(
    mut low: f64,
    mut high: f64,
    tolerance: f64,
    value: &impl Fn(f64) -> Result<f64, Error>,
) -> Result<f64, Error> {
    const SHARE: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - SHARE * (high - low), low + SHARE * (high - low));
    let (mut at_a, mut at_b) = (value(a)?, value(b)?);
    while high - low > tolerance {
        if at_a >= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - SHARE * (high - low);
            at_a = value(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + SHARE * (high - low);
            at_b = value(b)?;
        }
    }
    Ok(0.5 * (low + high))
}

//! Skewness and kurtosis, in the three types that packages use.

use crate::{Error, check};

/// Which estimator of skewness and kurtosis (Joanes & Gill 1998).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MomentType {
    /// Moments over n: `g1 = m3 / m2^(3/2)`, `g2 = m4 / m2² - 3`.
    Type1,
    /// Corrected for the sample size, as COINr, SAS and spreadsheets do:
    /// `G1 = g1 √(n(n-1)) / (n-2)`, `G2 = ((n+1) g2 + 6)(n-1) / ((n-2)(n-3))`.
    #[default]
    Type2,
    /// With the n-1 variance in the denominator, as Minitab and the default of R's e1071:
    /// `b1 = g1 ((n-1)/n)^(3/2)`, `b2 = (g2 + 3)((n-1)/n)² - 3`.
    Type3,
}

/// Skewness of `values`: how much longer the upper tail is than the lower. A pure number.
///
/// The formulas stand at [`MomentType`]; m2 and m3 are central moments over n.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] below 2 values (3 for type 2); [`Error::Undefined`] if all values
/// are equal.
///
/// # Reference
/// Joanes, D. N. & Gill, C. A. (1998), Comparing measures of sample skewness and kurtosis, The Statistician 47,
/// 183-189.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{MomentType, skewness};
/// let x = [1.0, 2.0, 3.0, 4.0, 10.0];
/// assert!((skewness(&x, MomentType::Type1)? - 1.138_419_957_660_617_4).abs() < 1e-12);
/// assert!((skewness(&x, MomentType::Type2)? - 1.697_056_274_847_714_4).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn skewness(values: &[f64], kind: MomentType) -> Result<f64, Error> {
    check::at_least(
        "values",
        values.len(),
        if kind == MomentType::Type2 { 3 } else { 2 },
    )?;
    let m = CentralMoments::of(values)?;
    let n = values.len() as f64;
    let g1 = m.third / (m.second * m.second.sqrt());
    Ok(match kind {
        MomentType::Type1 => g1,
        MomentType::Type2 => g1 * (n * (n - 1.0)).sqrt() / (n - 2.0),
        MomentType::Type3 => g1 * ((n - 1.0) / n) * ((n - 1.0) / n).sqrt(),
    })
}

/// Excess kurtosis of `values`: 0 for a normal distribution, positive for heavier tails. A pure number.
///
/// The formulas stand at [`MomentType`]; m2 and m4 are central moments over n.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::TooFew`] below 2 values (4 for type 2); [`Error::Undefined`] if all values
/// are equal.
///
/// # Reference
/// Joanes, D. N. & Gill, C. A. (1998), Comparing measures of sample skewness and kurtosis, The Statistician 47,
/// 183-189.
///
/// # Example
/// ```
/// use quyu_econometrics::profiles::{MomentType, kurtosis};
/// let x = [1.0, 2.0, 3.0, 4.0, 10.0];
/// assert!((kurtosis(&x, MomentType::Type1)? - -0.212).abs() < 1e-12);
/// assert!((kurtosis(&x, MomentType::Type2)? - 3.152).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn kurtosis(values: &[f64], kind: MomentType) -> Result<f64, Error> {
    check::at_least(
        "values",
        values.len(),
        if kind == MomentType::Type2 { 4 } else { 2 },
    )?;
    let m = CentralMoments::of(values)?;
    let n = values.len() as f64;
    let g2 = m.fourth / (m.second * m.second) - 3.0;
    Ok(match kind {
        MomentType::Type1 => g2,
        MomentType::Type2 => ((n + 1.0) * g2 + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)),
        MomentType::Type3 => (g2 + 3.0) * ((n - 1.0) / n) * ((n - 1.0) / n) - 3.0,
    })
}

/// Central moments over n of the deviations, after division by the power of two below the largest of them.
struct CentralMoments {
    second: f64,
    third: f64,
    fourth: f64,
}

impl CentralMoments {
    fn of(values: &[f64]) -> Result<Self, Error> {
        check::finite("values", values)?;
        if all_equal(values) {
            return Err(Error::Undefined {
                reason: "all values are equal",
            });
        }
        let Moments { mean, scale, .. } = Moments::of(values);
        let deviations: Vec<f64> = values.iter().map(|v| v / scale - mean).collect();
        // Both measures are free of the scale of the deviations: near 1 no power of them can vanish.
        let largest = power_of_two_below(&deviations);
        let power = |p: fn(f64) -> f64| {
            quyu_math::sum_by(values.len(), |i| p(deviations[i] / largest)) / values.len() as f64
        };
        Ok(Self {
            second: power(|d| d * d),
            third: power(|d| d * d * d),
            fourth: power(|d| d * d * (d * d)),
        })
    }
}

/// Mean and sum of squared deviations of a column divided by `scale`, a power of two: dividing by it is exact
/// and keeps every square inside the range of a double.
pub(crate) struct Moments {
    pub(crate) mean: f64,
    pub(crate) squares: f64,
    pub(crate) scale: f64,
}

impl Moments {
    pub(crate) fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let scale = power_of_two_below(values);
        let scaled: Vec<f64> = values.iter().map(|v| v / scale).collect();
        if all_equal(values) {
            return Self {
                mean: scaled[0],
                squares: 0.0,
                scale,
            };
        }
        let first = quyu_math::sum(&scaled) / n;
        // A second pass takes out what the first rounded away.
        let mean = first + quyu_math::sum_by(values.len(), |i| scaled[i] - first) / n;
        let squares = quyu_math::sum_by(values.len(), |i| (scaled[i] - mean) * (scaled[i] - mean));
        Self { mean, squares, scale }
    }
}

/// True if no two values differ: then the deviations are zero, whatever rounding makes of the mean.
pub(crate) fn all_equal(values: &[f64]) -> bool {
    values.iter().all(|&v| v == values[0])
}

/// The power of two at or below the largest absolute value (1 if all are zero).
pub(crate) fn power_of_two_below(values: &[f64]) -> f64 {
    // Eight maxima side by side: the largest of all is the same in any order.
    let (blocks, rest) = values.as_chunks::<8>();
    let mut lanes = [0.0_f64; 8];
    for block in blocks {
        for (max, v) in lanes.iter_mut().zip(block) {
            *max = if v.abs() > *max { v.abs() } else { *max };
        }
    }
    let largest = rest
        .iter()
        .chain(&lanes)
        .fold(0.0, |max: f64, v| max.max(v.abs()));
    let power = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    match (largest > 0.0, power > 0.0) {
        (false, _) => 1.0,
        (true, true) => power,
        (true, false) => f64::MIN_POSITIVE,
    }
}

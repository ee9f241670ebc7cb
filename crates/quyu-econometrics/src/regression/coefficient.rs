//! An estimate with its standard error, and the test that it is zero.

use crate::{Error, check};
use quyu_math::{student_t_critical, student_t_two_sided};

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error; regions are often the whole population, so read it as the uncertainty of the model.
    pub std_error: f64,
    /// Degrees of freedom of Student's t for tests and intervals; infinite for the normal distribution.
    pub df: f64,
}

impl Coefficient {
    /// Estimate over standard error; none where the standard error is zero.
    pub fn t(&self) -> Option<f64> {
        let t = self.estimate / self.std_error;
        t.is_finite().then_some(t)
    }

    /// Two-sided probability of a t at least this far from zero if the coefficient is zero; none where there is no t.
    pub fn p_value(&self) -> Option<f64> {
        self.t().map(|t| student_t_two_sided(t, self.df))
    }

    /// The interval that holds the coefficient with the confidence given: estimate ± critical t · standard error.
    ///
    /// # Errors
    /// [`Error::Domain`] for a confidence that is not between 0 and 1; [`Error::Range`].
    ///
    /// ```
    /// use quyu_econometrics::regression::Coefficient;
    /// let b = Coefficient { estimate: 2.0, std_error: 1.0, df: 10.0 };
    /// let (low, high) = b.interval(0.95)?;
    /// assert!((high - 4.2281388519862747).abs() < 1e-12 && (low + 0.2281388519862747).abs() < 1e-12);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn interval(&self, confidence: f64) -> Result<(f64, f64), Error> {
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(Error::Domain {
                option: "confidence",
                value: confidence,
                domain: "between 0 and 1, both excluded",
            });
        }
        let half = student_t_critical(1.0 - confidence, self.df) * self.std_error;
        let ends = [self.estimate - half, self.estimate + half];
        check::in_range("an end of the interval", &ends)?;
        Ok(ends.into())
    }
}

/// A statistic that is chi-square under the null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquareTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// Upper tail of the chi-square distribution; 1 where there is no degree of freedom.
    pub p_value: f64,
}

impl ChiSquareTest {
    pub(crate) fn new(what: &'static str, statistic: f64, df: usize) -> Result<Self, Error> {
        check::in_range(what, &[statistic])?;
        let p_value = match df {
            0 => 1.0,
            df => quyu_math::chi_square_upper(statistic, df as f64),
        };
        Ok(Self {
            statistic,
            df,
            p_value,
        })
    }
}

/// A statistic that has an F distribution under the null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom of the numerator and of the denominator.
    pub df: (f64, f64),
    /// Upper tail of the F distribution.
    pub p_value: f64,
}

impl FTest {
    pub(crate) fn new(what: &'static str, statistic: f64, df: (f64, f64)) -> Result<Self, Error> {
        check::in_range(what, &[statistic])?;
        Ok(Self {
            statistic,
            df,
            p_value: quyu_math::f_tails(statistic, df.0, df.1).1,
        })
    }
}

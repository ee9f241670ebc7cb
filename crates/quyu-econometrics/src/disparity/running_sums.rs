//! The sums behind a stream of rows: what an index follows from, and an index made from sums that somebody else added up.

use super::Index;
use super::entropy::Kernel;
use super::running::{Law, Part, Running, State, domain};
use super::sample::Domain;
use crate::{Error, check};
use quyu_math::{exp, ln, pow};

/// One of the sums from which an index follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NamedSum {
    /// What is added up, in words of the formula: `sum-wx`.
    pub name: &'static str,
    /// The sum.
    pub value: f64,
}

/// Relative error that a sum of another engine is taken to have.
const SUM_ERROR: f64 = 2e-15;

impl Running {
    /// Names of the sums from which the index follows, w being 1 without weights:
    ///
    /// | name | sum over rows of |
    /// |---|---|
    /// | `n`, `sum-w`, `sum-wx` | 1, w, w x |
    /// | `sum-wx-ln-x`, `sum-w-ln-x`, `sum-w-ln-x-squared` | w x ln x, w ln x, w (ln x)^2 |
    /// | `sum-w-x-to-alpha` | w x^alpha, alpha being 2 for variation and 1 - epsilon for Atkinson |
    /// | `sum-w-exp-alpha-x` | w exp(-alpha x) |
    /// | `sum-1`, `sum-x`, `sum-xx` | 1, x, x^2 where w is above zero |
    /// | `sum-ww`, `sum-wwx`, `sum-wwxx` | w^2, w^2 x, w^2 x^2 |
    /// | `sum-w-of-zeros` | w where x is zero, for Atkinson with epsilon of 1 or more |
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// let names = Running::new(Index::TheilT)?.names();
    /// assert_eq!(names, ["n", "sum-w", "sum-wx", "sum-wx-ln-x"]);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn names(&self) -> Vec<&'static str> {
        let mut names = vec!["n", "sum-w", "sum-wx"];
        names.extend(self.law.names());
        if self.zero_is_the_limit() {
            names.push("sum-w-of-zeros");
        }
        names
    }

    /// Whether values may be negative.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// assert!(!Running::new(Index::TheilT)?.takes_negative());
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn takes_negative(&self) -> bool {
        domain(self.law, self.index) == Domain::Finite
    }

    /// Whether values may be zero.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// assert!(!Running::new(Index::Mld)?.takes_zero());
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn takes_zero(&self) -> bool {
        domain(self.law, self.index) != Domain::Positive
    }

    /// The sums from which the index follows, in the order of [`Running::names`].
    ///
    /// # Errors
    /// As [`Running::weight`]; [`Error::Range`] if a sum leaves the range of a double.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// let mut stream = Running::new(Index::Ge(2.0))?;
    /// stream.push(&[1.0, 3.0], None)?;
    /// let squares = stream.sums()?.into_iter().find(|s| s.name == "sum-w-x-to-alpha");
    /// assert_eq!(squares.map(|s| s.value), Some(10.0));
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn sums(&self) -> Result<Vec<NamedSum>, Error> {
        let mut values = vec![self.rows as f64, self.weight()?];
        match self.whole()? {
            Some(part) => {
                values.push(part.weight * part.mean);
                values.extend(self.law.sums(&part));
            }
            None => values.extend(vec![0.0; self.law.names().len() + 1]),
        }
        if self.zero_is_the_limit() {
            values.push(self.zeros);
        }
        check::in_range("a sum", &values)?;
        let named = |(name, value)| NamedSum { name, value };
        Ok(self.names().into_iter().zip(values).map(named).collect())
    }

    /// The stream of rows that have these sums, in the order of [`Running::names`].
    ///
    /// An index is a difference of such sums and keeps fewer digits than one of the rows themselves: [`Running::blur`] says how few.
    ///
    /// # Errors
    /// As [`Running::new`]; [`Error::Length`] if sums are missing; [`Error::NotFinite`]; [`Error::Undefined`] if no rows can have
    /// these sums.
    ///
    /// ```
    /// use quyu_econometrics::disparity::{Index, Running};
    /// let cv = Running::of_sums(Index::Ge(2.0), &[2.0, 2.0, 4.0, 10.0])?;
    /// assert_eq!(cv.value()?, 0.125);
    /// # Ok::<(), quyu_econometrics::Error>(())
    /// ```
    pub fn of_sums(index: Index, sums: &[f64]) -> Result<Self, Error> {
        let mut running = Self::new(index)?;
        check::length("sums", sums.len(), running.names().len())?;
        check::finite("sums", sums)?;
        let (n, weight) = (sums[0], sums[1]);
        let whole = n >= 0.0 && n.fract() == 0.0 && n < 9e15;
        if !whole || weight < 0.0 || (n == 0.0 && weight > 0.0) {
            return Err(IMPOSSIBLE);
        }
        running.rows = n as usize;
        if running.zero_is_the_limit() {
            running.zeros = sums[sums.len() - 1];
        }
        let weight = weight - running.zeros;
        if weight <= 0.0 {
            return Ok(running);
        }
        let mean = sums[2] / weight;
        let (state, blur) = running.law.of_sums((weight, mean), &sums[3..])?;
        running.blur = blur;
        running.parts.push((
            0,
            Part {
                n,
                weight,
                mean,
                state,
            },
        ));
        Ok(running)
    }

    /// How far the index may be off because it was made from sums: zero for rows. Each sum is taken to be right to a
    /// relative error of 2e-15.
    ///
    /// # Errors
    /// As [`Running::value`].
    pub fn blur(&self) -> Result<f64, Error> {
        let Some(mut part) = self.whole()?.filter(|_| self.blur > 0.0) else {
            return Ok(0.0);
        };
        let value = self.value()?;
        let (State::Index(of) | State::Logs { variance: of, .. } | State::Scatter { square: of, .. }) =
            &mut part.state;
        *of += self.blur;
        Ok((self.of(&part)? - value).abs())
    }
}

const IMPOSSIBLE: Error = Error::Undefined {
    reason: "no rows have these sums",
};

impl Law {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Entropy(Kernel::XlnX) => &["sum-wx-ln-x"],
            Self::Entropy(Kernel::Ln) => &["sum-w-ln-x"],
            Self::Entropy(_) => &["sum-w-x-to-alpha"],
            Self::Logs => &["sum-w-ln-x", "sum-w-ln-x-squared"],
            Self::Scatter { squared: true } => &["sum-ww", "sum-wwx", "sum-wwxx"],
            Self::Scatter { squared: false } => &["sum-1", "sum-x", "sum-xx"],
            Self::Kolm(_) => &["sum-w-exp-alpha-x"],
        }
    }

    fn sums(self, part: &Part) -> Vec<f64> {
        let Part { weight, mean, .. } = *part;
        match (self, part.state) {
            (Self::Kolm(alpha), State::Index(index)) => vec![weight * exp(alpha * (index - mean))],
            (Self::Entropy(kernel), State::Index(index)) => vec![moment(kernel, (weight, mean), index)],
            (_, State::Logs { gap, variance }) => {
                let log = ln(mean) - gap;
                vec![weight * log, weight * (variance + log * log)]
            }
            (_, State::Scatter { count, mean, square }) => {
                vec![count, count * mean, count * (square + mean * mean)]
            }
            _ => Vec::new(),
        }
    }

    /// The state of rows with this weight and mean, and how far it may be off.
    fn of_sums(self, (weight, mean): (f64, f64), sums: &[f64]) -> Result<(State, f64), Error> {
        let (state, blur) = match self {
            Self::Entropy(kernel) => {
                let (index, blur) = entropy(kernel, (weight, mean), sums[0])?;
                (State::Index(index), blur)
            }
            Self::Kolm(alpha) => {
                let part = sums[0] / weight;
                if part <= 0.0 {
                    return Err(IMPOSSIBLE);
                }
                let log = ln(part) / alpha;
                let blur = SUM_ERROR * (log.abs() + mean.abs() + 1.0 / alpha);
                (State::Index((log + mean).max(0.0)), blur)
            }
            Self::Logs => {
                let (log, square) = (sums[0] / weight, sums[1] / weight);
                if mean <= 0.0 {
                    return Err(IMPOSSIBLE);
                }
                let gap = (ln(mean) - log).max(0.0);
                let variance = (square - log * log).max(0.0);
                let blur = SUM_ERROR * (square + 2.0 * log * log);
                (State::Logs { gap, variance }, blur)
            }
            Self::Scatter { .. } => {
                let count = sums[0];
                let own = sums[1] / count;
                let square = (sums[2] / count - own * own).max(0.0);
                let blur = SUM_ERROR * (sums[2] / count + 2.0 * own * own);
                let mean = own;
                (State::Scatter { count, mean, square }, blur)
            }
        };
        check::in_range("the index of the sums", &[blur])?;
        Ok((state, blur))
    }
}

/// The sum that an entropy index follows from beside weight and total: w x ln x for Theil's T, w ln x for the mean log deviation,
/// w x^a elsewhere; 0 for a mean of zero.
pub(super) fn moment(kernel: Kernel, (weight, mean): (f64, f64), index: f64) -> f64 {
    if mean == 0.0 {
        return 0.0;
    }
    match kernel {
        Kernel::Ln => weight * (ln(mean) - index),
        Kernel::XlnX => weight * mean * (ln(mean) + index),
        kernel => {
            let a = kernel.alpha();
            weight * pow(mean, a) * (1.0 + a * (a - 1.0) * index)
        }
    }
}

/// The index of rows with this weight, mean and moment, and how far it may be off.
pub(super) fn entropy(kernel: Kernel, (weight, mean): (f64, f64), moment: f64) -> Result<(f64, f64), Error> {
    if mean == 0.0 {
        return Ok((0.0, 0.0));
    }
    if mean < 0.0 {
        return Err(IMPOSSIBLE);
    }
    let (index, size) = match kernel {
        Kernel::Ln => {
            let (log, own) = (ln(mean), moment / weight);
            (log - own, log.abs() + own.abs() + 1.0)
        }
        Kernel::XlnX => {
            let (log, own) = (ln(mean), moment / (weight * mean));
            (own - log, log.abs() + own.abs() + 1.0)
        }
        kernel => {
            let a = kernel.alpha();
            let scale = a * (a - 1.0);
            let power = moment / weight / pow(mean, a);
            (
                (power - 1.0) / scale,
                (power * (1.0 + a.abs()) + 1.0) / scale.abs(),
            )
        }
    };
    check::in_range("the index of the sums", &[index])?;
    Ok((index.max(0.0), SUM_ERROR * size))
}

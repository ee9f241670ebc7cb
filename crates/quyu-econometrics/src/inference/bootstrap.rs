//! The bootstrap.

use super::interval::{Acceleration, Interval, Method, QuantileRule, bca_interval, quantile};
use super::jackknife::Jackknife;
use super::{counts, spread};
use crate::disparity::Index;
use crate::{Error, check, parallel};
use quyu_math::normal_quantile;
use quyu_math::rng::Stream;

/// Options of the bootstrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootstrapOptions {
    /// Number of replicates; 999 by default, so that (R + 1) p is a whole number for the usual p.
    pub replicates: usize,
    /// Seed of the streams; 1 by default.
    pub seed: u64,
}

impl Default for BootstrapOptions {
    fn default() -> Self {
        Self {
            replicates: 999,
            seed: 1,
        }
    }
}

/// The replicates of a statistic.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The statistic of the data.
    pub estimate: f64,
    /// The statistic of each replicate in which it is defined, in order.
    pub replicates: Vec<f64>,
    /// How many replicates are left out because the statistic is undefined in them (all values zero, for instance).
    pub undefined: usize,
}

impl Bootstrap {
    /// Standard deviation of the replicates, ddof 1; none below two replicates, or beyond the range of a double.
    pub fn std_error(&self) -> Option<f64> {
        let n = self.replicates.len();
        let spread = || spread::root_square(&self.replicates, spread::mean(&self.replicates), n as f64 - 1.0);
        (n > 1).then(spread).filter(|s| s.is_finite())
    }

    /// Mean of the replicates minus the estimate; none without replicates, or beyond the range of a double.
    pub fn bias(&self) -> Option<f64> {
        let bias = || spread::mean(&self.replicates) - self.estimate;
        (!self.replicates.is_empty()).then(bias).filter(|b| b.is_finite())
    }

    /// The interval between two quantiles of the replicates.
    ///
    /// # Errors
    /// [`Error::Domain`] unless `confidence` is between 0 and 1; [`Error::TooFew`] below two replicates.
    pub fn percentile(&self, confidence: f64, rule: QuantileRule) -> Result<Interval, Error> {
        let (low, high) = self.quantiles(tails(confidence)?, rule)?;
        Interval::new((low, high), confidence, Method::Percentile, rule)
    }

    /// The percentile interval mirrored at the estimate: 2 t0 - q(upper) to 2 t0 - q(lower).
    ///
    /// # Errors
    /// As [`Bootstrap::percentile`].
    pub fn basic(&self, confidence: f64, rule: QuantileRule) -> Result<Interval, Error> {
        let (low, high) = self.quantiles(tails(confidence)?, rule)?;
        let ends = (2.0 * self.estimate - high, 2.0 * self.estimate - low);
        Interval::new(ends, confidence, Method::Basic, rule)
    }

    /// The estimate less its bias, plus and minus normal quantiles times the standard error.
    ///
    /// # Errors
    /// As [`Bootstrap::percentile`].
    pub fn normal(&self, confidence: f64) -> Result<Interval, Error> {
        let (_, upper) = tails(confidence)?;
        let too_few = Error::TooFew {
            argument: "replicates",
            found: self.replicates.len(),
            needed: 2,
        };
        let (Some(bias), Some(std_error)) = (self.bias(), self.std_error()) else {
            return Err(too_few);
        };
        let (centre, half) = (self.estimate - bias, normal_quantile(upper) * std_error);
        Interval::new(
            (centre - half, centre + half),
            confidence,
            Method::Normal,
            QuantileRule::Normal,
        )
    }

    /// The bias correction z0 of the BCa interval: the normal quantile of the share of replicates below the estimate.
    ///
    /// # Errors
    /// [`Error::Undefined`] if the estimate lies outside all replicates.
    pub fn bias_correction(&self) -> Result<f64, Error> {
        let below = self.replicates.iter().filter(|t| **t < self.estimate).count();
        if below == 0 || below == self.replicates.len() {
            return Err(Error::Undefined {
                reason: "the estimate lies outside all replicates: no bias correction",
            });
        }
        Ok(normal_quantile(below as f64 / self.replicates.len() as f64))
    }

    /// The bias-corrected and accelerated interval, with the acceleration from a jackknife of the same statistic.
    ///
    /// # Errors
    /// As [`Bootstrap::percentile`]; [`Error::Undefined`] if the estimate lies outside all replicates, or the jackknife
    /// values do not vary.
    ///
    /// # References
    /// Efron 1987, JASA 82:171-185; Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 14; DiCiccio & Efron 1996,
    /// Statistical Science 11:189-228.
    pub fn bca(
        &self,
        jackknife: &Jackknife,
        confidence: f64,
        rule: QuantileRule,
        acceleration: Acceleration,
    ) -> Result<Interval, Error> {
        let a = jackknife.acceleration(acceleration)?;
        bca_interval(self, a, tails(confidence)?, (confidence, rule))
    }

    fn quantiles(&self, (lower, upper): (f64, f64), rule: QuantileRule) -> Result<(f64, f64), Error> {
        let mut values = self.at_least_two()?;
        Ok((
            quantile(&mut values, lower, rule),
            quantile(&mut values, upper, rule),
        ))
    }

    /// A copy of the replicates, of which quantiles can be taken.
    pub(crate) fn at_least_two(&self) -> Result<Vec<f64>, Error> {
        check::at_least("replicates", self.replicates.len(), 2)?;
        Ok(self.replicates.clone())
    }
}

/// Probabilities at the two ends of an interval.
pub(crate) fn tails(confidence: f64) -> Result<(f64, f64), Error> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(((1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0));
    }
    Err(Error::Domain {
        option: "confidence",
        value: confidence,
        domain: "between 0 and 1",
    })
}

/// Resamples units with replacement and computes a statistic of each replicate.
///
/// There are `n` units; `statistic` gets the positions of a replicate's units, n of them, and is also called with 0, 1, ...,
/// n - 1 for the estimate. With `strata` a unit is replaced by one of its own stratum (a province by one of its
/// macro-region), so that every stratum keeps its size. Replicate i draws from stream i of the seed, position by position.
///
/// A replicate where the statistic is [`Error::Undefined`] is left out and counted.
///
/// # Errors
/// [`Error::Empty`] for no units, [`Error::Length`] for strata, [`Error::Domain`] for no replicates; every other error of
/// `statistic`, and any of the estimate; [`Error::Undefined`] if no replicate is defined.
///
/// # References
/// Efron 1979, Annals of Statistics 7:1-26; Davison & Hinkley 1997, Bootstrap Methods and their Application.
///
/// ```
/// use quyu_econometrics::disparity::theil_t;
/// use quyu_econometrics::inference::{bootstrap, BootstrapOptions, QuantileRule};
/// let x = [1.0, 2.0, 6.0, 3.0, 2.0];
/// let statistic = |rows: &[usize]| theil_t(&rows.iter().map(|i| x[*i]).collect::<Vec<_>>(), None);
/// let result = bootstrap(x.len(), None, statistic, &BootstrapOptions::default())?;
/// let interval = result.percentile(0.95, QuantileRule::Normal)?;
/// assert!(interval.low < result.estimate && result.estimate < interval.high);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn bootstrap(
    n: usize,
    strata: Option<&[usize]>,
    statistic: impl Fn(&[usize]) -> Result<f64, Error> + Sync,
    options: &BootstrapOptions,
) -> Result<Bootstrap, Error> {
    let draws = Draws::new(n, strata, options)?;
    let estimate = statistic(&(0..n).collect::<Vec<_>>())?;
    let replicate = |rows: &mut Vec<usize>, i: usize| {
        draws.rows(i, rows);
        statistic(rows)
    };
    collect(estimate, draws.map(Vec::new, replicate))
}

/// The bootstrap of a replicate matrix that is given: row r holds the positions of replicate r.
///
/// For tests against another program, and to keep the same resamples over several statistics.
///
/// # Errors
/// As [`bootstrap`]; [`Error::Length`] unless `rows` is a multiple of n; [`Error::Label`] for a position that is out of range.
///
/// # References
/// As [`bootstrap`].
///
/// ```
/// use quyu_econometrics::disparity::theil_t;
/// use quyu_econometrics::inference::bootstrap_given;
/// let x = [1.0, 2.0, 6.0];
/// let statistic = |rows: &[usize]| theil_t(&rows.iter().map(|i| x[*i]).collect::<Vec<_>>(), None);
/// let result = bootstrap_given(3, &[0, 0, 1, 2, 2, 2], statistic)?;
/// assert_eq!(result.replicates.len(), 2);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn bootstrap_given(
    n: usize,
    rows: &[usize],
    statistic: impl Fn(&[usize]) -> Result<f64, Error> + Sync,
) -> Result<Bootstrap, Error> {
    if n == 0 || rows.is_empty() {
        return Err(Error::Empty {
            argument: if n == 0 { "n" } else { "rows" },
        });
    }
    check::length("rows", rows.len(), rows.len().div_ceil(n) * n)?;
    check::labels("rows", rows, rows.len(), n)?;
    let estimate = statistic(&(0..n).collect::<Vec<_>>())?;
    let replicate = |i: usize| statistic(&rows[i * n..(i + 1) * n]);
    collect(
        estimate,
        parallel::map(rows.len() / n, parallel::REPLICATES, replicate),
    )
}

/// The bootstrap of a disparity index over regions, values and weights kept together.
///
/// As [`bootstrap`] with the index as the statistic. The Gini index (without correction) is computed from counts over values
/// that are sorted once.
///
/// # Errors
/// As [`bootstrap`] and as the index.
///
/// # References
/// Efron 1979, Annals of Statistics 7:1-26; Biewen 2002, J. Econometrics 108:317-342 (inequality indices).
///
/// ```
/// use quyu_econometrics::disparity::Index;
/// use quyu_econometrics::inference::{bootstrap_index, BootstrapOptions};
/// let x = [1.0, 2.0, 6.0, 3.0, 2.0];
/// let result = bootstrap_index(&x, None, None, Index::Gini(Default::default()), &BootstrapOptions::default())?;
/// assert_eq!(result.replicates.len() + result.undefined, 999);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn bootstrap_index(
    x: &[f64],
    w: Option<&[f64]>,
    strata: Option<&[usize]>,
    index: Index,
    options: &BootstrapOptions,
) -> Result<Bootstrap, Error> {
    let estimate = index.of(x, w)?;
    if counts::suit(x, w, index) {
        return collect(
            estimate,
            counts::gini(x, w, &Draws::new(x.len(), strata, options)?),
        );
    }
    let statistic = |rows: &[usize]| {
        let pick = |v: &[f64]| rows.iter().map(|i| v[*i]).collect::<Vec<_>>();
        index.of(&pick(x), w.map(pick).as_deref())
    };
    bootstrap(x.len(), strata, statistic, options)
}

/// The studentised bootstrap: replicates of (t* - t0) / s*.
#[derive(Debug, Clone, PartialEq)]
pub struct StudentisedBootstrap {
    /// The statistic of the data.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// The studentised deviation of each replicate in which it is defined.
    pub pivots: Vec<f64>,
    /// How many replicates are left out because the statistic or its standard error is undefined or zero in them.
    pub undefined: usize,
}

impl StudentisedBootstrap {
    /// The interval t0 - s0 q(upper) to t0 - s0 q(lower) with quantiles q of the pivots.
    ///
    /// # Errors
    /// As [`Bootstrap::percentile`].
    pub fn interval(&self, confidence: f64, rule: QuantileRule) -> Result<Interval, Error> {
        let pivots = Bootstrap {
            estimate: 0.0,
            replicates: self.pivots.clone(),
            undefined: self.undefined,
        };
        let (lower, upper) = pivots.quantiles(tails(confidence)?, rule)?;
        let end = |q: f64| self.estimate - self.std_error * q;
        Interval::new((end(upper), end(lower)), confidence, Method::Studentised, rule)
    }
}

/// The studentised bootstrap (bootstrap-t) of a statistic that comes with a standard error.
///
/// `statistic` returns the two for the positions it gets, for instance from a [`jackknife`](super::jackknife()). Resampling
/// as in [`bootstrap`].
///
/// # Errors
/// As [`bootstrap`].
///
/// # References
/// Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 12.
///
/// ```
/// use quyu_econometrics::disparity::Index;
/// use quyu_econometrics::inference::{bootstrap_studentised, jackknife_index, BootstrapOptions, QuantileRule};
/// let x = [1.0, 2.0, 6.0, 3.0, 2.0, 4.0];
/// let statistic = |rows: &[usize]| {
///     let x: Vec<f64> = rows.iter().map(|i| x[*i]).collect();
///     jackknife_index(&x, None, Index::TheilT).map(|j| (j.estimate, j.std_error))
/// };
/// let result = bootstrap_studentised(x.len(), None, statistic, &BootstrapOptions::default())?;
/// assert!(result.interval(0.9, QuantileRule::Normal)?.low < result.estimate);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn bootstrap_studentised(
    n: usize,
    strata: Option<&[usize]>,
    statistic: impl Fn(&[usize]) -> Result<(f64, f64), Error> + Sync,
    options: &BootstrapOptions,
) -> Result<StudentisedBootstrap, Error> {
    let draws = Draws::new(n, strata, options)?;
    let (estimate, std_error) = statistic(&(0..n).collect::<Vec<_>>())?;
    let replicate = |rows: &mut Vec<usize>, i: usize| {
        draws.rows(i, rows);
        match statistic(rows)? {
            (value, error) if error > 0.0 => Ok((value - estimate) / error),
            _ => Err(Error::Undefined {
                reason: "the standard error is zero",
            }),
        }
    };
    let result = collect(estimate, draws.map(Vec::new, replicate))?;
    Ok(StudentisedBootstrap {
        estimate,
        std_error,
        pivots: result.replicates,
        undefined: result.undefined,
    })
}

/// The replicates of units, by stratum.
pub(crate) struct Draws<'a> {
    pub(super) n: usize,
    /// For each unit its stratum, and for each stratum its units.
    pub(super) strata: Option<(Vec<usize>, Vec<Vec<usize>>)>,
    pub(super) options: &'a BootstrapOptions,
}

impl<'a> Draws<'a> {
    pub(crate) fn new(
        n: usize,
        strata: Option<&[usize]>,
        options: &'a BootstrapOptions,
    ) -> Result<Self, Error> {
        if n == 0 {
            return Err(Error::Empty { argument: "n" });
        }
        if options.replicates == 0 {
            return Err(Error::Domain {
                option: "replicates",
                value: 0.0,
                domain: "at least 1",
            });
        }
        let strata = match strata {
            None => None,
            Some(labels) => {
                check::length("strata", labels.len(), n)?;
                Some(members_of(labels))
            }
        };
        Ok(Self { n, strata, options })
    }

    /// Calls `take` with each position and the unit drawn for it.
    #[inline]
    pub(crate) fn each(&self, replicate: usize, mut take: impl FnMut(usize, usize)) {
        let mut stream = Stream::new(self.options.seed, replicate as u64);
        match &self.strata {
            None => (0..self.n).for_each(|position| take(position, stream.index(self.n))),
            Some((labels, members)) => (0..self.n).for_each(|position| {
                let own = &members[labels[position]];
                take(position, own[stream.index(own.len())]);
            }),
        }
    }

    pub(crate) fn rows(&self, replicate: usize, rows: &mut Vec<usize>) {
        rows.clear();
        self.each(replicate, |_, row| rows.push(row));
    }

    /// The results of all replicates in order, each worked out with a buffer of its block.
    pub(crate) fn map<B>(
        &self,
        buffer: impl Fn() -> B + Sync,
        f: impl Fn(&mut B, usize) -> Result<f64, Error> + Sync,
    ) -> Vec<Result<f64, Error>> {
        parallel::map_with(self.options.replicates, parallel::REPLICATES, buffer, f)
    }
}

/// Strata numbered in the order of their labels, which may be any numbers.
fn members_of(labels: &[usize]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let stratum = |label: &usize| distinct.partition_point(|d| d < label);
    let strata: Vec<usize> = labels.iter().map(stratum).collect();
    let mut members = vec![Vec::new(); distinct.len()];
    for (i, stratum) in strata.iter().enumerate() {
        members[*stratum].push(i);
    }
    (strata, members)
}

/// Keeps what is defined, counts what is not, and hands on the first other error.
pub(crate) fn collect(estimate: f64, results: Vec<Result<f64, Error>>) -> Result<Bootstrap, Error> {
    let mut replicates = Vec::with_capacity(results.len());
    let mut undefined = 0;
    for result in results {
        match result {
            Ok(value) => replicates.push(value),
            Err(Error::Undefined { .. }) => undefined += 1,
            Err(error) => return Err(error),
        }
    }
    if replicates.is_empty() {
        return Err(Error::Undefined {
            reason: "the statistic is undefined in every replicate",
        });
    }
    check::in_range("a replicate", &replicates)?;
    Ok(Bootstrap {
        estimate,
        replicates,
        undefined,
    })
}

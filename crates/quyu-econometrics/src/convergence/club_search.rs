//! Convergence clubs: which regions converge to each other.

use super::log_t::{Axis, LogT, LogTOptions, Pool, Scaled, Verdict};
use crate::{Error, Matrix, check};

/// By what regions are sorted, descending, before the search.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum SortBy {
    /// The last period.
    #[default]
    Last,
    /// The mean over this share of the periods, the last ones: for series that fluctuate.
    MeanOfLast(f64),
}

/// The threshold c* that a region's t with the core must exceed to join.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CoreThreshold {
    /// This value, whatever the t of the club that results.
    Fixed(f64),
    /// From `start` in steps of `step` until the club's own t exceeds the critical value, at most to `cap`; then the core
    /// alone is the club (Schnurbus, Haupt & Meier 2017).
    Rising {
        /// First value.
        start: f64,
        /// Step.
        step: f64,
        /// Last value.
        cap: f64,
    },
}

impl Default for CoreThreshold {
    fn default() -> Self {
        Self::Fixed(0.0)
    }
}

/// Options of [`clubs`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClubOptions {
    /// The log t regression.
    pub log_t: LogTOptions,
    /// The order of the search.
    pub sort: SortBy,
    /// The threshold c*; 0 by default.
    pub threshold: CoreThreshold,
    /// t below which convergence is rejected; -1.65 by default.
    pub critical: f64,
}

impl Default for ClubOptions {
    fn default() -> Self {
        Self {
            log_t: LogTOptions::default(),
            sort: SortBy::default(),
            threshold: CoreThreshold::default(),
            critical: -1.65,
        }
    }
}

/// A set of regions that converge.
#[derive(Debug, Clone, PartialEq)]
pub struct Club {
    /// Positions of its regions, ascending.
    pub members: Vec<usize>,
    /// The log t regression of the club; none where its regions are equal in a period.
    pub log_t: Option<LogT>,
}

/// What the search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Clubs {
    /// Clubs in the order found, the richest first.
    pub clubs: Vec<Club>,
    /// Positions of the regions that converge with nobody, ascending.
    pub divergent: Vec<usize>,
}

/// The club search of Phillips and Sul.
///
/// Regions are sorted, descending. Until none is left: (1) if the log t test does not reject convergence of all that are left, they
/// are the last club; (2) the first two neighbours that converge start a core, and the next regions join it one by one while the t
/// exceeds the critical value; of these sets the one with the largest t is the core; (3) every other region whose t with
/// the core exceeds c* joins. The club is taken out and the search begins anew. Where no two neighbours converge the rest diverges;
/// so does a region left alone.
///
/// `panel` as in [`log_t`](super::log_t()). Regions with equal values in a period are taken to converge if they are equal in the last one.
///
/// # Errors
/// As [`log_t`](super::log_t()) for the panel as a whole; [`Error::Domain`] for options out of range; [`Error::Undefined`] for a region that is
/// zero in a period.
///
/// # References
/// Phillips & Sul 2007, Econometrica 75:1771-1855, section 4; 2009, Journal of Applied Econometrics 24:1153-1185. Schnurbus, Haupt & Meier
/// 2017, Journal of Applied Econometrics 32:1039-1042.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::{ClubOptions, clubs}};
/// let series = |end: f64, start: f64| {
///     (0..20).map(move |t| end + start * (0.7f64).powi(t) + 0.01 * f64::from(t % 3))
/// };
/// let cells: Vec<f64> = [(10.0, -3.0), (10.0, 1.0), (5.0, 1.0), (5.0, 2.0)]
///     .into_iter()
///     .flat_map(|(end, start)| series(end, start))
///     .collect();
/// let found = clubs(Matrix::new(&cells, 4, 20)?, &ClubOptions::default())?;
/// assert_eq!(found.clubs[0].members, [0, 1]);
/// assert_eq!(found.clubs[1].members, [2, 3]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn clubs(panel: Matrix<'_>, options: &ClubOptions) -> Result<Clubs, Error> {
    let search = Search::new(panel, options)?;
    let mut left = search.sorted(panel, options.sort)?;
    let mut found = Clubs {
        clubs: Vec::new(),
        divergent: Vec::new(),
    };
    while left.len() > 1 {
        if search.t(&left) > options.critical {
            found.clubs.push(search.club(std::mem::take(&mut left)));
            break;
        }
        let Some(core) = search.core(&left) else { break };
        let members = search.with_joiners(&left, &core);
        left.retain(|i| !members.contains(i));
        found.clubs.push(search.club(members));
    }
    left.sort_unstable();
    found.divergent = left;
    Ok(found)
}

struct Search<'a> {
    panel: Scaled,
    axis: Axis,
    options: &'a ClubOptions,
}

impl<'a> Search<'a> {
    fn new(panel: Matrix<'_>, options: &'a ClubOptions) -> Result<Self, Error> {
        check::at_least("panel", panel.rows(), 2)?;
        check::finite("critical", &[options.critical])?;
        if let CoreThreshold::Rising { start, step, cap } = options.threshold {
            check::finite("threshold", &[start, step, cap])?;
            check::between("step", step, (1e-6, f64::MAX), "at least 1e-6")?;
            check::between("cap", cap - start, (0.0, 1e3), "0 to 1,000 above start")?;
        }
        if let CoreThreshold::Fixed(c) = options.threshold {
            check::finite("threshold", &[c])?;
        }
        let scaled = Scaled::of(panel)?;
        if (0..scaled.regions).any(|i| scaled.row(i).contains(&0.0)) {
            return Err(Error::Undefined {
                reason: "a region is zero in a period",
            });
        }
        Ok(Self {
            axis: Axis::new(scaled.periods, &options.log_t)?,
            panel: scaled,
            options,
        })
    }

    /// Regions by their last values, descending; equal ones in the order of the rows.
    fn sorted(&self, panel: Matrix<'_>, by: SortBy) -> Result<Vec<usize>, Error> {
        let periods = panel.cols();
        let count = match by {
            SortBy::Last => 1,
            SortBy::MeanOfLast(share) => {
                check::between("share", share, (0.0, 1.0), "0 to 1")?;
                ((share * periods as f64).round_ties_even() as usize).clamp(1, periods)
            }
        };
        let value = |i: usize| quyu_math::sum(&self.panel.row(i)[periods - count..]);
        let mut order: Vec<usize> = (0..panel.rows()).collect();
        order.sort_by(|a, b| value(*b).total_cmp(&value(*a)));
        Ok(order)
    }

    fn verdict(&self, spread: Option<Vec<f64>>) -> Verdict {
        spread.map_or(Verdict::Diverged, |spread| self.axis.fit(&spread))
    }

    fn t(&self, members: &[usize]) -> f64 {
        self.verdict(Pool::of(&self.panel, members).spread()).t()
    }

    /// The core among the regions left: the set with the largest t.
    fn core(&self, left: &[usize]) -> Option<Vec<usize>> {
        let critical = self.options.critical;
        let start = left.windows(2).position(|pair| self.t(pair) > critical)?;
        let mut pool = Pool::of(&self.panel, &left[start..start + 2]);
        let (mut best, mut size) = (self.t(&left[start..start + 2]), 2);
        for (position, i) in left.iter().enumerate().skip(start + 2) {
            pool.add(self.panel.row(*i));
            let t = self.verdict(pool.spread()).t();
            if t <= critical {
                break;
            }
            if t > best {
                (best, size) = (t, position + 1 - start);
            }
        }
        Some(left[start..start + size].to_vec())
    }

    /// The core and all that converge with it.
    fn with_joiners(&self, left: &[usize], core: &[usize]) -> Vec<usize> {
        let pool = Pool::of(&self.panel, core);
        let others: Vec<(usize, f64)> = left
            .iter()
            .filter(|i| !core.contains(i))
            .map(|i| (*i, self.verdict(pool.spread_with(self.panel.row(*i))).t()))
            .collect();
        let club = |threshold: f64| -> Vec<usize> {
            let joiners = others.iter().filter(|(_, t)| *t > threshold).map(|(i, _)| *i);
            core.iter().copied().chain(joiners).collect()
        };
        match self.options.threshold {
            CoreThreshold::Fixed(threshold) => club(threshold),
            CoreThreshold::Rising { start, step, cap } => {
                let steps = ((cap - start) / step).floor() as usize;
                let tries = (0..=steps).map(|s| club(start + s as f64 * step));
                let mut accepted = tries.filter(|members| self.t(members) > self.options.critical);
                accepted.next().unwrap_or_else(|| core.to_vec())
            }
        }
    }

    fn club(&self, mut members: Vec<usize>) -> Club {
        members.sort_unstable();
        let log_t = match self.verdict(Pool::of(&self.panel, &members).spread()) {
            Verdict::Fit(fit) => Some(fit),
            _ => None,
        };
        Club { members, log_t }
    }
}

/// How clubs are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Merging {
    /// Two neighbours merge if the log t test does not reject their convergence (Phillips & Sul 2009).
    #[default]
    PhillipsSul,
    /// And only if their t exceeds that of the second with the third (von Lyncker & Thoennessen 2017).
    VonLynckerThoennessen,
}

/// Merges neighbouring clubs that converge together.
///
/// The first club is pooled with the next; if the log t test of the pool does not reject, they are one club, which is tested
/// with the one after, and so on; otherwise the search begins anew from the next club.
///
/// # Errors
/// As [`clubs`]; [`Error::Label`] for a member that is no row of the panel, [`Error::Empty`] for a club without members.
///
/// # References
/// Phillips & Sul 2009, Journal of Applied Econometrics 24:1153-1185. von Lyncker & Thoennessen 2017, Empirical Economics 52:525-553.
///
/// ```
/// use quyu_econometrics::{Matrix, convergence::{ClubOptions, Merging, clubs, merge_clubs}};
/// let series = |end: f64, start: f64| (0..20).map(move |t| end + start * (0.7f64).powi(t) + 0.01 * f64::from(t % 3));
/// let cells: Vec<f64> = [(10.0, -3.0), (10.0, 1.0), (5.0, 1.0), (5.0, 2.0)]
///     .into_iter()
///     .flat_map(|(end, start)| series(end, start))
///     .collect();
/// let panel = Matrix::new(&cells, 4, 20)?;
/// let found = clubs(panel, &ClubOptions::default())?;
/// let merged = merge_clubs(panel, &found.clubs, Merging::PhillipsSul, &ClubOptions::default())?;
/// assert_eq!(merged.len(), 2); // ten and five do not converge
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn merge_clubs(
    panel: Matrix<'_>,
    clubs: &[Club],
    merging: Merging,
    options: &ClubOptions,
) -> Result<Vec<Club>, Error> {
    let search = Search::new(panel, options)?;
    for club in clubs {
        if club.members.is_empty() {
            return Err(Error::Empty { argument: "members" });
        }
        check::labels("members", &club.members, club.members.len(), panel.rows())?;
    }
    let pooled = |a: &[usize], b: &[usize]| search.t(&[a, b].concat());
    let mut merged = Vec::new();
    let mut rest = clubs.iter().map(|club| &club.members).peekable();
    let Some(first) = rest.next() else {
        return Ok(merged);
    };
    let mut current = first.clone();
    while let Some(next) = rest.next() {
        let t = pooled(&current, next);
        let nearer = match (merging, rest.peek()) {
            (Merging::VonLynckerThoennessen, Some(third)) => t > pooled(next, third),
            _ => true,
        };
        if t > options.critical && nearer {
            current.extend(next);
        } else {
            merged.push(search.club(std::mem::replace(&mut current, next.clone())));
        }
    }
    merged.push(search.club(current));
    Ok(merged)
}

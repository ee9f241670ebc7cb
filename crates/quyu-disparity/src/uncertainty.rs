//! Standard errors and intervals of an index: bootstrap, jackknife, linearised.

use quyu_core::{Need, Note, NoteKind, Param, ParamError, ParamKind, Params, RegionCode, Study};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{CvOptions, GiniOptions, Index, LogCentre};
use quyu_econometrics::inference::{
    Acceleration, Bootstrap, BootstrapOptions, GiniLinearisation, Jackknife, QuantileRule, bootstrap,
    bootstrap_index, bootstrap_studentised, jackknife, jackknife_index, linearised,
};
use quyu_math::{normal_quantile, sqrt, sum, sum_by};

use crate::measure::{Columns, Measure, What};

/// The kind of interval.
pub(crate) const CI: Param = Param::optional(
    "ci",
    ParamKind::Choice(&[
        "bootstrap",
        "percentile",
        "basic",
        "bca",
        "studentised",
        "jackknife",
        "linearised",
    ]),
    "add a standard error and an interval: from a bootstrap of the regions (four intervals; `bootstrap` is `percentile`), a jackknife, or the linearised index",
);
/// Replicates of a bootstrap.
pub(crate) const REPLICATES: Param = Param::with_default(
    "replicates",
    ParamKind::Integer {
        min: 2,
        max: 1_000_000,
    },
    "999",
    "number of bootstrap replicates",
);
/// Seed of what is random.
pub(crate) const SEED: Param = Param::optional(
    "seed",
    ParamKind::Integer {
        min: 0,
        max: i64::MAX,
    },
    "seed of bootstrap and permutations; without it that of the study",
);
/// Level of an interval.
pub(crate) const CONFIDENCE: Param = Param::with_default(
    "confidence",
    ParamKind::Number {
        min: 0.5,
        max: 0.9999,
    },
    "0.95",
    "level of the interval",
);
/// Groups inside which the bootstrap draws.
pub(crate) const STRATA: Param = Param::optional(
    "strata",
    ParamKind::Expr,
    "a partition: the bootstrap replaces a region by one of its own group",
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Percentile,
    Basic,
    Bca,
    Studentised,
    Jackknife,
    Linearised,
}

/// What the parameters say.
#[derive(Debug, Clone)]
pub(crate) struct Inference {
    kind: Option<Kind>,
    replicates: usize,
    seed: Option<u64>,
    confidence: f64,
    strata: Option<String>,
}

/// A standard error with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Uncertainty {
    pub(crate) std_error: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Replicates in which the index is undefined.
    pub(crate) undefined: usize,
}

impl Inference {
    pub(crate) fn new(analysis: &str, params: &Params, measures: &[Measure]) -> Result<Self, ParamError> {
        let refuse = |reason: String| ParamError::Combination {
            analysis: analysis.to_owned(),
            reason,
        };
        let kind = match params.text("ci") {
            Some("bootstrap" | "percentile") => Some(Kind::Percentile),
            Some("basic") => Some(Kind::Basic),
            Some("bca") => Some(Kind::Bca),
            Some("studentised") => Some(Kind::Studentised),
            Some("jackknife") => Some(Kind::Jackknife),
            Some("linearised") => Some(Kind::Linearised),
            _ => None,
        };
        let without = |m: &&Measure| kind == Some(Kind::Linearised) && !can_be_linearised(m);
        if let Some(measure) = measures.iter().find(without) {
            return Err(refuse(format!(
                "there is no linearised standard error of the {}: ask for `ci = \"jackknife\"`",
                measure.plain_label()
            )));
        }
        let strata = params.text("strata").map(str::to_owned);
        if strata.is_some() && !kind.is_some_and(Kind::is_bootstrap) {
            return Err(refuse(
                "`strata` says where a bootstrap draws and needs `ci` to be a bootstrap interval".to_owned(),
            ));
        }
        Ok(Self {
            kind,
            replicates: integer(params, "replicates").unwrap_or(999) as usize,
            seed: integer(params, "seed"),
            confidence: params.number("confidence").unwrap_or(0.95),
            strata,
        })
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.kind.is_some()
    }

    pub(crate) fn needs(&self) -> impl Iterator<Item = Need> {
        self.strata.clone().map(Need::Partition).into_iter()
    }

    pub(crate) fn confidence(&self) -> f64 {
        self.confidence
    }

    pub(crate) fn seed(&self, study: &Study) -> u64 {
        self.seed.unwrap_or(study.seed)
    }

    /// Whether two sets that are resampled apart have this interval.
    pub(crate) fn works_apart(&self) -> bool {
        !matches!(self.kind, Some(Kind::Bca | Kind::Studentised)) && self.strata.is_none()
    }

    /// The group of each region inside which the bootstrap draws.
    pub(crate) fn strata(
        &self,
        study: &Study,
        regions: &[RegionCode],
    ) -> Result<Option<Vec<usize>>, quyu_core::AnalysisError> {
        let Some(id) = &self.strata else { return Ok(None) };
        let (labels, _) = study.atlas.partition(id)?.cover(&study.focus.id, regions)?;
        Ok(Some(labels))
    }

    fn options(&self, seed: u64) -> BootstrapOptions {
        BootstrapOptions {
            replicates: self.replicates,
            seed,
        }
    }

    /// Standard error and interval of a statistic of rows; none if no kind was asked for.
    pub(crate) fn of(
        &self,
        statistic: &dyn Resampled,
        strata: Option<&[usize]>,
        seed: u64,
    ) -> Result<Option<Uncertainty>, Error> {
        let Some(kind) = self.kind else { return Ok(None) };
        let options = self.options(seed);
        let rule = QuantileRule::Normal;
        let (std_error, low, high, undefined) = match kind {
            Kind::Jackknife => {
                let jackknife = statistic.jackknife()?;
                let (low, high) = self.around(jackknife.estimate, jackknife.std_error);
                (Some(jackknife.std_error), low, high, 0)
            }
            Kind::Linearised => {
                let (estimate, std_error) = statistic.linearised()?;
                let (low, high) = self.around(estimate, std_error);
                (Some(std_error), low, high, 0)
            }
            Kind::Studentised => {
                let result = statistic.studentised(strata, &options)?;
                let interval = result.interval(self.confidence, rule)?;
                (
                    Some(result.std_error),
                    interval.low,
                    interval.high,
                    result.undefined,
                )
            }
            Kind::Percentile | Kind::Basic | Kind::Bca => {
                let result = statistic.bootstrap(strata, &options)?;
                let interval = match kind {
                    Kind::Basic => result.basic(self.confidence, rule)?,
                    Kind::Bca => {
                        let jackknife = statistic.jackknife()?;
                        result.bca(&jackknife, self.confidence, rule, Acceleration::JackknifeMean)?
                    }
                    _ => result.percentile(self.confidence, rule)?,
                };
                (result.std_error(), interval.low, interval.high, result.undefined)
            }
        };
        let std_error = std_error.ok_or(Error::Undefined {
            reason: "fewer than two replicates are defined",
        })?;
        Ok(Some(Uncertainty {
            std_error,
            low,
            high,
            undefined,
        }))
    }

    /// The same for the difference of two sets that are resampled apart.
    pub(crate) fn of_apart(
        &self,
        estimate: f64,
        replicates: impl FnOnce(&BootstrapOptions) -> Result<Bootstrap, Error>,
        (first, second): (Option<Uncertainty>, Option<Uncertainty>),
        seed: u64,
    ) -> Result<Option<Uncertainty>, Error> {
        let (Some(kind), Some(first), Some(second)) = (self.kind, first, second) else {
            return Ok(None);
        };
        let rule = QuantileRule::Normal;
        if matches!(kind, Kind::Jackknife | Kind::Linearised) {
            let (a, b) = (first.std_error, second.std_error);
            let std_error = sqrt(a * a + b * b);
            let (low, high) = self.around(estimate, std_error);
            return Ok(Some(Uncertainty {
                std_error,
                low,
                high,
                undefined: 0,
            }));
        }
        let result = replicates(&self.options(seed))?;
        let interval = match kind {
            Kind::Basic => result.basic(self.confidence, rule)?,
            _ => result.percentile(self.confidence, rule)?,
        };
        let std_error = result.std_error().ok_or(Error::Undefined {
            reason: "fewer than two replicates are defined",
        })?;
        Ok(Some(Uncertainty {
            std_error,
            low: interval.low,
            high: interval.high,
            undefined: result.undefined,
        }))
    }

    fn around(&self, estimate: f64, std_error: f64) -> (f64, f64) {
        let half = normal_quantile(0.5 + 0.5 * self.confidence) * std_error;
        (estimate - half, estimate + half)
    }

    /// What must stand beside every standard error.
    pub(crate) fn notes(&self, study: &Study) -> Vec<Note> {
        let Some(kind) = self.kind else { return Vec::new() };
        let percent = quyu_core::number::significant(100.0 * self.confidence, 6);
        let drawn = format!(
            "{} bootstrap replicates of regions (seed {}{})",
            self.replicates,
            self.seed(study),
            self.strata
                .as_ref()
                .map_or_else(String::new, |s| format!(", drawn within the groups of `{s}`"))
        );
        let quantiles = "quantiles at (R + 1) p on the normal scale";
        let how = match kind {
            Kind::Percentile => format!("{drawn}, percentile interval, {quantiles}"),
            Kind::Basic => format!("{drawn}, basic interval, {quantiles}"),
            Kind::Bca => format!(
                "{drawn}, bias-corrected and accelerated interval with the acceleration of the jackknife around its mean, {quantiles}"
            ),
            Kind::Studentised => {
                format!("{drawn}, studentised by the jackknife, which gives the standard error; {quantiles}")
            }
            Kind::Jackknife => "jackknife, interval from the normal distribution".to_owned(),
            Kind::Linearised => "linearised index, interval from the normal distribution".to_owned(),
        };
        vec![Note::new(
            NoteKind::Method,
            format!(
                "Regions are the population, not a sample: standard errors and {percent} % intervals say how far the index would move \
                 if the same process had drawn such regions again. They come from: {how}."
            ),
        )]
    }
}

impl Kind {
    fn is_bootstrap(self) -> bool {
        !matches!(self, Self::Jackknife | Self::Linearised)
    }
}

/// A whole number of a parameter that is never negative.
pub(crate) fn integer(params: &Params, name: &str) -> Option<u64> {
    params.integer(name).and_then(|i| u64::try_from(i).ok())
}

fn can_be_linearised(measure: &Measure) -> bool {
    let What::Index(index) = measure.what else {
        return false;
    };
    match index {
        Index::TheilT | Index::Mld | Index::Ge(_) | Index::Atkinson(_) => true,
        Index::Gini(options) => options == GiniOptions::default(),
        Index::Cv(options) => options == CvOptions::default(),
        Index::VarianceOfLogs(centre) => centre == LogCentre::MeanOfLogs,
        _ => false,
    }
}

/// A statistic of rows that can be drawn again.
pub(crate) trait Resampled: Sync {
    fn rows(&self) -> usize;

    fn of(&self, rows: &[usize]) -> Result<f64, Error>;

    fn bootstrap(&self, strata: Option<&[usize]>, options: &BootstrapOptions) -> Result<Bootstrap, Error> {
        bootstrap(self.rows(), strata, |rows| self.of(rows), options)
    }

    fn jackknife(&self) -> Result<Jackknife, Error> {
        jackknife(self.rows(), |rows| self.of(rows))
    }

    /// The jackknife of the rows at these positions.
    fn jackknife_of(&self, rows: &[usize]) -> Result<Jackknife, Error> {
        jackknife(rows.len(), |inner| {
            self.of(&inner.iter().map(|i| rows[*i]).collect::<Vec<_>>())
        })
    }

    fn studentised(
        &self,
        strata: Option<&[usize]>,
        options: &BootstrapOptions,
    ) -> Result<quyu_econometrics::inference::StudentisedBootstrap, Error> {
        let statistic = |rows: &[usize]| self.jackknife_of(rows).map(|j| (j.estimate, j.std_error));
        bootstrap_studentised(self.rows(), strata, statistic, options)
    }

    /// Estimate and linearised standard error.
    fn linearised(&self) -> Result<(f64, f64), Error>;
}

/// One index of one year.
pub(crate) struct One<'a> {
    pub(crate) measure: &'a Measure,
    pub(crate) columns: &'a Columns<'a>,
}

impl Resampled for One<'_> {
    fn rows(&self) -> usize {
        self.columns.len()
    }

    fn of(&self, rows: &[usize]) -> Result<f64, Error> {
        self.measure.of(&self.columns.pick(rows))
    }

    // The Gini index has short cuts.
    fn bootstrap(&self, strata: Option<&[usize]>, options: &BootstrapOptions) -> Result<Bootstrap, Error> {
        match self.measure.what {
            What::Index(index) => {
                bootstrap_index(&self.columns.x, self.columns.w.as_deref(), strata, index, options)
            }
            _ => bootstrap(self.rows(), strata, |rows| self.of(rows), options),
        }
    }

    fn jackknife(&self) -> Result<Jackknife, Error> {
        match self.measure.what {
            What::Index(index) => jackknife_index(&self.columns.x, self.columns.w.as_deref(), index),
            _ => jackknife(self.rows(), |rows| self.of(rows)),
        }
    }

    fn jackknife_of(&self, rows: &[usize]) -> Result<Jackknife, Error> {
        let picked = self.columns.pick(rows);
        One {
            measure: self.measure,
            columns: &picked,
        }
        .jackknife()
    }

    fn linearised(&self) -> Result<(f64, f64), Error> {
        influence(self.measure, self.columns).map(|l| (l.estimate, l.std_error))
    }
}

fn influence(
    measure: &Measure,
    columns: &Columns<'_>,
) -> Result<quyu_econometrics::inference::Linearised, Error> {
    let What::Index(index) = measure.what else {
        return Err(Error::Undefined {
            reason: "this statistic has no linearised variable",
        });
    };
    linearised(
        &columns.x,
        columns.w.as_deref(),
        index,
        GiniLinearisation::Derivative,
    )
}

/// The difference of one index between two years of the same regions.
pub(crate) struct Paired<'a> {
    pub(crate) measure: &'a Measure,
    pub(crate) first: &'a Columns<'a>,
    pub(crate) second: &'a Columns<'a>,
}

impl Resampled for Paired<'_> {
    fn rows(&self) -> usize {
        self.first.len()
    }

    fn of(&self, rows: &[usize]) -> Result<f64, Error> {
        Ok(self.measure.of(&self.second.pick(rows))? - self.measure.of(&self.first.pick(rows))?)
    }

    fn linearised(&self) -> Result<(f64, f64), Error> {
        let (first, second) = (
            influence(self.measure, self.first)?,
            influence(self.measure, self.second)?,
        );
        if first.influence.len() != second.influence.len() {
            return Err(Error::Undefined {
                reason: "a region has a weight in one of the two years only",
            });
        }
        let steps: Vec<f64> = first
            .influence
            .iter()
            .zip(&second.influence)
            .map(|(a, b)| b - a)
            .collect();
        let n = steps.len() as f64;
        let mean = sum(&steps) / n;
        let squares = sum_by(steps.len(), |i| (steps[i] - mean) * (steps[i] - mean));
        Ok((second.estimate - first.estimate, sqrt(n / (n - 1.0) * squares)))
    }
}

//! The table of regions by indicators that every analysis here starts from.

use quyu_core::{
    AnalysisError, Block, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, Study, Term,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::profiles::{log_skewed, standardise};

/// The indicators.
pub(crate) const FEATURES: Param = Param::required(
    "features",
    ParamKind::List(&ParamKind::Column),
    "the indicators of the profile",
);
/// What is done before standardising.
pub(crate) const TRANSFORM: Param = Param::with_default(
    "transform",
    ParamKind::Choice(&["none", "log-skewed"]),
    "none",
    "take natural logarithms of the indicators whose skewness exceeds 1, or leave all as they are",
);

/// Skewness above which an indicator is logged: the rule of thumb of the JRC's handbook is 2 with kurtosis 3.5; 1 is
/// stricter and leaves no profile to a single region.
pub(crate) const SKEWNESS_LIMIT: f64 = 1.0;

/// How indicators are prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transform {
    /// As they are.
    Plain,
    /// Logarithms where skewness exceeds the limit.
    LogSkewed,
}

impl Transform {
    pub(crate) fn of(params: &Params) -> Self {
        if params.text("transform") == Some("log-skewed") {
            Transform::LogSkewed
        } else {
            Transform::Plain
        }
    }

    /// For a title.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Transform::Plain => "indicators as they are",
            Transform::LogSkewed => "skewed indicators logged",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Transform::Plain => "plain",
            Transform::LogSkewed => "log-skewed",
        }
    }
}

/// Which indicators.
#[derive(Debug, Clone)]
pub(crate) struct Features {
    pub(crate) terms: Vec<Term>,
}

impl Features {
    pub(crate) fn new(analysis: &str, params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            terms: params.terms(analysis, "features")?,
        })
    }

    pub(crate) fn needs(&self) -> Vec<Need> {
        self.terms.iter().cloned().map(Need::Indicator).collect()
    }

    /// Figures of the last year for all members of the reference.
    pub(crate) fn block(&self, study: &Study) -> Result<Block, AnalysisError> {
        Ok(study.block(&self.terms, study.reference.members(), &[study.period.to])?)
    }

    pub(crate) fn label(&self, study: &Study, feature: usize) -> String {
        study.atlas.codebook.label(&self.terms[feature])
    }

    pub(crate) fn unit(&self, study: &Study, feature: usize) -> String {
        let indicator = study.atlas.codebook.indicator(&self.terms[feature].indicator);
        indicator.map(|i| i.unit.clone()).unwrap_or_default()
    }
}

/// Indicators prepared and standardised: regions x features.
pub(crate) struct Prepared {
    /// Standardised values, row-major.
    pub(crate) z: Vec<f64>,
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    /// Which features were logged.
    pub(crate) logged: Vec<bool>,
}

impl Prepared {
    pub(crate) fn matrix(&self) -> Result<Matrix<'_>, AnalysisError> {
        Matrix::new(&self.z, self.rows, self.cols).map_err(|e| AnalysisError::statistic("profile", e))
    }
}

/// Applies the transform and standardises with ddof 0.
pub(crate) fn prepare(block: &Block, transform: Transform) -> Result<Prepared, AnalysisError> {
    let failed = |e| AnalysisError::statistic("standardisation", e);
    let (rows, cols) = (block.regions.len(), block.terms.len());
    let raw = block.regions_by_terms(0);
    let table = Matrix::new(&raw, rows, cols).map_err(failed)?;
    let (values, logged) = match transform {
        Transform::Plain => (raw.clone(), vec![false; cols]),
        Transform::LogSkewed => {
            let transformed = log_skewed(table, SKEWNESS_LIMIT).map_err(failed)?;
            (transformed.table, transformed.logged)
        }
    };
    let standard = standardise(Matrix::new(&values, rows, cols).map_err(failed)?, 0).map_err(failed)?;
    Ok(Prepared {
        z: standard.z,
        rows,
        cols,
        logged,
    })
}

/// Says which indicators were logged.
pub(crate) fn transform_note(study: &Study, features: &Features, prepared: &Prepared) -> Option<Note> {
    let labels: Vec<String> = (0..prepared.cols).map(|f| features.label(study, f)).collect();
    logged_note(&labels, &prepared.logged)
}

/// Says which of the labelled indicators were logged.
pub(crate) fn logged_note(labels: &[String], logged: &[bool]) -> Option<Note> {
    let pairs = labels.iter().zip(logged);
    let logged: Vec<&str> = pairs
        .filter(|(_, l)| **l)
        .map(|(label, _)| label.as_str())
        .collect();
    (!logged.is_empty()).then(|| {
        Note::new(
            NoteKind::Method,
            format!(
                "In natural logarithms because their skewness exceeds {SKEWNESS_LIMIT}: {}.",
                logged.join("; ")
            ),
        )
    })
}

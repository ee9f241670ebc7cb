//! The table of a global statistic: a row a statistic, with what it is expected to be and how sure the difference is.

use quyu_core::ColumnName as C;
use quyu_core::{
    AnalysisError, Column, Head, Param, ParamKind, Params, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::inference::{Alternative, PermutationTest};
use quyu_econometrics::space::Analytic;

pub(crate) const TEST: Param = Param::with_default(
    "test",
    ParamKind::Choice(&["permutation", "randomisation", "normality"]),
    "permutation",
    "random permutations, or the normal distribution with the moments of all permutations or of normal values",
);
/// Where no moments of normal values exist.
pub(crate) const TEST_OF_ORDERS: Param = Param::with_default(
    "test",
    ParamKind::Choice(&["permutation", "randomisation"]),
    "permutation",
    "random permutations, or the normal distribution with the moments of all permutations",
);

/// The kind of test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Permutation,
    Randomisation,
    Normality,
}

impl Test {
    pub(crate) fn of(params: &Params) -> Self {
        match params.text("test") {
            Some("randomisation") => Self::Randomisation,
            Some("normality") => Self::Normality,
            _ => Self::Permutation,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Permutation => "permutation",
            Self::Randomisation => "randomisation",
            Self::Normality => "normality",
        }
    }
}

/// One statistic as it is shown.
pub(crate) struct Line {
    pub(crate) statistic: String,
    pub(crate) estimate: f64,
    pub(crate) expected: f64,
    pub(crate) std_error: Option<f64>,
    pub(crate) z: Option<f64>,
    pub(crate) p_value: Option<f64>,
    pub(crate) n: usize,
}

impl Line {
    /// A statistic that is not tested yet.
    pub(crate) fn new(statistic: &str, estimate: f64, expected: f64, n: usize) -> Self {
        Self {
            statistic: statistic.to_owned(),
            estimate,
            expected,
            std_error: None,
            z: None,
            p_value: None,
            n,
        }
    }

    /// The same with the test that was asked for; `permuted` is called for that kind alone.
    pub(crate) fn tested(
        self,
        test: Test,
        alternative: Alternative,
        moments: Moments,
        permuted: impl FnOnce() -> Result<PermutationTest, AnalysisError>,
    ) -> Result<Self, AnalysisError> {
        let moments = match test {
            Test::Permutation => {
                let test = permuted()?;
                return Ok(Self {
                    std_error: Some(test.std_dev),
                    z: test.z,
                    p_value: Some(test.p_value),
                    ..self
                });
            }
            Test::Randomisation => moments.randomisation,
            Test::Normality => moments.normality,
        };
        Ok(Self {
            std_error: moments.map(|m| m.variance.sqrt()),
            z: moments.map(|m| m.z),
            p_value: moments.map(|m| m.p.p_value(alternative)),
            ..self
        })
    }
}

/// What a statistic is without pattern, by the two analytic kinds of test.
pub(crate) struct Moments {
    pub(crate) randomisation: Option<Analytic>,
    pub(crate) normality: Option<Analytic>,
}

pub(crate) fn table(
    study: &Study,
    id: &str,
    title: String,
    test: Test,
    lines: &[Line],
    source: &str,
    decimals: u8,
) -> Table {
    let mut table = Table::new(
        id,
        title,
        [
            C::Year,
            C::Statistic,
            C::Variant,
            C::Estimate,
            C::Expected,
            C::StdError,
            C::Z,
            C::PValue,
            C::N,
        ]
        .map(Column::key)
        .to_vec(),
    );
    let mut rows = Vec::new();
    for line in lines {
        table.push(vec![
            i64::from(study.period.to.get()).into(),
            line.statistic.clone().into(),
            test.name().into(),
            line.estimate.into(),
            line.expected.into(),
            line.std_error.into(),
            line.z.into(),
            line.p_value.into(),
            line.n.into(),
        ]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(line.statistic.clone()),
                Shown::Number(line.estimate, Style::Fixed(decimals)),
                Shown::Number(line.expected, Style::Fixed(decimals)),
                Shown::maybe(line.z, Style::Signed(2)),
                Shown::maybe(line.p_value, Style::P),
                Shown::Number(line.n as f64, Style::Fixed(0)),
            ],
            strong: false,
        });
    }
    table.with_view(View {
        head: vec![
            Head::text("Statistic"),
            Head::number("Value"),
            Head::number("Expected without pattern"),
            Head::number("z"),
            Head::number(format!("p ({})", test.name())),
            Head::number("Regions"),
        ],
        rows,
        source: source.to_owned(),
    })
}

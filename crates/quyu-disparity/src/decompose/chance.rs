//! Whether a partition separates more than chance would, and how much of what it could.

use quyu_core::ColumnName as C;
use quyu_core::{
    Cell, Column, Head, Param, ParamError, ParamKind, Params, Shown, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::max_between_ge;
use quyu_econometrics::inference::{Alternative, PermutationOptions, PermutationTest, between_test};

use super::common::{share, year_cell};
use super::split::{Form, Split};

/// Asks for the test.
pub(crate) const TEST: Param = Param::optional(
    "test",
    ParamKind::Choice(&["permutation"]),
    "test the part between groups by giving the groups to the regions at random (entropy indices)",
);
/// Number of permutations.
pub(crate) const PERMUTATIONS: Param = Param::with_default(
    "permutations",
    ParamKind::Integer {
        min: 1,
        max: 10_000_000,
    },
    "9999",
    "number of random permutations; where there are fewer arrangements, all are enumerated",
);
/// Which end counts. A part between groups can only be large by structure.
pub(crate) const ALTERNATIVE: Param = Param::with_default(
    "alternative",
    ParamKind::Choice(&["greater", "less", "two-sided"]),
    "greater",
    "whether the part between groups is greater than by chance, less, or either",
);

/// The test that the parameters ask for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chance {
    alpha: f64,
    options: PermutationOptions,
}

/// The test of one year of one line.
pub(crate) struct Tested {
    line: String,
    year: Year,
    total: f64,
    n: usize,
    largest: f64,
    test: PermutationTest,
}

/// Values, weights and labels of one year.
pub(crate) struct Data<'a> {
    pub(crate) x: &'a [f64],
    pub(crate) w: Option<&'a [f64]>,
    pub(crate) labels: &'a [usize],
    pub(crate) groups: usize,
}

/// The end of the distribution that counts.
pub(crate) fn alternative(params: &Params) -> Alternative {
    match params.text("alternative") {
        Some("greater") => Alternative::Greater,
        Some("less") => Alternative::Less,
        _ => Alternative::TwoSided,
    }
}

/// The number of permutations.
pub(crate) fn permutations(params: &Params) -> usize {
    let number = params.integer("permutations");
    number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
}

impl Chance {
    pub(crate) fn read(
        analysis: &'static str,
        params: &Params,
        form: Form,
    ) -> Result<Option<Self>, ParamError> {
        if params.text("test").is_none() {
            return Ok(None);
        }
        let alpha = form.alpha().ok_or_else(|| ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: format!(
                "`test` is of the part between groups of `theil-t`, `mld` and `ge`, not of `{}`",
                form.variant()
            ),
        })?;
        Ok(Some(Self {
            alpha,
            options: PermutationOptions {
                permutations: permutations(params),
                alternative: alternative(params),
                ..PermutationOptions::default()
            },
        }))
    }

    /// Tests one year.
    pub(crate) fn of(&self, data: &Data<'_>, seed: u64, split: &Split) -> Result<Tested, Error> {
        let options = PermutationOptions { seed, ..self.options };
        let Data { x, w, labels, groups } = *data;
        Ok(Tested {
            line: split.line.clone(),
            year: split.year,
            total: split.of.total,
            n: x.len(),
            largest: max_between_ge(x, w, labels, groups, self.alpha)?,
            test: between_test(x, w, labels, groups, self.alpha, &options)?,
        })
    }
}

/// One row for the part between groups, and one for the largest that it could be.
pub(crate) fn table(tests: &[Tested], form: Form, title: String, several: bool, source: String) -> Table {
    let mut table = Table::new(
        "test",
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Variant),
            Column::key(C::Component),
            Column::of(C::Estimate, "1"),
            Column::of(C::Share, "1"),
            Column::of(C::Expected, "1"),
            Column::of(C::Z, "1"),
            Column::of(C::PValue, "1"),
            Column::key(C::N),
        ],
    );
    for tested in tests {
        let mut push = |component: &str, x: f64, test: Option<&PermutationTest>| {
            table.push(vec![
                Cell::Integer(i64::from(tested.year.get())),
                tested.line.clone().into(),
                form.variant().into(),
                component.into(),
                x.into(),
                share(x, tested.total).into(),
                test.map(|t| t.mean).into(),
                test.and_then(|t| t.z).into(),
                test.map(|t| t.p_value).into(),
                tested.n.into(),
            ]);
        };
        push("between", tested.test.observed, Some(&tested.test));
        push("largest-between", tested.largest, None);
    }
    let row = |t: &Tested| ViewRow {
        cells: vec![
            Shown::Text(year_cell(t.year, &t.line, several)),
            Shown::Number(t.test.observed, Style::Fixed(4)),
            Shown::Number(t.test.mean, Style::Fixed(4)),
            Shown::Number(t.test.p_value, Style::P),
            Shown::Number(t.largest, Style::Fixed(4)),
            Shown::maybe(share(t.test.observed, t.largest), Style::Percent(1)),
        ],
        strong: false,
    };
    let rows = tests.iter().map(row).collect();
    table.with_view(View {
        head: vec![
            Head::text("Year"),
            Head::number("Between groups"),
            Head::number("Expected by chance"),
            Head::number("p"),
            Head::number("Largest possible"),
            Head::number("Of the largest (%)"),
        ],
        rows,
        source,
    })
}

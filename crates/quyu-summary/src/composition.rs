//! `composition`: how a total is split by class, beside the reference.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Datum, Entry, Findings, Head, Need, Param, ParamError, ParamKind,
    Params, Progress, RegionSet, Shown, Study, Style, Table, Term, View, ViewRow, Year,
};
use quyu_math::sum;

/// The declaration of `composition`.
pub(crate) const ENTRY: Entry = Entry {
    id: "composition",
    summary: "How a total is split by class, beside the reference",
    manual: MANUAL,
    params: &[Param::required(
        "value",
        ParamKind::Column,
        "an indicator that is split by class (value added, employment)",
    )],
    example: "value = \"va4\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** What does the region's economy consist of, and where does it differ from the reference?

**Definition.** The share of a class is its value over the sum of all classes of the same region or set, in the last year of the
period; for a set of regions both are summed first. The difference is in percentage points. Where the focus is the reference itself, its
shares are compared with those of the first year of the period.

**Limits.** Shares show structure, not size; nominal shares move with relative prices.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Composition {
        value: params.term(ENTRY.id, "value")?,
    }))
}

#[derive(Debug)]
struct Composition {
    value: Term,
}

impl Analysis for Composition {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone())]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let terms = study.classes(&self.value)?;
        if terms.len() < 2 {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!("`{}` is not split by class, so it has no composition", self.value),
            });
        }
        let base = Base::of(study);
        for term in terms.iter().filter(|_| base.itself) {
            study.one_series(term, study.focus.members(), base.year, study.period.to)?;
        }
        let focus = amounts(study, &terms, &study.focus, study.period.to)?;
        let reference = amounts(study, &terms, &study.reference, base.year)?;
        let source = study.source_line(focus.iter().chain(&reference));
        let used: Vec<Datum> = focus.iter().chain(&reference).cloned().collect();
        let split = Split {
            own: shares(&focus),
            other: shares(&reference),
            base,
            terms,
            amounts: focus.iter().map(|d| d.value).collect(),
            source,
        };
        let table = self.table(study, &split)?;
        let figure = figure(study, &split);
        let notes = study.notes_on(std::slice::from_ref(&self.value), &used);
        Ok(Findings {
            tables: vec![table],
            figures: vec![figure],
            notes,
        })
    }
}

/// What the shares are compared with: the reference in the same year, or the region itself in the first year.
struct Base {
    itself: bool,
    year: Year,
    label: String,
}

impl Base {
    fn of(study: &Study) -> Self {
        let itself = study.focus.members() == study.reference.members();
        let year = if itself {
            study.period.from
        } else {
            study.period.to
        };
        let label = if itself {
            year.to_string()
        } else {
            study.reference.name_en.clone()
        };
        Self { itself, year, label }
    }
}

/// Amounts and shares, class by class.
struct Split {
    base: Base,
    terms: Vec<Term>,
    amounts: Vec<f64>,
    own: Vec<f64>,
    other: Vec<f64>,
    source: String,
}

/// One amount a class. A missing one is an error even under `drop`: the shares would be those of another whole.
fn amounts(study: &Study, terms: &[Term], set: &RegionSet, year: Year) -> Result<Vec<Datum>, AnalysisError> {
    let strict = Study {
        missing: quyu_core::Missing::Error,
        ..study.clone()
    };
    let mut found = Vec::new();
    for term in terms {
        found.extend(strict.aggregate(term, set, year)?);
    }
    Ok(found)
}

fn class_label(study: &Study, term: &Term) -> String {
    let codebook = &study.atlas.codebook;
    let class = codebook.indicator(&term.indicator).ok().and_then(|i| {
        codebook
            .classes_of(i)
            .iter()
            .find(|c| Some(&c.code) == term.class.as_ref())
            .map(|c| c.label_en.clone())
    });
    class.unwrap_or_else(|| term.to_string())
}

fn shares(amounts: &[Datum]) -> Vec<f64> {
    let values: Vec<f64> = amounts.iter().map(|d| d.value).collect();
    let total = sum(&values);
    values
        .iter()
        .map(|x| if total == 0.0 { 0.0 } else { x / total })
        .collect()
}

impl Composition {
    fn table(&self, study: &Study, split: &Split) -> Result<Table, AnalysisError> {
        let Split {
            base,
            terms,
            amounts,
            own,
            other,
            source,
        } = split;
        let indicator = study.atlas.codebook.indicator(&self.value.indicator)?;
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "{}: {}, {}",
                study.focus.name_en, indicator.label_en, study.period.to
            ),
            vec![
                Column::key(C::Region),
                Column::key(C::Class),
                Column::key(C::Name),
                Column::key(C::Year),
                Column::of(C::Value, indicator.unit.clone()),
                Column::of(C::Share, "1"),
                Column::of(C::Expected, "1"),
            ],
        );
        let mut rows = Vec::new();
        for (i, term) in terms.iter().enumerate() {
            let name = class_label(study, term);
            table.push(vec![
                study.focus.id.clone().into(),
                term.class
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default()
                    .into(),
                name.clone().into(),
                Cell::Integer(i64::from(study.period.to.get())),
                amounts[i].into(),
                own[i].into(),
                other[i].into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(name),
                    Shown::Number(amounts[i], Style::Fixed(0)),
                    Shown::Number(own[i], Style::Percent(1)),
                    Shown::Number(other[i], Style::Percent(1)),
                    Shown::Number(own[i] - other[i], Style::SignedPercent(1)),
                ],
                strong: false,
            });
        }
        let total = sum(amounts);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text("Total".into()),
                Shown::Number(total, Style::Fixed(0)),
                Shown::Number(1.0, Style::Percent(1)),
                Shown::Number(1.0, Style::Percent(1)),
                Shown::Missing,
            ],
            strong: true,
        });
        let head = vec![
            Head::text("Class"),
            Head::number(format!("{} ({})", study.focus.name_en, indicator.unit)),
            Head::number("Share (%)"),
            Head::number(format!("{} (%)", base.label)),
            Head::number("Difference (points)"),
        ];
        Ok(table.with_view(View {
            head,
            rows,
            source: source.clone(),
        }))
    }
}

fn figure(study: &Study, split: &Split) -> Figure {
    let Split {
        base,
        terms,
        own,
        other,
        ..
    } = split;
    let mut order: Vec<usize> = (0..terms.len()).collect();
    let difference = |i: usize| 100.0 * (own[i] - other[i]);
    order.sort_by(|&a, &b| difference(b).total_cmp(&difference(a)));
    let rows = order
        .iter()
        .map(|&i| Stack {
            label: class_label(study, &terms[i]),
            parts: vec![difference(i)],
            role: Role::Other,
        })
        .collect();
    let (most, least) = (order[0], order[order.len() - 1]);
    let said = |i: usize| {
        format!(
            "{} ({} points)",
            class_label(study, &terms[i]),
            styled(difference(i), Style::Signed(1))
        )
    };
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "{}: shares of the classes less those of {}, {}",
            study.focus.name_en, base.label, study.period.to
        ),
        alt: format!(
            "Bars of the shares of {} less those of {}. Most above: {}. Most below: {}.",
            study.focus.name_en,
            base.label,
            said(most),
            said(least)
        ),
        source: split.source.clone(),
        chart: Chart::Diverging {
            axis: Axis::new("Difference in share", "percentage points"),
            parts: vec!["difference".into()],
            rows,
        },
    }
}

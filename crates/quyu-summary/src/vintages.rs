//! `vintages`: all official values of one figure side by side.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Line, Role};
use quyu_core::indicator::Nature;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow, Vintage, Year,
};
use quyu_math::sum;

use crate::{largest, style_of};

/// The declaration of `vintages`.
pub(crate) const ENTRY: Entry = Entry {
    id: "vintages",
    summary: "All official values of one figure side by side",
    manual: MANUAL,
    params: &[Param::required(
        "value",
        ParamKind::Column,
        "an observed indicator that adds up (GDP, population)",
    )],
    example: "value = \"gdp\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How much does the figure depend on which official release it is taken from?

**Definition.** The value of the focus in every vintage that the packages hold, summed over its members, for the years of the
period; a vintage that lacks a member in a year has no value there. The last column is the largest of the
vintages of a year over the smallest, minus one.

**Limits.** Vintages are never chained or mixed: the lines are separate on purpose.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Vintages {
        value: params.term(ENTRY.id, "value")?,
    }))
}

#[derive(Debug)]
struct Vintages {
    value: Term,
}

type ByVintage = BTreeMap<Vintage, BTreeMap<Year, f64>>;

impl Analysis for Vintages {
    // The choice of vintages of the study does not bind here, so that no need is declared on the indicator.
    fn needs(&self) -> Vec<Need> {
        vec![Need::Period]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let indicator = study.atlas.codebook.check(&self.value)?;
        if study.focus.members().len() > 1 && !matches!(indicator.nature, Nature::Extensive { .. }) {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "`{}` does not add up over the regions of {}: take one region, or an indicator that adds up",
                    self.value, study.focus.name_en
                ),
            });
        }
        let sums = self.sums(study);
        if sums.is_empty() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "`{}` is not observed for all of {} between {} and {} in any vintage",
                    self.value, study.focus.name_en, study.period.from, study.period.to
                ),
            });
        }
        let label = study.atlas.codebook.label(&self.value);
        let notes = sums
            .keys()
            .filter_map(|v| study.atlas.codebook.vintage(v).map(|m| (v, m)))
            .map(|(v, meaning)| Note::new(NoteKind::Vintage, format!("{v}: {meaning}.")))
            .collect();
        let source = format!("Packages of this report. Vintages: {}.", names(&sums).join(", "));
        let table = self.table(study, &label, &indicator.unit, &sums, &source);
        let figure = figure(study, &label, &indicator.unit, &sums, source);
        Ok(Findings {
            tables: vec![table],
            figures: vec![figure],
            notes,
        })
    }
}

fn names(sums: &ByVintage) -> Vec<String> {
    sums.keys().map(ToString::to_string).collect()
}

impl Vintages {
    fn sums(&self, study: &Study) -> ByVintage {
        let panel = &study.atlas.panel;
        let mut out = ByVintage::new();
        for vintage in panel.vintages(&self.value) {
            for year in study.years() {
                let found: Vec<f64> = study
                    .focus
                    .members()
                    .iter()
                    .filter_map(|r| panel.get(&self.value, &vintage, year, r).map(|o| o.value))
                    .collect();
                if found.len() == study.focus.members().len() {
                    out.entry(vintage.clone()).or_default().insert(year, sum(&found));
                }
            }
        }
        out
    }

    fn table(&self, study: &Study, label: &str, unit: &str, sums: &ByVintage, source: &str) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!("{label} of {} by vintage", study.focus.name_en),
            vec![
                Column::key(C::Region),
                Column::key(C::Year),
                Column::key(C::Vintage),
                Column::of(C::Value, unit),
            ],
        );
        let years: BTreeSet<Year> = sums.values().flat_map(|v| v.keys().copied()).collect();
        for year in &years {
            for (vintage, values) in sums {
                if let Some(value) = values.get(year) {
                    table.push(vec![
                        study.focus.id.clone().into(),
                        Cell::Integer(i64::from(year.get())),
                        vintage.to_string().into(),
                        (*value).into(),
                    ]);
                }
            }
        }
        let style = style_of(unit, largest(sums.values().flat_map(|v| v.values().copied())));
        let mut head = vec![Head::text("Year")];
        head.extend(
            names(sums)
                .into_iter()
                .map(|v| Head::number(format!("{v} ({unit})"))),
        );
        head.push(Head::number("Largest over smallest (%)"));
        let rows = years
            .iter()
            .map(|year| {
                let values: Vec<Option<f64>> = sums.values().map(|v| v.get(year).copied()).collect();
                let mut cells = vec![Shown::Text(year.to_string())];
                cells.extend(values.iter().map(|v| Shown::maybe(*v, style)));
                cells.push(Shown::maybe(spread(&values), Style::SignedPercent(1)));
                ViewRow { cells, strong: false }
            })
            .collect();
        table.with_view(View {
            head,
            rows,
            source: source.to_owned(),
        })
    }
}

/// Largest over smallest value of a year, minus one, where there are several.
fn spread(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let (low, high) = (
        known.iter().copied().reduce(f64::min)?,
        known.iter().copied().reduce(f64::max)?,
    );
    (known.len() > 1 && low > 0.0).then(|| high / low - 1.0)
}

fn figure(study: &Study, label: &str, unit: &str, sums: &ByVintage, source: String) -> Figure {
    let lines = sums
        .iter()
        .enumerate()
        .map(|(i, (vintage, values))| Line {
            label: vintage.to_string(),
            points: study
                .years()
                .into_iter()
                .map(|y| values.get(&y).map(|v| (f64::from(y.get()), *v)))
                .collect(),
            role: Role::Category(i),
        })
        .collect();
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!("{label} of {}: one line a vintage", study.focus.name_en),
        alt: format!(
            "Lines of {label} of {} by year, one for each of the vintages {}.",
            study.focus.name_en,
            names(sums).join(", ")
        ),
        source,
        chart: Chart::Lines {
            x: Axis::years(),
            y: Axis::new(label, unit),
            lines,
            from_zero: false,
        },
    }
}

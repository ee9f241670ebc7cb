//! `key-figures`: headline figures of the focus beside the reference, with rank and change.

use quyu_core::ColumnName as C;
use quyu_core::indicator::Nature;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Datum, Direction, Entry, Findings, Head, Need, Note, NoteKind,
    Param, ParamError, ParamKind, Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow, Year,
};

use crate::{style_of, vintage_cell};

/// The declaration of `key-figures`.
pub(crate) const ENTRY: Entry = Entry {
    id: "key-figures",
    summary: "Headline figures of the focus beside the reference, with rank and change",
    manual: MANUAL,
    params: &[
        Param::required(
            "features",
            ParamKind::List(&ParamKind::Column),
            "the indicators to show",
        ),
        Param::optional(
            "from",
            ParamKind::Integer { min: 1800, max: 2200 },
            "first year of the change; without it no change is shown",
        ),
        Param::with_default(
            "mean_of_ratios",
            ParamKind::Flag,
            "false",
            "show beside a pooled ratio the plain mean of its members' ratios, which is not the ratio of the set",
        ),
    ],
    example: "features = [\"gdp\", \"gdp_pc\", \"rd_exp\"]\nfrom = 2010\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How large is the region, how does it stand beside the reference, and how has it changed?

**Definition.** The figure of a set of regions is the sum of its members for what adds up (GDP, population, patents) and the
ratio of sums for what is a ratio (GDP per head, R&D per GDP); a mean of ratios is never taken. Where one part of a
published ratio is not observed it is implied by the other, in the same year and vintage: the denominator is the
numerator over the ratio. The reference is computed from its member regions in the same way. The column of percentages is the share
of the reference's sum for what adds up, and the ratio to the reference's ratio for what is a ratio. *Rank* counts the
members of the reference with a better value, plus one; equal values share the smaller rank; an indicator without a better
direction ranks the largest first. *Change* is in percent of the first year, or in percentage points for indicators in
percent; money is at current prices unless the indicator says otherwise. Growth stays inside one series of vintages.

**Limits.** A rank exists only where the focus is one region of the reference.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let from = params
        .integer("from")
        .and_then(|y| i32::try_from(y).ok())
        .and_then(|y| Year::new(y).ok());
    Ok(Box::new(KeyFigures {
        features: params.terms(ENTRY.id, "features")?,
        from,
        mean_of_ratios: params.flag("mean_of_ratios"),
    }))
}

#[derive(Debug)]
struct KeyFigures {
    features: Vec<Term>,
    from: Option<Year>,
    mean_of_ratios: bool,
}

/// One indicator, worked out.
struct Figure {
    term: Term,
    unit: String,
    ratio: bool,
    now: Datum,
    reference: Datum,
    rank: Option<(usize, usize)>,
    /// Of the focus and of the reference, each where both its years are observed.
    change: [Option<f64>; 2],
    plain_mean: Option<f64>,
}

impl Analysis for KeyFigures {
    fn needs(&self) -> Vec<Need> {
        self.features.iter().cloned().map(Need::Indicator).collect()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        if let Some(from) = self.from.filter(|from| *from >= study.period.to) {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "the first year of the change ({from}) must lie before {}",
                    study.period.to
                ),
            });
        }
        let mut figures = Vec::new();
        let mut notes = Vec::new();
        for (i, term) in self.features.iter().enumerate() {
            match self.figure(study, term)? {
                Some(figure) => figures.push(figure),
                None => notes.push(Note::new(
                    NoteKind::Missing,
                    format!(
                        "{} is left out: it is not observed for all regions of the focus and the reference in {}.",
                        study.atlas.codebook.label(term),
                        study.period.to
                    ),
                )),
            }
            progress.step(i + 1, self.features.len());
        }
        notes.extend(self.without_change(study, &figures));
        let used: Vec<Datum> = figures
            .iter()
            .flat_map(|f| [f.now.clone(), f.reference.clone()])
            .collect();
        notes.extend(study.notes_on(&self.features, &used));
        let mut tables = vec![self.table(study, &figures)];
        tables.extend(self.change_table(study, &figures));
        Ok(Findings {
            tables,
            figures: Vec::new(),
            notes,
        })
    }
}

impl KeyFigures {
    fn figure(&self, study: &Study, term: &Term) -> Result<Option<Figure>, AnalysisError> {
        let year = study.period.to;
        let indicator = study.atlas.codebook.check(term)?;
        let (Some(now), Some(reference)) = (
            study.aggregate(term, &study.focus, year)?,
            study.aggregate(term, &study.reference, year)?,
        ) else {
            return Ok(None);
        };
        let percent = indicator.unit.starts_with('%');
        Ok(Some(Figure {
            rank: self.rank(study, term, indicator.direction)?,
            change: self.change(study, term, percent)?,
            plain_mean: self.plain_mean(study, term, &indicator.nature)?,
            ratio: !matches!(indicator.nature, Nature::Extensive { .. }),
            unit: indicator.unit.clone(),
            term: term.clone(),
            now,
            reference,
        }))
    }

    /// Says where no change is shown because the first year is incomplete.
    fn without_change(&self, study: &Study, figures: &[Figure]) -> Option<Note> {
        let from = self.from?;
        let labels: Vec<String> = figures
            .iter()
            .filter(|f| f.change[0].is_none())
            .map(|f| study.atlas.codebook.label(&f.term))
            .collect();
        (!labels.is_empty()).then(|| {
            let text = format!(
                "No change is shown where a figure of {from} is missing: {}.",
                labels.join("; ")
            );
            Note::new(NoteKind::Missing, text)
        })
    }

    fn rank(
        &self,
        study: &Study,
        term: &Term,
        direction: Direction,
    ) -> Result<Option<(usize, usize)>, AnalysisError> {
        let [region] = study.focus.members() else {
            return Ok(None);
        };
        if !study.reference.contains(region) {
            return Ok(None);
        }
        let mut values = Vec::new();
        let mut own = None;
        for member in study.reference.members() {
            let Some(datum) = study.value(term, member, study.period.to)? else {
                continue;
            };
            if member == region {
                own = Some(datum.value);
            }
            values.push(datum.value);
        }
        let better = |x: &&f64, own: f64| match direction {
            Direction::Lower => **x < own,
            Direction::Higher | Direction::Neutral => **x > own,
        };
        Ok(own.map(|own| (1 + values.iter().filter(|x| better(x, own)).count(), values.len())))
    }

    /// Change of the focus and of the reference since `from`.
    fn change(&self, study: &Study, term: &Term, percent: bool) -> Result<[Option<f64>; 2], AnalysisError> {
        let mut changes = [None; 2];
        let Some(from) = self.from else { return Ok(changes) };
        let to = study.period.to;
        for (slot, set) in changes.iter_mut().zip([&study.focus, &study.reference]) {
            study.one_series(term, set.members(), from, to)?;
            let (Some(a), Some(b)) = (study.aggregate(term, set, from)?, study.aggregate(term, set, to)?)
            else {
                continue;
            };
            *slot = match (percent, a.value) {
                (true, _) => Some(b.value - a.value),
                (false, 0.0) => None,
                (false, base) => Some(100.0 * (b.value - base) / base),
            };
        }
        Ok(changes)
    }

    fn plain_mean(&self, study: &Study, term: &Term, nature: &Nature) -> Result<Option<f64>, AnalysisError> {
        let members = study.focus.members();
        if !self.mean_of_ratios || members.len() < 2 || !matches!(nature, Nature::Intensive { .. }) {
            return Ok(None);
        }
        let mut values = Vec::new();
        for member in members {
            match study.value(term, member, study.period.to)? {
                Some(datum) => values.push(datum.value),
                None => return Ok(None),
            }
        }
        Ok(Some(quyu_math::sum(&values) / values.len() as f64))
    }

    fn table(&self, study: &Study, figures: &[Figure]) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!("Key figures of {}, {}", study.focus.name_en, study.period.to),
            [
                C::Statistic,
                C::Name,
                C::Year,
                C::Variant,
                C::Unit,
                C::Value,
                C::Expected,
                C::Share,
                C::Rank,
                C::N,
                C::Vintage,
            ]
            .map(Column::key)
            .to_vec(),
        );
        for f in figures {
            let mut push = |variant: &str, value: f64, rank: Option<(usize, usize)>| {
                table.push(vec![
                    f.term.to_string().into(),
                    study.atlas.codebook.label(&f.term).into(),
                    Cell::Integer(i64::from(study.period.to.get())),
                    variant.into(),
                    f.unit.clone().into(),
                    value.into(),
                    f.reference.value.into(),
                    share(value, f.reference.value).into(),
                    rank.map_or(Cell::Missing, |r| r.0.into()),
                    rank.map_or(Cell::Missing, |r| r.1.into()),
                    vintage_cell(&f.now.from).into(),
                ]);
            };
            push(if f.ratio { "ratio-of-sums" } else { "sum" }, f.now.value, f.rank);
            if let Some(mean) = f.plain_mean {
                push("mean-of-ratios", mean, None);
            }
        }
        let view = self.view(study, figures);
        table.with_view(view)
    }

    fn view(&self, study: &Study, figures: &[Figure]) -> View {
        let ranked = figures.iter().any(|f| f.rank.is_some());
        let mut head = vec![
            Head::text("Indicator"),
            Head::text("Unit"),
            Head::number(study.focus.name_en.clone()),
        ];
        // A region is not compared with itself.
        let compared = study.focus.members() != study.reference.members();
        if compared {
            head.push(Head::number(study.reference.name_en.clone()));
            head.push(Head::number(format!("% of {}", study.reference.name_en)));
        }
        if ranked {
            head.push(Head::number("Rank"));
        }
        if let Some(from) = self.from {
            head.push(Head::number(format!("Change since {from}")));
        }
        let mut rows = Vec::new();
        for f in figures {
            let style = style_of(&f.unit, f.now.value);
            let label = study.atlas.codebook.label(&f.term);
            let mut cells = vec![
                Shown::Text(label.clone()),
                Shown::Text(f.unit.clone()),
                Shown::Number(f.now.value, style),
            ];
            if compared {
                cells.push(Shown::Number(
                    f.reference.value,
                    style_of(&f.unit, f.reference.value),
                ));
                cells.push(Shown::maybe(
                    share(f.now.value, f.reference.value),
                    Style::Percent(1),
                ));
            }
            if ranked {
                cells.push(f.rank.map_or(Shown::Missing, |(r, n)| Shown::Rank(r, n)));
            }
            if self.from.is_some() {
                let suffix = if f.unit.starts_with('%') { " points" } else { " %" };
                cells.push(f.change[0].map_or(Shown::Missing, |own| {
                    Shown::Text(format!(
                        "{}{suffix}",
                        quyu_core::number::styled(own, Style::Signed(1))
                    ))
                }));
            }
            rows.push(ViewRow { cells, strong: false });
            if let Some(mean) = f.plain_mean {
                let mut cells = vec![
                    Shown::Text(format!(
                        "{label}: plain mean of the members, not the value of the set"
                    )),
                    Shown::Text(f.unit.clone()),
                    Shown::Number(mean, style),
                ];
                cells.resize(head.len(), Shown::Missing);
                rows.push(ViewRow { cells, strong: false });
            }
        }
        let source = study.source_line(figures.iter().flat_map(|f| [&f.now, &f.reference]));
        View { head, rows, source }
    }

    fn change_table(&self, study: &Study, figures: &[Figure]) -> Option<Table> {
        let from = self.from?;
        let mut table = Table::new(
            "change",
            format!(
                "Change of the key figures of {}, {from} to {}",
                study.focus.name_en, study.period.to
            ),
            [
                C::Statistic,
                C::Name,
                C::From,
                C::To,
                C::Unit,
                C::Estimate,
                C::Expected,
            ]
            .map(Column::key)
            .to_vec(),
        );
        for f in figures {
            let [own, reference] = f.change;
            table.push(vec![
                f.term.to_string().into(),
                study.atlas.codebook.label(&f.term).into(),
                Cell::Integer(i64::from(from.get())),
                Cell::Integer(i64::from(study.period.to.get())),
                if f.unit.starts_with('%') {
                    "percentage points"
                } else {
                    "%"
                }
                .into(),
                own.into(),
                reference.into(),
            ]);
        }
        Some(table)
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole != 0.0).then(|| part / whole)
}

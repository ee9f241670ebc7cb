//! `comparison`: a few indicators of several sets of regions side by side.

use quyu_core::ColumnName as C;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Datum, Entry, Findings, Head, Need, Note, NoteKind, Param,
    ParamError, ParamKind, Params, Progress, RegionSet, Shown, Study, Style, Table, Term, View, ViewRow,
    Year,
};

use crate::{style_of, vintage_cell};

/// The declaration of `comparison`.
pub(crate) const ENTRY: Entry = Entry {
    id: "comparison",
    summary: "Indicators of several sets of regions side by side, each set pooled",
    manual: MANUAL,
    params: &[
        Param::required(
            "features",
            ParamKind::List(&ParamKind::Column),
            "the indicators to show",
        ),
        Param::required(
            "peers",
            ParamKind::List(&ParamKind::Expr),
            "what stands beside the focus: sets (of the case, or `package:set`) or regions, by code or name",
        ),
        Param::optional(
            "from",
            ParamKind::Integer { min: 1800, max: 2200 },
            "first year of the change; without it no change is shown",
        ),
        Param::with_default(
            "shares",
            ParamKind::Flag,
            "false",
            "show beside each value what it is of the reference: the share of its sum, or the ratio to its ratio",
        ),
    ],
    example: "features = [\"gdp\", \"gdp_pc\"]\npeers = [\"toy:pair\"]\nfrom = 2010\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How does a region stand beside others of its kind?

**Definition.** The figure of a set in the last year of the period is the sum of its members for what adds up and the ratio of sums for what is a
ratio; a mean of ratios is never taken. The change since `from` is in percent of the first year, in percentage points for indicators in percent. With
`shares` the share of the sum of the reference, or for a ratio the ratio to that of the reference, in the same year.

**Limits.** Sets differ in size and in how they are drawn: sums compare size, ratios compare what is inside the line. A set that lacks a figure of one
member has no value, for a part would be taken for the whole. Money is at current prices unless the indicator says otherwise.
";

/// Sets that fit in a table beside indicator and unit.
const WIDEST: usize = 6;

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let from = params.integer("from").and_then(|y| i32::try_from(y).ok());
    Ok(Box::new(Comparison {
        features: params.terms(ENTRY.id, "features")?,
        peers: params.texts("peers").into_iter().map(str::to_owned).collect(),
        from: from.and_then(|y| Year::new(y).ok()),
        shares: params.flag("shares"),
    }))
}

#[derive(Debug)]
struct Comparison {
    features: Vec<Term>,
    peers: Vec<String>,
    from: Option<Year>,
    shares: bool,
}

/// One indicator of one set.
struct Found {
    now: Option<Datum>,
    /// In percent, or percentage points.
    change: Option<f64>,
    /// Of the reference, where that is asked for.
    share: Option<f64>,
}

impl Analysis for Comparison {
    fn needs(&self) -> Vec<Need> {
        self.features.iter().cloned().map(Need::Indicator).collect()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let refuse = |reason: String| AnalysisError::Study {
            analysis: ENTRY.id,
            reason,
        };
        if let Some(from) = self.from.filter(|from| *from >= study.period.to) {
            return Err(refuse(format!(
                "the first year of the change ({from}) must lie before {}",
                study.period.to
            )));
        }
        if self.peers.len() + 1 > WIDEST {
            return Err(refuse(format!(
                "{} sets do not fit side by side; name at most {} in `peers`",
                self.peers.len() + 1,
                WIDEST - 1
            )));
        }
        let mut sets = vec![study.focus.clone()];
        for peer in &self.peers {
            sets.push(set_or_region(study, peer)?);
        }
        let mut rows: Vec<(&Term, Vec<Found>)> = Vec::new();
        for term in &self.features {
            let found = sets.iter().map(|set| self.found(study, term, set));
            rows.push((term, found.collect::<Result<_, _>>()?));
        }
        let used: Vec<Datum> = rows
            .iter()
            .flat_map(|(_, found)| found.iter().filter_map(|f| f.now.clone()))
            .collect();
        let mut notes = missing(study, &sets, &rows);
        notes.extend(study.notes_on(&self.features, &used));
        let mut table = self.table(study, &sets, &rows);
        table = table.with_view(self.view(study, &sets, &rows, study.source_line(&used)));
        Ok(Findings {
            tables: vec![table],
            figures: Vec::new(),
            notes,
        })
    }
}

impl Comparison {
    fn found(&self, study: &Study, term: &Term, set: &RegionSet) -> Result<Found, AnalysisError> {
        // A set without a figure is a gap beside the others, whatever the policy on missing values.
        let lenient = Study {
            missing: quyu_core::Missing::Drop,
            ..study.clone()
        };
        let percent = study.atlas.codebook.check(term)?.unit.starts_with('%');
        let now = lenient.aggregate(term, set, study.period.to)?;
        let change = match (self.from, &now) {
            (Some(from), Some(now)) => lenient.aggregate(term, set, from)?.and_then(|base| {
                if percent {
                    Some(now.value - base.value)
                } else {
                    (base.value != 0.0).then(|| 100.0 * (now.value - base.value) / base.value)
                }
            }),
            _ => None,
        };
        if let (Some(from), Some(_)) = (self.from, change) {
            study.one_series(term, set.members(), from, study.period.to)?;
        }
        let whole = match self.shares {
            true => lenient.aggregate(term, &study.reference, study.period.to)?,
            false => None,
        };
        let share = now.as_ref().zip(whole).filter(|(_, whole)| whole.value != 0.0);
        Ok(Found {
            share: share.map(|(now, whole)| now.value / whole.value),
            now,
            change,
        })
    }

    fn table(&self, study: &Study, sets: &[RegionSet], rows: &[(&Term, Vec<Found>)]) -> Table {
        let mut columns = [
            C::Region,
            C::Name,
            C::Statistic,
            C::Unit,
            C::Year,
            C::Value,
            C::From,
            C::Estimate,
            C::Vintage,
        ]
        .map(Column::key)
        .to_vec();
        if self.shares {
            columns.push(Column::of(C::Share, "1"));
        }
        let title = format!("{} beside others, {}", study.focus.name_en, study.period.to);
        let mut table = Table::new(ENTRY.id, title, columns);
        for (term, found) in rows {
            let unit = unit(study, term);
            for (set, f) in sets.iter().zip(found) {
                let mut row = vec![
                    set.id.clone().into(),
                    set.name_en.clone().into(),
                    term.to_string().into(),
                    unit.clone().into(),
                    Cell::Integer(i64::from(study.period.to.get())),
                    f.now.as_ref().map(|d| d.value).into(),
                    self.from
                        .map_or(Cell::Missing, |y| Cell::Integer(i64::from(y.get()))),
                    f.change.into(),
                    f.now
                        .as_ref()
                        .map_or(Cell::Missing, |d| vintage_cell(&d.from).into()),
                ];
                row.extend(self.shares.then(|| f.share.into()));
                table.push(row);
            }
        }
        table
    }

    fn view(&self, study: &Study, sets: &[RegionSet], rows: &[(&Term, Vec<Found>)], source: String) -> View {
        let mut head = vec![Head::text("Indicator (unit)")];
        head.extend(sets.iter().map(|s| Head::number(s.name_en.clone())));
        let mut shown = Vec::new();
        for (term, found) in rows {
            let unit = unit(study, term);
            let label = study.atlas.codebook.label(term);
            let mut cells = vec![Shown::Text(format!("{label} ({unit})"))];
            cells.extend(found.iter().map(|f| {
                f.now.as_ref().map_or(Shown::Missing, |d| {
                    Shown::Number(d.value, style_of(&unit, d.value))
                })
            }));
            shown.push(ViewRow { cells, strong: false });
            if self.shares {
                let mut cells = vec![Shown::Text(format!("{label}: % of {}", study.reference.name_en))];
                let share = |f: &Found| Shown::maybe(f.share, Style::Percent(1));
                cells.extend(found.iter().map(share));
                shown.push(ViewRow { cells, strong: false });
            }
            if let Some(from) = self.from.filter(|_| found.iter().any(|f| f.change.is_some())) {
                let of = if unit.starts_with('%') { "points" } else { "%" };
                let mut cells = vec![Shown::Text(format!("{label}: change since {from} ({of})"))];
                let change = |f: &Found| Shown::maybe(f.change, Style::Signed(1));
                cells.extend(found.iter().map(change));
                shown.push(ViewRow { cells, strong: false });
            }
        }
        View {
            head,
            rows: shown,
            source,
        }
    }
}

/// A set by its name, else the region of that code or name.
fn set_or_region(study: &Study, name: &str) -> Result<RegionSet, AnalysisError> {
    let unknown = match study.atlas.set(name) {
        Ok(set) => return Ok(set.clone()),
        Err(unknown) => unknown,
    };
    let region = study.atlas.regions.find(name);
    Ok(region.map(RegionSet::single).map_err(|_| unknown)?)
}

fn unit(study: &Study, term: &Term) -> String {
    let known = study.atlas.codebook.indicator(&term.indicator);
    known.map(|i| i.unit.clone()).unwrap_or_default()
}

/// Says which sets lack which indicator.
fn missing(study: &Study, sets: &[RegionSet], rows: &[(&Term, Vec<Found>)]) -> Vec<Note> {
    let lacking = rows.iter().filter_map(|(term, found)| {
        let without = sets.iter().zip(found).filter(|(_, f)| f.now.is_none());
        let names: Vec<&str> = without.map(|(s, _)| s.name_en.as_str()).collect();
        (!names.is_empty()).then(|| {
            Note::new(
                NoteKind::Missing,
                format!(
                    "{} is not observed for every member of {}.",
                    study.atlas.codebook.label(term),
                    names.join(", ")
                ),
            )
        })
    });
    lacking.collect()
}

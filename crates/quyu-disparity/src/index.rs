//! One index or several, year by year: the run, the tidy table, the notes.

use quyu_core::ColumnName as C;
use quyu_core::indicator::Nature;
use quyu_core::number::lower_first;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Findings, Need, Note, NoteKind, ParamError, Params, Progress,
    RegionCode, Study, Table, Year,
};
use quyu_econometrics::Error;
use quyu_math::sum;
use std::borrow::Cow;

use crate::compare::Compare;
use crate::measure::{Columns, Measure};
use crate::sample::{self, Line, Sample};
use crate::uncertainty::{Inference, One, Uncertainty};

/// Indices of the focus, year by year.
#[derive(Debug)]
pub(crate) struct Indices {
    pub(crate) id: &'static str,
    pub(crate) measures: Vec<Measure>,
    pub(crate) sample: Sample,
    pub(crate) inference: Inference,
    pub(crate) kind: Kind,
    /// A partition whose groups are what is compared.
    pub(crate) group: Option<String>,
    /// Whether the value must add up over regions.
    pub(crate) adds_up: bool,
    compare: Option<Compare>,
}

/// One index that must be defined, or several side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Single,
    /// What is undefined is left empty, with a note.
    Panel {
        title: &'static str,
        /// The statistics that the figure has.
        drawn: &'static [&'static str],
    },
}

/// One estimate.
#[derive(Debug, Clone)]
pub(crate) struct Estimate {
    pub(crate) year: Year,
    pub(crate) value: Option<f64>,
    pub(crate) uncertainty: Option<Uncertainty>,
    pub(crate) n: usize,
    pub(crate) weight_sum: f64,
}

/// The estimates of one index on one line of vintages.
pub(crate) struct Series {
    pub(crate) measure: usize,
    pub(crate) line: usize,
    pub(crate) estimates: Vec<Estimate>,
}

impl Indices {
    pub(crate) fn new(id: &'static str, params: &Params, measures: Vec<Measure>) -> Result<Self, ParamError> {
        Ok(Self {
            id,
            sample: Sample::new(id, params)?,
            inference: Inference::new(id, params, &measures)?,
            compare: Compare::new(id, params, &measures)?,
            measures,
            kind: Kind::Single,
            group: None,
            adds_up: false,
        })
    }
}

impl Analysis for Indices {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.sample.needs();
        needs.extend(self.inference.needs());
        needs.extend(self.group.clone().map(Need::Partition));
        needs
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        self.check(study)?;
        let lines = self.sample.lines(study)?;
        let mut notes = sample::notes(&lines);
        let mut series = Vec::new();
        for (l, line) in lines.iter().enumerate() {
            for m in 0..self.measures.len() {
                series.push(Series {
                    measure: m,
                    line: l,
                    estimates: self.estimates(study, line, m, &mut notes)?,
                });
            }
            progress.step(l + 1, lines.len());
        }
        notes.extend(self.inference.notes(study));
        let mut tables = vec![self.table(study, &lines, &series)];
        if let Some(compare) = &self.compare {
            tables.push(compare.table(self, study, &lines, &mut notes)?);
        }
        Ok(Findings {
            tables,
            figures: self.figure(study, &lines, &series).into_iter().collect(),
            notes,
        })
    }
}

impl Indices {
    fn check(&self, study: &Study) -> Result<(), AnalysisError> {
        if !self.adds_up {
            return Ok(());
        }
        let indicator = study.atlas.codebook.check(self.sample.value())?;
        if !matches!(indicator.nature, Nature::Extensive { .. }) {
            let reason = format!(
                "`{}` does not add up over regions, so it has no shares: take an indicator that does",
                self.sample.value()
            );
            return Err(AnalysisError::Study {
                analysis: self.id,
                reason,
            });
        }
        Ok(())
    }

    fn estimates(
        &self,
        study: &Study,
        line: &Line,
        measure: usize,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Estimate>, AnalysisError> {
        let measure = &self.measures[measure];
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let columns = self.columns(study, line, y)?;
            let value = match measure.of(&columns) {
                Ok(value) => Some(value),
                Err(error) => {
                    self.left_empty(measure, error, (line, *year), notes)?;
                    None
                }
            };
            let uncertainty = match value {
                Some(_) => self.uncertainty(study, measure, (line, *year), &columns, notes)?,
                None => None,
            };
            out.push(Estimate {
                year: *year,
                value,
                uncertainty,
                n: columns.len(),
                weight_sum: columns.w.as_deref().map_or(columns.len() as f64, sum),
            });
        }
        Ok(out)
    }

    /// What a year of a line holds.
    pub(crate) fn columns<'a>(
        &self,
        study: &Study,
        line: &'a Line,
        year: usize,
    ) -> Result<Columns<'a>, AnalysisError> {
        let groups = match &self.group {
            None => None,
            Some(id) => {
                let partition = study.atlas.partition(id)?;
                let (labels, groups) = partition.cover(&study.focus.id, &line.block.regions)?;
                Some((Cow::Owned(labels), groups.len()))
            }
        };
        Ok(Columns {
            x: Cow::Borrowed(line.x(year)),
            w: line.w(year).map(Cow::Borrowed),
            rank: line.rank(year).map(Cow::Borrowed),
            groups,
        })
    }

    /// An index that is undefined is an error by itself, and a note beside others.
    fn left_empty(
        &self,
        measure: &Measure,
        error: Error,
        (line, year): (&Line, Year),
        notes: &mut Vec<Note>,
    ) -> Result<(), AnalysisError> {
        let position = match &error {
            Error::Zero { index, .. } => Some(*index),
            Error::Undefined { .. } => None,
            _ => return Err(at_region(measure.plain_label(), error, &line.block.regions)),
        };
        if matches!(self.kind, Kind::Single) {
            return Err(at_region(measure.plain_label(), error, &line.block.regions));
        }
        let region = position.and_then(|i| line.block.regions.get(i)).cloned();
        let why = match (&region, &error) {
            (Some(region), _) => format!("the value of {region} is zero"),
            (None, Error::Undefined { reason }) => (*reason).to_owned(),
            (None, other) => other.to_string(),
        };
        notes.push(Note {
            kind: if region.is_some() {
                NoteKind::Zero
            } else {
                NoteKind::Method
            },
            text: format!("{} is not defined in {year}: {why}.", measure.label()),
            regions: region.into_iter().collect(),
        });
        Ok(())
    }

    pub(crate) fn uncertainty(
        &self,
        study: &Study,
        measure: &Measure,
        (line, year): (&Line, Year),
        columns: &Columns<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<Option<Uncertainty>, AnalysisError> {
        if !self.inference.is_wanted() {
            return Ok(None);
        }
        if columns.len() < 2 {
            return Err(AnalysisError::Study {
                analysis: self.id,
                reason: format!(
                    "a standard error needs at least two regions, and {} has only {}",
                    study.focus.name_en,
                    line.block
                        .regions
                        .iter()
                        .map(ToString::to_string)
                        .collect::<String>()
                ),
            });
        }
        let strata = self.inference.strata(study, &line.block.regions)?;
        let one = One { measure, columns };
        let found = self
            .inference
            .of(&one, strata.as_deref(), self.inference.seed(study));
        settled(found, (measure, &year.to_string()), &line.block.regions, notes)
    }

    pub(crate) fn unit(&self, study: &Study) -> String {
        let relative = self.measures.iter().all(Measure::is_relative);
        let unit = || {
            study
                .atlas
                .codebook
                .indicator(&self.sample.value().indicator)
                .map(|i| i.unit.clone())
        };
        match relative {
            true => "1".to_owned(),
            false => unit().unwrap_or_else(|_| "1".to_owned()),
        }
    }

    fn table(&self, study: &Study, lines: &[Line], series: &[Series]) -> Table {
        let with_error = self.inference.is_wanted();
        let mut table = empty_table(self.id, self.title(study), Some(&self.unit(study)), with_error);
        for of in series {
            for e in &of.estimates {
                let mut row = vec![
                    Cell::Integer(i64::from(e.year.get())),
                    lines[of.line].label.clone().into(),
                    self.measures[of.measure].name().into(),
                    e.value.into(),
                ];
                if with_error {
                    row.extend(error_cells(e.uncertainty));
                }
                row.extend([Cell::from(e.n), e.weight_sum.into()]);
                table.push(row);
            }
        }
        let view = self.view(lines, series);
        table.with_view(view)
    }

    pub(crate) fn title(&self, study: &Study) -> String {
        let weighted = match (self.adds_up, self.sample.weighted()) {
            (true, _) => "shares of regions",
            (false, true) => "weighted",
            (false, false) => "every region counts once",
        };
        let label = match self.kind {
            Kind::Single => self.measures.first().map(Measure::label).unwrap_or_default(),
            Kind::Panel { title, .. } => title.to_owned(),
        };
        let value = lower_first(&study.atlas.codebook.label(self.sample.value()));
        let ranked = self
            .sample
            .rank()
            .map(|term| {
                let label = lower_first(&study.atlas.codebook.label(term));
                format!(", regions ranked by {label}")
            })
            .unwrap_or_default();
        format!("{label} of {value}, {} ({weighted}{ranked})", study.focus.name_en)
    }
}

/// An interval that has none is left empty with a note; other errors stop the analysis.
pub(crate) fn settled(
    found: Result<Option<Uncertainty>, Error>,
    (measure, place): (&Measure, &str),
    regions: &[RegionCode],
    notes: &mut Vec<Note>,
) -> Result<Option<Uncertainty>, AnalysisError> {
    let method = |text: String| Note::new(NoteKind::Method, text);
    match found {
        Ok(Some(u)) if u.undefined > 0 => {
            notes.push(method(format!(
                "{} in {place}: {} bootstrap replicates in which it is undefined are left out.",
                measure.label(),
                u.undefined
            )));
            Ok(Some(u))
        }
        Ok(found) => Ok(found),
        Err(Error::Undefined { reason }) => {
            notes.push(method(format!(
                "{} in {place} has no standard error or interval of the kind asked for: {reason}.",
                measure.label()
            )));
            Ok(None)
        }
        Err(error) => Err(at_region(measure.plain_label(), error, regions)),
    }
}

/// Standard error and the ends of the interval.
pub(crate) fn error_cells(uncertainty: Option<Uncertainty>) -> [Cell; 3] {
    match uncertainty {
        Some(u) => [u.std_error.into(), u.low.into(), u.high.into()],
        None => [Cell::Missing, Cell::Missing, Cell::Missing],
    }
}

/// The columns of an index, empty.
pub(crate) fn empty_table(id: &str, title: String, unit: Option<&str>, with_error: bool) -> Table {
    let number = |c: C| unit.map_or_else(|| Column::key(c), |unit| Column::of(c, unit));
    let mut columns = vec![
        Column::key(C::Year),
        Column::key(C::Vintage),
        Column::key(C::Statistic),
        number(C::Estimate),
    ];
    if with_error {
        columns.extend([C::StdError, C::ConfLow, C::ConfHigh].map(number));
    }
    columns.extend([Column::key(C::N), Column::key(C::WeightSum)]);
    Table::new(id, title, columns)
}

/// Names the region at which a statistic failed.
pub(crate) fn at_region(statistic: &'static str, error: Error, regions: &[RegionCode]) -> AnalysisError {
    let index = match &error {
        Error::NotFinite { index, .. } | Error::Negative { index, .. } | Error::Zero { index, .. } => {
            Some(*index)
        }
        _ => None,
    };
    AnalysisError::Statistic {
        statistic,
        region: index.and_then(|i| regions.get(i).cloned()),
        source: Box::new(error),
    }
}

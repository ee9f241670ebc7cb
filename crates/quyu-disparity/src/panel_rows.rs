//! `polarisation` and `concentration-index` of rows without a key.

use quyu_core::{Additive, AnalysisError, Cell, Findings, Need, Note, NoteKind, ParamError, Params, Table};
use quyu_econometrics::Error;
use quyu_math::{pow, sum};

use crate::classes::Classes;
use crate::entries::refuse_inference;
use crate::index::empty_table;
use crate::measure::{self, Measure};
use crate::rows::{Asked, Columns, Role, Rows, Year};
use crate::sample::Sample;
use crate::stream::{columns as columns_of, title_of_rows, year_cell};
use crate::undefined::Undefined;

/// What a year says of an index: its value, and how far that may be off where not every row is known; or why it has none.
type Found = Result<(f64, Option<f64>), Error>;

/// The indices of all years.
struct Results {
    analysis: &'static str,
    measures: Vec<Measure>,
    /// Year, number of rows, sum of the weights, and what each index is.
    years: Vec<(String, usize, f64, Vec<Found>)>,
}

impl Results {
    /// A row an index and year; what is undefined is left empty with a note if `empty`, and an error if not.
    fn findings(self, title: String, empty: bool) -> Result<Findings, AnalysisError> {
        let mut table: Table = empty_table(self.analysis, title, Some("1"), false);
        let (mut undefined, mut off) = (Undefined::default(), None);
        for (m, measure) in self.measures.iter().enumerate() {
            for (year, n, weight, found) in &self.years {
                let value = match &found[m] {
                    Ok((value, own)) => {
                        off = own.map(|own| own.max(off.unwrap_or(0.0))).or(off);
                        Some(*value)
                    }
                    Err(error) => {
                        let why = why(error);
                        if !empty || !matches!(error, Error::Zero { .. } | Error::Undefined { .. }) {
                            return Err(AnalysisError::Study {
                                analysis: self.analysis,
                                reason: format!("{} is not defined in {year}: {why}.", measure.label()),
                            });
                        }
                        undefined.push(measure.label(), year, why);
                        None
                    }
                };
                table.push(vec![
                    year_cell(year),
                    Cell::Missing,
                    measure.name().into(),
                    value.into(),
                    (*n).into(),
                    (*weight).into(),
                ]);
            }
        }
        let mut notes = undefined.notes();
        notes.extend(off.map(|off| {
            let text = format!(
                "The rows are more than the memory allowed holds. They were counted in narrow classes, and an estimate is the middle of what \
                 the index can be with them: it is off by {off:.1e} at most."
            );
            Note::new(NoteKind::Method, text)
        }));
        Ok(Findings {
            tables: vec![table],
            notes,
            ..Findings::default()
        })
    }
}

fn why(error: &Error) -> String {
    match error {
        Error::Undefined { reason } => (*reason).to_owned(),
        other => other.to_string(),
    }
}

/// The stream of `polarisation`.
pub(crate) fn polarisation(
    analysis: &'static str,
    params: &Params,
    measures: [Measure; 2],
) -> Result<Box<dyn Additive>, ParamError> {
    refuse_inference(analysis, params)?;
    let sample = Sample::new(analysis, params)?;
    let weighted = sample.weighted();
    let group = params.text("group").map(str::to_owned);
    let grouped = group.is_some();
    let asked = Asked {
        analysis,
        name: "Polarisation".to_owned(),
        partitions: group.into_iter().collect(),
        numbers: numbers(&sample),
        last_only: sample.last_only(),
        classed_by: None,
        draws: false,
    };
    let title = title_of_rows("Polarisation", &columns_of(&sample));
    let show = move |years: Vec<(String, Year)>| {
        let mut found = Vec::new();
        for (year, rows) in years {
            let Year::Whole(mut rows) = rows else { continue };
            let columns = columns(&mut rows, weighted, grouped);
            let (n, weight) = counted(&columns);
            let of = |measure: &Measure| measure.of(&columns).map(|value| (value, None));
            found.push((year, n, weight, measures.iter().map(of).collect()));
        }
        Results {
            analysis,
            measures: measures.to_vec(),
            years: found,
        }
        .findings(title, true)
    };
    Ok(Box::new(Columns::new(asked, Box::new(show))))
}

/// The stream of `concentration-index`.
pub(crate) fn concentration(
    analysis: &'static str,
    params: &Params,
    (measure, nu): (Measure, f64),
) -> Result<Box<dyn Additive>, ParamError> {
    refuse_inference(analysis, params)?;
    let sample = Sample::new(analysis, params)?;
    let weighted = sample.weighted();
    let rank = 1 + usize::from(weighted);
    let asked = Asked {
        analysis,
        name: measure.label(),
        partitions: Vec::new(),
        numbers: numbers(&sample),
        last_only: sample.last_only(),
        classed_by: Some(rank),
        draws: false,
    };
    let by = sample.rank().map(ToString::to_string).unwrap_or_default();
    let mut counted_by = columns_of(&sample);
    // The last column is that of the ranks.
    counted_by.pop();
    let title = title_of_rows(&measure.label(), &counted_by);
    let title = format!("{title}, rows ranked by {by}");
    let show = move |years: Vec<(String, Year)>| {
        let of = |(year, rows): (String, Year)| match rows {
            Year::Whole(mut rows) => {
                let by = rows.take(rank);
                let mut columns = columns(&mut rows, weighted, false);
                columns.rank = Some(by.into());
                let (n, weight) = counted(&columns);
                let found = measure.of(&columns).map(|value| (value, None));
                (year, n, weight, vec![found])
            }
            Year::Counted(classes) => {
                let (n, weight) = classes.counted();
                (year, n, weight, vec![concentration_of(&classes, &measure, nu)])
            }
        };
        Results {
            analysis,
            measures: vec![measure],
            years: years.into_iter().map(of).collect(),
        }
        .findings(title, false)
    };
    Ok(Box::new(Columns::new(asked, Box::new(show))))
}

/// The index where all rows of a class have its mean, and how far it may be off.
///
/// A row counts by the slope nu (1 - F)^(nu - 1) between its ranks. Inside a class deviations from the mean add up to nothing, so that only the
/// range of the slope counts: half of it, times the largest mean deviation that the class can have. Rows that tie share their ranks, and a class of
/// one rank has its mean exactly.
fn concentration_of(classes: &Classes, measure: &Measure, nu: f64) -> Found {
    let classes = classes.ascending();
    let (x, w): (Vec<f64>, Vec<f64>) = classes.iter().map(|c| (c.mean(), c.weight)).unzip();
    let rank: Vec<f64> = (0..x.len()).map(|k| k as f64).collect();
    let weight = sum(&w);
    let mean = quyu_math::sum_by(x.len(), |k| w[k] * x[k]) / weight;
    let value = measure.of(&measure::Columns {
        x: x.into(),
        w: Some(w.into()),
        rank: Some(rank.into()),
        groups: None,
    })?;
    let slope = |above: f64| nu * pow(above.max(0.0), nu - 1.0);
    let (mut above, mut off) = (1.0, 0.0);
    for class in &classes {
        let share = class.weight / weight;
        let after = above - share;
        if class.mixed {
            off += (slope(above) - slope(after)) / 2.0 * share * class.deviation() / mean;
        }
        above = after;
    }
    Ok((value, Some(off)))
}

/// Value, weight and rank.
fn numbers(sample: &Sample) -> Vec<(Need, Role)> {
    let roles = [
        Some(Role::Value),
        sample.weighted().then_some(Role::Weight),
        Some(Role::Signed),
    ];
    let terms = sample.terms().into_iter().map(Need::Indicator);
    terms.zip(roles.into_iter().flatten()).collect()
}

fn columns(rows: &mut Rows, weighted: bool, grouped: bool) -> measure::Columns<'static> {
    let groups = grouped.then(|| rows.take_labels(0));
    measure::Columns {
        x: rows.take(0).into(),
        w: weighted.then(|| rows.take(1).into()),
        rank: None,
        groups: groups.map(|(labels, names)| (labels.into(), names.len())),
    }
}

/// Number of rows, and the sum of their weights.
fn counted(columns: &measure::Columns<'_>) -> (usize, f64) {
    let n = columns.len();
    (n, columns.w.as_deref().map_or(n as f64, sum))
}

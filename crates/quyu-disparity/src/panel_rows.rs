//! `polarisation` and `concentration-index` of rows without a key.

use quyu_core::{Additive, AnalysisError, Cell, Findings, Need, Note, NoteKind, ParamError, Params, Table};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{GiniOptions, Index, WolfsonScale};
use quyu_math::{pow, sum};

use crate::classes::{Class, Classes};
use crate::entries::refuse_inference;
use crate::index::empty_table;
use crate::measure::{self, Measure, What};
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
        classed_by: Some(0),
        draws: false,
    };
    let title = title_of_rows("Polarisation", &columns_of(&sample));
    let show = move |years: Vec<(String, Year)>| {
        let of = |(year, rows): (String, Year)| match rows {
            Year::Whole(mut rows) => {
                let columns = columns(&mut rows, weighted, grouped);
                let (n, weight) = counted(&columns);
                let of = |measure: &Measure| measure.of(&columns).map(|value| (value, None));
                (year, n, weight, measures.iter().map(of).collect())
            }
            Year::Counted(classes) => {
                let (n, weight) = classes.counted();
                let of = |measure: &Measure| polarisation_of(&classes, measure, weighted);
                (year, n, weight, measures.iter().map(of).collect())
            }
        };
        Results {
            analysis,
            measures: measures.to_vec(),
            years: years.into_iter().map(of).collect(),
        }
        .findings(title, true)
    };
    Ok(Box::new(Columns::new(asked, Box::new(show))))
}

/// An index of polarisation from classes.
fn polarisation_of(classes: &Classes, measure: &Measure, weighted: bool) -> Found {
    let groups = classes.groups();
    let bounds = Bounds::of(&classes.ascending())?;
    match measure.what {
        What::Index(Index::Wolfson(scale)) => bounds.wolfson(scale),
        // Of groups it is a function of sums.
        What::Groups(alpha) => {
            let means: Vec<f64> = groups.iter().map(|(weight, total)| total / weight).collect();
            let weights: Vec<f64> = groups.iter().map(|(weight, _)| *weight).collect();
            let value = Index::EstebanRay(alpha).of(&means, Some(&weights))?;
            Ok((value, Some(0.0)))
        }
        // Rows that all count alike: n^-alpha times twice the Gini coefficient.
        What::Index(Index::EstebanRay(alpha)) if !weighted => {
            let scale = 2.0 * pow(classes.counted().0 as f64, -alpha);
            Ok(middle(bounds.gini.map(|gini| scale * gini)))
        }
        _ => Err(Error::Undefined {
            reason: "every row would be needed, and they are more than the memory allowed holds",
        }),
    }
}

fn middle([low, high]: [f64; 2]) -> (f64, Option<f64>) {
    (low + (high - low) / 2.0, Some((high - low) / 2.0))
}

/// The least and the largest values that statistics of rows in classes can have.
struct Bounds {
    mean: f64,
    gini: [f64; 2],
    /// What the poorer half holds.
    half: [f64; 2],
    median: [f64; 2],
}

impl Bounds {
    fn of(classes: &[Class]) -> Result<Self, Error> {
        let (means, weights): (Vec<f64>, Vec<f64>) = classes.iter().map(|c| (c.mean(), c.weight)).unzip();
        let (weight, total) = (
            sum(&weights),
            quyu_math::sum_by(classes.len(), |k| classes[k].total),
        );
        let mean = total / weight;
        let least = Index::Gini(GiniOptions::default()).of(&means, Some(&weights))?;
        // Inside a class values can lie as far apart as its ends.
        let inside = |k: usize| {
            let share = weights[k] / weight;
            share * share * classes[k].deviation() / (2.0 * mean)
        };
        let most = least + quyu_math::sum_by(classes.len(), inside);
        let (mut before, mut held) = (0.0, 0.0);
        let wanted = weight / 2.0;
        for (k, class) in classes.iter().enumerate() {
            let after = before + class.weight;
            // Half the weight may be met at the end of a class, as far as rounding can tell.
            let met = (after - wanted).abs() <= 1e-12 * weight;
            if after < wanted && !met {
                (before, held) = (after, held + class.total);
                continue;
            }
            let median = match classes.get(k + 1).filter(|_| met) {
                None => [class.low, class.high],
                // It is the mean of the two values that meet there.
                Some(next) if after == wanted => [class.high + (next.low - class.high) / 2.0; 2],
                Some(next) => [class.high, next.low],
            };
            return Ok(Self {
                mean,
                gini: [least, most],
                half: class.poorest(wanted - before).map(|part| (held + part) / total),
                median,
            });
        }
        Err(Error::Empty { argument: "x" })
    }

    fn wolfson(&self, scale: WolfsonScale) -> Found {
        let ([low, high], [poor, rich]) = (self.median, self.half);
        if low <= 0.0 {
            return Err(Error::Undefined {
                reason: "the median is zero",
            });
        }
        let scale = match scale {
            WolfsonScale::FosterWolfson => self.mean,
            WolfsonScale::Wolfson1994 => 2.0 * self.mean,
        };
        // The index is not negative.
        let least = (1.0 - 2.0 * rich - self.gini[1]).max(0.0) * scale / high;
        let most = (1.0 - 2.0 * poor - self.gini[0]).max(0.0) * scale / low;
        Ok(middle([least, most]))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers below a bound, the same ones every time (Marsaglia's xorshift).
    fn numbers() -> impl FnMut(u64) -> u64 {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        move |below| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) % below
        }
    }

    /// What classes say holds the exact value, on small tables with ties, zeros, weights of zero and half the weight met exactly.
    #[test]
    fn brackets_hold_what_the_rows_give() {
        let mut below = numbers();
        let (mut wolfson, mut concentration) = (0, 0);
        for _ in 0..2_000 {
            let n = 1 + below(12) as usize;
            // Near each other, so that several share a class.
            let mut value = || match below(5) {
                0 => 0.0,
                1 => 7.0,
                _ => 7.0 + below(40) as f64 / 8192.0,
            };
            let (x, by): (Vec<f64>, Vec<f64>) = (0..n).map(|_| (value(), value() - 7.0)).unzip();
            let w: Vec<f64> = (0..n).map(|_| below(4) as f64).collect();
            let mut ordered = [Classes::default(), Classes::default()];
            ordered[0].push(&x, Some(&w), &x);
            ordered[1].push(&x, Some(&w), &by);
            let index = Index::Wolfson(WolfsonScale::FosterWolfson);
            let measure = Measure::new("wolfson", "Wolfson", index);
            match (
                index.of(&x, Some(&w)),
                polarisation_of(&ordered[0], &measure, true),
            ) {
                (Ok(exact), Ok((value, off))) => {
                    wolfson += 1;
                    assert!(
                        (exact - value).abs() <= off.unwrap() + 1e-12,
                        "{x:?} {w:?}: {exact}, {value}, {off:?}"
                    );
                }
                (Ok(exact), Err(_)) => assert_eq!(exact, 0.0),
                (Err(_), found) => assert!(found.is_err(), "{x:?} {w:?}"),
            }
            let nu = 1.0 + below(5) as f64 / 2.0;
            let measure = Measure::of_what("c", "C", None, What::Concentration(nu));
            let columns = measure::Columns {
                x: x.as_slice().into(),
                w: Some(w.as_slice().into()),
                rank: Some(by.as_slice().into()),
                groups: None,
            };
            match (measure.of(&columns), concentration_of(&ordered[1], &measure, nu)) {
                (Ok(exact), Ok((value, off))) => {
                    concentration += 1;
                    assert!(
                        (exact - value).abs() <= off.unwrap() + 1e-12,
                        "{x:?} {by:?}: {exact}, {value}, {off:?}"
                    );
                }
                (exact, found) => assert!(exact.is_err() && found.is_err(), "{x:?} {w:?}"),
            }
        }
        assert!(wolfson > 500 && concentration > 500, "{wolfson}, {concentration}");
    }
}

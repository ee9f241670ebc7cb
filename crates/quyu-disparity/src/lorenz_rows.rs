//! `lorenz` of rows without a key.

use quyu_core::ColumnName as C;
use quyu_core::figure::{self, Axis, Chart, Figure, Role as Drawn};
use quyu_core::{
    Additive, AnalysisError, Cell, Column, Findings, Head, Need, Note, NoteKind, ParamError, Params, Shown,
    Style, Table, View, ViewRow,
};
use quyu_econometrics::disparity::{Lorenz, lorenz};

use crate::classes::Classes;
use crate::compare::Pair;
use crate::dominance;
use crate::lorenz::{ENTRY, halves_said};
use crate::rows::{Asked, Columns, Role, Year};
use crate::sample::Sample;
use crate::stream::year_cell;

/// Of more rows than this the curve is given at so many equal steps of the weight.
const STEPS: usize = 1000;

/// The curve of a year.
struct Curve {
    year: String,
    points: Vec<(f64, f64)>,
    /// How far a point may be off, where not every row is known.
    off: Option<f64>,
    /// All of it, if every row is known.
    whole: Option<Lorenz>,
}

/// What is asked of the years.
struct Drawing {
    value: String,
    weight: &'static str,
    weighted: bool,
    years: Vec<String>,
    compare: Option<[String; 2]>,
}

/// The stream of `lorenz`.
pub(crate) fn build(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let sample = Sample::new(ENTRY.id, params)?;
    let compare = match Pair::new(ENTRY.id, params)? {
        None => None,
        Some(Pair::Years(first, second)) => Some([first.to_string(), second.to_string()]),
        Some(Pair::Sets(..)) => {
            return Err(ParamError::Combination {
                analysis: ENTRY.id.to_owned(),
                reason: "`compare` takes two years here: rows without a key are in no set of regions"
                    .to_owned(),
            });
        }
    };
    let drawing = Drawing {
        value: sample.value().to_string(),
        weight: if sample.weighted() { "weight" } else { "rows" },
        weighted: sample.weighted(),
        years: params.integers("years").iter().map(ToString::to_string).collect(),
        compare,
    };
    let roles = [Role::Value, Role::Weight];
    let asked = Asked {
        analysis: ENTRY.id,
        name: "Lorenz curve".to_owned(),
        partitions: Vec::new(),
        numbers: sample
            .terms()
            .into_iter()
            .map(Need::Indicator)
            .zip(roles)
            .collect(),
        last_only: false,
        classed_by: Some(0),
        draws: true,
    };
    let show = move |years: Vec<(String, Year)>| drawing.findings(years);
    Ok(Box::new(Columns::new(asked, Box::new(show))))
}

fn refuse(reason: String) -> AnalysisError {
    AnalysisError::Study {
        analysis: ENTRY.id,
        reason,
    }
}

impl Drawing {
    fn findings(&self, years: Vec<(String, Year)>) -> Result<Findings, AnalysisError> {
        let mut wanted = self.years.clone();
        if wanted.is_empty() {
            let ends = [years.first(), years.last()].into_iter().flatten();
            wanted = ends.map(|(year, _)| year.clone()).collect();
            wanted.dedup();
        }
        let compared = self.compare.iter().flatten();
        if let Some(absent) = wanted
            .iter()
            .chain(compared.clone())
            .find(|w| years.iter().all(|(y, _)| y != *w))
        {
            return Err(refuse(format!("there are no rows of {absent}")));
        }
        let all: Vec<&String> = wanted.iter().chain(compared).collect();
        let mut curves = Vec::new();
        for (year, rows) in years {
            if all.contains(&&year) {
                curves.push(self.curve(year, rows)?);
            }
        }
        let named = |year: &String| curves.iter().find(|curve| curve.year == *year);
        let drawn: Vec<&Curve> = wanted.iter().filter_map(named).collect();
        let mut tables = vec![self.table(&drawn), self.halves(&drawn)];
        if let Some([first, second]) = &self.compare {
            let whole = |year: &String| named(year).and_then(|curve| curve.whole.as_ref());
            let (Some(a), Some(b)) = (whole(first), whole(second)) else {
                return Err(refuse(
                    "`compare` needs every row, and they are more than the memory allowed holds".to_owned(),
                ));
            };
            tables.push(dominance::of_years(&self.value, [a, b], [first, second]));
        }
        Ok(Findings {
            tables,
            figures: vec![self.figure(&drawn)],
            notes: notes(&drawn),
        })
    }

    fn curve(&self, year: String, rows: Year) -> Result<Curve, AnalysisError> {
        let mut rows = match rows {
            Year::Whole(rows) => rows,
            Year::Counted(classes) => return Ok(of_classes(year, &classes)),
        };
        let n = rows.n();
        let (x, w) = (rows.take(0), self.weighted.then(|| rows.take(1)));
        let whole = lorenz(&x, w.as_deref()).map_err(|e| refuse(format!("Lorenz curve in {year}: {e}")))?;
        let every = whole
            .cum_weight
            .iter()
            .copied()
            .zip(whole.cum_share.iter().copied());
        let points = match n > STEPS {
            false => every.collect(),
            true => steps()
                .map(|p| Ok((p, whole.at(p)?)))
                .collect::<Result<_, quyu_econometrics::Error>>()
                .map_err(|e| refuse(e.to_string()))?,
        };
        Ok(Curve {
            year,
            points,
            off: None,
            whole: Some(whole),
        })
    }

    /// The points; a reader sees them at tenths of the weight.
    fn table(&self, curves: &[&Curve]) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!("Lorenz curve of {}", self.value),
            [C::Vintage, C::Year, C::Region, C::Name, C::CumWeight, C::CumShare]
                .map(Column::key)
                .to_vec(),
        );
        for curve in curves {
            for (p, l) in &curve.points {
                table.push(vec![
                    Cell::Missing,
                    year_cell(&curve.year),
                    Cell::Missing,
                    Cell::Missing,
                    (*p).into(),
                    (*l).into(),
                ]);
            }
        }
        let head =
            |curve: &&Curve| Head::number(format!("Share of the total{} (%)", dated(", ", &curve.year)));
        let row = |tenth: u32| {
            let p = f64::from(tenth) / 10.0;
            let share = |curve: &&Curve| Shown::maybe(crate::lorenz::at(&curve.points, p), Style::Percent(2));
            ViewRow {
                cells: std::iter::once(Shown::Number(p, Style::Percent(0)))
                    .chain(curves.iter().map(share))
                    .collect(),
                strong: false,
            }
        };
        let poorest = Head::number(format!("Poorest share of the {} (%)", self.weight));
        table.with_view(View {
            head: std::iter::once(poorest).chain(curves.iter().map(head)).collect(),
            rows: (1..=10).map(row).collect(),
            source: String::new(),
        })
    }

    fn halves(&self, curves: &[&Curve]) -> Table {
        let mut table = Table::new(
            "half",
            format!("Share of the poorer half of the {}: {}", self.weight, self.value),
            [C::Vintage, C::Year, C::CumWeight, C::CumShare]
                .map(Column::key)
                .to_vec(),
        );
        for curve in curves {
            table.push(vec![
                Cell::Missing,
                year_cell(&curve.year),
                0.5.into(),
                crate::lorenz::at(&curve.points, 0.5).into(),
            ]);
        }
        table
    }

    fn figure(&self, curves: &[&Curve]) -> Figure {
        let line = |(number, curve): (usize, &&Curve)| figure::Line {
            // Rows without years have one curve, and it needs a name.
            label: match dated("", &curve.year) {
                year if year.is_empty() => self.value.clone(),
                year => year,
            },
            points: curve.points.iter().copied().map(Some).collect(),
            role: Drawn::Category(number),
        };
        let curves: Vec<figure::Line> = curves.iter().enumerate().map(line).collect();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("Lorenz curve of {}", self.value),
            alt: format!(
                "Lorenz curves of {}.{}",
                self.value,
                halves_said(&curves, self.weight)
            ),
            source: String::new(),
            chart: Chart::Lorenz {
                x: Axis::new(format!("Cumulative share of {}", self.weight), ""),
                y: Axis::new("Cumulative share of the total", ""),
                curves,
            },
        }
    }
}

/// A year after a word; nothing for rows that have none.
fn dated(word: &str, year: &str) -> String {
    match year == quyu_core::Year::UNDATED.to_string() {
        true => String::new(),
        false => format!("{word}{year}"),
    }
}

fn steps() -> impl Iterator<Item = f64> {
    (0..=STEPS).map(|k| k as f64 / STEPS as f64)
}

fn notes(curves: &[&Curve]) -> Vec<Note> {
    let mut notes = Vec::new();
    if curves.iter().any(|curve| curve.points.len() == STEPS + 1) {
        let text = "The curve is given at every thousandth of the weight, not at every row.";
        notes.push(Note::new(NoteKind::Method, text));
    }
    if let Some(off) = curves.iter().filter_map(|curve| curve.off).reduce(f64::max) {
        let text = format!(
            "The rows are more than the memory allowed holds. They were counted in narrow classes of values, at whose ends the curve is exact; \
             between them it is off by {off:.1e} at most."
        );
        notes.push(Note::new(NoteKind::Method, text));
    }
    notes
}

/// The curve through the ends of the classes: between two of them it lies below the chord, and above the lines that leave them with the
/// least and the largest value of the class.
fn of_classes(year: String, classes: &Classes) -> Curve {
    let classes = classes.ascending();
    let (weight, total) = classes
        .iter()
        .fold((0.0, 0.0), |(w, t), class| (w + class.weight, t + class.total));
    let (mut points, mut off) = (Vec::with_capacity(STEPS + 1), 0.0f64);
    let mut classes = classes.iter();
    let mut class = classes.next();
    let (mut before, mut held) = (0.0, 0.0);
    for p in steps() {
        let wanted = p * weight;
        while let Some(passed) = class.filter(|class| before + class.weight < wanted) {
            before += passed.weight;
            held += passed.total;
            class = classes.next();
        }
        let share = class.map_or([total, total], |class| {
            class.poorest(wanted - before).map(|part| held + part)
        });
        let [low, high] = share.map(|share| share / total);
        points.push((p, low + (high - low) / 2.0));
        off = off.max((high - low) / 2.0);
    }
    Curve {
        year,
        points,
        off: Some(off),
        whole: None,
    }
}

//! Indices for readers: the view of the table and the figure.

use quyu_core::figure::{self, Axis, Chart, Figure, Role};
use quyu_core::number::{significant, styled};
use quyu_core::{Head, Shown, Study, Style, View, ViewRow, Year};

use crate::index::{Estimate, Indices, Kind, Series};
use crate::sample::{self, Line};
use crate::uncertainty::{Inference, Uncertainty};

/// Columns of numbers that a view has room for beside its label.
const ROOM: usize = 6;

impl Indices {
    pub(crate) fn view(&self, lines: &[Line], series: &[Series]) -> View {
        let mut view = match (self.kind, self.inference.is_wanted()) {
            (Kind::Single, false) => self.by_line(lines, series),
            (Kind::Single, true) => self.with_errors(lines, series, |_| true),
            (Kind::Panel { .. }, false) => self.by_index(lines, series),
            (Kind::Panel { .. }, true) => self.with_errors(lines, series, |e| e.is_end),
        };
        view.source = sample::source(lines);
        view
    }

    /// A row for each year, a column for each line of vintages.
    fn by_line(&self, lines: &[Line], series: &[Series]) -> View {
        let mut years: Vec<Year> = series.iter().flat_map(|s| &s.estimates).map(|e| e.year).collect();
        years.sort();
        years.dedup();
        let label = self.measures[0].label();
        let mut head = vec![Head::text("Year")];
        match lines {
            [_] => head.push(Head::number(label)),
            _ => head.extend(
                lines
                    .iter()
                    .map(|l| Head::number(format!("{label} [{}]", l.label))),
            ),
        }
        head.push(Head::number("Regions"));
        View {
            head,
            rows: years.iter().map(|year| row(*year, series)).collect(),
            source: String::new(),
        }
    }

    /// A row for each index; a column for the first and the last year of each line of vintages.
    fn by_index(&self, lines: &[Line], series: &[Series]) -> View {
        let ends = |line: usize| -> Vec<Year> {
            let of_line = series.iter().find(|s| s.line == line);
            let years = of_line.map(|s| &s.estimates[..]).unwrap_or_default();
            let mut ends: Vec<Year> = years
                .first()
                .into_iter()
                .chain(years.last())
                .map(|e| e.year)
                .collect();
            ends.dedup();
            ends
        };
        let columns: Vec<(usize, Year)> = (0..lines.len())
            .flat_map(|l| ends(l).into_iter().map(move |year| (l, year)))
            .take(ROOM)
            .collect();
        let mut head = vec![Head::text("Index")];
        head.extend(columns.iter().map(|(l, year)| match lines {
            [_] => Head::number(year.to_string()),
            _ => Head::number(format!("{year} [{}]", lines[*l].label)),
        }));
        let rows = (0..self.measures.len()).map(|m| {
            let mut cells = vec![Shown::Text(self.measures[m].label())];
            cells.extend(columns.iter().map(|(l, year)| {
                let of = series.iter().find(|s| s.line == *l && s.measure == m);
                let estimate = of.and_then(|s| s.estimates.iter().find(|e| e.year == *year));
                Shown::maybe(estimate.and_then(|e| e.value), Style::Fixed(3))
            }));
            ViewRow { cells, strong: false }
        });
        View {
            head,
            rows: rows.collect(),
            source: String::new(),
        }
    }

    /// A row for each estimate, with its interval; of a panel the first and the last year only.
    fn with_errors(&self, lines: &[Line], series: &[Series], shown: impl Fn(&Placed<'_>) -> bool) -> View {
        let several = lines.len() > 1;
        let panel = matches!(self.kind, Kind::Panel { .. });
        let mut head = Vec::new();
        if panel {
            head.push(Head::text("Index"));
        }
        head.push(Head::text("Year"));
        head.push(Head::number(match self.kind {
            Kind::Single => self.measures[0].label(),
            Kind::Panel { .. } => "Estimate".to_owned(),
        }));
        head.extend(interval_heads(&self.inference));
        head.push(Head::number("Regions"));
        let mut rows = Vec::new();
        for of in series {
            let last = of.estimates.len().saturating_sub(1);
            for (i, estimate) in of.estimates.iter().enumerate() {
                let placed = Placed {
                    estimate,
                    is_end: i == 0 || i == last,
                };
                if !shown(&placed) {
                    continue;
                }
                let mut cells = Vec::new();
                if panel {
                    cells.push(Shown::Text(self.measures[of.measure].label()));
                }
                cells.push(Shown::Text(match several {
                    true => format!("{} [{}]", placed.estimate.year, lines[of.line].label),
                    false => placed.estimate.year.to_string(),
                }));
                cells.push(Shown::maybe(placed.estimate.value, Style::Fixed(3)));
                cells.extend(interval_cells(placed.estimate.uncertainty));
                cells.push(Shown::Text(placed.estimate.n.to_string()));
                rows.push(ViewRow { cells, strong: false });
            }
        }
        View {
            head,
            rows,
            source: String::new(),
        }
    }

    pub(crate) fn figure(&self, study: &Study, lines: &[Line], series: &[Series]) -> Option<Figure> {
        if !series.iter().any(|s| s.estimates.len() > 1) {
            return None;
        }
        match self.kind {
            Kind::Single => Some(self.single_figure(study, lines, series)),
            Kind::Panel { drawn, .. } if lines.len() == 1 => self.panel_figure(study, lines, series, drawn),
            Kind::Panel { .. } => None,
        }
    }

    fn single_figure(&self, study: &Study, lines: &[Line], series: &[Series]) -> Figure {
        let mut alt = format!("{} by year.", self.title(study));
        let mut drawn: Vec<figure::Line> = Vec::new();
        for of in series {
            let line = &lines[of.line];
            if let (Some(first), Some(last)) = (of.estimates.first(), of.estimates.last()) {
                alt.push_str(&format!(
                    " Vintages {}: {} in {}, {} in {}.",
                    line.label,
                    styled(first.value.unwrap_or_default(), Style::Fixed(3)),
                    first.year,
                    styled(last.value.unwrap_or_default(), Style::Fixed(3)),
                    last.year
                ));
            }
            let (label, role) = match lines.len() {
                // One line needs no vintage to be told from others; the source line names it.
                1 => (study.focus.name_en.clone(), Role::Focus),
                _ => (line.label.clone(), Role::Category(of.line)),
            };
            drawn.push(line_of(label, role, of, |e| e.value));
        }
        if let ([of], true) = (series, self.inference.is_wanted()) {
            let percent = significant(100.0 * self.inference.confidence(), 6);
            let end = |e: &Estimate, f: fn(Uncertainty) -> f64| e.uncertainty.map(f);
            drawn.push(line_of(format!("Upper {percent} %"), Role::Other, of, |e| {
                end(e, |u| u.high)
            }));
            drawn.push(line_of(format!("Lower {percent} %"), Role::Other, of, |e| {
                end(e, |u| u.low)
            }));
        }
        let unit = match self.unit(study) {
            unit if unit == "1" => String::new(),
            unit => unit,
        };
        Figure {
            id: self.id.to_owned(),
            title: self.title(study),
            alt,
            source: sample::source(lines),
            chart: Chart::Lines {
                x: Axis::years(),
                y: Axis::new(self.measures[0].label(), unit),
                lines: drawn,
                from_zero: false,
            },
        }
    }

    /// Several indices relative to their first year: do they tell the same story?
    fn panel_figure(
        &self,
        study: &Study,
        lines: &[Line],
        series: &[Series],
        drawn: &[&str],
    ) -> Option<Figure> {
        let mut alt = format!("{} by year, relative to the first year.", self.title(study));
        let mut curves = Vec::new();
        for of in series {
            let measure = &self.measures[of.measure];
            let first = of.estimates.first().and_then(|e| e.value).filter(|v| *v > 0.0);
            let (Some(first), true) = (first, drawn.contains(&measure.name().as_str())) else {
                continue;
            };
            if let Some(last) = of.estimates.last()
                && let Some(value) = last.value
            {
                alt.push_str(&format!(
                    " {}: {} times in {}.",
                    measure.label(),
                    styled(value / first, Style::Fixed(2)),
                    last.year
                ));
            }
            let role = Role::Category(curves.len());
            curves.push(line_of(measure.label(), role, of, |e| e.value.map(|v| v / first)));
        }
        if curves.is_empty() {
            return None;
        }
        Some(Figure {
            id: self.id.to_owned(),
            title: self.title(study),
            alt,
            source: sample::source(lines),
            chart: Chart::Lines {
                x: Axis::years(),
                y: Axis::new("First year = 1", ""),
                lines: curves,
                from_zero: false,
            },
        })
    }
}

/// An estimate and whether it is of the first or the last year.
struct Placed<'a> {
    estimate: &'a Estimate,
    is_end: bool,
}

fn line_of(
    label: String,
    role: Role,
    series: &Series,
    value: impl Fn(&Estimate) -> Option<f64>,
) -> figure::Line {
    let point = |e: &Estimate| value(e).map(|v| (f64::from(e.year.get()), v));
    figure::Line {
        label,
        points: series.estimates.iter().map(point).collect(),
        role,
    }
}

/// Heads of standard error and interval.
pub(crate) fn interval_heads(inference: &Inference) -> [Head; 3] {
    let percent = significant(100.0 * inference.confidence(), 6);
    [
        Head::number("Std. error"),
        Head::number(format!("Lower {percent} %")),
        Head::number(format!("Upper {percent} %")),
    ]
}

/// Standard error and interval for a reader.
pub(crate) fn interval_cells(uncertainty: Option<Uncertainty>) -> [Shown; 3] {
    let of = |f: fn(Uncertainty) -> f64| Shown::maybe(uncertainty.map(f), Style::Fixed(3));
    [of(|u| u.std_error), of(|u| u.low), of(|u| u.high)]
}

fn row(year: Year, series: &[Series]) -> ViewRow {
    let mut cells = vec![Shown::Text(year.to_string())];
    let mut counts: Vec<usize> = Vec::new();
    for of in series {
        match of.estimates.iter().find(|e| e.year == year) {
            Some(e) => {
                cells.push(Shown::maybe(e.value, Style::Fixed(3)));
                counts.push(e.n);
            }
            None => cells.push(Shown::Missing),
        }
    }
    counts.dedup();
    let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
    cells.push(Shown::Text(counts.join(" / ")));
    ViewRow { cells, strong: false }
}

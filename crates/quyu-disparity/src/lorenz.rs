//! `lorenz`: the Lorenz curve in the first and the last year.

use quyu_core::ColumnName as C;
use quyu_core::figure::{self, Axis, Chart, Figure, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Need, Param, ParamError, ParamKind, Params,
    Progress, Study, Style, Table, Term,
};
use quyu_econometrics::disparity;

use crate::compare::Pair;
use crate::dominance;
use crate::index::at_region;
use crate::lorenz_rows;
use crate::sample::{self, Line, Sample, VALUE, VINTAGE, WEIGHT};

/// The declaration of `lorenz`.
pub(crate) const ENTRY: Entry = Entry {
    id: "lorenz",
    summary: "Lorenz curve of a variable over regions, first and last year",
    manual: MANUAL,
    params: &[
        VALUE,
        WEIGHT,
        VINTAGE,
        Param::optional(
            "years",
            ParamKind::List(&ParamKind::Integer { min: 1800, max: 2200 }),
            "the years to draw; by default the first and the last with figures",
        ),
        dominance::COMPARE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\n",
    build,
    additive: Some(lorenz_rows::build),
};

const MANUAL: &str = "\
**Question.** Which share of the total do the poorest regions hold?

**Definition.** Regions are sorted by value. The curve runs from (0, 0) through the points (cumulative share of the weight,
cumulative share of the weighted value) to (1, 1), with straight lines between them; the diagonal is equality. The Gini
coefficient is twice the area between the two. Regions with equal values lie on one straight line, whatever their order.

**With `compare`.** The table `dominance`: whether the curve of one year or set lies nowhere below that of the other, as it is (it is then more equal
by every index that obeys the transfer principle; Atkinson 1970, Journal of Economic Theory 2:244-263), and times the mean, the generalised
curve (then better for every welfare function that likes more and likes it more equal; Shorrocks 1983, Economica 50:3-17). Differences up to 1e-12 count
as none.

**Limits.** Where two curves cross, indices may rank the two distributions differently.

**References.** Lorenz 1905, Publications of the American Statistical Association 9:209-219.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let years = params
        .integers("years")
        .into_iter()
        .filter_map(|y| i32::try_from(y).ok())
        .collect();
    Ok(Box::new(Curve {
        sample: Sample::new(ENTRY.id, params)?,
        years,
        compare: Pair::new(ENTRY.id, params)?,
    }))
}

#[derive(Debug)]
struct Curve {
    sample: Sample,
    years: Vec<i32>,
    compare: Option<Pair>,
}

impl Analysis for Curve {
    fn needs(&self) -> Vec<Need> {
        self.sample.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let lines = self.sample.lines(study)?;
        let label = study.atlas.codebook.label(self.sample.value());
        let mut table = Table::new(
            ENTRY.id,
            format!("Lorenz curve of {}, {}", lower_first(&label), study.focus.name_en),
            [C::Vintage, C::Year, C::Region, C::Name, C::CumWeight, C::CumShare]
                .map(Column::key)
                .to_vec(),
        );
        let mut curves = Vec::new();
        for line in &lines {
            for y in self.drawn(line)? {
                curves.push(curve(study, line, y, lines.len() > 1, curves.len(), &mut table)?);
            }
        }
        let half = self.half(study, &label, &lines, &curves)?;
        let figure = self.figure(study, &label, curves, sample::source(&lines));
        let mut tables = vec![table, half];
        if let Some(pair) = &self.compare {
            tables.push(dominance::table(ENTRY.id, pair, (study, &self.sample), &lines)?);
        }
        Ok(Findings {
            tables,
            figures: vec![figure],
            notes: sample::notes(&lines),
        })
    }
}

impl Curve {
    /// Positions of the years to draw.
    fn drawn(&self, line: &Line) -> Result<Vec<usize>, AnalysisError> {
        let years = &line.block.years;
        if self.years.is_empty() {
            let mut ends = vec![0, years.len() - 1];
            ends.dedup();
            return Ok(ends);
        }
        let position = |wanted: &i32| {
            years
                .iter()
                .position(|y| y.get() == *wanted)
                .ok_or_else(|| AnalysisError::Study {
                    analysis: ENTRY.id,
                    reason: format!("there are no figures for {wanted}"),
                })
        };
        self.years.iter().map(position).collect()
    }

    /// What the horizontal axis cumulates.
    fn weight(&self, study: &Study) -> &'static str {
        let unit = |term: &Term| {
            study
                .atlas
                .codebook
                .indicator(&term.indicator)
                .map(|i| i.unit.ends_with("persons"))
        };
        match self.sample.weight().map(unit) {
            None => "regions",
            Some(Ok(true)) => "population",
            Some(_) => "weight",
        }
    }

    /// What the poorer half holds, curve by curve in the order in which they are drawn.
    fn half(
        &self,
        study: &Study,
        label: &str,
        lines: &[Line],
        curves: &[figure::Line],
    ) -> Result<Table, AnalysisError> {
        let mut table = Table::new(
            "half",
            format!(
                "Share of the poorer half of the {} of {}: {label}",
                self.weight(study),
                study.focus.name_en
            ),
            [C::Vintage, C::Year, C::CumWeight, C::CumShare]
                .map(Column::key)
                .to_vec(),
        );
        let mut drawn = curves.iter();
        for line in lines {
            for y in self.drawn(line)? {
                let share = drawn.next().and_then(|curve| at_half(&curve.points));
                table.push(vec![
                    line.label.clone().into(),
                    Cell::Integer(i64::from(line.block.years[y].get())),
                    0.5.into(),
                    share.into(),
                ]);
            }
        }
        Ok(table)
    }

    fn figure(&self, study: &Study, label: &str, curves: Vec<figure::Line>, source: String) -> Figure {
        let weight = self.weight(study);
        let mut alt = format!(
            "Lorenz curves of {} over {}.",
            lower_first(label),
            study.focus.name_en
        );
        alt.push_str(&halves_said(&curves, weight));
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{label}: Lorenz curve of {}", study.focus.name_en),
            alt,
            source,
            chart: Chart::Lorenz {
                x: Axis::new(format!("Cumulative share of {weight}"), ""),
                y: Axis::new("Cumulative share of the total", ""),
                curves,
            },
        }
    }
}

/// What the poorer half holds, in a sentence for each curve.
pub(crate) fn halves_said(curves: &[figure::Line], weight: &str) -> String {
    let said = |curve: &figure::Line| {
        let half = styled(at_half(&curve.points)?, Style::Percent(1));
        Some(format!(
            " {}: the poorer half of the {weight} holds {half} %.",
            curve.label
        ))
    };
    curves.iter().filter_map(said).collect()
}

fn at_half(points: &[Option<(f64, f64)>]) -> Option<f64> {
    let known: Vec<(f64, f64)> = points.iter().flatten().copied().collect();
    at(&known, 0.5)
}

/// Height of the curve at a share of the weight, on the straight line between its points.
pub(crate) fn at(points: &[(f64, f64)], p: f64) -> Option<f64> {
    let (a, b) = points.windows(2).map(|w| (w[0], w[1])).find(|(_, b)| b.0 >= p)?;
    if b.0 == a.0 {
        return Some(b.1);
    }
    Some(a.1 + (b.1 - a.1) * (p - a.0) / (b.0 - a.0))
}

fn curve(
    study: &Study,
    line: &Line,
    y: usize,
    several: bool,
    number: usize,
    table: &mut Table,
) -> Result<figure::Line, AnalysisError> {
    let (x, w, year) = (line.x(y), line.w(y), line.block.years[y]);
    let lorenz = disparity::lorenz(x, w).map_err(|e| at_region("Lorenz curve", e, &line.block.regions))?;
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let points: Vec<(f64, f64)> = lorenz
        .cum_weight
        .iter()
        .copied()
        .zip(lorenz.cum_share.iter().copied())
        .collect();
    for (k, (p, l)) in points.iter().enumerate() {
        let region = k.checked_sub(1).map(|k| &line.block.regions[order[k]]);
        table.push(vec![
            line.label.clone().into(),
            Cell::Integer(i64::from(year.get())),
            region.map_or(Cell::Missing, |r| r.to_string().into()),
            region.map_or(Cell::Missing, |r| study.atlas.regions.label(r).into()),
            (*p).into(),
            (*l).into(),
        ]);
    }
    Ok(figure::Line {
        label: if several {
            format!("{year} [{}]", line.label)
        } else {
            year.to_string()
        },
        points: points.into_iter().map(Some).collect(),
        role: Role::Category(number),
    })
}

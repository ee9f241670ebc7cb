//! `stochastic-kernel`: where regions go from where they were, without classes.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, HeatRow, Line, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::convergence::{
    Bandwidth, Density, KernelMarginal, StochasticKernel, density, stochastic_kernel,
};

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, VALUE, chain_manual};
use super::{at_least, failed, refuse};

/// The declaration of `stochastic-kernel`.
pub(crate) const ENTRY: Entry = Entry {
    id: "stochastic-kernel",
    summary: "Kernel densities of the first and the last year, and the density of the last given the first",
    manual: MANUAL,
    params: &[
        VALUE,
        CHAIN,
        BASE_YEAR,
        POPULATION,
        Param::with_default(
            "variant",
            ParamKind::Choice(&["joint", "own"]),
            "joint",
            "the density that the joint one is divided by: its own integral, or that of the first year with a bandwidth of its own",
        ),
        Param::with_default(
            "bandwidth",
            ParamKind::Choice(&["scott", "nrd0"]),
            "scott",
            "bandwidth of the two densities: Scott's rule, or Silverman's rule of thumb",
        ),
        Param::with_default(
            "points",
            ParamKind::Integer { min: 5, max: 200 },
            "41",
            "number of points of the grid in each direction",
        ),
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** How did the whole distribution of regions move: are there one or several peaks, and where do the poor go?

**Definition.** Values are divided by the plain mean of the regions in their year; every region counts once. Density of a year at p:
(1 / (n h)) Σ phi((p - x) / h) with the normal density phi and h = sd n^(-1/5), sd with n - 1 (`bandwidth = \"scott\"`), or
0.9 min(sd, IQR / 1.34) n^(-1/5) (`nrd0`). Stochastic kernel: f(x1 | x0) = f(x0, x1) / f(x0), the joint density with a normal kernel of bandwidth
matrix n^(-1/3) S, S the covariance of the first and the last year (n - 1). f(x0) is the integral of the joint density (`variant = \"joint\"`, each
row integrates to one), or the density of the first year with the bandwidth above (`own`). The grid runs from three bandwidths below the smallest value
of both years, at least 0, to three above the largest. `mode` is the point of the last year with the largest density. Mass along the diagonal is
persistence, along a horizontal line at 1 convergence, in several lumps clubs.

",
    chain_manual!(),
    "
**Limits.** With few regions the picture is smooth because the kernel is wide, not because the distribution is. Densities near zero leak below
it. Rows where no region was in the first year rest on their neighbours alone. There is no test here.

**References.** Quah 1997, Journal of Economic Growth 2:27-59; Scott 1992, Multivariate Density Estimation; Silverman 1986, Density Estimation; Magrini 2009, in Capello
and Nijkamp (eds), Handbook of Regional Growth and Development Theories.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Kernel {
        asked: Asked::new(ENTRY.id, params)?,
        marginal: match params.text("variant") {
            Some("own") => KernelMarginal::Own,
            _ => KernelMarginal::Joint,
        },
        bandwidth: match params.text("bandwidth") {
            Some("nrd0") => Bandwidth::Nrd0,
            _ => Bandwidth::Scott,
        },
        points: params.integer("points").map_or(41, |p| p as usize),
    }))
}

#[derive(Debug)]
struct Kernel {
    asked: Asked,
    marginal: KernelMarginal,
    bandwidth: Bandwidth,
    points: usize,
}

/// A study worked out.
struct Worked {
    series: Series,
    title: String,
    grid: Vec<f64>,
    densities: [Density; 2],
    kernel: StochasticKernel,
}

/// Rows and columns that a reader is shown.
const SHOWN: usize = 9;

impl Analysis for Kernel {
    fn needs(&self) -> Vec<Need> {
        self.asked.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let series = self.asked.load(ENTRY.id, study)?;
        at_least(ENTRY.id, study, series.regions.len(), 3)?;
        let names = series.regions.clone();
        let at_region = failed("stochastic kernel", &names, 1);
        let (first, last) = (series.relative(0), series.relative(series.years.len() - 1));
        let (Some(first), Some(last)) = (first, last) else {
            return Err(refuse(
                ENTRY.id,
                "the mean of the regions is zero in a year, so that nothing is relative to it".to_owned(),
            ));
        };
        let bandwidth = |x: &[f64]| density(x, &[0.0], self.bandwidth).map(|d| d.bandwidth);
        let wide = bandwidth(&first)
            .map_err(&at_region)?
            .max(bandwidth(&last).map_err(&at_region)?);
        let all = || first.iter().chain(&last).copied();
        let low = (all().fold(f64::INFINITY, f64::min) - 3.0 * wide).max(0.0);
        let high = all().fold(f64::NEG_INFINITY, f64::max) + 3.0 * wide;
        let grid: Vec<f64> = (0..self.points)
            .map(|i| low + (high - low) * i as f64 / (self.points - 1) as f64)
            .collect();
        let of = |x: &[f64]| density(x, &grid, self.bandwidth);
        let worked = Worked {
            densities: [of(&first).map_err(&at_region)?, of(&last).map_err(&at_region)?],
            kernel: stochastic_kernel(&first, &last, &grid, &grid, self.marginal).map_err(&at_region)?,
            title: format!(
                "Distribution of {} over its mean, {}, {}",
                lower_first(&self.asked.label(study)),
                study.focus.name_en,
                series.span()
            ),
            grid,
            series,
        };
        let [a, b] = &worked.densities;
        let mut notes = worked.series.notes.clone();
        notes.push(Note::new(
            NoteKind::Method,
            format!(
                "Bandwidths of the densities: {} in the first year, {} in the last, {} regions.",
                styled(a.bandwidth, Style::Fixed(3)),
                styled(b.bandwidth, Style::Fixed(3)),
                worked.series.regions.len()
            ),
        ));
        Ok(Findings {
            tables: vec![worked.kernel_table(), worked.density_table()],
            figures: vec![worked.heat(), worked.lines()],
            notes,
        })
    }
}

impl Worked {
    /// Grid points that a reader is shown: equally far apart, both ends among them.
    fn shown(&self) -> Vec<usize> {
        let last = self.grid.len() - 1;
        let count = SHOWN.min(self.grid.len());
        (0..count).map(|i| i * last / (count - 1)).collect()
    }

    /// The place of the last year with the largest density, given the place of the first.
    fn mode(&self, i: usize) -> Option<f64> {
        let k = self.grid.len();
        let row = &self.kernel.conditional[i * k..(i + 1) * k];
        let known = row.iter().enumerate().filter_map(|(j, f)| f.map(|f| (j, f)));
        known
            .reduce(|best, other| if other.1 > best.1 { other } else { best })
            .map(|(j, _)| self.grid[j])
    }

    fn kernel_table(&self) -> Table {
        let columns = [C::FromState, C::ToState, C::Estimate];
        let title = format!("{}: density of the last year given the first", self.title);
        let mut table = Table::new(ENTRY.id, title, columns.map(Column::key).to_vec());
        let k = self.grid.len();
        for (c, f) in self.kernel.conditional.iter().enumerate() {
            table.push(vec![
                self.grid[c / k].into(),
                self.grid[c % k].into(),
                (*f).into(),
            ]);
        }
        let rows = self.shown().into_iter().map(|i| ViewRow {
            cells: vec![
                Shown::Number(self.grid[i], Style::Fixed(2)),
                Shown::Number(self.densities[0].density[i], Style::Fixed(3)),
                Shown::Number(self.densities[1].density[i], Style::Fixed(3)),
                Shown::maybe(self.mode(i), Style::Fixed(2)),
            ],
            strong: false,
        });
        table.with_view(View {
            head: vec![
                Head::number("Value over the mean"),
                Head::number("Density, first year"),
                Head::number("Density, last year"),
                Head::number("Likeliest place in the last year"),
            ],
            rows: rows.collect(),
            source: self.series.source.clone(),
        })
    }

    fn density_table(&self) -> Table {
        let columns = [C::Year, C::Value, C::Estimate];
        let mut table = Table::new(
            "densities",
            format!("{}: densities", self.title),
            columns.map(Column::key).to_vec(),
        );
        for (year, density) in self.ends().into_iter().zip(&self.densities) {
            for (x, f) in self.grid.iter().zip(&density.density) {
                table.push(vec![year.into(), (*x).into(), (*f).into()]);
            }
        }
        table
    }

    fn ends(&self) -> [i64; 2] {
        let year = |y: Option<&quyu_core::Year>| y.map_or(0, |y| i64::from(y.get()));
        [year(self.series.years.first()), year(self.series.years.last())]
    }

    fn heat(&self) -> Figure {
        let (shown, k) = (self.shown(), self.grid.len());
        let rows = shown.iter().rev().map(|i| HeatRow {
            label: format!("From {}", styled(self.grid[*i], Style::Fixed(2))),
            values: shown.iter().map(|j| self.kernel.conditional[i * k + j]).collect(),
            role: Role::Other,
        });
        let [from, to] = self.ends();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{}: stochastic kernel", self.title),
            alt: format!(
                "Heat map of the density of {to} (columns) given the place in {from} (rows, the richest on top); {} regions.",
                self.series.regions.len()
            ),
            source: self.series.source.clone(),
            chart: Chart::Heat {
                axis: Axis::new("Density", ""),
                centre: None,
                columns: shown
                    .iter()
                    .map(|j| styled(self.grid[*j], Style::Fixed(2)))
                    .collect(),
                rows: rows.collect(),
            },
        }
    }

    fn lines(&self) -> Figure {
        let roles = [Role::Peer, Role::Focus];
        let [from, to] = self.ends();
        let lines = [from, to]
            .into_iter()
            .zip(&self.densities)
            .zip(roles)
            .map(|((year, density), role)| Line {
                label: year.to_string(),
                points: self
                    .grid
                    .iter()
                    .zip(&density.density)
                    .map(|(x, f)| Some((*x, *f)))
                    .collect(),
                role,
            });
        let highest = |d: &Density| {
            let points = d.density.iter().zip(&self.grid);
            let mode = points.fold((f64::NEG_INFINITY, 0.0), |best, (f, x)| match *f > best.0 {
                true => (*f, *x),
                false => best,
            });
            styled(mode.1, Style::Fixed(2))
        };
        Figure {
            id: "densities".to_owned(),
            title: format!("{}: densities", self.title),
            alt: format!(
                "Kernel densities, highest at {} times the mean in {from} and at {} in {to}.",
                highest(&self.densities[0]),
                highest(&self.densities[1])
            ),
            source: self.series.source.clone(),
            chart: Chart::Lines {
                x: Axis::new("Value over the mean of the regions", ""),
                y: Axis::new("Density", ""),
                lines: lines.collect(),
                from_zero: true,
            },
        }
    }
}

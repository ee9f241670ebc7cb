//! `opportunities`: what lies near to what a region does, and what it would bring.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, HeatRow, Point, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    AnalysisError, Column, Entry, Findings, Head, ParamError, Params, Shown, Style, Table, View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::structure::{
    ComplexityScaling, Opportunities, Relatedness, complexity, opportunities,
};

use crate::frame::{Frame, ranks};
use crate::scope::{CLASS, LAST_YEAR, MEMBERS, Scope, THRESHOLD, VALUE};
use crate::space::{BY_PROXIMITY, Space, few_classes, kind};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `opportunities`.
pub(crate) const ENTRY: Entry = Entry {
    id: "opportunities",
    summary: "What lies near to what each region does: relatedness density, and the complexity it would gain",
    manual: MANUAL,
    params: &[VALUE, CLASS, BY_PROXIMITY, THRESHOLD, MEMBERS, LAST_YEAR],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(|p| stream(read(p)?)),
};

const MANUAL: &str = "\
**Question.** Which classes that a region is not specialised in are near to those it is, and which of them lead on to complex ones?

**Definition.** Over the regions of the reference; M is 1 where a location quotient is at least `threshold`, phi is the relatedness of two
classes (`variant`, as in `relatedness`; the default is the product space, in which the outlook was defined), v the complexity of a class
(*eci* of `complexity`). `density` = sum_j M_rj phi_ij / sum_j phi_ij, the part of what is related to class i that the region has, 0 to 1,
given for every class; `gain` = sum_j (1 - M_rj) phi_ij v_j / sum_k phi_jk, for classes without specialisation: how much nearer the
class would bring the region to complex ones; `specialised` = M. The outlook of a region is the sum over the classes it is not specialised
in of density times v. Not rescaled. Rank 1 is the largest value of a class among the regions, or of the outlook.

**Limits.** A map of what has gone together, not a forecast and no recommendation: entry costs, markets and policy are not in it. A negative
gain is no loss, only less than the mean. With few classes the numbers are coarse; a network that falls into parts is an error.

**References.** Hidalgo et al. 2007, Science 317:482-487; Hausmann et al. 2014, The Atlas of Economic Complexity, technical annex.
";

#[derive(Debug, Clone)]
struct Near {
    scope: Scope,
    kind: Relatedness,
    name: &'static str,
    threshold: f64,
}

fn read(params: &Params) -> Result<Near, ParamError> {
    let (kind, name) = kind(params);
    Ok(Near {
        scope: Scope::new(ENTRY.id, params, params.flag("members"))?,
        kind,
        name,
        threshold: params.number("threshold").unwrap_or(1.0),
    })
}

/// One year: regions by classes at the places of the frame.
struct Year {
    specialised: Vec<Option<f64>>,
    density: Vec<Option<f64>>,
    /// None for what a region has.
    gain: Vec<Option<f64>>,
    outlook: Vec<Option<f64>>,
    complexity: Vec<Option<f64>>,
}

impl FromFrame for Near {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        frame.one_set()?;
        let years: Vec<usize> = (0..frame.years.len()).collect();
        let mut notes = frame.notes.clone();
        notes.extend(frame.empty_notes(&years, "it has no part in the network"));
        notes.extend(few_classes(frame));
        let mut all = Vec::new();
        for &y in &years {
            let space = Space::of(frame, y, self.threshold)?;
            all.push(self.year(frame, &space)?);
            notes.extend(space.notes);
        }
        let last = &all[frame.last()];
        Ok(Findings {
            tables: vec![self.table(frame, &all), outlook_table(frame, &all)],
            figures: figure(frame, last).into_iter().collect(),
            notes,
        })
    }
}

impl Near {
    fn year(&self, frame: &Frame, space: &Space) -> Result<Year, AnalysisError> {
        let n = space.cols();
        let failed = |e| frame.failed("opportunities", e, &space.held.rows, n);
        let related = space.related(frame, self.kind)?;
        let held = space.matrix().map_err(failed)?;
        let classes = complexity(held, ComplexityScaling::Own)
            .map_err(failed)?
            .industries;
        let related = Matrix::new(&related, n, n).map_err(failed)?;
        let Opportunities {
            density,
            outlook,
            gain,
        } = opportunities(held, related, &classes).map_err(failed)?;
        let (rows, cols) = (frame.rows.len(), frame.cols());
        let specialised = space.held.spread(&space.incidence, rows, cols);
        let gain = space.held.spread(&gain, rows, cols);
        Ok(Year {
            gain: gain
                .into_iter()
                .zip(&specialised)
                .map(|(g, s)| g.filter(|_| *s == Some(0.0)))
                .collect(),
            specialised,
            density: space.held.spread(&density, rows, cols),
            outlook: space.held.by_row(&outlook, rows),
            complexity: space.held.by_class(&classes, cols),
        })
    }

    fn table(&self, frame: &Frame, all: &[Year]) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Opportunities ({} relatedness) in {}, {}",
                self.name,
                lower_first(&frame.label),
                frame.span()
            ),
            vec![
                Column::key(C::Region),
                Column::key(C::Class),
                Column::key(C::Name),
                Column::key(C::Year),
                Column::key(C::Statistic),
                Column::of(C::Estimate, "1"),
                Column::key(C::Rank),
            ],
        );
        let (rows, cols) = (frame.rows.len(), frame.cols());
        for (y, year) in all.iter().enumerate() {
            let statistics = [
                ("density", &year.density),
                ("gain", &year.gain),
                ("specialised", &year.specialised),
            ];
            for (statistic, values) in statistics {
                for (c, class) in frame.classes.iter().enumerate() {
                    let column: Vec<Option<f64>> = (0..rows).map(|r| values[r * cols + c]).collect();
                    for (r, rank) in ranks(&column).into_iter().enumerate() {
                        table.push(vec![
                            frame.rows[r].code.clone().into(),
                            class.code.clone().into(),
                            class.name.clone().into(),
                            frame.year(y),
                            statistic.into(),
                            column[r].into(),
                            crate::cell(rank),
                        ]);
                    }
                }
            }
        }
        table.with_view(view(frame, &all[frame.last()]))
    }
}

/// The outlook of every region.
fn outlook_table(frame: &Frame, all: &[Year]) -> Table {
    let mut table = Table::new(
        "outlook",
        format!(
            "Complexity outlook in {}, {}",
            lower_first(&frame.label),
            frame.span()
        ),
        vec![
            Column::key(C::Region),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::of(C::Estimate, "1"),
            Column::key(C::Rank),
            Column::key(C::N),
        ],
    );
    for (y, year) in all.iter().enumerate() {
        let order = ranks(&year.outlook);
        for (r, row) in frame.rows.iter().enumerate() {
            table.push(vec![
                row.code.clone().into(),
                row.name.clone().into(),
                frame.year(y),
                year.outlook[r].into(),
                crate::cell(order[r]),
                year.outlook.iter().flatten().count().into(),
            ]);
        }
    }
    table
}

/// The classes a region is not specialised in, from the largest gain to the smallest.
fn open(frame: &Frame, year: &Year, r: usize) -> Vec<(usize, f64)> {
    let cols = frame.cols();
    let mut open: Vec<(usize, f64)> = (0..cols)
        .filter_map(|c| Some((c, year.gain[r * cols + c]?)))
        .collect();
    open.sort_by(|a, b| b.1.total_cmp(&a.1));
    open
}

fn view(frame: &Frame, year: &Year) -> View {
    let cols = frame.cols();
    let (head, rows) = match frame.looked_at().as_slice() {
        [one] => {
            let head = vec![
                Head::text("Class"),
                Head::number("Density"),
                Head::number("Complexity of the class"),
                Head::number("Gain"),
            ];
            let row = |(c, gain): (usize, f64)| ViewRow {
                cells: vec![
                    Shown::Text(frame.classes[c].name.clone()),
                    Shown::maybe(year.density[one * cols + c], Style::Fixed(2)),
                    Shown::maybe(year.complexity[c], Style::Signed(2)),
                    Shown::Number(gain, Style::Signed(2)),
                ],
                strong: false,
            };
            (head, open(frame, year, *one).into_iter().map(row).collect())
        }
        rows => {
            let head = vec![
                Head::text("Region"),
                Head::number("Outlook"),
                Head::text("Class of the largest gain"),
                Head::number("Gain"),
                Head::number("Density"),
            ];
            let row = |&r: &usize| {
                let best = open(frame, year, r).first().copied();
                ViewRow {
                    cells: vec![
                        Shown::Text(frame.rows[r].name.clone()),
                        Shown::maybe(year.outlook[r], Style::Signed(2)),
                        best.map_or(Shown::Missing, |(c, _)| {
                            Shown::Text(frame.classes[c].name.clone())
                        }),
                        Shown::maybe(best.map(|b| b.1), Style::Signed(2)),
                        Shown::maybe(
                            best.and_then(|(c, _)| year.density[r * cols + c]),
                            Style::Fixed(2),
                        ),
                    ],
                    strong: false,
                }
            };
            (head, rows.iter().map(row).collect())
        }
    };
    View {
        head,
        rows,
        source: frame.source.clone(),
    }
}

/// Density against complexity for one region, shaded gains for several; none where nothing is open.
fn figure(frame: &Frame, year: &Year) -> Option<Figure> {
    let (rows, cols) = (frame.looked_at(), frame.cols());
    let mut all: Vec<(usize, usize, f64)> = rows
        .iter()
        .flat_map(|&r| open(frame, year, r).into_iter().map(move |(c, g)| (r, c, g)))
        .collect();
    all.sort_by(|a, b| b.2.total_cmp(&a.2));
    let (r, c, gain) = *all.first()?;
    let chart = match rows.as_slice() {
        [one] => Chart::Scatter {
            x: Axis::new("Relatedness density", ""),
            y: Axis::new("Complexity of the class", ""),
            groups: vec!["not specialised".to_owned()],
            points: open(frame, year, *one)
                .into_iter()
                .filter_map(|(c, _)| {
                    Some(Point {
                        label: frame.classes[c].name.clone(),
                        x: year.density[one * cols + c]?,
                        y: year.complexity[c]?,
                        group: 0,
                        role: Role::Other,
                    })
                })
                .collect(),
            over: quyu_core::figure::Over::default(),
        },
        several => Chart::Heat {
            axis: Axis::new("Opportunity gain", ""),
            centre: Some(0.0),
            columns: frame.classes.iter().map(|c| c.name.clone()).collect(),
            rows: several
                .iter()
                .map(|&r| HeatRow {
                    label: frame.rows[r].name.clone(),
                    values: year.gain[r * cols..(r + 1) * cols].to_vec(),
                    role: Role::Other,
                })
                .collect(),
        },
    };
    Some(Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "{}: opportunities in {}, {}",
            frame.focus,
            lower_first(&frame.label),
            frame.years[frame.last()]
        ),
        alt: format!(
            "Classes without specialisation. The largest gain: {} in {} ({}).",
            frame.rows[r].name,
            lower_first(&frame.classes[c].name),
            styled(gain, Style::Signed(2))
        ),
        source: frame.source.clone(),
        chart,
    })
}

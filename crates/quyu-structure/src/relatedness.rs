//! `relatedness`: which classes go together in the regions, and how much of what is related to a class a region has.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, HeatRow, Role};
use quyu_core::number::lower_first;
use quyu_core::{
    AnalysisError, Column, Entry, Findings, Head, ParamError, Params, Shown, Style, Table, View, ViewRow,
};
use quyu_econometrics::structure::{Relatedness, cooccurrence, cooccurrence_z};

use crate::frame::{Frame, named};
use crate::scope::{CLASS, LAST_YEAR, Scope, THRESHOLD, VALUE};
use crate::space::{BY_ASSOCIATION, Space, few_classes, kind};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `relatedness`.
pub(crate) const ENTRY: Entry = Entry {
    id: "relatedness",
    summary: "Which classes go together: relatedness from co-occurrence in the regions",
    manual: MANUAL,
    params: &[VALUE, CLASS, BY_ASSOCIATION, THRESHOLD, LAST_YEAR],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(|p| stream(read(p)?)),
};

const MANUAL: &str = "\
**Question.** Which classes are found in the same regions more often than chance would put them there?

**Definition.** Over the regions of the reference. A region has a class if its location quotient is at least `threshold`. With c_ij the
number of regions that have both classes (0 for i = j), s_i its row sums, T the sum of all (each pair twice) and n_i the number of regions
that have class i: `association` c_ij T / (s_i s_j), 1 = as by chance; `probability` the same against pairs drawn without replacement;
`cosine` c_ij / sqrt(s_i s_j); `jaccard` c_ij / (s_i + s_j - c_ij); `minimum-conditional` c_ij / max(n_i, n_j), the product space, with 1 on
the diagonal. z compares c_ij with classes that spread over regions independently (hypergeometric), in standard deviations; 0 for a
class that is everywhere.

**Limits.** Co-occurrence is not a reason: shared skills, shared inputs and a shared coast look the same. The kinds are not
interchangeable. With few regions or classes the numbers are coarse.

**References.** van Eck and Waltman 2009, JASIST 60:1635-1651; Hidalgo et al. 2007, Science 317:482-487; Boschma et al. 2015,
Industrial and Corporate Change 24:223-250; Teece et al. 1994, Journal of Economic Behavior and Organization 23:1-30 (z).
";

/// Classes up to which a reader sees the matrix.
const WIDEST: usize = 6;
/// Classes up to which the matrix is drawn.
const DRAWN: usize = 20;
/// Pairs shown of more.
const SHOWN_PAIRS: usize = 20;

#[derive(Debug, Clone)]
struct Related {
    scope: Scope,
    kind: Relatedness,
    name: &'static str,
    threshold: f64,
}

fn read(params: &Params) -> Result<Related, ParamError> {
    let (kind, name) = kind(params);
    Ok(Related {
        scope: Scope::new(ENTRY.id, params, true)?,
        kind,
        name,
        threshold: params.number("threshold").unwrap_or(1.0),
    })
}

/// What one year says, classes by classes of the space.
struct Year {
    space: Space,
    related: Vec<f64>,
    counts: Vec<f64>,
    z: Vec<f64>,
}

impl FromFrame for Related {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        frame.one_set()?;
        let years: Vec<usize> = (0..frame.years.len()).collect();
        let mut notes = frame.notes.clone();
        notes.extend(frame.empty_notes(&years, "it has no part in the network"));
        notes.extend(few_classes(frame));
        let mut table = self.empty_table(frame);
        let mut last = None;
        for y in years {
            let year = self.year(frame, y)?;
            notes.extend(year.space.notes.iter().cloned());
            self.fill(frame, y, &year, &mut table);
            last = Some(year);
        }
        let Some(last) = last else {
            return Err(frame.refuse("there is no year".to_owned()));
        };
        Ok(Findings {
            tables: vec![table.with_view(self.view(frame, &last))],
            figures: self.figure(frame, &last).into_iter().collect(),
            notes,
        })
    }
}

impl Related {
    fn year(&self, frame: &Frame, y: usize) -> Result<Year, AnalysisError> {
        let space = Space::of(frame, y, self.threshold)?;
        let failed = |e| frame.failed("relatedness", e, &space.held.rows, space.cols());
        let related = space.related(frame, self.kind)?;
        let incidence = space.matrix().map_err(failed)?;
        let (counts, z) = (
            cooccurrence(incidence).map_err(failed)?,
            cooccurrence_z(incidence).map_err(failed)?,
        );
        Ok(Year {
            space,
            related,
            counts,
            z,
        })
    }

    fn empty_table(&self, frame: &Frame) -> Table {
        Table::new(
            ENTRY.id,
            format!(
                "Relatedness ({}) of the classes of {}, {}",
                self.name,
                lower_first(&frame.label),
                frame.span()
            ),
            vec![
                Column::key(C::Class),
                Column::key(C::OtherClass),
                Column::key(C::Name),
                Column::key(C::Year),
                Column::key(C::Variant),
                Column::key(C::N),
                Column::of(C::Estimate, "1"),
                Column::of(C::Z, "1"),
            ],
        )
    }

    fn fill(&self, frame: &Frame, y: usize, year: &Year, table: &mut Table) {
        let classes = &year.space.held.classes;
        for (i, &a) in classes.iter().enumerate() {
            for (j, &b) in classes.iter().enumerate().filter(|(j, _)| *j != i) {
                let at = i * classes.len() + j;
                table.push(vec![
                    frame.classes[a].code.clone().into(),
                    frame.classes[b].code.clone().into(),
                    format!(
                        "{} and {}",
                        frame.classes[a].name,
                        lower_first(&frame.classes[b].name)
                    )
                    .into(),
                    frame.year(y),
                    self.name.into(),
                    (year.counts[at] as usize).into(),
                    year.related[at].into(),
                    year.z[at].into(),
                ]);
            }
        }
    }

    /// Pairs from the most to the least related: names, relatedness, co-occurrences, z.
    fn pairs(frame: &Frame, year: &Year) -> Vec<(String, f64, f64, f64)> {
        let classes = &year.space.held.classes;
        let mut pairs = Vec::new();
        for (i, &a) in classes.iter().enumerate() {
            for (j, &b) in classes.iter().enumerate().skip(i + 1) {
                let at = i * classes.len() + j;
                let name = format!(
                    "{} and {}",
                    frame.classes[a].name,
                    lower_first(&frame.classes[b].name)
                );
                pairs.push((name, year.related[at], year.counts[at], year.z[at]));
            }
        }
        pairs.sort_by(|a, b| b.1.total_cmp(&a.1));
        pairs
    }

    fn view(&self, frame: &Frame, year: &Year) -> View {
        let classes = &year.space.held.classes;
        let (head, rows) = if classes.len() <= WIDEST {
            let mut head = vec![Head::text("Class")];
            head.extend(
                classes
                    .iter()
                    .map(|&c| Head::number(frame.classes[c].name.clone())),
            );
            let row = |i: usize| {
                let mut cells = vec![Shown::Text(frame.classes[classes[i]].name.clone())];
                cells.extend((0..classes.len()).map(|j| {
                    let related = year.related[i * classes.len() + j];
                    Shown::maybe((i != j).then_some(related), Style::Fixed(2))
                }));
                ViewRow { cells, strong: false }
            };
            (head, (0..classes.len()).map(row).collect())
        } else {
            let head = vec![
                Head::text("Classes"),
                Head::number("Relatedness"),
                Head::number("Regions with both"),
                Head::number("z"),
            ];
            let row = |(name, related, count, z): (String, f64, f64, f64)| ViewRow {
                cells: vec![
                    Shown::Text(name),
                    Shown::Number(related, Style::Fixed(2)),
                    Shown::Number(count, Style::Fixed(0)),
                    Shown::Number(z, Style::Signed(2)),
                ],
                strong: false,
            };
            let pairs = Self::pairs(frame, year).into_iter();
            (head, pairs.take(SHOWN_PAIRS).map(row).collect())
        };
        View {
            head,
            rows,
            source: frame.source.clone(),
        }
    }

    fn figure(&self, frame: &Frame, year: &Year) -> Option<Figure> {
        let classes = &year.space.held.classes;
        let pairs: Vec<(String, f64)> = Self::pairs(frame, year)
            .into_iter()
            .map(|(name, related, _, _)| (name, related))
            .collect();
        let (most, least) = (pairs.first()?.clone(), pairs.last()?.clone());
        let axis = Axis::new(format!("Relatedness ({})", self.name), "");
        let chart = if classes.len() <= DRAWN {
            let row = |i: usize| HeatRow {
                label: frame.classes[classes[i]].name.clone(),
                values: (0..classes.len())
                    .map(|j| (i != j).then_some(year.related[i * classes.len() + j]))
                    .collect(),
                role: Role::Other,
            };
            Chart::Heat {
                axis,
                centre: (self.kind == Relatedness::Association).then_some(1.0),
                columns: classes.iter().map(|&c| frame.classes[c].name.clone()).collect(),
                rows: (0..classes.len()).map(row).collect(),
            }
        } else {
            let bar = |(label, value): &(String, f64)| Bar {
                label: label.clone(),
                value: *value,
                role: Role::Other,
            };
            Chart::Bars {
                axis,
                bars: pairs.iter().take(SHOWN_PAIRS).map(bar).collect(),
                reference: None,
            }
        };
        Some(Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "{}: which classes of {} go together, {}",
                frame.reference,
                lower_first(&frame.label),
                frame.years[frame.last()]
            ),
            alt: format!(
                "Relatedness of classes. Most related: {}; least: {}.",
                named(&[most], 1, Style::Fixed(2)),
                named(&[least], 1, Style::Fixed(2))
            ),
            source: frame.source.clone(),
            chart,
        })
    }
}

//! `complexity`: how complex what a region does is, from who does what.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::lower_first;
use quyu_core::{
    AnalysisError, Column, Entry, Findings, Head, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Shown, Style, Table, View, ViewRow,
};
use quyu_econometrics::structure::{ComplexityScaling, FitnessOptions, complexity, fitness, reflections};

use crate::frame::{Frame, named, ranks};
use crate::scope::{CLASS, LAST_YEAR, MEMBERS, Scope, THRESHOLD, VALUE};
use crate::space::{Space, few_classes};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `complexity`.
pub(crate) const ENTRY: Entry = Entry {
    id: "complexity",
    summary: "How complex what each region does is, and how complex each class is",
    manual: MANUAL,
    params: &[
        VALUE,
        CLASS,
        Param::with_default(
            "variant",
            ParamKind::Choice(&["eci", "eci-pooled", "fitness", "reflections"]),
            "eci",
            "the index: economic complexity (each side by its own mean and standard deviation, or both by that of the regions), \
             fitness, or averages of averages",
        ),
        Param::with_default(
            "steps",
            ParamKind::Integer { min: 1, max: 200 },
            "2",
            "steps of the method of reflections",
        ),
        THRESHOLD,
        MEMBERS,
        LAST_YEAR,
    ],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(|p| stream(read(p)?)),
};

const MANUAL: &str = "\
**Question.** Who does what few others can, among regions that do much?

**Definition.** Over the regions of the reference; M is 1 where a region's location quotient is at least `threshold`. Diversity is the
number of classes of a region, ubiquity the number of regions of a class. *eci*: the class index is the eigenvector of the second largest
eigenvalue of M' M with rows divided by diversity and columns by ubiquity, the region index the mean of it over the region's
classes; the sign makes the region index correlate positively with diversity; then regions and classes are each standardised (n - 1).
*eci-pooled*: both by mean and standard deviation (n) of the regions, as py-ecomplexity has it. *fitness*: F = sum M Q, Q = 1 / sum (M / F),
each divided by its mean, repeated until settled, 200 times at most. *reflections*: means of means after `steps` steps, starting from
diversity and ubiquity; not rescaled. Rank 1 is the largest value.

**Limits.** The indices rank, they have no unit, and eci depends on the whole set: leaving out one region moves all. The method was made
for hundreds of products; with a handful of sectors it is an exercise. A network that falls into parts has no eci: an error. Fitness
that has not settled is said in a note.

**References.** Hidalgo and Hausmann 2009, PNAS 106:10570-10575; Hausmann et al. 2014, The Atlas of Economic Complexity; Mealy, Farmer and
Teytelboym 2019, Science Advances 5:eaau1705; Tacchella et al. 2012, Scientific Reports 2:723.
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    Eigenvector(ComplexityScaling),
    Fitness,
    Reflections(usize),
}

#[derive(Debug, Clone)]
struct Complex {
    scope: Scope,
    variant: Variant,
    name: &'static str,
    threshold: f64,
}

fn read(params: &Params) -> Result<Complex, ParamError> {
    let steps = params.integer("steps").and_then(|s| usize::try_from(s).ok());
    let (name, variant) = match params.text("variant") {
        Some("eci-pooled") => ("eci-pooled", Variant::Eigenvector(ComplexityScaling::Regions)),
        Some("fitness") => ("fitness", Variant::Fitness),
        Some("reflections") => ("reflections", Variant::Reflections(steps.unwrap_or(2))),
        _ => ("eci", Variant::Eigenvector(ComplexityScaling::Own)),
    };
    Ok(Complex {
        scope: Scope::new(ENTRY.id, params, params.flag("members"))?,
        variant,
        name,
        threshold: params.number("threshold").unwrap_or(1.0),
    })
}

/// One year, at the places of the frame.
struct Year {
    regions: Vec<Option<f64>>,
    classes: Vec<Option<f64>>,
    diversity: Vec<Option<f64>>,
    ubiquity: Vec<Option<f64>>,
    notes: Vec<Note>,
}

impl FromFrame for Complex {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        frame.one_set()?;
        let years: Vec<usize> = (0..frame.years.len()).collect();
        let mut notes = frame.notes.clone();
        notes.extend(frame.empty_notes(&years, "it has no part in the network"));
        notes.extend(few_classes(frame));
        let all: Vec<Year> = years
            .iter()
            .map(|&y| self.year(frame, y))
            .collect::<Result<_, _>>()?;
        notes.extend(all.iter().flat_map(|year| year.notes.iter().cloned()));
        let last = &all[frame.last()];
        Ok(Findings {
            tables: vec![self.region_table(frame, &all), self.class_table(frame, &all)],
            figures: self.figure(frame, last).into_iter().collect(),
            notes,
        })
    }
}

impl Complex {
    fn year(&self, frame: &Frame, y: usize) -> Result<Year, AnalysisError> {
        let space = Space::of(frame, y, self.threshold)?;
        let mut notes = space.notes.clone();
        let failed = |e| frame.failed("complexity", e, &space.held.rows, space.cols());
        let held = space.matrix().map_err(failed)?;
        let (regions, classes) = match self.variant {
            Variant::Eigenvector(scaling) => {
                let found = complexity(held, scaling).map_err(failed)?;
                (found.regions, found.industries)
            }
            Variant::Fitness => {
                let found = fitness(held, &FitnessOptions::default()).map_err(failed)?;
                if !found.converged {
                    let text = format!(
                        "Fitness of {} had not settled after {} steps: ranks are usually right by then, values are not.",
                        frame.years[y], found.iterations
                    );
                    notes.push(Note::new(NoteKind::Method, text));
                }
                (found.regions, found.industries)
            }
            Variant::Reflections(steps) => {
                let last = reflections(held, steps).map_err(failed)?.pop();
                last.map(|step| (step.regions, step.industries))
                    .unwrap_or_default()
            }
        };
        let degrees = reflections(held, 0).map_err(failed)?.pop();
        let (diversity, ubiquity) = degrees.map(|d| (d.regions, d.industries)).unwrap_or_default();
        let (rows, cols) = (frame.rows.len(), frame.cols());
        Ok(Year {
            regions: space.held.by_row(&regions, rows),
            classes: space.held.by_class(&classes, cols),
            diversity: space.held.by_row(&diversity, rows),
            ubiquity: space.held.by_class(&ubiquity, cols),
            notes,
        })
    }

    fn region_table(&self, frame: &Frame, all: &[Year]) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Complexity ({}) of regions, {}, {}",
                self.name,
                lower_first(&frame.label),
                frame.span()
            ),
            columns(&[C::Region, C::Name]),
        );
        for (y, year) in all.iter().enumerate() {
            for (statistic, values) in [(self.name, &year.regions), ("diversity", &year.diversity)] {
                let order = ranks(values);
                for (r, row) in frame.rows.iter().enumerate() {
                    table.push(vec![
                        row.code.clone().into(),
                        row.name.clone().into(),
                        frame.year(y),
                        statistic.into(),
                        values[r].into(),
                        crate::cell(order[r]),
                        values.iter().flatten().count().into(),
                    ]);
                }
            }
        }
        let last = &all[frame.last()];
        let items: Vec<Item> = (0..frame.rows.len())
            .map(|r| {
                (
                    frame.rows[r].name.clone(),
                    last.regions[r],
                    last.diversity[r],
                    frame.stands_out(r),
                )
            })
            .collect();
        table.with_view(view("Region", "Classes", items, &frame.source))
    }

    fn class_table(&self, frame: &Frame, all: &[Year]) -> Table {
        let mut table = Table::new(
            "classes",
            format!(
                "Complexity ({}) of classes, {}, {}",
                self.name,
                lower_first(&frame.label),
                frame.span()
            ),
            columns(&[C::Class, C::Name]),
        );
        for (y, year) in all.iter().enumerate() {
            for (statistic, values) in [(self.name, &year.classes), ("ubiquity", &year.ubiquity)] {
                let order = ranks(values);
                for (c, class) in frame.classes.iter().enumerate() {
                    table.push(vec![
                        class.code.clone().into(),
                        class.name.clone().into(),
                        frame.year(y),
                        statistic.into(),
                        values[c].into(),
                        crate::cell(order[c]),
                        values.iter().flatten().count().into(),
                    ]);
                }
            }
        }
        let last = &all[frame.last()];
        let items: Vec<Item> = (0..frame.cols())
            .map(|c| {
                (
                    frame.classes[c].name.clone(),
                    last.classes[c],
                    last.ubiquity[c],
                    false,
                )
            })
            .collect();
        table.with_view(view("Class", "Regions", items, &frame.source))
    }

    fn figure(&self, frame: &Frame, year: &Year) -> Option<Figure> {
        let mut order: Vec<(usize, f64)> = (0..frame.rows.len())
            .filter_map(|r| Some((r, year.regions[r]?)))
            .collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let item = |(r, x): &(usize, f64)| (frame.rows[*r].name.clone(), *x);
        let (most, least) = (item(order.first()?), item(order.last()?));
        Some(Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "{}: complexity ({}) by region, {}",
                frame.reference,
                self.name,
                frame.years[frame.last()]
            ),
            alt: format!(
                "Complexity of regions. Highest: {}; lowest: {}.",
                named(&[most], 1, Style::Fixed(2)),
                named(&[least], 1, Style::Fixed(2))
            ),
            source: frame.source.clone(),
            chart: Chart::Diverging {
                axis: Axis::new("Complexity", ""),
                parts: vec!["complexity".to_owned()],
                rows: order
                    .iter()
                    .map(|&(r, x)| Stack {
                        label: frame.rows[r].name.clone(),
                        parts: vec![x],
                        role: if frame.stands_out(r) {
                            Role::Focus
                        } else {
                            Role::Other
                        },
                    })
                    .collect(),
            },
        })
    }
}

fn columns(keys: &[C]) -> Vec<Column> {
    let mut columns: Vec<Column> = keys.iter().copied().map(Column::key).collect();
    columns.extend([Column::key(C::Year), Column::key(C::Statistic)]);
    columns.extend([
        Column::of(C::Estimate, "1"),
        Column::key(C::Rank),
        Column::key(C::N),
    ]);
    columns
}

/// Name, index, number of links, whether it stands out.
type Item = (String, Option<f64>, Option<f64>, bool);

fn view(first: &str, links: &str, mut items: Vec<Item>, source: &str) -> View {
    items.sort_by(|a, b| b.1.unwrap_or(f64::MIN).total_cmp(&a.1.unwrap_or(f64::MIN)));
    View {
        head: vec![Head::text(first), Head::number("Complexity"), Head::number(links)],
        rows: items
            .into_iter()
            .map(|(name, x, n, strong)| ViewRow {
                cells: vec![
                    Shown::Text(name),
                    Shown::maybe(x, Style::Fixed(2)),
                    Shown::maybe(n, Style::Fixed(0)),
                ],
                strong,
            })
            .collect(),
        source: source.to_owned(),
    }
}

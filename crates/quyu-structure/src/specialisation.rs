//! `specialisation`: how far each region's structure is from that of others, and how few classes it rests on.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Role};
use quyu_core::number::lower_first;
use quyu_core::suggest::Near;
use quyu_core::{
    AnalysisError, Column, Entry, Findings, Head, Param, ParamError, ParamKind, Params, Shown, Style, Table,
    View, ViewRow,
};
use quyu_econometrics::structure::{
    Benchmark, GiniSide, GiniWeights, KrugmanOptions, Range, krugman, locational_gini, regional_profiles,
};

use crate::frame::{Frame, Held, descending, named, ranks, reading_order};
use crate::scope::{CLASS, EVERY_YEAR, MEMBERS, Scope, VALUE};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `specialisation`.
pub(crate) const ENTRY: Entry = Entry {
    id: "specialisation",
    summary: "How specialised each region is as a whole: Krugman, Gini, Herfindahl, entropy, Hachman, Duranton-Puga",
    manual: MANUAL,
    params: &[
        VALUE,
        CLASS,
        Param::with_default(
            "reference",
            ParamKind::Expr,
            "rest",
            "with what Krugman's index compares: `rest` (the others added up), `nation` (all added up, the region included), \
             `mean-of-others` (the unweighted mean of the others' shares), or a region by code or name",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["zero-to-two", "zero-to-one"]),
            "zero-to-two",
            "the range of Krugman's index: the sum of the differences of shares, or half of it",
        ),
        MEMBERS,
        EVERY_YEAR,
    ],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(|p| stream(read(p)?)),
};

const MANUAL: &str = "\
**Question.** How different is a region's structure from that of the others, and on how few classes does it rest?

**Definition.** With s the shares of the classes in the region, b those in the reference of the index and n those in the sum of all
regions of the study's reference: `krugman` = sum |s - b|, 0 to 2, or half of it (`variant = \"zero-to-one\"`), the share that would have to
move; `gini` = the area between the Lorenz curve of s against n and the diagonal, doubled, 0 to 1; `hhi` = sum s^2, 1 over the number of
classes to 1; `entropy` = -sum s ln s in nats; `hachman` = 1 / sum (s^2 / n), 0 to 1, 1 = the structure of all; `relative-specialisation` = the
largest s / n; `relative-diversity` = 1 / sum |s - n|, missing where the two are the same. Rank 1 is the largest value.

**Limits.** The indices answer different questions: the Herfindahl index and entropy know nothing of the other regions, Krugman's
and Hachman's nothing of how many classes a region rests on. All depend on the detail of the classes. Packages differ in what Krugman's
index compares with and in its range; both are parameters here. An empty region has no structure and is missing, with a note.

**References.** Krugman 1991, Geography and Trade; Midelfart-Knarvik et al. 2000, European Commission Economic Papers 142; Duranton and
Puga 2000, Urban Studies 37:533-555; Moore 2001, University of Utah (Hachman index).
";

/// The indices, in the order of the rows of a region.
const INDICES: [&str; 7] = [
    "krugman",
    "gini",
    "hhi",
    "entropy",
    "hachman",
    "relative-specialisation",
    "relative-diversity",
];

/// Lines up to which a reader can tell them apart.
const MOST_LINES: usize = 6;

#[derive(Debug, Clone)]
struct Specialisation {
    scope: Scope,
    reference: String,
    range: Range,
}

fn read(params: &Params) -> Result<Specialisation, ParamError> {
    Ok(Specialisation {
        scope: Scope::new(ENTRY.id, params, params.flag("members"))?,
        reference: params.text("reference").unwrap_or("rest").to_owned(),
        range: match params.text("variant") {
            Some("zero-to-one") => Range::ZeroToOne,
            _ => Range::ZeroToTwo,
        },
    })
}

/// Index by index, one value a row.
type Values = Vec<Vec<Option<f64>>>;

impl FromFrame for Specialisation {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        frame.one_set()?;
        let years: Vec<usize> = (0..frame.years.len()).collect();
        let all: Vec<Values> = years
            .iter()
            .map(|&y| self.values(frame, y))
            .collect::<Result<_, _>>()?;
        let mut notes = frame.notes.clone();
        notes.extend(frame.empty_notes(&years, "it has no part in these indices"));
        let table = self.table(frame, &all);
        Ok(Findings {
            tables: vec![table],
            figures: self.figure(frame, &all).into_iter().collect(),
            notes,
        })
    }
}

impl Specialisation {
    fn values(&self, frame: &Frame, y: usize) -> Result<Values, AnalysisError> {
        let held = frame.held(y)?;
        let rows = frame.rows.len();
        let failed = |e| frame.failed("specialisation", e, &held.rows, held.classes.len());
        let small = held.matrix().map_err(failed)?;
        let options = KrugmanOptions {
            benchmark: self.benchmark(frame, &held, y)?,
            range: self.range,
        };
        let distance = krugman(small, &options).map_err(failed)?;
        let gini = locational_gini(small, GiniSide::Specialisation, GiniWeights::Size).map_err(failed)?;
        let profiles = regional_profiles(small).map_err(failed)?;
        let of = |get: &dyn Fn(usize) -> Option<f64>| {
            let mut out = vec![None; rows];
            for (k, &r) in held.rows.iter().enumerate() {
                out[r] = get(k);
            }
            out
        };
        Ok(vec![
            of(&|k| Some(distance[k])),
            of(&|k| Some(gini[k])),
            of(&|k| Some(profiles[k].hhi)),
            of(&|k| Some(profiles[k].entropy)),
            of(&|k| Some(profiles[k].hachman)),
            of(&|k| Some(profiles[k].relative_specialisation)),
            of(&|k| profiles[k].relative_diversity),
        ])
    }

    fn benchmark(&self, frame: &Frame, held: &Held, y: usize) -> Result<Benchmark, AnalysisError> {
        match self.reference.as_str() {
            "rest" => return Ok(Benchmark::Rest),
            "nation" => return Ok(Benchmark::All),
            "mean-of-others" => return Ok(Benchmark::MeanOfOthers),
            _ => {}
        }
        let bears = |r: &&usize| {
            let row = &frame.rows[**r];
            row.code == self.reference || row.name.eq_ignore_ascii_case(&self.reference)
        };
        if let Some(k) = held.rows.iter().position(|r| bears(&r)) {
            return Ok(Benchmark::Region(k));
        }
        let known = ["rest", "nation", "mean-of-others"].into_iter();
        let near = Near::to(
            &self.reference,
            known.chain(frame.rows.iter().map(|row| row.name.as_str())),
        );
        Err(frame.refuse(format!(
            "`{}` is no region with figures in {}{near}",
            self.reference, frame.years[y]
        )))
    }

    /// What the Krugman index compares with, in words.
    fn against(&self, frame: &Frame) -> String {
        let region = |code: &str| frame.rows.iter().find(|row| row.code == code);
        match self.reference.as_str() {
            "rest" => "the rest".to_owned(),
            "nation" => "the whole".to_owned(),
            "mean-of-others" => "the mean of the others".to_owned(),
            other => region(other).map_or(other, |row| &row.name).to_owned(),
        }
    }

    /// What an index of a row compares with.
    fn compared(&self, index: &str) -> String {
        match (index, self.range) {
            ("krugman", Range::ZeroToTwo) => self.reference.clone(),
            ("krugman", Range::ZeroToOne) => format!("{}, half range", self.reference),
            ("hhi" | "entropy", _) => "own".to_owned(),
            _ => "nation".to_owned(),
        }
    }

    fn table(&self, frame: &Frame, all: &[Values]) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Specialisation in {}, {}",
                lower_first(&frame.label),
                frame.span()
            ),
            vec![
                Column::key(C::Region),
                Column::key(C::Name),
                Column::key(C::Year),
                Column::key(C::Statistic),
                Column::key(C::Variant),
                Column::of(C::Estimate, "1"),
                Column::key(C::Rank),
                Column::key(C::N),
            ],
        );
        for (y, values) in all.iter().enumerate() {
            let order: Vec<Vec<Option<usize>>> = values.iter().map(|v| ranks(v)).collect();
            for (r, row) in frame.rows.iter().enumerate() {
                for (k, index) in INDICES.iter().enumerate() {
                    table.push(vec![
                        row.code.clone().into(),
                        row.name.clone().into(),
                        frame.year(y),
                        (*index).into(),
                        self.compared(index).into(),
                        values[k][r].into(),
                        crate::cell(order[k][r]),
                        values[k].iter().flatten().count().into(),
                    ]);
                }
            }
        }
        table.with_view(self.view(frame, &all[frame.last()]))
    }

    fn view(&self, frame: &Frame, values: &Values) -> View {
        let head = vec![
            Head::text("Region"),
            Head::number("Krugman"),
            Head::number("Gini"),
            Head::number("Herfindahl"),
            Head::number("Entropy (nats)"),
            Head::number("Hachman"),
            Head::number("Largest quotient"),
        ];
        let row = |r: usize| {
            let mut cells = vec![Shown::Text(frame.rows[r].name.clone())];
            cells.extend((0..6).map(|k| Shown::maybe(values[k][r], Style::Fixed(3))));
            ViewRow {
                cells,
                strong: frame.stands_out(r),
            }
        };
        View {
            head,
            rows: reading_order(&values[0]).into_iter().map(row).collect(),
            source: frame.source.clone(),
        }
    }

    /// Lines where a few regions are followed through the years, else bars of the last year; none if nothing is defined.
    fn figure(&self, frame: &Frame, all: &[Values]) -> Option<Figure> {
        let (order, rows) = (descending(&all[frame.last()][0]), frame.looked_at());
        let items: Vec<(String, f64)> = order
            .iter()
            .map(|(r, x)| (frame.rows[*r].name.clone(), *x))
            .collect();
        let (most, least) = (named(&items, 1, Style::Fixed(3)), items.last()?);
        let axis = Axis::new("Krugman index", "");
        let followed = frame.years.len() > 1 && rows.len() <= MOST_LINES && rows.len() < frame.rows.len();
        let chart = if followed {
            Chart::Lines {
                x: Axis::years(),
                y: axis,
                lines: rows
                    .iter()
                    .enumerate()
                    .map(|(k, &r)| {
                        let role = match rows.len() {
                            1 => Role::Focus,
                            _ => Role::Category(k),
                        };
                        frame.line(&frame.rows[r].name, role, |y| all[y][0][r])
                    })
                    .collect(),
                from_zero: true,
            }
        } else {
            Chart::Bars {
                axis,
                bars: order
                    .iter()
                    .map(|&(r, value)| Bar {
                        label: frame.rows[r].name.clone(),
                        value,
                        role: if frame.stands_out(r) {
                            Role::Focus
                        } else {
                            Role::Other
                        },
                    })
                    .collect(),
                reference: None,
            }
        };
        Some(Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "Specialisation in {} (Krugman, against {}), {}",
                lower_first(&frame.label),
                self.against(frame),
                frame.when(followed)
            ),
            alt: format!(
                "Krugman index of specialisation. In {} most specialised: {most}; least: {}.",
                frame.years[frame.last()],
                named(std::slice::from_ref(least), 1, Style::Fixed(3))
            ),
            source: frame.source.clone(),
            chart,
        })
    }
}

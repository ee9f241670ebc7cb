//! `decompose-two-way`: Theil's indices over two partitions that cross.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Figure};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind, Params,
    Progress, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{TwoWayDecomposition, decompose_two_way};

use super::by_rows;
use super::common::{Pair, Place, ZERO_ADVICE, bar, one_group, parts_chart, share, year_cell};
use super::groups::{ALPHA, GROUP};
use super::split::Form;
use crate::sample::{self, BY, Line, Sample, VALUE, VINTAGE, WEIGHT};

/// The declaration of `decompose-two-way`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose-two-way",
    summary: "Theil's indices in two dimensions: two partitions that cross, their interaction, and the rest",
    manual: MANUAL,
    params: &[
        VALUE,
        WEIGHT,
        GROUP,
        Param::required(
            "crossed",
            ParamKind::Expr,
            "a second partition that cuts across the first",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["theil-t", "mld", "ge"]),
            "theil-t",
            "the index that is split: Theil's T or L, or generalised entropy of order `alpha`",
        ),
        ALPHA,
        BY,
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\ngroup = \"halves\"\ncrossed = \"zones\"\n",
    build: |p| Ok(Box::new(TwoWay::new(p)?)),
    additive: Some(by_rows::two_way),
};

const MANUAL: &str = "\
**Question.** Of two ways to group the regions, how much does each separate by itself, and how much do both together?

**Definition.** A cell holds the regions of one group of `group` and one of `crossed`. With B the index where every region has the mean of its
group, total = B(group) + B(crossed) + interaction + within cells, and interaction = B(cells) - B(group) - B(crossed). The last part
is computed from the cells; the four add up to the total to 1e-12. Indices as in `decompose`.

**Limits.** The interaction is negative where the two partitions say the same about the regions, so it is no share of anything by itself.

**References.** Akita and Miyata 2013, Papers in Regional Science 92:S219-S237.
";

#[derive(Debug)]
struct TwoWay {
    sample: Sample,
    partitions: Pair,
    form: Form,
}

struct Split {
    line: String,
    year: Year,
    n: usize,
    of: TwoWayDecomposition,
}

impl TwoWay {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            form: Form::read(ENTRY.id, params)?,
            sample: Sample::new(ENTRY.id, params)?,
            partitions: Pair::new(
                ENTRY.id,
                params,
                "crossed",
                "; name a second partition, or take `decompose`",
            )?,
        })
    }

    fn splits(&self, study: &Study, line: &Line) -> Result<Vec<Split>, AnalysisError> {
        let regions = &line.block.regions;
        let cover = |id: &str| study.atlas.partition(id)?.cover(&study.focus.id, regions);
        let ((first, groups), (second, crossed)) =
            (cover(&self.partitions.first)?, cover(&self.partitions.second)?);
        let name = self.form.name();
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let place = Place {
                analysis: ENTRY.id,
                statistic: &name,
                study,
                regions,
                year: *year,
            };
            let (x, w) = (line.x(y), line.w(y));
            let alpha = self.form.alpha().unwrap_or(1.0);
            let of = decompose_two_way(x, w, &first, groups.len(), &second, crossed.len(), alpha)
                .map_err(|e| place.refuse(e, ZERO_ADVICE))?;
            out.push(Split {
                line: line.label.clone(),
                year: *year,
                n: w.map_or(x.len(), |w| w.iter().filter(|w| **w > 0.0).count()),
                of,
            });
        }
        Ok(out)
    }

    fn table(&self, title: &str, splits: &[Split], view: View) -> Table {
        let mut table = empty(title);
        for s in splits {
            let keys = [Cell::Integer(i64::from(s.year.get())), s.line.clone().into()];
            table.rows.extend(rows((self.form, s.n, &s.of), &keys));
        }
        table.with_view(view)
    }
}

/// The table without rows.
pub(super) fn empty(title: &str) -> Table {
    Table::new(
        ENTRY.id,
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Variant),
            Column::key(C::Component),
            Column::of(C::Contribution, "1"),
            Column::of(C::Share, "1"),
            Column::key(C::N),
        ],
    )
}

/// The rows of one split of `n` units under the cells of year and vintage.
pub(super) fn rows((form, n, of): (Form, usize, &TwoWayDecomposition), keys: &[Cell; 2]) -> Vec<Vec<Cell>> {
    let row = |(component, x, n): (&str, f64, Option<usize>)| {
        vec![
            keys[0].clone(),
            keys[1].clone(),
            form.variant().into(),
            component.into(),
            x.into(),
            share(x, of.total).into(),
            n.map_or(Cell::Missing, Cell::from),
        ]
    };
    let others = parts(of).into_iter().map(|(component, x)| (component, x, None));
    std::iter::once(("total", of.total, Some(n)))
        .chain(others)
        .map(row)
        .collect()
}

fn parts(of: &TwoWayDecomposition) -> [(&'static str, f64); 4] {
    [
        ("between-group", of.between_first),
        ("between-crossed", of.between_second),
        ("interaction", of.interaction),
        ("within-cells", of.within_cells),
    ]
}

impl Analysis for TwoWay {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.sample.needs();
        needs.extend(self.partitions.needs());
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let lines = self.sample.lines(study)?;
        let mut splits = Vec::new();
        let mut notes = sample::notes(&lines);
        for line in &lines {
            splits.extend(self.splits(study, line)?);
        }
        let (first, second) = (
            study.atlas.partition(&self.partitions.first)?,
            study.atlas.partition(&self.partitions.second)?,
        );
        for partition in [first, second] {
            let (_, groups) = partition.cover(&study.focus.id, &lines[0].block.regions)?;
            notes.extend(one_group("regions", groups.len(), &partition.id));
        }
        let title = format!(
            "{} of {}, {}, by {} and by {}",
            self.form.name(),
            study.atlas.codebook.label(self.sample.value()),
            study.focus.name_en,
            lower_first(&first.label),
            lower_first(&second.label)
        );
        let names = [&first.label, &second.label].map(|label| lower_first(label));
        let several = lines.len() > 1;
        let source = sample::source(&lines);
        let view = View {
            head: vec![
                Head::text("Year"),
                Head::number(self.form.name()),
                Head::number(format!("Between {} (%)", names[0])),
                Head::number(format!("Between {} (%)", names[1])),
                Head::number("Interaction (%)"),
                Head::number("Within cells (%)"),
            ],
            rows: splits.iter().map(|s| view_row(s, several)).collect(),
            source: source.clone(),
        };
        let figure = Figure {
            id: ENTRY.id.to_owned(),
            title: title.clone(),
            alt: alt(&title, &names, &splits),
            source,
            chart: parts_chart(
                Axis::new(self.form.name(), ""),
                vec![
                    format!("between {}", names[0]),
                    format!("between {}", names[1]),
                    "interaction".to_owned(),
                    "within cells".to_owned(),
                ],
                splits
                    .iter()
                    .map(|s| bar(s.year, &s.line, several, parts(&s.of).map(|(_, x)| x).to_vec()))
                    .collect(),
            ),
        };
        Ok(Findings {
            tables: vec![self.table(&title, &splits, view)],
            figures: vec![figure],
            notes,
        })
    }
}

fn view_row(split: &Split, several: bool) -> ViewRow {
    let mut cells = vec![
        Shown::Text(year_cell(split.year, &split.line, several)),
        Shown::Number(split.of.total, Style::Fixed(4)),
    ];
    let parts = parts(&split.of).map(|(_, x)| share(x, split.of.total));
    cells.extend(parts.map(|x| Shown::maybe(x, Style::Percent(1))));
    ViewRow { cells, strong: false }
}

fn alt(title: &str, names: &[String; 2], splits: &[Split]) -> String {
    let mut alt = format!("Bars of {title}.");
    if let Some(last) = splits.last() {
        let percent = |x: f64| styled(share(x, last.of.total).unwrap_or(0.0), Style::Percent(1));
        alt.push_str(&format!(
            " {}: {}, of which {} % between {}, {} % between {}, and {} % within cells.",
            last.year,
            styled(last.of.total, Style::Fixed(4)),
            percent(last.of.between_first),
            names[0],
            percent(last.of.between_second),
            names[1],
            percent(last.of.within_cells)
        ));
    }
    alt
}

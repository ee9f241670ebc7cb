//! Which of two Lorenz curves lies above the other, in relative and in generalised form.

use quyu_core::ColumnName as C;
use quyu_core::{
    AnalysisError, Cell, Column, Head, Param, ParamKind, RegionSet, Shown, Study, Table, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{Dominance, Lorenz, lorenz};

use crate::compare::{Pair, disjoint, position};
use crate::index::at_region;
use crate::sample::{self, Line, Sample};

/// What is compared.
pub(crate) const COMPARE: Param = Param::optional(
    "compare",
    ParamKind::List(&ParamKind::Expr),
    "two years, or two sets of regions: a table that says which curve lies above the other, as it is (more equal by every index that \
     obeys the transfer principle) and times the mean (better by every welfare that likes more and more equal); differences up to \
     1e-12 count as none",
);

const TOLERANCE: f64 = 1e-12;

/// The table of verdicts, for each choice of vintages.
pub(crate) fn table(
    analysis: &'static str,
    pair: &Pair,
    (study, sample): (&Study, &Sample),
    lines: &[Line],
) -> Result<Table, AnalysisError> {
    let (mut table, mut view) = empty(&study.atlas.codebook.label(sample.value()));
    view.source = sample::source(lines);
    match pair {
        Pair::Years(first, second) => {
            for line in lines {
                let curves = [
                    curve(line, position(analysis, line, *first)?)?,
                    curve(line, position(analysis, line, *second)?)?,
                ];
                let names = [first.to_string(), second.to_string()];
                let [a, b] = &curves;
                add(
                    (&mut table, &mut view),
                    line.label.clone().into(),
                    [a, b],
                    &names,
                    None,
                );
            }
        }
        Pair::Sets(first, second) => {
            let sets = disjoint(analysis, study, [first, second])?;
            let of_set = |set: &RegionSet| {
                sample.lines(&Study {
                    focus: set.clone(),
                    ..study.clone()
                })
            };
            let (a, b) = (of_set(sets[0])?, of_set(sets[1])?);
            view.source = sample::source_of(a.iter().chain(&b));
            for (a, b) in a.iter().zip(&b) {
                for (y, year) in a.block.years.iter().enumerate() {
                    let Some(z) = b.block.years.iter().position(|other| other == year) else {
                        continue;
                    };
                    let names = [sets[0].name_en.clone(), sets[1].name_en.clone()];
                    add(
                        (&mut table, &mut view),
                        a.label.clone().into(),
                        [&curve(a, y)?, &curve(b, z)?],
                        &names,
                        Some(*year),
                    );
                }
            }
        }
    }
    Ok(table.with_view(view))
}

/// The verdicts on the curves of two years of rows, which know no vintage.
pub(crate) fn of_years(value: &str, curves: [&Lorenz; 2], years: [&String; 2]) -> Table {
    let (mut table, mut view) = empty(value);
    let names = years.map(Clone::clone);
    add((&mut table, &mut view), Cell::Missing, curves, &names, None);
    table.with_view(view)
}

fn empty(value: &str) -> (Table, View) {
    let columns = [
        C::Vintage,
        C::Year,
        C::Statistic,
        C::Group,
        C::OtherGroup,
        C::Verdict,
    ];
    let title = format!("Lorenz dominance in {value}");
    let view = View {
        head: ["First", "Second", "Curve", "Verdict"].map(Head::text).to_vec(),
        rows: Vec::new(),
        source: String::new(),
    };
    (
        Table::new("dominance", title, columns.map(Column::key).to_vec()),
        view,
    )
}

fn curve(line: &Line, year: usize) -> Result<Lorenz, AnalysisError> {
    lorenz(line.x(year), line.w(year)).map_err(|e| at_region("Lorenz curve", e, &line.block.regions))
}

fn add(
    (table, view): (&mut Table, &mut View),
    vintage: Cell,
    [first, second]: [&Lorenz; 2],
    names: &[String; 2],
    year: Option<Year>,
) {
    let verdicts = [
        ("lorenz", "Lorenz", first.dominance(second, TOLERANCE)),
        (
            "generalised-lorenz",
            "Generalised Lorenz",
            first.generalised_dominance(second, TOLERANCE),
        ),
    ];
    for (statistic, label, verdict) in verdicts {
        let (word, sentence) = match verdict {
            Dominance::Equal => ("equal", "the same".to_owned()),
            Dominance::First => ("first", format!("{} lies above", names[0])),
            Dominance::Second => ("second", format!("{} lies above", names[1])),
            Dominance::Crossing => ("crossing", "they cross".to_owned()),
        };
        let named = |name: &String| year.map_or_else(|| name.clone(), |y| format!("{name}, {y}"));
        table.push(vec![
            vintage.clone(),
            year.map_or(Cell::Missing, |y| Cell::Integer(i64::from(y.get()))),
            statistic.into(),
            names[0].clone().into(),
            names[1].clone().into(),
            word.into(),
        ]);
        let cells = [named(&names[0]), named(&names[1]), label.to_owned(), sentence];
        view.rows.push(ViewRow {
            cells: cells.map(Shown::Text).to_vec(),
            strong: false,
        });
    }
}

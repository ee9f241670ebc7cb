//! `concentration`: how unevenly each class lies over regions.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Role};
use quyu_core::number::lower_first;
use quyu_core::{
    AnalysisError, Column, Entry, Findings, Head, ParamError, Params, Shown, Study, Style, Table, View,
    ViewRow,
};
use quyu_econometrics::disparity::herfindahl;
use quyu_econometrics::structure::{
    GiniSide, GiniWeights, hoover_concentration, locational_gini, raw_concentration,
};

use crate::frame::{Frame, descending, named, ranks, reading_order};
use crate::scope::{CLASS, EVERY_YEAR, Scope, VALUE};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `concentration`.
pub(crate) const ENTRY: Entry = Entry {
    id: "concentration",
    summary: "How concentrated each class is over regions: locational Gini, Hoover, Herfindahl, raw Ellison-Glaeser",
    manual: MANUAL,
    params: &[VALUE, CLASS, EVERY_YEAR],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(|p| stream(read(p)?)),
};

const MANUAL: &str = "\
**Question.** Which classes gather in a few regions, and which lie as the whole economy does?

**Definition.** Over the members of the focus, with c the regions' shares of a class and x their shares of all classes together:
`locational-gini` (Hoover-Balassa) = the area between the Lorenz curve of c against x and the diagonal, doubled, 0 to 1 (Krugman's
version is half of it); `gini-of-quotients` = the Gini index of c / x with every region counting once; `hoover` = half the sum of
|c - x|, 0 to 1, the share of the class that would have to move; `hhi` = sum c^2, 1 over the number of regions to 1, which knows
nothing of x; `effective-regions` = 1 / hhi; `raw-concentration` = G = sum (c - x)^2; `scaled-concentration` = G / (1 - sum x^2).
Rank 1 is the largest value.

**Limits.** All depend on where borders are drawn. The Ellison-Glaeser index is (scaled - H) / (1 - H) with H the Herfindahl index of the
class's plants, and the scaled concentration is what it would be if plants were many and small: `agglomeration` has it, with coagglomeration and the cluster index
of Litzenberger and Sternberg, for data with numbers of plants. An empty region or class has no part in it; a note says so.

**References.** Hoover 1936, Review of Economics and Statistics 18:162-171; Krugman 1991, Geography and Trade; Ellison and Glaeser 1997,
Journal of Political Economy 105:889-927; Farhauer and Kröll 2014, Standorttheorien (unweighted Gini).
";

/// The indices, in the order of the rows of a class.
const INDICES: [&str; 7] = [
    "locational-gini",
    "gini-of-quotients",
    "hoover",
    "hhi",
    "effective-regions",
    "raw-concentration",
    "scaled-concentration",
];

/// Lines up to which a reader can tell them apart.
const MOST_LINES: usize = 6;

#[derive(Debug, Clone)]
struct Concentration {
    scope: Scope,
}

fn read(params: &Params) -> Result<Concentration, ParamError> {
    Ok(Concentration {
        scope: Scope::new(ENTRY.id, params, true)?,
    })
}

/// Index by index, one value a class.
type Values = Vec<Vec<Option<f64>>>;

impl FromFrame for Concentration {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn frame(&self, study: &Study) -> Result<Frame, AnalysisError> {
        if study.focus.members().len() < 2 {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "{} is one region, over which nothing can be concentrated",
                    study.focus.name_en
                ),
            });
        }
        // The regions themselves are the whole.
        let study = Study {
            reference: study.focus.clone(),
            ..study.clone()
        };
        self.scope.frame(&study)
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        let years: Vec<usize> = (0..frame.years.len()).collect();
        let all: Vec<Values> = years
            .iter()
            .map(|&y| values(frame, y))
            .collect::<Result<_, _>>()?;
        let mut notes = frame.notes.clone();
        notes.extend(frame.empty_notes(&years, "it has no part in these indices"));
        Ok(Findings {
            tables: vec![table(frame, &all)],
            figures: figure(frame, &all).into_iter().collect(),
            notes,
        })
    }
}

fn values(frame: &Frame, y: usize) -> Result<Values, AnalysisError> {
    let held = frame.held(y)?;
    let failed = |e| frame.failed("concentration", e, &held.rows, held.classes.len());
    let small = held.matrix().map_err(failed)?;
    let gini = |weights| locational_gini(small, GiniSide::Concentration, weights).map_err(failed);
    let (weighted, unweighted) = (gini(GiniWeights::Size)?, gini(GiniWeights::None)?);
    let hoover = hoover_concentration(small, None).map_err(failed)?;
    let raw = raw_concentration(small).map_err(failed)?;
    let mut hhi = Vec::new();
    for c in 0..held.classes.len() {
        hhi.push(herfindahl(&small.col(c)).map_err(failed)?.hhi);
    }
    let spread = |v: Vec<f64>| held.by_class(&v, frame.cols());
    Ok(vec![
        spread(weighted),
        spread(unweighted),
        spread(hoover),
        spread(hhi.clone()),
        spread(hhi.iter().map(|h| 1.0 / h).collect()),
        spread(raw.iter().map(|g| g.raw).collect()),
        spread(raw.iter().map(|g| g.scaled).collect()),
    ])
}

fn table(frame: &Frame, all: &[Values]) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        format!(
            "Concentration of {} over {}, {}",
            lower_first(&frame.label),
            frame.focus,
            frame.span()
        ),
        vec![
            Column::key(C::Class),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::key(C::Rank),
            Column::key(C::N),
        ],
    );
    for (y, values) in all.iter().enumerate() {
        let order: Vec<Vec<Option<usize>>> = values.iter().map(|v| ranks(v)).collect();
        for (c, class) in frame.classes.iter().enumerate() {
            for (k, index) in INDICES.iter().enumerate() {
                table.push(vec![
                    class.code.clone().into(),
                    class.name.clone().into(),
                    frame.year(y),
                    (*index).into(),
                    values[k][c].into(),
                    crate::cell(order[k][c]),
                    values[k].iter().flatten().count().into(),
                ]);
            }
        }
    }
    let view = view(frame, &all[frame.last()]);
    table.with_view(view)
}

fn view(frame: &Frame, values: &Values) -> View {
    let (y, cols) = (frame.last(), frame.cols());
    let (cells, whole) = (frame.table(y), frame.whole(y));
    let head = vec![
        Head::text("Class"),
        Head::number(format!("{} ({})", frame.years[y], frame.unit)),
        Head::number("Locational Gini"),
        Head::number("Hoover"),
        Head::number("Effective regions"),
        Head::text("Largest region"),
        Head::number("Its share (%)"),
    ];
    let row = |c: usize| {
        let of = |r: usize| cells[r * cols + c];
        let largest = (0..frame.rows.len()).reduce(|a, b| if of(b) > of(a) { b } else { a });
        let largest = largest.filter(|_| whole[c] > 0.0);
        ViewRow {
            cells: vec![
                Shown::Text(frame.classes[c].name.clone()),
                Shown::Number(whole[c], Style::Fixed(0)),
                Shown::maybe(values[0][c], Style::Fixed(3)),
                Shown::maybe(values[2][c], Style::Fixed(3)),
                Shown::maybe(values[4][c], Style::Fixed(1)),
                largest.map_or(Shown::Missing, |r| Shown::Text(frame.rows[r].name.clone())),
                Shown::maybe(largest.map(|r| of(r) / whole[c]), Style::Percent(1)),
            ],
            strong: false,
        }
    };
    View {
        head,
        rows: reading_order(&values[0]).into_iter().map(row).collect(),
        source: frame.source.clone(),
    }
}

/// Lines where a few classes are followed through the years, else bars of the last year.
fn figure(frame: &Frame, all: &[Values]) -> Option<Figure> {
    let order = descending(&all[frame.last()][0]);
    let item = |(c, x): &(usize, f64)| (frame.classes[*c].name.clone(), *x);
    let (most, least) = (item(order.first()?), item(order.last()?));
    let axis = Axis::new("Locational Gini", "");
    let followed = frame.years.len() > 1 && frame.cols() <= MOST_LINES;
    let chart = if followed {
        Chart::Lines {
            x: Axis::years(),
            y: axis,
            lines: (0..frame.cols())
                .map(|c| frame.line(&frame.classes[c].name, Role::Category(c), |y| all[y][0][c]))
                .collect(),
            from_zero: true,
        }
    } else {
        Chart::Bars {
            axis,
            bars: order
                .iter()
                .map(|one| {
                    let (label, value) = item(one);
                    let role = Role::Other;
                    Bar { label, value, role }
                })
                .collect(),
            reference: None,
        }
    };
    Some(Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "{}: concentration of {} over regions, {}",
            frame.focus,
            lower_first(&frame.label),
            frame.when(followed)
        ),
        alt: format!(
            "Locational Gini by class. In {} most concentrated: {}; least: {}.",
            frame.years[frame.last()],
            named(&[most], 1, Style::Fixed(3)),
            named(&[least], 1, Style::Fixed(3))
        ),
        source: frame.source.clone(),
        chart,
    })
}

#[cfg(test)]
mod tests {
    use quyu_econometrics::Matrix;
    use quyu_econometrics::structure::raw_concentration;

    #[test]
    fn the_scaled_concentration_is_the_index_of_many_small_plants() {
        use quyu_econometrics::structure::ellison_glaeser;
        // Two industries in two regions, in plants of equal size: 3 and 1, 1 and 3 times `many`.
        let many = 4000;
        let (mut size, mut industry, mut region) = (Vec::new(), Vec::new(), Vec::new());
        for (i, r, n) in [(0, 0, 3 * many), (0, 1, many), (1, 0, many), (1, 1, 3 * many)] {
            size.extend(std::iter::repeat_n(1.0, n));
            industry.extend(std::iter::repeat_n(i, n));
            region.extend(std::iter::repeat_n(r, n));
        }
        let index = ellison_glaeser(&size, &industry, &region, None).unwrap();
        let table = [3.0, 1.0, 1.0, 3.0];
        let raw = raw_concentration(Matrix::new(&table, 2, 2).unwrap()).unwrap();
        assert!((index[0].gamma - raw[0].scaled).abs() < 1e-4);
        assert!((raw[0].raw - 0.125).abs() < 1e-12 && (raw[0].scaled - 0.25).abs() < 1e-12);
    }
}

//! `overlap`: how alike the structures of two regions are, and whether they complement each other.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, HeatRow, Role, Wings};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    AnalysisError, Column, Entry, Findings, Head, Note, NoteKind, ParamError, Params, Shown, Style, Table,
    View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::structure::{QuotientForm, overlap, quotient_overlap, quotients_against};

use crate::frame::{Against, Frame, named};
use crate::scope::{CLASS, LAST_YEAR, Scope, THRESHOLD, VALUE};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `overlap`.
pub(crate) const ENTRY: Entry = Entry {
    id: "overlap",
    summary: "How alike the structures of two regions are, pair by pair, and whether they complement each other",
    manual: MANUAL,
    params: &[VALUE, CLASS, THRESHOLD, LAST_YEAR],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(|p| stream(read(p)?)),
};

const MANUAL: &str = "\
**Question.** Which regions live on the same things, and which on what the other lacks?

**Definition.** Pairs of the members of the focus; for a single region, its pairs with every other region of the reference. With a
and b the shares of the classes in the two, x and y the values themselves: `krugman` = sum |a - b|, 0 (alike) to 2; `finger-kreinin` = sum
min(a, b), 0 to 1 (alike), equal to 1 - krugman / 2; `cosine` = sum a b / sqrt(sum a^2 sum b^2), 0 to 1 (alike), the UNIDO coefficient of
similarity; `bray-curtis` = sum |x - y| / sum (x + y), 0 to 1, a distance that knows size as well as structure; `jensen-shannon` = the
divergence of a and b from their mean in nats, 0 to ln 2. Of the location quotients beside the reference of the study:
`quotient-correlation`, Pearson's, -1 to 1, negative where each is specialised in what the other is not; `shared-specialisations`, the
classes in which both are specialised (LQ >= `threshold`) among those in which either is, 0 to 1; `complementary-classes`, the number of
classes in which exactly one is.

**Limits.** Alike is not competing, and unlike is not complementary: neither trade nor supply chains are seen. Coarse classes
make every pair look alike: with three sectors little else can come out. With few classes a correlation rests on few points.

**References.** Krugman 1991; Finger and Kreinin 1979, Economic Journal 89:905-912; UNIDO 1979, World Industry since 1960; Bray and
Curtis 1957, Ecological Monographs 27:325-349; Lin 1991, IEEE Transactions on Information Theory 37:145-151; Jaccard 1912, New
Phytologist 11:37-50. To read the correlation as complementarity is a convention of this tool.
";

/// The measures, in the order of the rows of a pair.
const MEASURES: [&str; 8] = [
    "krugman",
    "finger-kreinin",
    "cosine",
    "bray-curtis",
    "jensen-shannon",
    "quotient-correlation",
    "shared-specialisations",
    "complementary-classes",
];

/// Pairs up to which a reader sees all.
const MOST_PAIRS: usize = 45;
/// Pairs shown of more.
const SHOWN_PAIRS: usize = 20;
/// Regions up to which the pairs are drawn as a matrix.
const WIDEST: usize = 12;

#[derive(Debug, Clone)]
struct Overlapping {
    scope: Scope,
    threshold: f64,
}

fn read(params: &Params) -> Result<Overlapping, ParamError> {
    Ok(Overlapping {
        scope: Scope::new(ENTRY.id, params, true)?,
        threshold: params.number("threshold").unwrap_or(1.0),
    })
}

/// Two rows and their measures, in the order of [`MEASURES`].
struct Pair {
    a: usize,
    b: usize,
    measures: Vec<Option<f64>>,
}

impl Pair {
    fn alike(&self) -> f64 {
        self.measures[1].unwrap_or(-1.0)
    }
}

impl FromFrame for Overlapping {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        let years: Vec<usize> = (0..frame.years.len()).collect();
        let all: Vec<Vec<Pair>> = years
            .iter()
            .map(|&y| self.pairs(frame, y))
            .collect::<Result<_, _>>()?;
        let last = &all[frame.last()];
        if last.is_empty() {
            return Err(frame.refuse(format!("{} has no other region beside it", frame.focus)));
        }
        let mut notes = frame.notes.clone();
        notes.extend(frame.empty_notes(&years, "its pairs are missing or do without it"));
        if last.len() > MOST_PAIRS {
            notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "The table shows the {SHOWN_PAIRS} most alike of {} pairs; the CSV has all.",
                    last.len()
                ),
            ));
        }
        let mut table = empty_table(frame, last);
        for (y, pairs) in all.iter().enumerate() {
            fill(frame, y, pairs, &mut table);
        }
        Ok(Findings {
            tables: vec![table.with_view(view(frame, &all))],
            figures: match last.as_slice() {
                [pair] => vec![wings(frame, pair)],
                several => figure(frame, several).into_iter().collect(),
            },
            notes,
        })
    }
}

impl Overlapping {
    fn pairs(&self, frame: &Frame, y: usize) -> Result<Vec<Pair>, AnalysisError> {
        let (rows, cols) = (frame.rows.len(), frame.cols());
        let all: Vec<usize> = (0..rows).collect();
        let failed = |e| frame.failed("overlap", e, &all, cols);
        let (table, base) = (frame.table(y), frame.benchmark(y, Against::Whole));
        let cells = Matrix::new(&table, rows, cols).map_err(failed)?;
        let quotients = quotients_against(
            cells,
            Matrix::new(&base, rows, cols).map_err(failed)?,
            QuotientForm::Ratio,
        )
        .map_err(failed)?;
        let empty = |r: usize| cells.row(r).iter().all(|v| *v == 0.0);
        let focus = frame.looked_at();
        if focus.len() == 1 && frame.members > 1 {
            return Err(frame.refuse(format!(
                "of {} only {} has no figure missing, which leaves no pair; choose other regions or years",
                frame.focus, frame.rows[focus[0]].name
            )));
        }
        let wanted: Vec<(usize, usize)> = match focus.as_slice() {
            [one] => (0..rows).filter(|r| r != one).map(|r| (*one, r)).collect(),
            several => several
                .iter()
                .enumerate()
                .flat_map(|(k, &a)| several[k + 1..].iter().map(move |&b| (a, b)))
                .collect(),
        };
        let mut pairs = Vec::new();
        for (a, b) in wanted {
            let measures = if empty(a) || empty(b) {
                vec![None; MEASURES.len()]
            } else {
                let o = overlap(cells.row(a), cells.row(b)).map_err(failed)?;
                let of = |r: usize| &quotients[r * cols..(r + 1) * cols];
                let q = quotient_overlap(of(a), of(b), self.threshold).map_err(failed)?;
                vec![
                    Some(o.krugman),
                    Some(o.finger_kreinin),
                    Some(o.cosine),
                    Some(o.bray_curtis),
                    Some(o.jensen_shannon),
                    q.correlation,
                    q.shared,
                    Some(q.complementary as f64),
                ]
            };
            pairs.push(Pair { a, b, measures });
        }
        Ok(pairs)
    }
}

/// An empty table; where there is one pair its title names the two.
fn empty_table(frame: &Frame, pairs: &[Pair]) -> Table {
    let between = match pairs {
        [pair] => format!(" between {}", both(frame, pair)),
        _ => String::new(),
    };
    Table::new(
        ENTRY.id,
        format!(
            "Overlap of the structures of {}{between}, {}",
            lower_first(&frame.label),
            frame.span()
        ),
        vec![
            Column::key(C::Region),
            Column::key(C::OtherRegion),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
        ],
    )
}

fn fill(frame: &Frame, y: usize, pairs: &[Pair], table: &mut Table) {
    for pair in pairs {
        for (measure, value) in MEASURES.iter().zip(&pair.measures) {
            table.push(vec![
                frame.rows[pair.a].code.clone().into(),
                frame.rows[pair.b].code.clone().into(),
                both(frame, pair).into(),
                frame.year(y),
                (*measure).into(),
                (*value).into(),
            ]);
        }
    }
}

fn both(frame: &Frame, pair: &Pair) -> String {
    format!("{} and {}", frame.rows[pair.a].name, frame.rows[pair.b].name)
}

/// Pairs from the most to the least alike.
fn in_order(pairs: &[Pair]) -> Vec<&Pair> {
    let mut order: Vec<&Pair> = pairs.iter().collect();
    order.sort_by(|a, b| b.alike().total_cmp(&a.alike()));
    order
}

/// A row a year for a single pair; else the pairs of the last year, the most alike first.
fn view(frame: &Frame, years: &[Vec<Pair>]) -> View {
    let last = frame.last();
    let pairs = &years[last];
    let by_year = pairs.len() == 1 && years.len() > 1;
    let first = match (by_year, years.len()) {
        (true, _) => "Year".to_owned(),
        (false, 1) => "Regions".to_owned(),
        (false, _) => format!("Regions ({})", frame.years[last]),
    };
    let head = vec![
        Head::text(first),
        Head::number("Finger-Kreinin"),
        Head::number("Krugman"),
        Head::number("Cosine"),
        Head::number("Jensen-Shannon (nats)"),
        Head::number("Correlation of quotients"),
        Head::number("Complementary classes"),
    ];
    let most = if pairs.len() > MOST_PAIRS {
        SHOWN_PAIRS
    } else {
        pairs.len()
    };
    let row = |label: String, pair: &Pair| ViewRow {
        cells: vec![
            Shown::Text(label),
            Shown::maybe(pair.measures[1], Style::Fixed(3)),
            Shown::maybe(pair.measures[0], Style::Fixed(3)),
            Shown::maybe(pair.measures[2], Style::Fixed(3)),
            Shown::maybe(pair.measures[4], Style::Fixed(3)),
            Shown::maybe(pair.measures[5], Style::Signed(2)),
            Shown::maybe(pair.measures[7], Style::Fixed(0)),
        ],
        strong: false,
    };
    let rows = if by_year {
        let pairs = years.iter().flatten().zip(&frame.years);
        pairs.map(|(pair, year)| row(year.to_string(), pair)).collect()
    } else {
        let pairs = in_order(pairs).into_iter().take(most);
        pairs.map(|pair| row(both(frame, pair), pair)).collect()
    };
    View {
        head,
        rows,
        source: frame.source.clone(),
    }
}

/// The shares of both, back to back, where there is one pair.
fn wings(frame: &Frame, pair: &Pair) -> Figure {
    let y = frame.last();
    let (table, cols) = (frame.table(y), frame.cols());
    let shares = |r: usize| {
        let row = &table[r * cols..(r + 1) * cols];
        let total = quyu_math::sum(row);
        let share = move |x: &f64| if total > 0.0 { 100.0 * x / total } else { 0.0 };
        row.iter().map(share).collect::<Vec<f64>>()
    };
    let (a, b) = (shares(pair.a), shares(pair.b));
    let rows: Vec<Wings> = frame
        .classes
        .iter()
        .zip(a.iter().zip(&b))
        .map(|(class, (a, b))| Wings {
            label: class.name.clone(),
            left: *a,
            right: *b,
            role: Role::Other,
        })
        .collect();
    let furthest = rows
        .iter()
        .max_by(|p, q| (p.left - p.right).abs().total_cmp(&(q.left - q.right).abs()));
    let said = furthest.map_or_else(String::new, |f| {
        format!(
            " They differ most in {}: {} and {} %.",
            lower_first(&f.label),
            styled(f.left, Style::Fixed(1)),
            styled(f.right, Style::Fixed(1))
        )
    });
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "{}: {}, {}",
            both(frame, pair),
            lower_first(&frame.label),
            frame.years[y]
        ),
        alt: format!("Shares of the classes in the two, back to back.{said}"),
        source: frame.source.clone(),
        chart: Chart::Butterfly {
            axis: Axis::new("Share of the total", "%"),
            left: frame.rows[pair.a].name.clone(),
            right: frame.rows[pair.b].name.clone(),
            rows,
        },
    }
}

/// A matrix for a few regions, else bars of the most alike pairs.
fn figure(frame: &Frame, pairs: &[Pair]) -> Option<Figure> {
    let items: Vec<(String, f64)> = in_order(pairs)
        .into_iter()
        .filter_map(|pair| Some((both(frame, pair), pair.measures[1]?)))
        .collect();
    let (most, least) = (items.first()?.clone(), items.last()?.clone());
    let rows = frame.looked_at();
    let axis = Axis::new("Similarity of structures (Finger-Kreinin)", "");
    let chart = if (3..=WIDEST).contains(&rows.len()) {
        let value = |a: usize, b: usize| {
            let found = pairs
                .iter()
                .find(|p| (p.a, p.b) == (a, b) || (p.a, p.b) == (b, a));
            found.and_then(|p| p.measures[1])
        };
        Chart::Heat {
            axis,
            centre: None,
            columns: rows.iter().map(|&r| frame.rows[r].name.clone()).collect(),
            rows: rows
                .iter()
                .map(|&a| HeatRow {
                    label: frame.rows[a].name.clone(),
                    values: rows.iter().map(|&b| value(a, b)).collect(),
                    role: Role::Other,
                })
                .collect(),
        }
    } else {
        let bar = |(label, value): &(String, f64)| Bar {
            label: label.clone(),
            value: *value,
            role: Role::Other,
        };
        Chart::Bars {
            axis,
            bars: items.iter().take(SHOWN_PAIRS).map(bar).collect(),
            reference: None,
        }
    };
    Some(Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "{}: how alike the structures of {} are, {}",
            frame.focus,
            lower_first(&frame.label),
            frame.years[frame.last()]
        ),
        alt: format!(
            "Similarity of structures, 1 = the same. Most alike: {}; least: {}.",
            named(&[most], 1, Style::Fixed(3)),
            named(&[least], 1, Style::Fixed(3))
        ),
        source: frame.source.clone(),
        chart,
    })
}

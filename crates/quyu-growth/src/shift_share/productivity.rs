//! Output per person within and between sectors.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::styled;
use quyu_core::{
    AnalysisError, Column, Findings, Head, Note, NoteKind, RegionCode, Shown, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::shift_share::{self as numerics, Productivity, Reallocation};

use super::explain::Asked;
use super::parts::{role, year};
use super::{ENTRY, ShiftShare};
use crate::frame::{Frame, refuse};

/// The three parts under the names of results.
const PARTS: [&str; 3] = ["within", "between", "interaction"];

/// Labour and output of a region (or of several, pooled) in the first and the last year.
struct Pooled {
    labour: [Vec<f64>; 2],
    output: [Vec<f64>; 2],
}

impl Pooled {
    fn of(frame: &Frame<'_>, rows: &[usize]) -> Self {
        let last = frame.years.len() - 1;
        let pooled = |tables: &[Vec<f64>], y: usize| frame.pooled(&tables[y], rows);
        Self {
            labour: [pooled(&frame.employment, 0), pooled(&frame.employment, last)],
            output: [pooled(&frame.value, 0), pooled(&frame.value, last)],
        }
    }

    fn work(
        &self,
        frame: &Frame<'_>,
        name: &str,
        reallocation: Reallocation,
    ) -> Result<Productivity, AnalysisError> {
        let labour = [&self.labour[0][..], &self.labour[1][..]];
        let output = [&self.output[0][..], &self.output[1][..]];
        numerics::productivity(labour, output, reallocation).map_err(|error| match error {
            Error::Zero {
                argument: "labour",
                index,
            } => refuse(
                ENTRY.id,
                format!(
                    "{name}: {} has output but employs nobody, so it has no productivity",
                    frame.sector(index)
                ),
            ),
            Error::Zero {
                argument: "labour total",
                ..
            } => refuse(
                ENTRY.id,
                format!("{name} employs nobody, so it has no productivity"),
            ),
            other => frame.failed(other),
        })
    }

    fn share(&self, year: usize, sector: usize) -> f64 {
        self.labour[year][sector] / quyu_math::sum(&self.labour[year])
    }

    fn level(&self, year: usize, sector: usize) -> Option<f64> {
        let labour = self.labour[year][sector];
        (labour > 0.0).then(|| self.output[year][sector] / labour)
    }

    fn whole(&self, year: usize) -> f64 {
        quyu_math::sum(&self.output[year]) / quyu_math::sum(&self.labour[year])
    }
}

/// Parts of each sector, in the order of [`PARTS`].
fn of_sector(found: &Productivity, sector: usize) -> [f64; 3] {
    [
        found.within[sector],
        found.between[sector],
        found.interaction[sector],
    ]
}

pub(super) fn findings(
    analysis: &ShiftShare,
    asked: &Asked<'_, '_>,
    reallocation: Reallocation,
) -> Result<Findings, AnalysisError> {
    let frame = asked.frame;
    let unit = unit(analysis, frame)?;
    let focus = Pooled::of(frame, &frame.focus_rows());
    let found = focus.work(frame, &frame.study.focus.name_en, reallocation)?;
    let mut regions = Vec::new();
    for r in 0..frame.regions.len() {
        regions.push(Pooled::of(frame, &[r]).work(frame, &frame.region(r), reallocation)?);
    }
    let mut notes = analysis.notes(frame)?;
    notes.extend(one_sided(frame, &regions));
    Ok(Findings {
        tables: vec![
            sector_table(frame, &focus, &found, &unit),
            region_table(frame, &regions, &unit),
        ],
        figures: vec![
            sector_figure(frame, &found, &unit),
            region_figure(frame, &regions, &unit),
        ],
        notes,
    })
}

/// The unit of the value over that of employment.
fn unit(analysis: &ShiftShare, frame: &Frame<'_>) -> Result<String, AnalysisError> {
    let mut unit = analysis.unit(frame)?;
    if let Some(employment) = &analysis.employment {
        let persons = &frame.study.atlas.codebook.indicator(&employment.indicator)?.unit;
        unit = format!("{unit} per {persons}");
    }
    Ok(unit)
}

/// Sectors that a region entered or left.
fn one_sided(frame: &Frame<'_>, regions: &[Productivity]) -> Option<Note> {
    let concerned: Vec<RegionCode> = regions
        .iter()
        .zip(&frame.regions)
        .filter(|(p, _)| p.one_sided.contains(&true))
        .map(|(_, region)| region.clone())
        .collect();
    (!concerned.is_empty()).then(|| Note {
        kind: NoteKind::Zero,
        text: "A sector that employs nobody in one of the two years counts with its productivity of the other year: its \
               coming or going is a move between sectors."
            .to_owned(),
        regions: concerned,
    })
}

fn sector_table(frame: &Frame<'_>, focus: &Pooled, found: &Productivity, unit: &str) -> Table {
    let study = frame.study;
    let mut table = Table::new(
        ENTRY.id,
        format!(
            "{}: change of output per person, {}",
            study.focus.name_en,
            frame.span()
        ),
        vec![
            Column::key(C::Region),
            Column::key(C::Class),
            Column::key(C::Name),
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Component),
            Column::of(C::Contribution, unit),
            Column::of(C::Share, "1"),
        ],
    );
    let mut push = |class: String, label: &str, name: &str, amount: f64| {
        table.push(vec![
            study.focus.id.clone().into(),
            class.into(),
            label.into(),
            year(frame.from()),
            year(frame.to()),
            name.into(),
            amount.into(),
            (focus.whole(0) > 0.0).then(|| amount / focus.whole(0)).into(),
        ]);
    };
    let mut rows = Vec::new();
    for (s, label) in frame.sectors().iter().enumerate() {
        let parts = of_sector(found, s);
        for (name, amount) in PARTS.into_iter().zip(parts) {
            push(frame.class(s), label, name, amount);
        }
        let levels = [focus.level(0, s), focus.level(1, s)];
        rows.push(view_row(label, focus.share(0, s), levels, parts, false));
    }
    for (name, amount) in PARTS.into_iter().zip(found.total) {
        push("total".into(), "All sectors", name, amount);
    }
    push("total".into(), "All sectors", "change", found.change);
    let whole = [Some(focus.whole(0)), Some(focus.whole(1))];
    rows.push(view_row("All sectors", 1.0, whole, found.total, true));
    table.with_view(View {
        head: vec![
            Head::text("Sector"),
            Head::number(format!("Employed {} (%)", frame.from())),
            Head::number(format!("{} ({unit})", frame.from())),
            Head::number(frame.to().to_string()),
            Head::number("Within"),
            Head::number("Between"),
            Head::number("Interaction"),
        ],
        rows,
        source: frame.source.clone(),
    })
}

fn view_row(label: &str, share: f64, levels: [Option<f64>; 2], parts: [f64; 3], strong: bool) -> ViewRow {
    let mut cells = vec![
        Shown::Text(label.to_owned()),
        Shown::Number(share, Style::Percent(1)),
    ];
    cells.extend(levels.map(|x| Shown::maybe(x, Style::Fixed(2))));
    cells.extend(parts.map(|x| Shown::Number(x, Style::Signed(2))));
    ViewRow { cells, strong }
}

/// Every region, in total.
fn region_table(frame: &Frame<'_>, regions: &[Productivity], unit: &str) -> Table {
    let mut table = Table::new(
        "regions",
        format!("Change of output per person, all regions, {}", frame.span()),
        vec![
            Column::key(C::Region),
            Column::key(C::Name),
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Component),
            Column::of(C::Contribution, unit),
        ],
    );
    for (r, found) in regions.iter().enumerate() {
        let parts = PARTS.into_iter().zip(found.total);
        for (name, amount) in parts.chain([("change", found.change)]) {
            table.push(vec![
                frame.regions[r].to_string().into(),
                frame.region(r).into(),
                year(frame.from()),
                year(frame.to()),
                name.into(),
                amount.into(),
            ]);
        }
    }
    table
}

fn stack(label: String, parts: [f64; 3], role: Role) -> Stack {
    Stack {
        label,
        parts: parts.to_vec(),
        role,
    }
}

fn net(row: &Stack) -> f64 {
    row.parts.iter().copied().reduce(|a, b| a + b).unwrap_or_default()
}

fn diverging(unit: &str, mut rows: Vec<Stack>) -> (Chart, String) {
    rows.sort_by(|a, b| net(b).total_cmp(&net(a)));
    let said = |row: &Stack| format!("{} ({})", row.label, styled(net(row), Style::Signed(2)));
    let ends = format!("{} first, {} last", said(&rows[0]), said(&rows[rows.len() - 1]));
    let chart = Chart::Diverging {
        axis: Axis::new("Change of output per person", unit),
        parts: PARTS.map(str::to_owned).to_vec(),
        rows,
    };
    (chart, ends)
}

fn sector_figure(frame: &Frame<'_>, found: &Productivity, unit: &str) -> Figure {
    let sectors = frame.sectors().into_iter().enumerate();
    let rows = sectors.map(|(s, label)| stack(label, of_sector(found, s), Role::Other));
    let (chart, ends) = diverging(unit, rows.collect());
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "{}: where growth of output per person came from, {}",
            frame.study.focus.name_en,
            frame.span()
        ),
        alt: format!(
            "Diverging bars of the parts within, between and interaction by sector, in {unit}: {ends}."
        ),
        source: frame.source.clone(),
        chart,
    }
}

fn region_figure(frame: &Frame<'_>, regions: &[Productivity], unit: &str) -> Figure {
    let rows = regions.iter().enumerate();
    let rows = rows.map(|(r, found)| stack(frame.region(r), found.total, role(frame, r)));
    let (chart, ends) = diverging(unit, rows.collect());
    Figure {
        id: "regions".to_owned(),
        title: format!("Growth of output per person by region, {}", frame.span()),
        alt: format!(
            "Diverging bars of the parts within, between and interaction by region, in {unit}: {ends}."
        ),
        source: frame.source.clone(),
        chart,
    }
}

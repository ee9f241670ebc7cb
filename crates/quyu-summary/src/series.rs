//! `series`: one indicator over the years, for the focus, its members and the reference.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Line, Panel, Role, SlopeLine};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Datum, Entry, Findings, Head, Nature, Need, Param, ParamError,
    ParamKind, Params, Progress, RegionSet, Shown, Study, Table, Term, View, ViewRow, Year,
};

use crate::{largest, style_of, vintage_cell};

/// The declaration of `series`.
pub(crate) const ENTRY: Entry = Entry {
    id: "series",
    summary: "One indicator over the years, for the focus, its members and the reference",
    manual: MANUAL,
    params: &[
        Param::required("value", ParamKind::Column, "the indicator to follow"),
        Param::with_default(
            "members",
            ParamKind::Flag,
            "false",
            "a line for each member of the focus",
        ),
        Param::with_default(
            "compare",
            ParamKind::Flag,
            "true",
            "a line for the reference, where it is a ratio",
        ),
        Param::optional(
            "peers",
            ParamKind::Expr,
            "a set (`package:set`): a grey line for each of its members beside the focus",
        ),
    ],
    example: "value = \"gdp_pc\"\nmembers = true\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How has the indicator moved over the years?

**Definition.** The value of each year of the period, aggregated by the nature of the indicator (sums, or ratios of sums). A
year in which a figure is missing is left out and breaks the line. The table prints the vintage of every value; all
values of one line come from one series of vintages.

**Limits.** Money is at current prices unless the indicator says otherwise.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Series {
        value: params.term(ENTRY.id, "value")?,
        members: params.flag("members"),
        compare: params.flag("compare"),
        peers: params.text("peers").map(str::to_owned),
    }))
}

#[derive(Debug)]
struct Series {
    value: Term,
    members: bool,
    compare: bool,
    peers: Option<String>,
}

/// The values of one set over the years.
struct Track {
    set: RegionSet,
    role: Role,
    data: Vec<Option<Datum>>,
}

impl Analysis for Series {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone()), Need::Period]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let indicator = study.atlas.codebook.check(&self.value)?;
        let mut sets = Vec::new();
        if !self.members || study.focus.members().len() == 1 {
            sets.push((study.focus.clone(), Role::Focus));
        } else {
            let many = study.focus.members().len() > 8;
            for (i, code) in study.focus.members().iter().enumerate() {
                let region = study.atlas.regions.find(&code.to_string())?;
                sets.push((
                    RegionSet::single(region),
                    if many { Role::Peer } else { Role::Category(i) },
                ));
            }
        }
        // A set is not compared with itself.
        let itself = sets.iter().any(|(s, _)| s.members() == study.reference.members());
        if self.compare && !itself && matches!(indicator.nature, Nature::Intensive { .. }) {
            sets.push((study.reference.clone(), Role::Reference));
        }
        let years = study.years();
        if let Some(peers) = &self.peers {
            let beside = study.atlas.set(peers)?.members().iter();
            for code in beside.filter(|code| !study.focus.contains(code)) {
                let region = study.atlas.regions.find(&code.to_string())?;
                sets.push((RegionSet::single(region), Role::Other));
            }
        }
        let mut tracks = Vec::new();
        for (set, role) in sets {
            tracks.push(track(study, &self.value, set, role, &years)?);
        }
        if tracks.iter().all(|t| t.data.iter().all(Option::is_none)) {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "`{}` is not observed in any year from {} to {}",
                    self.value, study.period.from, study.period.to
                ),
            });
        }
        let used: Vec<Datum> = tracks
            .iter()
            .flat_map(|t| t.data.iter().flatten().cloned())
            .collect();
        let source = study.source_line(&used);
        let label = study.atlas.codebook.label(&self.value);
        let table = table(
            study,
            &label,
            &indicator.unit,
            &self.value,
            &years,
            &tracks,
            &source,
        );
        let figure = figure(&label, &indicator.unit, &years, &tracks, source);
        let notes = study.notes_on(std::slice::from_ref(&self.value), &used);
        Ok(Findings {
            tables: vec![table],
            figures: vec![figure],
            notes,
        })
    }
}

fn track(
    study: &Study,
    term: &Term,
    set: RegionSet,
    role: Role,
    years: &[Year],
) -> Result<Track, AnalysisError> {
    // A year without a figure is a gap, whatever the policy on missing values of the rest of the study.
    let lenient = Study {
        missing: quyu_core::Missing::Drop,
        ..study.clone()
    };
    let mut data: Vec<Option<Datum>> = Vec::new();
    for year in years {
        data.push(lenient.aggregate(term, &set, *year)?);
    }
    let observed: Vec<Year> = years
        .iter()
        .zip(&data)
        .filter(|(_, d)| d.is_some())
        .map(|(y, _)| *y)
        .collect();
    for pair in observed.windows(2) {
        study.one_series(term, set.members(), pair[0], pair[1])?;
    }
    Ok(Track { set, role, data })
}

fn table(
    study: &Study,
    label: &str,
    unit: &str,
    term: &Term,
    years: &[Year],
    tracks: &[Track],
    source: &str,
) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        format!("{label}, {} to {}", study.period.from, study.period.to),
        vec![
            Column::key(C::Region),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::key(C::Statistic),
            Column::of(C::Value, unit),
            Column::key(C::Vintage),
        ],
    );
    for track in tracks {
        for (year, datum) in years.iter().zip(&track.data) {
            table.push(vec![
                track.set.id.clone().into(),
                track.set.name_en.clone().into(),
                Cell::Integer(i64::from(year.get())),
                term.to_string().into(),
                datum.as_ref().map(|d| d.value).into(),
                datum
                    .as_ref()
                    .map_or(Cell::Missing, |d| vintage_cell(&d.from).into()),
            ]);
        }
    }
    if tracks.len() > 6 {
        return table;
    }
    let size = largest(
        tracks
            .iter()
            .flat_map(|t| t.data.iter().flatten().map(|d| d.value)),
    );
    let style = style_of(unit, size);
    let mut head = vec![Head::text("Year")];
    head.extend(
        tracks
            .iter()
            .map(|t| Head::number(format!("{} ({unit})", t.set.name_en))),
    );
    let rows = (0..years.len())
        .filter(|&y| tracks.iter().any(|t| t.data[y].is_some()))
        .map(|y| {
            let mut cells = vec![Shown::Text(years[y].to_string())];
            cells.extend(
                tracks
                    .iter()
                    .map(|t| Shown::maybe(t.data[y].as_ref().map(|d| d.value), style)),
            );
            ViewRow { cells, strong: false }
        })
        .collect();
    table.with_view(View {
        head,
        rows,
        source: source.to_owned(),
    })
}

fn figure(label: &str, unit: &str, years: &[Year], tracks: &[Track], source: String) -> Figure {
    let point =
        |(year, datum): (&Year, &Option<Datum>)| datum.as_ref().map(|d| (f64::from(year.get()), d.value));
    let lines: Vec<Line> = tracks
        .iter()
        .map(|t| Line {
            label: t.set.name_en.clone(),
            points: years.iter().zip(&t.data).map(point).collect(),
            role: t.role,
        })
        .collect();
    let size = largest(lines.iter().flat_map(|l| l.points.iter().flatten().map(|p| p.1)));
    let style = style_of(unit, size);
    let mut alt = format!("Lines of {label} by year.");
    for line in lines.iter().filter(|l| l.role != Role::Other).take(4) {
        let observed: Vec<&(f64, f64)> = line.points.iter().flatten().collect();
        if let (Some(first), Some(last)) = (observed.first(), observed.last()) {
            alt.push_str(&format!(
                " {}: {} {unit} in {:.0}, {} {unit} in {:.0}.",
                line.label,
                styled(first.1, style),
                first.0,
                styled(last.1, style),
                last.0
            ));
        }
    }
    Figure {
        id: ENTRY.id.to_owned(),
        title: label.to_owned(),
        alt,
        source,
        chart: chart(Axis::new(label, unit), years, lines),
    }
}

/// More lines than this in one plot are a tangle.
const MOST_LINES: usize = 8;

/// More slopes than this leave their labels far from their ends.
const MOST_SLOPES: usize = 16;

/// A slope between two years, panels for many sets, else lines.
fn chart(y: Axis, years: &[Year], lines: Vec<Line>) -> Chart {
    let seen = |y: &&Year| {
        lines
            .iter()
            .any(|l| l.points.iter().flatten().any(|p| p.0 == f64::from(y.get())))
    };
    let seen: Vec<&Year> = years.iter().filter(seen).collect();
    let whole = |l: &Line| l.points.iter().flatten().count() == 2;
    if let [from, to] = seen[..]
        && lines.len() <= MOST_SLOPES
        && lines.len() > 1
        && lines.iter().all(whole)
    {
        let slope = |line: Line| {
            let mut ends = line.points.iter().flatten().map(|p| p.1);
            SlopeLine {
                from: ends.next().unwrap_or_default(),
                to: ends.next().unwrap_or_default(),
                label: line.label,
                role: line.role,
            }
        };
        return Chart::Slope {
            axis: y,
            from: from.to_string(),
            to: to.to_string(),
            lines: lines.into_iter().map(slope).collect(),
        };
    }
    if lines.len() <= MOST_LINES {
        return Chart::Lines {
            x: Axis::years(),
            y,
            lines,
            from_zero: false,
        };
    }
    let (beside, own): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|l| l.role == Role::Reference);
    // A grey line would be lost beside that of the reference.
    let coloured = |line: Line| Line {
        role: if line.role == Role::Peer {
            Role::Category(0)
        } else {
            line.role
        },
        ..line
    };
    let panel = |line: Line| Panel {
        label: line.label.clone(),
        role: line.role,
        lines: beside.iter().cloned().chain([coloured(line)]).rev().collect(),
    };
    Chart::Panels {
        x: Axis::years(),
        y,
        panels: own.into_iter().map(panel).collect(),
        from_zero: false,
    }
}

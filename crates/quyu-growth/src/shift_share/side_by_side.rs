//! `shift-share-variants`: the change of a region under several variants side by side.

use quyu_core::ColumnName as C;
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind, Params,
    Progress, Shown, Study, Style, Table, View, ViewRow,
};

use super::neighbours::{self, Relation};
use super::parts::{Worked, year};
use super::variant::Kind;
use super::{Asked, Compare, ShiftShare, Substitute, years};

/// The declaration of `shift-share-variants`.
pub(crate) const ENTRY: Entry = Entry {
    id: "shift-share-variants",
    summary: "The growth of a region under several variants of shift-share side by side",
    manual: MANUAL,
    params: &[
        Param::required(
            "value",
            ParamKind::Column,
            "an indicator that is split by sector (value added, employment)",
        ),
        Param::optional(
            "chain",
            ParamKind::Column,
            "an index (preceding year = 100) by sector that chains the first year forward: growth at constant prices of \
             the first year",
        ),
        Param::optional(
            "neighbours",
            ParamKind::Choice(neighbours::NAMES),
            "add the spatial variants, over common borders that count by default (`contiguity`) or with optional links too \
             (`contiguity-all`); left out without it",
        ),
        Param::optional(
            "substitute",
            ParamKind::List(&ParamKind::Expr),
            "cells to take from another indicator so that sectors close, each `REGION YEAR class = term`; every one becomes a note",
        ),
    ],
    example: "value = \"va4\"\n",
    build: |params| Ok(Box::new(SideBySide::new(params)?)),
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does the answer to \"who grew, and why\" depend on which shift-share is taken?

**Definition.** The parts of the change of all sectors of the focus under each variant of `shift-share`: `classic`, `esteban-marquillas`, `arcelus`,
`arcelus-short`, `dynamic` and `dynamic-esteban-marquillas`; with `neighbours` also `nazara-hewings-industry` and `mayor-lopez-industry`. `classic` stands there a second
time against the rest of the reference, the region itself left out. Formulas are those of the manual of `shift-share`. Shares are of the value of the
first year; the parts of every row add up to the same change.

**Limits.** The variants divide the same change along different lines; none of them is the right one. Parts of the same name are comparable between variants
only where their formula is the same. Whether the allocation effect may be added over regions is disputed (Stokes 1974).

**References.** Dunn 1960, Papers and Proceedings of the Regional Science Association 6:97-112; Esteban-Marquillas 1972, Regional and Urban Economics
2:249-255; Barff and Knight 1988, Growth and Change 19(2):1-10; Arcelus 1984, Growth and Change 15(1):3-8; Nazara and Hewings 2004, Growth and Change
35(4):476-490; Mayor and López 2008, Empirical Economics 34:123-142.
";

/// The variants shown, each with what the region is compared with.
const SHOWN: [(&str, Compare); 7] = [
    ("classic", Compare::Nation),
    ("classic", Compare::Rest),
    ("esteban-marquillas", Compare::Nation),
    ("arcelus", Compare::Nation),
    ("arcelus-short", Compare::Nation),
    ("dynamic", Compare::Nation),
    ("dynamic-esteban-marquillas", Compare::Nation),
];
/// Those that need neighbours.
const SPATIAL: [(&str, Compare); 2] = [
    ("nazara-hewings-industry", Compare::Nation),
    ("mayor-lopez-industry", Compare::Nation),
];

/// The shift-shares that are put side by side.
#[derive(Debug)]
struct SideBySide {
    shown: Vec<ShiftShare>,
}

impl SideBySide {
    fn new(params: &Params) -> Result<Self, ParamError> {
        super::check_chain(params)?;
        let spatial = params.text("neighbours").map(|_| SPATIAL);
        let shown = SHOWN.into_iter().chain(spatial.into_iter().flatten());
        let one = |(variant, compare): (&str, Compare)| {
            let optional =
                |name: &'static str| params.text(name).map(|_| params.term(ENTRY.id, name)).transpose();
            Ok(ShiftShare {
                value: params.term(ENTRY.id, "value")?,
                kind: Kind::named(variant),
                variant: variant.to_owned(),
                chain: optional("chain")?,
                employment: None,
                compare,
                relation: Relation::named(params.text("neighbours")),
                years: Vec::new(),
                substitutes: params
                    .texts("substitute")
                    .into_iter()
                    .map(Substitute::parse)
                    .collect::<Result<_, _>>()?,
            })
        };
        Ok(Self {
            shown: shown.map(one).collect::<Result<_, _>>()?,
        })
    }
}

/// One variant worked out: its name, its parts as shares of the first year, and the change.
struct Line {
    variant: String,
    name: String,
    parts: Vec<(&'static str, &'static str, f64)>,
    change: f64,
}

impl Analysis for SideBySide {
    fn needs(&self) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        for need in self.shown.iter().flat_map(Analysis::needs) {
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let mut found = Findings::default();
        let (mut lines, mut said) = (Vec::new(), None);
        for asked in &self.shown {
            let (frame, peers) = asked.load(study)?;
            let against = Asked {
                frame: &frame,
                compare: &asked.compare,
                peers: peers.as_ref(),
            };
            let parts = match asked.kind {
                Kind::Dynamic(variant) => years::dynamic(&against, variant)?.sum,
                _ => asked.parts(&against)?,
            };
            let worked = asked.worked(&against, parts)?;
            for note in asked.notes(&frame)? {
                if !found.notes.contains(&note) {
                    found.notes.push(note);
                }
            }
            lines.push(line(asked, &worked)?);
            said.get_or_insert_with(|| Said::of(&worked));
        }
        if let Some(said) = said {
            found.tables.push(said.table(&lines));
        }
        Ok(found)
    }
}

fn line(asked: &ShiftShare, worked: &Worked<'_>) -> Result<Line, AnalysisError> {
    let (base, change, groups) = worked.totals()?;
    let share = |amount: f64| if base > 0.0 { amount / base } else { 0.0 };
    let labels = worked.layout.groups.iter().map(|g| (g.id(), g.label));
    let parts = labels.zip(groups).map(|((id, label), v)| (id, label, share(v)));
    let (suffix, name) = match asked.compare {
        Compare::Rest => ("-rest", ", against the rest"),
        _ => ("", ""),
    };
    Ok(Line {
        variant: format!("{}{suffix}", asked.variant),
        name: format!("{}{name}", spelled(&asked.variant)),
        parts: parts.collect(),
        change: share(change),
    })
}

/// A variant as a reader calls it.
fn spelled(variant: &str) -> &'static str {
    match variant {
        "esteban-marquillas" => "Esteban-Marquillas",
        "arcelus" => "Arcelus",
        "arcelus-short" => "Arcelus, short",
        "dynamic" => "Dynamic",
        "dynamic-esteban-marquillas" => "Dynamic Esteban-Marquillas",
        "nazara-hewings-industry" => "Nazara-Hewings",
        "mayor-lopez-industry" => "Mayor-López",
        _ => "Classic",
    }
}

/// What titles say.
struct Said {
    focus: (String, String),
    label: String,
    span: String,
    years: [Cell; 2],
    source: String,
}

impl Said {
    fn of(worked: &Worked<'_>) -> Self {
        let frame = worked.frame;
        let focus = &frame.study.focus;
        Self {
            focus: (focus.id.clone(), focus.name_en.clone()),
            label: lower_first(&worked.indicator.label_en),
            span: frame.span(),
            years: [year(frame.from()), year(frame.to())],
            source: frame.source.clone(),
        }
    }

    fn title(&self) -> String {
        format!(
            "{}: variants of shift-share of {}, {}",
            self.focus.1, self.label, self.span
        )
    }

    fn table(&self, lines: &[Line]) -> Table {
        let columns = vec![
            Column::key(C::Region),
            Column::key(C::From),
            Column::key(C::To),
            Column::key(C::Variant),
            Column::key(C::Component),
            Column::of(C::Share, "1"),
        ];
        let mut table = Table::new(ENTRY.id, self.title(), columns);
        for line in lines {
            let change = [("change", "", line.change)];
            for (component, _, share) in change.iter().chain(&line.parts) {
                table.push(vec![
                    self.focus.0.clone().into(),
                    self.years[0].clone(),
                    self.years[1].clone(),
                    line.variant.clone().into(),
                    (*component).into(),
                    (*share).into(),
                ]);
            }
        }
        table.with_view(View {
            head: vec![
                Head::text("Variant"),
                Head::number("Change (%)"),
                Head::number("National share (points)"),
                Head::text("Parts beyond it (points)"),
            ],
            rows: lines.iter().map(view_row).collect(),
            source: self.source.clone(),
        })
    }
}

fn view_row(line: &Line) -> ViewRow {
    let (national, beyond): (Vec<_>, Vec<_>) = line.parts.iter().partition(|(id, _, _)| *id == "national");
    let points = |share: f64| styled(share, Style::SignedPercent(1));
    let said: Vec<String> = beyond
        .iter()
        .map(|(_, label, share)| format!("{label} {}", points(*share)))
        .collect();
    ViewRow {
        cells: vec![
            Shown::Text(line.name.clone()),
            Shown::Number(line.change, Style::SignedPercent(1)),
            Shown::maybe(national.first().map(|p| p.2), Style::SignedPercent(1)),
            Shown::Text(said.join("; ")),
        ],
        strong: false,
    }
}

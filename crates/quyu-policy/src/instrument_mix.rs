//! `instrument-mix`: by which means documents or places pursue innovation.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::styled;
use quyu_core::policy::{Coding, Policy};
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::policy::{Mix, chi_square_distance, mix};
use quyu_econometrics::structure::overlap;

use crate::lists::in_focus;

/// The declaration of `instrument-mix`.
pub(crate) const ENTRY: Entry = Entry {
    id: "instrument-mix",
    summary: "By which instruments documents or places pursue innovation, and how far their mixes lie apart",
    manual: MANUAL,
    params: &[Param::with_default(
        "by",
        ParamKind::Choice(&["region", "document"]),
        "region",
        "whose mix: that of each place, all its coded documents together, or of each document",
    )],
    example: "",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does a place push with money and training, shape conditions, or buy? How concrete is it?

**Definition.** Taken are the coded documents of the regions in focus and of regions inside them; a note names the others. Each clause counts once, under its primary instrument; organisational clauses (`NONE`) are left out of shares and counted.
`share` of each instrument among the clauses coded; `entropy` = - sum s ln s in nats, 0 ln 0 = 0, over all instruments of the codebook;
`evenness` = entropy / ln k, 0 (one instrument) to 1; `hhi` = sum s^2, 1/k to 1; shares of `supply`, `environment` and `demand` instruments after
Rothwell and Zegveld; `concreteness`, the mean of 0 (advocacy or heading only), 1 (a named measure), 2 (an amount, rate or deadline) over the
same clauses. Distances between two mixes p and q: `chi-square` = sqrt(sum (p - q)^2 / m) with m the mix of all clauses;
`jensen-shannon`, the divergence from their mean in nats, 0 to ln 2.

**Limits.** A clause is not a sum of money, and a document is not a policy. Few clauses make shares jump. Documents coded from headings have
no concreteness to speak of.

**References.** Rothwell and Zegveld 1985, Reindustrialization and Technology; Shannon 1948, Bell System Technical Journal 27:379-423; Hirschman 1964,
American Economic Review 54:761; Greenacre 2017, Correspondence Analysis in Practice; Lin 1991, IEEE Transactions on Information Theory 37:145-151.
";

/// The groups of instruments, in the order of the columns.
const GROUPS: [&str; 3] = ["supply", "environment", "demand"];
/// The code of a clause without an instrument.
const NONE: &str = "NONE";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(InstrumentMix {
        documents: params.text("by") == Some("document"),
    }))
}

#[derive(Debug)]
struct InstrumentMix {
    documents: bool,
}

/// A place or document with its clauses.
struct Unit {
    region: String,
    name: String,
    counts: Vec<f64>,
    mix: Mix,
    groups: [f64; 3],
    concreteness: f64,
    organisational: usize,
}

impl Unit {
    fn clauses(&self) -> usize {
        quyu_math::sum(&self.counts) as usize
    }
}

impl Analysis for InstrumentMix {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Clauses]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let policy = &study.atlas.policy;
        let scope = Scope::of(study);
        if scope.inside.is_empty() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "no document of {} is coded; coded are documents of {}",
                    study.focus.name_en,
                    scope.elsewhere(policy)
                ),
            });
        }
        let (units, left_out) = self.units(study, &scope)?;
        if units.is_empty() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!("no clause of {} is coded by an instrument", study.focus.name_en),
            });
        }
        let mut tables = vec![mixes(policy, &units)];
        if units.len() > 1 {
            tables.push(distances(policy, &units)?);
        }
        let mut notes = vec![pilot(policy, &scope)];
        if !scope.outside.is_empty() {
            notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "Left out, for they are not of {}: documents of {}.",
                    study.focus.name_en,
                    scope.elsewhere(policy)
                ),
            ));
        }
        if !left_out.is_empty() {
            notes.push(Note::new(
                NoteKind::Missing,
                format!(
                    "Left out, for all clauses are organisational: {}.",
                    left_out.join("; ")
                ),
            ));
        }
        Ok(Findings {
            tables,
            figures: vec![figure(&units)],
            notes,
        })
    }
}

/// The coded documents: those of the focus, and the others.
struct Scope<'a> {
    inside: BTreeSet<&'a str>,
    outside: BTreeSet<&'a str>,
}

impl<'a> Scope<'a> {
    fn of(study: &'a Study) -> Self {
        let coded: BTreeSet<&str> = study
            .atlas
            .policy
            .clauses
            .keys()
            .map(|(d, _)| d.as_str())
            .collect();
        let (inside, outside) = coded.into_iter().partition(|d| {
            let document = study.atlas.policy.documents.get(*d);
            document.is_some_and(|d| in_focus(study, &d.region))
        });
        Self { inside, outside }
    }

    /// The places of the documents that are left out.
    fn elsewhere(&self, policy: &Policy) -> String {
        places(policy, &self.outside)
    }
}

/// The places of documents in words; an unknown document is named itself.
fn places(policy: &Policy, documents: &BTreeSet<&str>) -> String {
    let place = |d: &&str| {
        policy
            .documents
            .get(*d)
            .map_or((*d).to_owned(), |d| d.region_name.clone())
    };
    let places: BTreeSet<String> = documents.iter().map(place).collect();
    places.into_iter().collect::<Vec<_>>().join(", ")
}

impl InstrumentMix {
    /// The units in order, and the names of those without a clause that has an instrument.
    fn units(&self, study: &Study, scope: &Scope<'_>) -> Result<(Vec<Unit>, Vec<String>), AnalysisError> {
        let policy = &study.atlas.policy;
        let mut of: BTreeMap<(String, String), Vec<&Coding>> = BTreeMap::new();
        for ((document, _), coding) in &policy.clauses {
            if !scope.inside.contains(document.as_str()) {
                continue;
            }
            let (region, place, title) = policy.documents.get(document).map_or_else(
                || (String::new(), document.clone(), document.clone()),
                |d| {
                    (
                        code(study, &d.region),
                        d.region_name.clone(),
                        format!("{} ({document})", d.title_en),
                    )
                },
            );
            let name = if self.documents { title } else { place };
            of.entry((region, name)).or_default().push(coding);
        }
        let (mut units, mut left_out) = (Vec::new(), Vec::new());
        for ((region, name), codings) in of {
            match unit(policy, region, &name, &codings)? {
                Some(unit) => units.push(unit),
                None => left_out.push(name),
            }
        }
        Ok((units, left_out))
    }
}

/// The code of a region as other tables print it; the text of the document where the region is unknown.
fn code(study: &Study, region: &str) -> String {
    let known = study.atlas.regions.known(region);
    known.map_or_else(|| region.to_owned(), |r| r.code.to_string())
}

fn unit(
    policy: &Policy,
    region: String,
    name: &str,
    codings: &[&Coding],
) -> Result<Option<Unit>, AnalysisError> {
    let (none, coded): (Vec<&Coding>, Vec<&Coding>) = codings.iter().partition(|c| c.primary == NONE);
    if coded.is_empty() {
        return Ok(None);
    }
    let instruments: Vec<&String> = policy.instruments.keys().collect();
    let count = |code: &String| coded.iter().filter(|c| c.primary == *code).count() as f64;
    let counts: Vec<f64> = instruments.iter().map(|code| count(code)).collect();
    if let Some(odd) = coded
        .iter()
        .find(|c| !policy.instruments.contains_key(&c.primary))
    {
        return Err(AnalysisError::Study {
            analysis: ENTRY.id,
            reason: format!(
                "`{}` of {name} is not in the codebook of instruments",
                odd.primary
            ),
        });
    }
    let mix = mix(&counts).map_err(|e| AnalysisError::statistic("mix of instruments", e))?;
    let group = |g: &str| {
        let shares = policy.instruments.values().zip(&mix.shares);
        let own: Vec<f64> = shares.filter(|(i, _)| i.group == g).map(|(_, s)| *s).collect();
        quyu_math::sum(&own)
    };
    let concreteness = quyu_math::sum_by(coded.len(), |i| coded[i].concreteness as f64) / coded.len() as f64;
    Ok(Some(Unit {
        region,
        name: name.to_owned(),
        groups: GROUPS.map(group),
        counts,
        mix,
        concreteness,
        organisational: none.len(),
    }))
}

/// What the coding is, from the coding itself.
fn pilot(policy: &Policy, scope: &Scope<'_>) -> Note {
    let clauses = policy
        .clauses
        .keys()
        .filter(|(d, _)| scope.inside.contains(d.as_str()));
    let coders = match policy.codings.len() {
        0 => "a single coder, without a check of reliability".to_owned(),
        n => format!("{} coders; the first one's codes are counted", n + 1),
    };
    Note::new(
        NoteKind::Trust,
        format!(
            "A pilot coding by {coders}: {} clauses of {} documents of {}. It is no comparison of provinces.",
            clauses.count(),
            scope.inside.len(),
            places(policy, &scope.inside)
        ),
    )
}

fn mixes(policy: &Policy, units: &[Unit]) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        "Mix of instruments (a pilot coding)",
        vec![
            Column::key(C::Region),
            Column::key(C::Name),
            Column::key(C::Component),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::key(C::N),
        ],
    );
    for unit in units {
        let mut row = |component: &str, statistic: &str, estimate: Option<f64>| {
            table.push(vec![
                unit.region.as_str().into(),
                unit.name.as_str().into(),
                component.into(),
                statistic.into(),
                estimate.into(),
                unit.clauses().into(),
            ]);
        };
        for (code, share) in policy.instruments.keys().zip(&unit.mix.shares) {
            row(code, "share", Some(*share));
        }
        for (group, share) in GROUPS.iter().zip(unit.groups) {
            row(group, "share", Some(share));
        }
        row("all", "entropy", Some(unit.mix.entropy));
        row("all", "evenness", unit.mix.evenness);
        row("all", "hhi", Some(unit.mix.hhi));
        row("all", "concreteness", Some(unit.concreteness));
        row("all", "organisational", Some(unit.organisational as f64));
    }
    table.with_view(mixes_view(units))
}

fn mixes_view(units: &[Unit]) -> View {
    let row = |unit: &Unit| {
        let mut cells = vec![
            Shown::Text(unit.name.clone()),
            Shown::Number(unit.clauses() as f64, Style::Fixed(0)),
        ];
        cells.extend(unit.groups.map(|g| Shown::Number(g, Style::Percent(1))));
        cells.push(Shown::maybe(unit.mix.evenness, Style::Fixed(3)));
        cells.push(Shown::Number(unit.concreteness, Style::Fixed(2)));
        ViewRow { cells, strong: false }
    };
    View {
        head: vec![
            Head::text("Place or document"),
            Head::number("Clauses"),
            Head::number("Supply (%)"),
            Head::number("Environment (%)"),
            Head::number("Demand (%)"),
            Head::number("Evenness of the mix"),
            Head::number("Concreteness (0 to 2)"),
        ],
        rows: units.iter().map(row).collect(),
        source: "Pilot coding of clauses by primary instrument".to_owned(),
    }
}

fn distances(policy: &Policy, units: &[Unit]) -> Result<Table, AnalysisError> {
    let failed = |e| AnalysisError::statistic("distance of mixes", e);
    let k = policy.instruments.len();
    let all: Vec<f64> = units.iter().flat_map(|u| u.counts.iter().copied()).collect();
    let chi = chi_square_distance(Matrix::new(&all, units.len(), k).map_err(failed)?).map_err(failed)?;
    let mut table = Table::new(
        "instrument-mix-distances",
        "Distances between mixes of instruments (a pilot coding)",
        vec![
            Column::key(C::Group),
            Column::key(C::OtherGroup),
            Column::key(C::Statistic),
            Column::of(C::Distance, "1"),
        ],
    );
    let mut rows = Vec::new();
    for (i, a) in units.iter().enumerate() {
        for (j, b) in units.iter().enumerate().skip(i + 1) {
            let js = overlap(&a.counts, &b.counts).map_err(failed)?.jensen_shannon;
            let square = chi[i * units.len() + j];
            for (statistic, distance) in [("chi-square", square), ("jensen-shannon", js)] {
                table.push(vec![
                    a.name.as_str().into(),
                    b.name.as_str().into(),
                    statistic.into(),
                    distance.into(),
                ]);
            }
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(a.name.clone()),
                    Shown::Text(b.name.clone()),
                    Shown::Number(square, Style::Fixed(3)),
                    Shown::Number(js, Style::Fixed(3)),
                ],
                strong: false,
            });
        }
    }
    Ok(table.with_view(View {
        head: vec![
            Head::text("Mix of"),
            Head::text("beside that of"),
            Head::number("Chi-square distance"),
            Head::number("Jensen-Shannon (nats)"),
        ],
        rows,
        source: "Pilot coding of clauses by primary instrument".to_owned(),
    }))
}

fn figure(units: &[Unit]) -> Figure {
    let shares = |unit: &Unit| {
        let share = |(group, x): (&&str, &f64)| format!("{group} {} %", styled(*x, Style::Percent(0)));
        let words: Vec<String> = GROUPS.iter().zip(&unit.groups).map(share).collect();
        format!("{}: {}", unit.name, words.join(", "))
    };
    Figure {
        id: ENTRY.id.to_owned(),
        title: "Groups of instruments (a pilot coding)".to_owned(),
        alt: format!("{}.", units.iter().map(shares).collect::<Vec<_>>().join("; ")),
        source: "Pilot coding of clauses by primary instrument".to_owned(),
        chart: Chart::Stacked {
            axis: Axis::new("Share of clauses", "%"),
            parts: GROUPS.iter().map(|g| (*g).to_owned()).collect(),
            bars: units
                .iter()
                .map(|u| Stack {
                    label: u
                        .name
                        .split_once(" (")
                        .map_or(u.name.as_str(), |(n, _)| n)
                        .to_owned(),
                    parts: u.groups.iter().map(|g| g * 100.0).collect(),
                    role: Role::Other,
                })
                .collect(),
        },
    }
}

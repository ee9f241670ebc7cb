//! `profile`: the indicators of a region beside the reference and a group of peers.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, DotRow, Figure, Mark, Role, Series, Stack};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Direction, Entry, Findings, Head, Need, Param, ParamError,
    ParamKind, Params, Progress, RegionSet, Shown, Study, Style, Table, View, ViewRow,
};

use crate::features::{FEATURES, Features, TRANSFORM, Transform, prepare, transform_note};

/// The declaration of `profile`.
pub(crate) const ENTRY: Entry = Entry {
    id: "profile",
    summary: "The indicators of a region beside the reference and a group of peers",
    manual: MANUAL,
    params: &[
        FEATURES,
        Param::optional(
            "peers",
            ParamKind::Expr,
            "a set (`package:set`) whose pooled value stands beside the reference's",
        ),
        TRANSFORM,
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** In what is the region strong and weak, beside the nation and beside its peers?

**Definition.** Values of the last year of the period; those of the reference and of the peers are ratios of sums over their
members. z is the region's value less the mean over the members of the reference, in standard deviations (ddof 0), every
member counting once; with `transform = \"log-skewed\"` an indicator whose skewness (type 2) exceeds 1 is logged first.
Rank as in `ranking`.

**Limits.** z depends on the whole set: one extreme region makes all others look alike.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Profile {
        features: Features::new(ENTRY.id, params)?,
        peers: params.text("peers").map(str::to_owned),
        transform: Transform::of(params),
    }))
}

#[derive(Debug)]
struct Profile {
    features: Features,
    peers: Option<String>,
    transform: Transform,
}

/// One indicator of the region.
struct Row {
    label: String,
    unit: String,
    value: f64,
    reference: Option<f64>,
    peers: Option<f64>,
    z: f64,
    rank: usize,
    n: usize,
}

impl Analysis for Profile {
    fn needs(&self) -> Vec<Need> {
        self.features.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let [focus] = study.focus.members() else {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "the focus `{}` has several members; a profile is of one region of the reference",
                    study.focus.id
                ),
            });
        };
        let block = self.features.block(study)?;
        let Some(own) = block.regions.iter().position(|r| r == focus) else {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "{} is not a region of the reference {} with all indicators",
                    study.focus.name_en, study.reference.name_en
                ),
            });
        };
        let peers = self.peers.as_ref().map(|p| study.atlas.set(p)).transpose()?;
        let prepared = prepare(&block, self.transform)?;
        let mut rows = Vec::new();
        for f in 0..self.features.terms.len() {
            rows.push(self.row(study, &block, peers, f, own, prepared.z[own * prepared.cols + f])?);
        }
        let mut notes = block.notes.clone();
        notes.extend(transform_note(study, &self.features, &prepared));
        let table = self.table(study, peers, &rows, &block.source);
        let figure = figure(study, &rows, block.source.clone());
        Ok(Findings {
            tables: vec![table],
            figures: std::iter::once(figure)
                .chain(peers.and_then(|p| beside(study, p, &rows, block.source.clone())))
                .collect(),
            notes,
        })
    }
}

impl Profile {
    fn row(
        &self,
        study: &Study,
        block: &quyu_core::Block,
        peers: Option<&RegionSet>,
        f: usize,
        own: usize,
        z: f64,
    ) -> Result<Row, AnalysisError> {
        let term = &self.features.terms[f];
        let values = block.column(f, 0);
        let lower = study.atlas.codebook.check(term)?.direction == Direction::Lower;
        let better = |x: &&f64| {
            if lower {
                **x < values[own]
            } else {
                **x > values[own]
            }
        };
        let year = study.period.to;
        let pooled = |set: &RegionSet| study.aggregate(term, set, year).map(|d| d.map(|d| d.value));
        Ok(Row {
            label: self.features.label(study, f),
            unit: self.features.unit(study, f),
            value: values[own],
            reference: pooled(&study.reference)?,
            peers: peers.map(pooled).transpose()?.flatten(),
            z,
            rank: 1 + values.iter().filter(better).count(),
            n: values.len(),
        })
    }

    fn table(&self, study: &Study, peers: Option<&RegionSet>, rows: &[Row], source: &str) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Innovation profile of {}, {}",
                study.focus.name_en, study.period.to
            ),
            [
                C::Statistic,
                C::Name,
                C::Year,
                C::Unit,
                C::Group,
                C::Value,
                C::Expected,
                C::Z,
                C::Rank,
                C::N,
            ]
            .map(Column::key)
            .to_vec(),
        );
        for (row, term) in rows.iter().zip(&self.features.terms) {
            let mut push = |group: &str, expected: Option<f64>| {
                table.push(vec![
                    term.to_string().into(),
                    row.label.clone().into(),
                    Cell::Integer(i64::from(study.period.to.get())),
                    row.unit.clone().into(),
                    group.into(),
                    row.value.into(),
                    expected.into(),
                    row.z.into(),
                    row.rank.into(),
                    row.n.into(),
                ]);
            };
            push("reference", row.reference);
            if peers.is_some() {
                push("peers", row.peers);
            }
        }
        let mut head = vec![
            Head::text("Indicator (unit)"),
            Head::number(study.focus.name_en.clone()),
            Head::number(study.reference.name_en.clone()),
        ];
        head.extend(peers.map(|p| Head::number(p.name_en.clone())));
        head.extend([Head::number("Rank"), Head::number("z")]);
        let shown = rows
            .iter()
            .map(|row| {
                let style = if row.value.abs() >= 100.0 {
                    Style::Fixed(0)
                } else {
                    Style::Fixed(2)
                };
                let mut cells = vec![
                    Shown::Text(format!("{} ({})", row.label, row.unit)),
                    Shown::Number(row.value, style),
                    Shown::maybe(row.reference, style),
                ];
                if peers.is_some() {
                    cells.push(Shown::maybe(row.peers, style));
                }
                cells.extend([
                    Shown::Rank(row.rank, row.n),
                    Shown::Number(row.z, Style::Signed(2)),
                ]);
                ViewRow { cells, strong: false }
            })
            .collect();
        table.with_view(View {
            head,
            rows: shown,
            source: source.to_owned(),
        })
    }
}

/// The region and its peers, with the reference as 100; `None` where it has no positive value to be a hundred.
fn beside(study: &Study, peers: &RegionSet, rows: &[Row], source: String) -> Option<Figure> {
    let dots: Option<Vec<DotRow>> = rows
        .iter()
        .map(|row| {
            let base = row.reference.filter(|r| *r > 0.0)?;
            let percent = |x: f64| 100.0 * x / base;
            Some(DotRow {
                label: row.label.clone(),
                values: vec![Some(percent(row.value)), row.peers.map(percent)],
                role: Role::Other,
            })
        })
        .collect();
    let dots = dots?;
    let ahead = |d: &&DotRow| matches!(d.values[..], [Some(own), Some(peers)] if own > peers);
    let alt = format!(
        "Dots of {} and of {}, {} = 100. {} is ahead of the group in {} of {} indicators.",
        study.focus.name_en,
        peers.name_en,
        study.reference.name_en,
        study.focus.name_en,
        dots.iter().filter(ahead).count(),
        dots.len()
    );
    let series = |label: &str, role| Series {
        label: label.to_owned(),
        role,
    };
    Some(Figure {
        id: format!("{}-peers", ENTRY.id),
        title: format!(
            "{} and {}, {}",
            study.focus.name_en, peers.name_en, study.period.to
        ),
        alt,
        source,
        chart: Chart::Dots {
            axis: Axis::new(format!("{} = 100", study.reference.name_en), ""),
            series: vec![
                series(&study.focus.name_en, Role::Focus),
                series(&peers.name_en, Role::Peer),
            ],
            rows: dots,
            reference: Some(Mark {
                label: study.reference.name_en.clone(),
                value: 100.0,
            }),
        },
    })
}

fn figure(study: &Study, rows: &[Row], source: String) -> Figure {
    let stacks: Vec<Stack> = rows
        .iter()
        .map(|r| Stack {
            label: r.label.clone(),
            parts: vec![r.z],
            role: Role::Other,
        })
        .collect();
    let strongest = rows.iter().max_by(|a, b| a.z.total_cmp(&b.z));
    let weakest = rows.iter().min_by(|a, b| a.z.total_cmp(&b.z));
    let mut alt = format!("Bars of the standardised indicators of {}.", study.focus.name_en);
    if let (Some(s), Some(w)) = (strongest, weakest) {
        alt.push_str(&format!(
            " Strongest: {} (z {}). Weakest: {} (z {}).",
            s.label,
            styled(s.z, Style::Signed(2)),
            w.label,
            styled(w.z, Style::Signed(2))
        ));
    }
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!("{}: innovation profile, {}", study.focus.name_en, study.period.to),
        alt,
        source,
        chart: Chart::Diverging {
            axis: Axis::new("Distance from the mean of the regions", "standard deviations"),
            parts: vec!["z".into()],
            rows: stacks,
        },
    }
}

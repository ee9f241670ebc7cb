//! How sure the typology is: criteria for the number of clusters side by side, the stability of each cluster,
//! regions that sit between two, and what the clusters are in original units.

use quyu_core::ColumnName as C;
use quyu_core::{
    AnalysisError, Block, Cell, Column, Head, Note, NoteKind, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::profiles::{
    Distances, GapOptions, KMeansOptions, Stability, StabilityOptions, calinski_harabasz, cluster_stability,
    davies_bouldin, dunn, gap_statistic, separation, silhouette,
};
use quyu_econometrics::{Error, Matrix};

use super::{Clusters, ENTRY, Shape, failed};
use crate::features::Prepared;
use crate::typology;

/// Starts of k-means inside bootstrap and gap, where it runs thousands of times.
const QUICK_STARTS: usize = 10;
/// Silhouette below which a region is said to sit between two clusters: no substantial structure after Kaufman and
/// Rousseeuw (1990).
const BETWEEN: f64 = 0.25;
/// Stability below which a cluster or a region's place is in doubt, and below which it is not to be believed (Hennig
/// 2007).
const STABLE: f64 = 0.75;
const DISSOLVED: f64 = 0.6;

/// Tables and notes.
pub(super) struct Assessed {
    pub(super) tables: Vec<Table>,
    pub(super) notes: Vec<Note>,
}

impl Clusters {
    pub(super) fn assessed(
        &self,
        study: &Study,
        block: &Block,
        prepared: &Prepared,
        shape: &Shape,
    ) -> Result<Assessed, AnalysisError> {
        if !self.method.takes_k() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason:
                    "`assess` needs a method that is asked for a number of clusters; DBSCAN finds its own"
                        .into(),
            });
        }
        let mut assessed = Assessed {
            tables: Vec::new(),
            notes: Vec::new(),
        };
        self.criteria(study, prepared, &block.source, &mut assessed)?;
        let stability = self
            .stability(study, prepared.matrix()?, &shape.labels, self.k)
            .map_err(failed)?;
        assessed
            .tables
            .push(stability_table(shape, &stability, &block.source));
        if stability.failed > 0 {
            assessed.notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "{} of {} bootstrap replicates had too few different regions and are left out.",
                    stability.failed, self.replicates
                ),
            ));
        }
        between_table(study, block, shape, &stability, &mut assessed);
        assessed.tables.push(self.centroids(study, block, shape)?);
        Ok(assessed)
    }

    fn stability(
        &self,
        study: &Study,
        table: Matrix<'_>,
        labels: &[usize],
        k: usize,
    ) -> Result<Stability, Error> {
        let starts = self.starts.min(QUICK_STARTS);
        let method = |rows: Matrix<'_>| {
            let found = typology::group(rows, self.method, k, starts, study.seed)?;
            Ok(found.grouped().1)
        };
        let options = StabilityOptions {
            replicates: self.replicates,
            seed: study.seed,
        };
        cluster_stability(table, labels, method, &options)
    }

    /// Each criterion for each number of clusters, and which number it prefers.
    fn criteria(
        &self,
        study: &Study,
        prepared: &Prepared,
        source: &str,
        assessed: &mut Assessed,
    ) -> Result<(), AnalysisError> {
        let matrix = prepared.matrix()?;
        let distances = Distances::euclidean(matrix).map_err(failed)?;
        let gap = gap_statistic(
            matrix,
            self.k_max,
            &GapOptions {
                replicates: self.replicates.max(2),
                kmeans: KMeansOptions {
                    starts: self.starts.min(QUICK_STARTS),
                    seed: study.seed,
                    ..KMeansOptions::default()
                },
                ..GapOptions::default()
            },
        )
        .ok();
        let mut criteria = Criteria::default();
        for k in 2..=self.k_max {
            let Ok(grouping) = self.group(study, matrix, self.method, k) else {
                continue;
            };
            let (_, labels) = grouping.grouped();
            let stability = self.stability(study, matrix, &labels, k).ok();
            let least = |s: &Stability| s.mean_jaccard.iter().fold(1.0, |least: f64, &j| least.min(j));
            let best_bic = typology::mixtures(matrix, k)
                .map_err(failed)?
                .iter()
                .map(|(_, m)| m.bic)
                .reduce(f64::max);
            criteria.rows.push((
                k,
                [
                    silhouette(&distances, &labels).map(|s| s.mean).ok(),
                    calinski_harabasz(matrix, &labels).ok(),
                    davies_bouldin(matrix, &labels).ok(),
                    dunn(matrix, &labels).ok(),
                    gap.as_ref().map(|g| g.gap[k - 1]),
                    best_bic,
                    stability.as_ref().map(least),
                ],
                gap.as_ref().map(|g| g.std_error[k - 1]),
            ));
        }
        criteria.gap_prefers = gap.as_ref().map(|g| g.chosen);
        assessed.notes.extend(criteria.note());
        assessed.tables.push(criteria.table(source));
        Ok(())
    }

    /// What the clusters are, in the units of the indicators.
    fn centroids(&self, study: &Study, block: &Block, shape: &Shape) -> Result<Table, AnalysisError> {
        let cols = self.features.terms.len();
        let raw = block.regions_by_terms(0);
        let table = Matrix::new(&raw, block.regions.len(), cols).map_err(failed)?;
        let found = separation(table, &shape.labels).map_err(failed)?;
        let overall = |f: usize| quyu_math::sum(block.column(f, 0)) / block.regions.len() as f64;
        let mut out = Table::new(
            "centroids",
            "Centroids: mean of the indicators by cluster, in their own units",
            [
                C::Statistic,
                C::Name,
                C::Unit,
                C::Cluster,
                C::Value,
                C::Expected,
                C::Z,
                C::Share,
            ]
            .map(Column::key)
            .to_vec(),
        );
        let mut order: Vec<usize> = (0..cols).collect();
        order.sort_by(|&a, &b| found.between_share[b].total_cmp(&found.between_share[a]));
        let mut rows = Vec::new();
        for f in order {
            let (label, unit) = (self.features.label(study, f), self.features.unit(study, f));
            let style = if overall(f).abs() >= 100.0 {
                Style::Fixed(0)
            } else {
                Style::Fixed(2)
            };
            let mut cells = vec![
                Shown::Text(format!("{label} ({unit})")),
                Shown::Number(overall(f), style),
            ];
            for c in 0..shape.k {
                let at = c * cols + f;
                out.push(vec![
                    self.features.terms[f].to_string().into(),
                    label.clone().into(),
                    unit.clone().into(),
                    (c + 1).into(),
                    found.means[at].into(),
                    overall(f).into(),
                    found.mean_z[at].into(),
                    found.between_share[f].into(),
                ]);
                cells.push(Shown::Number(found.means[at], style));
            }
            rows.push(ViewRow { cells, strong: false });
        }
        // More clusters than fit beside each other are for the CSV alone.
        if shape.k > 5 {
            return Ok(out);
        }
        let mut head = vec![Head::text("Indicator (unit)"), Head::number("All regions")];
        head.extend((1..=shape.k).map(|c| Head::number(format!("Cluster {c}"))));
        Ok(out.with_view(View {
            head,
            rows,
            source: block.source.clone(),
        }))
    }
}

/// Names of the criteria; whether the largest value is preferred.
const CRITERIA: [(&str, &str, bool); 7] = [
    ("silhouette", "Mean silhouette", true),
    ("calinski-harabasz", "Calinski-Harabasz", true),
    ("davies-bouldin", "Davies-Bouldin (smaller is better)", false),
    ("dunn", "Dunn", true),
    ("gap", "Gap (k-means)", true),
    ("bic", "Mixture BIC", true),
    ("jaccard", "Least stable cluster", true),
];
const GAP: usize = 4;
/// Criteria that the reader's table leaves to the CSV.
const DUNN: usize = 3;

/// Number of clusters, the criteria in the order of [`CRITERIA`], the standard error of the gap.
type CriteriaRow = (usize, [Option<f64>; 7], Option<f64>);

#[derive(Default)]
struct Criteria {
    rows: Vec<CriteriaRow>,
    gap_prefers: Option<usize>,
}

impl Criteria {
    /// The number of clusters that a criterion prefers; of equals the smallest.
    fn preferred(&self, criterion: usize) -> Option<usize> {
        if criterion == GAP {
            return self.gap_prefers;
        }
        let larger = CRITERIA[criterion].2;
        let known = self.rows.iter().filter_map(|r| r.1[criterion].map(|v| (r.0, v)));
        known
            .reduce(|best, other| {
                let better = if larger {
                    other.1 > best.1
                } else {
                    other.1 < best.1
                };
                if better { other } else { best }
            })
            .map(|(k, _)| k)
    }

    fn note(&self) -> Option<Note> {
        let said: Vec<String> = (0..CRITERIA.len())
            .filter_map(|c| {
                let name = CRITERIA[c].1.replace(" (smaller is better)", "");
                self.preferred(c).map(|k| format!("{name} {k}"))
            })
            .collect();
        (!said.is_empty()).then(|| {
            Note::new(
                NoteKind::Method,
                format!(
                    "Number of clusters that each criterion prefers: {}. The gap may prefer one cluster, which is none; \
                     where they disagree, no number stands out.",
                    said.join(", ")
                ),
            )
        })
    }

    fn table(&self, source: &str) -> Table {
        let mut table = Table::new(
            "criteria",
            "Criteria for the number of clusters, side by side",
            [C::K, C::Statistic, C::Name, C::Estimate, C::StdError, C::Verdict]
                .map(Column::key)
                .to_vec(),
        );
        let preferred: Vec<Option<usize>> = (0..CRITERIA.len()).map(|c| self.preferred(c)).collect();
        for (k, values, gap_error) in &self.rows {
            for (c, (id, name, _)) in CRITERIA.iter().enumerate() {
                table.push(vec![
                    (*k).into(),
                    (*id).into(),
                    (*name).into(),
                    values[c].into(),
                    if c == GAP { *gap_error } else { None }.into(),
                    if preferred[c] == Some(*k) { "preferred" } else { "" }.into(),
                ]);
            }
        }
        let shown: Vec<usize> = (0..CRITERIA.len()).filter(|&c| c != DUNN).collect();
        let mut head = vec![Head::text("k")];
        head.extend(shown.iter().map(|&c| Head::number(CRITERIA[c].1)));
        let mut rows: Vec<ViewRow> = self
            .rows
            .iter()
            .map(|(k, values, _)| {
                let mut cells = vec![Shown::Text(k.to_string())];
                cells.extend(shown.iter().map(|&c| Shown::maybe(values[c], Style::Fixed(2))));
                ViewRow { cells, strong: false }
            })
            .collect();
        let mut last = vec![Shown::Text("preferred".into())];
        last.extend(
            shown
                .iter()
                .map(|&c| preferred[c].map_or(Shown::Missing, |k| Shown::Text(k.to_string()))),
        );
        rows.push(ViewRow {
            cells: last,
            strong: true,
        });
        table.with_view(View {
            head,
            rows,
            source: source.to_owned(),
        })
    }
}

fn stability_table(shape: &Shape, stability: &Stability, source: &str) -> Table {
    let mut table = Table::new(
        "stability",
        "Stability of the clusters when regions are drawn anew (bootstrap, Jaccard)",
        [C::Cluster, C::N, C::Stability, C::Share, C::Verdict]
            .map(Column::key)
            .to_vec(),
    );
    let mut rows = Vec::new();
    for c in 0..shape.k {
        let n = shape.labels.iter().filter(|l| **l == c).count();
        let (mean, dissolved) = (stability.mean_jaccard[c], stability.dissolved[c]);
        let verdict = match mean {
            m if m >= STABLE => "stable",
            m if m >= DISSOLVED => "in doubt",
            _ => "not to be believed",
        };
        table.push(vec![
            (c + 1).into(),
            n.into(),
            mean.into(),
            dissolved.into(),
            verdict.into(),
        ]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text((c + 1).to_string()),
                Shown::Text(n.to_string()),
                Shown::Number(mean, Style::Fixed(2)),
                Shown::Number(dissolved, Style::Percent(0)),
                Shown::Text(verdict.into()),
            ],
            strong: false,
        });
    }
    table.with_view(View {
        head: vec![
            Head::text("Cluster"),
            Head::number("Regions"),
            Head::number("Mean Jaccard"),
            Head::number("Dissolved (% of replicates)"),
            Head::text("Verdict"),
        ],
        rows,
        source: source.to_owned(),
    })
}

/// Every region with its nearest other cluster; shown are those that sit between two.
fn between_table(
    study: &Study,
    block: &Block,
    shape: &Shape,
    stability: &Stability,
    assessed: &mut Assessed,
) {
    let mut table = Table::new(
        "between",
        format!(
            "Regions between two clusters: silhouette below {BETWEEN} or a place that changes in a quarter of the replicates"
        ),
        [
            C::Region,
            C::Name,
            C::Cluster,
            C::OtherGroup,
            C::Silhouette,
            C::Share,
            C::Stability,
        ]
        .map(Column::key)
        .to_vec(),
    );
    let width = |r: usize| shape.widths[r].map_or(0.0, |w| w.0);
    let mut order: Vec<usize> = (0..block.regions.len()).collect();
    order.sort_by(|&a, &b| width(a).total_cmp(&width(b)));
    let mut rows = Vec::new();
    for r in order {
        let own = shape.labels[r];
        let other = shape.widths[r].map(|w| w.1 + 1);
        let share = shape.grouping.memberships.as_ref().map(|m| m[r * shape.k + own]);
        let name = study.atlas.regions.label(&block.regions[r]);
        table.push(vec![
            block.regions[r].to_string().into(),
            name.clone().into(),
            (own + 1).into(),
            other.map_or(Cell::Missing, |o| o.to_string().into()),
            shape.widths[r].map(|w| w.0).into(),
            share.into(),
            stability.point_stability[r].into(),
        ]);
        if width(r) < BETWEEN || stability.point_stability[r] < STABLE {
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(name),
                    Shown::Text((own + 1).to_string()),
                    other.map_or(Shown::Missing, |o| Shown::Text(o.to_string())),
                    Shown::maybe(shape.widths[r].map(|w| w.0), Style::Fixed(2)),
                    Shown::maybe(share, Style::Percent(0)),
                    Shown::Number(stability.point_stability[r], Style::Percent(0)),
                ],
                strong: study.focus.contains(&block.regions[r])
                    && study.focus.members().len() < block.regions.len(),
            });
        }
    }
    if rows.is_empty() {
        assessed.notes.push(Note::new(
            NoteKind::Method,
            format!("No region sits between two clusters: every silhouette is at least {BETWEEN}."),
        ));
        assessed.tables.push(table);
        return;
    }
    assessed.tables.push(table.with_view(View {
        head: vec![
            Head::text("Region"),
            Head::text("Cluster"),
            Head::text("Nearest other"),
            Head::number("Silhouette"),
            Head::number("Membership (%)"),
            Head::number("Stays (% of replicates)"),
        ],
        rows,
        source: block.source.clone(),
    }));
}

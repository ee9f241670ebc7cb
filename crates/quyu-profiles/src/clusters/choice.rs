//! The choice table and what separates the clusters.

use quyu_core::ColumnName as C;
use quyu_core::{AnalysisError, Column, Head, Shown, Study, Style, Table, View, ViewRow};
use quyu_econometrics::profiles::{Distances, silhouette, sum_of_squares};

use super::{Clusters, Shape, failed};
use crate::features::{Prepared, Transform};
use crate::typology::Method;

/// One row of the choice table.
pub(super) struct Choice {
    pub(super) k: usize,
    pub(super) transform: Transform,
    pub(super) method: Method,
    pub(super) silhouette: f64,
    within: f64,
    between_share: f64,
    pub(super) sizes: Vec<usize>,
}

/// The methods side by side: k-means, Ward, and the one that is shown where it takes a number of clusters.
fn methods(shown: Method) -> Vec<Method> {
    let mut methods = vec![Method::KMeans, Method::Ward];
    if shown.takes_k() && !methods.contains(&shown) {
        methods.push(shown);
    }
    methods
}

impl Clusters {
    /// Every number of clusters with every method. What the method shown cannot do for another number than its
    /// own (a mixture with a component of two regions) is left out.
    pub(super) fn choices(
        &self,
        study: &Study,
        prepared: &Prepared,
        transform: Transform,
    ) -> Result<Vec<Choice>, AnalysisError> {
        let matrix = prepared.matrix()?;
        let distances = Distances::euclidean(matrix).map_err(failed)?;
        let mut out = Vec::new();
        for method in methods(self.method) {
            for k in 2..=self.k_max {
                let grouping = match self.group(study, matrix, method, k) {
                    Ok(grouping) => grouping,
                    Err(_) if !matches!(method, Method::KMeans | Method::Ward) => continue,
                    Err(error) => return Err(failed(error)),
                };
                let (_, labels) = grouping.grouped();
                let squares = sum_of_squares(matrix, &labels).map_err(failed)?;
                let mut sizes = vec![0; k];
                labels.iter().for_each(|&l| sizes[l] += 1);
                out.push(Choice {
                    k,
                    transform,
                    method,
                    silhouette: silhouette(&distances, &labels).map_err(failed)?.mean,
                    within: squares.within,
                    between_share: squares.between / squares.total,
                    sizes,
                });
            }
        }
        Ok(out)
    }

    pub(super) fn separation_table(&self, study: &Study, shape: &Shape, source: &str) -> Table {
        let s = &shape.separation;
        let cols = self.features.terms.len();
        let mut table = Table::new(
            "separation",
            "What separates the clusters: mean of the standardised indicators by cluster",
            [C::Statistic, C::Name, C::Cluster, C::Z, C::Share]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        let mut order: Vec<usize> = (0..cols).collect();
        order.sort_by(|&a, &b| s.between_share[b].total_cmp(&s.between_share[a]));
        for f in order {
            let label = self.features.label(study, f);
            let mut cells = vec![
                Shown::Text(label.clone()),
                Shown::Number(s.between_share[f], Style::Percent(0)),
            ];
            for cluster in 0..shape.k {
                let z = s.mean_z[cluster * cols + f];
                table.push(vec![
                    self.features.terms[f].to_string().into(),
                    label.clone().into(),
                    (cluster + 1).into(),
                    z.into(),
                    s.between_share[f].into(),
                ]);
                cells.push(Shown::Number(z, Style::Signed(2)));
            }
            rows.push(ViewRow { cells, strong: false });
        }
        let mut head = vec![Head::text("Indicator"), Head::number("Between share (%)")];
        head.extend((0..shape.k).map(|c| Head::number(format!("Cluster {}", c + 1))));
        table.with_view(View {
            head,
            rows,
            source: source.to_owned(),
        })
    }
}

pub(super) fn choice_table(choices: &[Choice], shown: Method, source: &str) -> Table {
    let mut table = Table::new(
        "choice",
        "Mean silhouette by number of clusters, method and transform",
        [
            C::K,
            C::Variant,
            C::Component,
            C::Silhouette,
            C::Estimate,
            C::Share,
            C::Note,
        ]
        .map(Column::key)
        .to_vec(),
    );
    for c in choices {
        table.push(vec![
            c.k.into(),
            c.transform.name().into(),
            c.method.name().into(),
            c.silhouette.into(),
            c.within.into(),
            c.between_share.into(),
            format!("sizes {}", sizes(c)).into(),
        ]);
    }
    let pairs: Vec<(Transform, Method, String)> =
        [(Transform::LogSkewed, "Logged"), (Transform::Plain, "Plain")]
            .into_iter()
            .flat_map(|(transform, said)| {
                methods(shown).into_iter().map(move |method| {
                    let name = match method {
                        Method::Ward => "Ward",
                        other => other.name(),
                    };
                    (transform, method, format!("{said}, {name}"))
                })
            })
            .collect();
    let mut head = vec![Head::text("k")];
    head.extend(
        pairs
            .iter()
            .map(|p| Head::number(format!("{}: silhouette (sizes)", p.2))),
    );
    let mut ks: Vec<usize> = choices.iter().map(|c| c.k).collect();
    ks.sort_unstable();
    ks.dedup();
    let rows = ks
        .into_iter()
        .map(|k| {
            let mut cells = vec![Shown::Text(k.to_string())];
            for (transform, method, _) in &pairs {
                let of = |c: &&Choice| c.k == k && c.transform == *transform && c.method == *method;
                let shown = choices
                    .iter()
                    .find(of)
                    .map(|c| format!("{:.2} ({})", c.silhouette, sizes(c)));
                cells.push(Shown::Text(shown.unwrap_or_default()));
            }
            ViewRow { cells, strong: false }
        })
        .collect();
    table.with_view(View {
        head,
        rows,
        source: source.to_owned(),
    })
}

fn sizes(choice: &Choice) -> String {
    let mut sizes = choice.sizes.clone();
    sizes.sort_unstable();
    sizes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("/")
}

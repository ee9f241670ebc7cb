//! `clusters`: regions grouped by innovation profile, with the choices that the grouping rests on.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Fill, Leaf, Merge, Point, Role, Tile};
use quyu_core::{
    Analysis, AnalysisError, Block, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::profiles::{
    self, Dendrogram, Distances, KMeansOptions, PcaOptions, Separation, Silhouette, separation, silhouette,
    sum_of_squares, ward,
};

use crate::features::{FEATURES, Features, Prepared, TRANSFORM, Transform, prepare, transform_note};

/// The declaration of `clusters`.
pub(crate) const ENTRY: Entry = Entry {
    id: "clusters",
    summary: "Regions grouped by innovation profile, with several k, two methods and both transforms side by side",
    manual: MANUAL,
    params: &[
        FEATURES,
        Param::with_default(
            "method",
            ParamKind::Choice(&["k-means", "ward"]),
            "k-means",
            "the algorithm of the grouping that is shown; the choice table holds both",
        ),
        Param::with_default(
            "k",
            ParamKind::Integer { min: 2, max: 30 },
            "3",
            "number of clusters that is shown",
        ),
        Param::with_default(
            "k_max",
            ParamKind::Integer { min: 2, max: 30 },
            "6",
            "largest number of clusters in the choice table",
        ),
        TRANSFORM,
        Param::with_default(
            "starts",
            ParamKind::Integer { min: 1, max: 100_000 },
            "100",
            "random starts of k-means; the best is kept",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\nk = 2\nk_max = 4\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Which regions share an innovation profile, and how much does the answer depend on our choices?

**Definition.** Indicators of the last year, standardised over the members of the reference (ddof 0); with
`transform = \"log-skewed\"` those whose skewness (type 2) exceeds 1 are logged first. *k-means* minimises the sum of squares
within clusters, best of many seeded starts; *ward* merges the two clusters whose union raises that sum least, on Euclidean distances
(ward.D2). Clusters are numbered by their first member in order of code. The *silhouette* of a region compares its mean distance to
its own cluster with that to the nearest other one, from -1 to 1; a cluster of one region scores 0; the silhouette of a
grouping is the mean over regions. The *between share* of an indicator is the sum of squares between clusters over the total: how
well the clusters separate it.

**Limits.** With 31 regions a typology is a summary, not a discovery. Read the choice table before the map: silhouettes below
0.25 mean that no grouping stands out, and plain and logged indicators may tell different stories.

**References.** MacQueen 1967; Ward 1963, JASA 58:236-244; Murtagh and Legendre 2014, Journal of Classification 31:274-295; Rousseeuw
1987, Journal of Computational and Applied Mathematics 20:53-65.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let whole = |name: &str, otherwise: usize| {
        params
            .integer(name)
            .and_then(|i| usize::try_from(i).ok())
            .unwrap_or(otherwise)
    };
    let (k, k_max) = (whole("k", 3), whole("k_max", 6));
    if k > k_max {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!("`k` ({k}) must not exceed `k_max` ({k_max})"),
        });
    }
    Ok(Box::new(Clusters {
        features: Features::new(ENTRY.id, params)?,
        method: if params.text("method") == Some("ward") {
            Method::Ward
        } else {
            Method::KMeans
        },
        transform: Transform::of(params),
        k,
        k_max,
        starts: whole("starts", 100),
    }))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    KMeans,
    Ward,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Method::KMeans => "k-means",
            Method::Ward => "ward",
        }
    }
}

#[derive(Debug)]
struct Clusters {
    features: Features,
    method: Method,
    transform: Transform,
    k: usize,
    k_max: usize,
    starts: usize,
}

/// One row of the choice table.
struct Choice {
    k: usize,
    transform: Transform,
    method: Method,
    silhouette: f64,
    within: f64,
    between_share: f64,
    sizes: Vec<usize>,
}

/// The grouping that is shown.
struct Shape {
    labels: Vec<usize>,
    silhouette: Silhouette,
    separation: Separation,
    tree: Dendrogram,
    scores: Vec<[f64; 2]>,
}

fn failed(e: Error) -> AnalysisError {
    AnalysisError::statistic("clusters", e)
}

impl Analysis for Clusters {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.features.needs();
        needs.push(Need::Tiles);
        needs
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let block = self.features.block(study)?;
        if self.k_max >= block.regions.len() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "`k_max` is {}, but there are only {} regions to group",
                    self.k_max,
                    block.regions.len()
                ),
            });
        }
        let prepared = prepare(&block, self.transform)?;
        let mut choices = Vec::new();
        for (i, transform) in [Transform::LogSkewed, Transform::Plain].into_iter().enumerate() {
            choices.extend(self.choices(study, &prepare(&block, transform)?, transform)?);
            progress.step(i + 1, 2);
        }
        let shape = self.shape(study, &prepared)?;
        let mut notes = block.notes.clone();
        notes.extend(transform_note(study, &self.features, &prepared));
        notes.extend(self.caution(&choices, &shape));
        let picture = Picture {
            study,
            block: &block,
            shape: &shape,
            k: self.k,
        };
        let tables = vec![
            picture.membership(self),
            choice_table(&choices, &block.source),
            self.separation_table(study, &shape, &block.source),
        ];
        let mut figures = vec![picture.scatter(), picture.dendrogram()];
        figures.extend(picture.map());
        Ok(Findings {
            tables,
            figures,
            notes,
        })
    }
}

impl Clusters {
    fn labels(
        &self,
        study: &Study,
        prepared: &Prepared,
        method: Method,
        k: usize,
    ) -> Result<Vec<usize>, AnalysisError> {
        match method {
            Method::Ward => ward(prepared.matrix()?).and_then(|t| t.cut(k)).map_err(failed),
            Method::KMeans => {
                let options = KMeansOptions {
                    starts: self.starts,
                    seed: study.seed,
                    ..KMeansOptions::default()
                };
                profiles::kmeans(prepared.matrix()?, k, &options)
                    .map(|r| r.labels)
                    .map_err(failed)
            }
        }
    }

    fn choices(
        &self,
        study: &Study,
        prepared: &Prepared,
        transform: Transform,
    ) -> Result<Vec<Choice>, AnalysisError> {
        let distances = Distances::euclidean(prepared.matrix()?).map_err(failed)?;
        let mut out = Vec::new();
        for method in [Method::KMeans, Method::Ward] {
            for k in 2..=self.k_max {
                let labels = self.labels(study, prepared, method, k)?;
                let squares = sum_of_squares(prepared.matrix()?, &labels).map_err(failed)?;
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

    fn shape(&self, study: &Study, prepared: &Prepared) -> Result<Shape, AnalysisError> {
        let matrix = prepared.matrix()?;
        let labels = self.labels(study, prepared, self.method, self.k)?;
        let distances = Distances::euclidean(matrix).map_err(failed)?;
        let pca = profiles::pca(matrix, &PcaOptions::default()).map_err(failed)?;
        let second = |r: usize| {
            if pca.components > 1 {
                pca.scores[r * pca.components + 1]
            } else {
                0.0
            }
        };
        Ok(Shape {
            silhouette: silhouette(&distances, &labels).map_err(failed)?,
            separation: separation(matrix, &labels).map_err(failed)?,
            tree: ward(matrix).map_err(failed)?,
            scores: (0..prepared.rows)
                .map(|r| [pca.scores[r * pca.components], second(r)])
                .collect(),
            labels,
        })
    }

    /// What a reader must know before believing the grouping.
    fn caution(&self, choices: &[Choice], shape: &Shape) -> Vec<Note> {
        let mut notes = Vec::new();
        let chosen = shape.silhouette.mean;
        if chosen < 0.25 {
            notes.push(Note::new(
                NoteKind::Method,
                format!("The mean silhouette of this grouping is {chosen:.2}: the clusters overlap."),
            ));
        }
        let best = choices
            .iter()
            .filter(|c| c.transform == self.transform && c.method == self.method)
            .max_by(|a, b| a.silhouette.total_cmp(&b.silhouette));
        if let Some(best) = best.filter(|b| b.k != self.k) {
            notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "With {} clusters the mean silhouette would be higher ({:.2} instead of {chosen:.2}).",
                    best.k, best.silhouette
                ),
            ));
        }
        let single = |c: &&Choice| c.transform == Transform::Plain && c.k == self.k && c.sizes.contains(&1);
        if choices.iter().any(|c| single(&c)) {
            notes.push(Note::new(
                NoteKind::Method,
                format!("Without logarithms one of {} clusters is a single region: the typology rests on that choice.", self.k),
            ));
        }
        notes
    }

    fn separation_table(&self, study: &Study, shape: &Shape, source: &str) -> Table {
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
            for cluster in 0..self.k {
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
        head.extend((0..self.k).map(|c| Head::number(format!("Cluster {}", c + 1))));
        table.with_view(View {
            head,
            rows,
            source: source.to_owned(),
        })
    }
}

fn choice_table(choices: &[Choice], source: &str) -> Table {
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
    let pairs = [
        (Transform::LogSkewed, Method::KMeans, "Logged, k-means"),
        (Transform::LogSkewed, Method::Ward, "Logged, Ward"),
        (Transform::Plain, Method::KMeans, "Plain, k-means"),
        (Transform::Plain, Method::Ward, "Plain, Ward"),
    ];
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

struct Picture<'a> {
    study: &'a Study,
    block: &'a Block,
    shape: &'a Shape,
    k: usize,
}

impl Picture<'_> {
    fn name(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[row])
    }

    fn focus(&self, row: usize) -> bool {
        let focus = &self.study.focus;
        focus.contains(&self.block.regions[row]) && focus.members().len() < self.block.regions.len()
    }

    fn role(&self, row: usize) -> Role {
        if self.focus(row) { Role::Focus } else { Role::Other }
    }

    fn members(&self, cluster: usize) -> Vec<usize> {
        (0..self.block.regions.len())
            .filter(|&r| self.shape.labels[r] == cluster)
            .collect()
    }

    fn membership(&self, clusters: &Clusters) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "{} clusters of regions by innovation profile, {} ({}, {})",
                self.k,
                self.study.period.to,
                clusters.method.name(),
                clusters.transform.phrase()
            ),
            [C::Region, C::Name, C::Cluster, C::Silhouette, C::N]
                .map(Column::key)
                .to_vec(),
        );
        for (r, region) in self.block.regions.iter().enumerate() {
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                (self.shape.labels[r] + 1).into(),
                self.shape.silhouette.values[r].into(),
                self.members(self.shape.labels[r]).len().into(),
            ]);
        }
        let rows = (0..self.k)
            .map(|c| {
                let members = self.members(c);
                let names: Vec<String> = members.iter().map(|&r| self.name(r)).collect();
                ViewRow {
                    cells: vec![
                        Shown::Text((c + 1).to_string()),
                        Shown::Text(members.len().to_string()),
                        Shown::Number(self.shape.silhouette.cluster_means[c], Style::Fixed(2)),
                        Shown::Text(names.join(", ")),
                    ],
                    strong: members.iter().any(|&r| self.focus(r)),
                }
            })
            .collect();
        let head = vec![
            Head::text("Cluster"),
            Head::number("Regions"),
            Head::number("Mean silhouette"),
            Head::text("Members"),
        ];
        table.with_view(View {
            head,
            rows,
            source: self.block.source.clone(),
        })
    }

    fn groups(&self) -> Vec<String> {
        (1..=self.k).map(|c| format!("Cluster {c}")).collect()
    }

    fn said(&self) -> String {
        let sizes: Vec<String> = (0..self.k)
            .map(|c| format!("cluster {} has {} regions", c + 1, self.members(c).len()))
            .collect();
        let mut text = format!("{}.", sizes.join(", "));
        for r in (0..self.block.regions.len()).filter(|&r| self.focus(r)) {
            text.push_str(&format!(
                " {} is in cluster {}.",
                self.name(r),
                self.shape.labels[r] + 1
            ));
        }
        text
    }

    fn scatter(&self) -> Figure {
        let points = (0..self.block.regions.len())
            .map(|r| Point {
                label: self.name(r),
                x: self.shape.scores[r][0],
                y: self.shape.scores[r][1],
                group: self.shape.labels[r],
                role: self.role(r),
            })
            .collect();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "{} clusters of regions on the first two components, {}",
                self.k, self.study.period.to
            ),
            alt: format!("Scatter of the regions by cluster: {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Scatter {
                x: Axis::new("First component", "score"),
                y: Axis::new("Second component", "score"),
                groups: self.groups(),
                points,
            },
        }
    }

    /// The Ward tree, cut at the number of clusters shown. Leaves are coloured by the grouping that is shown.
    fn dendrogram(&self) -> Figure {
        let order = self.shape.tree.leaf_order();
        let mut position = vec![0; order.len()];
        order.iter().enumerate().for_each(|(p, &leaf)| position[leaf] = p);
        let node = |n: usize| position.get(n).copied().unwrap_or(n);
        let merges: Vec<Merge> = self
            .shape
            .tree
            .merges
            .iter()
            .map(|m| Merge {
                a: node(m.a),
                b: node(m.b),
                height: m.height,
            })
            .collect();
        let above = merges
            .len()
            .checked_sub(self.k - 1)
            .and_then(|i| merges.get(i))
            .map(|m| m.height);
        let below = merges
            .len()
            .checked_sub(self.k)
            .and_then(|i| merges.get(i))
            .map(|m| m.height);
        let leaves = order
            .iter()
            .map(|&r| Leaf {
                label: self.name(r),
                cluster: self.shape.labels[r],
                role: self.role(r),
            })
            .collect();
        Figure {
            id: "dendrogram".to_owned(),
            title: format!("Ward tree of the regions' profiles, {}", self.study.period.to),
            alt: format!(
                "Tree of merges of {} regions by Ward's method; leaves are coloured by cluster: {}",
                order.len(),
                self.said()
            ),
            source: self.block.source.clone(),
            chart: Chart::Dendrogram {
                axis: Axis::new(
                    "Height of the merge",
                    "Euclidean distance of standardised indicators",
                ),
                leaves,
                merges,
                cut: above.zip(below).map(|(a, b)| (a + b) / 2.0),
            },
        }
    }

    /// The tile-grid map, where the packages hold one for the regions.
    fn map(&self) -> Option<Figure> {
        let places = &self.study.atlas.relations.tiles;
        if !self.block.regions.iter().all(|r| places.contains_key(r)) {
            return None;
        }
        let scheme = self.block.regions[0].scheme();
        let tiles = places
            .iter()
            .filter(|(code, _)| code.scheme() == scheme)
            .map(|(code, place)| {
                let row = self.block.regions.iter().position(|r| r == code);
                Tile {
                    label: place.label.clone(),
                    row: place.row,
                    col: place.col,
                    fill: row.map_or(Fill::NoData, |r| Fill::Category(self.shape.labels[r])),
                    role: row.map_or(Role::Other, |r| self.role(r)),
                }
            })
            .collect();
        Some(Figure {
            id: "map".to_owned(),
            title: format!(
                "{} clusters by innovation profile, {}",
                self.k, self.study.period.to
            ),
            alt: format!("Tile-grid map of the regions by cluster: {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Tiles {
                axis: None,
                categories: self.groups(),
                tiles,
            },
        })
    }
}

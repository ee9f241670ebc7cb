//! `clusters`: regions grouped by innovation profile, with the choices that the grouping rests on.

mod assess;
mod choice;
mod picture;

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, Study,
};
use quyu_econometrics::profiles::{
    self, Dendrogram, Distances, Linkage, PcaOptions, Separation, linkage, separation, silhouette, ward,
};
use quyu_econometrics::{Error, Matrix};

use crate::features::{FEATURES, Features, Prepared, TRANSFORM, Transform, prepare, transform_note};
use crate::typology::{self, Grouping, LINKAGE, METHOD, MIN_POINTS, Method, RADIUS, STARTS, whole};
use choice::{Choice, choice_table};
use picture::Picture;

/// The declaration of `clusters`.
pub(crate) const ENTRY: Entry = Entry {
    id: "clusters",
    summary: "Regions grouped by innovation profile, with several k, two methods and both transforms side by side",
    manual: MANUAL,
    params: &[
        FEATURES,
        METHOD,
        Param::with_default(
            "k",
            ParamKind::Integer { min: 2, max: 30 },
            "3",
            "number of clusters that is shown; DBSCAN finds its own",
        ),
        Param::with_default(
            "k_max",
            ParamKind::Integer { min: 2, max: 30 },
            "6",
            "largest number of clusters in the choice table",
        ),
        TRANSFORM,
        STARTS,
        LINKAGE,
        RADIUS,
        MIN_POINTS,
        Param::with_default(
            "assess",
            ParamKind::Flag,
            "false",
            "also say how sure the typology is: criteria for k side by side, stability of each cluster, regions between two clusters, centroids in original units",
        ),
        Param::with_default(
            "replicates",
            ParamKind::Integer { min: 1, max: 100_000 },
            "200",
            "with `assess`: bootstrap replicates of the stability and reference tables of the gap statistic",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\nk = 2\nk_max = 4\nassess = true\nreplicates = 50\nstarts = 10\n",
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

**With `assess`.** Seven criteria for each k, side by side: the mean *silhouette*; *Calinski-Harabasz* (B / (k - 1)) / (W / (n - k)), B and W the sums of
squares between and within; *Davies-Bouldin*, the mean over clusters of the largest (s + s') / distance of the centres, s the mean distance of the members to their
centre; *Dunn*, the distance of the two nearest members of different clusters over the widest diameter; the *gap*, by which ln W of k-means lies
below its mean over `replicates` tables drawn uniformly in the box along the principal axes, which prefers the smallest k whose gap is not more than a standard error below the next;
*BIC* = 2 ln L - parameters x ln n of the best Gaussian mixture with k components; and the Jaccard similarity of the *least stable cluster*. Stability: the
regions are drawn with replacement `replicates` times, each drawn one is kept once and grouped anew; a cluster's value is its mean Jaccard similarity |both| /
|either| with the most similar new cluster, among the regions drawn: from 0.75 on stable, below 0.6 not to be believed, dissolved where it is at most 0.5. A
region sits *between two clusters* if its silhouette is below 0.25, or if it lay in the most similar new cluster in less than three quarters of the replicates that drew
it; membership is the weight of its own cluster, where the method has one (mixture, fuzzy). *Centroids* are plain means of the indicators in their own units beside the mean of all regions.

**Limits.** With 31 regions a typology is a summary, not a discovery. Read the choice table before the map: silhouettes below
0.25 mean that no grouping stands out, and plain and logged indicators may tell different stories.

**References.** MacQueen 1967; Ward 1963, JASA 58:236-244; Murtagh and Legendre 2014, Journal of Classification 31:274-295; Rousseeuw
1987, Journal of Computational and Applied Mathematics 20:53-65; Caliński and Harabasz 1974, Communications in Statistics 3:1-27; Davies and Bouldin 1979, IEEE TPAMI
1:224-227; Dunn 1974, Journal of Cybernetics 4:95-104; Tibshirani, Walther and Hastie 2001, JRSS B 63:411-423; Fraley and Raftery 2002, JASA 97:611-631; Hennig 2007,
Computational Statistics and Data Analysis 52:258-271.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let (k, k_max) = (whole(params, "k", 3), whole(params, "k_max", 6));
    if k > k_max {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!("`k` ({k}) must not exceed `k_max` ({k_max})"),
        });
    }
    Ok(Box::new(Clusters {
        features: Features::new(ENTRY.id, params)?,
        method: Method::of(params),
        transform: Transform::of(params),
        k,
        k_max,
        starts: whole(params, "starts", 100),
        assess: params.flag("assess"),
        replicates: whole(params, "replicates", 200),
    }))
}

#[derive(Debug)]
struct Clusters {
    features: Features,
    method: Method,
    transform: Transform,
    k: usize,
    k_max: usize,
    starts: usize,
    assess: bool,
    replicates: usize,
}

/// The grouping that is shown.
struct Shape {
    /// The cluster of each region; noise has the number after the last.
    labels: Vec<usize>,
    /// Number of clusters.
    k: usize,
    /// Silhouette width and nearest other cluster of each region in a cluster.
    widths: Vec<Option<(f64, usize)>>,
    cluster_means: Vec<f64>,
    mean: f64,
    separation: Separation,
    /// None where the heights of the linkage fall, so that no tree can be drawn.
    tree: Option<Dendrogram>,
    scores: Vec<[f64; 2]>,
    grouping: Grouping,
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
            k: shape.k,
        };
        let mut tables = vec![
            picture.membership(self),
            choice_table(&choices, self.method, &block.source),
            self.separation_table(study, &shape, &block.source),
        ];
        notes.extend(picture.method_notes());
        if self.assess {
            let assessed = self.assessed(study, &block, &prepared, &shape)?;
            tables.extend(assessed.tables);
            notes.extend(assessed.notes);
        }
        let mut figures = vec![picture.scatter()];
        figures.extend(picture.dendrogram(self.method));
        figures.extend(picture.map());
        Ok(Findings {
            tables,
            figures,
            notes,
        })
    }
}

impl Clusters {
    fn group(&self, study: &Study, table: Matrix<'_>, method: Method, k: usize) -> Result<Grouping, Error> {
        typology::group(table, method, k, self.starts, study.seed)
    }

    fn shape(&self, study: &Study, prepared: &Prepared) -> Result<Shape, AnalysisError> {
        let matrix = prepared.matrix()?;
        let grouping = self.group(study, matrix, self.method, self.k).map_err(failed)?;
        let (rows, labels) = grouping.grouped();
        if grouping.k < 2 {
            let radius = grouping.radius.unwrap_or_default();
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "DBSCAN with `radius` {radius:.2} finds {} cluster{}; the grouping needs two: try another radius or `min_points`",
                    grouping.k,
                    if grouping.k == 1 { "" } else { "s" }
                ),
            });
        }
        let inside: Vec<f64> = rows.iter().flat_map(|&r| matrix.row(r).iter().copied()).collect();
        let inside = Matrix::new(&inside, rows.len(), prepared.cols).map_err(failed)?;
        let distances = Distances::euclidean(inside).map_err(failed)?;
        let found = silhouette(&distances, &labels).map_err(failed)?;
        let mut widths = vec![None; prepared.rows];
        for (at, &row) in rows.iter().enumerate() {
            widths[row] = Some((found.values[at], found.neighbour[at]));
        }
        let pca = profiles::pca(matrix, &PcaOptions::default()).map_err(failed)?;
        let second = |r: usize| {
            if pca.components > 1 {
                pca.scores[r * pca.components + 1]
            } else {
                0.0
            }
        };
        Ok(Shape {
            labels: grouping.labels.iter().map(|l| l.unwrap_or(grouping.k)).collect(),
            k: grouping.k,
            widths,
            cluster_means: found.cluster_means,
            mean: found.mean,
            separation: separation(inside, &labels).map_err(failed)?,
            tree: self.tree(matrix)?,
            scores: (0..prepared.rows)
                .map(|r| [pca.scores[r * pca.components], second(r)])
                .collect(),
            grouping,
        })
    }

    /// Ward's tree, or that of the linkage that was asked for.
    fn tree(&self, matrix: Matrix<'_>) -> Result<Option<Dendrogram>, AnalysisError> {
        let tree = match self.method {
            Method::Hierarchical(by) if by != Linkage::Ward => {
                let distances = Distances::euclidean(matrix).map_err(failed)?;
                linkage(&distances, by).map_err(failed)?
            }
            _ => ward(matrix).map_err(failed)?,
        };
        let rises = tree.merges.is_sorted_by(|a, b| a.height <= b.height);
        Ok(rises.then_some(tree))
    }

    /// What a reader must know before believing the grouping.
    fn caution(&self, choices: &[Choice], shape: &Shape) -> Vec<Note> {
        let mut notes = Vec::new();
        let chosen = shape.mean;
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
}

//! The methods that group regions, and how a table is made ready for them: shared by every analysis of typologies.

use quyu_core::{AnalysisError, Block, Param, ParamKind, Params, Study};
use quyu_econometrics::profiles::{
    self, Covariance, Direction, Distances, FuzzyOptions, KMeansOptions, Linkage, Mixture, MixtureOptions,
    Scale, dbscan, fuzzy_cmeans, gaussian_mixture, kmedoids, linkage, log_skewed, normalise, renumber,
    standardise, ward,
};
use quyu_econometrics::{Error, Matrix};

use crate::features::{Prepared, SKEWNESS_LIMIT, Transform};

/// The algorithm of a grouping.
pub(crate) const METHOD: Param = Param::with_default(
    "method",
    ParamKind::Choice(METHODS),
    "k-means",
    "the algorithm of the grouping that is shown; `typology-stability` defines each",
);
const METHODS: &[&str] = &[
    "k-means",
    "ward",
    "k-medoids",
    "mixture",
    "hierarchical",
    "dbscan",
    "fuzzy",
];
/// Which distance between clusters the hierarchical method merges by.
pub(crate) const LINKAGE: Param = Param::with_default(
    "linkage",
    ParamKind::Choice(&[
        "single", "complete", "average", "weighted", "ward", "centroid", "median",
    ]),
    "average",
    "with `method = \"hierarchical\"`: how far two clusters are apart",
);
/// How near a neighbour is for DBSCAN.
pub(crate) const RADIUS: Param = Param::optional(
    "radius",
    ParamKind::Number { min: 0.0, max: 1e6 },
    "with `method = \"dbscan\"`: how near a neighbour is, in standard deviations; absent: the median distance of a region to its `min_points`-th nearest point, itself counted",
);
/// How many points make a core of DBSCAN.
pub(crate) const MIN_POINTS: Param = Param::with_default(
    "min_points",
    ParamKind::Integer { min: 1, max: 1000 },
    "3",
    "with `method = \"dbscan\"`: regions within the radius that make a core, itself counted",
);
/// Random starts.
pub(crate) const STARTS: Param = Param::with_default(
    "starts",
    ParamKind::Integer { min: 1, max: 100_000 },
    "100",
    "random starts of k-means; the best is kept",
);

/// An algorithm with what it needs beside the number of clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Method {
    KMeans,
    Ward,
    KMedoids,
    Mixture,
    Hierarchical(Linkage),
    Dbscan { radius: Option<f64>, min_points: usize },
    Fuzzy,
}

impl Method {
    pub(crate) fn of(params: &Params) -> Self {
        match params.text("method") {
            Some("ward") => Method::Ward,
            Some("k-medoids") => Method::KMedoids,
            Some("mixture") => Method::Mixture,
            Some("hierarchical") => Method::Hierarchical(linkage_of(params)),
            Some("dbscan") => Method::Dbscan {
                radius: params.number("radius"),
                min_points: whole(params, "min_points", 3),
            },
            Some("fuzzy") => Method::Fuzzy,
            _ => Method::KMeans,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::KMeans => "k-means",
            Method::Ward => "ward",
            Method::KMedoids => "k-medoids",
            Method::Mixture => "mixture",
            Method::Hierarchical(_) => "hierarchical",
            Method::Dbscan { .. } => "dbscan",
            Method::Fuzzy => "fuzzy",
        }
    }

    /// Whether the number of clusters is asked for; DBSCAN finds it.
    pub(crate) fn takes_k(self) -> bool {
        !matches!(self, Method::Dbscan { .. })
    }
}

fn linkage_of(params: &Params) -> Linkage {
    match params.text("linkage") {
        Some("single") => Linkage::Single,
        Some("complete") => Linkage::Complete,
        Some("weighted") => Linkage::Weighted,
        Some("ward") => Linkage::Ward,
        Some("centroid") => Linkage::Centroid,
        Some("median") => Linkage::Median,
        _ => Linkage::Average,
    }
}

/// A whole number of a parameter that is not negative.
pub(crate) fn whole(params: &Params, name: &str, otherwise: usize) -> usize {
    params
        .integer(name)
        .and_then(|i| usize::try_from(i).ok())
        .unwrap_or(otherwise)
}

/// What a method found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grouping {
    /// Cluster of each row, numbered by first member; `None` for noise.
    pub(crate) labels: Vec<Option<usize>>,
    pub(crate) k: usize,
    /// Membership of each row in each cluster, row-major, where the method gives one.
    pub(crate) memberships: Option<Vec<f64>>,
    /// The row at the centre of each cluster, for k-medoids.
    pub(crate) medoids: Option<Vec<usize>>,
    /// The radius of DBSCAN.
    pub(crate) radius: Option<f64>,
    /// The models of a mixture that could be fitted, with their criterion.
    pub(crate) models: Vec<(&'static str, f64)>,
}

impl Grouping {
    fn of(labels: Vec<usize>) -> Self {
        Self {
            k: labels.iter().max().map_or(0, |m| m + 1),
            labels: labels.into_iter().map(Some).collect(),
            memberships: None,
            medoids: None,
            radius: None,
            models: Vec::new(),
        }
    }

    /// The rows that are in a cluster, with their clusters.
    pub(crate) fn grouped(&self) -> (Vec<usize>, Vec<usize>) {
        let labels = self.labels.iter().enumerate();
        labels.filter_map(|(row, label)| label.map(|l| (row, l))).unzip()
    }
}

/// Groups the rows of a standardised table.
pub(crate) fn group(
    table: Matrix<'_>,
    method: Method,
    k: usize,
    starts: usize,
    seed: u64,
) -> Result<Grouping, Error> {
    let options = KMeansOptions {
        starts,
        seed,
        ..KMeansOptions::default()
    };
    match method {
        Method::KMeans => Ok(Grouping::of(profiles::kmeans(table, k, &options)?.labels)),
        Method::Ward => Ok(Grouping::of(ward(table)?.cut(k)?)),
        Method::Hierarchical(by) => {
            let tree = linkage(&Distances::euclidean(table)?, by)?;
            Ok(Grouping::of(tree.cut(k)?))
        }
        Method::KMedoids => {
            let found = kmedoids(&Distances::euclidean(table)?, k)?;
            Ok(Grouping {
                medoids: Some(found.medoids),
                ..Grouping::of(found.labels)
            })
        }
        Method::Fuzzy => {
            let options = FuzzyOptions {
                start: options,
                ..FuzzyOptions::default()
            };
            let found = fuzzy_cmeans(table, k, &options)?;
            let largest = |row: &[f64]| (1..k).fold(0, |best, c| if row[c] > row[best] { c } else { best });
            let labels: Vec<usize> = found.memberships.chunks_exact(k).map(largest).collect();
            soft(&labels, &found.memberships, k)
        }
        Method::Mixture => {
            let models = mixtures(table, k)?;
            let Some((_, best)) = models.iter().reduce(|a, b| if b.1.bic > a.1.bic { b } else { a }) else {
                return Err(Error::Singular {
                    argument: "covariance",
                });
            };
            let mut found = soft(&best.labels, &best.probabilities, k)?;
            found.models = models.iter().map(|(name, m)| (*name, m.bic)).collect();
            Ok(found)
        }
        Method::Dbscan { radius, min_points } => {
            let distances = Distances::euclidean(table)?;
            let radius = radius.unwrap_or_else(|| usual_radius(&distances, min_points));
            let labels = dbscan(&distances, radius, min_points)?;
            let k = labels.iter().flatten().max().map_or(0, |m| m + 1);
            Ok(Grouping {
                labels: by_first_member(&labels),
                k,
                memberships: None,
                medoids: None,
                radius: Some(radius),
                models: Vec::new(),
            })
        }
    }
}

/// Clusters numbered by their first member, noise left out.
fn by_first_member(labels: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = Vec::new();
    for label in labels.iter().flatten() {
        if !order.contains(label) {
            order.push(*label);
        }
    }
    let number = |label: &usize| order.iter().position(|o| o == label);
    labels.iter().map(|l| l.as_ref().and_then(number)).collect()
}

/// The crisp form of memberships, its clusters numbered by first member.
fn soft(labels: &[usize], memberships: &[f64], k: usize) -> Result<Grouping, Error> {
    let numbered = renumber(labels)?;
    let mut old = vec![usize::MAX; k];
    for (new, label) in numbered.iter().zip(labels) {
        old[*new] = *label;
    }
    if old.contains(&usize::MAX) {
        return Err(Error::Undefined {
            reason: "a cluster is nobody's likeliest: ask for fewer clusters",
        });
    }
    let turned = (0..memberships.len()).map(|at| memberships[at / k * k + old[at % k]]);
    Ok(Grouping {
        memberships: Some(turned.collect()),
        ..Grouping::of(numbered)
    })
}

/// The mixtures of every shape of covariance that can be fitted from Ward's partition.
pub(crate) fn mixtures(table: Matrix<'_>, k: usize) -> Result<Vec<(&'static str, Mixture)>, Error> {
    let start = ward(table)?.cut(k)?;
    let shapes = [
        ("EII", Covariance::Eii),
        ("VII", Covariance::Vii),
        ("EEI", Covariance::Eei),
        ("VVI", Covariance::Vvi),
        ("EEE", Covariance::Eee),
        ("VVV", Covariance::Vvv),
    ];
    let fit = |shape| gaussian_mixture(table, &start, shape, &MixtureOptions::default()).ok();
    Ok(shapes
        .into_iter()
        .filter_map(|(name, shape)| fit(shape).map(|m| (name, m)))
        .collect())
}

/// The median over the points of the distance to their `min_points`-th nearest point, themselves counted.
fn usual_radius(distances: &Distances, min_points: usize) -> f64 {
    let n = distances.points();
    let mut reach: Vec<f64> = (0..n)
        .map(|i| {
            let mut own: Vec<f64> = (0..n).map(|j| distances.between(i, j)).collect();
            own.sort_by(f64::total_cmp);
            own[min_points.clamp(1, n) - 1]
        })
        .collect();
    reach.sort_by(f64::total_cmp);
    let (below, above) = (reach[(n - 1) / 2], reach[n / 2]);
    below + (above - below) / 2.0
}

/// How indicators are put on one scale before they are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standardise {
    ZScore,
    MinMax,
    Rank,
}

impl Standardise {
    pub(crate) const ALL: [Standardise; 3] = [Standardise::ZScore, Standardise::MinMax, Standardise::Rank];

    pub(crate) fn of(params: &Params) -> Self {
        match params.text("standardise") {
            Some("min-max") => Standardise::MinMax,
            Some("rank") => Standardise::Rank,
            _ => Standardise::ZScore,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Standardise::ZScore => "z-score",
            Standardise::MinMax => "min-max",
            Standardise::Rank => "rank",
        }
    }
}

/// Applies transform and scale to some columns of a raw table of `cols` columns.
pub(crate) fn prepare_columns(
    raw: &[f64],
    cols: usize,
    kept: &[usize],
    transform: Transform,
    scale: Standardise,
) -> Result<Prepared, Error> {
    let rows = raw.len() / cols;
    let table: Vec<f64> = (0..rows)
        .flat_map(|r| kept.iter().map(move |&c| raw[r * cols + c]))
        .collect();
    let (values, logged) = match transform {
        Transform::Plain => (table, vec![false; kept.len()]),
        Transform::LogSkewed => {
            let treated = log_skewed(Matrix::new(&table, rows, kept.len())?, SKEWNESS_LIMIT)?;
            (treated.table, treated.logged)
        }
    };
    let table = Matrix::new(&values, rows, kept.len())?;
    let z = match scale {
        Standardise::ZScore => standardise(table, 0)?.z,
        Standardise::MinMax | Standardise::Rank => {
            let kind = match scale {
                Standardise::MinMax => Scale::MinMax { low: 0.0, high: 1.0 },
                _ => Scale::PercentileRank,
            };
            let mut z = vec![0.0; values.len()];
            for c in 0..kept.len() {
                let column = normalise(&table.col(c), kind, Direction::Higher)?;
                for (r, value) in column.into_iter().enumerate() {
                    z[r * kept.len() + c] = value;
                }
            }
            z
        }
    };
    Ok(Prepared {
        z,
        rows,
        cols: kept.len(),
        logged,
    })
}

/// The error of a statistic of columns or of a table of regions by indicators, with the region and the indicator
/// that it points to.
pub(crate) fn blamed(analysis: &'static str, study: &Study, block: &Block, error: &Error) -> AnalysisError {
    let regions: Vec<String> = block
        .regions
        .iter()
        .map(|r| study.atlas.regions.label(r))
        .collect();
    let labels: Vec<String> = block
        .terms
        .iter()
        .map(|t| study.atlas.codebook.label(t))
        .collect();
    blamed_by(analysis, &regions, &labels, error)
}

/// The same for a table whose rows and columns have these names.
pub(crate) fn blamed_by(
    analysis: &'static str,
    regions: &[String],
    labels: &[String],
    error: &Error,
) -> AnalysisError {
    let cols = labels.len();
    let (region, term) = match error {
        Error::Negative {
            argument: "table",
            index,
            ..
        }
        | Error::Zero {
            argument: "table",
            index,
        } => (regions.get(index / cols), labels.get(index % cols)),
        Error::Zero {
            argument: "standard deviation" | "range" | "column",
            index,
        } => (None, labels.get(*index)),
        _ => (None, None),
    };
    let mut reason = error.to_string();
    if let Some(term) = term {
        reason = format!("{term}: {reason}");
    }
    if let Some(region) = region {
        reason = format!("{reason} (at {region})");
    }
    AnalysisError::Study { analysis, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_radius_is_a_median_for_odd_and_even_numbers_of_points() {
        let radius = |points: &[f64], min_points| {
            let table = Matrix::new(points, points.len(), 1).unwrap();
            usual_radius(&Distances::euclidean(table).unwrap(), min_points)
        };
        // Nearest others at 1, 1, 2, 4: the median of four is the mean of the middle two.
        assert_eq!(radius(&[0.0, 1.0, 3.0, 7.0], 2), 1.5);
        // At 1, 1, 2, 4, 8.
        assert_eq!(radius(&[0.0, 1.0, 3.0, 7.0, 15.0], 2), 2.0);
        // The first nearest is the point itself; more than there are is the furthest: 7, 6, 4, 7.
        assert_eq!(radius(&[0.0, 1.0, 3.0, 7.0], 1), 0.0);
        assert_eq!(radius(&[0.0, 1.0, 3.0, 7.0], 9), 6.5);
    }
}

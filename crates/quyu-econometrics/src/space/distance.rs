//! Weights from coordinates: distance bands and nearest neighbours.

use super::weights::Weights;
use crate::{Error, check, parallel};
use quyu_math::{atan2, cos, hypot, pow, sin, sqrt};

/// Mean radius of the Earth in kilometres, (2a + b)/3 of the WGS 84 ellipsoid (Moritz 2000, Journal of Geodesy 74:128-133).
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// What the distance of two points is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    /// Coordinates in a plane; distances in their unit.
    #[default]
    Planar,
    /// Longitude and latitude in degrees; distances in kilometres along a sphere of radius [`EARTH_RADIUS_KM`]. Against the
    /// ellipsoid the error is below 0.6 %.
    GreatCircle,
}

/// How weights fall with distance.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Decay {
    /// They do not: every neighbour has weight 1.
    #[default]
    Binary,
    /// `d^-power`, for a power above 0.
    Power(f64),
}

/// Which neighbour is taken where several are as far away as the k-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// The one that stands first in the data: every unit has exactly k neighbours, and the result depends on the order of
    /// the data.
    #[default]
    First,
    /// All of them: a unit may have more than k neighbours, and the order of the data does not matter.
    All,
}

/// Points made ready for distances.
enum Points {
    Planar(Vec<[f64; 2]>),
    /// Unit vectors: the angle between two of them is exact near 0 and near 180 degrees.
    Sphere(Vec<[f64; 3]>),
}

impl Points {
    fn new(points: &[(f64, f64)], metric: Metric) -> Result<Self, Error> {
        if points.is_empty() {
            return Err(Error::Empty { argument: "points" });
        }
        let odd = |(x, y): &(f64, f64)| !x.is_finite() || !y.is_finite();
        if let Some(index) = points.iter().position(odd) {
            return Err(Error::NotFinite {
                argument: "points",
                index,
            });
        }
        match metric {
            Metric::Planar => Ok(Self::Planar(points.iter().map(|(x, y)| [*x, *y]).collect())),
            Metric::GreatCircle => {
                for (longitude, latitude) in points {
                    check::between("longitude", *longitude, (-360.0, 360.0), "-360 to 360 degrees")?;
                    check::between("latitude", *latitude, (-90.0, 90.0), "-90 to 90 degrees")?;
                }
                Ok(Self::Sphere(points.iter().map(on_sphere).collect()))
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Planar(points) => points.len(),
            Self::Sphere(points) => points.len(),
        }
    }

    fn between(&self, i: usize, j: usize) -> f64 {
        match self {
            Self::Planar(p) => hypot(p[i][0] - p[j][0], p[i][1] - p[j][1]),
            Self::Sphere(p) => {
                let (a, b) = (p[i], p[j]);
                let size = |sign: f64| {
                    let part = |k: usize| a[k] + sign * b[k];
                    sqrt(part(0) * part(0) + part(1) * part(1) + part(2) * part(2))
                };
                2.0 * EARTH_RADIUS_KM * atan2(size(-1.0), size(1.0))
            }
        }
    }

    /// A number that grows with the distance and is quick to compute.
    fn rank(&self, i: usize, j: usize) -> f64 {
        match self {
            Self::Planar(_) => self.between(i, j),
            Self::Sphere(p) => (0..3).fold(0.0, |sum, k| {
                let gap = p[i][k] - p[j][k];
                sum + gap * gap
            }),
        }
    }
}

fn on_sphere((longitude, latitude): &(f64, f64)) -> [f64; 3] {
    let (l, b) = (longitude.to_radians(), latitude.to_radians());
    [cos(b) * cos(l), cos(b) * sin(l), sin(b)]
}

/// The distance of two points.
///
/// Planar: `√(Δx² + Δy²)`. Great circle: `2 R atan2(|a - b|, |a + b|)` for the unit vectors a and b of the points.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for a longitude outside [-360, 360] or a latitude outside [-90, 90];
/// [`Error::Range`].
///
/// # References
/// Kahan 2006, How Futile are Mindless Assessments of Roundoff in Floating-Point Computation? (the angle of two vectors).
///
/// ```
/// use quyu_econometrics::space::{distance, Metric};
/// assert_eq!(distance((0.0, 0.0), (3.0, 4.0), Metric::Planar)?, 5.0);
/// // Nanjing and Beijing.
/// let km = distance((118.80, 32.06), (116.41, 39.90), Metric::GreatCircle)?;
/// assert!((km - 899.0).abs() < 2.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn distance(a: (f64, f64), b: (f64, f64), metric: Metric) -> Result<f64, Error> {
    check::result("a distance", Points::new(&[a, b], metric)?.between(0, 1))
}

/// Weights between all units at a distance of more than `above` and at most `up_to`.
///
/// Points are (x, y), or (longitude, latitude) for [`Metric::GreatCircle`]. `above = None` takes everything near, points in
/// the same place included. All pairs are compared: n² / 2 distances. A unit that is too far from all others is an island.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`] for `points`; [`Error::Domain`] for coordinates outside the sphere, a band that is
/// empty or not finite, or a power that is not above 0; [`Error::Zero`] with the position of a point that has another in
/// its place, where weights fall with distance; [`Error::Range`].
///
/// # References
/// Anselin 1988, Spatial Econometrics: Methods and Models, ch. 3.
///
/// ```
/// use quyu_econometrics::space::{distance_band, Decay, Metric};
/// let points = [(0.0, 0.0), (1.0, 0.0), (3.0, 0.0), (9.0, 0.0)];
/// let w = distance_band(&points, None, 2.0, Decay::Power(1.0), Metric::Planar)?;
/// assert_eq!((w.weight(0, 1), w.weight(1, 2), w.weight(0, 2)), (1.0, 0.5, 0.0));
/// assert_eq!(w.islands(), [3]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn distance_band(
    points: &[(f64, f64)],
    above: Option<f64>,
    up_to: f64,
    decay: Decay,
    metric: Metric,
) -> Result<Weights, Error> {
    let points = Points::new(points, metric)?;
    let low = above.unwrap_or(-1.0);
    if !up_to.is_finite() || up_to < 0.0 || low.is_nan() || low >= up_to {
        return Err(Error::Domain {
            option: "up_to",
            value: up_to,
            domain: "finite, and above the lower end of the band",
        });
    }
    if let Decay::Power(power) = decay
        && (!power.is_finite() || power <= 0.0)
    {
        return Err(Error::Domain {
            option: "power",
            value: power,
            domain: "above 0",
        });
    }
    let n = points.len();
    let row = |i: usize| -> Result<Vec<(usize, usize, f64)>, Error> {
        let mut row = Vec::new();
        for j in (0..n).filter(|j| *j != i) {
            let d = points.between(i, j);
            if d > low && d <= up_to {
                row.push((i, j, weight(d, decay, i)?));
            }
        }
        Ok(row)
    };
    let rows: Vec<_> = parallel::map(n, 16, row).into_iter().collect::<Result<_, _>>()?;
    // A weight that underflows to zero is no link.
    let links = rows.into_iter().flatten().filter(|(_, _, w)| *w > 0.0);
    Ok(Weights::from_sorted(n, links))
}

fn weight(d: f64, decay: Decay, index: usize) -> Result<f64, Error> {
    match decay {
        Decay::Binary => Ok(1.0),
        Decay::Power(_) if d == 0.0 => Err(Error::Zero {
            argument: "points",
            index,
        }),
        Decay::Power(power) => check::result("a weight", pow(d, -power)),
    }
}

/// Binary weights (1) of the k nearest other units.
///
/// Rarely symmetric: a unit may be near to one that has nearer ones ([`Weights::symmetrised`]). All pairs are compared: n²
/// distances.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`] for `points`; [`Error::Domain`] for coordinates outside the sphere, and unless
/// `1 <= k < points`; [`Error::Range`] for planar distances beyond the range of a double.
///
/// # References
/// Anselin 1988, Spatial Econometrics: Methods and Models, ch. 3.
///
/// ```
/// use quyu_econometrics::space::{nearest, Metric, Ties};
/// let points = [(0.0, 0.0), (1.0, 0.0), (3.0, 0.0)];
/// let w = nearest(&points, 1, Ties::First, Metric::Planar)?;
/// assert_eq!((w.weight(2, 1), w.weight(1, 2)), (1.0, 0.0));
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn nearest(points: &[(f64, f64)], k: usize, ties: Ties, metric: Metric) -> Result<Weights, Error> {
    let points = Points::new(points, metric)?;
    let n = points.len();
    if k == 0 || k >= n {
        return Err(Error::Domain {
            option: "k",
            value: k as f64,
            domain: "at least 1 and below the number of points",
        });
    }
    let row = |i: usize| -> Result<Vec<(usize, usize, f64)>, Error> {
        let mut others: Vec<(f64, usize)> = (0..n)
            .filter(|j| *j != i)
            .map(|j| (points.rank(i, j), j))
            .collect();
        if others.iter().any(|(d, _)| !d.is_finite()) {
            return Err(Error::Range { what: "a distance" });
        }
        let nearer = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        let (_, last, _) = others.select_nth_unstable_by(k - 1, nearer);
        let last = *last;
        let near = |other: &(f64, usize)| match ties {
            Ties::First => nearer(other, &last).is_le(),
            Ties::All => other.0 <= last.0,
        };
        let mut row: Vec<_> = others
            .iter()
            .filter(|other| near(other))
            .map(|(_, j)| (i, *j, 1.0))
            .collect();
        row.sort_unstable_by_key(|(_, j, _)| *j);
        Ok(row)
    };
    let rows: Vec<_> = parallel::map(n, 16, row).into_iter().collect::<Result<_, _>>()?;
    Ok(Weights::from_sorted(n, rows.into_iter().flatten()))
}

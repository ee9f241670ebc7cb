//! Economic complexity by the eigenvector method, and the opportunities it shows.

use super::relatedness::{check_related, density};
use super::table::check_incidence;
use super::tridiagonal::leading;
use crate::{Error, Matrix, check};

/// How the complexity of industries is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ComplexityScaling {
    /// Regions and industries each by their own mean and standard deviation (n - 1).
    #[default]
    Own,
    /// Both by mean and standard deviation (n) of the regions, as py-ecomplexity has it: the complexity of a
    /// region is then the mean of that of its industries.
    Regions,
}

/// Complexity of regions and of industries.
#[derive(Debug, Clone, PartialEq)]
pub struct Complexity {
    /// Number of industries of each region (diversity).
    pub diversity: Vec<f64>,
    /// Number of regions of each industry (ubiquity).
    pub ubiquity: Vec<f64>,
    /// Complexity index of each region (ECI), standardised.
    pub regions: Vec<f64>,
    /// Complexity index of each industry (PCI), standardised.
    pub industries: Vec<f64>,
    /// The eigenvector of regions before standardising: the mean of `industry_vector` over the industries of
    /// each.
    pub region_vector: Vec<f64>,
    /// The eigenvector of industries before standardising, of length one.
    pub industry_vector: Vec<f64>,
    /// The second eigenvalue, 0 to 1: how much of the pattern the index keeps.
    pub eigenvalue: f64,
}

/// Economic complexity of regions (ECI) and industries (PCI).
///
/// `incidence` M is regions by industries, 0 or 1. With `A` the rows of M divided by diversity and `B` its
/// columns divided by ubiquity, the industries' vector is the eigenvector of `Bᵀ A` that belongs to the second
/// largest eigenvalue, and that of regions its mean over their industries (`A v`). The sign is the one that
/// makes the regions' index correlate positively with diversity. Then standardised as [`ComplexityScaling`]
/// says.
///
/// Solved as a symmetric problem of the smaller side: reflections to tridiagonal form, bisection to the last bit,
/// inverse iteration. No power method that may stop too early.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for a cell that is neither 0 nor 1; [`Error::Zero`] with argument
/// `diversity` and the region that has nothing, or `ubiquity` and the industry nobody has; [`Error::TooFew`]
/// for fewer than 2 regions or industries; [`Error::Undefined`] if the network falls into parts without a link,
/// or the second eigenvalue is not unique or zero.
///
/// # Reference
/// Hidalgo, C. A. & Hausmann, R. (2009), The building blocks of economic complexity, PNAS 106, 10570-10575.
/// Hausmann, R. et al. (2014), The Atlas of Economic Complexity, MIT Press. Mealy, P., Farmer, J. D. &
/// Teytelboym, A. (2019), Interpreting economic complexity, Science Advances 5, eaau1705.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{ComplexityScaling, complexity}};
/// let incidence = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0];
/// let found = complexity(Matrix::new(&incidence, 3, 3)?, ComplexityScaling::Own)?;
/// // Who has everything is more complex than who has what all have.
/// assert!(found.regions[0] > found.regions[1] && found.regions[1] > found.regions[2]);
/// assert!(found.industries[0] > found.industries[2]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn complexity(incidence: Matrix<'_>, scaling: ComplexityScaling) -> Result<Complexity, Error> {
    check_incidence(incidence)?;
    check::at_least("regions", incidence.rows(), 2)?;
    check::at_least("industries", incidence.cols(), 2)?;
    let (diversity, ubiquity) = degrees(incidence);
    check::positive("diversity", &diversity)?;
    check::positive("ubiquity", &ubiquity)?;
    let (eigenvalue, mut v) = second_vector(incidence, &diversity, &ubiquity)?;
    let mut u = means_over_industries(incidence, &v, &diversity);
    if orientation(&diversity, &u) < 0.0 {
        v.iter_mut().for_each(|x| *x = -*x);
        u.iter_mut().for_each(|x| *x = -*x);
    }
    let (regions, industries) = match scaling {
        ComplexityScaling::Own => (z_scores(&u, &u, 1)?, z_scores(&v, &v, 1)?),
        ComplexityScaling::Regions => (z_scores(&u, &u, 0)?, z_scores(&v, &u, 0)?),
    };
    Ok(Complexity {
        diversity,
        ubiquity,
        regions,
        industries,
        region_vector: u,
        industry_vector: v,
        eigenvalue,
    })
}

fn degrees(incidence: Matrix<'_>) -> (Vec<f64>, Vec<f64>) {
    let diversity = (0..incidence.rows())
        .map(|r| quyu_math::sum(incidence.row(r)))
        .collect();
    (diversity, incidence.column_sums())
}

/// `A v`: the mean of `v` over the industries of each region.
fn means_over_industries(incidence: Matrix<'_>, v: &[f64], diversity: &[f64]) -> Vec<f64> {
    (0..incidence.rows())
        .map(|r| quyu_math::dot(incidence.row(r), v) / diversity[r])
        .collect()
}

/// `B u`: the mean of `u` over the regions of each industry.
fn means_over_regions(incidence: Matrix<'_>, u: &[f64], ubiquity: &[f64]) -> Vec<f64> {
    (0..incidence.cols())
        .map(|i| quyu_math::sum_by(u.len(), |r| incidence.at(r, i) * u[r]) / ubiquity[i])
        .collect()
}

/// Second eigenvalue and, as a vector of length one, the industries' eigenvector.
///
/// With `N = D_r^(-1/2) M D_i^(-1/2)` the matrices `Nᵀ N` and `N Nᵀ` are symmetric and have the eigenvalues of
/// `Bᵀ A`; the smaller of the two is solved.
fn second_vector(
    incidence: Matrix<'_>,
    diversity: &[f64],
    ubiquity: &[f64],
) -> Result<(f64, Vec<f64>), Error> {
    let (rows, cols) = (incidence.rows(), incidence.cols());
    let by_regions = rows < cols;
    let side = rows.min(cols);
    let scaled: Vec<f64> = (0..rows * cols)
        .map(|at| incidence.data()[at] / (diversity[at / cols] * ubiquity[at % cols]).sqrt())
        .collect();
    let scaled = Matrix::of(&scaled, rows, cols);
    let lines: Vec<Vec<f64>> = (0..side)
        .map(|k| {
            if by_regions {
                scaled.row(k).to_vec()
            } else {
                scaled.col(k)
            }
        })
        .collect();
    let mut product = vec![0.0; side * side];
    for a in 0..side {
        for b in a..side {
            product[a * side + b] = quyu_math::dot(&lines[a], &lines[b]);
            product[b * side + a] = product[a * side + b];
        }
    }
    let found = leading(product, side);
    let (second, third) = (found.second, found.third.max(0.0));
    if second > 1.0 - 1e-9 {
        return Err(Error::Undefined {
            reason: "the network falls into parts without a link",
        });
    }
    if second < 1e-9 || second - third < 1e-9 {
        return Err(Error::Undefined {
            reason: "the second eigenvalue is zero or not unique",
        });
    }
    let half = &found.vector;
    let v: Vec<f64> = if by_regions {
        let u: Vec<f64> = half.iter().zip(diversity).map(|(w, k)| w / k.sqrt()).collect();
        means_over_regions(incidence, &u, ubiquity)
    } else {
        half.iter().zip(ubiquity).map(|(w, k)| w / k.sqrt()).collect()
    };
    let length = quyu_math::dot(&v, &v).sqrt();
    Ok((second, v.iter().map(|x| x / length).collect()))
}

/// Covariance of diversity and index; where they do not correlate, the largest absolute index decides.
fn orientation(diversity: &[f64], u: &[f64]) -> f64 {
    let n = u.len();
    let (mean_k, mean_u) = (quyu_math::sum(diversity) / n as f64, quyu_math::sum(u) / n as f64);
    let sum = |f: &dyn Fn(usize) -> f64| quyu_math::sum_by(n, f);
    let covariance = sum(&|r| (diversity[r] - mean_k) * (u[r] - mean_u));
    let size = (sum(&|r| (diversity[r] - mean_k) * (diversity[r] - mean_k))
        * sum(&|r| (u[r] - mean_u) * (u[r] - mean_u)))
    .sqrt();
    if covariance.abs() > 1e-9 * size {
        return covariance;
    }
    u.iter().fold(0.0, |largest: f64, &x| {
        if x.abs() > largest.abs() * (1.0 + 1e-9) {
            x
        } else {
            largest
        }
    })
}

/// `values` less the mean of `of`, over its standard deviation.
fn z_scores(values: &[f64], of: &[f64], ddof: usize) -> Result<Vec<f64>, Error> {
    let (mean, sd) = mean_and_sd(of, ddof);
    if sd == 0.0 {
        return Err(Error::Undefined {
            reason: "all complexities are equal",
        });
    }
    Ok(values.iter().map(|x| (x - mean) / sd).collect())
}

fn mean_and_sd(values: &[f64], ddof: usize) -> (f64, f64) {
    let mean = quyu_math::sum(values) / values.len() as f64;
    let squares = quyu_math::sum_by(values.len(), |k| (values[k] - mean) * (values[k] - mean));
    (mean, (squares / (values.len() - ddof) as f64).sqrt())
}

/// One step of the method of reflections.
#[derive(Debug, Clone, PartialEq)]
pub struct Reflection {
    /// One value for each region.
    pub regions: Vec<f64>,
    /// One value for each industry.
    pub industries: Vec<f64>,
}

/// Method of reflections: averages of averages, `steps` times.
///
/// `k_r0` is diversity, `k_i0` ubiquity, and `k_rN = (1/k_r0) Σ M_ri k_i,N-1`, `k_iN = (1/k_i0) Σ M_ri
/// k_r,N-1`. Element N of the result is step N; not rescaled. Even steps of regions tend to a constant whose
/// small differences are what [`complexity`] gives exactly.
///
/// # Errors
/// [`Error::NotFinite`]; [`Error::Domain`] for a cell that is neither 0 nor 1; [`Error::Zero`] with argument
/// `diversity` or `ubiquity`.
///
/// # Reference
/// Hidalgo & Hausmann (2009), as in [`complexity`].
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::reflections};
/// let incidence = [1.0, 1.0, 0.0, 1.0];
/// let steps = reflections(Matrix::new(&incidence, 2, 2)?, 1)?;
/// assert_eq!(steps[0].regions, [2.0, 1.0]);
/// assert_eq!(steps[1].regions, [1.5, 2.0]);
/// assert_eq!(steps[1].industries, [2.0, 1.5]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn reflections(incidence: Matrix<'_>, steps: usize) -> Result<Vec<Reflection>, Error> {
    check_incidence(incidence)?;
    let (diversity, ubiquity) = degrees(incidence);
    check::positive("diversity", &diversity)?;
    check::positive("ubiquity", &ubiquity)?;
    let mut all = vec![Reflection {
        regions: diversity.clone(),
        industries: ubiquity.clone(),
    }];
    for step in 0..steps {
        let last = &all[step];
        let next = Reflection {
            regions: means_over_industries(incidence, &last.industries, &diversity),
            industries: means_over_regions(incidence, &last.regions, &ubiquity),
        };
        all.push(next);
    }
    Ok(all)
}

/// What a region could do next.
#[derive(Debug, Clone, PartialEq)]
pub struct Opportunities {
    /// Relatedness density, row-major: regions by industries.
    pub density: Vec<f64>,
    /// Outlook of each region (COI): density times complexity, summed over the industries it does not have.
    pub outlook: Vec<f64>,
    /// Gain of each region from each industry (COG), row-major: how much nearer an industry that it does not
    /// have would bring it to other complex ones; 0 for what it has.
    pub gain: Vec<f64>,
}

/// Complexity outlook and opportunity gain.
///
/// With density d, relatedness φ and the complexity v of industries:
///
/// ```text
/// outlook_r = Σ_i d_ri (1 - M_ri) v_i
/// gain_ri   = (1 - M_ri) Σ_j (1 - M_rj) φ_ij v_j / Σ_k φ_jk
/// ```
///
/// `industries` is [`Complexity::industries`], or [`Complexity::industry_vector`] where (as in py-ecomplexity)
/// the vector is not to be centred. Not rescaled: z-scores of the outlook, or the gain in standard deviations
/// of the regions' index, are up to the caller.
///
/// # Errors
/// As [`super::density`]; [`Error::Length`], [`Error::NotFinite`] for `industries`.
///
/// # Reference
/// Hausmann et al. (2014), as in [`complexity`], technical annex.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::opportunities};
/// let (incidence, related) = ([1.0, 0.0], [1.0, 0.5, 0.5, 1.0]);
/// let o = opportunities(Matrix::new(&incidence, 1, 2)?, Matrix::new(&related, 2, 2)?, &[-1.0, 1.0])?;
/// assert!((o.outlook[0] - 1.0 / 3.0).abs() < 1e-12); // a third of what is related to industry 1 is there
/// assert!((o.gain[1] - 1.0 / 1.5).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn opportunities(
    incidence: Matrix<'_>,
    related: Matrix<'_>,
    industries: &[f64],
) -> Result<Opportunities, Error> {
    check::length("industries", industries.len(), incidence.cols())?;
    check::finite("industries", industries)?;
    check_related(incidence, related)?;
    let density = density(incidence, related)?;
    let n = incidence.cols();
    let sums: Vec<f64> = (0..n).map(|j| quyu_math::sum(related.row(j))).collect();
    let missing = |r: usize, i: usize| 1.0 - incidence.at(r, i);
    let outlook: Vec<f64> = (0..incidence.rows())
        .map(|r| quyu_math::sum_by(n, |i| density[r * n + i] * missing(r, i) * industries[i]))
        .collect();
    let mut gain = vec![0.0; incidence.data().len()];
    for r in 0..incidence.rows() {
        // What each missing industry j would give, spread over what it is related to.
        let worth: Vec<f64> = (0..n)
            .map(|j| {
                if sums[j] > 0.0 {
                    missing(r, j) * industries[j] / sums[j]
                } else {
                    0.0
                }
            })
            .collect();
        for i in (0..n).filter(|&i| missing(r, i) > 0.0) {
            gain[r * n + i] = quyu_math::dot(related.row(i), &worth);
        }
    }
    check::in_range("an outlook", &outlook)?;
    check::in_range("a gain", &gain)?;
    Ok(Opportunities {
        density,
        outlook,
        gain,
    })
}

//! Agglomeration beyond what plants by chance would show.

use crate::profiles::sizes;
use crate::{Error, Matrix, check};

/// Ellison and Glaeser's measures of one industry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EllisonGlaeser {
    /// The index: 0 if plants chose regions at random in proportion to their size, positive if they draw
    /// together.
    pub gamma: f64,
    /// Raw geographic concentration `Σ (s_r - x_r)²`.
    pub raw: f64,
    /// Herfindahl index of the plants of the industry.
    pub plant_hhi: f64,
    /// `(G - E G) / sd(G)` under random choice; none if G cannot vary.
    pub z: Option<f64>,
    /// Number of plants.
    pub plants: usize,
}

/// Ellison-Glaeser index of each industry from plant data.
///
/// `employment`, `industry` and `region` hold one element a plant; `industry` and `region` are labels from 0
/// without a gap. With `s_r` the share of region r in the industry, `x_r` its share in all employment, `z_k`
/// the share of plant k in its industry, `X = Σ x²`, `H = Σ z²` and `G = Σ (s_r - x_r)²`:
///
/// ```text
/// γ = [G - (1 - X) H] / [(1 - X)(1 - H)]
/// Var G = 2 [H² (X - 2 Σ x³ + X²) - Σ z⁴ (X - 4 Σ x³ + 3 X²)]
/// ```
///
/// `x_r` is taken over the industries given; `region_totals` puts outside totals in their place.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`], [`Error::Zero`] for a plant
/// without employment, [`Error::Label`]; [`Error::Undefined`] for labels with a gap, an industry of one plant,
/// or a single region; [`Error::Range`].
///
/// # Reference
/// Ellison, G. & Glaeser, E. L. (1997), Geographic concentration in U.S. manufacturing industries: a dartboard
/// approach, Journal of Political Economy 105, 889-927.
///
/// # Example
/// ```
/// use quyu_econometrics::structure::ellison_glaeser;
/// // Industry 0 has its two plants in one of two equal regions.
/// let eg = ellison_glaeser(&[5.0, 5.0, 5.0, 5.0], &[0, 0, 1, 1], &[0, 0, 1, 1], None)?;
/// // G = 1/2, X = 1/2, H = 1/2: (1/2 - 1/4) / (1/4)
/// assert!((eg[0].gamma - 1.0).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn ellison_glaeser(
    employment: &[f64],
    industry: &[usize],
    region: &[usize],
    region_totals: Option<&[f64]>,
) -> Result<Vec<EllisonGlaeser>, Error> {
    let plants = Plants::of(employment, industry, region, region_totals)?;
    (0..plants.industries).map(|i| plants.index(i)).collect()
}

/// Coagglomeration index of the industries given together: do they draw into the same regions beyond what each
/// does by itself?
///
/// With `w_i` the share of industry i in the group, `γ_i`, `H_i` of [`ellison_glaeser`], and G of the group as
/// a whole:
///
/// ```text
/// γc = [G / (1 - X) - H - Σ γ_i w_i² (1 - H_i)] / (1 - Σ w_i²),   H = Σ w_i² H_i
/// ```
///
/// (equation 10 of the paper). Inputs as in [`ellison_glaeser`], restricted to the plants of the group; with
/// `region_totals` of all industries, without which the group is compared with itself and `G` is 0.
///
/// # Errors
/// As [`ellison_glaeser`]; [`Error::TooFew`] for fewer than two industries.
///
/// # Reference
/// Ellison & Glaeser (1997), as in [`ellison_glaeser`].
///
/// # Example
/// ```
/// use quyu_econometrics::structure::coagglomeration;
/// // Two industries, each half in region 0 and half in region 1 of four equal regions.
/// let c = coagglomeration(&[1.0; 4], &[0, 0, 1, 1], &[0, 1, 0, 1], &[1.0; 4])?;
/// assert!(c > 0.0);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn coagglomeration(
    employment: &[f64],
    industry: &[usize],
    region: &[usize],
    region_totals: &[f64],
) -> Result<f64, Error> {
    let plants = Plants::of(employment, industry, region, Some(region_totals))?;
    check::at_least("industries", plants.industries, 2)?;
    let each: Vec<EllisonGlaeser> = (0..plants.industries)
        .map(|i| plants.index(i))
        .collect::<Result<_, _>>()?;
    let all = quyu_math::sum(employment);
    let of_group = plants.region_shares(|_| true);
    let raw = quyu_math::sum_by(of_group.len(), |r| squared(of_group[r] - plants.shares[r]));
    let weight = |i: usize| plants.industry_total(i) / all;
    let weight_hhi = quyu_math::sum_by(each.len(), |i| squared(weight(i)));
    let plant_hhi = quyu_math::sum_by(each.len(), |i| squared(weight(i)) * each[i].plant_hhi);
    let own = quyu_math::sum_by(each.len(), |i| {
        each[i].gamma * squared(weight(i)) * (1.0 - each[i].plant_hhi)
    });
    let index = (raw / (1.0 - plants.share_hhi()) - plant_hhi - own) / (1.0 - weight_hhi);
    check::in_range("the coagglomeration index", &[index])?;
    Ok(index)
}

fn squared(x: f64) -> f64 {
    x * x
}

/// Plants with their labels checked.
struct Plants<'a> {
    employment: &'a [f64],
    industry: &'a [usize],
    region: &'a [usize],
    industries: usize,
    regions: usize,
    /// Share of each region in the aggregate.
    shares: Vec<f64>,
}

impl<'a> Plants<'a> {
    fn of(
        employment: &'a [f64],
        industry: &'a [usize],
        region: &'a [usize],
        totals: Option<&[f64]>,
    ) -> Result<Self, Error> {
        if employment.is_empty() {
            return Err(Error::Empty {
                argument: "employment",
            });
        }
        check::positive("employment", employment)?;
        let industries = sizes(industry, employment.len())?.len();
        let mut plants = Self {
            employment,
            industry,
            region,
            industries,
            regions: 0,
            shares: Vec::new(),
        };
        match totals {
            // A region may be without plants of these industries.
            Some(totals) => {
                check::length("region", region.len(), employment.len())?;
                check::non_negative("region totals", totals)?;
                if let Some(index) = region.iter().position(|&r| r >= totals.len()) {
                    let (found, limit) = (region[index], totals.len());
                    return Err(Error::Label {
                        argument: "region",
                        index,
                        found,
                        limit,
                    });
                }
                let all = quyu_math::sum(totals);
                check::in_range("the sum of employment", &[all])?;
                if all == 0.0 {
                    return Err(Error::Undefined {
                        reason: "the region totals are zero",
                    });
                }
                plants.regions = totals.len();
                plants.shares = totals.iter().map(|t| t / all).collect();
            }
            None => {
                plants.regions = sizes(region, employment.len())?.len();
                plants.shares = plants.region_shares(|_| true);
            }
        }
        check::in_range("the sum of employment", &[quyu_math::sum(employment)])?;
        if 1.0 - plants.share_hhi() <= 0.0 {
            return Err(Error::Undefined {
                reason: "all employment lies in one region",
            });
        }
        Ok(plants)
    }

    /// Share of each region in the employment of the industries that `take` takes.
    fn region_shares(&self, take: impl Fn(usize) -> bool) -> Vec<f64> {
        let mut sums = vec![0.0; self.regions];
        for (k, &e) in self
            .employment
            .iter()
            .enumerate()
            .filter(|(k, _)| take(self.industry[*k]))
        {
            sums[self.region[k]] += e;
        }
        let all = quyu_math::sum(&sums);
        sums.iter().map(|sum| sum / all).collect()
    }

    fn industry_total(&self, i: usize) -> f64 {
        quyu_math::sum_by(self.employment.len(), |k| {
            if self.industry[k] == i {
                self.employment[k]
            } else {
                0.0
            }
        })
    }

    /// `Σ x²` of the aggregate shares.
    fn share_hhi(&self) -> f64 {
        quyu_math::dot(&self.shares, &self.shares)
    }

    fn index(&self, i: usize) -> Result<EllisonGlaeser, Error> {
        let total = self.industry_total(i);
        let own = (0..self.employment.len()).filter(|&k| self.industry[k] == i);
        let z: Vec<f64> = own.map(|k| self.employment[k] / total).collect();
        if z.len() < 2 {
            return Err(Error::Undefined {
                reason: "an industry has one plant only",
            });
        }
        let shares = self.region_shares(|industry| industry == i);
        let raw = quyu_math::sum_by(shares.len(), |r| squared(shares[r] - self.shares[r]));
        let hhi = quyu_math::dot(&z, &z);
        let second = self.share_hhi();
        let third = quyu_math::sum_by(self.shares.len(), |r| self.shares[r] * squared(self.shares[r]));
        let fourth = quyu_math::sum_by(z.len(), |k| squared(squared(z[k])));
        let excess = raw - (1.0 - second) * hhi;
        let variance = 2.0
            * (squared(hhi) * (second - 2.0 * third + squared(second))
                - fourth * (second - 4.0 * third + 3.0 * squared(second)));
        let gamma = excess / ((1.0 - second) * (1.0 - hhi));
        check::in_range("the Ellison-Glaeser index", &[gamma])?;
        let z_score = (variance > 0.0)
            .then(|| excess / variance.sqrt())
            .filter(|z| z.is_finite());
        Ok(EllisonGlaeser {
            gamma,
            raw,
            plant_hhi: hhi,
            z: z_score,
            plants: z.len(),
        })
    }
}

/// Cluster index of Litzenberger and Sternberg of each region and industry.
///
/// ```text
/// density   = (e_ri / e_i) / (a_r / a)       jobs of the industry beside area
/// stock     = (e_ri / e_i) / (p_r / p)       jobs of the industry beside people
/// size      = (e_ri / e_i) / (b_ri / b_i)    jobs of the industry beside its plants
/// index     = density · stock / size
/// ```
///
/// 1 is the average; above 4 is read as a cluster. `jobs` and `plants` are regions by industries, `area` and
/// `people` one value a region. Row-major; 0 where a region has nothing of the industry.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Zero`] with argument `area`, `people`
/// or `industry total` for what is divided by, or `plants` and the cell with jobs but no plant;
/// [`Error::Range`].
///
/// # Reference
/// Litzenberger, T. & Sternberg, R. (2006), Der Clusterindex: eine Methodik zur Identifizierung regionaler
/// Cluster am Beispiel deutscher Industriebranchen, Geographische Zeitschrift 94, 209-224.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::litzenberger_sternberg};
/// // An industry of 5,740 jobs in 53 plants: 1,743 of them in 35 plants here, the rest elsewhere.
/// let (jobs, plants) = ([1743.0, 3997.0], [35.0, 18.0]);
/// let index = litzenberger_sternberg(
///     Matrix::new(&jobs, 2, 1)?,
///     Matrix::new(&plants, 2, 1)?,
///     &[50.0, 526.0],
///     &[488.0, 4133.0],
/// )?;
/// assert!((index[0] - 21.87491).abs() < 1e-5);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn litzenberger_sternberg(
    jobs: Matrix<'_>,
    plants: Matrix<'_>,
    area: &[f64],
    people: &[f64],
) -> Result<Vec<f64>, Error> {
    check::same_shape("plants", plants, jobs)?;
    for (argument, values) in [("area", area), ("people", people)] {
        check::length(argument, values.len(), jobs.rows())?;
        check::positive(argument, values)?;
    }
    check::non_negative("jobs", jobs.data())?;
    check::non_negative("plants", plants.data())?;
    let (all_jobs, all_plants) = (jobs.column_sums(), plants.column_sums());
    check::positive("industry total", &all_jobs)?;
    let (all_area, all_people) = (quyu_math::sum(area), quyu_math::sum(people));
    let mut index = Vec::with_capacity(jobs.data().len());
    for r in 0..jobs.rows() {
        for i in 0..jobs.cols() {
            let at = r * jobs.cols() + i;
            let share = jobs.at(r, i) / all_jobs[i];
            if share > 0.0 && plants.at(r, i) == 0.0 {
                return Err(Error::Zero {
                    argument: "plants",
                    index: at,
                });
            }
            // Density times stock over size: one share of jobs cancels against that in the size.
            let crowding = (share / (area[r] / all_area)) / (people[r] / all_people);
            index.push(if share > 0.0 {
                crowding * (plants.at(r, i) / all_plants[i])
            } else {
                0.0
            });
        }
    }
    check::in_range("the cluster index", &index)?;
    Ok(index)
}

//! How far coders agree beyond chance.

use crate::{Error, check};

/// How grave a disagreement of two of k ordered classes is to Cohen's kappa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KappaWeights {
    /// All disagreements are equally grave: the kappa of 1960.
    #[default]
    Unweighted,
    /// `|i - j|`.
    Linear,
    /// `(i - j)²`.
    Quadratic,
}

impl KappaWeights {
    fn of(self, i: usize, j: usize) -> f64 {
        let gap = i.abs_diff(j) as f64;
        match self {
            Self::Unweighted => f64::from(i != j),
            Self::Linear => gap,
            Self::Quadratic => gap * gap,
        }
    }
}

/// Cohen's kappa of two coders: `1 - Σ w o / Σ w e`, with o the share of units that the first put into class i and the
/// second into class j, e the product of their marginal shares, and w the gravity of the disagreement. 1: they agree
/// always; 0: as often as chance with their own marginals; negative: less.
///
/// `a` and `b` hold a class below `classes` for each unit.
///
/// # Errors
/// [`Error::Empty`], [`Error::Length`], [`Error::Label`]; [`Error::Undefined`] if both put every unit into one and the same
/// class, where chance alone agrees always.
///
/// # Reference
/// Cohen (1960), Educational and Psychological Measurement 20, 37-46; Cohen (1968), Psychological Bulletin 70, 213-220.
///
/// # Example
/// ```
/// use quyu_econometrics::policy::{KappaWeights, cohen_kappa};
/// // They agree on 3 of 4; by chance on 1/2.
/// let kappa = cohen_kappa(&[0, 0, 1, 1], &[0, 0, 1, 0], 2, KappaWeights::Unweighted)?;
/// assert_eq!(kappa, 0.5);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn cohen_kappa(a: &[usize], b: &[usize], classes: usize, weights: KappaWeights) -> Result<f64, Error> {
    if a.is_empty() {
        return Err(Error::Empty { argument: "a" });
    }
    check::labels("a", a, a.len(), classes)?;
    check::labels("b", b, a.len(), classes)?;
    let n = a.len() as f64;
    let marginal = |coder: &[usize]| {
        let mut counts = vec![0.0; classes];
        for class in coder {
            counts[*class] += 1.0;
        }
        counts
    };
    let (rows, columns) = (marginal(a), marginal(b));
    let observed = quyu_math::sum_by(a.len(), |u| weights.of(a[u], b[u])) / n;
    let chance = |cell: usize| {
        let (i, j) = (cell / classes, cell % classes);
        weights.of(i, j) * rows[i] * columns[j]
    };
    let expected = quyu_math::sum_by(classes * classes, chance) / (n * n);
    if expected == 0.0 {
        return Err(Error::Undefined {
            reason: "both coders use one and the same class only",
        });
    }
    Ok(1.0 - observed / expected)
}

/// How grave a disagreement is to Krippendorff's alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Disagreement {
    /// All disagreements are equally grave.
    #[default]
    Nominal,
    /// Of ordered classes: the square of the codes that lie between, `(Σ from i to j n - (n_i + n_j) / 2)²`.
    Ordinal,
}

impl Disagreement {
    fn of(self, i: usize, j: usize, counts: &[f64]) -> f64 {
        let (low, high) = (i.min(j), i.max(j));
        match self {
            _ if i == j => 0.0,
            Self::Nominal => 1.0,
            Self::Ordinal => {
                let between = quyu_math::sum(&counts[low..=high]) - (counts[low] + counts[high]) / 2.0;
                between * between
            }
        }
    }
}

/// Krippendorff's alpha of any number of coders, some of whom may have left units out: `1 - D_o / D_e`, with D_o the mean
/// disagreement of two codes of one unit and D_e that of any two codes. A unit with fewer than two codes is not counted.
///
/// `codes` holds, unit by unit, one class below `classes` or `None` for each of `coders`.
///
/// # Errors
/// [`Error::Empty`] or [`Error::Length`] if `codes` is not units x coders; [`Error::Label`]; [`Error::TooFew`] if no unit has two
/// codes; [`Error::Undefined`] if all codes are the same.
///
/// # Reference
/// Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Krippendorff (2018), Content Analysis, 4th ed., ch. 12.
///
/// # Example
/// ```
/// use quyu_econometrics::policy::{Disagreement, krippendorff_alpha};
/// let codes = [Some(0), Some(0), Some(0), Some(1), Some(1), Some(1)];
/// // One of three units in disagreement: coincidences 2 of 6, expected 2·3·3/(6·5) of 1.
/// let alpha = krippendorff_alpha(&codes, 2, 2, Disagreement::Nominal)?;
/// assert!((alpha - 4.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn krippendorff_alpha(
    codes: &[Option<usize>],
    coders: usize,
    classes: usize,
    disagreement: Disagreement,
) -> Result<f64, Error> {
    if codes.is_empty() || coders == 0 {
        return Err(Error::Empty { argument: "codes" });
    }
    check::length("codes", codes.len(), codes.len().div_ceil(coders) * coders)?;
    let wrong = |code: &Option<usize>| code.filter(|c| *c >= classes);
    if let Some((index, found)) = codes.iter().enumerate().find_map(|(i, c)| Some((i, wrong(c)?))) {
        return Err(Error::Label {
            argument: "codes",
            index,
            found,
            limit: classes,
        });
    }
    let units: Vec<Vec<usize>> = codes
        .chunks(coders)
        .map(|unit| unit.iter().flatten().copied().collect())
        .filter(|unit: &Vec<usize>| unit.len() > 1)
        .collect();
    if units.is_empty() {
        return Err(Error::TooFew {
            argument: "units with two codes",
            found: 0,
            needed: 1,
        });
    }
    let mut counts = vec![0.0; classes];
    for class in units.iter().flatten() {
        counts[*class] += 1.0;
    }
    let n = quyu_math::sum(&counts);
    let apart = |i: usize, j: usize| disagreement.of(i, j, &counts);
    let within = |unit: &Vec<usize>| {
        let m = unit.len();
        quyu_math::sum_by(m * m, |p| apart(unit[p / m], unit[p % m])) / (m as f64 - 1.0)
    };
    let observed = quyu_math::sum_by(units.len(), |u| within(&units[u])) / n;
    let chance = |cell: usize| {
        let (i, j) = (cell / classes, cell % classes);
        counts[i] * counts[j] * apart(i, j)
    };
    let expected = quyu_math::sum_by(classes * classes, chance) / (n * (n - 1.0));
    if expected == 0.0 {
        return Err(Error::Undefined {
            reason: "all codes are the same",
        });
    }
    Ok(1.0 - observed / expected)
}

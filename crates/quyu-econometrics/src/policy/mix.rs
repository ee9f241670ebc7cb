//! How a total is spread over instruments.

use crate::{Error, Matrix, check};

/// Spread of a mix over its classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    /// Share of each class.
    pub shares: Vec<f64>,
    /// Shannon's entropy in nats, `-Σ s ln s` with `0 ln 0 = 0`: 0 (one class) to `ln k`.
    pub entropy: f64,
    /// Entropy over `ln k`, its largest value for k classes; `None` for one class.
    pub evenness: Option<f64>,
    /// Herfindahl-Hirschman index `Σ s²`: `1 / k` to 1 (one class).
    pub hhi: f64,
}

/// The mix of counts or amounts, one a class; classes that hold nothing count among the k.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if all are zero; [`Error::Range`].
///
/// # Reference
/// Shannon (1948), Bell System Technical Journal 27, 379-423; Hirschman (1964), American Economic Review 54, 761.
///
/// # Example
/// ```
/// use quyu_econometrics::policy::mix;
/// let m = mix(&[2.0, 2.0, 0.0, 0.0])?;
/// assert_eq!(m.hhi, 0.5);
/// assert!((m.entropy - 2.0_f64.ln()).abs() < 1e-15);
/// assert!((m.evenness.unwrap() - 0.5).abs() < 1e-15);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn mix(values: &[f64]) -> Result<Mix, Error> {
    check::not_empty("values", values)?;
    check::non_negative("values", values)?;
    let total = quyu_math::sum(values);
    check::in_range("the sum of a mix", &[total])?;
    if total == 0.0 {
        return Err(Error::Undefined {
            reason: "a mix holds nothing",
        });
    }
    let shares: Vec<f64> = values.iter().map(|v| v / total).collect();
    let term = |s: f64| if s > 0.0 { -s * quyu_math::ln(s) } else { 0.0 };
    let most = quyu_math::ln(shares.len() as f64);
    let entropy = quyu_math::sum_by(shares.len(), |i| term(shares[i])).clamp(0.0, most);
    Ok(Mix {
        entropy,
        evenness: (shares.len() > 1).then(|| entropy / most),
        hhi: quyu_math::dot(&shares, &shares),
        shares,
    })
}

/// Chi-square distances between the rows of a table, row-major: `sqrt(Σ (p - q)² / m)`, with p and q the shares of the
/// classes in two rows and m the share of the class in the table. A class that holds nothing is left out. This is the
/// distance that correspondence analysis shows.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`]; [`Error::Undefined`] if a row is zero; [`Error::Range`].
///
/// # Reference
/// Benzécri (1973), L'analyse des données; Greenacre (2017), Correspondence Analysis in Practice, 3rd ed.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, policy::chi_square_distance};
/// let d = chi_square_distance(Matrix::new(&[4.0, 0.0, 0.0, 4.0], 2, 2)?)?;
/// assert_eq!(d, [0.0, 2.0, 2.0, 0.0]);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn chi_square_distance(table: Matrix<'_>) -> Result<Vec<f64>, Error> {
    let (n, k) = (table.rows(), table.cols());
    let profiles: Vec<Mix> = (0..n).map(|r| mix(table.row(r))).collect::<Result<_, _>>()?;
    let columns: Vec<f64> = (0..k)
        .map(|c| quyu_math::sum_by(n, |r| table.row(r)[c]))
        .collect();
    let whole = mix(&columns)?.shares;
    let between = |a: usize, b: usize| {
        let term = |c: usize| match whole[c] {
            m if m > 0.0 => {
                let gap = profiles[a].shares[c] - profiles[b].shares[c];
                gap * gap / m
            }
            _ => 0.0,
        };
        quyu_math::sum_by(k, term).sqrt()
    };
    Ok((0..n)
        .flat_map(|a| (0..n).map(move |b| (a, b)))
        .map(|(a, b)| between(a, b))
        .collect())
}

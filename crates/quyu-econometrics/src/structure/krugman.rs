//! Krugman's index of specialisation.

use super::table::Structure;
use crate::{Error, Matrix};

/// With what a region's structure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Benchmark {
    /// The other regions added up.
    #[default]
    Rest,
    /// All regions added up, the region itself included.
    All,
    /// The unweighted mean of the shares in the other regions.
    MeanOfOthers,
    /// Another region, by its row.
    Region(usize),
}

/// The range of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Range {
    /// `Σ |s - b|`, 0 to 2: Krugman's own.
    #[default]
    ZeroToTwo,
    /// `½ Σ |s - b|`, 0 to 1: the coefficient of specialisation, the share that would have to move.
    ZeroToOne,
}

/// Options of [`krugman`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KrugmanOptions {
    /// With what a region is compared.
    pub benchmark: Benchmark,
    /// The range of the index.
    pub range: Range,
}

/// Krugman's index of specialisation of each region: `K_r = Σ_i |s_ri - b_i|`.
///
/// `s_ri` is the share of industry i in region r, `b_i` that in the benchmark. 0 means the same structure.
/// Packages differ in the benchmark and in the range: both are options. One value a region; with
/// `Benchmark::Region(q)` the value of q itself is 0. For industries instead of regions transpose the table.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::Negative`], [`Error::Undefined`] if the table is zero; [`Error::Zero`] with
/// argument `region total` and the empty region; [`Error::TooFew`] for one region alone where others are
/// needed; [`Error::Label`] for a benchmark row that does not exist.
///
/// # Reference
/// Krugman, P. (1991), Geography and Trade, MIT Press. Midelfart-Knarvik, K. H. et al. (2000), The location of
/// European industry, European Commission, Economic Papers 142.
///
/// # Example
/// ```
/// use quyu_econometrics::{Matrix, structure::{KrugmanOptions, krugman}};
/// let jobs = [30.0, 10.0, 20.0, 40.0];
/// let k = krugman(Matrix::new(&jobs, 2, 2)?, &KrugmanOptions::default())?;
/// assert!((k[0] - 2.0 * (0.75 - 20.0 / 60.0)).abs() < 1e-12);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn krugman(table: Matrix<'_>, options: &KrugmanOptions) -> Result<Vec<f64>, Error> {
    let structure = Structure::with_full_regions(table)?;
    let (rows, cols) = (table.rows(), table.cols());
    match options.benchmark {
        Benchmark::Rest | Benchmark::MeanOfOthers if rows < 2 => {
            return Err(Error::TooFew {
                argument: "regions",
                found: rows,
                needed: 2,
            });
        }
        Benchmark::Region(q) if q >= rows => {
            return Err(Error::Label {
                argument: "benchmark",
                index: 0,
                found: q,
                limit: rows,
            });
        }
        _ => {}
    }
    let factor = match options.range {
        Range::ZeroToTwo => 1.0,
        Range::ZeroToOne => 0.5,
    };
    let shares: Vec<f64> = (0..rows * cols)
        .map(|at| structure.in_region(at / cols, at % cols))
        .collect();
    let others = match options.benchmark {
        Benchmark::Rest => table.sums_of_other_rows(),
        Benchmark::MeanOfOthers => Matrix::of(&shares, rows, cols).sums_of_other_rows(),
        Benchmark::All | Benchmark::Region(_) => Vec::new(),
    };
    let index = |r: usize| {
        let own = &shares[r * cols..(r + 1) * cols];
        let distance =
            |benchmark: &dyn Fn(usize) -> f64| quyu_math::sum_by(cols, |i| (own[i] - benchmark(i)).abs());
        let distance = match options.benchmark {
            Benchmark::All => distance(&|i| structure.industry_share(i)),
            Benchmark::Region(q) => distance(&|i| shares[q * cols + i]),
            Benchmark::Rest => {
                let rest = &others[r * cols..(r + 1) * cols];
                let total = quyu_math::sum(rest);
                distance(&|i| rest[i] / total)
            }
            Benchmark::MeanOfOthers => distance(&|i| others[r * cols + i] / (rows - 1) as f64),
        };
        factor * distance.min(2.0)
    };
    Ok((0..rows).map(index).collect())
}

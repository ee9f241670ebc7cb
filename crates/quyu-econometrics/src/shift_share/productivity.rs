//! Growth of productivity within sectors and by moving between them.

use crate::{Error, check};

/// How moving between sectors is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reallocation {
    /// By the level of productivity: `Δs_i · P_i` and `Δs_i · ΔP_i`. Each sector that gains share counts as a
    /// gain.
    #[default]
    Levels,
    /// By the level relative to the whole: `Δs_i · (P_i - P)` and `Δs_i · (ΔP_i - ΔP)`. A sector below the
    /// average that gains share counts as a loss. The sums over sectors are the same.
    RelativeToTotal,
}

/// The change of output per worker of one region, sector by sector, in the unit of output over that of labour.
#[derive(Debug, Clone, PartialEq)]
pub struct Productivity {
    /// Growth inside sectors at their old shares.
    pub within: Vec<f64>,
    /// Change of shares at the old productivity (static shift).
    pub between: Vec<f64>,
    /// Change of shares times change of productivity (dynamic shift): negative where labour leaves what grows.
    pub interaction: Vec<f64>,
    /// The three summed over sectors: within, between, interaction.
    pub total: [f64; 3],
    /// Change of output per worker of the whole; the three totals add up to it.
    pub change: f64,
    /// True for a sector without labour in one of the two years: its whole effect is between.
    pub one_sided: Vec<bool>,
}

/// Three-way shift-share of productivity: within sectors, between sectors, interaction.
///
/// With labour shares `s_i`, productivity `P_i = q_i / e_i`, of the whole `P = Σ s_i P_i`, base without and end
/// with a prime:
///
/// ```text
/// within      = s_i · (P_i' - P_i)
/// between     = (s_i' - s_i) · P_i
/// interaction = (s_i' - s_i) · (P_i' - P_i)
/// ```
///
/// summed over sectors they are `P' - P`. Slices hold one value a sector, of one region.
///
/// **Zeros.** A sector without labour in one year has no productivity there: it counts with that of the other
/// year, so that its coming or going is a shift between sectors. Output without labour is an error.
///
/// # Errors
/// [`Error::Length`], [`Error::NotFinite`], [`Error::Negative`], [`Error::Empty`]; [`Error::Zero`] with
/// argument `labour` and the sector that has output but no labour, or `labour total`; [`Error::Range`].
///
/// # Reference
/// Fabricant, S. (1942), Employment in Manufacturing, 1899-1939, NBER. Relative to the total: de Avillez, R.
/// (2012), Sectoral contributions to labour productivity growth in Canada: does the choice of decomposition
/// formula matter?, International Productivity Monitor 24, 97-117 (the CSLS formula).
///
/// # Example
/// ```
/// use quyu_econometrics::shift_share::{Reallocation, productivity};
/// // Half of the labour moves from farms (1 a head) to industry (3 a head), which grows to 4.
/// let p = productivity([&[50.0, 50.0], &[25.0, 75.0]], [&[50.0, 150.0], &[25.0, 300.0]], Reallocation::Levels)?;
/// assert_eq!(p.within, [0.0, 0.5]);
/// assert_eq!(p.between, [-0.25, 0.75]);
/// assert_eq!(p.interaction, [0.0, 0.25]);
/// assert_eq!(p.change, 1.25);
/// # Ok::<(), quyu_econometrics::Error>(())
/// ```
pub fn productivity(
    labour: [&[f64]; 2],
    output: [&[f64]; 2],
    reallocation: Reallocation,
) -> Result<Productivity, Error> {
    let sectors = labour[0].len();
    if sectors == 0 {
        return Err(Error::Empty { argument: "labour" });
    }
    for (argument, values) in [
        ("labour", labour[0]),
        ("labour", labour[1]),
        ("output", output[0]),
        ("output", output[1]),
    ] {
        check::length(argument, values.len(), sectors)?;
        check::non_negative(argument, values)?;
    }
    let (before, after) = (
        Levels::of(labour[0], output[0])?,
        Levels::of(labour[1], output[1])?,
    );
    let change = after.whole - before.whole;
    let (shift, drift) = match reallocation {
        Reallocation::Levels => (0.0, 0.0),
        Reallocation::RelativeToTotal => (before.whole, change),
    };
    let mut result = Productivity {
        within: Vec::with_capacity(sectors),
        between: Vec::with_capacity(sectors),
        interaction: Vec::with_capacity(sectors),
        total: [0.0; 3],
        change,
        one_sided: Vec::with_capacity(sectors),
    };
    for i in 0..sectors {
        // Without labour in either year a sector plays no part.
        let (old, new) = match (before.sector[i], after.sector[i]) {
            (Some(old), Some(new)) => (old, new),
            (Some(only), None) | (None, Some(only)) => (only, only),
            (None, None) => (0.0, 0.0),
        };
        let moved = after.share[i] - before.share[i];
        result.within.push(before.share[i] * (new - old));
        result.between.push(moved * (old - shift));
        result.interaction.push(moved * (new - old - drift));
        result
            .one_sided
            .push(before.sector[i].is_none() || after.sector[i].is_none());
    }
    result.total = [&result.within, &result.between, &result.interaction].map(|part| quyu_math::sum(part));
    // The last total is the residual: where large parts cancel, rounding would keep them from adding up.
    result.total[2] = change - result.total[0] - result.total[1];
    for part in [
        &result.within,
        &result.between,
        &result.interaction,
        &result.total.to_vec(),
        &vec![change],
    ] {
        check::in_range("a part of productivity", part)?;
    }
    Ok(result)
}

/// Shares and productivity of one year.
struct Levels {
    share: Vec<f64>,
    sector: Vec<Option<f64>>,
    whole: f64,
}

impl Levels {
    fn of(labour: &[f64], output: &[f64]) -> Result<Self, Error> {
        let total = quyu_math::sum(labour);
        if total == 0.0 {
            return Err(Error::Zero {
                argument: "labour total",
                index: 0,
            });
        }
        if let Some(index) = (0..labour.len()).find(|&i| labour[i] == 0.0 && output[i] > 0.0) {
            return Err(Error::Zero {
                argument: "labour",
                index,
            });
        }
        check::in_range("the sum of labour", &[total])?;
        Ok(Self {
            share: labour.iter().map(|e| e / total).collect(),
            sector: labour
                .iter()
                .zip(output)
                .map(|(&e, q)| (e > 0.0).then(|| q / e))
                .collect(),
            whole: quyu_math::sum(output) / total,
        })
    }
}

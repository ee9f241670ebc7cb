//! Gaps between a convex function and its tangent.
//!
//! Entropy measures are weighted means of such gaps. Written as a difference of logarithms they lose all their digits
//! where the values are nearly equal; written as gaps they are never negative and keep full relative precision.
//! The logarithm is that of FreeBSD's `e_log.c` (K. C. Ng), without branches, so that a loop over it can be vectorised. Away from 1
//! it is within one unit in the last place of the true value, as a test against `libm` over all positive doubles shows.

#[expect(clippy::excessive_precision, reason = "as published")]
/// Coefficients of the even polynomial in s = f / (2 + f) with ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s)).
const LG: [f64; 7] = [
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
];
#[expect(clippy::excessive_precision, reason = "as published")]
const LN2_HI: f64 = 6.93147180369123816490e-01;
#[expect(clippy::excessive_precision, reason = "as published")]
const LN2_LO: f64 = 1.90821492927058770002e-10;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const HALF_SQRT_2: u64 = 0x3fe6_a09e_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// The bits of 2^52: or-ing a small integer to them makes 2^52 plus that integer.
const MAGIC: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_54: f64 = 18_014_398_509_481_984.0;

/// f - ln(1 + f) for f in [sqrt(1/2) - 1, sqrt(2) - 1].
#[inline(always)]
fn reduced_gap(f: f64) -> f64 {
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let odd = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    half_square - s * (half_square + (even + odd))
}

/// Splits r = 2^k (1 + f): returns k, and f with d in its place where k = 0, because d is r - 1 without rounding.
#[inline(always)]
fn split(r: f64, d: f64) -> (f64, f64) {
    let subnormal = r < f64::MIN_POSITIVE;
    let scaled = if subnormal { r * TWO_54 } else { r };
    let shifted = scaled.to_bits().wrapping_add(ONE - HALF_SQRT_2);
    let m = f64::from_bits((shifted & MANTISSA) + HALF_SQRT_2);
    let biased = f64::from_bits((shifted >> 52) | MAGIC) - (TWO_52 + 1023.0);
    let k = if subnormal { biased - 54.0 } else { biased };
    (k, if k == 0.0 { d } else { m - 1.0 })
}

/// d - ln(r) where r = 1 + d > 0: never negative, 0 at 1, infinite at r = 0 and at infinity, NaN below zero and at NaN.
///
/// Both are given because each keeps what the other loses: d near r = 1, r near 0. The weighted mean of this over
/// r = x / mean is the mean log deviation.
///
/// ```
/// assert_eq!(quyu_math::ln_gap(1.0, 0.0), 0.0);
/// assert!((quyu_math::ln_gap(1.0 + 1e-8, 1e-8) / 0.5e-16 - 1.0).abs() < 1e-7);
/// ```
#[inline(always)]
pub fn ln_gap(r: f64, d: f64) -> f64 {
    let (k, f) = split(r, d);
    let gap = reduced_gap(f);
    let far = d - (k * LN2_HI + (k * LN2_LO - gap + f));
    let value = if k == 0.0 { gap } else { far };
    let edge = if r == 0.0 { f64::INFINITY } else { f64::NAN };
    if r > 0.0 { value } else { edge }
}

/// r ln(r) - d where r = 1 + d >= 0: never negative, 0 at 1, and 1 at r = 0 because 0 ln 0 = 0. Infinite at infinity, NaN below zero
/// and at NaN.
///
/// The weighted mean of this over r = x / mean is Theil's T.
///
/// ```
/// assert_eq!(quyu_math::xlnx_gap(1.0, 0.0), 0.0);
/// assert_eq!(quyu_math::xlnx_gap(0.0, -1.0), 1.0);
/// ```
#[inline(always)]
pub fn xlnx_gap(r: f64, d: f64) -> f64 {
    let (k, f) = split(r, d);
    let gap = reduced_gap(f);
    // Near 1: (1 + f)(f - gap) - f = f^2 - (1 + f) gap.
    let near = f * f - r * gap;
    let far = r * (k * LN2_HI + (k * LN2_LO - gap + f)) - d;
    let value = if k == 0.0 { near } else { far };
    let finite = if r >= 0.0 { value } else { f64::NAN };
    if r == f64::INFINITY { r } else { finite }
}

/// e^u - 1 - u: never negative, 0 at 0, without cancellation near 0.
///
/// ```
/// assert_eq!(quyu_math::exp_gap(0.0), 0.0);
/// assert!((quyu_math::exp_gap(1e-9) / 0.5e-18 - 1.0).abs() < 1e-8);
/// ```
pub fn exp_gap(u: f64) -> f64 {
    if u.abs() >= 1.0 {
        return crate::exp_m1(u) - u;
    }
    // Taylor: u^2 (1/2! + u/3! + ... + u^17/19!); the next term is below 2^-53 of the first.
    const INVERSE_FACTORIALS: [f64; 18] = [
        1.0 / 2.0,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5_040.0,
        1.0 / 40_320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
        1.0 / 479_001_600.0,
        1.0 / 6_227_020_800.0,
        1.0 / 87_178_291_200.0,
        1.0 / 1_307_674_368_000.0,
        1.0 / 20_922_789_888_000.0,
        1.0 / 355_687_428_096_000.0,
        1.0 / 6_402_373_705_728_000.0,
        1.0 / 121_645_100_408_832_000.0,
    ];
    u * u * INVERSE_FACTORIALS.iter().rev().fold(0.0, |sum, c| sum * u + c)
}

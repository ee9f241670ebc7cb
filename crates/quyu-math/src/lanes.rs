//! Loops over a chunk that are worth a vector unit: chosen at run time, with the same bits as the portable loop.
//!
//! The arithmetic is written once, without branches. It is compiled a second time for AVX2, without fused multiply-add, so
//! that both versions round alike; tests force each.

use crate::gap::{ln_gap, xlnx_gap};
use crate::sum::fold;

/// Which gap of [`ln_gap`] and [`xlnx_gap`] a loop computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// d - ln r.
    Ln,
    /// r ln r - d.
    XlnX,
}

/// How a loop is compiled. All have the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// What every processor of the target can do.
    Portable,
    /// AVX2: x86-64 processors since about 2013.
    Avx2,
}

impl Path {
    /// The fastest path of this processor.
    #[inline]
    pub fn best() -> Self {
        if avx2() { Self::Avx2 } else { Self::Portable }
    }

    /// Whether this processor has it.
    #[inline]
    pub fn is_available(self) -> bool {
        self == Self::Portable || avx2()
    }
}

#[cfg(target_arch = "x86_64")]
fn avx2() -> bool {
    is_x86_feature_detected!("avx2")
}

#[cfg(not(target_arch = "x86_64"))]
fn avx2() -> bool {
    false
}

/// Defines a function that runs `$body` on the path that is asked for, or on the portable one where it is not available.
macro_rules! on_path {
    ($(#[$doc:meta])* $visible:vis fn $name:ident / $avx2:ident / $body:ident($($arg:ident: $type:ty),*) -> $out:ty) => {
        $(#[$doc])*
        $visible fn $name(path: $crate::lanes::Path, $($arg: $type),*) -> $out {
            #[cfg(target_arch = "x86_64")]
            if path == $crate::lanes::Path::Avx2 && path.is_available() {
                // SAFETY: the processor has AVX2.
                #[expect(unsafe_code, reason = "calls a function compiled for AVX2 after asking the processor")]
                return unsafe { $avx2($($arg),*) };
            }
            let _ = path;
            $body($($arg),*)
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $avx2($($arg: $type),*) -> $out {
            $body($($arg),*)
        }
    };
}
pub(crate) use on_path;

on_path! {
    /// For a chunk of values x with weights w (1 where there are none): the sums of w gap(x / p) and of w (x / p - 1).
    ///
    /// The same lanes as [`chunk_sum`](crate::chunk_sum): leaves of the tree of [`sum`](crate::sum).
    pub fn chunk_gap_sums / chunk_gap_sums_avx2 / chunk_gap_sums_body(gap: Gap, x: &[f64], w: Option<&[f64]>, p: f64) -> [f64; 2]
}

#[inline(always)]
fn chunk_gap_sums_body(gap: Gap, x: &[f64], w: Option<&[f64]>, p: f64) -> [f64; 2] {
    // Each combination is a loop of its own, so that nothing is decided inside.
    match (gap, w) {
        (Gap::Ln, None) => gap_lanes(x, None, p, ln_gap),
        (Gap::XlnX, None) => gap_lanes(x, None, p, xlnx_gap),
        (Gap::Ln, Some(w)) => gap_lanes(x, Some(w), p, ln_gap),
        (Gap::XlnX, Some(w)) => gap_lanes(x, Some(w), p, xlnx_gap),
    }
}

/// Functions and not closures below: a closure that is not inlined would lose the vector unit.
#[inline(always)]
fn gap_lanes(x: &[f64], w: Option<&[f64]>, p: f64, gap: fn(f64, f64) -> f64) -> [f64; 2] {
    let mut lanes = ([0.0; 8], [0.0; 8]);
    // The last lanes are filled up with the pivot, whose gap and deviation are zero.
    let (blocks, rest) = x.as_chunks::<8>();
    match w {
        None => {
            for x in blocks {
                add_gaps(&mut lanes, x, &[1.0; 8], p, gap);
            }
            add_gaps(&mut lanes, &filled(rest, p), &[1.0; 8], p, gap);
        }
        Some(w) => {
            let (weights, rest_of_weights) = w.as_chunks::<8>();
            for (x, w) in blocks.iter().zip(weights) {
                add_gaps(&mut lanes, x, w, p, gap);
            }
            add_gaps(
                &mut lanes,
                &filled(rest, p),
                &filled(rest_of_weights, 1.0),
                p,
                gap,
            );
        }
    }
    [fold(lanes.0), fold(lanes.1)]
}

#[inline(always)]
fn add_gaps(
    (gaps, deviations): &mut ([f64; 8], [f64; 8]),
    x: &[f64; 8],
    w: &[f64; 8],
    p: f64,
    gap: fn(f64, f64) -> f64,
) {
    for lane in 0..8 {
        let (r, d) = (x[lane] / p, (x[lane] - p) / p);
        gaps[lane] += w[lane] * gap(r, d);
        deviations[lane] += w[lane] * d;
    }
}

#[inline(always)]
fn filled(rest: &[f64], with: f64) -> [f64; 8] {
    let mut lanes = [with; 8];
    lanes.iter_mut().zip(rest).for_each(|(lane, v)| *lane = *v);
    lanes
}

on_path! {
    /// Writes `gap(r[i], d[i])` to `out[i]`.
    pub fn gaps_into / gaps_into_avx2 / gaps_into_body(gap: Gap, r: &[f64], d: &[f64], out: &mut [f64]) -> ()
}

#[inline(always)]
fn gaps_into_body(gap: Gap, r: &[f64], d: &[f64], out: &mut [f64]) {
    let rows = out.iter_mut().zip(r.iter().zip(d));
    match gap {
        Gap::Ln => rows.for_each(|(out, (r, d))| *out = ln_gap(*r, *d)),
        Gap::XlnX => rows.for_each(|(out, (r, d))| *out = xlnx_gap(*r, *d)),
    }
}

on_path! {
    /// The sum of products of a chunk, in the lanes of [`chunk_sum`](crate::chunk_sum). Of the shorter length.
    pub fn chunk_dot / chunk_dot_avx2 / chunk_dot_body(a: &[f64], b: &[f64]) -> f64
}

#[inline(always)]
fn chunk_dot_body(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let ((blocks, rest), (other, other_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in blocks.iter().zip(other) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(rest.iter().zip(other_rest)) {
        *lane += a * b;
    }
    fold(lanes)
}

on_path! {
    /// For a chunk of values: the sums of (x - p) (first + 2 i) and of x - p, i being the position in the chunk.
    pub fn chunk_ranked_sums / chunk_ranked_sums_avx2 / chunk_ranked_sums_body(x: &[f64], p: f64, first: f64) -> [f64; 2]
}

#[inline(always)]
fn chunk_ranked_sums_body(x: &[f64], p: f64, first: f64) -> [f64; 2] {
    let (mut ranked, mut sums) = ([0.0; 8], [0.0; 8]);
    // Whole numbers far below 2^53: exact. The last lanes are filled up with the pivot, which adds zero.
    let mut ranks = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0].map(|r| first + r);
    let (blocks, rest) = x.as_chunks::<8>();
    for x in blocks.iter().chain([&filled(rest, p)]) {
        for lane in 0..8 {
            let centred = x[lane] - p;
            ranked[lane] += centred * ranks[lane];
            sums[lane] += centred;
            ranks[lane] += 16.0;
        }
    }
    [fold(ranked), fold(sums)]
}

/// What one look at a chunk tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scan {
    /// The sum, as [`chunk_sum`](crate::chunk_sum).
    pub sum: f64,
    /// Smallest value; infinite for none.
    pub min: f64,
    /// Largest value; minus infinite for none.
    pub max: f64,
    /// Whether all values are finite.
    pub finite: bool,
}

on_path! {
    /// Sum, extremes and finiteness of a chunk in one pass. The extremes mean nothing where a value is NaN.
    pub fn chunk_scan / chunk_scan_avx2 / chunk_scan_body(x: &[f64]) -> Scan
}

#[inline(always)]
fn chunk_scan_body(x: &[f64]) -> Scan {
    let (blocks, rest) = x.as_chunks::<8>();
    let (mut sum, mut min, mut max) = ([0.0; 8], [f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    for x in blocks {
        // Three loops: of one, the compiler makes shuffles.
        for lane in 0..8 {
            sum[lane] += x[lane];
        }
        for lane in 0..8 {
            min[lane] = if x[lane] < min[lane] { x[lane] } else { min[lane] };
        }
        for lane in 0..8 {
            max[lane] = if x[lane] > max[lane] { x[lane] } else { max[lane] };
        }
    }
    for (lane, v) in rest.iter().enumerate() {
        sum[lane] += v;
    }
    let sum = fold(sum);
    Scan {
        sum,
        min: min.iter().chain(rest).copied().fold(f64::INFINITY, f64::min),
        max: max.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max),
        // Nothing infinite and no NaN has a finite sum; a sum of finite values may overflow.
        finite: sum.is_finite() || x.iter().all(|v| v.is_finite()),
    }
}

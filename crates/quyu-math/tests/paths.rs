//! Every path of a vectorised loop has the bits of the portable one, and the portable one those of the definition.

use proptest::prelude::*;
use quyu_math::lanes::{Gap, Path, chunk_dot, chunk_gap_sums, chunk_ranked_sums, chunk_scan, gaps_into};
use quyu_math::rng::Stream;
use quyu_math::{chunk_sum, ln, ln_gap, xlnx_gap};

const PATHS: [Path; 2] = [Path::Portable, Path::Avx2];

fn gap_of(gap: Gap) -> fn(f64, f64) -> f64 {
    match gap {
        Gap::Ln => |r, d| ln_gap(r, d),
        Gap::XlnX => |r, d| xlnx_gap(r, d),
    }
}

#[test]
fn the_best_path_is_there() {
    assert!(Path::best().is_available() && Path::Portable.is_available());
}

/// What `gaps_into` makes of these ratios with the deviations beside them.
fn gaps(path: Path, gap: Gap, r: &[f64], d: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; r.len()];
    gaps_into(path, gap, r, d, &mut out);
    out
}

/// How many doubles lie between two of one sign.
fn steps(a: f64, b: f64) -> u64 {
    a.to_bits().abs_diff(b.to_bits())
}

/// The deviation is left out, so that the gap is the logarithm alone: away from 1, where it is no gap.
#[test]
fn the_logarithm_of_every_size_is_that_of_libm_to_one_step() {
    let mut stream = Stream::new(1, 0);
    let near_one = 0x3fe6_a09e_0000_0000..0x3ff6_a09f_0000_0000;
    // Half of them with any bits, half of them with an exponent near that of one; subnormal ones apart.
    let draw = |i: u64| match i % 4 {
        0 => stream.below(0x0010_0000_0000_0000),
        1 => 0x3f80_0000_0000_0000 + stream.below(0x00f0_0000_0000_0000),
        _ => stream.below(0x7ff0_0000_0000_0000),
    };
    let bits = (0..200_000).map(draw).chain([
        1,
        0x000f_ffff_ffff_ffff,
        0x0010_0000_0000_0000,
        f64::MAX.to_bits(),
    ]);
    let r: Vec<f64> = bits
        .filter(|b| *b > 0 && !near_one.contains(b))
        .map(f64::from_bits)
        .collect();
    for path in PATHS {
        for (r, gap) in r.iter().zip(gaps(path, Gap::Ln, &r, &vec![0.0; r.len()])) {
            assert!(steps(-gap, ln(*r)) <= 1, "{path:?}: {r:e}");
        }
    }
}

#[test]
fn a_chunk_of_finite_values_is_finite_though_its_sum_is_not() {
    for path in PATHS {
        let scan = chunk_scan(path, &[f64::MAX; 19]);
        assert!(scan.finite && scan.sum == f64::INFINITY && scan.max == f64::MAX);
        assert!(!chunk_scan(path, &[f64::INFINITY; 19]).finite);
    }
}

#[test]
fn every_path_has_the_edges() {
    // More than one vector of each, so that no edge is left to a remainder.
    let edges = [
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NAN,
        -f64::NAN,
        -1.0,
        -f64::MIN_POSITIVE,
        -5e-324,
        f64::NEG_INFINITY,
    ];
    let r: Vec<f64> = edges.iter().flat_map(|r| [*r; 9]).collect();
    let d: Vec<f64> = r.iter().map(|r| r - 1.0).collect();
    let nan = f64::NAN;
    for path in PATHS {
        let expect = |gap: Gap, values: [f64; 9]| {
            for (found, k) in gaps(path, gap, &r, &d).into_iter().zip(0..) {
                let value: f64 = values[k / 9];
                assert!(
                    found == value || (found.is_nan() && value.is_nan()),
                    "{path:?}, {gap:?} of {}: {found}",
                    r[k]
                );
            }
        };
        let inf = f64::INFINITY;
        expect(Gap::Ln, [inf, inf, inf, nan, nan, nan, nan, nan, nan]);
        expect(Gap::XlnX, [1.0, 1.0, inf, nan, nan, nan, nan, nan, nan]);
    }
}

proptest! {
    #[test]
    fn gap_sums(rows in prop::collection::vec((0.0f64..9.0, 0.0f64..3.0), 0..300), size in -300i32..300, p in 0.1f64..5.0) {
        // Ratios from subnormal to huge.
        let x: Vec<f64> = rows.iter().enumerate().map(|(i, r)| if i % 7 == 0 { quyu_math::pow(10.0, f64::from(size)) * r.0 } else { r.0 }).collect();
        let w: Vec<f64> = rows.iter().map(|r| r.1).collect();
        for gap in [Gap::Ln, Gap::XlnX] {
            let terms: Vec<f64> = x.iter().map(|x| gap_of(gap)(x / p, (x - p) / p)).collect();
            let deviations: Vec<f64> = x.iter().map(|x| (x - p) / p).collect();
            let times = |v: &[f64]| v.iter().zip(&w).map(|(v, w)| w * v).collect::<Vec<_>>();
            let plain = [chunk_sum(&terms), chunk_sum(&deviations)].map(f64::to_bits);
            let weighted = [chunk_sum(&times(&terms)), chunk_sum(&times(&deviations))].map(f64::to_bits);
            for path in PATHS {
                prop_assert_eq!(chunk_gap_sums(path, gap, &x, None, p).map(f64::to_bits), plain);
                prop_assert_eq!(chunk_gap_sums(path, gap, &x, Some(&w), p).map(f64::to_bits), weighted);
                let (r, d): (Vec<f64>, Vec<f64>) = x.iter().map(|x| (x / p, (x - p) / p)).unzip();
                let mut out = vec![0.0; x.len()];
                gaps_into(path, gap, &r, &d, &mut out);
                let bits = |v: &[f64]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(bits(&out), bits(&terms));
            }
        }
    }

    #[test]
    fn dots(rows in prop::collection::vec((-9.0f64..9.0, -3.0f64..3.0), 0..300)) {
        let (a, b): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let products: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
        for path in PATHS {
            prop_assert_eq!(chunk_dot(path, &a, &b).to_bits(), chunk_sum(&products).to_bits());
        }
    }

    #[test]
    fn ranked(x in prop::collection::vec(-9.0f64..9.0, 0..300), p in -3.0f64..3.0, first in -1_000i32..1_000) {
        let first = f64::from(first);
        let terms: Vec<f64> = x.iter().enumerate().map(|(i, x)| (x - p) * (first + 2.0 * i as f64)).collect();
        let centred: Vec<f64> = x.iter().map(|x| x - p).collect();
        let expected = [chunk_sum(&terms), chunk_sum(&centred)].map(f64::to_bits);
        for path in PATHS {
            prop_assert_eq!(chunk_ranked_sums(path, &x, p, first).map(f64::to_bits), expected);
        }
    }

    #[test]
    fn scans(x in prop::collection::vec(-9.0f64..9.0, 1..300), at in 0usize..300, odd in prop::sample::select(vec![1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY])) {
        let mut x = x;
        let at = at % x.len();
        x[at] = odd;
        for path in PATHS {
            let scan = chunk_scan(path, &x);
            prop_assert_eq!(scan.finite, odd.is_finite());
            if scan.finite {
                prop_assert_eq!(scan.sum.to_bits(), chunk_sum(&x).to_bits());
                prop_assert_eq!(scan.min, x.iter().copied().fold(f64::INFINITY, f64::min));
                prop_assert_eq!(scan.max, x.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            }
        }
    }
}

//! Every path of a vectorised loop has the bits of the portable one, and the portable one those of the definition.

use proptest::prelude::*;
use quyu_math::lanes::{Gap, Path, chunk_dot, chunk_gap_sums, chunk_ranked_sums, chunk_scan, gaps_into};
use quyu_math::{chunk_sum, ln_gap, xlnx_gap};

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

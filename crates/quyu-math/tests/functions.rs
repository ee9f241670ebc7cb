//! Elementary functions: known values, and gaps against their definition in more digits.

use proptest::prelude::*;
use quyu_math::{exp_gap, ln, ln_gap, normal_cdf, normal_quantile, xlnx_gap};

fn close(a: f64, b: f64, rel: f64) {
    assert!(
        (a - b).abs() <= rel * a.abs().max(b.abs()),
        "{a:e} and {b:e} differ by more than {rel:e}"
    );
}

#[test]
fn gaps_near_one_follow_their_series() {
    for d in [1e-3f64, -1e-3, 1e-6, -1e-6, 1e-9, -1e-12, 1e-100] {
        let series = d * d * (1.0 / 2.0 - d / 3.0 + d * d / 4.0 - d * d * d / 5.0 + d * d * d * d / 6.0);
        close(ln_gap(1.0 + d, d), series, 2e-15);
        let series = d * d * (1.0 / 2.0 - d / 6.0 + d * d / 12.0 - d * d * d / 20.0 + d * d * d * d / 30.0);
        close(xlnx_gap(1.0 + d, d), series, 2e-15);
        let series = d * d * (1.0 / 2.0 + d / 6.0 + d * d / 24.0 + d * d * d / 120.0 + d * d * d * d / 720.0);
        close(exp_gap(d), series, 2e-15);
    }
}

#[test]
fn gaps_at_the_edges() {
    assert_eq!(ln_gap(0.0, -1.0), f64::INFINITY);
    assert_eq!(xlnx_gap(0.0, -1.0), 1.0);
    let tiny = 5e-324;
    close(ln_gap(tiny, -1.0), -1.0 - ln(tiny), 1e-15);
    close(xlnx_gap(tiny, -1.0), 1.0, 1e-15);
    close(ln_gap(1e300, 1e300), 1e300, 1e-15);
    assert!(exp_gap(-800.0) == 799.0 && exp_gap(1_000.0) == f64::INFINITY);
}

#[test]
fn normal_distribution_in_both_directions() {
    for (p, z) in [
        (0.5, 0.0),
        (0.975, 1.959963984540054),
        (0.05, -1.6448536269514722),
        (1e-10, -6.361340902404056),
    ] {
        assert!((normal_quantile(p) - z).abs() < 4e-15 * (1.0 + z.abs()), "{p}");
        close(normal_cdf(z), p, 1e-14);
    }
    assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(normal_quantile(1.0), f64::INFINITY);
    assert!(
        normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan() && normal_quantile(f64::NAN).is_nan()
    );
}

proptest! {
    #[test]
    fn gaps_agree_with_libm_far_from_one(e in -700.0f64..700.0) {
        prop_assume!(e.abs() > 0.5);
        let r = quyu_math::exp(e);
        let d = r - 1.0;
        close(ln_gap(r, d), d - ln(r), 1e-14);
        if e < 350.0 {
            close(xlnx_gap(r, d), r * ln(r) - d, 1e-14);
        }
    }

    #[test]
    fn gaps_are_not_negative(d in -1.0f64..3.0) {
        prop_assert!(ln_gap(1.0 + d, d) >= 0.0 && xlnx_gap(1.0 + d, d) >= 0.0 && exp_gap(d) >= 0.0);
    }

    #[test]
    fn quantile_undoes_cdf(z in -8.0f64..6.0) {
        prop_assert!((normal_quantile(normal_cdf(z)) - z).abs() < 1e-7);
    }
}

//! Tail probabilities against 40-digit arithmetic (mpmath) and exact fractions, and their laws.

use quyu_math::{
    chi_square_upper, f_tails, hypergeometric_upper, normal_cdf, student_t_critical, student_t_two_sided,
};

fn close(found: f64, expected: f64, rel: f64) {
    assert!(
        (found - expected).abs() <= rel * expected.abs(),
        "{found:e} where {expected:e} is expected"
    );
}

/// Argument, degrees of freedom, upper tail.
const CHI_SQUARE: [(f64, f64, f64); 38] = [
    (0.01, 1.0, 0.920344325445942),
    (0.5, 1.0, 0.4795001221869535),
    (1.0, 1.0, 0.3173105078629141),
    (3.0, 1.0, 0.0832645166635504),
    (9.0, 1.0, 0.002699796063260189),
    (0.02, 2.0, 0.9900498337491681),
    (1.0, 2.0, 0.6065306597126334),
    (2.0, 2.0, 0.36787944117144233),
    (6.0, 2.0, 0.049787068367863944),
    (18.0, 2.0, 0.00012340980408667956),
    (0.03, 3.0, 0.9986303948188087),
    (1.5, 3.0, 0.6822703303362125),
    (3.0, 3.0, 0.39162517627108895),
    (9.0, 3.0, 0.029290886534888233),
    (27.0, 3.0, 5.887355583577664e-06),
    (0.07, 7.0, 0.9999993289114677),
    (3.5, 7.0, 0.8352254826103421),
    (7.0, 7.0, 0.42887985755305474),
    (21.0, 7.0, 0.0037701500511461666),
    (63.0, 7.0, 3.789954792840484e-11),
    (0.3, 30.0, 1.0),
    (15.0, 30.0, 0.9897395720876574),
    (30.0, 30.0, 0.46565370894400965),
    (90.0, 30.0, 6.567326820001493e-08),
    (270.0, 30.0, 2.0028577237218365e-40),
    (1.0, 100.0, 1.0),
    (50.0, 100.0, 0.9999930466947524),
    (100.0, 100.0, 0.48119168452795674),
    (300.0, 100.0, 7.412100857322876e-22),
    (900.0, 100.0, 6.929916559119551e-129),
    (3.75, 375.0, 1.0),
    (187.5, 375.0, 1.0),
    (375.0, 375.0, 0.4902881740737941),
    (1125.0, 375.0, 5.771202826628428e-76),
    (10.0, 1000.0, 1.0),
    (500.0, 1000.0, 1.0),
    (1000.0, 1000.0, 0.49405285382923964),
    (3000.0, 1000.0, 1.6436845843569544e-198),
];

/// t, degrees of freedom, both tails.
const STUDENT: [(f64, f64, f64); 42] = [
    (0.001, 1.0, 0.9993633804398389),
    (0.5, 1.0, 0.7048327646991335),
    (1.65, 1.0, 0.3468711418260709),
    (2.5, 1.0, 0.2422378831816868),
    (8.0, 1.0, 0.07916684832113108),
    (40.0, 1.0, 0.015912179824051628),
    (0.001, 2.0, 0.9992928933955901),
    (0.5, 2.0, 0.6666666666666666),
    (1.65, 2.0, 0.2407269922717585),
    (2.5, 2.0, 0.1296117202215108),
    (8.0, 2.0, 0.015268072165338138),
    (40.0, 2.0, 0.0006244146721847406),
    (0.001, 5.0, 0.9992407867721976),
    (0.5, 5.0, 0.638298871640929),
    (1.65, 5.0, 0.15985576408309782),
    (2.5, 5.0, 0.05449009934237624),
    (8.0, 5.0, 0.0004929066605724441),
    (40.0, 5.0, 1.8411962171772954e-07),
    (0.001, 29.0, 0.9992089629783623),
    (0.5, 29.0, 0.6208480841937813),
    (1.65, 29.0, 0.1097342568751105),
    (2.5, 29.0, 0.018325344338426076),
    (8.0, 29.0, 8.012575649631703e-09),
    (40.0, 29.0, 6.346877329729348e-27),
    (0.001, 150.0, 0.9992034442630517),
    (0.5, 150.0, 0.6178077863725397),
    (1.65, 150.0, 0.1010354002113279),
    (2.5, 150.0, 0.013495322018694881),
    (8.0, 150.0, 3.123485326626755e-13),
    (40.0, 150.0, 6.476687856165989e-82),
    (0.001, 400.0, 0.9992026140939541),
    (0.5, 400.0, 0.6173500219035637),
    (1.65, 400.0, 0.09972791407410048),
    (2.5, 400.0, 0.012818866763431577),
    (8.0, 400.0, 1.3573776535312127e-14),
    (40.0, 400.0, 7.158517712299835e-142),
    (0.001, 1000.0, 0.9992023150184527),
    (0.5, 1000.0, 0.6171850808338748),
    (1.65, 1000.0, 0.09925696993110544),
    (2.5, 1000.0, 0.012578567801090797),
    (8.0, 1000.0, 3.4266614823914745e-15),
    (40.0, 1000.0, 1.0478852155173361e-209),
];

/// Argument, degrees of freedom, upper tail.
const F: [(f64, f64, f64, f64); 30] = [
    (0.02, 1.0, 1.0, 0.9105614780496845),
    (0.7, 1.0, 1.0, 0.5564680478984638),
    (1.12755992708686, 1.0, 1.0, 0.48090396834283794),
    (3.0, 1.0, 1.0, 0.3333333333333333),
    (20.0, 1.0, 1.0, 0.14004869609310203),
    (0.02, 2.0, 10.0, 0.9802377777918307),
    (0.7, 2.0, 10.0, 0.5193686643598155),
    (1.12755992708686, 2.0, 10.0, 0.3617530364220832),
    (3.0, 2.0, 10.0, 0.095367431640625),
    (20.0, 2.0, 10.0, 0.00032),
    (0.02, 5.0, 200.0, 0.9998347776596854),
    (0.7, 5.0, 200.0, 0.6240478070521475),
    (1.12755992708686, 5.0, 200.0, 0.3469677816123732),
    (3.0, 5.0, 200.0, 0.012358354817901993),
    (20.0, 5.0, 200.0, 3.7366193677492845e-16),
    (0.02, 401.0, 401.0, 1.0),
    (0.7, 401.0, 401.0, 0.999814285183731),
    (1.12755992708686, 401.0, 401.0, 0.1148853402427451),
    (3.0, 401.0, 401.0, 3.521317712786881e-27),
    (20.0, 401.0, 401.0, 5.0338414234209496e-151),
    (0.02, 3.0, 1000.0, 0.9961581173581165),
    (0.7, 3.0, 1000.0, 0.5521461876246602),
    (1.12755992708686, 3.0, 1000.0, 0.3368440062795359),
    (3.0, 3.0, 1000.0, 0.029770456705077566),
    (20.0, 3.0, 1000.0, 1.3577113748936958e-12),
    (0.02, 40.0, 7.0, 1.0),
    (0.7, 40.0, 7.0, 0.7789240864140583),
    (1.12755992708686, 40.0, 7.0, 0.4743064133061208),
    (3.0, 40.0, 7.0, 0.06601964578324838),
    (20.0, 40.0, 7.0, 0.00020259959211772706),
];

#[test]
fn tails_have_twelve_digits() {
    for (x, df, p) in CHI_SQUARE {
        close(chi_square_upper(x, df), p, 1e-12);
    }
    for (t, df, p) in STUDENT {
        close(student_t_two_sided(t, df), p, 1e-12);
        close(student_t_two_sided(-t, df), p, 1e-12);
    }
    for (x, df1, df2, p) in F {
        close(f_tails(x, df1, df2).1, p, 1e-12);
        close(f_tails(1.0 / x, df2, df1).0, p, 1e-12);
    }
}

#[test]
fn the_distributions_belong_together() {
    for t in [0.01, 0.5, 1.0, 2.0, 7.0] {
        // Two tails of the normal distribution are the tail of a chi-square with one degree of freedom.
        close(chi_square_upper(t * t, 1.0), 2.0 * normal_cdf(-t), 1e-13);
        for df in [1.0, 4.0, 33.5] {
            close(f_tails(t * t, 1.0, df).1, student_t_two_sided(t, df), 1e-13);
        }
        close(student_t_two_sided(t, f64::INFINITY), 2.0 * normal_cdf(-t), 1e-15);
        close(
            student_t_two_sided(t, 1e9),
            student_t_two_sided(t, f64::INFINITY),
            1e-6,
        );
        // One degree of freedom: Cauchy. Two: a closed form.
        close(
            student_t_two_sided(t, 1.0),
            1.0 - 2.0 / std::f64::consts::PI * quyu_math::atan(t),
            1e-13,
        );
        close(
            student_t_two_sided(t, 2.0),
            1.0 - t / quyu_math::sqrt(2.0 + t * t),
            1e-13,
        );
        close(chi_square_upper(t, 2.0), quyu_math::exp(-0.5 * t), 1e-14);
    }
}

#[test]
fn critical_values_are_inverse() {
    for df in [1.0, 2.0, 10.0, 399.0, f64::INFINITY] {
        for p in [1e-10, 0.01, 0.05, 0.32, 0.9, 0.999] {
            close(student_t_two_sided(student_t_critical(p, df), df), p, 1e-12);
        }
        assert_eq!(student_t_critical(1.0, df), 0.0);
        assert_eq!(student_t_critical(0.0, df), f64::INFINITY);
    }
}

#[test]
fn the_ends_and_what_has_no_meaning() {
    assert_eq!(chi_square_upper(0.0, 3.0), 1.0);
    assert_eq!(chi_square_upper(-1.0, 3.0), 1.0);
    assert_eq!(chi_square_upper(f64::INFINITY, 3.0), 0.0);
    assert_eq!(chi_square_upper(1e300, 3.0), 0.0);
    assert_eq!(f_tails(0.0, 1.0, 1.0), (0.0, 1.0));
    assert_eq!(f_tails(f64::INFINITY, 1.0, 1.0), (1.0, 0.0));
    assert_eq!(student_t_two_sided(f64::INFINITY, 4.0), 0.0);
    assert_eq!(student_t_two_sided(0.0, 4.0), 1.0);
    for bad in [0.0, -1.0, f64::NAN] {
        assert!(chi_square_upper(1.0, bad).is_nan());
        assert!(f_tails(1.0, bad, 1.0).0.is_nan() && f_tails(1.0, 1.0, bad).1.is_nan());
        assert!(student_t_two_sided(1.0, bad).is_nan());
        assert!(student_t_critical(0.5, bad).is_nan());
    }
    assert!(chi_square_upper(f64::NAN, 1.0).is_nan());
    assert!(student_t_critical(-0.1, 3.0).is_nan() && student_t_critical(1.1, 3.0).is_nan());
    // Extreme arguments end and stay probabilities.
    for x in [5e-324, 1e-308, 1e-10, 1e10, f64::MAX] {
        for df in [1e-3, 0.5, 1e3, 1e6] {
            let p = [
                chi_square_upper(x, df),
                f_tails(x, df, 2.0).0,
                f_tails(x, 2.0, df).1,
                student_t_two_sided(x, df),
            ];
            assert!(p.iter().all(|p| (0.0..=1.0).contains(p)), "{x:e} {df:e}: {p:?}");
        }
    }
}

/// At least, drawn, marked, all, probability: sums of binomial coefficients as exact fractions.
const HYPERGEOMETRIC: [(usize, usize, usize, usize, f64); 12] = [
    (1, 2, 3, 10, 0.5333333333333333),
    (2, 3, 2, 4, 0.5),
    (2, 2, 2, 3, 0.3333333333333333),
    (3, 5, 6, 18, 0.17577030812324929),
    (5, 5, 6, 18, 0.0007002801120448179),
    (0, 5, 6, 18, 1.0),
    (4, 40, 30, 100, 0.9999674835148284),
    (20, 40, 30, 100, 0.0004310625524240636),
    (29, 40, 30, 100, 4.751264208965766e-15),
    (60, 200, 100, 400, 0.013973447036746538),
    (90, 200, 100, 400, 3.5712416017906047e-22),
    (3, 4, 9, 10, 1.0),
];

#[test]
fn hypergeometric_tails_are_the_exact_fractions() {
    for (found, drawn, marked, all, p) in HYPERGEOMETRIC {
        close(hypergeometric_upper(found, drawn, marked, all), p, 1e-13);
        // Drawn and marked may change places.
        close(hypergeometric_upper(found, marked, drawn, all), p, 1e-13);
    }
}

#[test]
fn hypergeometric_tails_fall_from_one_to_zero_and_refuse_what_cannot_be() {
    let tail: Vec<f64> = (0..=7).map(|k| hypergeometric_upper(k, 6, 8, 20)).collect();
    assert_eq!((tail[0], tail[7]), (1.0, 0.0));
    assert!(tail.windows(2).all(|w| w[0] > w[1]), "{tail:?}");
    assert!(hypergeometric_upper(1, 5, 2, 4).is_nan() && hypergeometric_upper(1, 2, 5, 4).is_nan());
    assert_eq!(hypergeometric_upper(0, 0, 0, 0), 1.0);
}

//! How numbers are written.

use proptest::prelude::*;
use quyu_core::Style;
use quyu_core::number::{lower_first, ordinal, ranks, significant, styled, twelve_digits};

proptest! {
    #[test]
    fn twelve_digits_read_back(x in prop_oneof![proptest::num::f64::NORMAL, -1e6..1e6f64]) {
        let text = twelve_digits(x);
        let back: f64 = text.parse().unwrap();
        prop_assert!((back - x).abs() <= 5e-12 * x.abs(), "{x:e} is written {text}");
        prop_assert_eq!(twelve_digits(back), text, "writing what was read changes nothing");
    }

    #[test]
    fn digits_are_no_more_than_asked_for(x in -1e12..1e12f64, digits in 1usize..=15) {
        let text = significant(x, digits);
        let shown: String = text.chars().filter(char::is_ascii_digit).collect();
        prop_assert!(shown.trim_matches('0').len() <= digits, "{text}");
        let (exponent, loose) = (text.contains('e'), text.contains('.') && text.ends_with('0'));
        prop_assert!(!exponent && !loose, "{text}");
    }

    #[test]
    fn a_reader_sees_the_number_with_its_sign(x in prop_oneof![-1e9..1e9f64, -1.0..1.0f64, Just(-0.0)], d in 0u8..4) {
        let unit = (0..d).fold(1.0, |u: f64, _| u / 10.0);
        for (style, shown, signed) in [
            (Style::Fixed(d), x, false),
            (Style::Percent(d), 100.0 * x, false),
            (Style::Signed(d), x, true),
            (Style::SignedPercent(d), 100.0 * x, true),
        ] {
            let text = styled(x, style);
            prop_assert!(!text.contains('-'), "{text} has a hyphen for a minus");
            let plain = text.replace(',', "").replace('\u{2212}', "-");
            let back: f64 = plain.parse().unwrap();
            prop_assert!((back - shown).abs() <= 0.5 * unit * (1.0 + 1e-9) + 1e-9 * shown.abs(), "{x} is shown as {text}");
            prop_assert!(back != 0.0 || !text.starts_with(['\u{2212}', '+']), "zero has no sign: {text}");
            prop_assert_eq!(text.starts_with('+'), signed && back > 0.0, "{}", text);
            let whole = text.trim_start_matches(['\u{2212}', '+']).split('.').next().unwrap();
            let groups: Vec<&str> = whole.split(',').collect();
            prop_assert!(groups[1..].iter().all(|g| g.len() == 3) && (1..=3).contains(&groups[0].len()), "{text}");
        }
    }

    #[test]
    fn a_rank_is_one_more_than_the_larger_values(values in proptest::collection::vec(0u8..5, 1..12)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let ranks = ranks(&values);
        for i in 0..values.len() {
            let tied = values.iter().filter(|v| **v == values[i]).count();
            let next = values.iter().filter(|v| **v > values[i]).count() + 1;
            prop_assert_eq!(ranks[i], next);
            prop_assert_eq!(ranks.iter().filter(|r| **r == ranks[i]).count(), tied);
        }
    }
}

#[test]
fn edges_of_writing() {
    let written: Vec<String> = [0.0, -0.0, 0.1 + 0.2, 999_999_999_999.6, 1e15, 1e16, -2.5e-16]
        .map(twelve_digits)
        .to_vec();
    insta::assert_debug_snapshot!(written, @r#"
    [
        "0",
        "0",
        "0.3",
        "1000000000000",
        "1000000000000000",
        "1.00000000000e16",
        "-2.50000000000e-16",
    ]
    "#);
    assert_eq!(significant(0.000_123_456, 4), "0.0001235");
    assert_eq!(significant(123_456.0, 4), "123500");
    assert_eq!(styled(2019.0, Style::Year), "2019");
    assert_eq!(styled(-0.3, Style::Year), "0", "never -0");
    assert_eq!(styled(-221.0, Style::Year), "\u{2212}221");
    assert_eq!(
        styled(999.995, Style::Fixed(2)),
        "1,000.00",
        "rounding may add a group"
    );
}

#[test]
fn words_for_numbers_and_labels() {
    let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 101, 111, 112].map(ordinal).to_vec();
    assert_eq!(
        said,
        [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "101st", "111th", "112th"
        ]
    );
    for (label, inside) in [
        ("Three macro-regions", "three macro-regions"),
        ("GDP per head", "GDP per head"),
        ("R&D", "R&D"),
        ("A", "A"),
        ("", ""),
        ("Élan", "élan"),
    ] {
        assert_eq!(lower_first(label), inside);
    }
}

//! Random orders, with several bounded numbers from one word of the stream.

use quyu_math::rng::Stream;

/// Calls `exchange(i, j)` for i = `last`, `last - 1`, … down to `end` (at least 1), each j uniform in `0..=i`: the exchanges of
/// Fisher and Yates.
///
/// Several bounds share one 64-bit word: the word times the first bound gives the first number in its high half, the low half
/// times the next bound the next one, and so on. Words that would favour some numbers are rejected, so that each number is exactly
/// uniform and independent of the others (Brackett-Rozinsky & Lemire 2025, Software: Practice and Experience 55:108-120).
#[inline]
pub(super) fn exchanges(
    stream: &mut Stream,
    last: usize,
    end: usize,
    mut exchange: impl FnMut(usize, usize),
) {
    let (mut i, end) = (last as u64, (end as u64).max(1));
    // So few numbers a word that rarely one is rejected.
    batches::<1>(stream, &mut i, end.max(1 << 30), &mut exchange);
    batches::<2>(stream, &mut i, end.max(1 << 19), &mut exchange);
    batches::<3>(stream, &mut i, end.max(1 << 13), &mut exchange);
    batches::<4>(stream, &mut i, end.max(1 << 9), &mut exchange);
    batches::<6>(stream, &mut i, end, &mut exchange);
    batches::<1>(stream, &mut i, end, &mut exchange);
}

/// Batches of K, as long as all of them stay at or above `end`.
#[inline]
fn batches<const K: usize>(
    stream: &mut Stream,
    i: &mut u64,
    end: u64,
    exchange: &mut impl FnMut(usize, usize),
) {
    while *i + 1 >= end + K as u64 {
        let mut numbers = [0; K];
        let mut rest = draw(stream, *i, &mut numbers);
        let product = (0..K as u64).fold(1u64, |product, k| product * (*i + 1 - k));
        if rest < product {
            let threshold = product.wrapping_neg() % product;
            while rest < threshold {
                rest = draw(stream, *i, &mut numbers);
            }
        }
        for (k, j) in numbers.iter().enumerate() {
            exchange(*i as usize - k, *j as usize);
        }
        *i -= K as u64;
    }
}

/// One word as numbers below i + 1, i, i - 1, …; what is left of it decides whether it counts.
#[inline]
fn draw<const K: usize>(stream: &mut Stream, i: u64, numbers: &mut [u64; K]) -> u64 {
    let mut rest = stream.next_u64();
    for (k, number) in numbers.iter_mut().enumerate() {
        let product = u128::from(rest) * u128::from(i + 1 - k as u64);
        *number = (product >> 64) as u64;
        rest = product as u64;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_as_likely() {
        // 24 orders of four, 48,000 draws: the chi-square statistic has 23 degrees of freedom, and 64 is its 1e-5 point.
        let mut counts = std::collections::BTreeMap::new();
        for i in 0..48_000 {
            let mut order = [0, 1, 2, 3];
            exchanges(&mut Stream::new(5, i), 3, 1, |i, j| order.swap(i, j));
            *counts.entry(order).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24);
        let chi: f64 = counts
            .values()
            .map(|c| f64::from(c - 2000) * f64::from(c - 2000) / 2000.0)
            .sum();
        assert!(chi < 64.0, "{chi}");
    }

    #[test]
    fn bounds_hold_and_every_place_is_visited_once() {
        for (last, end) in [
            (0, 1),
            (1, 1),
            (5, 1),
            (6, 1),
            (20, 7),
            (520, 1),
            (9_000, 1),
            (600_000, 599_000),
        ] {
            let mut next = last;
            exchanges(&mut Stream::new(1, 1), last, end, |i, j| {
                assert!(i == next && j <= i);
                next -= 1;
            });
            assert_eq!(next + 1, end.max(1).min(last + 1), "{last} {end}");
        }
    }

    #[test]
    fn numbers_of_one_batch_are_uniform() {
        // The mean of j / i over many shuffles, by place: 1/2 within five standard errors.
        let n = 3_000;
        let mut sums = vec![0.0; n];
        for s in 0..400 {
            exchanges(&mut Stream::new(9, s), n - 1, 1, |i, j| {
                sums[i] += j as f64 / i as f64
            });
        }
        let far = |sum: &f64| (sum / 400.0 - 0.5).abs() > 5.5 * 0.2887 / 20.0;
        assert_eq!(sums[100..].iter().filter(|sum| far(sum)).count(), 0);
    }
}

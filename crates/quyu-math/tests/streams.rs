//! Random streams are frozen, and fair.

use quyu_math::lanes::Path;
use quyu_math::rng::{EightStreams, Stream};

#[test]
fn the_key_stream_is_chacha8() {
    // First block for the zero key and zero nonce, from the test vectors of the eSTREAM submission.
    let mut stream = Stream::new(0, 0);
    let bytes: Vec<u8> = (0..4).flat_map(|_| stream.next_u64().to_le_bytes()).collect();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        hex,
        "3e00ef2f895f40d67f5bb8e81f09a5a12c840ec3ce9a7f3b181be188ef711a1e"
    );
}

#[test]
fn frozen() {
    let mut stream = Stream::new(1, 7);
    let words: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
    assert_eq!(words, FROZEN_WORDS);
    let mut stream = Stream::new(1, 7);
    assert_eq!(
        (0..12).map(|_| stream.below(31)).collect::<Vec<_>>(),
        FROZEN_BELOW_31
    );
    assert_eq!(
        (0..3).map(|_| stream.below(1 << 40)).collect::<Vec<_>>(),
        FROZEN_BELOW_2_40
    );
    assert_eq!((0..2).map(|_| stream.unit()).collect::<Vec<_>>(), FROZEN_UNIT);
    let mut order: Vec<u8> = (0..10).collect();
    stream.shuffle(&mut order);
    assert_eq!(order, FROZEN_ORDER);
}

#[test]
fn eight_streams_draw_as_each_alone_on_every_path() {
    let mut blocks = 0;
    for (seed, first, n) in [
        (1, 0, 31),
        (u64::MAX, 5, 3_000),
        (7 << 40, u64::from(u32::MAX) - 3, 1),
        (3, u64::MAX - 2, 1 << 31),
    ] {
        for path in [Path::Portable, Path::Avx2] {
            let mut eight = EightStreams::on(path, seed, first);
            let mut alone: Vec<Stream> = (0..8).map(|k| Stream::new(seed, first.wrapping_add(k))).collect();
            let mut draws = [[0; 8]; 16];
            for _ in 0..10 {
                assert!(eight.below(n, &mut draws), "no word is refused here");
                for draw in draws {
                    let expected: Vec<u64> = alone.iter_mut().map(|s| s.below(u64::from(n))).collect();
                    assert_eq!(draw.map(u64::from).to_vec(), expected);
                }
                blocks += 1;
            }
        }
    }
    assert_eq!(blocks, 80);
}

#[test]
fn eight_streams_tell_where_a_word_is_drawn_again() {
    // Nearly half of all words are refused for this n.
    let n = (1 << 31) + 1;
    for path in [Path::Portable, Path::Avx2] {
        assert!(!EightStreams::on(path, 1, 0).below(n, &mut [[0; 8]; 16]));
    }
}

const FROZEN_WORDS: [u64; 3] = [5510913179915972433, 3621581692989865442, 9754853333412116709];
const FROZEN_BELOW_31: [u64; 12] = [24, 9, 19, 6, 11, 16, 10, 12, 28, 19, 18, 28];
const FROZEN_BELOW_2_40: [u64; 3] = [311996310348, 611886694117, 966420123150];
const FROZEN_UNIT: [f64; 2] = [0.6383921872776211, 0.3534597996462212];
const FROZEN_ORDER: [u8; 10] = [5, 3, 7, 6, 1, 8, 0, 2, 4, 9];

#[test]
fn streams_and_seeds_differ() {
    let mut seen: Vec<u64> = (0..100).map(|i| Stream::new(1, i).next_u64()).collect();
    seen.extend((2..102).map(|seed| Stream::new(seed, 0).next_u64()));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 200);
}

#[test]
fn bounded_draws_are_fair_and_in_range() {
    let mut stream = Stream::new(5, 0);
    assert_eq!((stream.below(0), stream.below(1), stream.index(1)), (0, 0, 0));
    let mut counts = [0u32; 6];
    for _ in 0..60_000 {
        counts[stream.index(6)] += 1;
    }
    let chi: f64 = counts
        .iter()
        .map(|c| f64::from(*c) - 10_000.0)
        .map(|d| d * d / 10_000.0)
        .sum();
    assert!(chi < 20.5, "chi-square with 5 degrees of freedom: {chi}");
    // More than half of all 64-bit products are rejected here: the loop must end and stay in range.
    let n = (1 << 63) + 1;
    assert!((0..1_000).all(|_| stream.below(n) < n));
    let n32 = (1u64 << 31) + 1;
    assert!((0..1_000).all(|_| stream.below(n32) < n32));
    assert!((0..1_000).map(|_| stream.unit()).all(|u| (0.0..1.0).contains(&u)));
}

#[test]
fn every_order_of_three_comes_up() {
    let mut counts = std::collections::BTreeMap::new();
    for replicate in 0..6_000 {
        let mut order = [0, 1, 2];
        Stream::new(3, replicate).shuffle(&mut order);
        *counts.entry(order).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 6);
    assert!(counts.values().all(|c| (850..1_150).contains(c)), "{counts:?}");
}

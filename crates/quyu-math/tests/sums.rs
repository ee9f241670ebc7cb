//! The same bits for every way of cutting a stream.

use proptest::prelude::*;
use quyu_math::{CHUNK, Sum, chunk_sum, dot, rng::Stream, sum, sum_by, sums_by, tree};

/// Values of very different size, so that any other order of additions shows in the last bits.
fn values(n: usize, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, 0);
    (0..n)
        .map(|i| (stream.unit() - 0.4) * quyu_math::pow(10.0, (i % 13) as f64))
        .collect()
}

/// The definition, written as slowly as it reads.
fn by_definition(x: &[f64]) -> f64 {
    fn node(leaves: &[f64]) -> f64 {
        match leaves {
            [] => 0.0,
            [one] => *one,
            _ => {
                let left = leaves.len().next_power_of_two() / 2;
                node(&leaves[..left]) + node(&leaves[left..])
            }
        }
    }
    let leaf = |chunk: &[f64]| {
        let mut l = [0.0; 8];
        for (i, v) in chunk.iter().enumerate() {
            l[i % 8] += v;
        }
        ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
    };
    node(&x.chunks(CHUNK).map(leaf).collect::<Vec<_>>())
}

#[test]
fn every_path_has_the_bits_of_the_definition() {
    for n in [
        0,
        1,
        7,
        8,
        9,
        4_095,
        4_096,
        4_097,
        8_192,
        12_288,
        12_289,
        7 * CHUNK + 3,
        64 * CHUNK,
        100_001,
    ] {
        let x = values(n, n as u64);
        let expected = by_definition(&x).to_bits();
        assert_eq!(sum(&x).to_bits(), expected, "sum of {n}");
        assert_eq!(sum_by(n, |i| x[i]).to_bits(), expected, "sum_by of {n}");
        assert_eq!(dot(&x, &vec![1.0; n]).to_bits(), expected, "dot of {n}");
        let chunks: Vec<f64> = x.chunks(CHUNK).map(chunk_sum).collect();
        assert_eq!(tree(&chunks).to_bits(), expected, "tree of {n}");
        let [a, b] = sums_by(n, |i| [x[i], 2.0 * x[i]]);
        assert_eq!(
            (a.to_bits(), b.to_bits()),
            (expected, (2.0 * sum(&x)).to_bits()),
            "sums_by of {n}"
        );
    }
}

#[test]
fn a_known_sum_is_exact() {
    assert_eq!(sum(&[0.1; 10]), 1.0);
    let n = 1_000_000;
    let total = sum_by(n, |i| (i + 1) as f64);
    assert_eq!(total, 500_000_500_000.0);
}

#[test]
fn parts_that_are_not_neighbours_are_refused() {
    let mut left = Sum::new();
    left.push(&[1.0]);
    assert!(left.clone().merge(&Sum::starting_at(1)).is_err());
    left.push(&vec![1.0; CHUNK - 1]);
    assert!(left.clone().merge(&Sum::starting_at(2)).is_err());
    let untouched = left.clone();
    assert!(
        left.merge(&Sum::starting_at(0))
            .unwrap_err()
            .to_string()
            .contains("cannot follow")
    );
    assert_eq!(left, untouched);
    assert!(left.merge(&Sum::starting_at(1)).is_ok());
}

proptest! {
    #[test]
    fn batches_do_not_show(n in 0usize..40_000, seed: u64, cuts in prop::collection::vec(0usize..9_000, 0..12)) {
        let x = values(n, seed);
        let mut stream = Sum::new();
        let mut rest = &x[..];
        for cut in cuts {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            stream.push(now);
            rest = later;
        }
        for v in rest {
            stream.add(*v);
        }
        prop_assert_eq!(stream.value().to_bits(), sum(&x).to_bits());
    }

    #[test]
    fn parts_do_not_show(n in 0usize..140_000, seed: u64, borders in prop::collection::btree_set(1u64..34, 0..6), inside_out: bool) {
        let x = values(n, seed);
        let mut starts = vec![0];
        starts.extend(borders.into_iter().filter(|c| *c as usize * CHUNK <= n));
        let mut parts: Vec<Sum> = starts.iter().enumerate().map(|(i, &start)| {
            let end = starts.get(i + 1).map_or(n, |c| *c as usize * CHUNK);
            let mut part = Sum::starting_at(start);
            part.push(&x[start as usize * CHUNK..end]);
            part
        }).collect();
        if inside_out {
            while parts.len() > 1 {
                let last = parts.pop().unwrap();
                parts.last_mut().unwrap().merge(&last).unwrap();
            }
        }
        let mut whole = parts.remove(0);
        for part in &parts {
            whole.merge(part).unwrap();
        }
        prop_assert_eq!(whole.value().to_bits(), sum(&x).to_bits());
    }
}

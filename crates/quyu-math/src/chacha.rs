//! The key streams of eight neighbouring streams, side by side: what a vector unit does as fast as one of them.
//!
//! ChaCha with 8 rounds (Bernstein 2008) as [`crate::rng`] sets it up: the seed in the first eight bytes of the key, the stream as
//! the nonce. A test compares every word with that of the single streams.

use crate::lanes::on_path;

/// Streams side by side.
pub(crate) const STREAMS: usize = 8;
/// Words of a block.
pub(crate) const WORDS: usize = 16;

/// One word of every stream.
type Lane = [u32; STREAMS];

on_path! {
    /// Fills `draws` with block number `block` of the streams that begin with `first`, as numbers below `n`. False where one of the
    /// words has to be drawn again.
    pub(crate) fn draws / draws_avx2 / draws_body(seed: u64, first: u64, block: u64, n: u32, draws: &mut [Lane; WORDS]) -> bool
}

#[inline(always)]
fn draws_body(seed: u64, first: u64, block: u64, n: u32, draws: &mut [Lane; WORDS]) -> bool {
    let mut words = state(seed, first, block);
    for _ in 0..4 {
        double_round(&mut words);
    }
    let start = state(seed, first, block);
    // As `Stream::below`: multiply, and refuse a low half that would favour some numbers.
    let mut lowest = [u32::MAX; STREAMS];
    for ((draws, words), start) in draws.iter_mut().zip(&words).zip(&start) {
        for lane in 0..STREAMS {
            let product = u64::from(words[lane].wrapping_add(start[lane])) * u64::from(n);
            draws[lane] = (product >> 32) as u32;
            lowest[lane] = lowest[lane].min(product as u32);
        }
    }
    let threshold = n.wrapping_neg().checked_rem(n).unwrap_or(0);
    lowest.iter().all(|low| *low >= threshold)
}

#[inline(always)]
fn state(seed: u64, first: u64, block: u64) -> [Lane; WORDS] {
    let mut state = [[0; STREAMS]; WORDS];
    // "expand 32-byte k" in four words.
    let head = [
        0x6170_7865,
        0x3320_646e,
        0x7962_2d32,
        0x6b20_6574,
        seed as u32,
        (seed >> 32) as u32,
    ];
    for (word, value) in state.iter_mut().zip(head) {
        *word = [value; STREAMS];
    }
    (state[12], state[13]) = ([block as u32; STREAMS], [(block >> 32) as u32; STREAMS]);
    let mut streams = [0; STREAMS];
    (0..)
        .zip(&mut streams)
        .for_each(|(lane, stream)| *stream = first.wrapping_add(lane));
    state[14] = streams.map(|stream| stream as u32);
    state[15] = streams.map(|stream| (stream >> 32) as u32);
    state
}

#[inline(always)]
fn double_round(v: &mut [Lane; WORDS]) {
    for column in 0..4 {
        quarter_round(v, [column, column + 4, column + 8, column + 12]);
    }
    for row in 0..4 {
        quarter_round(v, [row, 4 + (row + 1) % 4, 8 + (row + 2) % 4, 12 + (row + 3) % 4]);
    }
}

#[inline(always)]
fn quarter_round(v: &mut [Lane; WORDS], [a, b, c, d]: [usize; 4]) {
    step(v, [a, b, d], 16);
    step(v, [c, d, b], 12);
    step(v, [a, b, d], 8);
    step(v, [c, d, b], 7);
}

/// a += b, d = (d ^ a) rotated.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "a lane of three words at once")]
fn step(v: &mut [Lane; WORDS], [a, b, d]: [usize; 3], turn: u32) {
    for lane in 0..STREAMS {
        v[a][lane] = v[a][lane].wrapping_add(v[b][lane]);
        v[d][lane] = (v[d][lane] ^ v[a][lane]).rotate_left(turn);
    }
}

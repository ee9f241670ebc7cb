//! Random streams that are addressed, not shared.

use crate::chacha;
use crate::lanes::Path;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A stream of random numbers that is fixed by a seed and a stream number.
///
/// Replicate `i` of a simulation draws from stream `i`, so that any number of threads makes the same replicates. The
/// generator is ChaCha with 8 rounds; its 256-bit key is the seed in the first eight bytes (little-endian) and zeros, its
/// nonce the stream number. Test vectors freeze every method: a release of a random number crate cannot move a result.
///
/// ```
/// use quyu_math::rng::Stream;
/// let mut first = Stream::new(1, 0);
/// let mut again = Stream::new(1, 0);
/// assert_eq!(first.next_u64(), again.next_u64());
/// assert!(first.below(6) < 6);
/// ```
#[derive(Debug, Clone)]
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// The stream number `stream` of `seed`.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self { generator }
    }

    /// 32 random bits: the next word of the key stream.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        self.generator.next_u32()
    }

    /// 64 random bits: the next two words of the key stream, low word first.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let low = u64::from(self.next_u32());
        low | u64::from(self.next_u32()) << 32
    }

    /// A whole number in `[0, n)`, each equally likely; 0 for `n = 0`.
    ///
    /// Lemire 2019 (ACM TOMACS 29(1):3): multiply, and reject what would favour some numbers. One word of the key stream
    /// a try where `n` fits 32 bits, two where it does not.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        match u32::try_from(n) {
            Ok(n) => u64::from(self.below_u32(n)),
            Err(_) => self.below_u64(n),
        }
    }

    #[inline]
    fn below_u32(&mut self, n: u32) -> u32 {
        let mut product = u64::from(self.next_u32()) * u64::from(n);
        if (product as u32) < n {
            let threshold = n.wrapping_neg().checked_rem(n).unwrap_or(0);
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    fn below_u64(&mut self, n: u64) -> u64 {
        let mut product = u128::from(self.next_u64()) * u128::from(n);
        if (product as u64) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u64) < threshold {
                product = u128::from(self.next_u64()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// A position in a slice of length `n`: [`Stream::below`] for indices.
    #[inline]
    pub fn index(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }

    /// A number in `[0, 1)`: a multiple of 2^-53, each equally likely.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Puts the elements into a random order, each order equally likely (Fisher and Yates, from the last position down).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            values.swap(i, self.index(i + 1));
        }
    }
}

/// Eight neighbouring streams, drawn from side by side: sixteen draws of each at a time, in the time of one or two single streams.
///
/// ```
/// use quyu_math::rng::{EightStreams, Stream};
/// let mut draws = [[0; 8]; 16];
/// if EightStreams::new(1, 40).below(31, &mut draws) {
///     let mut third = Stream::new(1, 42);
///     assert!(draws.iter().all(|draw| u64::from(draw[2]) == third.below(31)));
/// }
/// ```
#[derive(Debug, Clone)]
pub struct EightStreams {
    seed: u64,
    first: u64,
    block: u64,
    path: Path,
}

impl EightStreams {
    /// The streams `first`, `first + 1`, ... `first + 7` of `seed`.
    pub fn new(seed: u64, first: u64) -> Self {
        Self::on(Path::best(), seed, first)
    }

    /// The same streams on a path of one's choice.
    pub fn on(path: Path, seed: u64, first: u64) -> Self {
        Self {
            seed,
            first,
            block: 0,
            path,
        }
    }

    /// The next sixteen draws of [`Stream::below`] from each stream: `draws[i][k]` is draw i of stream k.
    ///
    /// False where one of them is not what its stream draws, because a word has to be drawn again there, about once in 2^32 / n
    /// words: then only the single streams tell, from their beginning.
    #[must_use]
    pub fn below(&mut self, n: u32, draws: &mut [[u32; chacha::STREAMS]; chacha::WORDS]) -> bool {
        let block = self.block;
        self.block += 1;
        chacha::draws(self.path, self.seed, self.first, block, n, draws)
    }
}

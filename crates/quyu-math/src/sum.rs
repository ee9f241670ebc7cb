//! One fixed tree of additions for every sum.
//!
//! The values are cut into chunks of [`CHUNK`] by position. Inside a chunk, value `i` is added to lane `i % 8`, and the
//! eight lanes are folded by halving. The chunk sums are the leaves of a binary tree whose nodes are aligned: a node of
//! level `L` covers the chunks `[k 2^L, (k+1) 2^L)`. What is left at the right edge is folded from the right. The tree
//! depends on the number of values alone, so neither threads nor batches can change a bit, and the error grows with
//! the logarithm of the number of chunks.

use crate::lanes::{Path, chunk_dot};

/// Number of values in a chunk. Parts that are summed apart and merged are cut at multiples of it.
pub const CHUNK: usize = 4096;

const LANES: usize = 8;

/// Halving keeps whole vector registers busy and is the order that every caller gets.
#[inline(always)]
pub(crate) fn fold(l: [f64; LANES]) -> f64 {
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

/// The sum of at most [`CHUNK`] values: a leaf of the tree.
///
/// Longer slices are added in the same eight lanes, which is not what [`sum`] returns for them.
#[inline]
pub fn chunk_sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    add_from_lane_zero(&mut lanes, values);
    fold(lanes)
}

#[inline(always)]
fn add_from_lane_zero(lanes: &mut [f64; LANES], values: &[f64]) {
    let mut blocks = values.chunks_exact(LANES);
    for block in &mut blocks {
        for (lane, v) in lanes.iter_mut().zip(block) {
            *lane += v;
        }
    }
    for (lane, v) in lanes.iter_mut().zip(blocks.remainder()) {
        *lane += v;
    }
}

/// The sum of `values`; 0 for none.
///
/// ```
/// assert_eq!(quyu_math::sum(&[0.5, 0.25, 0.25]), 1.0);
/// ```
pub fn sum(values: &[f64]) -> f64 {
    if values.len() <= CHUNK {
        return chunk_sum(values);
    }
    let mut total = Sum::new();
    total.push(values);
    total.value()
}

/// The sum of `f(0), f(1), ... f(n - 1)`, called in this order, with the same tree as [`sum`].
///
/// ```
/// let x = [1.0, 2.0, 4.0];
/// assert_eq!(quyu_math::sum_by(3, |i| x[i] * x[i]), 21.0);
/// ```
pub fn sum_by(n: usize, mut f: impl FnMut(usize) -> f64) -> f64 {
    let [total] = sums_by(n, |i| [f(i)]);
    total
}

/// `K` sums in one pass: component `j` is what [`sum_by`] returns for component `j` of `f`.
///
/// ```
/// let (x, w) = ([3.0, 5.0], [1.0, 2.0]);
/// assert_eq!(quyu_math::sums_by(2, |i| [w[i], w[i] * x[i]]), [3.0, 13.0]);
/// ```
pub fn sums_by<const K: usize>(n: usize, mut f: impl FnMut(usize) -> [f64; K]) -> [f64; K] {
    if n <= CHUNK {
        return chunk_sums_by(0, n, &mut f);
    }
    let mut leaves = Vec::with_capacity(n.div_ceil(CHUNK));
    for start in (0..n).step_by(CHUNK) {
        leaves.push(chunk_sums_by(start, CHUNK.min(n - start), &mut f));
    }
    trees(&leaves)
}

#[inline]
fn chunk_sums_by<const K: usize>(
    start: usize,
    len: usize,
    f: &mut impl FnMut(usize) -> [f64; K],
) -> [f64; K] {
    let mut lanes = [[0.0; LANES]; K];
    for i in 0..len {
        let values = f(start + i);
        for (lane, v) in lanes.iter_mut().zip(values) {
            lane[i % LANES] += v;
        }
    }
    lanes.map(fold)
}

/// The sum of products `a[i] * b[i]`, each product rounded once.
///
/// # Panics
/// If the lengths differ: that is a mistake of the caller, who has checked the data.
///
/// ```
/// assert_eq!(quyu_math::dot(&[1.0, 2.0], &[3.0, 4.0]), 11.0);
/// ```
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "dot: two lengths");
    let path = Path::best();
    if a.len() <= CHUNK {
        return chunk_dot(path, a, b);
    }
    tree_of(
        a.chunks(CHUNK)
            .zip(b.chunks(CHUNK))
            .map(|(a, b)| chunk_dot(path, a, b)),
    )
}

/// The sum of chunk sums: what [`sum`] returns for the values whose chunks, in order, have these sums.
///
/// Threads may fill `chunks` in any order of time.
///
/// ```
/// let x: Vec<f64> = (0..10_000).map(|i| 1.0 / (1.0 + f64::from(i))).collect();
/// let chunks: Vec<f64> = x.chunks(quyu_math::CHUNK).map(quyu_math::chunk_sum).collect();
/// assert_eq!(quyu_math::tree(&chunks), quyu_math::sum(&x));
/// ```
pub fn tree(chunks: &[f64]) -> f64 {
    tree_of(chunks.iter().copied())
}

/// `K` sums of chunk sums: component `j` is [`tree`] of component `j` of the chunks.
///
/// ```
/// assert_eq!(quyu_math::trees(&[[1.0, 10.0], [2.0, 20.0]]), [3.0, 30.0]);
/// ```
pub fn trees<const K: usize>(chunks: &[[f64; K]]) -> [f64; K] {
    std::array::from_fn(|j| tree_of(chunks.iter().map(|chunk| chunk[j])))
}

fn tree_of(chunks: impl Iterator<Item = f64>) -> f64 {
    let mut nodes = Vec::new();
    for (index, value) in chunks.enumerate() {
        append(
            &mut nodes,
            Node {
                level: 0,
                index: index as u64,
                value,
            },
        );
    }
    fold_right(&nodes)
}

/// The sum of the chunks `[index 2^level, (index + 1) 2^level)`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    level: u32,
    index: u64,
    value: f64,
}

impl Node {
    fn is_left_sibling_of(&self, right: &Self) -> bool {
        self.level == right.level && self.index.is_multiple_of(2) && self.index + 1 == right.index
    }
}

fn append(nodes: &mut Vec<Node>, mut node: Node) {
    while let Some(left) = nodes
        .last()
        .copied()
        .filter(|left| left.is_left_sibling_of(&node))
    {
        node = Node {
            level: node.level + 1,
            index: node.index / 2,
            value: left.value + node.value,
        };
        nodes.pop();
    }
    nodes.push(node);
}

fn fold_right(nodes: &[Node]) -> f64 {
    nodes
        .iter()
        .rev()
        .map(|node| node.value)
        .reduce(|right, left| left + right)
        .unwrap_or(0.0)
}

/// A sum that is fed batch by batch, and part by part.
///
/// The contract: if the values `x[0..n]` are pushed in order, in slices of any length, then [`Sum::value`] has the bits
/// of `sum(x)`. A stream may also be cut into parts that are summed apart (on threads, or on machines): the part that
/// begins with value `c * CHUNK` is made by [`Sum::starting_at`]`(c)`, every part but the last ends on a multiple of
/// [`CHUNK`], and the parts are merged from left to right, or in any order of neighbours. The merged sum has the bits
/// of `sum(x)` again. Memory is a few hundred bytes, however long the stream.
///
/// ```
/// use quyu_math::{CHUNK, Sum, sum};
/// let x: Vec<f64> = (0..3 * CHUNK + 5).map(|i| (i as f64).sqrt()).collect();
/// let mut left = Sum::new();
/// left.push(&x[..100]);
/// left.push(&x[100..CHUNK]);
/// let mut right = Sum::starting_at(1);
/// right.push(&x[CHUNK..]);
/// left.merge(&right)?;
/// assert_eq!(left.value(), sum(&x));
/// # Ok::<(), quyu_math::Misplaced>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    first: u64,
    open: u64,
    filled: usize,
    lanes: [f64; LANES],
    nodes: Vec<Node>,
}

impl Default for Sum {
    fn default() -> Self {
        Self::new()
    }
}

impl Sum {
    /// An empty sum that begins with the first value of the stream.
    pub fn new() -> Self {
        Self::starting_at(0)
    }

    /// An empty sum of the part that begins with value `chunk * CHUNK` of the stream.
    pub fn starting_at(chunk: u64) -> Self {
        Self {
            first: chunk,
            open: chunk,
            filled: 0,
            lanes: [0.0; LANES],
            nodes: Vec::new(),
        }
    }

    /// Adds the next values of the stream.
    pub fn push(&mut self, mut values: &[f64]) {
        while !values.is_empty() {
            let (now, rest) = values.split_at(values.len().min(CHUNK - self.filled));
            // Whole groups of eight start at lane zero; what precedes them fills the lanes up.
            let (head, body) = now.split_at(now.len().min((LANES - self.filled % LANES) % LANES));
            for (lane, v) in self.lanes[self.filled % LANES..].iter_mut().zip(head) {
                *lane += v;
            }
            add_from_lane_zero(&mut self.lanes, body);
            self.filled += now.len();
            if self.filled == CHUNK {
                append(
                    &mut self.nodes,
                    Node {
                        level: 0,
                        index: self.open,
                        value: fold(self.lanes),
                    },
                );
                (self.open, self.filled, self.lanes) = (self.open + 1, 0, [0.0; LANES]);
            }
            values = rest;
        }
    }

    /// Adds one value.
    pub fn add(&mut self, value: f64) {
        self.push(&[value]);
    }

    /// Appends the part that follows this one.
    ///
    /// # Errors
    /// [`Misplaced`] if this part does not end on a chunk border, or if `next` does not begin where it ends. Nothing is
    /// changed then.
    pub fn merge(&mut self, next: &Self) -> Result<(), Misplaced> {
        if self.filled != 0 || next.first != self.open {
            return Err(Misplaced {
                chunk: self.open,
                filled: self.filled,
                next: next.first,
            });
        }
        for node in &next.nodes {
            append(&mut self.nodes, *node);
        }
        (self.open, self.filled, self.lanes) = (next.open, next.filled, next.lanes);
        Ok(())
    }

    /// The sum of everything pushed so far; more may follow.
    pub fn value(&self) -> f64 {
        if self.filled == 0 {
            return fold_right(&self.nodes);
        }
        let mut nodes = self.nodes.clone();
        append(
            &mut nodes,
            Node {
                level: 0,
                index: self.open,
                value: fold(self.lanes),
            },
        );
        fold_right(&nodes)
    }
}

/// Two parts of a stream that are not neighbours on a chunk border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced {
    /// The chunk that the left part would fill next.
    pub chunk: u64,
    /// How many values that chunk already holds; a part that another follows has none.
    pub filled: usize,
    /// The chunk with which the right part begins.
    pub next: u64,
}

impl std::fmt::Display for Misplaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "a part that begins with chunk {} cannot follow one that ends at chunk {} + {} values",
            self.next, self.chunk, self.filled
        )
    }
}

impl std::error::Error for Misplaced {}

//! Deterministic sums, elementary functions and random streams.
//!
//! Every number that can reach a report has the same bits on every processor, for any number of threads and however
//! the input was cut into batches. Three things make it so:
//!
//! * sums go through one fixed tree of additions ([`sum`], [`sum_by`], [`dot`], [`Sum`]), or carry what rounding took ([`Compensated`]);
//! * elementary functions come from the `libm` crate or from plain arithmetic written here, never from the C library
//!   of the machine, and never with a fused multiply-add;
//! * random numbers come from ChaCha8 streams addressed by seed and stream number ([`rng::Stream`]).

mod chacha;
mod compensated;
mod elementary;
mod gap;
pub mod lanes;
mod normal;
pub mod rng;
mod sum;
mod tails;

pub use compensated::Compensated;
pub use elementary::{
    acos, asin, atan, atan2, cbrt, cos, cosh, erf, erfc, exp, exp_m1, exp2, hypot, ln, ln_1p, ln_gamma, log2,
    log10, pow, sin, sinh, sqrt, tan, tanh,
};
pub use gap::{exp_gap, ln_gap, xlnx_gap};
pub use normal::{normal_cdf, normal_quantile};
pub use sum::{CHUNK, Misplaced, Sum, chunk_sum, dot, sum, sum_by, sums_by, tree, trees};
pub use tails::{chi_square_upper, f_tails, hypergeometric_upper, student_t_critical, student_t_two_sided};

//! Regional econometrics on slices and row-major matrices: exact, documented, fast.
//!
//! Every function states its formula, its units, how it treats weights, zeros and negatives, its errors and its
//! source. Results are plain structs with public fields; nothing here knows a file, a clock, a terminal or a data
//! frame, and no result depends on the number of threads or on the processor.
//!
//! | question | module |
//! |---|---|
//! | How unequal are regions, and where does it come from? | [`disparity`] |
//! | How sure is a number? | [`inference`] |
//! | Who grew, and why? | [`shift_share`] |
//! | What is a region specialised in, and what lies near? | [`structure`] |
//! | Do regions become more alike? | [`convergence`] |
//! | Which regions resemble each other? | [`profiles`] |
//! | What does growth depend on? | [`regression`] |
//! | How do regions lie in space? | [`space`] |
//! | What do policies set out to do, and by which means? | [`policy`] |

mod check;
mod cholesky;
pub mod convergence;
pub mod disparity;
mod error;
pub mod inference;
mod matrix;
mod parallel;
pub mod policy;
pub mod profiles;
pub mod regression;
pub mod shift_share;
mod sort;
pub mod space;
pub mod structure;

pub use error::Error;
pub use matrix::Matrix;

//! The one error of the numerics: what is wrong, and at which element.

/// Why a statistic cannot be computed. Indices are 0-based positions in the argument named.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to compute from.
    #[error("`{argument}` is empty")]
    Empty {
        /// Name of the argument.
        argument: &'static str,
    },
    /// Fewer elements than the statistic needs.
    #[error("`{argument}` has {found} elements, at least {needed} are needed")]
    TooFew {
        /// Name of the argument.
        argument: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Two arguments that go together differ in length or shape.
    #[error("`{argument}` has {found} elements where {expected} are expected")]
    Length {
        /// Name of the argument.
        argument: &'static str,
        /// Its length.
        found: usize,
        /// The length that the other arguments imply.
        expected: usize,
    },
    /// A value is NaN or infinite.
    #[error("`{argument}[{index}]` is not a finite number")]
    NotFinite {
        /// Name of the argument.
        argument: &'static str,
        /// Position of the first such value.
        index: usize,
    },
    /// A value is negative where the statistic has no meaning for it.
    #[error("`{argument}[{index}]` = {value} is negative")]
    Negative {
        /// Name of the argument.
        argument: &'static str,
        /// Position of the first such value.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A value is zero where the statistic has no limit there.
    #[error("`{argument}[{index}]` is zero, where this statistic is not defined")]
    Zero {
        /// Name of the argument.
        argument: &'static str,
        /// Position of the first such value.
        index: usize,
    },
    /// A label is outside the range that the other arguments imply.
    #[error("`{argument}[{index}]` = {found} is not below {limit}")]
    Label {
        /// Name of the argument.
        argument: &'static str,
        /// Position of the first such label.
        index: usize,
        /// The label.
        found: usize,
        /// All labels are below this.
        limit: usize,
    },
    /// An option is outside its domain.
    #[error("`{option}` = {value} is outside its domain: {domain}")]
    Domain {
        /// Name of the option.
        option: &'static str,
        /// The value given.
        value: f64,
        /// The domain in words.
        domain: &'static str,
    },
    /// The index is undefined for these values (for example: their sum is zero).
    #[error("undefined: {reason}")]
    Undefined {
        /// Why, in words.
        reason: &'static str,
    },
    /// An intermediate result exceeds the range of a double.
    #[error("the values are too large or too small: {what} leaves the range of a double")]
    Range {
        /// Which intermediate result.
        what: &'static str,
    },
    /// A matrix has no inverse to working precision.
    #[error("`{argument}` is singular to working precision")]
    Singular {
        /// Name of the argument.
        argument: &'static str,
    },
    /// An iteration did not reach its tolerance.
    #[error("{algorithm} did not converge in {iterations} iterations")]
    NotConverged {
        /// Name of the algorithm.
        algorithm: &'static str,
        /// How many were made.
        iterations: usize,
    },
}

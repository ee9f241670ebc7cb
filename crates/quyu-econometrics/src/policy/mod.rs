//! Policy as data: sets of priorities, their fit to what is strong, mixes of instruments, agreement of coders.

mod agreement;
mod fit;
mod mix;
mod sets;

pub use agreement::{Disagreement, KappaWeights, cohen_kappa, krippendorff_alpha};
pub use fit::{ChanceFit, chance_fit};
pub use mix::{Mix, chi_square_distance, mix};
pub use sets::{Combination, SetComparison, alone, combinations, compare_sets};

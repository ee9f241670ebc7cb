//! Structure: what regions are specialised in, where industries sit, and what lies near to what a region can
//! do.
//!
//! Tables are regions (rows) by industries (columns) in one unit: persons, money, patents. Incidence tables
//! hold 1 where a region has an industry (or is specialised in it) and 0 elsewhere: [`specialised`] makes one.
//!
//! | question | function |
//! |---|---|
//! | in what is a region specialised? | [`location_quotients`], [`quotients_against`], [`standardised_quotients`], [`shrunken_quotients`], [`specialised`] |
//! | how specialised is it as a whole? | [`krugman`], [`regional_profiles`], [`locational_gini`] |
//! | how concentrated is an industry? | [`hoover_concentration`], [`locational_gini`], [`raw_concentration`], [`ellison_glaeser`], [`coagglomeration`], [`litzenberger_sternberg`] |
//! | how alike are two structures? | [`overlap`], [`quotient_overlap`] |
//! | which industries go together, and what is near a region? | [`cooccurrence`], [`relatedness`], [`density`] |
//! | how complex is what a region does? | [`complexity`], [`fitness`], [`reflections`], [`opportunities`] |

mod against;
mod agglomeration;
mod complexity;
mod concentration;
mod fitness;
mod krugman;
mod overlap;
mod profile;
mod quotient;
mod relatedness;
mod table;
mod tridiagonal;

pub use against::{QuotientOverlap, quotient_overlap, quotients_against, specialised_against};
pub use agglomeration::{EllisonGlaeser, coagglomeration, ellison_glaeser, litzenberger_sternberg};
pub use complexity::{
    Complexity, ComplexityScaling, Opportunities, Reflection, complexity, opportunities, reflections,
};
pub use concentration::{
    GiniSide, GiniWeights, RawConcentration, hoover_concentration, locational_gini, raw_concentration,
};
pub use fitness::{Fitness, FitnessOptions, fitness};
pub use krugman::{Benchmark, KrugmanOptions, Range, krugman};
pub use overlap::{Overlap, overlap};
pub use profile::{RegionalProfile, regional_profiles};
pub use quotient::{
    QuotientForm, location_quotients, shrunken_quotients, specialised, standardised_quotients,
};
pub use relatedness::{Relatedness, cooccurrence, cooccurrence_z, density, relatedness};

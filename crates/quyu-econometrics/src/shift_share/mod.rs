//! Shift-share analysis: growth split into nation, industry mix and region; structural change.
//!
//! All tables are regions (rows) by sectors (columns) in one unit: persons, money, hours. A component is in
//! that unit too: it says how much of the change a region owes to the growth of the reference, to the sectors
//! it holds, and to itself. Rates are growth rates, weights are those of the base year, and the parts always
//! add up to the change.
//!
//! | question | function |
//! |---|---|
//! | nation, mix, region | [`classic`], over a series of years [`dynamic`] |
//! | is the region good at what it specialises in? | [`esteban_marquillas`], [`arcelus`] |
//! | as factors instead of parts | [`gerfin`], [`gerfin_dynamic`] |
//! | what do the neighbours have to do with it? | [`spatial`] |
//! | jobs through output or through productivity | [`rigby_anderson`] |
//! | productivity within sectors or by moving between them | [`productivity`] |
//! | how fast does the structure change? | [`lilien`], [`norm_of_absolute_values`], [`moore`] |
//! | what did a group of sectors add to growth? | [`group_contributions`] |

mod arcelus;
mod classic;
mod dynamic;
mod esteban;
mod gerfin;
mod groups;
mod productivity;
mod reference;
mod result;
mod rigby_anderson;
mod spatial;
mod structural_change;

pub use arcelus::{ArcelusForm, arcelus};
pub use classic::classic;
pub use dynamic::{Dynamic, Variant, YearlyReference, dynamic, shift_share};
pub use esteban::esteban_marquillas;
pub use gerfin::{Gerfin, GerfinSeries, gerfin, gerfin_dynamic};
pub use groups::{GroupContribution, group_contributions};
pub use productivity::{Productivity, Reallocation, productivity};
pub use reference::Reference;
pub use result::{Component, ShiftShare, Table};
pub use rigby_anderson::rigby_anderson;
pub use spatial::{NeighbourGrowth, SpatialForm, SpatialOptions, spatial};
pub use structural_change::{LilienWeights, Moore, lilien, moore, norm_of_absolute_values};

//! The errors of the data model. Fields carry data; messages say what to do.

use crate::names::{ClassCode, IndicatorId, RegionCode, Vintage, Year};
use crate::suggest::{Near, quoted};

/// What can be wrong with names, sets, vintages and observations.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoreError {
    /// A code or id is not well formed.
    #[error("`{text}` is not a well-formed {what}")]
    Malformed {
        /// Kind of name.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// No two regions are known to touch.
    #[error(
        "no borders between regions are known, so no region has neighbours; a data package names them in `contiguity.csv`, for a \
         table of one's own a file of pairs does"
    )]
    NoBorders,
    /// No table on policy.
    #[error(
        "no {what} are known; a data package holds them in {tables}, such as `cn-policy`: add it to `packages`, a table of one's \
         own has none"
    )]
    NoPolicy {
        /// What is missing.
        what: &'static str,
        /// The tables that would hold it.
        tables: &'static str,
    },
    /// Clauses that one coder alone has coded.
    #[error(
        "one coder alone has coded {}: to say how far coders agree, add the codes of another one as `codings.csv` \
         (document, clause, coder, primary, concreteness) beside `clauses.csv`",
        quoted(documents, "and")
    )]
    OneCoder {
        /// The documents.
        documents: Vec<String>,
    },
    /// No claims are known.
    #[error(
        "there are no claims to check; a data package states them in `claims.csv` and `trials.csv`, a table of one's own has none"
    )]
    NoClaims,
    /// A name that nothing known bears.
    #[error("unknown {what} `{name}`{near}")]
    Unknown {
        /// Kind of name.
        what: &'static str,
        /// The name.
        name: String,
        /// Known names that resemble it.
        near: Near,
    },
    /// A name that more than one region bears.
    #[error("`{name}` names more than one region: {}; use the code", quoted(&codes.iter().map(ToString::to_string).collect::<Vec<_>>(), "and"))]
    AmbiguousName {
        /// The name.
        name: String,
        /// The regions that bear it.
        codes: Vec<RegionCode>,
    },
    /// The same thing is defined in two ways, by two packages or by one.
    #[error("{what} `{name}` is defined twice, and not in the same way")]
    Conflict {
        /// Kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A set without members.
    #[error("the set `{set}` has no members")]
    EmptySet {
        /// The set.
        set: String,
    },
    /// A set that counts a region twice.
    #[error(
        "the set `{set}` holds both {ancestor} ({ancestor_name}) and {member} ({member_name}), which lies in it: keep one of them"
    )]
    Nested {
        /// The set.
        set: String,
        /// The region that lies in the other.
        member: RegionCode,
        /// Its name.
        member_name: String,
        /// The region around it.
        ancestor: RegionCode,
        /// Its name.
        ancestor_name: String,
    },
    /// A member that stands twice in a set.
    #[error("the set `{set}` holds {member} twice")]
    Repeated {
        /// The set.
        set: String,
        /// The member.
        member: RegionCode,
    },
    /// A partition that does not cover a set exactly once.
    #[error("the partition `{partition}` does not cover the set `{set}`: no group for {}", quoted(&missing.iter().map(ToString::to_string).collect::<Vec<_>>(), "and"))]
    NotCovered {
        /// The partition.
        partition: String,
        /// The set.
        set: String,
        /// Members without a group.
        missing: Vec<RegionCode>,
    },
    /// Two observations under one key.
    #[error("two observations of {indicator}[{vintage}]{} for {region} in {year}", class.as_ref().map(|c| format!(", class {c},")).unwrap_or_default())]
    DuplicateKey {
        /// Region.
        region: RegionCode,
        /// Year.
        year: Year,
        /// Indicator.
        indicator: IndicatorId,
        /// Class.
        class: Option<ClassCode>,
        /// Vintage.
        vintage: Vintage,
    },
    /// A value that is NaN or infinite.
    #[error("the value of {indicator} for {region} in {year} is not finite")]
    NotFinite {
        /// Region.
        region: RegionCode,
        /// Year.
        year: Year,
        /// Indicator.
        indicator: IndicatorId,
    },
    /// The data frame behind a panel has not the columns it should have.
    #[error("the observations cannot be read as a panel: {reason}")]
    Frame {
        /// What is wrong.
        reason: String,
    },
    /// Several vintages and no choice.
    #[error("{indicator} exists in several vintages ({}); say which under `vintages`", available.iter().map(Vintage::as_str).collect::<Vec<_>>().join(", "))]
    AmbiguousVintage {
        /// Indicator.
        indicator: IndicatorId,
        /// The vintages at hand.
        available: Vec<Vintage>,
    },
    /// A vintage that the indicator does not have.
    #[error("{indicator} has no vintage {chosen}; it has {}", if available.is_empty() { "no data in the packages of this case".to_owned() } else { available.iter().map(Vintage::as_str).collect::<Vec<_>>().join(", ") })]
    NoSuchVintage {
        /// Indicator.
        indicator: IndicatorId,
        /// The choice.
        chosen: String,
        /// The vintages at hand.
        available: Vec<Vintage>,
    },
    /// More than one vintage of a series covers a cell.
    #[error("{indicator} for {region} in {year} exists in {}, which the choice `{chosen}` does not tell apart", vintages.iter().map(Vintage::as_str).collect::<Vec<_>>().join(" and "))]
    SeriesOverlap {
        /// Indicator.
        indicator: IndicatorId,
        /// Region.
        region: RegionCode,
        /// Year.
        year: Year,
        /// The choice.
        chosen: String,
        /// The vintages that both hold the cell.
        vintages: Vec<Vintage>,
    },
    /// Two vintages that may not meet in a ratio.
    #[error("{numerator}[{numerator_vintage}] over {denominator}[{denominator_vintage}] in {year} mixes vintages that do not belong together; {numerator}[{numerator_vintage}] may be divided by {}", if allowed.is_empty() { format!("no vintage of {denominator} in that year") } else { allowed.join(", ") })]
    VintagePair {
        /// Numerator.
        numerator: IndicatorId,
        /// Its vintage.
        numerator_vintage: Vintage,
        /// Denominator.
        denominator: IndicatorId,
        /// Its vintage.
        denominator_vintage: Vintage,
        /// Year.
        year: Year,
        /// What the numerator may be divided by in that year.
        allowed: Vec<String>,
    },
    /// Growth between vintages of different series.
    #[error(
        "growth of {indicator} from {from} [{from_vintage}] to {to} [{to_vintage}] would leave one series of vintages: what looks like growth may be a revision"
    )]
    BrokenSeries {
        /// Indicator.
        indicator: IndicatorId,
        /// First year.
        from: Year,
        /// Its vintage.
        from_vintage: Vintage,
        /// Last year.
        to: Year,
        /// Its vintage.
        to_vintage: Vintage,
    },
    /// Something needed is not observed.
    #[error("{indicator} is missing for {}{}; choose other regions or years, or write `missing = \"drop\"`", cells.iter().take(4).map(|(r, y)| format!("{r} in {y}")).collect::<Vec<_>>().join(", "), if cells.len() > 4 { format!(" and {} more", cells.len() - 4) } else { String::new() })]
    Missing {
        /// Indicator.
        indicator: String,
        /// Regions and years without a value.
        cells: Vec<(RegionCode, Year)>,
    },
    /// Dropping what is incomplete leaves nothing.
    #[error("{indicator} is complete for none of the regions of `{set}`: nothing is left after dropping")]
    NothingLeft {
        /// Indicator.
        indicator: String,
        /// The set.
        set: String,
    },
    /// The denominator of a ratio is zero.
    #[error("{denominator} is zero for {region} in {year}, so {indicator} has no value")]
    ZeroDenominator {
        /// Ratio.
        indicator: IndicatorId,
        /// Denominator.
        denominator: IndicatorId,
        /// Region.
        region: RegionCode,
        /// Year.
        year: Year,
    },
    /// An indicator that must not be aggregated over regions.
    #[error("{indicator} is a chained index and has no value for a set of regions")]
    NotAggregable {
        /// Indicator.
        indicator: IndicatorId,
    },
    /// A ratio of which no part is observed.
    #[error(
        "{indicator} cannot be aggregated over `{set}` in {year}: neither {numerator} nor {denominator} is observed in the vintage of the ratio"
    )]
    NoParts {
        /// Ratio.
        indicator: IndicatorId,
        /// Its numerator.
        numerator: IndicatorId,
        /// Its denominator.
        denominator: IndicatorId,
        /// The set.
        set: String,
        /// Year.
        year: Year,
    },
    /// An indicator that is split by class was asked for without one, or the other way round.
    #[error("{indicator} {}", if *classed { "is split by class: write `indicator.class`, for example `va.industry`" } else { "is not split by class" })]
    ClassMismatch {
        /// Indicator.
        indicator: IndicatorId,
        /// Whether the indicator has classes.
        classed: bool,
    },
}

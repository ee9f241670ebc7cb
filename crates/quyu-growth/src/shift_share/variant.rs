//! The variants of shift-share by name, and how their parts are put together for a reader.

use quyu_econometrics::shift_share::{
    Component, NeighbourGrowth, Reallocation, SpatialForm, SpatialOptions, Variant,
};

/// What the variants are called.
pub(super) const NAMES: &[&str] = &[
    "classic",
    "esteban-marquillas",
    "arcelus",
    "arcelus-short",
    "gerfin",
    "rigby-anderson",
    "nazara-hewings",
    "nazara-hewings-industry",
    "nazara-hewings-total",
    "mayor-lopez",
    "mayor-lopez-industry",
    "mayor-lopez-total",
    "dynamic",
    "dynamic-esteban-marquillas",
    "dynamic-arcelus",
    "dynamic-arcelus-short",
    "dynamic-gerfin",
    "productivity",
    "productivity-relative",
];

/// A variant, by the family of its arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Parts of the change between two years.
    Static(Variant),
    /// Sums of the parts of every year.
    Dynamic(Variant),
    /// With the growth of neighbours as a step.
    Spatial(SpatialOptions),
    /// Jobs through output and through productivity.
    RigbyAnderson,
    /// Factors; the flag: year by year.
    Gerfin(bool),
    /// Output per worker within and between sectors.
    Productivity(Reallocation),
}

impl Kind {
    /// The variant of this name; [`NAMES`] holds them all.
    pub(super) fn named(name: &str) -> Self {
        use Variant::{Arcelus, ArcelusShort, Classic, EstebanMarquillas};
        match name {
            "esteban-marquillas" => Kind::Static(EstebanMarquillas),
            "arcelus" => Kind::Static(Arcelus),
            "arcelus-short" => Kind::Static(ArcelusShort),
            "gerfin" => Kind::Gerfin(false),
            "rigby-anderson" => Kind::RigbyAnderson,
            "nazara-hewings" => spatial(SpatialForm::NeighbourIndustry, NeighbourGrowth::OfSum),
            "nazara-hewings-industry" => spatial(SpatialForm::IndustryThenNeighbour, NeighbourGrowth::OfSum),
            "nazara-hewings-total" => spatial(SpatialForm::NeighbourTotal, NeighbourGrowth::OfSum),
            "mayor-lopez" => spatial(SpatialForm::NeighbourIndustry, NeighbourGrowth::MeanOfRates),
            "mayor-lopez-industry" => {
                spatial(SpatialForm::IndustryThenNeighbour, NeighbourGrowth::MeanOfRates)
            }
            "mayor-lopez-total" => spatial(SpatialForm::NeighbourTotal, NeighbourGrowth::MeanOfRates),
            "dynamic" => Kind::Dynamic(Classic),
            "dynamic-esteban-marquillas" => Kind::Dynamic(EstebanMarquillas),
            "dynamic-arcelus" => Kind::Dynamic(Arcelus),
            "dynamic-arcelus-short" => Kind::Dynamic(ArcelusShort),
            "dynamic-gerfin" => Kind::Gerfin(true),
            "productivity" => Kind::Productivity(Reallocation::Levels),
            "productivity-relative" => Kind::Productivity(Reallocation::RelativeToTotal),
            _ => Kind::Static(Classic),
        }
    }

    /// Whether it goes year by year.
    pub(super) fn is_dynamic(self) -> bool {
        matches!(self, Kind::Dynamic(_) | Kind::Gerfin(true))
    }

    /// Whether it needs persons employed beside the value.
    pub(super) fn needs_employment(self) -> bool {
        matches!(self, Kind::RigbyAnderson | Kind::Productivity(_))
    }

    /// Whether it compares with something outside the region.
    pub(super) fn has_reference(self) -> bool {
        !matches!(self, Kind::Productivity(_))
    }

    /// How its parts are shown.
    pub(super) fn layout(self) -> &'static Layout {
        match self {
            Kind::Static(variant) | Kind::Dynamic(variant) => match variant {
                Variant::EstebanMarquillas => &ESTEBAN,
                Variant::Arcelus => &ARCELUS,
                Variant::ArcelusShort => &ARCELUS_SHORT,
                _ => &CLASSIC,
            },
            Kind::Spatial(options) => match options.form {
                SpatialForm::NeighbourIndustry => &NEIGHBOUR,
                SpatialForm::IndustryThenNeighbour => &INDUSTRY_THEN_NEIGHBOUR,
                SpatialForm::NeighbourTotal => &NEIGHBOUR_TOTAL,
            },
            Kind::RigbyAnderson => &RIGBY_ANDERSON,
            // These two have tables of their own.
            Kind::Gerfin(_) | Kind::Productivity(_) => &CLASSIC,
        }
    }
}

fn spatial(form: SpatialForm, growth: NeighbourGrowth) -> Kind {
    Kind::Spatial(SpatialOptions { form, growth })
}

/// One or several components that a reader sees as one.
pub(super) struct Group {
    /// In the head of a table.
    pub(super) head: &'static str,
    /// In a figure.
    pub(super) label: &'static str,
    /// What is added.
    pub(super) components: &'static [Component],
}

impl Group {
    /// The name of its component, or what its two components have in common.
    pub(super) fn id(&self) -> &'static str {
        let name = self.components.first().map_or("", |c| c.name());
        name.strip_suffix("-expected").unwrap_or(name)
    }
}

/// How the parts of a variant are shown. At most four groups: a view has seven columns.
pub(super) struct Layout {
    /// The groups; together they are the change.
    pub(super) groups: &'static [Group],
    /// Whether the first group is growth at the rate of the whole reference.
    pub(super) national: bool,
    /// Where the change of a cell stands that has no growth rate.
    pub(super) zero: &'static str,
}

impl Layout {
    /// The groups in which regions differ: all but the national share.
    pub(super) fn beyond(&self) -> &'static [Group] {
        &self.groups[usize::from(self.national)..]
    }
}

const fn group(head: &'static str, label: &'static str, components: &'static [Component]) -> Group {
    Group {
        head,
        label,
        components,
    }
}

const NATIONAL: Group = group("National share", "national share", &[Component::National]);
const MIX: Group = group("Industry mix", "industry mix", &[Component::IndustryMix]);
const LOCAL: Group = group("Local part", "local part", &[Component::Local]);
const BOTH_NATIONAL: Group = group(
    "National share",
    "national share",
    &[Component::NationalExpected, Component::NationalDifferential],
);
const BOTH_REGIONAL: Group = group(
    "Regional growth",
    "regional growth",
    &[Component::RegionalExpected, Component::RegionalDifferential],
);
const INTERACTION: Group = group(
    "Interaction",
    "interaction",
    &[Component::InteractionExpected, Component::InteractionDifferential],
);

const CLASSIC: Layout = Layout {
    groups: &[
        NATIONAL,
        MIX,
        group("Regional shift", "regional shift", &[Component::Regional]),
    ],
    national: true,
    zero: "the regional shift",
};

const ESTEBAN: Layout = Layout {
    groups: &[
        NATIONAL,
        MIX,
        group("Competitive", "competitive effect", &[Component::Competitive]),
        group("Allocation", "allocation effect", &[Component::Allocation]),
    ],
    national: true,
    zero: "the competitive effect",
};

const ARCELUS: Layout = Layout {
    groups: &[
        BOTH_NATIONAL,
        group(
            "Industry mix",
            "industry mix",
            &[Component::IndustryMixExpected, Component::IndustryMixDifferential],
        ),
        BOTH_REGIONAL,
        INTERACTION,
    ],
    national: true,
    zero: "the interaction on the expected size",
};

const ARCELUS_SHORT: Layout = Layout {
    groups: &[BOTH_NATIONAL, BOTH_REGIONAL, INTERACTION],
    national: true,
    zero: "the interaction on the expected size",
};

const NEIGHBOUR: Layout = Layout {
    groups: &[
        NATIONAL,
        group("Neighbours", "neighbours", &[Component::Neighbour]),
        LOCAL,
    ],
    national: true,
    zero: "the local part",
};

const INDUSTRY_THEN_NEIGHBOUR: Layout = Layout {
    groups: &[
        NATIONAL,
        MIX,
        group("Neighbours", "neighbours", &[Component::Neighbour]),
        LOCAL,
    ],
    national: true,
    zero: "the local part",
};

const NEIGHBOUR_TOTAL: Layout = Layout {
    groups: &[
        NATIONAL,
        group(
            "Neighbours, all",
            "neighbours, all sectors",
            &[Component::Regional],
        ),
        group(
            "Neighbours, sector",
            "neighbours, same sector",
            &[Component::Neighbour],
        ),
        LOCAL,
    ],
    national: true,
    zero: "the local part",
};

const RIGBY_ANDERSON: Layout = Layout {
    groups: &[
        group(
            "Output, expected",
            "output at the sectors' rates",
            &[Component::OutputNational, Component::OutputIndustryMix],
        ),
        group(
            "Output, regional",
            "output beyond them",
            &[Component::OutputRegional],
        ),
        group(
            "Productivity, expected",
            "productivity at the sectors' rates",
            &[
                Component::ProductivityNational,
                Component::ProductivityIndustryMix,
            ],
        ),
        group(
            "Productivity, regional",
            "productivity beyond them",
            &[Component::ProductivityRegional],
        ),
    ],
    national: false,
    zero: "the regional part of output",
};

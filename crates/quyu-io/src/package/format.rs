//! The table formats of the project: one for each kind of table, so that a package is described by the
//! names of its files.

use super::descriptor::{Constraints, Field, FieldType, ForeignKey, Reference, Resource, Schema};

/// A column of a format.
struct Column {
    name: &'static str,
    kind: FieldType,
    required: bool,
    range: Option<(i64, i64)>,
    choices: &'static [&'static str],
    description: &'static str,
}

/// A kind of table.
pub struct Format {
    title: &'static str,
    columns: &'static [Column],
    key: &'static [&'static str],
    /// Columns here, resource and columns there.
    foreign: &'static [(&'static [&'static str], &'static str, &'static [&'static str])],
}

impl Format {
    /// The names of the columns in their order.
    pub fn header(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|column| column.name)
    }

    /// The columns that identify a row.
    pub fn key(&self) -> &'static [&'static str] {
        self.key
    }
}

const fn text(name: &'static str, description: &'static str) -> Column {
    Column {
        name,
        kind: FieldType::String,
        required: false,
        range: None,
        choices: &[],
        description,
    }
}

const fn id(name: &'static str, description: &'static str) -> Column {
    Column {
        required: true,
        ..text(name, description)
    }
}

const fn choice(
    name: &'static str,
    choices: &'static [&'static str],
    required: bool,
    description: &'static str,
) -> Column {
    Column {
        choices,
        required,
        ..text(name, description)
    }
}

const fn number(name: &'static str, required: bool, description: &'static str) -> Column {
    Column {
        kind: FieldType::Number,
        required,
        ..text(name, description)
    }
}

const fn integer(name: &'static str, least: i64, most: i64, description: &'static str) -> Column {
    Column {
        kind: FieldType::Integer,
        range: Some((least, most)),
        required: true,
        ..text(name, description)
    }
}

const fn year(name: &'static str) -> Column {
    integer(name, 1900, 2100, "Year")
}

const fn flag(name: &'static str, description: &'static str) -> Column {
    Column {
        kind: FieldType::Boolean,
        required: true,
        ..text(name, description)
    }
}

const INDICATORS: Format = Format {
    title: "Indicators, with unit, nature and both parts of every ratio",
    columns: &[
        id("indicator", "Id"),
        id("label_en", "Label"),
        id("label_zh", "Chinese label"),
        id("unit", "Unit of the values"),
        choice(
            "nature",
            &["extensive-stock", "extensive-flow", "intensive", "index"],
            true,
            "Whether values add up over regions (extensive), are a ratio of sums (intensive) or neither (index)",
        ),
        text("numerator", "Of a ratio: indicator, or indicator.class"),
        text("denominator", "Of a ratio: indicator, or indicator.class"),
        number(
            "scale",
            false,
            "value = numerator / denominator * scale, in the unit of the indicator",
        ),
        choice(
            "denominator_basis",
            &["mean"],
            false,
            "mean: of the year-ends of this and the previous year",
        ),
        text(
            "implied_from",
            "numerator/ratio: this part is implied where it is not observed",
        ),
        choice(
            "direction",
            &["higher", "lower", "neutral"],
            true,
            "What counts as better",
        ),
        choice("price_basis", &["current", "constant", "none"], true, "Prices"),
        text("scheme", "Class scheme of a classed indicator"),
        choice("trust", &["ok", "low"], true, "low: say so where it is used"),
        text("definition", "Definition, breaks and limits"),
    ],
    key: &["indicator"],
    foreign: &[
        (&["unit"], "units", &["unit"]),
        (&["scheme"], "schemes", &["scheme"]),
    ],
};

const UNITS: Format = Format {
    title: "Units",
    columns: &[
        id("unit", "Id"),
        id("label_en", "Label"),
        id("label_zh", "Chinese label"),
    ],
    key: &["unit"],
    foreign: &[],
};

const SCHEMES: Format = Format {
    title: "Classification schemes",
    columns: &[
        id("scheme", "Id"),
        id("label_en", "Label"),
        text("note", "Remark"),
    ],
    key: &["scheme"],
    foreign: &[],
};

const CLASSES: Format = Format {
    title: "Classes of the schemes by which indicators are split",
    columns: &[
        id("scheme", "Scheme"),
        id("class", "Class"),
        id("label_en", "Label"),
        id("label_zh", "Chinese label"),
        integer("position", 1, 1000, "Place in the order of the scheme"),
    ],
    key: &["scheme", "class"],
    foreign: &[(&["scheme"], "schemes", &["scheme"])],
};

const VINTAGES: Format = Format {
    title: "Vintages: which official statement of a figure",
    columns: &[id("vintage", "Id"), id("meaning", "Meaning")],
    key: &["vintage"],
    foreign: &[],
};

const VINTAGE_PAIRS: Format = Format {
    title: "Which vintages may meet in a ratio; same over same needs no row",
    columns: &[
        id(
            "numerator",
            "Indicators, separated by semicolons; * stands for any text",
        ),
        id(
            "numerator_vintage",
            "Vintages, separated by semicolons; * for any",
        ),
        id(
            "denominator",
            "Indicators, separated by semicolons; * stands for any text",
        ),
        id(
            "denominator_vintage",
            "Vintages, separated by semicolons; * for any",
        ),
        year("from"),
        year("to"),
        text("note", "Remark"),
    ],
    key: &[
        "numerator",
        "numerator_vintage",
        "denominator",
        "denominator_vintage",
        "from",
    ],
    foreign: &[],
};

const VINTAGE_SERIES: Format = Format {
    title: "Which vintages form one series for growth",
    columns: &[
        id("series", "Id"),
        id("vintages", "Vintages, separated by semicolons"),
        Column {
            required: false,
            ..integer(
                "break_after",
                1900,
                2100,
                "Growth must not run from this year or before to a later one",
            )
        },
        text("note", "Remark"),
    ],
    key: &["series"],
    foreign: &[],
};

const SOURCES: Format = Format {
    title: "Sources",
    columns: &[
        id("source", "Id"),
        id("title", "Title"),
        id("publisher", "Publisher"),
        text("published", "When"),
        text("where_read", "Where the figures were read"),
        text("licence", "Licence or terms"),
        text("notes", "Remarks"),
    ],
    key: &["source"],
    foreign: &[],
};

const CROSSWALK_SECTIONS: Format = Format {
    title: "Which sections of one classification stand for which of another, one row a pair",
    columns: &[
        id("scheme_from", "Scheme"),
        id("class_from", "Class"),
        id("scheme_to", "Other scheme"),
        id("class_to", "Class of the other scheme"),
        text("note", "Remark"),
    ],
    key: &["scheme_from", "class_from", "scheme_to", "class_to"],
    foreign: &[
        (&["scheme_from", "class_from"], "classes", &["scheme", "class"]),
        (&["scheme_to", "class_to"], "classes", &["scheme", "class"]),
    ],
};

const CROSSWALK_DIVISIONS: Format = Format {
    title: "Which class of the sector figures a division of a finer classification belongs to, one row a pair",
    columns: &[
        id("scheme_from", "Scheme of the divisions"),
        id("class_from", "Division"),
        id("scheme_to", "Scheme of the classes"),
        id("class_to", "Class that holds the division"),
    ],
    key: &["scheme_from", "class_from", "scheme_to"],
    foreign: &[
        (&["scheme_from"], "schemes", &["scheme"]),
        (&["scheme_to", "class_to"], "classes", &["scheme", "class"]),
    ],
};

/// The levels of regions in use.
const LEVELS: &[&str] = &[
    "nation",
    "province",
    "municipality",
    "autonomous-region",
    "special-administrative-region",
    "prefecture",
    "prefecture-historical",
    "country",
    "nuts1",
    "nuts2",
    "extra-regio",
    "aggregate",
    "toy",
];

const SCHEME: Column = id("scheme", "Scheme of the code");
const NAME_EN: Column = id("name_en", "English name");
const NAME_ZH: Column = text("name_zh", "Chinese name");
const SHORT_EN: Column = id("short_en", "Short English name");
const SHORT_ZH: Column = text("short_zh", "Short Chinese name");
const LEVEL: Column = choice("level", LEVELS, true, "Level");
const PARENT: Column = text("parent", "The region that contains it");
const NOTE: Column = text("note", "Remark");
const REGION: Column = id("region", "Code of the region");
const PARENT_KEY: (&[&str], &str, &[&str]) = (&["parent"], "", &["region"]);

const REGIONS: Format = Format {
    title: "Regions",
    columns: &[
        REGION, SCHEME, NAME_EN, NAME_ZH, SHORT_EN, SHORT_ZH, LEVEL, PARENT, NOTE,
    ],
    key: &["region"],
    foreign: &[PARENT_KEY],
};

const REGIONS_PROVINCES: Format = Format {
    columns: &[
        REGION,
        SCHEME,
        NAME_EN,
        NAME_ZH,
        SHORT_EN,
        SHORT_ZH,
        LEVEL,
        PARENT,
        NOTE,
        text("abbr_zh", "Chinese abbreviation of one character"),
        text("iso_3166_2", "Code of ISO 3166-2"),
        text("capital_en", "Capital"),
    ],
    ..REGIONS
};

const REGIONS_EUROPE: Format = Format {
    columns: &[
        REGION,
        SCHEME,
        NAME_EN,
        NAME_ZH,
        SHORT_EN,
        SHORT_ZH,
        LEVEL,
        PARENT,
        NOTE,
        text("name_local", "Name in the language of the region"),
    ],
    ..REGIONS
};

const SETS: Format = Format {
    title: "Named sets of regions, one row a member",
    columns: &[id("set", "Id"), NAME_EN, NAME_ZH, REGION],
    key: &["set", "region"],
    foreign: &[(&["region"], "regions", &["region"])],
};

const PARTITIONS: Format = Format {
    title: "Partitions of sets into groups, one row a member",
    columns: &[
        id("partition", "Id"),
        id("label_en", "Label"),
        id("set", "The set that is partitioned"),
        id("group", "Id of the group"),
        id("group_en", "Label of the group"),
        REGION,
        text("group_zh", "Chinese label of the group"),
    ],
    key: &["partition", "set", "region"],
    foreign: &[(&["set", "region"], "sets", &["set", "region"])],
};

const OBSERVATION_KEYS: &[(&[&str], &str, &[&str])] = &[
    (&["region"], "regions", &["region"]),
    (&["indicator"], "indicators", &["indicator"]),
    (&["vintage"], "vintages", &["vintage"]),
    (&["source"], "sources", &["source"]),
];

const OBSERVATIONS: Format = Format {
    title: "Observations",
    columns: &[
        REGION,
        year("year"),
        id("indicator", "Indicator"),
        text("class", "Class of an indicator that is split"),
        id("vintage", "Vintage"),
        number("value", true, "Value in the unit of the indicator"),
        id("source", "Source"),
        text(
            "note",
            "Remark; begins with 'distrusted: ' or 'low trust: ' where the value is to be flagged",
        ),
    ],
    key: &["region", "year", "indicator", "class", "vintage"],
    foreign: OBSERVATION_KEYS,
};

const ALTERNATIVES: Format = Format {
    title: "Second values of figures that stand in the observations",
    key: &["region", "year", "indicator", "class", "vintage", "source"],
    ..OBSERVATIONS
};

const CONTIGUITY: Format = Format {
    title: "Neighbours, each pair once",
    columns: &[
        id("region_a", "Region"),
        id("region_b", "Its neighbour, the greater code"),
        choice("border", &["land", "strait"], true, "Kind of border"),
        flag("default", "Whether the pair counts unless a study says otherwise"),
        NOTE,
    ],
    key: &["region_a", "region_b"],
    foreign: &[
        (&["region_a"], "regions", &["region"]),
        (&["region_b"], "regions", &["region"]),
    ],
};

const TILEGRID: Format = Format {
    title: "Tile map: a square for each region",
    columns: &[
        REGION,
        id("label", "Text of the tile"),
        integer("row", 1, 100, "Row from the top"),
        integer("col", 1, 100, "Column from the left"),
        flag("in_panel", "Whether the region has data"),
    ],
    key: &["region"],
    foreign: &[(&["region"], "regions", &["region"])],
};

const RECODES: Format = Format {
    title: "Regions that only changed their code",
    columns: &[
        id("scheme_from", "Older scheme"),
        id("region_from", "Code in it"),
        id("scheme_to", "Newer scheme"),
        id("region_to", "Code in it"),
    ],
    key: &["scheme_from", "region_from", "scheme_to"],
    foreign: &[(&["region_to"], "regions", &["region"])],
};

const LISTS: Format = Format {
    title: "Priority lists of three levels of government",
    columns: &[
        id("list", "Id"),
        choice(
            "level",
            &["national", "province", "city", "composite"],
            true,
            "Level of government",
        ),
        id("region", "Code of the region, or package:set"),
        id("region_name", "Region in words"),
        year("year"),
        text("year_note", "Remark on the year"),
        id("source_document", "Document"),
        id("source_url", "Where it was read"),
    ],
    key: &["list"],
    foreign: &[],
};

const ITEMS: Format = Format {
    title: "Items of the priority lists",
    columns: &[
        id("list", "List"),
        integer("item", 1, 100, "Number in the list"),
        text("code", "Code, of national items"),
        NAME_EN,
        id("name_zh", "Chinese name"),
        text("category", "Category within the list, of local items"),
        id("verification", "How far the item was verified"),
        NOTE,
    ],
    key: &["list", "item"],
    foreign: &[(&["list"], "lists", &["list"])],
};

const INCIDENCE: Format = Format {
    title: "Which classes an item of a priority list touches, one row a pair; the analyst's judgement",
    columns: &[
        id("list", "List"),
        integer("item", 1, 100, "Number in the list"),
        id("scheme", "Scheme"),
        id("code", "Class of the scheme"),
    ],
    key: &["list", "item", "scheme", "code"],
    foreign: &[
        (&["list", "item"], "items", &["list", "item"]),
        (&["scheme"], "schemes", &["scheme"]),
    ],
};

const FIT: Format = Format {
    title: "How far an item of a priority list fits the national lists; the analyst's judgement",
    columns: &[
        id("list", "List"),
        integer("item", 1, 100, "Number in the list"),
        choice(
            "fit",
            &["full", "partial", "none", "self"],
            true,
            "self: the item of a national list",
        ),
        NOTE,
    ],
    key: &["list", "item"],
    foreign: &[(&["list", "item"], "items", &["list", "item"])],
};

const DIVISIONS: Format = Format {
    title: "Divisions of GB/T 4754-2017 and their main division of ISIC Rev. 4; the analyst's judgement",
    columns: &[
        id("gbt_division", "Division of GB/T 4754-2017"),
        id("gbt_name_zh", "Chinese name"),
        id("isic_division", "Main division of ISIC Rev. 4"),
        id("isic_name_en", "Its name"),
        id("match", "How well they match"),
        id("status", "What the pair rests on"),
    ],
    key: &["gbt_division"],
    foreign: &[],
};

const DOCUMENTS: Format = Format {
    title: "Register of policy documents",
    columns: &[
        id("document", "Id"),
        choice(
            "level",
            &["central", "province", "city"],
            true,
            "Level of government",
        ),
        id("region", "Code of the region"),
        id("region_name", "Region in words"),
        id("issued", "When it was issued, as far as it is known"),
        text("document_number", "Official number"),
        id("title_en", "Title in English"),
        id("title_zh", "Title in Chinese"),
        id("source", "Where it was read"),
        id("text_basis", "How much of the text was read"),
        choice(
            "clauses_coded",
            &["yes", "no"],
            true,
            "Whether its clauses are coded",
        ),
        NOTE,
    ],
    key: &["document"],
    foreign: &[],
};

const fn instrument(name: &'static str) -> Column {
    integer(name, 0, 1, "1: the primary or a secondary code")
}

const CLAUSES: Format = Format {
    title: "Clauses of policy documents, coded by instrument; a pilot by a single coder",
    columns: &[
        id("document", "Document"),
        id("clause", "Number of the clause"),
        id(
            "primary",
            "The instrument that carries the clause; NONE if it is organisational",
        ),
        text("secondary", "Further instruments, separated by semicolons"),
        instrument("EDU"),
        instrument("TDS"),
        instrument("FUN"),
        instrument("FIN"),
        instrument("TAX"),
        instrument("EXT"),
        instrument("PRO"),
        instrument("REG"),
        instrument("ADV"),
        integer(
            "concreteness",
            0,
            2,
            "0 advocacy or heading only; 1 named measure; 2 amount, rate or deadline",
        ),
        id("text_basis", "What was read"),
    ],
    key: &["document", "clause"],
    foreign: &[(&["document"], "documents", &["document"])],
};

const CODINGS: Format = Format {
    title: "What further coders said of the clauses",
    columns: &[
        id("document", "Document"),
        id("clause", "Number of the clause"),
        id("coder", "Who coded it, beside the coder of the clauses"),
        id(
            "primary",
            "The instrument that carries the clause; NONE if it is organisational",
        ),
        integer("concreteness", 0, 2, "As in the clauses"),
    ],
    key: &["document", "clause", "coder"],
    foreign: &[(&["document", "clause"], "clauses", &["document", "clause"])],
};

const INSTRUMENTS: Format = Format {
    title: "Codebook of the nine instruments",
    columns: &[
        id("instrument", "Code"),
        NAME_EN,
        id("include", "What is coded so"),
        text("exclude", "What is not, and where it goes"),
        choice(
            "group",
            &["supply", "environment", "demand"],
            true,
            "Group after Rothwell and Zegveld",
        ),
    ],
    key: &["instrument"],
    foreign: &[],
};

const CLUSTERS: Format = Format {
    title: "National advanced-manufacturing clusters in the cities of Jiangsu",
    columns: &[
        REGION,
        id("region_name", "City"),
        id("cluster_en", "Cluster"),
        id("cluster_zh", "Chinese name of the cluster"),
        id("round", "Round of the national selection"),
        year("year"),
        id("source_url", "Where it was read"),
    ],
    key: &["region", "cluster_en"],
    foreign: &[],
};

const CLAIMS: Format = Format {
    title: "Claims to be checked",
    columns: &[
        id("claim", "Id"),
        text("slide", "Slide"),
        id("subject", "What it is about"),
        id("statement", "What is said"),
        number("value", false, "The number said"),
        number("last_digit", false, "Unit of its last digit: 100 for 123,600"),
        text(
            "unit",
            "Its unit; aim, definition or advice for what says nothing about the state of things",
        ),
        Column {
            required: false,
            ..year("year")
        },
        id("definitions_to_try", "Under which definitions it can be checked"),
    ],
    key: &["claim"],
    foreign: &[],
};

const TRIALS: Format = Format {
    title: "Under which definitions each claim is tried",
    columns: &[
        id("claim", "Claim"),
        integer("trial", 1, 100, "Number of the trial"),
        choice(
            "said",
            &["as-said", "another", "beside"],
            true,
            "The definition that the words of the claim name, another one, or a figure that is shown beside and decides nothing",
        ),
        choice(
            "statistic",
            &[
                "value",
                "mean-of-ratios",
                "share",
                "relative",
                "below",
                "spread",
                "members",
                "items",
                "contained",
                "issued",
                "coded",
                "vague",
                "missing",
            ],
            true,
            "What is computed; the manual of the analysis `claims` has the list",
        ),
        text("term", "Indicator, or indicator.class"),
        text("of", "Regions, sets, lists or documents, joined by plus signs"),
        text("against", "What it is compared with"),
        Column {
            required: false,
            ..year("year")
        },
        text("vintages", "Choice of vintages: indicator=vintage, ..."),
        text(
            "criterion",
            "For claims without a number: a comparison that makes them true",
        ),
        text(
            "remark",
            "The definition in further words, or the figure that is missing",
        ),
    ],
    key: &["claim", "trial"],
    foreign: &[(&["claim"], "claims", &["claim"])],
};

/// The format of the table at `path` in the package of that name.
pub fn format_of(package: &str, path: &str) -> Option<&'static Format> {
    if path.starts_with("observations/") {
        return Some(&OBSERVATIONS);
    }
    Some(match path.strip_prefix("codebook/").unwrap_or(path) {
        "indicators.csv" => &INDICATORS,
        "units.csv" => &UNITS,
        "schemes.csv" => &SCHEMES,
        "classes.csv" => &CLASSES,
        "vintages.csv" => &VINTAGES,
        "vintage_pairs.csv" => &VINTAGE_PAIRS,
        "vintage_series.csv" => &VINTAGE_SERIES,
        "sources.csv" => &SOURCES,
        "crosswalk_sections.csv" => &CROSSWALK_SECTIONS,
        "crosswalk_divisions.csv" => &CROSSWALK_DIVISIONS,
        "regions.csv" if package == "cn-provinces" => &REGIONS_PROVINCES,
        "regions.csv" if package == "eu-nuts2" => &REGIONS_EUROPE,
        "regions.csv" => &REGIONS,
        "sets.csv" => &SETS,
        "partitions.csv" => &PARTITIONS,
        "alternatives.csv" => &ALTERNATIVES,
        "contiguity.csv" => &CONTIGUITY,
        "tilegrid.csv" => &TILEGRID,
        "recodes.csv" => &RECODES,
        "lists.csv" => &LISTS,
        "items.csv" => &ITEMS,
        "incidence.csv" => &INCIDENCE,
        "fit.csv" => &FIT,
        "divisions.csv" => &DIVISIONS,
        "documents.csv" => &DOCUMENTS,
        "clauses.csv" => &CLAUSES,
        "codings.csv" => &CODINGS,
        "instruments.csv" => &INSTRUMENTS,
        "clusters.csv" => &CLUSTERS,
        "claims.csv" => &CLAIMS,
        "trials.csv" => &TRIALS,
        _ => return None,
    })
}

/// The resource that describes a table of that format: `observations/rd.csv` is `observations-rd`,
/// `codebook/units.csv` is `units`.
pub fn describe(format: &Format, path: &str, bytes: &[u8]) -> Resource {
    let stem = path.strip_suffix(".csv").unwrap_or(path);
    let name = stem.strip_prefix("codebook/").unwrap_or(stem).replace('/', "-");
    let theme = path
        .strip_prefix("observations/")
        .and_then(|rest| rest.strip_suffix(".csv"));
    Resource {
        name,
        path: path.to_owned(),
        profile: "tabular-data-resource".to_owned(),
        title: theme.map_or(format.title.to_owned(), |theme| {
            format!("{}: {theme}", format.title)
        }),
        format: "csv".to_owned(),
        mediatype: "text/csv".to_owned(),
        encoding: "utf-8".to_owned(),
        bytes: bytes.len() as u64,
        hash: format!("sha256:{}", super::sha256(bytes)),
        schema: schema(format),
    }
}

fn schema(format: &Format) -> Schema {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let field = |column: &Column| Field {
        name: column.name.to_owned(),
        kind: column.kind,
        description: column.description.to_owned(),
        constraints: Constraints {
            required: column.required,
            minimum: column.range.map(|range| range.0),
            maximum: column.range.map(|range| range.1),
            choices: owned(column.choices),
        },
    };
    let foreign_key = |(fields, resource, targets): &(&[&str], &str, &[&str])| ForeignKey {
        fields: owned(fields),
        reference: Reference {
            resource: (*resource).to_owned(),
            fields: owned(targets),
        },
    };
    Schema {
        fields: format.columns.iter().map(field).collect(),
        missing_values: vec![String::new()],
        primary_key: owned(format.key),
        foreign_keys: format.foreign.iter().map(foreign_key).collect(),
    }
}

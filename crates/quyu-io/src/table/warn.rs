//! What is legal in a table and probably wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use quyu_core::Year;
use quyu_core::suggest::{Near, quoted};

use super::fault::Spot;
use super::sheet::Sheet;

/// Something that a reader of the result should know about the table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A region that looks like the total of the others.
    Total {
        /// The region.
        region: String,
        /// Row of its first figure.
        spot: Spot,
        /// Name of the column of regions.
        column: String,
    },
    /// A class that looks like the total of the others.
    TotalClass {
        /// The class.
        class: String,
        /// Row of its first figure.
        spot: Spot,
        /// Name of the column of classes.
        column: String,
    },
    /// Two spellings that may be of one region.
    Spellings {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// Years missing between others.
    Gap {
        /// The years.
        years: Vec<Year>,
    },
    /// A percentage above 100.
    Percentage {
        /// The column.
        column: String,
        /// The largest value as it stands there.
        text: String,
        /// Its row.
        spot: Spot,
        /// How many there are.
        count: usize,
    },
    /// A row that repeats another one, figures included; counted once.
    Repeated {
        /// Region, year and class.
        key: String,
        /// The row.
        spot: Spot,
        /// The row that it repeats.
        first: Spot,
    },
    /// A figure per head in which no head is counted.
    Unweighted {
        /// The column.
        column: String,
    },
    /// A workbook of several sheets, of which one is read.
    Sheets {
        /// The one.
        name: String,
        /// The others.
        others: Vec<String>,
    },
    /// Of an SDMX table: dimensions that are the same in all rows.
    Fixed {
        /// Their names and values.
        columns: Vec<(String, String)>,
    },
    /// Of an SDMX table: values that their publisher has marked.
    Marked {
        /// The column of marks.
        column: String,
        /// What the marks mean, and how many values have each.
        counts: Vec<(String, usize)>,
    },
    /// Codes of regions of which some lie inside others.
    Levels {
        /// The column of regions.
        column: String,
        /// A code, and one inside it.
        example: (String, String),
        /// Number of characters of the codes that most regions have.
        length: usize,
    },
    /// Shares of one region and year that do not add up.
    Shares {
        /// The column.
        column: String,
        /// Region and year whose sum is furthest off.
        key: String,
        /// Their sum.
        sum: String,
        /// 1 or 100.
        whole: u32,
        /// How many there are, and of how many.
        count: (usize, usize),
    },
    /// Rows without any content.
    Blank {
        /// How many.
        count: usize,
    },
    /// Links that end in regions that the table does not have.
    LinksLeftOut {
        /// The file.
        file: String,
        /// How many.
        left: usize,
        /// Of how many.
        of: usize,
        /// The first such region.
        region: String,
        /// Regions of the table that resemble it.
        near: Near,
    },
    /// Weighted links none of which is given in both directions.
    LinksOneWay {
        /// The file.
        file: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Total { region, spot, .. } => {
                write!(
                    f,
                    "`{region}` ({spot}) looks like a total and is counted as one more region"
                )
            }
            Warning::TotalClass { class, spot, .. } => {
                write!(
                    f,
                    "`{class}` ({spot}) looks like a total and is counted as one more class"
                )
            }
            Warning::Spellings { one, other } => {
                write!(
                    f,
                    "`{one}` and `{other}` may be one region spelled in two ways; they are counted as two"
                )
            }
            Warning::Gap { years } => {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "no rows for {} between the years that are there",
                    years.join(", ")
                )
            }
            Warning::Percentage {
                column,
                text,
                spot,
                count,
            } => {
                let more = if *count > 1 {
                    format!(", {count} such values in all")
                } else {
                    String::new()
                };
                write!(f, "`{column}` is a percentage and holds {text} in {spot}{more}")
            }
            Warning::Repeated { key, spot, first } => {
                write!(f, "{spot} repeats {first} ({key}) and is counted once")
            }
            Warning::Unweighted { column } => {
                write!(
                    f,
                    "`{column}` is a figure per head, and every region counts once, however many live there"
                )
            }
            Warning::Sheets { name, others } => {
                write!(
                    f,
                    "the sheet `{name}` is read; there {} also {}",
                    if others.len() == 1 { "is" } else { "are" },
                    quoted(others, "and")
                )
            }
            Warning::Fixed { columns } => {
                let columns: Vec<String> = columns.iter().map(|(c, v)| format!("{c} = {v}")).collect();
                write!(f, "in all rows {}", columns.join(", "))
            }
            Warning::Marked { column, counts } => {
                let counts: Vec<String> = counts.iter().map(|(mark, n)| format!("{n} {mark}")).collect();
                write!(f, "`{column}` marks values: {}", counts.join(", "))
            }
            Warning::Levels {
                column,
                example: (outer, inner),
                ..
            } => {
                write!(
                    f,
                    "`{column}` holds codes of several levels, one inside another, such as `{inner}` in `{outer}`; each is counted as a region"
                )
            }
            Warning::Shares {
                column,
                key,
                sum,
                whole,
                count: (off, all),
            } => {
                write!(
                    f,
                    "the shares in `{column}` do not add up to {whole}: those of {key} make {sum} ({off} of {all} sums are off)"
                )
            }
            Warning::Blank { count: 1 } => f.write_str("an empty row is skipped"),
            Warning::Blank { count } => write!(f, "{count} empty rows are skipped"),
            Warning::LinksLeftOut {
                file,
                left,
                of,
                region,
                near,
            } => match left {
                1 => write!(
                    f,
                    "1 of the {of} links of `{file}` is left out: it leads to a region that the table does not have, `{region}`{near}"
                ),
                _ => write!(
                    f,
                    "{left} of the {of} links of `{file}` are left out: they lead to regions that the table does not have, such as `{region}`{near}"
                ),
            },
            Warning::LinksOneWay { file } => write!(
                f,
                "no link of `{file}` is given in both directions: a weighted link counts from the first region to the second only"
            ),
        }
    }
}

/// Names of totals, in small letters.
const TOTALS: [&str; 34] = [
    "total",
    "totals",
    "sum",
    "all",
    "nation",
    "national",
    "country",
    "overall",
    "grand total",
    "all regions",
    "average",
    "mean",
    "eu27",
    "eu27_2020",
    "eu28",
    "eu27_2007",
    "eu15",
    "ea",
    "ea19",
    "ea20",
    "oecd",
    "world",
    "全国",
    "全国总计",
    "全国合计",
    "全国平均",
    "地区合计",
    "total, all regions",
    "合计",
    "总计",
    "全省",
    "全市",
    "总和",
    "平均",
];

/// Endings of Chinese and English names that people write or leave out.
const ENDINGS: [&str; 14] = [
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "特别行政区",
    "自治区",
    "地区",
    "省",
    "市",
    "autonomousregion",
    "municipality",
    "province",
    "region",
    "city",
    "sheng",
];

/// Warnings on the keys of a sheet.
pub(crate) fn keys(sheet: &Sheet) -> Vec<Warning> {
    let mut found = sheet.raw.warnings.clone();
    if sheet.raw.blank > 0 {
        found.push(Warning::Blank {
            count: sheet.raw.blank,
        });
    }
    let spot_of = |of: &dyn Fn(&super::sheet::Key) -> bool| {
        let first = sheet.keys.iter().find(|k| of(k));
        sheet.raw.spot(first.map_or(0, |k| k.row))
    };
    for (i, region) in sheet.regions.iter().enumerate().filter(|(_, r)| is_total(r)) {
        found.push(Warning::Total {
            region: region.clone(),
            spot: spot_of(&|k| k.region == i),
            column: sheet.raw.header[sheet.region].clone(),
        });
    }
    for (i, class) in sheet.classes.iter().enumerate().filter(|(_, c)| is_total(c)) {
        found.push(Warning::TotalClass {
            class: class.clone(),
            spot: spot_of(&|k| k.class == Some(i)),
            column: sheet
                .class
                .map(|c| sheet.raw.header[c].clone())
                .unwrap_or_default(),
        });
    }
    found.extend(spellings(sheet));
    found.extend(levels(sheet));
    let years: BTreeSet<Year> = sheet.keys.iter().map(|k| k.year).collect();
    let gap = gap(&years.into_iter().collect::<Vec<_>>());
    if !gap.is_empty() {
        found.push(Warning::Gap { years: gap });
    }
    found
}

fn is_total(name: &str) -> bool {
    TOTALS.contains(&name.to_lowercase().as_str())
}

/// NUTS codes of several levels: a country, or a code of which another one is the beginning.
fn levels(sheet: &Sheet) -> Option<Warning> {
    let is_nuts = |code: &str| {
        let (country, rest) = (
            code.get(..2).unwrap_or_default(),
            code.get(2..).unwrap_or_default(),
        );
        let capitals = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        capitals && rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    let codes: BTreeSet<&str> = sheet
        .regions
        .iter()
        .map(String::as_str)
        .filter(|r| !is_total(r))
        .collect();
    if !codes.iter().all(|code| is_nuts(code)) {
        return None;
    }
    let inside = |code: &&&str| (2..code.len()).any(|n| codes.contains(&code[..n]));
    let inner = codes.iter().find(inside)?;
    let outer = (2..inner.len()).find(|n| codes.contains(&inner[..*n]))?;
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for code in &codes {
        *lengths.entry(code.len()).or_insert(0) += 1;
    }
    let most = lengths.into_iter().max_by_key(|(_, count)| *count);
    Some(Warning::Levels {
        column: sheet.raw.header[sheet.region].clone(),
        example: (inner[..outer].to_owned(), (*inner).to_owned()),
        length: most.map_or(0, |(length, _)| length),
    })
}

/// Years left out of an otherwise even row of years.
fn gap(years: &[Year]) -> Vec<Year> {
    let steps: Vec<i32> = years.windows(2).map(|w| w[1].get() - w[0].get()).collect();
    let Some(step) = steps.iter().min().copied().filter(|s| *s > 0) else {
        return Vec::new();
    };
    // Rounds of a census have their own rhythm: an uneven row without a common step says nothing.
    if steps.iter().any(|s| s % step != 0) || steps.iter().filter(|s| **s == step).count() * 2 <= steps.len()
    {
        return Vec::new();
    }
    let mut missing = Vec::new();
    for pair in years.windows(2) {
        let between = (pair[0].get() + step..pair[1].get()).step_by(step as usize);
        missing.extend(between.filter_map(|y| Year::new(y).ok()));
    }
    missing
}

fn bare(name: &str) -> String {
    let mut plain: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    if let Some(rest) = ENDINGS.iter().find_map(|e| plain.strip_suffix(e)) {
        // `吉林市` is a city and `吉林` a province only if both are there; one character is no name.
        if rest.chars().count() >= 2 {
            plain = rest.to_owned();
        }
    }
    plain
}

/// Names that are the same without case, spaces and endings; and names one slip apart that never meet in a year.
fn spellings(sheet: &Sheet) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut by_bare: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, region) in sheet.regions.iter().enumerate() {
        by_bare.entry(bare(region)).or_default().push(i);
    }
    let mut pair = |a: usize, b: usize| {
        found.push(Warning::Spellings {
            one: sheet.regions[a].clone(),
            other: sheet.regions[b].clone(),
        });
    };
    for same in by_bare.values() {
        for other in &same[1..] {
            pair(same[0], *other);
        }
    }
    // Comparing every pair of very many regions would take longer than the analysis.
    if sheet.regions.len() > 1_000 {
        return found;
    }
    let mut years: Vec<BTreeSet<Year>> = vec![BTreeSet::new(); sheet.regions.len()];
    for key in &sheet.keys {
        years[key.region].insert(key.year);
    }
    let bares: Vec<String> = sheet.regions.iter().map(|r| bare(r)).collect();
    for a in 0..bares.len() {
        for b in a + 1..bares.len() {
            let long =
                |i: usize| bares[i].chars().count() >= 5 && !bares[i].bytes().any(|c| c.is_ascii_digit());
            // The distance last: it costs most, and in a balanced panel no two regions get as far.
            let apart = || strsim::damerau_levenshtein(&bares[a], &bares[b]) == 1;
            if long(a) && long(b) && years[a].is_disjoint(&years[b]) && apart() {
                pair(a, b);
            }
        }
    }
    found
}

/// Whether a name is that of a figure per head.
pub fn is_per_head(name: &str) -> bool {
    let small = name.to_lowercase();
    let marks = [
        "per capita",
        "per_capita",
        "per head",
        "per_head",
        "per person",
        "per inhabitant",
        "人均",
    ];
    small.ends_with("_pc") || marks.iter().any(|m| small.contains(m))
}

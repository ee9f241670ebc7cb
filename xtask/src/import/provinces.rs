//! The provincial tables: 31 units and the published national row.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::draft::{Draft, Figure, Key, Offer};
use super::ledger::{Account, Ledger};
use super::raw::{ImportError, Raw, Row};

/// The package that these tables go to.
pub(crate) const PACKAGE: &str = "cn-provinces";
/// The scheme of the region codes.
pub(crate) const SCHEME: &str = "GB/T 2260";
/// The published national row.
pub(crate) const NATION: &str = "100000";

const OBSERVATIONS: &[&str] = &[
    "region_code",
    "year",
    "indicator_id",
    "value",
    "source_id",
    "vintage",
    "note",
];
const REGIONS: &[&str] = &[
    "region_code",
    "name_en",
    "name_zh",
    "name_zh_short",
    "abbr_zh",
    "iso_3166_2",
    "type",
    "macro4_en",
    "macro4_zh",
    "macro3_en",
    "macro3_zh",
    "capital_en",
    "in_panel",
];
const CONTIGUITY: &[&str] = &[
    "code_a", "name_a", "code_b", "name_b", "border", "default", "note",
];
const TILES: &[&str] = &[
    "region_code",
    "name_en",
    "name_zh_short",
    "row",
    "col",
    "in_panel",
];
const COVERAGE: &[&str] = &[
    "indicator_id",
    "vintage",
    "n",
    "y0",
    "y1",
    "years",
    "regions",
    "full",
    "missing",
];
const INNOVATIVE: &[&str] = &["region_code", "name_en", "source"];

/// What the import needs to know of a provincial unit elsewhere.
pub(crate) struct Province {
    pub(crate) name_en: String,
    pub(crate) name_zh: String,
    pub(crate) short_zh: String,
    pub(crate) level: &'static str,
    pub(crate) note: &'static str,
}

/// The indicator and class that a provincial id stands for.
pub(crate) fn indicator(id: &str) -> (&str, &str) {
    if let Some(industry) = id
        .strip_prefix("va_")
        .and_then(|rest| rest.strip_suffix("_index"))
    {
        return ("va3_index", industry);
    }
    match id.split_once('_') {
        Some(("va", industry @ ("primary" | "secondary" | "tertiary"))) => ("va3", industry),
        Some(("va", sector)) => ("va", sector),
        Some(("emp", section)) if section.len() == 1 => ("emp", section),
        _ => (id, ""),
    }
}

/// Reads all provincial tables into the draft.
pub(crate) fn read(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
) -> Result<BTreeMap<String, Province>, ImportError> {
    let provinces = regions(dir, draft, ledger)?;
    observations(dir, draft, ledger)?;
    coverage(dir, draft, ledger)?;
    contiguity(dir, draft, ledger)?;
    tiles(dir, draft, ledger, &provinces)?;
    Ok(provinces)
}

fn observations(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "provinces/observations.csv", OBSERVATIONS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let id = row.text("indicator_id")?;
        let (region, year) = (row.text("region_code")?, row.year("year")?);
        let key = Key::new(region, &year, indicator(id), row.text("vintage")?);
        let value = value(row, id)?;
        let source = row.text("source_id")?.to_owned();
        let note = trust_note(&key, &source, row.text("note")?);
        let name = key.to_string();
        if let Offer::Conflict { standing } = draft.offer(
            key,
            Figure {
                value: value.clone(),
                source,
                note,
            },
            &[],
        ) {
            return Err(row.differs(&name, &value, "an earlier row", &standing));
        }
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

/// The census is printed in persons and carried in 10,000 persons, so that one indicator has one unit.
fn value(row: Row<'_>, id: &str) -> Result<String, ImportError> {
    let text = row.number("value")?;
    if id != "pop_census" {
        return Ok(text);
    }
    let whole = text
        .parse::<u64>()
        .map_err(|_| row.cell("value", &text, "a whole number of persons"))?;
    let shifted = format!("{}.{:04}", whole / 10_000, whole % 10_000);
    Ok(shifted.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// Marks the figures that the description of the raw data trusts less, so that a program can flag them.
fn trust_note(key: &Key, source: &str, note: &str) -> String {
    const OUTLIER: &str = "an outlier, kept because the national sum closes";
    let reason = match (key.indicator.as_str(), key.region.as_str(), key.year.as_str()) {
        _ if source == "S13" => "2020-2024 rest on one file",
        ("papers_ei", _, "2013") => "the units miss the published nation by 0.6 %",
        ("techmkt_out_value", "630000", "2018" | "2019")
        | ("ht_revenue", "220000", "2016" | "2017" | "2018")
        | ("ht_rd_exp", "230000", "2018")
        | ("ht_profit", "110000", "2021") => OUTLIER,
        _ => return note.to_owned(),
    };
    join_notes(&format!("low trust: {reason}"), note)
}

/// Two notes in one.
pub(crate) fn join_notes(first: &str, second: &str) -> String {
    if second.is_empty() {
        first.to_owned()
    } else {
        format!("{first}; {second}")
    }
}

fn regions(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
) -> Result<BTreeMap<String, Province>, ImportError> {
    let raw = Raw::read(dir, "provinces/regions.csv", REGIONS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let (mut provinces, mut rows, mut members, mut groups) = (BTreeMap::new(), vec![], vec![], vec![]);
    for row in raw.rows() {
        let code = row.text("region_code")?.to_owned();
        let (level, note) = level(row)?;
        let province = Province {
            name_en: row.text("name_en")?.to_owned(),
            name_zh: row.text("name_zh")?.to_owned(),
            short_zh: row.text("name_zh_short")?.to_owned(),
            level,
            note,
        };
        let mut cells = region_cells(&code, &province);
        for column in ["abbr_zh", "iso_3166_2", "capital_en"] {
            cells.push(row.text(column)?.to_owned());
        }
        rows.push(cells);
        if row.text("in_panel")? == "true" {
            members.push(set_row(
                "all",
                "The 31 provincial-level units",
                "全国31个省级单位",
                &code,
            ));
            for (id, label) in [
                ("macro3", "Three macro-regions"),
                ("macro4", "Four macro-regions"),
            ] {
                let (en, zh) = (row.text(&format!("{id}_en"))?, row.text(&format!("{id}_zh"))?);
                groups.push(partition_row([
                    id,
                    label,
                    "all",
                    &en.to_lowercase(),
                    en,
                    &code,
                    zh,
                ]));
            }
        }
        account.carry(PACKAGE, 1);
        provinces.insert(code, province);
    }
    ledger.close(account)?;
    members.extend(innovative(dir, ledger, &provinces)?);
    draft.table("regions", &REGION_COLUMNS_PROVINCES, rows);
    draft.table("sets", &SET_COLUMNS, members);
    draft.table("partitions", &PARTITION_COLUMNS, groups);
    Ok(provinces)
}

const REGION_COLUMNS_PROVINCES: [&str; 12] = [
    "region",
    "scheme",
    "name_en",
    "name_zh",
    "short_en",
    "short_zh",
    "level",
    "parent",
    "note",
    "abbr_zh",
    "iso_3166_2",
    "capital_en",
];
/// The columns of `regions.csv` that every package has.
pub(crate) const REGION_COLUMNS: [&str; 9] = [
    "region", "scheme", "name_en", "name_zh", "short_en", "short_zh", "level", "parent", "note",
];
/// The columns of `sets.csv`.
pub(crate) const SET_COLUMNS: [&str; 4] = ["set", "name_en", "name_zh", "region"];
/// The columns of `partitions.csv`.
pub(crate) const PARTITION_COLUMNS: [&str; 7] = [
    "partition",
    "label_en",
    "set",
    "group",
    "group_en",
    "region",
    "group_zh",
];

/// A row of `regions.csv` for a unit of provincial level.
pub(crate) fn region_cells(code: &str, province: &Province) -> Vec<String> {
    let parent = if code == NATION { "" } else { NATION };
    let short_zh = if province.short_zh.is_empty() {
        &province.name_zh
    } else {
        &province.short_zh
    };
    let short_en = if code == NATION {
        "China"
    } else {
        &province.name_en
    };
    let Province {
        name_en,
        name_zh,
        level,
        note,
        ..
    } = province;
    [
        code, SCHEME, name_en, name_zh, short_en, short_zh, level, parent, note,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A row of `sets.csv`.
pub(crate) fn set_row(set: &str, name_en: &str, name_zh: &str, region: &str) -> Vec<String> {
    [set, name_en, name_zh, region].map(str::to_owned).to_vec()
}

/// A row of `partitions.csv`.
pub(crate) fn partition_row(cells: [&str; 7]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn level(row: Row<'_>) -> Result<(&'static str, &'static str), ImportError> {
    match row.text("type")? {
        "nation" => Ok((
            "nation",
            "as published; the nation of a study is computed from its units",
        )),
        "municipality" => Ok(("municipality", "")),
        "province" => Ok(("province", "")),
        "province (not covered by mainland statistics)" => {
            Ok(("province", "not covered by mainland statistics"))
        }
        "autonomous region" => Ok(("autonomous-region", "")),
        "special administrative region" => Ok(("special-administrative-region", "")),
        other => Err(row.cell("type", other, "a known level")),
    }
}

fn innovative(
    dir: &Path,
    ledger: &mut Ledger,
    provinces: &BTreeMap<String, Province>,
) -> Result<Vec<Vec<String>>, ImportError> {
    let raw = Raw::read(dir, "policy/innovative_provinces.csv", INNOVATIVE)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let code = row.text("region_code")?;
        same_name(
            row,
            "name_en",
            provinces.get(code).map_or("", |province| &province.name_en),
        )?;
        rows.push(set_row(
            "innovative-ten",
            "Ten innovative provinces",
            "十个创新型省份",
            code,
        ));
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)?;
    Ok(rows)
}

/// A name that is repeated beside its code must be the name of that code.
fn same_name(row: Row<'_>, column: &str, expected: &str) -> Result<(), ImportError> {
    let found = row.text(column)?;
    if found == expected {
        return Ok(());
    }
    Err(row.differs(column, found, "provinces/regions.csv", expected))
}

/// `coverage.csv` counts the observations: it is derived, so it is compared with them and dropped.
fn coverage(dir: &Path, draft: &Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "provinces/coverage.csv", COVERAGE)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    account.carry(PACKAGE, 0);
    for row in raw.rows() {
        let (name, class) = indicator(row.text("indicator_id")?);
        let vintage = row.text("vintage")?;
        let keys: Vec<_> = draft
            .figures()
            .map(|(key, _)| key)
            .filter(|key| key.indicator == name && key.class == class && key.vintage == vintage)
            .filter(|key| key.region != NATION)
            .collect();
        let years: BTreeSet<_> = keys.iter().map(|key| key.year.as_str()).collect();
        let regions: BTreeSet<_> = keys.iter().map(|key| key.region.as_str()).collect();
        let edge = |year: Option<&&str>| year.map_or(String::new(), |year| (*year).to_owned());
        let expected = [
            ("n", keys.len().to_string()),
            ("y0", edge(years.first())),
            ("y1", edge(years.last())),
            ("years", years.len().to_string()),
            ("regions", regions.len().to_string()),
            ("full", (31 * years.len()).to_string()),
            ("missing", (31 * years.len() - keys.len()).to_string()),
        ];
        for (column, expected) in expected {
            let found = row.text(column)?;
            if found != expected {
                let key = format!("{column} of {name} [{vintage}]");
                return Err(row.differs(&key, found, "the observations", &expected));
            }
        }
        account.leave_out("derived from the observations, found equal", 1);
    }
    ledger.close(account)
}

fn contiguity(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "provinces/contiguity.csv", CONTIGUITY)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let cells = ["code_a", "code_b", "border", "default", "note"].map(|column| row.text(column));
        rows.push(
            cells
                .into_iter()
                .map(|cell| cell.map(str::to_owned))
                .collect::<Result<_, _>>()?,
        );
        account.carry(PACKAGE, 1);
    }
    draft.table(
        "contiguity",
        &["region_a", "region_b", "border", "default", "note"],
        rows,
    );
    ledger.close(account)
}

/// Tiles are labelled with the letters of ISO 3166-2: figure text is Latin, and a tile is narrow.
fn tiles(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    provinces: &BTreeMap<String, Province>,
) -> Result<(), ImportError> {
    let letters: BTreeMap<String, String> = Raw::read(dir, "provinces/regions.csv", REGIONS)?
        .rows()
        .map(|row| {
            let iso = row.text("iso_3166_2")?;
            Ok((
                row.text("region_code")?.to_owned(),
                iso.trim_start_matches("CN-").to_owned(),
            ))
        })
        .collect::<Result<_, ImportError>>()?;
    let raw = Raw::read(dir, "provinces/tilegrid.csv", TILES)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let code = row.text("region_code")?;
        same_name(
            row,
            "name_en",
            provinces.get(code).map_or("", |province| &province.name_en),
        )?;
        let label = letters.get(code).map_or("", String::as_str);
        let cells = [
            code,
            label,
            row.text("row")?,
            row.text("col")?,
            row.text("in_panel")?,
        ];
        rows.push(cells.map(str::to_owned).to_vec());
        account.carry(PACKAGE, 1);
    }
    draft.table("tilegrid", &["region", "label", "row", "col", "in_panel"], rows);
    ledger.close(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provincial_ids_become_indicators_with_classes() {
        assert_eq!(indicator("va_primary"), ("va3", "primary"));
        assert_eq!(indicator("va_primary_index"), ("va3_index", "primary"));
        assert_eq!(indicator("va_agri"), ("va", "agri"));
        assert_eq!(indicator("emp_J"), ("emp", "J"));
        assert_eq!(indicator("emp_total"), ("emp_total", ""));
        assert_eq!(indicator("gdp_index"), ("gdp_index", ""));
    }

    #[test]
    fn figures_of_lower_trust_are_marked_before_their_own_note() {
        let key = |year| Key::new("630000", year, ("techmkt_out_value", ""), "as-published");
        assert!(trust_note(&key("2019"), "S01", "").starts_with("low trust: an outlier"));
        assert_eq!(trust_note(&key("2020"), "S01", "typed"), "typed");
        assert!(trust_note(&key("2020"), "S13", "typed").ends_with("; typed"));
    }
}

//! The city tables. They also hold provincial and national rows, most of them repeats of the
//! provincial tables; each is compared before it is dropped.

use std::collections::BTreeMap;
use std::path::Path;

use super::draft::{Draft, Figure, Key, Offer};
use super::ledger::{Account, Ledger};
use super::provinces::{
    NATION, PACKAGE as PROVINCES, PARTITION_COLUMNS, Province, REGION_COLUMNS, SCHEME, SET_COLUMNS,
    join_notes, partition_row, region_cells, set_row,
};
use super::raw::{ImportError, Raw, Row};

/// The package that these tables go to.
pub(crate) const PACKAGE: &str = "cn-cities";

const OBSERVATIONS: &[&str] = &[
    "region_code",
    "year",
    "indicator_id",
    "value",
    "source_id",
    "vintage",
    "note",
];
const REGIONS: &[&str] = &["code", "name_en", "name_zh", "level", "parent_code"];
const CASES: &[&str] = &["case_id", "member_code"];
const GROUPS: &[&str] = &["case_id", "group", "member_code", "name_en"];

/// Where a key has two sources, these are the second ones: the yearbook's value is the one to use.
const SECONDARY: [&str; 2] = ["P_CQ_A", "P_IPIM"];

/// Sets of the package: id, English and Chinese name.
const SETS: [(&str, &str, &str); 6] = [
    ("BTH", "Beijing-Tianjin-Hebei", "京津冀"),
    ("CC", "Chengdu-Chongqing economic circle", "成渝地区双城经济圈"),
    ("JS", "Cities of Jiangsu", "江苏省各市"),
    ("PRD", "Pearl River Delta", "珠江三角洲"),
    ("SD", "Cities of Shandong", "山东省各市"),
    ("YRD", "Yangtze River Delta", "长江三角洲"),
];

/// The customary groups: set, group in the raw table, id, English and Chinese label.
const GROUP_LABELS: [(&str, &str, &str, &str, &str); 10] = [
    (
        "CC",
        "Chengdu plain",
        "chengdu-plain",
        "Chengdu plain",
        "成都平原",
    ),
    ("CC", "Chongqing", "chongqing", "Chongqing", "重庆"),
    (
        "CC",
        "north-eastern Sichuan",
        "north-eastern",
        "North-eastern Sichuan",
        "川东北",
    ),
    ("CC", "southern Sichuan", "southern", "Southern Sichuan", "川南"),
    ("JS", "central", "central", "Central Jiangsu", "苏中"),
    ("JS", "northern", "northern", "Northern Jiangsu", "苏北"),
    ("JS", "southern", "southern", "Southern Jiangsu", "苏南"),
    (
        "SD",
        "Jiaodong circle",
        "jiaodong",
        "Jiaodong circle",
        "胶东经济圈",
    ),
    (
        "SD",
        "provincial-capital circle",
        "capital",
        "Provincial-capital circle",
        "省会经济圈",
    ),
    (
        "SD",
        "southern Shandong circle",
        "southern",
        "Southern Shandong circle",
        "鲁南经济圈",
    ),
];

/// The indicator and class that a city id stands for; `None` for the one that is derived.
pub(crate) fn indicator(id: &str) -> Option<(&str, &str)> {
    if let Some(section) = id.strip_prefix("emp_sec_") {
        return Some(("emp", section));
    }
    Some(match id {
        "va1" => ("va3", "primary"),
        "va2" => ("va3", "secondary"),
        "va3" => ("va3", "tertiary"),
        "va1_share" => ("va3_share", "primary"),
        "va2_share" => ("va3_share", "secondary"),
        "va3_share" => ("va3_share", "tertiary"),
        "pop_resident" => ("pop", ""),
        "urbanization" => ("urbanisation", ""),
        "emp_urban_units" => ("emp_total", ""),
        "hnte" => ("hte_stock", ""),
        "hnte_certified" => ("hte_accredited", ""),
        "patents_granted" => ("pat_grant_total", ""),
        "patents_granted_inv" => ("pat_grant_inv", ""),
        "patents_inforce_inv" => ("pat_valid_inv", ""),
        "hightech_mfg_firms" => ("ht_firms", ""),
        "hightech_mfg_revenue" => ("ht_revenue", ""),
        "inv_granted_per10k" => return None,
        same => (same, ""),
    })
}

/// Reads all city tables and returns the English names of their regions. Provincial rows without a
/// counterpart go into the provincial draft.
pub(crate) fn read(
    dir: &Path,
    (cities, provinces): (&mut Draft, &mut Draft),
    ledger: &mut Ledger,
    names: &BTreeMap<String, Province>,
) -> Result<BTreeMap<String, String>, ImportError> {
    let regions = regions(dir, cities, ledger, names)?;
    sets(dir, cities, ledger)?;
    groups(dir, cities, ledger, &regions)?;
    observations(dir, cities, provinces, ledger)?;
    Ok(regions)
}

fn regions(
    dir: &Path,
    cities: &mut Draft,
    ledger: &mut Ledger,
    names: &BTreeMap<String, Province>,
) -> Result<BTreeMap<String, String>, ImportError> {
    let raw = Raw::read(dir, "cities/regions.csv", REGIONS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let (mut rows, mut found) = (vec![], BTreeMap::new());
    for row in raw.rows() {
        let code = row.text("code")?;
        if let Some(province) = names.get(code) {
            same_province(row, code, province)?;
            rows.push(region_cells(code, province));
            account.repeat(1);
        } else {
            rows.push(city_cells(row, code)?);
            account.carry(PACKAGE, 1);
        }
        found.insert(code.to_owned(), row.text("name_en")?.to_owned());
    }
    mark_namesakes(&mut rows);
    cities.table("regions", &REGION_COLUMNS, rows);
    ledger.close(account)?;
    Ok(found)
}

/// A provincial unit stands in both tables under one name. (The nation has a longer name in each.)
fn same_province(row: Row<'_>, code: &str, province: &Province) -> Result<(), ImportError> {
    let pairs = [
        ("name_en", &*province.name_en),
        ("name_zh", &*province.name_zh),
        ("level", province.level),
    ];
    for (column, expected) in pairs {
        let found = row.text(column)?;
        if found != expected && !(code == NATION && column == "name_en") {
            return Err(row.differs(
                &format!("{column} of {code}"),
                found,
                "provinces/regions.csv",
                expected,
            ));
        }
    }
    Ok(())
}

fn city_cells(row: Row<'_>, code: &str) -> Result<Vec<String>, ImportError> {
    let (name_en, name_zh) = (row.text("name_en")?, row.text("name_zh")?);
    let (level, note) = match row.text("level")? {
        "prefecture" => ("prefecture", ""),
        "prefecture_historical" => ("prefecture-historical", "merged into Jinan in 2019"),
        other => return Err(row.cell("level", other, "a known level")),
    };
    let short_zh = name_zh.strip_suffix('市').unwrap_or(name_zh);
    let cells = [
        code,
        SCHEME,
        name_en,
        name_zh,
        name_en,
        short_zh,
        level,
        row.text("parent_code")?,
        note,
    ];
    Ok(cells.map(str::to_owned).to_vec())
}

/// Two cities of one English name (Suzhou, Taizhou) each get a note with the code of the other.
fn mark_namesakes(rows: &mut [Vec<String>]) {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.iter() {
        by_name.entry(row[2].clone()).or_default().push(row[0].clone());
    }
    for row in rows {
        let others = by_name
            .get(&row[2])
            .into_iter()
            .flatten()
            .filter(|code| **code != row[0]);
        let others: Vec<_> = others
            .map(|code| format!("same English name as {code}"))
            .collect();
        if !others.is_empty() {
            row[8] = join_notes(&others.join("; "), &row[8]);
        }
    }
}

fn sets(dir: &Path, cities: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "cities/case_regions.csv", CASES)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let id = row.text("case_id")?;
        let Some((_, en, zh)) = SETS.iter().find(|(set, ..)| *set == id) else {
            return Err(row.cell("case_id", id, "a known set"));
        };
        rows.push(set_row(id, en, zh, row.text("member_code")?));
        account.carry(PACKAGE, 1);
    }
    cities.table("sets", &SET_COLUMNS, rows);
    ledger.close(account)
}

fn groups(
    dir: &Path,
    cities: &mut Draft,
    ledger: &mut Ledger,
    names: &BTreeMap<String, String>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "cities/groups.csv", GROUPS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let (set, group, code) = (row.text("case_id")?, row.text("group")?, row.text("member_code")?);
        let found = row.text("name_en")?;
        let expected = names.get(code).map_or("", String::as_str);
        if found != expected {
            return Err(row.differs(code, found, "cities/regions.csv", expected));
        }
        let known = GROUP_LABELS
            .iter()
            .find(|label| (label.0, label.1) == (set, group));
        let Some((_, _, id, en, zh)) = known else {
            return Err(row.cell("group", group, "a known group"));
        };
        rows.push(partition_row([
            "economic-zone",
            "Economic zones",
            set,
            id,
            en,
            code,
            zh,
        ]));
        account.carry(PACKAGE, 1);
    }
    cities.table("partitions", &PARTITION_COLUMNS, rows);
    ledger.close(account)
}

fn observations(
    dir: &Path,
    cities: &mut Draft,
    provinces: &mut Draft,
    ledger: &mut Ledger,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "cities/observations.csv", OBSERVATIONS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut derived = vec![];
    for row in raw.rows() {
        let Some(indicator) = indicator(row.text("indicator_id")?) else {
            derived.push(row);
            continue;
        };
        let code = row.text("region_code")?;
        let key = Key::new(code, &row.year("year")?, indicator, row.text("vintage")?);
        let figure = Figure {
            value: row.number("value")?,
            source: row.text("source_id")?.to_owned(),
            note: distrust_note(row.text("note")?),
        };
        if code.ends_with("0000") {
            provincial(row, key, figure, (cities, provinces), &mut account)?;
        } else {
            offer(row, key, figure, cities, &mut account)?;
        }
    }
    for row in derived {
        per_resident(row, cities)?;
        account.leave_out("derived from two carried figures, found equal", 1);
    }
    ledger.close(account)
}

/// A distrusted figure says so at the head of its note, where a program can look for it.
fn distrust_note(note: &str) -> String {
    let Some((before, reason)) = note.split_once("DISTRUSTED: ") else {
        return note.to_owned();
    };
    join_notes(&format!("distrusted: {reason}"), before.trim_end_matches("; "))
}

/// Offers a figure to a draft and books what became of it.
fn offer(
    row: Row<'_>,
    key: Key,
    figure: Figure,
    draft: &mut Draft,
    account: &mut Account,
) -> Result<(), ImportError> {
    let (name, value) = (key.to_string(), figure.value.clone());
    match draft.offer(key, figure, &SECONDARY) {
        Offer::Carried => account.carry(draft.id, 1),
        Offer::SetAside => account.set_aside(draft.id, 1),
        Offer::Conflict { standing } => {
            return Err(row.differs(&name, &value, "an earlier row", &standing));
        }
    }
    Ok(())
}

/// A row about a provincial unit or the nation: a repeat, a second value, or something new.
fn provincial(
    row: Row<'_>,
    key: Key,
    figure: Figure,
    (cities, provinces): (&mut Draft, &mut Draft),
    account: &mut Account,
) -> Result<(), ImportError> {
    let key = match vintage_in_provinces(&key) {
        Some(vintage) => key.with_vintage(vintage),
        // An edition of the city yearbook: a municipality is a member of the city sets.
        None if key.region != NATION && key.vintage != "prelim_post4EC" => {
            return offer(row, key, figure, cities, account);
        }
        None => return offer(row, key, figure, provinces, account),
    };
    if let Some(standing) = provinces.figure(&key) {
        if same_in_print(&standing.value, &figure.value) {
            account.repeat(1);
        } else {
            account.set_aside(PROVINCES, 1);
            provinces.set_aside(key, figure);
        }
        return Ok(());
    }
    if figure.note.starts_with("derived: sum of") && sums_to(provinces, &key, &figure.value) {
        account.leave_out("sum of the 31 units, found equal", 1);
        return Ok(());
    }
    offer(row, key, figure, provinces, account)
}

/// The vintage under which the provincial tables hold the same statement, if there is one.
///
/// The annual database, the science yearbook and the accreditation lists are the sources of the
/// provincial `as-published` series. For GDP of a provincial unit the bulletin is the first release,
/// and what the city table calls final is the revision after the fourth census; every such cell is
/// compared. All other city vintages have no counterpart and keep their names.
fn vintage_in_provinces(key: &Key) -> Option<&'static str> {
    match (key.vintage.as_str(), key.indicator.as_str()) {
        ("nbs_annual" | "yearbook_tech" | "innocom_list", _) => Some("as-published"),
        ("prelim_post4EC", "gdp") => Some("first-release"),
        ("final_post4EC", "gdp") => Some("4EC"),
        _ => None,
    }
}

/// Whether two values agree to the last digit that the shorter of them prints.
fn same_in_print(a: &str, b: &str) -> bool {
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let places = decimals(a).min(decimals(b));
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x == y || format!("{x:.places$}") == format!("{y:.places$}"),
        _ => false,
    }
}

/// Whether a national value is the sum of the units, up to the rounding of its print.
fn sums_to(provinces: &Draft, key: &Key, value: &str) -> bool {
    let parts = provinces.figures().filter(|(other, _)| {
        other.region != NATION
            && Key {
                region: key.region.clone(),
                ..(*other).clone()
            } == *key
    });
    let sum: f64 = parts
        .filter_map(|(_, figure)| figure.value.parse::<f64>().ok())
        .sum();
    value
        .parse::<f64>()
        .is_ok_and(|value| (value - sum).abs() <= 1e-4)
}

/// Patents per resident are derived in the raw table: compared with its parts, then dropped.
fn per_resident(row: Row<'_>, cities: &Draft) -> Result<(), ImportError> {
    let (code, year) = (row.text("region_code")?, row.year("year")?);
    let part = |indicator, vintage| {
        let figure = cities.figure(&Key::new(code, &year, (indicator, ""), vintage));
        figure.and_then(|figure| figure.value.parse::<f64>().ok())
    };
    let found = row.number("value")?;
    let parts = (part("pat_grant_inv", row.text("vintage")?), part("pop", "7C"));
    if let ((Some(patents), Some(residents)), Ok(value)) = (parts, found.parse::<f64>()) {
        let expected = patents / residents;
        if (value - expected).abs() <= 5e-4 {
            return Ok(());
        }
        return Err(row.differs("inv_granted_per10k", &found, "its parts", &expected.to_string()));
    }
    Err(row.cell("value", &found, "a ratio of two carried figures"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_agree_to_the_last_digit_that_the_shorter_prints() {
        assert!(same_in_print("8687", "8687.00926"));
        assert!(same_in_print("25041.43", "25041.4"));
        assert!(same_in_print("73129", "73129"));
        assert!(!same_in_print("722.884", "637.2328"));
        assert!(!same_in_print("8688", "8687.00926"));
        assert!(!same_in_print("", "1"));
    }

    #[test]
    fn a_distrusted_figure_says_so_at_the_head_of_its_note() {
        assert_eq!(distrust_note("DISTRUSTED: too small"), "distrusted: too small");
        assert_eq!(
            distrust_note("year-end; DISTRUSTED: out of line"),
            "distrusted: out of line; year-end"
        );
        assert_eq!(distrust_note("year-end"), "year-end");
    }

    #[test]
    fn only_proven_vintages_are_those_of_the_provinces() {
        let vintage =
            |indicator, vintage| vintage_in_provinces(&Key::new("510000", "2019", (indicator, ""), vintage));
        assert_eq!(vintage("emp", "nbs_annual"), Some("as-published"));
        assert_eq!(vintage("gdp", "prelim_post4EC"), Some("first-release"));
        assert_eq!(vintage("gdp_pc", "prelim_post4EC"), None);
        assert_eq!(vintage("gdp", "as_published_pre4EC"), None);
    }

    #[test]
    fn city_ids_become_ids_of_the_codebook() {
        assert_eq!(indicator("emp_sec_J"), Some(("emp", "J")));
        assert_eq!(indicator("va2_share"), Some(("va3_share", "secondary")));
        assert_eq!(indicator("rd_exp"), Some(("rd_exp", "")));
        assert_eq!(indicator("inv_granted_per10k"), None);
    }
}

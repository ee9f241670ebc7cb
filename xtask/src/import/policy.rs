//! The policy tables: priority lists, their crosswalk, documents, coded clauses and claims.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::draft::Draft;
use super::ledger::{Account, Ledger};
use super::raw::{ImportError, Raw, Row};

/// The package that these tables go to.
pub(crate) const PACKAGE: &str = "cn-policy";

const NATIONAL: &[&str] = &[
    "list_id",
    "item_no",
    "code",
    "name_zh",
    "name_en",
    "source_document",
    "source_url",
    "verification",
    "note",
];
const LOCAL: &[&str] = &[
    "list_id",
    "region",
    "region_code",
    "level",
    "year",
    "item_no",
    "name_zh",
    "name_en",
    "category",
    "source_document",
    "source_url",
    "verification",
];
const CROSSWALK: &[&str] = &[
    "list_id",
    "region",
    "item_no",
    "name_en",
    "mic2025_codes",
    "sei2018_codes",
    "fyp14_sei_codes",
    "gbt4754_2017_divisions",
    "isic_rev4_divisions",
    "fit_to_national",
    "note",
];
const DIVISIONS: &[&str] = &[
    "gbt4754_2017_division",
    "gbt_name_zh",
    "isic_rev4_division_main",
    "isic_name",
    "match_note",
    "status",
];
const DOCUMENTS: &[&str] = &[
    "doc_id",
    "level",
    "region",
    "issued",
    "document_number",
    "title_en",
    "title_zh",
    "source",
    "text_basis",
    "clauses_coded",
    "note",
];
const CLAUSES: &[&str] = &[
    "doc_id",
    "clause_no",
    "clause_heading_zh",
    "primary_code",
    "secondary_codes",
    "EDU",
    "TDS",
    "FUN",
    "FIN",
    "TAX",
    "EXT",
    "PRO",
    "REG",
    "ADV",
    "concreteness",
    "text_basis",
];
const MIX: &[&str] = &[
    "doc_id",
    "EDU",
    "TDS",
    "FUN",
    "FIN",
    "TAX",
    "EXT",
    "PRO",
    "REG",
    "ADV",
    "coded_clauses",
    "uncoded_organisational",
];
const CLUSTERS: &[&str] = &[
    "city",
    "cluster_en",
    "cluster_zh",
    "miit_round",
    "year",
    "source_url",
];
const CLAIMS: &[&str] = &[
    "claim_id",
    "slide",
    "subject",
    "statement",
    "value",
    "unit",
    "year",
    "definitions_to_try",
];
const TRIALS: &[&str] = &[
    "claim",
    "trial",
    "said",
    "statistic",
    "term",
    "of",
    "against",
    "year",
    "vintages",
    "criterion",
    "remark",
];
/// Claims of the deck that the raw table misses.
const MORE_CLAIMS: (&str, &str) = (
    "cn-policy-claims.csv",
    include_str!("packages/cn-policy-claims.csv"),
);
/// Under which definitions each claim is tried.
const TRIAL_ROWS: (&str, &str) = (
    "cn-policy-trials.csv",
    include_str!("packages/cn-policy-trials.csv"),
);
/// The nine instruments, in the order of the codebook.
const INSTRUMENTS: [&str; 9] = ["EDU", "TDS", "FUN", "FIN", "TAX", "EXT", "PRO", "REG", "ADV"];

/// A place in the words of the policy tables, and its code.
const PLACES: [(&str, &str); 10] = [
    ("China", "100000"),
    ("Chengdu", "510100"),
    ("Chengdu-Chongqing (Sichuan and Chongqing)", "CC"),
    ("Chongqing", "500000"),
    ("Hubei", "420000"),
    ("Jiangsu", "320000"),
    ("Jinan (Shandong)", "370100"),
    ("Jinhua (Zhejiang)", "330700"),
    ("Qingdao (Shandong)", "370200"),
    ("Shandong", "370000"),
];

/// Reads all policy tables into the draft. `cities` gives the names of the cities by their codes.
pub(crate) fn read(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    cities: &BTreeMap<String, String>,
) -> Result<(), ImportError> {
    let items = items(dir, draft, ledger)?;
    crosswalk(dir, draft, ledger, &items)?;
    divisions(dir, draft, ledger)?;
    super::divisions::crosswalk(draft);
    documents(dir, draft, ledger)?;
    clauses(dir, draft, ledger)?;
    instruments(dir, draft, ledger)?;
    clusters(dir, draft, ledger, cities)?;
    claims(dir, draft, ledger)
}

/// The English name of every item, by list and number.
type Items = BTreeMap<(String, String), String>;

fn items(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<Items, ImportError> {
    let (mut names, mut lists, mut rows) = (Items::new(), BTreeMap::new(), vec![]);
    let raw = Raw::read(dir, "policy/national_priorities.csv", NATIONAL)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let id = row.text("list_id")?;
        add_list(
            row,
            &mut lists,
            ["national", "100000", "China", national_year(row, id)?, ""],
        )?;
        rows.push(item(row, &mut names, row.text("code")?, "", row.text("note")?)?);
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)?;
    let raw = Raw::read(dir, "policy/local_priorities.csv", LOCAL)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let text = row.text("year")?;
        let (year, note) = text.split_once(" (").unwrap_or((text, ""));
        let (code, region) = (row.text("region_code")?, row.text("region")?);
        let code = if code == "CC" { "cn-cities:CC" } else { code };
        add_list(
            row,
            &mut lists,
            [row.text("level")?, code, region, year, note.trim_end_matches(')')],
        )?;
        rows.push(item(row, &mut names, "", row.text("category")?, "")?);
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)?;
    let header = [
        "list",
        "level",
        "region",
        "region_name",
        "year",
        "year_note",
        "source_document",
        "source_url",
    ];
    draft.table("lists", &header, lists.into_values().collect());
    let header = [
        "list",
        "item",
        "code",
        "name_en",
        "name_zh",
        "category",
        "verification",
        "note",
    ];
    draft.table("items", &header, rows);
    Ok(names)
}

/// The year in which a national list was issued; the raw table has it in the title only.
fn national_year(row: Row<'_>, list: &str) -> Result<&'static str, ImportError> {
    match list {
        "MIC2025" => Ok("2015"),
        "SEI2018" => Ok("2018"),
        _ if list.starts_with("FYP14_") => Ok("2021"),
        _ => Err(row.cell("list_id", list, "a known national list")),
    }
}

/// Adds the list of a row, or checks that the row says of it what its first row said.
fn add_list(
    row: Row<'_>,
    lists: &mut BTreeMap<String, Vec<String>>,
    place: [&str; 5],
) -> Result<(), ImportError> {
    let id = row.text("list_id")?;
    let mut cells = vec![id];
    cells.extend(place);
    cells.extend([row.text("source_document")?, row.text("source_url")?]);
    let cells: Vec<_> = cells.into_iter().map(str::to_owned).collect();
    match lists.get(id) {
        Some(first) if *first != cells => Err(row.differs(
            id,
            &cells.join(", "),
            "the first row of the list",
            &first.join(", "),
        )),
        Some(_) => Ok(()),
        None => {
            lists.insert(id.to_owned(), cells);
            Ok(())
        }
    }
}

fn item(
    row: Row<'_>,
    names: &mut Items,
    code: &str,
    category: &str,
    note: &str,
) -> Result<Vec<String>, ImportError> {
    let (list, number, name) = (row.text("list_id")?, row.text("item_no")?, row.text("name_en")?);
    names.insert((list.to_owned(), number.to_owned()), name.to_owned());
    let cells = [
        list,
        number,
        code,
        name,
        row.text("name_zh")?,
        category,
        row.text("verification")?,
        note,
    ];
    Ok(cells.map(str::to_owned).to_vec())
}

fn crosswalk(dir: &Path, draft: &mut Draft, ledger: &mut Ledger, items: &Items) -> Result<(), ImportError> {
    const SCHEMES: [(&str, &str); 5] = [
        ("mic2025_codes", "MIC2025"),
        ("sei2018_codes", "SEI2018"),
        ("fyp14_sei_codes", "FYP14_SEI"),
        ("gbt4754_2017_divisions", "GB/T 4754-2017"),
        ("isic_rev4_divisions", "ISIC Rev. 4"),
    ];
    let raw = Raw::read(dir, "policy/priority_crosswalk.csv", CROSSWALK)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let (mut incidence, mut fit) = (vec![], vec![]);
    for row in raw.rows() {
        let (list, number, name) = (row.text("list_id")?, row.text("item_no")?, row.text("name_en")?);
        let expected = items
            .get(&(list.to_owned(), number.to_owned()))
            .map_or("", String::as_str);
        if name != expected {
            return Err(row.differs(&format!("{list} {number}"), name, "the priority lists", expected));
        }
        for (column, scheme) in SCHEMES {
            let codes = row.text(column)?.split(';').filter(|code| !code.is_empty());
            incidence.extend(codes.map(|code| [list, number, scheme, code].map(str::to_owned).to_vec()));
        }
        let cells = [list, number, row.text("fit_to_national")?, row.text("note")?];
        fit.push(cells.map(str::to_owned).to_vec());
        account.carry(PACKAGE, 1);
    }
    draft.table("incidence", &["list", "item", "scheme", "code"], incidence);
    draft.table("fit", &["list", "item", "fit", "note"], fit);
    ledger.close(account)
}

/// Copies a table under new column names, without the columns that are not named.
fn copy(
    dir: &Path,
    ledger: &mut Ledger,
    file: &str,
    columns: &'static [&'static str],
    wanted: &[&str],
) -> Result<Vec<Vec<String>>, ImportError> {
    let raw = Raw::read(dir, file, columns)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    account.carry(PACKAGE, raw.len());
    let rows = raw.rows().map(|row| {
        wanted
            .iter()
            .map(|column| row.text(column).map(str::to_owned))
            .collect::<Result<Vec<_>, _>>()
    });
    let rows = rows.collect::<Result<_, _>>()?;
    ledger.close(account)?;
    Ok(rows)
}

fn divisions(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let rows = copy(
        dir,
        ledger,
        "policy/gbt4754_isic4_divisions.csv",
        DIVISIONS,
        DIVISIONS,
    )?;
    let header = [
        "gbt_division",
        "gbt_name_zh",
        "isic_division",
        "isic_name_en",
        "match",
        "status",
    ];
    draft.table("divisions", &header, rows);
    Ok(())
}

fn documents(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "policy/policy_documents.csv", DOCUMENTS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let name = row.text("region")?;
        let Some((_, code)) = PLACES.iter().find(|(place, _)| *place == name) else {
            return Err(row.cell("region", name, "a known place"));
        };
        let mut cells = vec![row.text("doc_id")?, row.text("level")?, code];
        for column in &DOCUMENTS[2..] {
            cells.push(row.text(column)?);
        }
        rows.push(cells.into_iter().map(str::to_owned).collect());
        account.carry(PACKAGE, 1);
    }
    let header = [
        "document",
        "level",
        "region",
        "region_name",
        "issued",
        "document_number",
        "title_en",
        "title_zh",
        "source",
        "text_basis",
        "clauses_coded",
        "note",
    ];
    draft.table("documents", &header, rows);
    ledger.close(account)
}

/// Clauses are carried without their headings, which belong to the texts.
fn clauses(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let wanted: Vec<_> = CLAUSES
        .iter()
        .copied()
        .filter(|column| *column != "clause_heading_zh")
        .collect();
    let rows = copy(dir, ledger, "policy/policy_clause_coding.csv", CLAUSES, &wanted)?;
    mix(dir, ledger, &rows)?;
    let mut header = vec!["document", "clause", "primary", "secondary"];
    header.extend(INSTRUMENTS);
    header.extend(["concreteness", "text_basis"]);
    draft.table("clauses", &header, rows);
    Ok(())
}

/// The summary of primary codes is derived: compared with the coding, then dropped.
fn mix(dir: &Path, ledger: &mut Ledger, clauses: &[Vec<String>]) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "policy/policy_mix_summary_primary.csv", MIX)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    account.carry(PACKAGE, 0);
    let mut seen = BTreeSet::new();
    for row in raw.rows() {
        let document = row.text("doc_id")?;
        let count = |wanted: &dyn Fn(&str) -> bool| {
            clauses
                .iter()
                .filter(|cells| cells[0] == document && wanted(&cells[2]))
                .count()
                .to_string()
        };
        let mut expected: Vec<_> = INSTRUMENTS
            .iter()
            .map(|code| (*code, count(&|primary| primary == *code)))
            .collect();
        expected.push(("coded_clauses", count(&|primary| primary != "NONE")));
        expected.push(("uncoded_organisational", count(&|primary| primary == "NONE")));
        for (column, expected) in expected {
            let found = row.text(column)?;
            if found != expected {
                let key = format!("{column} of {document}");
                return Err(row.differs(&key, found, "the coding of the clauses", &expected));
            }
        }
        seen.insert(document);
        account.leave_out("derived from the coding, found equal", 1);
    }
    let coded: BTreeSet<_> = clauses.iter().map(|cells| cells[0].as_str()).collect();
    if seen != coded {
        let file = raw.file().to_owned();
        return Err(ImportError::Unbalanced {
            file,
            unit: "documents",
            read: seen.len(),
            accounted: coded.len(),
        });
    }
    ledger.close(account)
}

/// The codebook of instruments is a table inside a text; the text stands in the README of the package.
fn instruments(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let file = "policy/instruments.md";
    let path = dir.join(file);
    let text = std::fs::read_to_string(&path).map_err(|source| ImportError::Io { path, source })?;
    let mut rows = vec![];
    for line in text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| code "))
    {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let group = match cells.first().copied() {
            Some("EDU" | "TDS" | "FUN") => "supply",
            Some("PRO") => "demand",
            _ => "environment",
        };
        rows.push(cells.into_iter().chain([group]).map(str::to_owned).collect());
    }
    let mut account = Account::new(file, "rows", rows.len());
    account.carry(PACKAGE, INSTRUMENTS.len());
    draft.table(
        "instruments",
        &["instrument", "name_en", "include", "exclude", "group"],
        rows,
    );
    ledger.close(account)
}

fn clusters(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    cities: &BTreeMap<String, String>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "policy/jiangsu_national_clusters_by_city.csv", CLUSTERS)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let city = row.text("city")?;
        let jiangsu = |(code, name): &(&String, &String)| code.starts_with("32") && *name == city;
        let Some((code, _)) = cities.iter().find(jiangsu) else {
            return Err(row.cell("city", city, "a city of Jiangsu"));
        };
        let mut cells = vec![code.as_str()];
        for column in CLUSTERS {
            cells.push(row.text(column)?);
        }
        rows.push(cells.into_iter().map(str::to_owned).collect());
        account.carry(PACKAGE, 1);
    }
    let header = [
        "region",
        "region_name",
        "cluster_en",
        "cluster_zh",
        "round",
        "year",
        "source_url",
    ];
    draft.table("clusters", &header, rows);
    ledger.close(account)
}

/// The raw claims, and those of the same deck that the raw table misses; beside each number the unit of its last digit. How each
/// can be tried is the project's own work, like the further claims.
fn claims(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let mut rows = copy(dir, ledger, "policy/claims.csv", CLAIMS, CLAIMS)?;
    rows.extend(own_rows(MORE_CLAIMS, CLAIMS)?);
    for row in &mut rows {
        let digit = last_digit(&row[4], &row[5]);
        row.insert(5, digit);
    }
    let mut header = CLAIMS.to_vec();
    header[0] = "claim";
    header.insert(5, "last_digit");
    draft.table("claims", &header, rows);
    draft.table("trials", TRIALS, own_rows(TRIAL_ROWS, TRIALS)?);
    Ok(())
}

/// The rows of a table that is kept beside this module.
fn own_rows(
    (file, text): (&str, &'static str),
    columns: &'static [&'static str],
) -> Result<Vec<Vec<String>>, ImportError> {
    Raw::parse(file, text, columns)?
        .rows()
        .map(|row| columns.iter().map(|c| row.text(c).map(str::to_owned)).collect())
        .collect()
}

/// The unit of the last digit said. An amount of money is said in round figures, so the zeros at its end are no digits; all other
/// numbers of the claims are whole.
fn last_digit(value: &str, unit: &str) -> String {
    match (value, unit) {
        ("", _) => String::new(),
        (_, "yuan") => {
            let zeros = value.len() - value.trim_end_matches('0').len();
            format!("1{}", "0".repeat(zeros))
        }
        _ => "1".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::last_digit;

    #[test]
    fn zeros_at_the_end_of_an_amount_are_no_digits() {
        let said = [
            ("123600", "yuan", "100"),
            ("70653", "yuan", "1"),
            ("30", "%", "1"),
            ("", "statement", ""),
        ];
        for (value, unit, expected) in said {
            assert_eq!(last_digit(value, unit), expected, "{value} {unit}");
        }
    }
}

//! The European tables: NUTS 2 regions of the 2021 classification, and what else the tables name.

use std::collections::BTreeMap;
use std::path::Path;

use super::draft::{Draft, Figure, Key, Offer};
use super::ledger::{Account, Ledger};
use super::provinces::{PARTITION_COLUMNS, SET_COLUMNS, join_notes, partition_row, set_row};
use super::raw::{ImportError, Raw, Row};

/// The package that these tables go to.
pub(crate) const PACKAGE: &str = "eu-nuts2";
const VINTAGE: &str = "eurostat";
const SCHEME: &str = "NUTS 2021";

const CORE: &[&str] = &[
    "nuts2021",
    "region_name",
    "region_name_en",
    "country_code",
    "country_name",
    "eu27_2020",
    "gdp_pps_hab_2019",
    "gdp_eur_hab_2019",
    "gdp_pps_pct_eu_2019",
    "gdp_meur_2019",
    "population_2019",
    "gerd_pct_gdp",
    "gerd_year",
    "gerd_flag",
    "berd_pct_gdp_2015",
    "tertiary_25_64_pct",
    "tertiary_year",
    "hrst_pct_pop_2018",
    "hrst_core_pct_pop_2018",
    "scientists_engineers_pct_pop_2018",
    "emp_hightech_mfg_medhigh_pct_2018",
    "emp_hightech_sectors_pct_2018",
    "emp_knowledge_intensive_services_pct_2018",
    "epo_patents_per_mhab_2012",
    "ris2019_rii_eu2011_100",
    "ris2019_rii_rel_eu2019",
    "emp_share_A_2015_pct",
    "emp_share_BE_2015_pct",
    "emp_share_F_2015_pct",
    "emp_share_GI_2015_pct",
    "emp_share_J_2015_pct",
    "emp_share_K_2015_pct",
    "emp_share_L_2015_pct",
    "emp_share_MN_2015_pct",
    "emp_share_OQ_2015_pct",
    "emp_share_RU_2015_pct",
    "emp_total_ths_2015",
];
const GDP: &[&str] = &["nuts_code", "year", "gdp_pps_hab"];
const GERD: &[&str] = &["nuts_code", "name_en", "year", "gerd_pct_gdp", "flag"];
const NACE: &[&str] = &["nuts2013", "nace", "employment_thousand_2015", "flag", "nuts2021"];
const RECODES: &[&str] = &["old_code", "new_code_2021"];

/// A figure column of the core table.
struct Column {
    name: &'static str,
    indicator: (&'static str, &'static str),
    /// A year, or the column that holds it.
    year: &'static str,
    source: &'static str,
}

const fn column(
    name: &'static str,
    indicator: &'static str,
    class: &'static str,
    year: &'static str,
    source: &'static str,
) -> Column {
    Column {
        name,
        indicator: (indicator, class),
        year,
        source,
    }
}

const COLUMNS: [Column; 28] = [
    column("gdp_pps_hab_2019", "gdp_pc_pps", "", "2019", "ESTAT-GDP"),
    column("gdp_eur_hab_2019", "gdp_pc_eur", "", "2019", "ESTAT-GDP"),
    column("gdp_pps_pct_eu_2019", "gdp_pc_pps_eu", "", "2019", "ESTAT-GDP"),
    column("gdp_meur_2019", "gdp_meur", "", "2019", "ESTAT-GDP"),
    column("population_2019", "pop_eu", "", "2019", "ESTAT-POP"),
    column("gerd_pct_gdp", "gerd_intensity", "", "gerd_year", "ESTAT-GERD"),
    column("berd_pct_gdp_2015", "berd_intensity", "", "2015", "ESTAT-BERD"),
    column(
        "tertiary_25_64_pct",
        "tertiary_share",
        "",
        "tertiary_year",
        "ESTAT-EDU",
    ),
    column("hrst_pct_pop_2018", "hrst_share", "", "2018", "ESTAT-HRST"),
    column(
        "hrst_core_pct_pop_2018",
        "hrst_core_share",
        "",
        "2018",
        "ESTAT-HRST",
    ),
    column(
        "scientists_engineers_pct_pop_2018",
        "sci_eng_share",
        "",
        "2018",
        "ESTAT-HRST",
    ),
    column(
        "emp_hightech_mfg_medhigh_pct_2018",
        "emp_htmfg_share",
        "",
        "2018",
        "ESTAT-HTEC",
    ),
    column(
        "emp_hightech_sectors_pct_2018",
        "emp_htsec_share",
        "",
        "2018",
        "ESTAT-HTEC",
    ),
    column(
        "emp_knowledge_intensive_services_pct_2018",
        "emp_kis_share",
        "",
        "2018",
        "ESTAT-HTEC",
    ),
    column("epo_patents_per_mhab_2012", "pat_epo_pc", "", "2012", "ESTAT-PAT"),
    column("ris2019_rii_eu2011_100", "rii", "", "2019", "EC-RIS2019"),
    column("ris2019_rii_rel_eu2019", "rii_rel", "", "2019", "EC-RIS2019"),
    column("emp_share_A_2015_pct", "emp_nace_share", "A", "2015", "ESTAT-LFS"),
    column(
        "emp_share_BE_2015_pct",
        "emp_nace_share",
        "B-E",
        "2015",
        "ESTAT-LFS",
    ),
    column("emp_share_F_2015_pct", "emp_nace_share", "F", "2015", "ESTAT-LFS"),
    column(
        "emp_share_GI_2015_pct",
        "emp_nace_share",
        "G-I",
        "2015",
        "ESTAT-LFS",
    ),
    column("emp_share_J_2015_pct", "emp_nace_share", "J", "2015", "ESTAT-LFS"),
    column("emp_share_K_2015_pct", "emp_nace_share", "K", "2015", "ESTAT-LFS"),
    column("emp_share_L_2015_pct", "emp_nace_share", "L", "2015", "ESTAT-LFS"),
    column(
        "emp_share_MN_2015_pct",
        "emp_nace_share",
        "M_N",
        "2015",
        "ESTAT-LFS",
    ),
    column(
        "emp_share_OQ_2015_pct",
        "emp_nace_share",
        "O-Q",
        "2015",
        "ESTAT-LFS",
    ),
    column(
        "emp_share_RU_2015_pct",
        "emp_nace_share",
        "R-U",
        "2015",
        "ESTAT-LFS",
    ),
    column("emp_total_ths_2015", "emp_nace_total", "", "2015", "ESTAT-LFS"),
];

/// A region that some table names.
struct Place {
    scheme: String,
    name: String,
    local: String,
    level: &'static str,
    parent: String,
    note: &'static str,
}

/// Reads all European tables into the draft.
pub(crate) fn read(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let mut places = BTreeMap::new();
    // The long series first: the core table repeats their year 2019, and each repeat is compared.
    gdp(dir, draft, ledger, &mut places)?;
    gerd(dir, draft, ledger, &mut places)?;
    employment(dir, draft, ledger, &mut places)?;
    core(dir, draft, ledger, &mut places)?;
    recodes(dir, draft, ledger)?;
    regions(draft, places);
    Ok(())
}

fn gdp(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    places: &mut BTreeMap<String, Place>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "eu/eu_nuts012_gdp_pps_hab_2000_2021.csv", GDP)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let code = row.text("nuts_code")?;
        places
            .entry(code.to_owned())
            .or_insert_with(|| unnamed(code, SCHEME));
        let key = Key::new(code, &row.year("year")?, ("gdp_pc_pps", ""), VINTAGE);
        offer(
            row,
            key,
            row.number("gdp_pps_hab")?,
            "ESTAT-GDP",
            String::new(),
            draft,
        )?;
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

fn gerd(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    places: &mut BTreeMap<String, Place>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "eu/eu_nuts2_gerd_pct_gdp_2013_2024.csv", GERD)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        let (code, name) = (row.text("nuts_code")?, row.text("name_en")?);
        let place = places
            .entry(code.to_owned())
            .or_insert_with(|| unnamed(code, SCHEME));
        rename(place, code, name);
        let key = Key::new(code, &row.year("year")?, ("gerd_intensity", ""), VINTAGE);
        let note = flag_note(row, row.text("flag")?)?;
        offer(row, key, row.number("gerd_pct_gdp")?, "ESTAT-GERD", note, draft)?;
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

fn employment(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    places: &mut BTreeMap<String, Place>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "eu/eu_nuts2_employment_nace_2015.csv", NACE)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    for row in raw.rows() {
        if row.text("employment_thousand_2015")?.is_empty() {
            account.leave_out("blank in the source", 1);
            continue;
        }
        let (old, code) = (row.text("nuts2013")?, row.text("nuts2021")?);
        places
            .entry(code.to_owned())
            .or_insert_with(|| unnamed(code, "NUTS 2013"));
        let indicator = match row.text("nace")? {
            "TOTAL" => ("emp_nace_total", ""),
            class => ("emp_nace", class),
        };
        let recoded = if old == code {
            String::new()
        } else {
            format!("coded {old} in NUTS 2013")
        };
        let note = match flag_note(row, row.text("flag")?)? {
            flag if flag.is_empty() => recoded,
            flag => join_notes(&flag, &recoded),
        };
        let key = Key::new(code, "2015", indicator, VINTAGE);
        offer(
            row,
            key,
            row.number("employment_thousand_2015")?,
            "ESTAT-LFS",
            note,
            draft,
        )?;
        account.carry(PACKAGE, 1);
    }
    ledger.close(account)
}

/// The core table is wide: its cells are counted, and its rows once more as regions.
fn core(
    dir: &Path,
    draft: &mut Draft,
    ledger: &mut Ledger,
    places: &mut BTreeMap<String, Place>,
) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "eu/eu_nuts2_core.csv", CORE)?;
    let mut described = Account::new(raw.file(), "regions", raw.len());
    let mut cells = Account::new(raw.file(), "cells", raw.len() * COLUMNS.len());
    let (mut sets, mut groups) = (vec![], vec![]);
    for row in raw.rows() {
        place(row, places)?;
        membership(row, &mut sets, &mut groups)?;
        described.carry(PACKAGE, 1);
        for column in &COLUMNS {
            figure(row, column, draft, &mut cells)?;
        }
    }
    draft.table("sets", &SET_COLUMNS, sets);
    draft.table("partitions", &PARTITION_COLUMNS, groups);
    ledger.close(described)?;
    ledger.close(cells)
}

/// Describes a region of the core table, and its country.
fn place(row: Row<'_>, places: &mut BTreeMap<String, Place>) -> Result<(), ImportError> {
    let (code, country) = (row.text("nuts2021")?, row.text("country_code")?);
    let (local, english) = (row.text("region_name")?, row.text("region_name_en")?);
    let place = places
        .entry(code.to_owned())
        .or_insert_with(|| unnamed(code, SCHEME));
    place.scheme = SCHEME.to_owned();
    place.name = if english.is_empty() { local } else { english }.to_owned();
    place.local = local.to_owned();
    place.level = "nuts2";
    let nation = places
        .entry(country.to_owned())
        .or_insert_with(|| unnamed(country, SCHEME));
    nation.name = row.text("country_name")?.to_owned();
    Ok(())
}

fn membership(
    row: Row<'_>,
    sets: &mut Vec<Vec<String>>,
    groups: &mut Vec<Vec<String>>,
) -> Result<(), ImportError> {
    let (code, country) = (row.text("nuts2021")?, row.text("country_code")?);
    if row.text("eu27_2020")? == "1" {
        sets.push(set_row(
            "eu27",
            "NUTS 2 regions of the EU of 27",
            "欧盟27国NUTS 2区域",
            code,
        ));
        let name = row.text("country_name")?;
        groups.push(partition_row([
            "country",
            "Countries",
            "eu27",
            country,
            name,
            code,
            "",
        ]));
    }
    let composite = match code {
        "ES21" => Some(("basque-country", "Basque Country", "巴斯克")),
        "DE11" | "DE12" | "DE13" | "DE14" => Some(("baden-wuerttemberg", "Baden-Württemberg", "巴登-符腾堡")),
        "PT16" => Some(("centro", "Centro", "中部大区")),
        _ => None,
    };
    sets.extend(composite.map(|(set, en, zh)| set_row(set, en, zh, code)));
    Ok(())
}

fn figure(row: Row<'_>, column: &Column, draft: &mut Draft, cells: &mut Account) -> Result<(), ImportError> {
    if row.text(column.name)?.is_empty() {
        cells.leave_out("blank in the source", 1);
        return Ok(());
    }
    let year = if column.year.len() == 4 {
        column.year.to_owned()
    } else {
        row.year(column.year)?
    };
    let key = Key::new(row.text("nuts2021")?, &year, column.indicator, VINTAGE);
    let value = row.number(column.name)?;
    if let Some(standing) = draft.figure(&key) {
        if standing.value != value {
            return Err(row.differs(&key.to_string(), &value, "the long series", &standing.value));
        }
        cells.repeat(1);
        return Ok(());
    }
    let note = if column.name == "gerd_pct_gdp" {
        flag_note(row, row.text("gerd_flag")?)?
    } else {
        String::new()
    };
    offer(row, key, value, column.source, note, draft)?;
    cells.carry(PACKAGE, 1);
    Ok(())
}

fn offer(
    row: Row<'_>,
    key: Key,
    value: String,
    source: &str,
    note: String,
    draft: &mut Draft,
) -> Result<(), ImportError> {
    let name = key.to_string();
    let figure = Figure {
        value: value.clone(),
        source: source.to_owned(),
        note,
    };
    match draft.offer(key, figure, &[]) {
        Offer::Conflict { standing } => Err(row.differs(&name, &value, "an earlier row", &standing)),
        Offer::Carried | Offer::SetAside => Ok(()),
    }
}

fn flag_note(row: Row<'_>, flag: &str) -> Result<String, ImportError> {
    let meaning = match flag {
        "" => return Ok(String::new()),
        "b" => "break in the series",
        "c" => "confidential",
        "e" => "estimated",
        "p" => "provisional",
        "u" => "low reliability",
        "I40" => "as in the source table",
        other => return Err(row.cell("flag", other, "a known flag")),
    };
    Ok(format!("flag {flag}: {meaning}"))
}

/// A code that only an observation table names: what it is follows from its form.
fn unnamed(code: &str, scheme: &str) -> Place {
    let (level, parent) = match code.len() {
        _ if code.starts_with("EU") && code != "EU" => ("aggregate", ""),
        _ if code.starts_with("EA") => ("aggregate", ""),
        2 => ("country", ""),
        3 => ("nuts1", &code[..2]),
        _ if code.ends_with("ZZ") => ("extra-regio", &code[..2]),
        _ => ("nuts2", &code[..3]),
    };
    let scheme = if level == "aggregate" {
        "Eurostat aggregate"
    } else {
        scheme
    };
    Place {
        scheme: scheme.to_owned(),
        name: code.to_owned(),
        local: String::new(),
        level,
        parent: parent.to_owned(),
        note: "",
    }
}

/// The R&D table names regions of several classifications and says so behind the name.
fn rename(place: &mut Place, code: &str, name: &str) {
    let edition = name.rsplit_once('(').and_then(|(_, tail)| tail.strip_suffix(')'));
    if let Some(edition) = edition.filter(|edition| edition.starts_with("NUTS ")) {
        place.scheme = edition.to_owned();
    } else if edition.is_some_and(|edition| edition.starts_with("statistical region")) {
        place.scheme = "NUTS 2016".to_owned();
        place.note = "statistical region";
    }
    place.name = match code {
        "PT19" | "PT1A" | "PT1B" | "PT1C" | "PT1D" => {
            place.scheme = "NUTS 2024".to_owned();
            format!("{name} (NUTS 2024)")
        }
        _ if place.level == "extra-regio" => format!("Extra-regio {}", place.parent),
        _ => name.to_owned(),
    };
}

fn recodes(dir: &Path, draft: &mut Draft, ledger: &mut Ledger) -> Result<(), ImportError> {
    let raw = Raw::read(dir, "eu/nuts2_recodes_1to1_2013_to_2021.csv", RECODES)?;
    let mut account = Account::new(raw.file(), "rows", raw.len());
    let mut rows = vec![];
    for row in raw.rows() {
        let (old, new) = (row.text("old_code")?, row.text("new_code_2021")?);
        rows.push(["NUTS 2013", old, SCHEME, new].map(str::to_owned).to_vec());
        account.carry(PACKAGE, 1);
    }
    draft.table(
        "recodes",
        &["scheme_from", "region_from", "scheme_to", "region_to"],
        rows,
    );
    ledger.close(account)
}

/// Writes the regions. A parent that no table names falls back on the country, then on nothing.
fn regions(draft: &mut Draft, places: BTreeMap<String, Place>) {
    let parent_of = |place: &Place| {
        let country = place.parent.get(..2).unwrap_or_default();
        let known = |code: &str| places.get(code).is_some_and(|parent| parent.scheme == SCHEME);
        let direct = place.scheme == SCHEME && known(&place.parent);
        match (direct, known(country)) {
            (true, _) => place.parent.clone(),
            (false, true) => country.to_owned(),
            _ => String::new(),
        }
    };
    let rows = places.iter().map(|(code, place)| {
        let parent = parent_of(place);
        [
            code,
            &place.scheme,
            &place.name,
            "",
            &place.name,
            "",
            place.level,
            &parent,
            place.note,
            &place.local,
        ]
        .map(str::to_owned)
        .to_vec()
    });
    let header = [
        "region",
        "scheme",
        "name_en",
        "name_zh",
        "short_en",
        "short_zh",
        "level",
        "parent",
        "note",
        "name_local",
    ];
    let rows = rows.collect();
    draft.table("regions", &header, rows);
}

//! The tables of the guide, flat files made from the data packages.

use std::collections::{BTreeMap, BTreeSet};

use crate::run::root;

/// A table of a package: names of columns, rows.
struct Rows {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The first fields of the tables that are read here hold no comma.
fn read(path: &str) -> Rows {
    let text = std::fs::read_to_string(root().join("datasets").join(path)).unwrap();
    let mut lines = text
        .lines()
        .map(|l| l.split(',').map(str::to_owned).collect::<Vec<_>>());
    Rows {
        head: lines.next().unwrap(),
        rows: lines.collect(),
    }
}

impl Rows {
    fn at(&self, name: &str) -> usize {
        self.head.iter().position(|h| h == name).unwrap()
    }

    /// From one column to another.
    fn map(&self, from: &str, to: &str) -> BTreeMap<String, String> {
        let (from, to) = (self.at(from), self.at(to));
        self.rows
            .iter()
            .map(|r| (r[from].clone(), r[to].clone()))
            .collect()
    }
}

/// Indicator, class and vintage.
type Want = (&'static str, &'static str, &'static str);

/// Values of a package by region, year and class.
fn values(
    package: &str,
    table: &str,
    (indicator, class, vintage): Want,
) -> BTreeMap<(String, String, String), String> {
    let rows = read(&format!("{package}/observations/{table}.csv")).rows;
    let wanted = rows
        .into_iter()
        .filter(|r| r[2] == indicator && r[4] == vintage && (class == "*" || r[3] == class));
    wanted
        .map(|r| ((r[0].clone(), r[1].clone(), r[3].clone()), r[5].clone()))
        .collect()
}

/// The rows of a flat table: regions in the order of their codes, then years, then classes.
struct Flat<'a> {
    package: &'a str,
    years: &'a [&'a str],
    /// Name, table, and what of it.
    columns: &'a [(&'a str, &'a str, Want)],
    partitions: &'a [&'a str],
    /// Name of the column of classes.
    class: Option<&'a str>,
    /// Name, numerator, denominator, scale.
    ratios: &'a [(&'a str, &'a str, &'a str, f64)],
}

impl Flat<'_> {
    fn text(&self) -> String {
        let names = read(&format!("{}/regions.csv", self.package)).map("region", "name_en");
        let groups: Vec<BTreeMap<String, String>> =
            self.partitions.iter().map(|p| groups(self.package, p)).collect();
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|(_, table, want)| values(self.package, table, *want))
            .collect();
        let years: BTreeSet<&str> = self.years.iter().copied().collect();
        let keys: BTreeSet<&(String, String, String)> = columns
            .iter()
            .flat_map(BTreeMap::keys)
            .filter(|(region, year, _)| {
                years.contains(year.as_str()) && region != "100000" && names.contains_key(region)
            })
            .collect();
        let mut head: Vec<&str> = vec!["region", "year"];
        head.extend(self.class);
        head.extend(self.partitions);
        head.extend(self.columns.iter().map(|c| c.0));
        head.extend(self.ratios.iter().map(|r| r.0));
        let mut text = head.join(",") + "\n";
        for key in keys {
            let (region, year, class) = key;
            let mut row = vec![names[region].clone(), year.clone()];
            row.extend(self.class.map(|_| class.clone()));
            row.extend(groups.iter().map(|g| g[region].clone()));
            let cells: Vec<String> = columns
                .iter()
                .map(|c| c.get(key).cloned().unwrap_or_default())
                .collect();
            let of = |name: &str| -> f64 {
                let at = self.columns.iter().position(|c| c.0 == name).unwrap();
                cells[at].parse().unwrap()
            };
            row.extend(cells.iter().cloned());
            row.extend(
                self.ratios
                    .iter()
                    .map(|(_, a, b, scale)| format!("{:.4}", of(a) / of(b) * scale)),
            );
            text.push_str(&(row.join(",") + "\n"));
        }
        text
    }
}

fn groups(package: &str, partition: &str) -> BTreeMap<String, String> {
    let rows = read(&format!("{package}/partitions.csv"));
    let (id, region, name) = (rows.at("partition"), rows.at("region"), rows.at("group_en"));
    let own = rows.rows.iter().filter(|r| r[id] == partition);
    own.map(|r| (r[region].clone(), r[name].clone())).collect()
}

fn pairs(package: &str) -> String {
    let names = read(&format!("{package}/regions.csv")).map("region", "name_en");
    let rows = read(&format!("{package}/contiguity.csv"));
    let default = rows.at("default");
    let mut text = "i,j\n".to_owned();
    for row in rows.rows.iter().filter(|r| r[default] == "true") {
        text.push_str(&format!("{},{}\n", names[&row[0]], names[&row[1]]));
    }
    text
}

const RATIOS: [(&str, &str, &str, f64); 3] = [
    ("rd_per_gdp", "rd_exp", "gdp", 100.0),
    ("patents_pc", "patents", "pop", 1.0),
    ("papers_pc", "papers", "pop", 1.0),
];

/// Every table by the name of its file.
pub(super) fn tables() -> Vec<(&'static str, String)> {
    let toy = |columns, years, class, partitions, ratios| {
        Flat {
            package: "toy",
            years,
            columns,
            partitions,
            class,
            ratios,
        }
        .text()
    };
    let provinces = |columns, years, class, partitions, ratios| {
        Flat {
            package: "cn-provinces",
            years,
            columns,
            partitions,
            class,
            ratios,
        }
        .text()
    };
    let ten = [
        "2010", "2011", "2012", "2013", "2014", "2015", "2016", "2017", "2018", "2019",
    ];
    let eleven = [
        "2010", "2011", "2012", "2013", "2014", "2015", "2016", "2017", "2018", "2019", "2020",
    ];
    let printed = "as-published";
    vec![
        (
            "toy.csv",
            toy(
                &[
                    ("gdp", "accounts", ("gdp", "", "toy")),
                    ("gdp_pc", "accounts", ("gdp_pc", "", "toy")),
                    ("pop", "population", ("pop", "", "toy")),
                    ("rd_exp", "rd", ("rd_exp", "", "toy")),
                    ("patents", "patents", ("pat_grant_inv", "", "toy")),
                    ("papers", "papers", ("papers_sci", "", "toy")),
                ],
                &["2010", "2020"],
                None,
                &["halves", "zones"],
                &RATIOS,
            ),
        ),
        (
            "toy-income.csv",
            toy(
                &[("income", "income", ("income_yearly", "", "toy"))],
                &eleven,
                None,
                &[],
                &[],
            ),
        ),
        (
            "toy-sectors.csv",
            toy(
                &[
                    ("va", "accounts", ("va4", "*", "toy")),
                    ("jobs", "employment", ("jobs4", "*", "toy")),
                ],
                &["2010", "2020"],
                Some("sector"),
                &[],
                &[],
            ),
        ),
        (
            "toy-plants.csv",
            toy(
                &[
                    ("jobs", "employment", ("jobs4", "*", "toy")),
                    ("plants", "plants", ("plants4", "*", "toy")),
                ],
                &["2020"],
                Some("sector"),
                &[],
                &[],
            ),
        ),
        ("toy-pairs.csv", pairs("toy")),
        (
            "provinces.csv",
            provinces(
                &[
                    ("gdp", "accounts", ("gdp", "", "4EC")),
                    ("gdp_pc", "accounts", ("gdp_pc", "", "4EC")),
                    ("pop", "population", ("pop", "", "pre-7PC")),
                    ("rd_exp", "rd", ("rd_exp", "", printed)),
                    ("patents", "patents", ("pat_grant_inv", "", printed)),
                    ("papers", "papers", ("papers_sci", "", printed)),
                ],
                &ten,
                None,
                &["macro3", "macro4"],
                &RATIOS,
            ),
        ),
        (
            "provinces-sectors.csv",
            provinces(
                &[("va", "accounts", ("va", "*", "4EC"))],
                &["2010", "2019"],
                Some("sector"),
                &[],
                &[],
            ),
        ),
        (
            "provinces-jobs.csv",
            provinces(
                &[("jobs", "employment", ("emp", "*", printed))],
                &["2013", "2019"],
                Some("section"),
                &[],
                &[],
            ),
        ),
        ("province-pairs.csv", pairs("cn-provinces")),
    ]
}

/// [`tables`], made once.
pub(super) fn tables_once() -> &'static [(&'static str, String)] {
    static TABLES: std::sync::OnceLock<Vec<(&'static str, String)>> = std::sync::OnceLock::new();
    TABLES.get_or_init(tables)
}

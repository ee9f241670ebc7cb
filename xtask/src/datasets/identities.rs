//! The accounting identities that the figures must keep.
//!
//! An identity compares two statements of one fact in every place where both are known. Each is printed
//! with the number of cells and the largest deviation; a deviation beyond the tolerance is a violation
//! unless `known-deviations.csv` names it.

use super::facts::Facts;

/// One comparison: where, and how far the two statements are apart.
pub(crate) struct Cell {
    pub(crate) place: String,
    pub(crate) deviation: f64,
}

/// An identity.
pub(crate) struct Identity {
    /// The name under which `known-deviations.csv` lists exceptions.
    pub(crate) id: &'static str,
    /// What is compared.
    pub(crate) label: &'static str,
    /// The unit of the deviation.
    pub(crate) unit: &'static str,
    /// The largest deviation that is rounding.
    pub(crate) tolerance: f64,
    /// All comparisons.
    pub(crate) cells: fn(&Facts) -> Vec<Cell>,
}

const PUBLISHED: &str = "as-published";
const NATION: &str = "100000";
const NINE: [&str; 9] = [
    "agri",
    "industry",
    "construction",
    "trade",
    "transport",
    "hotel",
    "finance",
    "realestate",
    "other",
];
const THREE: [&str; 3] = ["primary", "secondary", "tertiary"];
const SECTIONS: [&str; 19] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S",
];
const GROUPS: [&str; 10] = ["A", "B-E", "F", "G-I", "J", "K", "L", "M_N", "O-Q", "R-U"];

/// All identities, in the order in which they are printed.
pub(crate) const IDENTITIES: [Identity; 18] = [
    Identity {
        id: "rd-nation",
        label: "R&D expenditure of the 31 units = national row",
        unit: "%",
        tolerance: 0.0001,
        cells: |facts| nation(facts, &["rd_exp"]),
    },
    Identity {
        id: "rd-sources",
        label: "four sources of R&D funds = total",
        unit: "100 million yuan",
        tolerance: 0.0125,
        cells: |facts| {
            let parts = [
                "rd_exp_src_gov",
                "rd_exp_src_ent",
                "rd_exp_src_foreign",
                "rd_exp_src_other",
            ];
            sums(
                facts,
                &units_and_nation(facts),
                &plain(&parts),
                ("rd_exp", ""),
                PUBLISHED,
            )
        },
    },
    Identity {
        id: "rd-kinds",
        label: "basic + applied + experimental R&D = total",
        unit: "100 million yuan",
        tolerance: 0.0125,
        cells: |facts| {
            let parts = ["rd_exp_basic", "rd_exp_applied", "rd_exp_experimental"];
            sums(
                facts,
                &units_and_nation(facts),
                &plain(&parts),
                ("rd_exp", ""),
                PUBLISHED,
            )
        },
    },
    Identity {
        id: "patents",
        label: "invention + utility model + design = all kinds of patents",
        unit: "items",
        tolerance: 0.0,
        cells: patents,
    },
    Identity {
        id: "high-tech-nation",
        label: "high-tech revenue, profit and R&D of the 31 units = national row",
        unit: "%",
        tolerance: 0.02,
        cells: |facts| nation(facts, &["ht_revenue", "ht_profit", "ht_rd_exp"]),
    },
    Identity {
        id: "gdp-industries",
        label: "three industries = GDP [4EC]",
        unit: "100 million yuan",
        tolerance: 0.1,
        cells: |facts| {
            sums(
                facts,
                facts.set("cn-provinces:all"),
                &classes("va3", &THREE),
                ("gdp", ""),
                "4EC",
            )
        },
    },
    Identity {
        id: "gdp-sectors",
        label: "nine sectors = GDP [4EC]",
        unit: "100 million yuan",
        tolerance: 0.3,
        cells: |facts| {
            sums(
                facts,
                facts.set("cn-provinces:all"),
                &classes("va", &NINE),
                ("gdp", ""),
                "4EC",
            )
        },
    },
    Identity {
        id: "gdp-pc",
        label: "GDP per head [4EC] = GDP over mean population [pre-7PC], 2006-2019",
        unit: "%",
        tolerance: 0.2,
        cells: per_head,
    },
    Identity {
        id: "employment",
        label: "19 sections = employment in urban units",
        unit: "10,000 persons",
        tolerance: 0.3,
        cells: |facts| {
            let units = facts.set("cn-provinces:all");
            sums(
                facts,
                units,
                &classes("emp", &SECTIONS),
                ("emp_total", ""),
                PUBLISHED,
            )
        },
    },
    Identity {
        id: "rd-intensity",
        label: "published R&D intensity = R&D over GDP first released, 2012, 2014, 2015, 2017-2023",
        unit: "points",
        tolerance: 0.008,
        cells: rd_intensity,
    },
    Identity {
        id: "profile",
        label: "ten ratios of the innovation profile of 2019: every part is there and positive",
        unit: "missing",
        tolerance: 0.0,
        cells: profile,
    },
    Identity {
        id: "city-shares",
        label: "shares of three industries in cities = 100",
        unit: "points",
        tolerance: 0.08,
        cells: city_shares,
    },
    Identity {
        id: "city-industries",
        label: "three industries in cities = GDP",
        unit: "%",
        tolerance: 0.1,
        cells: city_industries,
    },
    Identity {
        id: "city-gdp-pc",
        label: "GDP per head of cities = GDP over year-end population, 2020 and 2023",
        unit: "%",
        tolerance: 2.0,
        cells: city_per_head,
    },
    Identity {
        id: "eu-shares",
        label: "employment share = employment over total, to four digits",
        unit: "points",
        tolerance: 0.0005,
        cells: eu_shares,
    },
    Identity {
        id: "eu-shares-usable",
        label: "EU-27 regions whose ten shares add up to more than 97, and to 100.1 at most = 205",
        unit: "regions",
        tolerance: 0.0,
        cells: eu_usable,
    },
    Identity {
        id: "toy-sectors",
        label: "four invented sectors = GDP",
        unit: "100 million yuan",
        tolerance: 0.0,
        cells: |facts| {
            let parts = classes("va4", &["farming", "making", "research", "services"]);
            sums(facts, facts.set("toy:all"), &parts, ("gdp", ""), "toy")
        },
    },
    Identity {
        id: "toy-gdp-pc",
        label: "invented GDP per head = GDP over population",
        unit: "yuan",
        tolerance: 0.0,
        cells: toy_per_head,
    },
];

type Term<'a> = (&'a str, &'a str);

fn plain<'a>(indicators: &[&'a str]) -> Vec<Term<'a>> {
    indicators.iter().map(|indicator| (*indicator, "")).collect()
}

fn classes<'a>(indicator: &'a str, classes: &[&'a str]) -> Vec<Term<'a>> {
    classes.iter().map(|class| (indicator, *class)).collect()
}

fn units_and_nation(facts: &Facts) -> Vec<String> {
    let nation = std::iter::once(NATION.to_owned());
    facts
        .set("cn-provinces:all")
        .iter()
        .cloned()
        .chain(nation)
        .collect()
}

/// The sum of some terms, if every one of them is known.
fn sum(facts: &Facts, region: &str, year: i32, terms: &[Term<'_>], vintage: &str) -> Option<f64> {
    terms
        .iter()
        .map(|term| facts.get(region, year, *term, vintage))
        .sum()
}

/// Parts against their total, wherever the total and every part are known.
fn sums(facts: &Facts, regions: &[String], parts: &[Term<'_>], total: Term<'_>, vintage: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    for key in facts.keys(total.0, total.1).filter(|key| key.vintage == vintage) {
        if !regions.contains(&key.region) {
            continue;
        }
        let whole = facts.get(&key.region, key.year, total, vintage);
        if let (Some(sum), Some(whole)) = (sum(facts, &key.region, key.year, parts, vintage), whole) {
            let place = format!("{} {}", key.region, key.year);
            cells.push(Cell {
                place,
                deviation: (sum - whole).abs(),
            });
        }
    }
    cells
}

/// The sum of the 31 units against the published national row.
fn nation(facts: &Facts, indicators: &[&str]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for indicator in indicators {
        for key in facts.keys(indicator, "").filter(|key| key.region == NATION) {
            let term = (*indicator, "");
            let units = facts.set("cn-provinces:all").iter();
            let sum: Option<f64> = units.map(|unit| facts.get(unit, key.year, term, PUBLISHED)).sum();
            if let (Some(sum), Some(whole)) = (sum, facts.get(NATION, key.year, term, PUBLISHED)) {
                cells.push(ratio_cell(format!("{indicator} {}", key.year), sum, whole));
            }
        }
    }
    cells
}

/// A deviation in per cent of the expected value.
fn ratio_cell(place: String, found: f64, expected: f64) -> Cell {
    Cell {
        place,
        deviation: (found / expected - 1.0).abs() * 100.0,
    }
}

fn patents(facts: &Facts) -> Vec<Cell> {
    let regions = units_and_nation(facts);
    let mut cells = Vec::new();
    for kind in ["app", "grant", "valid"] {
        let ids = ["inv", "um", "des", "total"].map(|part| format!("pat_{kind}_{part}"));
        let parts: Vec<_> = ids[..3].iter().map(|id| (id.as_str(), "")).collect();
        let found = sums(facts, &regions, &parts, (&ids[3], ""), PUBLISHED);
        cells.extend(found.into_iter().map(|cell| Cell {
            place: format!("{kind} {}", cell.place),
            ..cell
        }));
    }
    cells
}

fn per_head(facts: &Facts) -> Vec<Cell> {
    let population = |region: &str, year| facts.get(region, year, ("pop", ""), "pre-7PC");
    let cell = |region: &str, year: i32| {
        let mean = (population(region, year)? + population(region, year - 1)?) / 2.0;
        let expected = facts.get(region, year, ("gdp", ""), "4EC")? / mean * 1e4;
        let found = facts.get(region, year, ("gdp_pc", ""), "4EC")?;
        Some(ratio_cell(format!("{region} {year}"), found, expected))
    };
    let units = facts.set("cn-provinces:all").iter();
    units
        .flat_map(|unit| (2006..=2019).filter_map(move |year| cell(unit, year)))
        .collect()
}

/// Before 2019 the first release is the vintage before the fourth census.
fn rd_intensity(facts: &Facts) -> Vec<Cell> {
    const YEARS: [i32; 10] = [2012, 2014, 2015, 2017, 2018, 2019, 2020, 2021, 2022, 2023];
    let cell = |region: &str, year: i32| {
        let vintage = if year < 2019 { "pre-4EC" } else { "first-release" };
        let gdp = facts.get(region, year, ("gdp", ""), vintage)?;
        let expected = facts.get(region, year, ("rd_exp", ""), PUBLISHED)? / gdp * 100.0;
        let found = facts.get(region, year, ("rd_intensity", ""), PUBLISHED)?;
        Some(Cell {
            place: format!("{region} {year}"),
            deviation: (found - expected).abs(),
        })
    };
    let units = facts.set("cn-provinces:all").iter();
    units
        .flat_map(|unit| YEARS.into_iter().filter_map(move |year| cell(unit, year)))
        .collect()
}

fn profile(facts: &Facts) -> Vec<Cell> {
    const PARTS: [(&str, &str, &str, i32); 16] = [
        ("rd_exp", "", PUBLISHED, 2019),
        ("gdp", "", "first-release", 2019),
        ("rd_fte", "", PUBLISHED, 2019),
        ("pat_grant_inv", "", PUBLISHED, 2019),
        ("papers_sci", "", PUBLISHED, 2019),
        ("pop", "", "pre-7PC", 2018),
        ("pop", "", "pre-7PC", 2019),
        ("rd_exp_basic", "", PUBLISHED, 2019),
        ("rd_exp_src_ent", "", PUBLISHED, 2019),
        ("techmkt_out_value", "", PUBLISHED, 2019),
        ("ht_revenue", "", PUBLISHED, 2019),
        ("ind_newprod_sales", "", PUBLISHED, 2019),
        ("va", "industry", "4EC", 2019),
        ("budget_st", "", PUBLISHED, 2019),
        ("budget_total", "", PUBLISHED, 2019),
        ("gdp", "", "4EC", 2019),
    ];
    let cell = |unit: &String, (indicator, class, vintage, year): (&str, &str, &str, i32)| {
        let value = facts.get(unit, year, (indicator, class), vintage);
        let missing = if value.is_some_and(|value| value > 0.0) {
            0.0
        } else {
            1.0
        };
        Cell {
            place: format!("{unit} {indicator} {year}"),
            deviation: missing,
        }
    };
    let units = facts.set("cn-provinces:all").iter();
    units
        .flat_map(|unit| PARTS.into_iter().map(move |part| cell(unit, part)))
        .collect()
}

/// The cities and years in which an indicator has a value in an edition of the city yearbook or an older
/// city vintage: everything but the national vintages.
fn city_cells(
    facts: &Facts,
    (indicator, class): Term<'_>,
    cell: impl Fn(&str, i32, &str) -> Option<Cell>,
) -> Vec<Cell> {
    let keys = facts
        .keys(indicator, class)
        .filter(|key| key.vintage != "4EC" && key.vintage != "toy");
    keys.filter_map(|key| cell(&key.region, key.year, &key.vintage))
        .collect()
}

fn city_shares(facts: &Facts) -> Vec<Cell> {
    city_cells(facts, ("va3_share", "primary"), |region, year, vintage| {
        let sum = sum(facts, region, year, &classes("va3_share", &THREE), vintage)?;
        Some(Cell {
            place: format!("{region} {year} {vintage}"),
            deviation: (sum - 100.0).abs(),
        })
    })
}

fn city_industries(facts: &Facts) -> Vec<Cell> {
    city_cells(facts, ("va3", "primary"), |region, year, vintage| {
        let sum = sum(facts, region, year, &classes("va3", &THREE), vintage)?;
        let gdp = facts.get(region, year, ("gdp", ""), vintage)?;
        Some(ratio_cell(format!("{region} {year} {vintage}"), sum, gdp))
    })
}

fn city_per_head(facts: &Facts) -> Vec<Cell> {
    city_cells(facts, ("gdp_pc", ""), |region, year, vintage| {
        if !vintage.starts_with("yearbook_") {
            return None;
        }
        let residents = facts.get(region, year, ("pop", ""), "7C")?;
        let expected = facts.get(region, year, ("gdp", ""), vintage)? / residents * 1e4;
        let found = facts.get(region, year, ("gdp_pc", ""), vintage)?;
        Some(ratio_cell(format!("{region} {year} {vintage}"), found, expected))
    })
}

fn eu_shares(facts: &Facts) -> Vec<Cell> {
    let mut cells = Vec::new();
    for class in GROUPS {
        for key in facts.keys("emp_nace_share", class) {
            let get = |indicator, class| facts.get(&key.region, key.year, (indicator, class), &key.vintage);
            let place = format!("{} {class}", key.region);
            // A share without its parts would be a share from nowhere.
            let parts = get("emp_nace", class).zip(get("emp_nace_total", ""));
            let expected = parts.map(|(part, whole)| part / whole * 100.0);
            let deviation = get("emp_nace_share", class)
                .zip(expected)
                .map(|(share, it)| (share - it).abs());
            cells.push(Cell {
                place,
                deviation: deviation.unwrap_or(f64::INFINITY),
            });
        }
    }
    cells
}

fn eu_usable(facts: &Facts) -> Vec<Cell> {
    let share = |region: &String| -> f64 {
        let shares = GROUPS
            .iter()
            .map(|class| facts.get(region, 2015, ("emp_nace_share", class), "eurostat"));
        shares.flatten().sum()
    };
    let sums: Vec<f64> = facts.set("eu-nuts2:eu27").iter().map(share).collect();
    let usable = sums.iter().filter(|sum| **sum > 97.0 && **sum <= 100.1).count();
    let place = format!("{usable} of {} regions", sums.len());
    vec![Cell {
        place,
        deviation: usable.abs_diff(205) as f64,
    }]
}

fn toy_per_head(facts: &Facts) -> Vec<Cell> {
    let get = |region: &str, year, indicator| facts.get(region, year, (indicator, ""), "toy");
    let cell = |region: &str, year| {
        let expected = get(region, year, "gdp")? / get(region, year, "pop")? * 1e4;
        let deviation = (get(region, year, "gdp_pc")? - expected).abs();
        Some(Cell {
            place: format!("{region} {year}"),
            deviation,
        })
    };
    let regions = facts.set("toy:all").iter();
    regions
        .flat_map(|region| {
            [2010, 2020]
                .into_iter()
                .filter_map(move |year| cell(region, year))
        })
        .collect()
}

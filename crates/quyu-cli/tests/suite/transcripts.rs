//! Commands on the toy data and on the provinces, exported to flat tables, with what they print.

use std::collections::BTreeMap;
use std::path::Path;

use crate::run::{root, run, words};

/// The rows of a table of observations: region, year, indicator, class, vintage, value.
fn observations(package: &str, table: &str) -> Vec<[String; 6]> {
    let path = root().join(format!("datasets/{package}/observations/{table}.csv"));
    let text = std::fs::read_to_string(path).unwrap();
    // The first six fields hold no comma.
    let fields = |line: &str| -> [String; 6] {
        let mut parts = line.split(',').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap())
    };
    text.lines().skip(1).map(fields).collect()
}

/// Joins indicators by region and year: `region,year,a,b`.
fn flat(
    rows: &[[String; 6]],
    columns: &[(&str, &str)],
    years: &[&str],
    groups: &BTreeMap<String, String>,
) -> String {
    let mut cells: BTreeMap<(&str, &str), BTreeMap<usize, &str>> = BTreeMap::new();
    for [region, year, indicator, class, vintage, value] in rows {
        let at = columns
            .iter()
            .position(|(i, v)| i == indicator && v == vintage && class.is_empty());
        if let Some(at) = at.filter(|_| years.contains(&year.as_str()) && groups.contains_key(region)) {
            cells.entry((region, year)).or_default().insert(at, value);
        }
    }
    let names: Vec<&str> = columns.iter().map(|(i, _)| *i).collect();
    let mut text = format!("region,year,group,{}\n", names.join(","));
    for ((region, year), values) in cells {
        let row: Vec<&str> = (0..columns.len())
            .map(|i| values.get(&i).copied().unwrap_or(""))
            .collect();
        text.push_str(&format!("{region},{year},{},{}\n", groups[region], row.join(",")));
    }
    text
}

fn groups(package: &str, partition: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join(format!("datasets/{package}/partitions.csv"))).unwrap();
    let rows = text
        .lines()
        .map(|l| l.split(',').map(str::to_owned).collect::<Vec<_>>());
    rows.filter(|r| r[0] == partition)
        .map(|r| (r[5].clone(), r[4].clone()))
        .collect()
}

fn toy(folder: &Path) {
    let mut rows = observations("toy", "accounts");
    let classed: Vec<[String; 6]> = rows.iter().filter(|r| r[2] == "va4").cloned().collect();
    rows.extend(observations("toy", "population"));
    rows.extend(observations("toy", "rd"));
    let columns = [
        ("gdp", "toy"),
        ("gdp_pc", "toy"),
        ("pop", "toy"),
        ("rd_exp", "toy"),
    ];
    let text = flat(&rows, &columns, &["2010", "2020"], &groups("toy", "halves"));
    std::fs::write(folder.join("toy.csv"), text).unwrap();
    let mut text = "region,year,sector,va (100 million yuan)\n".to_owned();
    for [region, year, _, class, _, value] in classed {
        text.push_str(&format!("{region},{year},{class},{value}\n"));
    }
    std::fs::write(folder.join("sectors.csv"), text).unwrap();
}

fn provinces(folder: &Path) {
    let mut rows = observations("cn-provinces", "accounts");
    rows.extend(observations("cn-provinces", "population"));
    let columns = [("gdp", "4EC"), ("gdp_pc", "4EC"), ("pop", "pre-7PC")];
    let text = flat(
        &rows,
        &columns,
        &["2011", "2015", "2019"],
        &groups("cn-provinces", "macro3"),
    );
    std::fs::write(folder.join("provinces.csv"), text).unwrap();
}

fn transcript(make: fn(&Path), commands: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let mut text = String::new();
    for command in commands {
        let ran = run(folder.path(), &words(command));
        assert_eq!(ran.code, 0, "{command}: {}", ran.err);
        text.push_str(&format!("$ quyu {command}\n{}{}\n", ran.err, ran.out));
    }
    text
}

#[test]
fn commands_on_the_toy_data() {
    let commands = [
        "describe toy.csv",
        "gini toy.csv --value gdp_pc --weight pop",
        "gini toy.csv --value gdp_pc --weight pop --full",
        "gini toy.csv --value gdp_pc --by last --format csv",
        "theil toy.csv --value 5 --weight 6 --format markdown",
        "decompose toy.csv --value gdp_pc --weight pop --group group --variant mld",
        "decompose toy.csv --value gdp_pc --weight pop --group group --format ndjson --where 'year = 2020'",
        "lorenz toy.csv --value gdp_pc --weight pop --format json",
        "ranking toy.csv --value gdp_pc --unit gdp_pc=yuan",
        "series toy.csv --value gdp_pc --ratio 'gdp_pc = gdp / pop * 10000'",
        "key-figures toy.csv --features gdp,gdp_pc --sums gdp --ratio 'gdp_pc = gdp / pop * 10000' --focus D",
        "series toy.csv --value gdp_pc --per 'gdp_pc = pop'",
        "shift-share sectors.csv --class sector --value 'va (100 million yuan)' --focus D",
        "composition sectors.csv --class sector --value 4 --focus D",
    ];
    insta::assert_snapshot!("commands_on_the_toy_data", transcript(toy, &commands));
}

#[test]
fn commands_on_the_provinces() {
    let commands = [
        "describe provinces.csv",
        "gini provinces.csv --value gdp_pc --weight pop --full",
        "cv provinces.csv --value gdp_pc --weight pop --variant williamson",
        "decompose provinces.csv --value gdp_pc --weight pop --group group",
        "series provinces.csv --value gdp --sums gdp",
    ];
    insta::assert_snapshot!("commands_on_the_provinces", transcript(provinces, &commands));
}

fn doubtful(folder: &Path) {
    let rows = "江苏,2010,8,100,40\n江苏省,2011,8,110,130\n全国,2010,9,200,50\n浙江,2010,7,100,60\n浙江,2010,7,100,60\n\
                浙江,2011,7,100,60\n浙江,2012,7,100,60\n浙江,2014,7,100,60\n,,,,\n";
    let text = format!("region,year,x,pop,城镇人口比重 (%)\n{rows}");
    std::fs::write(folder.join("doubtful.csv"), text).unwrap();
    let shares = "region,year,sector,share\nA,2010,i,40\nA,2010,s,60\nB,2010,i,45.5\nB,2010,s,60.1\n";
    std::fs::write(folder.join("shares.csv"), shares).unwrap();
    let levels = "region,x\nEU27_2020,9\nDE,5\nDE1,3\nDE11,1\nDE12,2\nFR10,4\n";
    std::fs::write(folder.join("levels.csv"), levels).unwrap();
    let missing = "region,year,x\nA,2010,1\nB,2010,n.d.\nC,2010,4\nA,2011,1\nB,2011,2\nC,2011,5\n";
    std::fs::write(folder.join("missing.csv"), missing).unwrap();
}

#[test]
fn warnings_and_notes() {
    let commands = [
        "gini doubtful.csv --value '城镇人口比重 (%)' --weight pop --missing drop --by last",
        "gini doubtful.csv --value x --where 'region in (浙江, 全国) and year = 2010' --full",
        "series shares.csv --class sector --value share.i --full",
        "gini levels.csv --value x --full",
        "gini missing.csv --value x --missing drop --missing-values n.d. --full",
        "gini missing.csv --value x --missing drop --missing-values n.d. --format json",
    ];
    insta::assert_snapshot!("warnings_and_notes", transcript(doubtful, &commands));
}

/// What the worked example of the toy data says by hand.
#[test]
fn the_toy_data_give_what_was_worked_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    toy(folder.path());
    let of = |args: &str| -> Vec<f64> {
        let ran = run(folder.path(), &words(args));
        assert_eq!(ran.code, 0, "{}", ran.err);
        let rows = ran
            .out
            .lines()
            .skip(1)
            .map(|l| l.split(',').nth(2).unwrap().parse().unwrap());
        rows.collect()
    };
    let gini = of("gini toy.csv --value gdp_pc --weight pop --format csv");
    assert!(
        (gini[0] - 0.28).abs() < 1e-15 && (gini[1] - 38.0 / 75.0).abs() < 1e-15,
        "{gini:?}"
    );
    let theil = of("theil toy.csv --value gdp_pc --weight pop --format csv");
    let ln2 = std::f64::consts::LN_2;
    assert!(
        (theil[0] - ln2 / 5.0).abs() < 1e-15 && (theil[1] - 11.0 / 15.0 * ln2).abs() < 1e-15,
        "{theil:?}"
    );
}

/// The order of rows, the layout and the way numbers are written change no digit.
#[test]
fn a_table_in_other_forms_gives_the_same_digits() {
    let folder = tempfile::tempdir().unwrap();
    provinces(folder.path());
    let long = std::fs::read_to_string(folder.path().join("provinces.csv")).unwrap();
    let mut lines: Vec<&str> = long.lines().collect();
    lines[1..].reverse();
    std::fs::write(folder.path().join("reversed.csv"), lines.join("\r\n")).unwrap();
    let continental = long.replace(',', ";").replace('.', ",");
    std::fs::write(
        folder.path().join("continental.csv"),
        format!("\u{feff}{continental}"),
    )
    .unwrap();
    let mut wide: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut head: Vec<String> = Vec::new();
    for line in long.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        for (name, value) in [("gdp_pc", fields[4]), ("pop", fields[5])] {
            let column = format!("{name}_{}", fields[1]);
            if !head.contains(&column) {
                head.push(column);
            }
            wide.entry(fields[0]).or_default().push(value.to_owned());
        }
    }
    let mut text = format!("region,{}\n", head.join(","));
    for (region, values) in wide {
        text.push_str(&format!("{region},{}\n", values.join(",")));
    }
    std::fs::write(folder.path().join("wide.csv"), text).unwrap();
    let gini = |args: &str| {
        let ran = run(
            folder.path(),
            &words(&format!("gini {args} --value gdp_pc --weight pop --format csv")),
        );
        assert_eq!(ran.code, 0, "{args}: {}", ran.err);
        ran.out
    };
    let expected = gini("provinces.csv");
    assert_eq!(expected.lines().count(), 4, "{expected}");
    for args in ["reversed.csv", "continental.csv --decimal ,", "wide.csv --wide"] {
        assert_eq!(gini(args), expected, "{args}");
    }
}

//! A small world made by hand: six regions, two classes, ratios of every kind.

use std::sync::Arc;

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, Series};
use quyu_core::{
    Atlas, Basis, Class, ClassCode, Codebook, CoreError, Datum, Direction, Indicator, IndicatorId, Level,
    Missing, Nature, Panel, Period, Region, RegionCode, RegionSet, Source, Study, Term, Vintage,
    VintageChoice, VintagePair, VintageRules, VintageSeries, Year,
};

/// Term, vintage, year, region, value.
pub(crate) type Row<'a> = (&'a str, &'a str, i32, &'a str, f64);

pub(crate) const REGIONS: [&str; 6] = ["X:a", "X:b", "X:c", "X:d", "X:e", "X:f"];

pub(crate) fn id(text: &str) -> IndicatorId {
    IndicatorId::new(text).unwrap()
}

pub(crate) fn vintage(text: &str) -> Vintage {
    Vintage::new(text).unwrap()
}

pub(crate) fn year(y: i32) -> Year {
    Year::new(y).unwrap()
}

pub(crate) fn term(text: &str) -> Term {
    Term::parse(text).unwrap()
}

pub(crate) fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

pub(crate) fn codes(texts: &[&str]) -> Vec<RegionCode> {
    texts.iter().map(|t| code(t)).collect()
}

/// The data frame behind a panel. A row may carry a remark.
pub(crate) fn frame(rows: &[(Row<'_>, &str)]) -> DataFrame {
    let text = |name: &str, of: &dyn Fn(&(Row<'_>, &str)) -> String| -> Column {
        Series::new(name.into(), rows.iter().map(of).collect::<Vec<String>>()).into_column()
    };
    let years: Vec<i32> = rows.iter().map(|r| r.0.2).collect();
    let values: Vec<f64> = rows.iter().map(|r| r.0.4).collect();
    let part = |r: &(Row<'_>, &str), second: bool| {
        let (indicator, class) = r.0.0.split_once('.').unwrap_or((r.0.0, ""));
        if second { class } else { indicator }.to_owned()
    };
    DataFrame::new_infer_height(vec![
        text("indicator", &|r| part(r, false)),
        text("class", &|r| part(r, true)),
        text("vintage", &|r| r.0.1.to_owned()),
        Series::new("year".into(), years).into_column(),
        text("region", &|r| r.0.3.to_owned()),
        Series::new("value".into(), values).into_column(),
        text("source", &|_| "S".to_owned()),
        text("note", &|r| r.1.to_owned()),
    ])
    .unwrap()
}

pub(crate) fn panel(rows: &[Row<'_>]) -> Result<Panel, CoreError> {
    Panel::new(frame(&rows.iter().map(|r| (*r, "")).collect::<Vec<_>>()))
}

pub(crate) fn region(code: &str, name: &str, parent: Option<&str>) -> Region {
    Region {
        code: self::code(code),
        name_en: name.to_owned(),
        name_zh: None,
        short_en: name.to_owned(),
        short_zh: None,
        level: Level::Toy,
        parent: parent.map(self::code),
    }
}

fn indicator(name: &str, nature: Nature, scheme: Option<&str>) -> Indicator {
    Indicator {
        id: id(name),
        label_en: format!("Label of {name}"),
        label_zh: String::new(),
        unit: "1".to_owned(),
        nature,
        direction: Direction::Higher,
        price_basis: "none".to_owned(),
        scheme: scheme.map(str::to_owned),
        low_trust: name == "papers",
        definition: String::new(),
    }
}

fn sum(name: &str, scheme: Option<&str>) -> Indicator {
    let nature = Nature::Extensive {
        stock: false,
        implied: None,
    };
    indicator(name, nature, scheme)
}

fn ratio(name: &str, parts: [&str; 2], scale: f64, basis: Basis, scheme: Option<&str>) -> Indicator {
    let nature = Nature::Intensive {
        numerator: term(parts[0]),
        denominator: term(parts[1]),
        scale,
        basis,
    };
    indicator(name, nature, scheme)
}

/// `gdp`, `pop`, `rd`, `papers` (low trust) and `va` (split) add up; `gdp_pc` is over the mean of two year-ends, `rd_share`
/// and `va_share` are of one year; `implied_pop` follows from `gdp` and `gdp_pc`; `price` is an index.
pub(crate) fn codebook() -> Codebook {
    let mut book = Codebook::default();
    let implied = Nature::Extensive {
        stock: true,
        implied: Some((id("gdp"), id("gdp_pc"), 10_000.0)),
    };
    for indicator in [
        sum("gdp", None),
        sum("pop", None),
        sum("rd", None),
        sum("papers", None),
        sum("va", Some("S2")),
        ratio("gdp_pc", ["gdp", "pop"], 10_000.0, Basis::MeanOfYearEnds, None),
        ratio("rd_share", ["rd", "gdp"], 100.0, Basis::SameYear, None),
        ratio("va_share", ["va", "gdp"], 100.0, Basis::SameYear, Some("S2")),
        indicator("implied_pop", implied, None),
        indicator("price", Nature::Index, None),
    ] {
        book.insert(indicator).unwrap();
    }
    let class = |code: &str| Class {
        code: ClassCode::new(code).unwrap(),
        label_en: code.to_uppercase(),
        label_zh: String::new(),
    };
    book.insert_scheme("S2", vec![class("farm"), class("make")])
        .unwrap();
    book.insert_source(Source {
        id: "S".to_owned(),
        title: "Yearbook".to_owned(),
        publisher: "Office".to_owned(),
    })
    .unwrap();
    book
}

/// `gdp`[v2] may be divided by `pop`[p1]; growth of [first] breaks after 2015; `edition` is two vintages.
pub(crate) fn rules() -> VintageRules {
    let all = |list: &[&str]| list.iter().map(|v| vintage(v)).collect::<Vec<_>>();
    let series = |id: &str, list: &[&str], break_after: Option<i32>| VintageSeries {
        id: id.to_owned(),
        vintages: all(list),
        break_after: break_after.map(year),
    };
    VintageRules {
        pairs: vec![VintagePair {
            numerators: vec!["gdp".to_owned()],
            numerator_vintages: all(&["v2"]),
            denominators: vec!["pop".to_owned()],
            denominator_vintages: all(&["p1"]),
            from: year(2000),
            to: year(2019),
            note: String::new(),
        }],
        series: vec![
            series("v1", &["v1"], None),
            series("first", &["first"], Some(2015)),
            series("edition", &["e1", "e2"], None),
        ],
    }
}

/// An atlas of the six regions with these observations, each with a remark.
pub(crate) fn noted(rows: &[(Row<'_>, &str)]) -> Arc<Atlas> {
    let mut atlas = Atlas {
        codebook: codebook(),
        vintages: rules(),
        panel: Panel::new(frame(rows)).unwrap(),
        ..Atlas::default()
    };
    for code in REGIONS {
        let name = format!("Region {}", &code[2..]);
        atlas.regions.insert(region(code, &name, None)).unwrap();
    }
    Arc::new(atlas)
}

pub(crate) fn atlas(rows: &[Row<'_>]) -> Arc<Atlas> {
    noted(&rows.iter().map(|r| (*r, "")).collect::<Vec<_>>())
}

/// A set of some of the six regions.
pub(crate) fn set(atlas: &Atlas, members: &[&str]) -> RegionSet {
    RegionSet::new(&atlas.regions, "some", "Some", None, codes(members)).unwrap()
}

/// A study of all six regions from 2010 to 2020.
pub(crate) fn study(atlas: &Arc<Atlas>, choices: &[(&str, &str)]) -> Study {
    let choices = choices.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Study {
        focus: set(atlas, &REGIONS),
        reference: set(atlas, &REGIONS),
        period: Period {
            from: year(2010),
            to: year(2020),
        },
        vintages: VintageChoice::new(&atlas.vintages, &atlas.known_vintages(), choices).unwrap(),
        missing: Missing::Error,
        seed: 1,
        atlas: atlas.clone(),
    }
}

/// The value of an indicator over members in 2020, or why there is none.
pub(crate) fn aggregate(study: &Study, name: &str, members: &[&str]) -> Result<Datum, CoreError> {
    let set = set(&study.atlas, members);
    Ok(study.aggregate(&term(name), &set, year(2020))?.unwrap())
}

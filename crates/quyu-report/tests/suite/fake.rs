//! An atlas of three regions and an analysis that finds what the tests need.

use std::sync::Arc;

use quyu_core::analysis::Progress;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Role};
use quyu_core::indicator::{Direction, Indicator, Nature};
use quyu_core::region::{Level, Region};
use quyu_core::{
    Analysis, AnalysisError, Atlas, Cell, Column, ColumnName, Entry, Findings, Head, IndicatorId, Need, Note,
    NoteKind, PackageStamp, Param, ParamKind, Params, RegionCode, RegionSet, Registry, Shown, Study, Style,
    Table, Term, View, ViewRow,
};

/// `code`, English name, Chinese name.
const REGIONS: [(&str, &str, &str); 3] = [
    ("110000", "Beijing", "北京"),
    ("320000", "Jiangsu", "江苏"),
    ("370000", "Shandong", "山东"),
];

pub(crate) fn atlas() -> Arc<Atlas> {
    let mut atlas = Atlas {
        packages: vec![PackageStamp {
            id: "fake".into(),
            version: "1.0.0".into(),
            sha256: "0".repeat(64),
        }],
        ..Atlas::default()
    };
    for (code, en, zh) in REGIONS {
        let region = Region {
            code: RegionCode::parse(code).unwrap(),
            name_en: en.into(),
            name_zh: Some(zh.into()),
            short_en: en.into(),
            short_zh: Some(zh.into()),
            level: Level::Province,
            parent: None,
        };
        atlas.regions.insert(region).unwrap();
    }
    let indicator = Indicator {
        id: IndicatorId::new("gdp").unwrap(),
        label_en: "Gross domestic product".into(),
        label_zh: "地区生产总值".into(),
        unit: "100 million yuan".into(),
        nature: Nature::Extensive {
            stock: false,
            implied: None,
        },
        direction: Direction::Higher,
        price_basis: "current".into(),
        scheme: None,
        low_trust: false,
        definition: String::new(),
    };
    atlas.codebook.insert(indicator).unwrap();
    let codes = REGIONS.map(|(code, ..)| code.to_owned());
    let all = atlas.set_of("all", "All provinces", None, &codes).unwrap();
    atlas.sets.insert("fake:all".into(), all);
    Arc::new(atlas)
}

pub(crate) fn sets(atlas: &Atlas) -> std::collections::BTreeMap<String, RegionSet> {
    let members = ["320000".to_owned(), "370000".to_owned()];
    let coast = atlas
        .set_of("coast", "The coast", Some("沿海".into()), &members)
        .unwrap();
    [("coast".to_owned(), coast)].into()
}

/// Ranks the three regions by a made-up number in two years.
#[derive(Debug)]
struct Ranking {
    need: Option<String>,
    among: Option<String>,
    rows: usize,
}

impl Analysis for Ranking {
    fn needs(&self) -> Vec<Need> {
        self.need
            .iter()
            .map(|n| Need::Indicator(Term::parse(n).unwrap()))
            .collect()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        progress.step(1, 1);
        if let Some(name) = &self.among {
            study.atlas.set(name)?;
        }
        if self.rows == 13 {
            return Err(AnalysisError::Study {
                analysis: "ranking",
                reason: "thirteen rows bring bad luck".into(),
            });
        }
        Ok(findings(self.rows))
    }
}

/// What the fake analysis finds; `rows` in the reader's version.
pub(crate) fn findings(rows: usize) -> Findings {
    Findings {
        tables: vec![ranking(rows), years()],
        figures: vec![figure()],
        notes: vec![
            Note::new(
                NoteKind::Trust,
                "The source is of lower trust for: R&D | patents.",
            ),
            Note::new(
                NoteKind::Trust,
                "The source is of lower trust for: R&D | patents.",
            ),
        ],
    }
}

fn ranking(rows: usize) -> Table {
    let columns = vec![
        Column::key(ColumnName::Region),
        Column::key(ColumnName::Name),
        Column::key(ColumnName::Year),
        Column::of(ColumnName::Value, "yuan"),
        Column::of(ColumnName::Share, "1"),
        Column::key(ColumnName::Rank),
        Column::key(ColumnName::PValue),
    ];
    let mut table = Table::new("ranking", "GDP per head by province", columns);
    for (year, values) in [(2010_i64, [70.0, 50.0, 40.0]), (2019, [164.0, 123.605, 40.0])] {
        for (i, (code, en, _)) in REGIONS.iter().enumerate() {
            let p = if i == 2 {
                Cell::Missing
            } else {
                Cell::Number(0.012_345_678)
            };
            table.push(vec![
                (*code).into(),
                (*en).into(),
                year.into(),
                values[i].into(),
                (values[i] / 1000.0).into(),
                (i + 1).into(),
                p,
            ]);
        }
    }
    let row = |i: usize| ViewRow {
        cells: vec![
            Shown::Text(format!("Province *{i}*")),
            Shown::Number(1234.5 - i as f64, Style::Fixed(1)),
            Shown::maybe((i > 0).then_some(-0.0123), Style::SignedPercent(1)),
            Shown::Rank(i + 1, rows),
        ],
        strong: i + 2 == rows,
    };
    table.with_view(View {
        head: vec![
            Head::text("province"),
            Head::number("GDP per head (yuan)"),
            Head::number("change (%)"),
            Head::number("rank"),
        ],
        rows: (0..rows).map(row).collect(),
        source: "NBS. Vintages: gdp [4EC].".into(),
    })
}

fn years() -> Table {
    let columns = vec![
        Column::key(ColumnName::Year),
        Column::key(ColumnName::Component),
        Column::of(ColumnName::Estimate, "1"),
        Column::key(ColumnName::Note),
    ];
    let mut table = Table::new("ranking-years", "Inequality by year", columns);
    for (year, between, within) in [(2010_i64, 0.25, 0.1234), (2019, 0.2504, 0.05)] {
        table.push(vec![
            year.into(),
            "between".into(),
            between.into(),
            "a, \"b\"".into(),
        ]);
        table.push(vec![year.into(), "within".into(), within.into(), Cell::Missing]);
    }
    table
}

fn figure() -> Figure {
    Figure {
        id: "ranking".into(),
        title: "Beijing is ahead".into(),
        alt: "Bars: Beijing [first], then Jiangsu.".into(),
        source: "NBS.".into(),
        chart: Chart::Bars {
            axis: Axis::new("GDP per head", "yuan"),
            bars: vec![Bar {
                label: "Beijing".into(),
                value: 164.0,
                role: Role::Focus,
            }],
            reference: None,
        },
    }
}

static ENTRY: Entry = Entry {
    id: "ranking",
    summary: "Who is ahead?",
    manual: "# Ranking\n\nRanks regions.\n\n```\n# not a heading\n```\n\n## Limits\n\nNone.\n",
    params: &[
        Param::optional("value", ParamKind::Column, "What is ranked."),
        Param::optional("among", ParamKind::Expr, "A set."),
        Param::with_default(
            "rows",
            ParamKind::Integer { min: 1, max: 40 },
            "3",
            "Rows for the reader.",
        ),
    ],
    example: "",
    build: |params: &Params| {
        Ok(Box::new(Ranking {
            need: params.text("value").map(str::to_owned),
            among: params.text("among").map(str::to_owned),
            rows: params.integer("rows").unwrap_or(3) as usize,
        }))
    },
    additive: None,
};

pub(crate) fn registry() -> Registry {
    Registry::new([&ENTRY]).unwrap()
}

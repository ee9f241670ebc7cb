//! Figures of every kind from made-up numbers, for the gallery and the tests.

mod more;

use quyu_core::figure::{
    Axis, Bar, Chart, Figure, Fill, HeatRow, Interval, Leaf, Line, Mark, Merge, Point, Role, Stack, Tile,
};

/// Name, row and column on the tile map, and a made-up level of development.
const PROVINCES: [(&str, usize, usize, f64); 31] = [
    ("Beijing", 2, 6, 187.5),
    ("Tianjin", 3, 6, 115.7),
    ("Hebei", 3, 5, 55.4),
    ("Shanxi", 3, 4, 72.2),
    ("Inner Mongolia", 2, 5, 96.5),
    ("Liaoning", 2, 7, 68.4),
    ("Jilin", 2, 8, 55.6),
    ("Heilongjiang", 1, 8, 51.6),
    ("Shanghai", 5, 7, 180.4),
    ("Jiangsu", 5, 6, 144.5),
    ("Zhejiang", 6, 6, 118.8),
    ("Anhui", 5, 5, 73.7),
    ("Fujian", 7, 5, 126.8),
    ("Jiangxi", 6, 5, 71.0),
    ("Shandong", 4, 5, 86.1),
    ("Henan", 4, 4, 62.2),
    ("Hubei", 5, 4, 92.2),
    ("Hunan", 6, 4, 73.7),
    ("Guangdong", 7, 4, 102.2),
    ("Guangxi", 7, 3, 52.3),
    ("Hainan", 8, 3, 66.9),
    ("Chongqing", 5, 3, 90.7),
    ("Sichuan", 5, 2, 67.8),
    ("Guizhou", 6, 3, 52.4),
    ("Yunnan", 6, 2, 61.8),
    ("Tibet", 4, 1, 58.5),
    ("Shaanxi", 4, 3, 82.9),
    ("Gansu", 3, 2, 45.2),
    ("Qinghai", 4, 2, 60.8),
    ("Ningxia", 3, 3, 69.9),
    ("Xinjiang", 3, 1, 68.9),
];

const COVERAGE: [(&str, usize, usize); 3] = [("Taiwan", 7, 7), ("Macao", 8, 4), ("Hong Kong", 8, 5)];

/// Noise between -1 and 1 that is the same everywhere.
fn noise(n: usize) -> f64 {
    let mixed = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 29)) % 20_001) as f64 / 10_000.0 - 1.0
}

fn role(name: &str) -> Role {
    match name {
        "Sichuan" => Role::Focus,
        "Jiangsu" | "Chongqing" => Role::Peer,
        _ => Role::Other,
    }
}

fn ranked() -> Vec<(&'static str, f64)> {
    let mut ranked: Vec<_> = PROVINCES.iter().map(|p| (p.0, p.3)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

fn figure(id: &str, title: &str, chart: Chart) -> Figure {
    Figure {
        id: id.into(),
        title: title.into(),
        alt: format!("{title}: made-up numbers that show what the figure looks like."),
        source: "made-up numbers for the gallery; 31 provincial-level units of mainland China; vintage 2024"
            .into(),
        chart,
    }
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).into()).collect()
}

/// All figures of the gallery.
pub(crate) fn figures() -> Vec<Figure> {
    let mut all = vec![
        ranking(),
        few_bars(),
        signed_bars(),
        long_labels(),
        lines(),
        close_lines(),
        broken_lines(),
        lorenz(),
        stacked(),
        stacked_many(),
        diverging(),
        diverging_many(),
        scatter(),
        scatter_roles(),
        dendrogram(),
        dendrogram_small(),
        tiles(),
        tiles_categories(),
        tiles_rest(),
        rank_intervals(),
        heat_quotients(),
        heat_scores(),
        heat_plain(),
    ];
    all.extend(more::figures());
    all.extend(extremes());
    all
}

fn ranking() -> Figure {
    let bars = ranked()
        .into_iter()
        .map(|(name, value)| Bar {
            label: name.into(),
            value: (value * 1000.0).round(),
            role: role(name),
        })
        .collect();
    let reference = Some(Mark {
        label: "nation 85,310".into(),
        value: 85_310.0,
    });
    figure(
        "ranking",
        "GDP per person by province, 2022",
        Chart::Bars {
            axis: Axis::new("GDP per person", "yuan"),
            bars,
            reference,
        },
    )
}

fn few_bars() -> Figure {
    let bar = |label: &str, value, role| Bar {
        label: label.into(),
        value,
        role,
    };
    let bars = vec![
        bar("Jiangsu", 3.12, Role::Peer),
        bar("nation", 2.54, Role::Reference),
        bar("Chengdu", 2.31, Role::Category(0)),
        bar("north-eastern Sichuan", 0.83, Role::Focus),
        bar("Tibet", 0.0, Role::Other),
    ];
    figure(
        "few-bars",
        "Expenditure on research and development relative to GDP",
        Chart::Bars {
            axis: Axis::new("R&D intensity", "%"),
            bars,
            reference: None,
        },
    )
}

fn signed_bars() -> Figure {
    let bars = PROVINCES
        .iter()
        .take(12)
        .enumerate()
        .map(|(n, p)| Bar {
            label: p.0.into(),
            value: noise(n) * 4.0,
            role: role(p.0),
        })
        .collect();
    let reference = Some(Mark {
        label: "mean of all provinces".into(),
        value: -0.4,
    });
    figure(
        "signed-bars",
        "Growth differential against the nation, 2010 to 2022",
        Chart::Bars {
            axis: Axis::new("Differential", "percentage points a year"),
            bars,
            reference,
        },
    )
}

fn long_labels() -> Figure {
    let bar = |label: &str, value| Bar {
        label: label.into(),
        value,
        role: Role::Focus,
    };
    let bars = vec![
        bar(
            "Manufacture of computers, communication and other electronic equipment",
            12_345_678.0,
        ),
        bar(
            "Information transmission, software and information technology",
            8_345_678.0,
        ),
        bar("Water", 1_000.0),
    ];
    figure(
        "long-labels",
        "A title so long that it needs a second line, because it names the variable, the place, the period, \
         and what the numbers are compared with & how",
        Chart::Bars {
            axis: Axis::new("Value added", "yuan"),
            bars,
            reference: None,
        },
    )
}

fn series(label: &str, role: Role, start: f64, slope: f64, seed: usize) -> Line {
    let points = (0..15)
        .map(|n| {
            Some((
                2010.0 + n as f64,
                start + slope * n as f64 + noise(seed * 31 + n) * start * 0.02,
            ))
        })
        .collect();
    Line {
        label: label.into(),
        points,
        role,
    }
}

fn lines() -> Figure {
    let lines = vec![
        series("nation", Role::Reference, 31.0, 3.7, 1),
        series("Sichuan", Role::Focus, 21.0, 3.3, 2),
        series("Jiangsu", Role::Peer, 53.0, 6.8, 3),
        series("Chongqing", Role::Peer, 28.0, 4.6, 4),
        series("Shaanxi", Role::Other, 27.0, 4.1, 5),
        series("Hubei", Role::Other, 28.0, 4.8, 6),
        series("Gansu", Role::Other, 16.0, 2.1, 7),
    ];
    figure(
        "lines",
        "GDP per person, 2010 to 2024",
        Chart::Lines {
            x: Axis::years(),
            y: Axis::new("GDP per person", "1,000 yuan"),
            lines,
            from_zero: true,
        },
    )
}

fn close_lines() -> Figure {
    let names = [
        "Chengdu",
        "Chongqing main city",
        "north-eastern Sichuan",
        "southern Sichuan",
        "Panxi",
        "north-western Sichuan ecological area",
        "western Chongqing",
        "south-eastern Chongqing",
        "north-eastern Chongqing",
        "Chengdu plain",
    ];
    let lines = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            series(
                name,
                Role::Category(n),
                0.2 + 0.01 * n as f64,
                0.01 - 0.0007 * n as f64,
                n,
            )
        })
        .collect();
    figure(
        "close-lines",
        "Ten lines that end close together",
        Chart::Lines {
            x: Axis::years(),
            y: Axis::new("Specialisation index", ""),
            lines,
            from_zero: false,
        },
    )
}

fn broken_lines() -> Figure {
    let mut first = series("value added, old series", Role::Peer, 4.0, 0.3, 1);
    first.points.truncate(7);
    let mut second = series("value added, new series", Role::Focus, 4.4, 0.3, 2);
    for point in second.points.iter_mut().take(6) {
        *point = None;
    }
    second.points[9] = None;
    second.points[11] = None;
    let lines = vec![first, second];
    figure(
        "broken-lines",
        "A gap breaks a line, and two series are never joined",
        Chart::Lines {
            x: Axis::years(),
            y: Axis::new("Balance", "billion yuan"),
            lines,
            from_zero: false,
        },
    )
}

fn lorenz() -> Figure {
    let curve = |label: &str, role, bend: f64| Line {
        label: label.into(),
        points: (0..=31)
            .map(|n| {
                let p = f64::from(n) / 31.0;
                Some((p, p * (1.0 - bend + bend * p * p)))
            })
            .collect(),
        role,
    };
    let curves = vec![
        curve("GDP per person, 2010", Role::Peer, 0.42),
        curve("GDP per person, 2022", Role::Focus, 0.31),
        curve("expenditure on research and development", Role::Other, 0.72),
    ];
    figure(
        "lorenz",
        "Lorenz curves over the 31 provinces, weighted by population",
        Chart::Lorenz {
            x: Axis::new("Cumulative share of population", ""),
            y: Axis::new("Cumulative share of the value", ""),
            curves,
        },
    )
}

fn stacked() -> Figure {
    let bars = (0..13)
        .map(|n| Stack {
            label: (2010 + n).to_string(),
            parts: vec![
                0.02 + 0.001 * f64::from(n),
                0.05 - 0.002 * f64::from(n),
                0.03 + noise(n as usize) * 0.005,
            ],
            role: if n == 12 { Role::Focus } else { Role::Other },
        })
        .collect();
    figure(
        "stacked",
        "Inequality of GDP per person within and between macro-regions",
        Chart::Stacked {
            axis: Axis::new("Theil T", ""),
            parts: strings(&["within the west", "within the east", "between macro-regions"]),
            bars,
        },
    )
}

fn stacked_many() -> Figure {
    let parts = [
        "agriculture",
        "mining and quarrying",
        "manufacturing",
        "construction",
        "wholesale and retail trade",
        "transport and storage",
        "finance",
        "real estate",
        "other services",
    ];
    let bars = [
        "eastern provinces",
        "north-eastern provinces",
        "central provinces",
        "western provinces",
    ]
    .iter()
    .enumerate()
    .map(|(n, name)| Stack {
        label: (*name).into(),
        parts: (0..parts.len())
            .map(|k| if k == 5 { 0.0 } else { 9.0 + 6.0 * noise(n * 9 + k) })
            .collect(),
        role: if n == 3 { Role::Focus } else { Role::Other },
    })
    .collect();
    figure(
        "stacked-many",
        "Composition of value added",
        Chart::Stacked {
            axis: Axis::new("Share of value added", "%"),
            parts: strings(&parts),
            bars,
        },
    )
}

fn diverging() -> Figure {
    let row = |label: &str, parts: [f64; 3], role| Stack {
        label: label.into(),
        parts: parts.to_vec(),
        role,
    };
    let rows = vec![
        row("Jiangsu", [412.0, 88.0, 120.0], Role::Peer),
        row("Chongqing", [301.0, -42.0, 210.0], Role::Peer),
        row("north-eastern Sichuan", [288.0, -96.0, -71.0], Role::Focus),
        row("Gansu", [190.0, -120.0, -214.0], Role::Other),
        row("Liaoning", [260.0, 31.0, -402.0], Role::Other),
    ];
    figure(
        "diverging",
        "Shift-share of employment, 2010 to 2020",
        Chart::Diverging {
            axis: Axis::new("Change of employment", "1,000 persons"),
            parts: strings(&["national growth", "industry mix", "regional competitiveness"]),
            rows,
        },
    )
}

fn diverging_many() -> Figure {
    let rows = PROVINCES
        .iter()
        .enumerate()
        .map(|(n, p)| Stack {
            label: p.0.into(),
            parts: vec![noise(n * 3), noise(n * 3 + 1), noise(n * 3 + 2)],
            role: role(p.0),
        })
        .collect();
    figure(
        "diverging-many",
        "Growth of labour productivity by source, 31 provinces",
        Chart::Diverging {
            axis: Axis::new("Contribution", "percentage points"),
            parts: strings(&["within industries", "between industries", "interaction"]),
            rows,
        },
    )
}

fn points() -> Vec<Point> {
    PROVINCES
        .iter()
        .enumerate()
        .map(|(n, p)| Point {
            label: p.0.into(),
            x: p.3,
            y: 0.4 + p.3 * 0.022 + noise(n) * 0.45,
            group: if p.3 > 110.0 {
                0
            } else {
                usize::from(p.3 < 66.0) + 1
            },
            role: role(p.0),
        })
        .collect()
}

fn scatter() -> Figure {
    figure(
        "scatter",
        "R&D intensity and GDP per person in three clusters, 2022",
        Chart::Scatter {
            x: Axis::new("GDP per person", "1,000 yuan"),
            y: Axis::new("R&D intensity", "%"),
            groups: strings(&[
                "knowledge metropoles",
                "industrial provinces",
                "resource and farming provinces",
            ]),
            points: points(),
            over: quyu_core::figure::Over::default(),
        },
    )
}

fn scatter_roles() -> Figure {
    let points = points()
        .into_iter()
        .enumerate()
        .map(|(n, point)| Point {
            y: noise(n + 70) * 3.0,
            x: 40.0 + 5.0 * noise(n + 40),
            group: 0,
            ..point
        })
        .collect();
    figure(
        "scatter-roles",
        "Growth and initial level, one group",
        Chart::Scatter {
            x: Axis::new("Initial level", "1,000 yuan"),
            y: Axis::new("Growth", "% a year"),
            groups: Vec::new(),
            points,
            over: quyu_core::figure::Over::default(),
        },
    )
}

fn dendrogram() -> Figure {
    let sizes = [7, 13, 11];
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut merges = Vec::new();
    let mut tops = Vec::new();
    let n = PROVINCES.len();
    for (cluster, size) in sizes.into_iter().enumerate() {
        let first = leaves.len();
        for (name, _) in ranked().into_iter().skip(first).take(size) {
            leaves.push(Leaf {
                label: name.into(),
                cluster,
                role: role(name),
            });
        }
        // Neighbours first, then in twos, as a tree of agglomeration looks.
        let mut open: Vec<usize> = (first..first + size).collect();
        let mut height = 0.35;
        while open.len() > 1 {
            let mut next = Vec::new();
            for pair in open.chunks(2) {
                match pair {
                    [a, b] => {
                        next.push(n + merges.len());
                        let height = height * (1.0 + 0.3 * noise(merges.len()));
                        merges.push(Merge { a: *a, b: *b, height });
                    }
                    alone => next.extend(alone),
                }
            }
            open = next;
            height *= 1.55;
        }
        tops.push(open[0]);
    }
    merges.push(Merge {
        a: tops[1],
        b: tops[2],
        height: 3.6,
    });
    merges.push(Merge {
        a: tops[0],
        b: n + merges.len() - 1,
        height: 5.2,
    });
    figure(
        "dendrogram",
        "Provinces by innovation profile: agglomeration with Ward's method",
        Chart::Dendrogram {
            axis: Axis::new("Height of the merge", "Ward distance"),
            leaves,
            merges,
            cut: Some(3.0),
        },
    )
}

fn dendrogram_small() -> Figure {
    let leaf = |label: &str, cluster| Leaf {
        label: label.into(),
        cluster,
        role: Role::Other,
    };
    let leaves = vec![
        leaf("Yangtze River Delta integration demonstration area", 0),
        leaf("Guangdong-Hong Kong-Macao Greater Bay Area", 0),
        leaf("Chengdu-Chongqing", 1),
        leaf("Beijing-Tianjin-Hebei", 1),
    ];
    let merges = vec![
        Merge {
            a: 0,
            b: 1,
            height: 0.0,
        },
        Merge {
            a: 2,
            b: 3,
            height: 0.012,
        },
        Merge {
            a: 4,
            b: 5,
            height: 0.041,
        },
    ];
    figure(
        "dendrogram-small",
        "Four areas, two of them alike",
        Chart::Dendrogram {
            axis: Axis::new("Distance", ""),
            leaves,
            merges,
            cut: None,
        },
    )
}

fn tile_map(fill: impl Fn(usize, f64) -> Fill) -> Vec<Tile> {
    let covered = PROVINCES.iter().enumerate().map(|(n, p)| Tile {
        label: p.0.into(),
        row: p.1,
        col: p.2,
        fill: fill(n, p.3),
        role: role(p.0),
    });
    let others = COVERAGE.iter().map(|p| Tile {
        label: p.0.into(),
        row: p.1,
        col: p.2,
        fill: Fill::NoData,
        role: Role::Other,
    });
    covered.chain(others).collect()
}

fn tiles() -> Figure {
    let tiles = tile_map(|_, value| Fill::Value(value * 1000.0));
    figure(
        "tiles",
        "GDP per person by province, 2022",
        Chart::Tiles {
            axis: Some(Axis::new("GDP per person", "yuan")),
            categories: Vec::new(),
            rest: None,
            tiles,
        },
    )
}

fn tiles_categories() -> Figure {
    let tiles = tile_map(|_, value| {
        Fill::Category(if value > 110.0 {
            0
        } else {
            usize::from(value < 66.0) + 1
        })
    });
    let categories = strings(&[
        "knowledge metropoles",
        "industrial provinces",
        "resource and farming provinces",
    ]);
    figure(
        "tiles-categories",
        "Three clusters of provinces",
        Chart::Tiles {
            axis: None,
            categories,
            rest: None,
            tiles,
        },
    )
}

fn rank_intervals() -> Figure {
    let rows = PROVINCES.iter().take(16).enumerate().map(|(n, p)| {
        let (nominal, spread) = (n as f64 + 1.0, (n * 7 % 5) as f64);
        Interval {
            label: p.0.into(),
            low: (nominal - spread).max(1.0),
            high: nominal + spread * 1.5,
            estimate: nominal + spread * 0.3,
            nominal: Some(nominal),
            role: if n == 3 { Role::Focus } else { Role::Peer },
        }
    });
    figure(
        "rank-intervals",
        "Ranks under other choices",
        Chart::Intervals {
            axis: Axis::new("Rank", "1 = best"),
            estimate: "mean rank".into(),
            nominal: Some("nominal rank".into()),
            rows: rows.collect(),
        },
    )
}

fn tiles_rest() -> Figure {
    let tiles = tile_map(|_, value| match value {
        v if v > 110.0 => Fill::Category(1),
        v if v < 45.0 => Fill::Category(0),
        _ => Fill::Rest,
    });
    figure(
        "tiles-rest",
        "Hot and cold spots",
        Chart::Tiles {
            axis: None,
            categories: strings(&["cold spot", "hot spot"]),
            rest: Some("neither".into()),
            tiles,
        },
    )
}

fn heat_quotients() -> Figure {
    let rows = PROVINCES
        .iter()
        .take(12)
        .enumerate()
        .map(|(n, p)| HeatRow {
            label: p.0.into(),
            values: (0..6)
                .map(|k| {
                    let v = noise(n * 6 + k);
                    (n + k != 8).then_some(if v > 0.0 { 1.0 + v * v * 4.0 } else { 1.0 + v })
                })
                .collect(),
            role: if n == 7 { Role::Focus } else { Role::Other },
        })
        .collect();
    let columns = strings(&[
        "agriculture",
        "mining",
        "manufacturing",
        "wholesale and retail trade",
        "finance",
        "information technology",
    ]);
    figure(
        "heat-quotients",
        "Location quotients of employment, 2020",
        Chart::Heat {
            axis: Axis::new("Location quotient", ""),
            centre: Some(1.0),
            columns,
            rows,
        },
    )
}

fn heat_scores() -> Figure {
    let rows = PROVINCES
        .iter()
        .enumerate()
        .map(|(n, p)| HeatRow {
            label: p.0.into(),
            values: (0..8).map(|k| Some(noise(n * 8 + k) * 2.6)).collect(),
            role: role(p.0),
        })
        .collect();
    let columns = strings(&[
        "R&D",
        "patents",
        "graduates",
        "papers",
        "exports",
        "firms",
        "finance",
        "software",
    ]);
    figure(
        "heat-scores",
        "Innovation profiles of 31 provinces",
        Chart::Heat {
            axis: Axis::new("Standardised score", "standard deviations"),
            centre: Some(0.0),
            columns,
            rows,
        },
    )
}

fn heat_plain() -> Figure {
    let rows = ["Q1", "Q2", "Q3", "Q4", "Q5"]
        .iter()
        .enumerate()
        .map(|(n, label)| HeatRow {
            label: (*label).into(),
            values: (0..5)
                .map(|k| {
                    Some(if n == k {
                        0.86
                    } else {
                        0.07 / (1.0 + k.abs_diff(n) as f64)
                    })
                })
                .collect(),
            role: Role::Other,
        })
        .collect();
    let columns = strings(&["Q1", "Q2", "Q3", "Q4", "Q5"]);
    figure(
        "heat-plain",
        "Transitions between quintiles of relative income",
        Chart::Heat {
            axis: Axis::new("Probability of transition", ""),
            centre: None,
            columns,
            rows,
        },
    )
}

/// Cases that break a careless drawing.
fn extremes() -> Vec<Figure> {
    let bars = |values: &[f64]| {
        let bar = |(n, value): (usize, &f64)| Bar {
            label: format!("region {n} <&> \"quoted\""),
            value: *value,
            role: Role::Other,
        };
        Chart::Bars {
            axis: Axis::new("Value", ""),
            bars: values.iter().enumerate().map(bar).collect(),
            reference: Some(Mark {
                label: "a reference at the very end".into(),
                value: values[0],
            }),
        }
    };
    let flat = Line {
        label: "flat".into(),
        points: vec![Some((2020.0, 5.0)), Some((2021.0, 5.0))],
        role: Role::Focus,
    };
    let one = Line {
        label: "one point".into(),
        points: vec![Some((2020.0, 5.0))],
        role: Role::Peer,
    };
    let same = (0..12)
        .map(|n| Point {
            label: format!("point {n} at the place"),
            x: 1.0,
            y: 1.0,
            group: 0,
            role: Role::Focus,
        })
        .collect();
    vec![
        figure("one-bar", "One bar", bars(&[3.0])),
        figure("zero-bars", "All zero", bars(&[0.0, 0.0, 0.0])),
        figure("tiny-bars", "Tiny values", bars(&[3e-9, 1e-9, -2e-9])),
        figure("huge-bars", "Huge values", bars(&[3.1e12, 1e12, 7.0])),
        figure("negative-bars", "Negative values only", bars(&[-1.0, -2.5, -3.0])),
        figure(
            "flat-lines",
            "All equal",
            Chart::Lines {
                x: Axis::years(),
                y: Axis::new("", ""),
                lines: vec![flat.clone(), one],
                from_zero: false,
            },
        ),
        figure(
            "same-points",
            "Twelve points in one place",
            Chart::Scatter {
                x: Axis::new("x", ""),
                y: Axis::new("y", ""),
                groups: strings(&["all"]),
                points: same,
                over: quyu_core::figure::Over::default(),
            },
        ),
        figure(
            "one-tile",
            "One tile",
            Chart::Tiles {
                axis: Some(Axis::new("Share", "%")),
                categories: Vec::new(),
                rest: None,
                tiles: vec![Tile {
                    label: "Guangdong-Hong Kong-Macao Greater Bay Area".into(),
                    row: 4,
                    col: 4,
                    fill: Fill::Value(1.0),
                    role: Role::Focus,
                }],
            },
        ),
        figure(
            "one-leaf",
            "One leaf",
            Chart::Dendrogram {
                axis: Axis::new("Height", ""),
                leaves: vec![Leaf {
                    label: "alone".into(),
                    cluster: 0,
                    role: Role::Focus,
                }],
                merges: Vec::new(),
                cut: None,
            },
        ),
        figure(
            "equal-cells",
            "Equal cells and long words",
            Chart::Heat {
                axis: Axis::new("Location quotient", ""),
                centre: Some(1.0),
                columns: (0..14).map(|n| format!("telecommunications {n}")).collect(),
                rows: vec![HeatRow {
                    label: "all".into(),
                    values: vec![Some(1.0); 14],
                    role: Role::Focus,
                }],
            },
        ),
        figure(
            "zero-stack",
            "Stacks of nothing",
            Chart::Stacked {
                axis: Axis::new("Value", "yuan"),
                parts: strings(&["first", "second", "third"]),
                bars: vec![Stack {
                    label: "2020".into(),
                    parts: vec![0.0; 3],
                    role: Role::Other,
                }],
            },
        ),
        figure(
            "many-years",
            "Fifty years",
            Chart::Stacked {
                axis: Axis::new("Value", "yuan"),
                parts: strings(&[
                    "a part with a rather long name that needs several lines",
                    "second",
                ]),
                bars: (0..50)
                    .map(|n| Stack {
                        label: (1975 + n).to_string(),
                        parts: vec![f64::from(n), 20.0],
                        role: Role::Other,
                    })
                    .collect(),
            },
        ),
    ]
}

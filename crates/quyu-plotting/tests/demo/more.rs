//! The kinds that compare: slopes, wings, panels, groups of bars, dots, and what stands over a scatter plot.

use quyu_core::figure::{
    Arrow, Axis, Bar, BarGroup, Chart, DotRow, Figure, Line, Mark, Over, OverlapSet, Panel, Point, Role,
    Series, Shared, SlopeLine, Trend, Wings,
};

use super::{PROVINCES, figure, noise, ranked, role};

const SECTORS: [&str; 9] = [
    "Agriculture, forestry, animal husbandry and fishery",
    "Industry",
    "Construction",
    "Wholesale and retail trades",
    "Transport, storage and post",
    "Hotels and catering services",
    "Financial intermediation",
    "Real estate",
    "Other services",
];

/// The figures.
pub(super) fn figures() -> Vec<Figure> {
    vec![
        slope(),
        slope_crowded(),
        butterfly(),
        panels(),
        panels_many(),
        groups(),
        dots(),
        biplot(),
        moran(),
        overlaps(),
        overlaps_many(),
    ]
}

fn slope() -> Figure {
    let line = |label: &str, from, to, role| SlopeLine {
        label: label.into(),
        from,
        to,
        role,
    };
    let lines = vec![
        line("Jiangsu", 2.17, 3.29, Role::Focus),
        line("Zhejiang", 1.85, 3.20, Role::Other),
        line("Shandong", 1.86, 2.59, Role::Peer),
        line("Guangdong", 1.96, 3.54, Role::Other),
        line("Sichuan", 1.40, 2.26, Role::Other),
        line("China", 1.67, 2.65, Role::Reference),
    ];
    figure(
        "slope",
        "R&D intensity in the first and the last year",
        Chart::Slope {
            axis: Axis::new("R&D expenditure relative to GDP", "%"),
            from: "2011".into(),
            to: "2023".into(),
            lines,
        },
    )
}

fn slope_crowded() -> Figure {
    let lines = ranked()
        .into_iter()
        .enumerate()
        .map(|(n, (name, value))| SlopeLine {
            label: name.into(),
            from: value * 300.0 * (1.0 + noise(n) * 0.1),
            to: value * 1000.0,
            role: role(name),
        })
        .collect();
    figure(
        "slope-crowded",
        "GDP per person of 31 provinces in two years",
        Chart::Slope {
            axis: Axis::new("GDP per person", "yuan"),
            from: "2005".into(),
            to: "2022".into(),
            lines,
        },
    )
}

fn butterfly() -> Figure {
    let rows = SECTORS
        .iter()
        .enumerate()
        .map(|(n, name)| Wings {
            label: (*name).into(),
            left: 12.0 + 10.0 * noise(n),
            right: 12.0 + 11.0 * noise(n + 40),
            role: if n == 1 { Role::Focus } else { Role::Other },
        })
        .collect();
    figure(
        "butterfly",
        "Structure of two neighbours: value added by sector, 2019",
        Chart::Butterfly {
            axis: Axis::new("Share of value added", "%"),
            left: "Sichuan".into(),
            right: "Chongqing".into(),
            rows,
        },
    )
}

fn lines(n: usize, role: Role) -> Vec<Line> {
    let points = |scale: f64, k: usize| {
        let at = |t: usize| {
            Some((
                2010.0 + t as f64,
                scale + t as f64 * 0.1 + noise(k * 20 + t) * 0.2,
            ))
        };
        (0..10).map(at).collect()
    };
    vec![
        Line {
            label: "the province".into(),
            points: points(1.0 + 0.1 * n as f64, n),
            role,
        },
        Line {
            label: "China".into(),
            points: points(1.6, 99),
            role: Role::Reference,
        },
    ]
}

fn panels_of(count: usize) -> Vec<Panel> {
    PROVINCES
        .iter()
        .take(count)
        .enumerate()
        .map(|(n, p)| Panel {
            label: p.0.into(),
            lines: lines(
                n % 12,
                if role(p.0) == Role::Focus {
                    Role::Focus
                } else {
                    Role::Peer
                },
            ),
            role: role(p.0),
        })
        .collect()
}

fn panels() -> Figure {
    figure(
        "panels",
        "R&D intensity of six provinces beside that of the nation",
        Chart::Panels {
            x: Axis::years(),
            y: Axis::new("R&D intensity", "%"),
            panels: panels_of(6),
            from_zero: true,
        },
    )
}

fn panels_many() -> Figure {
    figure(
        "panels-many",
        "R&D intensity of all provinces beside that of the nation",
        Chart::Panels {
            x: Axis::years(),
            y: Axis::new("R&D intensity", "%"),
            panels: panels_of(31),
            from_zero: false,
        },
    )
}

fn groups() -> Figure {
    let sizes = [
        ("Cluster 1: metropolitan", 5),
        ("Cluster 2: coastal", 10),
        ("Cluster 3: inland", 16),
    ];
    let mut first = 0;
    let groups = sizes
        .iter()
        .enumerate()
        .map(|(n, (label, size))| {
            let members = &PROVINCES[first..first + size];
            first += size;
            let mut bars: Vec<Bar> = members
                .iter()
                .enumerate()
                .map(|(k, p)| Bar {
                    label: p.0.into(),
                    value: 0.35 + 0.4 * noise(n * 31 + k),
                    role: Role::Category(n),
                })
                .collect();
            bars.sort_by(|a, b| b.value.total_cmp(&a.value));
            BarGroup {
                label: (*label).into(),
                bars,
            }
        })
        .collect();
    figure(
        "silhouette",
        "How well each province fits its cluster",
        Chart::Groups {
            axis: Axis::new("Silhouette width", ""),
            groups,
            reference: Some(Mark {
                label: "mean 0.34".into(),
                value: 0.34,
            }),
        },
    )
}

fn dots() -> Figure {
    let names = [
        "R&D expenditure relative to GDP",
        "R&D personnel per 10,000 persons",
        "Invention patents granted per 10,000 persons",
        "Enterprise share of R&D expenditure",
        "Share of new products in industrial sales",
        "Technology market relative to GDP",
    ];
    let rows = names
        .iter()
        .enumerate()
        .map(|(n, name)| DotRow {
            label: (*name).into(),
            values: vec![
                Some(100.0 + 60.0 * noise(n)),
                (n != 2).then(|| 110.0 + 50.0 * noise(n + 9)),
                Some(70.0 + 30.0 * noise(n + 30)),
            ],
            role: Role::Other,
        })
        .collect();
    let series = |label: &str, role| Series {
        label: label.into(),
        role,
    };
    figure(
        "dots",
        "Innovation profile beside two groups",
        Chart::Dots {
            axis: Axis::new("China = 100", ""),
            series: vec![
                series("Jiangsu", Role::Focus),
                series("ten innovative provinces", Role::Peer),
                series("western provinces", Role::Category(4)),
            ],
            rows,
            reference: Some(Mark {
                label: "China".into(),
                value: 100.0,
            }),
        },
    )
}

fn cloud(tilt: f64) -> Vec<Point> {
    PROVINCES
        .iter()
        .enumerate()
        .map(|(n, p)| {
            let x = 2.0 * noise(n);
            Point {
                label: p.0.into(),
                x,
                y: tilt * x + noise(n + 50),
                group: 0,
                role: role(p.0),
            }
        })
        .collect()
}

fn biplot() -> Figure {
    let arrow = |label: &str, x, y| Arrow {
        label: label.into(),
        x,
        y,
    };
    let arrows = vec![
        arrow("R&D intensity", 2.1, 0.3),
        arrow("basic research", 1.2, 1.6),
        arrow("enterprise share", -1.4, 1.2),
        arrow("high-tech revenue", 0.6, -1.5),
    ];
    figure(
        "biplot",
        "Provinces and indicators on the first two components",
        Chart::Scatter {
            x: Axis::new("First component, 46 % of the variance", ""),
            y: Axis::new("Second component, 18 % of the variance", ""),
            groups: Vec::new(),
            points: cloud(0.2),
            over: Over {
                arrows,
                ..Over::default()
            },
        },
    )
}

fn moran() -> Figure {
    figure(
        "moran",
        "GDP per person of the provinces and of their neighbours",
        Chart::Scatter {
            x: Axis::new("GDP per person, standardised", ""),
            y: Axis::new("Mean of the neighbours, standardised", ""),
            groups: Vec::new(),
            points: cloud(0.45),
            over: Over {
                trend: Some(Trend {
                    label: "slope = Moran's I, 0.45".into(),
                    intercept: 0.0,
                    slope: 0.45,
                }),
                quarters: Some(["low-high", "high-high", "low-low", "high-low"].map(str::to_owned)),
                ..Over::default()
            },
        },
    )
}

fn overlaps() -> Figure {
    let set = |label: &str, size, role| OverlapSet {
        label: label.into(),
        size,
        role,
    };
    let shared = |members: [bool; 4], size, role| Shared {
        members: members.to_vec(),
        size,
        role,
    };
    figure(
        "overlaps",
        "Which fields of the nation the lists take up",
        Chart::Overlaps {
            axis: Axis::new("Fields of Made in China 2025 in exactly these lists", ""),
            sets: vec![
                set("China, 2015", 10, Role::Peer),
                set("Jiangsu, 2018", 7, Role::Focus),
                set("Suzhou, 2023", 5, Role::Other),
                set("Huai'an, 2011", 2, Role::Other),
            ],
            shared: vec![
                shared([true, true, true, false], 4, Role::Peer),
                shared([true, false, false, false], 3, Role::Other),
                shared([true, true, false, false], 2, Role::Peer),
                shared([true, true, true, true], 1, Role::Focus),
            ],
            most: 15,
        },
    )
}

/// Twelve sets with long names and twenty combinations, one of them of thousands.
fn overlaps_many() -> Figure {
    let sets = PROVINCES
        .iter()
        .take(12)
        .enumerate()
        .map(|(n, (name, ..))| OverlapSet {
            label: format!("{name}, list of leading and of strategic emerging industries"),
            size: 12_000 / (n + 1),
            role: role(name),
        });
    let shared = (0..20).map(|n| Shared {
        members: (0..12).map(|k| noise(n * 12 + k) > 0.5 || k == n % 12).collect(),
        size: 8_400 / (n + 1),
        role: if n == 2 { Role::Focus } else { Role::Peer },
    });
    figure(
        "overlaps-many",
        "Twelve lists",
        Chart::Overlaps {
            axis: Axis::new("Products in exactly these lists", ""),
            sets: sets.collect(),
            shared: shared.collect(),
            most: 15,
        },
    )
}

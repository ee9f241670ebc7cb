//! What every figure keeps: text without overlap, a small file, a name for readers who cannot see it, the same bytes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may panic too")]

use ab_glyph::{Font, FontRef};
use quyu_core::figure::{
    Axis, Bar, Chart, Figure, Fill, HeatRow, Interval, Leaf, Line, Merge, OverlapSet, Point, Role, Shared,
    Stack, Tile,
};
use quyu_plotting::{PlotError, svg};

mod demo;

/// A text of a figure and the box it fills, in pixels.
#[derive(Debug)]
struct Text {
    words: String,
    size: f64,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// Reads the texts back out of the SVG and measures them on its own, without the code under test.
fn texts(svg: &str) -> Vec<Text> {
    let regular = FontRef::try_from_slice(dejavu::sans::regular()).unwrap();
    let bold = FontRef::try_from_slice(dejavu::sans::bold()).unwrap();
    let root = svg.lines().next().unwrap();
    let usual = attribute(root, "font-size").unwrap();
    svg.lines()
        .filter(|line| line.starts_with("<text"))
        .map(|line| {
            let (tag, rest) = line.split_once('>').unwrap();
            let words = rest.strip_suffix("</text>").unwrap();
            let words = words
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"");
            let words = words.replace("&apos;", "'").replace("&amp;", "&");
            let size = number(attribute(tag, "font-size").unwrap_or(usual));
            let font = if tag.contains("font-weight=\"bold\"") {
                &bold
            } else {
                &regular
            };
            let advances = words.chars().map(|c| font.h_advance_unscaled(font.glyph_id(c)));
            let width = f64::from(advances.sum::<f32>()) / 2048.0 * size;
            let (x, y) = (
                number(attribute(tag, "x").unwrap()),
                number(attribute(tag, "y").unwrap()),
            );
            let left = match attribute(tag, "text-anchor") {
                None => x,
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                Some(other) => panic!("unknown anchor {other}"),
            };
            let (top, bottom) = (y - 0.76 * size, y + 0.24 * size);
            Text {
                words,
                size,
                left,
                top,
                right: left + width,
                bottom,
            }
        })
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// A coordinate of the canvas, which is ten times as large as the figure.
fn number(attribute: &str) -> f64 {
    attribute.parse::<f64>().unwrap() / 10.0
}

/// Asserts what every figure keeps, and hands back its texts.
fn checked(figure: &Figure) -> Vec<Text> {
    let drawn = svg(figure).unwrap_or_else(|error| panic!("{}: {error}", figure.id));
    assert_eq!(drawn, svg(figure).unwrap(), "{}", figure.id);
    assert!(drawn.len() < 60_000, "{} has {} bytes", figure.id, drawn.len());
    assert!(drawn.ends_with("</svg>\n"));
    assert!(!drawn.contains("NaN") && !drawn.contains("inf\""));

    let root = drawn.lines().next().unwrap();
    assert_eq!(attribute(root, "role"), Some("img"));
    assert_eq!(attribute(root, "width"), Some("800"));
    assert_eq!(
        attribute(root, "font-family"),
        Some("DejaVu Sans, Verdana, sans-serif")
    );
    assert_eq!(
        attribute(root, "aria-labelledby"),
        Some(&*format!("{0}-title {0}-desc", figure.id))
    );
    assert!(drawn.contains(&format!("<title id=\"{}-title\">", figure.id)));
    assert!(drawn.contains(&format!("<desc id=\"{}-desc\">", figure.id)));

    let height: f64 = attribute(root, "height").unwrap().parse().unwrap();
    let texts = texts(&drawn);
    for (n, a) in texts.iter().enumerate() {
        let inside = a.left >= 0.0 && a.top >= 0.0 && a.right <= 800.0 && a.bottom <= height;
        assert!(inside, "{}: {a:?} leaves the canvas", figure.id);
        assert!(a.size >= 11.0, "{}: {a:?} is too small", figure.id);
        for b in &texts[n + 1..] {
            let apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            assert!(apart, "{}: {a:?} meets {b:?}", figure.id);
        }
    }
    texts
}

fn figure(chart: Chart) -> Figure {
    let text = || "Title".to_owned();
    Figure {
        id: "figure".into(),
        title: text(),
        alt: text(),
        source: text(),
        chart,
    }
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).into()).collect()
}

fn has(texts: &[Text], words: &str) -> bool {
    texts.iter().any(|text| text.words == words)
}

#[test]
fn no_two_texts_meet_in_any_figure_of_the_gallery() {
    for figure in demo::figures() {
        checked(&figure);
    }
}

#[test]
fn the_gallery_has_the_bytes_it_had() {
    let mut found = String::new();
    for figure in demo::figures() {
        let drawn = svg(&figure).unwrap();
        // FNV-1a.
        let hash = drawn.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        found.push_str(&format!("{} {} {hash:016x}\n", figure.id, drawn.len()));
    }
    assert!(
        found == include_str!("gallery.hashes"),
        "look at the figures (cargo run -p quyu-plotting --example gallery -- FOLDER); \
         where they are good, tests/gallery.hashes becomes:\n{found}"
    );
}

#[test]
fn every_label_of_a_ranking_is_there() {
    let ranking = demo::figures()
        .into_iter()
        .find(|figure| figure.id == "ranking")
        .unwrap();
    let texts = checked(&ranking);
    assert!(has(&texts, "Inner Mongolia") && has(&texts, "67,800") && has(&texts, "nation 85,310"));
    assert!(has(&texts, "GDP per person (yuan)"));
    assert!(
        texts
            .iter()
            .any(|text| text.words.starts_with("Source: made-up numbers"))
    );
}

#[test]
fn markup_in_labels_is_text() {
    let mut hostile = figure(Chart::Bars {
        axis: Axis::new("<b> & \"c\"", ""),
        bars: vec![Bar {
            label: "a<\u{1}>\u{0} ' opacity=\"1\" dy".into(),
            value: 1.0,
            role: Role::Focus,
        }],
        reference: None,
    });
    hostile.title = "<script>alert('&')</script>".into();
    hostile.id = "a b\"><c".into();
    let drawn = svg(&hostile).unwrap();
    assert!(!drawn.contains("<script") && !drawn.contains("<b>") && !drawn.contains('\u{1}'));
    assert!(drawn.contains("&lt;script&gt;") && drawn.contains("id=\"a-b---c-title\""));
    assert!(drawn.contains("&apos; opacity=&quot;1&quot; dy"));
}

#[test]
fn clouds_of_points_and_bundles_of_lines_stay_readable() {
    for seed in 0..12_usize {
        let at = |n: usize| {
            (
                ((seed * 7919 + n * 104_729) % 997) as f64 / 997.0,
                ((seed * 31 + n * 613) % 89) as f64,
            )
        };
        let points = (0..31)
            .map(|n| Point {
                label: format!("region number {n}"),
                x: at(n).0 * at(n + 50).0,
                y: at(n).1 * at(n + 50).1,
                group: n % 3,
                role: if n == 4 { Role::Focus } else { Role::Other },
            })
            .collect();
        let texts = checked(&figure(Chart::Scatter {
            x: Axis::new("x", "yuan"),
            y: Axis::new("y", "%"),
            groups: strings(&["one", "two", "three"]),
            points,
            over: quyu_core::figure::Over::default(),
        }));
        assert!(has(&texts, "region number 4"), "the focus always has its label");

        let lines = (0..10)
            .map(|n| Line {
                label: format!("line number {n} of this bundle"),
                points: (0..12)
                    .map(|k| (k % (n + 2) != 1 || n > 5).then(|| (2000.0 + k as f64, at(n * 12 + k).0)))
                    .take(12 - n / 3)
                    .collect(),
                role: Role::Category(n),
            })
            .collect();
        checked(&figure(Chart::Lines {
            x: Axis::years(),
            y: Axis::new("y", ""),
            lines,
            from_zero: false,
        }));
    }
}

#[test]
fn values_of_every_size_are_drawn() {
    for exponent in (-300..=300).step_by(15) {
        let size: f64 = format!("1e{exponent}").parse().unwrap();
        let bar = |value| Bar {
            label: format!("{value:e}"),
            value,
            role: Role::Other,
        };
        checked(&figure(Chart::Bars {
            axis: Axis::new("Value", ""),
            bars: vec![bar(size), bar(-size / 3.0), bar(0.0)],
            reference: None,
        }));
    }
    let mut exact = Axis::new("Share", "%");
    exact.decimals = Some(usize::MAX);
    let bars = vec![Bar {
        label: "third".into(),
        value: 1.0 / 3.0,
        role: Role::Other,
    }];
    checked(&figure(Chart::Bars {
        axis: exact,
        bars,
        reference: None,
    }));
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let fails = |chart| svg(&figure(chart)).unwrap_err();
    let axis = || Axis::new("Value", "");
    let bars = |values: &[f64]| Chart::Bars {
        axis: axis(),
        bars: values
            .iter()
            .map(|v| Bar {
                label: "bar".into(),
                value: *v,
                role: Role::Other,
            })
            .collect(),
        reference: None,
    };
    assert_eq!(fails(bars(&[])), PlotError::Empty { what: "bars" });
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(
            fails(bars(&[1.0, value])),
            PlotError::NotFinite { label: "bar".into() }
        );
    }
    assert_eq!(
        fails(bars(&[f64::MIN, f64::MAX])),
        PlotError::Range { axis: "Value".into() }
    );
    assert!(matches!(fails(bars(&[1.0; 1000])), PlotError::TooLarge { .. }));

    let gaps = vec![Line {
        label: "gaps".into(),
        points: vec![None, None],
        role: Role::Other,
    }];
    let lines = Chart::Lines {
        x: axis(),
        y: axis(),
        lines: gaps,
        from_zero: true,
    };
    assert_eq!(fails(lines), PlotError::Empty { what: "points" });

    let stack = |parts: &[f64]| Chart::Stacked {
        axis: axis(),
        parts: strings(&["a", "b"]),
        bars: vec![Stack {
            label: "bar".into(),
            parts: parts.to_vec(),
            role: Role::Other,
        }],
    };
    assert_eq!(
        fails(stack(&[1.0])),
        PlotError::Length {
            label: "bar".into(),
            expected: 2,
            found: 1
        }
    );
    assert_eq!(
        fails(stack(&[1.0, -2.0])),
        PlotError::Negative {
            label: "bar".into(),
            value: -2.0
        }
    );

    let point = Point {
        label: "p".into(),
        x: 0.0,
        y: 0.0,
        group: 2,
        role: Role::Other,
    };
    let scatter = Chart::Scatter {
        x: axis(),
        y: axis(),
        groups: strings(&["a", "b"]),
        points: vec![point],
        over: quyu_core::figure::Over::default(),
    };
    assert_eq!(
        fails(scatter),
        PlotError::Group {
            label: "p".into(),
            group: 2,
            groups: 2
        }
    );

    let tile = |fill| Tile {
        label: "t".into(),
        row: 1,
        col: 2,
        fill,
        role: Role::Other,
    };
    let map = |axis, tiles| Chart::Tiles {
        axis,
        categories: strings(&["a"]),
        rest: None,
        tiles,
    };
    assert_eq!(
        fails(map(None, vec![tile(Fill::Value(1.0))])),
        PlotError::Filling { label: "t".into() }
    );
    assert_eq!(
        fails(map(Some(axis()), vec![tile(Fill::Category(0))])),
        PlotError::Filling { label: "t".into() }
    );
    let interval = |low, nominal| Chart::Intervals {
        axis: axis(),
        estimate: "mean".into(),
        nominal: None,
        rows: vec![Interval {
            label: "row".into(),
            low,
            high: 2.0,
            estimate: 1.5,
            nominal,
            role: Role::Other,
        }],
    };
    for chart in [interval(f64::NAN, None), interval(1.0, Some(f64::INFINITY))] {
        assert_eq!(fails(chart), PlotError::NotFinite { label: "row".into() });
    }
    // The rest has no name in this chart.
    assert_eq!(
        fails(map(None, vec![tile(Fill::Rest)])),
        PlotError::Filling { label: "t".into() }
    );
    assert_eq!(
        fails(map(None, vec![tile(Fill::Category(1))])),
        PlotError::Group {
            label: "t".into(),
            group: 1,
            groups: 1
        }
    );
    assert_eq!(
        fails(map(None, vec![tile(Fill::NoData), tile(Fill::NoData)])),
        PlotError::Taken { row: 1, col: 2 }
    );
    assert_eq!(
        fails(map(Some(axis()), vec![tile(Fill::NoData)])),
        PlotError::Empty { what: "values" }
    );

    let tree = |merges: &[(usize, usize)]| Chart::Dendrogram {
        axis: axis(),
        leaves: (0..3)
            .map(|n| Leaf {
                label: n.to_string(),
                cluster: 0,
                role: Role::Other,
            })
            .collect(),
        merges: merges
            .iter()
            .map(|(a, b)| Merge {
                a: *a,
                b: *b,
                height: 1.0,
            })
            .collect(),
        cut: None,
    };
    assert_eq!(
        fails(tree(&[(0, 1), (0, 2)])),
        PlotError::Merge { position: 1, node: 0 }
    );
    assert_eq!(fails(tree(&[(0, 3)])), PlotError::Merge { position: 0, node: 3 });
    assert_eq!(fails(tree(&[(1, 1)])), PlotError::Merge { position: 0, node: 1 });

    let rows = vec![HeatRow {
        label: "row".into(),
        values: vec![None],
        role: Role::Other,
    }];
    let heat = Chart::Heat {
        axis: axis(),
        centre: None,
        columns: strings(&["c"]),
        rows,
    };
    assert_eq!(fails(heat), PlotError::Empty { what: "values" });
}

#[test]
fn a_map_far_from_the_origin_is_as_large_as_one_at_it() {
    let map = |by: usize| {
        let tiles = (0..3)
            .map(|n| Tile {
                label: n.to_string(),
                row: by + n,
                col: by,
                fill: Fill::Category(0),
                role: Role::Other,
            })
            .collect();
        figure(Chart::Tiles {
            axis: None,
            categories: strings(&["all"]),
            rest: None,
            tiles,
        })
    };
    assert_eq!(svg(&map(0)), svg(&map(50)));
}

fn overlaps(shared: Vec<Shared>, most: usize) -> Chart {
    let set = |label: &str| OverlapSet {
        label: label.into(),
        size: 3,
        role: Role::Other,
    };
    Chart::Overlaps {
        axis: Axis::new("Fields", ""),
        sets: vec![set("one"), set("two")],
        shared,
        most,
    }
}

fn shared(members: &[bool], size: usize) -> Shared {
    Shared {
        members: members.to_vec(),
        size,
        role: Role::Peer,
    }
}

#[test]
fn combinations_beyond_the_most_are_counted_and_their_largest_said() {
    let three = || {
        vec![
            shared(&[true, true], 2),
            shared(&[true, false], 1),
            shared(&[false, true], 1),
        ]
    };
    let texts = checked(&figure(overlaps(three(), 1)));
    assert!(has(&texts, "Not shown: 2 more combinations, the largest of 1."));
    let texts = checked(&figure(overlaps(three(), 3)));
    assert!(!texts.iter().any(|t| t.words.starts_with("Not shown")));
    // A member is a dark dot, and a set beside it a light one: six in all, four of them members.
    let drawn = svg(&figure(overlaps(three(), 3))).unwrap();
    assert_eq!(drawn.matches("<circle").count(), 6);
    let dark = drawn
        .lines()
        .filter(|l| l.starts_with("<circle") && !l.contains("#E4E4E4"));
    assert_eq!(dark.count(), 4);
}

#[test]
fn a_combination_of_other_sets_is_refused() {
    let odd = figure(overlaps(vec![shared(&[true], 2)], 9));
    assert!(matches!(
        svg(&odd),
        Err(PlotError::Length {
            expected: 2,
            found: 1,
            ..
        })
    ));
    let none = figure(overlaps(Vec::new(), 9));
    assert!(matches!(svg(&none), Err(PlotError::Empty { .. })));
}

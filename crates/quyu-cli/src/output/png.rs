//! A figure as PNG: its SVG, drawn at twice the size with the embedded font and no other.

use std::collections::BTreeSet;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Source;
use resvg::usvg::{Group, Node, Options, Tree};

use crate::exit::{BUG, Failure};
use crate::message::Message;

/// Pixels of the PNG to a pixel of the SVG, for print and for dense screens.
const SCALE: f32 = 2.0;
/// So many characters are named in a warning.
const NAMED: usize = 8;

/// A drawing as the bytes of a file.
pub(super) struct Png {
    pub(super) bytes: Vec<u8>,
    /// Characters that the embedded font lacks; each is drawn as an empty box.
    pub(super) boxes: BTreeSet<String>,
}

/// The SVG as PNG. The same text gives the same bytes.
pub(super) fn rendered(svg: &str) -> Result<Png, Failure> {
    let mut options = Options::default();
    for font in quyu_plotting::fonts() {
        options
            .fontdb_mut()
            .load_font_source(Source::Binary(Arc::new(font)));
    }
    let tree = Tree::from_str(svg, &options).map_err(|e| failed(&e.to_string()))?;
    let size = tree.size().to_int_size().scale_by(SCALE);
    let mut pixels = size
        .and_then(|size| Pixmap::new(size.width(), size.height()))
        .ok_or_else(|| failed("it has no size"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    let mut boxes = BTreeSet::new();
    collect_boxes(tree.root(), &mut boxes);
    Ok(Png {
        bytes: pixels.encode_png().map_err(|e| failed(&e.to_string()))?,
        boxes,
    })
}

/// What is told where the embedded font lacks characters of the figure.
pub(super) fn warning(boxes: &BTreeSet<String>) -> Option<Message> {
    let first: Vec<String> = boxes.iter().take(NAMED).map(|c| format!("`{c}`")).collect();
    let more = match boxes.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let text = format!(
        "the font of a PNG lacks {}{more}: each is drawn as an empty box",
        first.join(", ")
    );
    (!boxes.is_empty()).then(|| {
        Message::warning(text).help("name a file that ends in .svg: it is shown with the fonts of its viewer")
    })
}

/// Characters drawn with glyph 0, which a font has for those that it lacks.
fn collect_boxes(group: &Group, boxes: &mut BTreeSet<String>) {
    for node in group.children() {
        match node {
            Node::Group(inner) => collect_boxes(inner, boxes),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|s| &s.positioned_glyphs);
                boxes.extend(glyphs.filter(|g| g.id.0 == 0).map(|g| g.text.clone()));
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

/// quyu wrote the SVG, so that it cannot be drawn is no fault of the table.
fn failed(why: &str) -> Failure {
    Failure::new(
        BUG,
        Message::error(format!("the figure cannot be drawn as PNG: {why}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"30\" \
        font-family=\"DejaVu Sans, Verdana, sans-serif\" font-size=\"20\"><rect width=\"60\" height=\"30\" fill=\"#FFFFFF\"/>";

    fn drawn(inside: &str) -> Png {
        rendered(&format!("{EMPTY}{inside}</svg>")).unwrap()
    }

    fn pixels(png: &Png) -> Pixmap {
        Pixmap::decode_png(&png.bytes).unwrap()
    }

    fn ink(png: &Png) -> usize {
        let dark = |p: &&resvg::tiny_skia::PremultipliedColorU8| p.red() < 128;
        pixels(png).pixels().iter().filter(dark).count()
    }

    #[test]
    fn a_drawing_is_twice_as_large() {
        let png = drawn("<rect x=\"10\" y=\"5\" width=\"20\" height=\"10\"/>");
        assert!(png.bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        let pixels = pixels(&png);
        assert_eq!((pixels.width(), pixels.height()), (120, 60));
        assert_eq!(ink(&png), 40 * 20);
        assert!(pixels.pixels().iter().all(|p| p.alpha() == 255));
    }

    #[test]
    fn text_is_drawn_in_both_weights() {
        let text = |weight: &str| {
            drawn(&format!(
                "<text x=\"5\" y=\"20\" font-weight=\"{weight}\">Gini</text>"
            ))
        };
        assert_eq!(ink(&drawn("")), 0);
        let (normal, bold) = (ink(&text("normal")), ink(&text("bold")));
        assert!(normal > 200 && bold > normal + 100, "{normal} {bold}");
    }

    #[test]
    fn no_font_of_the_machine_is_asked() {
        let named = |family: &str| {
            drawn(&format!(
                "<text x=\"5\" y=\"20\" font-family=\"{family}\">Gini</text>"
            ))
        };
        for family in [
            "DejaVu Serif",
            "Liberation Sans",
            "Times New Roman",
            "serif",
            "monospace",
        ] {
            assert_eq!(ink(&named(family)), 0, "{family}");
        }
    }

    #[test]
    fn what_the_font_lacks_is_told() {
        let png = drawn("<text x=\"5\" y=\"20\">é四川四</text>");
        assert_eq!(png.boxes, BTreeSet::from(["四".to_owned(), "川".to_owned()]));
        assert!(warning(&png.boxes).is_some());
        assert!(warning(&drawn("<text x=\"5\" y=\"20\">éü-ß</text>").boxes).is_none());
    }

    #[test]
    fn what_is_no_svg_is_told() {
        assert!(rendered("<svg").is_err());
    }
}

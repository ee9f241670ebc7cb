//! Figures inside the page.

use std::fmt::Write as _;

use super::text::words;
use crate::markdown::finding;
use crate::model::ShownFigure;

/// A figure with its caption. Where the picture is wider than the window it is read by scrolling, not by shrinking its
/// words. Where there is no picture its alternative text stands in its place.
pub(super) fn figure(shown: &ShownFigure, svg: Option<&str>) -> String {
    let number = shown.number;
    let caption = format!("{}.{}", shown.title, finding(&shown.alt));
    let picture = match svg {
        Some(svg) => with_own_ids(svg, &format!("figure-{number}-")),
        None => format!("<p>{}</p>\n", words(&shown.alt)),
    };
    let mut out = String::new();
    let _ = write!(
        out,
        "<figure id=\"figure-{number}\">\n\
         <div class=\"scroll picture\" role=\"group\" aria-label=\"Picture of figure {number}\" tabindex=\"0\">\n\
         {picture}</div>\n\
         <figcaption><b>Figure {number}.</b> {}</figcaption>\n</figure>\n",
        words(&caption),
    );
    out
}

/// The drawing with this before each of its ids: two figures of a page may have been drawn by the same analysis.
fn with_own_ids(svg: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(svg.len() + 200);
    let mut rest = svg;
    while let Some((at, mark, close)) = next_mark(rest) {
        let from = at + mark.len();
        let end = rest[from..].find(close).map_or(rest.len(), |i| from + i);
        out.push_str(&rest[..from]);
        let ids: Vec<String> = rest[from..end]
            .split(' ')
            .map(|id| format!("{prefix}{id}"))
            .collect();
        out.push_str(&ids.join(" "));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// What stands before an id, or a list of ids, in a drawing, and what ends it. Words cannot look like one of them: their
/// quotation marks are escaped.
const MARKS: [(&str, char); 5] = [
    (" id=\"", '"'),
    (" aria-labelledby=\"", '"'),
    (" href=\"#", '"'),
    ("=\"url(#", ')'),
    ("xlink:href=\"#", '"'),
];

fn next_mark(text: &str) -> Option<(usize, &'static str, char)> {
    MARKS
        .iter()
        .filter_map(|(mark, close)| text.find(mark).map(|at| (at, *mark, *close)))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_drawing_are_its_own() {
        let svg = "<svg aria-labelledby=\"a b\"><title id=\"a\">id=&quot;a&quot;</title><desc id=\"b\"/>\
                   <path fill=\"url(#hatch)\"/><use href=\"#a\"/></svg>";
        let expected = "<svg aria-labelledby=\"f-a f-b\"><title id=\"f-a\">id=&quot;a&quot;</title><desc id=\"f-b\"/>\
                        <path fill=\"url(#f-hatch)\"/><use href=\"#f-a\"/></svg>";
        assert_eq!(with_own_ids(svg, "f-"), expected);
    }
}

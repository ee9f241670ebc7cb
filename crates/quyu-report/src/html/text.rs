//! Words in HTML: escaped, Chinese marked as Chinese, Markdown turned into elements.

use pulldown_cmark::{Alignment, CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Escapes what HTML would take for markup, in text and between double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Escaped text in which runs of Chinese say that they are Chinese: a screen reader changes its voice, a browser takes
/// the forms of characters that are used in China.
pub(super) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_chinese) {
        let run = &rest[start..];
        let end = run.find(|c| !is_chinese(c)).unwrap_or(run.len());
        out.push_str(&escape(&rest[..start]));
        out.push_str("<span lang=\"zh-Hans\">");
        out.push_str(&run[..end]);
        out.push_str("</span>");
        rest = &run[end..];
    }
    out.push_str(&escape(rest));
    out
}

/// Han characters and the punctuation that is set between them.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3011}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ff08}'..='\u{ff0c}')
}

/// Paragraphs, lists and headings of Markdown.
pub(super) fn blocks(markdown: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, events(markdown));
    out
}

/// Markdown of one line, without a paragraph around it.
pub(super) fn inline(markdown: &str) -> String {
    let inside = |e: &Event<'_>| !matches!(e, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
    let mut out = String::new();
    html::push_html(&mut out, events(markdown).filter(inside));
    out.trim_end().to_owned()
}

/// The words of Markdown without any markup, not escaped.
pub(super) fn plain(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The events of Markdown. HTML inside it is text, a picture is its alternative text, and a link leads to a place in
/// the page or to the web: nothing that somebody writes into a case or a data package runs or is fetched.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut dropped = 0_usize;
    let mut table = ProseTable::default();
    Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(move |event| match event {
        Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
            Some(Event::InlineHtml(CowStr::from(words(&text))))
        }
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) if !leads(dest_url) => {
            dropped += 1;
            None
        }
        // Links do not nest, so the next end is that of the link that was dropped.
        Event::End(TagEnd::Link) if dropped > 0 => {
            dropped -= 1;
            None
        }
        other => Some(table.written(other)),
    })
}

/// Tables in prose: as those of the report they scroll where the page is narrow, and columns of numbers have a class, since the page allows no
/// style of an element.
#[derive(Default)]
struct ProseTable {
    columns: Vec<Alignment>,
    at: usize,
    in_head: bool,
}

impl ProseTable {
    fn written<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        let text = match event {
            Event::Start(Tag::Table(columns)) => {
                self.columns = columns;
                "<div class=\"table\"><div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">\n<table>\n"
            }
            Event::End(TagEnd::Table) => "</tbody>\n</table>\n</div></div>\n",
            Event::Start(Tag::TableHead) => {
                (self.at, self.in_head) = (0, true);
                "<thead><tr>"
            }
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                "</tr></thead>\n<tbody>\n"
            }
            Event::Start(Tag::TableRow) => {
                self.at = 0;
                "<tr>"
            }
            Event::End(TagEnd::TableRow) => "</tr>\n",
            Event::Start(Tag::TableCell) => self.cell(),
            Event::End(TagEnd::TableCell) if self.in_head => "</th>",
            Event::End(TagEnd::TableCell) => "</td>",
            other => return other,
        };
        Event::InlineHtml(CowStr::Borrowed(text))
    }

    fn cell(&mut self) -> &'static str {
        let numeric = self.columns.get(self.at) == Some(&Alignment::Right);
        self.at += 1;
        match (self.in_head, numeric) {
            (true, true) => "<th scope=\"col\" class=\"n\">",
            (true, false) => "<th scope=\"col\">",
            (false, true) => "<td class=\"n\">",
            (false, false) => "<td>",
        }
    }
}

fn leads(target: &str) -> bool {
    ["#", "https://", "http://"].iter().any(|start| target.starts_with(start))
        // From the index into a report.
        || target.split_once(".html#").is_some_and(|(page, _)| page.chars().all(is_of_id))
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_and_chinese_is_marked() {
        assert_eq!(
            words("R&D <b> 江苏 (苏, \"Su\")"),
            "R&amp;D &lt;b&gt; <span lang=\"zh-Hans\">江苏</span> (<span lang=\"zh-Hans\">苏</span>, &quot;Su&quot;)"
        );
        assert_eq!(words("a − b"), "a − b");
    }

    #[test]
    fn markdown_becomes_elements_and_html_in_it_becomes_words() {
        assert_eq!(
            inline(r"**R&D** \*x\* `a<b` [T](#t)"),
            "<strong>R&amp;D</strong> *x* <code>a&lt;b</code> <a href=\"#t\">T</a>"
        );
        assert_eq!(
            blocks("<script>alert(1)</script>\n"),
            "&lt;script&gt;alert(1)&lt;/script&gt;\n"
        );
        assert_eq!(
            blocks("a <img src=x> b\n\n- c"),
            "<p>a &lt;img src=x&gt; b</p>\n<ul>\n<li>c</li>\n</ul>\n"
        );
    }

    #[test]
    fn a_table_in_prose_has_classes_and_no_style() {
        let html = blocks("| Of | Share |\n|:---|---:|\n| R&D | 1 |\n");
        assert!(
            html.contains("<th scope=\"col\">Of</th><th scope=\"col\" class=\"n\">Share</th>"),
            "{html}"
        );
        assert!(
            html.contains("<tr><td>R&amp;D</td><td class=\"n\">1</td></tr>"),
            "{html}"
        );
        assert!(!html.contains("style"), "{html}");
    }

    #[test]
    fn no_link_runs_anything_and_no_picture_is_fetched() {
        assert_eq!(
            inline("[a](javascript:alert%281%29) [b](file:///etc) [c](https://example.org)"),
            "a b <a href=\"https://example.org\">c</a>"
        );
        assert_eq!(inline("![alt](https://example.org/x.png)"), "alt");
        assert_eq!(
            inline("[r](jiangsu.html#gini)"),
            "<a href=\"jiangsu.html#gini\">r</a>"
        );
        assert_eq!(inline("[r](../x.html#gini)"), "r");
    }

    #[test]
    fn plain_words_have_no_markup() {
        assert_eq!(plain(r"**A** *b* `c` [d](#e) R\&D"), "A b c d R&D");
    }
}

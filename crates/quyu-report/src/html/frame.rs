//! What is around the text of every page: head, landmarks, style and script.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::text::escape;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The parts of a page, those in HTML but for title and description.
pub(super) struct Frame<'a> {
    /// Title of the window.
    pub(super) title: &'a str,
    /// What a list of links says of it.
    pub(super) description: &'a str,
    /// The list of contents, if it has one.
    pub(super) contents: Option<&'a str>,
    /// The text.
    pub(super) main: &'a str,
    /// What stands below.
    pub(super) foot: &'a str,
}

/// Puts a page together. Its policy allows its own style and script, by their hashes, and nothing from elsewhere.
pub(super) fn framed(frame: &Frame<'_>) -> String {
    let mut page = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let _ = write!(
        page,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; \
         img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"description\" content=\"{}\">\n<title>{}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the text</a>\n\
         <header class=\"site\"><p><a href=\"index.html\">quyu <span lang=\"zh-Hans\">区域</span></a> \
         <span>Reports on regional innovation</span></p></header>\n",
        hash(STYLE),
        hash(SCRIPT),
        escape(frame.description),
        escape(frame.title),
    );
    match frame.contents {
        Some(contents) => {
            let _ = write!(
                page,
                "<div class=\"columns\">\n<nav aria-label=\"Contents\">\n<details open>\n<summary>Contents</summary>\n\
                 {contents}</details>\n</nav>\n<main id=\"main\" tabindex=\"-1\">\n{}</main>\n</div>\n",
                frame.main
            );
        }
        None => {
            let _ = write!(
                page,
                "<main id=\"main\" tabindex=\"-1\">\n{}</main>\n",
                frame.main
            );
        }
    }
    let _ = write!(
        page,
        "<footer>\n{}</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        frame.foot
    );
    page
}

/// The hash by which a policy allows an inline style or script.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            match i <= three.len() {
                true => out.push(char::from(DIGITS[(bits >> (18 - 6 * i) & 63) as usize])),
                false => out.push('='),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_the_vectors_of_rfc_4648() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn style_and_script_end_where_they_should() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}

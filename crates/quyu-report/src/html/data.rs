//! The end of a page: packages, files, methods, and how to write it anew.

use std::fmt::Write as _;

use super::Parts;
use super::text::{blocks, escape, inline, words};
use crate::markdown::demoted;
use crate::model::{Method, Report, TableFile, Use};

/// The chapter on the data. It holds every file once, as a link that is the file; the other links of the page lead here.
pub(super) fn data(anchor: &str, report: &Report, parts: &Parts) -> String {
    let mut out = format!("<section id=\"{anchor}\" class=\"chapter\">\n<h2>Data</h2>\n");
    packages(&mut out, report);
    out.push_str(
        "<p>The source of every figure is named beside it in the packages, and so is its vintage.</p>\n",
    );
    if !report.files.is_empty() {
        out.push_str("<p>Every number of this report stands in one of these tables with twelve significant digits; <code>text.csv</code> says from which cells each number of the text comes.</p>\n<ul class=\"files\">\n");
        for file in &report.files {
            let text = parts.tables.get(&file.name).map(String::as_str);
            out.push_str(&self::file(&report.id, file, text));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</section>\n");
    out
}

fn packages(out: &mut String, report: &Report) {
    out.push_str(
        "<div class=\"table\">\n<div class=\"scroll\" role=\"group\" aria-labelledby=\"packages-caption\" tabindex=\"0\">\n\
         <table>\n<caption><span id=\"packages-caption\">Data packages used</span></caption>\n<thead><tr>\
         <th scope=\"col\">Package</th><th scope=\"col\">Version</th><th scope=\"col\">SHA-256 of datapackage.json</th>\
         </tr></thead>\n<tbody>\n",
    );
    for p in &report.packages {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td><code>{}</code></td></tr>",
            words(&p.id),
            words(&p.version),
            escape(&p.sha256)
        );
    }
    out.push_str("</tbody>\n</table>\n</div>\n</div>\n");
}

fn file(case: &str, file: &TableFile, text: Option<&str>) -> String {
    let name = escape(&file.name);
    let link = match text {
        Some(text) => format!(
            "<a class=\"csv\" download=\"{}-{name}\" href=\"data:text/csv;charset=utf-8,{}\">{name}</a>",
            escape(case),
            percent_encoded(text)
        ),
        None => name.clone(),
    };
    let plural = if file.rows == 1 { "row" } else { "rows" };
    format!(
        "<li id=\"file-{name}\">{link} {} ({} {plural}).{}</li>\n",
        words(file.title.trim_end_matches('.')),
        file.rows,
        units(file)
    )
}

fn units(file: &TableFile) -> String {
    let unit = |u: &str| match u {
        "1" => "pure number".to_owned(),
        _ => words(u),
    };
    let units: Vec<String> = file
        .units
        .iter()
        .map(|(column, u)| format!("<code>{}</code> {}", escape(column), unit(u)))
        .collect();
    match units.is_empty() {
        true => String::new(),
        false => format!(" <span class=\"units\">Units: {}.</span>", units.join(", ")),
    }
}

/// Text as it stands in a `data:` address inside double quotes.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,;:=()/+*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The chapter on the methods.
pub(super) fn methods(anchor: &str, methods: &[Method]) -> String {
    if methods.is_empty() {
        return String::new();
    }
    let mut out = format!("<section id=\"{anchor}\" class=\"chapter methods\">\n<h2>Methods</h2>\n");
    for method in methods {
        let _ = write!(
            out,
            "<section id=\"method-{0}\">\n<h3>{1} <code>{0}</code></h3>\n<p class=\"uses\">Used in {2}.</p>\n{3}</section>\n",
            escape(&method.id),
            words(method.summary.trim_end_matches('.')),
            method
                .grouped()
                .iter()
                .map(|g| used(g))
                .collect::<Vec<_>>()
                .join("; "),
            blocks(&demoted(&method.manual, 4)),
        );
    }
    out.push_str("</section>\n");
    out
}

/// Sections that use a method with the same parameters.
fn used(group: &[&Use]) -> String {
    let place = |one: &&Use| match &one.title {
        Some(title) => inline(&format!("[{title}](#{})", one.section)),
        None => format!("<code>{}</code>", escape(&one.section)),
    };
    let places = group.iter().map(place).collect::<Vec<_>>().join(", ");
    let params: Vec<String> = group[0]
        .params
        .iter()
        .map(|(name, value)| format!("<code>{}</code> = {}", escape(name), words(value)))
        .collect();
    match params.is_empty() {
        true => places,
        false => format!("{places} ({})", params.join(", ")),
    }
}

/// How to write the page anew.
pub(super) fn foot(report: &Report) -> String {
    format!(
        "<p>Written by quyu {} with <code>cargo xtask report --html {}</code>: the same data and case give the same bytes.</p>\n",
        escape(&report.version),
        escape(&report.id)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_encoded_for_an_address_in_quotes() {
        assert_eq!(
            percent_encoded("name,x\n\"a & b\",1.5e-3\n苏%#'<\n"),
            "name,x%0A%22a%20%26%20b%22,1.5e-3%0A%E8%8B%8F%25%23%27%3C%0A"
        );
    }
}

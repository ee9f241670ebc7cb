//! The rules that a page has to keep.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::browser::{Browser, BrowserError};
use super::page::{Look, Page, text};
use super::{SiteError, io};

/// Both widths and both colour schemes.
const LOOKS: [Look; 2] = [
    Look {
        width: 1280,
        scheme: "light",
    },
    Look {
        width: 390,
        scheme: "dark",
    },
];

/// The browser drops what a page downloads beyond ten files a second.
const BURST: usize = 9;
const PAUSE: Duration = Duration::from_millis(1200);

/// Runs inside the page.
const INSPECT: &str = include_str!("inspect.js");

/// Runs axe-core inside the page; what it answers is short.
const AXE: &str = "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.map((v) => \
    `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' ; ')}`))";

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// File of the page, and the look at which it was seen.
    pub(super) place: String,
    /// The rule.
    pub(super) rule: String,
    /// What is wrong.
    pub(super) what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.rule, self.what)
    }
}

/// Looks at a page of a folder. `tables` holds the files that its downloads must equal.
pub(super) fn page(
    browser: &mut Browser,
    axe: &str,
    folder: &Path,
    name: &str,
    tables: &Path,
) -> Result<Vec<Problem>, SiteError> {
    let path = folder.join(name);
    let path = path.canonicalize().map_err(io(&path))?;
    let url = format!("file://{}", path.display());
    let mut problems = Vec::new();
    for (i, look) in LOOKS.into_iter().enumerate() {
        let mut say = |rule: &str, what: String| {
            problems.push(Problem {
                place: format!("{name} at {} px, {}", look.width, look.scheme),
                rule: rule.to_owned(),
                what,
            });
        };
        let mut open = Page::open(browser, &url, look)?;
        // Keys first: clicks would move the focus.
        if i == 0 {
            keys(&mut open, &mut say)?;
        }
        let found = open.ask(INSPECT)?;
        for rule in ["overflow", "id", "anchor", "download", "sort"] {
            strings(&found[rule]).for_each(|what| say(rule, what));
        }
        open.ask(&format!("{axe}; 0"))?;
        strings(&open.ask(AXE)?).for_each(|what| say("axe", what));
        if i == 0 {
            for link in strings(&found["links"]).filter(|l| !leads(folder, l)) {
                say("anchor", link);
            }
            downloads(&mut open, name, tables, &mut say)?;
        }
        for event in open.close()? {
            if let Some((rule, what)) = heard(&event, &url) {
                say(rule, what);
            }
        }
    }
    Ok(problems)
}

/// Whether a link leads to a page that is there, and to a place in it.
fn leads(folder: &Path, link: &str) -> bool {
    let (page, anchor) = link.split_once('#').unwrap_or((link, ""));
    std::fs::read_to_string(folder.join(page))
        .is_ok_and(|text| anchor.is_empty() || text.contains(&format!(" id=\"{anchor}\"")))
}

/// The first stop of the tab key is the way past the contents, and it leads there; a table is sorted from the keyboard.
fn keys(page: &mut Page<'_>, say: &mut impl FnMut(&str, String)) -> Result<(), BrowserError> {
    page.press("Tab", 9, "")?;
    let skip =
        "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0";
    if page.ask(skip)? != json!(true) {
        say(
            "keys",
            "the first stop of the tab key is no visible link past the contents".to_owned(),
        );
        return Ok(());
    }
    page.press("Enter", 13, "\r")?;
    if page.ask("document.activeElement.id")? != json!("main") {
        say(
            "keys",
            "the link past the contents does not lead there".to_owned(),
        );
    }
    if page.ask("document.querySelector('table[data-sort]') === null")? == json!(true) {
        return Ok(());
    }
    page.ask("document.querySelector('table[data-sort] th button')?.focus()")?;
    page.press("Enter", 13, "\r")?;
    let sorted = "document.querySelector('table[data-sort] th').ariaSort === 'ascending'";
    if page.ask(sorted)? != json!(true) {
        say("keys", "the enter key does not sort the first table".to_owned());
    }
    page.ask(
        "document.querySelectorAll('th[aria-sort=ascending] button').forEach((b) => (b.click(), b.click()))",
    )?;
    Ok(())
}

/// Every download is the file of its name beside the report, and every file has one.
fn downloads(
    page: &mut Page<'_>,
    name: &str,
    tables: &Path,
    say: &mut impl FnMut(&str, String),
) -> Result<(), SiteError> {
    let mut missing = files(tables)?;
    let names = page.ask("[...document.querySelectorAll('a[download]')].map((a) => a.download)")?;
    let case = name.split('.').next().unwrap_or_default();
    let mut tried = Vec::new();
    for (i, expected) in strings(&names).enumerate() {
        if tried.contains(&expected) {
            continue;
        }
        if !tried.is_empty() && tried.len() % BURST == 0 {
            std::thread::sleep(PAUSE);
        }
        let (file, bytes) = page.download("a[download]", i)?;
        let table = file.strip_prefix(&format!("{case}-")).unwrap_or_default();
        match missing.remove(table) {
            _ if file != expected => say("download", format!("`{expected}` arrives as `{file}`")),
            None => say("download", format!("`{file}` is no table of this report")),
            Some(right) if right != bytes => {
                say("download", format!("`{file}` is not the table beside the report"));
            }
            Some(_) => {}
        }
        tried.push(expected);
    }
    for table in missing.keys() {
        say("download", format!("`{table}` cannot be downloaded"));
    }
    Ok(())
}

/// Files of a folder by name; none where there is no folder.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in std::fs::read_dir(folder).map_err(io(folder))? {
        let entry = entry.map_err(io(folder))?;
        let bytes = std::fs::read(entry.path()).map_err(io(&entry.path()))?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), bytes);
    }
    Ok(files)
}

/// What an event says against the page: an error that it logged, or something that it fetched.
fn heard(event: &Value, url: &str) -> Option<(&'static str, String)> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some((
            "console",
            text(&params["exceptionDetails"]["exception"]["description"]),
        )),
        "Runtime.consoleAPICalled"
            if matches!(params["type"].as_str(), Some("error" | "assert" | "warning")) =>
        {
            Some(("console", params["args"].to_string()))
        }
        "Log.entryAdded" if params["entry"]["level"] == json!("error") => {
            Some(("console", text(&params["entry"]["text"])))
        }
        "Network.requestWillBeSent" => {
            let to = text(&params["request"]["url"]);
            let own = to == url || to.starts_with(&format!("{url}#")) || to.starts_with("data:");
            (!own).then_some(("fetch", to))
        }
        _ => None,
    }
}

fn strings(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().map(text)
}

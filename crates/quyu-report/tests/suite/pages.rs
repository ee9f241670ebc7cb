//! From a report to its page.

use quyu_report::{Case, Parts, Report, html, html_index, run};

use crate::fake::{atlas, registry};

/// A drawing as quyu-plotting writes it, of almost nothing.
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"100\" viewBox=\"0 0 8000 1000\" \
    role=\"img\" aria-labelledby=\"ranking-title ranking-desc\">\n<title id=\"ranking-title\">Beijing is ahead</title>\n\
    <desc id=\"ranking-desc\">Bars: Beijing [first], then Jiangsu.</desc>\n</svg>\n";

fn sample() -> (Report, Parts) {
    let case = Case::parse(include_str!("case.toml")).unwrap();
    let artifacts = run(&case, &atlas(), &registry(), &()).unwrap();
    let parts = Parts {
        figures: [("income".to_owned(), SVG.to_owned())].into(),
        tables: artifacts.tables.into_iter().collect(),
    };
    (artifacts.report, parts)
}

/// A page without the style and the script, which are files of their own, and without their hashes.
fn bare(page: &str) -> String {
    let mut text = page.to_owned();
    for (open, close) in [
        ("<style>", "</style>"),
        ("<script>", "</script>"),
        ("'sha256-", "'"),
    ] {
        let mut from = 0;
        while let Some(at) = text[from..].find(open) {
            let start = from + at + open.len();
            let end = start + text[start..].find(close).unwrap();
            text.replace_range(start..end, "…");
            from = start;
        }
    }
    text
}

#[test]
fn a_report_becomes_a_page() {
    let (report, parts) = sample();
    insta::assert_snapshot!(bare(&html(&report, &parts)));
}

#[test]
fn reports_have_an_index() {
    let (report, _) = sample();
    insta::assert_snapshot!(bare(&html_index(&[&report])));
}

#[test]
fn the_same_report_gives_the_same_page() {
    let (report, parts) = sample();
    assert_eq!(html(&report, &parts), html(&report, &parts));
}

#[test]
fn nothing_in_a_report_is_taken_for_markup() {
    let (mut report, parts) = sample();
    let attack = "<script>alert(1)</script><img src=x onerror=alert(1)> \" onload=\"alert(1)";
    report.title = attack.into();
    report.title_zh = Some(attack.into());
    report.lede = attack.into();
    report.version = attack.into();
    report.packages[0].id = attack.into();
    for file in &mut report.files {
        file.title = attack.into();
        file.units = vec![(attack.into(), attack.into())];
    }
    for method in &mut report.methods {
        method.summary = attack.into();
        method.manual = attack.into();
        method.uses[0].params = vec![(attack.into(), attack.into())];
    }
    for chapter in &mut report.chapters {
        chapter.title = attack.into();
        chapter.question = Some(attack.into());
        chapter.answer = Some(attack.into());
        for section in &mut chapter.sections {
            section.title = attack.into();
        }
    }
    if let Some(summary) = &mut report.summary {
        summary.findings = vec![attack.into()];
        summary.care = Some(attack.into());
    }
    for page in [html(&report, &parts), html_index(&[&report])] {
        let page = bare(&page);
        assert!(page.matches("alert(1)").count() > 4, "the attack was not there");
        assert!(!page.contains("<img") && !page.contains("<script>alert"));
        assert!(!page.contains("\" onload=\""));
        assert_eq!(page.matches("<script>").count(), 1);
    }
}

#[test]
fn a_section_keeps_its_anchor_before_a_chapter() {
    let (mut report, parts) = sample();
    report.chapters[0].sections[0].id = "data".into();
    let page = html(&report, &parts);
    assert_eq!(page.matches(" id=\"data\"").count(), 1);
    assert_eq!(page.matches(" id=\"data-chapter\"").count(), 1);
    assert!(page.contains("href=\"#data-chapter\""));
}

#[test]
fn every_table_stands_in_the_page_once_and_a_missing_picture_is_told() {
    let (report, mut parts) = sample();
    let page = html(&report, &parts);
    assert_eq!(page.matches("href=\"data:text/csv").count(), parts.tables.len());
    parts.figures.clear();
    assert!(html(&report, &parts).contains("<p>Bars: Beijing [first], then Jiangsu.</p>"));
}

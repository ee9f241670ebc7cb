//! The contract that every plugin keeps, run over the whole registry.

use std::collections::BTreeMap;
use std::sync::Arc;

use quyu_core::findings::Cell;
use quyu_core::{
    Analysis, Atlas, Batch, Entry, Findings, Need, ParamKind, ParamValue, Params, Registry, Study, Table,
    Term, Values,
};

use crate::packages::{toy, toy_study};

pub(crate) fn registry() -> Registry {
    quyu_catalog::registry().expect("no duplicate id")
}

/// The study in which an example runs: all ten regions, or one of them where an analysis is of one region.
fn studies(atlas: &Arc<Atlas>) -> [Study; 2] {
    let all = toy_study(atlas, None);
    let first = all.reference.members()[0].to_string();
    let single = toy_study(atlas, Some(&first));
    [all, single]
}

pub(crate) fn value(value: &toml::Value) -> ParamValue {
    match value {
        toml::Value::String(s) => ParamValue::Text(s.clone()),
        toml::Value::Integer(i) => ParamValue::Integer(*i),
        toml::Value::Float(x) => ParamValue::Number(*x),
        toml::Value::Boolean(b) => ParamValue::Flag(*b),
        toml::Value::Array(items) => ParamValue::List(items.iter().map(self::value).collect()),
        other => panic!("no parameter holds {other}"),
    }
}

fn params(entry: &Entry) -> Params {
    let table: toml::Table = entry
        .example
        .parse()
        .unwrap_or_else(|e| panic!("example of {}: {e}", entry.id));
    let given: BTreeMap<String, ParamValue> = table.iter().map(|(k, v)| (k.clone(), value(v))).collect();
    Params::check(entry.id, entry.params, &given).unwrap_or_else(|e| panic!("example of {}: {e}", entry.id))
}

fn build(entry: &Entry) -> Box<dyn Analysis> {
    (entry.build)(&params(entry)).unwrap_or_else(|e| panic!("{}: {e}", entry.id))
}

fn run(entry: &Entry, atlas: &Arc<Atlas>) -> Findings {
    let analysis = build(entry);
    let mut refused = Vec::new();
    for study in studies(atlas) {
        study
            .check(&analysis.needs())
            .unwrap_or_else(|e| panic!("needs of {}: {e}", entry.id));
        match analysis.run(&study, &()) {
            Ok(findings) => return findings,
            Err(error) => refused.push(error.to_string()),
        }
    }
    panic!(
        "the example of {} runs in no study of the toy data: {refused:?}",
        entry.id
    );
}

#[test]
fn every_example_runs_and_returns_a_main_table() {
    for entry in registry().iter() {
        let findings = run(entry, &toy());
        let main = findings
            .table(entry.id)
            .unwrap_or_else(|| panic!("{} has no table of its own id", entry.id));
        assert!(!main.rows.is_empty(), "{}", entry.id);
        for table in &findings.tables {
            assert!(
                table.rows.iter().all(|r| r.len() == table.columns.len()),
                "{}/{}",
                entry.id,
                table.id
            );
            let finite = |c: &Cell| !matches!(c, Cell::Number(x) if !x.is_finite());
            assert!(
                table.rows.iter().flatten().all(finite),
                "{}/{}",
                entry.id,
                table.id
            );
            if let Some(view) = &table.view {
                assert!(
                    view.head.len() <= 8,
                    "{}/{}: {} columns",
                    entry.id,
                    table.id,
                    view.head.len()
                );
                assert!(
                    view.rows.iter().all(|r| r.cells.len() == view.head.len()),
                    "{}/{}",
                    entry.id,
                    table.id
                );
            }
        }
        for figure in &findings.figures {
            assert!(
                !figure.alt.is_empty() && !figure.title.is_empty(),
                "{}/{}",
                entry.id,
                figure.id
            );
            quyu_plotting::svg(figure).unwrap_or_else(|e| panic!("{}/{}: {e}", entry.id, figure.id));
        }
    }
}

#[test]
fn every_entry_is_documented() {
    for entry in registry().iter() {
        assert!(entry.manual.starts_with("**Question.**"), "{}", entry.id);
        assert!(entry.manual.contains("**Definition.**"), "{}", entry.id);
        assert!(entry.manual.contains("**Limits.**"), "{}", entry.id);
        assert!(
            !entry.summary.is_empty() && !entry.summary.ends_with('.'),
            "{}",
            entry.id
        );
        conditional_paragraphs_name_what_exists(entry);
        for param in entry.params {
            assert!(!param.help.is_empty(), "{}: {}", entry.id, param.name);
            assert!(
                param.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{}: {}",
                entry.id,
                param.name
            );
        }
    }
}

/// A paragraph that begins with a parameter or a variant is printed where that is used: one that names neither would never be.
fn conditional_paragraphs_name_what_exists(entry: &Entry) {
    let variants = entry.params.iter().find(|p| p.name == "variant").map(|p| p.kind);
    for paragraph in entry.manual.split("\n\n") {
        let named = |mark: &str| {
            paragraph
                .strip_prefix(mark)?
                .split_once('`')
                .map(|(name, _)| name)
        };
        if let Some(name) = named("**With `") {
            let exists = entry.params.iter().any(|p| p.name == name);
            assert!(
                exists,
                "{}: the manual explains `{name}`, which is no parameter",
                entry.id
            );
        }
        if let Some(name) = named("**Variant `") {
            let exists = matches!(variants, Some(ParamKind::Choice(names)) if names.contains(&name));
            assert!(
                exists,
                "{}: the manual explains `{name}`, which is no variant",
                entry.id
            );
        }
    }
}

#[test]
fn results_do_not_depend_on_the_order_of_rows() {
    let atlas = toy();
    let turned = Arc::new(shuffled());
    for entry in registry().iter() {
        assert_eq!(run(entry, &atlas), run(entry, &turned), "{}", entry.id);
    }
}

/// The toy package loaded from a copy whose tables have their rows in reverse order.
fn shuffled() -> Atlas {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (crate::packages::datasets().join("toy"), folder.path().join("toy"));
    copy_reversed(&from, &to);
    quyu_io::load::atlas(folder.path(), &["toy".to_owned()]).expect("the copy loads")
}

fn copy_reversed(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    let mut descriptor: serde_json::Value =
        serde_json::from_slice(&std::fs::read(from.join("datapackage.json")).unwrap()).unwrap();
    for resource in descriptor["resources"].as_array_mut().unwrap() {
        let path = resource["path"].as_str().unwrap().to_owned();
        let mut text = std::fs::read_to_string(from.join(&path)).unwrap();
        // Only observations: the order of classes, groups and sets is part of what they say.
        if path.starts_with("observations/") {
            let (head, rows) = text.split_once('\n').unwrap();
            let mut rows: Vec<&str> = rows.lines().collect();
            rows.reverse();
            text = format!("{head}\n{}\n", rows.join("\n"));
        }
        resource["hash"] = format!("sha256:{}", quyu_io::package::sha256(text.as_bytes())).into();
        let target = to.join(&path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, text).unwrap();
    }
    std::fs::write(
        to.join("datapackage.json"),
        serde_json::to_vec(&descriptor).unwrap(),
    )
    .unwrap();
}

#[test]
fn a_dropped_region_is_a_note() {
    let atlas = Arc::new(without_one_figure());
    let mut dropped = 0;
    for entry in registry().iter() {
        let analysis = build(entry);
        let study = Study {
            missing: quyu_core::Missing::Drop,
            ..toy_study(&atlas, None)
        };
        let Ok(findings) = analysis.run(&study, &()) else {
            continue;
        };
        let lacks_it = |t: &Table| {
            let position = t.position(quyu_core::ColumnName::Region);
            position.is_some_and(|p| t.rows.len() > 3 && !t.rows.iter().any(|r| r[p] == Cell::Text(victim())))
        };
        if findings.table(entry.id).is_some_and(lacks_it) {
            dropped += 1;
            let said = findings
                .notes
                .iter()
                .any(|n| n.kind == quyu_core::NoteKind::Missing);
            assert!(said, "{} leaves {} out and does not say so", entry.id, victim());
        }
    }
    assert!(
        dropped >= 3,
        "the test found only {dropped} analyses that leave a region out"
    );
}

/// Code of the region whose figures are deleted, as tables print it.
fn victim() -> String {
    toy().set("toy:all").unwrap().members()[3].to_string()
}

fn without_one_figure() -> Atlas {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("toy");
    copy_reversed(&crate::packages::datasets().join("toy"), &to);
    let code = toy().set("toy:all").unwrap().members()[3].code().to_owned();
    let mut descriptor: serde_json::Value =
        serde_json::from_slice(&std::fs::read(to.join("datapackage.json")).unwrap()).unwrap();
    for resource in descriptor["resources"].as_array_mut().unwrap() {
        let path = resource["path"].as_str().unwrap().to_owned();
        if !path.starts_with("observations/") {
            continue;
        }
        let text = std::fs::read_to_string(to.join(&path)).unwrap();
        let kept: Vec<&str> = text
            .lines()
            .filter(|l| !l.starts_with(&format!("{code},2020,")) || l.contains(",pop,"))
            .collect();
        let text = format!("{}\n", kept.join("\n"));
        replace(resource, &to.join(&path), &text);
    }
    described(folder.path(), &descriptor)
}

/// Writes another text in the place of a resource, and describes it.
fn replace(resource: &mut serde_json::Value, path: &std::path::Path, text: &str) {
    resource["bytes"] = text.len().into();
    resource["hash"] = format!("sha256:{}", quyu_io::package::sha256(text.as_bytes())).into();
    std::fs::write(path, text).unwrap();
}

/// The copy of the toy package in a folder, with another descriptor.
fn described(folder: &std::path::Path, descriptor: &serde_json::Value) -> Atlas {
    let text = serde_json::to_vec(descriptor).unwrap();
    std::fs::write(folder.join("toy/datapackage.json"), text).unwrap();
    quyu_io::load::atlas(folder, &["toy".to_owned()]).expect("the copy loads")
}

/// The toy package with every observation turned into another one, or left out; its place in its file comes first.
pub(crate) fn rewritten(turn: fn(usize, f64) -> Option<f64>) -> Atlas {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("toy");
    copy_reversed(&crate::packages::datasets().join("toy"), &to);
    let mut descriptor: serde_json::Value =
        serde_json::from_slice(&std::fs::read(to.join("datapackage.json")).unwrap()).unwrap();
    for resource in descriptor["resources"].as_array_mut().unwrap() {
        let path = resource["path"].as_str().unwrap().to_owned();
        if !path.starts_with("observations/") {
            continue;
        }
        let text = std::fs::read_to_string(to.join(&path)).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let at = head.split(',').position(|h| h == "value").unwrap();
        let turned = rows.lines().enumerate().filter_map(|(i, row)| {
            let mut fields: Vec<String> = row.split(',').map(str::to_owned).collect();
            fields[at] = turn(i, fields[at].parse().unwrap())?.to_string();
            Some(fields.join(","))
        });
        let text = format!("{head}\n{}\n", turned.collect::<Vec<_>>().join("\n"));
        replace(resource, &to.join(&path), &text);
    }
    described(folder.path(), &descriptor)
}

/// One row of a stream: a label or a number for each column.
enum Item {
    Label(String),
    Number(f64),
}

#[test]
fn streams_agree_with_runs() {
    let atlas = toy();
    let study = toy_study(&atlas, None);
    let mut streamed = 0;
    for entry in registry().iter() {
        let Some(additive) = entry.additive else { continue };
        streamed += 1;
        let direct = build(entry)
            .run(&study, &())
            .unwrap_or_else(|e| panic!("{}: {e}", entry.id));
        for cut in [0, 1, 7] {
            let mut first = additive(&params(entry)).unwrap();
            let mut second = additive(&params(entry)).unwrap();
            let rows = rows(&study, first.columns());
            push(first.as_mut(), &rows[..rows.len() - cut]);
            push(second.as_mut(), &rows[rows.len() - cut..]);
            first.merge(second);
            agree(
                entry.id,
                &direct,
                &first.finish().unwrap_or_else(|e| panic!("{}: {e}", entry.id)),
            );
        }
    }
    assert!(streamed >= 30, "only {streamed} entries offer a stream");
}

#[test]
fn sums_that_somebody_else_added_up_agree_with_runs() {
    let atlas = toy();
    let study = toy_study(&atlas, None);
    let mut summed = 0;
    for entry in registry().iter() {
        let Some(additive) = entry.additive else { continue };
        let mut stream = additive(&params(entry)).unwrap();
        let rows = rows(&study, stream.columns());
        let Some(sums) = stream.sums() else {
            push(stream.as_mut(), &rows);
            assert!(stream.held() > 0, "{} holds nothing and has no sums", entry.id);
            continue;
        };
        summed += 1;
        let keys = sums.keys.iter().map(|k| k.name.as_str());
        let names = keys.chain(sums.terms.iter().map(|t| t.name));
        let mut names: Vec<&str> = names.chain(sums.refusals.iter().map(|r| r.name)).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{}: two columns of one name", entry.id);
        // Two parts, as two machines would send them.
        for half in rows.chunks(rows.len() / 2 + 1) {
            stream
                .take(&in_batch(half, |batch| sums.add_up(batch)).unwrap())
                .unwrap();
        }
        let direct = build(entry).run(&study, &()).unwrap();
        let found = stream.finish().unwrap_or_else(|e| panic!("{}: {e}", entry.id));
        agree(entry.id, &direct, &found);
    }
    assert!(summed >= 18, "only {summed} entries are functions of sums");
}

/// The rows of the toy study: region x class x year, with what the columns ask for.
fn rows(study: &Study, columns: &[Need]) -> Vec<Vec<Item>> {
    let classed: Vec<Option<Term>> = columns
        .iter()
        .find_map(|need| match need {
            Need::Indicator(term) => {
                let classes = study.classes(term).unwrap();
                (classes.len() > 1).then(|| classes.into_iter().map(Some).collect())
            }
            _ => None,
        })
        .unwrap_or_else(|| vec![None]);
    let mut rows = Vec::new();
    for region in study.focus.members() {
        for year in [study.period.from, study.period.to] {
            for class in &classed {
                let item = |need: &Need| match need {
                    Need::Indicator(term) => {
                        let term = class.as_ref().unwrap_or(term);
                        Item::Number(study.value(term, region, year).unwrap().unwrap().value)
                    }
                    Need::Period => Item::Label(year.to_string()),
                    Need::Region => Item::Label(region.to_string()),
                    Need::Partition(id) => {
                        let partition = study.atlas.partition(id).unwrap();
                        let (_, groups) = partition.cover("one", std::slice::from_ref(region)).unwrap();
                        Item::Label(groups[0].id.clone())
                    }
                    Need::Class => Item::Label(class.as_ref().unwrap().class.as_ref().unwrap().to_string()),
                    other => panic!("a stream asks for {other:?}, which this test does not make"),
                };
                rows.push(columns.iter().map(item).collect());
            }
        }
    }
    rows
}

fn push(stream: &mut dyn quyu_core::Additive, rows: &[Vec<Item>]) {
    if !rows.is_empty() {
        in_batch(rows, |batch| stream.push(batch)).unwrap();
    }
}

/// Rows column by column.
fn in_batch<T>(rows: &[Vec<Item>], take: impl FnOnce(&Batch<'_>) -> T) -> T {
    let columns = rows.first().map_or(0, Vec::len);
    let labels: Vec<Vec<&str>> = (0..columns)
        .map(|c| {
            rows.iter()
                .filter_map(|r| {
                    if let Item::Label(l) = &r[c] {
                        Some(l.as_str())
                    } else {
                        None
                    }
                })
                .collect()
        })
        .collect();
    let numbers: Vec<Vec<f64>> = (0..columns)
        .map(|c| {
            rows.iter()
                .filter_map(|r| if let Item::Number(x) = r[c] { Some(x) } else { None })
                .collect()
        })
        .collect();
    let values = (0..columns)
        .map(|c| {
            if numbers[c].is_empty() {
                Values::Labels(&labels[c])
            } else {
                Values::Numbers(&numbers[c])
            }
        })
        .collect();
    take(&Batch::new(values).unwrap())
}

/// Every estimate of the stream stands in the tables of the run, under the same keys; rows of the same keys stand in the same order.
fn agree(id: &str, direct: &Findings, streamed: &Findings) {
    for table in &streamed.tables {
        let other = direct
            .table(&table.id)
            .unwrap_or_else(|| panic!("{id}: no table `{}` in the run", table.id));
        let mut seen: Vec<Vec<(quyu_core::ColumnName, &Cell)>> = Vec::new();
        for row in &table.rows {
            let keys: Vec<(quyu_core::ColumnName, &Cell)> = table
                .columns
                .iter()
                .zip(row)
                .filter(|(_, cell)| matches!(cell, Cell::Text(_) | Cell::Integer(_)))
                .map(|(c, cell)| (c.name, cell))
                .collect();
            let earlier = seen.iter().filter(|other| **other == keys).count();
            seen.push(keys.clone());
            let twin = (0..other.rows.len())
                .filter(|&i| {
                    keys.iter()
                        .all(|(name, cell)| other.cell(i, *name) == Some(*cell))
                })
                .nth(earlier)
                .unwrap_or_else(|| panic!("{id}/{}: no row {keys:?}", table.id));
            for (column, cell) in table.columns.iter().zip(row) {
                if let Cell::Number(x) = cell {
                    let y = other.cell(twin, column.name).and_then(Cell::number).unwrap();
                    let close = (x - y).abs() <= 1e-12 * (1.0 + x.abs().max(y.abs()));
                    assert!(close, "{id}/{}: {keys:?}: stream {x}, run {y}", table.id);
                }
            }
        }
    }
}

#[test]
fn duplicate_ids_are_refused() {
    let twice = quyu_catalog::entries().chain(quyu_catalog::entries());
    let error = Registry::new(twice).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "two analyses are called `{}`: an id belongs to one plugin",
            error.id
        )
    );
}

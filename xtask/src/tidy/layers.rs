//! Rules on the crates: what each manifest says, what each crate may depend on, what its sources may not do.

use std::path::Path;

use super::{Breach, File, Rule, TidyError};
use crate::checkout;

/// What a crate of ours may depend on, of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ours {
    /// Nothing but these.
    Only(&'static [&'static str]),
    /// `quyu-core` and the plugins.
    Plugins,
    /// Anything.
    Any,
}

/// The place of a crate in the house.
#[derive(Debug, Clone, Copy)]
struct Layer {
    ours: Ours,
    /// Crates of others that it may depend on; `None` if any.
    others: Option<&'static [&'static str]>,
    /// Whether its sources may open files, ask for the time, the environment or another process.
    effects: bool,
}

/// The command line asks the environment and ends a process; files it leaves to quyu-io.
const COMMAND: &str = "quyu-cli";
/// What opens a file.
const OPENERS: [&str; 4] = ["std::fs", "fs::", "File::", "OpenOptions"];

/// Numerics and plugins: pure.
const fn pure(ours: &'static [&'static str]) -> Layer {
    Layer {
        ours: Ours::Only(ours),
        others: None,
        effects: false,
    }
}

const ANY: Layer = Layer {
    ours: Ours::Any,
    others: None,
    effects: true,
};

/// The layer of a crate. What is not named here and exports `ENTRIES` is a plugin.
fn layer(name: &str, is_plugin: bool) -> Layer {
    match name {
        "quyu-math" => Layer {
            others: Some(&["libm", "rand_chacha", "rand_core"]),
            ..pure(&[])
        },
        "quyu-econometrics" | "quyu-core" => pure(&["quyu-math"]),
        "quyu-plotting" | "quyu-report" => pure(&["quyu-core", "quyu-math"]),
        "quyu-catalog" => Layer {
            ours: Ours::Plugins,
            ..pure(&[])
        },
        "quyu-io" => Layer {
            effects: true,
            ..pure(&["quyu-core", "quyu-math"])
        },
        "quyu-testkit" => Layer {
            effects: true,
            ..pure(&["quyu-math"])
        },
        _ if is_plugin => pure(&["quyu-core", "quyu-econometrics", "quyu-math"]),
        _ => ANY,
    }
}

/// What a crate without effects does not say, and why.
const EFFECTS: [(&str, &str); 7] = [
    ("std::fs", "only quyu-io opens files"),
    ("File::open", "only quyu-io opens files"),
    ("std::time", "no clock reaches a result"),
    ("SystemTime", "no clock reaches a result"),
    ("std::env", "no environment reaches a result"),
    ("std::process", "a library starts no process and ends none"),
    ("std::net", "nothing is fetched"),
];

/// Crates that quyu-econometrics uses and does not show.
const PRIVATE: [&str; 4] = ["ndarray", "linfa", "kodama", "statrs"];

/// A crate of the workspace.
struct Crate<'a> {
    manifest: &'a File,
    folder: &'a Path,
    table: toml::Table,
    name: String,
    is_plugin: bool,
}

/// Breaches in the crates.
pub(super) fn breaches(root: &Path, files: &[File]) -> Result<Vec<Breach>, TidyError> {
    let crates = crates(files)?;
    let plugins: Vec<&str> = crates
        .iter()
        .filter(|c| c.is_plugin)
        .map(|c| c.name.as_str())
        .collect();
    let map = files.iter().find(|f| f.path == Path::new("ARCHITECTURE.md"));
    let mut found = Vec::new();
    for c in &crates {
        found.extend(manifest(c));
        found.extend(map.and_then(|map| mapped(c, map)));
        found.extend(dependencies(c, &plugins));
        found.extend(sources(c, files));
    }
    if crates.iter().any(|c| c.name == NUMERICS) {
        found.extend(no_frames(&tree_of_numerics(root)?));
    }
    Ok(found)
}

/// The crate that people use without a data frame.
const NUMERICS: &str = "quyu-econometrics";

fn crates(files: &[File]) -> Result<Vec<Crate<'_>>, TidyError> {
    let mut crates = Vec::new();
    for manifest in files
        .iter()
        .filter(|f| f.path.file_name().is_some_and(|n| n == "Cargo.toml"))
    {
        let text = manifest.text.as_deref().unwrap_or_default();
        let table: toml::Table = text.parse().map_err(|source| TidyError::Manifest {
            path: manifest.path.clone(),
            source: Box::new(source),
        })?;
        let Some(package) = table.get("package") else {
            continue;
        };
        let name = package
            .get("name")
            .and_then(toml::Value::as_str)
            .unwrap_or_default();
        let folder = manifest.path.parent().unwrap_or(Path::new(""));
        let lib = folder.join("src/lib.rs");
        let exports = |f: &&File| {
            f.path == lib
                && f.text
                    .as_ref()
                    .is_some_and(|t| t.contains("pub const ENTRIES: &[Entry]"))
        };
        crates.push(Crate {
            is_plugin: folder.starts_with("crates") && files.iter().any(|f| exports(&f)),
            name: name.to_owned(),
            manifest,
            folder,
            table,
        });
    }
    Ok(crates)
}

fn manifest(c: &Crate<'_>) -> Vec<Breach> {
    let breach = |advice: String| Breach::of(&c.manifest.path, Rule::Manifest, advice);
    let package = c.table.get("package");
    let mut found = Vec::new();
    let described = package
        .and_then(|p| p.get("description"))
        .and_then(toml::Value::as_str);
    if described.is_none_or(str::is_empty) {
        found.push(breach("say in `description` what the crate is".into()));
    }
    let inherits = |key: &str| {
        c.table
            .get("lints")
            .and_then(|l| l.get(key))
            .and_then(toml::Value::as_bool)
    };
    if inherits("workspace") != Some(true) {
        found.push(breach("add `[lints]` with `workspace = true`".into()));
    }
    let folder = c.folder.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    if c.folder.starts_with("crates") && folder != c.name {
        found.push(breach(format!(
            "call the folder and the crate the same: `{folder}` holds `{}`",
            c.name
        )));
    }
    found
}

fn mapped(c: &Crate<'_>, map: &File) -> Option<Breach> {
    let text = map.text.as_deref().unwrap_or_default();
    let named = text.contains(&format!("`{}`", c.name));
    (!named).then(|| {
        Breach::of(
            &map.path,
            Rule::Map,
            format!("name the crate `{}`, what it is and its invariant", c.name),
        )
    })
}

fn dependencies(c: &Crate<'_>, plugins: &[&str]) -> Vec<Breach> {
    if !c.folder.starts_with("crates") {
        return Vec::new();
    }
    let layer = layer(&c.name, c.is_plugin);
    let names = |key: &str| -> Vec<String> {
        let table = c.table.get(key).and_then(toml::Value::as_table);
        table.into_iter().flat_map(|t| t.keys().cloned()).collect()
    };
    let mut found = Vec::new();
    let mut refuse = |advice: String| found.push(Breach::of(&c.manifest.path, Rule::Layers, advice));
    for name in names("dependencies") {
        let ours = name.starts_with("quyu-");
        let allowed = match (ours, layer.ours) {
            (false, _) => layer.others.is_none_or(|o| o.contains(&name.as_str())),
            (true, Ours::Any) => true,
            (true, Ours::Only(list)) => list.contains(&name.as_str()),
            (true, Ours::Plugins) => name == "quyu-core" || plugins.contains(&name.as_str()),
        };
        if !allowed {
            refuse(format!(
                "`{}` may not depend on `{name}`: see the invariants in ARCHITECTURE.md",
                c.name
            ));
        }
    }
    for name in names("dev-dependencies") {
        if c.is_plugin && plugins.contains(&name.as_str()) {
            refuse(format!(
                "a plugin knows no other plugin: test `{name}` in the package `tests`"
            ));
        }
    }
    found
}

/// Lines of the crate's own code: its `src`, without comments and without what follows `#[cfg(test)]`.
fn code<'a>(c: &Crate<'_>, files: &'a [File]) -> Vec<(&'a File, usize, &'a str)> {
    let src = c.folder.join("src");
    let own = |f: &&File| f.path.starts_with(&src) && f.extension() == "rs" && !f.path.ends_with("tests.rs");
    let mut lines = Vec::new();
    for file in files.iter().filter(own) {
        let before_tests = file.lines().take_while(|(_, l)| l.trim() != "#[cfg(test)]");
        lines.extend(
            before_tests
                .filter(|(_, l)| !l.trim_start().starts_with("//"))
                .map(|(n, l)| (file, n, l)),
        );
    }
    lines
}

fn sources(c: &Crate<'_>, files: &[File]) -> Vec<Breach> {
    let mut found = Vec::new();
    if !c.folder.starts_with("crates") {
        return found;
    }
    let effects = layer(&c.name, c.is_plugin).effects;
    for (file, number, line) in code(c, files) {
        if let Some((word, why)) = EFFECTS.iter().find(|(word, _)| !effects && line.contains(word)) {
            let advice = format!("take `{word}` out: {why}");
            found.push(Breach::at(&file.path, number, Rule::Effects, advice));
        }
        if let Some(word) = OPENERS
            .iter()
            .find(|word| c.name == COMMAND && line.contains(**word))
        {
            let advice = format!("take `{word}` out: only quyu-io opens files");
            found.push(Breach::at(&file.path, number, Rule::Effects, advice));
        }
        let shown = line.trim_start().starts_with("pub ");
        let private = |p: &&&str| line.contains(&format!("{p}::"));
        if let Some(name) = PRIVATE.iter().find(private)
            && shown
            && c.name == NUMERICS
        {
            let advice = format!("show no type of `{name}`: the public matrices are `Matrix`");
            found.push(Breach::at(&file.path, number, Rule::Private, advice));
        }
        if c.name == NUMERICS && line.contains("ndarray") && line.contains(".dot(") {
            let advice = "no matrix product of ndarray: it differs between processors";
            found.push(Breach::at(&file.path, number, Rule::Private, advice));
        }
    }
    found
}

/// Everything that the numerics and their tests are built from.
fn tree_of_numerics(root: &Path) -> Result<String, TidyError> {
    let failed = |message: String| TidyError::Tree { message };
    let out = checkout::cargo()
        .args([
            "tree",
            "--locked",
            "--package",
            NUMERICS,
            "--prefix",
            "none",
            "--edges",
            "normal,build,dev",
        ])
        .current_dir(root)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !out.status.success() {
        return Err(failed(String::from_utf8_lossy(&out.stderr).trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn no_frames(tree: &str) -> Option<Breach> {
    let frame = tree.lines().find(|l| l.starts_with("polars"))?;
    Some(Breach::of(
        Path::new("crates/quyu-econometrics/Cargo.toml"),
        Rule::Layers,
        format!(
            "the numerics are used without Polars, but depend on {frame}: see `cargo tree -p {NUMERICS} -i polars`"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest_of(name: &str, dependencies: &str) -> File {
        let text = format!(
            "[package]\nname = \"{name}\"\ndescription = \"x\"\n\n[lints]\nworkspace = true\n\n[dependencies]\n{dependencies}\n"
        );
        File::made(&format!("crates/{name}/Cargo.toml"), &text)
    }

    fn plugin(name: &str, dependencies: &str) -> [File; 2] {
        let lib = "//! Plugins.\npub const ENTRIES: &[Entry] = &[];\n";
        [
            manifest_of(name, dependencies),
            File::made(&format!("crates/{name}/src/lib.rs"), lib),
        ]
    }

    fn found(files: &[File]) -> Vec<String> {
        let crates = crates(files).unwrap();
        let plugins: Vec<&str> = crates
            .iter()
            .filter(|c| c.is_plugin)
            .map(|c| c.name.as_str())
            .collect();
        let all = crates.iter().flat_map(|c| {
            let mut found = manifest(c);
            found.extend(dependencies(c, &plugins));
            found.extend(sources(c, files));
            found
        });
        all.map(|b| b.to_string()).collect()
    }

    #[test]
    fn a_manifest_describes_the_crate_and_takes_the_lints_of_the_house() {
        let bare = File::made("crates/quyu-a/Cargo.toml", "[package]\nname = \"quyu-b\"\n");
        let found = found(&[bare]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found
                .iter()
                .all(|f| f.starts_with("crates/quyu-a/Cargo.toml: manifest: "))
        );
    }

    #[test]
    fn a_plugin_depends_on_no_other_plugin() {
        let mut files: Vec<File> = plugin("quyu-one", "quyu-core.workspace = true").into();
        files.extend(plugin(
            "quyu-two",
            "quyu-core.workspace = true\nquyu-one.workspace = true",
        ));
        files.push(manifest_of(
            "quyu-catalog",
            "quyu-core.workspace = true\nquyu-one.workspace = true\nquyu-two.workspace = true",
        ));
        let found = found(&files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0]
                .starts_with("crates/quyu-two/Cargo.toml: layers: `quyu-two` may not depend on `quyu-one`")
        );
    }

    #[test]
    fn the_arithmetic_depends_on_three_crates_and_knows_no_frame() {
        let good = "libm.workspace = true\nrand_core.workspace = true";
        assert_eq!(found(&[manifest_of("quyu-math", good)]), Vec::<String>::new());
        assert_eq!(
            found(&[manifest_of("quyu-math", "rayon.workspace = true")]).len(),
            1
        );
        assert_eq!(
            found(&[manifest_of("quyu-econometrics", "quyu-core.workspace = true")]).len(),
            1
        );
        assert!(no_frames("quyu-econometrics v0.1.0\nlibm v0.2.16\n").is_none());
        assert!(no_frames("quyu-econometrics v0.1.0\npolars-core v0.55.2\n").is_some());
    }

    #[test]
    fn pure_crates_open_nothing_outside_of_their_tests() {
        let text = "//! Docs name std::fs.\nuse std::fs;\n\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let source = |name: &str| {
            [
                manifest_of(name, ""),
                File::made(&format!("crates/{name}/src/a.rs"), text),
            ]
        };
        assert_eq!(
            found(&source("quyu-report")),
            ["crates/quyu-report/src/a.rs:2: effects: take `std::fs` out: only quyu-io opens files"]
        );
        assert_eq!(found(&source("quyu-io")), Vec::<String>::new());
    }

    #[test]
    fn the_command_line_opens_no_file_but_asks_the_environment() {
        let files = |text: &str| {
            [
                manifest_of(COMMAND, ""),
                File::made("crates/quyu-cli/src/a.rs", &format!("//! Docs.\n{text}\n")),
            ]
        };
        assert_eq!(found(&files("std::env::var_os(name)")), Vec::<String>::new());
        for text in ["use std::fs;", "File::open(path)", "fs::write(a, b)"] {
            assert_eq!(found(&files(text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_numerics_show_no_type_of_others() {
        let text = "//! Docs.\nuse ndarray::Array2;\npub fn f(x: &ndarray::Array2<f64>) {}\n";
        let files = [
            manifest_of(NUMERICS, ""),
            File::made("crates/quyu-econometrics/src/a.rs", text),
        ];
        let found = found(&files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a.rs:3: private"));
    }

    #[test]
    fn a_crate_is_on_the_map() {
        let files = [manifest_of("quyu-new", "")];
        let crates = crates(&files).unwrap();
        assert!(mapped(&crates[0], &File::made("ARCHITECTURE.md", "`quyu-new-one`\n")).is_some());
        assert!(
            mapped(
                &crates[0],
                &File::made("ARCHITECTURE.md", "| `quyu-new` | new |\n")
            )
            .is_none()
        );
    }
}

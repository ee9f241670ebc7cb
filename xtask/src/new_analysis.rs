//! `cargo xtask new-analysis <crate> <id>`: writes a small analysis that works, for you to replace.

mod edit;
mod prove;
mod stage;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use clap::Args;
use quyu_core::suggest::{Near, quoted};

use crate::checkout;
use edit::NoPlace;
use stage::{Change, StageError};

/// The examples of the guide; a test of `quyu-cli` asks for one of each analysis.
const EXAMPLES: &str = "crates/quyu-cli/guide/examples.toml";

/// Where the analysis goes.
#[derive(Debug, Args)]
#[command(after_help = "\
Writes crates/<CRATE>/src/<id>.rs with an analysis that compiles, is documented and keeps the contract, its line \
in the crate's list, and its example in the guide. A crate that does not exist is founded, and joins the catalog. Either everything is written or \
nothing.\n\n\
Exit codes: 0 written, 1 the check failed, 2 the names cannot be used, 5 reading or writing failed.")]
pub(crate) struct NewAnalysisArgs {
    /// The plugin crate: one that exists (`quyu-disparity`) or a new one.
    #[arg(value_name = "CRATE", required_unless_present = "check")]
    package: Option<String>,
    /// The id of the analysis, also its subcommand: lowercase words with hyphens.
    #[arg(value_name = "ID", required_unless_present = "check")]
    id: Option<String>,
    /// Found a new crate although one of a similar name exists.
    #[arg(long)]
    new_crate: bool,
    /// Write nothing here: prove on a copy of the tree that what this command writes keeps the contract.
    #[arg(long, conflicts_with_all = ["package", "id", "new_crate"])]
    check: bool,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
enum NewAnalysisError {
    /// A crate's name of the wrong form.
    #[error("`{name}` cannot be a plugin crate: write `quyu-` and lowercase words with hyphens{}", suggestion.as_ref().map(|s| format!(", such as `{s}`")).unwrap_or_default())]
    CrateName {
        name: String,
        suggestion: Option<String>,
    },
    /// A crate that holds no plugins.
    #[error("`{name}` holds no analyses: choose {plugins}, or a name for a new crate")]
    NoPlugin { name: String, plugins: String },
    /// A new crate with the name of another but for a slip.
    #[error("there is no crate `{name}`{near} To found it nevertheless, add --new-crate")]
    SimilarCrate { name: String, near: Near },
    /// An id of the wrong form.
    #[error("`{id}` cannot be an id: write lowercase words with hyphens{}", suggestion.as_ref().map(|s| format!(", such as `{s}`")).unwrap_or_default())]
    Id { id: String, suggestion: Option<String> },
    /// An id that is taken.
    #[error("there is already an analysis `{id}` in {}: choose another id, or change that file", file.display())]
    Taken { id: String, file: PathBuf },
    /// A file that is in the way.
    #[error("{} exists: choose another id, or remove the file", file.display())]
    InTheWay { file: PathBuf },
    /// A file that has not the form that the edit relies on.
    #[error("{}: {source}: add the analysis by hand, as CONTRIBUTING.md says", file.display())]
    Place { file: PathBuf, source: NoPlace },
    /// Reading.
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// Writing.
    #[error(transparent)]
    Write(#[from] StageError),
    /// A program that was started.
    #[error("{program}: {message}")]
    Program { program: &'static str, message: String },
}

impl NewAnalysisError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Read { .. } | Self::Write(_) => 5,
            Self::Program { .. } => 1,
            _ => 2,
        }
    }
}

/// Writes the analysis, or proves that it could.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to a person"
)]
pub(crate) fn run(args: &NewAnalysisArgs) -> ExitCode {
    let root = checkout::root();
    let result = match (&args.package, &args.id) {
        (Some(package), Some(id)) => {
            scaffold(&root, package, id, args.new_crate).map(|written| next(&written))
        }
        _ => prove::prove(&root).map(|()| "new-analysis: what it writes keeps the contract\n".to_owned()),
    };
    match result {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// What was written.
#[derive(Debug)]
struct Written {
    module: PathBuf,
    founded: Option<String>,
    changed: Vec<PathBuf>,
}

/// What is left to do for a person.
fn next(written: &Written) -> String {
    let mut text = String::new();
    for path in &written.changed {
        text.push_str(&format!("wrote {}\n", path.display()));
    }
    text.push_str(&format!(
        "\nnext:\n  1. {}: put your question, definition and code in the place of the spread\n",
        written.module.display()
    ));
    text.push_str(&format!(
        "  2. {EXAMPLES}: commands that show it, with the parameters of yours; `cargo xtask guide` writes its page\n"
    ));
    text.push_str(
        "  3. CONTRIBUTING.md: add new parameters to the vocabulary; CHANGELOG.md: a line under Unreleased\n",
    );
    if let Some(name) = &written.founded {
        text.push_str(&format!(
            "  4. ARCHITECTURE.md and README.md: name `{name}`; crates/{name}: say in Cargo.toml and src/lib.rs what it is\n"
        ));
    }
    text.push_str("  then: cargo test --package quyu-tests contract, and cargo xtask ci\n");
    text
}

/// Lowercase words with hyphens, each beginning with a letter.
fn is_name(text: &str) -> bool {
    let word = |w: &str| {
        w.starts_with(|c: char| c.is_ascii_lowercase())
            && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.len() <= 60 && text.split('-').all(word)
}

/// The name that somebody may have meant.
fn mended(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|w| !w.is_empty()).collect();
    Some(words.join("-")).filter(|m| is_name(m))
}

/// The module of an analysis; a word of the language cannot be one.
fn module_name(id: &str) -> String {
    const WORDS: [&str; 40] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
        "dyn", "else", "enum", "extern", "final", "fn", "for", "gen", "if", "impl", "in", "let", "lib",
        "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
        "struct", "trait", "type", "use",
    ];
    const MORE: [&str; 9] = [
        "super", "try", "typeof", "unsafe", "unsized", "virtual", "where", "while", "yield",
    ];
    let name = id.replace('-', "_");
    if WORDS.contains(&id) || MORE.contains(&id) || matches!(id, "self" | "true" | "false" | "main") {
        format!("{name}_")
    } else {
        name
    }
}

/// Checks the names and writes the analysis into the tree at `root`.
fn scaffold(root: &Path, package: &str, id: &str, new_crate: bool) -> Result<Written, NewAnalysisError> {
    if !package.strip_prefix("quyu-").is_some_and(is_name) {
        let stem = package.strip_prefix("quyu").unwrap_or(package);
        return Err(NewAnalysisError::CrateName {
            name: package.to_owned(),
            suggestion: mended(stem).map(|m| format!("quyu-{m}")),
        });
    }
    if !is_name(id) {
        return Err(NewAnalysisError::Id {
            id: id.to_owned(),
            suggestion: mended(id),
        });
    }
    let plugins = plugins(root)?;
    if let Some(file) = holder(root, &plugins, id)? {
        return Err(NewAnalysisError::Taken {
            id: id.to_owned(),
            file,
        });
    }
    let module = module_name(id);
    let folder = PathBuf::from("crates").join(package);
    let file = folder.join("src").join(format!("{module}.rs"));
    if root.join(&file).exists() {
        return Err(NewAnalysisError::InTheWay { file });
    }
    let exists = root.join(&folder).join("Cargo.toml").exists();
    if exists && !plugins.iter().any(|p| p == package) {
        return Err(NewAnalysisError::NoPlugin {
            name: package.to_owned(),
            plugins: quoted(&plugins, "or"),
        });
    }
    let stems = |name: &str| name.trim_start_matches("quyu-").to_owned();
    let near = Near::to(
        &stems(package),
        plugins.iter().map(|p| p.trim_start_matches("quyu-")),
    );
    if !exists && !new_crate && !near.0.is_empty() {
        return Err(NewAnalysisError::SimilarCrate {
            name: package.to_owned(),
            near: Near(near.0.iter().map(|n| format!("quyu-{n}")).collect()),
        });
    }
    let code = include_str!("new_analysis/analysis.rs.in").replace("{{id}}", id);
    let mut changes: Vec<Change> = vec![(file.clone(), formatted(root, &code)?)];
    changes.extend(if exists {
        joining(root, &folder, &module)?
    } else {
        founding(root, package, &folder, id, &module)?
    });
    changes.push(shown(root, id)?);
    let applied = stage::apply(root, &changes)?;
    if !exists && let Err(error) = lock(root) {
        applied.undo()?;
        return Err(error);
    }
    Ok(Written {
        module: file,
        founded: (!exists).then(|| package.to_owned()),
        changed: changes.into_iter().map(|(path, _)| path).collect(),
    })
}

/// The plugin crates, in order of name.
fn plugins(root: &Path) -> Result<Vec<String>, NewAnalysisError> {
    let mut names = Vec::new();
    for path in list(&root.join("crates"))? {
        let lib = path.join("src/lib.rs");
        if lib.is_file() && read(&lib)?.contains("pub const ENTRIES: &[Entry]") {
            names.extend(path.file_name().map(|n| n.to_string_lossy().into_owned()));
        }
    }
    Ok(names)
}

/// The file that declares an analysis of this id.
fn holder(root: &Path, plugins: &[String], id: &str) -> Result<Option<PathBuf>, NewAnalysisError> {
    let declared = format!("id: \"{id}\",");
    for plugin in plugins {
        for path in list(&root.join("crates").join(plugin).join("src"))? {
            if path.is_file() && read(&path)?.contains(&declared) {
                return Ok(Some(path.strip_prefix(root).unwrap_or(&path).to_owned()));
            }
        }
    }
    Ok(None)
}

/// The example in the guide.
fn shown(root: &Path, id: &str) -> Result<Change, NewAnalysisError> {
    let file = PathBuf::from(EXAMPLES);
    let text =
        edit::with_example(&read(&root.join(&file))?, id).map_err(|source| NewAnalysisError::Place {
            file: file.clone(),
            source,
        })?;
    Ok((file, text))
}

/// The lines in an existing crate.
fn joining(root: &Path, folder: &Path, module: &str) -> Result<Vec<Change>, NewAnalysisError> {
    let lib = folder.join("src/lib.rs");
    let text = read(&root.join(&lib))?;
    let text = edit::with_entry(&edit::with_module(&text, module), module).map_err(|source| {
        NewAnalysisError::Place {
            file: lib.clone(),
            source,
        }
    })?;
    Ok(vec![(lib, formatted(root, &text)?)])
}

/// A new crate, and its lines in the lists of the workspace. Each file is of use only with those before it, so that a
/// kill at any point leaves a tree that builds.
fn founding(
    root: &Path,
    package: &str,
    folder: &Path,
    id: &str,
    module: &str,
) -> Result<Vec<Change>, NewAnalysisError> {
    let lib = format!(
        "//! Plugins: `{id}`.\n\nmod {module};\n\nuse quyu_core::Entry;\n\n/// The analyses of this crate.\n\
         pub const ENTRIES: &[Entry] = &[{module}::ENTRY];\n"
    );
    let inherited = [
        "version",
        "edition",
        "rust-version",
        "license",
        "authors",
        "publish",
    ];
    let inherited: String = inherited
        .iter()
        .map(|k| format!("{k}.workspace = true\n"))
        .collect();
    let manifest = format!(
        "[package]\nname = \"{package}\"\ndescription = \"Plugins: {id}\"\n{inherited}\n[lints]\nworkspace = true\n\n\
         [dependencies]\nquyu-core.workspace = true\n"
    );
    let mut changes = vec![
        (folder.join("src/lib.rs"), formatted(root, &lib)?),
        (folder.join("Cargo.toml"), manifest),
    ];
    let mut change = |file: &str, edited: &dyn Fn(&str) -> Result<String, NoPlace>| {
        let file = PathBuf::from(file);
        let text = edited(&read(&root.join(&file))?).map_err(|source| NewAnalysisError::Place {
            file: file.clone(),
            source,
        })?;
        let is_rust = file.extension().is_some_and(|e| e == "rs");
        let text = if is_rust { formatted(root, &text)? } else { text };
        changes.push((file, text));
        Ok::<(), NewAnalysisError>(())
    };
    change("Cargo.toml", &|text| {
        let line = format!("{package} = {{ path = \"crates/{package}\" }}");
        edit::with_dependency(text, "[workspace.dependencies]", &line)
    })?;
    change("crates/quyu-catalog/Cargo.toml", &|text| {
        edit::with_dependency(text, "[dependencies]", &format!("{package}.workspace = true"))
    })?;
    change("crates/quyu-catalog/src/lib.rs", &|text| {
        edit::with_crate(text, package)
    })?;
    Ok(changes)
}

/// Writes a new crate into Cargo.lock; no other version in it changes.
fn lock(root: &Path) -> Result<(), NewAnalysisError> {
    let failed = |message: String| NewAnalysisError::Program {
        program: "cargo update --workspace",
        message,
    };
    let out = checkout::cargo()
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(root)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if out.status.success() {
        Ok(())
    } else {
        Err(failed(String::from_utf8_lossy(&out.stderr).trim().to_owned()))
    }
}

/// Rust text in the form that `cargo fmt` gives it.
fn formatted(root: &Path, text: &str) -> Result<String, NewAnalysisError> {
    let failed = |message: String| NewAnalysisError::Program {
        program: "rustfmt",
        message,
    };
    let mut child = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    // rustfmt reads all of its input before it writes, so that neither side waits for the other.
    let sent = child
        .stdin
        .take()
        .map(|mut stdin| stdin.write_all(text.as_bytes()));
    let out = child
        .wait_with_output()
        .map_err(|error| failed(error.to_string()))?;
    if !out.status.success() || !matches!(sent, Some(Ok(()))) {
        return Err(failed(String::from_utf8_lossy(&out.stderr).trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn read(path: &Path) -> Result<String, NewAnalysisError> {
    std::fs::read_to_string(path).map_err(|source| NewAnalysisError::Read {
        path: path.to_owned(),
        source,
    })
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, NewAnalysisError> {
    let failed = |source| NewAnalysisError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The files of this checkout that the command reads.
    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = checkout::root();
        let wanted = |p: &Path| {
            let plugin = p.starts_with("crates") && (p.extension().is_some_and(|e| e == "rs" || e == "toml"));
            plugin || ["Cargo.toml", "rustfmt.toml"].iter().any(|f| p == Path::new(f))
        };
        for file in checkout::files(&root).unwrap().iter().filter(|f| wanted(f)) {
            let target = folder.path().join(file);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(root.join(file), target).unwrap();
        }
        folder
    }

    fn texts(root: &Path) -> BTreeMap<PathBuf, String> {
        let files = checkout::files(root).unwrap();
        files
            .into_iter()
            .map(|f| (f.clone(), std::fs::read_to_string(root.join(&f)).unwrap()))
            .collect()
    }

    #[test]
    fn an_analysis_is_one_file_two_lines_and_an_example() {
        let tree = tree();
        let before = texts(tree.path());
        let written = scaffold(tree.path(), "quyu-growth", "spread-of-regions", false).unwrap();
        assert_eq!(
            written.module,
            Path::new("crates/quyu-growth/src/spread_of_regions.rs")
        );
        let after = texts(tree.path());
        let changed: Vec<&PathBuf> = after
            .iter()
            .filter(|(p, t)| before.get(*p) != Some(t))
            .map(|(p, _)| p)
            .collect();
        assert_eq!(
            changed,
            [
                Path::new(EXAMPLES),
                Path::new("crates/quyu-growth/src/lib.rs"),
                written.module.as_path()
            ]
        );
        assert!(after[changed[0]].contains("\n[spread-of-regions]\ntoy = "));
        assert!(next(&written).contains(EXAMPLES) && next(&written).contains("cargo xtask guide"));
        let lib = &after[changed[1]];
        assert!(
            lib.contains("\nmod spread_of_regions;\n") && lib.contains("spread_of_regions::ENTRY"),
            "{lib}"
        );
        assert!(after[&written.module].contains("id: \"spread-of-regions\""));
    }

    #[test]
    fn names_that_cannot_be_used_are_refused_and_nothing_is_written() {
        let tree = tree();
        let before = texts(tree.path());
        let refused =
            |package: &str, id: &str| scaffold(tree.path(), package, id, false).unwrap_err().to_string();
        for (package, id, message) in [
            (
                "quyu-growth",
                "gini",
                "there is already an analysis `gini` in crates/quyu-disparity/src/entries.rs",
            ),
            (
                "quyu-growth",
                "My Index",
                "`My Index` cannot be an id: write lowercase words with hyphens, such as `my-index`",
            ),
            ("quyu-growth", "2sls", "`2sls` cannot be an id"),
            ("quyu-growth", "a--b", "such as `a-b`"),
            (
                "growth",
                "new-one",
                "`growth` cannot be a plugin crate: write `quyu-` and lowercase words with hyphens, such as `quyu-growth`",
            ),
            (
                "quyu-core",
                "new-one",
                "`quyu-core` holds no analyses: choose `quyu-disparity`",
            ),
            (
                "quyu-grwth",
                "new-one",
                "there is no crate `quyu-grwth`; did you mean `quyu-growth`? To found it",
            ),
        ] {
            let found = refused(package, id);
            assert!(found.starts_with(message) || found.ends_with(message), "{found}");
        }
        assert_eq!(texts(tree.path()), before);
    }

    #[test]
    fn a_crate_that_cannot_be_locked_is_not_founded() {
        let tree = tree();
        // The copy lacks members of the workspace, so that cargo refuses it.
        let before = texts(tree.path());
        let error = scaffold(tree.path(), "quyu-observatory", "new-one", false).unwrap_err();
        assert!(matches!(error, NewAnalysisError::Program { .. }), "{error}");
        assert_eq!(texts(tree.path()), before);
    }

    #[test]
    fn a_word_of_the_language_is_no_module() {
        assert_eq!(module_name("match"), "match_");
        assert_eq!(module_name("theil-t"), "theil_t");
        assert_eq!(module_name("lib"), "lib_");
    }
}

//! The gallery of figures: a case on the toy data of which only the figures are kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use quyu_io::atomic::write_file;
use quyu_report::model::{Block, ShownFigure};
use quyu_report::{Artifacts, Case};

/// Draw the gallery of figures from the toy data, or check it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It writes crates/quyu-plotting/GALLERY.md and the figures beside its case, crates/quyu-plotting/gallery/case.toml."
)]
pub(crate) struct GalleryArgs {
    /// Write nothing; fail where a file is not what the data says.
    #[arg(long)]
    check: bool,
}

/// Where the gallery stands.
const CRATE: &str = "crates/quyu-plotting";

/// Why the gallery could not be drawn, or what is wrong with it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GalleryError {
    /// The case.
    #[error("{CRATE}/gallery/case.toml: {0}")]
    Case(#[from] quyu_report::CaseError),
    /// Its data.
    #[error(transparent)]
    Load(#[from] quyu_io::load::LoadError),
    /// A plugin twice.
    #[error(transparent)]
    Registry(#[from] quyu_core::registry::DuplicateId),
    /// Its run.
    #[error("{CRATE}/gallery/case.toml: {0}")]
    Run(#[from] quyu_report::ReportError),
    /// A figure.
    #[error("the figure {stem}: {source}")]
    Plot {
        /// Its name.
        stem: String,
        /// Why.
        source: quyu_plotting::PlotError,
    },
    /// A file.
    #[error("{}: {source}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that was not written.
    #[error(transparent)]
    Write(#[from] quyu_io::atomic::WriteError),
    /// Files that are not what the data says.
    #[error("the gallery is not what the data says: {}; `cargo xtask gallery` writes it anew, then look at it", names.join(", "))]
    Differs {
        /// Their names.
        names: Vec<String>,
    },
}

/// Draws or checks.
#[expect(clippy::print_stdout, reason = "xtask talks to a person")]
pub(crate) fn run(args: &GalleryArgs) -> Result<(), GalleryError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let home = root.join(CRATE);
    let files = drawn(&root)?;
    let folder = home.join("gallery");
    let old = figures(&folder)?.into_iter().filter(|p| !files.contains_key(p));
    let old: Vec<PathBuf> = old.collect();
    let changed: Vec<&PathBuf> = files
        .iter()
        .filter(|(path, text)| std::fs::read(home.join(path)).ok().as_deref() != Some(text.as_bytes()))
        .map(|(path, _)| path)
        .collect();
    if args.check {
        let names = changed
            .into_iter()
            .chain(&old)
            .map(|p| format!("{CRATE}/{}", p.display()));
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            return Err(GalleryError::Differs { names });
        }
        println!("the gallery is what the data says ({} files)", files.len());
        return Ok(());
    }
    for path in &changed {
        let target = home.join(path);
        write_file(&target, files[*path].as_bytes())?;
    }
    for path in &old {
        let target = home.join(path);
        std::fs::remove_file(&target).map_err(|source| failed(&target, source))?;
    }
    println!(
        "{} files drawn, {} changed",
        files.len(),
        changed.len() + old.len()
    );
    Ok(())
}

fn failed(path: &Path, source: std::io::Error) -> GalleryError {
    GalleryError::File {
        path: path.to_owned(),
        source,
    }
}

/// The figures that are on the disk.
fn figures(folder: &Path) -> Result<Vec<PathBuf>, GalleryError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|source| failed(folder, source))? {
        let name = entry.map_err(|source| failed(folder, source))?.file_name();
        if Path::new(&name).extension().is_some_and(|e| e == "svg") {
            found.push(Path::new("gallery").join(name));
        }
    }
    found.sort();
    Ok(found)
}

/// All files, by their path in the crate.
fn drawn(root: &Path) -> Result<BTreeMap<PathBuf, String>, GalleryError> {
    let path = root.join(CRATE).join("gallery/case.toml");
    let text = std::fs::read_to_string(&path).map_err(|source| failed(&path, source))?;
    let case = Case::parse(&text)?;
    let atlas = Arc::new(quyu_io::load::atlas(&root.join("datasets"), &case.packages)?);
    let artifacts = quyu_report::run(&case, &atlas, &quyu_catalog::registry()?, &())?;
    let mut files = BTreeMap::from([(PathBuf::from("GALLERY.md"), page(&case, &artifacts))]);
    for (stem, figure) in &artifacts.figures {
        let svg = quyu_plotting::svg(figure).map_err(|source| GalleryError::Plot {
            stem: stem.clone(),
            source,
        })?;
        files.insert(Path::new("gallery").join(format!("{stem}.svg")), svg);
    }
    Ok(files)
}

/// The page: each family with its figures, what it is for, and the analysis that draws it.
fn page(case: &Case, artifacts: &Artifacts) -> String {
    let report = &artifacts.report;
    let mut page = format!(
        "# {}\n\n{} `cargo xtask gallery` writes this page from `gallery/case.toml`.\n",
        report.title, report.lede
    );
    for section in report.chapters.iter().flat_map(|chapter| &chapter.sections) {
        let analysis = case.sections.iter().find(|s| s.id == section.id);
        let analysis = analysis.and_then(|s| s.analysis.as_deref()).unwrap_or_default();
        let _ = write!(page, "\n## {}\n\n", section.title);
        for block in &section.blocks {
            match block {
                Block::Prose(text) => {
                    let _ = write!(page, "{text} Drawn by `{analysis}`.\n\n");
                }
                Block::Figure(figure) => page.push_str(&shown(figure)),
                _ => {}
            }
        }
    }
    let page = page.replace("\n\n\n", "\n\n");
    format!("{}\n", page.trim_end())
}

fn shown(figure: &ShownFigure) -> String {
    format!("![{}](gallery/{}.svg)\n\n", figure.alt, figure.stem)
}

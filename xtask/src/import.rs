//! `cargo xtask import --from DIR`: the raw tables become the data packages.
//!
//! The command writes `cn-provinces`, `cn-cities`, `eu-nuts2` and `cn-policy` as a whole. The codebook is
//! edited by hand and only compared, the toy package is not touched. Every row of every raw file is
//! accounted for: carried, dropped as an equal repeat, set aside as a second value, or left out for a
//! reason. Running it twice changes nothing.

mod cities;
mod codebook;
mod divisions;
mod draft;
mod europe;
mod ledger;
mod policy;
mod provinces;
mod raw;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use quyu_io::package::DESCRIPTOR;

use self::draft::{Draft, Plain};
use self::ledger::Ledger;
pub(crate) use self::raw::ImportError;
use crate::datasets::{self, Files};

/// Arguments of `cargo xtask import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The folder with the raw tables.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
}

/// What a package has beside its tables: the head of its descriptor and the text of its README, in which
/// `{counts}` stands for the accounts.
struct Frame {
    head: &'static str,
    readme: &'static str,
}

const FRAMES: [(&str, Frame); 4] = [
    (
        provinces::PACKAGE,
        Frame {
            head: include_str!("import/packages/cn-provinces.json"),
            readme: include_str!("import/packages/cn-provinces.md"),
        },
    ),
    (
        cities::PACKAGE,
        Frame {
            head: include_str!("import/packages/cn-cities.json"),
            readme: include_str!("import/packages/cn-cities.md"),
        },
    ),
    (
        europe::PACKAGE,
        Frame {
            head: include_str!("import/packages/eu-nuts2.json"),
            readme: include_str!("import/packages/eu-nuts2.md"),
        },
    ),
    (
        policy::PACKAGE,
        Frame {
            head: include_str!("import/packages/cn-policy.json"),
            readme: include_str!("import/packages/cn-policy.md"),
        },
    ),
];

/// Files of the raw folder that hold no figures.
const TEXTS: [&str; 1] = ["README.md"];

/// Reads the raw tables and writes the packages.
///
/// # Errors
///
/// The first cell that is not what it should be, a repeat that is not equal, a file that is not accounted
/// for; nothing is written then.
pub(crate) fn run(args: &ImportArgs) -> Result<(), ImportError> {
    let target = datasets::folder();
    let master = datasets::master(&target)?;
    let (drafts, ledger) = read(&args.from, &master)?;
    report(&ledger);
    let frames = BTreeMap::from(FRAMES);
    let packages = drafts.into_iter().filter_map(|draft| {
        let frame = frames.get(draft.id)?;
        Some((draft.id, files(draft, frame, &ledger)))
    });
    // All packages are made before the first is written.
    let packages = packages.map(|(id, files)| Ok((id, datasets::complete(&master, files)?)));
    for (id, package) in packages.collect::<Result<Vec<_>, ImportError>>()? {
        datasets::replace(&target, id, package)?;
    }
    Ok(())
}

/// All drafts with the account of every raw file.
fn read(dir: &Path, master: &Files) -> Result<(Vec<Draft>, Ledger), ImportError> {
    let mut ledger = Ledger::default();
    codebook::read(dir, master, &mut ledger)?;
    let mut provinces = Draft::new(provinces::PACKAGE);
    let names = provinces::read(dir, &mut provinces, &mut ledger)?;
    let mut cities = Draft::new(cities::PACKAGE);
    let regions = cities::read(dir, (&mut cities, &mut provinces), &mut ledger, &names)?;
    let mut europe = Draft::new(europe::PACKAGE);
    europe::read(dir, &mut europe, &mut ledger)?;
    let mut policy = Draft::new(policy::PACKAGE);
    policy::read(dir, &mut policy, &mut ledger, &regions)?;
    for file in listing(dir, dir)? {
        if !ledger.knows(&file) && !TEXTS.contains(&file.as_str()) {
            return Err(ImportError::UnknownFile { file });
        }
    }
    Ok((vec![provinces, cities, europe, policy], ledger))
}

/// All files under `dir`, relative to `root`, with `/`.
fn listing(root: &Path, dir: &Path) -> Result<Vec<String>, ImportError> {
    let wrap = |source| ImportError::Io {
        path: dir.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(wrap)? {
        let path = entry.map_err(wrap)?.path();
        if path.is_dir() {
            found.extend(listing(root, &path)?);
        } else if let Ok(relative) = path.strip_prefix(root) {
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            found.push(parts.join("/"));
        }
    }
    found.sort();
    Ok(found)
}

/// Prints what became of every raw file.
#[expect(clippy::print_stdout, reason = "xtask talks to a person")]
fn report(ledger: &Ledger) {
    for account in ledger.accounts() {
        let carried: Vec<_> = account
            .carried
            .iter()
            .map(|(package, count)| format!("{count} to {package}"))
            .collect();
        println!(
            "{}: {} {} read; carried {}; {} repeats dropped; {} alternatives; left out: {}",
            account.file,
            account.read,
            account.unit,
            if carried.is_empty() {
                "none".to_owned()
            } else {
                carried.join(", ")
            },
            account.repeats,
            account.alternatives_in_all(),
            if account.left_out.is_empty() {
                "none".to_owned()
            } else {
                account.reasons()
            },
        );
    }
}

/// The files of a package, but for what is generated from its tables.
fn files(draft: Draft, frame: &Frame, ledger: &Ledger) -> Files {
    let readme = frame
        .readme
        .replace("{counts}", ledger.markdown(draft.id).trim_end());
    let tables = draft
        .into_tables()
        .into_iter()
        .map(|(path, table)| (path, to_csv(&table)));
    let texts = [("README.md", readme), (DESCRIPTOR, frame.head.to_owned())];
    tables
        .chain(texts.map(|(path, text)| (path.to_owned(), text.into_bytes())))
        .collect()
}

fn to_csv(table: &Plain) -> Vec<u8> {
    let rows = table
        .rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect::<Vec<_>>());
    datasets::csv_bytes(&table.header, rows)
}

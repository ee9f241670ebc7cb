//! `cargo xtask import --from DIR`: the raw tables become the data packages.
//!
//! The command writes `cn-provinces`, `cn-cities`, `eu-nuts2` and `cn-policy` as a whole. The codebook is
//! edited by hand and only compared, the toy package is not touched. Every row of every raw file is
//! accounted for: carried, dropped as an equal repeat, set aside as a second value, or left out for a
//! reason. Running it twice changes nothing.

mod cities;
mod codebook;
mod draft;
mod europe;
mod ledger;
mod policy;
mod provinces;
mod raw;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use self::draft::{Draft, Plain};
use self::ledger::Ledger;
pub(crate) use self::raw::ImportError;
use crate::datasets;

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
    let (drafts, ledger) = read(&args.from, &target)?;
    report(&ledger);
    let mut frames = BTreeMap::from(FRAMES);
    for draft in drafts {
        if let Some(frame) = frames.remove(draft.id) {
            write(&target, draft, &frame, &ledger)?;
        }
    }
    Ok(())
}

/// All drafts with the account of every raw file.
fn read(dir: &Path, datasets: &Path) -> Result<(Vec<Draft>, Ledger), ImportError> {
    let mut ledger = Ledger::default();
    codebook::read(dir, &codebook::Codebook::open(datasets)?, &mut ledger)?;
    let mut provinces = Draft::new(provinces::PACKAGE);
    let names = provinces::read(dir, &mut provinces, &mut ledger)?;
    let mut cities = Draft::new(cities::PACKAGE);
    let regions = cities::read(dir, (&mut cities, &mut provinces), &mut ledger, &names)?;
    let mut europe = Draft::new(europe::PACKAGE);
    europe::read(dir, &mut europe, &mut ledger)?;
    let mut policy = Draft::new(policy::PACKAGE);
    policy::read(dir, &mut policy, &mut ledger, &regions)?;
    for file in files(dir, dir)? {
        if !ledger.knows(&file) && !TEXTS.contains(&file.as_str()) {
            return Err(ImportError::UnknownFile { file });
        }
    }
    Ok((vec![provinces, cities, europe, policy], ledger))
}

/// All files under `dir`, relative to `root`, with `/`.
fn files(root: &Path, dir: &Path) -> Result<Vec<String>, ImportError> {
    let wrap = |source| ImportError::Io { path: dir.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(wrap)? {
        let path = entry.map_err(wrap)?.path();
        if path.is_dir() {
            found.extend(files(root, &path)?);
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
        let carried: Vec<_> =
            account.carried.iter().map(|(package, count)| format!("{count} to {package}")).collect();
        println!(
            "{}: {} {} read; carried {}; {} repeats dropped; {} alternatives; left out: {}",
            account.file,
            account.read,
            account.unit,
            if carried.is_empty() { "none".to_owned() } else { carried.join(", ") },
            account.repeats,
            account.alternatives_in_all(),
            if account.left_out.is_empty() { "none".to_owned() } else { account.reasons() },
        );
    }
}

/// Fills a folder beside the package and swaps the two, so that a kill leaves a whole package.
fn write(target: &Path, draft: Draft, frame: &Frame, ledger: &Ledger) -> Result<(), ImportError> {
    let id = draft.id;
    let swap = datasets::Swap::begin(target, id)?;
    let readme = frame.readme.replace("{counts}", ledger.markdown(id).trim_end());
    swap.write("README.md", readme.as_bytes())?;
    swap.write(quyu_io::package::DESCRIPTOR, frame.head.as_bytes())?;
    for (path, table) in draft.into_tables() {
        swap.write(&path, &to_csv(&table))?;
    }
    datasets::refresh(target, swap.folder())?;
    Ok(swap.finish()?)
}

fn to_csv(table: &Plain) -> Vec<u8> {
    let rows = table.rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>());
    datasets::csv_bytes(&table.header, rows)
}

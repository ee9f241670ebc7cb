//! The project's own tasks.

mod bench;
mod checkout;
mod ci;
mod datasets;
mod engines;
mod gallery;
mod guide;
mod import;
mod new_analysis;
mod reference;
mod report;
mod site;
mod tidy;

use clap::{Parser, Subcommand};

/// The project's own tasks.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// One task.
#[derive(Debug, Subcommand)]
enum Task {
    /// Measure how fast we are, alone or beside other packages.
    Bench(bench::BenchArgs),
    /// Run everything that must hold before a change is taken.
    Ci(ci::CiArgs),
    /// Keep the data packages in step with the codebook, or check them.
    Datasets(datasets::DatasetsArgs),
    /// Run the queries of additive statistics in other engines, and compare.
    Engines(engines::EnginesArgs),
    /// Draw the gallery of figures from the toy data, or check it.
    Gallery(gallery::GalleryArgs),
    /// Write the user's guide and build it, or check it.
    Guide(guide::GuideArgs),
    /// Turn the raw tables into the data packages.
    Import(import::ImportArgs),
    /// Write a small analysis that works, for you to replace.
    NewAnalysis(new_analysis::NewAnalysisArgs),
    /// Write our reference cases from those of other packages.
    Reference(reference::ReferenceArgs),
    /// Write the case reports, or check that they are what the data says.
    Report(report::ReportArgs),
    /// Write the reports as HTML pages and try them in a browser.
    Site(site::SiteArgs),
    /// Check the house rules that no compiler checks.
    Tidy(tidy::TidyArgs),
}

#[expect(clippy::print_stderr, reason = "xtask talks to a person")]
fn main() -> std::process::ExitCode {
    let result: Result<(), Box<dyn std::error::Error>> = match &Cli::parse().task {
        Task::Bench(args) => bench::run(args).map_err(Into::into),
        Task::Ci(args) => return ci::run(args),
        Task::Datasets(args) => datasets::run(args).map_err(Into::into),
        Task::Engines(args) => return engines::run(args),
        Task::Gallery(args) => gallery::run(args).map_err(Into::into),
        Task::Guide(args) => guide::run(args).map_err(Into::into),
        Task::Import(args) => import::run(args).map_err(Into::into),
        Task::NewAnalysis(args) => return new_analysis::run(args),
        Task::Reference(args) => return reference::run(args),
        Task::Report(args) => return report::run(args),
        Task::Site(args) => return site::run(args),
        Task::Tidy(args) => return tidy::run(args),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

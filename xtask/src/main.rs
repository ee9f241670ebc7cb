//! The project's own tasks.

mod datasets;
mod import;

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
    /// Keep the data packages in step with the codebook, or check them.
    Datasets(datasets::DatasetsArgs),
    /// Turn the raw tables into the data packages.
    Import(import::ImportArgs),
}

#[expect(clippy::print_stderr, reason = "xtask talks to a person")]
fn main() -> std::process::ExitCode {
    let result: Result<(), Box<dyn std::error::Error>> = match &Cli::parse().task {
        Task::Datasets(args) => datasets::run(args).map_err(Into::into),
        Task::Import(args) => import::run(args).map_err(Into::into),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

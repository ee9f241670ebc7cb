//! Builds the user's guide: `quyu-book SOURCE TARGET`.

use std::path::PathBuf;
use std::process::ExitCode;

use mdbook_driver::MDBook;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(source), Some(target)) = (args.next(), args.next()) else {
        eprintln!("error: quyu-book SOURCE TARGET");
        return ExitCode::from(2);
    };
    let built = MDBook::load(&source).and_then(|mut book| {
        book.config.build.build_dir = target;
        book.config.build.create_missing = false;
        book.build()
    });
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: the guide cannot be built: {error:#}");
            ExitCode::FAILURE
        }
    }
}

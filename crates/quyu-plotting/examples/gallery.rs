//! Writes one SVG for each figure of the gallery into the folder given as argument.
//!
//! `cargo run -p quyu-plotting --example gallery -- FOLDER`

use std::error::Error;
use std::path::PathBuf;

#[path = "../tests/demo/mod.rs"]
mod demo;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: gallery FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    for figure in demo::figures() {
        std::fs::write(
            folder.join(format!("{}.svg", figure.id)),
            quyu_plotting::svg(&figure)?,
        )?;
    }
    Ok(())
}

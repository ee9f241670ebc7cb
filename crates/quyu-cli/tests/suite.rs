//! The command as people run it: wrong input, transcripts, help pages, files and pipes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it does not expect"
)]

#[path = "suite/bad_input.rs"]
mod bad_input;
#[path = "suite/files.rs"]
mod files;
#[path = "suite/forms.rs"]
mod forms;
#[path = "suite/guide/mod.rs"]
mod guide;
#[path = "suite/help.rs"]
mod help;
#[path = "suite/huge.rs"]
mod huge;
#[path = "suite/neighbours.rs"]
mod neighbours;
#[path = "suite/rows.rs"]
mod rows;
#[path = "suite/rows_held.rs"]
mod rows_held;
#[path = "suite/run.rs"]
mod run;
#[path = "suite/tools.rs"]
mod tools;
#[path = "suite/transcripts.rs"]
mod transcripts;

//! Console blocks: each command is run in the shell and followed by what it prints.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::data;
use crate::run::binary;

const OPEN: &str = "```console";
const CLOSE: &str = "```";

/// A page with its blocks filled anew. The commands of one page run one after the other in one folder that holds the tables.
pub(super) fn filled(page: &str) -> String {
    if !page.contains(OPEN) {
        return page.to_owned();
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in data::tables_once() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != OPEN {
            continue;
        }
        let mut before = String::new();
        let mut block = lines.by_ref().take_while(|l| *l != CLOSE);
        while let Some(inner) = block.next() {
            if let Some(command) = inner.strip_prefix("$ ") {
                let mut command = command.to_owned();
                // A command may go on in the next line, as in a shell.
                while command.ends_with('\\') {
                    command.push('\n');
                    command.push_str(block.next().unwrap());
                }
                let command = command.as_str();
                // What a command printed is set off from the next one.
                let gap = if before.is_empty() { "" } else { "\n" };
                before = printed(folder.path(), command);
                let _ = write!(out, "{gap}$ {command}\n{before}");
            }
        }
        out.push_str(CLOSE);
        out.push('\n');
    }
    out
}

/// What a command tells and prints, and its exit code if it is not 0.
fn printed(folder: &Path, command: &str) -> String {
    let bin = Path::new(binary()).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", format!("{bin}:{path}"))
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("this is a bug"), "{command}: {text}");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        code => text.push_str(&format!("[exit code {}]\n", code.unwrap_or(-1))),
    }
    text
}

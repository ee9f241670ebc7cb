//! Exit codes, and what a command fails with.

use quyu_core::AnalysisError;

use crate::message::Message;

/// The result is there.
pub(crate) const OK: u8 = 0;
/// The command is wrong: a flag, a column, a parameter.
pub(crate) const USAGE: u8 = 2;
/// The table is wrong.
pub(crate) const DATA: u8 = 3;
/// The statistic is undefined for the table.
pub(crate) const ANALYSIS: u8 = 4;
/// A file or pipe cannot be read or written.
pub(crate) const IO: u8 = 5;
/// A slip of ours.
pub(crate) const BUG: u8 = 70;
/// Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;
/// The system asked the command to end.
pub(crate) const TERMINATED: u8 = 143;

/// What every help page says about them.
pub(crate) const HELP: &str = "\
Exit codes: 0 the result is there, 2 the command is wrong, 3 the table is wrong, 4 the statistic is undefined for it, 5 a file \
cannot be read or written, 70 a bug, 130 interrupted.";

/// Why a command has no result.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is told, in order.
    pub(crate) messages: Vec<Message>,
    /// The exit code.
    pub(crate) code: u8,
}

impl Failure {
    /// One message.
    pub(crate) fn new(code: u8, message: Message) -> Self {
        Self {
            messages: vec![message],
            code,
        }
    }
}

impl From<AnalysisError> for Failure {
    fn from(error: AnalysisError) -> Self {
        Self::new(USAGE, Message::error(error.to_string()))
    }
}

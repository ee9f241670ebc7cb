//! Ctrl-C: what is being written is finished, and then the command ends.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::exit;
use crate::terminal::to_stderr;

/// From now on an interrupt, or the request of a system that shuts down, ends the command between two writes: no temporary file
/// is left. Where signals cannot be had the system's own way stays.
pub(crate) fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let _whole = quyu_io::atomic::pause();
            // The line that Ctrl-C is shown on is left, and so is one that tells of progress.
            to_stderr("\ninterrupted: nothing was left half-written\n");
            let code = if signal == SIGTERM {
                exit::TERMINATED
            } else {
                exit::INTERRUPTED
            };
            std::process::exit(i32::from(code));
        }
    });
}

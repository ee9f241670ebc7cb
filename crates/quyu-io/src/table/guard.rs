//! Readers of other people's formats, kept from ending the program.
//!
//! The readers of Parquet, Arrow and workbooks trust the sizes and offsets of a file and panic where they lie. A damaged file is no
//! slip of ours, so the panic is caught here and becomes an error.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread will be caught and told as a damaged file: a hook that reports panics has nothing to report.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a reader; what it panics with is its error. Whatever the reader works on must not be used any more after that.
pub(crate) fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, String> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text
            .or(panic.downcast_ref::<&str>().copied())
            .unwrap_or("its parts do not fit");
        text.lines().next().unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let fail = |lie: usize| assert!(lie < 3, "offset {lie} of 3\nand more");
        assert_eq!(guarded(|| 7), Ok(7));
        assert_eq!(guarded(|| fail(9)), Err("offset 9 of 3".to_owned()));
        assert!(!is_guarded());
        assert_eq!(guarded(is_guarded), Ok(true));
    }
}

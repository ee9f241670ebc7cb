//! Rows that stream: the same values as the table that is held, in any number of threads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quyu_fuzz::{bytes, held, streamed};

fuzz_target!(init: quyu_fuzz::let_guarded_panics_pass(), |data: &[u8]| {
    let streamed = streamed(data);
    let held = held(bytes(data));
    if let (Ok(streamed), Ok(held)) = (streamed, held) {
        assert_eq!(streamed, held);
    }
});

//! Whatever file it is: its kind is told by its first bytes, and it is unpacked and read, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quyu_fuzz::{file_of, taken_in};
use quyu_io::table::{Raw, ReadOptions};

fuzz_target!(init: quyu_fuzz::let_guarded_panics_pass(), |data: &[u8]| {
    if let Ok(raw) = Raw::of(&[file_of(data)], &ReadOptions::default()) {
        taken_in(raw, false);
    }
});

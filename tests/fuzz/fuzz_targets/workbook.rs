//! Excel workbooks: the bytes of one, or the text of a sheet and its shared texts put into one that is whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quyu_fuzz::{bytes, taken_in, workbook_of};
use quyu_io::table::{Raw, ReadOptions};

fuzz_target!(init: quyu_fuzz::let_guarded_panics_pass(), |data: &[u8]| {
    let whole = data.starts_with(b"PK\x03\x04");
    let data = if whole { data.to_vec() } else { workbook_of(data) };
    if let Ok(raw) = Raw::read(bytes(&data), &ReadOptions::default()) {
        taken_in(raw, false);
    }
});

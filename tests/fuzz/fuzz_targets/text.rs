//! Text tables in every encoding and layout: CSV, TSV, SDMX-CSV, long and wide, up to the atlas.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quyu_fuzz::{bytes, taken_in};
use quyu_io::table::{Encoding, Numbers, Raw, ReadOptions};

fuzz_target!(|data: &[u8]| {
    // The first byte chooses how the rest is read.
    let Some((how, data)) = data.split_first() else {
        return;
    };
    let bit = |n: u8| how >> n & 1 == 1;
    let options = ReadOptions {
        encoding: [
            Encoding::Auto,
            Encoding::Utf8,
            Encoding::Gb18030,
            Encoding::Windows1252,
        ][usize::from(how & 3)],
        header: bit(2),
        header_row: bit(3).then_some(2),
        numbers: Numbers {
            decimal: if bit(4) { ',' } else { '.' },
            thousands: bit(5).then_some(' '),
            ..Numbers::default()
        },
        ..ReadOptions::default()
    };
    if let Ok(raw) = Raw::read(bytes(data), &options) {
        taken_in(raw, bit(6));
    }
});

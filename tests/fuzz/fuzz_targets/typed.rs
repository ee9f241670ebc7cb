//! Parquet and Arrow, held and batch by batch.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quyu_fuzz::{bytes, file_of, taken_in};
use quyu_io::table::columnar::{Column, Table};
use quyu_io::table::rows::Kind;
use quyu_io::table::{Form, Numbers, Raw, ReadOptions};

fuzz_target!(init: quyu_fuzz::let_guarded_panics_pass(), |data: &[u8]| {
    if matches!(Form::of(data), Form::Text | Form::Workbook) {
        return;
    }
    if let Ok(raw) = Raw::read(bytes(data), &ReadOptions::default()) {
        taken_in(raw, false);
    }
    let Ok(Some(table)) = Table::open(&file_of(data)) else { return };
    for column in 0..table.header.len().min(8) {
        for kind in [Kind::Number, Kind::Label] {
            for piece in 0..table.pieces().min(8) {
                let Ok(batches) = table.read(piece, &[(column, kind)], &Numbers::default()) else { continue };
                for batch in batches.map_while(Result::ok).take(8) {
                    if let Column::Numbers(numbers) = &batch.columns[0] {
                        assert!(numbers.len() == batch.rows && !numbers.iter().any(|x| x.is_infinite()));
                    }
                }
            }
        }
    }
});

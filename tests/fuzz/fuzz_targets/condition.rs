//! Conditions on the rows of a table that has one of everything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quyu_fuzz::bytes;
use quyu_io::table::{Raw, ReadOptions, filter};

const TABLE: &str = "region,year,x,\"a b\"\nA,2010,1.5,\n江苏,2011,NA,b\nNA,2012,-3e2,\"c,\"\n";

fuzz_target!(|text: &str| {
    let Ok(mut raw) = Raw::read(bytes(TABLE.as_bytes()), &ReadOptions::default()) else {
        panic!("the table is whole");
    };
    let rows = raw.len();
    if filter::apply(&mut raw, text).is_ok() {
        assert!((1..=rows).contains(&raw.len()));
        // What a row meets, it does not fail to meet.
        let mut again = raw.clone();
        assert!(filter::apply(&mut again, text).is_ok() && again.len() == raw.len());
        assert!(filter::apply(&mut again, &format!("not ({text})")).is_err());
    }
});

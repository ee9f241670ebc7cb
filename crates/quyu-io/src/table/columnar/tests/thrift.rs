//! What a Parquet file claims and cannot keep.

use super::*;

/// A number as Thrift writes it.
fn thrift_number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The file with a footer that was changed.
fn with_footer(file: &[u8], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let (body, tail) = file.split_at(file.len() - 8);
    let length = u32::from_le_bytes(tail[..4].try_into().unwrap()) as usize;
    let (body, footer) = body.split_at(body.len() - length);
    let mut footer = footer.to_vec();
    change(&mut footer);
    let length = (footer.len() as u32).to_le_bytes();
    [body, &footer, &length, b"PAR1"].concat()
}

/// A footer with one more field, number 100, of this type.
fn with_field(file: &[u8], kind: u8, value: &[u8]) -> Vec<u8> {
    with_footer(file, |footer| {
        assert_eq!(footer.pop(), Some(0));
        footer.push(kind);
        footer.extend(thrift_number(200));
        footer.extend(value);
        footer.push(0);
    })
}

fn small() -> Vec<u8> {
    let columns = [
        (
            "region".to_owned(),
            Values::Texts(vec![Some("A".into()), Some("B".into())]),
        ),
        ("x".to_owned(), Values::Numbers(vec![Some(1.5), None])),
    ];
    parquet(&columns, &[("made", "here")]).unwrap()
}

/// What is wrong with it, which is told at once.
fn told_at_once(bytes: Vec<u8>) -> String {
    let begun = std::time::Instant::now();
    let error = raw(bytes, &ReadOptions::default()).unwrap_err().to_string();
    assert!(begun.elapsed().as_secs() < 1, "{:?}: {error}", begun.elapsed());
    error
}

/// The reader skips a field that it does not know element by element, and truths in a list take it no byte.
#[test]
fn a_footer_that_claims_endless_lists_is_refused() {
    let count = thrift_number(i32::MAX as u64);
    let list = [&[0xF1][..], &count].concat();
    let within = [&[0x29][..], &list, &list].concat();
    let map = [&count[..], &[0x11]].concat();
    for (kind, value) in [(9, &list), (10, &list), (9, &within), (11, &map)] {
        let error = told_at_once(with_field(&small(), kind, value));
        assert!(
            error.contains("t: this Parquet file is damaged: it claims to have a list of"),
            "{error}"
        );
    }
    // As many as there are bytes, again and again: all of them together are too many.
    let many = [
        &[0xF9][..],
        &thrift_number(1_000),
        &[0xF1, 0xA0, 0x1F].repeat(1_000),
    ]
    .concat();
    let error = told_at_once(with_field(&small(), 9, &many));
    assert!(error.contains("a list of 4000, more than"), "{error}");
}

/// A field that the reader knows is read as what it should be; the walk must not lose its way there.
#[test]
fn a_footer_whose_fields_have_other_types_is_refused() {
    let count = thrift_number(i32::MAX as u64);
    let changed = with_footer(&small(), |footer| {
        // The version as a number of eight bytes, the first of which the reader would take for the version.
        let list = [&[0x09, 0xC8, 0x01, 0xF1][..], &count].concat();
        assert_eq!(footer[0], 0x15);
        footer.splice(..2, [&[0x17, 2][..], &list].concat());
    });
    let error = told_at_once(changed);
    assert!(
        error.contains("a field has another type than it must have"),
        "{error}"
    );
}

#[test]
fn a_footer_with_fields_of_the_future_is_read() {
    let expected = fields(&raw(small(), &ReadOptions::default()).unwrap());
    let of_each = [
        (1, &[][..]),
        (5, &[0xFF, 0x01]),
        (7, &[0; 8]),
        (8, b"\x03abc"),
        (9, &[0x35, 2, 4, 6]),
        (9, &[0x28, 1, b'a', 0]),
        (11, &[0]),
        (11, &[1, 0x85, 1, b'a', 2]),
        (12, &[0x15, 2, 0x1C, 0x11, 0, 0]),
        (13, &[0; 16]),
    ];
    for (kind, value) in of_each {
        let read = raw(with_field(&small(), kind, value), &ReadOptions::default());
        assert_eq!(fields(&read.unwrap()), expected, "{kind}");
    }
}

/// A tree of columns: each node is the only child of the one before.
fn nested(depth: usize, children: u64) -> Vec<u8> {
    let node = |children: u64| {
        [
            &[0x35, 0, 0x18, 1, b'a', 0x15][..],
            &thrift_number(children * 2),
            &[0],
        ]
        .concat()
    };
    let mut footer = vec![0x15, 2, 0x19, 0xFC];
    footer.extend(thrift_number(depth as u64 + 1));
    for _ in 0..depth {
        footer.extend(node(children));
    }
    footer.extend([0x15, 2, 0x25, 0, 0x18, 1, b'x', 0]);
    footer.extend([0x16, 0, 0x19, 0x0C, 0]);
    with_footer(b"PAR1\0\0\0\0PAR1", |bytes| *bytes = footer.clone())
}

/// The reader goes into the tree as deep as it is, and reserves memory for as many children as are claimed.
#[test]
fn columns_within_columns_without_end_are_refused() {
    assert_eq!(table(nested(3, 1)).types.len(), 1);
    let error = told_at_once(nested(200_000, 1));
    assert!(error.contains("its columns are nested too deeply"), "{error}");
    let error = told_at_once(nested(3, i32::MAX as u64));
    assert!(
        error.contains("it claims to have a list of 2147483647"),
        "{error}"
    );
}

#[test]
fn a_page_that_claims_endless_lists_is_refused() {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_write_page_header_statistics(true)
        .build();
    let numbers: Float64Array = (1..=600).map(f64::from).collect();
    let records = arrays(vec![("x", Arc::new(numbers))]);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, records.schema(), Some(properties)).unwrap();
    writer.write(&records).unwrap();
    writer.close().unwrap();
    let read = raw(bytes.clone(), &ReadOptions::default()).unwrap();
    assert_eq!(read.len(), 600);
    // The largest number, in ten bytes of the header of the page: instead of them a list and three fields that are true.
    let largest = [&[0x08][..], &600f64.to_le_bytes()].concat();
    let at = bytes.windows(9).position(|w| w == largest).unwrap() - 1;
    assert_eq!(bytes[at] & 15, 8);
    bytes[at..at + 10].copy_from_slice(&[0x19, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x11, 0x11, 0x11]);
    let error = told_at_once(bytes);
    assert!(
        error.contains("it claims to have a list of 2147483647"),
        "{error}"
    );
}

//! What a Parquet file claims and cannot keep.

use parquet::basic::Encoding;
use parquet::file::properties::{WriterPropertiesBuilder, WriterVersion};

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

/// One column, written without packing.
fn written(array: ArrayRef, properties: WriterPropertiesBuilder) -> Vec<u8> {
    let records = arrays(vec![("x", array)]);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, records.schema(), Some(properties.build())).unwrap();
    writer.write(&records).unwrap();
    writer.close().unwrap();
    bytes
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
        .set_write_page_header_statistics(true);
    let numbers: Float64Array = (1..=600).map(f64::from).collect();
    let mut bytes = written(Arc::new(numbers), properties);
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

/// Lengths that are packed as differences say themselves how many they are.
#[test]
fn packed_lengths_that_claim_to_be_endless_are_refused() {
    let texts: StringArray = (0..600).map(|i| Some(format!("t{i}"))).collect();
    for (encoding, lists) in [
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, 1),
        (Encoding::DELTA_BYTE_ARRAY, 2),
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = WriterProperties::builder()
                .set_dictionary_enabled(false)
                .set_writer_version(version)
                .set_encoding(encoding);
            let bytes = written(Arc::new(texts.clone()), properties);
            assert_eq!(raw(bytes.clone(), &ReadOptions::default()).unwrap().len(), 600);
            // Blocks of 128 in four parts, 600 in all.
            let head = [0x80, 1, 4, 0xD8, 4];
            let at = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&head));
            let at: Vec<usize> = at.collect();
            assert_eq!(at.len(), lists);
            for at in at {
                for count in [1 << 33, 1 << 40] {
                    let mut changed = bytes.clone();
                    let count_bytes = thrift_number(count);
                    changed[at + 3..at + 3 + count_bytes.len()].copy_from_slice(&count_bytes);
                    let error = told_at_once(changed);
                    assert!(
                        error.contains(&format!("a page claims to have {count} values")),
                        "{error}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_dictionary_that_claims_more_than_it_holds_is_refused() {
    let numbers: Float64Array = (0..9_000).map(f64::from).collect();
    let mut bytes = written(Arc::new(numbers), WriterProperties::builder());
    assert_eq!(raw(bytes.clone(), &ReadOptions::default()).unwrap().len(), 9_000);
    let count = [&[0x15][..], &thrift_number(18_000)].concat();
    let at = bytes.windows(4).position(|w| w == count).unwrap();
    bytes[at + 1..at + 4].copy_from_slice(&thrift_number(2_000_000));
    let error = told_at_once(bytes);
    assert!(error.contains("a page claims to have 1000000 values"), "{error}");
}

/// The reader reserves memory for the whole of a message and fills it with zeros. Of a stream it takes memory as bytes come.
#[test]
fn a_message_of_arrow_longer_than_its_file_is_refused() {
    let numbers: ArrayRef = Arc::new((0..1_000).collect::<Int64Array>());
    let bytes = arrow_file(&arrays(vec![("x", numbers.clone()), ("y", numbers)]));
    // Said by the message and by the footer.
    let length = 16_000i64.to_le_bytes();
    let at: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(&length))
        .collect();
    assert_eq!(at.len(), 2);
    for claim in [16_000 + 4_096, 1i64 << 34, 1 << 61] {
        let mut changed = bytes.clone();
        for at in &at {
            changed[*at..*at + 8].copy_from_slice(&claim.to_le_bytes());
        }
        let error = told_at_once(changed);
        assert!(error.contains("a message lies beyond the file"), "{error}");
    }
}

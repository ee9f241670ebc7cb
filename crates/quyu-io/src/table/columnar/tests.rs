//! A table in every form is the same table; a damaged one is an error.

mod lies;

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int64Array, NullArray, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

use super::super::raw::{Raw, ReadOptions};
use super::super::source::Bytes;
use super::write::{Values, batch, parquet};
use super::*;

fn arrays(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn arrow_file(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

fn arrow_stream(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

/// Parquet with row groups of so many rows.
pub(crate) fn in_groups(batch: &RecordBatch, rows: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(rows))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn raw(bytes: Vec<u8>, options: &ReadOptions) -> Result<Raw, TableError> {
    let name = "t".to_owned();
    let sha256 = String::new();
    Raw::read(Bytes { name, sha256, bytes }, options)
}

fn fields(raw: &Raw) -> Vec<Vec<String>> {
    let row = |r| {
        (0..raw.header.len())
            .map(|c| raw.field(r, c).to_owned())
            .collect()
    };
    (0..raw.len()).map(row).collect()
}

fn table(bytes: Vec<u8>) -> Table {
    let form = Form::of(&bytes);
    Table::of_bytes("t".to_owned(), form, bytes).unwrap()
}

fn batches(table: &Table, wish: &[(usize, Kind)]) -> Result<Vec<Batch>, TableError> {
    let mut all = Vec::new();
    for piece in 0..table.pieces() {
        for batch in table.read(piece, wish, &Numbers::default())? {
            all.push(batch?);
        }
    }
    Ok(all)
}

/// What a text table of the same columns is.
fn csv(columns: &[(String, Values)]) -> String {
    let rows = match &columns[0].1 {
        Values::Texts(all) => all.len(),
        Values::Integers(all) => all.len(),
        Values::Numbers(all) => all.len(),
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..rows {
        let field = |(_, values): &(String, Values)| match values {
            Values::Texts(all) => all[row].as_deref().map(quoted).unwrap_or_default(),
            Values::Integers(all) => all[row].map(|i| i.to_string()).unwrap_or_default(),
            Values::Numbers(all) => all[row].map(|x| format!("{x:?}")).unwrap_or_default(),
        };
        text.push_str(&(columns.iter().map(field).collect::<Vec<_>>().join(",") + "\n"));
    }
    text
}

fn columns() -> impl Strategy<Value = Vec<(String, Values)>> {
    let number = prop_oneof![
        4 => any::<f64>().prop_filter("finite", |x| x.is_finite()),
        1 => (-1000i32..1000).prop_map(f64::from)
    ];
    let row = (
        "[a-zé江 ,\"]{1,4}x",
        1900i64..2100,
        prop::option::weighted(0.8, number),
        prop::option::of("[A-Z]{1,3}"),
    );
    prop::collection::vec(row, 1..30).prop_map(|rows| {
        let texts = rows.iter().map(|r| Some(r.0.trim().to_owned())).collect();
        vec![
            ("region".to_owned(), Values::Texts(texts)),
            (
                "year".to_owned(),
                Values::Integers(rows.iter().map(|r| Some(r.1)).collect()),
            ),
            (
                "x".to_owned(),
                Values::Numbers(rows.iter().map(|r| r.2).collect()),
            ),
            (
                "zone".to_owned(),
                Values::Texts(rows.iter().map(|r| r.3.clone()).collect()),
            ),
        ]
    })
}

proptest! {
    #[test]
    fn every_form_is_the_same_table(columns in columns(), decimal in prop_oneof![Just('.'), Just(',')]) {
        let records = batch(&columns).unwrap();
        let numbers = Numbers { decimal, ..Numbers::default() };
        let options = ReadOptions { numbers, ..ReadOptions::default() };
        let expected = raw(csv(&columns).into_bytes(), &ReadOptions::default()).unwrap();
        for bytes in [parquet(&columns, &[]).unwrap(), in_groups(&records, 7), arrow_file(&records), arrow_stream(&records)] {
            let form = Form::of(&bytes);
            let read = raw(bytes, &options).unwrap();
            prop_assert_eq!(&read.header, &expected.header);
            prop_assert_eq!(read.len(), expected.len(), "{:?}", form);
            for row in 0..read.len() {
                let bits = |raw: &Raw| raw.number(row, 2).unwrap().map(f64::to_bits);
                prop_assert_eq!(bits(&read), bits(&expected), "{:?}", form);
                for column in [0, 1, 3] {
                    prop_assert_eq!(read.field(row, column), expected.field(row, column), "{:?}", form);
                }
            }
        }
    }

    #[test]
    fn batches_are_what_is_held(columns in columns(), rows in 1usize..9) {
        let held = raw(csv(&columns).into_bytes(), &ReadOptions::default()).unwrap();
        let table = table(in_groups(&batch(&columns).unwrap(), rows));
        prop_assert_eq!(table.pieces(), held.len().div_ceil(rows));
        let mut row = 0;
        for batch in batches(&table, &[(2, Kind::Number), (0, Kind::Label), (1, Kind::Number)]).unwrap() {
            prop_assert_eq!(batch.before, row as u64);
            let (Column::Numbers(x), Column::Numbers(year)) = (&batch.columns[0], &batch.columns[2]) else {
                panic!("no numbers");
            };
            for (i, region) in batch.labels(1).enumerate() {
                prop_assert_eq!(region, held.field(row, 0));
                let number = held.number(row, 2).unwrap();
                prop_assert_eq!(number.map(f64::to_bits), (!x[i].is_nan()).then_some(x[i].to_bits()));
                prop_assert_eq!(year[i].to_string(), held.field(row, 1));
                row += 1;
            }
        }
        prop_assert_eq!(row, held.len());
    }

    /// Whatever is cut off or changed: an error or a table, and never a panic.
    #[test]
    fn a_damaged_file_is_no_panic(cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let columns = [
            ("region".to_owned(), Values::Texts(vec![Some("A".into()), Some("B".into()), None])),
            ("x".to_owned(), Values::Numbers(vec![Some(1.5), None, Some(-2.0)])),
        ];
        let records = batch(&columns).unwrap();
        for bytes in [parquet(&columns, &[]).unwrap(), arrow_file(&records), arrow_stream(&records)] {
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] = byte;
            let _ = raw(changed, &ReadOptions::default());
            let short = bytes[..cut.index(bytes.len())].to_vec();
            let long = short.len() + 16 < bytes.len();
            let read = raw(short, &ReadOptions::default());
            // The end of a stream may be missing: it says that nothing follows.
            prop_assert!(read.is_err() || !long || Form::of(&bytes) == Form::ArrowStream);
        }
    }
}

/// A claim of more memory than there is must not be believed: the reservation would end the program.
#[test]
fn a_length_that_is_a_lie_is_an_error() {
    use arrow_ipc::CompressionType;
    use arrow_ipc::writer::IpcWriteOptions;
    let numbers: Int64Array = (0..1_000).collect();
    let records = arrays(vec![("x", Arc::new(numbers))]);
    let packed = || {
        let options = IpcWriteOptions::default();
        options
            .try_with_compression(Some(CompressionType::LZ4_FRAME))
            .unwrap()
    };
    let (mut file, mut stream) = (Vec::new(), Vec::new());
    let mut writer = FileWriter::try_new_with_options(&mut file, &records.schema(), packed()).unwrap();
    writer.write(&records).unwrap();
    writer.finish().unwrap();
    drop(writer);
    let mut writer = StreamWriter::try_new_with_options(&mut stream, &records.schema(), packed()).unwrap();
    writer.write(&records).unwrap();
    writer.finish().unwrap();
    drop(writer);
    let claim = 8_000i64.to_le_bytes();
    for mut bytes in [file, stream] {
        assert_eq!(raw(bytes.clone(), &ReadOptions::default()).unwrap().len(), 1_000);
        let at = bytes.windows(8).position(|w| w == claim).unwrap();
        bytes[at..at + 8].copy_from_slice(&(1i64 << 60).to_le_bytes());
        let error = raw(bytes, &ReadOptions::default()).unwrap_err().to_string();
        assert!(
            error.contains("claims to have 1152921504606846976 bytes"),
            "{error}"
        );
    }
}

fn dated() -> RecordBatch {
    arrays(vec![
        ("region", Arc::new(StringArray::from(vec!["A", "B"]))),
        ("day", Arc::new(Date32Array::from(vec![18_262, 18_627]))),
        (
            "moment",
            Arc::new(TimestampMillisecondArray::from(vec![1_577_836_800_123, -1])),
        ),
        (
            "money",
            Arc::new(
                Decimal128Array::from(vec![10, -250])
                    .with_precision_and_scale(10, 2)
                    .unwrap(),
            ),
        ),
        ("short", Arc::new(Float32Array::from(vec![0.1, 2.0]))),
        (
            "kind",
            Arc::new(DictionaryArray::<arrow_array::types::Int8Type>::from_iter([
                Some("u"),
                None,
            ])),
        ),
        ("yes", Arc::new(BooleanArray::from(vec![true, false]))),
        ("none", Arc::new(NullArray::new(2))),
    ])
}

#[test]
fn types_are_read_as_what_they_are() {
    for bytes in [
        in_groups(&dated(), 100),
        arrow_file(&dated()),
        arrow_stream(&dated()),
    ] {
        let raw = raw(bytes, &ReadOptions::default()).unwrap();
        let expected = [
            [
                "A",
                "2020-01-01",
                "2020-01-01",
                "0.1",
                "0.10000000149011612",
                "u",
                "",
                "",
            ],
            ["B", "2020-12-31", "1969-12-31", "-2.5", "2", "", "", ""],
        ];
        assert_eq!(fields(&raw), expected.map(|row| row.map(str::to_owned).to_vec()));
        assert_eq!(raw.year(0, 1).unwrap().get(), 2020);
        assert_eq!(raw.place(1, 3).spot.to_string(), "row 2");
        let fault = raw.column("value", "yes").unwrap_err();
        assert_eq!(fault.to_string(), "the column `yes` holds true or false");
    }
    // A day in somebody's own text is not taken for a year.
    let text = "region,day\nA,2020-01-01\n".as_bytes().to_vec();
    assert!(raw(text, &ReadOptions::default()).unwrap().year(0, 1).is_err());
}

#[test]
fn a_column_that_is_no_figure_is_refused_where_it_is_asked_for() {
    let table = table(arrow_file(&dated()));
    let error = table
        .read(0, &[(6, Kind::Number)], &Numbers::default())
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "t: the column `yes` holds true or false");
    assert!(table.read(0, &[(0, Kind::Label)], &Numbers::default()).is_ok());
}

#[test]
fn what_is_no_number_is_told_with_its_row() {
    let records = arrays(vec![
        (
            "x",
            Arc::new(StringArray::from(vec!["1", "NA", "two"])) as ArrayRef,
        ),
        (
            "y",
            Arc::new(Float64Array::from(vec![1.0, f64::NAN, f64::INFINITY])),
        ),
    ]);
    let table = table(in_groups(&records, 2));
    let told = |column| {
        batches(&table, &[(column, Kind::Number)])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(told(0), "t, row 3: `two` is not a number");
    assert_eq!(told(1), "t, row 3: `inf` is not a finite number");
}

#[test]
fn marks_for_missing_values_hold_for_typed_numbers() {
    let columns = [("x".to_owned(), Values::Integers(vec![Some(-9), Some(3), None]))];
    let table = table(parquet(&columns, &[]).unwrap());
    let numbers = Numbers {
        missing: vec!["-9".to_owned()],
        ..Numbers::default()
    };
    let batch = table
        .read(0, &[(0, Kind::Number)], &numbers)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let Column::Numbers(x) = &batch.columns[0] else {
        panic!("no numbers");
    };
    assert!(x[0].is_nan() && x[1] == 3.0 && x[2].is_nan(), "{x:?}");
    // A number that is not one is no missing value unless somebody says so.
    let bytes = arrow_file(&arrays(vec![(
        "y",
        Arc::new(Float64Array::from(vec![Some(f64::NAN), None])),
    )]));
    let table = Table::of_bytes("t".to_owned(), Form::ArrowFile, bytes).unwrap();
    let error = table
        .read(0, &[(0, Kind::Number)], &numbers)
        .unwrap()
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!(error.to_string(), "t, row 1: `NaN` is not a finite number");
}

#[test]
fn long_record_batches_are_cut() {
    let numbers: Int64Array = (0..(2 * ROWS as i64 + 5)).collect();
    let table = table(arrow_file(&arrays(vec![("x", Arc::new(numbers))])));
    let all = batches(&table, &[(0, Kind::Number)]).unwrap();
    assert_eq!(all.iter().map(|b| b.rows).collect::<Vec<_>>(), [ROWS, ROWS, 5]);
    assert_eq!(all[2].before, 2 * ROWS as u64);
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let columns = [("x".to_owned(), Values::Numbers(vec![Some(1.0), None]))];
    let bytes = || parquet(&columns, &[("quyu", "1")]).unwrap();
    assert_eq!(bytes(), bytes());
    let uneven = [columns[0].clone(), ("y".to_owned(), Values::Integers(vec![]))];
    assert!(parquet(&uneven, &[]).is_err());
}

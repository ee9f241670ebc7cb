//! Rows that stream by are the rows of the reader that holds everything.

use proptest::prelude::*;

use super::super::raw::{Raw, ReadOptions};
use super::super::source::{Bytes, Form};
use super::*;

type Rows = Vec<(String, u64)>;

fn open(text: &str) -> Result<Head, TableError> {
    let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    Head::of("t.csv".into(), reader, &ReadOptions::default())
}

fn wish(columns: &[(usize, Kind)], missing: Missing, threads: usize) -> Wish {
    Wish {
        columns: columns.to_vec(),
        conditions: Conditions::default(),
        missing,
        threads,
    }
}

fn streamed(text: &str, size: usize, threads: usize) -> Result<(Rows, Tally), String> {
    let wish = wish(&[(0, Kind::Label), (1, Kind::Number)], Missing::Drop, threads);
    let mut all = Rows::new();
    let take = |chunk: &Chunk<'_>| {
        let bits = chunk.numbers(1).iter().map(|x| x.to_bits());
        let labels = chunk.labels(0).map(str::to_owned);
        Ok::<Rows, ()>(labels.zip(bits).collect())
    };
    let merge = |rows: Rows| {
        all.extend(rows);
        Ok(())
    };
    let head = open(text).map_err(|e| e.to_string())?;
    match fold_text(head, &wish, size, take, merge) {
        Ok(folded) => Ok((all, folded.tally)),
        Err(RowsError::Table(e)) => Err(e.to_string()),
        Err(RowsError::Taker(())) => Err(String::new()),
    }
}

/// The same by the reader that holds everything.
fn whole(text: &str) -> Result<(Rows, Tally), String> {
    let bytes = Bytes {
        name: "t.csv".into(),
        sha256: String::new(),
        bytes: text.as_bytes().to_vec(),
    };
    let raw = Raw::read(bytes, &ReadOptions::default()).map_err(|e| e.to_string())?;
    let (mut rows, mut tally) = (Rows::new(), Tally::default());
    for row in 0..raw.len() {
        let number = raw.number(row, 1).map_err(|p| p.fault.to_string())?;
        match (raw.field(row, 0), number) {
            ("", _) | (_, None) => tally.missing += 1,
            (label, Some(x)) => {
                rows.push((label.to_owned(), x.to_bits()));
                tally.taken += 1;
            }
        }
    }
    Ok((rows, tally))
}

fn table() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        "[a-c ]{0,3}",
        "\"[a,\n ]{0,3}\"",
        "\"\"\"é\"",
        Just("区".to_owned())
    ];
    let number = prop_oneof![
        "-?[0-9]{1,3}(\\.[0-9]{1,3})?",
        Just("NA".to_owned()),
        "\"[0-9]\"",
        " [0-9] ?",
        Just(String::new())
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n"), Just(",\n")];
    let row = (label, number, end).prop_map(|(l, n, e)| format!("{l},{n}{e}"));
    prop::collection::vec(row, 1..20).prop_map(|rows| format!("name,x\n{}", rows.concat()))
}

proptest! {
    #[test]
    fn a_table_that_streams_is_the_table_that_is_held(text in table(), size in 1usize..40, threads in 1usize..4) {
        let expected = whole(&text);
        match (streamed(&text, size, threads), expected) {
            (Ok(found), Ok(expected)) => prop_assert_eq!(found, expected, "{:?}", text),
            (Err(_), Err(_)) => {}
            (found, expected) => prop_assert!(false, "{:?}: {:?}, held {:?}", text, found, expected),
        }
    }
}

#[test]
fn problems_are_told_with_their_line_and_the_first_block_decides() {
    let text = "name,x\na,1\n\nb,oops\nc,2,3\n\"d\n\",4\ne,5 %\n";
    let error = streamed(text, 1 << 20, 2).unwrap_err();
    holds(
        &error,
        &[
            "line 4: `oops` is not a number",
            "line 5: the row has 3 fields",
            "line 8: `5 %`",
        ],
    );
    let error = streamed(text, 1, 2).unwrap_err();
    assert!(error.contains("line 4") && !error.contains("line 5"), "{error}");
}

fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn what_is_missing_stops_or_is_counted() {
    let head = open("name,x\na,1\nb,NA\n,2\n").unwrap();
    let wish = wish(&[(1, Kind::Number)], Missing::Error, 1);
    let error = fold(Stream::Text(head), &wish, |_| Ok::<(), ()>(()), |()| Ok(())).unwrap_err();
    let RowsError::Table(error) = error else {
        panic!("no table error")
    };
    assert!(
        error.to_string().contains("line 3: the value is missing"),
        "{error}"
    );
    let (rows, tally) = streamed("name,x\na,1\nb,NA\n,2\n", 4, 2).unwrap();
    assert_eq!((rows.len(), tally.missing), (1, 2));
}

#[test]
fn conditions_leave_rows_out_before_their_values_are_read() {
    let head = open("name,x\na,1\nb,not yet\n").unwrap();
    let conditions = Conditions::parse("name = a", |name| head.named.column("where", name)).unwrap();
    let wish = Wish {
        conditions,
        ..wish(&[(1, Kind::Number)], Missing::Error, 1)
    };
    let tally = fold(
        Stream::Text(head),
        &wish,
        |c| Ok::<usize, ()>(c.rows()),
        |n| {
            assert_eq!(n, 1);
            Ok(())
        },
    );
    assert_eq!(
        tally.unwrap().tally,
        Tally {
            taken: 1,
            missing: 0,
            filtered: 1
        }
    );
}

#[test]
fn a_taker_that_fails_ends_it() {
    let head = open("x\n1\n2\n").unwrap();
    let wish = wish(&[(0, Kind::Number)], Missing::Error, 2);
    let result = fold_text(head, &wish, 1, |_| Err::<(), u8>(7), |()| Ok(()));
    assert!(matches!(result, Err(RowsError::Taker(7))));
}

/// The same rows as text and as Parquet in small row groups.
fn both(rows: &[(String, Option<f64>)], group: usize) -> (String, columnar::Table) {
    use columnar::write::{Values, batch};
    let mut text = String::from("name,x\n");
    for (name, x) in rows {
        let x = x.map(|x| x.to_string()).unwrap_or_default();
        text.push_str(&format!("{name},{x}\n"));
    }
    let names = Values::Texts(rows.iter().map(|(name, _)| Some(name.clone())).collect());
    let numbers = Values::Numbers(rows.iter().map(|(_, x)| *x).collect());
    let batch = batch(&[("name".to_owned(), names), ("x".to_owned(), numbers)]).unwrap();
    let bytes = columnar::tests::in_groups(&batch, group);
    let table = columnar::Table::of_bytes("t.parquet".into(), Form::Parquet, bytes).unwrap();
    (text, table)
}

fn typed(table: columnar::Table) -> Stream {
    let named = Named {
        name: table.name.clone(),
        header: table.header.clone(),
        delimiter: b',',
        options: ReadOptions::default(),
    };
    Stream::Typed(table, named)
}

/// What a fold saw of labels and numbers.
fn seen(stream: Stream, wish: &Wish) -> Result<(Rows, Vec<u64>, Tally), String> {
    let (mut rows, mut places) = (Rows::new(), Vec::new());
    let take = |chunk: &Chunk<'_>| {
        let bits = chunk.numbers(1).iter().map(|x| x.to_bits());
        let rows: Rows = chunk.labels(0).map(str::to_owned).zip(bits).collect();
        let places: Vec<u64> = (0..chunk.rows()).map(|row| chunk.line(row)).collect();
        Ok::<_, ()>((rows, places))
    };
    let folded = fold(stream, wish, take, |(r, p)| {
        rows.extend(r);
        places.extend(p);
        Ok(())
    });
    match folded {
        Ok(folded) => Ok((rows, places, folded.tally)),
        Err(RowsError::Table(e)) => Err(e.to_string()),
        Err(RowsError::Taker(())) => Err(String::new()),
    }
}

proptest! {
    #[test]
    fn typed_columns_are_the_rows_of_a_text(
        rows in prop::collection::vec(("[a-c]{1,2}", prop::option::of(-4i32..5)), 1..60),
        group in 1usize..20,
        threads in 1usize..4,
        conditional in any::<bool>(),
    ) {
        let rows: Vec<(String, Option<f64>)> =
            rows.into_iter().map(|(name, x)| (name, x.map(|x| f64::from(x) / 4.0))).collect();
        let (text, table) = both(&rows, group);
        let head = open(&text).unwrap();
        let mut wish = wish(&[(0, Kind::Label), (1, Kind::Number)], Missing::Drop, threads);
        if conditional {
            let find = |name: &str| head.named.column("where", name);
            wish.conditions = Conditions::parse("x >= -0.5 and name != 'b'", find).unwrap();
        }
        let (typed, text) = (seen(typed(table), &wish), seen(Stream::Text(head), &wish));
        let (typed, places, tally) = typed.unwrap();
        let (text, lines, of_text) = text.unwrap();
        prop_assert_eq!((typed, tally), (text, of_text));
        // The header of a text is a line, that of Parquet no row.
        let rows: Vec<u64> = lines.iter().map(|line| line - 1).collect();
        prop_assert_eq!(places, rows);
    }
}

#[test]
fn a_missing_figure_of_a_typed_column_is_told_with_its_row() {
    let (_, table) = both(&[("a".into(), Some(1.0)), ("b".into(), None)], 1);
    let wish = wish(&[(0, Kind::Label), (1, Kind::Number)], Missing::Error, 2);
    let told = seen(typed(table), &wish).unwrap_err();
    assert_eq!(told, "t.parquet, row 2: the value is missing");
}

#[test]
fn lines_and_the_hash_are_those_of_the_file() {
    let text = "\u{FEFF}name,x\na,1\n\n\"b\nc\",2\nd,3\n";
    let wish = wish(&[(0, Kind::Label), (1, Kind::Number)], Missing::Error, 2);
    let (_, lines, _) = seen(Stream::Text(open(text).unwrap()), &wish).unwrap();
    assert_eq!(lines, [2, 4, 6]);
    let folded = fold_text(open(text).unwrap(), &wish, 4, |_| Ok::<(), ()>(()), |()| Ok(())).unwrap();
    assert_eq!(folded.sha256, crate::package::sha256(text.as_bytes()));
}

#[test]
fn the_header_may_stand_below_other_lines() {
    let text = "Firms of 2020\n\nname,x\na,1\nb,oops\n";
    let options = ReadOptions {
        header_row: Some(3),
        ..ReadOptions::default()
    };
    let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    let head = Head::of("t.csv".into(), reader, &options).unwrap();
    assert_eq!(head.named.header, ["name", "x"]);
    let wish = wish(&[(0, Kind::Label), (1, Kind::Number)], Missing::Error, 1);
    let told = seen(Stream::Text(head), &wish).unwrap_err();
    assert!(told.starts_with("t.csv, line 5: `oops`"), "{told}");
}

/// Excel's note on the delimiter, with bytes that are no UTF-8: the header begins behind its line.
#[test]
fn a_note_on_the_delimiter_may_hold_any_bytes() {
    let head = |bytes: &[u8]| {
        let reader = Box::new(std::io::Cursor::new(bytes.to_vec()));
        Head::of("t.csv".into(), reader, &ReadOptions::default())
    };
    assert_eq!(
        head(b"sep=;\xE9\xFF\nname;x\na;1\n").unwrap().named.header,
        ["name", "x"]
    );
    let empty = head(b"sep=;\xE9\xFF").err().unwrap();
    assert_eq!(empty.to_string(), "t.csv: the table is empty");
}

#[test]
fn files_of_one_header_follow_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let source = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Source::File(path)
    };
    let (a, b) = (source("a.csv", "x\n1\n2\n"), source("b.csv", "x\n3\n"));
    let wish = wish(&[(0, Kind::Number)], Missing::Error, 2);
    let read = |sources: &[Source]| {
        let mut all = Vec::new();
        let files = Files::open(sources, &ReadOptions::default()).unwrap();
        let read = files.fold(
            &wish,
            |chunk| Ok::<_, ()>(chunk.numbers(0).to_vec()),
            |x| {
                all.extend(x);
                Ok(())
            },
        );
        read.map(|read| (all, read))
    };
    let (all, found) = read(&[b.clone(), a.clone()]).unwrap();
    assert_eq!(all, [3.0, 1.0, 2.0]);
    let rows: Vec<(&str, usize)> = found.inputs.iter().map(|i| (i.name.as_str(), i.rows)).collect();
    assert_eq!(rows, [("b.csv", 1), ("a.csv", 2)]);
    let other = source("c.csv", "y\n1\n");
    let Err(RowsError::Table(error)) = read(&[a, other]) else {
        panic!("another header is taken")
    };
    assert!(error.to_string().contains("c.csv"), "{error}");
}

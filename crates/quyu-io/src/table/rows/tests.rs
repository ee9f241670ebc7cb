//! Rows that stream by are the rows of the reader that holds everything.

use proptest::prelude::*;

use super::super::raw::{Raw, ReadOptions};
use super::super::source::Bytes;
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
        let labels = chunk.labels(0).into_iter().map(str::to_owned);
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

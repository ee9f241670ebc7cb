//! Tables as people have them, and what comes of them.

use proptest::prelude::*;
use quyu_core::{RegionCode, Term, Vintage, Year};

use super::*;

fn raw(text: &str, options: &ReadOptions) -> Result<Raw, TableError> {
    let bytes = source::Bytes {
        name: "t.csv".into(),
        sha256: String::new(),
        bytes: text.as_bytes().to_vec(),
    };
    Raw::read(bytes, options)
}

fn sheet(text: &str) -> Sheet {
    Sheet::new(
        raw(text, &ReadOptions::default()).unwrap(),
        &KeyOptions::default(),
    )
    .unwrap()
}

fn wanted(sheet: &Sheet, name: &str, how: How) -> Wanted {
    Wanted {
        variable: sheet.variable("value", name).unwrap(),
        how,
        unit: None,
    }
}

fn message(error: TableError) -> String {
    error.to_string()
}

const LONG: &str = "region,year,gdp,pop\nA,2010,10,1\nB,2010,20,2\nA,2011,30,1\nB,2011,NA,2\n";

fn value(own: &Own, term: &str, year: i32, region: &str) -> Option<f64> {
    let year = if year == 0 {
        Year::UNDATED
    } else {
        Year::new(year).unwrap()
    };
    let code = RegionCode::new(quyu_core::OWN, region).unwrap();
    let vintage = Vintage::new(quyu_core::OWN).unwrap();
    own.atlas
        .panel
        .get(&Term::parse(term).unwrap(), &vintage, year, &code)
        .map(|o| o.value)
}

#[test]
fn an_open_quote_is_shown_on_its_own_line() {
    // The record begins on line 2 with a quoted line end; the quote without a partner stands on line 3, behind text of two bytes.
    let error = raw("a,b,c\n1,\"x\né\",\"z\n2,3,4\n", &ReadOptions::default()).unwrap_err();
    let TableError::Problems(problems) = &error else {
        panic!("{error:?}");
    };
    let place = problems
        .all
        .iter()
        .find(|p| p.fault == Fault::OpenQuote)
        .and_then(|p| p.place.as_ref())
        .unwrap();
    assert_eq!((place.spot.number, place.text.as_str()), (3, "é\",\"z"));
    assert_eq!((place.start, place.length), (3, 1));
}

#[test]
fn a_long_table_becomes_a_panel() {
    let sheet = sheet(LONG);
    let own = sheet.build(&[wanted(&sheet, "gdp", How::Sums)], &[]).unwrap();
    assert_eq!(value(&own, "gdp", 2010, "B"), Some(20.0));
    assert_eq!(value(&own, "gdp", 2011, "B"), None, "NA is missing");
    assert_eq!((own.from.get(), own.to.get()), (2010, 2011));
    assert_eq!(own.all.members().len(), 2);
    assert_eq!(own.warnings, []);
}

#[test]
fn wide_tables_are_read_in_both_forms() {
    let keys = KeyOptions {
        wide: true,
        ..KeyOptions::default()
    };
    let of = |text: &str| Sheet::new(raw(text, &ReadOptions::default()).unwrap(), &keys).unwrap();
    for (text, names) in [
        ("region,2010,2011\nA,1,2\nB,3,\n", ["gdp", "anything"]),
        (
            "region,gdp_2010,gdp_2011,2011 pop\nA,1,2,7\nB,3,,8\n",
            ["gdp", "pop"],
        ),
    ] {
        let sheet = of(text);
        let variables = names.map(|n| wanted(&sheet, n, How::Sums));
        let own = sheet.build(&variables[..1], &[]).unwrap();
        assert_eq!(value(&own, "gdp", 2010, "B"), Some(3.0));
        assert_eq!(value(&own, "gdp", 2011, "A"), Some(2.0));
        assert_eq!(value(&own, "gdp", 2011, "B"), None);
    }
    assert!(
        of("region,gdp_2010,pop_2010\nA,1,2\n")
            .variable("value", "gpd")
            .is_err()
    );
    let none = Sheet::new(raw("region,gdp\nA,1\n", &ReadOptions::default()).unwrap(), &keys);
    assert!(message(none.unwrap_err()).contains("no column is a year"));
}

#[test]
fn a_table_without_a_period_is_undated() {
    let sheet = sheet("region,x\nA,1\nB,2\n");
    let own = sheet.build(&[wanted(&sheet, "x", How::Unsaid)], &[]).unwrap();
    assert_eq!(own.from, Year::UNDATED);
    assert_eq!(value(&own, "x", 0, "A"), Some(1.0));
}

#[test]
fn names_of_any_script_work_and_are_kept() {
    let keys = KeyOptions {
        region: Some("地区".into()),
        class: Some("行业".into()),
        ..KeyOptions::default()
    };
    let text = "地区,year,行业,增加值（亿元）\n江苏: 南京,2020年,制造 业,1\n江苏: 南京,2020年,J,2\n";
    let sheet = Sheet::new(raw(text, &ReadOptions::default()).unwrap(), &keys).unwrap();
    let wanted = wanted(&sheet, "增加值（亿元）", How::Sums);
    assert_eq!(wanted.variable.id, "c4");
    let own = sheet.build(&[wanted], &[]).unwrap();
    assert_eq!(value(&own, "c4.k1", 2020, "江苏: 南京"), Some(1.0));
    assert_eq!(value(&own, "c4.J", 2020, "江苏: 南京"), Some(2.0));
    assert_eq!(own.names["k1"], "制造 业");
    let indicator = own.atlas.codebook.find("增加值").unwrap();
    assert_eq!(indicator.unit, "亿元");
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let numbers = |decimal, thousands| Numbers {
        decimal,
        thousands,
        ..Numbers::default()
    };
    for (decimal, thousands, text, expected) in [
        ('.', None, "1.5", Some(1.5)),
        ('.', None, "-.5e-3", Some(-0.5e-3)),
        ('.', None, "\u{2212}3", Some(-3.0)),
        ('.', None, "+7.", Some(7.0)),
        ('.', Some(','), "1,234,567.25", Some(1_234_567.25)),
        ('.', Some(','), "12,34", None),
        ('.', Some(','), ",234", None),
        (',', Some(' '), "1\u{202F}234,5", Some(1234.5)),
        (',', None, "0,1", Some(0.1)),
        ('.', None, "0,1", None),
        ('.', None, "inf", None),
        ('.', None, "-Infinity", None),
        ('.', None, "1e999", None),
        ('.', None, "1e", None),
        ('.', None, ".", None),
        ('.', None, "1_000", None),
        ('.', None, "１２", None),
        ('.', None, "0x10", None),
        ('.', None, "--1", None),
        ('.', None, "5%", None),
    ] {
        let read = numbers(decimal, thousands).read(text);
        assert_eq!(read.clone().ok().flatten(), expected, "{text:?}: {read:?}");
    }
}

#[test]
fn a_guess_says_what_a_text_may_be() {
    let guess = |text: &str| match Numbers::default().read(text) {
        Err(Fault::NotANumber { guess, .. }) => guess,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(guess("12,5"), fault::Guess::DecimalComma);
    assert_eq!(guess("12,500"), fault::Guess::Thousands(','));
    assert_eq!(guess("1.234,56"), fault::Guess::Continental);
    assert_eq!(guess("1 234"), fault::Guess::Thousands(' '));
    assert_eq!(guess("12.5%"), fault::Guess::Percent);
    assert_eq!(guess("n.d."), fault::Guess::Mark);
    assert_eq!(guess("about 12"), fault::Guess::Word);
}

#[test]
fn encodings_are_told_and_not_guessed() {
    let text = "region,x\n江苏,1\n浙江,2\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    assert_eq!(text::decode(&gb, Encoding::Gb18030).unwrap(), text);
    let fault = text::decode(&gb, Encoding::Auto).unwrap_err();
    assert!(
        matches!(&fault, Fault::Encoding { fits, .. } if fits[0] == "gb18030"),
        "{fault:?}"
    );
    let mut marked = b"\xEF\xBB\xBF".to_vec();
    marked.extend(text.as_bytes());
    assert_eq!(text::decode(&marked, Encoding::Auto).unwrap(), text);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(text::decode(&wide, Encoding::Auto).unwrap(), text);
    assert_eq!(text::decode(b"a\0b", Encoding::Auto), Err(Fault::Binary));
}

#[test]
fn delimiters_are_found_and_lines_keep_their_numbers() {
    for text in [
        "region;x\r\n\r\nA;1,5\r\nB;z\r\n",
        "region\tx\n\nA\t1,5\nB\tz\n",
        "region|x\n\nA|1,5\nB|z\n",
        "sep=;\nregion;x\nA;1,5\nB;z\n",
    ] {
        let raw = raw(text, &ReadOptions::default()).unwrap();
        assert_eq!(raw.header, ["region", "x"], "{text:?}");
        assert_eq!(raw.field(0, 1), "1,5");
        let place = raw.number(1, 1).unwrap_err().place.unwrap();
        assert_eq!(place.spot.number, 4, "{text:?}");
        let shown: String = place.text.chars().skip(place.start).take(place.length).collect();
        assert_eq!(shown, "z");
    }
}

#[test]
fn rows_that_are_not_whole_are_all_named() {
    let error = raw("region,x\nA,1,2\nB,1\nC\n", &ReadOptions::default()).unwrap_err();
    let message = message(error);
    assert!(
        message.contains("line 2: the row has 3 fields, the header has 2"),
        "{message}"
    );
    assert!(message.contains("line 4: the row has 1 field,"), "{message}");
    let open = raw("region,x\nA,\"1\nB,2\nC,3\n", &ReadOptions::default()).unwrap_err();
    assert!(self::message(open).contains("line 2: a quote is opened here"));
}

#[test]
fn every_number_that_is_none_is_named_and_many_are_counted() {
    let mut text = "region,x\n".to_owned();
    for i in 0..9 {
        text.push_str(&format!("R{i},bad {i} text\n"));
    }
    let words = sheet(&text);
    let error = message(words.build(&[wanted(&words, "x", How::Unsaid)], &[]).unwrap_err());
    assert_eq!(error, "t.csv, line 2: the column `x` holds no number");
    text.push_str("R,1\n");
    let sheet = sheet(&text);
    let error = sheet.build(&[wanted(&sheet, "x", How::Unsaid)], &[]).unwrap_err();
    let message = message(error);
    assert_eq!(message.lines().count(), 6, "{message}");
    assert!(message.ends_with("and 4 more"), "{message}");
}

#[test]
fn a_key_that_occurs_twice_is_refused_unless_the_row_says_the_same() {
    let twice = sheet("region,sector,x\nA,i,1\nA,j,2\n");
    let error = twice.build(&[wanted(&twice, "x", How::Unsaid)], &[]).unwrap_err();
    let TableError::Problems(problems) = error else {
        panic!()
    };
    assert!(
        matches!(&problems.all[0].fault, Fault::Duplicate { told_apart_by, first, .. } if told_apart_by.len() == 1 && told_apart_by[0].column == "sector" && !told_apart_by[0].years && first.number == 2),
        "{problems:?}"
    );
    let same = sheet("region,x\nA,1\nA,1\nB,2\n");
    let own = same.build(&[wanted(&same, "x", How::Unsaid)], &[]).unwrap();
    assert_eq!(own.warnings.len(), 1);
    assert_eq!(own.atlas.panel.len(), 2);
}

#[test]
fn partitions_must_be_the_same_in_all_years() {
    let text = "region,year,zone,x\nA,2010,east,1\nA,2011,west,1\nB,2010,,1\n";
    let sheet = sheet(text);
    let error = sheet
        .build(&[wanted(&sheet, "x", How::Unsaid)], &["zone".into()])
        .unwrap_err();
    let message = message(error);
    assert!(
        message.contains("A is in group `west` here and in `east` in line 2"),
        "{message}"
    );
    assert!(message.contains("B has no group in `zone`"), "{message}");
}

#[test]
fn what_is_probably_wrong_is_said() {
    let text = "region,year,share %\n江苏,2010,40\n江苏省,2011,41\n全国,2010,100\nShanxi,2010,1\nShaanxi,2010,1\n\
                Sichuan,2011,1\nSichuann,2012,1\nA,2014,140\n,,\n";
    let sheet = sheet(text);
    let own = sheet
        .build(&[wanted(&sheet, "share %", How::Unsaid)], &[])
        .unwrap();
    let told: Vec<String> = own.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "an empty row is skipped",
            "`全国` (line 4) looks like a total and is counted as one more region",
            "`江苏` and `江苏省` may be one region spelled in two ways; they are counted as two",
            "`Sichuan` and `Sichuann` may be one region spelled in two ways; they are counted as two",
            "no rows for 2013 between the years that are there",
            "`share %` is a percentage and holds 140 in line 9",
        ],
    );
}

#[test]
fn gzip_is_unpacked_and_a_bomb_is_stopped() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let pack = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        let mut packer =
            flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap();
        path
    };
    let path = pack("t.csv.gz", LONG.as_bytes());
    assert_eq!(Source::File(path.clone()).read().unwrap().bytes, LONG.as_bytes());
    let cut = std::fs::read(&path).unwrap();
    std::fs::write(&path, &cut[..cut.len() - 9]).unwrap();
    let error = message(Source::File(path).read().unwrap_err());
    assert!(error.contains("cannot be unpacked"), "{error}");
    let path = folder.path().join("t.csv.zst");
    let packed = zstd::encode_all(LONG.as_bytes(), 1).unwrap();
    std::fs::write(&path, &packed).unwrap();
    assert_eq!(Source::File(path.clone()).read().unwrap().bytes, LONG.as_bytes());
    std::fs::write(&path, &packed[..packed.len() - 5]).unwrap();
    let error = message(Source::File(path).read().unwrap_err());
    assert!(error.contains("cannot be unpacked"), "{error}");
    let bomb = folder.path().join("bomb.csv.zst");
    std::fs::write(
        &bomb,
        zstd::encode_all(vec![b'a'; 1 << 20].as_slice(), 1).unwrap(),
    )
    .unwrap();
    let error = message(Source::File(bomb).read_up_to(1 << 16).unwrap_err());
    assert!(error.contains("more than 65536 bytes"), "{error}");
    let bomb = pack("bomb.csv.gz", &vec![b'a'; 1 << 20]);
    let error = message(Source::File(bomb).read_up_to(1 << 16).unwrap_err());
    assert!(error.contains("more than 65536 bytes"), "{error}");
}

/// Pieces of tables, and of what is none.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "region",
        "year",
        "x",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        "\"",
        "2010",
        "1,5",
        "-",
        "NaN",
        "江苏",
        "é",
        " ",
        "\u{3000}",
        "=",
        "sep=;\n",
        "\u{feff}",
        "'",
        "(",
        "in",
        "and",
        ">=",
        "1e999",
        "%",
        "region,year,x\nA,2010,1\n",
        "x_2010",
        "\u{0}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_and_no_bytes_make_it_panic(
        text in pieces(),
        noise in prop::collection::vec(any::<u8>(), 0..60),
        condition in pieces(),
        wide in any::<bool>(),
        header in any::<bool>(),
    ) {
        for bytes in [text.as_bytes().to_vec(), noise] {
            let bytes = source::Bytes { name: "t.csv".into(), sha256: String::new(), bytes };
            for encoding in [Encoding::Auto, Encoding::Gb18030, Encoding::Windows1252] {
                let options = ReadOptions { encoding, header, ..ReadOptions::default() };
                let Ok(mut raw) = Raw::read(bytes.clone(), &options) else { continue };
                // A filter that is refused leaves the table as it was.
                let _ = filter::apply(&mut raw, &condition);
                let profiles = describe::profiles(&raw);
                prop_assert_eq!(profiles.len(), raw.header.len());
                let keys = KeyOptions { wide, region: Some("1".into()), ..KeyOptions::default() };
                let Ok(sheet) = Sheet::new(raw, &keys) else { continue };
                let Ok(variable) = sheet.variable("value", "2") else { continue };
                let wanted = Wanted { variable, how: How::Sums, unit: None };
                if let Ok(own) = sheet.build(&[wanted], &[]) {
                    prop_assert!(!own.atlas.panel.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_number_that_is_written_is_read_back(x in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
        let numbers = Numbers::default();
        prop_assert_eq!(numbers.read(&format!("{x:?}")).unwrap(), Some(x));
        prop_assert_eq!(numbers.read(&format!("{x}")).unwrap(), Some(x));
        let comma = Numbers { decimal: ',', ..Numbers::default() };
        prop_assert_eq!(comma.read(&format!("{x:?}").replace('.', ",")).unwrap(), Some(x));
    }
}

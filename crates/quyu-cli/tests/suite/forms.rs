//! A text table put into other forms: Parquet, workbooks, packed files.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::Path;

use quyu_io::table::columnar::write::{Values, parquet};
use zip::write::SimpleFileOptions;

use crate::run::{run, words};

fn fields(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|l| l.split(',').map(str::to_owned).collect())
        .collect()
}

/// The table in this form.
pub(crate) fn put_into(form: &str, text: &str) -> Vec<u8> {
    match form {
        "parquet" => as_parquet(text),
        "xlsx" => workbook(&[("Data", text)]),
        "two-sheets" => workbook(&[("Notes", "what,why\nx,because\n"), ("Data", text)]),
        "note-first" => workbook(&[("Notes", text), ("Data", "region,x\nA,1\nB,2\n")]),
        "zip" => archive(&[("t.csv", text.to_owned())]),
        "zst" => zstd::encode_all(text.as_bytes(), 3).unwrap(),
        "gz" => {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packer.write_all(text.as_bytes()).unwrap();
            packer.finish().unwrap()
        }
        other => panic!("no form `{other}`"),
    }
}

/// A column of whole numbers is one of integers, one of numbers is one of doubles; an empty field is missing.
fn as_parquet(text: &str) -> Vec<u8> {
    let rows = fields(text);
    let column = |c: usize| -> Vec<Option<&str>> {
        let fields = rows[1..].iter().map(|r| r[c].as_str());
        fields.map(|f| (!f.is_empty()).then_some(f)).collect()
    };
    let values = |c: usize| {
        let all = column(c);
        let each = |reads: &dyn Fn(&str) -> bool| all.iter().flatten().all(|f| reads(f));
        if each(&|f| f.parse::<i64>().is_ok()) {
            Values::Integers(all.iter().map(|f| f.and_then(|f| f.parse().ok())).collect())
        } else if each(&|f| f.parse::<f64>().is_ok()) {
            Values::Numbers(all.iter().map(|f| f.and_then(|f| f.parse().ok())).collect())
        } else {
            Values::Texts(all.iter().map(|f| f.map(str::to_owned)).collect())
        }
    };
    let columns: Vec<(String, Values)> = (0..rows[0].len())
        .map(|c| (rows[0][c].clone(), values(c)))
        .collect();
    parquet(&columns, &[]).unwrap()
}

fn archive(files: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook with these sheets; a field that reads as a number is one.
pub(crate) fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut names, mut relations, mut files) = (String::new(), String::new(), Vec::new());
    for (i, (name, text)) in sheets.iter().enumerate() {
        names.push_str(&format!(
            "<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"s{i}\"/>",
            i + 1
        ));
        relations.push_str(&format!(
            "<Relationship Id=\"s{i}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
        ));
        let mut rows = String::new();
        for (r, fields) in fields(text).iter().enumerate() {
            rows.push_str(&format!("<row r=\"{}\">", r + 1));
            for (c, field) in fields.iter().enumerate().filter(|(_, f)| !f.is_empty()) {
                let at = format!("{}{}", char::from(b'A' + c as u8), r + 1);
                rows.push_str(&match field.parse::<f64>() {
                    Ok(x) if x.is_finite() => format!("<c r=\"{at}\"><v>{field}</v></c>"),
                    _ if field.starts_with('#') => format!("<c r=\"{at}\" t=\"e\"><v>{field}</v></c>"),
                    _ => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{field}</t></is></c>"),
                });
            }
            rows.push_str("</row>");
        }
        let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
        files.push((format!("xl/worksheets/sheet{i}.xml"), sheet));
    }
    let types = format!("<Types xmlns=\"{package}/content-types\"/>");
    let root = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{names}</sheets></workbook>");
    let links = format!("<Relationships xmlns=\"{package}/relationships\">{relations}</Relationships>");
    let mut all = vec![
        ("[Content_Types].xml", types),
        ("_rels/.rels", root),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
    ];
    all.extend(files.iter().map(|(name, text)| (name.as_str(), text.clone())));
    archive(&all)
}

const TABLE: &str = "region,year,group,gdp_pc,pop\nA,2010,e,1.5,10\nB,2010,w,2.25,20\nC,2010,w,,5\nA,2011,e,1e-3,11\n\
                     B,2011,w,3,21\nC,2011,w,4,6\n";

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// The form of a table changes no byte of the result.
#[test]
fn every_form_gives_the_same_result() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "t.csv", TABLE);
    for form in ["parquet", "xlsx", "gz", "zst"] {
        write(folder.path(), &format!("t.{form}"), put_into(form, TABLE));
    }
    write(folder.path(), "two.xlsx", put_into("two-sheets", TABLE));
    let title = format!("Table 3-1,,,,\n,,,,\n{TABLE}");
    write(folder.path(), "title.csv", &title);
    write(folder.path(), "title.xlsx", put_into("xlsx", &title));
    let of = |file: &str| {
        let args = "--value gdp_pc --weight pop --group group --variant mld --missing drop --format csv";
        let ran = run(folder.path(), &words(&format!("decompose {file} {args}")));
        assert_eq!(ran.code, 0, "{file}: {}", ran.err);
        ran.out
    };
    let expected = of("t.csv");
    assert!(expected.lines().count() > 4, "{expected}");
    for file in [
        "t.parquet",
        "t.xlsx",
        "t.gz",
        "t.zst",
        "two.xlsx --sheet Data",
        "two.xlsx --sheet 2",
        "title.csv --header-row 3",
        "title.xlsx --header-row 3",
    ] {
        assert_eq!(of(file), expected, "{file}");
    }
}

#[test]
fn files_of_a_pattern_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<&str> = TABLE.lines().collect();
    write(folder.path(), "t.csv", TABLE);
    let part = |rows: &[&str]| format!("{}\n{}\n", TABLE.lines().next().unwrap(), rows.join("\n"));
    write(folder.path(), "part-2010.csv", part(&rows[1..4]));
    write(
        folder.path(),
        "part-2011.parquet",
        put_into("parquet", &part(&rows[4..])),
    );
    let of = |args: &str| {
        let args = format!("gini {args} --value gdp_pc --missing drop --format json");
        let ran = run(folder.path(), &words(&args));
        assert_eq!(ran.code, 0, "{args}: {}", ran.err);
        serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()
    };
    let (one, several) = (of("t.csv"), of("'part-*'"));
    assert_eq!(one["tables"], several["tables"]);
    assert_eq!(several, of("part-2010.csv part-2011.parquet"));
    let inputs: Vec<(&str, u64)> = several["input"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (i["name"].as_str().unwrap(), i["rows"].as_u64().unwrap()))
        .collect();
    assert_eq!(inputs, [("part-2010.csv", 3), ("part-2011.parquet", 3)]);
}

/// A result that is written as Parquet is read back as the table that it is.
#[test]
fn a_result_as_parquet_is_the_result() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "t.csv", TABLE);
    let ran = run(
        folder.path(),
        &words("gini t.csv --value pop --format csv --out r.csv"),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = run(folder.path(), &words("gini t.csv --value pop --out r.parquet"));
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let described = |file: &str| {
        let ran = run(
            folder.path(),
            &words(&format!("describe {file} --region statistic")),
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(described("r.csv"), described("r.parquet"));
    let bytes = std::fs::read(folder.path().join("r.parquet")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.contains("\"analysis\":\"gini\""),
        "the metadata say what it is"
    );
}

const EUROSTAT: &str = "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n\
    ESTAT:NAMA(1.0),01/01/24,A,EUR_HAB,DE11,2019,100,\nESTAT:NAMA(1.0),01/01/24,A,EUR_HAB,DE12,2019,50,p\n\
    ESTAT:NAMA(1.0),01/01/24,A,EUR_HAB,DE11,2020,110,b\nESTAT:NAMA(1.0),01/01/24,A,EUR_HAB,DE12,2020,60,bp\n";
const OECD: &str = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,Reference area,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS\n\
    DATAFLOW,OECD:X(1),I,DE11,Stuttgart,A,2019,100,6,A\nDATAFLOW,OECD:X(1),I,DE12,Karlsruhe,A,2019,50,6,P\n\
    DATAFLOW,OECD:X(1),I,DE11,Stuttgart,A,2020,110,6,B\nDATAFLOW,OECD:X(1),I,DE12,Karlsruhe,A,2020,60,6,A\n";

/// What statistical offices publish is read without naming a column; what they say of their figures is told.
#[test]
fn sdmx_needs_no_names_of_columns() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "plain.csv",
        "region,year,x\nDE11,2019,100\nDE12,2019,50\nDE11,2020,110\nDE12,2020,60\n",
    );
    write(folder.path(), "eurostat.csv", EUROSTAT);
    write(folder.path(), "oecd.csv", OECD);
    let both = EUROSTAT.replace("EUR_HAB,DE11,2020", "PPS_HAB,DE11,2020");
    write(folder.path(), "both.csv", both);
    let mut told = String::new();
    let mut of = |args: &str| {
        let ran = run(folder.path(), &words(&format!("gini {args} --format csv")));
        told.push_str(&format!("$ quyu gini {args}\n{}[{}]\n\n", ran.err, ran.code));
        ran.out
    };
    let expected = of("plain.csv --value x");
    assert_eq!(of("eurostat.csv"), expected);
    assert_eq!(of("oecd.csv"), expected);
    assert_eq!(of("both.csv"), "");
    insta::assert_snapshot!("what_sdmx_says", told);
}

#[test]
fn columns_of_a_description() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "eurostat.csv.zst", put_into("zst", EUROSTAT));
    write(folder.path(), "t.xlsx", put_into("two-sheets", TABLE));
    let files: BTreeMap<&str, &str> = [("eurostat.csv.zst", ""), ("t.xlsx", "--sheet Data")].into();
    let mut told = String::new();
    for (file, more) in files {
        let ran = run(folder.path(), &words(&format!("describe {file} {more}")));
        told.push_str(&format!(
            "$ quyu describe {file} {more}\n{}{}\n",
            ran.err, ran.out
        ));
    }
    insta::assert_snapshot!("descriptions_of_forms", told);
}

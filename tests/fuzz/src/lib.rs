//! What the targets share: bytes as a table, and a table taken in as far as an analysis would.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use quyu_core::Missing;
use quyu_io::table::filter::Conditions;
use quyu_io::table::rows::{self, Chunk, Kind, Stream, Wish};
use quyu_io::table::source::Bytes;
use quyu_io::table::{How, KeyOptions, Raw, ReadOptions, Sheet, Source, Wanted, describe};
use zip::write::SimpleFileOptions;

/// A panic ends a target, unless the readers catch it and tell of a damaged file.
pub fn let_guarded_panics_pass() {
    let ends = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !quyu_io::table::guard::is_guarded() {
            ends(panic);
        }
    }));
}

/// Bytes as they are read from a file.
pub fn bytes(data: &[u8]) -> Bytes {
    Bytes {
        name: "t.csv".into(),
        sha256: String::new(),
        bytes: data.to_vec(),
    }
}

/// A file with these bytes; each process has one.
pub fn file_of(data: &[u8]) -> Source {
    let path: PathBuf = std::env::temp_dir().join(format!("quyu-fuzz-{}.csv", std::process::id()));
    std::fs::write(&path, data).expect("the temporary folder can be written");
    Source::File(path)
}

/// Describes a table and builds an atlas of its second column.
pub fn taken_in(raw: Raw, wide: bool) {
    let profiles = describe::profiles(&raw);
    assert_eq!(profiles.len(), raw.header.len());
    let region = Some("1".into()).filter(|_| !raw.header.iter().any(|h| h == "region"));
    let keys = KeyOptions {
        wide,
        region,
        ..KeyOptions::default()
    };
    let Ok(mut sheet) = Sheet::new(raw, &keys) else {
        return;
    };
    let Ok(variable) = sheet.variable("value", "2") else {
        return;
    };
    let wanted = [Wanted {
        variable,
        how: How::Sums,
        unit: None,
    }];
    if sheet.check_dimensions(&wanted, &[]).is_ok()
        && let Ok(own) = sheet.build(&wanted, &[])
    {
        assert!(!own.atlas.panel.is_empty());
    }
}

/// Labels of the first column and numbers of the second, bit by bit; rows without one are left out.
type Rows = Vec<(String, u64)>;

/// The rows of a table that streams.
pub fn streamed(data: &[u8]) -> Result<Rows, ()> {
    let stream = Stream::open(&file_of(data), &ReadOptions::default()).map_err(|_| ())?;
    if stream.named().header.len() < 2 {
        return Err(());
    }
    let wish = Wish {
        columns: vec![(0, Kind::Label), (1, Kind::Number)],
        conditions: Conditions::default(),
        missing: Missing::Drop,
        threads: 2,
    };
    let take = |chunk: &Chunk<'_>| {
        let bits = chunk.numbers(1).iter().map(|x| x.to_bits());
        Ok::<Rows, ()>(chunk.labels(0).into_iter().map(str::to_owned).zip(bits).collect())
    };
    let mut all = Rows::new();
    let merge = |rows: Rows| {
        all.extend(rows);
        Ok(())
    };
    rows::fold(stream, &wish, take, merge).map_err(|_| ())?;
    Ok(all)
}

/// The same rows of the table that is held.
pub fn held(bytes: Bytes) -> Result<Rows, ()> {
    let raw = Raw::read(bytes, &ReadOptions::default()).map_err(|_| ())?;
    let mut all = Rows::new();
    for row in 0..raw.len() {
        if let (label @ [_, ..], Some(x)) =
            (raw.field(row, 0).as_bytes(), raw.number(row, 1).map_err(|_| ())?)
        {
            all.push((String::from_utf8_lossy(label).into_owned(), x.to_bits()));
        }
    }
    Ok(all)
}

/// A workbook whose only sheet is this XML, up to a byte 0; what follows is the list of texts that its cells share.
pub fn workbook_of(xml: &[u8]) -> Vec<u8> {
    const PARTS: [(&str, &str); 4] = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut parts = PARTS.map(|(name, text)| (name, text.as_bytes())).to_vec();
    let names = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"];
    parts.extend(names.into_iter().zip(xml.splitn(2, |byte| *byte == 0)));
    for (name, part) in parts {
        archive
            .start_file(name, SimpleFileOptions::default())
            .and_then(|()| archive.write_all(part).map_err(Into::into))
            .expect("memory can be written");
    }
    archive.finish().expect("memory can be written").into_inner()
}

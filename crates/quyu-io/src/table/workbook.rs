//! A sheet of an Excel workbook (xlsx) as rows of fields.
//!
//! A number is written as the table writes numbers, whatever format the cell shows it in; a day as `2020-01-31`. Of a formula the
//! value is read that Excel saved.

use std::io::{BufReader, Cursor, Read as _, sink};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::StringRecord;
use quick_xml::events::Event;
use quyu_core::suggest::Near;
use zip::ZipArchive;

use super::fault::Fault;
use super::guard::guarded;
use super::number::Numbers;
use super::raw::ReadOptions;
use super::source::{Form, LIMIT};
use super::split::Row;
use super::warn::Warning;

/// What a sheet holds.
pub(super) struct Cells {
    /// Rows that hold something, the header among them, each as long as the longest needs to be.
    pub(super) rows: Vec<Row>,
    /// Rows between them that hold nothing.
    pub(super) blank: usize,
    /// What is legal and probably wrong.
    pub(super) warnings: Vec<Warning>,
}

/// A row: its number from 1, its cells by column from 0.
type Line = (u64, Vec<(usize, String)>);

/// Columns of a sheet, A to XFD: a cell beyond them would ask for as many fields.
const COLUMNS: u32 = 16_384;

/// Rows of a sheet.
const ROWS: u32 = 1_048_576;

/// Fields that hold nothing, of all rows together: a few cells far to the right must not ask for memory that no sheet fills.
const PADDING: u64 = LIMIT / 64;

/// Deflate packs 1,032 to one at most: what is so much smaller than the limit needs no count.
const DENSEST: u64 = 1_032;

/// Bytes of a text that holds nothing: `<si/>`.
const SHORTEST: u64 = 5;

/// Reads the sheet that the options name.
pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Cells, Fault> {
    guarded(|| cells(bytes, options)).map_err(reason)?
}

fn cells(bytes: &[u8], options: &ReadOptions) -> Result<Cells, Fault> {
    refuse_bombs(bytes, LIMIT)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let (name, others) = sheet(&book, options.sheet.as_deref())?;
    let mut lines = lines(&mut book, &name, &options.numbers)?;
    if let Some(row) = options.header_row {
        lines.retain(|(number, _)| *number >= row);
        if lines.is_empty() {
            return Err(Fault::NoHeaderRow { row });
        }
    }
    let mut warnings = Vec::new();
    if options.sheet.is_none() && !others.is_empty() {
        warnings.push(Warning::Sheets { name, others });
    }
    let blank = gaps(&lines);
    Ok(Cells {
        rows: if lines.is_empty() && !warnings.is_empty() {
            Vec::new()
        } else {
            rows(lines, PADDING)?
        },
        blank,
        warnings,
    })
}

/// The archive as a whole must not hold more than may be held in memory.
fn refuse_bombs(bytes: &[u8], limit: u64) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| reason(e.to_string()))?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|n| n.ok().map(|n| n.into_owned()))
        .collect();
    if !names.iter().any(|n| n.starts_with("xl/")) {
        return Err(Fault::Foreign {
            what: "a zip archive",
        });
    }
    if names.iter().any(|n| n == "xl/workbook.bin") {
        return Err(Fault::Foreign {
            what: "a binary Excel workbook (xlsb)",
        });
    }
    let unpacked = (bytes.len() as u64).saturating_mul(DENSEST).min(limit);
    for name in names
        .iter()
        .filter(|n| n.to_ascii_lowercase().ends_with("sharedstrings.xml"))
    {
        let part = archive.by_name(name).map_err(|e| reason(e.to_string()))?;
        refuse_endless_texts(BufReader::new(part), unpacked / SHORTEST)?;
    }
    if unpacked < limit {
        return Ok(());
    }
    let mut left = limit;
    for index in 0..archive.len() {
        // What the archive says of its sizes is no proof: they are counted.
        let entry = archive.by_index(index).map_err(|e| reason(e.to_string()))?;
        let size =
            std::io::copy(&mut entry.take(left + 1), &mut sink()).map_err(|e| reason(e.to_string()))?;
        left = left.checked_sub(size).ok_or(Fault::TooLong { limit })?;
    }
    Ok(())
}

/// The reader reserves memory for as many texts as the list of those that cells share claims to have.
fn refuse_endless_texts(list: impl std::io::BufRead, most: u64) -> Result<(), Fault> {
    let mut list = quick_xml::Reader::from_reader(list);
    list.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let tag = match list.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "sst" => tag,
            // What is wrong here the reader will tell.
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => continue,
        };
        let mut attributes = tag.attributes();
        let attributes = attributes.with_checks(false).flatten();
        let counts = attributes.filter(|a| a.key.as_ref() == "uniqueCount");
        let claimed = counts.filter_map(|a| a.value.trim().parse::<u64>().ok()).max();
        return match claimed {
            Some(count) if count > most => Err(reason(format!(
                "it claims to have {count} texts, more than it can hold"
            ))),
            _ => Ok(()),
        };
    }
}

/// The name of the sheet that is read, and the visible ones that are not.
fn sheet<R: std::io::Read + std::io::Seek>(
    book: &Xlsx<R>,
    asked: Option<&str>,
) -> Result<(String, Vec<String>), Fault> {
    let cells = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet);
    let sheets: Vec<_> = cells.collect();
    let all: Vec<String> = sheets.iter().map(|s| s.name.clone()).collect();
    let visible = |s: &&&calamine::Sheet| s.visible == SheetVisible::Visible;
    let shown = || sheets.iter().filter(visible).map(|s| s.name.clone());
    let name = match asked {
        None => shown().next().or(all.first().cloned()).ok_or(Fault::NoSheet)?,
        Some(name) if all.iter().any(|s| s == name) => name.to_owned(),
        Some(name) => {
            let number = name.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
            let by_number = number.and_then(|n| all.get(n)).cloned();
            by_number.ok_or_else(|| Fault::UnknownSheet {
                name: name.to_owned(),
                near: Near::to(name, all.iter().map(String::as_str)),
                sheets: all.clone(),
            })?
        }
    };
    let others = shown().filter(|s| *s != name).collect();
    Ok((name, others))
}

/// The cells that hold something, row by row.
fn lines<R: std::io::Read + std::io::Seek>(
    book: &mut Xlsx<R>,
    sheet: &str,
    numbers: &Numbers,
) -> Result<Vec<Line>, Fault> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let (mut lines, mut length): (Vec<Line>, u64) = (Vec::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let text = text(cell.get_value(), numbers);
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        for (at, most, what) in [(column, COLUMNS, "column"), (row, ROWS, "row")] {
            if at >= most {
                let at = u64::from(at) + 1;
                return Err(reason(format!(
                    "a cell lies in {what} {at}, and a sheet has {most}"
                )));
            }
        }
        length += text.len() as u64;
        if length > LIMIT {
            return Err(Fault::TooLong { limit: LIMIT });
        }
        let number = u64::from(row) + 1;
        match lines.last_mut() {
            Some((last, line)) if *last == number => line.push((column as usize, text)),
            Some((last, _)) if *last > number => {
                return Err(reason(format!("row {number} stands behind row {last}")));
            }
            _ => lines.push((number, vec![(column as usize, text)])),
        }
    }
    Ok(lines)
}

fn text(value: &DataRef<'_>, numbers: &Numbers) -> String {
    match value {
        DataRef::Int(i) => i.to_string(),
        DataRef::Float(x) => numbers.write(*x),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => numbers.write(moment.as_f64()),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // The day of a moment.
        DataRef::DateTimeIso(text) => text.get(..10).unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Rows between the first and the last that hold nothing.
fn gaps(lines: &[Line]) -> usize {
    match (lines.first(), lines.last()) {
        (Some((first, _)), Some((last, _))) => (last - first + 1) as usize - lines.len(),
        _ => 0,
    }
}

/// Rows of equal length: from the first column that holds anything to the last one of the header, or further where a row goes on.
fn rows(lines: Vec<Line>, padding: u64) -> Result<Vec<Row>, Fault> {
    let columns = || lines.iter().flat_map(|(_, line)| line.iter().map(|(c, _)| *c));
    let Some(first) = columns().min() else {
        return Err(Fault::Empty);
    };
    let width = match lines
        .first()
        .and_then(|(_, line)| line.iter().map(|(c, _)| *c).max())
    {
        Some(last) => last + 1 - first,
        None => 0,
    };
    let mut rows = Vec::with_capacity(lines.len());
    let mut padded = 0;
    for (number, line) in lines {
        let last = line.iter().map(|(c, _)| c + 1 - first).max().unwrap_or(0);
        let mut fields = vec![""; width.max(last)];
        padded += fields.len().saturating_sub(line.len()) as u64;
        if padded > padding {
            return Err(Fault::Scattered { fields: padding });
        }
        for (column, text) in &line {
            fields[column - first] = text;
        }
        rows.push(Row {
            part: 0,
            number,
            start: 0,
            fields: StringRecord::from(fields),
        });
    }
    Ok(rows)
}

fn reason(reason: String) -> Fault {
    Fault::Damaged {
        what: Form::Workbook.name(),
        reason,
    }
}

fn damaged(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::Foreign {
            what: "a workbook that is locked by a password",
        },
        other => reason(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn an_archive_that_unpacks_to_too_much_is_refused() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file("xl/workbook.xml", options).unwrap();
        archive.write_all(&vec![b' '; 1 << 20]).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 4 << 10, "{}", bytes.len());
        assert_eq!(refuse_bombs(&bytes, 1 << 20), Ok(()));
        assert_eq!(
            refuse_bombs(&bytes, 1 << 19),
            Err(Fault::TooLong { limit: 1 << 19 })
        );
    }

    /// A workbook with one sheet: what stands in its `dimension`, its cells by reference and text.
    fn book(dimension: &str, cells: &[(&str, &str)]) -> Vec<u8> {
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relation = |kind: &str, target: &str| {
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#
            )
        };
        let rows = cells
            .iter()
            .map(|(at, text)| format!(r#"<row><c r="{at}" t="inlineStr"><is><t>{text}</t></is></c></row>"#));
        let rows: String = rows.collect();
        let parts = [
            ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                relation("worksheet", "worksheets/s.xml"),
            ),
            (
                "xl/worksheets/s.xml",
                format!(
                    r#"<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>"#
                ),
            ),
        ];
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file(name, options).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    /// The fields of its rows with their numbers, or the message of why there are none.
    fn fields(book: &[u8]) -> Result<Vec<(u64, Vec<String>)>, String> {
        let cells = read(book, &ReadOptions::default()).map_err(|e| e.to_string())?;
        let row = |row: Row| (row.number, row.fields.iter().map(str::to_owned).collect());
        Ok(cells.rows.into_iter().map(row).collect())
    }

    #[test]
    fn a_cell_beyond_the_sheet_is_refused() {
        let with = |at: &str| fields(&book("A1:B2", &[("A1", "region"), (at, "7")]));
        for last in ["XFD2", "xfd1048576"] {
            let rows = with(last).unwrap();
            assert_eq!(rows[0].1.len(), 1, "{last}");
            assert_eq!(rows[1].1.len(), 16_384, "{last}");
        }
        for (beyond, why) in [
            ("XFE2", "a cell lies in column 16385, and a sheet has 16384"),
            (
                "FXSHRXW2",
                "a cell lies in column 2147483647, and a sheet has 16384",
            ),
            ("A1048577", "a cell lies in row 1048577, and a sheet has 1048576"),
            (
                "A4294967295",
                "a cell lies in row 4294967295, and a sheet has 1048576",
            ),
        ] {
            let error = with(beyond).unwrap_err();
            assert!(error.ends_with(why), "{beyond}: {error}");
        }
        // More than fits into the numbers of the reader; the first two would come round to B2 and A2.
        let long = |letters: &str, digits: &str| format!("{}{}", letters.repeat(90), digits.repeat(90));
        for beyond in [
            "MWLQKWX2".to_owned(),
            "A4294967298".to_owned(),
            long("I", "2"),
            long("A", "9"),
        ] {
            let error = with(&beyond).unwrap_err();
            assert!(error.contains("overflow"), "{beyond}: {error}");
        }
    }

    #[test]
    fn texts_that_are_claimed_ask_for_no_memory() {
        let small = book("A1:A2", &[("A1", "region"), ("A2", "A")]);
        let with = |list: &str| {
            let mut archive = zip::ZipWriter::new_append(Cursor::new(small.clone())).unwrap();
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file("xl/SharedStrings.xml", options).unwrap();
            archive.write_all(list.as_bytes()).unwrap();
            fields(&archive.finish().unwrap().into_inner())
        };
        let list = |head: &str, count: u64| {
            format!(r#"{head}<sst count="9" uniqueCount="{count}"><si><t>A</t></si></sst>"#)
        };
        for honest in [0, 1, 2] {
            assert_eq!(with(&list("", honest)), fields(&small), "{honest}");
        }
        for head in ["", "<?xml version=\"1.0\"?><!-- <sst uniqueCount=\"1\"> -->\n"] {
            for lie in [1_000_000_000, 100_000_000_000] {
                let error = with(&list(head, lie)).unwrap_err();
                let why = format!(
                    "this Excel workbook is damaged: it claims to have {lie} texts, more than it can hold"
                );
                assert_eq!(error, why);
            }
        }
    }

    #[test]
    fn empty_fields_are_counted_and_full_ones_are_not() {
        let line =
            |number, columns: &[usize]| (number, columns.iter().map(|c| (*c, "x".to_owned())).collect());
        let wide = || vec![line(1, &[0, 9]), line(2, &[0])];
        assert_eq!(rows(wide(), 8 + 9).unwrap().len(), 2);
        assert_eq!(
            rows(wide(), 8 + 8).unwrap_err(),
            Fault::Scattered { fields: 8 + 8 }
        );
        let full = vec![line(1, &[0, 1]), line(2, &[0, 1])];
        assert_eq!(rows(full, 0).unwrap().len(), 2);
    }

    #[test]
    fn what_a_sheet_says_of_its_size_asks_for_no_memory() {
        let cells = [("B3", "region"), ("B4", "A")];
        let small = fields(&book("B3:B4", &cells)).unwrap();
        assert_eq!(small.len(), 2);
        for claimed in ["A1:XFD1048576", "A1:FXSHRXV4294967295"] {
            assert_eq!(fields(&book(claimed, &cells)).unwrap(), small, "{claimed}");
        }
    }
}

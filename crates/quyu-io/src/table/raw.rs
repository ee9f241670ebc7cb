//! A table as it stands in its files: a header, and rows that know where they stand.

use std::collections::BTreeMap;

use csv::StringRecord;
use quyu_core::Year;

use super::columnar;
use super::fault::{Fault, Gathered, Place, Problem, Spot, TableError, Unit, only};
use super::number::Numbers;
use super::rows::Kind;
use super::sheet::year_of;
use super::source::{Bytes, Form, LIMIT, Source};
use super::split::{COLUMN, FIELD, HELD, ROW, Row, Split, split};
use super::text::{Encoding, decode};
use super::warn::Warning;
use super::workbook;

pub(crate) use super::header::{column, names, unknown};
pub(crate) use super::place::{place_of_field, place_of_line};

/// How a table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// Between fields; `None` finds it in the first line.
    pub delimiter: Option<u8>,
    /// Around fields that hold the delimiter.
    pub quote: u8,
    /// Encoding.
    pub encoding: Encoding,
    /// Whether the first row names the columns.
    pub header: bool,
    /// The line of a text or row of a sheet, from 1, at which the table begins; `None` is the first one that holds anything.
    pub header_row: Option<u64>,
    /// Of a workbook: name or number of the sheet; `None` is the first one.
    pub sheet: Option<String>,
    /// How numbers are written.
    pub numbers: Numbers,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            quote: b'"',
            encoding: Encoding::Auto,
            header: true,
            header_row: None,
            sheet: None,
            numbers: Numbers::default(),
        }
    }
}

/// A file that went in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name without its folder.
    pub name: String,
    /// Its hash.
    pub sha256: String,
    /// Its rows.
    pub rows: usize,
}

/// What rows of one file have in common.
#[derive(Debug, Clone)]
struct Part {
    name: String,
    unit: Unit,
    /// Of a text: what stands in it, and what is between its fields.
    text: String,
    delimiter: u8,
    /// Whether days are written as the file's own type and not by somebody's hand.
    dated: bool,
}

/// A table as it stands in its files.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The file, or the first of them and how many more there are.
    pub name: String,
    /// Names of the columns; one without a name is called by its number.
    pub header: Vec<String>,
    /// How it was read.
    pub options: ReadOptions,
    /// What the files are: the delimiter of a text, or the name of another form.
    pub layout: Layout,
    /// Rows that held nothing and were skipped.
    pub blank: usize,
    /// The files.
    pub inputs: Vec<Input>,
    /// What is legal and probably wrong about the files.
    pub warnings: Vec<Warning>,
    /// Columns that hold no figures and no names, and what they hold.
    pub(crate) unread: BTreeMap<usize, String>,
    parts: Vec<Part>,
    rows: Vec<Row>,
}

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A text, with this between fields.
    Delimited(u8),
    /// Another form.
    Other(Form),
}

impl Raw {
    /// Reads one table from one or several files, whose rows follow one another.
    ///
    /// # Errors
    /// [`TableError`] of the first file that cannot be read, or [`Fault::OtherHeader`].
    pub fn of(sources: &[Source], options: &ReadOptions) -> Result<Self, TableError> {
        let Some((first, rest)) = sources.split_first() else {
            return Err(only("the command", Fault::Empty));
        };
        let mut raw = Self::read(first.read()?, options)?;
        let mut left = LIMIT.saturating_sub(raw.bytes());
        for source in rest {
            let next = Self::read(source.read_up_to(left)?, options)?;
            left = left.saturating_sub(next.bytes());
            raw.append(next)?;
        }
        if !rest.is_empty() {
            raw.name = format!("{} and {} more", raw.inputs[0].name, rest.len());
        }
        Ok(raw)
    }

    /// Reads a table.
    ///
    /// # Errors
    /// [`TableError`] with every row that is not whole.
    pub fn read(bytes: Bytes, options: &ReadOptions) -> Result<Self, TableError> {
        let Bytes { name, sha256, bytes } = bytes;
        let form = Form::of(&bytes);
        if let (Some(_), true) = (&options.sheet, form != Form::Workbook) {
            return Err(only(&name, Fault::SheetOfWhat { what: form.name() }));
        }
        let mut raw = match form {
            Form::Text => Self::of_text(&name, bytes, options)?,
            Form::Workbook => Self::of_workbook(&name, &bytes, options)?,
            _ => Self::of_columns(&name, form, bytes, options)?,
        };
        raw.inputs = vec![Input {
            name,
            sha256,
            rows: raw.rows.len(),
        }];
        Ok(raw)
    }

    fn of_text(name: &str, bytes: Vec<u8>, options: &ReadOptions) -> Result<Self, TableError> {
        let mut text = decode(&bytes, options.encoding).map_err(|fault| only(name, fault))?;
        drop(bytes);
        let Split {
            rows,
            blank,
            delimiter,
        } = split(&mut text, name, options).map_err(|problem| only(name, problem))?;
        let part = Part {
            name: name.to_owned(),
            unit: Unit::Line,
            text,
            delimiter,
            dated: false,
        };
        let mut raw = Self::made(part, rows, options, Layout::Delimited(delimiter));
        raw.blank = blank;
        raw.take_header()?;
        Ok(raw)
    }

    fn of_workbook(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Self, TableError> {
        let cells = workbook::read(bytes, options).map_err(|fault| only(name, fault))?;
        if let (true, Some(Warning::Sheets { name: sheet, others })) = (
            cells.rows.len() <= usize::from(options.header),
            cells.warnings.first(),
        ) {
            let (sheet, others) = (sheet.clone(), others.clone());
            return Err(only(name, Fault::EmptySheet { name: sheet, others }));
        }
        let part = Part::of_rows(name);
        let mut raw = Self::made(part, cells.rows, options, Layout::Other(Form::Workbook));
        raw.warnings = cells.warnings;
        raw.blank = cells.blank;
        raw.take_header()?;
        Ok(raw)
    }

    fn of_columns(name: &str, form: Form, bytes: Vec<u8>, options: &ReadOptions) -> Result<Self, TableError> {
        let table = columnar::Table::of_bytes(name.to_owned(), form, bytes)?;
        let mut raw = Self::made(Part::of_rows(name), Vec::new(), options, Layout::Other(form));
        raw.header = table.header.clone();
        let mut wish = Vec::new();
        for (column, holds) in table.types.iter().enumerate() {
            match holds {
                columnar::Type::Other(holds) => {
                    raw.unread.insert(column, holds.clone());
                }
                _ => wish.push((column, Kind::Label)),
            }
        }
        let mut weight = COLUMN * raw.header.len() as u64;
        for piece in 0..table.pieces() {
            for batch in table.read(piece, &wish, &options.numbers)? {
                let batch = batch?;
                let row = ROW + FIELD * raw.header.len() as u64;
                weight += batch.text.len() as u64 + batch.rows as u64 * row;
                if weight > HELD {
                    return Err(only(name, Fault::TooHeavy { limit: HELD }));
                }
                raw.rows.extend(rows_of(&batch, &wish, raw.header.len()));
            }
        }
        if raw.rows.is_empty() {
            return Err(only(name, Fault::Empty));
        }
        Ok(raw)
    }

    fn made(part: Part, rows: Vec<Row>, options: &ReadOptions, layout: Layout) -> Self {
        Self {
            name: part.name.clone(),
            header: Vec::new(),
            options: options.clone(),
            layout,
            blank: 0,
            inputs: Vec::new(),
            warnings: Vec::new(),
            unread: BTreeMap::new(),
            parts: vec![part],
            rows,
        }
    }

    /// Takes the first row as the header, and makes sure that all others are as long.
    fn take_header(&mut self) -> Result<(), TableError> {
        let width = self.rows.first().map_or(0, |r| r.fields.len());
        if self.options.header && !self.rows.is_empty() {
            let named: Vec<String> = self.rows.remove(0).fields.iter().map(str::to_owned).collect();
            self.header = names(&named, true);
        } else {
            self.header = names(&vec![String::new(); width], false);
        }
        if self.rows.is_empty() {
            return Err(only(&self.name, Fault::HeaderOnly));
        }
        let mut wrong = Gathered::default();
        for row in 0..self.rows.len() {
            let fields = &self.rows[row].fields;
            // A delimiter at the end of every line is harmless.
            let found =
                fields.len() - usize::from(fields.len() == width + 1 && fields.get(width) == Some(""));
            if found != width {
                let fault = Fault::Ragged {
                    found,
                    expected: width,
                };
                wrong.add(Problem {
                    fault,
                    place: Some(self.place_of_row(row)),
                });
            }
        }
        wrong.stop(&self.name)
    }

    /// Puts the rows of another file behind these.
    fn append(&mut self, other: Self) -> Result<(), TableError> {
        if self.header != other.header {
            let without = |a: &[String], b: &[String]| a.iter().filter(|n| !b.contains(n)).cloned().collect();
            let fault = Fault::OtherHeader {
                first: self.inputs[0].name.clone(),
                lacks: without(&self.header, &other.header),
                besides: without(&other.header, &self.header),
            };
            return Err(only(&other.name, fault));
        }
        let part = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        self.parts.extend(other.parts);
        self.rows
            .extend(other.rows.into_iter().map(|row| Row { part, ..row }));
        self.inputs.extend(other.inputs);
        self.warnings.extend(other.warnings);
        self.unread.extend(other.unread);
        self.blank += other.blank;
        Ok(())
    }

    fn bytes(&self) -> u64 {
        let texts = self.parts.iter().map(|p| p.text.len()).sum::<usize>();
        let fields = self.rows.iter().map(|r| r.fields.as_slice().len()).sum::<usize>();
        texts.max(fields) as u64
    }

    /// Number of rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none; a table that was read has at least one.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A field, trimmed.
    pub fn field(&self, row: usize, column: usize) -> &str {
        self.rows[row].fields.get(column).unwrap_or_default()
    }

    /// Where a row begins.
    pub fn spot(&self, row: usize) -> Spot {
        let (row, part) = self.row(row);
        Spot {
            file: (self.parts.len() > 1).then(|| part.name.clone()),
            unit: part.unit,
            number: row.number,
        }
    }

    fn row(&self, row: usize) -> (&Row, &Part) {
        let row = &self.rows[row];
        (row, &self.parts[row.part as usize])
    }

    /// Keeps the rows at these positions.
    pub(crate) fn keep(&mut self, keep: impl Fn(&Self, usize) -> bool) {
        let kept: Vec<bool> = (0..self.rows.len()).map(|r| keep(self, r)).collect();
        let mut flags = kept.iter();
        self.rows.retain(|_| flags.next().copied().unwrap_or(true));
    }

    /// The column of this name, or of this number from 1 if none bears the name.
    ///
    /// # Errors
    /// [`Fault::UnknownColumn`] with near names, [`Fault::AmbiguousColumn`], [`Fault::NoFigures`].
    pub fn column(&self, role: &str, name: &str) -> Result<usize, Fault> {
        let found = column(&self.header, role, name)?;
        match self.unread.get(&found) {
            Some(holds) => Err(Fault::NoFigures {
                column: self.header[found].clone(),
                holds: holds.clone(),
            }),
            None => Ok(found),
        }
    }

    pub(crate) fn unknown(&self, role: &str, name: &str) -> Fault {
        unknown(&self.header, role, name)
    }

    /// The number in a field; `None` is a missing value.
    ///
    /// # Errors
    /// [`Problem`] with its place.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, Problem> {
        let read = self.options.numbers.read(self.field(row, column));
        read.map_err(|fault| Problem {
            fault,
            place: Some(self.place(row, column)),
        })
    }

    /// The year in a field: `2020`, `2020年`, `2020.0`; where the file has a type for days, that of the day.
    ///
    /// # Errors
    /// [`Fault::NotAYear`], [`Fault::EmptyKey`].
    pub fn year(&self, row: usize, column: usize) -> Result<Year, Fault> {
        let field = self.field(row, column);
        // A number is written with the mark of the table before its fraction, and a whole one without.
        let dated = self.row(row).1.dated && field.len() == 10 && field.as_bytes()[4] == b'-';
        match field.get(..4).filter(|_| dated) {
            Some(year) => year_of(year),
            None => year_of(field),
        }
    }

    /// Where a field is.
    pub fn place(&self, row: usize, column: usize) -> Place {
        let spot = self.spot(row);
        let (row, part) = self.row(row);
        let name = self.header.get(column).cloned();
        if part.unit == Unit::Row {
            return super::place::place_in_row(spot, row.fields.iter(), column, name);
        }
        let line = part.text[row.start..].lines().next().unwrap_or_default();
        let quote = self.options.quote;
        let place = place_of_field(row.number, line, column, name, part.delimiter, quote);
        Place { spot, ..place }
    }

    fn place_of_row(&self, row: usize) -> Place {
        let spot = self.spot(row);
        let (row, part) = self.row(row);
        if part.unit == Unit::Row {
            let mut place = super::place::place_in_row(spot, row.fields.iter(), 0, None);
            (place.start, place.length) = (0, place.text.chars().count());
            return place;
        }
        let line = part.text[row.start..].lines().next().unwrap_or_default();
        let place = place_of_line(row.number, line);
        Place { spot, ..place }
    }
}

impl Part {
    fn of_rows(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            unit: Unit::Row,
            text: String::new(),
            delimiter: b',',
            dated: true,
        }
    }
}

/// The rows of a batch in which every column is one of labels.
fn rows_of<'a>(
    batch: &'a columnar::Batch,
    wish: &[(usize, Kind)],
    width: usize,
) -> impl Iterator<Item = Row> + use<'a> {
    // The label of each column of the table; a column that is not read has none.
    let mut at = vec![None; width];
    for (place, (column, _)) in wish.iter().enumerate() {
        at[*column] = Some(place);
    }
    (0..batch.rows).map(move |row| {
        let field = |place: &Option<usize>| place.map_or("", |p| batch.label_at(p, row));
        Row {
            part: 0,
            number: batch.before + row as u64 + 1,
            start: 0,
            fields: StringRecord::from(at.iter().map(field).collect::<Vec<&str>>()),
        }
    })
}

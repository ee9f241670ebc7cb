//! From the arrays of Arrow to numbers and texts.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};

use super::super::date;
use super::super::fault::{Fault, Gathered, Place, Problem, Spot};
use super::super::number::Numbers;
use super::super::rows::Kind;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// Days, or moments of which the day is taken (in UTC).
    Date,
    /// What is no figure and no name, in words.
    Other(String),
}

/// Some rows, column by column in the order of the wish.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Rows of the table before these.
    pub before: u64,
    /// Number of rows.
    pub rows: usize,
    /// The columns.
    pub columns: Vec<Column>,
    /// What the labels are cut from.
    pub text: String,
}

/// One column of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; a missing one is NaN, and every other one is finite.
    Numbers(Vec<f64>),
    /// First byte of each label in the text of the batch, and one past its last; a missing one is empty.
    Labels(Vec<(u32, u32)>),
}

impl Type {
    pub(super) fn of(data: &DataType) -> Self {
        use DataType as D;
        match data {
            D::Int8 | D::Int16 | D::Int32 | D::Int64 | D::UInt8 | D::UInt16 | D::UInt32 | D::UInt64 => {
                Type::Number
            }
            D::Float16 | D::Float32 | D::Float64 | D::Null => Type::Number,
            D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Decimal256(..) => Type::Number,
            D::Utf8 | D::LargeUtf8 | D::Utf8View => Type::Text,
            D::Date32 | D::Date64 | D::Timestamp(..) => Type::Date,
            D::Dictionary(_, values) => Type::of(values),
            D::Boolean => Type::Other("true or false".to_owned()),
            D::List(_) | D::LargeList(_) | D::ListView(_) | D::LargeListView(_) | D::FixedSizeList(..) => {
                Type::Other("lists".to_owned())
            }
            D::Struct(_) | D::Map(..) | D::Union(..) => {
                Type::Other("records with fields of their own".to_owned())
            }
            D::Binary | D::LargeBinary | D::BinaryView | D::FixedSizeBinary(_) => {
                Type::Other("bytes".to_owned())
            }
            other => Type::Other(format!("values of the type {other}")),
        }
    }
}

impl Batch {
    /// The labels of a column; empty if it holds numbers.
    pub fn labels(&self, column: usize) -> impl Iterator<Item = &str> {
        let spans = match self.columns.get(column) {
            Some(Column::Labels(spans)) => spans.as_slice(),
            _ => &[],
        };
        spans.iter().map(|s| self.label(*s))
    }

    /// The label of a row in a column of labels; empty if it holds numbers.
    pub(crate) fn label_at(&self, column: usize, row: usize) -> &str {
        match self.columns.get(column) {
            Some(Column::Labels(spans)) => spans.get(row).map_or("", |s| self.label(*s)),
            _ => "",
        }
    }

    fn label(&self, (start, end): (u32, u32)) -> &str {
        &self.text[start as usize..end as usize]
    }

    /// Reads the columns; texts that are no numbers where numbers are asked for are gathered.
    pub(super) fn of(
        records: &RecordBatch,
        columns: &[(usize, String, Kind)],
        numbers: &Numbers,
        before: u64,
    ) -> Result<Self, Gathered> {
        let mut batch = Self {
            before,
            rows: records.num_rows(),
            columns: Vec::new(),
            text: String::new(),
        };
        let mut wrong = Gathered::default();
        for (place, name, kind) in columns {
            let array = records.column(*place);
            let is_number = Type::of(array.data_type()) == Type::Number;
            let column = match kind {
                Kind::Label => batch.texts(array, numbers).map(Column::Labels),
                Kind::Number if is_number => Some(batch.typed(array, numbers, name, &mut wrong)),
                Kind::Number => {
                    let spans = batch.texts(array, numbers);
                    spans.map(|s| batch.read(&s, numbers, name, &mut wrong))
                }
            };
            match column {
                Some(column) => batch.columns.push(column),
                None => wrong.add(Fault::LongLine),
            }
        }
        if wrong.is_empty() { Ok(batch) } else { Err(wrong) }
    }

    fn typed(&self, array: &ArrayRef, numbers: &Numbers, name: &str, wrong: &mut Gathered) -> Column {
        let mut values = numbers_of(array);
        let marks = numbers.number_marks();
        let lenient = numbers.is_missing("NaN");
        for (row, x) in values.iter_mut().enumerate() {
            if x.is_infinite() || (x.is_nan() && !lenient && !array.is_null(row)) {
                let text = x.to_string();
                self.tell(row, name, &text, Fault::NotFinite { text: text.clone() }, wrong);
            }
            if marks.contains(x) {
                *x = f64::NAN;
            }
        }
        Column::Numbers(values)
    }

    fn read(&self, spans: &[(u32, u32)], numbers: &Numbers, name: &str, wrong: &mut Gathered) -> Column {
        let mut values = Vec::with_capacity(spans.len());
        for (row, span) in spans.iter().enumerate() {
            let text = self.label(*span);
            values.push(match numbers.read(text) {
                Ok(number) => number.unwrap_or(f64::NAN),
                Err(fault) => {
                    self.tell(row, name, text, fault, wrong);
                    f64::NAN
                }
            });
        }
        Column::Numbers(values)
    }

    fn tell(&self, row: usize, column: &str, text: &str, fault: Fault, wrong: &mut Gathered) {
        let place = Place {
            spot: Spot::row(self.before + row as u64 + 1),
            column: Some(column.to_owned()),
            text: text.to_owned(),
            start: 0,
            length: text.chars().count(),
        };
        wrong.add(Problem {
            fault,
            place: Some(place),
        });
    }

    /// Writes the texts of a column behind one another; `None` if they are too long for a batch.
    fn texts(&mut self, array: &ArrayRef, numbers: &Numbers) -> Option<Vec<(u32, u32)>> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            // Each text once, however often it occurs.
            if dictionary.values().is_empty() {
                return Some(vec![(0, 0); array.len()]);
            }
            let spans = self.texts(dictionary.values(), numbers)?;
            let keys = dictionary.normalized_keys();
            let span = |(row, key): (usize, usize)| match array.is_null(row) {
                true => (0, 0),
                false => spans.get(key).copied().unwrap_or((0, 0)),
            };
            return Some(keys.into_iter().enumerate().map(span).collect());
        }
        let mut spans = Vec::with_capacity(array.len());
        for row in 0..array.len() {
            let start = self.text.len();
            if !array.is_null(row) && *array.data_type() != DataType::Null {
                write_text(array, row, numbers, &mut self.text);
            }
            spans.push((u32::try_from(start).ok()?, u32::try_from(self.text.len()).ok()?));
        }
        Some(spans)
    }
}

/// Numbers of an array of numbers; NaN where one is missing.
fn numbers_of(array: &ArrayRef) -> Vec<f64> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        if dictionary.values().is_empty() {
            return vec![f64::NAN; array.len()];
        }
        let values = numbers_of(dictionary.values());
        let keys = dictionary.normalized_keys();
        let number = |(row, key): (usize, usize)| match array.is_null(row) {
            true => f64::NAN,
            false => values.get(key).copied().unwrap_or(f64::NAN),
        };
        return keys.into_iter().enumerate().map(number).collect();
    }
    match array.data_type() {
        DataType::Int8 => primitive::<Int8Type>(array, f64::from),
        DataType::Int16 => primitive::<Int16Type>(array, f64::from),
        DataType::Int32 => primitive::<Int32Type>(array, f64::from),
        DataType::Int64 => primitive::<Int64Type>(array, |x| x as f64),
        DataType::UInt8 => primitive::<UInt8Type>(array, f64::from),
        DataType::UInt16 => primitive::<UInt16Type>(array, f64::from),
        DataType::UInt32 => primitive::<UInt32Type>(array, f64::from),
        DataType::UInt64 => primitive::<UInt64Type>(array, |x| x as f64),
        DataType::Float16 => primitive::<Float16Type>(array, f64::from),
        DataType::Float32 => primitive::<Float32Type>(array, f64::from),
        DataType::Float64 => primitive::<Float64Type>(array, |x| x),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array),
        _ => vec![f64::NAN; array.len()],
    }
}

fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef, double: impl Fn(T::Native) -> f64) -> Vec<f64> {
    let numbers = array.as_primitive::<T>();
    if numbers.null_count() == 0 {
        return numbers.values().iter().map(|x| double(*x)).collect();
    }
    numbers.iter().map(|x| x.map_or(f64::NAN, &double)).collect()
}

/// The digits are read as a text would be, so that `0.1` is the same double in every form of a table.
fn decimal<T: DecimalType>(array: &ArrayRef) -> Vec<f64> {
    let numbers = array.as_primitive::<T>();
    let number = |row: usize| match numbers.is_null(row) {
        true => f64::NAN,
        false => numbers.value_as_string(row).parse().unwrap_or(f64::NAN),
    };
    (0..numbers.len()).map(number).collect()
}

/// A value that is there, as a text.
fn write_text(array: &ArrayRef, row: usize, numbers: &Numbers, text: &mut String) {
    use DataType as D;
    use std::fmt::Write as _;
    let days = match array.data_type() {
        D::Utf8 => return text.push_str(array.as_string::<i32>().value(row).trim()),
        D::LargeUtf8 => return text.push_str(array.as_string::<i64>().value(row).trim()),
        D::Utf8View => return text.push_str(array.as_string_view().value(row).trim()),
        // A number of more digits than a double holds may be a code.
        D::Int64 => return text.push_str(&array.as_primitive::<Int64Type>().value(row).to_string()),
        D::UInt64 => return text.push_str(&array.as_primitive::<UInt64Type>().value(row).to_string()),
        D::Date32 => i64::from(array.as_primitive::<Date32Type>().value(row)),
        D::Date64 => array
            .as_primitive::<Date64Type>()
            .value(row)
            .div_euclid(86_400_000),
        D::Timestamp(unit, _) => {
            let (moment, day) = match unit {
                TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().value(row), 86_400),
                TimeUnit::Millisecond => (
                    array.as_primitive::<TimestampMillisecondType>().value(row),
                    86_400_000,
                ),
                TimeUnit::Microsecond => (
                    array.as_primitive::<TimestampMicrosecondType>().value(row),
                    86_400_000_000,
                ),
                TimeUnit::Nanosecond => (
                    array.as_primitive::<TimestampNanosecondType>().value(row),
                    86_400_000_000_000,
                ),
            };
            moment.div_euclid(day)
        }
        _ => {
            let number = numbers_of(&array.slice(row, 1))
                .first()
                .copied()
                .unwrap_or(f64::NAN);
            return text.push_str(&numbers.write(number));
        }
    };
    // Writing to a string fails at nothing.
    let _ = write!(text, "{}", date::of_days(days));
}

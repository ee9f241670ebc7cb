//! The panel: observations keyed by (indicator, class, vintage, year, region).

use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::{
    ChunkSet, ChunkedArray, DataFrame, DataType, IntoColumn, SortMultipleOptions, StringChunked,
};

use crate::error::CoreError;
use crate::indicator::Term;
use crate::names::{ClassCode, IndicatorId, RegionCode, Vintage, Year};
use crate::rounding::{decimals, half_unit};

/// One observed figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Its value: finite.
    pub value: f64,
    /// Id of its source.
    pub source: String,
    /// Remark of the package on this figure; empty if there is none.
    pub note: String,
    /// Half a unit of the last decimal printed by its source in its series and year: how far the figure may be rounded. The digits of
    /// a series are those of its most finely printed figure, as "8.0" and "8" cannot be told apart; a figure in round thousands
    /// counts as printed to the unit; one that was computed (more than seven decimals) has none.
    pub half_unit: f64,
}

/// Observations with unique, sorted keys. The data frame behind it is private: nothing here adds floats.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    frame: DataFrame,
    series: BTreeMap<Term, BTreeMap<Vintage, Range<usize>>>,
    keys: Vec<(Year, RegionCode)>,
    /// The row of the frame behind each key.
    rows: Vec<usize>,
    /// Half a unit of the last digit behind each key.
    half_units: Vec<f64>,
}

/// The columns of the data frame behind a panel; all but `year` and `value` are text.
pub const COLUMNS: [&str; 8] = [
    "indicator",
    "class",
    "vintage",
    "year",
    "region",
    "value",
    "source",
    "note",
];

impl Panel {
    /// Takes over a data frame with the columns [`COLUMNS`]: `region` as [`RegionCode::parse`] reads it, `class`
    /// empty where the indicator is not split. Rows without a value are left out; the rest is sorted and checked. A class that
    /// is null is none.
    ///
    /// # Errors
    /// [`CoreError::Frame`], [`CoreError::DuplicateKey`], [`CoreError::NotFinite`] or a malformed name.
    pub fn new(frame: DataFrame) -> Result<Self, CoreError> {
        let frame = sorted(frame).map_err(|e| CoreError::Frame {
            reason: e.to_string(),
        })?;
        let read = Columns::of(&frame).map_err(|e| CoreError::Frame {
            reason: e.to_string(),
        })?;
        let mut series: BTreeMap<Term, BTreeMap<Vintage, Range<usize>>> = BTreeMap::new();
        let mut keys: Vec<(Year, RegionCode)> = Vec::with_capacity(frame.height());
        let mut codes: BTreeMap<&str, RegionCode> = BTreeMap::new();
        let mut rows: Vec<usize> = (0..frame.height()).collect();
        let mut half_units: Vec<f64> = Vec::with_capacity(frame.height());
        let mut start = 0;
        for i in 0..frame.height() {
            let year = Year::stored(read.year(i))?;
            let text = read.region.get(i).unwrap_or_default();
            let region = match codes.get(text) {
                Some(code) => code.clone(),
                None => codes.entry(text).or_insert(RegionCode::parse(text)?).clone(),
            };
            keys.push((year, region));
            if i + 1 == frame.height() || read.series(i) != read.series(i + 1) {
                let (term, vintage) = read.name(i)?;
                put_in_order(&mut keys[start..=i], &mut rows[start..=i]);
                check_rows(&term, &vintage, &keys[start..=i], |k| read.value(rows[start + k]))?;
                half_units.extend(rounding_of(&keys[start..=i], &rows[start..=i], &read));
                series.entry(term).or_default().insert(vintage, start..i + 1);
                start = i + 1;
            }
        }
        drop(codes);
        Ok(Self {
            frame,
            series,
            keys,
            rows,
            half_units,
        })
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The terms observed, in order.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.series.keys()
    }

    /// The vintages in which a term is observed, in order.
    pub fn vintages(&self, term: &Term) -> Vec<Vintage> {
        self.series
            .get(term)
            .map(|v| v.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The keys observed for a term in a vintage, in order of year and region.
    pub fn keys(&self, term: &Term, vintage: &Vintage) -> &[(Year, RegionCode)] {
        self.series
            .get(term)
            .and_then(|v| v.get(vintage))
            .map_or(&[], |range| &self.keys[range.clone()])
    }

    /// One observation, if it was made.
    pub fn get(
        &self,
        term: &Term,
        vintage: &Vintage,
        year: Year,
        region: &RegionCode,
    ) -> Option<Observation> {
        let range = self.series.get(term)?.get(vintage)?.clone();
        let within = self.keys[range.clone()]
            .binary_search_by(|(y, r)| (*y, r).cmp(&(year, region)))
            .ok()?;
        let row = self.rows[range.start + within];
        let columns = Columns::of(&self.frame).ok()?;
        Some(Observation {
            value: columns.value(row)?,
            source: columns.source.get(row).unwrap_or_default().to_owned(),
            note: columns.note.get(row).unwrap_or_default().to_owned(),
            half_unit: self.half_units[range.start + within],
        })
    }
}

/// The frame is sorted by text, a series by year and code: codes of several schemes, or one that is spelled out, differ.
fn put_in_order(keys: &mut [(Year, RegionCode)], rows: &mut [usize]) {
    if keys.is_sorted() {
        return;
    }
    let mut pairs: Vec<((Year, RegionCode), usize)> =
        keys.iter().cloned().zip(rows.iter().copied()).collect();
    pairs.sort();
    for (i, (key, row)) in pairs.into_iter().enumerate() {
        (keys[i], rows[i]) = (key, row);
    }
}

/// Half a unit of the last digit of every figure of a series: that of the figure with the most decimals of its year and source.
fn rounding_of(keys: &[(Year, RegionCode)], rows: &[usize], read: &Columns<'_>) -> Vec<f64> {
    let place = |k: usize| (keys[k].0, read.source.get(rows[k]).unwrap_or_default());
    let mut finest: BTreeMap<(Year, &str), Option<usize>> = BTreeMap::new();
    for (k, row) in rows.iter().enumerate() {
        let Some(found) = read.value(*row).and_then(decimals) else {
            continue;
        };
        let known = finest.entry(place(k)).or_default();
        *known = (*known).max(Some(found));
    }
    let of = |k: usize| {
        let printed = read.value(rows[k]).and_then(decimals);
        half_unit(printed.and(finest.get(&place(k)).copied().flatten()))
    };
    (0..rows.len()).map(of).collect()
}

/// Checks one series: unique keys, finite values.
fn check_rows(
    term: &Term,
    vintage: &Vintage,
    keys: &[(Year, RegionCode)],
    value: impl Fn(usize) -> Option<f64>,
) -> Result<(), CoreError> {
    if let Some(pair) = keys.windows(2).find(|w| w[0] == w[1]) {
        return Err(CoreError::DuplicateKey {
            region: pair[0].1.clone(),
            year: pair[0].0,
            indicator: term.indicator.clone(),
            class: term.class.clone(),
            vintage: vintage.clone(),
        });
    }
    match keys
        .iter()
        .enumerate()
        .find(|(k, _)| !value(*k).is_some_and(f64::is_finite))
    {
        Some((_, (year, region))) => Err(CoreError::NotFinite {
            region: region.clone(),
            year: *year,
            indicator: term.indicator.clone(),
        }),
        None => Ok(()),
    }
}

fn sorted(frame: DataFrame) -> polars::prelude::PolarsResult<DataFrame> {
    let present = frame.column("value")?.is_not_null();
    let mut frame = frame.filter(&present)?.select(COLUMNS)?;
    let class = frame.column("class")?.str()?;
    if class.null_count() > 0 {
        let filled = class.set(&class.is_null(), Some(""))?;
        frame.with_column(filled.into_column())?;
    }
    // One chunk a column: a sort over many chunks looks every row up in the list of chunks.
    frame.rechunk_mut();
    frame = frame.sort(
        ["indicator", "class", "vintage", "year", "region"],
        SortMultipleOptions::default(),
    )?;
    frame.rechunk_mut();
    Ok(frame)
}

/// Typed views of the columns.
struct Columns<'a> {
    indicator: &'a StringChunked,
    class: &'a StringChunked,
    vintage: &'a StringChunked,
    year: &'a ChunkedArray<polars::prelude::Int32Type>,
    region: &'a StringChunked,
    value: &'a ChunkedArray<polars::prelude::Float64Type>,
    source: &'a StringChunked,
    note: &'a StringChunked,
}

impl<'a> Columns<'a> {
    fn of(frame: &'a DataFrame) -> polars::prelude::PolarsResult<Self> {
        Ok(Self {
            indicator: frame.column("indicator")?.str()?,
            class: frame.column("class")?.str()?,
            vintage: frame.column("vintage")?.str()?,
            year: frame.column("year")?.i32()?,
            region: frame.column("region")?.str()?,
            value: frame.column("value")?.f64()?,
            source: frame.column("source")?.str()?,
            note: frame.column("note")?.str()?,
        })
    }

    fn year(&self, row: usize) -> i32 {
        self.year.get(row).unwrap_or_default()
    }

    fn value(&self, row: usize) -> Option<f64> {
        self.value.get(row)
    }

    fn series(&self, row: usize) -> [&str; 3] {
        [self.indicator, self.class, self.vintage].map(|column| column.get(row).unwrap_or_default())
    }

    fn name(&self, row: usize) -> Result<(Term, Vintage), CoreError> {
        let class = match self.class.get(row).unwrap_or_default() {
            "" => None,
            class => Some(ClassCode::new(class)?),
        };
        let indicator = IndicatorId::new(self.indicator.get(row).unwrap_or_default())?;
        Ok((
            Term { indicator, class },
            Vintage::new(self.vintage.get(row).unwrap_or_default())?,
        ))
    }
}

/// The type of a column of the data frame behind a panel.
pub fn column_type(name: &str) -> DataType {
    match name {
        "year" => DataType::Int32,
        "value" => DataType::Float64,
        _ => DataType::String,
    }
}

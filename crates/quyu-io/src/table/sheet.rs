//! Which columns of a table are its keys, and which are figures: long or wide.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::Year;

use super::build::Wanted;
use super::fault::{Apart, Fault, Gathered, Place, Problem, TableError, only};
use super::raw::Raw;
use super::sdmx::Sdmx;
use super::warn::{self, Warning};

/// Names of the key columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyOptions {
    /// The column of regions; `region` if not named.
    pub region: Option<String>,
    /// The column of years; `year` if not named and there, else the table has one period.
    pub time: Option<String>,
    /// The column of sectors or other classes that figures are split by.
    pub class: Option<String>,
    /// Whether years are columns: `2020`, or `gdp_2020` and `pop_2020`.
    pub wide: bool,
}

/// One cell's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Position of the row.
    pub row: usize,
    /// Position of the region.
    pub region: usize,
    /// Year.
    pub year: Year,
    /// Position of the class.
    pub class: Option<usize>,
}

/// A variable: one column, or one a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name as the header or the user has it.
    pub name: String,
    /// Its id in the codebook: the name if it is one, else `c` and the number of its column.
    pub id: String,
    pub(crate) columns: Columns,
}

/// Where the figures of a variable stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Columns {
    One(usize),
    ByYear(BTreeMap<Year, usize>),
}

impl Variable {
    /// The columns that hold it.
    pub(crate) fn all(&self) -> Vec<usize> {
        match &self.columns {
            Columns::One(column) => vec![*column],
            Columns::ByYear(by_year) => by_year.values().copied().collect(),
        }
    }

    /// The column that holds it in a year.
    pub(crate) fn column(&self, year: Year) -> Option<usize> {
        match &self.columns {
            Columns::One(column) => Some(*column),
            Columns::ByYear(by_year) => by_year.get(&year).copied(),
        }
    }
}

/// A table with its keys read.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The table.
    pub raw: Raw,
    /// Regions in the order of the file.
    pub regions: Vec<String>,
    /// Classes in the order of the file.
    pub classes: Vec<String>,
    /// What is legal and probably wrong.
    pub warnings: Vec<Warning>,
    /// What the columns are, where the table is one of SDMX.
    pub sdmx: Option<Sdmx>,
    pub(crate) region: usize,
    pub(crate) time: Option<usize>,
    pub(crate) class: Option<usize>,
    pub(crate) keys: Vec<Key>,
    /// Of a wide table: by name; the name is empty where the header is the bare year.
    wide: Option<BTreeMap<String, BTreeMap<Year, usize>>>,
}

/// Positions of texts in the order of their first appearance.
#[derive(Default)]
struct Positions {
    texts: Vec<String>,
    of: BTreeMap<String, usize>,
}

impl Positions {
    fn of(&mut self, text: &str) -> usize {
        if let Some(&position) = self.of.get(text) {
            return position;
        }
        self.texts.push(text.to_owned());
        self.of.insert(text.to_owned(), self.texts.len() - 1);
        self.texts.len() - 1
    }
}

impl Sheet {
    /// Reads the keys of every row.
    ///
    /// # Errors
    /// [`TableError`] with every unknown column, or every row whose key cannot be read.
    pub fn new(raw: Raw, options: &KeyOptions) -> Result<Self, TableError> {
        let sdmx = Sdmx::of(&raw.header);
        let mut wrong = Gathered::default();
        let mut column =
            |role: &str, name: &str| raw.column(role, name).map_err(|fault| wrong.add(fault)).ok();
        let region = match &options.region {
            Some(name) => column("region", name),
            None if raw.header.iter().any(|h| h == "region") => column("region", "region"),
            None if sdmx.as_ref().is_some_and(|s| s.region.is_some()) => sdmx.as_ref().and_then(|s| s.region),
            None => {
                wrong.add(Fault::NoRegions {
                    candidates: words(&raw),
                });
                None
            }
        };
        let mut column =
            |role: &str, name: &str| raw.column(role, name).map_err(|fault| wrong.add(fault)).ok();
        let time = match &options.time {
            Some(name) => column("time", name),
            None if options.wide => None,
            None => {
                let year = raw.header.iter().position(|h| h == "year");
                year.or(sdmx.as_ref().map(|s| s.time))
            }
        };
        let class = options.class.as_ref().and_then(|name| column("class", name));
        let wide = options.wide.then(|| wide_columns(&raw));
        if wide.as_ref().is_some_and(BTreeMap::is_empty) {
            wrong.add(Fault::NoYears);
        }
        wrong.stop(&raw.name)?;
        let mut sheet = Self {
            raw,
            regions: Vec::new(),
            classes: Vec::new(),
            warnings: Vec::new(),
            sdmx,
            region: region.unwrap_or_default(),
            time,
            class,
            keys: Vec::new(),
            wide,
        };
        sheet.read_keys()?;
        sheet.warnings = warn::keys(&sheet);
        Ok(sheet)
    }

    fn read_keys(&mut self) -> Result<(), TableError> {
        let mut wrong = Gathered::default();
        let (mut regions, mut classes) = (Positions::default(), Positions::default());
        let years: Vec<Year> = self.wide_years();
        let mut keys = Vec::with_capacity(self.raw.len());
        for row in 0..self.raw.len() {
            let region = self.raw.field(row, self.region);
            if region.is_empty() {
                wrong.add(self.problem(row, self.region, Fault::EmptyKey { role: "region" }));
                continue;
            }
            let region = regions.of(region);
            let class = match self.class.map(|c| (c, self.raw.field(row, c))) {
                Some((column, "")) => {
                    wrong.add(self.problem(row, column, Fault::EmptyKey { role: "class" }));
                    continue;
                }
                Some((_, text)) => Some(classes.of(text)),
                None => None,
            };
            let key = |year| Key {
                row,
                region,
                year,
                class,
            };
            match self.time {
                _ if self.wide.is_some() => keys.extend(years.iter().map(|y| key(*y))),
                None => keys.push(key(Year::UNDATED)),
                Some(column) => match self.raw.year(row, column) {
                    Ok(year) => keys.push(key(year)),
                    Err(fault) => wrong.add(self.problem(row, column, fault)),
                },
            }
        }
        (self.regions, self.classes, self.keys) = (regions.texts, classes.texts, keys);
        wrong.stop(&self.raw.name)
    }

    fn wide_years(&self) -> Vec<Year> {
        let by_name = self.wide.iter().flat_map(BTreeMap::values);
        let mut years: Vec<Year> = by_name.flat_map(BTreeMap::keys).copied().collect();
        years.sort();
        years.dedup();
        years
    }

    pub(crate) fn problem(&self, row: usize, column: usize, fault: Fault) -> Problem {
        Problem {
            fault,
            place: Some(self.raw.place(row, column)),
        }
    }

    /// Region, year and class of a key in words.
    pub(crate) fn in_words(&self, key: &Key) -> String {
        let mut words = self.regions[key.region].clone();
        if key.year != Year::UNDATED {
            words.push_str(&format!(" in {}", key.year));
        }
        if let Some(class) = key.class {
            words.push_str(&format!(", {}", self.classes[class]));
        }
        words
    }

    /// The variable of this name: a column, or the columns `name_2020` of a wide table. Where a wide table has bare years, its
    /// one variable takes the name that it is given.
    ///
    /// # Errors
    /// [`Fault::UnknownColumn`] with near names, [`Fault::AmbiguousColumn`].
    pub fn variable(&self, role: &str, name: &str) -> Result<Variable, Fault> {
        if let Some(wide) = &self.wide {
            let by_year = wide
                .get(name)
                .or_else(|| wide.get("").filter(|_| wide.len() == 1));
            if let Some(by_year) = by_year {
                let first = by_year.values().next().copied().unwrap_or_default();
                return Ok(Variable {
                    name: name.to_owned(),
                    id: id(name, first),
                    columns: Columns::ByYear(by_year.clone()),
                });
            }
            let Fault::UnknownColumn { role, name, .. } = self.raw.unknown(role, name) else {
                return Err(Fault::NoYears);
            };
            let columns: Vec<String> = wide.keys().cloned().collect();
            let near = quyu_core::suggest::Near::to(&name, columns.iter().map(String::as_str));
            return Err(Fault::UnknownColumn {
                role,
                name,
                near,
                columns,
            });
        }
        let column = self.raw.column(role, name)?;
        let name = self.raw.header[column].clone();
        Ok(Variable {
            id: id(&name, column),
            name,
            columns: Columns::One(column),
        })
    }

    /// Refuses dimensions of an SDMX table that vary and are used for nothing; warns of what its publisher says of the values.
    ///
    /// # Errors
    /// [`Fault::Varying`].
    pub fn check_dimensions(&mut self, wanted: &[Wanted], partitions: &[String]) -> Result<(), TableError> {
        let Some(sdmx) = &self.sdmx else { return Ok(()) };
        let mut used = self.key_columns();
        used.extend(wanted.iter().flat_map(|w| w.variable.all()));
        used.extend(
            partitions
                .iter()
                .filter_map(|name| self.raw.column("group", name).ok()),
        );
        self.warnings.extend(sdmx.check(&self.raw, &used)?);
        Ok(())
    }

    /// First and last year of the table.
    pub fn period(&self) -> (Year, Year) {
        let years = || self.keys.iter().map(|k| k.year);
        (
            years().min().unwrap_or(Year::UNDATED),
            years().max().unwrap_or(Year::UNDATED),
        )
    }

    /// The years of the table, in order.
    pub fn years(&self) -> Vec<Year> {
        let mut years: Vec<Year> = self.keys.iter().map(|k| k.year).collect();
        years.sort();
        years.dedup();
        years
    }

    /// Positions of the columns of region, time and class.
    pub fn key_columns(&self) -> Vec<usize> {
        [Some(self.region), self.time, self.class]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Number of different pairs of region and year.
    pub fn observed_pairs(&self) -> usize {
        let pairs: BTreeSet<(usize, Year)> = self.keys.iter().map(|k| (k.region, k.year)).collect();
        pairs.len()
    }

    /// Number of rows whose key another row has before them.
    pub fn repeated_keys(&self) -> usize {
        let keys = self.keys.iter().map(|k| (k.region, k.year, k.class));
        self.keys.len() - keys.collect::<BTreeSet<_>>().len()
    }

    /// The code under which a class goes: its name if it can be one, else `k` and its number.
    pub fn class_code(&self, class: usize) -> String {
        let name = &self.classes[class];
        let plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        if plain {
            name.clone()
        } else {
            format!("k{}", class + 1)
        }
    }

    /// Columns that would tell rows with the same key apart.
    pub(crate) fn told_apart_by(&self) -> Vec<Apart> {
        let keys = [Some(self.region), self.time, self.class];
        let free = (0..self.raw.header.len()).filter(|c| !keys.contains(&Some(*c)));
        let unique = |column: &usize| {
            let mut seen: Vec<(usize, Year, Option<usize>, &str)> = self
                .keys
                .iter()
                .map(|k| (k.region, k.year, k.class, self.raw.field(k.row, *column)))
                .collect();
            seen.sort();
            let distinct = seen.windows(2).all(|w| w[0] != w[1]);
            // A column of figures tells nearly all rows apart and is no key, unless it is one of years.
            let keyed = (0..self.raw.len()).all(|r| {
                let field = self.raw.field(r, *column);
                self.raw.year(r, *column).is_ok() || field.parse::<f64>().is_err()
            });
            distinct && keyed
        };
        let apart = |c: usize| Apart {
            column: self.raw.header[c].clone(),
            years: (0..self.raw.len()).all(|r| self.raw.year(r, c).is_ok()),
            example: self.raw.field(0, c).to_owned(),
        };
        free.filter(unique).map(apart).collect()
    }
}

/// An id for the codebook: the name of a column if it is one, else `c` and its number.
pub fn id(name: &str, column: usize) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        name.to_owned()
    } else {
        format!("c{}", column + 1)
    }
}

/// Columns of words: their first fields are no numbers.
fn words(raw: &Raw) -> Vec<String> {
    let wordy = |c: &usize| {
        let mut fields = (0..raw.len()).map(|r| raw.field(r, *c)).filter(|f| !f.is_empty());
        let mut sample = fields.by_ref().take(50).peekable();
        sample.peek().is_some() && sample.all(|f| raw.options.numbers.read(f).is_err())
    };
    let columns = (0..raw.header.len()).filter(wordy);
    columns.map(|c| raw.header[c].clone()).collect()
}

/// Reads `2020`, `2020年`, and `2020.0`, which is what a column of whole numbers with gaps becomes in a data frame.
pub(crate) fn year_of(text: &str) -> Result<Year, Fault> {
    let plain = text.strip_suffix('年').unwrap_or(text);
    let plain = plain.strip_suffix(".0").unwrap_or(plain);
    if text.is_empty() {
        return Err(Fault::EmptyKey { role: "time" });
    }
    let digits = plain.len() == 4 && plain.bytes().all(|b| b.is_ascii_digit());
    let year = plain
        .parse()
        .ok()
        .filter(|_| digits)
        .and_then(|y| Year::new(y).ok());
    year.ok_or_else(|| Fault::NotAYear {
        text: text.to_owned(),
    })
}

/// The columns that are years, by the name beside the year: `gdp_2020`, `2020 gdp`, `gdp.2020`, `2020`.
fn wide_columns(raw: &Raw) -> BTreeMap<String, BTreeMap<Year, usize>> {
    let mut found: BTreeMap<String, BTreeMap<Year, usize>> = BTreeMap::new();
    for (column, header) in raw.header.iter().enumerate() {
        if let Some((name, year)) = name_and_year(header) {
            found.entry(name).or_default().insert(year, column);
        }
    }
    found
}

fn name_and_year(header: &str) -> Option<(String, Year)> {
    if let Ok(year) = year_of(header) {
        return Some((String::new(), year));
    }
    let chars: Vec<char> = header.chars().collect();
    if chars.len() < 6 {
        return None;
    }
    let part = |range: &[char]| range.iter().collect::<String>();
    let mark = |c: char| matches!(c, '_' | '.' | ' ' | '-' | ':');
    let (front, back) = (part(&chars[..4]), part(&chars[chars.len() - 4..]));
    if let (Ok(year), true) = (year_of(&back), mark(chars[chars.len() - 5])) {
        return Some((part(&chars[..chars.len() - 5]), year));
    }
    match (year_of(&front), mark(chars[4])) {
        (Ok(year), true) => Some((part(&chars[5..]), year)),
        _ => None,
    }
}

impl Sheet {
    /// The column of this name as a partition.
    ///
    /// # Errors
    /// [`TableError`] if there is none.
    pub(crate) fn partition_column(&self, name: &str) -> Result<usize, TableError> {
        self.raw
            .column("group", name)
            .map_err(|fault| only(&self.raw.name, fault))
    }
}

impl Sheet {
    /// Where the figure of a variable stands that meets a condition, for a region and a year.
    pub fn find(
        &self,
        variable: &str,
        region: &str,
        year: Year,
        suspect: impl Fn(Option<f64>) -> bool,
    ) -> Option<Place> {
        self.place_of(variable, region, Some(year), suspect)
    }

    /// As [`Sheet::find`], in the first year that has one.
    pub fn find_in_any_year(
        &self,
        variable: &str,
        region: &str,
        suspect: impl Fn(Option<f64>) -> bool,
    ) -> Option<Place> {
        self.place_of(variable, region, None, suspect)
    }

    fn place_of(
        &self,
        variable: &str,
        region: &str,
        year: Option<Year>,
        suspect: impl Fn(Option<f64>) -> bool,
    ) -> Option<Place> {
        let variable = self.variable("value", variable).ok()?;
        self.keys.iter().find_map(|key| {
            if self.regions[key.region] != region || year.is_some_and(|y| y != key.year) {
                return None;
            }
            let column = variable.column(key.year)?;
            let number = self.raw.number(key.row, column).ok()?;
            suspect(number).then(|| self.raw.place(key.row, column))
        })
    }
}

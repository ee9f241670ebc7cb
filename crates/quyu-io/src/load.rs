//! From data packages to an atlas.

mod audit;
mod policy;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{
    CsvReadOptions, DataFrame, IntoColumn, NamedFrom, PlSmallStr, Schema, SerReader, Series,
};
use quyu_core::indicator::Class;
use quyu_core::panel::{COLUMNS, column_type};
use quyu_core::relations::{Border, Crosswalk, Incidence, Place};
use quyu_core::suggest::Near;
use quyu_core::{
    Atlas, Basis, ClassCode, Codebook, CoreError, Direction, Indicator, IndicatorId, Level, Nature,
    PackageStamp, Panel, Partition, Region, RegionCode, RegionSet, Relations, Source, Term, Vintage,
    VintagePair, VintageSeries, Year,
};

use crate::package::{Package, PackageError, Resource, Row, Table, check_bytes, check_rows, parse_table};

/// Why packages could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no package of this name.
    #[error("there is no data package `{name}` in {}{near}", folder.display())]
    NoPackage {
        /// The name.
        name: String,
        /// Where packages are looked for.
        folder: PathBuf,
        /// Packages that resemble it.
        near: Near,
    },
    /// A package is not what its descriptor says.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A row that the data model refuses.
    #[error("{file}, row {row}: {source}")]
    Row {
        /// The table.
        file: String,
        /// The line, the header being line 1.
        row: u64,
        /// Why.
        source: CoreError,
    },
    /// The packages do not fit the data model as a whole.
    #[error(transparent)]
    Model(#[from] CoreError),
    /// A table of observations could not be read into a data frame.
    #[error("{file}: {reason}")]
    Frame {
        /// The table.
        file: String,
        /// What the reader said.
        reason: String,
    },
    /// The folder of the packages could not be listed.
    #[error("{}: {source}", folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Loads the packages named, from the folder that holds them, into one atlas. Hashes are checked on the way.
///
/// # Errors
/// [`LoadError`] names the package, file and row.
pub fn atlas(datasets: &Path, ids: &[String]) -> Result<Atlas, LoadError> {
    let mut atlas = Atlas::default();
    let mut frames = Vec::new();
    for id in ids {
        let package = open(datasets, id)?;
        atlas.packages.push(PackageStamp {
            id: id.clone(),
            version: package.descriptor().version.clone(),
            sha256: package.sha256().to_owned(),
        });
        codebook(&package, &mut atlas)?;
        regions(&package, &mut atlas)?;
        relations(&package, &mut atlas)?;
        policy::read(&package, &mut atlas.policy)?;
        audit::read(&package, &mut atlas)?;
        for resource in &package.descriptor().resources {
            if resource.name.starts_with("observations-") {
                frames.push(observations(&package, resource, &atlas)?);
            }
        }
    }
    atlas.panel = Panel::new(stacked(frames)?)?;
    Ok(atlas)
}

fn open(datasets: &Path, id: &str) -> Result<Package, LoadError> {
    let folder = datasets.join(id);
    if !folder.join(crate::package::DESCRIPTOR).is_file() {
        let names = names(datasets)?;
        return Err(LoadError::NoPackage {
            name: id.to_owned(),
            folder: datasets.to_owned(),
            near: Near::to(id, names.iter().map(String::as_str)),
        });
    }
    Ok(Package::open(&folder)?)
}

/// The packages in a folder, in order of name.
///
/// # Errors
/// [`LoadError::Io`] if the folder cannot be listed.
pub fn names(datasets: &Path) -> Result<Vec<String>, LoadError> {
    let io = |source| LoadError::Io {
        folder: datasets.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(datasets).map_err(io)? {
        let entry = entry.map_err(io)?;
        if entry.path().join(crate::package::DESCRIPTOR).is_file() {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    Ok(found)
}

/// A table that a package may lack.
fn optional(package: &Package, name: &str) -> Result<Option<Table>, LoadError> {
    match package.resource(name) {
        Ok(_) => Ok(Some(package.table(name)?)),
        Err(_) => Ok(None),
    }
}

/// Applies a reading to every row; an error gets the file and line of its row.
fn each(
    table: Option<Table>,
    mut read: impl FnMut(Row<'_>) -> Result<(), CoreError>,
) -> Result<(), LoadError> {
    let Some(table) = table else { return Ok(()) };
    for row in table.rows() {
        read(row).map_err(|source| LoadError::Row {
            file: table.file().to_owned(),
            row: row.line(),
            source,
        })?;
    }
    Ok(())
}

fn text<'a>(row: Row<'a>, column: &str) -> &'a str {
    row.get(column).unwrap_or_default()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn number(row: Row<'_>, column: &'static str) -> Result<f64, CoreError> {
    match text(row, column) {
        "" => Ok(1.0),
        digits => match digits.parse::<f64>() {
            Ok(x) if x.is_finite() && x != 0.0 => Ok(x),
            _ => Err(CoreError::Malformed {
                what: "factor",
                text: digits.to_owned(),
            }),
        },
    }
}

fn year(text: &str) -> Result<Year, CoreError> {
    let malformed = || CoreError::Malformed {
        what: "year",
        text: text.to_owned(),
    };
    Year::new(text.parse().map_err(|_| malformed())?)
}

fn vintages(text: &str) -> Result<Vec<Vintage>, CoreError> {
    match text {
        "*" => Ok(Vec::new()),
        list => list.split(';').map(Vintage::new).collect(),
    }
}

fn codebook(package: &Package, atlas: &mut Atlas) -> Result<(), LoadError> {
    let mut schemes: Vec<(String, Vec<(i64, Class)>)> = Vec::new();
    each(optional(package, "classes")?, |row| {
        let class = Class {
            code: ClassCode::new(text(row, "class"))?,
            label_en: text(row, "label_en").to_owned(),
            label_zh: text(row, "label_zh").to_owned(),
        };
        let position = text(row, "position").parse().map_err(|_| CoreError::Malformed {
            what: "position",
            text: text(row, "position").to_owned(),
        })?;
        let entry = (position, class);
        match schemes.iter_mut().find(|(s, _)| s == text(row, "scheme")) {
            Some((_, classes)) => classes.push(entry),
            None => schemes.push((text(row, "scheme").to_owned(), vec![entry])),
        }
        Ok(())
    })?;
    for (scheme, mut classes) in schemes {
        classes.sort_by_key(|(position, _)| *position);
        atlas
            .codebook
            .insert_scheme(&scheme, classes.into_iter().map(|(_, c)| c).collect())?;
    }
    let indicators = optional(package, "indicators")?;
    each(indicators.clone(), |row| atlas.codebook.insert(indicator(row)?))?;
    each(indicators, |row| known_parts(&indicator(row)?, &atlas.codebook))?;
    each(optional(package, "sources")?, |row| {
        atlas.codebook.insert_source(Source {
            id: text(row, "source").to_owned(),
            title: text(row, "title").to_owned(),
            publisher: text(row, "publisher").to_owned(),
        })
    })?;
    each(optional(package, "vintages")?, |row| {
        atlas
            .codebook
            .insert_vintage(Vintage::new(text(row, "vintage"))?, text(row, "meaning"));
        Ok(())
    })?;
    vintage_rules(package, atlas)
}

fn vintage_rules(package: &Package, atlas: &mut Atlas) -> Result<(), LoadError> {
    each(optional(package, "vintage_pairs")?, |row| {
        let list = |column: &str| {
            text(row, column)
                .split(';')
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        let pair = VintagePair {
            numerators: list("numerator"),
            numerator_vintages: vintages(text(row, "numerator_vintage"))?,
            denominators: list("denominator"),
            denominator_vintages: vintages(text(row, "denominator_vintage"))?,
            from: year(text(row, "from"))?,
            to: year(text(row, "to"))?,
            note: text(row, "note").to_owned(),
        };
        if !atlas.vintages.pairs.contains(&pair) {
            atlas.vintages.pairs.push(pair);
        }
        Ok(())
    })?;
    each(optional(package, "vintage_series")?, |row| {
        let series = VintageSeries {
            id: text(row, "series").to_owned(),
            vintages: vintages(text(row, "vintages"))?,
            break_after: some(text(row, "break_after")).map(|y| year(&y)).transpose()?,
        };
        if !atlas.vintages.series.contains(&series) {
            atlas.vintages.series.push(series);
        }
        Ok(())
    })
}

/// Both parts of a ratio are in the codebook.
fn known_parts(indicator: &Indicator, codebook: &Codebook) -> Result<(), CoreError> {
    let parts = match &indicator.nature {
        Nature::Intensive {
            numerator,
            denominator,
            ..
        } => vec![numerator.clone(), denominator.clone()],
        Nature::Extensive {
            implied: Some((n, d, _)),
            ..
        } => vec![Term::from(n), Term::from(d)],
        _ => Vec::new(),
    };
    for part in parts {
        // A part without a class may be split: it is taken class by class.
        match part.class {
            Some(_) => codebook.check(&part)?,
            None => codebook.indicator(&part.indicator)?,
        };
    }
    Ok(())
}

fn indicator(row: Row<'_>) -> Result<Indicator, CoreError> {
    let unknown = |what: &'static str, name: &str, known: &[&str]| CoreError::Unknown {
        what,
        name: name.to_owned(),
        near: Near::to(name, known.iter().copied()),
    };
    let implied = match some(text(row, "implied_from")) {
        Some(parts) => {
            let (n, d) = parts.split_once('/').unwrap_or((&parts, ""));
            Some((IndicatorId::new(n)?, IndicatorId::new(d)?, number(row, "scale")?))
        }
        None => None,
    };
    let nature = match text(row, "nature") {
        "extensive-stock" => Nature::Extensive { stock: true, implied },
        "extensive-flow" => Nature::Extensive {
            stock: false,
            implied,
        },
        "index" => Nature::Index,
        "intensive" => Nature::Intensive {
            numerator: Term::parse(text(row, "numerator"))?,
            denominator: Term::parse(text(row, "denominator"))?,
            scale: number(row, "scale")?,
            basis: match text(row, "denominator_basis") {
                "mean" => Basis::MeanOfYearEnds,
                "" => Basis::SameYear,
                other => return Err(unknown("basis of a denominator", other, &["mean"])),
            },
        },
        other => {
            return Err(unknown(
                "nature",
                other,
                &["extensive-stock", "extensive-flow", "intensive", "index"],
            ));
        }
    };
    Ok(Indicator {
        id: IndicatorId::new(text(row, "indicator"))?,
        label_en: text(row, "label_en").to_owned(),
        label_zh: text(row, "label_zh").to_owned(),
        unit: text(row, "unit").to_owned(),
        nature,
        direction: match text(row, "direction") {
            "higher" => Direction::Higher,
            "lower" => Direction::Lower,
            "neutral" => Direction::Neutral,
            other => return Err(unknown("direction", other, &["higher", "lower", "neutral"])),
        },
        price_basis: text(row, "price_basis").to_owned(),
        scheme: some(text(row, "scheme")),
        low_trust: text(row, "trust") == "low",
        definition: text(row, "definition").to_owned(),
    })
}

/// Codes in the tables of a package are written without the scheme, which `regions.csv` states.
struct Schemes(Vec<(String, String)>);

impl Schemes {
    fn of(table: &Table) -> Self {
        let pair = |row: Row<'_>| (text(row, "region").to_owned(), text(row, "scheme").to_owned());
        let mut pairs: Vec<(String, String)> = table.rows().map(pair).collect();
        pairs.sort();
        Self(pairs)
    }

    fn code(&self, code: &str) -> Result<RegionCode, CoreError> {
        let found = self.0.binary_search_by(|(known, _)| known.as_str().cmp(code));
        let unknown = || CoreError::Unknown {
            what: "region",
            name: code.to_owned(),
            near: Near::to(code, self.0.iter().map(|(c, _)| c.as_str())),
        };
        let index = found.map_err(|_| unknown())?;
        RegionCode::new(&self.0[index].1, code)
    }
}

fn regions(package: &Package, atlas: &mut Atlas) -> Result<(), LoadError> {
    let Some(table) = optional(package, "regions")? else {
        return Ok(());
    };
    let schemes = Schemes::of(&table);
    each(Some(table), |row| {
        let name_en = text(row, "name_en").to_owned();
        atlas.regions.insert(Region {
            code: schemes.code(text(row, "region"))?,
            short_en: some(text(row, "short_en")).unwrap_or_else(|| name_en.clone()),
            name_en,
            name_zh: some(text(row, "name_zh")),
            short_zh: some(text(row, "short_zh")),
            level: Level::parse(text(row, "level"))?,
            parent: some(text(row, "parent")).map(|p| schemes.code(&p)).transpose()?,
        })
    })?;
    sets(package, &schemes, atlas)?;
    each(optional(package, "partitions")?, |row| {
        let id = text(row, "partition");
        let partition = atlas
            .partitions
            .entry(id.to_owned())
            .or_insert_with(|| Partition::new(id, text(row, "label_en")));
        partition.assign(
            schemes.code(text(row, "region"))?,
            text(row, "group"),
            text(row, "group_en"),
        )
    })?;
    places(package, &schemes, atlas)
}

fn sets(package: &Package, schemes: &Schemes, atlas: &mut Atlas) -> Result<(), LoadError> {
    type Listed = (String, String, Option<String>, Vec<RegionCode>);
    let mut listed: Vec<Listed> = Vec::new();
    each(optional(package, "sets")?, |row| {
        let member = schemes.code(text(row, "region"))?;
        match listed.iter_mut().find(|(id, ..)| id == text(row, "set")) {
            Some((.., members)) => members.push(member),
            None => listed.push((
                text(row, "set").to_owned(),
                text(row, "name_en").to_owned(),
                some(text(row, "name_zh")),
                vec![member],
            )),
        }
        Ok(())
    })?;
    for (id, name_en, name_zh, members) in listed {
        let id = format!("{}:{id}", package.name());
        let set = RegionSet::new(&atlas.regions, id.clone(), name_en, name_zh, members)?;
        atlas.sets.insert(id, set);
    }
    Ok(())
}

fn places(package: &Package, schemes: &Schemes, atlas: &mut Atlas) -> Result<(), LoadError> {
    let mut relations = Relations::default();
    each(optional(package, "contiguity")?, |row| {
        let (a, b) = (
            schemes.code(text(row, "region_a"))?,
            schemes.code(text(row, "region_b"))?,
        );
        relations.contiguity.push(Border {
            a: a.clone().min(b.clone()),
            b: a.max(b),
            kind: text(row, "border").to_owned(),
            default: text(row, "default") == "true",
        });
        Ok(())
    })?;
    each(optional(package, "tilegrid")?, |row| {
        let place = |column: &str| {
            let cell = text(row, column);
            cell.parse().map_err(|_| CoreError::Malformed {
                what: "place on the map",
                text: cell.to_owned(),
            })
        };
        let place = Place {
            row: place("row")?,
            col: place("col")?,
            label: text(row, "label").to_owned(),
        };
        relations.tiles.insert(schemes.code(text(row, "region"))?, place);
        Ok(())
    })?;
    atlas.relations.extend(relations);
    Ok(())
}

fn relations(package: &Package, atlas: &mut Atlas) -> Result<(), LoadError> {
    let mut relations = Relations::default();
    each(optional(package, "incidence")?, |row| {
        relations.priorities.push(Incidence {
            list: text(row, "list").to_owned(),
            item: text(row, "item").to_owned(),
            scheme: text(row, "scheme").to_owned(),
            code: text(row, "code").to_owned(),
        });
        Ok(())
    })?;
    for table in ["crosswalk_sections", "crosswalk_divisions"] {
        each(optional(package, table)?, |row| {
            relations.crosswalks.push(Crosswalk {
                from_scheme: text(row, "scheme_from").to_owned(),
                from: ClassCode::new(text(row, "class_from"))?,
                to_scheme: text(row, "scheme_to").to_owned(),
                to: ClassCode::new(text(row, "class_to"))?,
            });
            Ok(())
        })?;
    }
    atlas.relations.extend(relations);
    Ok(())
}

/// One table of observations as a data frame with the columns of a panel.
fn observations(package: &Package, resource: &Resource, atlas: &Atlas) -> Result<DataFrame, LoadError> {
    let file = format!("{}/{}", package.name(), resource.path);
    let bytes = package.bytes(resource)?;
    check_bytes(&file, resource, &bytes).map_err(PackageError::from)?;
    let header = bytes.split_inclusive(|b| *b == b'\n').next().unwrap_or_default();
    parse_table(&file, &resource.schema, header).map_err(PackageError::from)?;
    let schema: Schema = COLUMNS
        .iter()
        .map(|c| (PlSmallStr::from_static(c), column_type(c)))
        .collect();
    let options = CsvReadOptions::default()
        .with_has_header(true)
        .with_schema_overwrite(Some(Arc::new(schema)));
    // An empty cell of text is the empty text, not a missing value: a class or note that is not there.
    let options = options.map_parse_options(|p| p.with_missing_is_null(false));
    let frame = options
        .into_reader_with_file_handle(Cursor::new(&bytes))
        .finish()
        .map_err(|e| unread(&file, resource, &bytes, &e.to_string()))?;
    let schemes = Schemes::of(&package.table("regions")?);
    let codes = match region_codes(&frame, &schemes, atlas) {
        Ok(codes) => codes,
        Err((i, Some(source))) => {
            return Err(LoadError::Row {
                row: line(&bytes, i),
                file,
                source,
            });
        }
        Err((_, None)) => return Err(unread(&file, resource, &bytes, "a cell has no value")),
    };
    let column = Series::new(PlSmallStr::from_static("region"), codes).into_column();
    let mut frame = frame;
    let whole = frame.with_column(column).and_then(|f| f.select(COLUMNS));
    whole.map_err(|e| LoadError::Frame {
        file,
        reason: e.to_string(),
    })
}

/// The first fault of a table that the reader of data frames refused: it names the row and the column.
fn unread(file: &str, resource: &Resource, bytes: &[u8], reason: &str) -> LoadError {
    let fault = match parse_table(file, &resource.schema, bytes) {
        Ok(table) => check_rows(&resource.schema, &table).into_iter().next(),
        Err(fault) => Some(fault),
    };
    match fault {
        Some(fault) => PackageError::from(fault).into(),
        None => LoadError::Frame {
            file: file.to_owned(),
            reason: reason.to_owned(),
        },
    }
}

/// The line of the i-th row under the header.
fn line(bytes: &[u8], i: usize) -> u64 {
    let row = csv::Reader::from_reader(bytes).into_records().nth(i);
    row.and_then(Result::ok)
        .and_then(|r| r.position().map(csv::Position::line))
        .unwrap_or_default()
}

/// Region codes with their scheme, where it is not the default one, after the names and numbers of every row were
/// checked. An error comes with its row.
fn region_codes(
    frame: &DataFrame,
    schemes: &Schemes,
    atlas: &Atlas,
) -> Result<Vec<String>, (usize, Option<CoreError>)> {
    let texts = |name: &str| frame.column(name).and_then(|c| c.str()).map_err(|_| (0, None));
    let (indicators, classes, regions) = (texts("indicator")?, texts("class")?, texts("region")?);
    let years = frame
        .column("year")
        .and_then(|c| c.i32())
        .map_err(|_| (0, None))?;
    let values = frame
        .column("value")
        .and_then(|c| c.f64())
        .map_err(|_| (0, None))?;
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut codes: Vec<String> = Vec::with_capacity(frame.height());
    for i in 0..frame.height() {
        let (Some(indicator), Some(region), Some(year)) = (indicators.get(i), regions.get(i), years.get(i))
        else {
            return Err((i, None));
        };
        let class = classes.get(i).unwrap_or_default();
        let refused = |source| (i, Some(source));
        let code = schemes.code(region).map_err(refused)?;
        let year = Year::new(year).map_err(refused)?;
        if known.insert((indicator, class)) {
            let term = Term {
                indicator: IndicatorId::new(indicator).map_err(refused)?,
                class: some(class)
                    .map(|c| ClassCode::new(&c))
                    .transpose()
                    .map_err(refused)?,
            };
            atlas.codebook.check(&term).map_err(refused)?;
        }
        if values.get(i).is_some_and(|x| !x.is_finite()) {
            return Err(refused(CoreError::NotFinite {
                region: code,
                year,
                indicator: IndicatorId::new(indicator).map_err(refused)?,
            }));
        }
        codes.push(code.to_string());
    }
    Ok(codes)
}

fn stacked(frames: Vec<DataFrame>) -> Result<DataFrame, LoadError> {
    let failed = |e: polars::prelude::PolarsError| LoadError::Frame {
        file: "observations".to_owned(),
        reason: e.to_string(),
    };
    let mut frames = frames.into_iter();
    let Some(mut all) = frames.next() else {
        let empty = COLUMNS
            .iter()
            .map(|c| Series::new_empty(PlSmallStr::from_static(c), &column_type(c)).into_column());
        return DataFrame::new_infer_height(empty.collect()).map_err(failed);
    };
    for frame in frames {
        all.vstack_mut_owned(frame).map_err(failed)?;
    }
    Ok(all)
}

//! Tables of regions by sectors, year by year: how the figures of a study come to the numerics.

use quyu_core::{AnalysisError, Block, ClassCode, Note, NoteKind, RegionCode, Study, Term, Year};
use quyu_econometrics::{Error, Matrix};

/// What is loaded.
pub(crate) struct Request<'a> {
    /// The analysis that asks.
    pub(crate) analysis: &'static str,
    /// The sectors of the value.
    pub(crate) terms: &'a [Term],
    /// Yearly indices by sector that chain the first year forward.
    pub(crate) chain: Option<&'a Term>,
    /// Persons employed by the same sectors.
    pub(crate) employment: Option<&'a Term>,
    /// The years, in order.
    pub(crate) years: &'a [Year],
}

/// Complete tables, regions by sectors, one a year.
pub(crate) struct Frame<'a> {
    /// The study that they come from.
    pub(crate) study: &'a Study,
    /// The analysis that asks.
    pub(crate) analysis: &'static str,
    /// The sectors of the value.
    pub(crate) terms: Vec<Term>,
    /// The regions that are left, in order of code.
    pub(crate) regions: Vec<RegionCode>,
    /// The years, in order.
    pub(crate) years: Vec<Year>,
    /// Values, a table for each year.
    pub(crate) value: Vec<Vec<f64>>,
    /// Persons employed, a table for each year; empty if nobody asked.
    pub(crate) employment: Vec<Vec<f64>>,
    /// What a reader must know.
    pub(crate) notes: Vec<Note>,
    /// Data and vintages in a line.
    pub(crate) source: String,
}

/// A study that cannot be asked this.
pub(crate) fn refuse(analysis: &'static str, reason: impl Into<String>) -> AnalysisError {
    AnalysisError::Study {
        analysis,
        reason: reason.into(),
    }
}

impl<'a> Frame<'a> {
    /// Loads the tables of `regions`. Under `missing = "drop"` a region that lacks any of the figures is left out
    /// of all tables.
    pub(crate) fn load(
        study: &'a Study,
        request: &Request<'_>,
        regions: &[RegionCode],
    ) -> Result<Self, AnalysisError> {
        let Request {
            analysis,
            terms,
            chain,
            employment,
            years,
        } = *request;
        let mut asked: Vec<(Vec<Term>, Vec<Year>)> = Vec::new();
        if let Some(chain) = chain {
            let indices = same_sectors(study, analysis, terms, chain)?;
            asked.push((terms.to_vec(), vec![years[0]]));
            let (first, last) = (years[0], years[years.len() - 1]);
            let later = first.through(last).into_iter().skip(1).collect();
            asked.push((indices, later));
        } else {
            one_series(study, terms, regions, years)?;
            asked.push((terms.to_vec(), years.to_vec()));
        }
        if let Some(employment) = employment {
            let persons = same_sectors(study, analysis, terms, employment)?;
            one_series(study, &persons, regions, years)?;
            asked.push((persons, years.to_vec()));
        }
        let (blocks, notes) = blocks(study, &asked, regions)?;
        let mut source = blocks[0].source.clone();
        let mut employed = Vec::new();
        if chain.is_some() {
            source = format!("{source} Chained by: {}", blocks[1].source);
        }
        if employment.is_some() {
            let block = &blocks[blocks.len() - 1];
            source = format!("{source} Employment: {}", block.source);
            employed = (0..years.len()).map(|y| block.regions_by_terms(y)).collect();
        }
        Ok(Self {
            study,
            analysis,
            terms: terms.to_vec(),
            regions: blocks[0].regions.clone(),
            years: years.to_vec(),
            value: match chain {
                Some(_) => chained(&blocks[0], &blocks[1], years),
                None => (0..years.len()).map(|y| blocks[0].regions_by_terms(y)).collect(),
            },
            employment: employed,
            notes,
            source,
        })
    }

    /// First year.
    pub(crate) fn from(&self) -> Year {
        self.years[0]
    }

    /// Last year.
    pub(crate) fn to(&self) -> Year {
        self.years[self.years.len() - 1]
    }

    /// First and last year in words.
    pub(crate) fn span(&self) -> String {
        format!("{}–{}", self.from(), self.to())
    }

    /// A table as the numerics take it.
    pub(crate) fn matrix<'t>(&self, table: &'t [f64]) -> Result<Matrix<'t>, AnalysisError> {
        Matrix::new(table, table.len() / self.terms.len(), self.terms.len()).map_err(|e| self.failed(e))
    }

    /// An error of the numerics that needs no names.
    pub(crate) fn failed(&self, error: Error) -> AnalysisError {
        AnalysisError::statistic(self.analysis, error)
    }

    /// The label of a region.
    pub(crate) fn region(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.regions[row])
    }

    /// The label of a sector.
    pub(crate) fn sector(&self, col: usize) -> String {
        sector_label(self.study, &self.terms[col])
    }

    /// The labels of all sectors.
    pub(crate) fn sectors(&self) -> Vec<String> {
        (0..self.terms.len()).map(|col| self.sector(col)).collect()
    }

    /// The code of a sector.
    pub(crate) fn class(&self, col: usize) -> String {
        self.terms[col]
            .class
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// The rows of the focus.
    pub(crate) fn focus_rows(&self) -> Vec<usize> {
        (0..self.regions.len())
            .filter(|&r| self.study.focus.contains(&self.regions[r]))
            .collect()
    }

    /// Sums of some rows of a table, sector by sector.
    pub(crate) fn pooled(&self, table: &[f64], rows: &[usize]) -> Vec<f64> {
        let cols = self.terms.len();
        (0..cols)
            .map(|col| quyu_math::sum_by(rows.len(), |k| table[rows[k] * cols + col]))
            .collect()
    }

    /// The sum of a row of a table.
    pub(crate) fn total(&self, table: &[f64], row: usize) -> f64 {
        let cols = self.terms.len();
        quyu_math::sum(&table[row * cols..(row + 1) * cols])
    }

    /// Refuses a focus of which nothing is left.
    pub(crate) fn check_focus(&self) -> Result<(), AnalysisError> {
        if self.focus_rows().is_empty() {
            return Err(refuse(
                self.analysis,
                format!(
                    "{} is left out because a figure is missing, so there is no result for it",
                    self.study.focus.name_en
                ),
            ));
        }
        Ok(())
    }

    /// Refuses negative cells, by name.
    pub(crate) fn check_signs(&self) -> Result<(), AnalysisError> {
        for (y, table) in self.value.iter().chain(&self.employment).enumerate() {
            if let Some(at) = table.iter().position(|x| *x < 0.0) {
                return Err(refuse(
                    self.analysis,
                    format!(
                        "{}: {} of {} is negative ({}), which has no growth rate",
                        self.region(at / self.terms.len()),
                        self.sector(at % self.terms.len()),
                        self.years[y % self.years.len()],
                        table[at]
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Leaves only `kept` regions and hands back the others.
    pub(crate) fn split(&mut self, kept: impl Fn(&RegionCode) -> bool) -> Vec<RegionCode> {
        let cols = self.terms.len();
        let rows: Vec<usize> = (0..self.regions.len())
            .filter(|&r| kept(&self.regions[r]))
            .collect();
        let others = self.regions.iter().filter(|r| !kept(r)).cloned().collect();
        for table in self.value.iter_mut().chain(&mut self.employment) {
            *table = rows
                .iter()
                .flat_map(|r| table[r * cols..(r + 1) * cols].to_vec())
                .collect();
        }
        self.regions = rows.iter().map(|&r| self.regions[r].clone()).collect();
        others
    }
}

/// The label of the class of a term.
pub(crate) fn sector_label(study: &Study, term: &Term) -> String {
    let codebook = &study.atlas.codebook;
    let class = codebook.indicator(&term.indicator).ok().and_then(|i| {
        codebook
            .classes_of(i)
            .iter()
            .find(|c| Some(&c.code) == term.class.as_ref())
    });
    class.map_or_else(|| term.to_string(), |c| c.label_en.clone())
}

/// The codes of the classes of terms.
pub(crate) fn codes(terms: &[Term]) -> Vec<&str> {
    terms
        .iter()
        .filter_map(|t| t.class.as_ref().map(ClassCode::as_str))
        .collect()
}

/// The sectors of a study's value, and whether there is anything to compare.
pub(crate) fn sectors(
    study: &Study,
    analysis: &'static str,
    value: &Term,
) -> Result<Vec<Term>, AnalysisError> {
    let (from, to) = (study.period.from, study.period.to);
    let terms = study.classes(value)?;
    if from >= to {
        return Err(refuse(
            analysis,
            format!("the first year ({from}) must lie before the last ({to})"),
        ));
    }
    if terms.len() < 2 {
        return Err(refuse(analysis, format!("`{value}` is not split by sector")));
    }
    Ok(terms)
}

/// The terms of another indicator, which must be split by the same sectors.
fn same_sectors(
    study: &Study,
    analysis: &'static str,
    terms: &[Term],
    other: &Term,
) -> Result<Vec<Term>, AnalysisError> {
    let others = study.classes(other)?;
    let same = others.len() == terms.len() && terms.iter().zip(&others).all(|(t, o)| t.class == o.class);
    if same {
        return Ok(others);
    }
    Err(refuse(
        analysis,
        format!(
            "`{other}` is not split by the same sectors as `{}`",
            terms[0].indicator
        ),
    ))
}

/// Growth from each year to the next stays inside one series of vintages.
pub(crate) fn one_series(
    study: &Study,
    terms: &[Term],
    regions: &[RegionCode],
    years: &[Year],
) -> Result<(), AnalysisError> {
    for term in terms {
        for pair in years.windows(2) {
            study.one_series(term, regions, pair[0], pair[1])?;
        }
    }
    Ok(())
}

/// A block for each of several requests, all with the same regions, and the notes on all of them.
pub(crate) fn blocks(
    study: &Study,
    asked: &[(Vec<Term>, Vec<Year>)],
    regions: &[RegionCode],
) -> Result<(Vec<Block>, Vec<Note>), AnalysisError> {
    let mut regions = regions.to_vec();
    let mut notes: Vec<Note> = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    while blocks.len() < asked.len() {
        let (terms, years) = &asked[blocks.len()];
        let block = study.block(terms, &regions, years)?;
        if block.regions == regions {
            blocks.push(block);
        } else {
            // Somebody is left out: of everything, so all blocks are read anew.
            notes.extend(block.notes.into_iter().filter(|n| n.kind == NoteKind::Missing));
            regions = block.regions;
            blocks.clear();
        }
    }
    for note in blocks.iter().flat_map(|b| &b.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    Ok((blocks, notes))
}

/// The first year as observed; the others chained forward by yearly indices.
fn chained(first: &Block, index: &Block, years: &[Year]) -> Vec<Vec<f64>> {
    let mut table = first.regions_by_terms(0);
    let mut tables = vec![table.clone()];
    for (y, year) in index.years.iter().enumerate() {
        for (value, factor) in table.iter_mut().zip(index.regions_by_terms(y)) {
            *value *= factor / 100.0;
        }
        if years.contains(year) {
            tables.push(table.clone());
        }
    }
    tables
}

//! A yearly series of regions: as observed, or the level of one year chained at constant prices.

use quyu_core::{
    AnalysisError, Block, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, RegionCode, Study,
    Term, Year,
};
use quyu_econometrics::Matrix;

use super::refuse;
use crate::frame::{blocks, one_series};

pub(super) const VALUE: Param = Param::required("value", ParamKind::Column, "the variable that may converge");
pub(super) const CHAIN: Param = Param::optional(
    "chain",
    ParamKind::Column,
    "an index (preceding year = 100) that chains the level of one year: growth at constant prices",
);
pub(super) const BASE_YEAR: Param = Param::optional(
    "base_year",
    ParamKind::Integer { min: 1800, max: 2200 },
    "with `chain`: the year whose level is chained, at whose prices the series is, in the period or not; without it the first",
);
pub(super) const POPULATION: Param = Param::optional(
    "population",
    ParamKind::Column,
    "with `chain` of a total, where the value is per head: persons, whose growth is taken out",
);

/// What a manual says of a chain.
macro_rules! chain_manual {
    () => {
        "\
**With `chain`.** Real growth, at the prices of `base_year` (without it the first year): its level times, for an earlier year over, the product of the indices / 100
between the two years; with `population` also times the population of `base_year` over that of the year. Growth is the same for each `base_year`; levels, and so
spread, ranks and a slope on the level, are not.
"
    };
}
pub(super) use chain_manual;

/// What a study is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) value: Term,
    chain: Option<Term>,
    base_year: Option<Year>,
    population: Option<Term>,
}

/// Which years of the period a series has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    /// Those in which the value and what stands beside it in all years are observed; with a chain all.
    Observed,
    /// The first and the last.
    Ends,
}

/// In which years an indicator stands beside a series.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    /// The first.
    First,
    /// All but the last: the start of each step.
    Starts,
    /// All.
    Always,
}

/// Complete figures of the focus, year by year.
#[derive(Clone)]
pub(super) struct Series {
    pub(super) regions: Vec<RegionCode>,
    pub(super) years: Vec<Year>,
    /// Regions by years, row-major.
    pub(super) cells: Vec<f64>,
    pub(super) notes: Vec<Note>,
    pub(super) source: String,
}

/// A series, and the indicators beside it: for each one regions by the years asked for, row-major.
type Beside = (Series, Vec<Vec<f64>>);

impl When {
    fn of(self, years: &[Year]) -> &[Year] {
        match self {
            When::First => &years[..1],
            When::Starts => &years[..years.len() - 1],
            When::Always => years,
        }
    }
}

impl Asked {
    pub(super) fn new(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        let optional = |name: &'static str| {
            let given = params.text(name).is_some();
            given.then(|| params.term(analysis, name)).transpose()
        };
        let (chain, population) = (optional("chain")?, optional("population")?);
        let base_year = params
            .integer("base_year")
            .and_then(|y| i32::try_from(y).ok())
            .and_then(|y| Year::new(y).ok());
        let lacks = |reason: &str| ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: reason.to_owned(),
        };
        if population.is_some() && chain.is_none() {
            return Err(lacks(
                "`population` takes its growth out of a `chain`, which is missing",
            ));
        }
        if base_year.is_some() && chain.is_none() {
            return Err(lacks(
                "`base_year` is the year whose level a `chain` carries on, which is missing",
            ));
        }
        Ok(Self {
            value: params.term(analysis, "value")?,
            chain,
            base_year,
            population,
        })
    }

    pub(super) fn needs(&self) -> Vec<Need> {
        let terms = std::iter::once(&self.value)
            .chain(&self.chain)
            .chain(&self.population);
        terms
            .cloned()
            .map(Need::Indicator)
            .chain([Need::Period])
            .collect()
    }

    /// The value in words, with how it was chained.
    pub(super) fn label(&self, study: &Study) -> String {
        let label = study.atlas.codebook.label(&self.value);
        match self.chain {
            Some(_) => format!("{label} at prices of {}", self.base(study)),
            None => label,
        }
    }

    /// The unit of the value.
    pub(super) fn unit(&self, study: &Study) -> String {
        let indicator = study.atlas.codebook.indicator(&self.value.indicator);
        indicator.map_or_else(|_| String::new(), |i| i.unit.clone())
    }

    pub(super) fn load(&self, analysis: &'static str, study: &Study) -> Result<Series, AnalysisError> {
        self.load_with(analysis, study, Span::Observed, &[], When::Always)
            .map(|found| found.0)
    }

    /// The series, and indicators that stand beside it. A region that lacks one of either is left out of both.
    pub(super) fn load_with(
        &self,
        analysis: &'static str,
        study: &Study,
        span: Span,
        terms: &[Term],
        when: When,
    ) -> Result<Beside, AnalysisError> {
        let members = study.focus.members();
        let years = self.years(analysis, study, span, terms, when)?;
        let mut series = self.of(study, members, &years)?;
        series.notes.extend(self.prices(study)?);
        if terms.is_empty() {
            return Ok((series, Vec::new()));
        }
        let asked = when.of(&years);
        if matches!(when, When::Always) {
            one_series(study, terms, &series.regions, asked)?;
        }
        let beside = study.block(terms, &series.regions, asked)?;
        if beside.regions != series.regions {
            let notes = std::mem::take(&mut series.notes);
            series = self.of(study, &beside.regions, &years)?;
            series.add(notes);
        }
        series.add(beside.notes.clone());
        series.source = format!("{} With: {}", series.source, beside.source);
        let tables = (0..terms.len()).map(|c| panel(&beside, c)).collect();
        Ok((series, tables))
    }

    fn base(&self, study: &Study) -> Year {
        self.base_year.unwrap_or(study.period.from)
    }

    /// That growth holds prices, where it does.
    fn prices(&self, study: &Study) -> Result<Option<Note>, AnalysisError> {
        let indicator = study.atlas.codebook.indicator(&self.value.indicator)?;
        Ok((self.chain.is_none() && indicator.price_basis == "current").then(|| {
            Note::new(
                NoteKind::Method,
                "At current prices: growth includes the rise of prices, which may differ between regions.",
            )
        }))
    }

    fn years(
        &self,
        analysis: &'static str,
        study: &Study,
        span: Span,
        beside: &[Term],
        when: When,
    ) -> Result<Vec<Year>, AnalysisError> {
        let (from, to) = (study.period.from, study.period.to);
        if (self.chain.is_some() || matches!(span, Span::Ends)) && from >= to {
            return Err(refuse(
                analysis,
                format!("the first year ({from}) must lie before the last ({to})"),
            ));
        }
        if matches!(span, Span::Ends) {
            return Ok(vec![from, to]);
        }
        let members = study.focus.members();
        let mut years = match self.chain {
            Some(_) => from.through(to),
            None => study.observed_years(&self.value, members)?,
        };
        if matches!(when, When::Always) {
            for term in beside {
                let too = study.observed_years(term, members)?;
                years.retain(|y| too.contains(y));
            }
        }
        match years.len() < 2 {
            true => Err(refuse(
                analysis,
                format!(
                    "`{}` is observed in fewer than two years from {from} to {to}",
                    self.value
                ),
            )),
            false => Ok(years),
        }
    }

    /// The series in some years. Neighbouring years lie in one series of vintages: what looks like a change must not be a revision.
    fn of(&self, study: &Study, members: &[RegionCode], years: &[Year]) -> Result<Series, AnalysisError> {
        match &self.chain {
            Some(chain) => self.chained(study, chain, members, years),
            None => {
                let value = std::slice::from_ref(&self.value);
                one_series(study, value, members, years)?;
                let block = study.block(value, members, years)?;
                Ok(Series {
                    cells: panel(&block, 0),
                    regions: block.regions,
                    years: block.years,
                    notes: block.notes,
                    source: block.source,
                })
            }
        }
    }

    /// y_t = y_base × product of the indices / 100 from base to t × population of base / population of t.
    fn chained(
        &self,
        study: &Study,
        chain: &Term,
        members: &[RegionCode],
        years: &[Year],
    ) -> Result<Series, AnalysisError> {
        let base = self.base(study);
        let all = study.period.from.min(base).through(study.period.to.max(base));
        let mut asked = vec![
            (vec![self.value.clone()], vec![base]),
            (vec![chain.clone()], all[1..].to_vec()),
        ];
        let mut counted: Vec<Year> = years.to_vec();
        if let Some(population) = &self.population {
            counted.push(base);
            counted.sort();
            counted.dedup();
            one_series(study, std::slice::from_ref(population), members, &counted)?;
            asked.push((vec![population.clone()], counted.clone()));
        }
        let (blocks, notes) = blocks(study, &asked, members)?;
        let (level, index, persons) = (&blocks[0], &blocks[1], blocks.get(2));
        let at = |list: &[Year], year: Year| list.iter().position(|y| *y == year).unwrap_or(0);
        let mut cells = Vec::with_capacity(level.regions.len() * years.len());
        for r in 0..level.regions.len() {
            let mut volume = vec![1.0];
            for y in 1..all.len() {
                volume.push(volume[y - 1] * index.column(0, y - 1)[r] / 100.0);
            }
            let persons = |year| persons.map_or(1.0, |p| p.column(0, at(&counted, year))[r]);
            let of = |year| volume[at(&all, year)] / persons(year);
            let start = level.column(0, 0)[r];
            cells.extend(years.iter().map(|year| start * (of(*year) / of(base))));
        }
        let mut source = format!("{} Chained by: {}", level.source, index.source);
        if let Some(persons) = persons {
            source = format!("{source} Population: {}", persons.source);
        }
        Ok(Series {
            regions: level.regions.clone(),
            years: years.to_vec(),
            cells,
            notes,
            source,
        })
    }
}

/// Regions by years of a term, row-major.
fn panel(block: &Block, term: usize) -> Vec<f64> {
    let years = 0..block.years.len();
    (0..block.regions.len())
        .flat_map(|r| years.clone().map(move |y| (y, r)))
        .map(|(y, r)| block.column(term, y)[r])
        .collect()
}

impl Series {
    /// The steps between the years, which have one length.
    pub(super) fn step(&self, analysis: &'static str) -> Result<i32, AnalysisError> {
        let steps: Vec<i32> = self
            .years
            .windows(2)
            .map(|pair| pair[1].get() - pair[0].get())
            .collect();
        match steps.iter().find(|s| **s != steps[0]) {
            Some(other) => Err(refuse(
                analysis,
                format!(
                    "the steps between observed years have different lengths ({} and {other}); choose a period without gaps",
                    steps[0]
                ),
            )),
            None => Ok(steps[0]),
        }
    }

    /// Adds notes that are not there yet.
    fn add(&mut self, notes: Vec<Note>) {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// The values of a year, a region each.
    pub(super) fn column(&self, year: usize) -> Vec<f64> {
        let cols = self.years.len();
        self.cells.iter().skip(year).step_by(cols).copied().collect()
    }

    pub(super) fn matrix(&self) -> Result<Matrix<'_>, quyu_econometrics::Error> {
        Matrix::new(&self.cells, self.regions.len(), self.years.len())
    }

    /// The values of a year over their plain mean; none where that is zero.
    pub(super) fn relative(&self, year: usize) -> Option<Vec<f64>> {
        let values = self.column(year);
        let mean = quyu_math::sum(&values) / values.len() as f64;
        (mean != 0.0).then(|| values.iter().map(|v| v / mean).collect())
    }

    /// First and last year for a title.
    pub(super) fn span(&self) -> String {
        match (self.years.first(), self.years.last()) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => String::new(),
        }
    }
}

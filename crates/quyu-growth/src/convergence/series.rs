//! A yearly series of regions: as observed, or the first year chained forward at constant prices.

use quyu_core::{
    AnalysisError, Need, Note, Param, ParamError, ParamKind, Params, RegionCode, Study, Term, Year,
};
use quyu_econometrics::Matrix;

use super::{observed_by, panel, refuse};
use crate::frame::{blocks, one_series};

pub(super) const VALUE: Param = Param::required("value", ParamKind::Column, "the variable that may converge");
pub(super) const CHAIN: Param = Param::optional(
    "chain",
    ParamKind::Column,
    "an index (preceding year = 100) that chains the first year forward: growth at constant prices",
);
pub(super) const POPULATION: Param = Param::optional(
    "population",
    ParamKind::Column,
    "with `chain` of a total, where the value is per head: persons, whose growth is taken out",
);

/// What a study is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) value: Term,
    chain: Option<Term>,
    population: Option<Term>,
}

/// Complete figures of the focus, year by year.
pub(super) struct Series {
    pub(super) regions: Vec<RegionCode>,
    pub(super) years: Vec<Year>,
    /// Regions by years, row-major.
    pub(super) cells: Vec<f64>,
    pub(super) notes: Vec<Note>,
    pub(super) source: String,
}

impl Asked {
    pub(super) fn new(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        let optional = |name: &'static str| {
            let given = params.text(name).is_some();
            given.then(|| params.term(analysis, name)).transpose()
        };
        let (chain, population) = (optional("chain")?, optional("population")?);
        if population.is_some() && chain.is_none() {
            return Err(ParamError::Combination {
                analysis: analysis.to_owned(),
                reason: "`population` takes its growth out of a `chain`, which is missing".to_owned(),
            });
        }
        Ok(Self {
            value: params.term(analysis, "value")?,
            chain,
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
            Some(_) => format!("{label} at prices of {}", study.period.from),
            None => label,
        }
    }

    pub(super) fn load(&self, analysis: &'static str, study: &Study) -> Result<Series, AnalysisError> {
        self.load_with(analysis, study, &[]).map(|found| found.0)
    }

    /// The series, and indicators at the start of each step: regions by steps, row-major.
    pub(super) fn load_with(
        &self,
        analysis: &'static str,
        study: &Study,
        conditions: &[Term],
    ) -> Result<(Series, Vec<Vec<f64>>), AnalysisError> {
        let members = study.focus.members();
        let mut series = self.of(analysis, study, members)?;
        if conditions.is_empty() {
            return Ok((series, Vec::new()));
        }
        let starts = &series.years[..series.years.len() - 1];
        let beside = study.block(conditions, &series.regions, starts)?;
        let mut notes = beside.notes.clone();
        if beside.regions != series.regions {
            // Who lacks a condition is left out of all.
            notes.extend(std::mem::take(&mut series.notes));
            series = self.of(analysis, study, &beside.regions)?;
        }
        for note in notes {
            if !series.notes.contains(&note) {
                series.notes.push(note);
            }
        }
        let tables = (0..conditions.len()).map(|c| panel(&beside, c)).collect();
        Ok((series, tables))
    }

    fn of(
        &self,
        analysis: &'static str,
        study: &Study,
        members: &[RegionCode],
    ) -> Result<Series, AnalysisError> {
        match &self.chain {
            Some(chain) => self.chained(analysis, study, chain, members),
            None => {
                let block = observed_by(analysis, study, std::slice::from_ref(&self.value), members)?;
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

    /// y_t = y_first × product of the indices / 100 × population of the first year / population of t.
    fn chained(
        &self,
        analysis: &'static str,
        study: &Study,
        chain: &Term,
        members: &[RegionCode],
    ) -> Result<Series, AnalysisError> {
        let (from, to) = (study.period.from, study.period.to);
        if from >= to {
            return Err(refuse(
                analysis,
                format!("the first year ({from}) must lie before the last ({to})"),
            ));
        }
        let years = from.through(to);
        let mut asked = vec![
            (vec![self.value.clone()], vec![from]),
            (vec![chain.clone()], years[1..].to_vec()),
        ];
        if let Some(population) = &self.population {
            one_series(study, std::slice::from_ref(population), members, &years)?;
            asked.push((vec![population.clone()], years.clone()));
        }
        let (blocks, notes) = blocks(study, &asked, members)?;
        let (first, index, persons) = (&blocks[0], &blocks[1], blocks.get(2));
        let mut cells = Vec::with_capacity(first.regions.len() * years.len());
        for r in 0..first.regions.len() {
            let mut level = first.column(0, 0)[r];
            for y in 0..years.len() {
                if y > 0 {
                    level *= index.column(0, y - 1)[r] / 100.0;
                }
                let growth = persons.map_or(1.0, |p| p.column(0, 0)[r] / p.column(0, y)[r]);
                cells.push(level * growth);
            }
        }
        let mut source = format!("{} Chained by: {}", first.source, index.source);
        if let Some(persons) = persons {
            source = format!("{source} Population: {}", persons.source);
        }
        Ok(Series {
            regions: first.regions.clone(),
            years,
            cells,
            notes,
            source,
        })
    }
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

    pub(super) fn matrix(&self) -> Result<Matrix<'_>, quyu_econometrics::Error> {
        Matrix::new(&self.cells, self.regions.len(), self.years.len())
    }

    /// The values of a year over their plain mean; none where that is zero.
    pub(super) fn relative(&self, year: usize) -> Option<Vec<f64>> {
        let cols = self.years.len();
        let values: Vec<f64> = self.cells.iter().skip(year).step_by(cols).copied().collect();
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

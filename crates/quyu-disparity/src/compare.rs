//! Two years or two sets of regions compared: the difference of each index, its interval and its test.

use quyu_core::ColumnName as C;
use quyu_core::{
    AnalysisError, Cell, Column, Head, Note, NoteKind, Param, ParamError, ParamKind, Params, RegionSet,
    Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::Index;
use quyu_econometrics::inference::{
    Alternative, PermutationOptions, Sampled, bootstrap_difference, difference_test,
};

use crate::index::{Indices, at_region, error_cells, settled};
use crate::measure::{Columns, Measure, What};
use crate::sample::{self, Line};
use crate::uncertainty::{Paired, Uncertainty, integer};
use crate::view::{interval_cells, interval_heads};

/// What is compared.
pub(crate) const COMPARE: Param = Param::optional(
    "compare",
    ParamKind::List(&ParamKind::Expr),
    "two years, or two sets of regions: a table of the second index less the first",
);
/// The test of a difference.
pub(crate) const TEST: Param = Param::optional(
    "test",
    ParamKind::Choice(&["permutation"]),
    "test the difference by exchanging regions: between their two years, or between the two sets",
);
/// Number of permutations.
pub(crate) const PERMUTATIONS: Param = Param::with_default(
    "permutations",
    ParamKind::Integer {
        min: 1,
        max: 10_000_000,
    },
    "9999",
    "number of random permutations; where the exchanges of a few regions between two years are fewer, all are enumerated",
);
/// Which end of the distribution counts.
pub(crate) const ALTERNATIVE: Param = Param::with_default(
    "alternative",
    ParamKind::Choice(&["two-sided", "greater", "less"]),
    "two-sided",
    "whether the second index may differ, be greater, or be less",
);

/// Two years or two sets.
#[derive(Debug, Clone)]
pub(crate) enum Pair {
    Years(Year, Year),
    Sets(String, String),
}

impl Pair {
    /// What the parameter `compare` names, if it is given.
    pub(crate) fn new(analysis: &str, params: &Params) -> Result<Option<Self>, ParamError> {
        let names = params.texts("compare");
        let [first, second] = names[..] else {
            return match names.is_empty() {
                true => Ok(None),
                false => Err(refused(
                    analysis,
                    format!("`compare` takes two years or two sets, not {} names", names.len()),
                )),
            };
        };
        let year = |text: &str| text.parse().ok().and_then(|y| Year::new(y).ok());
        if first == second {
            return Err(refused(analysis, format!("`compare` names `{first}` twice")));
        }
        match (year(first), year(second)) {
            (Some(a), Some(b)) => Ok(Some(Self::Years(a, b))),
            (None, None) => Ok(Some(Self::Sets(first.to_owned(), second.to_owned()))),
            _ => Err(refused(
                analysis,
                "`compare` takes two years or two sets, not one of each".to_owned(),
            )),
        }
    }
}

fn refused(analysis: &str, reason: String) -> ParamError {
    ParamError::Combination {
        analysis: analysis.to_owned(),
        reason,
    }
}

/// The two sets of a comparison, which must not share a region.
pub(crate) fn disjoint<'a>(
    analysis: &'static str,
    study: &'a Study,
    names: [&str; 2],
) -> Result<[&'a RegionSet; 2], AnalysisError> {
    let sets = [study.atlas.set(names[0])?, study.atlas.set(names[1])?];
    match sets[0].members().iter().find(|m| sets[1].contains(m)) {
        None => Ok(sets),
        Some(region) => Err(AnalysisError::Study {
            analysis,
            reason: format!(
                "{} and {} share {}: sets that are compared must not",
                sets[0].name_en,
                sets[1].name_en,
                study.atlas.regions.label(region)
            ),
        }),
    }
}

/// The position of a year among those of a line.
pub(crate) fn position(analysis: &'static str, line: &Line, year: Year) -> Result<usize, AnalysisError> {
    let found = line.block.years.iter().position(|y| *y == year);
    found.ok_or_else(|| AnalysisError::Study {
        analysis,
        reason: format!("there are no figures for {year}"),
    })
}

/// A comparison, with or without a test.
#[derive(Debug, Clone)]
pub(crate) struct Compare {
    pair: Pair,
    test: Option<PermutationOptions>,
}

/// One side of a comparison.
struct Side<'a> {
    label: String,
    year: Year,
    group: Option<&'a RegionSet>,
    line: &'a Line,
    columns: Columns<'a>,
}

/// What one index says of the two sides.
struct Outcome {
    values: [f64; 2],
    errors: [Option<Uncertainty>; 2],
    error: Option<Uncertainty>,
    p_value: Option<f64>,
}

impl Compare {
    pub(crate) fn new(
        analysis: &str,
        params: &Params,
        measures: &[Measure],
    ) -> Result<Option<Self>, ParamError> {
        let pair = Pair::new(analysis, params)?;
        let wanted = params.text("test").is_some();
        if wanted && pair.is_none() {
            return Err(refused(
                analysis,
                "`test` is of a difference and needs `compare`: two years or two sets".to_owned(),
            ));
        }
        if let (true, Some(absolute)) = (wanted, measures.iter().find(|m| !m.is_relative())) {
            return Err(refused(
                analysis,
                format!(
                    "the permutation test compares values relative to their mean, which the {} is not made of",
                    absolute.plain_label()
                ),
            ));
        }
        let options = PermutationOptions {
            permutations: integer(params, "permutations").unwrap_or(9_999) as usize,
            alternative: match params.text("alternative") {
                Some("greater") => Alternative::Greater,
                Some("less") => Alternative::Less,
                _ => Alternative::TwoSided,
            },
            ..PermutationOptions::default()
        };
        Ok(pair.map(|pair| Self {
            pair,
            test: wanted.then_some(options),
        }))
    }

    /// The table of differences, index by index.
    pub(crate) fn table(
        &self,
        indices: &Indices,
        study: &Study,
        lines: &[Line],
        notes: &mut Vec<Note>,
    ) -> Result<Table, AnalysisError> {
        let unit = indices.unit(study);
        let of_unit = |c: C| Column::of(c, unit.as_str());
        let mut columns = [C::Statistic, C::Vintage, C::Component, C::Year, C::Group]
            .map(Column::key)
            .to_vec();
        columns.push(of_unit(C::Estimate));
        columns.extend([C::StdError, C::ConfLow, C::ConfHigh].map(of_unit));
        columns.extend([Column::key(C::PValue), Column::key(C::N)]);
        let mut table = Table::new("difference", self.title(indices, study)?, columns);
        let mut rows = Vec::new();
        let mut source = sample::source(lines);
        match &self.pair {
            Pair::Years(first, second) => {
                for line in lines {
                    let side = |year: Year| {
                        let position = position(indices.id, line, year)?;
                        Ok::<_, AnalysisError>(Side {
                            label: year.to_string(),
                            year,
                            group: None,
                            line,
                            columns: indices.columns(study, line, position)?,
                        })
                    };
                    let sides = [side(*first)?, side(*second)?];
                    self.add(
                        indices,
                        study,
                        &sides,
                        lines.len() > 1,
                        (&mut table, &mut rows),
                        notes,
                    )?;
                }
            }
            Pair::Sets(first, second) => {
                let sets = disjoint(indices.id, study, [first, second])?;
                let of_set = |set: &RegionSet| {
                    let study = Study {
                        focus: set.clone(),
                        ..study.clone()
                    };
                    indices.sample.lines(&study)
                };
                let both = [of_set(sets[0])?, of_set(sets[1])?];
                for line in both.iter().flatten() {
                    for note in &line.block.notes {
                        if !notes.contains(note) {
                            notes.push(note.clone());
                        }
                    }
                }
                source = sample::source_of(both.iter().flatten());
                for (a, b) in both[0].iter().zip(&both[1]) {
                    for (y, year) in a.block.years.iter().enumerate() {
                        let Some(z) = b.block.years.iter().position(|other| other == year) else {
                            continue;
                        };
                        let side = |set, line, y| {
                            Ok::<_, AnalysisError>(Side {
                                label: format!("{}, {year}", RegionSet::clone(set).name_en),
                                year: *year,
                                group: Some(set),
                                line,
                                columns: indices.columns(study, line, y)?,
                            })
                        };
                        let sides = [side(sets[0], a, y)?, side(sets[1], b, z)?];
                        self.add(
                            indices,
                            study,
                            &sides,
                            lines.len() > 1,
                            (&mut table, &mut rows),
                            notes,
                        )?;
                    }
                }
            }
        }
        notes.extend(self.test_note(indices, study));
        let view = View {
            head: self.head(indices),
            rows,
            source,
        };
        Ok(table.with_view(view))
    }

    fn title(&self, indices: &Indices, study: &Study) -> Result<String, AnalysisError> {
        let versus = match &self.pair {
            Pair::Years(first, second) => format!("{second} less {first}"),
            Pair::Sets(first, second) => {
                let name = |id: &str| study.atlas.set(id).map(|s| s.name_en.clone());
                format!("{} less {}", name(second)?, name(first)?)
            }
        };
        Ok(format!("{}: {versus}", indices.title(study)))
    }

    fn add(
        &self,
        indices: &Indices,
        study: &Study,
        sides: &[Side<'_>; 2],
        several: bool,
        (table, rows): (&mut Table, &mut Vec<ViewRow>),
        notes: &mut Vec<Note>,
    ) -> Result<(), AnalysisError> {
        for measure in &indices.measures {
            let Some(outcome) = self.outcome(indices, study, measure, sides, notes)? else {
                continue;
            };
            let [first, second] = sides;
            let difference = outcome.values[1] - outcome.values[0];
            let n = [first.columns.len(), second.columns.len()];
            let vintage = &first.line.label;
            for (side, s) in sides.iter().enumerate() {
                let mut row = vec![
                    measure.name().into(),
                    vintage.clone().into(),
                    ["first", "second"][side].into(),
                    Cell::Integer(i64::from(s.year.get())),
                    s.group.map_or(Cell::Missing, |g| g.id.clone().into()),
                    outcome.values[side].into(),
                ];
                row.extend(error_cells(outcome.errors[side]));
                row.extend([Cell::Missing, n[side].into()]);
                table.push(row);
            }
            let mut row = vec![
                measure.name().into(),
                vintage.clone().into(),
                "difference".into(),
                first
                    .group
                    .map_or(Cell::Missing, |_| Cell::Integer(i64::from(first.year.get()))),
                Cell::Missing,
                difference.into(),
            ];
            row.extend(error_cells(outcome.error));
            row.extend([outcome.p_value.into(), Cell::Missing]);
            table.push(row);
            let marked = |text: String| match several {
                true => format!("{text} [{vintage}]"),
                false => text,
            };
            for (label, value, error, p) in [
                (
                    marked(first.label.clone()),
                    outcome.values[0],
                    outcome.errors[0],
                    None,
                ),
                (
                    marked(second.label.clone()),
                    outcome.values[1],
                    outcome.errors[1],
                    None,
                ),
                (
                    "Difference".to_owned(),
                    difference,
                    outcome.error,
                    outcome.p_value,
                ),
            ] {
                rows.push(self.shown(indices, measure, (label, value), error, p));
            }
        }
        Ok(())
    }

    fn head(&self, indices: &Indices) -> Vec<Head> {
        let mut head = Vec::new();
        if indices.measures.len() > 1 {
            head.push(Head::text("Index"));
        }
        head.extend([Head::text("Of"), Head::number("Estimate")]);
        if indices.inference.is_wanted() {
            head.extend(interval_heads(&indices.inference));
        }
        if self.test.is_some() {
            head.push(Head::number("p"));
        }
        head
    }

    fn shown(
        &self,
        indices: &Indices,
        measure: &Measure,
        (label, value): (String, f64),
        error: Option<Uncertainty>,
        p_value: Option<f64>,
    ) -> ViewRow {
        let strong = label == "Difference";
        let mut cells = Vec::new();
        if indices.measures.len() > 1 {
            cells.push(Shown::Text(measure.label()));
        }
        let style = if strong { Style::Signed(3) } else { Style::Fixed(3) };
        cells.extend([Shown::Text(label), Shown::Number(value, style)]);
        if indices.inference.is_wanted() {
            cells.extend(interval_cells(error));
        }
        if self.test.is_some() {
            cells.push(Shown::maybe(p_value, Style::P));
        }
        ViewRow { cells, strong }
    }

    /// None where the index is undefined on one side, which the main table has said.
    fn outcome(
        &self,
        indices: &Indices,
        study: &Study,
        measure: &Measure,
        sides: &[Side<'_>; 2],
        notes: &mut Vec<Note>,
    ) -> Result<Option<Outcome>, AnalysisError> {
        let mut values = [0.0; 2];
        for (value, side) in values.iter_mut().zip(sides) {
            *value = match measure.of(&side.columns) {
                Ok(value) => value,
                Err(Error::Undefined { .. } | Error::Zero { .. }) if indices.measures.len() > 1 => {
                    return Ok(None);
                }
                Err(error) => {
                    return Err(at_region(measure.plain_label(), error, &side.line.block.regions));
                }
            };
        }
        let mut errors = [None, None];
        for (error, side) in errors.iter_mut().zip(sides) {
            let of_set = |set: &RegionSet| Study {
                focus: set.clone(),
                ..study.clone()
            };
            let own = side.group.map_or_else(|| study.clone(), of_set);
            // Years were looked at in the main table, where what there is to note was noted.
            let mut said = Vec::new();
            let heard = if side.group.is_some() {
                &mut *notes
            } else {
                &mut said
            };
            *error = indices.uncertainty(&own, measure, (side.line, side.year), &side.columns, heard)?;
        }
        let regions = &sides[0].line.block.regions;
        let seed = indices.inference.seed(study);
        let found = match self.pair {
            Pair::Years(..) => {
                let strata = indices.inference.strata(study, regions)?;
                let paired = Paired {
                    measure,
                    first: &sides[0].columns,
                    second: &sides[1].columns,
                };
                indices.inference.of(&paired, strata.as_deref(), seed)
            }
            Pair::Sets(..) => {
                let index = self.index_apart(indices, measure)?;
                let [a, b] = [sampled(&sides[0].columns), sampled(&sides[1].columns)];
                indices.inference.of_apart(
                    values[1] - values[0],
                    |options| bootstrap_difference(a, b, false, index, options),
                    (errors[0], errors[1]),
                    seed,
                )
            }
        };
        let error = settled(found, (measure, "the difference"), regions, notes)?;
        let p_value = self.p_value(measure, sides, seed)?;
        Ok(Some(Outcome {
            values,
            errors,
            error,
            p_value,
        }))
    }

    /// Sets are resampled apart, which not every interval has.
    fn index_apart(&self, indices: &Indices, measure: &Measure) -> Result<Index, AnalysisError> {
        match measure.what {
            What::Index(index) if !indices.inference.is_wanted() || indices.inference.works_apart() => Ok(index),
            _ => Err(AnalysisError::Study {
                analysis: indices.id,
                reason: "the difference of two sets has the intervals `percentile`, `basic`, `jackknife` and `linearised`, without `strata`"
                    .to_owned(),
            }),
        }
    }

    fn p_value(
        &self,
        measure: &Measure,
        sides: &[Side<'_>; 2],
        seed: u64,
    ) -> Result<Option<f64>, AnalysisError> {
        let (Some(options), What::Index(index)) = (self.test, measure.what) else {
            return Ok(None);
        };
        let options = PermutationOptions { seed, ..options };
        let paired = matches!(self.pair, Pair::Years(..));
        let [a, b] = [sampled(&sides[0].columns), sampled(&sides[1].columns)];
        let test = difference_test(a, b, paired, index, &options)
            .map_err(|e| at_region(measure.plain_label(), e, &sides[0].line.block.regions))?;
        Ok(Some(test.p_value))
    }

    fn test_note(&self, indices: &Indices, study: &Study) -> Option<Note> {
        let options = self.test?;
        let how = match &self.pair {
            Pair::Years(..) => "each region keeps its two years or exchanges them",
            Pair::Sets(..) => "all regions are divided anew into sets of the two sizes",
        };
        let tail = match options.alternative {
            Alternative::TwoSided => "two-sided, twice the smaller tail",
            Alternative::Greater => "one-sided, for a greater second index",
            Alternative::Less => "one-sided, for a smaller second index",
        };
        Some(Note::new(
            NoteKind::Method,
            format!(
                "Permutation test of the difference ({tail}): {how}, with values relative to the mean of their year or set; {} random \
                 permutations (seed {}), p = (1 + extreme ones) / (1 + all), or all exchanges where those are no more than {}.",
                options.permutations,
                indices.inference.seed(study),
                options.exact_up_to
            ),
        ))
    }
}

fn sampled<'a>(columns: &'a Columns<'_>) -> Sampled<'a> {
    Sampled {
        x: &columns.x,
        w: columns.w.as_deref(),
    }
}

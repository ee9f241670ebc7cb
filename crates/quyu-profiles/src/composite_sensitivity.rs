//! `composite-sensitivity`: what an index owes to the choices that made it.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Interval, Role};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Block, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::profiles::{
    Aggregation, ChoiceSobol, CompositeChoices, CompositeOptions, Direction, OutlierRule, RankSensitivity,
    Reshape, Scale, Scales, Step, WeightRule, composite, composite_sensitivity, composite_sobol,
    effective_weights,
};
use quyu_econometrics::{Error, Matrix};

use crate::composite::{DIRECTION, GIVEN_WEIGHTS, Weighed};
use crate::features::{FEATURES, Features};
use crate::steps::{self, AGGREGATIONS, OUTLIERS, TRANSFORMS, WEIGHTS};
use crate::typology::whole;

/// The declaration of `composite-sensitivity`.
pub(crate) const ENTRY: Entry = Entry {
    id: "composite-sensitivity",
    summary: "Intervals of ranks when the choices behind an index are drawn anew, and which choice matters most",
    manual: MANUAL,
    params: &[
        FEATURES,
        DIRECTION,
        Param::with_default(
            "outliers",
            ParamKind::List(&ParamKind::Choice(OUTLIERS)),
            "none, winsorise",
            "treatments of outliers to draw from; the first is the nominal one",
        ),
        Param::with_default(
            "transform",
            ParamKind::List(&ParamKind::Choice(TRANSFORMS)),
            "none",
            "transformations to draw from; the first is the nominal one",
        ),
        Param::with_default(
            "normalise",
            ParamKind::List(&ParamKind::Choice(&[
                "min-max",
                "z-score",
                "rank",
                "fraction-of-best",
            ])),
            "min-max, rank",
            "scales to draw from; the first is the nominal one",
        ),
        Param::with_default(
            "weights",
            ParamKind::List(&ParamKind::Choice(WEIGHTS)),
            "equal",
            "rules of weights to draw from; the first is the nominal one",
        ),
        GIVEN_WEIGHTS,
        Param::with_default(
            "aggregation",
            ParamKind::List(&ParamKind::Choice(AGGREGATIONS)),
            "arithmetic, geometric",
            "aggregations to draw from; the first is the nominal one",
        ),
        Param::with_default(
            "power",
            ParamKind::Number {
                min: -100.0,
                max: 100.0,
            },
            "2",
            "with `aggregation = \"power\"`: the power",
        ),
        Param::with_default(
            "spread",
            ParamKind::Number { min: 0.0, max: 1.0 },
            "0.25",
            "each weight is multiplied by a factor drawn from 1 - spread to 1 + spread",
        ),
        Param::with_default(
            "replicates",
            ParamKind::Integer {
                min: 1,
                max: 1_000_000,
            },
            "1000",
            "number of draws",
        ),
        Param::with_default(
            "samples",
            ParamKind::Integer {
                min: 2,
                max: 1_000_000,
            },
            "512",
            "rows of the two samples behind the Sobol indices",
        ),
        Param::with_default(
            "confidence",
            ParamKind::Number {
                min: 0.01,
                max: 0.999,
            },
            "0.95",
            "level of the intervals of ranks",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\nreplicates = 200\nsamples = 64\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Which ranks of a composite index survive other choices that are as good, and which choice moves the ranking most?

**Definition.** The steps are those of `composite`. Each replicate draws one choice at every step, all alike probable, and multiplies each weight by
a factor uniform on [1 - spread, 1 + spread]. The interval of ranks of a region has the inverse of the empirical distribution at (1 - confidence)/2
and (1 + confidence)/2 as its ends; the nominal rank is that of the first choice at every step without factors. *Sobol indices*: share of the variance of the mean absolute shift
in rank (over all regions, against the nominal rank) that a step explains alone (first order, after Saltelli et al. 2010) or has a part in (total, after
Jansen 1999); with one region in focus also of its own rank. Steps with one choice do not vary and are left out. *Effective weight*: squared correlation of an indicator's nominal scores
with the nominal index. Replicate number b draws from stream b of the seed.

**Limits.** Every combination must be defined: z-scores have no geometric mean. A choice that is listed twice counts twice. The intervals say what
follows from the choices listed; a choice that is not listed may move a rank further. Sobol indices have a Monte Carlo error of about one over the root of `samples`, so that small ones may fall below 0.

**References.** Saisana, Saltelli and Tarantola 2005, JRSS A 168:307-323; Saltelli et al. 2010, Computer Physics Communications 181:259-270; Jansen 1999,
Computer Physics Communications 117:35-43; Paruolo, Saisana and Saltelli 2013, JRSS A 176:609-634.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let words = |name: &str| -> Vec<String> { params.texts(name).into_iter().map(str::to_owned).collect() };
    let features = Features::new(ENTRY.id, params)?;
    let count = features.terms.len();
    for name in ["outliers", "transform", "normalise", "weights", "aggregation"] {
        if words(name).is_empty() {
            return Err(ParamError::Combination {
                analysis: ENTRY.id.to_owned(),
                reason: format!("`{name}` lists nothing to draw from"),
            });
        }
    }
    let weights = words("weights");
    let given = weights.iter().any(|w| w == "given");
    let power = params.number("power").unwrap_or(2.0);
    let (scales, aggregations) = (words("normalise"), words("aggregation"));
    let coupling = aggregations.iter().any(|w| w.starts_with("coupling"));
    let misfit = scales.iter().find_map(|scale| {
        let mut pairs = weights
            .iter()
            .flat_map(|rule| aggregations.iter().map(move |a| (rule, a)));
        if coupling && scale != "min-max" {
            return Some("coupling needs scores in (0, 1]: `normalise = \"min-max\"` alone".to_owned());
        }
        pairs.find_map(|(rule, aggregation)| steps::misfit(scale, rule, aggregation, power))
    });
    if let Some(reason) = misfit {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason,
        });
    }
    Ok(Box::new(Sensitivity {
        direction: steps::direction_words(ENTRY.id, params, count)?,
        given: steps::one_each(ENTRY.id, params, "given_weights", given, count)?,
        features,
        outliers: words("outliers"),
        transform: words("transform"),
        normalise: scales,
        weights,
        aggregation: aggregations,
        power,
        spread: params.number("spread").unwrap_or(0.25),
        replicates: whole(params, "replicates", 1000),
        samples: whole(params, "samples", 512),
        confidence: params.number("confidence").unwrap_or(0.95),
    }))
}

#[derive(Debug)]
struct Sensitivity {
    features: Features,
    direction: Vec<Direction>,
    outliers: Vec<String>,
    transform: Vec<String>,
    normalise: Vec<String>,
    weights: Vec<String>,
    given: Vec<f64>,
    aggregation: Vec<String>,
    power: f64,
    spread: f64,
    replicates: usize,
    samples: usize,
    confidence: f64,
}

/// The choices as the numerics take them.
struct Lists<'a> {
    outliers: Vec<OutlierRule>,
    reshapes: Vec<Reshape>,
    scales: Vec<Scale>,
    weights: Vec<WeightRule<'a>>,
    aggregations: Vec<Aggregation>,
}

impl Sensitivity {
    fn lists(&self) -> Lists<'_> {
        let coupling = self.aggregation.iter().any(|w| w.starts_with("coupling"));
        Lists {
            outliers: self.outliers.iter().map(|w| steps::outliers(w)).collect(),
            reshapes: self.transform.iter().map(|w| steps::reshape(w)).collect(),
            scales: self.normalise.iter().map(|w| steps::scale(w, coupling)).collect(),
            weights: self
                .weights
                .iter()
                .map(|w| steps::weights(w, &self.given))
                .collect(),
            aggregations: self
                .aggregation
                .iter()
                .map(|w| steps::aggregation(w, self.power))
                .collect(),
        }
    }

    fn choices<'a>(&self, lists: &'a Lists<'a>, seed: u64) -> CompositeChoices<'a> {
        CompositeChoices {
            outliers: &lists.outliers,
            reshapes: &lists.reshapes,
            scales: &lists.scales,
            weights: &lists.weights,
            aggregations: &lists.aggregations,
            weight_spread: self.spread,
            replicates: self.replicates,
            samples: self.samples,
            seed,
            confidence: self.confidence,
        }
    }
}

fn word(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Outliers => ("outliers", "Treatment of outliers"),
        Step::Reshape => ("transform", "Transformation"),
        Step::Scale => ("normalise", "Scale"),
        Step::Weights => ("weights", "Rule of weights"),
        Step::Aggregation => ("aggregation", "Aggregation"),
        Step::Spread => ("spread", "Size of the weights"),
    }
}

impl Analysis for Sensitivity {
    fn needs(&self) -> Vec<Need> {
        self.features.needs()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let block = self.features.block(study)?;
        let directions = steps::directions(ENTRY.id, study, &self.features, &self.direction)?;
        let raw = block.regions_by_terms(0);
        let (rows, cols) = (block.regions.len(), self.features.terms.len());
        let failed = |e: Error| AnalysisError::statistic("composite index", e);
        let table = Matrix::new(&raw, rows, cols).map_err(failed)?;
        let lists = self.lists();
        let choices = self.choices(&lists, study.seed);
        let found = composite_sensitivity(table, &directions, &choices).map_err(|error| {
            steps::blame(ENTRY.id, study, &block, &error, |j| {
                let column = table.col(j);
                let alone = CompositeChoices {
                    weights: &[WeightRule::Equal],
                    replicates: 1,
                    ..choices
                };
                let alone = Matrix::new(&column, rows, 1)
                    .and_then(|m| composite_sensitivity(m, &directions[j..=j], &alone));
                alone.map(|_| ())
            })
        })?;
        progress.step(1, 2);
        let mut notes = block.notes.clone();
        let focus = match study.focus.members() {
            [one] => block.regions.iter().position(|r| r == one),
            _ => None,
        };
        let mut sobol = Vec::new();
        let outputs = [None, focus];
        for region in &outputs[..if focus.is_some() { 2 } else { 1 }] {
            match composite_sobol(table, &directions, &choices, *region) {
                Ok(indices) => sobol.push((*region, indices)),
                Err(Error::Undefined { reason }) => {
                    let whose = region.map_or("the ranking".to_owned(), |r| {
                        format!("the rank of {}", study.atlas.regions.label(&block.regions[r]))
                    });
                    notes.push(Note::new(
                        NoteKind::Method,
                        format!("No Sobol indices of {whose}: {reason}."),
                    ));
                }
                Err(error) => return Err(failed(error)),
            }
        }
        progress.step(2, 2);
        let nominal = CompositeOptions {
            outliers: lists.outliers[0],
            reshape: lists.reshapes[0],
            scales: Scales::One(lists.scales[0]),
            weights: lists.weights[0],
            aggregation: lists.aggregations[0],
        };
        let index = composite(table, &directions, &nominal).map_err(failed)?;
        let scores = Matrix::new(&index.scores, rows, cols).map_err(failed)?;
        let effective = effective_weights(scores, &index.index).ok();
        let uses_weights = lists.aggregations[0].uses_weights();
        let shown = Output {
            study,
            block: &block,
            found: &found,
            sensitivity: self,
        };
        notes.push(shown.certain());
        let mut tables = vec![shown.main()];
        if !sobol.is_empty() {
            tables.push(shown.sobol(&sobol));
        }
        tables.push(shown.effective(
            uses_weights.then_some(index.weights.as_slice()),
            effective.as_deref(),
        ));
        Ok(Findings {
            tables,
            figures: vec![shown.figure()],
            notes,
        })
    }
}

struct Output<'a> {
    study: &'a Study,
    block: &'a Block,
    found: &'a RankSensitivity,
    sensitivity: &'a Sensitivity,
}

impl Output<'_> {
    fn name(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[row])
    }

    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.block.regions.len()).collect();
        order.sort_by(|&a, &b| {
            let key = |r: usize| (self.found.nominal[r], self.found.mean[r]);
            key(a).0.total_cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1))
        });
        order
    }

    fn level(&self) -> String {
        styled(self.sensitivity.confidence, Style::Percent(0))
    }

    /// How many regions keep a rank whatever is chosen, and whose is widest.
    fn certain(&self) -> Note {
        let width = |r: usize| self.found.high[r] - self.found.low[r];
        let fixed = (0..self.block.regions.len()).filter(|&r| width(r) == 0.0).count();
        let widest = (1..self.block.regions.len()).fold(0, |w, r| if width(r) > width(w) { r } else { w });
        Note::new(
            NoteKind::Method,
            format!(
                "The {} % interval of a region's ranks over {} draws is one single rank for {fixed} of {} regions; the widest, of {}, runs from {} to {}.",
                self.level(),
                self.sensitivity.replicates,
                self.block.regions.len(),
                self.name(widest),
                self.found.low[widest],
                self.found.high[widest]
            ),
        )
    }

    fn main(&self) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Ranks of the composite index when its choices are drawn anew, {}",
                self.study.period.to
            ),
            [
                C::Region,
                C::Name,
                C::Rank,
                C::Estimate,
                C::ConfLow,
                C::ConfHigh,
                C::N,
            ]
            .map(Column::key)
            .to_vec(),
        );
        let n = self.block.regions.len();
        for (r, region) in self.block.regions.iter().enumerate() {
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                (self.found.nominal[r] as i64).into(),
                self.found.mean[r].into(),
                self.found.low[r].into(),
                self.found.high[r].into(),
                n.into(),
            ]);
        }
        let focus = &self.study.focus;
        let rows = self
            .order()
            .into_iter()
            .map(|r| ViewRow {
                cells: vec![
                    Shown::Text(self.name(r)),
                    Shown::Rank(self.found.nominal[r] as usize, n),
                    Shown::Number(self.found.mean[r], Style::Fixed(1)),
                    Shown::Number(self.found.low[r], Style::Fixed(0)),
                    Shown::Number(self.found.high[r], Style::Fixed(0)),
                ],
                strong: focus.contains(&self.block.regions[r]) && focus.members().len() < n,
            })
            .collect();
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::number("Nominal rank"),
                Head::number("Mean rank"),
                Head::number(format!("{} % of ranks: from", self.level())),
                Head::number("to"),
            ],
            rows,
            source: self.block.source.clone(),
        })
    }

    fn sobol(&self, found: &[(Option<usize>, ChoiceSobol)]) -> Table {
        let mut table = Table::new(
            "sobol",
            "Which choice moves the ranking: Sobol indices of first and total order",
            [C::Variant, C::Component, C::Name, C::Statistic, C::Estimate]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        // Whose variance it is stands beside each row where there are several.
        let several = found.len() > 1;
        for (region, sobol) in found {
            let whose = region.map_or("mean shift in rank".to_owned(), |r| {
                format!("rank of {}", self.name(r))
            });
            for (i, &step) in sobol.steps.iter().enumerate() {
                let (id, name) = word(step);
                let values = [
                    ("first", sobol.indices.first[i]),
                    ("total", sobol.indices.total[i]),
                ];
                for (order, value) in values {
                    table.push(vec![
                        whose.clone().into(),
                        id.into(),
                        name.into(),
                        order.into(),
                        value.into(),
                    ]);
                }
                let mut cells = vec![
                    Shown::Text(name.into()),
                    Shown::Number(values[0].1, Style::Fixed(2)),
                    Shown::Number(values[1].1, Style::Fixed(2)),
                ];
                if several {
                    cells.insert(0, Shown::Text(whose.clone()));
                }
                rows.push(ViewRow { cells, strong: false });
            }
        }
        let mut head = vec![
            Head::text("Step"),
            Head::number("First order"),
            Head::number("Total"),
        ];
        if several {
            head.insert(0, Head::text("Of"));
        }
        table.with_view(View {
            head,
            rows,
            source: self.block.source.clone(),
        })
    }

    fn effective(&self, nominal: Option<&[f64]>, effective: Option<&[f64]>) -> Table {
        let features = &self.sensitivity.features;
        let nominal: Vec<Option<f64>> = (0..features.terms.len()).map(|j| nominal.map(|n| n[j])).collect();
        let of = Weighed {
            study: self.study,
            features,
            nominal: &nominal,
            effective,
            source: &self.block.source,
        };
        of.table(
            "Weights of the indicators with the nominal choices: nominal, and effective as squared correlation with the index",
            None,
        )
    }

    /// Intervals of ranks, regions in nominal order from the top.
    fn figure(&self) -> Figure {
        let some = self.study.focus.members().len() < self.block.regions.len();
        let interval = |r: usize| Interval {
            label: self.name(r),
            low: self.found.low[r],
            high: self.found.high[r],
            estimate: self.found.mean[r],
            nominal: Some(self.found.nominal[r]),
            role: match some && self.study.focus.contains(&self.block.regions[r]) {
                true => Role::Focus,
                false => Role::Peer,
            },
        };
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("Intervals of ranks under other choices, {}", self.study.period.to),
            alt: format!(
                "A row a region in the order of the nominal rank: its interval of ranks with the mean and the nominal rank. {}",
                self.certain().text
            ),
            source: self.block.source.clone(),
            chart: Chart::Intervals {
                axis: Axis {
                    label: "Rank".to_owned(),
                    unit: "1 = best".to_owned(),
                    decimals: Some(0),
                },
                estimate: "mean rank".to_owned(),
                nominal: Some("nominal rank".to_owned()),
                rows: self.order().into_iter().map(interval).collect(),
            },
        }
    }
}

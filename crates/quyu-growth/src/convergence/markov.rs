//! `markov`: how regions move between classes of relative income.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, HeatRow, Role};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::convergence::markov::{
    ClassOptions, ClassRule, Homogeneity, Mobility, States, Transitions, classes, homogeneity,
};

use super::failed;
use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, VALUE, chain_manual};

/// The declaration of `markov`.
pub(crate) const ENTRY: Entry = Entry {
    id: "markov",
    summary: "Moves of regions between classes, with the long run, lengths of stay and mobility",
    manual: MANUAL,
    params: &[
        VALUE,
        CHAIN,
        BASE_YEAR,
        POPULATION,
        Param::with_default(
            "classes",
            ParamKind::Integer { min: 2, max: 6 },
            "4",
            "how many classes of equal frequency",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["pooled", "yearly"]),
            "pooled",
            "limits from all years together, or from each year",
        ),
    ],
    example: "value = \"gdp_pc\"\nclasses = 2\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** Do poor regions stay poor and rich ones rich, and where would the moves lead?

**Definition.** Values are divided by the plain mean of the regions in their year. `variant = \"pooled\"`: the limits of the classes are quantiles
of all years together (linear interpolation), so that a class means the same in every year; `variant = \"yearly\"`: quantiles of each year. A
value on a limit belongs to the lower class; class 1 is the lowest. The probability of a move is the number of moves from one class to the other
between an observed year and the next, over all that began in the class. Long run: the shares that the moves would lead to if they went on
for ever, whatever the start. Stay = 1 / (1 - probability to stay), in steps. Mobility (Shorrocks): (k - trace) / (k - 1), 0 if
nobody moves, 1 if the class of the past says nothing. The table `mobility` has it as `trace`, with 1 - |det P| (`determinant`), 1 - |second eigenvalue|, and
after Bartholomew k / (k - 1) times the share that leaves its class in the long run (`leaving`) and the mean number of classes crossed over k - 1
(`crossing`); half-life = -ln 2 / ln |second eigenvalue|, the steps in which half of the distance to the long run disappears. `tests`: whether the first half of the
steps and the second have the same probabilities: likelihood ratio and Pearson with the degrees of freedom of cells that can differ, and Kullback's
k (k - 1) for two samples (three years or more).

",
    chain_manual!(),
    "
**Limits.** The next class is taken to depend on the present one alone. With few regions a probability rests on few moves: read the column of
their number. Steps between years must have one length.

**References.** Quah 1993, European Economic Review 37:426-434; Shorrocks 1978, Econometrica 46:1013-1024; Bartholomew 1967, Stochastic Models for Social
Processes; Rey 2001, Geographical Analysis 33:195-214; Anderson and Goodman 1957, Annals of Mathematical Statistics 28:89-110; Bickenbach and Bode 2003,
International Regional Science Review 26:363-392; Kullback, Kupperman and Ku 1962, Technometrics 4:573-608.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Markov {
        asked: Asked::new(ENTRY.id, params)?,
        classes: params.integer("classes").map_or(4, |k| k as usize),
        yearly: params.text("variant") == Some("yearly"),
    }))
}

#[derive(Debug)]
struct Markov {
    asked: Asked,
    classes: usize,
    yearly: bool,
}

/// A study worked out.
struct Worked {
    series: Series,
    title: String,
    moves: Transitions,
    k: usize,
    /// Steady state, sojourn and mobility, where they exist.
    steady: Option<Vec<f64>>,
    stay: Vec<Option<f64>>,
    mobility: Option<f64>,
    /// All indices of mobility, where there is a long run.
    indices: Option<Mobility>,
    /// The first half of the steps beside the second.
    stable: Option<Homogeneity>,
}

impl Analysis for Markov {
    fn needs(&self) -> Vec<Need> {
        self.asked.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let series = self.asked.load(ENTRY.id, study)?;
        let step = series.step(ENTRY.id)?;
        let names = series.regions.clone();
        let at_cell = failed("Markov chain", &names, series.years.len());
        let options = ClassOptions {
            rule: match self.yearly {
                true => ClassRule::YearlyQuantiles(self.classes),
                false => ClassRule::PooledQuantiles(self.classes),
            },
            relative: true,
        };
        let table = series.matrix().map_err(&at_cell)?;
        let found = classes(table, &options).map_err(&at_cell)?;
        let moves = found.states.transitions().map_err(&at_cell)?;
        let chain = moves.chain().ok();
        let stays = |i: usize| {
            let p = moves.probabilities()[i * self.classes + i];
            p.map(|p| 1.0 / (1.0 - p)).filter(|s| s.is_finite())
        };
        let trace: Option<f64> = (0..self.classes)
            .map(|i| moves.probabilities()[i * self.classes + i])
            .sum();
        let k = self.classes as f64;
        let worked = Worked {
            title: format!(
                "Moves between {} classes of {}, {}, {}",
                self.classes,
                lower_first(&self.asked.label(study)),
                study.focus.name_en,
                series.span()
            ),
            k: self.classes,
            steady: chain.as_ref().and_then(|c| c.steady_state().ok()),
            stay: (0..self.classes).map(stays).collect(),
            mobility: trace.map(|t| (k - t) / (k - 1.0)),
            indices: chain.as_ref().and_then(|c| c.mobility(None).ok()),
            stable: halves(&found.states).map_err(&at_cell)?,
            moves,
            series,
        };
        let mut notes = worked.series.notes.clone();
        if step != 1 {
            notes.push(Note::new(NoteKind::Method, format!("A step is {step} years.")));
        }
        if worked.steady.is_none() {
            notes.push(Note::new(
                NoteKind::Method,
                "There is no long run: a class was never left by anybody, or several sets of classes are never left.",
            ));
        }
        let mut tables = vec![worked.table(), worked.states()];
        tables.extend(worked.indices());
        tables.extend(worked.tests());
        Ok(Findings {
            tables,
            figures: vec![worked.figure()],
            notes,
        })
    }
}

/// The test that the first half of the steps and the second have one chain; none for a single step, or where nothing can differ.
fn halves(states: &States) -> Result<Option<Homogeneity>, Error> {
    let middle = states.periods() / 2;
    if states.periods() < 3 {
        return Ok(None);
    }
    let samples = [
        states.transitions_within(0..middle + 1)?,
        states.transitions_within(middle..states.periods())?,
    ];
    match homogeneity(&samples) {
        Ok(test) => Ok(Some(test)),
        Err(Error::Undefined { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Worked {
    fn indices(&self) -> Option<Table> {
        let found = self.indices.as_ref()?;
        let mut lines = vec![
            ("trace", "Prais-Shorrocks (trace)", found.trace),
            ("determinant", "Shorrocks (determinant)", found.determinant),
            (
                "second-eigenvalue",
                "Shorrocks (second eigenvalue)",
                found.second_eigenvalue,
            ),
            ("leaving", "Bartholomew (leaving)", found.leaving),
            ("crossing", "Bartholomew (classes crossed)", found.crossing),
        ];
        lines.extend(found.half_life.map(|h| ("half-life", "Half-life (steps)", h)));
        let mut table = Table::new(
            "mobility",
            format!("{}: mobility", self.title),
            [C::Statistic, C::Estimate].map(Column::key).to_vec(),
        );
        let mut rows = Vec::new();
        for (id, label, value) in lines {
            table.push(vec![id.into(), value.into()]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(label.to_owned()),
                    Shown::Number(value, Style::Fixed(3)),
                ],
                strong: false,
            });
        }
        Some(table.with_view(View {
            head: vec![Head::text("Index"), Head::number("Mobility")],
            rows,
            source: self.series.source.clone(),
        }))
    }

    fn tests(&self) -> Option<Table> {
        let test = self.stable.as_ref()?;
        let mut table = Table::new(
            "tests",
            format!(
                "{}: whether the first half of the steps and the second are one chain",
                self.title
            ),
            [C::Statistic, C::Estimate, C::N, C::PValue]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        for (id, label, test) in [
            ("likelihood-ratio", "Likelihood ratio", test.likelihood_ratio),
            ("pearson", "Pearson", test.pearson),
            ("kullback", "Kullback", test.kullback),
        ] {
            table.push(vec![
                id.into(),
                test.statistic.into(),
                test.df.into(),
                test.p_value.into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(label.to_owned()),
                    Shown::Number(test.statistic, Style::Fixed(2)),
                    Shown::Number(test.df as f64, Style::Fixed(0)),
                    Shown::Number(test.p_value, Style::P),
                ],
                strong: false,
            });
        }
        Some(table.with_view(View {
            head: vec![
                Head::text("Test"),
                Head::number("Chi-square"),
                Head::number("Degrees of freedom"),
                Head::number("p"),
            ],
            rows,
            source: self.series.source.clone(),
        }))
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::key(C::FromState),
            Column::key(C::ToState),
            Column::of(C::Estimate, "1"),
            Column::key(C::N),
        ];
        let mut table = Table::new(ENTRY.id, self.title.clone(), columns);
        let (p, counts) = (self.moves.probabilities(), self.moves.counts());
        let mut rows = Vec::new();
        for (i, total) in self.moves.row_sums().into_iter().enumerate() {
            let mut cells = vec![Shown::Text(format!("Class {}", i + 1))];
            for j in 0..self.k {
                let c = i * self.k + j;
                table.push(vec![
                    (i + 1).into(),
                    (j + 1).into(),
                    p[c].into(),
                    (counts[c] as usize).into(),
                ]);
                cells.push(Shown::maybe(p[c], Style::Fixed(3)));
            }
            cells.push(Shown::Number(total, Style::Fixed(0)));
            rows.push(ViewRow { cells, strong: false });
        }
        let mut head = vec![Head::text("From")];
        head.extend((1..=self.k).map(|j| Head::number(format!("To class {j}"))));
        head.push(Head::number("Moves"));
        table.with_view(View {
            head,
            rows,
            source: self.series.source.clone(),
        })
    }

    fn states(&self) -> Table {
        let columns = vec![
            Column::key(C::FromState),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
        ];
        let title = format!("{}: long run and stay", self.title);
        let mut table = Table::new("states", title, columns);
        let mut rows = Vec::new();
        for i in 0..self.k {
            let share = self.steady.as_ref().map(|s| s[i]);
            table.push(vec![(i + 1).into(), "long-run".into(), share.into()]);
            table.push(vec![(i + 1).into(), "stay".into(), self.stay[i].into()]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(format!("Class {}", i + 1)),
                    Shown::maybe(share, Style::Percent(1)),
                    Shown::maybe(self.stay[i], Style::Fixed(1)),
                ],
                strong: false,
            });
        }
        table.push(vec!["all".into(), "mobility".into(), self.mobility.into()]);
        table.with_view(View {
            head: vec![
                Head::text("Class"),
                Head::number("Long run (%)"),
                Head::number("Stay (steps)"),
            ],
            rows,
            source: self.series.source.clone(),
        })
    }

    fn figure(&self) -> Figure {
        let p = self.moves.probabilities();
        let stays: Vec<f64> = (0..self.k).filter_map(|i| p[i * self.k + i]).collect();
        let least = stays.iter().copied().fold(1.0, f64::min);
        let rows = p.chunks(self.k).enumerate().map(|(i, row)| HeatRow {
            label: format!("From class {}", i + 1),
            values: row.to_vec(),
            role: Role::Other,
        });
        let mobility = self.mobility.map_or_else(String::new, |m| {
            format!(" Mobility after Shorrocks is {}.", styled(m, Style::Fixed(3)))
        });
        Figure {
            id: ENTRY.id.to_owned(),
            title: self.title.clone(),
            alt: format!(
                "Heat map of the probabilities of moves between classes. The probability to stay is at least {} in every class.{mobility}",
                styled(least, Style::Fixed(2))
            ),
            source: self.series.source.clone(),
            chart: Chart::Heat {
                axis: Axis::new("Probability", ""),
                centre: None,
                columns: (1..=self.k).map(|j| format!("To class {j}")).collect(),
                rows: rows.collect(),
            },
        }
    }
}

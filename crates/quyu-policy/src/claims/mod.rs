//! `claims`: what is said of regions and policy, tried under stated definitions.

mod drawn;
mod figures;
mod measure;
mod place;
mod registers;
mod verdict;
mod words;

use std::collections::BTreeSet;

use quyu_core::ColumnName as C;
use quyu_core::audit::Claim;
use quyu_core::suggest::Near;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, CoreError, Datum, Entry, Findings, Head, Need, Note, Param,
    ParamError, ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};

use words::capital;

use measure::{Found, Outcome, Tried, tried};
use verdict::{Verdict, verdict};

/// The declaration of `claims`.
pub(crate) const ENTRY: Entry = Entry {
    id: "claims",
    summary: "Verdicts on claims, each tried under stated definitions",
    manual: MANUAL,
    params: &[
        Param::optional(
            "claim",
            ParamKind::List(&ParamKind::Expr),
            "ids of the claims to check, in the order shown; all of the package without it",
        ),
        Param::with_default(
            "brief",
            ParamKind::Flag,
            "false",
            "show claim, what is claimed, our value and the verdict only; the table has all columns",
        ),
    ],
    example: "claim = [\"T1\", \"T2\", \"T3\", \"T4\", \"T5\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does the data bear out what is said, under which definition, and if not, why?

**Definition.** The package states claims (`claims.csv`) and, one row a trial, the definitions under which each is tried (`trials.csv`): *as said*, if the words
of the claim name that definition; *another*; or *beside*, a figure that is shown and decides nothing. A trial states statistic, indicator, regions, year and
vintages; the figures come from the study, with its rules on vintages and aggregates. Every printed input may be off by half a unit of its last digit (the most
decimals that its source prints in that series and year); sums, means of two year-ends and ratios carry these ends along, and the result is an interval.
A claim with a number fits if some number of the interval, rounded to the last digit of the claim, is the claim. A claim without a number is turned into a
comparison (more than, at least, less than, at most a number), which stands beside the definition: it fits if the comparison holds all over the interval,
it misses if it holds nowhere, else it is open. Counts, dates and lists are exact.

The verdict: **reproduced** if a trial as said fits; **reproduced under another definition** if only one of those does; **not reproduced** if a trial
as said was computed and missed; **cannot be checked** if a figure is missing for all trials as said, or if an aim, a definition or advice was stated.

Statistics: `value`, the figure of a set (sums, or the ratio of sums); `mean-of-ratios`, the plain mean of its members' figures; `share`, in percent of a
whole that holds it; `relative`, in percent of the figure of another set; `below`, how many members lie under a line (a number, or a percentage of the figure of
the set); `spread`, the highest over the lowest member; `members` of a set; `sets`; `items` of a priority list; `contained`, the percentage of items that touch at least one code of
the lists named; `issued`, the year of a document; `coded`, clauses with an instrument; `vague`, the percentage of clauses with that primary instrument that name no measure;
`missing`, which names the figure that would be needed.

Figures: verdicts by subject, for four subjects or more; numbers beside ours in percent of what is claimed, for three or more (years and ranks have no size).

**Limits.** Where many definitions are tried, one may fit by chance: a claim reproduced under another definition says what may have been meant, not that it was.
Zeros at the end of an input count as printed digits, so the interval of a series in round hundreds is too narrow; an input that enters twice counts as two, so
that some intervals are too wide. A comparison is a reading of a sentence: change it, and the verdict may change.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let ids = params.texts("claim").into_iter().map(str::to_owned).collect();
    let brief = params.flag("brief");
    Ok(Box::new(Claims { ids, brief }))
}

#[derive(Debug)]
struct Claims {
    /// The claims to check; all if there are none.
    ids: Vec<String>,
    /// Whether few columns are shown.
    brief: bool,
}

/// A claim, its trials and what follows.
pub(crate) struct Checked<'a> {
    claim: &'a Claim,
    tried: Vec<Tried<'a>>,
    verdict: Verdict,
    /// The trial that decided.
    decided: Option<usize>,
}

impl Checked<'_> {
    /// The trial that decided.
    fn shown(&self) -> Option<&Tried<'_>> {
        self.tried.get(self.decided?)
    }

    fn found(&self) -> Option<&Found> {
        self.shown().and_then(found)
    }
}

fn found<'a>(tried: &'a Tried<'_>) -> Option<&'a Found> {
    match &tried.outcome {
        Outcome::Found(found) => Some(found),
        Outcome::Lacking(_) => None,
    }
}

impl Analysis for Claims {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Claims]
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let claims = self.claims(study)?;
        let mut checked = Vec::with_capacity(claims.len());
        for (i, claim) in claims.iter().enumerate() {
            checked.push(check(study, claim)?);
            progress.step(i + 1, claims.len());
        }
        let mut table = main(study, &checked);
        if let Some(view) = table.view.as_mut().filter(|_| self.brief) {
            shorten(view);
        }
        Ok(Findings {
            tables: vec![
                table,
                trials(study, &checked),
                counts(&checked),
                drawn::subjects(&checked),
            ],
            figures: [drawn::verdicts(&checked), drawn::beside(&checked)]
                .into_iter()
                .flatten()
                .collect(),
            notes: notes(study, &checked),
        })
    }
}

impl Claims {
    fn claims<'a>(&self, study: &'a Study) -> Result<Vec<&'a Claim>, CoreError> {
        let known = &study.atlas.audit.claims;
        if self.ids.is_empty() {
            return Ok(known.iter().collect());
        }
        let one = |id: &String| {
            known
                .iter()
                .find(|c| c.id == *id)
                .ok_or_else(|| CoreError::Unknown {
                    what: "claim",
                    name: id.clone(),
                    near: Near::to(id, known.iter().map(|c| c.id.as_str())),
                })
        };
        self.ids.iter().map(one).collect()
    }
}

fn check<'a>(study: &'a Study, claim: &'a Claim) -> Result<Checked<'a>, AnalysisError> {
    let mut trials: Vec<_> = study
        .atlas
        .audit
        .trials
        .iter()
        .filter(|t| t.claim == claim.id)
        .collect();
    trials.sort_by_key(|t| t.number);
    let tried: Vec<Tried<'_>> = trials
        .into_iter()
        .map(|t| tried(study, claim, t))
        .collect::<Result<_, _>>()?;
    let fits: Vec<_> = tried.iter().map(|t| (t.trial.said == "as-said", t.fit)).collect();
    let (verdict, decided) = verdict(&fits);
    Ok(Checked {
        claim,
        tried,
        verdict,
        decided,
    })
}

/// The columns that say what a trial found: estimate, interval, unit, vintage, source.
fn figure_cells(study: &Study, found: Option<&Found>) -> Vec<Cell> {
    let Some(found) = found else {
        return vec![Cell::Missing; 6];
    };
    let sources: BTreeSet<&String> = found.used.iter().flat_map(|d| &d.sources).collect();
    let sources: Vec<&str> = sources.into_iter().map(String::as_str).collect();
    vec![
        found.value.into(),
        found.rounding.low.into(),
        found.rounding.high.into(),
        found.unit.clone().into(),
        words::vintages(study, found).into(),
        found.register.clone().unwrap_or_else(|| sources.join(" ")).into(),
    ]
}

const FIGURE: [C; 6] = [
    C::Estimate,
    C::ConfLow,
    C::ConfHigh,
    C::Unit,
    C::Vintage,
    C::Source,
];

fn columns(first: &[C], last: &[C]) -> Vec<Column> {
    first
        .iter()
        .chain(&FIGURE)
        .chain(last)
        .copied()
        .map(Column::key)
        .collect()
}

fn whole(number: Option<i32>) -> Cell {
    number.map_or(Cell::Missing, |y| Cell::Integer(i64::from(y)))
}

fn main(study: &Study, checked: &[Checked<'_>]) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        format!(
            "{}: what the data says, and the verdicts",
            words::subjects(checked)
        ),
        columns(
            &[C::Claim, C::Name, C::Place, C::Year, C::Value, C::Variant],
            &[C::Verdict, C::Note],
        ),
    );
    let mut rows = Vec::new();
    for one in checked {
        let claim = one.claim;
        let definition = one
            .shown()
            .map(|t| t.definition.clone())
            .filter(|d| !d.is_empty());
        let why = words::why(one);
        let mut row = vec![
            claim.id.clone().into(),
            format!("{}: {}", claim.subject, claim.statement).into(),
            format!("slide {}", claim.place).into(),
            whole(claim.year),
            claim.value.into(),
            definition.clone().map_or(Cell::Missing, Cell::from),
        ];
        row.extend(figure_cells(study, one.found()));
        row.extend([one.verdict.as_str().into(), why.clone().into()]);
        table.push(row);
        let text = |t: Option<String>| t.filter(|t| !t.is_empty()).map_or(Shown::Missing, Shown::Text);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(words::headline(claim)),
                text(definition),
                text(claim.value.map(|x| words::claimed(claim, x))),
                text(one.found().map(words::measured)),
                text(one.found().map(|f| words::origin(study, f))),
                Shown::Text(one.verdict.as_str().to_owned()),
                Shown::Text(why),
            ],
            strong: false,
        });
    }
    let head = vec![
        Head::text("Claim"),
        Head::text("Definition used"),
        Head::number("Claimed"),
        Head::number("Ours (interval)"),
        Head::text("Source and vintage"),
        Head::text("Verdict"),
        Head::text("Why"),
    ];
    let source = source(study, checked.iter().filter_map(Checked::found));
    table.with_view(View { head, rows, source })
}

/// Leaves the columns of a view that say what is claimed, and what we find.
fn shorten(view: &mut View) {
    const KEPT: [usize; 4] = [0, 2, 3, 5];
    view.head = KEPT.iter().map(|&i| view.head[i].clone()).collect();
    for row in &mut view.rows {
        row.cells = KEPT.iter().map(|&i| row.cells[i].clone()).collect();
    }
}

/// Who published what stands in a table.
fn source<'a>(study: &Study, found: impl Iterator<Item = &'a Found>) -> String {
    let used: Vec<&Datum> = found.flat_map(|f| &f.used).collect();
    match used.is_empty() {
        true => "Registers and lists of the data packages.".to_owned(),
        false => study.source_line(used),
    }
}

fn trials(study: &Study, checked: &[Checked<'_>]) -> Table {
    let mut table = Table::new(
        "trials",
        trials_title(checked),
        columns(
            &[
                C::Claim,
                C::K,
                C::Variant,
                C::Statistic,
                C::Name,
                C::Year,
                C::Value,
            ],
            &[C::Verdict, C::Note],
        ),
    );
    let mut rows = Vec::new();
    let mut named = Vec::new();
    let several = checked.len() > 1;
    for one in checked {
        for tried in &one.tried {
            let found = found(tried);
            let remark = match &tried.outcome {
                Outcome::Found(found) => found.remark.clone(),
                Outcome::Lacking(what) => format!("missing: {what}"),
            };
            let mut row = vec![
                one.claim.id.clone().into(),
                tried.trial.number.into(),
                tried.trial.said.clone().into(),
                tried.trial.statistic.clone().into(),
                tried.definition.clone().into(),
                whole(tried.trial.year),
                one.claim.value.into(),
            ];
            row.extend(figure_cells(study, found));
            row.extend([tried.fit.as_str().into(), remark.clone().into()]);
            table.push(row);
            let what = if tried.definition.is_empty() {
                capital(&remark)
            } else {
                tried.definition.clone()
            };
            let mut cells = vec![
                Shown::Text(words::named_once(what, &mut named)),
                Shown::Text(tried.trial.said.replace('-', " ")),
                found.map_or(Shown::Missing, |f| Shown::Text(words::measured(f))),
                Shown::Text(tried.fit.as_str().to_owned()),
            ];
            if several {
                cells.insert(0, Shown::Text(words::short(one.claim)));
            }
            rows.push(ViewRow {
                cells,
                strong: one.decided.is_some_and(|d| std::ptr::eq(&one.tried[d], tried)),
            });
        }
    }
    let mut head = vec![
        Head::text("Definition"),
        Head::text("Reading"),
        Head::number("Ours (interval)"),
        Head::text("Fit"),
    ];
    if several {
        head.insert(0, Head::text("Claim"));
    }
    let source = source(study, checked.iter().flat_map(|c| &c.tried).filter_map(found));
    table.with_view(View { head, rows, source })
}

fn trials_title(checked: &[Checked<'_>]) -> String {
    match checked {
        [one] => format!("Definitions tried for {}", words::short(one.claim)),
        _ => format!("{}: the definitions tried", words::subjects(checked)),
    }
}

fn counts(checked: &[Checked<'_>]) -> Table {
    let columns = [C::Verdict, C::N, C::Share].map(Column::key).to_vec();
    let mut table = Table::new("verdicts", "Claims by verdict", columns);
    let mut rows = Vec::new();
    let total = checked.len();
    let mut push = |table: &mut Table, name: &str, n: usize, strong: bool| {
        let share = n as f64 / total.max(1) as f64;
        table.push(vec![name.into(), n.into(), share.into()]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(name.to_owned()),
                Shown::Number(n as f64, Style::Fixed(0)),
                Shown::Number(share, Style::Percent(1)),
            ],
            strong,
        });
    };
    for verdict in Verdict::ALL {
        let n = checked.iter().filter(|c| c.verdict == verdict).count();
        push(&mut table, verdict.as_str(), n, false);
    }
    let open = checked.iter().filter(|c| c.verdict == Verdict::CannotBeChecked);
    let (wish, lacking): (Vec<_>, Vec<_>) = open.partition(|c| words::no_fact(c.claim).is_some());
    push(&mut table, "of these: a figure is missing", lacking.len(), false);
    push(
        &mut table,
        "of these: an aim, a definition or advice",
        wish.len(),
        false,
    );
    push(&mut table, "total", total, true);
    let head = vec![
        Head::text("Verdict"),
        Head::number("Claims"),
        Head::number("Share (%)"),
    ];
    let source = "Counted from the verdicts of this report.".to_owned();
    table.with_view(View { head, rows, source })
}

/// What the figures shown rest on with less trust.
fn notes(study: &Study, checked: &[Checked<'_>]) -> Vec<Note> {
    let found: Vec<&Found> = checked.iter().flat_map(|c| &c.tried).filter_map(found).collect();
    let terms: Vec<_> = found.iter().flat_map(|f| f.terms.iter().cloned()).collect();
    let used: Vec<Datum> = found.iter().flat_map(|f| f.used.iter().cloned()).collect();
    let mut notes = study.notes_on(&terms, &used);
    notes.extend(words::pilot(&found));
    notes.extend(words::lists(study, &found));
    notes
}

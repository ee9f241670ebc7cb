//! `rank-markov`: how long ranks are held, and who takes them over.

use quyu_core::ColumnName as C;
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, Note, NoteKind, ParamError, Params,
    Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::convergence::markov::{States, full_rank_states, geographic_rank_states};

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, VALUE, chain_manual};
use super::{at_least, failed};

/// The declaration of `rank-markov`.
pub(crate) const ENTRY: Entry = Entry {
    id: "rank-markov",
    summary: "How long each rank is held, how far regions move in rank, and how many regions held a rank",
    manual: MANUAL,
    params: &[VALUE, CHAIN, BASE_YEAR, POPULATION],
    example: "value = \"income_yearly\"\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** Are the places at the top and at the bottom held for good, while the middle changes?

**Definition.** Each year the regions are ranked, 1 for the highest value; of equal values the one later in the order of codes has the better rank, since a
chain of ranks needs one for each region. *Full-rank chain*: the states are the ranks; `stay` is the share of steps after which whoever held the
rank holds it again, `distance` the mean number of ranks that the holder of the rank moves in a step. *Geographic-rank chain*: the states of a rank
are the regions that hold it; `n` counts how many did. By region: the mean rank, the share of steps without a change of rank, and the mean
number of ranks moved. Mobility (Shorrocks) of the full-rank chain: (n - sum of the stays) / (n - 1), 0 if nobody moves. The full-rank matrix, n by n, is
the table `moves`, cells with a move alone.

",
    chain_manual!(),
    "
**Limits.** Ranks say nothing of distances: where values lie close, small changes move many ranks. Each rank has one move a step, so a probability rests on as many
moves as there are steps.

**References.** Rey 2014, Journal of Geographical Systems 16:115-137; Shorrocks 1978, Econometrica 46:1013-1024.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Ranks {
        asked: Asked::new(ENTRY.id, params)?,
    }))
}

#[derive(Debug)]
struct Ranks {
    asked: Asked,
}

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    series: Series,
    title: String,
    ranks: States,
    holders: States,
}

/// Over the steps of a row of states: the share without a change, and the mean distance.
fn moved(row: &[usize]) -> (f64, f64) {
    let steps = (row.len() - 1) as f64;
    let stays = row.windows(2).filter(|p| p[0] == p[1]).count();
    let far: usize = row.windows(2).map(|p| p[0].abs_diff(p[1])).sum();
    (stays as f64 / steps, far as f64 / steps)
}

impl Analysis for Ranks {
    fn needs(&self) -> Vec<Need> {
        self.asked.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let series = self.asked.load(ENTRY.id, study)?;
        let step = series.step(ENTRY.id)?;
        at_least(ENTRY.id, study, series.regions.len(), 2)?;
        let names = series.regions.clone();
        let at_cell = failed("chain of ranks", &names, series.years.len());
        let panel = series.matrix().map_err(&at_cell)?;
        let worked = Worked {
            ranks: full_rank_states(panel).map_err(&at_cell)?,
            holders: geographic_rank_states(panel).map_err(&at_cell)?,
            title: format!(
                "Ranks by {}, {}, {}",
                lower_first(&self.asked.label(study)),
                study.focus.name_en,
                series.span()
            ),
            study,
            series,
        };
        let mut notes = worked.series.notes.clone();
        if step != 1 {
            notes.push(Note::new(NoteKind::Method, format!("A step is {step} years.")));
        }
        notes.push(Note::new(
            NoteKind::Method,
            format!(
                "Mobility after Shorrocks of the chain of ranks is {}.",
                styled(worked.mobility(), Style::Fixed(3))
            ),
        ));
        let moves = worked.moves().map_err(&at_cell)?;
        Ok(Findings {
            tables: vec![worked.table(), worked.regions(), moves],
            figures: Vec::new(),
            notes,
        })
    }
}

impl Worked<'_> {
    /// Stay and mean distance of whoever holds each rank.
    fn of_ranks(&self) -> Vec<(f64, f64)> {
        let (n, steps) = (self.ranks.regions(), self.ranks.periods() - 1);
        let mut found = vec![(0usize, 0usize); n];
        for r in 0..n {
            for pair in self.ranks.row(r).windows(2) {
                found[pair[0]].0 += usize::from(pair[0] == pair[1]);
                found[pair[0]].1 += pair[0].abs_diff(pair[1]);
            }
        }
        let over = |count: usize| count as f64 / steps as f64;
        found
            .into_iter()
            .map(|(stays, far)| (over(stays), over(far)))
            .collect()
    }

    fn mobility(&self) -> f64 {
        let n = self.ranks.regions() as f64;
        let stays: Vec<f64> = self.of_ranks().into_iter().map(|r| r.0).collect();
        (n - quyu_math::sum(&stays)) / (n - 1.0)
    }

    fn name(&self, region: usize) -> String {
        self.study.atlas.regions.label(&self.series.regions[region])
    }

    fn table(&self) -> Table {
        let columns = [C::Rank, C::From, C::To, C::Stability, C::Distance, C::N];
        let mut table = Table::new(ENTRY.id, self.title.clone(), columns.map(Column::key).to_vec());
        let mut rows = Vec::new();
        for (rank, (stay, far)) in self.of_ranks().into_iter().enumerate() {
            let row = self.holders.row(rank);
            let (first, last) = (self.name(row[0]), self.name(row[row.len() - 1]));
            let mut holders = row.to_vec();
            holders.sort_unstable();
            holders.dedup();
            table.push(vec![
                (rank + 1).into(),
                first.clone().into(),
                last.clone().into(),
                stay.into(),
                far.into(),
                holders.len().into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text((rank + 1).to_string()),
                    Shown::Text(first),
                    Shown::Text(last),
                    Shown::Number(stay, Style::Percent(0)),
                    Shown::Number(far, Style::Fixed(2)),
                    Shown::Number(holders.len() as f64, Style::Fixed(0)),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![
                Head::number("Rank"),
                Head::text("Held in the first year by"),
                Head::text("In the last year by"),
                Head::number("Held again (% of steps)"),
                Head::number("Ranks moved a step"),
                Head::number("Regions that held it"),
            ],
            rows,
            source: self.series.source.clone(),
        })
    }

    fn regions(&self) -> Table {
        let columns = [C::Region, C::Name, C::Rank, C::Stability, C::Distance];
        let title = format!("{}: mean rank and moves by region", self.title);
        let mut table = Table::new("regions", title, columns.map(Column::key).to_vec());
        for (r, region) in self.series.regions.iter().enumerate() {
            let row = self.ranks.row(r);
            let mean = row.iter().sum::<usize>() as f64 / row.len() as f64 + 1.0;
            let (stay, far) = moved(row);
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                mean.into(),
                stay.into(),
                far.into(),
            ]);
        }
        table
    }

    fn moves(&self) -> Result<Table, quyu_econometrics::Error> {
        let columns = [C::FromState, C::ToState, C::Estimate, C::N];
        let title = format!("{}: moves from rank to rank", self.title);
        let mut table = Table::new("moves", title, columns.map(Column::key).to_vec());
        let transitions = self.ranks.transitions()?;
        let k = transitions.k();
        let p = transitions.probabilities();
        for (c, count) in transitions.counts().iter().enumerate().filter(|(_, n)| **n > 0.0) {
            table.push(vec![
                (c / k + 1).into(),
                (c % k + 1).into(),
                p[c].into(),
                (*count as usize).into(),
            ]);
        }
        Ok(table)
    }
}

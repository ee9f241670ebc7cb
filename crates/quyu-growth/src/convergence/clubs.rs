//! `clubs`: which regions converge to each other, though not all do.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Line, Role};
use quyu_core::number::lower_first;
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::convergence::{
    Club, ClubOptions, Clubs, CoreThreshold, LogT, LogTOptions, Merging, SortBy, Trim, clubs, hp_filter,
    log_t, merge_clubs,
};
use quyu_econometrics::{Error, Matrix};

use super::series::{Asked, BASE_YEAR, CHAIN, POPULATION, Series, VALUE, chain_manual};
use super::{failed, refuse};

/// The declaration of `clubs`.
pub(crate) const ENTRY: Entry = Entry {
    id: "clubs",
    summary: "Convergence clubs: which regions converge to each other (log t regression, club search, merging)",
    manual: MANUAL,
    params: &[
        VALUE,
        CHAIN,
        BASE_YEAR,
        POPULATION,
        Param::with_default(
            "transform",
            ParamKind::Choice(&["log", "none"]),
            "log",
            "logarithms of the value, or the value as it is",
        ),
        Param::with_default(
            "smoothing",
            ParamKind::Number { min: 0.0, max: 1e12 },
            "400",
            "lambda of the Hodrick-Prescott filter; 0 leaves the series as they are",
        ),
        Param::optional(
            "trim",
            ParamKind::Number { min: 0.0, max: 0.9 },
            "share of the first years left out of the regression; by the rule of Phillips and Sul if absent",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["fixed", "rising"]),
            "fixed",
            "who joins a core: all with t above 0, or a threshold that rises until the club converges",
        ),
        Param::with_default(
            "sort",
            ParamKind::Choice(&["last", "last-third", "last-half"]),
            "last",
            "by what regions are sorted before the search: the last year, or the mean of the last third or half",
        ),
        Param::with_default(
            "merge",
            ParamKind::Choice(&["phillips-sul", "von-lyncker-thoennessen", "none"]),
            "phillips-sul",
            "how neighbouring clubs that converge together are merged",
        ),
    ],
    example: "value = \"income_yearly\"\nsmoothing = 6.25\n",
    build,
    additive: None,
};

const MANUAL: &str = concat!(
    "\
**Question.** Do all regions converge, and if not, which of them converge to each other?

**Definition.** Each region's series, in logarithms, is split by the filter of Hodrick and Prescott (`smoothing`: 400 as in Phillips and Sul, 6.25 after
Ravn and Uhlig for years, 0 for no filter). With x the trends, h = x / mean of the regions in the year (the *relative transition path*) and
H = mean of (h - 1)^2: least squares of ln(H_1 / H_t) - 2 ln(ln t) on a constant and ln t, t = 1, 2, ... the years, without the first share r of them
(0.3 up to 50 years; `trim`). The standard error is robust to serial correlation (quadratic spectral kernel, bandwidth after Andrews). t below -1.65
rejects convergence at 5 %. Slope = twice the speed: from 2 on levels converge, from 0 to 2 growth rates do.

**Clubs.** Regions are sorted (`sort`), descending. If all that are left converge they are the last club. Otherwise the first two neighbours that
converge start a core, the next join while t stays above -1.65, and the set with the largest t is the core; every other region whose t with the core
exceeds 0 joins (`variant = \"rising\"`: 0, 0.1, ... up to 5 until the club as a whole converges, else the core alone). The club is taken
out and the search begins anew. A region that nobody converges with is in no club. `merge` pools neighbouring clubs while the pool converges (Phillips and
Sul 2009), or only where it does so better than the next two (von Lyncker and Thoennessen 2017). p is the lower tail of the normal distribution.

",
    chain_manual!(),
    "
**Limits.** H of logarithms depends on the unit of the value: take yuan or euro per head, never thousands in one study and units in another. Few years leave few in the
regression, at least five are needed. The search looks at many tests in a row, so the level of 5 % holds for none. A club says who moves together,
not why.

**References.** Phillips and Sul 2007, Econometrica 75:1771-1855; 2009, Journal of Applied Econometrics 24:1153-1185; Hodrick and Prescott 1997, Journal of
Money, Credit and Banking 29:1-16; Ravn and Uhlig 2002, Review of Economics and Statistics 84:371-376; Andrews 1991, Econometrica 59:817-858; Schnurbus, Haupt and
Meier 2017, Journal of Applied Econometrics 32:1039-1042; von Lyncker and Thoennessen 2017, Empirical Economics 52:525-553.
"
);

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let log_t = LogTOptions {
        trim: params.number("trim").map_or(Trim::PhillipsSul, Trim::Fraction),
    };
    Ok(Box::new(Search {
        asked: Asked::new(ENTRY.id, params)?,
        logs: params.text("transform") != Some("none"),
        smoothing: params.number("smoothing").unwrap_or(400.0),
        options: ClubOptions {
            log_t,
            sort: match params.text("sort") {
                Some("last-third") => SortBy::MeanOfLast(1.0 / 3.0),
                Some("last-half") => SortBy::MeanOfLast(0.5),
                _ => SortBy::Last,
            },
            threshold: match params.text("variant") {
                Some("rising") => CoreThreshold::Rising {
                    start: 0.0,
                    step: 0.1,
                    cap: 5.0,
                },
                _ => CoreThreshold::default(),
            },
            ..ClubOptions::default()
        },
        merging: match params.text("merge") {
            Some("none") => None,
            Some("von-lyncker-thoennessen") => Some(Merging::VonLynckerThoennessen),
            _ => Some(Merging::PhillipsSul),
        },
    }))
}

#[derive(Debug)]
struct Search {
    asked: Asked,
    logs: bool,
    smoothing: f64,
    options: ClubOptions,
    merging: Option<Merging>,
}

/// Lines up to which a reader can tell them apart.
const MOST_LINES: usize = 7;

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    series: Series,
    title: String,
    /// Relative transition paths, regions by years.
    paths: Vec<f64>,
    /// The regression over all regions; none where they are equal in a year.
    whole: Option<LogT>,
    found: Clubs,
}

impl Analysis for Search {
    fn needs(&self) -> Vec<Need> {
        self.asked.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let series = self.asked.load(ENTRY.id, study)?;
        series.step(ENTRY.id)?;
        if series.regions.len() < 2 {
            return Err(refuse(
                ENTRY.id,
                format!(
                    "{} is one region, which has nobody to converge with",
                    study.focus.name_en
                ),
            ));
        }
        let (rows, cols) = (series.regions.len(), series.years.len());
        let names = series.regions.clone();
        let at_cell = failed("convergence clubs", &names, cols);
        let short = || {
            refuse(
                ENTRY.id,
                format!(
                    "{cols} years leave fewer than the five that the regression needs; choose a longer period or a smaller `trim`"
                ),
            )
        };
        let at_cell = |error: Error| match error {
            Error::TooFew {
                argument: "periods" | "series",
                ..
            } => short(),
            error => at_cell(error),
        };
        let trends = self.trends(&series).map_err(at_cell)?;
        let panel = Matrix::new(&trends, rows, cols).map_err(at_cell)?;
        let mut found = clubs(panel, &self.options).map_err(at_cell)?;
        let before = found.clubs.len();
        if let Some(merging) = self.merging {
            found.clubs = merge_clubs(panel, &found.clubs, merging, &self.options).map_err(at_cell)?;
        }
        let worked = Worked {
            title: format!(
                "Convergence clubs by {}, {}, {}",
                lower_first(&self.asked.label(study)),
                study.focus.name_en,
                series.span()
            ),
            whole: match log_t(panel, &self.options.log_t) {
                Ok(fit) => Some(fit),
                Err(Error::Undefined { .. }) => None,
                Err(error) => return Err(at_cell(error)),
            },
            paths: relative(&trends, cols),
            study,
            series,
            found,
        };
        Ok(Findings {
            tables: vec![worked.table(), worked.members(), worked.transitions()],
            figures: vec![worked.figure()],
            notes: self.notes(&worked, before),
        })
    }
}

impl Search {
    /// Trends of the logarithms, regions by years. A position in an error is that of the cell, or the first of the region.
    fn trends(&self, series: &Series) -> Result<Vec<f64>, Error> {
        let cols = series.years.len();
        let cells: Vec<f64> = match self.logs {
            false => series.cells.clone(),
            true => {
                let bad = series.cells.iter().copied().enumerate().find(|(_, v)| *v <= 0.0);
                if let Some((index, value)) = bad {
                    let argument = "value";
                    return Err(match value {
                        0.0 => Error::Zero { argument, index },
                        value => Error::Negative {
                            argument,
                            index,
                            value,
                        },
                    });
                }
                series.cells.iter().map(|v| quyu_math::ln(*v)).collect()
            }
        };
        if self.smoothing == 0.0 {
            return Ok(cells);
        }
        let mut trends = Vec::with_capacity(cells.len());
        for row in cells.chunks(cols) {
            trends.extend(hp_filter(row, self.smoothing)?.trend);
        }
        Ok(trends)
    }

    fn notes(&self, worked: &Worked<'_>, before: usize) -> Vec<Note> {
        let mut notes = worked.series.notes.clone();
        let mut say = |text: String| notes.push(Note::new(NoteKind::Method, text));
        let filter = match self.smoothing {
            0.0 => "no filter".to_owned(),
            lambda => format!("a Hodrick-Prescott filter with lambda {lambda}"),
        };
        if let Some(first) = worked.whole.map(|fit| fit.first) {
            say(format!(
                "{} years with {filter}; the regressions begin with year {first} of them, {}.",
                worked.series.years.len(),
                worked.series.years[first - 1]
            ));
        }
        let after = worked.found.clubs.len();
        if after < before {
            say(format!("{before} clubs were found and merged into {after}."));
        }
        if worked.found.clubs.is_empty() {
            say("No two regions converge: there is no club.".to_owned());
        }
        notes
    }
}

/// Each value over the mean of its column.
fn relative(panel: &[f64], cols: usize) -> Vec<f64> {
    let rows = panel.len() / cols;
    let means: Vec<f64> = (0..cols)
        .map(|t| quyu_math::sum_by(rows, |r| panel[r * cols + t]) / rows as f64)
        .collect();
    panel
        .iter()
        .enumerate()
        .map(|(c, v)| v / means[c % cols])
        .collect()
}

impl Worked<'_> {
    fn name(&self, region: usize) -> String {
        self.study.atlas.regions.label(&self.series.regions[region])
    }

    /// The number of the club of a region, from 1.
    fn club_of(&self, region: usize) -> Option<usize> {
        let has = |club: &Club| club.members.contains(&region);
        self.found.clubs.iter().position(has).map(|c| c + 1)
    }

    /// All regions, then each club, then those in none.
    fn lines(&self) -> Vec<(String, usize, Option<LogT>, String)> {
        let names = |members: &[usize]| -> String {
            let names: Vec<String> = members.iter().map(|r| self.name(*r)).collect();
            names.join(", ")
        };
        let all = (
            "all".to_owned(),
            self.series.regions.len(),
            self.whole,
            String::new(),
        );
        let clubs = self.found.clubs.iter().enumerate().map(|(c, club)| {
            let members = names(&club.members);
            ((c + 1).to_string(), club.members.len(), club.log_t, members)
        });
        let mut lines: Vec<_> = std::iter::once(all).chain(clubs).collect();
        let alone = &self.found.divergent;
        if !alone.is_empty() {
            lines.push(("none".to_owned(), alone.len(), None, names(alone)));
        }
        lines
    }

    fn table(&self) -> Table {
        let columns = [
            C::Cluster,
            C::N,
            C::Estimate,
            C::StdError,
            C::Z,
            C::PValue,
            C::Verdict,
            C::Note,
        ];
        let mut table = Table::new(ENTRY.id, self.title.clone(), columns.map(Column::key).to_vec());
        let mut rows = Vec::new();
        for (club, n, fit, members) in self.lines() {
            let verdict = match (&fit, club.as_str()) {
                (_, "none") => "in no club",
                (None, _) => "equal",
                (Some(fit), _) if fit.t < -1.65 => "not converging",
                (Some(fit), _) if fit.slope >= 2.0 => "levels converge",
                (Some(fit), _) if fit.slope >= 0.0 => "growth converges",
                (Some(_), _) => "not rejected",
            };
            let number = |f: fn(&LogT) -> f64| fit.as_ref().map(f);
            table.push(vec![
                club.clone().into(),
                n.into(),
                number(|f| f.slope).into(),
                number(|f| f.std_error).into(),
                number(|f| f.t).into(),
                number(|f| f.p_value).into(),
                verdict.into(),
                members.clone().into(),
            ]);
            rows.push(ViewRow {
                strong: club == "all",
                cells: vec![
                    Shown::Text(match club.as_str() {
                        "all" => "All regions".to_owned(),
                        "none" => "In no club".to_owned(),
                        number => format!("Club {number}"),
                    }),
                    Shown::Text(n.to_string()),
                    Shown::maybe(number(|f| f.slope), Style::Fixed(3)),
                    Shown::maybe(number(|f| f.std_error), Style::Fixed(3)),
                    Shown::maybe(number(|f| f.t), Style::Signed(2)),
                    Shown::Text(verdict.to_owned()),
                    Shown::Text(members),
                ],
            });
        }
        table.with_view(View {
            head: vec![
                Head::text("Club"),
                Head::number("Regions"),
                Head::number("Slope"),
                Head::number("Standard error"),
                Head::number("t"),
                Head::text("Verdict"),
                Head::text("Members"),
            ],
            rows,
            source: self.series.source.clone(),
        })
    }

    /// The club of each region, and where its path ends.
    fn members(&self) -> Table {
        let columns = [C::Region, C::Name, C::Cluster, C::Estimate];
        let mut table = Table::new(
            "members",
            format!("{}: relative transition in the last year", self.title),
            columns.map(Column::key).to_vec(),
        );
        let cols = self.series.years.len();
        for (r, region) in self.series.regions.iter().enumerate() {
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                self.club_of(r)
                    .map_or("none".to_owned(), |c| c.to_string())
                    .into(),
                self.paths[(r + 1) * cols - 1].into(),
            ]);
        }
        table
    }

    fn transitions(&self) -> Table {
        let columns = [C::Region, C::Year, C::Estimate];
        let mut table = Table::new(
            "paths",
            format!("{}: relative transition paths", self.title),
            columns.map(Column::key).to_vec(),
        );
        let years = &self.series.years;
        for (c, path) in self.paths.iter().enumerate() {
            table.push(vec![
                self.series.regions[c / years.len()].to_string().into(),
                i64::from(years[c % years.len()].get()).into(),
                (*path).into(),
            ]);
        }
        table
    }

    /// The mean path of each club.
    fn figure(&self) -> Figure {
        let years = &self.series.years;
        let mean = |members: &[usize], t: usize| {
            quyu_math::sum_by(members.len(), |m| self.paths[members[m] * years.len() + t])
                / members.len() as f64
        };
        let line = |label: String, members: &[usize], role: Role| Line {
            label,
            points: (0..years.len())
                .map(|t| Some((f64::from(years[t].get()), mean(members, t))))
                .collect(),
            role,
        };
        let clubs = self.found.clubs.iter().enumerate();
        let mut lines: Vec<Line> = clubs
            .map(|(c, club)| line(format!("Club {}", c + 1), &club.members, Role::Category(c)))
            .collect();
        let alone = &self.found.divergent;
        if lines.len() + alone.len() <= MOST_LINES {
            lines.extend(alone.iter().map(|r| line(self.name(*r), &[*r], Role::Other)));
        }
        let clubs = self.found.clubs.len();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{}: mean paths", self.title),
            alt: format!(
                "Relative transition paths over {} years: the mean of each of {clubs} clubs{}. One is the mean of all regions.",
                years.len(),
                match lines.len() > clubs {
                    true => ", and the regions in none",
                    false => "",
                }
            ),
            source: self.series.source.clone(),
            chart: Chart::Lines {
                x: Axis::years(),
                y: Axis::new("Relative to the mean of the regions", ""),
                lines,
                from_zero: false,
            },
        }
    }
}

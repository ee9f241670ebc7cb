//! `shapley`: any index of a sum, shared out over its sources by Shapley's rule.

use quyu_core::ColumnName as C;
use quyu_core::figure::Figure;
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind, Params,
    Progress, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{Absent, CvOptions, GiniOptions, Index, shapley_sources};
use quyu_econometrics::{Error, Matrix};

use super::columns::{self, Line, SOURCES, Sources};
use super::common::{Place, bar};
use super::groups::{ALPHA, EPSILON};
use super::source_rows;
use crate::sample::{BY, VINTAGE, WEIGHT};

/// More sources than this make more than a million sums.
const MOST: usize = 20;

/// The declaration of `shapley`.
pub(crate) const ENTRY: Entry = Entry {
    id: "shapley",
    summary: "An index of a sum, shared out over its sources by Shapley's rule",
    manual: MANUAL,
    params: &[
        SOURCES,
        WEIGHT,
        Param::with_default(
            "index",
            ParamKind::Choice(&["gini", "theil-t", "mld", "ge", "atkinson", "cv", "hoover"]),
            "gini",
            "the index that is shared out; `ge` needs `alpha`, `atkinson` needs `epsilon`",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&["absent-mean", "absent-zero"]),
            "absent-mean",
            "what an absent source is: the same for every region, or nothing",
        ),
        ALPHA,
        EPSILON,
        BY,
        VINTAGE,
    ],
    example: "value = [\"va4.farming\", \"va4.making\", \"va4.services\", \"va4.research\"]\n",
    build: |p| Ok(Box::new(Shapley::new(p)?)),
    additive: Some(source_rows::shapley),
};

const MANUAL: &str = "\
**Question.** How much of an index does each source bring, if the order in which sources are counted must not matter?

**Definition.** A coalition is a set of sources that are present; its value is the index of the sum where the absent sources are replaced by
their mean. The contribution of a source is the mean, over all orders in which the sources could arrive, of what its arrival adds:
phi_k = sum over coalitions S without k of |S|! (K - |S| - 1)! / K! [I(S and k) - I(S)]. The contributions add up to the index. With every
source absent, and where all totals are equal or zero, the index counts as 0.

**Data.** Sources must share a unit. An indicator that adds up over regions is divided by the weight where there is one, and a note says
so; a ratio is taken as it is. At most 20 sources: the index is computed for each of the 2^K coalitions.

**Variant `absent-zero`.** An absent source is nothing at all. The index of a sum of few sources may then be large, and contributions are other numbers than
with the mean; `mld` has no value where a region has nothing of the sources that are present.

**Limits.** The contribution of a source depends on how finely the others are split.

**References.** Shapley 1953, in Contributions to the Theory of Games II; Shorrocks 2013, Journal of Economic Inequality 11:99-126; Araar and Duclos
2008, Distributive Analysis Stata Package (the mean as default).
";

#[derive(Debug)]
struct Shapley {
    sources: Sources,
    rule: Rule,
}

/// Which index is shared out, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    index: Index,
    name: &'static str,
    absent: Absent,
}

struct Split {
    line: String,
    year: Year,
    parts: Vec<f64>,
    total: f64,
}

impl Rule {
    pub(super) fn read(params: &Params) -> Result<Self, ParamError> {
        let refuse = |reason: &str| ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: reason.to_owned(),
        };
        let (alpha, epsilon) = (params.number("alpha"), params.number("epsilon"));
        let name = params.text("index").unwrap_or("gini");
        if alpha.is_some() && name != "ge" {
            return Err(refuse("`alpha` belongs to `index = \"ge\"`"));
        }
        if epsilon.is_some() && name != "atkinson" {
            return Err(refuse("`epsilon` belongs to `index = \"atkinson\"`"));
        }
        let (index, name) = match name {
            "theil-t" => (Index::TheilT, "theil-t"),
            "mld" => (Index::Mld, "mld"),
            "ge" => {
                let alpha = alpha.ok_or_else(|| refuse("`index = \"ge\"` needs `alpha`, the order"))?;
                (Index::Ge(alpha), "ge")
            }
            "atkinson" => {
                let epsilon = epsilon.ok_or_else(|| {
                    refuse("`index = \"atkinson\"` needs `epsilon`, the aversion to inequality")
                })?;
                (Index::Atkinson(epsilon), "atkinson")
            }
            "cv" => (Index::Cv(CvOptions::default()), "cv"),
            "hoover" => (Index::Hoover, "hoover"),
            _ => (Index::Gini(GiniOptions::default()), "gini"),
        };
        Ok(Self {
            index,
            name,
            absent: match params.text("variant") {
                Some("absent-zero") => Absent::Zero,
                _ => Absent::Mean,
            },
        })
    }

    pub(super) fn label(&self) -> String {
        match self.index {
            Index::TheilT => "Theil T".to_owned(),
            Index::Mld => "Theil L (mean log deviation)".to_owned(),
            Index::Ge(alpha) => format!("Generalised entropy (alpha = {alpha})"),
            Index::Atkinson(epsilon) => format!("Atkinson index (epsilon = {epsilon})"),
            Index::Cv(_) => "Coefficient of variation".to_owned(),
            Index::Hoover => "Hoover index".to_owned(),
            _ => "Gini coefficient".to_owned(),
        }
    }

    fn variant(&self) -> &'static str {
        match self.absent {
            Absent::Mean => "absent-mean",
            Absent::Zero => "absent-zero",
        }
    }

    /// The index of the sum, and what each source brings.
    pub(super) fn split(&self, table: Matrix<'_>, w: Option<&[f64]>) -> Result<(f64, Vec<f64>), Error> {
        let totals: Vec<f64> = (0..table.rows()).map(|i| quyu_math::sum(table.row(i))).collect();
        let total = self.index.of(&totals, w)?;
        let parts = shapley_sources(table, w, self.absent, |x, w| self.index.of(x, w))?;
        Ok((total, parts))
    }

    /// Why so many sources are too many, if they are.
    pub(super) fn too_many(sources: usize) -> Option<String> {
        (sources > MOST).then(|| {
            format!(
                "there are {sources} sources, and the index would be computed 2^{sources} times; add some of them up, at most {MOST} are taken"
            )
        })
    }

    /// The rows of one split under the cells of year and vintage.
    pub(super) fn rows<'a>(
        &self,
        (total, parts): (f64, &[f64]),
        keys: &[Cell; 2],
        sources: impl Iterator<Item = &'a str>,
    ) -> Vec<Vec<Cell>> {
        let row = |component: &str, class: Option<&str>, x: f64| {
            vec![
                keys[0].clone(),
                keys[1].clone(),
                self.variant().into(),
                self.name.into(),
                component.into(),
                class.map_or(Cell::Missing, Cell::from),
                x.into(),
                super::common::share(x, total).into(),
            ]
        };
        let parts = sources.zip(parts).map(|(key, x)| row("source", Some(key), *x));
        std::iter::once(row("total", None, total)).chain(parts).collect()
    }
}

/// The table without rows.
pub(super) fn empty(title: &str) -> Table {
    Table::new(
        ENTRY.id,
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Variant),
            Column::key(C::Statistic),
            Column::key(C::Component),
            Column::key(C::Class),
            Column::of(C::Contribution, "1"),
            Column::of(C::Share, "1"),
        ],
    )
}

impl Shapley {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            sources: Sources::new(ENTRY.id, params)?,
            rule: Rule::read(params)?,
        })
    }

    fn splits(&self, study: &Study, line: &Line) -> Result<Vec<Split>, AnalysisError> {
        let name = self.rule.label();
        let k = line.sources.len();
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let place = Place {
                analysis: ENTRY.id,
                statistic: &name,
                study,
                regions: &line.block.regions,
                year: *year,
            };
            if let Some(reason) = Rule::too_many(k) {
                return Err(place.reason(reason));
            }
            let data = line.table(y);
            let w = line.w(y);
            let found =
                Matrix::new(&data, line.block.regions.len(), k).and_then(|table| self.rule.split(table, w));
            let (total, parts) = found.map_err(|e| self.refuse(&place, e))?;
            out.push(Split {
                line: line.label.clone(),
                year: *year,
                parts,
                total,
            });
        }
        Ok(out)
    }

    fn refuse(&self, place: &Place<'_>, error: Error) -> AnalysisError {
        let advice = match self.rule.absent {
            Absent::Zero => {
                "where some sources are absent a region has nothing left; take `variant = \"absent-mean\"` or another `index`"
            }
            Absent::Mean => "leave the region out of the focus, or take another `index`",
        };
        place.refuse(error, advice)
    }

    fn table(&self, title: &str, lines: &[Line], splits: &[Split]) -> Table {
        let mut table = empty(title);
        for split in splits {
            let keys = [
                Cell::Integer(i64::from(split.year.get())),
                split.line.clone().into(),
            ];
            let sources = lines[0].sources.iter().map(|(key, _)| key.as_str());
            table
                .rows
                .extend(self.rule.rows((split.total, &split.parts), &keys, sources));
        }
        table
    }

    /// The contributions of the first and the last year.
    fn view(&self, lines: &[Line], splits: &[Split], source: &str) -> View {
        let several = lines.len() > 1;
        let mut ends: Vec<&Split> = splits.first().into_iter().collect();
        ends.extend(splits.last().filter(|_| splits.len() > 1));
        let mut head = vec![Head::text("Source")];
        for split in &ends {
            let year = super::common::year_cell(split.year, &split.line, several);
            head.push(Head::number(format!("Contribution, {year}")));
            head.push(Head::number(format!("Share, {year} (%)")));
        }
        let row = |label: &str, strong: bool, of: &dyn Fn(&Split) -> f64| {
            let mut cells = vec![Shown::Text(label.to_owned())];
            for split in &ends {
                cells.push(Shown::Number(of(split), Style::Fixed(4)));
                let share = super::common::share(of(split), split.total);
                cells.push(Shown::maybe(share, Style::Percent(1)));
            }
            ViewRow { cells, strong }
        };
        let mut rows: Vec<ViewRow> = lines[0]
            .sources
            .iter()
            .enumerate()
            .map(|(k, (_, label))| row(label, false, &|split| split.parts[k]))
            .collect();
        rows.push(row(&self.rule.label(), true, &|split| split.total));
        View {
            head,
            rows,
            source: source.to_owned(),
        }
    }

    fn figure(&self, title: String, lines: &[Line], splits: &[Split]) -> Figure {
        let mut alt = format!("Bars of {title}.");
        if let Some(last) = splits.last() {
            let named = lines[0].sources.iter().zip(&last.parts);
            if let Some(((_, label), part)) = named.max_by(|a, b| a.1.total_cmp(b.1)) {
                alt.push_str(&format!(
                    " {}: {}, of which {} brings most ({}).",
                    last.year,
                    styled(last.total, Style::Fixed(4)),
                    lower_first(label),
                    styled(*part, Style::Fixed(4))
                ));
            }
        }
        let several = lines.len() > 1;
        let bars = splits
            .iter()
            .map(|s| bar(s.year, &s.line, several, s.parts.clone()));
        columns::figure(ENTRY.id, &self.rule.label(), title, alt, lines, bars.collect())
    }
}

impl Analysis for Shapley {
    fn needs(&self) -> Vec<Need> {
        self.sources.needs()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (lines, splits) = self
            .sources
            .splits(study, progress, |line| self.splits(study, line))?;
        let title = self.sources.title(study, &self.rule.label());
        let source = columns::source(lines.iter().map(|l| &l.block));
        let view = self.view(&lines, &splits, &source);
        Ok(Findings {
            tables: vec![self.table(&title, &lines, &splits).with_view(view)],
            figures: vec![self.figure(title, &lines, &splits)],
            notes: columns::notes(lines.iter().map(|l| &l.block)),
        })
    }
}

//! `decompose-regression`: how much of the inequality the terms of a regression account for.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Figure};
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Block, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind,
    Params, Progress, Shown, Study, Style, Table, Term, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{Fields, fields};
use quyu_econometrics::{Error, Matrix};
use quyu_math::ln;

use super::columns::{choices, common_years, notes, source, with_choices};
use super::common::{Place, bar, parts_chart};
use super::regression_rows;
use crate::sample::{BY, VINTAGE, WEIGHT};

/// The declaration of `decompose-regression`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose-regression",
    summary: "How much of the inequality each term of a regression accounts for",
    manual: MANUAL,
    params: &[
        Param::required("value", ParamKind::Column, "the variable that is explained"),
        WEIGHT,
        Param::required(
            "features",
            ParamKind::List(&ParamKind::Column),
            "the indicators that explain it, each a term",
        ),
        Param::optional(
            "group",
            ParamKind::Expr,
            "a partition whose groups are one more term, as dummies",
        ),
        Param::with_default(
            "transform",
            ParamKind::Choice(&["log", "none"]),
            "log",
            "whether the natural logarithm of the value is explained, or the value",
        ),
        BY,
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\nfeatures = [\"rd_per_gdp\"]\ngroup = \"halves\"\n",
    build: |p| Ok(Box::new(Regression::new(p)?)),
    additive: Some(regression_rows::build),
};

const MANUAL: &str = "\
**Question.** How much of the inequality between regions goes with R&D, schooling, location, and how much with nothing that was measured?

**Definition.** y = ln(value) is regressed on the terms by least squares, with the weights where there are any. The share of term k is
s_k = cov(b_k x_k, y) / var(y), that of the residual 1 - R^2; they add up to 1 to 1e-12. A partition makes one term: its dummies
together, whichever group is left out. `contribution` is the share of the variance of y (ddof 0, weighted), `estimate` the coefficient of an
indicator in its own unit. The shares are the same for every index that treats the parts alike. `transform = \"none\"` explains the value
itself.

**Limits.** A share is negative where a term narrows the differences that the others make. Terms that go together share what they explain by their coefficients;
nothing here is a cause. With few regions the coefficients, and so the shares, are fragile.

**References.** Fields 2003, Research in Labor Economics 22:1-38; Shorrocks 1982, Econometrica 50:193-211.
";

#[derive(Debug)]
pub(super) struct Regression {
    pub(super) value: Term,
    pub(super) weight: Option<Term>,
    pub(super) features: Vec<Term>,
    pub(super) group: Option<String>,
    pub(super) log: bool,
    pub(super) last_only: bool,
    vintages: Vec<String>,
}

/// The split of one year of one line.
struct Split {
    line: String,
    year: Year,
    n: usize,
    of: Fields,
}

impl Regression {
    pub(super) fn new(params: &Params) -> Result<Self, ParamError> {
        let weight = params.text("weight").map(|_| params.term(ENTRY.id, "weight"));
        let made = Self {
            value: params.term(ENTRY.id, "value")?,
            weight: weight.transpose()?,
            features: params.terms(ENTRY.id, "features")?,
            group: params.text("group").map(str::to_owned),
            log: params.text("transform") != Some("none"),
            last_only: params.text("by") == Some("last"),
            vintages: choices(params),
        };
        let repeated = made
            .features
            .iter()
            .enumerate()
            .find(|(i, f)| made.features[..*i].contains(f) || **f == made.value);
        match repeated {
            Some((_, term)) => Err(ParamError::Combination {
                analysis: ENTRY.id.to_owned(),
                reason: format!("`{term}` cannot explain itself or stand twice among `features`"),
            }),
            None => Ok(made),
        }
    }

    fn terms(&self) -> Vec<Term> {
        let first = std::iter::once(&self.value);
        first.chain(&self.features).chain(&self.weight).cloned().collect()
    }

    fn block(&self, study: &Study) -> Result<Block, AnalysisError> {
        let terms = self.terms();
        let years = if self.last_only {
            vec![study.period.to]
        } else {
            common_years(study, &terms)?
        };
        if years.is_empty() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "there is no year between {} and {} in which {} has figures of all terms in the vintages chosen",
                    study.period.from, study.period.to, study.focus.name_en
                ),
            });
        }
        Ok(study.block(&terms, study.focus.members(), &years)?)
    }

    fn splits(&self, study: &Study, block: &Block) -> Result<Vec<Split>, AnalysisError> {
        let line = block.vintages(&study.atlas.vintages);
        let dummies = match &self.group {
            Some(id) => Some(
                study
                    .atlas
                    .partition(id)?
                    .cover(&study.focus.id, &block.regions)?,
            ),
            None => None,
        };
        let labels = dummies
            .as_ref()
            .map(|(labels, groups)| (labels.as_slice(), groups.len()));
        let mut out = Vec::new();
        for (y, year) in block.years.iter().enumerate() {
            let place = Place {
                analysis: ENTRY.id,
                statistic: "Regression",
                study,
                regions: &block.regions,
                year: *year,
            };
            out.push(Split {
                line: line.clone(),
                year: *year,
                n: block.regions.len(),
                of: self.fit(block, y, labels, &place)?,
            });
        }
        Ok(out)
    }

    fn fit(
        &self,
        block: &Block,
        y: usize,
        labels: Option<(&[usize], usize)>,
        place: &Place<'_>,
    ) -> Result<Fields, AnalysisError> {
        let explained = self.explained(block.column(0, y), place)?;
        let k = self.features.len();
        let features: Vec<&[f64]> = (1..=k).map(|t| block.column(t, y)).collect();
        let w = self.weight.is_some().then(|| block.column(k + 1, y));
        fit(&explained, &features, labels, w).map_err(|e| self.refuse(e, place))
    }

    fn explained(&self, x: &[f64], place: &Place<'_>) -> Result<Vec<f64>, AnalysisError> {
        if !self.log {
            return Ok(x.to_vec());
        }
        if let Some(index) = x.iter().position(|v| *v <= 0.0) {
            let region = &place.regions[index];
            return Err(place.reason(format!(
                "{} in {}: the value of {} ({region}) is {}, which has no logarithm; leave the region out of the focus, or write `transform = \"none\"`",
                place.statistic,
                place.year,
                place.study.atlas.regions.label(region),
                x[index]
            )));
        }
        Ok(x.iter().map(|v| ln(*v)).collect())
    }

    fn refuse(&self, error: Error, place: &Place<'_>) -> AnalysisError {
        match error {
            Error::Singular { .. } => place.reason(format!(
                "in {} one of the terms follows from the others (a feature that is equal everywhere, or constant inside the groups), so their shares are not determined; leave one out",
                place.year
            )),
            Error::TooFew { needed, .. } => place.reason(format!(
                "there are {} regions, and the regression of {} needs at least {needed}; take fewer `features`",
                place.regions.len(),
                place.year
            )),
            other => place.refuse(other, "leave the region out of the focus"),
        }
    }

    /// Key and label of each term, the partition last.
    fn names(&self, study: &Study) -> Result<Vec<(String, String)>, AnalysisError> {
        let codebook = &study.atlas.codebook;
        let mut names: Vec<(String, String)> = self
            .features
            .iter()
            .map(|term| (term.to_string(), codebook.label(term)))
            .collect();
        if let Some(id) = &self.group {
            names.push((id.clone(), study.atlas.partition(id)?.label.clone()));
        }
        Ok(names)
    }

    fn table(&self, title: &str, names: &[(String, String)], splits: &[Split], view: View) -> Table {
        let mut table = empty(title);
        for s in splits {
            let keys = [Cell::Integer(i64::from(s.year.get())), s.line.clone().into()];
            let names = names.iter().map(|(key, _)| key.as_str());
            table
                .rows
                .extend(rows((&s.of, s.n), self.features.len(), &keys, names));
        }
        table.with_view(view)
    }

    /// Shares of the last year.
    fn view(&self, names: &[(String, String)], last: &Split, source: String) -> View {
        let row = |label: &str, coefficient: Option<f64>, share: f64, strong: bool| ViewRow {
            cells: vec![
                Shown::Text(label.to_owned()),
                coefficient.map_or(Shown::Missing, |b| Shown::Number(b, Style::Fixed(decimals(b)))),
                Shown::Number(share * last.of.variance, Style::Fixed(4)),
                Shown::Number(share, Style::Percent(1)),
            ],
            strong,
        };
        let mut rows: Vec<ViewRow> = names
            .iter()
            .enumerate()
            .map(|(k, (_, label))| {
                let own = k < self.features.len();
                row(
                    label,
                    own.then(|| last.of.coefficients[k + 1]),
                    last.of.shares[k],
                    false,
                )
            })
            .collect();
        rows.push(row("Residual", None, last.of.residual, false));
        rows.push(row("Variance", None, 1.0, true));
        View {
            head: vec![
                Head::text(format!("Term ({})", last.year)),
                Head::number("Coefficient"),
                Head::number("Contribution"),
                Head::number("Share of the variance (%)"),
            ],
            rows,
            source,
        }
    }

    fn figure(
        &self,
        title: String,
        names: &[(String, String)],
        splits: &[Split],
        several: bool,
        source: String,
    ) -> Figure {
        let mut alt = format!("Bars of {title}.");
        if let Some(last) = splits.last() {
            alt.push_str(&format!(
                " {}: the terms together account for {} % of the variance.",
                last.year,
                styled(1.0 - last.of.residual, Style::Percent(1))
            ));
        }
        let mut parts: Vec<String> = names.iter().map(|(_, label)| lower_first(label)).collect();
        parts.push("residual".to_owned());
        let bars = splits.iter().map(|s| {
            let shares = s.of.shares.iter().chain([&s.of.residual]);
            bar(
                s.year,
                &s.line,
                several,
                shares.map(|share| 100.0 * share).collect(),
            )
        });
        Figure {
            id: ENTRY.id.to_owned(),
            title,
            alt,
            source,
            chart: parts_chart(Axis::new("Share of the variance", "%"), parts, bars.collect()),
        }
    }
}

/// The regression of what is explained on features and, where there are groups, on their dummies.
pub(super) fn fit(
    explained: &[f64],
    features: &[&[f64]],
    labels: Option<(&[usize], usize)>,
    w: Option<&[f64]>,
) -> Result<Fields, Error> {
    let (n, k) = (explained.len(), features.len());
    let dummies = labels.map_or(0, |(_, groups)| groups.saturating_sub(1));
    let mut data = Vec::with_capacity(n * (k + dummies));
    for r in 0..n {
        data.extend(features.iter().map(|feature| feature[r]));
        // The first group is the one left out.
        data.extend((1..=dummies).map(|g| f64::from(u8::from(labels.is_some_and(|(l, _)| l[r] == g)))));
    }
    let term_of: Vec<usize> = (0..k).chain(std::iter::repeat_n(k, dummies)).collect();
    let terms = k + usize::from(labels.is_some());
    Matrix::new(&data, n, k + dummies).and_then(|x| fields(explained, x, &term_of, terms, w))
}

/// The table without rows.
pub(super) fn empty(title: &str) -> Table {
    Table::new(
        ENTRY.id,
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Component),
            Column::key(C::Statistic),
            Column::key(C::Estimate),
            Column::of(C::Contribution, "1"),
            Column::of(C::Share, "1"),
            Column::key(C::N),
        ],
    )
}

/// The rows of one regression of `n` units under the cells of year and vintage; the first `k` names are those of features.
pub(super) fn rows<'a>(
    (of, n): (&Fields, usize),
    k: usize,
    keys: &[Cell; 2],
    names: impl Iterator<Item = &'a str>,
) -> Vec<Vec<Cell>> {
    let row = |component: &str, term: Option<&str>, coefficient: Option<f64>, share: f64| {
        vec![
            keys[0].clone(),
            keys[1].clone(),
            component.into(),
            term.map_or(Cell::Missing, Cell::from),
            coefficient.into(),
            (share * of.variance).into(),
            share.into(),
            n.into(),
        ]
    };
    let terms = names.enumerate().map(|(t, name)| {
        let coefficient = (t < k).then(|| of.coefficients[t + 1]);
        row("term", Some(name), coefficient, of.shares[t])
    });
    std::iter::once(row("total", None, None, 1.0))
        .chain(terms)
        .chain(std::iter::once(row("residual", None, None, of.residual)))
        .collect()
}

impl Analysis for Regression {
    fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        needs.extend(self.group.clone().map(Need::Partition));
        if self.vintages.is_empty() {
            needs.extend(self.terms().into_iter().map(Need::Indicator));
        } else {
            needs.push(Need::Period);
        }
        needs
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let studies = with_choices(study, &self.vintages)?;
        let (mut blocks, mut splits) = (Vec::new(), Vec::new());
        for (i, chosen) in studies.iter().enumerate() {
            let block = self.block(chosen)?;
            splits.extend(self.splits(chosen, &block)?);
            blocks.push(block);
            progress.step(i + 1, studies.len());
        }
        let names = self.names(study)?;
        let label = study.atlas.codebook.label(&self.value);
        let explained = if self.log {
            format!("the logarithm of {label}")
        } else {
            label
        };
        let title = format!(
            "Variance of {explained}, {}, by terms of a regression",
            study.focus.name_en
        );
        let source = source(blocks.iter());
        let notes = notes(blocks.iter());
        let view = match splits.last() {
            Some(last) => self.view(&names, last, source.clone()),
            None => View::default(),
        };
        Ok(Findings {
            tables: vec![self.table(&title, &names, &splits, view)],
            figures: vec![self.figure(title, &names, &splits, blocks.len() > 1, source)],
            notes,
        })
    }
}

/// Decimals that show three digits of a coefficient, whose unit may make it very small.
fn decimals(x: f64) -> u8 {
    let (mut decimals, mut size) = (0, x.abs());
    while size < 100.0 && size > 0.0 && decimals < 12 {
        size *= 10.0;
        decimals += 1;
    }
    decimals
}

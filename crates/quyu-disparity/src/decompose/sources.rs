//! `decompose-sources`: inequality of a sum, by its sources.

use quyu_core::ColumnName as C;
use quyu_core::figure::Figure;
use quyu_core::number::{lower_first, styled};
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamKind, Params, Progress,
    Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::disparity::{GiniSource, ge, gini_by_source, shorrocks_shares};
use quyu_econometrics::{Error, Matrix};

use super::columns::{self, Line, SOURCES, Sources};
use super::common::{Place, ZERO_ADVICE, bar, share};
use super::source_rows;
use crate::sample::{BY, VINTAGE, WEIGHT};

/// The declaration of `decompose-sources`.
pub(crate) const ENTRY: Entry = Entry {
    id: "decompose-sources",
    summary: "Inequality of a sum by its sources: share, concentration, contribution, marginal effect",
    manual: MANUAL,
    params: &[
        SOURCES,
        WEIGHT,
        Param::with_default(
            "variant",
            ParamKind::Choice(&["lerman-yitzhaki", "shorrocks"]),
            "lerman-yitzhaki",
            "the Gini coefficient by its rank weights, or shares of the variance",
        ),
        BY,
        VINTAGE,
    ],
    example: "value = [\"va4.farming\", \"va4.making\", \"va4.services\", \"va4.research\"]\n",
    build: |p| {
        Ok(Box::new(BySource {
            sources: Sources::new(ENTRY.id, p)?,
            rule: Rule::read(p),
        }))
    },
    additive: Some(source_rows::by_source),
};

const MANUAL: &str = "\
**Question.** Which source, sector or field makes the regions unequal, and would more of it make them more so?

**Definition.** The total of a region is the sum of its sources. G = sum over sources of S_k G_k R_k: S_k the source's share of the total
(*value-share*), G_k its own Gini coefficient (*gini*), R_k the Gini correlation of the source with the total (*correlation*, -1 to 1). The
product is the *contribution*; over G it is the column `share`. Contribution over value-share, relative to G, is the *elasticity*, and
*marginal* = S_k G_k R_k / G - S_k is the relative change of G, in per cent, when the source grows by one per cent everywhere. Ranks of the
total are mid-ranks, so that ties do not depend on the order of rows.

**Data.** Sources must share a unit. An indicator that adds up over regions is divided by the weight where there is one, and a note says
so; a ratio is taken as it is. A source may be negative (a tax); the mean of the total must be positive.

**Variant `shorrocks`.** s_k = cov(y_k, y) / var(y), the rule that is the same for every index that treats sources alike (Shorrocks 1982, Econometrica
50:193-211). The total is half the squared coefficient of variation, GE(2), and the contribution of a source is s_k of it; a source that
equalises has a negative one.

**Limits.** A contribution is an identity, not a cause: a source that everybody has the same of contributes nothing to G, and still lowers it. The
marginal effects add up to zero.

**References.** Lerman and Yitzhaki 1985, Review of Economics and Statistics 67:151-156; Stark, Taylor and Yitzhaki 1986, Economic Journal
96:722-740.
";

#[derive(Debug)]
struct BySource {
    sources: Sources,
    rule: Rule,
}

/// By rank weights, or by shares of the variance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    shorrocks: bool,
}

/// The split of one year of one line.
struct Split {
    line: String,
    year: Year,
    total: f64,
    rows: Vec<Row>,
}

/// One source.
pub(super) struct Row {
    contribution: f64,
    share: Option<f64>,
    value_share: f64,
    /// Only with rank weights.
    gini: Option<GiniSource>,
}

impl Rule {
    pub(super) fn read(params: &Params) -> Self {
        Self {
            shorrocks: params.text("variant") == Some("shorrocks"),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        if self.shorrocks {
            "Half the squared coefficient of variation"
        } else {
            "Gini coefficient"
        }
    }

    fn variant(&self) -> &'static str {
        if self.shorrocks {
            "shorrocks"
        } else {
            "lerman-yitzhaki"
        }
    }

    pub(super) fn split(&self, table: Matrix<'_>, w: Option<&[f64]>) -> Result<(f64, Vec<Row>), Error> {
        let by_rank = gini_by_source(table, w)?;
        if !self.shorrocks {
            let rows = by_rank.sources.iter().map(|s| Row {
                contribution: s.absolute,
                share: s.relative,
                value_share: s.share,
                gini: Some(*s),
            });
            return Ok((by_rank.total, rows.collect()));
        }
        let totals: Vec<f64> = (0..table.rows()).map(|i| quyu_math::sum(table.row(i))).collect();
        let total = ge(&totals, w, 2.0)?;
        let rows = shorrocks_shares(table, w)?
            .into_iter()
            .zip(&by_rank.sources)
            .map(|(s, source)| Row {
                contribution: s * total,
                share: Some(s),
                value_share: source.share,
                gini: None,
            });
        Ok((total, rows.collect()))
    }

    /// The rows of one split under the cells of year and vintage.
    pub(super) fn rows<'a>(
        &self,
        (total, rows): (f64, &[Row]),
        keys: &[Cell; 2],
        sources: impl Iterator<Item = &'a str>,
    ) -> Vec<Vec<Cell>> {
        let mut cells = Vec::new();
        let mut push = |class: Option<&str>, component: &str, x: Option<f64>, of: Option<f64>| {
            if let Some(x) = x {
                cells.push(vec![
                    keys[0].clone(),
                    keys[1].clone(),
                    self.variant().into(),
                    class.map_or(Cell::Missing, Cell::from),
                    component.into(),
                    x.into(),
                    of.into(),
                ]);
            }
        };
        push(None, "total", Some(total), share(total, total));
        for (key, row) in sources.zip(rows) {
            let key = Some(key);
            push(key, "contribution", Some(row.contribution), row.share);
            push(key, "value-share", Some(row.value_share), None);
            if let Some(s) = &row.gini {
                push(key, "gini", s.gini, None);
                push(key, "correlation", s.correlation, None);
                push(key, "elasticity", s.elasticity, None);
                push(key, "marginal", s.marginal, None);
            }
        }
        cells
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
            Column::key(C::Class),
            Column::key(C::Component),
            Column::of(C::Estimate, "1"),
            Column::of(C::Share, "1"),
        ],
    )
}

impl BySource {
    fn splits(&self, study: &Study, line: &Line) -> Result<Vec<Split>, AnalysisError> {
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let place = Place {
                analysis: ENTRY.id,
                statistic: self.rule.name(),
                study,
                regions: &line.block.regions,
                year: *year,
            };
            let data = line.table(y);
            let found = Matrix::new(&data, line.block.regions.len(), line.sources.len())
                .and_then(|table| self.rule.split(table, line.w(y)));
            let (total, rows) = found.map_err(|e| place.refuse(e, ZERO_ADVICE))?;
            out.push(Split {
                line: line.label.clone(),
                year: *year,
                total,
                rows,
            });
        }
        Ok(out)
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
                .extend(self.rule.rows((split.total, &split.rows), &keys, sources));
        }
        table
    }

    /// The sources of the last year.
    fn view(&self, lines: &[Line], last: &Split, source: &str) -> View {
        let mut head = vec![
            Head::text(format!("Source ({})", last.year)),
            Head::number("Share of the total (%)"),
            Head::number("Contribution"),
            Head::number("Share of inequality (%)"),
        ];
        if !self.rule.shorrocks {
            head.push(Head::number("Gini of the source"));
            head.push(Head::number("Gini correlation"));
            head.push(Head::number("Marginal effect (% per %)"));
        }
        let row = |((_, label), row): (&(String, String), &Row)| {
            let mut cells = vec![
                Shown::Text(label.clone()),
                Shown::Number(row.value_share, Style::Percent(1)),
                Shown::Number(row.contribution, Style::Fixed(4)),
                Shown::maybe(row.share, Style::Percent(1)),
            ];
            if let Some(s) = &row.gini {
                cells.push(Shown::maybe(s.gini, Style::Fixed(3)));
                cells.push(Shown::maybe(s.correlation, Style::Fixed(3)));
                cells.push(Shown::maybe(s.marginal, Style::Signed(3)));
            }
            ViewRow { cells, strong: false }
        };
        let mut rows: Vec<ViewRow> = lines[0].sources.iter().zip(&last.rows).map(row).collect();
        let mut total = vec![
            Shown::Text("Total".to_owned()),
            Shown::Number(1.0, Style::Percent(1)),
            Shown::Number(last.total, Style::Fixed(4)),
            Shown::maybe(share(last.total, last.total), Style::Percent(1)),
        ];
        total.resize(head.len(), Shown::Missing);
        rows.push(ViewRow {
            cells: total,
            strong: true,
        });
        View {
            head,
            rows,
            source: source.to_owned(),
        }
    }

    fn figure(&self, title: String, lines: &[Line], splits: &[Split]) -> Figure {
        let mut alt = format!("Bars of {title}.");
        if let Some(last) = splits.last() {
            let rows = lines[0].sources.iter().zip(&last.rows);
            let largest = rows.max_by(|a, b| a.1.contribution.total_cmp(&b.1.contribution));
            if let Some(((_, label), row)) = largest {
                alt.push_str(&format!(
                    " {}: {}, to which {} contributes most ({} %).",
                    last.year,
                    styled(last.total, Style::Fixed(4)),
                    lower_first(label),
                    styled(row.share.unwrap_or(0.0), Style::Percent(1))
                ));
            }
        }
        let several = lines.len() > 1;
        let bars = splits.iter().map(|s| {
            let parts = s.rows.iter().map(|row| row.contribution).collect();
            bar(s.year, &s.line, several, parts)
        });
        columns::figure(ENTRY.id, self.rule.name(), title, alt, lines, bars.collect())
    }
}

impl Analysis for BySource {
    fn needs(&self) -> Vec<Need> {
        self.sources.needs()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (lines, splits) = self
            .sources
            .splits(study, progress, |line| self.splits(study, line))?;
        let title = self.sources.title(study, self.rule.name());
        let source = columns::source(lines.iter().map(|l| &l.block));
        let mut table = self.table(&title, &lines, &splits);
        if let Some(last) = splits.last() {
            table = table.with_view(self.view(&lines, last, &source));
        }
        Ok(Findings {
            tables: vec![table],
            figures: vec![self.figure(title, &lines, &splits)],
            notes: columns::notes(lines.iter().map(|l| &l.block)),
        })
    }
}

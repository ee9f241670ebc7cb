//! `shift-share`: growth split into what the nation, the industry mix and the region itself bring.

use std::any::Any;
use std::collections::BTreeMap;

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Role, Stack};
use quyu_core::number::{lower_first, styled};
use quyu_core::suggest::Near;
use quyu_core::{
    Additive, Analysis, AnalysisError, Batch, Block, Cell, ClassCode, Column, Entry, Findings, Head,
    Indicator, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, Progress, RegionCode, Shown,
    Study, Style, Table, Term, View, ViewRow, Year,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::shift_share::{Component, Reference, ShiftShare, classic};
use quyu_math::Sum;

/// The declaration of `shift-share`.
pub(crate) const ENTRY: Entry = Entry {
    id: "shift-share",
    summary: "Growth split into nation, industry mix and region, per sector and in total",
    manual: MANUAL,
    params: &[
        Param::required(
            "value",
            ParamKind::Column,
            "an indicator that is split by sector (value added, employment)",
        ),
        Param::optional(
            "chain",
            ParamKind::Column,
            "an index (preceding year = 100) by sector that chains the first year forward: growth at constant prices of \
             the first year",
        ),
        Param::with_default(
            "reference",
            ParamKind::Choice(&["nation", "rest"]),
            "nation",
            "the rates of all regions of the reference, or of all but the region itself",
        ),
        Param::optional(
            "substitute",
            ParamKind::List(&ParamKind::Expr),
            "cells to take from another indicator so that sectors close, each `REGION YEAR class = term`, for example \
             `360000 2010 agri = va3.primary`; every one becomes a note",
        ),
    ],
    example: "value = \"va4\"\n",
    build,
    additive: Some(stream),
};

const MANUAL: &str = "\
**Question.** Who grew, and why: because everybody did, because of the sectors a region holds, or because its sectors did better
than the same sectors elsewhere?

**Definition.** With e_ir the value of sector i in region r in the first year, g_ir its growth rate to the last year, G_i the rate of the
sector and G the rate of all sectors in the reference: national share = e_ir G, industry mix = e_ir (G_i - G), regional shift = e_ir (g_ir - G_i).
The three add up to the change of every cell, and so of every region and sector. Weights are those of the first year. The
reference is the sum of its member regions, the region itself included (`reference = \"rest\"` leaves it out). Where a region has
nothing of a sector in the first year there is no rate: the change of the cell goes to the regional shift, and the cell is
flagged. Shares are in percent of the region's value in the first year, so they are comparable between regions.

**Prices.** At current prices a sector whose prices rise faster shows a positive industry mix. With `chain` the value of the last
year is the value of the first year times the product of the yearly real indices, that is, at prices of the first year.

**Limits.** An accounting identity, not a cause. It depends on the sector detail and on the two years chosen.

**References.** Dunn 1960, Papers and Proceedings of the Regional Science Association 6:97-112; Esteban-Marquillas 1972, Regional and
Urban Economics 2:249-255.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    if params.text("chain").is_some() && !params.texts("substitute").is_empty() {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: "`substitute` puts in figures at current prices and cannot stand beside `chain`"
                .to_owned(),
        });
    }
    Ok(Box::new(Classic {
        value: params.term(ENTRY.id, "value")?,
        chain: params
            .text("chain")
            .map(|_| params.term(ENTRY.id, "chain"))
            .transpose()?,
        rest: params.text("reference") == Some("rest"),
        substitutes: params
            .texts("substitute")
            .into_iter()
            .map(Substitute::parse)
            .collect::<Result<_, _>>()?,
    }))
}

#[derive(Debug)]
struct Classic {
    value: Term,
    chain: Option<Term>,
    rest: bool,
    substitutes: Vec<Substitute>,
}

/// A cell that is taken from another indicator, because the sectors of a region do not close.
#[derive(Debug)]
struct Substitute {
    region: RegionCode,
    year: Year,
    class: ClassCode,
    term: Term,
}

impl Substitute {
    /// Reads `REGION YEAR class = term`.
    fn parse(text: &str) -> Result<Self, ParamError> {
        let read = || {
            let (cell, term) = text.split_once('=')?;
            let words: Vec<&str> = cell.split_whitespace().collect();
            let [region, year, class] = words.as_slice() else {
                return None;
            };
            Some(Self {
                region: RegionCode::parse(region).ok()?,
                year: Year::new(year.parse().ok()?).ok()?,
                class: ClassCode::new(class).ok()?,
                term: Term::parse(term.trim()).ok()?,
            })
        };
        read().ok_or_else(|| ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!("`{text}` is not of the form `REGION YEAR class = term`"),
        })
    }
}

/// A study worked out.
struct Worked<'a> {
    study: &'a Study,
    indicator: &'a Indicator,
    regions: Vec<RegionCode>,
    sectors: Vec<(Term, String)>,
    base: Vec<f64>,
    result: ShiftShare,
    source: String,
    unit: String,
}

impl Analysis for Classic {
    fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Indicator(self.value.clone()), Need::Period];
        needs.extend(self.chain.clone().map(Need::Indicator));
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (from, to) = (study.period.from, study.period.to);
        let terms = study.classes(&self.value)?;
        if terms.len() < 2 || from >= to {
            return Err(refuse(if from >= to {
                format!("the first year ({from}) must lie before the last ({to})")
            } else {
                format!("`{}` is not split by sector", self.value)
            }));
        }
        let members = study.reference.members();
        if let Some(outside) = study
            .focus
            .members()
            .iter()
            .find(|r| !study.reference.contains(r))
        {
            return Err(refuse(format!(
                "{} is not part of the reference {}",
                study.atlas.regions.label(outside),
                study.reference.name_en
            )));
        }
        let (mut block, mut base, mut end) = match &self.chain {
            None => nominal(study, &terms, members)?,
            Some(chain) => chained(study, &terms, chain, members)?,
        };
        if !block.regions.iter().any(|r| study.focus.contains(r)) {
            return Err(refuse(format!(
                "{} is left out because a figure is missing, so there is no result for it",
                study.focus.name_en
            )));
        }
        for substitute in &self.substitutes {
            let table = if substitute.year == from {
                &mut base
            } else {
                &mut end
            };
            block
                .notes
                .extend(apply(substitute, study, &terms, &block.regions, table)?);
        }
        let (rows, cols) = (block.regions.len(), terms.len());
        let failed = |e| AnalysisError::statistic("shift-share", e);
        let reference = if self.rest {
            Reference::Rest
        } else {
            Reference::Nation
        };
        let result = classic(
            Matrix::new(&base, rows, cols).map_err(failed)?,
            Matrix::new(&end, rows, cols).map_err(failed)?,
            reference,
        )
        .map_err(failed)?;
        let indicator = study.atlas.codebook.indicator(&self.value.indicator)?;
        let unit = match self.chain {
            Some(_) => format!("{}, prices of {from}", indicator.unit),
            None => indicator.unit.clone(),
        };
        let worked = Worked {
            study,
            indicator,
            sectors: terms
                .iter()
                .map(|t| (t.clone(), sector_label(study, t)))
                .collect(),
            regions: block.regions.clone(),
            base,
            result,
            source: block.source.clone(),
            unit,
        };
        Ok(Findings {
            tables: vec![worked.sector_table()?, worked.region_table()],
            figures: vec![worked.sector_figure()?, worked.region_figure()],
            notes: self.notes(&worked, block.notes),
        })
    }
}

/// Puts a substitute into its cell and says so.
fn apply(
    substitute: &Substitute,
    study: &Study,
    terms: &[Term],
    regions: &[RegionCode],
    table: &mut [f64],
) -> Result<Option<Note>, AnalysisError> {
    let Substitute {
        region,
        year,
        class,
        term,
    } = substitute;
    // A slip in a name must not leave the cell as it is.
    study.atlas.regions.find(&region.to_string())?;
    let Some(col) = terms.iter().position(|t| t.class.as_ref() == Some(class)) else {
        let known = terms
            .iter()
            .filter_map(|t| t.class.as_ref())
            .map(ClassCode::as_str);
        let near = Near::to(class.as_str(), known);
        return Err(refuse(format!(
            "there is no sector `{class}` to substitute{near}"
        )));
    };
    let row = regions.iter().position(|r| r == region);
    let Some(row) = row.filter(|_| [study.period.from, study.period.to].contains(year)) else {
        return Ok(None);
    };
    let Some(datum) = study.value(term, region, *year)? else {
        return Err(refuse(format!(
            "`{term}` of {region} in {year}, which is to stand for {class}, is not observed"
        )));
    };
    let cell = &mut table[row * terms.len() + col];
    let text = format!(
        "{}: {} of {year} is taken from {} ({} instead of {}), so that the sectors add up.",
        study.atlas.regions.label(region),
        sector_label(study, &terms[col]),
        study.atlas.codebook.label(term),
        styled(datum.value, Style::Fixed(1)),
        styled(*cell, Style::Fixed(1)),
    );
    *cell = datum.value;
    Ok(Some(Note {
        kind: NoteKind::Method,
        text,
        regions: vec![region.clone()],
    }))
}

fn refuse(reason: String) -> AnalysisError {
    AnalysisError::Study {
        analysis: ENTRY.id,
        reason,
    }
}

fn sector_label(study: &Study, term: &Term) -> String {
    let codebook = &study.atlas.codebook;
    let class = codebook.indicator(&term.indicator).ok().and_then(|i| {
        codebook
            .classes_of(i)
            .iter()
            .find(|c| Some(&c.code) == term.class.as_ref())
    });
    class.map_or_else(|| term.to_string(), |c| c.label_en.clone())
}

type Tables = (Block, Vec<f64>, Vec<f64>);

/// First and last year as observed, inside one series of vintages.
fn nominal(study: &Study, terms: &[Term], members: &[RegionCode]) -> Result<Tables, AnalysisError> {
    let (from, to) = (study.period.from, study.period.to);
    for term in terms {
        study.one_series(term, members, from, to)?;
    }
    let block = study.block(terms, members, &[from, to])?;
    let (base, end) = (block.regions_by_terms(0), block.regions_by_terms(1));
    Ok((block, base, end))
}

/// First year as observed; last year chained forward by yearly indices.
fn chained(
    study: &Study,
    terms: &[Term],
    chain: &Term,
    members: &[RegionCode],
) -> Result<Tables, AnalysisError> {
    let (from, to) = (study.period.from, study.period.to);
    let indices = study.classes(chain)?;
    let same = indices.len() == terms.len() && terms.iter().zip(&indices).all(|(t, i)| t.class == i.class);
    if !same {
        return Err(refuse(format!(
            "`{chain}` is not split by the same sectors as `{}`",
            terms[0].indicator
        )));
    }
    let years: Vec<Year> = from.through(to).into_iter().skip(1).collect();
    let mut block = study.block(terms, members, &[from])?;
    let index = study.block(&indices, &block.regions.clone(), &years)?;
    if index.regions != block.regions {
        block = study.block(terms, &index.regions, &[from])?;
    }
    let base = block.regions_by_terms(0);
    let mut end = base.clone();
    for y in 0..years.len() {
        for (value, factor) in end.iter_mut().zip(index.regions_by_terms(y)) {
            *value *= factor / 100.0;
        }
    }
    for note in index.notes {
        if !block.notes.contains(&note) {
            block.notes.push(note);
        }
    }
    block.source = format!("{} Chained by: {}", block.source, index.source);
    Ok((block, base, end))
}

const PARTS: [Component; 3] = [Component::National, Component::IndustryMix, Component::Regional];

fn part_label(component: Component) -> &'static str {
    match component {
        Component::National => "national share",
        Component::IndustryMix => "industry mix",
        _ => "regional shift",
    }
}

impl Worked<'_> {
    fn focus_rows(&self) -> Vec<usize> {
        (0..self.regions.len())
            .filter(|&r| self.study.focus.contains(&self.regions[r]))
            .collect()
    }

    /// Sum over the regions of the focus of one part (or the change) of a sector.
    fn of_sector(&self, cells: &[f64], sector: usize) -> f64 {
        let cols = self.sectors.len();
        quyu_math::sum(
            &self
                .focus_rows()
                .iter()
                .map(|r| cells[r * cols + sector])
                .collect::<Vec<_>>(),
        )
    }

    fn cells(&self, component: Component) -> Result<&[f64], AnalysisError> {
        let part = self.result.part(component);
        part.map(|t| t.cells.as_slice())
            .ok_or_else(|| refuse("a component is missing from the result".to_owned()))
    }

    fn period(&self) -> (Cell, Cell) {
        let year = |y: Year| Cell::Integer(i64::from(y.get()));
        (year(self.study.period.from), year(self.study.period.to))
    }

    fn span(&self) -> String {
        format!("{}–{}", self.study.period.from, self.study.period.to)
    }

    /// The focus, sector by sector.
    fn sector_table(&self) -> Result<Table, AnalysisError> {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "{}: shift-share of {}, {}",
                self.study.focus.name_en,
                lower_first(&self.indicator.label_en),
                self.span()
            ),
            vec![
                Column::key(C::Region),
                Column::key(C::Class),
                Column::key(C::Name),
                Column::key(C::From),
                Column::key(C::To),
                Column::key(C::Component),
                Column::of(C::Contribution, self.unit.clone()),
                Column::of(C::Share, "1"),
            ],
        );
        let (from, to) = self.period();
        let base_total: f64 = quyu_math::sum(
            &(0..self.sectors.len())
                .map(|s| self.of_sector(&self.base, s))
                .collect::<Vec<_>>(),
        );
        let mut rows = Vec::new();
        let mut totals = [0.0; 4];
        for (s, (term, label)) in self.sectors.iter().enumerate() {
            let base = self.of_sector(&self.base, s);
            let change = self.of_sector(&self.result.change.cells, s);
            let mut amounts = vec![("change", change)];
            for component in PARTS {
                amounts.push((component.name(), self.of_sector(self.cells(component)?, s)));
            }
            for (slot, (name, amount)) in amounts.iter().enumerate() {
                table.push(vec![
                    self.study.focus.id.clone().into(),
                    term.class
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default()
                        .into(),
                    label.clone().into(),
                    from.clone(),
                    to.clone(),
                    (*name).into(),
                    (*amount).into(),
                    (amount / base_total).into(),
                ]);
                totals[slot] += amount;
            }
            rows.push(view_row(
                label,
                base,
                &amounts.iter().map(|a| a.1).collect::<Vec<_>>(),
                false,
            ));
        }
        for (name, amount) in ["change", "national", "industry-mix", "regional"]
            .iter()
            .zip(totals)
        {
            table.push(vec![
                self.study.focus.id.clone().into(),
                "total".into(),
                "All sectors".into(),
                from.clone(),
                to.clone(),
                (*name).into(),
                amount.into(),
                (amount / base_total).into(),
            ]);
        }
        rows.push(view_row("All sectors", base_total, &totals, true));
        let head = self.head("Sector");
        Ok(table.with_view(View {
            head,
            rows,
            source: self.source.clone(),
        }))
    }

    fn head(&self, first: &str) -> Vec<Head> {
        vec![
            Head::text(first),
            Head::number(format!("{} ({})", self.study.period.from, self.unit)),
            Head::number("Change"),
            Head::number("Change (%)"),
            Head::number("National share"),
            Head::number("Industry mix"),
            Head::number("Regional shift"),
        ]
    }

    /// All regions of the reference, in total.
    fn region_table(&self) -> Table {
        let mut table = Table::new(
            "regions",
            format!(
                "Shift-share of {}, all regions, {}",
                lower_first(&self.indicator.label_en),
                self.span()
            ),
            vec![
                Column::key(C::Region),
                Column::key(C::Name),
                Column::key(C::From),
                Column::key(C::To),
                Column::key(C::Component),
                Column::of(C::Contribution, self.unit.clone()),
                Column::of(C::Share, "1"),
            ],
        );
        let (from, to) = self.period();
        for (r, region) in self.regions.iter().enumerate() {
            let base = self.base_of(r);
            let mut amounts = vec![("change", self.result.change.by_region[r])];
            amounts.extend(self.result.parts.iter().map(|(c, t)| (c.name(), t.by_region[r])));
            for (name, amount) in amounts {
                table.push(vec![
                    region.to_string().into(),
                    self.study.atlas.regions.label(region).into(),
                    from.clone(),
                    to.clone(),
                    name.into(),
                    amount.into(),
                    (base > 0.0).then(|| amount / base).into(),
                ]);
            }
        }
        table
    }

    fn base_of(&self, region: usize) -> f64 {
        let cols = self.sectors.len();
        quyu_math::sum(&self.base[region * cols..(region + 1) * cols])
    }

    fn sector_figure(&self) -> Result<Figure, AnalysisError> {
        let mut rows = Vec::new();
        for (s, (_, label)) in self.sectors.iter().enumerate() {
            let mut parts = Vec::new();
            for component in PARTS {
                parts.push(self.of_sector(self.cells(component)?, s));
            }
            rows.push(Stack {
                label: label.clone(),
                parts,
                role: Role::Other,
            });
        }
        let total = |row: &Stack| row.parts[1] + row.parts[2];
        rows.sort_by(|a, b| total(b).total_cmp(&total(a)));
        let name = &self.study.focus.name_en;
        let (best, worst) = (&rows[0], &rows[rows.len() - 1]);
        let said = |row: &Stack| {
            format!(
                "{} ({}, in {})",
                row.label,
                styled(total(row), Style::Signed(0)),
                self.unit
            )
        };
        Ok(Figure {
            id: ENTRY.id.to_owned(),
            title: format!("{name}: what the sectors' growth consists of, {}", self.span()),
            alt: format!(
                "Diverging bars of national share, industry mix and regional shift by sector. Beyond the national rate, {} \
                 gained most and {} least.",
                said(best),
                said(worst)
            ),
            source: self.source.clone(),
            chart: Chart::Diverging {
                axis: Axis::new("Contribution to growth", self.unit.clone()),
                parts: PARTS.map(|c| part_label(c).to_owned()).to_vec(),
                rows,
            },
        })
    }

    /// Net shift of every region in percent of its first year.
    fn region_figure(&self) -> Figure {
        let mut rows: Vec<Stack> = (0..self.regions.len())
            .filter(|&r| self.base_of(r) > 0.0)
            .map(|r| {
                let base = self.base_of(r);
                let percent =
                    |c: Component| self.result.part(c).map_or(0.0, |t| 100.0 * t.by_region[r] / base);
                Stack {
                    label: self.study.atlas.regions.label(&self.regions[r]),
                    parts: vec![percent(Component::IndustryMix), percent(Component::Regional)],
                    role: if self.study.focus.contains(&self.regions[r])
                        && self.study.focus.members().len() < self.regions.len()
                    {
                        Role::Focus
                    } else {
                        Role::Other
                    },
                }
            })
            .collect();
        let net = |s: &Stack| s.parts[0] + s.parts[1];
        rows.sort_by(|a, b| net(b).total_cmp(&net(a)));
        let national = self.result.part(Component::National).map_or(0.0, |t| t.total);
        let base: f64 = quyu_math::sum(&self.base);
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        Figure {
            id: "regions".to_owned(),
            title: format!("Growth beyond the national rate by region, {}", self.span()),
            alt: format!(
                "Diverging bars of industry mix and regional shift in percent of {}. The national rate is {} %. {} leads \
                 ({} %), {} is last ({} %).",
                self.study.period.from,
                styled(national / base, Style::Percent(1)),
                first.label,
                styled(net(first), Style::Signed(1)),
                last.label,
                styled(net(last), Style::Signed(1))
            ),
            source: self.source.clone(),
            chart: Chart::Diverging {
                axis: Axis::new(
                    "Growth beyond the national rate",
                    format!("% of {}", self.study.period.from),
                ),
                parts: vec!["industry mix".into(), "regional shift".into()],
                rows,
            },
        }
    }
}

fn view_row(label: &str, base: f64, amounts: &[f64], strong: bool) -> ViewRow {
    let mut cells = vec![
        Shown::Text(label.to_owned()),
        Shown::Number(base, Style::Fixed(0)),
    ];
    cells.push(Shown::Number(amounts[0], Style::Signed(0)));
    cells.push(Shown::maybe(
        (base > 0.0).then(|| amounts[0] / base),
        Style::SignedPercent(1),
    ));
    cells.extend(amounts[1..].iter().map(|x| Shown::Number(*x, Style::Signed(0))));
    ViewRow { cells, strong }
}

impl Classic {
    fn notes(&self, worked: &Worked<'_>, mut notes: Vec<Note>) -> Vec<Note> {
        if self.chain.is_none() && worked.indicator.price_basis == "current" {
            notes.push(Note::new(
                NoteKind::Method,
                "At current prices: a sector whose prices rose faster than the average shows a larger industry mix.",
            ));
        }
        let mut flagged: Vec<RegionCode> = worked
            .result
            .zero_base
            .iter()
            .enumerate()
            .filter(|(_, zero)| **zero)
            .map(|(i, _)| worked.regions[i / worked.sectors.len()].clone())
            .collect();
        if !flagged.is_empty() {
            let (cells, from) = (flagged.len(), worked.study.period.from);
            flagged.dedup();
            notes.push(Note {
                kind: NoteKind::Zero,
                text: format!(
                    "Cells that are zero in {from}: {cells}. They have no growth rate; their change stands in the regional shift."
                ),
                regions: flagged,
            });
        }
        notes
    }
}

fn stream(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    if params.text("chain").is_some() {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: "`chain` needs yearly indices and cannot be a sum over rows".to_owned(),
        });
    }
    if !params.texts("substitute").is_empty() {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: "`substitute` needs another indicator, which a stream of rows does not hold".to_owned(),
        });
    }
    Ok(Box::new(Stream {
        rest: params.text("reference") == Some("rest"),
        columns: vec![
            Need::Region,
            Need::Class,
            Need::Period,
            Need::Indicator(params.term(ENTRY.id, "value")?),
        ],
        cells: BTreeMap::new(),
    }))
}

/// Sums by region, sector and period: rows stream through, micro-data too.
struct Stream {
    rest: bool,
    columns: Vec<Need>,
    cells: BTreeMap<(String, String, String), Sum>,
}

impl Additive for Stream {
    fn columns(&self) -> &[Need] {
        &self.columns
    }

    fn push(&mut self, batch: &Batch<'_>) -> Result<(), AnalysisError> {
        let (regions, classes, years) = (batch.labels(0)?, batch.labels(1)?, batch.labels(2)?);
        for (i, value) in batch.numbers(3)?.iter().enumerate() {
            if !value.is_finite() {
                return Err(refuse(format!(
                    "a value of {} in {} is not finite",
                    regions[i], years[i]
                )));
            }
            let key = (regions[i].to_owned(), classes[i].to_owned(), years[i].to_owned());
            self.cells.entry(key).or_default().add(*value);
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Additive>) {
        let other: Box<dyn Any> = other;
        if let Ok(other) = other.downcast::<Stream>() {
            for (key, sum) in other.cells {
                self.cells.entry(key).or_default().add(sum.value());
            }
        }
    }

    fn sums(&self) -> Table {
        let columns = [C::Region, C::Class, C::Year, C::Value].map(Column::key).to_vec();
        let mut table = Table::new("shift-share-sums", "Value by region, sector and year", columns);
        for ((region, class, year), sum) in &self.cells {
            table.push(vec![
                region.clone().into(),
                class.clone().into(),
                year.clone().into(),
                sum.value().into(),
            ]);
        }
        table
    }

    fn finish(self: Box<Self>) -> Result<Findings, AnalysisError> {
        let keys = |pick: fn(&(String, String, String)) -> &String| {
            let mut all: Vec<String> = self.cells.keys().map(pick).cloned().collect();
            all.sort();
            all.dedup();
            all
        };
        let (regions, classes, years) = (keys(|k| &k.0), keys(|k| &k.1), keys(|k| &k.2));
        let (Some(from), Some(to)) = (years.first(), years.last()) else {
            return Err(refuse("there are no rows".to_owned()));
        };
        let of_year = |year: &String| -> Vec<f64> {
            let pairs = regions.iter().flat_map(|r| classes.iter().map(move |c| (r, c)));
            pairs
                .map(|(r, c)| {
                    self.cells
                        .get(&(r.clone(), c.clone(), year.clone()))
                        .map_or(0.0, Sum::value)
                })
                .collect()
        };
        let (base, end) = (of_year(from), of_year(to));
        let failed = |e| AnalysisError::statistic("shift-share", e);
        let result = classic(
            Matrix::new(&base, regions.len(), classes.len()).map_err(failed)?,
            Matrix::new(&end, regions.len(), classes.len()).map_err(failed)?,
            if self.rest {
                Reference::Rest
            } else {
                Reference::Nation
            },
        )
        .map_err(failed)?;
        let columns = [C::Region, C::Component, C::Contribution]
            .map(Column::key)
            .to_vec();
        let mut table = Table::new("regions", format!("Shift-share, {from} to {to}"), columns);
        for (r, region) in regions.iter().enumerate() {
            table.push(vec![
                region.clone().into(),
                "change".into(),
                result.change.by_region[r].into(),
            ]);
            for (component, part) in &result.parts {
                table.push(vec![
                    region.clone().into(),
                    component.name().into(),
                    part.by_region[r].into(),
                ]);
            }
        }
        Ok(Findings {
            tables: vec![table],
            ..Findings::default()
        })
    }
}

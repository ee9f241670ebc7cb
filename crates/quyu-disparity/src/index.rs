//! `gini`, `theil`, `mld`, `cv`, `hoover`: one index a year.

use quyu_core::ColumnName as C;
use quyu_core::figure::{self, Axis, Chart, Figure, Role};
use quyu_core::number::styled;
use quyu_core::{
    Additive, Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::{Error, disparity};
use quyu_math::sum;

use crate::sample::{self, BY, Line, Sample, VALUE, VINTAGE, WEIGHT};
use crate::stream::Stream;

/// The part of a manual that all indices share, after the text of one.
macro_rules! manual {
    ($($text:literal)*) => { concat!($($text,)* "
**Data.** The regions of the focus in every year of the period, each with its value and its weight; without a weight every
region counts once. A missing value is an error unless the study says `missing = \"drop\"`, which leaves the region out of all
years and says so. Several choices of vintages give several lines that are never joined.

**Limits.** Regions are the population, not a sample: a difference between two years is a fact, its cause is not. An index
over regions says nothing about people inside a region.
") };
}

const EXAMPLE: &str = "value = \"gdp_pc\"\nweight = \"pop\"\n";

/// The declaration of `gini`.
pub(crate) const GINI: Entry = Entry {
    id: "gini",
    summary: "Gini coefficient of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions?

**Definition.** With values x, weights w, f = w / sum of w and mean m = sum f x:
G = sum over i, j of f_i f_j |x_i - x_j| / (2 m). 0 = all equal; without correction the largest possible value is 1 less the
weight share of the richest region. `correction = \"effective-sample\"` divides by 1 - sum f^2, which is n / (n - 1) for equal
weights. Values must not be negative; `negative = \"allow\"` takes the same pairwise formula, which may then exceed 1.

**References.** Gini 1914; Lerman and Yitzhaki 1989, Journal of Econometrics 42:43-47; Deltas 2003, Review of Economics and
Statistics 85(1):226-234 (correction).
"),
    params: &[
        VALUE,
        WEIGHT,
        BY,
        VINTAGE,
        Param::with_default(
            "correction",
            ParamKind::Choice(&["none", "effective-sample"]),
            "none",
            "correct the small-sample bias by the effective number of regions",
        ),
        Param::with_default(
            "negative",
            ParamKind::Choice(&["error", "allow"]),
            "error",
            "refuse negative values, or take the pairwise form",
        ),
    ],
    example: EXAMPLE,
    build: |p| {
        let options = disparity::GiniOptions {
            correction: match p.text("correction") {
                Some("effective-sample") => disparity::Correction::EffectiveSample,
                _ => disparity::Correction::None,
            },
            negative: match p.text("negative") {
                Some("allow") => disparity::Negative::Allow,
                _ => disparity::Negative::Error,
            },
        };
        build(GINI.id, p, Kind::Gini(options))
    },
    additive: None,
};

/// The declaration of `theil`.
pub(crate) const THEIL: Entry = Entry {
    id: "theil",
    summary: "Theil's T of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, in a measure that splits exactly into groups?

**Definition.** T = sum f (x/m) ln(x/m), the generalised entropy of order 1, with natural logarithms; 0 ln 0 = 0, so that a
region with nothing counts in full. 0 = all equal; the largest value is ln(1/f) of the region that has everything. Theil's L is
the analysis `mld`.

**References.** Theil 1967, Economics and Information Theory; Shorrocks 1980, Econometrica 48:613-625; Cowell 2011, Measuring
Inequality, chapter 3 (zeros).
"),
    params: &[VALUE, WEIGHT, BY, VINTAGE],
    example: EXAMPLE,
    build: |p| build(THEIL.id, p, Kind::Theil),
    additive: Some(|p| stream(THEIL.id, p, Kind::Theil)),
};

/// The declaration of `mld`.
pub(crate) const MLD: Entry = Entry {
    id: "mld",
    summary: "Theil's L (mean log deviation) of a variable over regions, year by year",
    manual: manual!("\
**Question.** How unequal are the regions, in a measure that looks hardest at the poorest?

**Definition.** L = sum f ln(m/x), the generalised entropy of order 0, with natural logarithms. It is infinite where a value is
zero, so a zero is an error.

**References.** Theil 1967; Shorrocks 1980, Econometrica 48:613-625.
"),
    params: &[VALUE, WEIGHT, BY, VINTAGE],
    example: EXAMPLE,
    build: |p| build(MLD.id, p, Kind::Mld),
    additive: Some(|p| stream(MLD.id, p, Kind::Mld)),
};

/// The declaration of `cv`.
pub(crate) const CV: Entry = Entry {
    id: "cv",
    summary: "Coefficient of variation (Williamson's index) over regions, year by year",
    manual: manual!("\
**Question.** How far do the regions lie from the national mean, in units of that mean?

**Definition.** `variant = \"cv\"`: sqrt(sum f (x - m)^2) / m, with division by n (ddof 0). With population as the weight this is
Williamson's V_w, around the weighted mean, which is the national value (`variant = \"williamson\"`, which requires a
weight). `variant = \"williamson-unweighted\"` is V_uw: unweighted squares around the weighted mean.

**References.** Williamson 1965, Economic Development and Cultural Change 13(4).
"),
    params: &[
        VALUE,
        WEIGHT,
        BY,
        VINTAGE,
        Param::with_default(
            "variant",
            ParamKind::Choice(&["cv", "williamson", "williamson-unweighted"]),
            "cv",
            "the plain coefficient, or Williamson's V_w or V_uw",
        ),
    ],
    example: "value = \"gdp_pc\"\nweight = \"pop\"\nvariant = \"williamson\"\n",
    build: |p| {
        let kind = match p.text("variant") {
            Some("williamson") => Kind::Williamson,
            Some("williamson-unweighted") => Kind::WilliamsonUnweighted,
            _ => Kind::Cv,
        };
        if matches!(kind, Kind::Williamson | Kind::WilliamsonUnweighted) && p.text("weight").is_none() {
            return Err(ParamError::Combination {
                analysis: CV.id.to_owned(),
                reason: "Williamson's index needs `weight`, the population".to_owned(),
            });
        }
        build(CV.id, p, kind)
    },
    additive: None,
};

/// The declaration of `hoover`.
pub(crate) const HOOVER: Entry = Entry {
    id: "hoover",
    summary: "Hoover index (Robin Hood, Ricci-Schutz) over regions, year by year",
    manual: manual!("\
**Question.** Which share of the total would have to move for all regions to be equal?

**Definition.** H = 1/2 sum f |x - m| / m. With population as weight and GDP per head as value it is half the sum of the
absolute differences between the shares of GDP and of population.

**References.** Hoover 1936, Review of Economics and Statistics 18:162-171.
"),
    params: &[VALUE, WEIGHT, BY, VINTAGE],
    example: EXAMPLE,
    build: |p| build(HOOVER.id, p, Kind::Hoover),
    additive: None,
};

/// Which index.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Gini(disparity::GiniOptions),
    Theil,
    Mld,
    Cv,
    Williamson,
    WilliamsonUnweighted,
    Hoover,
}

impl Kind {
    /// Name in the column `statistic`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Gini(_) => "gini",
            Kind::Theil => "theil-t",
            Kind::Mld => "mld",
            Kind::Cv => "cv",
            Kind::Williamson => "williamson",
            Kind::WilliamsonUnweighted => "williamson-unweighted",
            Kind::Hoover => "hoover",
        }
    }

    /// Name for readers.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Kind::Gini(_) => "Gini coefficient",
            Kind::Theil => "Theil T",
            Kind::Mld => "Theil L (mean log deviation)",
            Kind::Cv => "Coefficient of variation",
            Kind::Williamson => "Williamson's V_w",
            Kind::WilliamsonUnweighted => "Williamson's V_uw",
            Kind::Hoover => "Hoover index",
        }
    }

    fn of(self, x: &[f64], w: Option<&[f64]>) -> Result<f64, Error> {
        match self {
            Kind::Gini(options) => disparity::gini(x, w, &options),
            Kind::Theil => disparity::theil_t(x, w),
            Kind::Mld => disparity::mld(x, w),
            Kind::Cv => disparity::cv(x, w, &disparity::CvOptions::default()),
            Kind::Williamson => disparity::williamson(x, w.unwrap_or_default()),
            Kind::WilliamsonUnweighted => disparity::williamson_unweighted(x, w.unwrap_or_default()),
            Kind::Hoover => disparity::hoover(x, w),
        }
    }
}

fn build(id: &'static str, params: &Params, kind: Kind) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Index {
        id,
        kind,
        sample: Sample::new(id, params)?,
    }))
}

fn stream(id: &'static str, params: &Params, kind: Kind) -> Result<Box<dyn Additive>, ParamError> {
    Ok(Box::new(Stream::new(id, kind, &Sample::new(id, params)?)))
}

#[derive(Debug)]
struct Index {
    id: &'static str,
    kind: Kind,
    sample: Sample,
}

/// One estimate.
struct Estimate {
    year: Year,
    value: f64,
    n: usize,
    weight_sum: f64,
}

impl Analysis for Index {
    fn needs(&self) -> Vec<Need> {
        self.sample.needs()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let lines = self.sample.lines(study)?;
        let mut estimates = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            estimates.push(self.estimates(line)?);
            progress.step(i + 1, lines.len());
        }
        let table = self.table(study, &lines, &estimates);
        let figures = if estimates.iter().any(|e| e.len() > 1) {
            vec![self.figure(study, &lines, &estimates)]
        } else {
            Vec::new()
        };
        Ok(Findings {
            tables: vec![table],
            figures,
            notes: sample::notes(&lines),
        })
    }
}

impl Index {
    fn estimates(&self, line: &Line) -> Result<Vec<Estimate>, AnalysisError> {
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let (x, w) = (line.x(y), line.w(y));
            let value = self
                .kind
                .of(x, w)
                .map_err(|e| at_region(self.kind.label(), e, &line.block.regions))?;
            out.push(Estimate {
                year: *year,
                value,
                n: x.len(),
                weight_sum: w.map_or(x.len() as f64, sum),
            });
        }
        Ok(out)
    }

    fn table(&self, study: &Study, lines: &[Line], estimates: &[Vec<Estimate>]) -> Table {
        let mut table = empty_table(self.id, self.title(study));
        for (line, estimates) in lines.iter().zip(estimates) {
            for e in estimates {
                table.push(vec![
                    Cell::Integer(i64::from(e.year.get())),
                    line.label.clone().into(),
                    self.kind.name().into(),
                    e.value.into(),
                    e.n.into(),
                    e.weight_sum.into(),
                ]);
            }
        }
        let mut years: Vec<Year> = estimates.iter().flatten().map(|e| e.year).collect();
        years.sort();
        years.dedup();
        let mut head = vec![Head::text("Year")];
        match lines {
            [_] => head.push(Head::number(self.kind.label())),
            _ => head.extend(
                lines
                    .iter()
                    .map(|l| Head::number(format!("{} [{}]", self.kind.label(), l.label))),
            ),
        }
        head.push(Head::number("Regions"));
        let rows = years.iter().map(|year| row(*year, estimates)).collect();
        table.with_view(View {
            head,
            rows,
            source: sample::source(lines),
        })
    }

    fn title(&self, study: &Study) -> String {
        let weighted = if self.sample.weighted() {
            "weighted"
        } else {
            "every region counts once"
        };
        let value = study.atlas.codebook.label(self.sample.value());
        format!(
            "{} of {value}, {} ({weighted})",
            self.kind.label(),
            study.focus.name_en
        )
    }

    fn figure(&self, study: &Study, lines: &[Line], estimates: &[Vec<Estimate>]) -> Figure {
        let mut alt = format!("{} by year.", self.title(study));
        let drawn = lines
            .iter()
            .zip(estimates)
            .enumerate()
            .map(|(i, (line, estimates))| {
                if let (Some(first), Some(last)) = (estimates.first(), estimates.last()) {
                    alt.push_str(&format!(
                        " Vintages {}: {} in {}, {} in {}.",
                        line.label,
                        styled(first.value, Style::Fixed(3)),
                        first.year,
                        styled(last.value, Style::Fixed(3)),
                        last.year
                    ));
                }
                figure::Line {
                    // One line needs no vintage to be told from others; the source line names it.
                    label: if lines.len() == 1 {
                        study.focus.name_en.clone()
                    } else {
                        line.label.clone()
                    },
                    points: estimates
                        .iter()
                        .map(|e| Some((f64::from(e.year.get()), e.value)))
                        .collect(),
                    role: if lines.len() == 1 {
                        Role::Focus
                    } else {
                        Role::Category(i)
                    },
                }
            })
            .collect();
        Figure {
            id: self.id.to_owned(),
            title: self.title(study),
            alt,
            source: sample::source(lines),
            chart: Chart::Lines {
                x: Axis::years(),
                y: Axis::new(self.kind.label(), ""),
                lines: drawn,
                from_zero: false,
            },
        }
    }
}

/// The columns of an index, empty.
pub(crate) fn empty_table(id: &str, title: String) -> Table {
    Table::new(
        id,
        title,
        vec![
            Column::key(C::Year),
            Column::key(C::Vintage),
            Column::key(C::Statistic),
            Column::of(C::Estimate, "1"),
            Column::key(C::N),
            Column::key(C::WeightSum),
        ],
    )
}

fn row(year: Year, estimates: &[Vec<Estimate>]) -> ViewRow {
    let of_year = |list: &Vec<Estimate>| list.iter().position(|e| e.year == year);
    let mut cells = vec![Shown::Text(year.to_string())];
    let mut counts: Vec<usize> = Vec::new();
    for list in estimates {
        match of_year(list) {
            Some(i) => {
                cells.push(Shown::Number(list[i].value, Style::Fixed(3)));
                counts.push(list[i].n);
            }
            None => cells.push(Shown::Missing),
        }
    }
    counts.dedup();
    cells.push(Shown::Text(
        counts
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" / "),
    ));
    ViewRow { cells, strong: false }
}

/// Names the region at which a statistic failed.
pub(crate) fn at_region(
    statistic: &'static str,
    error: Error,
    regions: &[quyu_core::RegionCode],
) -> AnalysisError {
    let index = match &error {
        Error::NotFinite { index, .. } | Error::Negative { index, .. } | Error::Zero { index, .. } => {
            Some(*index)
        }
        _ => None,
    };
    AnalysisError::Statistic {
        statistic,
        region: index.and_then(|i| regions.get(i).cloned()),
        source: Box::new(error),
    }
}

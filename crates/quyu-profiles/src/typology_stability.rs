//! `typology-stability`: how far a typology survives other indicators, years, logarithms, scales, methods and numbers.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Mark, Role};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Block, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param,
    ParamError, ParamKind, Params, Progress, RegionCode, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::Error;
use quyu_econometrics::profiles::{Agreement, Linkage, agreement};

use crate::features::{FEATURES, Features, TRANSFORM, Transform};
use crate::typology::{self, LINKAGE, METHOD, Method, STARTS, Standardise, blamed, prepare_columns, whole};

/// The declaration of `typology-stability`.
pub(crate) const ENTRY: Entry = Entry {
    id: "typology-stability",
    summary: "How far a typology survives other indicators, years, logarithms, scales, methods and numbers of clusters",
    manual: MANUAL,
    params: &[
        FEATURES,
        TRANSFORM,
        Param::with_default(
            "standardise",
            ParamKind::Choice(&["z-score", "min-max", "rank"]),
            "z-score",
            "the scale of the indicators in the base",
        ),
        METHOD,
        LINKAGE,
        Param::with_default(
            "k",
            ParamKind::Integer { min: 2, max: 30 },
            "3",
            "number of clusters of the base",
        ),
        STARTS,
        Param::optional(
            "years",
            ParamKind::List(&ParamKind::Integer { min: 1900, max: 2100 }),
            "other years to compare with; absent: all years of the period in which every indicator is observed",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\nk = 2\nstarts = 10\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Would we have drawn the same typology with other choices that are as good, and which regions change sides?

**Definition.** The base groups the members of the reference by the indicators of the last year with the parameters given. Each variation changes one thing: an indicator
left out; another year; logarithms of skewed indicators or none; z-scores (ddof 0), min-max or ranks divided by n - 1; another method; one cluster less or more. The *adjusted Rand index* and the
*adjusted mutual information* (arithmetic mean) compare it with the base on the regions that both have: 1 for the same typology, 0 as by chance. A region *stays* in a variation if most members of its new
cluster come from its cluster of the base; of equal numbers the first cluster counts. Its stability is the share of the variations in which it stays.

The methods, on Euclidean distances of the standardised indicators. *k-means*: smallest sum of squares within clusters, best of many seeded starts. *ward*: merges the two clusters whose union raises that
sum least (ward.D2). *k-medoids*: members as centres with the smallest sum of distances (PAM). *mixture*: Gaussian mixture from Ward's partition, of the covariances EII, VII, EEI, VVI, EEE and VVV the one with the
largest Bayesian information criterion 2 ln L - v ln n; a region belongs to its most probable component. *hierarchical*: merges the two nearest clusters by a `linkage`. *fuzzy*: fuzzy c-means with the fuzzifier 2,
a region belongs where its membership is largest. *dbscan* (in `clusters` alone, for it finds its own number): regions with at least `min_points` within the `radius`, itself counted, are cores; what no core reaches
is noise. Clusters are numbered by their first member in order of code.

**Limits.** Agreement is with the base, not with a truth: a typology may be stable because an extreme region dominates it. The variations are those listed, not all.

**References.** Hubert and Arabie 1985, Journal of Classification 2:193-218; Vinh, Epps and Bailey 2010, JMLR 11:2837-2854; Kaufman and Rousseeuw 1990, Finding Groups in Data; Fraley and Raftery 2002, JASA 97:611-631;
Bezdek 1981, Pattern Recognition with Fuzzy Objective Function Algorithms; Ester et al. 1996, KDD 226-231; Murtagh and Legendre 2014, Journal of Classification 31:274-295.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let method = Method::of(params);
    if !method.takes_k() {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: "`method = \"dbscan\"` finds its own number of clusters; choose another method"
                .to_owned(),
        });
    }
    Ok(Box::new(Stability {
        features: Features::new(ENTRY.id, params)?,
        transform: Transform::of(params),
        standardise: Standardise::of(params),
        method,
        k: whole(params, "k", 3),
        starts: whole(params, "starts", 100),
        years: params.integers("years"),
    }))
}

#[derive(Debug)]
struct Stability {
    features: Features,
    transform: Transform,
    standardise: Standardise,
    method: Method,
    k: usize,
    starts: usize,
    years: Vec<i64>,
}

/// The choices of one typology.
#[derive(Debug, Clone)]
struct Choice {
    kept: Vec<usize>,
    transform: Transform,
    standardise: Standardise,
    method: Method,
    k: usize,
}

/// A typology of some regions.
struct Typology {
    regions: Vec<RegionCode>,
    labels: Vec<usize>,
}

/// One variation: what was changed, to what, and what came of it.
struct Variation {
    component: &'static str,
    variant: String,
    result: Result<Compared, String>,
}

struct Compared {
    agreement: Agreement,
    n: usize,
    /// For each region of the base, whether it stays; none where the variation lacks it.
    stays: Vec<Option<bool>>,
}

impl Analysis for Stability {
    fn needs(&self) -> Vec<Need> {
        self.features.needs()
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let block = self.features.block(study)?;
        if self.k >= block.regions.len() {
            return Err(AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!(
                    "`k` is {}, but there are only {} regions to group",
                    self.k,
                    block.regions.len()
                ),
            });
        }
        let base_choice = Choice {
            kept: (0..self.features.terms.len()).collect(),
            transform: self.transform,
            standardise: self.standardise,
            method: self.method,
            k: self.k,
        };
        let base = self
            .typology(study, &block, &base_choice)
            .map_err(|e| blamed(ENTRY.id, study, &block, &e))?;
        let mut variations = Vec::new();
        let choices = self.choices(study, &base_choice);
        let total = choices.len() + 1;
        for (at, (component, variant, choice)) in choices.into_iter().enumerate() {
            let found = self
                .typology(study, &block, &choice)
                .and_then(|t| compared(&base, &t));
            variations.push(Variation {
                component,
                variant,
                result: found.map_err(|e| e.to_string()),
            });
            progress.step(at + 1, total);
        }
        let mut notes = block.notes.clone();
        for year in self.other_years(study)? {
            // A year of which too much is missing is a row without a value, not the end.
            let result = self
                .features_of(study, year)
                .map_err(|e| e.to_string())
                .and_then(|other| {
                    let typology = self.typology(study, &other, &base_choice);
                    typology
                        .and_then(|t| compared(&base, &t))
                        .map_err(|e| e.to_string())
                });
            variations.push(Variation {
                component: "year",
                variant: year.to_string(),
                result,
            });
        }
        progress.step(total, total);
        notes.extend(failures(&variations));
        let output = Output {
            study,
            block: &block,
            base: &base,
            variations: &variations,
        };
        Ok(Findings {
            tables: vec![output.main(self), output.regions()],
            figures: vec![output.figure()],
            notes,
        })
    }
}

impl Stability {
    fn typology(&self, study: &Study, block: &Block, choice: &Choice) -> Result<Typology, Error> {
        let raw = block.regions_by_terms(0);
        let cols = block.terms.len();
        let prepared = prepare_columns(&raw, cols, &choice.kept, choice.transform, choice.standardise)?;
        let table = quyu_econometrics::Matrix::new(&prepared.z, prepared.rows, prepared.cols)?;
        let found = typology::group(table, choice.method, choice.k, self.starts, study.seed)?;
        Ok(Typology {
            regions: block.regions.clone(),
            labels: found.labels.iter().map(|l| l.unwrap_or(found.k)).collect(),
        })
    }

    /// Every variation but that of the year.
    fn choices(&self, study: &Study, base: &Choice) -> Vec<(&'static str, String, Choice)> {
        let mut all = Vec::new();
        if base.kept.len() > 1 {
            for left_out in &base.kept {
                let mut choice = base.clone();
                choice.kept.retain(|f| f != left_out);
                let label = self.features.label(study, *left_out);
                all.push(("features", format!("without {label}"), choice));
            }
        }
        for transform in [Transform::Plain, Transform::LogSkewed] {
            if transform != base.transform {
                let choice = Choice {
                    transform,
                    ..base.clone()
                };
                all.push(("transform", transform.name().to_owned(), choice));
            }
        }
        for standardise in Standardise::ALL {
            if standardise != base.standardise {
                let choice = Choice {
                    standardise,
                    ..base.clone()
                };
                all.push(("standardise", standardise.name().to_owned(), choice));
            }
        }
        for method in [
            Method::KMeans,
            Method::Ward,
            Method::KMedoids,
            Method::Mixture,
            Method::Hierarchical(Linkage::Average),
            Method::Fuzzy,
        ] {
            if method.name() != base.method.name() {
                let choice = Choice {
                    method,
                    ..base.clone()
                };
                all.push(("method", method.name().to_owned(), choice));
            }
        }
        for k in [base.k - 1, base.k + 1] {
            if k >= 2 {
                let choice = Choice { k, ..base.clone() };
                all.push(("k", k.to_string(), choice));
            }
        }
        all
    }

    fn other_years(&self, study: &Study) -> Result<Vec<Year>, AnalysisError> {
        let mut years = if self.years.is_empty() {
            let mut years = study.years();
            for term in &self.features.terms {
                let observed = study.observed_years(term, study.reference.members())?;
                years.retain(|y| observed.contains(y));
            }
            years
        } else {
            let year = |y: &i64| i32::try_from(*y).ok().and_then(|y| Year::new(y).ok());
            self.years.iter().filter_map(year).collect()
        };
        years.sort_unstable();
        years.dedup();
        years.retain(|y| *y != study.period.to);
        Ok(years)
    }

    fn features_of(&self, study: &Study, year: Year) -> Result<Block, AnalysisError> {
        Ok(study.block(&self.features.terms, study.reference.members(), &[year])?)
    }
}

/// Compares on the regions that both have.
fn compared(base: &Typology, other: &Typology) -> Result<Compared, Error> {
    let place: Vec<Option<usize>> = base
        .regions
        .iter()
        .map(|region| other.regions.iter().position(|r| r == region))
        .collect();
    let common: Vec<(usize, usize)> = place
        .iter()
        .zip(&base.labels)
        .filter_map(|(place, label)| place.map(|p| (*label, other.labels[p])))
        .collect();
    let (one, two): (Vec<usize>, Vec<usize>) = common.iter().copied().unzip();
    let clusters = base.labels.iter().max().map_or(0, |m| m + 1);
    let origin = |new: usize| {
        let count = |old: usize| common.iter().filter(|pair| **pair == (old, new)).count();
        (1..clusters).fold(0, |most, old| if count(old) > count(most) { old } else { most })
    };
    let stays = place
        .iter()
        .zip(&base.labels)
        .map(|(place, label)| place.map(|p| origin(other.labels[p]) == *label))
        .collect();
    Ok(Compared {
        agreement: agreement(&one, &two)?,
        n: common.len(),
        stays,
    })
}

fn failures(variations: &[Variation]) -> Option<Note> {
    let said: Vec<String> = variations
        .iter()
        .filter_map(|v| {
            let reason = v.result.as_ref().err()?;
            Some(format!("{} {} ({reason})", v.component, v.variant))
        })
        .collect();
    (!said.is_empty()).then(|| {
        Note::new(
            NoteKind::Method,
            format!("No typology came of: {}.", said.join("; ")),
        )
    })
}

struct Output<'a> {
    study: &'a Study,
    block: &'a Block,
    base: &'a Typology,
    variations: &'a [Variation],
}

impl Output<'_> {
    fn done(&self) -> impl Iterator<Item = (&Variation, &Compared)> {
        self.variations
            .iter()
            .filter_map(|v| v.result.as_ref().ok().map(|c| (v, c)))
    }

    fn main(&self, asked: &Stability) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Agreement of other typologies with {} clusters by {} of {}",
                asked.k,
                asked.method.name(),
                self.study.period.to
            ),
            [C::Component, C::Variant, C::Statistic, C::Estimate, C::N]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        for variation in self.variations {
            let found = variation.result.as_ref().ok();
            let n = found.map_or(Cell::Missing, |c| c.n.into());
            let values = [
                ("adjusted-rand", found.map(|c| c.agreement.adjusted_rand)),
                (
                    "adjusted-mutual-information",
                    found.map(|c| c.agreement.adjusted_mutual_information),
                ),
            ];
            for (statistic, value) in values {
                table.push(vec![
                    variation.component.into(),
                    variation.variant.clone().into(),
                    statistic.into(),
                    value.into(),
                    n.clone(),
                ]);
            }
            let moved = found.map(|c| c.stays.iter().filter(|s| **s == Some(false)).count());
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(variation.component.to_owned()),
                    Shown::Text(variation.variant.clone()),
                    Shown::maybe(values[0].1, Style::Fixed(2)),
                    Shown::maybe(values[1].1, Style::Fixed(2)),
                    moved.map_or(Shown::Missing, |m| Shown::Text(m.to_string())),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![
                Head::text("Changed"),
                Head::text("To"),
                Head::number("Adjusted Rand index"),
                Head::number("Adjusted mutual information"),
                Head::number("Regions that change sides"),
            ],
            rows,
            source: self.block.source.clone(),
        })
    }

    /// Share of the variations in which a region stays; missing where none has it.
    fn stability(&self, region: usize) -> Option<f64> {
        let seen: Vec<bool> = self.done().filter_map(|(_, c)| c.stays[region]).collect();
        let stayed = seen.iter().filter(|s| **s).count();
        (!seen.is_empty()).then(|| stayed as f64 / seen.len() as f64)
    }

    fn regions(&self) -> Table {
        let mut table = Table::new(
            "regions",
            "Share of the variations in which a region stays with its cluster",
            [C::Region, C::Name, C::Cluster, C::Stability]
                .map(Column::key)
                .to_vec(),
        );
        let name = |r: usize| self.study.atlas.regions.label(&self.block.regions[r]);
        let mut order: Vec<(usize, f64)> = Vec::new();
        for (r, region) in self.block.regions.iter().enumerate() {
            let stability = self.stability(r);
            order.extend(stability.map(|s| (r, s)));
            table.push(vec![
                region.to_string().into(),
                name(r).into(),
                (self.base.labels[r] + 1).into(),
                stability.into(),
            ]);
        }
        order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let focus = &self.study.focus;
        let rows = order
            .into_iter()
            .map(|(r, stability)| ViewRow {
                cells: vec![
                    Shown::Text(name(r)),
                    Shown::Text((self.base.labels[r] + 1).to_string()),
                    Shown::Number(stability, Style::Percent(0)),
                ],
                strong: focus.contains(&self.block.regions[r])
                    && focus.members().len() < self.block.regions.len(),
            })
            .collect();
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::text("Cluster"),
                Head::number("Stays (% of variations)"),
            ],
            rows,
            source: self.block.source.clone(),
        })
    }

    fn figure(&self) -> Figure {
        let mut bars: Vec<Bar> = self
            .done()
            .map(|(v, c)| Bar {
                label: if v.component == "features" {
                    v.variant.clone()
                } else {
                    format!("{}: {}", v.component, v.variant)
                },
                value: c.agreement.adjusted_rand,
                role: Role::Other,
            })
            .collect();
        bars.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.label.cmp(&b.label)));
        let said = match (bars.first(), bars.last()) {
            (Some(most), Some(least)) => format!(
                " Nearest to the base: {} ({}); furthest: {} ({}).",
                most.label,
                styled(most.value, Style::Fixed(2)),
                least.label,
                styled(least.value, Style::Fixed(2))
            ),
            _ => String::new(),
        };
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("What the typology owes to its choices, {}", self.study.period.to),
            alt: format!("Bars of the adjusted Rand index of each variation with the base.{said}"),
            source: self.block.source.clone(),
            chart: Chart::Bars {
                axis: Axis::new("Adjusted Rand index with the base", "1 = the same"),
                bars,
                reference: Some(Mark {
                    label: "the same".to_owned(),
                    value: 1.0,
                }),
            },
        }
    }
}

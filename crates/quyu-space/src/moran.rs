//! `moran`: whether regions of like value lie together.

use quyu_core::figure::{Axis, Chart, Figure, Point};
use quyu_core::number::styled;
use quyu_core::{Analysis, AnalysisError, Entry, Findings, Need, ParamError, Params, Progress, Study, Style};
use quyu_econometrics::Error;
use quyu_econometrics::space::{
    Islands, LocalMoran, LocalMoranOptions, Quadrant, local_moran, local_moran_bivariate, moran,
    moran_bivariate, moran_bivariate_test, moran_test,
};

use crate::global::{Line, Moments, TEST, Test, table};
use crate::map::{
    ALTERNATIVE, Beside, COUNT, DISTANCE, Map, NEIGHBOURS, OTHER, PERMUTATIONS, POPULATION, Question, ROW,
    SEED, VALUE,
};

/// The declaration of `moran`.
pub(crate) const ENTRY: Entry = Entry {
    id: "moran",
    summary: "Moran's I: whether regions of like value lie together, with a scatter plot",
    manual: MANUAL,
    params: &[
        VALUE,
        OTHER,
        POPULATION,
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        ROW,
        TEST,
        PERMUTATIONS,
        ALTERNATIVE,
        SEED,
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do rich regions lie beside rich ones, or could the values as well stand anywhere on the map?

**Definition.** I = (n / S0) Σ w_ij z_i z_j / Σ z², with z the deviation from the plain mean of the regions and S0 the sum of the weights; expected
without pattern: -1 / (n - 1). The members of the reference in the last year of the study. Weights: borders, row-standardised, unless `neighbours`
and `style` say otherwise; `tiles` takes nearest places of the tile map, which are nearest regions only roughly. p: random permutations of
the values, (1 + count) / (1 + permutations) on one side, twice the smaller side for two-sided; or the normal distribution with the moments of all
permutations (`randomisation`) or of independent normal values (`normality`). In the scatter plot the abscissa is the value in standard
deviations (ddof 0) from the mean, the ordinate the weighted sum of the neighbours'; with row-standardised weights the slope is I.

**With `other`.** I = (n / S0) Σ w_ij dx_i dy_j / sqrt(Σ dx² Σ dy²): the value of a region beside the other indicator of its neighbours; expected
without pattern: 0. Permutations move the other indicator alone. It mixes the correlation of the two in one place with that between places, so it
tests neither alone.

**With `population`.** The value counts events among these persons. With e events and p persons of a region, r = e / p, b = Σ e / Σ p,
a = Σ p (r - b)² / Σ p - b / (Σ p / n): I of z = (r - b) / sqrt(a + b / p) (b / p alone where a + b / p is negative), so that rates of small
populations, which vary more, do not look like a pattern.

**Limits.** A region without neighbours among the regions leaves n, with a note; it stays in the mean. Regions count once, however
large. The borders decide: try `neighbours`. With few regions only strong patterns are significant.

**References.** Moran 1950, Biometrika 37:17-23; Cliff & Ord 1981, Spatial Processes; Bivand & Portnov 2004 (islands); Anselin, Syabri
& Smirnov 2002 (bivariate); Assunção & Reis 1999, Statistics in Medicine 18:2147-2162 (rates).
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    let global = Global {
        question: Question::new(ENTRY.id, params)?,
        test: Test::of(params),
    };
    match (&global.question.beside, global.test) {
        (Beside::Other(_), Test::Randomisation | Test::Normality) => Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: "with `other` there is a test by permutations alone".to_owned(),
        }),
        _ => Ok(Box::new(global)),
    }
}

#[derive(Debug)]
struct Global {
    question: Question,
    test: Test,
}

impl Analysis for Global {
    fn needs(&self) -> Vec<Need> {
        self.question.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let failed = |e| AnalysisError::statistic("Moran's I", e);
        let map = self.question.map(study)?;
        let line = self.line(study, &map)?;
        let title = self.question.title(study, "Moran's I of");
        // Fewer than three regions have no local values, and no plot.
        let local = match map.x.len() {
            0..3 => Vec::new(),
            _ => local(&map, &LocalMoranOptions::default()).map_err(failed)?,
        };
        let figures = match local.is_empty() {
            true => Vec::new(),
            false => vec![self.scatter(study, &map, &local, line.estimate)],
        };
        Ok(Findings {
            tables: vec![table(
                study,
                ENTRY.id,
                title,
                self.test,
                &[line],
                &map.block.source,
                3,
            )],
            figures,
            notes: map.notes,
        })
    }
}

/// The quadrants in the order of their colours.
pub(crate) const QUADRANTS: [Quadrant; 4] = [
    Quadrant::HighHigh,
    Quadrant::LowHigh,
    Quadrant::LowLow,
    Quadrant::HighLow,
];

pub(crate) fn position(quadrant: Quadrant) -> usize {
    QUADRANTS.iter().position(|q| *q == quadrant).unwrap_or(0)
}

/// Local Moran of the value, or of the value beside the other indicator.
pub(crate) fn local(map: &Map, options: &LocalMoranOptions) -> Result<Vec<Option<LocalMoran>>, Error> {
    match &map.other {
        Some(other) => local_moran_bivariate(&map.x, other, &map.weights, options),
        None => local_moran(&map.x, &map.weights, options),
    }
}

impl Global {
    fn line(&self, study: &Study, map: &Map) -> Result<Line, AnalysisError> {
        let failed = |e| AnalysisError::statistic("Moran's I", e);
        let (x, weights) = (&map.x, &map.weights);
        let options = self.question.options(study);
        let Some(other) = &map.other else {
            let found = moran(x, weights, Islands::Drop).map_err(failed)?;
            let moments = Moments {
                randomisation: found.randomisation,
                normality: found.normality,
            };
            let permuted = || moran_test(x, weights, Islands::Drop, &options).map_err(failed);
            return Line::new("Moran's I", found.estimate, found.expected, found.n).tested(
                self.test,
                self.question.alternative,
                moments,
                permuted,
            );
        };
        let estimate = moran_bivariate(x, other, weights, Islands::Drop).map_err(failed)?;
        let n = weights.units() - weights.islands().len();
        let moments = Moments {
            randomisation: None,
            normality: None,
        };
        Line::new("Bivariate Moran's I", estimate, 0.0, n).tested(
            self.test,
            self.question.alternative,
            moments,
            || moran_bivariate_test(x, other, weights, Islands::Drop, &options).map_err(failed),
        )
    }

    fn scatter(&self, study: &Study, map: &Map, local: &[Option<LocalMoran>], estimate: f64) -> Figure {
        let points: Vec<Point> = map
            .block
            .regions
            .iter()
            .zip(local)
            .filter_map(|(region, local)| {
                local.map(|local| Point {
                    label: study.atlas.regions.label(region),
                    x: local.z,
                    y: local.lag,
                    group: position(local.quadrant),
                    role: map.role(study, region),
                })
            })
            .collect();
        let together = points.iter().filter(|p| p.group % 2 == 0).count();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "Moran scatter plot of {}, {}",
                self.question.label(study),
                study.period.to
            ),
            alt: format!(
                "Scatter of {} regions by their value and that of their neighbours. {together} lie on the side of their neighbours. Moran's I \
                 is {}.",
                points.len(),
                styled(estimate, Style::Fixed(3))
            ),
            source: map.block.source.clone(),
            chart: Chart::Scatter {
                x: Axis::new("Value", "standard deviations"),
                y: Axis::new("Neighbours", "standard deviations"),
                groups: QUADRANTS.iter().map(|q| q.name().to_owned()).collect(),
                points,
            },
        }
    }
}

//! `moran`: whether regions of like value lie together.

use quyu_core::figure::{Axis, Chart, Figure, Point};
use quyu_core::number::styled;
use quyu_core::{Analysis, AnalysisError, Entry, Findings, Need, ParamError, Params, Progress, Study, Style};
use quyu_econometrics::space::{
    Islands, LocalMoran, LocalMoranOptions, Quadrant, local_moran, moran, moran_test,
};

use crate::global::{Line, Moments, TEST, Test, table};
use crate::map::{ALTERNATIVE, COUNT, Map, NEIGHBOURS, PERMUTATIONS, Question, ROW, SEED, VALUE};

/// The declaration of `moran`.
pub(crate) const ENTRY: Entry = Entry {
    id: "moran",
    summary: "Moran's I: whether regions of like value lie together, with a scatter plot",
    manual: MANUAL,
    params: &[
        VALUE,
        NEIGHBOURS,
        COUNT,
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

**Limits.** A region without neighbours among the regions leaves n, with a note; it stays in the mean. Regions count once, however
large. The borders decide: try `neighbours`. With few regions only strong patterns are significant.

**References.** Moran 1950, Biometrika 37:17-23; Cliff & Ord 1981, Spatial Processes; Bivand & Portnov 2004 (islands).
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Global {
        question: Question::new(ENTRY.id, params)?,
        test: Test::of(params),
    }))
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
        let found = moran(&map.x, &map.weights, Islands::Drop).map_err(failed)?;
        let moments = Moments {
            randomisation: found.randomisation,
            normality: found.normality,
        };
        let permuted = || {
            let options = self.question.options(study);
            moran_test(&map.x, &map.weights, Islands::Drop, &options).map_err(failed)
        };
        let line = Line::new("Moran's I", found.estimate, found.expected, found.n).tested(
            self.test,
            self.question.alternative,
            moments,
            permuted,
        )?;
        let title = self.question.title(study, "Moran's I of");
        // Fewer than three regions have no local values, and no plot.
        let local = match map.x.len() {
            0..3 => Vec::new(),
            _ => local_moran(&map.x, &map.weights, &LocalMoranOptions::default()).map_err(failed)?,
        };
        let figures = match local.is_empty() {
            true => Vec::new(),
            false => vec![self.scatter(study, &map, &local, found.estimate)],
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

impl Global {
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
                over: quyu_core::figure::Over::default(),
            },
        }
    }
}

//! `pca`: principal components of the innovation profile.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Arrow, Axis, Chart, Figure, Over, Point, Role};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Block, Column, Entry, Findings, Head, Need, ParamError, Params, Progress, Shown,
    Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::profiles::{self, Pca, PcaOptions};

use crate::features::{FEATURES, Features, TRANSFORM, Transform, prepare, transform_note};

/// The declaration of `pca`.
pub(crate) const ENTRY: Entry = Entry {
    id: "pca",
    summary: "Principal components of the profile, with loadings and scores",
    manual: MANUAL,
    params: &[FEATURES, TRANSFORM],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How many independent ways are there in which the regions differ, and which indicators make them?

**Definition.** Eigenvalues and eigenvectors of the correlation matrix of the standardised indicators (ddof 0), by cyclic Jacobi
rotations. The sign of a component is fixed so that its largest loading by size is positive. *Explained* is the eigenvalue over
the sum of all. The correlation of an indicator with a component is its loading times the square root of the
eigenvalue. Scores are the standardised indicators times the loadings.

**Limits.** With 31 regions a component is read by its large loadings only.

**References.** Pearson 1901, Philosophical Magazine 2:559-572; Jolliffe 2002, Principal Component Analysis.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Components {
        features: Features::new(ENTRY.id, params)?,
        transform: Transform::of(params),
    }))
}

#[derive(Debug)]
struct Components {
    features: Features,
    transform: Transform,
}

impl Analysis for Components {
    fn needs(&self) -> Vec<Need> {
        self.features.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let block = self.features.block(study)?;
        let prepared = prepare(&block, self.transform)?;
        let pca = profiles::pca(prepared.matrix()?, &PcaOptions::default())
            .map_err(|e| AnalysisError::statistic("principal components", e))?;
        let mut notes = block.notes.clone();
        notes.extend(transform_note(study, &self.features, &prepared));
        let tables = vec![self.table(study, &block, &pca), scores(study, &block, &pca)];
        let labels: Vec<String> = (0..self.features.terms.len())
            .map(|f| self.features.label(study, f))
            .collect();
        let figures = if pca.components >= 2 {
            vec![figure(study, &block, &pca, &labels)]
        } else {
            Vec::new()
        };
        Ok(Findings {
            tables,
            figures,
            notes,
        })
    }
}

/// Components shown to a reader.
const SHOWN: usize = 3;

impl Components {
    fn table(&self, study: &Study, block: &Block, pca: &Pca) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!("Principal components of the profile, {}", study.period.to),
            [C::Component, C::Statistic, C::Name, C::Estimate, C::Share]
                .map(Column::key)
                .to_vec(),
        );
        let name = |c: usize| format!("PC{}", c + 1);
        for c in 0..pca.components {
            table.push(vec![
                name(c).into(),
                "eigenvalue".into(),
                "Eigenvalue".into(),
                pca.eigenvalues[c].into(),
                pca.explained[c].into(),
            ]);
            for f in 0..self.features.terms.len() {
                let cell = f * pca.components + c;
                table.push(vec![
                    name(c).into(),
                    self.features.terms[f].to_string().into(),
                    self.features.label(study, f).into(),
                    pca.correlations[cell].into(),
                    (pca.correlations[cell] * pca.correlations[cell]).into(),
                ]);
            }
        }
        let shown = pca.components.min(SHOWN);
        let mut head = vec![Head::text("Correlation of the indicator with the component")];
        head.extend((0..shown).map(|c| Head::number(name(c))));
        let mut rows: Vec<ViewRow> = (0..self.features.terms.len())
            .map(|f| {
                let mut cells = vec![Shown::Text(self.features.label(study, f))];
                cells.extend(
                    (0..shown)
                        .map(|c| Shown::Number(pca.correlations[f * pca.components + c], Style::Fixed(2))),
                );
                ViewRow { cells, strong: false }
            })
            .collect();
        let mut cells = vec![Shown::Text("Explained variance (%)".into())];
        cells.extend((0..shown).map(|c| Shown::Number(pca.explained[c], Style::Percent(1))));
        rows.push(ViewRow { cells, strong: true });
        table.with_view(View {
            head,
            rows,
            source: block.source.clone(),
        })
    }
}

fn scores(study: &Study, block: &Block, pca: &Pca) -> Table {
    let mut table = Table::new(
        "scores",
        "Scores of the regions",
        [C::Region, C::Name, C::Component, C::Estimate]
            .map(Column::key)
            .to_vec(),
    );
    for (r, region) in block.regions.iter().enumerate() {
        for c in 0..pca.components {
            table.push(vec![
                region.to_string().into(),
                study.atlas.regions.label(region).into(),
                format!("PC{}", c + 1).into(),
                pca.scores[r * pca.components + c].into(),
            ]);
        }
    }
    table
}

/// The loadings of the indicators, all longer by one factor, so that the longest reaches as far as the furthest region.
fn arrows(labels: &[String], pca: &Pca, points: &[Point]) -> Vec<Arrow> {
    let far = |x: f64, y: f64| x.abs().max(y.abs());
    let loading = |f: usize, c: usize| pca.loadings[f * pca.components + c];
    let longest = (0..labels.len())
        .map(|f| far(loading(f, 0), loading(f, 1)))
        .fold(0.0, f64::max);
    let furthest = points.iter().map(|p| far(p.x, p.y)).fold(0.0, f64::max);
    if longest <= 0.0 {
        return Vec::new();
    }
    let factor = 0.9 * furthest / longest;
    let arrow = |(f, label): (usize, &String)| Arrow {
        label: label.clone(),
        x: factor * loading(f, 0),
        y: factor * loading(f, 1),
    };
    labels.iter().enumerate().map(arrow).collect()
}

fn figure(study: &Study, block: &Block, pca: &Pca, labels: &[String]) -> Figure {
    let points: Vec<Point> = block
        .regions
        .iter()
        .enumerate()
        .map(|(r, region)| Point {
            label: study.atlas.regions.label(region),
            x: pca.scores[r * pca.components],
            y: pca.scores[r * pca.components + 1],
            group: 0,
            role: if study.focus.contains(region) && study.focus.members().len() < block.regions.len() {
                Role::Focus
            } else {
                Role::Peer
            },
        })
        .collect();
    let axis = |c: usize| {
        Axis::new(
            format!(
                "PC{} ({} % of variance)",
                c + 1,
                styled(pca.explained[c], Style::Percent(1))
            ),
            "score",
        )
    };
    let arrows = arrows(labels, pca, &points);
    let extreme = points
        .iter()
        .max_by(|a, b| a.x.total_cmp(&b.x))
        .map(|p| p.label.clone())
        .unwrap_or_default();
    Figure {
        id: ENTRY.id.to_owned(),
        title: format!(
            "Regions on the first two components of the profile, {}",
            study.period.to
        ),
        alt: format!(
            "Scatter of {} regions. The two components hold {} and {} % of the variance; {extreme} lies furthest along the first.",
            points.len(),
            styled(pca.explained[0], Style::Percent(1)),
            styled(pca.explained[1], Style::Percent(1))
        ),
        source: block.source.clone(),
        chart: Chart::Scatter {
            x: axis(0),
            y: axis(1),
            groups: Vec::new(),
            points,
            over: Over {
                arrows,
                ..Over::default()
            },
        },
    }
}

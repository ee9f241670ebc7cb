//! `regionalise`: groups of regions that are alike and hang together on the map.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Chart, Figure, Fill, HeatRow, Role, Tile};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Block, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::profiles::{
    Separation, SkaterOptions, constrained_ward, separation, skater, sum_of_squares, ward,
};

use crate::features::{FEATURES, Features, Prepared, TRANSFORM, Transform, prepare, transform_note};
use crate::typology::whole;

/// The declaration of `regionalise`.
pub(crate) const ENTRY: Entry = Entry {
    id: "regionalise",
    summary: "Groups of neighbouring regions with like profiles, and what the constraint costs",
    manual: MANUAL,
    params: &[
        FEATURES,
        TRANSFORM,
        Param::with_default(
            "k",
            ParamKind::Integer { min: 2, max: 100 },
            "3",
            "number of groups",
        ),
        Param::with_default(
            "method",
            ParamKind::Choice(&["ward", "skater"]),
            "ward",
            "merge neighbours by Ward's criterion, or cut the minimum spanning tree of the map",
        ),
        Param::with_default(
            "minimum_size",
            ParamKind::Integer { min: 1, max: 1000 },
            "1",
            "with `method = \"skater\"`: regions in the smallest group allowed",
        ),
        Param::with_default(
            "neighbours",
            ParamKind::Choice(&["contiguity", "contiguity-all"]),
            "contiguity",
            "borders that count by default, or also optional ones such as links over water",
        ),
    ],
    example: "features = [\"rd_per_gdp\", \"pat_grant_inv_pc\", \"papers_sci_pc\"]\nk = 3\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Into which connected areas do the regions fall by profile, and how much likeness does the map cost?

**Definition.** Indicators of the last year, standardised over the members of the reference (ddof 0); with `transform = \"log-skewed\"` those whose
skewness (type 2) exceeds 1 are logged first. Neighbours share a border. *ward*: from single regions, the two neighbouring groups whose merge adds least to the sum of
squares within, n_a n_b/(n_a + n_b) times the squared distance of their means, become one until `k` are left. *skater*: the minimum spanning tree of the map, an edge costing the
Euclidean distance of its ends, is cut k - 1 times where that lowers the sum of squares within most; no group gets fewer than `minimum_size` members. *Between share*: sum of squares between groups over
the total; the price of contiguity is how far it lies below that of Ward's method without the constraint. Groups are numbered by their first member in order of code.

**Limits.** A region without a neighbour is a group of its own and needs one of the `k`. Both methods are greedy: they find good areas, not
always the best. Merges of ward and cuts of skater are final.

**References.** Gordon 1996, Computational Statistics and Data Analysis 21:17-29; Assunção, Neves, Câmara and Freitas 2006, International Journal of Geographical Information
Science 20:797-811.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Regionalise {
        features: Features::new(ENTRY.id, params)?,
        transform: Transform::of(params),
        k: whole(params, "k", 3),
        skater: params.text("method") == Some("skater"),
        minimum_size: whole(params, "minimum_size", 1),
        all_borders: params.text("neighbours") == Some("contiguity-all"),
    }))
}

#[derive(Debug)]
struct Regionalise {
    features: Features,
    transform: Transform,
    k: usize,
    skater: bool,
    minimum_size: usize,
    all_borders: bool,
}

fn failed(e: Error) -> AnalysisError {
    AnalysisError::statistic("regionalisation", e)
}

impl Analysis for Regionalise {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.features.needs();
        needs.extend([Need::Neighbours, Need::Tiles]);
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let block = self.features.block(study)?;
        if self.k > block.regions.len() {
            return Err(refused(format!(
                "`k` is {}, but there are only {} regions",
                self.k,
                block.regions.len()
            )));
        }
        let edges = self.edges(study, &block);
        self.check_parts(study, &block, &edges)?;
        let prepared = prepare(&block, self.transform)?;
        let table = prepared.matrix()?;
        let found = if self.skater {
            let options = SkaterOptions {
                minimum_size: self.minimum_size,
            };
            skater(table, &edges, self.k, &options)
        } else {
            constrained_ward(table, &edges, self.k)
        }
        .map_err(failed)?;
        let free = ward(table).and_then(|t| t.cut(self.k)).map_err(failed)?;
        let share = |labels: &[usize]| sum_of_squares(table, labels).map(|s| s.between / s.total);
        let shares = [
            share(&found.labels).map_err(failed)?,
            share(&free).map_err(failed)?,
        ];
        let output = Output {
            study,
            block: &block,
            labels: &found.labels,
            separation: separation(table, &found.labels).map_err(failed)?,
            asked: self,
        };
        let mut notes = block.notes.clone();
        notes.extend(transform_note(study, &self.features, &prepared));
        notes.push(price(shares));
        let mut figures = vec![output.heat()];
        figures.extend(output.map());
        Ok(Findings {
            tables: vec![
                output.main(),
                output.profile(&prepared),
                cost(shares, &block.source),
            ],
            figures,
            notes,
        })
    }
}

fn refused(reason: String) -> AnalysisError {
    AnalysisError::Study {
        analysis: ENTRY.id,
        reason,
    }
}

impl Regionalise {
    /// Pairs of rows that share a border.
    fn edges(&self, study: &Study, block: &Block) -> Vec<(usize, usize)> {
        let row = |code| block.regions.iter().position(|r| r == code);
        let borders = study.atlas.relations.contiguity.iter();
        borders
            .filter(|b| b.default || self.all_borders)
            .filter_map(|b| row(&b.a).zip(row(&b.b)))
            .collect()
    }

    /// A map in more parts than there are groups has no answer; the parts are named.
    fn check_parts(
        &self,
        study: &Study,
        block: &Block,
        edges: &[(usize, usize)],
    ) -> Result<(), AnalysisError> {
        let mut part: Vec<usize> = (0..block.regions.len()).collect();
        // Each pass lowers a number or is the last.
        let mut changed = true;
        while changed {
            changed = false;
            for &(a, b) in edges {
                let least = part[a].min(part[b]);
                changed |= part[a] != least || part[b] != least;
                (part[a], part[b]) = (least, least);
            }
        }
        let mut parts: Vec<usize> = part.clone();
        parts.sort_unstable();
        parts.dedup();
        let allowed = if self.skater { 1 } else { self.k };
        if parts.len() <= allowed {
            return Ok(());
        }
        let name = |r: usize| study.atlas.regions.label(&block.regions[r]);
        let alone: Vec<String> = parts
            .iter()
            .filter(|p| part.iter().filter(|x| x == p).count() == 1)
            .map(|&p| name(p))
            .collect();
        let said = if alone.is_empty() {
            format!(
                "; they begin with {}",
                parts.iter().map(|&p| name(p)).collect::<Vec<_>>().join(", ")
            )
        } else {
            format!("; without a neighbour: {}", alone.join(", "))
        };
        Err(refused(format!(
            "the map of neighbours has {} parts{said}; {}",
            parts.len(),
            if self.skater {
                "skater needs a map in one part"
            } else {
                "`k` must be at least that"
            }
        )))
    }
}

/// What the constraint costs, in a sentence.
fn price([constrained, free]: [f64; 2]) -> Note {
    Note::new(
        NoteKind::Method,
        format!(
            "Connected groups hold {} % of the sum of squares between them, Ward's groups without the map {} %.",
            styled(constrained, Style::Percent(1)),
            styled(free, Style::Percent(1))
        ),
    )
}

fn cost([constrained, free]: [f64; 2], source: &str) -> Table {
    let mut table = Table::new(
        "contiguity",
        "Share of the sum of squares between the groups, with and without the map",
        [C::Variant, C::Share].map(Column::key).to_vec(),
    );
    let mut rows = Vec::new();
    for (variant, name, share) in [
        ("connected", "Connected groups", constrained),
        ("free", "Ward's groups without the map", free),
        ("price", "Price of contiguity", free - constrained),
    ] {
        table.push(vec![variant.into(), share.into()]);
        rows.push(ViewRow {
            cells: vec![Shown::Text(name.into()), Shown::Number(share, Style::Percent(1))],
            strong: variant == "price",
        });
    }
    table.with_view(View {
        head: vec![Head::text("Grouping"), Head::number("Between share (%)")],
        rows,
        source: source.to_owned(),
    })
}

struct Output<'a> {
    study: &'a Study,
    block: &'a Block,
    labels: &'a [usize],
    separation: Separation,
    asked: &'a Regionalise,
}

impl Output<'_> {
    fn name(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[row])
    }

    fn focus(&self, row: usize) -> bool {
        let focus = &self.study.focus;
        focus.contains(&self.block.regions[row]) && focus.members().len() < self.block.regions.len()
    }

    fn members(&self, group: usize) -> Vec<usize> {
        (0..self.labels.len())
            .filter(|&r| self.labels[r] == group)
            .collect()
    }

    fn title(&self) -> String {
        format!(
            "{} connected groups of regions by profile, {}",
            self.asked.k, self.study.period.to
        )
    }

    fn main(&self) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            self.title(),
            [C::Region, C::Name, C::Cluster, C::N].map(Column::key).to_vec(),
        );
        for (r, region) in self.block.regions.iter().enumerate() {
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                (self.labels[r] + 1).into(),
                self.members(self.labels[r]).len().into(),
            ]);
        }
        let rows = (0..self.asked.k)
            .map(|c| {
                let members = self.members(c);
                let names: Vec<String> = members.iter().map(|&r| self.name(r)).collect();
                ViewRow {
                    cells: vec![
                        Shown::Text((c + 1).to_string()),
                        Shown::Text(members.len().to_string()),
                        Shown::Text(names.join(", ")),
                    ],
                    strong: members.iter().any(|&r| self.focus(r)),
                }
            })
            .collect();
        table.with_view(View {
            head: vec![
                Head::text("Group"),
                Head::number("Regions"),
                Head::text("Members"),
            ],
            rows,
            source: self.block.source.clone(),
        })
    }

    /// Mean of the standardised indicators by group: for the CSV, the figure shows it.
    fn profile(&self, prepared: &Prepared) -> Table {
        let mut table = Table::new(
            "separation",
            "Mean of the standardised indicators by group",
            [C::Statistic, C::Name, C::Cluster, C::Z, C::Share]
                .map(Column::key)
                .to_vec(),
        );
        for f in 0..prepared.cols {
            for c in 0..self.asked.k {
                table.push(vec![
                    self.asked.features.terms[f].to_string().into(),
                    self.asked.features.label(self.study, f).into(),
                    (c + 1).into(),
                    self.separation.mean_z[c * prepared.cols + f].into(),
                    self.separation.between_share[f].into(),
                ]);
            }
        }
        table
    }

    fn said(&self) -> String {
        let sizes: Vec<String> = (0..self.asked.k)
            .map(|c| format!("group {} has {} regions", c + 1, self.members(c).len()))
            .collect();
        format!("{}.", sizes.join(", "))
    }

    fn heat(&self) -> Figure {
        let cols = self.asked.features.terms.len();
        let rows = (0..cols)
            .map(|f| HeatRow {
                label: self.asked.features.label(self.study, f),
                values: (0..self.asked.k)
                    .map(|c| Some(self.separation.mean_z[c * cols + f]))
                    .collect(),
                role: Role::Other,
            })
            .collect();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!("Profile of the connected groups, {}", self.study.period.to),
            alt: format!("Mean of each standardised indicator by group: {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Heat {
                axis: Axis::new("Mean of the group", "standard deviations"),
                centre: Some(0.0),
                columns: (1..=self.asked.k).map(|c| format!("Group {c}")).collect(),
                rows,
            },
        }
    }

    fn map(&self) -> Option<Figure> {
        let places = &self.study.atlas.relations.tiles;
        if !self.block.regions.iter().all(|r| places.contains_key(r)) {
            return None;
        }
        let scheme = self.block.regions.first()?.scheme();
        let tiles = places
            .iter()
            .filter(|(code, _)| code.scheme() == scheme)
            .map(|(code, place)| {
                let row = self.block.regions.iter().position(|r| r == code);
                Tile {
                    label: place.label.clone(),
                    row: place.row,
                    col: place.col,
                    fill: row.map_or(Fill::NoData, |r| Fill::Category(self.labels[r])),
                    role: match row {
                        Some(r) if self.focus(r) => Role::Focus,
                        _ => Role::Other,
                    },
                }
            })
            .collect();
        Some(Figure {
            id: "map".to_owned(),
            title: self.title(),
            alt: format!("Tile-grid map of the regions by group: {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Tiles {
                axis: None,
                categories: (1..=self.asked.k).map(|c| format!("Group {c}")).collect(),
                rest: None,
                tiles,
            },
        })
    }
}

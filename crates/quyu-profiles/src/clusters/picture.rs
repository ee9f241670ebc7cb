//! Who is in which cluster, in a table and in figures.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Bar, BarGroup, Chart, Figure, Fill, Leaf, Merge, Point, Role, Tile};
use quyu_core::{Block, Cell, Column, Head, Note, NoteKind, Shown, Study, Style, Table, View, ViewRow};

use super::{Clusters, ENTRY, Shape};
use crate::typology::Method;

pub(super) struct Picture<'a> {
    pub(super) study: &'a Study,
    pub(super) block: &'a Block,
    pub(super) shape: &'a Shape,
    pub(super) k: usize,
}

impl Picture<'_> {
    pub(super) fn name(&self, row: usize) -> String {
        self.study.atlas.regions.label(&self.block.regions[row])
    }

    fn focus(&self, row: usize) -> bool {
        let focus = &self.study.focus;
        focus.contains(&self.block.regions[row]) && focus.members().len() < self.block.regions.len()
    }

    fn role(&self, row: usize) -> Role {
        if self.focus(row) { Role::Focus } else { Role::Other }
    }

    fn members(&self, cluster: usize) -> Vec<usize> {
        (0..self.block.regions.len())
            .filter(|&r| self.shape.labels[r] == cluster)
            .collect()
    }

    pub(super) fn membership(&self, clusters: &Clusters) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "{} clusters of regions by innovation profile, {} ({}, {})",
                self.k,
                self.study.period.to,
                clusters.method.name(),
                clusters.transform.phrase()
            ),
            [C::Region, C::Name, C::Cluster, C::Silhouette, C::N]
                .map(Column::key)
                .to_vec(),
        );
        for (r, region) in self.block.regions.iter().enumerate() {
            table.push(vec![
                region.to_string().into(),
                self.name(r).into(),
                self.number(r),
                self.shape.widths[r].map(|(width, _)| width).into(),
                self.members(self.shape.labels[r]).len().into(),
            ]);
        }
        let rows = (0..self.groups().len())
            .map(|c| {
                let members = self.members(c);
                let names: Vec<String> = members.iter().map(|&r| self.name(r)).collect();
                ViewRow {
                    cells: vec![
                        Shown::Text(if c < self.k {
                            (c + 1).to_string()
                        } else {
                            "none".into()
                        }),
                        Shown::Text(members.len().to_string()),
                        Shown::maybe(self.shape.cluster_means.get(c).copied(), Style::Fixed(2)),
                        Shown::Text(names.join(", ")),
                    ],
                    strong: members.iter().any(|&r| self.focus(r)),
                }
            })
            .collect();
        let head = vec![
            Head::text("Cluster"),
            Head::number("Regions"),
            Head::number("Mean silhouette"),
            Head::text("Members"),
        ];
        table.with_view(View {
            head,
            rows,
            source: self.block.source.clone(),
        })
    }

    fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = (1..=self.k).map(|c| format!("Cluster {c}")).collect();
        if self.shape.labels.contains(&self.k) {
            groups.push("No cluster".into());
        }
        groups
    }

    /// The number of a region's cluster; missing for noise.
    fn number(&self, row: usize) -> Cell {
        match self.shape.labels[row] {
            label if label < self.k => (label + 1).into(),
            _ => Cell::Missing,
        }
    }

    /// What the method adds to the grouping: its centres, its model, its radius.
    pub(super) fn method_notes(&self) -> Vec<Note> {
        let grouping = &self.shape.grouping;
        let mut notes = Vec::new();
        let mut say = |text: String| notes.push(Note::new(NoteKind::Method, text));
        if let Some(medoids) = &grouping.medoids {
            let names: Vec<String> = medoids.iter().map(|&m| self.name(m)).collect();
            say(format!(
                "The medoids, in the order of the clusters: {}.",
                names.join(", ")
            ));
        }
        if let Some(best) = grouping
            .models
            .iter()
            .reduce(|a, b| if b.1 > a.1 { b } else { a })
        {
            let bics: Vec<String> = grouping
                .models
                .iter()
                .map(|(name, bic)| format!("{name} {bic:.1}"))
                .collect();
            say(format!(
                "The mixture has the covariances {} (Bayesian information criterion, larger is better: {}).",
                best.0,
                bics.join(", ")
            ));
        }
        if let Some(radius) = grouping.radius {
            let noise = self.members(self.k).len();
            say(format!(
                "DBSCAN with the radius {radius:.3} leaves {noise} of {} regions in no cluster.",
                self.block.regions.len()
            ));
        }
        notes
    }

    fn said(&self) -> String {
        let sizes: Vec<String> = (0..self.k)
            .map(|c| match self.members(c).len() {
                1 => format!("luster {} has one region", c + 1),
                n => format!("luster {} has {n} regions", c + 1),
            })
            .collect();
        let mut text = format!("C{}.", sizes.join(", c"));
        for r in (0..self.block.regions.len()).filter(|&r| self.focus(r)) {
            let said = match self.shape.labels[r] {
                label if label < self.k => format!("cluster {}", label + 1),
                _ => "no cluster".to_owned(),
            };
            text.push_str(&format!(" {} is in {said}.", self.name(r)));
        }
        text
    }

    /// How well each region fits its cluster.
    pub(super) fn silhouette(&self) -> Figure {
        let group = |c: usize| {
            let mut bars: Vec<Bar> = self
                .members(c)
                .into_iter()
                .filter_map(|r| {
                    Some(Bar {
                        label: self.name(r),
                        value: self.shape.widths[r]?.0,
                        role: if self.focus(r) {
                            Role::Focus
                        } else {
                            Role::Category(c)
                        },
                    })
                })
                .collect();
            bars.sort_by(|a, b| b.value.total_cmp(&a.value));
            BarGroup {
                label: format!("Cluster {}", c + 1),
                bars,
            }
        };
        let groups: Vec<BarGroup> = (0..self.k).map(group).filter(|g| !g.bars.is_empty()).collect();
        let below = groups.iter().flat_map(|g| &g.bars).filter(|b| b.value < 0.0);
        let below: Vec<&str> = below.map(|b| b.label.as_str()).collect();
        let said = if below.is_empty() {
            "No region lies nearer to another cluster.".to_owned()
        } else {
            format!(
                "Nearer to another cluster than to their own: {}.",
                below.join(", ")
            )
        };
        Figure {
            id: "silhouette".to_owned(),
            title: format!("How well each region fits its cluster, {}", self.study.period.to),
            alt: format!("Bars of the silhouette widths by cluster, 1 = in the middle of its own. {said}"),
            source: self.block.source.clone(),
            chart: Chart::Groups {
                axis: Axis::new("Silhouette width", ""),
                groups,
                reference: None,
            },
        }
    }

    pub(super) fn scatter(&self) -> Figure {
        let points = (0..self.block.regions.len())
            .map(|r| Point {
                label: self.name(r),
                x: self.shape.scores[r][0],
                y: self.shape.scores[r][1],
                group: self.shape.labels[r],
                role: self.role(r),
            })
            .collect();
        Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "{} clusters of regions on the first two components, {}",
                self.k, self.study.period.to
            ),
            alt: format!("Scatter of the regions by cluster. {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Scatter {
                x: Axis::new("First component", "score"),
                y: Axis::new("Second component", "score"),
                groups: self.groups(),
                points,
                over: quyu_core::figure::Over::default(),
            },
        }
    }

    /// The tree, cut at the number of clusters shown; Ward's where the method makes none of its own. Leaves are coloured by the grouping that is shown.
    pub(super) fn dendrogram(&self, method: Method) -> Option<Figure> {
        let tree = self.shape.tree.as_ref()?;
        let (name, whose) = match method {
            Method::Hierarchical(by) => {
                let by = format!("{by:?}");
                (
                    format!("{by} linkage tree"),
                    format!("{} linkage", by.to_lowercase()),
                )
            }
            _ => ("Ward tree".to_owned(), "Ward's method".to_owned()),
        };
        let order = tree.leaf_order();
        let mut position = vec![0; order.len()];
        order.iter().enumerate().for_each(|(p, &leaf)| position[leaf] = p);
        let node = |n: usize| position.get(n).copied().unwrap_or(n);
        let merges: Vec<Merge> = tree
            .merges
            .iter()
            .map(|m| Merge {
                a: node(m.a),
                b: node(m.b),
                height: m.height,
            })
            .collect();
        let above = merges
            .len()
            .checked_sub(self.k - 1)
            .and_then(|i| merges.get(i))
            .map(|m| m.height);
        let below = merges
            .len()
            .checked_sub(self.k)
            .and_then(|i| merges.get(i))
            .map(|m| m.height);
        let leaves = order
            .iter()
            .map(|&r| Leaf {
                label: self.name(r),
                cluster: self.shape.labels[r],
                role: self.role(r),
            })
            .collect();
        Some(Figure {
            id: "dendrogram".to_owned(),
            title: format!("{name} of the regions' profiles, {}", self.study.period.to),
            alt: format!(
                "Tree of merges of {} regions by {whose}; leaves are coloured by cluster. {}",
                order.len(),
                self.said()
            ),
            source: self.block.source.clone(),
            chart: Chart::Dendrogram {
                axis: Axis::new(
                    "Height of the merge",
                    "Euclidean distance of standardised indicators",
                ),
                leaves,
                merges,
                cut: above
                    .zip(below)
                    .filter(|_| method.takes_k())
                    .map(|(a, b)| (a + b) / 2.0),
            },
        })
    }

    /// The tile-grid map, where the packages hold one for the regions.
    pub(super) fn map(&self) -> Option<Figure> {
        let places = &self.study.atlas.relations.tiles;
        if !self.block.regions.iter().all(|r| places.contains_key(r)) {
            return None;
        }
        let scheme = self.block.regions[0].scheme();
        let tiles = places
            .iter()
            .filter(|(code, _)| code.scheme() == scheme)
            .map(|(code, place)| {
                let row = self.block.regions.iter().position(|r| r == code);
                Tile {
                    label: place.label.clone(),
                    row: place.row,
                    col: place.col,
                    fill: row.map_or(Fill::NoData, |r| Fill::Category(self.shape.labels[r])),
                    role: row.map_or(Role::Other, |r| self.role(r)),
                }
            })
            .collect();
        Some(Figure {
            id: "map".to_owned(),
            title: format!(
                "{} clusters by innovation profile, {}",
                self.k, self.study.period.to
            ),
            alt: format!("Tile-grid map of the regions by cluster. {}", self.said()),
            source: self.block.source.clone(),
            chart: Chart::Tiles {
                axis: None,
                categories: self.groups(),
                rest: None,
                tiles,
            },
        })
    }
}

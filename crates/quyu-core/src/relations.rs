//! Relations between regions, and between classification schemes.

use std::collections::BTreeMap;

use crate::names::{ClassCode, RegionCode};

/// A common border.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Border {
    /// One side.
    pub a: RegionCode,
    /// The other.
    pub b: RegionCode,
    /// Kind: `land`, `strait`.
    pub kind: String,
    /// Whether the border counts unless a study says otherwise.
    pub default: bool,
}

/// Place of a region on a tile-grid map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Row, 0 at the top.
    pub row: usize,
    /// Column, 0 at the left.
    pub col: usize,
    /// Label of the tile.
    pub label: String,
}

/// One item of a priority list and a code that it touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incidence {
    /// The list.
    pub list: String,
    /// Number of the item in its list.
    pub item: String,
    /// Scheme of the code.
    pub scheme: String,
    /// The code.
    pub code: String,
}

/// One pair of classes of two schemes that correspond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crosswalk {
    /// Scheme on one side.
    pub from_scheme: String,
    /// Class on one side.
    pub from: ClassCode,
    /// Scheme on the other side.
    pub to_scheme: String,
    /// Class on the other side.
    pub to: ClassCode,
}

/// Links between regions that somebody named with a table of their own: who counts as whose neighbour, and how much.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Links {
    /// What they are called: the file.
    pub name: String,
    /// From a region to its neighbour, each pair once in each direction that counts, with a weight above 0.
    pub weights: Vec<(RegionCode, RegionCode, f64)>,
}

/// All relations of the loaded packages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Relations {
    /// Borders, each once, `a` before `b`.
    pub contiguity: Vec<Border>,
    /// Tile-grid map, with places for regions that have no data.
    pub tiles: BTreeMap<RegionCode, Place>,
    /// Priority lists.
    pub priorities: Vec<Incidence>,
    /// Crosswalks between schemes.
    pub crosswalks: Vec<Crosswalk>,
    /// Links that take the place of borders where neighbours are weighted.
    pub links: Option<Links>,
}

impl Relations {
    /// Takes somebody's own links: they are the borders, and the weights between neighbours, from now on.
    pub fn link(&mut self, links: Links) {
        let border = |(a, b, _): &(RegionCode, RegionCode, f64)| Border {
            a: a.min(b).clone(),
            b: a.max(b).clone(),
            kind: "link".to_owned(),
            default: true,
        };
        self.contiguity = links.weights.iter().map(border).collect();
        self.contiguity.sort();
        self.contiguity.dedup();
        self.links = Some(links);
    }

    /// The neighbours of a region over default borders, in order of code.
    pub fn neighbours(&self, region: &RegionCode) -> Vec<RegionCode> {
        let other = |b: &Border| match (b.a == *region, b.b == *region) {
            (true, _) => Some(b.b.clone()),
            (_, true) => Some(b.a.clone()),
            _ => None,
        };
        let mut found: Vec<RegionCode> = self
            .contiguity
            .iter()
            .filter(|b| b.default)
            .filter_map(other)
            .collect();
        found.sort();
        found
    }

    /// Pairs of positions of neighbours among these regions over default borders, each pair in both directions, in order.
    pub fn edges(&self, regions: &[RegionCode]) -> Vec<(usize, usize)> {
        let position: BTreeMap<&RegionCode, usize> = regions.iter().zip(0..).collect();
        let mut edges: Vec<(usize, usize)> = self
            .contiguity
            .iter()
            .filter(|b| b.default)
            .filter_map(|b| Some((*position.get(&b.a)?, *position.get(&b.b)?)))
            .flat_map(|(a, b)| [(a, b), (b, a)])
            .collect();
        edges.sort_unstable();
        edges
    }

    /// The classes of another scheme that a class corresponds to.
    pub fn crosswalk(&self, from_scheme: &str, from: &ClassCode, to_scheme: &str) -> Vec<ClassCode> {
        self.crosswalks
            .iter()
            .filter(|c| c.from_scheme == from_scheme && c.from == *from && c.to_scheme == to_scheme)
            .map(|c| c.to.clone())
            .collect()
    }

    /// Merges the relations of another package.
    pub fn extend(&mut self, other: Relations) {
        self.contiguity.extend(other.contiguity);
        self.contiguity.sort();
        self.contiguity.dedup();
        self.tiles.extend(other.tiles);
        self.priorities.extend(other.priorities);
        self.priorities.sort();
        self.priorities.dedup();
        self.crosswalks.extend(other.crosswalks);
        self.crosswalks.sort();
        self.crosswalks.dedup();
        self.links = other.links.or_else(|| self.links.take());
    }
}

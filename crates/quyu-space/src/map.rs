//! Values on a map: the indicator, the neighbours, and the kind of test that all analyses here share.

use std::collections::BTreeMap;

use quyu_core::figure::{Chart, Figure, Fill, Role, Tile};
use quyu_core::number::lower_first;
use quyu_core::{
    AnalysisError, Block, Links, Need, Note, NoteKind, Param, ParamError, ParamKind, Params, RegionCode,
    Study, Term, Year,
};
use quyu_econometrics::Error;
use quyu_econometrics::inference::{Alternative, PermutationOptions};
use quyu_econometrics::space::{
    Decay, Metric, Style, Ties, Weights, distance_band, nearest, standardised_rates,
};

pub(crate) const VALUE: Param = Param::required("value", ParamKind::Column, "the indicator");
pub(crate) const NEIGHBOURS: Param = Param::with_default(
    "neighbours",
    ParamKind::Choice(&["contiguity", "every-border", "tiles", "tiles-within"]),
    "contiguity",
    "borders that count by default, every border with those over water, the nearest places of the tile map, or all places up to `distance`",
);
pub(crate) const COUNT: Param = Param::with_default(
    "neighbour_count",
    ParamKind::Integer { min: 1, max: 100 },
    "4",
    "how many nearest places for `tiles`; places as far away as the last of them count, too",
);
pub(crate) const DISTANCE: Param = Param::with_default(
    "distance",
    ParamKind::Number { min: 1.0, max: 1e3 },
    "1.5",
    "how far away places count for `tiles-within`, in tiles: 1 for tiles side by side, 1.5 for corners, too",
);
const STYLES: ParamKind = ParamKind::Choice(&["row", "binary", "variance", "spectral"]);
pub(crate) const ROW: Param = Param::with_default(
    "style",
    STYLES,
    "row",
    "scaling of the weights: each row adds up to 1, each link counts 1, variance-stabilising, or by the largest eigenvalue",
);
pub(crate) const BINARY: Param = Param::with_default(
    "style",
    STYLES,
    "binary",
    "scaling of the weights: each link counts 1, each row adds up to 1, variance-stabilising, or by the largest eigenvalue",
);
pub(crate) const PERMUTATIONS: Param = Param::with_default(
    "permutations",
    ParamKind::Integer { min: 9, max: 999_999 },
    "9999",
    "number of random permutations",
);
pub(crate) const ALTERNATIVE: Param = Param::with_default(
    "alternative",
    ParamKind::Choice(&["two-sided", "greater", "less"]),
    "two-sided",
    "which values are extreme: far from the expected one, large, or small",
);
pub(crate) const SEED: Param = Param::optional(
    "seed",
    ParamKind::Integer {
        min: 0,
        max: i64::MAX,
    },
    "seed of the permutations; that of the study if absent",
);

pub(crate) const OTHER: Param = Param::optional(
    "other",
    ParamKind::Column,
    "another indicator: the value in a region beside this one in its neighbours (bivariate)",
);
pub(crate) const POPULATION: Param = Param::optional(
    "population",
    ParamKind::Column,
    "persons among whom the value counts events: rates that allow for small populations (empirical Bayes)",
);

/// What stands beside the value.
#[derive(Debug)]
pub(crate) enum Beside {
    Nothing,
    /// Another indicator, that of the neighbours.
    Other(Term),
    /// The persons among whom the value counts events.
    Population(Term),
}

/// What a study is asked for.
#[derive(Debug)]
pub(crate) struct Question {
    analysis: &'static str,
    pub(crate) value: Term,
    pub(crate) beside: Beside,
    neighbours: String,
    count: usize,
    distance: f64,
    style: Style,
    permutations: usize,
    pub(crate) alternative: Alternative,
    seed: Option<u64>,
}

impl Question {
    pub(crate) fn new(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        let whole = |name: &str| params.integer(name).and_then(|i| u64::try_from(i).ok());
        Ok(Self {
            analysis,
            value: params.term(analysis, "value")?,
            beside: beside(analysis, params)?,
            neighbours: params.text("neighbours").unwrap_or("contiguity").to_owned(),
            count: whole("neighbour_count").unwrap_or(4) as usize,
            distance: params.number("distance").unwrap_or(1.5),
            style: match params.text("style") {
                Some("binary") => Style::Binary,
                Some("variance") => Style::VarianceStabilising,
                Some("spectral") => Style::Spectral,
                _ => Style::Row,
            },
            permutations: whole("permutations").unwrap_or(9_999) as usize,
            alternative: match params.text("alternative") {
                Some("greater") => Alternative::Greater,
                Some("less") => Alternative::Less,
                _ => Alternative::TwoSided,
            },
            seed: whole("seed"),
        })
    }

    pub(crate) fn needs(&self) -> Vec<Need> {
        let place = match self.neighbours.as_str() {
            "tiles" | "tiles-within" => Need::Tiles,
            _ => Need::Neighbours,
        };
        let terms = self.terms().into_iter().map(Need::Indicator);
        terms.chain([place]).collect()
    }

    /// The value and what stands beside it.
    fn terms(&self) -> Vec<Term> {
        let second = match &self.beside {
            Beside::Nothing => None,
            Beside::Other(term) | Beside::Population(term) => Some(term),
        };
        std::iter::once(&self.value).chain(second).cloned().collect()
    }

    pub(crate) fn options(&self, study: &Study) -> PermutationOptions {
        PermutationOptions {
            permutations: self.permutations,
            seed: self.seed.unwrap_or(study.seed),
            alternative: self.alternative,
            ..Default::default()
        }
    }

    /// Figures of the last year for all members of the reference, and who neighbours whom among them.
    pub(crate) fn map(&self, study: &Study) -> Result<Map, AnalysisError> {
        let mut map = self.map_of(study, &self.terms(), &[study.period.to])?;
        match &self.beside {
            Beside::Nothing => {}
            Beside::Other(_) => map.other = Some(map.block.column(1, 0).to_vec()),
            Beside::Population(_) => {
                let persons = map.block.column(1, 0);
                map.x = standardised_rates(&map.x, persons).map_err(|e| self.at_region(&map, e))?;
            }
        }
        Ok(map)
    }

    /// Names the region at whose figure a statistic failed.
    fn at_region(&self, map: &Map, error: Error) -> AnalysisError {
        let index = match &error {
            Error::NotFinite { index, .. } | Error::Negative { index, .. } | Error::Zero { index, .. } => {
                Some(*index)
            }
            _ => None,
        };
        AnalysisError::Statistic {
            statistic: "rates",
            region: index.and_then(|i| map.block.regions.get(i).cloned()),
            source: Box::new(error),
        }
    }

    /// The same of several indicators and years; `x` is the first of both.
    pub(crate) fn map_of(&self, study: &Study, terms: &[Term], years: &[Year]) -> Result<Map, AnalysisError> {
        let block = study.block(terms, study.reference.members(), years)?;
        let failed = |e| AnalysisError::statistic("spatial weights", e);
        let weights = match self.neighbours.as_str() {
            "tiles" | "tiles-within" => self.near_tiles(study, &block.regions)?,
            kind => match &study.atlas.relations.links {
                Some(links) => Weights::new(block.regions.len(), &among(links, &block.regions)),
                None => Weights::contiguity(
                    block.regions.len(),
                    &borders(study, &block.regions, kind == "every-border"),
                ),
            }
            .map_err(failed)?,
        };
        if weights.links() == 0 {
            return Err(AnalysisError::Study {
                analysis: self.analysis,
                reason: format!(
                    "no two regions of `{}` are neighbours by `{}`",
                    study.reference.id, self.neighbours
                ),
            });
        }
        let weights = weights.styled(self.style).map_err(failed)?;
        let mut notes = block.notes.clone();
        let islands: Vec<RegionCode> = weights
            .islands()
            .iter()
            .map(|i| block.regions[*i].clone())
            .collect();
        if !islands.is_empty() {
            let names: Vec<String> = islands.iter().map(|r| study.atlas.regions.label(r)).collect();
            notes.push(Note {
                kind: NoteKind::Method,
                text: format!(
                    "Without neighbours, and not counted in n: {}. The mean is that of all regions.",
                    names.join(", ")
                ),
                regions: islands,
            });
        }
        Ok(Map {
            x: block.column(0, 0).to_vec(),
            other: None,
            block,
            weights,
            notes,
        })
    }

    fn near_tiles(&self, study: &Study, regions: &[RegionCode]) -> Result<Weights, AnalysisError> {
        let place = |region: &RegionCode| {
            let found = study.atlas.relations.tiles.get(region);
            found
                .map(|p| (p.col as f64, p.row as f64))
                .ok_or_else(|| AnalysisError::Study {
                    analysis: self.analysis,
                    reason: format!(
                        "{} has no place on the tile map",
                        study.atlas.regions.label(region)
                    ),
                })
        };
        let places = regions.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let near = match self.neighbours.as_str() {
            "tiles" => nearest(&places, self.count, Ties::All, Metric::Planar),
            _ => distance_band(&places, None, self.distance, Decay::Binary, Metric::Planar),
        };
        near.map_err(|e| AnalysisError::statistic("spatial weights", e))
    }

    pub(crate) fn label(&self, study: &Study) -> String {
        let label = |term: &Term| study.atlas.codebook.label(term);
        match &self.beside {
            Beside::Nothing => label(&self.value),
            Beside::Other(other) => format!("{} beside {}", label(&self.value), lower_first(&label(other))),
            Beside::Population(persons) => {
                format!("{} per {}", label(&self.value), lower_first(&label(persons)))
            }
        }
    }

    /// The title of a table: what it holds, of what, when, and between which neighbours.
    pub(crate) fn title(&self, study: &Study, what: &str) -> String {
        let (label, year) = (self.label(study), study.period.to);
        format!("{what} {label}, {year}: {}", self.phrase(study))
    }

    /// How the neighbours were found and weighted, for a title.
    fn phrase(&self, study: &Study) -> String {
        let who = match self.neighbours.as_str() {
            "tiles" => format!("the {} nearest places of the tile map", self.count),
            "tiles-within" => format!("places of the tile map within {} tiles", self.distance),
            kind => match (&study.atlas.relations.links, kind) {
                (Some(links), _) => format!("the links of {}", links.name),
                (None, "every-border") => "every border".to_owned(),
                (None, _) => "borders".to_owned(),
            },
        };
        let style = match self.style {
            Style::Binary => "binary",
            Style::VarianceStabilising => "variance-stabilising",
            Style::Spectral => "spectral",
            _ => "row-standardised",
        };
        format!("neighbours by {who}, {style} weights")
    }
}

fn beside(analysis: &'static str, params: &Params) -> Result<Beside, ParamError> {
    match (
        params.text("other").is_some(),
        params.text("population").is_some(),
    ) {
        (true, true) => Err(ParamError::Combination {
            analysis: analysis.to_owned(),
            reason: "`other` and `population` cannot stand together: rates have no second indicator here"
                .to_owned(),
        }),
        (true, false) => Ok(Beside::Other(params.term(analysis, "other")?)),
        (false, true) => Ok(Beside::Population(params.term(analysis, "population")?)),
        (false, false) => Ok(Beside::Nothing),
    }
}

/// Somebody's own links between these regions, by position.
fn among(links: &Links, regions: &[RegionCode]) -> Vec<(usize, usize, f64)> {
    let position: BTreeMap<&RegionCode, usize> = regions.iter().zip(0..).collect();
    let found = links.weights.iter();
    found
        .filter_map(|(a, b, w)| Some((*position.get(a)?, *position.get(b)?, *w)))
        .collect()
}

/// Positions of regions that touch.
fn borders(study: &Study, regions: &[RegionCode], every: bool) -> Vec<(usize, usize)> {
    let position = |code: &RegionCode| regions.iter().position(|r| r == code);
    let counted = study
        .atlas
        .relations
        .contiguity
        .iter()
        .filter(|b| every || b.default);
    counted
        .filter_map(|b| Some((position(&b.a)?, position(&b.b)?)))
        .collect()
}

/// The values and their neighbours.
pub(crate) struct Map {
    pub(crate) block: Block,
    /// The value, or rates of it that can be compared.
    pub(crate) x: Vec<f64>,
    /// Another indicator.
    pub(crate) other: Option<Vec<f64>>,
    pub(crate) weights: Weights,
    pub(crate) notes: Vec<Note>,
}

impl Map {
    pub(crate) fn role(&self, study: &Study, region: &RegionCode) -> Role {
        let some = study.focus.members().len() < self.block.regions.len();
        match study.focus.contains(region) && some {
            true => Role::Focus,
            false => Role::Peer,
        }
    }

    /// The tile-grid map of what each region is, where the packages hold a place for all of them; `rest` names the regions that are
    /// nothing in particular.
    pub(crate) fn tiles(
        &self,
        study: &Study,
        title: String,
        alt: String,
        categories: &[&str],
        rest: &str,
        of: &[Fill],
    ) -> Option<Figure> {
        let places = &study.atlas.relations.tiles;
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
                    fill: row.map_or(Fill::NoData, |r| of[r]),
                    role: row.map_or(Role::Other, |_| self.role(study, code)),
                }
            });
        Some(Figure {
            id: "map".to_owned(),
            title,
            alt,
            source: self.block.source.clone(),
            chart: Chart::Tiles {
                axis: None,
                categories: categories.iter().map(|c| (*c).to_owned()).collect(),
                rest: Some(rest.to_owned()),
                tiles: tiles.collect(),
            },
        })
    }
}

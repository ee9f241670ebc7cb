//! Regions, sets of regions and partitions of a set.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::CoreError;
use crate::names::RegionCode;
use crate::suggest::Near;

/// Administrative or statistical level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A state.
    Nation,
    /// A province, autonomous region, municipality or special administrative region of China.
    Province,
    /// A prefecture-level city.
    City,
    /// A NUTS 1 region.
    Nuts1,
    /// A NUTS 2 region.
    Nuts2,
    /// A region of the toy data, or of somebody's own table.
    Toy,
}

impl Level {
    /// Reads the level as the packages write it.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] for any other word.
    pub fn parse(text: &str) -> Result<Self, CoreError> {
        Ok(match text {
            "nation" | "country" | "aggregate" => Level::Nation,
            "province" | "municipality" | "autonomous-region" | "special-administrative-region" => {
                Level::Province
            }
            "prefecture" | "prefecture-historical" => Level::City,
            "nuts1" => Level::Nuts1,
            "nuts2" | "extra-regio" => Level::Nuts2,
            "toy" | "region" => Level::Toy,
            _ => {
                let known = [
                    "nation",
                    "province",
                    "municipality",
                    "prefecture",
                    "nuts1",
                    "nuts2",
                    "region",
                ];
                return Err(CoreError::Unknown {
                    what: "level",
                    name: text.to_owned(),
                    near: Near::to(text, known),
                });
            }
        })
    }
}

/// One region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Full name in English.
    pub name_en: String,
    /// Full name in Chinese, where there is one.
    pub name_zh: Option<String>,
    /// Short name in English, for figures and tables.
    pub short_en: String,
    /// Short name in Chinese.
    pub short_zh: Option<String>,
    /// Its level.
    pub level: Level,
    /// The region around it.
    pub parent: Option<RegionCode>,
}

/// All regions at hand, found by code or by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Regions {
    by_code: BTreeMap<RegionCode, Region>,
}

impl Regions {
    /// Adds a region; the same region from two packages is one.
    ///
    /// # Errors
    /// [`CoreError::Conflict`] if the code is taken by a region of another English name.
    pub fn insert(&mut self, region: Region) -> Result<(), CoreError> {
        match self.by_code.get(&region.code) {
            Some(known) if known.name_en != region.name_en => Err(CoreError::Conflict {
                what: "region",
                name: region.code.to_string(),
            }),
            Some(_) => Ok(()),
            None => {
                self.by_code.insert(region.code.clone(), region);
                Ok(())
            }
        }
    }

    /// The region with this code.
    pub fn get(&self, code: &RegionCode) -> Option<&Region> {
        self.by_code.get(code)
    }

    /// All regions in order of code.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.by_code.values()
    }

    /// Finds a region by code (`320000`, `NUTS 2021:ES21`), English or Chinese name, long or short.
    ///
    /// # Errors
    /// [`CoreError::Unknown`] with near names, [`CoreError::AmbiguousName`] if several regions bear the name.
    pub fn find(&self, query: &str) -> Result<&Region, CoreError> {
        if let Some(region) = self.known(query) {
            return Ok(region);
        }
        let several: Vec<&Region> = self.iter().filter(|r| r.bears(query)).collect();
        if several.is_empty() {
            return Err(self.unknown(query));
        }
        Err(CoreError::AmbiguousName {
            name: query.to_owned(),
            codes: several.iter().map(|r| r.code.clone()).collect(),
        })
    }

    /// The region of this code, or the only one of this name: for a word that may as well be something else, which asks for no
    /// near names.
    pub fn known(&self, query: &str) -> Option<&Region> {
        if let Some(region) = RegionCode::parse(query).ok().and_then(|c| self.get(&c)) {
            return Some(region);
        }
        let found: Vec<&Region> = self.iter().filter(|r| r.bears(query)).collect();
        // A short name may be shared by a province and its capital region: the exact long name decides.
        let exact = || found.iter().filter(|r| r.name_en == query);
        match found.as_slice() {
            [one] => Some(one),
            _ if exact().count() == 1 => exact().next().copied(),
            _ => None,
        }
    }

    fn unknown(&self, query: &str) -> CoreError {
        let names = self.iter().flat_map(Region::names);
        let codes: Vec<String> = self.by_code.keys().map(ToString::to_string).collect();
        let near = Near::to(query, names.chain(codes.iter().map(String::as_str)));
        CoreError::Unknown {
            what: "region",
            name: query.to_owned(),
            near,
        }
    }

    /// The ancestors of a region, nearest first. A chain that runs in a circle ends.
    pub fn ancestors(&self, code: &RegionCode) -> Vec<RegionCode> {
        let mut chain: Vec<RegionCode> = Vec::new();
        let mut here = self.get(code).and_then(|r| r.parent.clone());
        while let Some(parent) = here {
            if parent == *code || chain.contains(&parent) {
                break;
            }
            here = self.get(&parent).and_then(|r| r.parent.clone());
            chain.push(parent);
        }
        chain
    }

    /// The short English name of a region, or its code.
    pub fn label(&self, code: &RegionCode) -> String {
        self.get(code)
            .map_or_else(|| code.to_string(), |r| r.short_en.clone())
    }
}

impl Region {
    fn names(&self) -> impl Iterator<Item = &str> {
        let zh = self
            .name_zh
            .iter()
            .chain(self.short_zh.iter())
            .map(String::as_str);
        [self.name_en.as_str(), self.short_en.as_str()]
            .into_iter()
            .chain(zh)
    }

    fn bears(&self, query: &str) -> bool {
        self.names().any(|n| n.eq_ignore_ascii_case(query))
    }
}

/// A named set of regions, of mixed level if need be, in which nothing is counted twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionSet {
    /// Its id.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: Option<String>,
    members: Vec<RegionCode>,
}

impl RegionSet {
    /// A set of known regions, kept in order of code.
    ///
    /// # Errors
    /// [`CoreError::EmptySet`], [`CoreError::Unknown`] member, [`CoreError::Repeated`] member, or [`CoreError::Nested`]
    /// if a member lies in another.
    pub fn new(
        regions: &Regions,
        id: impl Into<String>,
        name_en: impl Into<String>,
        name_zh: Option<String>,
        members: Vec<RegionCode>,
    ) -> Result<Self, CoreError> {
        let (id, name_en) = (id.into(), name_en.into());
        if members.is_empty() {
            return Err(CoreError::EmptySet { set: id });
        }
        let mut seen: BTreeSet<RegionCode> = BTreeSet::new();
        for member in &members {
            if regions.get(member).is_none() {
                return Err(regions.unknown(&member.to_string()));
            }
            if !seen.insert(member.clone()) {
                return Err(CoreError::Repeated {
                    set: id,
                    member: member.clone(),
                });
            }
        }
        for member in &members {
            if let Some(ancestor) = regions.ancestors(member).into_iter().find(|a| seen.contains(a)) {
                return Err(CoreError::Nested {
                    set: id,
                    member_name: regions.label(member),
                    ancestor_name: regions.label(&ancestor),
                    member: member.clone(),
                    ancestor,
                });
            }
        }
        Ok(Self {
            id,
            name_en,
            name_zh,
            members: seen.into_iter().collect(),
        })
    }

    /// The set that holds one region, under that region's names.
    pub fn single(region: &Region) -> Self {
        Self {
            id: region.code.to_string(),
            name_en: region.short_en.clone(),
            name_zh: region.short_zh.clone().or_else(|| region.name_zh.clone()),
            members: vec![region.code.clone()],
        }
    }

    /// The members in order of code.
    pub fn members(&self) -> &[RegionCode] {
        &self.members
    }

    /// Whether the set holds this region.
    pub fn contains(&self, code: &RegionCode) -> bool {
        self.members.binary_search(code).is_ok()
    }
}

/// One group of a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its label in English.
    pub label: String,
}

/// A partition of regions into groups. It may be defined for more regions than a study looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its id.
    pub id: String,
    /// Its label in English.
    pub label: String,
    /// The groups in the order in which the package lists them.
    pub groups: Vec<Group>,
    group_of: BTreeMap<RegionCode, usize>,
}

impl Partition {
    /// An empty partition.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            groups: Vec::new(),
            group_of: BTreeMap::new(),
        }
    }

    /// Puts a region into a group, which is created if it is new. A partition may be defined piece by piece for several
    /// sets, whose groups may share an id (`southern`) but not the label.
    ///
    /// # Errors
    /// [`CoreError::Conflict`] if the region is in another group already.
    pub fn assign(&mut self, region: RegionCode, group: &str, label: &str) -> Result<(), CoreError> {
        let position = self
            .groups
            .iter()
            .position(|g| g.id == group && g.label == label)
            .unwrap_or_else(|| {
                self.groups.push(Group {
                    id: group.to_owned(),
                    label: label.to_owned(),
                });
                self.groups.len() - 1
            });
        match self.group_of.insert(region.clone(), position) {
            Some(old) if old != position => Err(CoreError::Conflict {
                what: "group of region",
                name: region.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The group of each region, as positions in the list of groups that occur, in the order of `groups`.
    ///
    /// # Errors
    /// [`CoreError::NotCovered`] names the members of no group.
    pub fn cover(&self, set: &str, regions: &[RegionCode]) -> Result<(Vec<usize>, Vec<Group>), CoreError> {
        let missing: Vec<RegionCode> = regions
            .iter()
            .filter(|r| !self.group_of.contains_key(r))
            .cloned()
            .collect();
        if !missing.is_empty() {
            return Err(CoreError::NotCovered {
                partition: self.id.clone(),
                set: set.to_owned(),
                missing,
            });
        }
        let raw: Vec<usize> = regions.iter().map(|r| self.group_of[r]).collect();
        let used: BTreeSet<usize> = raw.iter().copied().collect();
        let dense: BTreeMap<usize, usize> = used.iter().copied().zip(0..).collect();
        let groups = used.iter().map(|&g| self.groups[g].clone()).collect();
        Ok((raw.iter().map(|g| dense[g]).collect(), groups))
    }
}

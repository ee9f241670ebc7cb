//! Items of a list and classes of its region, each with its reading.

use std::collections::BTreeSet;

use quyu_core::policy::Item;
use quyu_core::{AnalysisError, RegionSet, Study};
use quyu_econometrics::policy::{ChanceFit, chance_fit};

use super::measure::{Figures, Quotient};
use super::sectors::{Sectors, refuse};
use crate::lists::{title, unknown};

/// What can be said of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    Strong,
    NotStrong,
    TooBroad,
    NoCode,
    NoFigures,
}

impl Reading {
    pub(super) const UNMEASURED: [Reading; 3] = [Reading::TooBroad, Reading::NoFigures, Reading::NoCode];

    pub(super) fn measured(self) -> bool {
        matches!(self, Reading::Strong | Reading::NotStrong)
    }

    /// The word in tables.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Reading::Strong => "strong",
            Reading::NotStrong => "not-strong",
            Reading::TooBroad => "too-broad",
            Reading::NoCode => "no-code",
            Reading::NoFigures => "no-figures",
        }
    }

    fn of(quotient: &Quotient) -> Self {
        match (quotient.lq, quotient.strong) {
            (None, _) => Reading::NoFigures,
            (_, true) => Reading::Strong,
            (_, false) => Reading::NotStrong,
        }
    }
}

/// One item of a list.
pub(super) struct ItemFit<'a> {
    pub(super) number: &'a str,
    pub(super) item: &'a Item,
    /// Its classes, each with the number of divisions of it that the item touches.
    pub(super) classes: Vec<(usize, usize)>,
    pub(super) reading: Reading,
    /// Of its classes taken together, where it can be measured.
    pub(super) quotient: Option<Quotient>,
}

/// How a list speaks of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// By an item that can be measured.
    Priority,
    /// Only by items that cannot be measured.
    InPart,
    /// By none.
    None,
}

impl Named {
    /// The word in tables.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Named::Priority => "priority",
            Named::InPart => "in-part",
            Named::None => "none",
        }
    }
}

/// One class of the region of a list.
pub(super) struct ClassFit {
    pub(super) quotient: Quotient,
    pub(super) reading: Reading,
    pub(super) named: Named,
}

/// A list with all that was measured.
pub(super) struct ListFit<'a> {
    pub(super) id: &'a str,
    pub(super) title: String,
    /// Place and year, for labels.
    pub(super) short: String,
    pub(super) region: String,
    pub(super) place: String,
    pub(super) items: Vec<ItemFit<'a>>,
    /// In the order of the classes; none where the region has no figures.
    pub(super) classes: Vec<ClassFit>,
    /// The classes that are not too broad: named by measurable items beside strong.
    pub(super) chance: ChanceFit,
}

impl ListFit<'_> {
    pub(super) fn count(&self, reading: Reading) -> usize {
        self.items.iter().filter(|i| i.reading == reading).count()
    }

    pub(super) fn measured(&self) -> usize {
        self.items.iter().filter(|i| i.reading.measured()).count()
    }

    /// Strong classes that no item touches, strongest first.
    pub(super) fn unnamed(&self) -> Vec<usize> {
        let missed = |c: &usize| {
            let class = &self.classes[*c];
            class.reading == Reading::Strong && class.named == Named::None
        };
        let mut found: Vec<usize> = (0..self.classes.len()).filter(missed).collect();
        found.sort_by(|a, b| {
            let lq = |c: &usize| self.classes[*c].quotient.lq.unwrap_or_default();
            lq(b).total_cmp(&lq(a))
        });
        found
    }
}

/// The region of a list: a region or a set of the packages at hand.
pub(super) fn place(study: &Study, list: &str) -> Result<Option<RegionSet>, AnalysisError> {
    let policy = &study.atlas.policy;
    let entry = policy
        .lists
        .get(list)
        .ok_or_else(|| unknown("priority list", list, policy))?;
    if entry.level == "national" {
        return Err(refuse(format!(
            "`{list}` is a national list, and the nation cannot be strong beside itself: name lists of provinces or cities"
        )));
    }
    let region = study.atlas.regions.known(&entry.region).map(RegionSet::single);
    Ok(region.or_else(|| study.atlas.sets.get(&entry.region).cloned()))
}

/// Measures one list.
pub(super) fn measure<'a>(
    study: &'a Study,
    sectors: &Sectors,
    figures: &Figures,
    (list, place): (&'a str, Option<&RegionSet>),
    breadth: usize,
) -> Result<ListFit<'a>, AnalysisError> {
    let policy = &study.atlas.policy;
    let members = place.and_then(|p| figures.members(p));
    let narrow = |class: usize| sectors.list[class].divisions <= breadth;
    let mut items = Vec::new();
    for (number, item) in policy.items_of(list) {
        let classes = touched(study, sectors, list, number);
        let mut fit = ItemFit {
            number,
            item,
            classes: classes.clone().unwrap_or_default(),
            reading: Reading::NoCode,
            quotient: None,
        };
        if let Some(classes) = classes {
            fit.reading = match &members {
                None => Reading::NoFigures,
                Some(_) if classes.iter().any(|(c, _)| !narrow(*c)) => Reading::TooBroad,
                Some(members) => {
                    let together = classes.iter().map(|(c, _)| *c).collect();
                    let quotient = figures.quotient(members, &together)?;
                    fit.quotient = Some(quotient);
                    Reading::of(&quotient)
                }
            };
        }
        items.push(fit);
    }
    if items.is_empty() {
        return Err(unknown("priority list with items", list, policy));
    }
    let mut classes = Vec::new();
    for class in 0..sectors.list.len() {
        let Some(members) = &members else { break };
        let quotient = figures.quotient(members, &BTreeSet::from([class]))?;
        classes.push(ClassFit {
            reading: if narrow(class) {
                Reading::of(&quotient)
            } else {
                Reading::TooBroad
            },
            named: named(&items, class),
            quotient,
        });
    }
    let drawn: Vec<&ClassFit> = classes.iter().filter(|c| c.reading.measured()).collect();
    let named: Vec<bool> = drawn.iter().map(|c| c.named == Named::Priority).collect();
    let strong: Vec<bool> = drawn.iter().map(|c| c.reading == Reading::Strong).collect();
    let chance = chance_fit(&named, &strong).map_err(|e| AnalysisError::statistic("fit by chance", e))?;
    let entry = policy.lists.get(list);
    let (region, name) = place.map_or_else(
        || entry.map_or_else(Default::default, |l| (l.region.clone(), l.region_name.clone())),
        |p| (p.id.clone(), p.name_en.clone()),
    );
    Ok(ListFit {
        id: list,
        title: title(policy, list),
        short: format!("{name} {}", entry.map_or("", |l| l.year.as_str())),
        region,
        place: name,
        items,
        classes,
        chance,
    })
}

/// The classes of an item with the number of its divisions in each; none where a division belongs to no class, or there is none.
fn touched(study: &Study, sectors: &Sectors, list: &str, number: &str) -> Option<Vec<(usize, usize)>> {
    let own = |row: &&quyu_core::relations::Incidence| {
        row.list == list && row.item == number && row.scheme == sectors.scheme
    };
    let rows = study.atlas.relations.priorities.iter().filter(own);
    let found: Option<Vec<usize>> = rows.map(|row| sectors.class_of(&row.code)).collect();
    let found = found.filter(|f| !f.is_empty())?;
    let distinct: BTreeSet<usize> = found.iter().copied().collect();
    let count = |class: usize| (class, found.iter().filter(|c| **c == class).count());
    Some(distinct.into_iter().map(count).collect())
}

fn named(items: &[ItemFit<'_>], class: usize) -> Named {
    let by = items
        .iter()
        .filter(|i| i.classes.iter().any(|(c, _)| *c == class));
    by.map(|i| match i.reading.measured() {
        true => Named::Priority,
        false => Named::InPart,
    })
    .min()
    .unwrap_or(Named::None)
}

//! A package before it is written: its tables in memory, with the rules that keep a figure from
//! standing twice.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The header of an observation table.
pub(crate) const OBSERVATION: [&str; 8] = [
    "region",
    "year",
    "indicator",
    "class",
    "vintage",
    "value",
    "source",
    "note",
];

/// What identifies a figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) region: String,
    pub(crate) year: String,
    pub(crate) indicator: String,
    pub(crate) class: String,
    pub(crate) vintage: String,
}

impl Key {
    pub(crate) fn new(region: &str, year: &str, (indicator, class): (&str, &str), vintage: &str) -> Self {
        Self {
            region: region.to_owned(),
            year: year.to_owned(),
            indicator: indicator.to_owned(),
            class: class.to_owned(),
            vintage: vintage.to_owned(),
        }
    }

    pub(crate) fn with_vintage(&self, vintage: &str) -> Self {
        Self {
            vintage: vintage.to_owned(),
            ..self.clone()
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            region,
            year,
            indicator,
            class,
            vintage,
        } = self;
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(".{class}")
        };
        write!(f, "{region} {year} {indicator}{class} [{vintage}]")
    }
}

/// A figure with where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) value: String,
    pub(crate) source: String,
    pub(crate) note: String,
}

/// What happened to a figure that was offered to a draft.
pub(crate) enum Offer {
    /// It stands in the package.
    Carried,
    /// Its key was taken: the figure of lower rank went to the alternatives.
    SetAside,
    /// Its key was taken, and neither figure is known to be the second source.
    Conflict {
        /// The value that stands in the package.
        standing: String,
    },
}

/// One plain table: header and rows.
pub(crate) struct Plain {
    pub(crate) header: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A package in memory.
pub(crate) struct Draft {
    pub(crate) id: &'static str,
    observations: BTreeMap<Key, Figure>,
    alternatives: Vec<(Key, Figure)>,
    tables: BTreeMap<String, Plain>,
}

impl Draft {
    pub(crate) fn new(id: &'static str) -> Self {
        Self {
            id,
            observations: BTreeMap::new(),
            alternatives: Vec::new(),
            tables: BTreeMap::new(),
        }
    }

    pub(crate) fn figure(&self, key: &Key) -> Option<&Figure> {
        self.observations.get(key)
    }

    pub(crate) fn figures(&self) -> impl Iterator<Item = (&Key, &Figure)> {
        self.observations.iter()
    }

    /// Adds a figure. Where its key is taken, the one whose source is in `secondary` is set aside.
    pub(crate) fn offer(&mut self, key: Key, figure: Figure, secondary: &[&str]) -> Offer {
        match self.observations.entry(key) {
            Entry::Vacant(place) => {
                place.insert(figure);
                Offer::Carried
            }
            Entry::Occupied(mut place) => {
                let key = place.key().clone();
                if secondary.contains(&figure.source.as_str()) {
                    self.alternatives.push((key, figure));
                    Offer::SetAside
                } else if secondary.contains(&place.get().source.as_str()) {
                    let standing = place.insert(figure);
                    self.alternatives.push((key, standing));
                    Offer::SetAside
                } else {
                    Offer::Conflict {
                        standing: place.get().value.clone(),
                    }
                }
            }
        }
    }

    /// Sets a figure aside as an alternative to one that stands here or in another package.
    pub(crate) fn set_aside(&mut self, key: Key, figure: Figure) {
        self.alternatives.push((key, figure));
    }

    /// Adds a table whose rows are sorted by all their cells, first column first.
    pub(crate) fn table(&mut self, name: &str, header: &[&'static str], mut rows: Vec<Vec<String>>) {
        rows.sort();
        self.tables.insert(
            format!("{name}.csv"),
            Plain {
                header: header.to_vec(),
                rows,
            },
        );
    }

    /// All tables of the package by their path: observations by theme, alternatives, and the rest.
    pub(crate) fn into_tables(self) -> BTreeMap<String, Plain> {
        let mut tables = self.tables;
        for (key, figure) in self.observations {
            let path = format!("observations/{}.csv", theme(&key.indicator));
            let table = tables.entry(path).or_insert_with(observation_table);
            table.rows.push(observation_row(key, figure));
        }
        if !self.alternatives.is_empty() {
            let mut table = observation_table();
            table.rows.extend(
                self.alternatives
                    .into_iter()
                    .map(|(key, figure)| observation_row(key, figure)),
            );
            table.rows.sort();
            tables.insert("alternatives.csv".to_owned(), table);
        }
        tables
    }
}

fn observation_table() -> Plain {
    Plain {
        header: OBSERVATION.to_vec(),
        rows: Vec::new(),
    }
}

fn observation_row(key: Key, figure: Figure) -> Vec<String> {
    vec![
        key.region,
        key.year,
        key.indicator,
        key.class,
        key.vintage,
        figure.value,
        figure.source,
        figure.note,
    ]
}

/// The table that holds an indicator: a diff is readable when one theme is one file.
fn theme(indicator: &str) -> &'static str {
    const THEMES: [(&str, &str); 22] = [
        ("budget_", "budget"),
        ("berd", "rd"),
        ("cpi_", "prices"),
        ("emp", "employment"),
        ("fai_", "prices"),
        ("gdp", "accounts"),
        ("gerd", "rd"),
        ("he_", "education"),
        ("hrst", "education"),
        ("ht_", "high-tech"),
        ("hte_", "high-tech"),
        ("ind_", "industry"),
        ("papers_", "papers"),
        ("pat_", "patents"),
        ("pop", "population"),
        ("rd_", "rd"),
        ("rii", "innovation-index"),
        ("sci_eng", "education"),
        ("tech", "technology-market"),
        ("tertiary", "education"),
        ("urbanisation", "population"),
        ("va", "accounts"),
    ];
    THEMES
        .iter()
        .find(|(prefix, _)| indicator.starts_with(prefix))
        .map_or("other", |(_, theme)| theme)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: &str, source: &str) -> Figure {
        Figure {
            value: value.to_owned(),
            source: source.to_owned(),
            note: String::new(),
        }
    }

    fn key() -> Key {
        Key::new("500000", "2015", ("gdp", ""), "as_published_pre4EC")
    }

    #[test]
    fn a_second_source_is_set_aside_in_either_order() {
        for sources in [["YEARBOOK", "PRESS"], ["PRESS", "YEARBOOK"]] {
            let mut draft = Draft::new("test");
            draft.offer(key(), figure("1", sources[0]), &["PRESS"]);
            assert!(matches!(
                draft.offer(key(), figure("2", sources[1]), &["PRESS"]),
                Offer::SetAside
            ));
            assert_eq!(draft.figure(&key()).unwrap().source, "YEARBOOK");
            let tables = draft.into_tables();
            assert_eq!(tables["alternatives.csv"].rows[0][6], "PRESS");
            assert_eq!(tables["observations/accounts.csv"].rows.len(), 1);
        }
    }

    #[test]
    fn two_first_sources_of_one_key_are_a_conflict() {
        let mut draft = Draft::new("test");
        draft.offer(key(), figure("1", "A"), &[]);
        assert!(
            matches!(draft.offer(key(), figure("2", "B"), &[]), Offer::Conflict { standing } if standing == "1")
        );
    }

    #[test]
    fn a_theme_follows_from_the_prefix() {
        let themes = [
            "hte_stock",
            "ht_firms",
            "papers_sci",
            "pat_epo_pc",
            "pop_eu",
            "va4",
            "emp_nace_total",
        ];
        let found = [
            "high-tech",
            "high-tech",
            "papers",
            "patents",
            "population",
            "accounts",
            "employment",
        ];
        assert_eq!(themes.map(theme), found);
    }
}

//! The registry: every analysis once, in order of id.

use crate::analysis::{AnalysisError, Entry};
use crate::suggest::Near;

/// All analyses that are plugged in.
#[derive(Debug, Clone)]
pub struct Registry {
    entries: Vec<&'static Entry>,
}

/// Two plugins claim one id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two analyses are called `{id}`: an id belongs to one plugin")]
pub struct DuplicateId {
    /// The id.
    pub id: &'static str,
}

impl Registry {
    /// Sorts the entries by id.
    ///
    /// # Errors
    /// [`DuplicateId`] if two entries share an id.
    pub fn new(entries: impl IntoIterator<Item = &'static Entry>) -> Result<Self, DuplicateId> {
        let mut entries: Vec<&'static Entry> = entries.into_iter().collect();
        entries.sort_by_key(|e| e.id);
        match entries.windows(2).find(|w| w[0].id == w[1].id) {
            Some(pair) => Err(DuplicateId { id: pair[0].id }),
            None => Ok(Self { entries }),
        }
    }

    /// All entries in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &'static Entry> + '_ {
        self.entries.iter().copied()
    }

    /// The entry of this id.
    ///
    /// # Errors
    /// [`AnalysisError::Unknown`] with near names.
    pub fn get(&self, id: &str) -> Result<&'static Entry, AnalysisError> {
        self.iter()
            .find(|e| e.id == id)
            .ok_or_else(|| AnalysisError::Unknown {
                id: id.to_owned(),
                near: Near::to(id, self.entries.iter().map(|e| e.id)),
            })
    }
}

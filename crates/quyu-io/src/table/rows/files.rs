//! Rows of one file or several, one after the other.

use super::super::fault::{Fault, TableError, only};
use super::super::head::Named;
use super::super::raw::{Input, ReadOptions};
use super::super::source::Source;
use super::{Chunk, RowsError, Stream, Tally, Wish, fold};

/// Files of one header, the first of which is open.
pub struct Files {
    first: Stream,
    rest: Vec<Source>,
    options: ReadOptions,
}

/// All rows are in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// The files, with the hash of those that were read as a whole.
    pub inputs: Vec<Input>,
    /// How many rows there were.
    pub tally: Tally,
}

impl Files {
    /// Opens the first file.
    ///
    /// # Errors
    /// [`TableError`], as [`Stream::open`].
    pub fn open(sources: &[Source], options: &ReadOptions) -> Result<Self, TableError> {
        let Some((first, rest)) = sources.split_first() else {
            return Err(only("the command", Fault::Empty));
        };
        Ok(Self {
            first: Stream::open(first, options)?,
            rest: rest.to_vec(),
            options: options.clone(),
        })
    }

    /// What is known before the first row.
    pub fn named(&self) -> &Named {
        self.first.named()
    }

    /// Folds the rows of all files, as [`fold`] does those of one.
    ///
    /// # Errors
    /// As [`fold`]; [`Fault::OtherHeader`].
    pub fn fold<T, E>(
        self,
        wish: &Wish,
        take: impl Fn(&Chunk<'_>) -> Result<T, E> + Sync,
        mut merge: impl FnMut(T) -> Result<(), E>,
    ) -> Result<Read, RowsError<E>>
    where
        T: Send,
        E: Send,
    {
        let named = self.named().clone();
        let mut read = Read::default();
        let mut next = Some(self.first);
        let mut rest = self.rest.iter();
        while let Some(stream) = next {
            let name = stream.named().name.clone();
            let folded = fold(stream, wish, &take, &mut merge)?;
            read.inputs.push(Input {
                name,
                sha256: folded.sha256,
                rows: folded.tally.rows() as usize,
            });
            read.tally.add(folded.tally);
            next = match rest.next() {
                Some(source) => Some(same(&named, source, &self.options).map_err(RowsError::Table)?),
                None => None,
            };
        }
        Ok(read)
    }
}

/// Opens a further file, which must have the header of the first.
fn same(first: &Named, source: &Source, options: &ReadOptions) -> Result<Stream, TableError> {
    let stream = Stream::open(source, options)?;
    let named = stream.named();
    if named.header == first.header {
        return Ok(stream);
    }
    let without = |a: &[String], b: &[String]| a.iter().filter(|n| !b.contains(n)).cloned().collect();
    let fault = Fault::OtherHeader {
        first: first.name.clone(),
        lacks: without(&first.header, &named.header),
        besides: without(&named.header, &first.header),
    };
    Err(only(&named.name, fault))
}

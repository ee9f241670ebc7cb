//! A text table cut into blocks of whole records, so that it never stands in memory as a whole.
//!
//! The cuts follow from the bytes and the size of a block alone: whoever works on the blocks, and on how many threads, sees the same.

use std::io::{self, Read};

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr_iter, memrchr2};

/// Bytes that are read before a block is cut.
pub(crate) const BLOCK: usize = 4 << 20;
/// Longest record: more than any table of figures has.
pub(crate) const LONGEST: usize = 64 << 20;

/// Whole records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its place among the blocks.
    pub(crate) index: usize,
    /// Line ends before it.
    pub(crate) lines: u64,
    /// The records, as they stand in the file.
    pub(crate) bytes: Vec<u8>,
}

/// Why there is no next block.
#[derive(Debug)]
pub(crate) enum Cut {
    /// The system.
    Io(io::Error),
    /// A record of more than [`LONGEST`] bytes, which begins after so many line ends.
    Endless(u64),
}

/// Cuts what a reader gives.
pub(crate) struct Blocks<R> {
    reader: R,
    quote: u8,
    delimiter: u8,
    size: usize,
    rest: Vec<u8>,
    index: usize,
    lines: u64,
    done: bool,
}

impl<R: Read> Blocks<R> {
    /// Blocks of about `size` bytes.
    pub(crate) fn new(reader: R, delimiter: u8, quote: u8, size: usize) -> Self {
        Self {
            reader,
            quote,
            delimiter,
            size: size.max(1),
            rest: Vec::new(),
            index: 0,
            lines: 0,
            done: false,
        }
    }

    /// Goes on with these bytes, which were read before, after so many line ends.
    pub(crate) fn after(mut self, lines: u64, rest: Vec<u8>) -> Self {
        (self.lines, self.rest) = (lines, rest);
        self
    }

    /// The index of the next block.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// The reader, and what was read of it beyond the last block.
    pub(crate) fn into_parts(self) -> (R, Vec<u8>) {
        (self.reader, self.rest)
    }

    /// There is no next block any more.
    pub(crate) fn stop(&mut self) {
        (self.done, self.rest) = (true, Vec::new());
    }

    /// The next block; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Block>, Cut> {
        self.next_in(Vec::new())
    }

    /// The next block, in the memory of a buffer that nobody needs any more.
    pub(crate) fn next_in(&mut self, mut bytes: Vec<u8>) -> Result<Option<Block>, Cut> {
        bytes.clear();
        bytes.append(&mut self.rest);
        let mut wanted = self.size;
        loop {
            self.fill(&mut bytes, wanted)?;
            let seen = bytes.len().min(wanted);
            if self.done && seen == bytes.len() {
                break;
            }
            if let Some(end) = self.last_end(&bytes[..seen]) {
                self.rest = bytes.split_off(end);
                break;
            }
            if wanted >= LONGEST {
                return Err(Cut::Endless(self.lines));
            }
            wanted = (2 * wanted).min(LONGEST);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let block = Block {
            index: self.index,
            lines: self.lines,
            bytes,
        };
        self.index += 1;
        self.lines += memchr_iter(b'\n', &block.bytes).count() as u64;
        Ok(Some(block))
    }

    /// Reads until there are so many bytes, or the end.
    fn fill(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> Result<(), Cut> {
        let missing = wanted.saturating_sub(bytes.len()) as u64;
        if self.done || missing == 0 {
            return Ok(());
        }
        bytes.reserve(missing as usize);
        let read = (&mut self.reader).take(missing).read_to_end(bytes);
        self.done = (read.map_err(Cut::Io)? as u64) < missing;
        Ok(())
    }

    /// One past the end of the last whole record.
    fn last_end(&self, bytes: &[u8]) -> Option<usize> {
        if memchr(self.quote, bytes).is_none() {
            return memrchr2(b'\n', b'\r', bytes).map(|at| at + 1);
        }
        // A line end inside quotes ends no record: somebody who knows the rules of quoting has to read along.
        let mut reader = csv_core::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.quote)
            .build();
        let (mut out, mut ends) = ([0u8; 4096], [0usize; 256]);
        let (mut at, mut last) = (0, None);
        while at < bytes.len() {
            let (result, read, _, _) = reader.read_record(&bytes[at..], &mut out, &mut ends);
            at += read;
            match result {
                // The last record of the bytes may go on behind them unless a line end stands there.
                ReadRecordResult::Record if matches!(bytes[at - 1], b'\n' | b'\r') => last = Some(at),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => break,
                _ => {}
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, size: usize) -> Vec<Block> {
        let mut blocks = Blocks::new(text.as_bytes(), b',', b'"', size);
        std::iter::from_fn(|| blocks.next().unwrap()).collect()
    }

    fn texts(blocks: &[Block]) -> Vec<&str> {
        blocks
            .iter()
            .map(|b| std::str::from_utf8(&b.bytes).unwrap())
            .collect()
    }

    #[test]
    fn blocks_are_whole_records_and_know_their_lines() {
        let blocks = cut("a,b\n1,2\n3,4\n5,6", 5);
        assert_eq!(texts(&blocks), ["a,b\n", "1,2\n", "3,4\n", "5,6"]);
        let lines: Vec<u64> = blocks.iter().map(|b| b.lines).collect();
        assert_eq!(lines, [0, 1, 2, 3]);
    }

    #[test]
    fn a_line_end_inside_quotes_cuts_nothing() {
        let text = "a,\"x\ny\"\nb,\"\"\"\n\"\nc,d\n";
        for size in 1..text.len() {
            let blocks = cut(text, size);
            assert_eq!(texts(&blocks).concat(), text);
            for block in texts(&blocks) {
                assert_eq!(block.matches('"').count() % 2, 0, "{size}: {block:?}");
            }
        }
    }

    #[test]
    fn a_record_longer_than_a_block_makes_the_block_longer() {
        assert_eq!(texts(&cut("abcdefgh,1\ni,2\n", 3)), ["abcdefgh,1\n", "i,2\n"]);
    }
}

//! What the footer and the page headers of a Parquet file claim to hold, counted before its reader goes through them.
//!
//! They are structures of Thrift's compact protocol. The reader skips a field that it does not know element by element, and to it one of
//! a list of truths takes no byte: a few bytes that claim two thousand million of them keep it busy for minutes. A field that it does know
//! it reads as what it should be, whatever type it bears. So the types of known fields are looked at too, or the walk would not see what
//! the reader sees.

use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::ChunkReader;

/// What a known field holds.
enum Shape {
    /// What its type says: the reader skips it, or looks at the type itself.
    Any,
    /// A whole number of any width: they are written alike.
    Integer,
    /// A whole number that the walk is after.
    Kept,
    /// A value of this type.
    Plain(u8),
    List(&'static Shape),
    Structure(Fields),
    /// A node of the tree of columns, with the number of its children.
    Node(Fields),
}

/// The number and shape of each known field.
type Fields = &'static [(i16, Shape)];

use Shape::{Integer, Kept, List, Node, Structure};

const BYTE: Shape = Shape::Plain(3);
const DOUBLE: Shape = Shape::Plain(7);
const BINARY: Shape = Shape::Plain(8);
const EMPTY: Shape = Structure(&[]);

#[rustfmt::skip]
mod shapes {
    use super::{BINARY, BYTE, DOUBLE, EMPTY, Fields, Integer, Kept, List, Node, Shape, Structure};

    pub(super) static FILE: Fields = &[
        (1, Integer), (2, List(&SCHEMA)), (3, Integer), (4, List(&GROUP)), (5, List(&KEY_VALUE)), (6, BINARY), (7, List(&ORDER)),
    ];
    static SCHEMA: Shape = Node(&[
        (1, Integer), (2, Integer), (3, Integer), (4, BINARY), (5, Kept), (6, Integer), (7, Integer), (8, Integer), (9, Integer),
        (10, LOGICAL),
    ]);
    const LOGICAL: Shape = Structure(&[
        (1, EMPTY), (2, EMPTY), (3, EMPTY), (4, EMPTY), (5, Structure(&[(1, Integer), (2, Integer)])), (6, EMPTY), (7, TIME), (8, TIME),
        (10, Structure(&[(1, BYTE)])), (11, EMPTY), (12, EMPTY), (13, EMPTY), (14, EMPTY), (15, EMPTY), (16, Structure(&[(1, BYTE)])),
        (17, Structure(&[(1, BINARY)])), (18, Structure(&[(1, BINARY), (2, Integer)])), (19, EMPTY),
    ]);
    const TIME: Shape = Structure(&[(2, Structure(&[(1, EMPTY), (2, EMPTY), (3, EMPTY)]))]);
    static GROUP: Shape = Structure(&[
        (1, List(&CHUNK)), (2, Integer), (3, Integer), (4, List(&SORTING)), (5, Integer), (7, Integer),
    ]);
    static CHUNK: Shape = Structure(&[
        (1, BINARY), (2, Integer), (3, COLUMN), (4, Integer), (5, Integer), (6, Integer), (7, Integer),
    ]);
    const COLUMN: Shape = Structure(&[
        (1, Integer), (2, List(&Integer)), (3, List(&BINARY)), (4, Integer), (5, Integer), (6, Integer), (7, Integer),
        (8, List(&KEY_VALUE)), (9, Integer), (10, Integer), (11, Integer), (12, STATISTICS), (13, List(&COUNT)), (14, Integer),
        (15, Integer), (16, Structure(&[(1, Integer), (2, List(&Integer)), (3, List(&Integer))])),
        (17, Structure(&[(1, BOX), (2, List(&Integer))])),
    ]);
    const STATISTICS: Shape = Structure(&[
        (1, BINARY), (2, BINARY), (3, Integer), (4, Integer), (5, BINARY), (6, BINARY), (9, Integer),
    ]);
    const BOX: Shape = Structure(&[
        (1, DOUBLE), (2, DOUBLE), (3, DOUBLE), (4, DOUBLE), (5, DOUBLE), (6, DOUBLE), (7, DOUBLE), (8, DOUBLE),
    ]);
    static COUNT: Shape = Structure(&[(1, Integer), (2, Integer), (3, Integer)]);
    static SORTING: Shape = Structure(&[(1, Integer)]);
    static KEY_VALUE: Shape = Structure(&[(1, BINARY), (2, BINARY)]);
    static ORDER: Shape = Structure(&[(1, EMPTY), (2, EMPTY), (3, EMPTY)]);

    pub(super) static PAGE: Fields = &[
        (1, Integer), (2, Integer), (3, Kept), (4, Integer), (5, DATA), (6, EMPTY), (7, Structure(&[(1, Integer), (2, Integer)])),
        (8, DATA_2),
    ];
    const DATA: Shape = Structure(&[(1, Integer), (2, Integer), (3, Integer), (4, Integer)]);
    const DATA_2: Shape = Structure(&[(1, Integer), (2, Integer), (3, Integer), (4, Integer), (5, Integer), (6, Integer)]);
}

/// Values within values within values: more than any table has.
const DEEPEST: usize = 64;

/// Bytes of a page header that are looked at first; statistics of long texts make it longer.
const WINDOW: u64 = 1 << 10;

/// Why a walk ends before its end.
pub(super) enum Flaw {
    /// The bytes do: the reader will say so.
    Cut,
    Wrong(String),
}

use Flaw::{Cut, Wrong};

/// Looks at the footer; `Err` says what is wrong. Where there is none its reader says so.
pub(super) fn check_footer(input: &impl ChunkReader) -> Result<(), String> {
    let Some(tail) = input.len().checked_sub(8) else {
        return Ok(());
    };
    let bytes = |at, length| input.get_bytes(at, length).map_err(|e| e.to_string());
    let [a, b, c, d, b'P', b'A', b'R', b'1'] = bytes(tail, 8)?[..] else {
        return Ok(());
    };
    let length = u32::from_le_bytes([a, b, c, d]);
    let Some(start) = tail.checked_sub(u64::from(length)) else {
        return Ok(());
    };
    let footer = bytes(start, length as usize)?;
    let mut walk = Walk::new(&footer, u64::from(length));
    match walk.structure(shapes::FILE, DEEPEST) {
        Err(Wrong(reason)) => Err(reason),
        _ => Ok(()),
    }
}

/// Looks at the headers of all pages of a column in one row group.
pub(super) fn check_pages(input: &impl ChunkReader, column: &ColumnChunkMetaData) -> Result<(), String> {
    let (mut at, length) = column.byte_range();
    let end = at.saturating_add(length).min(input.len());
    let mut claims = length;
    // A page that is not whole, or no page: its reader says so if it comes to it.
    while let Some((header, page)) = page(input, at, end, &mut claims)? {
        at = at.saturating_add(header).saturating_add(page);
    }
    Ok(())
}

/// The length of the header that begins here, and of the page that it announces.
fn page(input: &impl ChunkReader, at: u64, end: u64, claims: &mut u64) -> Result<Option<(u64, u64)>, String> {
    let rest = end.saturating_sub(at);
    let mut window = WINDOW;
    loop {
        let bytes = input.get_bytes(at, rest.min(window) as usize);
        let bytes = bytes.map_err(|e| e.to_string())?;
        let mut walk = Walk::new(&bytes, *claims);
        match walk.structure(shapes::PAGE, DEEPEST) {
            Ok(()) => {
                *claims = walk.claims;
                let page = walk.kept.and_then(|n| u64::try_from(n).ok());
                return Ok(page.map(|page| ((bytes.len() - walk.bytes.len()) as u64, page)));
            }
            Err(Wrong(reason)) => return Err(reason),
            Err(Cut) if window >= rest => return Ok(None),
            Err(Cut) => window *= 16,
        }
    }
}

struct Walk<'a> {
    /// What is still to be walked.
    bytes: &'a [u8],
    /// Elements that lists may still claim: each takes a byte at least wherever the protocol is kept.
    claims: u64,
    kept: Option<i64>,
    /// For each node of the tree of columns that is open, the children that are still to come.
    open: Vec<u64>,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8], claims: u64) -> Self {
        Self {
            bytes,
            claims,
            kept: None,
            open: Vec::new(),
        }
    }

    fn structure(&mut self, fields: Fields, depth: usize) -> Result<(), Flaw> {
        let mut last = 0i16;
        loop {
            let head = self.byte()?;
            if head & 15 == 0 {
                return Ok(());
            }
            last = match head >> 4 {
                0 => self.signed()? as i16,
                step => last
                    .checked_add(i16::from(step))
                    .ok_or_else(|| wrong("a field has a number beyond all"))?,
            };
            let shape = fields.iter().find(|(number, _)| *number == last);
            self.value(head & 15, shape.map_or(&Shape::Any, |(_, shape)| shape), depth)?;
        }
    }

    fn value(&mut self, kind: u8, shape: &Shape, depth: usize) -> Result<(), Flaw> {
        let is_meant = match shape {
            Shape::Any => true,
            Integer | Kept => matches!(kind, 4..=6),
            Shape::Plain(meant) => kind == *meant,
            List(_) => matches!(kind, 9 | 10),
            Structure(_) | Node(_) => kind == 12,
        };
        if !is_meant {
            return Err(wrong("a field has another type than it must have"));
        }
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| wrong("its fields are nested too deeply"))?;
        match kind {
            1 | 2 => Ok(()),
            3 => self.skip(1),
            4..=6 => {
                let number = self.signed()?;
                if matches!(shape, Kept) {
                    self.kept = Some(number);
                }
                Ok(())
            }
            7 => self.skip(8),
            8 => {
                let length = self.unsigned()?;
                self.skip(length)
            }
            9 | 10 => self.list(shape, depth),
            11 => self.map(depth),
            12 => match shape {
                Structure(fields) => self.structure(fields, depth),
                Node(fields) => self.node(fields, depth),
                _ => self.structure(&[], depth),
            },
            13 => self.skip(16),
            _ => Err(wrong("a field has a type that does not exist")),
        }
    }

    fn list(&mut self, shape: &Shape, depth: usize) -> Result<(), Flaw> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.unsigned()?,
            count => u64::from(count),
        };
        self.claim(count)?;
        let shape = match shape {
            List(shape) => shape,
            _ => &Shape::Any,
        };
        (0..count).try_for_each(|_| self.value(head & 15, shape, depth))
    }

    fn map(&mut self, depth: usize) -> Result<(), Flaw> {
        let count = self.unsigned()?;
        if count == 0 {
            return Ok(());
        }
        self.claim(count.saturating_mul(2))?;
        let kinds = self.byte()?;
        (0..count).try_for_each(|_| {
            self.value(kinds >> 4, &Shape::Any, depth)?;
            self.value(kinds & 15, &Shape::Any, depth)
        })
    }

    /// The reader reserves memory for the children, and goes into them one within the other.
    fn node(&mut self, fields: Fields, depth: usize) -> Result<(), Flaw> {
        self.kept = None;
        self.structure(fields, depth)?;
        let children = self.kept.take().and_then(|n| u64::try_from(n).ok());
        if let Some(children @ 1..) = children {
            self.claim(children)?;
            self.open.push(children);
            return match self.open.len() > DEEPEST {
                true => Err(wrong("its columns are nested too deeply")),
                false => Ok(()),
            };
        }
        // A leaf may be the last child of the node above it, and that one of the next.
        while let Some(left) = self.open.last_mut() {
            *left -= 1;
            if *left > 0 {
                break;
            }
            self.open.pop();
        }
        Ok(())
    }

    fn claim(&mut self, count: u64) -> Result<(), Flaw> {
        let left = self.claims.checked_sub(count);
        self.claims = left.ok_or_else(|| {
            Wrong(format!(
                "it claims to have a list of {count}, more than its bytes can hold"
            ))
        })?;
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Flaw> {
        taken(&mut self.bytes, 1).map(|taken| taken[0])
    }

    fn skip(&mut self, length: u64) -> Result<(), Flaw> {
        taken(&mut self.bytes, length).map(drop)
    }

    fn unsigned(&mut self) -> Result<u64, Flaw> {
        unsigned(&mut self.bytes)
    }

    /// The lowest bit is the sign.
    fn signed(&mut self) -> Result<i64, Flaw> {
        let number = self.unsigned()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}

/// So many bytes, which are then behind.
pub(super) fn taken<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], Flaw> {
    let length = usize::try_from(length).map_err(|_| Cut)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Cut)?;
    *bytes = rest;
    Ok(taken)
}

/// A number of seven bits to a byte, the last of which has no eighth.
pub(super) fn unsigned(bytes: &mut &[u8]) -> Result<u64, Flaw> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = taken(bytes, 1)?[0];
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(wrong("a number has too many bytes"))
}

fn wrong(reason: &str) -> Flaw {
    Wrong(reason.to_owned())
}

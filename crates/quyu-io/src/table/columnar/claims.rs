//! What an Arrow file claims of the length of its messages and packed buffers, looked at before its reader reserves memory for them: a
//! reservation that fails ends the program, and no reader of ours could say why.

use std::io::{self, Read, Seek, SeekFrom};

use arrow_ipc::reader::read_footer_length;
use arrow_ipc::{Message, root_as_footer, root_as_message};

/// The longest batch that is unpacked, in bytes.
const LIMIT: u64 = super::super::source::LIMIT;

/// Before the length of a message, in all but the oldest files.
const MARK: [u8; 4] = [0xFF; 4];

/// Looks at every message of a file; `Err` says what is wrong.
pub(super) fn check_file(file: &mut (impl Read + Seek)) -> Result<(), String> {
    let length = file.seek(SeekFrom::End(0)).map_err(said)?;
    let mut end = [0; 10];
    file.seek(SeekFrom::End(-10)).map_err(said)?;
    file.read_exact(&mut end).map_err(said)?;
    let footer_length = read_footer_length(end).map_err(|e| e.to_string())? as u64;
    let start = (length - 10)
        .checked_sub(footer_length)
        .ok_or("its footer is longer than the file")?;
    let footer = bytes(file, start, footer_length, length)?;
    let footer = root_as_footer(&footer).map_err(|e| e.to_string())?;
    let batches = footer.recordBatches().into_iter().flatten();
    for block in batches.chain(footer.dictionaries().into_iter().flatten()) {
        let (start, metadata) = (
            unsigned(block.offset())?,
            unsigned(i64::from(block.metaDataLength()))?,
        );
        let message = bytes(file, start, metadata, length)?;
        let message = match message.strip_prefix(&MARK) {
            Some(rest) => rest.get(4..),
            None => message.get(4..),
        };
        let message = root_as_message(message.ok_or("a message is cut")?).map_err(|e| e.to_string())?;
        let body = start
            .checked_add(metadata)
            .ok_or("a message lies beyond the file")?;
        let end = body.checked_add(unsigned(block.bodyLength())?);
        if end.is_none_or(|end| end > length) {
            return Err("a message lies beyond the file".to_owned());
        }
        check(file, &message, body, length)?;
    }
    Ok(())
}

/// Looks at every message of a stream.
pub(super) fn check_stream(stream: &mut (impl Read + Seek)) -> Result<(), String> {
    let length = stream.seek(SeekFrom::End(0)).map_err(said)?;
    let mut at = 0;
    // Where a stream just stops, its reader says so.
    while at + 8 <= length {
        let first = bytes(stream, at, 8, length)?;
        let (size, begun) = match first.strip_prefix(&MARK) {
            Some(rest) => (rest, 8),
            None => (&first[..4], 4),
        };
        let size = i32::from_le_bytes([size[0], size[1], size[2], size[3]]);
        if size == 0 {
            break;
        }
        let (start, size) = (at + begun, unsigned(i64::from(size))?);
        let message = bytes(stream, start, size, length)?;
        let message = root_as_message(&message).map_err(|e| e.to_string())?;
        let body = start + size;
        check(stream, &message, body, length)?;
        at = body
            .checked_add(unsigned(message.bodyLength())?)
            .ok_or("a message lies beyond the stream")?;
    }
    Ok(())
}

/// A packed buffer begins with the length that it has when unpacked; -1 says that it is not packed.
fn check(file: &mut (impl Read + Seek), message: &Message<'_>, body: u64, length: u64) -> Result<(), String> {
    let dictionary = message.header_as_dictionary_batch().and_then(|d| d.data());
    let Some(batch) = message.header_as_record_batch().or(dictionary) else {
        return Ok(());
    };
    if batch.compression().is_none() {
        return Ok(());
    }
    let mut total = 0u64;
    for buffer in batch.buffers().into_iter().flatten().filter(|b| b.length() >= 8) {
        let at = body
            .checked_add(unsigned(buffer.offset())?)
            .ok_or("a buffer lies beyond the file")?;
        let claim = bytes(file, at, 8, length)?;
        let claim = i64::from_le_bytes(claim.try_into().map_err(|_| "a buffer is cut")?);
        total = total.saturating_add(u64::try_from(claim).unwrap_or(0));
    }
    match total > LIMIT {
        true => Err(format!("a batch claims to have {total} bytes when unpacked")),
        false => Ok(()),
    }
}

/// So many bytes of a file of this length.
fn bytes(file: &mut (impl Read + Seek), start: u64, count: u64, length: u64) -> Result<Vec<u8>, String> {
    if start.checked_add(count).is_none_or(|end| end > length) {
        return Err(format!("{count} bytes at {start} lie beyond its end"));
    }
    file.seek(SeekFrom::Start(start)).map_err(said)?;
    let mut found = Vec::new();
    file.take(count).read_to_end(&mut found).map_err(said)?;
    Ok(found)
}

fn unsigned(number: i64) -> Result<u64, String> {
    u64::try_from(number).map_err(|_| format!("the length {number} is below zero"))
}

fn said(error: io::Error) -> String {
    error.to_string()
}

//! From bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one, GB18030, Windows-1252.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::fault::Fault;

/// How the bytes of a table are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, unless a byte order mark says UTF-16. Nothing else is guessed: a wrong guess reads silently as other words.
    #[default]
    Auto,
    /// UTF-8.
    Utf8,
    /// GB18030, which holds GBK and GB2312: what Excel writes in Chinese.
    Gb18030,
    /// Windows-1252, which holds Latin-1: what Excel writes in Western Europe.
    Windows1252,
}

impl Encoding {
    /// The names by which encodings are chosen.
    pub const NAMES: [&'static str; 4] = ["auto", "utf-8", "gb18030", "windows-1252"];

    /// The encoding of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "auto" => Encoding::Auto,
            "utf-8" | "utf8" => Encoding::Utf8,
            "gb18030" | "gbk" | "gb2312" => Encoding::Gb18030,
            "windows-1252" | "latin1" | "iso-8859-1" => Encoding::Windows1252,
            _ => return None,
        })
    }
}

/// Decodes; a byte order mark is taken off.
///
/// # Errors
/// [`Fault::Encoding`] with the encodings that would fit, or [`Fault::Binary`].
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, Fault> {
    let text = match encoding {
        Encoding::Auto | Encoding::Utf8 => utf8(bytes)?,
        Encoding::Gb18030 => whole(GB18030, bytes).ok_or_else(|| misfit("GB18030", bytes))?,
        Encoding::Windows1252 => whole(WINDOWS_1252, bytes).ok_or_else(|| misfit("Windows-1252", bytes))?,
    };
    if text.contains('\0') {
        return Err(Fault::Binary);
    }
    Ok(text)
}

/// The encoding that a byte order mark of two bytes names.
pub(crate) fn wide_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Fault> {
    if let Some(encoding) = wide_mark(bytes) {
        return whole(encoding, &bytes[2..]).ok_or_else(|| misfit("UTF-16", bytes));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Fault::Binary);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(misfit("UTF-8", bytes)),
    }
}

fn whole(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(Cow::into_owned)
}

pub(crate) fn misfit(encoding: &'static str, bytes: &[u8]) -> Fault {
    let mut fits = Vec::new();
    if std::str::from_utf8(bytes).is_ok() {
        fits.push("utf-8");
    }
    // Every sequence of bytes is Windows-1252 or nearly so; Chinese is what is asked first.
    for (name, encoding) in [("gb18030", GB18030), ("windows-1252", WINDOWS_1252)] {
        if whole(encoding, bytes).is_some() {
            fits.push(name);
        }
    }
    Fault::Encoding { encoding, fits }
}

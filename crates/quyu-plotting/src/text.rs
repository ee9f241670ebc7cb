//! Text: how wide it is in the embedded font, and where it breaks.

use ab_glyph::{Font, FontRef};

use crate::PlotError;

/// A size, in pixels of the finished figure, and a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Face {
    pub(crate) size: f64,
    pub(crate) bold: bool,
}

impl Face {
    pub(crate) const TITLE: Face = Face {
        size: 16.0,
        bold: true,
    };
    pub(crate) const LABEL: Face = Face {
        size: 12.0,
        bold: false,
    };
    pub(crate) const STRONG: Face = Face {
        size: 12.0,
        bold: true,
    };
    pub(crate) const SMALL: Face = Face {
        size: 11.0,
        bold: false,
    };
    pub(crate) const SMALL_STRONG: Face = Face {
        size: 11.0,
        bold: true,
    };

    /// Distance from one base line to the next.
    pub(crate) fn line(self) -> f64 {
        (self.size * 1.25).round()
    }

    /// What to add to the middle of a line to get its base line: half the height of a capital.
    pub(crate) fn drop(self) -> f64 {
        self.size * 0.36
    }
}

/// DejaVu Sans, which the figure asks its viewer for, embedded so that every machine measures the same.
pub(crate) struct Fonts {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

/// The embedded fonts as TrueType files: DejaVu Sans, regular and bold.
///
/// A program that draws the text of a figure in pixels takes them and asks no font of the machine.
///
/// ```
/// let [regular, bold] = quyu_plotting::fonts();
/// assert!(regular != bold && regular.starts_with(&[0, 1, 0, 0]));
/// ```
#[must_use]
pub fn fonts() -> [&'static [u8]; 2] {
    [dejavu::sans::regular(), dejavu::sans::bold()]
}

/// A space that no line breaks at.
const TIE: char = '\u{a0}';

impl Fonts {
    pub(crate) fn new() -> Result<Self, PlotError> {
        let load = |bytes| FontRef::try_from_slice(bytes).map_err(|_| PlotError::Font);
        let [regular, bold] = fonts();
        Ok(Self {
            regular: load(regular)?,
            bold: load(bold)?,
        })
    }

    /// Width in pixels. A character that the font lacks counts as wide as it is high.
    pub(crate) fn width(&self, text: &str, face: Face) -> f64 {
        let font = if face.bold { &self.bold } else { &self.regular };
        let em = f64::from(font.units_per_em().unwrap_or(2048.0));
        let advance = |c: char| match font.glyph_id(c) {
            id if id.0 == 0 => em,
            id => f64::from(font.h_advance_unscaled(id)),
        };
        text.chars().map(advance).sum::<f64>() / em * face.size
    }

    /// The width of the widest.
    pub(crate) fn widest<'a>(&self, texts: impl IntoIterator<Item = &'a str>, face: Face) -> f64 {
        texts
            .into_iter()
            .map(|text| self.width(text, face))
            .fold(0.0, f64::max)
    }

    /// Lines no wider than `most`. A word breaks after its own hyphens where it must, and anywhere, with a new
    /// hyphen, where even that is too wide. A per cent sign stays with its number. Empty text has no lines.
    pub(crate) fn wrap(&self, text: &str, face: Face, most: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let tied = clean(text).replace(" %", &format!("{TIE}%"));
        for word in tied
            .split(|c: char| c.is_whitespace() && c != TIE)
            .filter(|w| !w.is_empty())
        {
            let mut gap = " ";
            for piece in word
                .split_inclusive('-')
                .flat_map(|part| self.pieces(part, face, most))
            {
                let longer = if line.is_empty() {
                    piece.clone()
                } else {
                    format!("{line}{gap}{piece}")
                };
                if line.is_empty() || self.width(&longer, face) <= most {
                    line = longer;
                } else {
                    lines.push(std::mem::replace(&mut line, piece));
                }
                gap = "";
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines.into_iter().map(|line| line.replace(TIE, " ")).collect()
    }

    /// The word, or where it is too wide its pieces, each but the last with a hyphen.
    fn pieces(&self, word: &str, face: Face, most: f64) -> Vec<String> {
        if self.width(word, face) <= most {
            return vec![word.to_owned()];
        }
        let mut pieces = Vec::new();
        let mut piece = String::new();
        for c in word.chars() {
            if !piece.is_empty() && self.width(&format!("{piece}{c}-"), face) > most {
                piece.push('-');
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push(c);
        }
        pieces.push(piece);
        pieces
    }
}

/// Text without characters that XML forbids; each becomes a space.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') {
                ' '
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        let fonts = Fonts::new().unwrap();
        // The digits of DejaVu Sans are 1303 of 2048 units wide.
        assert!(
            (fonts.width(
                "00",
                Face {
                    size: 2048.0,
                    bold: false
                }
            ) - 2606.0)
                .abs()
                < 1e-9
        );
        assert!(fonts.width("Sichuan", Face::STRONG) > fonts.width("Sichuan", Face::LABEL));
        assert!((fonts.width("四川", Face::LABEL) - 24.0).abs() < 1e-9);
    }

    #[test]
    fn wrapped_lines_fit() {
        let fonts = Fonts::new().unwrap();
        let text = "A long name of a region with anextraordinarilylongwordinthemiddle of it";
        for most in [30.0, 80.0, 200.0] {
            let lines = fonts.wrap(text, Face::LABEL, most);
            assert!(
                lines.iter().all(|line| fonts.width(line, Face::LABEL) <= most),
                "{lines:?}"
            );
        }
        assert!(fonts.wrap(" \n ", Face::LABEL, 50.0).is_empty());
        let share = "C07: share of patents, 38 %";
        let just = fonts.width("C07: share of patents, 38", Face::LABEL) + 1.0;
        assert_eq!(
            fonts.wrap(share, Face::LABEL, just),
            ["C07: share of patents,", "38 %"]
        );
        assert_eq!(fonts.wrap("WW", Face::LABEL, 1.0), ["W-", "W"]);
        assert_eq!(
            fonts.wrap("Hong Kong-Macao", Face::LABEL, 80.0),
            ["Hong Kong-", "Macao"]
        );
    }
}

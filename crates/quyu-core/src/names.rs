//! Codes and ids, one smart constructor each: what exists is well formed.

use std::fmt;
use std::sync::Arc;

use crate::error::CoreError;

/// The scheme of Chinese administrative codes, assumed where a code is written without one.
pub const GB_T_2260: &str = "GB/T 2260";

/// The scheme and the vintage of what comes from somebody's own table: its names are printed as they stand there.
pub const OWN: &str = "own";

/// Code of a region within a scheme: `320000` (GB/T 2260) or `NUTS 2021:ES21`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionCode {
    scheme: Arc<str>,
    code: Arc<str>,
}

impl RegionCode {
    /// A code of the given scheme.
    ///
    /// # Errors
    /// [`CoreError::Malformed`] if either part is empty or holds a colon or white space at an end, or if a GB/T 2260
    /// code is not six digits. A name of somebody's own table ([`OWN`]) may hold a colon.
    pub fn new(scheme: &str, code: &str) -> Result<Self, CoreError> {
        let well_formed = |s: &str| !s.is_empty() && s.trim() == s && (!s.contains(':') || scheme == OWN);
        let six_digits = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        if !well_formed(scheme) || !well_formed(code) || (scheme == GB_T_2260 && !six_digits) {
            return Err(CoreError::Malformed {
                what: "region code",
                text: format!("{scheme}:{code}"),
            });
        }
        Ok(Self {
            scheme: scheme.into(),
            code: code.into(),
        })
    }

    /// Reads `320000` or `NUTS 2021:ES21`.
    ///
    /// ```
    /// use quyu_core::RegionCode;
    /// assert_eq!(RegionCode::parse("320000")?.to_string(), "320000");
    /// assert_eq!(RegionCode::parse("NUTS 2021:ES21")?.code(), "ES21");
    /// assert!(RegionCode::parse("32").is_err());
    /// # Ok::<(), quyu_core::CoreError>(())
    /// ```
    ///
    /// # Errors
    /// As [`RegionCode::new`].
    pub fn parse(text: &str) -> Result<Self, CoreError> {
        match text.split_once(':') {
            Some((scheme, code)) => Self::new(scheme, code),
            None => Self::new(GB_T_2260, text),
        }
    }

    /// The code with its scheme, whatever the scheme is: what [`RegionCode::parse`] reads back.
    pub fn spelled(&self) -> String {
        format!("{}:{}", self.scheme, self.code)
    }

    /// The scheme.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The code without its scheme.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if [GB_T_2260, OWN].contains(&&*self.scheme) {
            f.write_str(&self.code)
        } else {
            write!(f, "{}:{}", self.scheme, self.code)
        }
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $extra:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps a well-formed id.
            ///
            /// # Errors
            /// [`CoreError::Malformed`] if it is empty or holds a character that ids do not have.
            pub fn new(text: &str) -> Result<Self, CoreError> {
                let ok = |c: char| c.is_ascii_alphanumeric() || $extra.contains(c);
                if text.is_empty() || !text.chars().all(ok) {
                    return Err(CoreError::Malformed { what: $what, text: text.to_owned() });
                }
                Ok(Self(text.into()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// Id of an indicator: `gdp_pc`.
    IndicatorId, "indicator id", "_"
}
id! {
    /// A vintage: which of the official values of a figure this is, for example `4EC`.
    Vintage, "vintage", "_-"
}
id! {
    /// Code of a class within the scheme of its indicator: `industry`, `J`.
    ClassCode, "class code", "_-."
}

/// A calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Year(i32);

impl Year {
    /// The one period of a table that says none; no year of statistics.
    pub const UNDATED: Year = Year(0);

    /// A year between 1800 and 2200: anything else is a slip.
    ///
    /// # Errors
    /// [`CoreError::Malformed`] outside that range.
    pub fn new(year: i32) -> Result<Self, CoreError> {
        if (1800..=2200).contains(&year) {
            Ok(Self(year))
        } else {
            Err(CoreError::Malformed {
                what: "year",
                text: year.to_string(),
            })
        }
    }

    /// A year as a panel holds it: that of a table without a period, too.
    pub(crate) fn stored(year: i32) -> Result<Self, CoreError> {
        if year == Self::UNDATED.0 {
            return Ok(Self::UNDATED);
        }
        Self::new(year)
    }

    /// The year as a number; 0 for [`Year::UNDATED`].
    pub fn get(self) -> i32 {
        self.0
    }

    /// The year before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0 - 1)
    }

    /// All years from this one to `last`, both included.
    pub fn through(self, last: Year) -> Vec<Year> {
        (self.0..=last.0).map(Year).collect()
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNDATED {
            return f.write_str("undated");
        }
        write!(f, "{}", self.0)
    }
}

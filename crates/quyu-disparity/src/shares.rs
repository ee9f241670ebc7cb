//! `herfindahl`: concentration of a total on regions.

use quyu_core::{Additive, Entry, Param, ParamError, ParamKind, Params};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{Index, generalised_herfindahl, herfindahl, rosenbluth, share_entropy};
use quyu_math::{exp, ln};

use crate::index::{Indices, Kind};
use crate::measure::{Measure, What};
use crate::sample::{BY, Sample, VALUE, VINTAGE};
use crate::stream::Stream;

/// The declaration of `herfindahl`.
pub(crate) const ENTRY: Entry = Entry {
    id: "herfindahl",
    summary: "Herfindahl, Rosenbluth and entropy: how far a total is concentrated on few regions",
    manual: "\
**Question.** On how few regions is the total concentrated?

**Definition.** With the shares s = x / sum of x of n regions: `hhi` = sum s^2, from 1/n to 1; `hhi-normalised` = (hhi - 1/n) / (1 - 1/n),
from 0 to 1; `hhi-equivalent` = 1 / hhi, the number of equal regions with the same index; `rosenbluth` = 1 / (2 sum i s_i - 1) with
rank 1 for the largest; `entropy` = - sum s ln s in nats, with 0 ln 0 = 0; `entropy-relative` = entropy / ln n; `entropy-equivalent` = e to the
entropy. With `alpha` also `hannah-kay` = (sum s^alpha)^(1 / (1 - alpha)), a number of equal regions, which is `hhi-equivalent` at 2 and
`entropy-equivalent` at 1.

**Data.** The value must add up over regions (GDP, patents; not GDP per head). A missing value is an error unless the study says
`missing = \"drop\"`. What is 0 / 0 for one region is left empty, with a note.

**Limits.** Large regions have large shares because they are large: this is concentration, not disparity per head. A division into smaller
regions lowers it. There is no standard error: a total that is resampled is another total. A stream of rows gives all statistics
but Rosenbluth's, which needs their order, and Hannah and Kay's.

**References.** Hirschman 1964, American Economic Review 54:761; Rosenbluth 1955; Hannah and Kay 1977, Concentration in Modern Industry;
Theil 1967, Economics and Information Theory.
",
    params: &[
        VALUE,
        BY,
        VINTAGE,
        Param::optional(
            "alpha",
            ParamKind::Number { min: 0.01, max: 100.0 },
            "also the number of equal regions of Hannah and Kay, with this exponent",
        ),
    ],
    example: "value = \"gdp\"\nalpha = 3\n",
    build: |p| {
        let hannah_kay = p.number("alpha").map(|alpha| {
            let what = What::Share(Share::HannahKay(alpha));
            Measure::of_what("hannah-kay", "Hannah-Kay number", Some(("alpha", alpha)), what)
        });
        let measures = ALL.into_iter().map(|(n, l, s)| of(n, l, s)).chain(hannah_kay).collect();
        let mut indices = Indices::new(ENTRY.id, p, measures)?;
        indices.kind = Kind::Panel {
            title: "Concentration",
            drawn: &["hhi", "rosenbluth"],
        };
        indices.adds_up = true;
        Ok(Box::new(indices))
    },
    additive: Some(stream),
};

fn stream(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let sample = Sample::new(ENTRY.id, params)?;
    let additive = ALL.into_iter().filter(|(_, _, share)| share.sums().is_some());
    let measures = additive.map(|(n, l, s)| of(n, l, s)).collect();
    Ok(Box::new(
        Stream::new(ENTRY.id, measures, &sample, false)?.titled("Concentration"),
    ))
}

const fn of(name: &'static str, label: &'static str, share: Share) -> Measure {
    Measure::of_what(name, label, None, What::Share(share))
}

const ALL: [(&str, &str, Share); 7] = [
    ("hhi", "Herfindahl-Hirschman", Share::Hhi),
    ("hhi-normalised", "Herfindahl, normalised", Share::HhiNormalised),
    (
        "hhi-equivalent",
        "Number of equal regions (Herfindahl)",
        Share::HhiEquivalent,
    ),
    ("rosenbluth", "Rosenbluth", Share::Rosenbluth),
    ("entropy", "Entropy (nats)", Share::Entropy),
    ("entropy-relative", "Entropy over ln n", Share::EntropyRelative),
    (
        "entropy-equivalent",
        "Number of equal regions (entropy)",
        Share::EntropyEquivalent,
    ),
];

/// A function of the shares of a total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Share {
    Hhi,
    HhiNormalised,
    HhiEquivalent,
    HannahKay(f64),
    Rosenbluth,
    Entropy,
    EntropyRelative,
    EntropyEquivalent,
}

const ONE_REGION: Error = Error::Undefined {
    reason: "0 / 0 for one region",
};

impl Share {
    pub(crate) fn of(self, x: &[f64]) -> Result<f64, Error> {
        match self {
            Self::Hhi => herfindahl(x).map(|h| h.hhi),
            Self::HhiNormalised => herfindahl(x)?.normalised.ok_or(ONE_REGION),
            Self::HhiEquivalent => herfindahl(x).map(|h| h.equivalent),
            Self::HannahKay(alpha) => generalised_herfindahl(x, alpha - 1.0).map(|h| 1.0 / h),
            Self::Rosenbluth => rosenbluth(x),
            Self::Entropy => share_entropy(x).map(|h| h.nats),
            Self::EntropyRelative => share_entropy(x)?.relative.ok_or(ONE_REGION),
            Self::EntropyEquivalent => share_entropy(x).map(|h| h.equivalent),
        }
    }

    /// The entropy index of the values from which the statistic follows, where it is a function of sums.
    pub(crate) fn sums(self) -> Option<Index> {
        match self {
            Self::Hhi | Self::HhiNormalised | Self::HhiEquivalent => Some(Index::Ge(2.0)),
            Self::Entropy | Self::EntropyRelative | Self::EntropyEquivalent => Some(Index::TheilT),
            Self::HannahKay(_) | Self::Rosenbluth => None,
        }
    }

    /// The statistic from that index over n rows: sum s^2 = (1 + 2 GE(2)) / n, and entropy = ln n - T.
    pub(crate) fn of_sums(self, n: usize, index: f64) -> Option<f64> {
        let n = n as f64;
        let (hhi, nats) = ((1.0 + 2.0 * index) / n, (ln(n) - index).max(0.0));
        match self {
            Self::Hhi => Some(hhi),
            Self::HhiNormalised => (n > 1.0).then(|| 2.0 * index / (n - 1.0)),
            Self::HhiEquivalent => Some(1.0 / hhi),
            Self::Entropy => Some(nats),
            Self::EntropyRelative => (n > 1.0).then(|| nats / ln(n)),
            Self::EntropyEquivalent => Some(exp(nats)),
            Self::HannahKay(_) | Self::Rosenbluth => None,
        }
    }
}

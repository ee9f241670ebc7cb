//! The indices that the plugins offer: names, and values of rows.

use std::borrow::Cow;

use quyu_core::number::significant;
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{self, Index};

use crate::shares::Share;

/// An index with its names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    name: &'static str,
    label: &'static str,
    /// A parameter that belongs to the name.
    parameter: Option<(&'static str, f64)>,
    pub(crate) what: What,
}

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What {
    /// A function of values and weights.
    Index(Index),
    /// The concentration index with its `nu`.
    Concentration(f64),
    /// Esteban and Ray's polarisation of the groups of a partition, with its `alpha`.
    Groups(f64),
    /// A function of the shares of a total.
    Share(Share),
}

impl Measure {
    pub(crate) const fn new(name: &'static str, label: &'static str, index: Index) -> Self {
        Self::of_what(name, label, None, What::Index(index))
    }

    pub(crate) const fn with(
        name: &'static str,
        label: &'static str,
        parameter: (&'static str, f64),
        index: Index,
    ) -> Self {
        Self::of_what(name, label, Some(parameter), What::Index(index))
    }

    pub(crate) const fn of_what(
        name: &'static str,
        label: &'static str,
        parameter: Option<(&'static str, f64)>,
        what: What,
    ) -> Self {
        Self {
            name,
            label,
            parameter,
            what,
        }
    }

    /// Name in the column `statistic`.
    pub(crate) fn name(&self) -> String {
        match self.parameter {
            Some((_, value)) => format!("{}({})", self.name, significant(value, 12)),
            None => self.name.to_owned(),
        }
    }

    /// Name for readers.
    pub(crate) fn label(&self) -> String {
        match self.parameter {
            Some((parameter, value)) => {
                format!("{} ({parameter} = {})", self.label, significant(value, 12))
            }
            None => self.label.to_owned(),
        }
    }

    /// Name in errors.
    pub(crate) fn plain_label(&self) -> &'static str {
        self.label
    }

    /// Whether the index does not change with the unit of the values.
    pub(crate) fn is_relative(&self) -> bool {
        !matches!(self.what, What::Index(Index::Kolm(_)))
    }

    /// The value over all rows.
    pub(crate) fn of(&self, rows: &Columns<'_>) -> Result<f64, Error> {
        let (x, w) = (rows.x.as_ref(), rows.w.as_deref());
        match self.what {
            What::Index(index) => index.of(x, w),
            What::Concentration(nu) => disparity::concentration(x, rows.rank.as_deref().unwrap_or(x), w, nu),
            What::Groups(alpha) => rows.polarisation(alpha),
            What::Share(share) => share.of(x),
        }
    }
}

/// What is known of the regions of one year, column by column.
#[derive(Debug, Clone)]
pub(crate) struct Columns<'a> {
    pub(crate) x: Cow<'a, [f64]>,
    pub(crate) w: Option<Cow<'a, [f64]>>,
    /// The variable that orders the regions.
    pub(crate) rank: Option<Cow<'a, [f64]>>,
    /// The group of each region, below their number.
    pub(crate) groups: Option<(Cow<'a, [usize]>, usize)>,
}

impl Columns<'_> {
    pub(crate) fn len(&self) -> usize {
        self.x.len()
    }

    /// The rows at these positions, in this order.
    pub(crate) fn pick(&self, rows: &[usize]) -> Columns<'static> {
        let pick = |v: &Cow<'_, [f64]>| Cow::Owned(rows.iter().map(|i| v[*i]).collect::<Vec<_>>());
        Columns {
            x: pick(&self.x),
            w: self.w.as_ref().map(pick),
            rank: self.rank.as_ref().map(pick),
            groups: self
                .groups
                .as_ref()
                .map(|(labels, n)| (Cow::Owned(rows.iter().map(|i| labels[*i]).collect()), *n)),
        }
    }

    /// Esteban and Ray over the means of groups, relative to the mean of all.
    fn polarisation(&self, alpha: f64) -> Result<f64, Error> {
        let (x, w) = (self.x.as_ref(), self.w.as_deref());
        let Some((labels, n)) = &self.groups else {
            return Index::EstebanRay(alpha).of(x, w);
        };
        // Refuses what the index refuses, at the position of a region.
        Index::Hoover.of(x, w)?;
        let of_group = |group: usize| {
            quyu_math::sums_by(x.len(), |i| match labels[i] == group {
                true => {
                    let w = w.map_or(1.0, |w| w[i]);
                    [w, w * x[i]]
                }
                false => [0.0, 0.0],
            })
        };
        let (means, weights): (Vec<f64>, Vec<f64>) = (0..*n)
            .map(of_group)
            .filter(|[weight, _]| *weight > 0.0)
            .map(|[weight, total]| (total / weight, weight))
            .unzip();
        Index::EstebanRay(alpha).of(&means, Some(&weights))
    }
}

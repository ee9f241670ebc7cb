//! The forms of a decomposition by groups, brought into one shape.

use quyu_core::{ParamError, Params, Year};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{
    AtkinsonDecomposition, DagumPair, GeDecomposition, GiniGroup, decompose_atkinson, decompose_ge,
    decompose_gini_dagum, decompose_gini_residual, decompose_gini_yitzhaki,
};

/// The variants of `decompose`, the default first.
pub(crate) const VARIANTS: &[&str] = &[
    "theil-t",
    "mld",
    "ge",
    "atkinson",
    "atkinson-means",
    "atkinson-das-parikh",
    "gini-dagum",
    "gini-residual",
    "gini-yitzhaki",
];

/// Which index is split, and in which form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    TheilT,
    Mld,
    Ge(f64),
    Atkinson(f64, Order),
    Dagum,
    Residual,
    Yitzhaki,
}

/// The three forms of Atkinson's index by groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Equivalents,
    Means,
    DasParikh,
}

impl Form {
    /// The form that the parameters name. A parameter that would be ignored is refused.
    pub(crate) fn read(analysis: &'static str, params: &Params) -> Result<Self, ParamError> {
        let variant = params.text("variant").unwrap_or(VARIANTS[0]);
        let refuse = |reason: String| ParamError::Combination {
            analysis: analysis.to_owned(),
            reason,
        };
        let (alpha, epsilon) = (params.number("alpha"), params.number("epsilon"));
        let atkinson = variant.starts_with("atkinson");
        if alpha.is_some() && variant != "ge" {
            return Err(refuse(format!(
                "`alpha` belongs to `variant = \"ge\"`, not to `{variant}`"
            )));
        }
        if epsilon.is_some() && !atkinson {
            return Err(refuse(format!(
                "`epsilon` belongs to `variant = \"atkinson\"`, not to `{variant}`"
            )));
        }
        let epsilon = || {
            epsilon.ok_or_else(|| {
                refuse(format!(
                    "`{variant}` needs `epsilon`, the aversion to inequality (0.5 and 1 are usual)"
                ))
            })
        };
        Ok(match variant {
            "mld" => Form::Mld,
            "ge" => Form::Ge(alpha.ok_or_else(|| {
                refuse(
                    "`ge` needs `alpha`, the order (2 is half the squared coefficient of variation)"
                        .to_owned(),
                )
            })?),
            "atkinson" => Form::Atkinson(epsilon()?, Order::Equivalents),
            "atkinson-means" => Form::Atkinson(epsilon()?, Order::Means),
            "atkinson-das-parikh" => match epsilon()? {
                1.0 => {
                    return Err(refuse(
                        "`atkinson-das-parikh` has no value for `epsilon` = 1; take `atkinson`".to_owned(),
                    ));
                }
                epsilon => Form::Atkinson(epsilon, Order::DasParikh),
            },
            "gini-dagum" => Form::Dagum,
            "gini-residual" => Form::Residual,
            "gini-yitzhaki" => Form::Yitzhaki,
            _ => Form::TheilT,
        })
    }

    /// Name in the column `variant`.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Form::TheilT => "theil-t",
            Form::Mld => "mld",
            Form::Ge(_) => "ge",
            Form::Atkinson(_, Order::Equivalents) => "atkinson",
            Form::Atkinson(_, Order::Means) => "atkinson-means",
            Form::Atkinson(_, Order::DasParikh) => "atkinson-das-parikh",
            Form::Dagum => "gini-dagum",
            Form::Residual => "gini-residual",
            Form::Yitzhaki => "gini-yitzhaki",
        }
    }

    /// Name of the index for readers.
    pub(crate) fn name(self) -> String {
        match self {
            Form::TheilT => "Theil T".to_owned(),
            Form::Mld => "Theil L (mean log deviation)".to_owned(),
            Form::Ge(alpha) => format!("Generalised entropy (alpha = {alpha})"),
            Form::Atkinson(epsilon, _) => format!("Atkinson index (epsilon = {epsilon})"),
            Form::Dagum | Form::Residual | Form::Yitzhaki => "Gini coefficient".to_owned(),
        }
    }

    /// The order of an entropy index: the forms that are functions of sums by group.
    pub(crate) fn alpha(self) -> Option<f64> {
        match self {
            Form::TheilT => Some(1.0),
            Form::Mld => Some(0.0),
            Form::Ge(alpha) => Some(alpha),
            _ => None,
        }
    }

    /// Splits the index of one year.
    pub(crate) fn of(
        self,
        x: &[f64],
        w: Option<&[f64]>,
        labels: &[usize],
        n_groups: usize,
    ) -> Result<Parts, Error> {
        if let Some(alpha) = self.alpha() {
            return decompose_ge(x, w, labels, n_groups, alpha).map(Parts::entropy);
        }
        match self {
            Form::Atkinson(epsilon, order) => {
                let n = counts(w, labels, n_groups);
                Parts::atkinson(decompose_atkinson(x, w, labels, n_groups, epsilon)?, order, &n)
            }
            Form::Residual => {
                let split = decompose_gini_residual(x, w, labels, n_groups)?;
                let parts = vec![
                    ("within", split.within),
                    ("between", split.between),
                    ("overlap", split.overlap),
                ];
                Ok(Parts::gini(split.total, parts, &split.groups))
            }
            Form::Yitzhaki => {
                let split = decompose_gini_yitzhaki(x, w, labels, n_groups)?;
                let parts = vec![
                    ("within", split.within),
                    ("between", split.between),
                    ("stratification", split.stratification),
                ];
                let mut found = Parts::gini(split.total, parts, &split.groups);
                for (group, q) in found.groups.iter_mut().zip(split.strata) {
                    group.stratum = Some(q);
                }
                Ok(found)
            }
            _ => {
                let split = decompose_gini_dagum(x, w, labels, n_groups)?;
                let parts = vec![
                    ("within", split.within),
                    ("net-between", split.net_between),
                    ("transvariation", split.transvariation),
                ];
                let mut found = Parts::gini(split.total, parts, &split.groups);
                found.pairs = split.pairs;
                Ok(found)
            }
        }
    }
}

/// The split of one year of one line.
pub(crate) struct Split {
    pub(crate) line: String,
    pub(crate) year: Year,
    pub(crate) of: Parts,
}

/// A total and its parts, in the order in which tables print them.
pub(crate) struct Parts {
    pub(crate) total: f64,
    /// Add up to the total.
    pub(crate) parts: Vec<(&'static str, f64)>,
    pub(crate) groups: Vec<Member>,
    pub(crate) pairs: Vec<DagumPair>,
}

/// What is known of one group; what a form does not have is missing.
#[derive(Default)]
pub(crate) struct Member {
    pub(crate) n: usize,
    /// Addend of the part within.
    pub(crate) within: Option<f64>,
    /// Addend of the part between.
    pub(crate) between: Option<f64>,
    /// The index inside the group.
    pub(crate) inside: Option<f64>,
    /// Index of stratification.
    pub(crate) stratum: Option<f64>,
}

impl Parts {
    pub(crate) fn entropy(split: GeDecomposition) -> Self {
        let member = |g: &quyu_econometrics::disparity::GeGroup| Member {
            n: g.n,
            within: Some(g.within),
            between: Some(g.between),
            inside: g.index,
            stratum: None,
        };
        Self {
            total: split.total,
            parts: vec![("between", split.between), ("within", split.within)],
            groups: split.groups.iter().map(member).collect(),
            pairs: Vec::new(),
        }
    }

    pub(crate) fn atkinson(split: AtkinsonDecomposition, order: Order, n: &[usize]) -> Result<Self, Error> {
        let product = |p: quyu_econometrics::disparity::AtkinsonParts| {
            vec![("within", p.within), ("between", p.between), ("cross", -p.cross)]
        };
        let parts = match order {
            Order::Equivalents => product(split.ede),
            Order::Means => product(split.means),
            Order::DasParikh => {
                let p = split.das_parikh.ok_or(Error::Range {
                    what: "the part within groups after Das and Parikh",
                })?;
                vec![
                    ("within", p.within),
                    ("between", p.between),
                    ("residual", p.residual),
                ]
            }
        };
        // Only with equivalents is the part within a sum over groups.
        let addend = |g: &quyu_econometrics::disparity::AtkinsonGroup| {
            (order == Order::Equivalents).then(|| g.income_share * g.index.unwrap_or(0.0))
        };
        Ok(Self {
            total: split.total,
            parts,
            groups: split
                .groups
                .iter()
                .zip(n)
                .map(|(g, n)| Member {
                    n: *n,
                    within: addend(g),
                    inside: g.index,
                    ..Member::default()
                })
                .collect(),
            pairs: Vec::new(),
        })
    }

    fn gini(total: f64, parts: Vec<(&'static str, f64)>, groups: &[GiniGroup]) -> Self {
        let member = |g: &GiniGroup| Member {
            n: g.n,
            within: Some(g.within),
            inside: g.index,
            ..Member::default()
        };
        Self {
            total,
            parts,
            groups: groups.iter().map(member).collect(),
            pairs: Vec::new(),
        }
    }

    /// One of the parts.
    pub(crate) fn part(&self, name: &str) -> Option<f64> {
        self.parts.iter().find(|(n, _)| *n == name).map(|(_, x)| *x)
    }
}

/// Number of units of each group that count.
pub(crate) fn counts(w: Option<&[f64]>, labels: &[usize], n_groups: usize) -> Vec<usize> {
    let mut n = vec![0; n_groups];
    for (i, label) in labels.iter().enumerate() {
        if w.is_none_or(|w| w[i] > 0.0) {
            n[*label] += 1;
        }
    }
    n
}

/// A part in the words of a view.
pub(crate) fn part_label(part: &str) -> &'static str {
    match part {
        "within" => "Within groups",
        "between" => "Between groups",
        "net-between" => "Net between",
        "transvariation" => "Transvariation",
        "overlap" => "Overlap",
        "stratification" => "Stratification",
        "cross" => "Less what both share",
        _ => "Residual",
    }
}

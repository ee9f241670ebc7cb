//! What is known of the rows of one cell of a decomposition: the sums that its index follows from.

use quyu_core::additive::sums::{Expr, Refusal, Sign, SumTerm};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{Index, Running, RunningGroup};

use super::split::Form;
use crate::terms::term;

/// The rows of one cell.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// Of an entropy index of this order.
    Entropy(f64, RunningGroup),
    /// Of Atkinson's index of this aversion, with the number of rows that count.
    Atkinson(f64, usize, Running),
}

impl Known {
    /// A cell without rows; only entropy indices and Atkinson's are functions of sums by group.
    pub(crate) fn new(form: Form) -> Result<Self, Error> {
        match (form.alpha(), form) {
            (Some(alpha), _) => Ok(Self::Entropy(alpha, RunningGroup::new(alpha)?)),
            (None, Form::Atkinson(epsilon, _)) => Ok(Self::Atkinson(
                epsilon,
                0,
                Running::new(Index::Atkinson(epsilon))?,
            )),
            _ => Err(Error::Undefined {
                reason: "this statistic is not a function of sums",
            }),
        }
    }

    /// Takes rows in.
    pub(crate) fn push(&mut self, x: &[f64], w: Option<&[f64]>) -> Result<(), Error> {
        match self {
            Self::Entropy(_, group) => group.push(x, w),
            Self::Atkinson(_, n, running) => {
                running.push(x, w)?;
                *n += w.map_or(x.len(), |w| w.iter().filter(|w| **w > 0.0).count());
                Ok(())
            }
        }
    }

    /// Takes in what another part of the same cell holds.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), Error> {
        match (self, other) {
            (Self::Entropy(_, own), Self::Entropy(_, theirs)) => own.merge(theirs),
            (Self::Atkinson(_, n, own), Self::Atkinson(_, more, theirs)) => {
                *n += more;
                own.merge(theirs)
            }
            _ => Err(Error::Undefined {
                reason: "a stream of another index was merged into this one",
            }),
        }
    }

    /// The cell whose rows have these sums, in the order of [`Known::terms`].
    pub(crate) fn of_sums(&self, sums: &[f64]) -> Result<Self, Error> {
        match self {
            Self::Entropy(alpha, _) => {
                let sums = <[f64; 4]>::try_from(sums).map_err(|_| Error::Empty { argument: "sums" })?;
                Ok(Self::Entropy(*alpha, RunningGroup::of_sums(*alpha, sums)?))
            }
            Self::Atkinson(epsilon, ..) => {
                let running = Running::of_sums(Index::Atkinson(*epsilon), sums)?;
                Ok(Self::Atkinson(*epsilon, running.rows(), running))
            }
        }
    }

    /// The sums, of values in column `x` and weights in column `w`; the first counts the rows that have a weight.
    pub(crate) fn terms(&self, (x, w): (usize, Option<usize>)) -> Vec<SumTerm> {
        let (alpha, names) = match self {
            Self::Entropy(alpha, _) => {
                let moment = match *alpha {
                    1.0 => "sum-wx-ln-x",
                    0.0 => "sum-w-ln-x",
                    _ => "sum-w-x-to-alpha",
                };
                (*alpha, vec!["n", "sum-w", "sum-wx", moment])
            }
            Self::Atkinson(epsilon, _, running) => (1.0 - epsilon, running.names()),
        };
        let one = Expr::Constant(1.0);
        let counted = SumTerm {
            name: "n",
            of: w.map_or(one.clone(), |w| one.clone().where_positive(w)),
        };
        let others = names.into_iter().skip(1).map(|name| SumTerm {
            name,
            of: term(name, alpha, x, w),
        });
        std::iter::once(counted).chain(others).collect()
    }

    /// The rows that have no place in the sums.
    pub(crate) fn refusals(&self, (x, w): (usize, Option<usize>)) -> Vec<Refusal> {
        let refuse = |name, when| Refusal { name, when };
        let mut refusals = vec![refuse("negative-value", vec![(x, Sign::Negative)])];
        refusals.extend(w.map(|w| refuse("negative-weight", vec![(w, Sign::Negative)])));
        if matches!(self, Self::Entropy(alpha, _) if *alpha <= 0.0) {
            let counts = w.map(|w| (w, Sign::Positive));
            let when = [(x, Sign::Zero)].into_iter().chain(counts).collect();
            refusals.push(refuse("zero-value", when));
        }
        refusals
    }

    /// The sums of an entropy index.
    pub(crate) fn entropy(&self) -> Option<&RunningGroup> {
        match self {
            Self::Entropy(_, group) => Some(group),
            Self::Atkinson(..) => None,
        }
    }

    /// The sums of Atkinson's index.
    pub(crate) fn atkinson(&self) -> Option<&Running> {
        match self {
            Self::Entropy(..) => None,
            Self::Atkinson(_, _, running) => Some(running),
        }
    }

    /// Number of rows that count.
    pub(crate) fn n(&self) -> usize {
        match self {
            Self::Entropy(_, group) => group.n(),
            Self::Atkinson(_, n, _) => *n,
        }
    }
}

//! `coder-agreement`: how far the coders of clauses agree beyond chance.

use std::collections::BTreeSet;

use quyu_core::ColumnName as C;
use quyu_core::policy::{ClauseKey, Coding, Policy};
use quyu_core::{
    Analysis, AnalysisError, Column, CoreError, Entry, Findings, Head, Need, ParamError, Params, Progress,
    Shown, Study, Style, Table, View, ViewRow,
};
use quyu_econometrics::Error;
use quyu_econometrics::policy::{Disagreement, KappaWeights, cohen_kappa, krippendorff_alpha};

/// The declaration of `coder-agreement`.
pub(crate) const ENTRY: Entry = Entry {
    id: "coder-agreement",
    summary: "How far the coders of clauses agree beyond chance",
    manual: MANUAL,
    params: &[],
    example: "",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Would another reader code the same clauses in the same way?

**Definition.** Cohen's kappa of the first and each further coder over the clauses that both coded: `kappa` = 1 - (sum of w o) / (sum of w e), with
o the share of clauses in a cell of their cross table, e the product of the marginal shares, w = 1 off the diagonal; `kappa-linear` with w = |i - j|
and `kappa-quadratic` with w = (i - j)^2 for the ordered concreteness. Krippendorff's alpha over all coders and all clauses with two codes: 1 - D_o / D_e,
the observed over the expected disagreement of pairs of codes; `alpha-nominal` for instruments, `alpha-ordinal` for concreteness, where the
disagreement is the square of the codes that lie between. 1: they always agree; 0: as chance would; negative: less. Missing where all codes are
the same. With one coder: an error that says so.

**Limits.** Kappa falls when one class prevails, at the same agreement. Agreement is not truth.

**References.** Cohen 1960, Educational and Psychological Measurement 20:37-46; Cohen 1968, Psychological Bulletin 70:213-220; Krippendorff 2011,
Computing Krippendorff's Alpha-Reliability; Krippendorff 2018, Content Analysis, 4th ed.
";

fn build(_params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(CoderAgreement))
}

#[derive(Debug)]
struct CoderAgreement;

/// What is coded: its name and the class of a coding.
struct Variable<'a> {
    name: &'static str,
    classes: usize,
    ordered: bool,
    class: Box<dyn Fn(&Coding) -> usize + 'a>,
}

impl Analysis for CoderAgreement {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Clauses]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let policy = &study.atlas.policy;
        if policy.codings.is_empty() {
            let documents: BTreeSet<&String> = policy.clauses.keys().map(|(d, _)| d).collect();
            return Err(CoreError::OneCoder {
                documents: documents.into_iter().cloned().collect(),
            }
            .into());
        }
        let codes = instruments(policy);
        let place = |coding: &Coding| {
            codes
                .iter()
                .position(|c| *c == coding.primary)
                .unwrap_or_default()
        };
        let variables = [
            Variable {
                name: "primary",
                classes: codes.len(),
                ordered: false,
                class: Box::new(place),
            },
            Variable {
                name: "concreteness",
                classes: 3,
                ordered: true,
                class: Box::new(|coding: &Coding| coding.concreteness),
            },
        ];
        let mut table = Table::new(
            ENTRY.id,
            "Agreement of coders",
            vec![
                Column::key(C::Component),
                Column::key(C::Name),
                Column::key(C::Statistic),
                Column::of(C::Estimate, "1"),
                Column::key(C::N),
            ],
        );
        let mut rows = Vec::new();
        for variable in &variables {
            for (who, statistic, estimate, n) in agreement(policy, variable)? {
                rows.push(ViewRow {
                    cells: vec![
                        Shown::Text(variable.name.to_owned()),
                        Shown::Text(who.clone()),
                        Shown::Text(statistic.to_owned()),
                        Shown::maybe(estimate, Style::Fixed(3)),
                        Shown::Number(n as f64, Style::Fixed(0)),
                    ],
                    strong: false,
                });
                table.push(vec![
                    variable.name.into(),
                    who.into(),
                    statistic.into(),
                    estimate.into(),
                    n.into(),
                ]);
            }
        }
        let view = View {
            head: vec![
                Head::text("What is coded"),
                Head::text("Coders"),
                Head::text("Statistic"),
                Head::number("Agreement"),
                Head::number("Clauses"),
            ],
            rows,
            source: "Coding of clauses".to_owned(),
        };
        Ok(Findings {
            tables: vec![table.with_view(view)],
            ..Findings::default()
        })
    }
}

/// All primary codes in order, also those that the codebook lacks (`NONE`).
fn instruments(policy: &Policy) -> Vec<String> {
    let further = policy.codings.values().flat_map(|c| c.values());
    let all: BTreeSet<&String> = policy
        .clauses
        .values()
        .chain(further)
        .map(|c| &c.primary)
        .collect();
    all.into_iter().cloned().collect()
}

type Row = (String, &'static str, Option<f64>, usize);

fn agreement(policy: &Policy, variable: &Variable<'_>) -> Result<Vec<Row>, AnalysisError> {
    let mut rows = Vec::new();
    let weights: &[(&'static str, KappaWeights)] = match variable.ordered {
        true => &[
            ("kappa", KappaWeights::Unweighted),
            ("kappa-linear", KappaWeights::Linear),
            ("kappa-quadratic", KappaWeights::Quadratic),
        ],
        false => &[("kappa", KappaWeights::Unweighted)],
    };
    for (coder, codings) in &policy.codings {
        let both = codings
            .iter()
            .filter_map(|(key, second)| Some((policy.clauses.get(key)?, second)));
        let (a, b): (Vec<usize>, Vec<usize>) = both
            .map(|(x, y)| ((variable.class)(x), (variable.class)(y)))
            .unzip();
        for (statistic, weight) in weights {
            let kappa = defined(cohen_kappa(&a, &b, variable.classes, *weight))?;
            rows.push((format!("first and {coder}"), *statistic, kappa, a.len()));
        }
    }
    let (statistic, disagreement) = match variable.ordered {
        true => ("alpha-ordinal", Disagreement::Ordinal),
        false => ("alpha-nominal", Disagreement::Nominal),
    };
    let of = |coding: Option<&Coding>| coding.map(|c| (variable.class)(c));
    let unit = |(key, first): (&ClauseKey, &Coding)| -> Vec<Option<usize>> {
        let further = policy.codings.values().map(|c| of(c.get(key)));
        std::iter::once(of(Some(first))).chain(further).collect()
    };
    let units: Vec<Vec<Option<usize>>> = policy.clauses.iter().map(unit).collect();
    let n = units.iter().filter(|u| u.iter().flatten().count() > 1).count();
    let codes: Vec<Option<usize>> = units.into_iter().flatten().collect();
    let alpha = defined(krippendorff_alpha(
        &codes,
        policy.codings.len() + 1,
        variable.classes,
        disagreement,
    ))?;
    rows.push(("all".to_owned(), statistic, alpha, n));
    Ok(rows)
}

/// A statistic that is undefined is missing.
fn defined(result: Result<f64, Error>) -> Result<Option<f64>, AnalysisError> {
    match result {
        Ok(x) => Ok(Some(x)),
        Err(Error::Undefined { .. }) => Ok(None),
        Err(e) => Err(AnalysisError::statistic("agreement of coders", e)),
    }
}

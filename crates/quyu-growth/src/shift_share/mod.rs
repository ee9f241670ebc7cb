//! `shift-share`: growth split into what the nation, the industry mix and the region itself bring.

mod compare;
mod explain;
mod gerfin;
mod manual;
mod neighbours;
mod parts;
mod productivity;
pub(crate) mod side_by_side;
mod stream;
mod substitute;
mod variant;
mod years;

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, Study, Term, Year,
};
use quyu_econometrics::shift_share::{self as numerics, ShiftShare as Parts};

use self::compare::{Compare, Peers};
use self::explain::Asked;
use self::neighbours::Relation;
use self::substitute::Substitute;
use self::variant::Kind;
use crate::frame::{self, Frame, Request, refuse};

/// The declaration of `shift-share`.
pub(crate) const ENTRY: Entry = Entry {
    id: "shift-share",
    summary: "Growth split into nation, industry mix and region, per sector and in total",
    manual: manual::MANUAL,
    params: &[
        Param::required(
            "value",
            ParamKind::Column,
            "an indicator that is split by sector (value added, employment)",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(variant::NAMES),
            "classic",
            "which shift-share; the manual has the formulas",
        ),
        Param::optional(
            "chain",
            ParamKind::Column,
            "an index (preceding year = 100) by sector that chains the first year forward: growth at constant prices of \
             the first year",
        ),
        Param::with_default(
            "reference",
            ParamKind::Choice(&["nation", "rest", "peers"]),
            "nation",
            "the rates of all regions of the reference, of all but the region itself, or of the set named in `peers`",
        ),
        Param::optional(
            "peers",
            ParamKind::Expr,
            "a set of regions, `package:id`, whose sum is the reference",
        ),
        Param::optional(
            "employment",
            ParamKind::Column,
            "persons employed, split by the sectors of the value: for `rigby-anderson`, whose change they are, and for \
             `productivity`",
        ),
        Param::optional(
            "neighbours",
            ParamKind::Choice(neighbours::NAMES),
            "for the spatial variants: regions with a common border that counts by default (`contiguity`), or with \
             optional links too (`contiguity-all`); `contiguity` if it is left out",
        ),
        Param::optional(
            "years",
            ParamKind::List(&ParamKind::Integer { min: 1800, max: 2200 }),
            "for the dynamic variants: the years between which the steps lie; all years with figures if it is left out",
        ),
        Param::optional(
            "substitute",
            ParamKind::List(&ParamKind::Expr),
            "cells to take from another indicator so that sectors close, each `REGION YEAR class = term`, for example \
             `360000 2010 agri = va3.primary`; every one becomes a note",
        ),
    ],
    example: "value = \"va4\"\n",
    build,
    additive: Some(stream::build),
};

/// Parameters that exclude each other or need one another.
fn misfit(reason: impl Into<String>) -> ParamError {
    ParamError::Combination {
        analysis: ENTRY.id.to_owned(),
        reason: reason.into(),
    }
}

fn check_chain(params: &Params) -> Result<(), ParamError> {
    if params.text("chain").is_some() && !params.texts("substitute").is_empty() {
        return Err(misfit(
            "`substitute` puts in figures at current prices and cannot stand beside `chain`",
        ));
    }
    Ok(())
}

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(ShiftShare::new(params)?))
}

/// What is asked.
#[derive(Debug)]
struct ShiftShare {
    value: Term,
    kind: Kind,
    variant: String,
    chain: Option<Term>,
    employment: Option<Term>,
    compare: Compare,
    relation: Relation,
    years: Vec<Year>,
    substitutes: Vec<Substitute>,
}

impl ShiftShare {
    fn new(params: &Params) -> Result<Self, ParamError> {
        check_chain(params)?;
        let optional =
            |name: &'static str| params.text(name).map(|_| params.term(ENTRY.id, name)).transpose();
        let variant = params.text("variant").unwrap_or("classic").to_owned();
        let asked = Self {
            value: params.term(ENTRY.id, "value")?,
            kind: Kind::named(&variant),
            chain: optional("chain")?,
            employment: optional("employment")?,
            compare: Compare::new(params)?,
            relation: Relation::named(params.text("neighbours")),
            years: years::asked(params)?,
            substitutes: params
                .texts("substitute")
                .into_iter()
                .map(Substitute::parse)
                .collect::<Result<_, _>>()?,
            variant,
        };
        asked.check(params)?;
        Ok(asked)
    }

    /// What belongs to some variants only is refused elsewhere: it would be silently without effect.
    fn check(&self, params: &Params) -> Result<(), ParamError> {
        let variant = &self.variant;
        let spatial = matches!(self.kind, Kind::Spatial(_));
        if self.kind.needs_employment() != self.employment.is_some() {
            return Err(misfit(if self.employment.is_some() {
                format!(
                    "`employment` belongs to `rigby-anderson` and `productivity`; `{variant}` does not use it"
                )
            } else {
                format!("`{variant}` needs `employment`: persons employed by the same sectors")
            }));
        }
        if params.text("neighbours").is_some() && !spatial {
            return Err(misfit(format!(
                "`neighbours` belongs to the spatial variants; `{variant}` does not use it"
            )));
        }
        if !self.years.is_empty() && !self.kind.is_dynamic() {
            return Err(misfit(format!(
                "`years` belongs to the dynamic variants; `{variant}` takes the first and the last year of the study"
            )));
        }
        if !self.kind.has_reference() && self.compare != Compare::Nation {
            return Err(misfit(format!(
                "`{variant}` looks at one region and has no `reference`"
            )));
        }
        Ok(())
    }

    /// The years of the tables: first and last, or all steps of a dynamic variant.
    fn steps(&self, study: &Study, terms: &[Term]) -> Result<Vec<Year>, AnalysisError> {
        if self.kind.is_dynamic() {
            return years::steps(study, terms, &self.years);
        }
        Ok(vec![study.period.from, study.period.to])
    }

    /// The tables of the regions of the reference, and the sums of the peers.
    fn load<'a>(&self, study: &'a Study) -> Result<(Frame<'a>, Option<Peers>), AnalysisError> {
        let terms = frame::sectors(study, ENTRY.id, &self.value)?;
        if let Some(outside) = study
            .focus
            .members()
            .iter()
            .find(|r| !study.reference.contains(r))
        {
            return Err(refuse(
                ENTRY.id,
                format!(
                    "{} is not part of the reference {}",
                    study.atlas.regions.label(outside),
                    study.reference.name_en
                ),
            ));
        }
        let request = Request {
            analysis: ENTRY.id,
            terms: &terms,
            chain: self.chain.as_ref(),
            employment: self.employment.as_ref(),
            years: &self.steps(study, &terms)?,
        };
        let mut frame = Frame::load(study, &request, &self.compare.regions(study)?)?;
        frame.check_focus()?;
        for substitute in &self.substitutes {
            let note = substitute.apply(&mut frame)?;
            frame.notes.extend(note);
        }
        frame.check_signs()?;
        let peers = self.compare.peers(study, &mut frame)?;
        Ok((frame, peers))
    }

    /// The notes of the figures and of the method.
    fn notes(&self, frame: &Frame<'_>) -> Result<Vec<Note>, AnalysisError> {
        let mut notes = frame.notes.clone();
        let indicator = frame.study.atlas.codebook.indicator(&self.value.indicator)?;
        if self.chain.is_none() && indicator.price_basis == "current" {
            notes.push(Note::new(
                NoteKind::Method,
                if self.kind.needs_employment() {
                    "At current prices: output per person grows with prices, too."
                } else {
                    "At current prices: a sector whose prices rose faster than the average shows a larger industry mix."
                },
            ));
        }
        notes.extend(years::gaps(frame, self.kind));
        Ok(notes)
    }

    /// The unit of the value.
    fn unit(&self, frame: &Frame<'_>) -> Result<String, AnalysisError> {
        let indicator = frame.study.atlas.codebook.indicator(&self.value.indicator)?;
        Ok(match self.chain {
            Some(_) => format!("{}, prices of {}", indicator.unit, frame.from()),
            None => indicator.unit.clone(),
        })
    }
}

impl Analysis for ShiftShare {
    fn needs(&self) -> Vec<Need> {
        let mut needs = vec![Need::Indicator(self.value.clone()), Need::Period];
        needs.extend(self.chain.clone().map(Need::Indicator));
        needs.extend(self.employment.clone().map(Need::Indicator));
        if matches!(self.kind, Kind::Spatial(_)) {
            needs.push(Need::Neighbours);
        }
        needs
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let (frame, peers) = self.load(study)?;
        let asked = Asked {
            frame: &frame,
            compare: &self.compare,
            peers: peers.as_ref(),
        };
        match self.kind {
            Kind::Gerfin(dynamic) => gerfin::findings(self, &asked, dynamic),
            Kind::Productivity(reallocation) => productivity::findings(self, &asked, reallocation),
            Kind::Dynamic(variant) => {
                let found = years::dynamic(&asked, variant)?;
                let worked = self.worked(&asked, found.sum)?;
                let mut findings = worked.findings(self.notes(&frame)?)?;
                findings.tables.push(years::table(&worked, &found.yearly));
                findings.figures.push(years::figure(&worked, &found.yearly));
                Ok(findings)
            }
            _ => {
                let worked = self.worked(&asked, self.parts(&asked)?)?;
                worked.findings(self.notes(&frame)?)
            }
        }
    }
}

impl ShiftShare {
    /// The parts of the change between the two years.
    fn parts(&self, asked: &Asked<'_, '_>) -> Result<Parts, AnalysisError> {
        let frame = asked.frame;
        let last = frame.years.len() - 1;
        let (base, end) = (frame.matrix(&frame.value[0])?, frame.matrix(&frame.value[last])?);
        let reference = asked.reference(0, last);
        let found = match self.kind {
            Kind::Spatial(options) => {
                let weights = self.relation.weights(frame)?;
                let n = frame.regions.len();
                let weights = quyu_econometrics::Matrix::new(&weights, n, n).map_err(|e| frame.failed(e))?;
                numerics::spatial(base, end, reference, weights, &options)
            }
            Kind::RigbyAnderson => {
                let [from, to] = [&frame.employment[0], &frame.employment[last]];
                numerics::rigby_anderson(
                    [frame.matrix(from)?, frame.matrix(to)?],
                    [base, end],
                    [asked.employment_reference(0, last), reference],
                )
            }
            Kind::Static(variant) => numerics::shift_share(base, end, reference, variant),
            // These have functions of their own.
            _ => numerics::classic(base, end, reference),
        };
        found.map_err(|e| asked.explain(e))
    }

    /// Puts parts beside what a reader must know of them.
    fn worked<'a>(&self, asked: &Asked<'a, 'a>, parts: Parts) -> Result<parts::Worked<'a>, AnalysisError> {
        let frame = asked.frame;
        let jobs = matches!(self.kind, Kind::RigbyAnderson);
        let codebook = &frame.study.atlas.codebook;
        let (indicator, base, unit) = match &self.employment {
            Some(employment) if jobs => {
                let indicator = codebook.indicator(&employment.indicator)?;
                (indicator, &frame.employment[0], indicator.unit.clone())
            }
            _ => (
                codebook.indicator(&self.value.indicator)?,
                &frame.value[0],
                self.unit(frame)?,
            ),
        };
        Ok(parts::Worked {
            frame,
            indicator,
            base,
            parts,
            layout: self.kind.layout(),
            dynamic: self.kind.is_dynamic(),
            unit,
        })
    }
}

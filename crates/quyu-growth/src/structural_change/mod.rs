//! `structural-change`: how fast shares of sectors change, and what groups of sectors add to growth.

mod figures;
mod groups;
mod indices;
mod stream;
mod tables;

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, RegionCode, Study, Term,
};

use self::groups::ClassGroups;
use self::indices::{Indices, Weights};
use crate::frame::{self, Frame, Request, refuse};

/// The declaration of `structural-change`.
pub(crate) const ENTRY: Entry = Entry {
    id: "structural-change",
    summary: "Speed of structural change, and what each sector or group of sectors added to growth",
    manual: MANUAL,
    params: &[
        Param::required("value", ParamKind::Column, "an indicator that is split by sector"),
        Param::with_default(
            "variant",
            ParamKind::Choice(indices::NAMES),
            "lilien",
            "whose shares weigh in Lilien's index: of the last year (`lilien`), of the first (`lilien-base`), the product of \
             both (`lilien-modified`, Stamer)",
        ),
        Param::optional(
            "class_group",
            ParamKind::List(&ParamKind::Expr),
            "labelled groups of sectors, each `label = class class`, for example `emerging = research services`; sectors in \
             none are the group `other`. Or one name of a scheme to which a crosswalk leads from the sectors",
        ),
    ],
    example: "value = \"va4\"\nclass_group = [\"emerging = research services\", \"to-be-upgraded = making\"]\n",
    build,
    additive: Some(stream::build),
};

const MANUAL: &str = "\
**Question.** How fast does the structure of an economy change, and which sectors, or groups of sectors, carry its growth?

**Definition.** With s_i and s_i' the shares of sector i in the first and the last year of a change:

- Lilien's index = square root of the sum of s_i' (ln(s_i' / s_i))², which is the dispersion of the sectors' growth rates around that of the whole. `variant = \"lilien-base\"`
  weighs with s_i, `lilien-modified` with s_i s_i' (the same backwards in time). Undefined where a sector with a weight is zero in the other year: the cell is
  empty and a note names region and sector.
- Norm of absolute values (NAV) = half the sum of |s_i' - s_i|: the share of the whole that changed its sector, 0 to 1.
- Moore's index = the angle between the two structures as vectors, in degrees from 0 to 90; its cosine stands beside it.

A set of regions is pooled first. The table holds the whole period for the focus and the reference, and every step from one year with figures to the
next for the focus; `regions` holds the whole period for every region of the focus and the reference.
Contribution of a group of sectors = its change over the first value of all sectors: the contributions of all groups add up to the growth rate of the
whole. Share of growth = change of the group over change of the whole; empty if the whole did not change, and beyond 0 to 1 where groups moved in opposite
directions. Groups are those of `class_group`; without it each sector is its own.

**Limits.** All depends on the sector detail: a coarse scheme hides change inside its sectors. The sum of the yearly indices is not the index of the whole
period, for sectors move back and forth. At current prices relative prices count as structure. Which sectors are emerging is the reader's label, not a finding.

**References.** Lilien 1982, Journal of Political Economy 90:777-793; Stamer 1998, the modified Lilien index; Moore 1978, Review of Income and Wealth 24:105-118;
Michaely 1962, Concentration in International Trade; Dietrich 2012, Empirical Economics 43:915-944.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Structure {
        value: params.term(ENTRY.id, "value")?,
        weights: Weights::named(params.text("variant")),
        groups: ClassGroups::new(params)?,
    }))
}

/// What is asked.
#[derive(Debug)]
struct Structure {
    value: Term,
    weights: Weights,
    groups: Option<ClassGroups>,
}

/// Tables and what was computed from them.
struct Worked<'a> {
    frame: &'a Frame<'a>,
    /// Label of the value.
    label: String,
    unit: String,
    /// Pooled values of the focus, a row of sectors for each year.
    focus: Vec<Vec<f64>>,
    /// The indices of the focus and of the reference over the whole period.
    whole: [Indices; 2],
    /// The indices of the focus from each year to the next.
    steps: Vec<Indices>,
    /// The indices of each region over the whole period.
    regions: Vec<Indices>,
    /// The group of each sector, and the labels of the groups; the sectors themselves if nobody asked.
    labels: (Vec<usize>, Vec<String>),
    grouped: bool,
}

impl Analysis for Structure {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone()), Need::Period]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let terms = frame::sectors(study, ENTRY.id, &self.value)?;
        let labels = match &self.groups {
            Some(groups) => groups.labels(study, &self.value, &terms)?,
            None => (
                (0..terms.len()).collect(),
                terms.iter().map(|t| frame::sector_label(study, t)).collect(),
            ),
        };
        let members = regions(study);
        let years = years(study, &terms, &members)?;
        let request = Request {
            analysis: ENTRY.id,
            terms: &terms,
            chain: None,
            employment: None,
            years: &years,
        };
        let frame = Frame::load(study, &request, &members)?;
        frame.check_focus()?;
        frame.check_signs()?;
        let worked = self.work(&frame, labels)?;
        Ok(Findings {
            tables: worked.tables()?,
            figures: worked.figures()?,
            notes: self.notes(&worked)?,
        })
    }
}

/// The regions of the focus and of the reference.
fn regions(study: &Study) -> Vec<RegionCode> {
    let mut all = [study.focus.members(), study.reference.members()].concat();
    all.sort();
    all.dedup();
    all
}

/// The years with figures, at least two.
fn years(
    study: &Study,
    terms: &[Term],
    members: &[RegionCode],
) -> Result<Vec<quyu_core::Year>, AnalysisError> {
    let years = study.observed_years(&terms[0], members)?;
    if years.len() < 2 {
        return Err(refuse(
            ENTRY.id,
            format!(
                "`{}` has figures for {} year(s) between {} and {}; change needs two",
                terms[0],
                years.len(),
                study.period.from,
                study.period.to
            ),
        ));
    }
    Ok(years)
}

impl Structure {
    fn work<'a>(
        &self,
        frame: &'a Frame<'a>,
        labels: (Vec<usize>, Vec<String>),
    ) -> Result<Worked<'a>, AnalysisError> {
        let reference: Vec<usize> = (0..frame.regions.len())
            .filter(|&r| frame.study.reference.contains(&frame.regions[r]))
            .collect();
        if reference.is_empty() {
            return Err(refuse(
                ENTRY.id,
                format!(
                    "all regions of {} are left out because a figure is missing",
                    frame.study.reference.name_en
                ),
            ));
        }
        let (focus_rows, last) = (frame.focus_rows(), frame.years.len() - 1);
        let pooled = |rows: &[usize]| {
            frame
                .value
                .iter()
                .map(|t| frame.pooled(t, rows))
                .collect::<Vec<_>>()
        };
        let (focus, all) = (pooled(&focus_rows), pooled(&reference));
        let of = |name: &str, from: &[f64], to: &[f64]| self.weights.of(frame, name, from, to);
        let names = [&frame.study.focus.name_en, &frame.study.reference.name_en];
        let whole = [
            of(names[0], &focus[0], &focus[last])?,
            of(names[1], &all[0], &all[last])?,
        ];
        let steps = focus.windows(2).map(|pair| of(names[0], &pair[0], &pair[1]));
        let steps = steps.collect::<Result<_, _>>()?;
        let region = |r: usize| {
            let row = |y: usize| frame.pooled(&frame.value[y], &[r]);
            of(&frame.region(r), &row(0), &row(last))
        };
        let codebook = &frame.study.atlas.codebook;
        let indicator = codebook.indicator(&self.value.indicator)?;
        Ok(Worked {
            frame,
            label: quyu_core::number::lower_first(&indicator.label_en),
            unit: indicator.unit.clone(),
            whole,
            steps,
            regions: (0..frame.regions.len()).map(region).collect::<Result<_, _>>()?,
            labels,
            grouped: self.groups.is_some(),
            focus,
        })
    }

    fn notes(&self, worked: &Worked<'_>) -> Result<Vec<Note>, AnalysisError> {
        let frame = worked.frame;
        let mut notes = frame.notes.clone();
        let indicator = frame.study.atlas.codebook.indicator(&self.value.indicator)?;
        if indicator.price_basis == "current" {
            notes.push(Note::new(
                NoteKind::Method,
                "At current prices: a sector whose prices rose faster than the average gains share.",
            ));
        }
        let (from, to) = (frame.study.period.from, frame.study.period.to);
        if (frame.from(), frame.to()) != (from, to) {
            notes.push(Note::new(
                NoteKind::Missing,
                format!(
                    "The change is from {} to {}, the first and the last year with figures between {from} and {to}.",
                    frame.from(),
                    frame.to()
                ),
            ));
        }
        notes.extend(worked.undefined());
        Ok(notes)
    }
}

impl Worked<'_> {
    /// Where Lilien's index is undefined, and for which sector.
    fn undefined(&self) -> Option<Note> {
        let frame = self.frame;
        let mut said: Vec<String> = Vec::new();
        let names = [&frame.study.focus.name_en, &frame.study.reference.name_en];
        let named = self
            .whole
            .iter()
            .zip(names)
            .map(|(i, n)| (i, n.clone(), frame.span()));
        let steps = self.steps.iter().zip(frame.years.windows(2));
        let steps = steps.map(|(i, p)| (i, names[0].clone(), format!("{}–{}", p[0], p[1])));
        let regions = self.regions.iter().enumerate();
        let regions = regions.map(|(r, i)| (i, frame.region(r), frame.span()));
        for (indices, name, span) in named.chain(steps).chain(regions) {
            if let Err(sector) = indices.lilien {
                let text = format!("{name} ({}, {span})", frame.sector(sector));
                if !said.contains(&text) {
                    said.push(text);
                }
            }
        }
        let concerned = self.regions.iter().zip(&frame.regions);
        let regions = concerned
            .filter(|(i, _)| i.lilien.is_err())
            .map(|(_, region)| region.clone())
            .collect();
        (!said.is_empty()).then(|| Note {
            kind: NoteKind::Zero,
            text: format!(
                "Lilien's index is undefined where a sector is zero in one of the two years: {}.",
                said.join(", ")
            ),
            regions,
        })
    }
}

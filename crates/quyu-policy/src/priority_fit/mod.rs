//! `priority-fit`: whether what a region calls a priority is what it is strong in.

mod figures;
mod items;
mod measure;
mod sectors;
mod tables;

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, RegionSet, Study, Term,
};

use items::{ListFit, Reading};
use measure::Figures;
use sectors::Sectors;
use tables::Setting;

/// The declaration of `priority-fit`.
pub(crate) const ENTRY: Entry = Entry {
    id: "priority-fit",
    summary: "Whether what a region calls a priority is what it is strong in",
    manual: MANUAL,
    params: &[
        Param::required(
            "lists",
            ParamKind::List(&ParamKind::Expr),
            "ids of the priority lists of provinces, cities or sets of them",
        ),
        Param::required(
            "value",
            ParamKind::Column,
            "an indicator that adds up over regions and is split by class (employment, value added)",
        ),
        Param::with_default(
            "threshold",
            ParamKind::Number { min: 1e-6, max: 1e6 },
            "1",
            "the location quotient from which on a class is strong; reached by equality",
        ),
        Param::with_default(
            "breadth",
            ParamKind::Integer { min: 1, max: 1000 },
            "10",
            "the most divisions that a class may hold to speak for one of them; an item that touches a broader class is not measurable",
        ),
    ],
    example: "lists = [\"P\", \"Q\"]\nvalue = \"jobs4\"\nbreadth = 2\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Are the priorities of a region what it is strong in, and is it strong in something that it does not name?

**Definition.** A crosswalk leads from an item to divisions of an industrial classification, and from each division to the class of the
figures that holds it. The classes of an item are taken together: their share in the region of the list over their share in the
reference of the study, which is a sum over its regions, gives the location quotient LQ of the item, in the last year of the study. An
item is *strong* where LQ >= `threshold`. It is *measurable* where none of its classes holds more than `breadth` divisions: a class of
thirty divisions says nothing of one of them. Every other item is listed with the reason. `fit-rate` = strong / measurable items.
Classes: of the N that are not too broad, n are named by measurable items and K are strong. `named-and-strong` counts what is both;
beside it stands n K / N, what n classes drawn at random would hold, and the probability that they would hold at least as many
(hypergeometric, exact, one-sided). `strong-without-priority` counts strong classes that no item touches, measurable or not. Rank 1 is
the largest quotient among the regions of the reference; a set of regions has none.

**Limits.** The crosswalk is one analyst's judgement by name. A class stands for all its divisions: LQ of mining is not LQ of shale gas.
The measurable items are those of services, energy and farming, because official figures have few divisions, so the fit rate is no
statement on the list as a whole. A priority may well be meant to change what a region is strong in: a low rate is no failure. Chance is
a plain reference point, for no government draws lots; where nearly all classes are named or strong it says little.

**References.** Florence 1939, Report on the Location of Industry; Balassa 1965, Manchester School 33:99-123; Fisher 1935, The Design of
Experiments; Foray et al. 2012, Guide to Research and Innovation Strategies for Smart Specialisation. Breadth and fit rate are
conventions of this tool.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(PriorityFit {
        lists: params.texts("lists").into_iter().map(str::to_owned).collect(),
        value: params.term(ENTRY.id, "value")?,
        threshold: params.number("threshold").unwrap_or(1.0),
        breadth: params
            .integer("breadth")
            .and_then(|b| usize::try_from(b).ok())
            .unwrap_or(10),
    }))
}

#[derive(Debug)]
struct PriorityFit {
    lists: Vec<String>,
    value: Term,
    threshold: f64,
    breadth: usize,
}

impl Analysis for PriorityFit {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Priorities, Need::Indicator(self.value.clone())]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let places = self
            .lists
            .iter()
            .map(|list| items::place(study, list))
            .collect::<Result<Vec<Option<RegionSet>>, _>>()?;
        let sectors = Sectors::of(study, &self.value, &self.lists)?;
        let known: Vec<&RegionSet> = places.iter().flatten().collect();
        let figures = Figures::of(study, &sectors, &known, self.threshold)?;
        let fits = self
            .lists
            .iter()
            .zip(&places)
            .map(|(list, place)| {
                items::measure(study, &sectors, &figures, (list, place.as_ref()), self.breadth)
            })
            .collect::<Result<Vec<ListFit<'_>>, _>>()?;
        let setting = Setting {
            sectors: &sectors,
            year: study.period.to.get(),
            breadth: self.breadth,
            source: &figures.source,
        };
        let mut tables = vec![tables::lists(&fits, &setting), tables::items(&fits, &setting)];
        tables.extend(tables::classes(&fits, &setting));
        let mut shown: Vec<_> = figures::items(&fits, study, self.threshold, &figures.source)
            .into_iter()
            .collect();
        let of_classes = |fit| figures::classes(fit, &sectors, self.threshold, &figures.source);
        shown.extend(fits.iter().filter_map(of_classes));
        let mut notes = vec![judged()];
        notes.extend(self.unmeasured(&fits, &sectors));
        notes.extend(figures.notes.iter().cloned());
        Ok(Findings {
            tables,
            figures: shown,
            notes,
        })
    }
}

fn judged() -> Note {
    Note::new(
        NoteKind::Trust,
        "Which divisions an item touches is the judgement of one analyst by name, a pilot without a second reader.",
    )
}

impl PriorityFit {
    /// How many items cannot be measured, and why.
    fn unmeasured(&self, fits: &[ListFit<'_>], sectors: &Sectors) -> Option<Note> {
        let all: usize = fits.iter().map(|fit| fit.items.len()).sum();
        let measured: usize = fits.iter().map(ListFit::measured).sum();
        let broad: Vec<String> = sectors
            .list
            .iter()
            .filter(|s| s.divisions > self.breadth)
            .map(|s| format!("{} {}", s.name, s.divisions))
            .collect();
        let mut without: Vec<&str> = fits
            .iter()
            .filter(|fit| fit.classes.is_empty())
            .map(|fit| fit.place.as_str())
            .collect();
        without.dedup();
        let reasons = Reading::UNMEASURED.map(|reading| {
            let n: usize = fits.iter().map(|fit| fit.count(reading)).sum();
            (n > 0).then(|| match reading {
                Reading::TooBroad => format!(
                    "{n} touch a class of more than {} divisions, of which it says nothing in particular ({})",
                    self.breadth,
                    broad.join(", ")
                ),
                Reading::NoFigures if without.is_empty() => {
                    format!("{n} touch a class of which the reference has nothing")
                }
                Reading::NoFigures => format!("{n} are of a region without figures by class ({})", without.join(", ")),
                _ => format!("{n} touch no division of a class"),
            })
        });
        let reasons: Vec<String> = reasons.into_iter().flatten().collect();
        (measured < all).then(|| {
            Note::new(
                NoteKind::Missing,
                format!(
                    "{} of {all} items cannot be measured: {}.",
                    all - measured,
                    reasons.join("; ")
                ),
            )
        })
    }
}

//! `priority-sets`: what local lists of priorities take up of national ones, and what they add.

mod figures;
mod side;
mod tables;

use quyu_core::{
    Analysis, AnalysisError, Entry, Findings, Need, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Progress, Study,
};
use quyu_econometrics::policy::{alone, combinations, compare_sets};

use side::side;
use tables::{
    SHOWN_SCHEMES, items_rows, items_table, items_view, overlap_rows, overlaps_table, overlaps_view,
    pair_row, pair_rows, pairs_table, pairs_view, rates, rates_row, rates_table, rates_view,
};

/// The declaration of `priority-sets`.
pub(crate) const ENTRY: Entry = Entry {
    id: "priority-sets",
    summary: "What lists of priorities take up of the national ones, and what they add",
    manual: MANUAL,
    params: &[
        Param::required(
            "lists",
            ParamKind::List(&ParamKind::Expr),
            "ids of the priority lists compared",
        ),
        Param::required(
            "schemes",
            ParamKind::List(&ParamKind::Expr),
            "ids of the national lists whose codes items are mapped to",
        ),
    ],
    example: "lists = [\"P\", \"Q\"]\nschemes = [\"N\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does a region echo the priorities of the nation, and what does it add of its own?

**Definition.** A crosswalk maps each item of a list to codes of a national list, in full or in part (`fit`, one judgement an item for all
national lists). For each list and national list: `mapped` = items with a code, of which `full` are judged to be met in full and `partial` in
part; `containment` = mapped / items, 1 if the list is a subset of the national one; `containment-full` counts what is met in full alone;
`tailoring` = 1 - containment, the share of items that are local; `echo` = national codes that an item touches / national codes;
`specificity` = codes touched by this list and by none of the others compared / codes touched. Pairs of lists are compared as sets A and B of
national codes: `containment` = |A and B| / |A|, `jaccard` = |A and B| / |A or B|, `overlap` = |A and B| / min(|A|, |B|). A ratio without a
denominator is missing. All lie between 0 and 1. `priority-sets-overlaps` shares the codes out, each once, by the lists that take it up and
no other.

**Limits.** The crosswalk is a judgement by name, without a second reader. A broad item touches many codes: lists of few broad items echo
more. A mapped item says nothing of money or action.

**References.** Jaccard 1912, New Phytologist 11:37-50; Simpson 1943, American Journal of Science 241:1-31 (overlap); Lex et al. 2014, IEEE
Transactions on Visualization and Computer Graphics 20:1983-1992 (sets as a matrix). Echo and tailoring rate are conventions of this tool.
";

fn words(params: &Params, name: &str) -> Vec<String> {
    params.texts(name).into_iter().map(str::to_owned).collect()
}

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(PrioritySets {
        lists: words(params, "lists"),
        schemes: words(params, "schemes"),
    }))
}

#[derive(Debug)]
struct PrioritySets {
    lists: Vec<String>,
    schemes: Vec<String>,
}

impl Analysis for PrioritySets {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Priorities]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let policy = &study.atlas.policy;
        let mut table = rates_table();
        let mut pairs = pairs_table();
        let mut each = items_table();
        let mut view = Vec::new();
        let mut pair_view = Vec::new();
        let mut sides_of = Vec::new();
        let mut overlaps = overlaps_table();
        let mut overlap_view = Vec::new();
        let mut drawn = Vec::new();
        for scheme in &self.schemes {
            let sides = self
                .lists
                .iter()
                .map(|list| side(study, list, scheme))
                .collect::<Result<Vec<_>, _>>()?;
            let sets: Vec<Vec<bool>> = sides.iter().map(|s| s.set.clone()).collect();
            let failed = |e| AnalysisError::statistic("comparison of sets", e);
            let lone = alone(&sets).map_err(failed)?;
            for (s, own) in sides.iter().zip(lone) {
                rates(s, own, &mut table);
                view.push(rates_row(s));
            }
            for (i, a) in sides.iter().enumerate() {
                for b in &sides[i + 1..] {
                    let c = compare_sets(&a.set, &b.set).map_err(failed)?;
                    let back = compare_sets(&b.set, &a.set).map_err(failed)?;
                    pair_rows((a, b), (c, back), &mut pairs);
                    pair_view.push(pair_row((a, b), (c, back)));
                }
            }
            // The nation holds every code: a combination of it alone is what no list takes up.
            let whole = std::iter::once(vec![true; sides[0].universe.len()]);
            let with_nation: Vec<Vec<bool>> = whole.chain(sets).collect();
            let found = combinations(&with_nation).map_err(failed)?;
            overlap_view.extend(overlap_rows(policy, &sides, &found, &mut overlaps));
            drawn.push(figures::heat(policy, &sides));
            drawn.push(figures::overlaps(policy, &sides, &found));
            sides_of.push(sides);
        }
        let item_view = items_rows(&sides_of, &mut each);
        let mut tables = vec![table.with_view(rates_view(view))];
        if !pair_view.is_empty() {
            tables.push(pairs.with_view(pairs_view(pair_view)));
        }
        tables.push(overlaps.with_view(overlaps_view(overlap_view)));
        tables.push(each.with_view(items_view(&self.schemes, item_view)));
        let mut notes = vec![Note::new(
            NoteKind::Trust,
            "Which national code an item touches, and whether in full or in part, is the judgement of one analyst by name; \
             fit is judged once an item for all national lists.",
        )];
        if let Some(unshown) = self.schemes.get(SHOWN_SCHEMES..).filter(|u| !u.is_empty()) {
            let text = format!(
                "The table of items has no column for {}; the CSV has.",
                unshown.join(", ")
            );
            notes.push(Note::new(NoteKind::Method, text));
        }
        Ok(Findings {
            tables,
            figures: drawn,
            notes,
        })
    }
}

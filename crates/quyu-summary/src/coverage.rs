//! `coverage`: what is observed for the regions of a set, and what is not.

use std::collections::BTreeSet;

use quyu_core::ColumnName as C;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, RegionCode, Shown, Study, Table, Term, View, ViewRow, Vintage, Year,
};

/// The declaration of `coverage`.
pub(crate) const ENTRY: Entry = Entry {
    id: "coverage",
    summary: "What is observed for the regions of a set, and what is not",
    manual: MANUAL,
    params: &[Param::required(
        "features",
        ParamKind::List(&ParamKind::Column),
        "the indicators to look at",
    )],
    example: "features = [\"gdp\", \"pop\", \"rd_exp\"]\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** What can be asked of these data?

**Definition.** For each indicator and vintage: the first and last year with a figure for a region of the focus, the number of
regions with any figure, and the number of cells (regions x years between the first and the last) that are missing.

**Limits.** A ratio that is computed from its parts has no cells of its own; look at its parts.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Coverage {
        features: params.terms(ENTRY.id, "features")?,
    }))
}

#[derive(Debug)]
struct Coverage {
    features: Vec<Term>,
}

struct Covered {
    term: Term,
    vintage: Vintage,
    from: Year,
    to: Year,
    regions: usize,
    missing: usize,
}

impl Analysis for Coverage {
    // Every vintage is looked at, so the study need not choose one.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let mut rows = Vec::new();
        let mut notes = Vec::new();
        for feature in &self.features {
            let before = rows.len();
            for term in study.classes(feature)? {
                let vintages = study.atlas.panel.vintages(&term);
                rows.extend(vintages.into_iter().filter_map(|v| covered(study, &term, v)));
            }
            if rows.len() == before {
                let label = study.atlas.codebook.label(feature);
                notes.push(Note::new(
                    NoteKind::Missing,
                    format!("{label} has no figures of its own for {}.", study.focus.name_en),
                ));
            }
        }
        Ok(Findings {
            tables: vec![table(study, &rows)],
            figures: Vec::new(),
            notes,
        })
    }
}

fn covered(study: &Study, term: &Term, vintage: Vintage) -> Option<Covered> {
    let keys: Vec<&(Year, RegionCode)> = study
        .atlas
        .panel
        .keys(term, &vintage)
        .iter()
        .filter(|(_, region)| study.focus.contains(region))
        .collect();
    let (from, to) = (keys.first()?.0, keys.last()?.0);
    let regions: BTreeSet<&RegionCode> = keys.iter().map(|(_, r)| r).collect();
    let expected = from.through(to).len() * study.focus.members().len();
    Some(Covered {
        term: term.clone(),
        vintage,
        from,
        to,
        regions: regions.len(),
        missing: expected - keys.len(),
    })
}

fn table(study: &Study, covered: &[Covered]) -> Table {
    let mut table = Table::new(
        ENTRY.id,
        format!("What is observed for {}", study.focus.name_en),
        [
            C::Statistic,
            C::Name,
            C::Vintage,
            C::From,
            C::To,
            C::N,
            C::Expected,
            C::Value,
        ]
        .map(Column::key)
        .to_vec(),
    );
    let mut rows = Vec::new();
    for c in covered {
        let label = study.atlas.codebook.label(&c.term);
        table.push(vec![
            c.term.to_string().into(),
            label.clone().into(),
            c.vintage.to_string().into(),
            Cell::Integer(i64::from(c.from.get())),
            Cell::Integer(i64::from(c.to.get())),
            c.regions.into(),
            study.focus.members().len().into(),
            c.missing.into(),
        ]);
        rows.push(ViewRow {
            cells: vec![
                Shown::Text(label),
                Shown::Text(c.vintage.to_string()),
                Shown::Text(format!("{}–{}", c.from, c.to)),
                Shown::Text(format!("{} of {}", c.regions, study.focus.members().len())),
                Shown::Text(c.missing.to_string()),
            ],
            strong: false,
        });
    }
    let head = vec![
        Head::text("Indicator"),
        Head::text("Vintage"),
        Head::text("Years"),
        Head::number("Regions"),
        Head::number("Missing cells"),
    ];
    table.with_view(View {
        head,
        rows,
        source: String::new(),
    })
}

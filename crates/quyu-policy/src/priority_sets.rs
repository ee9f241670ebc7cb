//! `priority-sets`: the spread of a variable over regions, year by year.

use quyu_core::ColumnName as C;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Param, ParamError, ParamKind, Params,
    Progress, Shown, Study, Style, Table, Term, View, ViewRow,
};

/// The declaration of `priority-sets`.
pub(crate) const ENTRY: Entry = Entry {
    id: "priority-sets",
    summary: "Spread of a variable over regions: the largest value over the smallest",
    manual: MANUAL,
    params: &[Param::required(
        "value",
        ParamKind::Column,
        "the variable that is studied",
    )],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** How many times the value of the last region does the first one have?

**Definition.** For each year of the period: the largest value over the smallest one. Every region counts once. The result
has no unit; 1 means that all regions are equal. Undefined where the smallest value is not positive: an error.

**Limits.** Two regions decide, and nothing in between.

**References.** None: replace this analysis by yours, and name the source of its definition here.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Spread {
        value: params.term(ENTRY.id, "value")?,
    }))
}

#[derive(Debug)]
struct Spread {
    value: Term,
}

impl Analysis for Spread {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone())]
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let members = study.focus.members();
        let years = study.observed_years(&self.value, members)?;
        // A block is complete: what is missing was refused or dropped by the policy of the study, with a note.
        let block = study.block(std::slice::from_ref(&self.value), members, &years)?;
        let mut table = Table::new(
            ENTRY.id,
            format!(
                "Spread of {}, {}",
                study.atlas.codebook.label(&self.value),
                study.focus.name_en
            ),
            vec![
                Column::key(C::Year),
                Column::of(C::Estimate, "1"),
                Column::key(C::N),
            ],
        );
        let mut rows = Vec::new();
        for (position, year) in block.years.iter().enumerate() {
            let estimate = spread(block.column(0, position)).ok_or_else(|| AnalysisError::Study {
                analysis: ENTRY.id,
                reason: format!("a value of {} in {year} is not positive", self.value),
            })?;
            table.push(vec![
                Cell::Integer(i64::from(year.get())),
                estimate.into(),
                block.regions.len().into(),
            ]);
            rows.push(ViewRow {
                cells: vec![
                    Shown::Number(f64::from(year.get()), Style::Year),
                    Shown::Number(estimate, Style::Fixed(2)),
                    Shown::Number(block.regions.len() as f64, Style::Fixed(0)),
                ],
                strong: false,
            });
        }
        let view = View {
            head: vec![
                Head::text("Year"),
                Head::number("Largest over smallest"),
                Head::number("Regions"),
            ],
            rows,
            source: block.source.clone(),
        };
        Ok(Findings {
            tables: vec![table.with_view(view)],
            figures: Vec::new(),
            notes: block.notes,
        })
    }
}

/// The largest value over the smallest; none if that is not positive.
fn spread(values: &[f64]) -> Option<f64> {
    let smallest = values.iter().copied().reduce(f64::min)?;
    let largest = values.iter().copied().reduce(f64::max)?;
    (smallest > 0.0).then(|| largest / smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_equal_values_is_one() {
        assert_eq!(spread(&[2.0, 2.0]), Some(1.0));
        assert_eq!(spread(&[4.0, 1.0, 2.0]), Some(4.0));
        assert_eq!(spread(&[4.0, 0.0]), None);
        assert_eq!(spread(&[]), None);
    }
}

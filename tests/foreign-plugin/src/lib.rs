//! An analysis that somebody plugs in from outside: the range of an indicator over regions.
//!
//! A program that wants it beside those of quyu builds its registry from both lists:
//!
//! ```text
//! let registry = Registry::new(quyu_catalog::entries().chain(regional_range::ENTRIES))?;
//! ```

use quyu_core::ColumnName as C;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Need, Param, ParamError, ParamKind, Params,
    Progress, Study, Table, Term,
};

/// The analyses of this crate.
pub const ENTRIES: &[Entry] = &[Entry {
    id: "range",
    summary: "Range of an indicator over regions: the largest value less the smallest",
    manual: MANUAL,
    params: &[Param::required(
        "value",
        ParamKind::Column,
        "the indicator that is studied",
    )],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
}];

const MANUAL: &str = "\
**Question.** How far apart are the first and the last region?

**Definition.** The largest value less the smallest, for each year of the period, in the unit of the indicator.

**Limits.** Two regions decide. In current prices the range grows with the price level.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Range {
        value: params.term("range", "value")?,
    }))
}

#[derive(Debug)]
struct Range {
    value: Term,
}

impl Analysis for Range {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Indicator(self.value.clone())]
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let members = study.focus.members();
        let years = study.observed_years(&self.value, members)?;
        let block = study.block(std::slice::from_ref(&self.value), members, &years)?;
        let columns = vec![Column::key(C::Year), Column::key(C::Estimate), Column::key(C::N)];
        let mut table = Table::new(
            "range",
            format!("Range of {}", study.atlas.codebook.label(&self.value)),
            columns,
        );
        for (done, year) in block.years.iter().enumerate() {
            let values = block.column(0, done);
            let largest = values.iter().copied().reduce(f64::max);
            let smallest = values.iter().copied().reduce(f64::min);
            table.push(vec![
                Cell::Integer(i64::from(year.get())),
                largest.zip(smallest).map(|(a, b)| a - b).into(),
                values.len().into(),
            ]);
            progress.step(done + 1, years.len());
        }
        Ok(Findings {
            tables: vec![table],
            figures: Vec::new(),
            notes: block.notes,
        })
    }
}

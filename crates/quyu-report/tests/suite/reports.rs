//! From a case to its report.

use quyu_report::{Artifacts, Case, ReportError, run};

use crate::fake::{atlas, registry};

const CASE: &str = include_str!("case.toml");

fn report(text: &str) -> Result<Artifacts, ReportError> {
    run(&Case::parse(text).unwrap(), &atlas(), &registry(), &())
}

#[test]
fn a_case_becomes_a_report() {
    let artifacts = report(CASE).unwrap();
    insta::assert_snapshot!(artifacts.markdown);
}

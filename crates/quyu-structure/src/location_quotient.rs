//! `location-quotient`: in what each region is specialised, class by class.

use quyu_core::ColumnName as C;
use quyu_core::{
    Additive, AnalysisError, Column, Entry, Findings, Note, NoteKind, Param, ParamError, ParamKind, Params,
    Study, Table,
};
use quyu_econometrics::Matrix;
use quyu_econometrics::structure::{
    QuotientForm, quotients_against, shrunken_quotients, specialised_against, standardised_quotients,
};

use crate::frame::{Against, Frame, Row, ranks};
use crate::quotient_view::{Shape, figure, view};
use crate::scope::{CLASS, LAST_YEAR, MEMBERS, Scope, THRESHOLD, VALUE};
use crate::stream::{Framed, FromFrame, stream};

/// The declaration of `location-quotient`.
pub(crate) const ENTRY: Entry = Entry {
    id: "location-quotient",
    summary: "In what each region is specialised: its share of a class beside that of the reference",
    manual: MANUAL,
    params: &[
        VALUE,
        CLASS,
        Param::with_default(
            "reference",
            ParamKind::Expr,
            "nation",
            "`nation` (the reference of the study, the region itself included), `rest` (without the region itself), or the \
             name of a set (`package:set`)",
        ),
        Param::with_default(
            "variant",
            ParamKind::Choice(&[
                "plain",
                "difference",
                "symmetric",
                "log",
                "standardised",
                "shrunken",
                "binary",
            ]),
            "plain",
            "how the two shares are compared",
        ),
        THRESHOLD,
        MEMBERS,
        LAST_YEAR,
    ],
    example: "value = \"va4\"\n",
    build: |p| Ok(Box::new(Framed(read(p)?))),
    additive: Some(streamed),
};

const MANUAL: &str = "\
**Question.** In what is each region specialised, beside the nation, the rest of it, or another set of regions?

**Definition.** With s the share of a class in the region and b its share in the reference, both of the sum of the classes: *plain*
s / b, 0 upwards, 1 = as in the reference; *difference* s - b; *symmetric* (LQ - 1) / (LQ + 1), -1 to 1; *log* ln LQ; *standardised*
LQ less its mean over the regions of the reference, in standard deviations (ddof 0), every region counting once; *shrunken*
LQ moved towards the class's mean by a global empirical Bayes estimator, the more the smaller the expected count m_r b is (for
counts: persons, patents); *binary* 1 where LQ >= `threshold`, else 0. The reference is a sum over its members, never a mean of
shares. `rest` leaves the region out of it, which matters where the region is large. Not rounded. Rank 1 is the largest
quotient of a class among the rows.

**Limits.** A quotient says nothing of size: a small class is easily twenty times its share somewhere. It depends on the detail of
the classes; with two or three classes every region looks alike. Nominal shares move with relative prices. An empty region, or a
class that the reference has nothing of, has no quotient: it is missing and a note says so; so has a cell of zero under *log*.

**References.** Florence 1939, Report on the Location of Industry; Balassa 1965, Manchester School 33:99-123; Laursen 2015, Eurasian
Business Review 5:99-115; O'Donoghue and Gleave 2004, Regional Studies 38:419-427; Marshall 1991, Applied Statistics 40:283-294.
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    Form(QuotientForm),
    Standardised,
    Shrunken,
    Binary,
}

#[derive(Debug, Clone)]
struct LocationQuotient {
    scope: Scope,
    /// A set in the place of the reference of the study.
    set: Option<String>,
    against: Against,
    variant: Variant,
    name: &'static str,
    threshold: f64,
}

fn read(params: &Params) -> Result<LocationQuotient, ParamError> {
    let reference = params.text("reference").unwrap_or("nation");
    let (name, variant) = match params.text("variant") {
        Some("difference") => ("difference", Variant::Form(QuotientForm::Difference)),
        Some("symmetric") => ("symmetric", Variant::Form(QuotientForm::Symmetric)),
        Some("log") => ("log", Variant::Form(QuotientForm::Log)),
        Some("standardised") => ("standardised", Variant::Standardised),
        Some("shrunken") => ("shrunken", Variant::Shrunken),
        Some("binary") => ("binary", Variant::Binary),
        _ => ("plain", Variant::Form(QuotientForm::Ratio)),
    };
    let against = if reference == "rest" {
        Against::Rest
    } else {
        Against::Whole
    };
    if against == Against::Rest && matches!(variant, Variant::Standardised | Variant::Shrunken) {
        return Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!(
                "`variant = \"{name}\"` is defined over all regions of the reference and cannot stand beside `rest`"
            ),
        });
    }
    Ok(LocationQuotient {
        scope: Scope::new(ENTRY.id, params, params.flag("members"))?,
        set: (!matches!(reference, "nation" | "rest")).then(|| reference.to_owned()),
        against,
        variant,
        name,
        threshold: params.number("threshold").unwrap_or(1.0),
    })
}

fn streamed(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let analysis = read(params)?;
    match &analysis.set {
        None => stream(analysis),
        Some(set) => Err(ParamError::Combination {
            analysis: ENTRY.id.to_owned(),
            reason: format!("the set `{set}` is unknown to a stream of rows"),
        }),
    }
}

impl FromFrame for LocationQuotient {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn frame(&self, study: &Study) -> Result<Frame, AnalysisError> {
        match &self.set {
            None => self.scope.frame(study),
            Some(set) => self.scope.frame(&Study {
                reference: study.atlas.set(set)?.clone(),
                ..study.clone()
            }),
        }
    }

    fn findings(&self, frame: &Frame) -> Result<Findings, AnalysisError> {
        let strict = matches!(self.variant, Variant::Standardised | Variant::Shrunken);
        if strict || self.against == Against::Rest {
            frame.one_set()?;
        }
        let mut notes = frame.notes.clone();
        let years: Vec<usize> = (0..frame.years.len()).collect();
        notes.extend(frame.empty_notes(&years, "there is no quotient"));
        let mut table = empty_table(frame, self.name);
        let (mut last, mut zeros) = (Vec::new(), 0);
        for &y in &years {
            last = self.quotients(frame, y)?;
            self.fill(frame, y, &last, &mut table);
            zeros += self.zeros(frame, y, &last);
            notes.extend(self.alone(frame, y));
        }
        notes.extend(self.note_on_zeros(zeros));
        let shape = self.shape();
        let y = frame.last();
        Ok(Findings {
            tables: vec![table.with_view(view(frame, y, self.against, &last, &shape))],
            figures: figure(frame, y, self.against, &last, &shape)
                .into_iter()
                .collect(),
            notes,
        })
    }
}

impl LocationQuotient {
    /// One quotient a row and class, none where it is undefined.
    fn quotients(&self, frame: &Frame, y: usize) -> Result<Vec<Option<f64>>, AnalysisError> {
        let (rows, cols) = (frame.rows.len(), frame.cols());
        let failed = |e| frame.failed("location quotient", e, &(0..rows).collect::<Vec<_>>(), cols);
        if matches!(self.variant, Variant::Standardised | Variant::Shrunken) {
            let held = frame.held(y)?;
            let failed = |e| frame.failed("location quotient", e, &held.rows, held.classes.len());
            let small = held.matrix().map_err(failed)?;
            let values = match self.variant {
                Variant::Shrunken => shrunken_quotients(small),
                _ => standardised_quotients(small, 0),
            };
            return Ok(held.spread(&values.map_err(failed)?, rows, cols));
        }
        let (table, base) = (frame.table(y), frame.benchmark(y, self.against));
        let (table, base) = (
            Matrix::new(&table, rows, cols).map_err(failed)?,
            Matrix::new(&base, rows, cols).map_err(failed)?,
        );
        let form = match self.variant {
            Variant::Form(form) => form,
            _ => QuotientForm::Ratio,
        };
        let quotients = quotients_against(table, base, form).map_err(failed)?;
        if self.variant != Variant::Binary {
            return Ok(quotients);
        }
        let held = specialised_against(table, base, self.threshold).map_err(failed)?;
        Ok(quotients.iter().zip(held).map(|(q, h)| q.map(|_| h)).collect())
    }

    fn fill(&self, frame: &Frame, y: usize, quotients: &[Option<f64>], table: &mut Table) {
        let (rows, cols) = (frame.rows.len(), frame.cols());
        let (values, base) = (frame.table(y), frame.benchmark(y, self.against));
        let share = |of: &[f64], r: usize, c: usize| {
            let whole = quyu_math::sum(&of[r * cols..(r + 1) * cols]);
            (whole > 0.0).then(|| of[r * cols + c] / whole)
        };
        let by_class: Vec<Vec<Option<usize>>> = (0..cols)
            .map(|c| ranks(&(0..rows).map(|r| quotients[r * cols + c]).collect::<Vec<_>>()))
            .collect();
        for (r, row) in frame.rows.iter().enumerate() {
            for (c, class) in frame.classes.iter().enumerate() {
                table.push(vec![
                    row.code.clone().into(),
                    class.code.clone().into(),
                    class.name.clone().into(),
                    frame.year(y),
                    self.name.into(),
                    values[r * cols + c].into(),
                    share(&values, r, c).into(),
                    share(&base, r, c).into(),
                    quotients[r * cols + c].into(),
                    crate::cell(by_class[c][r]),
                    by_class[c].iter().flatten().count().into(),
                ]);
            }
        }
    }

    fn shape(&self) -> Shape {
        let (label, centre, decimals) = match self.variant {
            Variant::Form(QuotientForm::Ratio) => ("Location quotient", 1.0, 2),
            Variant::Form(QuotientForm::Difference) => ("Difference of shares", 0.0, 3),
            Variant::Form(QuotientForm::Symmetric) => ("Symmetric location quotient", 0.0, 2),
            Variant::Form(QuotientForm::Log) => ("Logarithm of the location quotient", 0.0, 2),
            Variant::Standardised => ("Standardised location quotient", 0.0, 2),
            Variant::Shrunken => ("Shrunken location quotient", 1.0, 2),
            Variant::Binary => ("Specialised", 0.5, 0),
        };
        Shape {
            id: ENTRY.id,
            label,
            centre,
            decimals,
            marked: self.variant != Variant::Binary,
            ratio: matches!(
                self.variant,
                Variant::Form(QuotientForm::Ratio) | Variant::Shrunken | Variant::Binary
            ),
        }
    }

    /// Cells that are missing because the region holds nothing of a class that the reference has.
    fn zeros(&self, frame: &Frame, y: usize, quotients: &[Option<f64>]) -> usize {
        let (values, base) = (frame.table(y), frame.benchmark(y, self.against));
        let zero = |at: &usize| quotients[*at].is_none() && values[*at] == 0.0 && base[*at] > 0.0;
        (0..quotients.len()).filter(zero).count()
    }

    /// The logarithm of nothing is missing, which a reader of an empty cell should know.
    fn note_on_zeros(&self, missing: usize) -> Option<Note> {
        (self.variant == Variant::Form(QuotientForm::Log) && missing > 0).then(|| {
            Note::new(
                NoteKind::Zero,
                format!(
                    "Cells without a logarithm, because the region holds nothing of the class: {missing}."
                ),
            )
        })
    }

    /// Without the region itself the reference may have nothing of a class that the region has.
    fn alone(&self, frame: &Frame, y: usize) -> Vec<Note> {
        if self.against == Against::Whole {
            return Vec::new();
        }
        let (values, base, cols) = (frame.table(y), frame.benchmark(y, self.against), frame.cols());
        let note = |(r, row): (usize, &Row)| {
            let held: Vec<&str> = (0..cols)
                .filter(|c| values[r * cols + c] > 0.0 && base[r * cols + c] == 0.0)
                .map(|c| frame.classes[c].name.as_str())
                .collect();
            (!held.is_empty()).then(|| {
                let text = format!(
                    "Nobody in {} but {} holds anything in {} of {}: there is no quotient.",
                    frame.reference,
                    row.name,
                    frame.years[y],
                    held.join(", ")
                );
                Note::new(NoteKind::Zero, text)
            })
        };
        frame.rows.iter().enumerate().filter_map(note).collect()
    }
}

fn empty_table(frame: &Frame, variant: &str) -> Table {
    Table::new(
        ENTRY.id,
        format!(
            "Location quotients ({variant}) of {}, {}",
            frame.label,
            frame.span()
        ),
        vec![
            Column::key(C::Region),
            Column::key(C::Class),
            Column::key(C::Name),
            Column::key(C::Year),
            Column::key(C::Variant),
            Column::of(C::Value, frame.unit.clone()),
            Column::of(C::Share, "1"),
            Column::of(C::Expected, "1"),
            Column::of(C::Estimate, "1"),
            Column::key(C::Rank),
            Column::key(C::N),
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use quyu_core::ParamValue;
    use quyu_core::figure::Chart;

    use super::*;
    use crate::frame::tests::frame;

    fn found(frame: &Frame, reference: &str, variant: &str) -> Findings {
        let given: BTreeMap<String, ParamValue> =
            [("value", "jobs"), ("reference", reference), ("variant", variant)]
                .into_iter()
                .map(|(name, word)| (name.to_owned(), ParamValue::Text(word.to_owned())))
                .collect();
        let params = Params::check(ENTRY.id, ENTRY.params, &given).unwrap();
        read(&params).unwrap().findings(frame).unwrap()
    }

    fn notes(findings: &Findings) -> Vec<&str> {
        findings.notes.iter().map(|note| note.text.as_str()).collect()
    }

    const EMPTY: &str = "Nobody in all holds anything in 2020 of z: there is no quotient.";

    #[test]
    fn a_class_of_one_region_alone_has_no_quotient_beside_the_rest_and_a_note_says_so() {
        let rest = found(&frame(), "rest", "plain");
        let alone = "Nobody in all but ab holds anything in 2020 of y: there is no quotient.";
        assert_eq!(notes(&rest), [EMPTY, alone]);
        assert_eq!(
            rest.tables[0].cell(1, C::Estimate),
            Some(&quyu_core::Cell::Missing)
        );
        assert_eq!(notes(&found(&frame(), "nation", "plain")), [EMPTY]);
    }

    #[test]
    fn logarithms_of_zero_are_counted_in_every_year_and_apart_from_empty_classes() {
        let mut frame = frame();
        frame.years.push("2021".to_owned());
        frame.cells.push(frame.cells[0].clone());
        let log = found(&frame, "nation", "log");
        let last = log.notes.last().unwrap();
        assert_eq!(
            last.text,
            "Cells without a logarithm, because the region holds nothing of the class: 2."
        );
    }

    #[test]
    fn the_figure_names_what_is_compared_with() {
        let mark = |reference: &str, variant: &str| {
            let findings = found(&frame(), reference, variant);
            let figure = findings.figures.into_iter().next().unwrap();
            let Chart::Bars { reference, .. } = figure.chart else {
                panic!("no bars");
            };
            (reference.map(|mark| (mark.label, mark.value)), figure.alt)
        };
        let (nation, said) = mark("nation", "plain");
        assert_eq!(nation, Some(("all".to_owned(), 1.0)));
        assert!(said.starts_with("Location quotient beside all. "), "{said}");
        let (rest, said) = mark("rest", "plain");
        assert_eq!(rest, Some(("Rest of all".to_owned(), 1.0)));
        assert!(
            said.starts_with("Location quotient beside the rest of all. "),
            "{said}"
        );
        // Yes and no: the reference is neither.
        assert_eq!(mark("nation", "binary").0, None);
    }
}

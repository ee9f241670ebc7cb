//! Who is specialised in what, and which classes go together: the incidence and the relatedness of a frame.

use quyu_core::{AnalysisError, Note, NoteKind, Param, ParamKind, Params};
use quyu_econometrics::Matrix;
use quyu_econometrics::structure::{Relatedness, relatedness, specialised};

use crate::frame::{Frame, Held};

/// The kinds of relatedness, in the words of [`kind`].
const KINDS: ParamKind = ParamKind::Choice(&[
    "association",
    "probability",
    "cosine",
    "jaccard",
    "minimum-conditional",
]);
const HELP: &str = "how co-occurrences become relatedness; the kinds are not interchangeable";

/// Association strength unless another is named.
pub(crate) const BY_ASSOCIATION: Param = Param::with_default("variant", KINDS, "association", HELP);
/// The product space's conditional probability unless another is named.
pub(crate) const BY_PROXIMITY: Param = Param::with_default("variant", KINDS, "minimum-conditional", HELP);

/// The kind that the parameters name.
pub(crate) fn kind(params: &Params) -> (Relatedness, &'static str) {
    match params.text("variant") {
        Some("probability") => (Relatedness::Probability, "probability"),
        Some("cosine") => (Relatedness::Cosine, "cosine"),
        Some("jaccard") => (Relatedness::Jaccard, "jaccard"),
        Some("minimum-conditional") => (Relatedness::MinimumConditional, "minimum-conditional"),
        _ => (Relatedness::Association, "association"),
    }
}

/// Regions by classes: 1 where a region is specialised. Without what holds nothing, and without classes in which nobody
/// reaches the threshold and regions that reach it in none.
pub(crate) struct Space {
    pub(crate) held: Held,
    /// In the shape of the rows and classes of `held`.
    pub(crate) incidence: Vec<f64>,
    /// Classes that nobody is specialised in, regions that are specialised in nothing: left out.
    pub(crate) notes: Vec<Note>,
}

impl Space {
    pub(crate) fn of(frame: &Frame, y: usize, threshold: f64) -> Result<Self, AnalysisError> {
        let held = frame.held(y)?;
        let failed = |e| frame.failed("specialisation", e, &held.rows, held.classes.len());
        let all = specialised(held.matrix().map_err(failed)?, threshold).map_err(failed)?;
        let cols = held.classes.len();
        // A threshold above 1 may leave a region without specialisation, and what it leaves is no smaller by that.
        let rows: Vec<usize> = (0..held.rows.len())
            .filter(|r| all[r * cols..(r + 1) * cols].contains(&1.0))
            .collect();
        let classes: Vec<usize> = (0..cols)
            .filter(|c| rows.iter().any(|r| all[r * cols + c] == 1.0))
            .collect();
        if rows.len() < 2 || classes.len() < 2 {
            return Err(frame.refuse(format!(
                "in {} fewer than two regions or classes have a location quotient of {threshold} or more",
                frame.years[y]
            )));
        }
        let pick = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
            rows.iter()
                .flat_map(|r| std::iter::repeat(*r).zip(&classes))
                .map(|(r, c)| of(r * cols + c))
                .collect()
        };
        let incidence = pick(&|at| all[at]);
        let cells = pick(&|at| held.cells[at]);
        let notes = left_out(frame, y, &held, &rows, &classes, threshold);
        let held = Held {
            rows: rows.iter().map(|&r| held.rows[r]).collect(),
            classes: classes.iter().map(|&c| held.classes[c]).collect(),
            cells,
        };
        Ok(Self {
            held,
            incidence,
            notes,
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.held.rows.len()
    }

    pub(crate) fn cols(&self) -> usize {
        self.held.classes.len()
    }

    pub(crate) fn matrix(&self) -> Result<Matrix<'_>, quyu_econometrics::Error> {
        Matrix::new(&self.incidence, self.rows(), self.cols())
    }

    /// Classes by classes.
    pub(crate) fn related(&self, frame: &Frame, kind: Relatedness) -> Result<Vec<f64>, AnalysisError> {
        let failed = |e| frame.failed("relatedness", e, &self.held.rows, self.cols());
        relatedness(self.matrix().map_err(failed)?, kind).map_err(failed)
    }
}

/// Which regions and classes have no part, because the threshold is reached by nobody or nowhere.
fn left_out(
    frame: &Frame,
    y: usize,
    held: &Held,
    rows: &[usize],
    classes: &[usize],
    threshold: f64,
) -> Vec<Note> {
    let year = &frame.years[y];
    let mut notes = Vec::new();
    let mut say = |names: Vec<&str>, what: &str| {
        if !names.is_empty() {
            notes.push(Note::new(
                NoteKind::Method,
                format!(
                    "Left out of {year}, because no location quotient reaches {threshold}: {what} {}.",
                    names.join(", ")
                ),
            ));
        }
    };
    let names = (0..held.rows.len()).filter(|r| !rows.contains(r));
    say(
        names.map(|r| frame.rows[held.rows[r]].name.as_str()).collect(),
        "regions",
    );
    let names = (0..held.classes.len()).filter(|c| !classes.contains(c));
    say(
        names
            .map(|c| frame.classes[held.classes[c]].name.as_str())
            .collect(),
        "classes",
    );
    notes
}

/// A few regions or classes make the statistics of a network coarse; says so.
pub(crate) fn few_classes(frame: &Frame) -> Option<Note> {
    const FEW: usize = 20;
    (frame.cols() < FEW).then(|| {
        Note::new(
            NoteKind::Method,
            format!(
                "{} classes are few for a network: the method was made for hundreds, and with few a single cell \
                 changes the picture.",
                frame.cols()
            ),
        )
    })
}

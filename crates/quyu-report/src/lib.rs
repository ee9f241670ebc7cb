//! From a case and its findings to a report; pure: no files, no clock, the same input gives the same bytes.
//!
//! [`case::Case`] is what `case.toml` says, [`template`] the language of its prose, [`run::run`] checks and runs it,
//! [`model::Report`] is the report as data, and [`mod@markdown`]
//! and [`mod@html`] write it.

mod assemble;
mod beside;
pub mod case;
pub mod csv;
mod cut;
pub mod error;
pub mod escape;
pub mod html;
pub mod markdown;
pub mod model;
pub mod run;
mod said;
mod study;
pub mod template;
mod texts;

pub use case::{Case, CaseError};
pub use error::{Fault, ReportError};
pub use html::{Parts, html, html_index};
pub use markdown::{Card, index, markdown};
pub use model::Report;
pub use run::{Artifacts, Watch, run};

//! Every reference case through the public API: a table names the function that answers each case.
//!
//! The folder of cases stands beside the checkout (or where `QUYU_REFERENCE` says); without it the test says what it
//! skipped. What is compared on purpose with another convention than ours is printed with the reason.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it does not expect"
)]

#[path = "reference/convergence.rs"]
mod convergence;
#[path = "reference/disparity.rs"]
mod disparity;
#[path = "reference/growth_profiles.rs"]
mod growth_profiles;
#[path = "reference/space.rs"]
mod space;

use quyu_testkit::reference;

fn answers() -> Vec<reference::Answer> {
    disparity::cases()
        .into_iter()
        .chain(growth_profiles::cases())
        .chain(convergence::cases())
        .chain(space::cases())
        .collect()
}

#[test]
fn every_case_has_the_values_of_its_package() {
    reference::run(&answers(), |_| true);
}

/// The cases in `tests/reference`, which are a part of the project.
#[test]
fn our_own_cases_have_the_values_of_their_packages() {
    reference::run_own(&answers());
}

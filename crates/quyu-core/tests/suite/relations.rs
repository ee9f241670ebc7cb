//! Neighbours among the regions of a study.

use quyu_core::relations::{Border, Relations};
use quyu_core::{CoreError, Need, RegionCode};

use crate::made::{atlas, study};

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn borders() -> Relations {
    let border = |a: &str, b: &str, default| Border {
        a: code(a),
        b: code(b),
        kind: if default { "land" } else { "strait" }.to_owned(),
        default,
    };
    Relations {
        contiguity: vec![
            border("TOY:A", "TOY:B", true),
            border("TOY:A", "TOY:C", false),
            border("TOY:B", "TOY:D", true),
        ],
        ..Relations::default()
    }
}

#[test]
fn edges_are_pairs_of_positions_in_both_directions() {
    let of = |codes: &[&str]| borders().edges(&codes.iter().map(|c| code(c)).collect::<Vec<_>>());
    assert_eq!(
        of(&["TOY:A", "TOY:B", "TOY:C", "TOY:D"]),
        [(0, 1), (1, 0), (1, 3), (3, 1)]
    );
    assert_eq!(of(&["TOY:D", "TOY:B"]), [(0, 1), (1, 0)], "positions, not codes");
    assert_eq!(
        of(&["TOY:A", "TOY:C", "TOY:D"]),
        [],
        "a strait does not count by default"
    );
}

#[test]
fn a_study_without_borders_says_so_before_anything_runs() {
    let mut study = study(&atlas(&[]), &[]);
    let refused = study.check(&[Need::Neighbours]).unwrap_err();
    assert_eq!(refused, CoreError::NoBorders);
    assert!(refused.to_string().contains("`contiguity.csv`"), "{refused}");
    let mut with = (*study.atlas).clone();
    with.relations = borders();
    study.atlas = std::sync::Arc::new(with);
    assert_eq!(study.check(&[Need::Neighbours]), Ok(()));
}

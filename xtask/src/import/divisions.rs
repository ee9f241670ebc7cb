//! Which class of the sector figures each division of GB/T 4754-2017 belongs to, as the standards say.

use super::draft::Draft;

const FROM: &str = "GB/T 4754-2017";

/// Section, its divisions, and its sector in the national accounts. Section T (97) stands in no figure.
const SECTIONS: [(&str, std::ops::RangeInclusive<u8>, &str); 19] = [
    ("A", 1..=5, "agri"),
    ("B", 6..=12, "industry"),
    ("C", 13..=43, "industry"),
    ("D", 44..=46, "industry"),
    ("E", 47..=50, "construction"),
    ("F", 51..=52, "trade"),
    ("G", 53..=60, "transport"),
    ("H", 61..=62, "hotel"),
    ("I", 63..=65, "other"),
    ("J", 66..=69, "finance"),
    ("K", 70..=70, "realestate"),
    ("L", 71..=72, "other"),
    ("M", 73..=75, "other"),
    ("N", 76..=79, "other"),
    ("O", 80..=82, "other"),
    ("P", 83..=83, "other"),
    ("Q", 84..=85, "other"),
    ("R", 86..=90, "other"),
    ("S", 91..=96, "other"),
];

/// The three industries as regulated in 2018: services to agriculture (05) and to mining (11) and repair (43) are tertiary.
fn industry(division: u8) -> &'static str {
    match division {
        5 | 11 | 43 => "tertiary",
        1..=4 => "primary",
        6..=50 => "secondary",
        _ => "tertiary",
    }
}

/// Adds the table: each division once for each scheme that figures are split by.
pub(crate) fn crosswalk(draft: &mut Draft) {
    let mut rows = Vec::new();
    for (section, divisions, sector) in SECTIONS {
        for division in divisions {
            for (scheme, class) in [
                ("GB/T 4754", section),
                ("CN-9", sector),
                ("CN-3", industry(division)),
            ] {
                let code = format!("{division:02}");
                rows.push([FROM, &code, scheme, class].map(str::to_owned).to_vec());
            }
        }
    }
    let header = ["scheme_from", "class_from", "scheme_to", "class_to"];
    draft.table("crosswalk_divisions", &header, rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_division_up_to_96_stands_in_one_section() {
        let all: Vec<u8> = SECTIONS.into_iter().flat_map(|(_, d, _)| d).collect();
        assert_eq!(all, (1..=96).collect::<Vec<u8>>());
    }

    #[test]
    fn repair_of_machines_is_manufacturing_in_the_sections_and_tertiary_among_three() {
        assert_eq!(industry(42), "secondary");
        assert_eq!(industry(43), "tertiary");
        assert!(SECTIONS[2].1.contains(&43));
    }
}

//! Who is whose neighbour: a table of pairs of regions, with weights or without.

use std::collections::BTreeMap;

use quyu_core::suggest::Near;
use quyu_core::{Links, OWN, RegionCode};

use super::build::Own;
use super::fault::{Fault, Gathered, Problem, Spot, TableError, only};
use super::raw::Raw;
use super::warn::Warning;

/// Names of the columns of pairs, in the order in which they are looked for; else the first two columns are the pair.
const PAIRS: [(&str, &str); 4] = [
    ("i", "j"),
    ("region", "other_region"),
    ("region_a", "region_b"),
    ("focal", "neighbor"),
];
/// Names of a column of weights.
const WEIGHTS: [&str; 3] = ["w", "weight", "weights"];

/// Makes the links of this table the neighbours of the regions of an atlas. The columns of a pair are `i` and `j`, `region` and
/// `other_region`, `region_a` and `region_b`, `focal` and `neighbor`, or else the first two; a column `w`, `weight` or `weights`
/// holds weights, from 0.
///
/// Without weights a pair counts in both directions, however often it is given. With weights each row is one direction, from the
/// first region to the second, its neighbour; a weight of 0 is no link. Links with regions that the table does not have are left
/// out with a warning.
///
/// # Errors
/// [`TableError`] with every row that is no link: an empty field, a region linked to itself, a weight that is missing, no number or
/// below 0, a link that stands there twice with two weights; or if no link joins two regions of the table.
pub fn join(raw: &Raw, own: &mut Own) -> Result<(), TableError> {
    let pairs = read(raw)?;
    let mut links = Links {
        name: raw.name.clone(),
        weights: Vec::new(),
    };
    let (mut left, mut stranger) = (0, None);
    for ((from, to), (weight, _)) in &pairs {
        let known = |name: &str| -> Option<RegionCode> {
            let code = RegionCode::new(OWN, name).ok()?;
            own.atlas.regions.get(&code).map(|r| r.code.clone())
        };
        match (known(from), known(to)) {
            (Some(from), Some(to)) => links.weights.push((from, to, *weight)),
            (found, _) => {
                left += 1;
                stranger.get_or_insert(if found.is_none() { *from } else { *to });
            }
        }
    }
    if let Some(region) = stranger {
        let near = Near::to(region, own.atlas.regions.iter().map(|r| r.name_en.as_str()));
        let (region, of) = (region.to_owned(), pairs.len());
        if links.weights.is_empty() {
            let fault = Fault::NoLinks {
                count: of,
                region,
                near,
            };
            return Err(only(&raw.name, fault));
        }
        own.warnings.push(Warning::LinksLeftOut {
            file: raw.name.clone(),
            left,
            of,
            region,
            near,
        });
    }
    let both = |(a, b): &(&str, &str)| pairs.contains_key(&(b, a));
    if !pairs.is_empty() && !pairs.keys().any(both) {
        own.warnings.push(Warning::LinksOneWay {
            file: raw.name.clone(),
        });
    }
    own.atlas.relations.link(links);
    Ok(())
}

/// Each link with its weight and where it stands, in order of the names.
type Pairs<'a> = BTreeMap<(&'a str, &'a str), (f64, Spot)>;

fn read(raw: &Raw) -> Result<Pairs<'_>, TableError> {
    let position = |name: &str| raw.header.iter().position(|h| h.eq_ignore_ascii_case(name));
    let named = PAIRS.iter().find_map(|(a, b)| Some((position(a)?, position(b)?)));
    let (from, to) = named.unwrap_or((0, 1));
    if raw.header.len() < 2 {
        return Err(only(&raw.name, raw.unknown("neighbours", "j")));
    }
    let weight = WEIGHTS.iter().find_map(|name| position(name));
    let (mut pairs, mut wrong) = (Pairs::new(), Gathered::default());
    for row in 0..raw.len() {
        match link(raw, row, [from, to], weight) {
            Ok(0.0) => {}
            Ok(w) => {
                let (a, b) = (raw.field(row, from), raw.field(row, to));
                let spot = raw.spot(row);
                let first = pairs.entry((a, b)).or_insert((w, spot.clone())).clone();
                if first.0 != w {
                    let fault = Fault::LinkedTwice {
                        from: a.to_owned(),
                        to: b.to_owned(),
                        first: first.1,
                    };
                    wrong.add(at(raw, row, weight.unwrap_or(from), fault));
                }
                if weight.is_none() {
                    pairs.entry((b, a)).or_insert((w, spot));
                }
            }
            Err(problem) => wrong.add(problem),
        }
    }
    wrong.stop(&raw.name)?;
    Ok(pairs)
}

/// The weight of the link in a row; 1 where links have none.
fn link(raw: &Raw, row: usize, pair: [usize; 2], weight: Option<usize>) -> Result<f64, Problem> {
    if let Some(empty) = pair.into_iter().find(|c| raw.field(row, *c).is_empty()) {
        return Err(at(raw, row, empty, Fault::EmptyKey { role: "region" }));
    }
    let [from, to] = pair.map(|c| raw.field(row, c));
    if from == to {
        let region = from.to_owned();
        return Err(at(raw, row, pair[1], Fault::OwnNeighbour { region }));
    }
    let Some(column) = weight else { return Ok(1.0) };
    match raw.number(row, column)? {
        None => Err(at(raw, row, column, Fault::MissingValue)),
        Some(w) if w < 0.0 => {
            let text = raw.field(row, column).to_owned();
            Err(at(raw, row, column, Fault::NegativeLink { text }))
        }
        Some(w) => Ok(w + 0.0),
    }
}

fn at(raw: &Raw, row: usize, column: usize, fault: Fault) -> Problem {
    Problem {
        fault,
        place: Some(raw.place(row, column)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::Fault;
    use super::super::raw::ReadOptions;
    use super::super::sheet::{KeyOptions, Sheet};
    use super::super::source::Bytes;
    use super::*;

    fn raw(name: &str, text: &str) -> Raw {
        let bytes = Bytes {
            name: name.to_owned(),
            sha256: String::new(),
            bytes: text.as_bytes().to_vec(),
        };
        Raw::read(bytes, &ReadOptions::default()).unwrap()
    }

    fn own() -> Own {
        let sheet = Sheet::new(raw("t.csv", "region,x\nA,1\nB,2\nC,3\n"), &KeyOptions::default()).unwrap();
        let wanted = super::super::Wanted {
            variable: sheet.variable("value", "x").unwrap(),
            how: super::super::How::Unsaid,
            unit: None,
        };
        sheet.build(&[wanted], &[]).unwrap()
    }

    fn joined(text: &str) -> (Vec<String>, Vec<String>) {
        let mut own = own();
        join(&raw("w.csv", text), &mut own).unwrap();
        let links = own.atlas.relations.links.unwrap().weights;
        let links = links.iter().map(|(a, b, w)| format!("{a}>{b} {w}")).collect();
        (links, own.warnings.iter().map(ToString::to_string).collect())
    }

    fn faults(text: &str) -> Vec<Fault> {
        match join(&raw("w.csv", text), &mut own()) {
            Err(TableError::Problems(problems)) => problems.all.into_iter().map(|p| p.fault).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_pair_without_weight_counts_in_both_directions_once() {
        let expected = (
            ["A>B 1", "B>A 1", "B>C 1", "C>B 1"].map(str::to_owned).to_vec(),
            vec![],
        );
        for text in [
            "i,j\nA,B\nB,C\n",
            "a,b,border\nB,A,land\nA,B,land\nC,B,land\n",
            "note,j,i\nx,A,B\ny,C,B\n",
        ] {
            assert_eq!(joined(text), expected, "{text}");
        }
    }

    #[test]
    fn a_weight_is_of_one_direction_and_0_is_no_link() {
        let (links, warnings) = joined("focal,neighbor,weight\nA,B,0.5\nB,A,2\nA,C,0\nC,A,1\n");
        assert_eq!(links, ["A>B 0.5", "B>A 2", "C>A 1"]);
        assert!(warnings.is_empty(), "{warnings:?}");
        let (_, warnings) = joined("i,j,w\nA,B,1\nC,B,1\n");
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("both directions"), "{warnings:?}");
    }

    #[test]
    fn links_that_leave_the_table_are_counted_and_borders_are_links() {
        let mut own = own();
        join(&raw("w.csv", "i,j\nA,B\nA,Bb\nX,Y\n"), &mut own).unwrap();
        let told: Vec<String> = own.warnings.iter().map(ToString::to_string).collect();
        // Each pair has two directions.
        assert!(told[0].starts_with("4 of the 6 links"), "{told:?}");
        assert_eq!(own.atlas.relations.contiguity.len(), 1);
    }

    #[test]
    fn what_is_no_link_is_refused() {
        let fault = faults("i,j,w\nA,A,1\nA,,1\nA,B,-1\nA,B,\nA,B,2\nA,B,3\nB,A,x\n");
        let told: Vec<String> = fault.iter().map(ToString::to_string).collect();
        let expected = [
            "`A` is linked to itself",
            "the region is empty",
            "the weight `-1` is below 0",
            "the value is missing",
            "the link from `A` to `B` stands in line 6 already, with another weight",
            "`x` is not a number",
        ];
        assert_eq!(told, expected);
        assert!(matches!(
            faults("i,j\nX,Y\n")[..],
            [Fault::NoLinks { count: 2, .. }]
        ));
    }
}

//! Warnings on columns that hold parts of a whole: percentages above a hundred, shares that do not add up.

use std::collections::{BTreeMap, BTreeSet};

use quyu_core::Year;

use super::sheet::Sheet;
use super::warn::Warning;

/// Whether the header of a column says that it holds a part of a hundred.
fn is_percentage(header: &str) -> bool {
    let small = header.to_lowercase();
    let grows = ["growth", "change", "rate of", "index", "增长", "增速", "指数"];
    let part = ["%", "percent", "pct", "占比", "比重", "百分"];
    part.iter().any(|p| small.contains(p)) && !grows.iter().any(|g| small.contains(g))
}

/// A warning on the numbers of one column.
pub(crate) fn percentages(sheet: &Sheet, columns: &[usize], name: &str) -> Option<Warning> {
    if !is_percentage(name) {
        return None;
    }
    let (mut largest, mut count): (Option<(f64, usize, usize)>, usize) = (None, 0);
    for row in 0..sheet.raw.len() {
        for &column in columns {
            let Ok(Some(x)) = sheet.raw.number(row, column) else {
                continue;
            };
            if x > 100.0 {
                count += 1;
                if largest.is_none_or(|(y, ..)| x > y) {
                    largest = Some((x, row, column));
                }
            }
        }
    }
    largest.map(|(_, row, column)| Warning::Percentage {
        column: name.to_owned(),
        text: sheet.raw.field(row, column).to_owned(),
        spot: sheet.raw.spot(row),
        count,
    })
}

/// Whether the header of a column says that it holds parts of a whole.
fn is_share(header: &str) -> bool {
    let small = header.to_lowercase();
    is_percentage(header) || small.contains("share") || small.contains("构成")
}

/// A warning on shares by class that do not add up to 1 or 100 in each region and year.
///
/// Printed shares are rounded: a sum may be off by half a unit of the last digit for each class, and by a tenth of a hundredth besides.
pub(crate) fn shares(sheet: &Sheet, column: usize, name: &str) -> Option<Warning> {
    if sheet.classes.len() < 2 || !is_share(name) {
        return None;
    }
    let mut sums: BTreeMap<(usize, Year), (f64, f64)> = BTreeMap::new();
    let mut broken: BTreeSet<(usize, Year)> = BTreeSet::new();
    let (mut largest, mut smallest) = (0.0f64, 0.0f64);
    for key in &sheet.keys {
        let at = (key.region, key.year);
        let Ok(Some(x)) = sheet.raw.number(key.row, column) else {
            broken.insert(at);
            continue;
        };
        (largest, smallest) = (largest.max(x), smallest.min(x));
        let (sum, slack) = sums.entry(at).or_insert((0.0, 0.0));
        *sum += x;
        *slack += half_unit(
            sheet.raw.field(key.row, column),
            sheet.raw.options.numbers.decimal,
        );
    }
    // What exceeds a hundred is told elsewhere; with changes below zero these are no parts of a whole.
    if largest > 100.0 || smallest < 0.0 {
        return None;
    }
    let whole = if largest > 1.0 { 100.0 } else { 1.0 };
    sums.retain(|at, _| !broken.contains(at));
    let all = sums.len();
    let off = |(sum, slack): &(f64, f64)| (sum - whole).abs() > slack + whole / 1_000.0;
    sums.retain(|_, sum| off(sum));
    let far = |sum: &(f64, f64)| (sum.0 - whole).abs();
    let worst = sums.iter().max_by(|a, b| far(a.1).total_cmp(&far(b.1)))?;
    let ((region, year), (sum, _)) = worst;
    let dated = if *year == Year::UNDATED {
        String::new()
    } else {
        format!(" in {year}")
    };
    Some(Warning::Shares {
        column: name.to_owned(),
        key: format!("{}{dated}", sheet.regions[*region]),
        // Sums of printed figures: more digits than these are dust.
        sum: sheet.raw.options.numbers.write((sum * 1e6).round() / 1e6),
        whole: whole as u32,
        count: (sums.len(), all),
    })
}

/// Half a unit of the last digit that is written.
fn half_unit(text: &str, decimal: char) -> f64 {
    let digits = text
        .rsplit_once(decimal)
        .map_or(0, |(_, fraction)| fraction.len());
    let mut unit = 0.5;
    for _ in 0..digits.min(20) {
        unit /= 10.0;
    }
    unit
}

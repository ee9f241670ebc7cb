//! Which rows of a long table the text shows.

use quyu_core::{Shown, ViewRow};

use crate::model::ShownTable;

/// Longer tables are cut in the text; the file beside the report has all rows.
const MOST_ROWS: usize = 15;

/// How many of them stand at the end: the latest years, the last ranks.
const LAST_ROWS: usize = 7;

/// The rows that the text shows, with every row in bold; `None` marks a gap. Says whether any is left out. Of a table by year with a number of rows
/// of its own it shows round years, the ends, and the first and last year of each line: the figure beside has all. Else the first and the last rows.
pub(crate) fn cut(table: &ShownTable) -> (Vec<Option<&ViewRow>>, bool) {
    let (all, most) = (&table.view.rows, table.rows.unwrap_or(MOST_ROWS).max(2));
    // A gap takes a line itself: it never stands for a single row, unless the case says how many rows there are to be.
    if all.len() <= most + usize::from(table.rows.is_none()) {
        return (all.iter().map(Some).collect(), false);
    }
    let round = table.rows.and_then(|rows| round_years(all, rows));
    let last = table.rows.map_or(LAST_ROWS, |rows| rows / 2);
    let kept = |i: usize| match &round {
        Some(years) => years[i],
        None => i < most - last || i >= all.len() - last,
    };
    let mut rows: Vec<Option<&ViewRow>> = Vec::new();
    for (i, row) in all.iter().enumerate() {
        if kept(i) || row.strong {
            rows.push(Some(row));
        } else if round.is_none() && rows.last().is_some_and(Option::is_some) {
            rows.push(None);
        }
    }
    (rows, true)
}

/// Which rows of a table by year are kept, with about `most` of them; none if its rows are not years, each once.
fn round_years(rows: &[ViewRow], most: usize) -> Option<Vec<bool>> {
    let year = |row: &ViewRow| match row.cells.first() {
        Some(Shown::Text(text)) => text.parse::<i32>().ok().filter(|y| (1000..3000).contains(y)),
        _ => None,
    };
    let years: Vec<i32> = rows.iter().map(year).collect::<Option<_>>()?;
    if years.windows(2).any(|pair| pair[0] >= pair[1]) {
        return None;
    }
    let end = rows.len() - 1;
    let kept = |step: i32| -> Vec<bool> {
        let keep = |i: usize| i == 0 || i == end || years[i] % step == 0 || turns(rows, i);
        (0..rows.len()).map(keep).collect()
    };
    let few = |kept: &Vec<bool>| kept.iter().filter(|k| **k).count() <= most;
    [2, 5, 10]
        .into_iter()
        .map(kept)
        .find(few)
        .or_else(|| Some(kept(10)))
}

/// Whether a column begins or ends with this row.
fn turns(rows: &[ViewRow], at: usize) -> bool {
    let gaps = |row: &ViewRow| row.cells.iter().map(|c| *c == Shown::Missing).collect::<Vec<_>>();
    let own = gaps(&rows[at]);
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let differs = |i: usize| {
        let theirs = rows.get(i).map(&gaps);
        theirs.is_some_and(|theirs| own.iter().zip(theirs).any(|(own, theirs)| !own && theirs))
    };
    beside.into_iter().any(differs)
}

#[cfg(test)]
mod tests {
    use quyu_core::{Head, View};

    use super::*;
    use crate::model::TableFile;

    fn table(names: impl Iterator<Item = String>, rows: Option<usize>) -> ShownTable {
        let row = |name| ViewRow {
            cells: vec![Shown::Text(name), Shown::Missing],
            strong: false,
        };
        ShownTable {
            number: 1,
            view: View {
                head: vec![Head::text("Key"), Head::number("Value")],
                rows: names.map(row).collect(),
                source: String::new(),
            },
            rows,
            file: TableFile {
                name: "x.csv".into(),
                title: "X".into(),
                rows: 0,
                units: Vec::new(),
            },
        }
    }

    fn shown(table: &ShownTable) -> String {
        let word = |row: &Option<&ViewRow>| match row.and_then(|r| r.cells.first()) {
            Some(Shown::Text(text)) => text.clone(),
            _ => "…".to_owned(),
        };
        let words: Vec<String> = cut(table).0.iter().map(word).collect();
        words.join(" ")
    }

    #[test]
    fn round_years_are_shown_and_other_rows_at_both_ends() {
        let years = |rows| table((2000..2020).map(|y| y.to_string()), rows);
        assert_eq!(shown(&years(Some(6))), "2000 2005 2010 2015 2019");
        assert_eq!(shown(&years(Some(2))), "2000 2010 2019");
        // A line that begins in 2016.
        let mut two = years(Some(6));
        for row in &mut two.view.rows[16..] {
            row.cells[1] = Shown::Text("x".into());
        }
        assert_eq!(shown(&two), "2000 2005 2010 2015 2016 2019");
        assert_eq!(shown(&years(None)).split(' ').count(), MOST_ROWS + 1);
        let ranks = |rows| table((1..=20).map(|r| r.to_string()), rows);
        assert_eq!(shown(&ranks(Some(5))), "1 2 3 … 19 20");
        assert!(!cut(&ranks(Some(20))).1);
    }
}

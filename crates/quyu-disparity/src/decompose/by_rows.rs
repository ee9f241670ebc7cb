//! The decompositions of rows without a key: `decompose`, `decompose-nested`, `decompose-two-way`, `decompose-change`.

use std::collections::BTreeSet;

use quyu_core::{
    Additive, AnalysisError, Cell, ColumnName as C, Findings, Need, Note, ParamError, Params, Table,
};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{
    RunningGroup, decompose_atkinson_groups, decompose_ge_groups, decompose_nested_groups,
    decompose_two_way_groups, mld_change_groups,
};

use super::change;
use super::common::{Pair, one_group};
use super::groups::ENTRY as GROUPS;
use super::groups_shown;
use super::nested::{self, Level};
use super::split::{Form, Parts};
use super::stream::{Cells, Stream, Years, refuse};
use super::two_way;
use crate::entries::refuse_inference;
use crate::rows::{Asked, Columns, Role, Year};
use crate::sample::Sample;
use crate::stream::year_cell;

/// What a title calls the rows.
const UNITS: &str = "rows";

/// Vintages are unknown to rows.
fn keys(year: &str) -> [Cell; 2] {
    [year_cell(year), Cell::Missing]
}

fn failed(analysis: &'static str, name: &str, year: &str, error: &Error) -> AnalysisError {
    refuse(analysis, format!("{name} in {year}: {error}"))
}

fn found(tables: Vec<Table>, notes: impl IntoIterator<Item = Note>) -> Findings {
    Findings {
        tables,
        figures: Vec::new(),
        notes: notes.into_iter().collect(),
    }
}

/// The labels of one partition in a year, in their order.
fn labels(cells: &Cells, partition: usize) -> Vec<&str> {
    let all: BTreeSet<&str> = cells.keys().map(|labels| labels[partition].as_str()).collect();
    all.into_iter().collect()
}

/// The cells of a year by two partitions.
struct Crossed<'a> {
    groups: Vec<RunningGroup>,
    /// Of each cell, the positions of its labels.
    places: Vec<(usize, usize)>,
    names: [Vec<&'a str>; 2],
}

fn crossed(cells: &Cells) -> Crossed<'_> {
    let names = [labels(cells, 0), labels(cells, 1)];
    let place = |partition: usize, label: &String| {
        let found = names[partition].binary_search(&label.as_str());
        found.unwrap_or_default()
    };
    // A cell whose rows have no weight is none, as in a table with keys.
    let (groups, places) = cells
        .iter()
        .filter_map(|(l, known)| {
            let group = known.entropy().filter(|group| group.n() > 0)?;
            Some((group.clone(), (place(0, &l[0]), place(1, &l[1]))))
        })
        .unzip();
    Crossed {
        groups,
        places,
        names,
    }
}

/// The stream of `decompose`: sums by group, or columns where an index compares every value with the others.
pub(crate) fn groups(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    refuse_inference(GROUPS.id, params)?;
    let form = Form::read(GROUPS.id, params)?;
    let sample = Sample::new(GROUPS.id, params)?;
    let group = params.text("group").unwrap_or_default().to_owned();
    let title = format!("{} of {}, by {group}", form.name(), sample.value());
    if matches!(form, Form::Dagum | Form::Residual | Form::Yitzhaki) {
        return Ok(Box::new(gini(form, &sample, group, title)));
    }
    let partition = group.clone();
    let show = move |years: &Years| {
        let mut table = groups_shown::empty(title.clone());
        let mut most = 0;
        for (year, cells) in years {
            let names = labels(cells, 0);
            most = most.max(names.len());
            let split = split(form, cells).map_err(|e| failed(GROUPS.id, &form.name(), year, &e))?;
            let name = |g: usize| names.get(g).map(|name| (*name).to_owned());
            table
                .rows
                .extend(groups_shown::rows(&split, form, &keys(year), name));
        }
        Ok(found(vec![table], one_group(UNITS, most, &partition)))
    };
    let partitions = [(C::Group, group.as_str())];
    Stream::new((GROUPS.id, form), &sample, &partitions, Box::new(show)).map(boxed)
}

fn boxed(stream: Stream) -> Box<dyn Additive> {
    Box::new(stream)
}

/// The split of a year by one partition.
fn split(form: Form, cells: &Cells) -> Result<Parts, Error> {
    let Form::Atkinson(_, order) = form else {
        let groups: Vec<RunningGroup> = cells.values().filter_map(|c| c.entropy().cloned()).collect();
        return decompose_ge_groups(&groups).map(Parts::entropy);
    };
    let groups: Vec<_> = cells.values().filter_map(|c| c.atkinson().cloned()).collect();
    let n: Vec<usize> = cells.values().map(super::known::Known::n).collect();
    Parts::atkinson(decompose_atkinson_groups(&groups)?, order, &n)
}

/// The columns of a split of the Gini coefficient.
fn gini(form: Form, sample: &Sample, group: String, title: String) -> Columns {
    let weighted = sample.weighted();
    let roles = [Role::Value, Role::Weight];
    let asked = Asked {
        analysis: GROUPS.id,
        name: form.name(),
        partitions: vec![group.clone()],
        numbers: sample
            .terms()
            .into_iter()
            .map(Need::Indicator)
            .zip(roles)
            .collect(),
        last_only: sample.last_only(),
        classed_by: None,
        draws: false,
    };
    let show = move |years: Vec<(String, Year)>| {
        let mut tables = vec![groups_shown::empty(title.clone())];
        if form == Form::Dagum {
            let title = title.replacen(" of ", " between pairs of groups, of ", 1);
            tables.push(groups_shown::empty_pairs(title));
        }
        let mut most = 0;
        for (year, rows) in years {
            let Year::Whole(mut rows) = rows else { continue };
            let (labels, names) = rows.take_labels(0);
            most = most.max(names.len());
            let (x, w) = (rows.take(0), weighted.then(|| rows.take(1)));
            let split = form
                .of(&x, w.as_deref(), &labels, names.len())
                .map_err(|e| failed(GROUPS.id, &form.name(), &year, &e))?;
            let name = |g: usize| names.get(g).cloned();
            tables[0]
                .rows
                .extend(groups_shown::rows(&split, form, &keys(&year), name));
            if let Some(pairs) = tables.get_mut(1) {
                let name = |g: usize| name(g).map_or(Cell::Missing, Cell::from);
                pairs
                    .rows
                    .extend(groups_shown::pair_rows(&split, &keys(&year), name));
            }
        }
        Ok(found(tables, one_group(UNITS, most, &group)))
    };
    Columns::new(asked, Box::new(show))
}

/// The stream of `decompose-nested`.
pub(crate) fn nested(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let id = nested::ENTRY.id;
    let (form, sample) = (Form::read(id, params)?, Sample::new(id, params)?);
    let pair = Pair::new(
        id,
        params,
        "nested",
        ": nothing would lie between the two levels; take `decompose`",
    )?;
    let (outer, inner) = (pair.first.clone(), pair.second.clone());
    let title = format!("{} of {}, by {outer} and {inner}", form.name(), sample.value());
    let show = move |years: &Years| {
        let mut table = nested::empty(title.clone());
        let (mut most, mut notes) = (0, Vec::new());
        for (year, cells) in years {
            let Crossed {
                groups,
                places,
                names,
            } = crossed(cells);
            let [names, inside] = names;
            most = most.max(names.len());
            let of = decompose_nested_groups(&groups, &places, names.len())
                .map_err(|e| failed(id, &form.name(), year, &e))?;
            if notes.is_empty() {
                notes.extend(nested::nothing_nested(&of, &inner));
            }
            let n = groups.iter().map(RunningGroup::n).sum();
            let name = |level: Level, at: usize| match level {
                Level::Group => names.get(at).map(|name| (*name).to_owned()),
                Level::Nested => inside.get(at).map(|name| (*name).to_owned()),
            };
            table.rows.extend(nested::rows((form, n, &of), &keys(year), name));
        }
        notes.extend(one_group(UNITS, most, &outer));
        Ok(found(vec![table], notes))
    };
    let partitions = [(C::Group, pair.first.as_str()), (C::Nested, pair.second.as_str())];
    Stream::new((id, form), &sample, &partitions, Box::new(show)).map(boxed)
}

/// The stream of `decompose-two-way`.
pub(crate) fn two_way(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let id = two_way::ENTRY.id;
    let (form, sample) = (Form::read(id, params)?, Sample::new(id, params)?);
    let pair = Pair::new(
        id,
        params,
        "crossed",
        "; name a second partition, or take `decompose`",
    )?;
    let (first, second) = (pair.first.clone(), pair.second.clone());
    let title = format!(
        "{} of {}, by {first} and by {second}",
        form.name(),
        sample.value()
    );
    let show = move |years: &Years| {
        let mut table = two_way::empty(&title);
        let mut most = [0, 0];
        for (year, cells) in years {
            let Crossed {
                groups,
                places,
                names,
            } = crossed(cells);
            let numbers = [names[0].len(), names[1].len()];
            most = [most[0].max(numbers[0]), most[1].max(numbers[1])];
            let of = decompose_two_way_groups(&groups, &places, numbers[0], numbers[1])
                .map_err(|e| failed(id, &form.name(), year, &e))?;
            let n = groups.iter().map(RunningGroup::n).sum();
            table.rows.extend(two_way::rows((form, n, &of), &keys(year)));
        }
        let notes = [
            one_group(UNITS, most[0], &first),
            one_group(UNITS, most[1], &second),
        ];
        Ok(found(vec![table], notes.into_iter().flatten()))
    };
    let partitions = [
        (C::Group, pair.first.as_str()),
        (C::OtherGroup, pair.second.as_str()),
    ];
    Stream::new((id, form), &sample, &partitions, Box::new(show)).map(boxed)
}

/// The stream of `decompose-change`.
pub(crate) fn change(params: &Params) -> Result<Box<dyn Additive>, ParamError> {
    let id = change::ENTRY.id;
    let sample = Sample::new(id, params)?;
    let group = params.text("group").unwrap_or_default().to_owned();
    let approximate = params.text("variant") == Some("approximation");
    let year = |name: &str| params.integer(name).map(|year| year.to_string());
    let (from, to) = (year("from"), year("to"));
    let title = format!("Change of {} of {}, by {group}", Form::Mld.name(), sample.value());
    let partition = group.clone();
    let show = move |years: &Years| {
        let ends = ends(years, [from.as_deref(), to.as_deref()])?;
        let all: BTreeSet<&str> = ends.iter().flat_map(|(_, cells)| labels(cells, 0)).collect();
        let names: Vec<&str> = all.into_iter().collect();
        let mut groups: Vec<Vec<RunningGroup>> = Vec::new();
        for (year, cells) in ends {
            let of = |name: &&str| {
                let known = cells
                    .get(&vec![(*name).to_owned()])
                    .and_then(|known| known.entropy());
                known.filter(|group| group.n() > 0).cloned().ok_or_else(|| {
                    refuse(
                        id,
                        format!(
                            "the group `{name}` has no row with a weight above zero in {year}, so nothing can be said of its change; \
                             leave it out with --where"
                        ),
                    )
                })
            };
            groups.push(names.iter().map(of).collect::<Result<_, _>>()?);
        }
        let [first, last] = [0, 1].map(|y| groups[y].as_slice());
        let of = mld_change_groups(first, last).map_err(|e| failed(id, &Form::Mld.name(), ends[1].0, &e))?;
        let n = [first, last].map(|groups| groups.iter().map(RunningGroup::n).collect::<Vec<_>>());
        let keys = [year_cell(ends[0].0), year_cell(ends[1].0), Cell::Missing];
        let mut table = change::empty(&format!("{title}, {} to {}", ends[0].0, ends[1].0));
        table.rows = change::rows((&of, approximate), &keys, [&n[0], &n[1]], |g| names[g].to_owned());
        let notes = [one_group(UNITS, names.len(), &partition), change::no_change(&of)];
        Ok(found(vec![table], notes.into_iter().flatten()))
    };
    let partitions = [(C::Group, group.as_str())];
    Stream::new((id, Form::Mld), &sample, &partitions, Box::new(show)).map(boxed)
}

/// The first and the last year, or those that are named.
fn ends<'a>(years: &'a Years, wanted: [Option<&str>; 2]) -> Result<[(&'a str, &'a Cells); 2], AnalysisError> {
    let id = change::ENTRY.id;
    let of = |end: usize| {
        let found = match wanted[end] {
            Some(year) => years.get_key_value(year),
            None if end == 0 => years.first_key_value(),
            None => years.last_key_value(),
        };
        let found = found.map(|(year, cells)| (year.as_str(), cells));
        found.ok_or_else(|| {
            let year = wanted[end].unwrap_or_default();
            refuse(id, format!("there are no rows of {year}"))
        })
    };
    let ends = [of(0)?, of(1)?];
    match ends[0].0 < ends[1].0 {
        true => Ok(ends),
        false if years.len() == 1 => Err(refuse(
            id,
            "a change needs rows of two years; name the column of years with --time".to_owned(),
        )),
        false => Err(refuse(
            id,
            format!(
                "the first year ({}) must lie before the last ({})",
                ends[0].0, ends[1].0
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::Known;
    use super::super::split::Order;
    use super::*;

    #[test]
    fn a_form_is_either_of_sums_or_of_columns() {
        for order in [Order::Equivalents, Order::Means, Order::DasParikh] {
            assert!(Known::new(Form::Atkinson(0.5, order)).is_ok());
        }
        for form in [Form::Dagum, Form::Residual, Form::Yitzhaki] {
            assert!(Known::new(form).is_err());
        }
    }
}

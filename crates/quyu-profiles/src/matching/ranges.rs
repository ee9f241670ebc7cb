//! Where the targets lie in the range of the candidates: beyond it a distance cannot say how like they are, only who is the least unlike.

use std::cmp::Ordering;

use quyu_core::ColumnName as C;
use quyu_core::number::styled;
use quyu_core::{Column, Head, Shown, Style, Table, View, ViewRow};

use super::choices::SHOWN_TARGETS;
use super::output::Output;

/// Marks and words for a target above all candidates, and below all of them.
const BEYOND: [(&str, &str); 2] = [(" ↑", "above all candidates"), (" ↓", "below all candidates")];

impl Output<'_> {
    /// The figures that are compared: those of the targets beside the lowest and the highest of the candidates.
    pub(super) fn ranges(&self) -> Table {
        let loaded = self.loaded;
        let cols = loaded.labels.len();
        let candidates = loaded.rows(|role| role.candidate && !role.pooled);
        let mut table = Table::new(
            "ranges",
            format!("What is compared, {}", self.study.period.to),
            [
                C::Region,
                C::Statistic,
                C::Name,
                C::Value,
                C::ConfLow,
                C::ConfHigh,
                C::N,
                C::Note,
            ]
            .map(Column::key)
            .to_vec(),
        );
        let mut rows = Vec::new();
        for (j, term) in loaded.terms.iter().enumerate() {
            let of = |r: usize| loaded.raw[r * cols + j];
            let low = candidates.iter().map(|&r| of(r)).fold(f64::INFINITY, f64::min);
            let high = candidates
                .iter()
                .map(|&r| of(r))
                .fold(f64::NEG_INFINITY, f64::max);
            let style = self.style(j, high);
            let mut cells = vec![Shown::Text(format!("{} ({})", loaded.labels[j], self.unit(j)))];
            for ranked in self.found {
                let value = of(ranked.target);
                let beyond = [
                    value.partial_cmp(&high) == Some(Ordering::Greater),
                    value.partial_cmp(&low) == Some(Ordering::Less),
                ];
                let (mark, words) = beyond.iter().position(|b| *b).map_or(("", ""), |at| BEYOND[at]);
                table.push(vec![
                    self.code(ranked.target).into(),
                    term.clone().into(),
                    loaded.labels[j].clone().into(),
                    value.into(),
                    low.into(),
                    high.into(),
                    candidates.len().into(),
                    words.to_owned().into(),
                ]);
                cells.push(Shown::Text(styled(value, style) + mark));
            }
            cells.extend([Shown::Number(low, style), Shown::Number(high, style)]);
            rows.push(ViewRow { cells, strong: false });
        }
        if self.found.len() > SHOWN_TARGETS || candidates.is_empty() {
            return table;
        }
        let mut head = vec![Head::text("Indicator (unit)")];
        head.extend(self.found.iter().map(|r| Head::number(self.name(r.target))));
        head.extend(["Lowest candidate", "Highest candidate"].map(Head::number));
        table.with_view(View {
            head,
            rows,
            source: loaded.source.clone(),
        })
    }

    /// Who of another data set is not compared.
    pub(super) fn left_out(&self) -> Option<Table> {
        let left = &self.loaded.left;
        let mut table = Table::new(
            "left-out",
            "Regions that are not compared",
            [C::Region, C::Name, C::Note].map(Column::key).to_vec(),
        );
        for (regions, why) in [
            (&left.incomplete, "lacks a figure"),
            (&left.uncovered, "classes short of the total"),
        ] {
            for region in regions {
                let name = self.study.atlas.regions.label(region);
                table.push(vec![
                    region.to_string().into(),
                    name.into(),
                    why.to_owned().into(),
                ]);
            }
        }
        (!table.rows.is_empty()).then_some(table)
    }

    fn unit(&self, column: usize) -> String {
        match self.loaded.units.get(column) {
            Some(unit) => unit.clone(),
            None => "% of the groups taken".to_owned(),
        }
    }

    fn style(&self, column: usize, highest: f64) -> Style {
        match (column < self.loaded.features, highest < 100.0) {
            (false, _) => Style::Percent(1),
            (true, true) => Style::Fixed(2),
            (true, false) => Style::Fixed(0),
        }
    }
}

//! The figures of structural change: share against growth, shares over time, regions by speed.

use quyu_core::AnalysisError;
use quyu_core::Style;
use quyu_core::figure::{Axis, Bar, Chart, Figure, Mark, Point, Role, Stack};
use quyu_core::number::styled;

use super::{ENTRY, Worked};

impl Worked<'_> {
    pub(super) fn figures(&self) -> Result<Vec<Figure>, AnalysisError> {
        let mut figures = vec![self.share_against_growth()?];
        figures.push(self.shares());
        if self.regions.len() > 1 {
            figures.push(self.speed());
        }
        Ok(figures)
    }

    /// One point a sector: large or small at the start, fast or slow since.
    fn share_against_growth(&self) -> Result<Figure, AnalysisError> {
        let frame = self.frame;
        let sectors = self.sectors()?;
        let mut points = Vec::new();
        for (s, (_, label, group)) in sectors.iter().enumerate() {
            // A sector that started from nothing has no rate.
            let Some(growth) = group.growth else { continue };
            points.push(Point {
                label: label.clone(),
                x: 100.0 * group.base_share,
                y: 100.0 * growth,
                group: if self.grouped { self.labels.0[s] } else { 0 },
                role: Role::Other,
            });
        }
        let best = sectors
            .iter()
            .max_by(|a, b| a.2.contribution.total_cmp(&b.2.contribution));
        let said = best.map_or_else(String::new, |(_, label, group)| {
            format!(
                " {label} contributed most to growth ({} % points).",
                styled(group.contribution, Style::SignedPercent(1))
            )
        });
        Ok(Figure {
            id: ENTRY.id.to_owned(),
            title: format!(
                "{}: share of sectors against their growth, {}",
                frame.study.focus.name_en,
                frame.span()
            ),
            alt: format!(
                "Scatter of the share of each of {} sectors in {} against its growth to {}.{said}",
                points.len(),
                frame.from(),
                frame.to()
            ),
            source: frame.source.clone(),
            chart: Chart::Scatter {
                x: Axis::new(format!("Share {}", frame.from()), "%"),
                y: Axis::new(format!("Growth {}", frame.span()), "%"),
                groups: if self.grouped {
                    self.labels.1.clone()
                } else {
                    Vec::new()
                },
                points,
                over: quyu_core::figure::Over::default(),
            },
        })
    }

    /// Shares of groups (or sectors) in every year.
    fn shares(&self) -> Figure {
        let frame = self.frame;
        let (labels, names) = &self.labels;
        let of = |values: &Vec<f64>, group: usize| {
            let total = quyu_math::sum(values);
            let sum = quyu_math::sum_by(values.len(), |s| if labels[s] == group { values[s] } else { 0.0 });
            100.0 * sum / total
        };
        let bars: Vec<Stack> = frame
            .years
            .iter()
            .zip(&self.focus)
            .map(|(year, values)| Stack {
                label: year.to_string(),
                parts: (0..names.len()).map(|g| of(values, g)).collect(),
                role: Role::Other,
            })
            .collect();
        let (first, last) = (&bars[0], &bars[bars.len() - 1]);
        let change = |g: &usize| last.parts[*g] - first.parts[*g];
        let most = (0..names.len()).max_by(|a, b| change(a).total_cmp(&change(b)));
        let said = most.map_or_else(String::new, |g| {
            format!(
                " {} gained most ({} to {} %).",
                names[g],
                styled(first.parts[g], Style::Fixed(1)),
                styled(last.parts[g], Style::Fixed(1))
            )
        });
        Figure {
            id: "shares".to_owned(),
            title: format!("{}: structure of {}", frame.study.focus.name_en, self.label),
            alt: format!(
                "Stacked shares of {} in {} years from {} to {}.{said}",
                names.join(", "),
                bars.len(),
                frame.from(),
                frame.to()
            ),
            source: frame.source.clone(),
            chart: Chart::Stacked {
                axis: Axis::new("Share", "%"),
                parts: names.clone(),
                bars,
            },
        }
    }

    /// Norm of absolute values of every region.
    fn speed(&self) -> Figure {
        let frame = self.frame;
        let focus = &frame.study.focus;
        let mut bars: Vec<Bar> = self
            .regions
            .iter()
            .enumerate()
            .map(|(r, indices)| Bar {
                label: frame.region(r),
                value: 100.0 * indices.nav,
                role: if focus.contains(&frame.regions[r]) && focus.members().len() < frame.regions.len() {
                    Role::Focus
                } else {
                    Role::Other
                },
            })
            .collect();
        bars.sort_by(|a, b| b.value.total_cmp(&a.value));
        let said = |bar: &Bar| format!("{} ({} %)", bar.label, styled(bar.value, Style::Fixed(1)));
        let alt = format!(
            "Bars of the norm of absolute values from {} to {}: {} changed most, {} least.",
            frame.from(),
            frame.to(),
            said(&bars[0]),
            said(&bars[bars.len() - 1])
        );
        Figure {
            id: "regions".to_owned(),
            title: format!(
                "Share of the whole that changed its sector, by region, {}",
                frame.span()
            ),
            alt,
            source: frame.source.clone(),
            chart: Chart::Bars {
                axis: Axis::new("Norm of absolute values", "%"),
                bars,
                reference: Some(Mark {
                    label: frame.study.reference.name_en.clone(),
                    value: 100.0 * self.whole[1].nav,
                }),
            },
        }
    }
}

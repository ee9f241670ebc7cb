//! `spatial-gini`: the Gini coefficient in pairs of neighbours and in the other pairs.

use quyu_core::ColumnName as C;
use quyu_core::figure::{Axis, Figure};
use quyu_core::number::styled;
use quyu_core::{
    Analysis, AnalysisError, Cell, Column, Entry, Findings, Head, Need, Note, NoteKind, Param, ParamError,
    ParamKind, Params, Progress, RegionCode, Shown, Study, Style, Table, View, ViewRow, Year,
};
use quyu_econometrics::Error;
use quyu_econometrics::disparity::{SpatialGini, spatial_gini};
use quyu_econometrics::inference::{
    Alternative, PermutationOptions, PermutationTest, permutation_test_of_values,
};

use super::chance::{alternative, permutations};
use super::common::{Place, bar, parts_chart, share, year_cell};
use crate::sample::{self, BY, Line, Sample, VALUE, VINTAGE};

/// The declaration of `spatial-gini`.
pub(crate) const ENTRY: Entry = Entry {
    id: "spatial-gini",
    summary: "The Gini coefficient in pairs of neighbours and in pairs that are none, with a permutation test",
    manual: MANUAL,
    params: &[
        VALUE,
        Param::with_default(
            "neighbours",
            ParamKind::Choice(&["contiguity"]),
            "contiguity",
            "the relation that makes two regions neighbours",
        ),
        Param::with_default(
            "permutations",
            ParamKind::Integer {
                min: 0,
                max: 10_000_000,
            },
            "9999",
            "number of random permutations; 0 leaves the test out",
        ),
        Param::with_default(
            "alternative",
            ParamKind::Choice(&["two-sided", "greater", "less"]),
            "two-sided",
            "which permutations count as extreme",
        ),
        BY,
        VINTAGE,
    ],
    example: "value = \"gdp_pc\"\npermutations = 99\n",
    build: |p| Ok(Box::new(Spatial::new(p)?)),
    additive: None,
};

const MANUAL: &str = "\
**Question.** Does inequality lie between regions that are far from each other, or also between neighbours?

**Definition.** G = sum over ordered pairs |x_i - x_j| / (2 n^2 m), every region counting once. *neighbours* is the part in pairs that share a
border, *others* that in all other pairs; they add up to G. Where values form a smooth surface neighbours differ little, and the part of the others
is larger than if the same values were spread over the map by chance. The test permutes the values over the regions: `expected` is the mean part over the
permutations, `z` the distance from it in their standard deviations, and p = (1 + count) / (1 + R), two-sided = min(1, 2 min(greater, less));
where there are few regions all permutations are enumerated and p = count / number. The seed is that of the study.

**Neighbours.** `contiguity`: the borders of the data packages that count by default. A region without neighbours stays in G, all its pairs are
others, and a note names it.

**Limits.** The part of the neighbours is small wherever few pairs are neighbours: compare it with `expected`, not with zero. PySAL's `Gini_Spatial` prints the part of the
others in units of G under the name of a share.

**References.** Rey and Smith 2013, Letters in Spatial and Resource Sciences 6:55-70; North, Curtis and Sham 2002, American Journal of Human Genetics 71:439-441.
";

#[derive(Debug)]
struct Spatial {
    sample: Sample,
    permutations: usize,
    alternative: Alternative,
}

struct Split {
    line: String,
    year: Year,
    n: usize,
    of: SpatialGini,
    test: Option<PermutationTest>,
}

impl Spatial {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            sample: Sample::new(ENTRY.id, params)?,
            permutations: permutations(params),
            alternative: alternative(params),
        })
    }

    fn splits(
        &self,
        study: &Study,
        line: &Line,
        edges: &[(usize, usize)],
    ) -> Result<Vec<Split>, AnalysisError> {
        let options = PermutationOptions {
            permutations: self.permutations,
            seed: study.seed,
            alternative: self.alternative,
            ..PermutationOptions::default()
        };
        let others = |x: &[f64]| spatial_gini(x, edges).map(|split| split.others);
        let mut out = Vec::new();
        for (y, year) in line.block.years.iter().enumerate() {
            let place = Place {
                analysis: ENTRY.id,
                statistic: "Gini coefficient",
                study,
                regions: &line.block.regions,
                year: *year,
            };
            let refuse = |e: Error| place.refuse(e, "leave the region out of the focus");
            let x = line.x(y);
            let of = spatial_gini(x, edges).map_err(refuse)?;
            let test = match self.permutations {
                0 => None,
                _ => Some(permutation_test_of_values(x, others, &options).map_err(refuse)?),
            };
            out.push(Split {
                line: line.label.clone(),
                year: *year,
                n: x.len(),
                of,
                test,
            });
        }
        Ok(out)
    }

    fn table(&self, title: &str, splits: &[Split], view: View) -> Table {
        let mut table = Table::new(
            ENTRY.id,
            title,
            vec![
                Column::key(C::Year),
                Column::key(C::Vintage),
                Column::key(C::Component),
                Column::of(C::Contribution, "1"),
                Column::of(C::Share, "1"),
                Column::of(C::Expected, "1"),
                Column::of(C::Z, "1"),
                Column::of(C::PValue, "1"),
                Column::key(C::N),
            ],
        );
        for s in splits {
            let mut push = |component: &str, x: f64, test: Option<&PermutationTest>| {
                table.push(vec![
                    Cell::Integer(i64::from(s.year.get())),
                    s.line.clone().into(),
                    component.into(),
                    x.into(),
                    share(x, s.of.total).into(),
                    test.map(|t| t.mean).into(),
                    test.and_then(|t| t.z).into(),
                    test.map(|t| t.p_value).into(),
                    s.n.into(),
                ]);
            };
            push("total", s.of.total, None);
            push("neighbours", s.of.neighbours, None);
            push("others", s.of.others, s.test.as_ref());
        }
        table.with_view(view)
    }

    fn view(&self, splits: &[Split], several: bool, source: String) -> View {
        let row = |s: &Split| {
            let percent = |x: Option<f64>| Shown::maybe(x, Style::Percent(1));
            let mut cells = vec![
                Shown::Text(year_cell(s.year, &s.line, several)),
                Shown::Number(s.of.total, Style::Fixed(4)),
                percent(share(s.of.neighbours, s.of.total)),
                percent(share(s.of.others, s.of.total)),
            ];
            if let Some(test) = &s.test {
                cells.push(percent(share(test.mean, s.of.total)));
                cells.push(Shown::Number(test.p_value, Style::P));
            }
            ViewRow { cells, strong: false }
        };
        let mut head = vec![
            Head::text("Year"),
            Head::number("Gini coefficient"),
            Head::number("Neighbours (%)"),
            Head::number("Others (%)"),
        ];
        if self.permutations > 0 {
            head.push(Head::number("Others, expected (%)"));
            head.push(Head::number("p"));
        }
        View {
            head,
            rows: splits.iter().map(row).collect(),
            source,
        }
    }

    /// Names what has no neighbour.
    fn islands(&self, study: &Study, regions: &[RegionCode], edges: &[(usize, usize)]) -> Option<Note> {
        let alone = |r: &usize| !edges.iter().any(|(a, b)| a == r || b == r);
        let alone: Vec<RegionCode> = (0..regions.len())
            .filter(alone)
            .map(|r| regions[r].clone())
            .collect();
        if alone.is_empty() {
            return None;
        }
        let names: Vec<String> = alone.iter().map(|r| study.atlas.regions.label(r)).collect();
        Some(Note {
            kind: NoteKind::Method,
            text: format!(
                "Without a neighbour, so that all pairs are others: {}.",
                names.join(", ")
            ),
            regions: alone,
        })
    }

    fn figure(&self, title: String, splits: &[Split], several: bool, source: String) -> Figure {
        let mut alt = format!("Stacked bars of the {title}.");
        if let Some(last) = splits.last() {
            alt.push_str(&format!(
                " {}: {}, of which {} % lies between neighbours.",
                last.year,
                styled(last.of.total, Style::Fixed(4)),
                styled(
                    share(last.of.neighbours, last.of.total).unwrap_or(0.0),
                    Style::Percent(1)
                )
            ));
        }
        let bars = splits
            .iter()
            .map(|s| bar(s.year, &s.line, several, vec![s.of.neighbours, s.of.others]));
        Figure {
            id: ENTRY.id.to_owned(),
            title,
            alt,
            source,
            chart: parts_chart(
                Axis::new("Gini coefficient", ""),
                vec!["neighbours".to_owned(), "other pairs".to_owned()],
                bars.collect(),
            ),
        }
    }
}

impl Analysis for Spatial {
    fn needs(&self) -> Vec<Need> {
        let mut needs = self.sample.needs();
        needs.push(Need::Neighbours);
        needs
    }

    fn run(&self, study: &Study, progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let lines = self.sample.lines(study)?;
        let mut notes = sample::notes(&lines);
        let mut splits = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            let regions = &line.block.regions;
            let edges = study.atlas.relations.edges(regions);
            if edges.is_empty() {
                return Err(AnalysisError::Study {
                    analysis: ENTRY.id,
                    reason: format!(
                        "no two regions of {} share a border in the packages of this study",
                        study.focus.name_en
                    ),
                });
            }
            if let Some(note) = self.islands(study, regions, &edges)
                && !notes.contains(&note)
            {
                notes.push(note);
            }
            splits.extend(self.splits(study, line, &edges)?);
            progress.step(i + 1, lines.len());
        }
        let title = format!(
            "Gini coefficient of {}, {}, by neighbours",
            study.atlas.codebook.label(self.sample.value()),
            study.focus.name_en
        );
        let several = lines.len() > 1;
        let source = sample::source(&lines);
        let view = self.view(&splits, several, source.clone());
        Ok(Findings {
            tables: vec![self.table(&title, &splits, view)],
            figures: vec![self.figure(title, &splits, several, source)],
            notes,
        })
    }
}

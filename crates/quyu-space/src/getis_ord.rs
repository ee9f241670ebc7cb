//! `getis-ord`: whether high values lie with high ones, and where the hot and cold spots are.

use quyu_core::ColumnName as C;
use quyu_core::figure::Fill;
use quyu_core::{
    Analysis, AnalysisError, Column, Entry, Findings, Head, Need, ParamError, Params, Progress, Shown, Study,
    Style, Table, View, ViewRow,
};
use quyu_econometrics::space::{
    Islands, LocalG, LocalTest, general_g, general_g_test, local_g, local_g_test,
};

use crate::global::{Line, Moments, TEST_OF_ORDERS, Test, table};
use crate::map::{
    ALTERNATIVE, BINARY, COUNT, DISTANCE, Map, NEIGHBOURS, PERMUTATIONS, Question, SEED, VALUE,
};

/// The declaration of `getis-ord`.
pub(crate) const ENTRY: Entry = Entry {
    id: "getis-ord",
    summary: "Getis-Ord G: whether high values lie with high ones, and hot and cold spots",
    manual: MANUAL,
    params: &[
        VALUE,
        NEIGHBOURS,
        COUNT,
        DISTANCE,
        BINARY,
        TEST_OF_ORDERS,
        PERMUTATIONS,
        ALTERNATIVE,
        SEED,
    ],
    example: "value = \"gdp_pc\"\n",
    build,
    additive: None,
};

const MANUAL: &str = "\
**Question.** Do high values gather on the map, and where are the hot and cold spots?

**Definition.** General G = Σ w_ij x_i x_j / Σ x_i x_j over all pairs of different regions; expected without pattern: S0 / (n (n - 1)). Table
`spots`, for each region: Gi, the weighted sum of its neighbours against what any other regions would give, and Gi*, the same with the region
among its neighbours (with weight 1), both as standardised values; p of Gi from random draws of the neighbours among the other regions. Regions,
weights and p as in `moran`, weights binary by default. Colours show |Gi*| at or above 1.96.

**Limits.** General G needs values that are not negative. One region in twenty is a hot or cold spot by chance at 5 %. A region without
neighbours has no Gi.

**References.** Getis & Ord 1992, Geographical Analysis 24:189-206; Ord & Getis 1995, Geographical Analysis 27:286-306.
";

fn build(params: &Params) -> Result<Box<dyn Analysis>, ParamError> {
    Ok(Box::new(Spots {
        question: Question::new(ENTRY.id, params)?,
        test: Test::of(params),
    }))
}

#[derive(Debug)]
struct Spots {
    question: Question,
    test: Test,
}

fn failed(e: quyu_econometrics::Error) -> AnalysisError {
    AnalysisError::statistic("Getis-Ord G", e)
}

impl Analysis for Spots {
    fn needs(&self) -> Vec<Need> {
        self.question.needs()
    }

    fn run(&self, study: &Study, _progress: &dyn Progress) -> Result<Findings, AnalysisError> {
        let map = self.question.map(study)?;
        let options = self.question.options(study);
        let found = general_g(&map.x, &map.weights, Islands::Drop).map_err(failed)?;
        let moments = Moments {
            randomisation: found.randomisation,
            normality: None,
        };
        let line = Line::new("General G", found.estimate, found.expected, found.n).tested(
            self.test,
            self.question.alternative,
            moments,
            || general_g_test(&map.x, &map.weights, &options).map_err(failed),
        )?;
        let title = self.question.title(study, "General G of");
        let own = local_g(&map.x, &map.weights, LocalG::Gi).map_err(failed)?;
        let star = local_g(&map.x, &map.weights, LocalG::GiStar(1.0)).map_err(failed)?;
        let tests = local_g_test(&map.x, &map.weights, LocalG::Gi, &options).map_err(failed)?;
        // Cold is blue in the palette of the figures, and hot orange.
        const COLD: Fill = Fill::Category(0);
        const HOT: Fill = Fill::Category(1);
        let spot = |z: &Option<f64>| match z {
            Some(z) if *z >= 1.96 => HOT,
            Some(z) if *z <= -1.96 => COLD,
            Some(_) => Fill::Rest,
            None => Fill::NoData,
        };
        let spots: Vec<Fill> = star.iter().map(spot).collect();
        let count = |kind: Fill| spots.iter().filter(|s| **s == kind).count();
        let figure = map.tiles(
            study,
            format!(
                "Hot and cold spots of {}, {}",
                self.question.label(study),
                study.period.to
            ),
            format!(
                "Tile-grid map of {} regions: hot {}, cold {}.",
                spots.iter().filter(|s| **s != Fill::NoData).count(),
                count(HOT),
                count(COLD)
            ),
            &["cold spot", "hot spot"],
            "neither",
            &spots,
        );
        Ok(Findings {
            tables: vec![
                table(study, ENTRY.id, title, self.test, &[line], &map.block.source, 3),
                self.spots(study, &map, &own, &star, &tests),
            ],
            figures: figure.into_iter().collect(),
            notes: map.notes,
        })
    }
}

impl Spots {
    fn spots(
        &self,
        study: &Study,
        map: &Map,
        own: &[Option<f64>],
        star: &[Option<f64>],
        tests: &[Option<LocalTest>],
    ) -> Table {
        let mut table = Table::new(
            "spots",
            format!(
                "Hot and cold spots of {}, {}",
                self.question.label(study),
                study.period.to
            ),
            [C::Region, C::Name, C::Statistic, C::Value, C::Z, C::PValue]
                .map(Column::key)
                .to_vec(),
        );
        let mut rows = Vec::new();
        for (i, region) in map.block.regions.iter().enumerate() {
            let p = tests[i].map(|test| test.p.p_value(self.question.alternative));
            let name = study.atlas.regions.label(region);
            for (statistic, z, p) in [("Gi", own[i], p), ("Gi*", star[i], None)] {
                table.push(vec![
                    region.to_string().into(),
                    name.clone().into(),
                    statistic.into(),
                    map.x[i].into(),
                    z.into(),
                    p.into(),
                ]);
            }
            rows.push(ViewRow {
                cells: vec![
                    Shown::Text(name),
                    Shown::maybe(own[i], Style::Signed(2)),
                    Shown::maybe(p, Style::P),
                    Shown::maybe(star[i], Style::Signed(2)),
                ],
                strong: false,
            });
        }
        table.with_view(View {
            head: vec![
                Head::text("Region"),
                Head::number("Gi (z)"),
                Head::number("p of Gi (permutation)"),
                Head::number("Gi* (z)"),
            ],
            rows,
            source: map.block.source.clone(),
        })
    }
}

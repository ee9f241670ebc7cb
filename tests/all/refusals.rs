//! What an analysis refuses, and in which words.

use std::collections::BTreeMap;
use std::sync::Arc;

use quyu_core::{Missing, ParamValue, Params, Study};

use crate::loader::{GDP, edited};
use crate::packages::{study, toy};

pub(crate) fn whole() -> Study {
    let all: Vec<String> = ('A'..='J').map(|c| format!("TOY:{c}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    study(&toy(), &all, &[], 2010, 2020)
}

pub(crate) fn of(members: &[&str]) -> Study {
    study(&toy(), members, &[], 2010, 2020)
}

/// Why an analysis with these parameters has no result in a study.
pub(crate) fn refusal(id: &str, params: &[(&str, &str)], study: &Study) -> String {
    let given: BTreeMap<String, ParamValue> = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), ParamValue::Text((*v).to_owned())))
        .collect();
    let entry = quyu_catalog::registry().unwrap().get(id).unwrap();
    let analysis = match Params::check(id, entry.params, &given).and_then(|p| (entry.build)(&p)) {
        Ok(analysis) => analysis,
        Err(error) => return error.to_string(),
    };
    let run = study
        .check(&analysis.needs())
        .map_err(Into::into)
        .and_then(|()| analysis.run(study, &()));
    run.map(|_| "it ran").expect_err("it must be refused").to_string()
}

const RATIOS: (&str, &str) = ("features", "rd_per_gdp, pat_grant_inv_pc, papers_sci_pc");
const PER_HEAD: (&str, &str) = ("value", "gdp_pc");

#[test]
fn disparity() {
    let all = whole();
    insta::assert_snapshot!(refusal("cv", &[PER_HEAD, ("variant", "williamson")], &all), @"`cv`: Williamson's index needs `weight`, the population");
    insta::assert_snapshot!(refusal("cv", &[PER_HEAD, ("variant", "williamson-unweighted")], &all), @"`cv`: Williamson's index needs `weight`, the population");
    insta::assert_snapshot!(refusal("lorenz", &[PER_HEAD, ("years", "2010, 2015")], &all), @"`lorenz`: there are no figures for 2015");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, ("group", "halfs")], &all), @"unknown partition `halfs`; did you mean `halves`?");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD], &all), @"`decompose` needs the parameter `group`: the partition of the regions into groups");
    insta::assert_snapshot!(refusal("gini", &[("value", "va4")], &all), @"va4 is split by class: write `indicator.class`, for example `va.industry`");
    insta::assert_snapshot!(refusal("gini", &[("value", "gdp_per_head")], &all), @"unknown indicator `gdp_per_head`; did you mean `gdp`?");
    insta::assert_snapshot!(refusal("gini", &[PER_HEAD, ("vintage", "gdp=4EC")], &all), @"unknown vintage or series `4EC`");
    insta::assert_snapshot!(refusal("gini", &[PER_HEAD, ("vintage", "toy")], &all), @"`toy` is not a well-formed choice of a vintage (`indicator=vintage`)");
    let years_without_figures = study(&toy(), &["TOY:A", "TOY:B"], &[], 2012, 2018);
    insta::assert_snapshot!(refusal("gini", &[PER_HEAD], &years_without_figures), @"`gini`: `gdp_pc` has no figures for Test between 2012 and 2018 in the vintages chosen");
}

/// The toy data with a figure of A in 2020 replaced.
fn with_gdp_pc_of_a(value: &str) -> Study {
    let atlas = edited(GDP, |text| {
        text.replace(
            "A,2020,gdp_pc,,toy,20000,",
            &format!("A,2020,gdp_pc,,toy,{value},"),
        )
    });
    study(
        &Arc::new(atlas.unwrap()),
        &["TOY:A", "TOY:B", "TOY:F"],
        &[],
        2010,
        2020,
    )
}

#[test]
fn decompositions() {
    let all = whole();
    let halves = ("group", "halves");
    let pop = ("weight", "pop");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("variant", "ge")], &all), @"`decompose`: `ge` needs `alpha`, the order (2 is half the squared coefficient of variation)");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("alpha", "2")], &all), @r#"`decompose`: `alpha` belongs to `variant = "ge"`, not to `theil-t`"#);
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("variant", "atkinson-means")], &all), @"`decompose`: `atkinson-means` needs `epsilon`, the aversion to inequality (0.5 and 1 are usual)");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("variant", "atkinson-das-parikh"), ("epsilon", "1")], &all), @"`decompose`: `atkinson-das-parikh` has no value for `epsilon` = 1; take `atkinson`");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("epsilon", "1")], &all), @r#"`decompose`: `epsilon` belongs to `variant = "atkinson"`, not to `theil-t`"#);
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("variant", "dagum")], &all), @"`decompose` takes for `variant` one of `theil-t`, `mld`, `ge`, `atkinson`, `atkinson-means`, `atkinson-das-parikh`, `gini-dagum`, `gini-residual` or `gini-yitzhaki`, not `dagum`; did you mean `gini-dagum`?");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, halves, ("variant", "gini-dagum"), ("test", "permutation")], &all), @"`decompose`: `test` is of the part between groups of `theil-t`, `mld` and `ge`, not of `gini-dagum`");
    let negative = with_gdp_pc_of_a("-5");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, pop, halves, ("variant", "gini-dagum")], &negative), @"`decompose`: Gini coefficient in 2020: the value of Altera (TOY:A) is negative (-5), where the index is not defined; leave the region out of the focus");
    let zero = with_gdp_pc_of_a("0");
    insta::assert_snapshot!(refusal("decompose", &[PER_HEAD, pop, halves, ("variant", "mld")], &zero), @"`decompose`: Theil L (mean log deviation) in 2020: the value of Altera (TOY:A) is zero, where the index is not defined; leave the region out of the focus, or take an index for which a zero counts (`theil-t`, `ge` with `alpha` above 0)");
    insta::assert_snapshot!(refusal("decompose-change", &[PER_HEAD, pop, halves], &zero), @"`decompose-change`: Theil L (mean log deviation) in 2020: the value of Altera (TOY:A) is zero, where the index is not defined; leave the region out of the focus: the mean log deviation is infinite there");
    insta::assert_snapshot!(refusal("decompose-regression", &[PER_HEAD, ("features", "rd_per_gdp"), ("by", "last")], &zero), @r#"`decompose-regression`: Regression in 2020: the value of Altera (TOY:A) is 0, which has no logarithm; leave the region out of the focus, or write `transform = "none"`"#);
    let nothing = edited(GDP, |text| {
        text.replace("A,2020,va4,farming,toy,40,", "A,2020,va4,farming,toy,0,")
    });
    let nothing = study(&Arc::new(nothing.unwrap()), &["TOY:A", "TOY:B"], &[], 2010, 2020);
    let shapley = [
        ("value", "va4"),
        pop,
        ("index", "mld"),
        ("variant", "absent-zero"),
    ];
    insta::assert_snapshot!(refusal("shapley", &shapley, &nothing), @r#"`shapley`: Theil L (mean log deviation) in 2020: the value of Altera (TOY:A) is zero, where the index is not defined; where some sources are absent a region has nothing left; take `variant = "absent-mean"` or another `index`"#);
    let nobody = edited("observations/population.csv", |text| {
        text.replace("A,2020,pop,,toy,80,", "A,2020,pop,,toy,0,")
    });
    let nobody = study(&Arc::new(nobody.unwrap()), &["TOY:A", "TOY:F"], &[], 2010, 2020);
    insta::assert_snapshot!(refusal("decompose-sources", &[("value", "va4"), pop], &nobody), @"`decompose-sources`: the weight of Altera (TOY:A) in 2020 is not positive, and the sources are divided by it; leave the region out of the focus");
    insta::assert_snapshot!(refusal("decompose-change", &[PER_HEAD, pop, halves], &nobody), @"`decompose-change`: the group `north` has no region with a weight above zero in 2020, so nothing can be said of its change; leave it out of the focus");
    insta::assert_snapshot!(refusal("decompose-nested", &[PER_HEAD, halves, ("nested", "halves")], &all), @"`decompose-nested`: `group` and `nested` are both `halves`: nothing would lie between the two levels; take `decompose`");
    insta::assert_snapshot!(refusal("decompose-nested", &[PER_HEAD, halves, ("nested", "zone")], &all), @"unknown partition `zone`; did you mean `zones`?");
    insta::assert_snapshot!(refusal("decompose-two-way", &[PER_HEAD, halves, ("crossed", "halves")], &all), @"`decompose-two-way`: `group` and `crossed` are both `halves`; name a second partition, or take `decompose`");
    insta::assert_snapshot!(refusal("decompose-sources", &[("value", "gdp")], &all), @"`decompose-sources`: `gdp` is one source; name an indicator that is split by class, or several indicators");
    insta::assert_snapshot!(refusal("decompose-sources", &[("value", "va4, va4.farming")], &all), @"`decompose-sources`: the source `va4.farming` is named twice");
    insta::assert_snapshot!(refusal("decompose-sources", &[("value", "gdp, gdp_pc")], &all), @"`decompose-sources`: of `gdp` and `gdp_pc` one adds up over regions and one is a ratio: they have no sum");
    insta::assert_snapshot!(refusal("decompose-sources", &[("value", "gdp, pop")], &all), @"`decompose-sources`: sources are added up, but `gdp` is in 100 million yuan and `pop` in 10,000 persons");
    insta::assert_snapshot!(refusal("shapley", &[("value", "va4"), ("index", "ge")], &all), @r#"`shapley`: `index = "ge"` needs `alpha`, the order"#);
    insta::assert_snapshot!(refusal("decompose-change", &[PER_HEAD, halves, ("from", "2020"), ("to", "2010")], &all), @"`decompose-change`: the first year (2020) must lie before the last (2010)");
    insta::assert_snapshot!(refusal("decompose-change", &[PER_HEAD, halves, ("from", "2015")], &all), @r#"gdp_pc is missing for TOY:A in 2015, TOY:B in 2015, TOY:C in 2015, TOY:D in 2015 and 6 more; choose other regions or years, or write `missing = "drop"`"#);
    insta::assert_snapshot!(refusal("decompose-regression", &[PER_HEAD, ("features", "rd_per_gdp, pat_grant_inv_pc, papers_sci_pc")], &of(&["TOY:A", "TOY:B", "TOY:C"])), @"`decompose-regression`: there are 3 regions, and the regression of 2010 needs at least 4; take fewer `features`");
    insta::assert_snapshot!(refusal("decompose-regression", &[PER_HEAD, ("features", "rd_per_gdp"), halves], &of(&["TOY:A", "TOY:B", "TOY:F", "TOY:G"])), @"`decompose-regression`: in 2010 one of the terms follows from the others (a feature that is equal everywhere, or constant inside the groups), so their shares are not determined; leave one out");
    insta::assert_snapshot!(refusal("decompose-regression", &[PER_HEAD, ("features", "gdp_pc")], &all), @"`decompose-regression`: `gdp_pc` cannot explain itself or stand twice among `features`");
    insta::assert_snapshot!(refusal("spatial-gini", &[PER_HEAD, ("neighbours", "contiguty")], &all), @"`spatial-gini` takes for `neighbours` one of `contiguity`, not `contiguty`; did you mean `contiguity`?");
    insta::assert_snapshot!(refusal("spatial-gini", &[PER_HEAD], &of(&["TOY:A", "TOY:J"])), @"`spatial-gini`: no two regions of Test share a border in the packages of this study");
}

#[test]
fn shift_share() {
    let all = whole();
    let va4 = ("value", "va4");
    insta::assert_snapshot!(refusal("shift-share", &[("value", "gdp")], &all), @"`shift-share`: `gdp` is not split by sector");
    insta::assert_snapshot!(refusal("shift-share", &[va4], &study(&toy(), &["TOY:A"], &[], 2020, 2010)), @"`shift-share`: the first year (2020) must lie before the last (2010)");
    insta::assert_snapshot!(refusal("shift-share", &[va4], &study(&toy(), &["TOY:A"], &[], 2020, 2020)), @"`shift-share`: the first year (2020) must lie before the last (2020)");
    let mut outside = of(&["TOY:J"]);
    outside.reference = of(&["TOY:A", "TOY:B"]).focus;
    insta::assert_snapshot!(refusal("shift-share", &[va4], &outside), @"`shift-share`: Jovia is not part of the reference Test");
    insta::assert_snapshot!(refusal("shift-share", &[va4, ("chain", "gdp")], &all), @"`shift-share`: `gdp` is not split by the same sectors as `va4`");
    for malformed in [
        "TOY:A 2010 farming",
        "TOY:A 2010 = gdp",
        "A 2010 farming = gdp",
        "TOY:A year farming = gdp",
        "TOY:A 2010 farming =",
    ] {
        let expected = format!("`shift-share`: `{malformed}` is not of the form `REGION YEAR class = term`");
        assert_eq!(
            refusal("shift-share", &[va4, ("substitute", malformed)], &all),
            expected
        );
    }
    insta::assert_snapshot!(refusal("shift-share", &[va4, ("substitute", "TOY:A 2010 farmin = gdp")], &all), @"`shift-share`: there is no sector `farmin` to substitute; did you mean `farming`?");
    insta::assert_snapshot!(refusal("shift-share", &[va4, ("substitute", "TOY:A 2010 farming = gpd")], &all), @"unknown indicator `gpd`; did you mean `gdp`?");
    insta::assert_snapshot!(refusal("shift-share", &[va4, ("chain", "va4"), ("substitute", "TOY:A 2010 farming = gdp")], &all), @"`shift-share`: `substitute` puts in figures at current prices and cannot stand beside `chain`");
}

#[test]
fn convergence() {
    let all = whole();
    let pair = of(&["TOY:D", "TOY:E"]);
    let one_year = study(&toy(), &["TOY:A", "TOY:B"], &[], 2020, 2020);
    insta::assert_snapshot!(refusal("sigma-convergence", &[PER_HEAD], &one_year), @"`sigma-convergence`: `gdp_pc` is observed in fewer than two years from 2020 to 2020");
    insta::assert_snapshot!(refusal("sigma-convergence", &[PER_HEAD], &pair), @"`sigma-convergence`: Test has 2 regions with figures, at least 4 are needed");
    insta::assert_snapshot!(refusal("sigma-convergence", &[PER_HEAD, ("variant", "theil")], &all), @"`sigma-convergence` takes for `variant` one of `sd-of-logs` or `cv`, not `theil`");
    insta::assert_snapshot!(refusal("beta-convergence", &[PER_HEAD], &one_year), @"`beta-convergence`: the first year (2020) must lie before the last (2020)");
    insta::assert_snapshot!(refusal("beta-convergence", &[PER_HEAD], &pair), @"`beta-convergence`: Test has 2 regions with figures, at least 3 are needed");
    insta::assert_snapshot!(refusal("beta-convergence", &[PER_HEAD, ("group", "halfs")], &all), @"unknown partition `halfs`; did you mean `halves`?");
    insta::assert_snapshot!(refusal("beta-convergence", &[PER_HEAD, ("covariance", "hc4")], &all), @"`beta-convergence` takes for `covariance` one of `classical`, `hc0`, `hc1`, `hc2` or `hc3`, not `hc4`; did you mean `hc0`, `hc1` or `hc2`?");
    insta::assert_snapshot!(refusal("gamma-convergence", &[PER_HEAD], &one_year), @"`gamma-convergence`: `gdp_pc` is observed in fewer than two years from 2020 to 2020");
    insta::assert_snapshot!(refusal("markov", &[PER_HEAD], &one_year), @"`markov`: `gdp_pc` is observed in fewer than two years from 2020 to 2020");
    insta::assert_snapshot!(refusal("markov", &[PER_HEAD, ("classes", "9")], &all), @"`markov` takes for `classes` a whole number from 2 to 6, not `9`");
}

#[test]
fn what_needs_more_than_the_rows_is_no_stream() {
    let entry = quyu_catalog::registry().unwrap().get("shift-share").unwrap();
    let refused = |name: &str, value: &str| {
        let text = |t: &str| ParamValue::Text(t.to_owned());
        let given = BTreeMap::from([("value".to_owned(), text("va4")), (name.to_owned(), text(value))]);
        let params = Params::check(entry.id, entry.params, &given).unwrap();
        entry.additive.unwrap()(&params)
            .err()
            .expect("it must be refused")
            .to_string()
    };
    insta::assert_snapshot!(refused("chain", "va4_index"), @"`shift-share`: `chain` needs yearly indices and cannot be a sum over rows");
    insta::assert_snapshot!(refused("substitute", "TOY:A 2010 farming = gdp"), @"`shift-share`: `substitute` needs another indicator, which a stream of rows does not hold");
}

#[test]
fn summary() {
    let all = whole();
    insta::assert_snapshot!(refusal("composition", &[("value", "gdp")], &all), @"`composition`: `gdp` is not split by class, so it has no composition");
    insta::assert_snapshot!(refusal("composition", &[("value", "va4.farming")], &all), @"`composition`: `va4.farming` is not split by class, so it has no composition");
    insta::assert_snapshot!(refusal("key-figures", &[("features", "gdp, gpd")], &all), @"unknown indicator `gpd`; did you mean `gdp`?");
    insta::assert_snapshot!(refusal("key-figures", &[("features", "gdp"), ("from", "2020")], &all), @"`key-figures`: the first year of the change (2020) must lie before 2020");
    insta::assert_snapshot!(refusal("key-figures", &[("features", "gdp"), ("from", "2012")], &all), @r#"gdp is missing for TOY:A in 2012, TOY:B in 2012, TOY:C in 2012, TOY:D in 2012 and 6 more; choose other regions or years, or write `missing = "drop"`"#);
    insta::assert_snapshot!(refusal("ranking", &[("value", "va4")], &all), @"va4 is split by class: write `indicator.class`, for example `va.industry`");
    insta::assert_snapshot!(refusal("series", &[PER_HEAD], &study(&toy(), &["TOY:A"], &[], 2012, 2018)), @"`series`: `gdp_pc` is not observed in any year from 2012 to 2018");
    insta::assert_snapshot!(refusal("vintages", &[PER_HEAD], &all), @"`vintages`: `gdp_pc` does not add up over the regions of Test: take one region, or an indicator that adds up");
    insta::assert_snapshot!(refusal("vintages", &[("value", "gdp")], &study(&toy(), &["TOY:A"], &[], 2012, 2018)), @"`vintages`: `gdp` is not observed for all of Test between 2012 and 2018 in any vintage");
    insta::assert_snapshot!(refusal("coverage", &[("features", "gpd")], &all), @"unknown indicator `gpd`; did you mean `gdp`?");
}

#[test]
fn profiles() {
    let all = whole();
    insta::assert_snapshot!(refusal("profile", &[RATIOS], &of(&["TOY:D", "TOY:E"])), @"`profile`: the focus `test` has several members; a profile is of one region of the reference");
    insta::assert_snapshot!(refusal("profile", &[RATIOS, ("peers", "toy:pairs")], &of(&["TOY:D"])), @"unknown set `toy:pairs`; did you mean `toy:pair`?");
    let mut outside = of(&["TOY:J"]);
    outside.reference = of(&["TOY:A", "TOY:B", "TOY:C"]).focus;
    insta::assert_snapshot!(refusal("profile", &[RATIOS], &outside), @"`profile`: Test is not a region of the reference Test with all indicators");
    insta::assert_snapshot!(refusal("clusters", &[RATIOS, ("k", "5"), ("k_max", "4")], &all), @"`clusters`: `k` (5) must not exceed `k_max` (4)");
    insta::assert_snapshot!(refusal("clusters", &[RATIOS, ("k_max", "10")], &all), @"`clusters`: `k_max` is 10, but there are only 10 regions to group");
    insta::assert_snapshot!(refusal("clusters", &[("features", "rd_per_gdp, rd_per_gdpp")], &all), @"unknown indicator `rd_per_gdpp`; did you mean `rd_per_gdp` or `gdp`?");
}

#[test]
fn a_region_that_was_dropped_has_no_result_of_its_own() {
    let lacking = edited(GDP, |text| {
        text.replace("A,2020,va4,farming,toy,40,", "A,2020,va4,farming,toy,,")
    });
    let lacking = Study {
        missing: Missing::Drop,
        ..study(&Arc::new(lacking.unwrap()), &["TOY:A"], &[], 2010, 2020)
    };
    insta::assert_snapshot!(refusal("shift-share", &[("value", "va4")], &lacking), @"`shift-share`: Test is left out because a figure is missing, so there is no result for it");
    insta::assert_snapshot!(refusal("composition", &[("value", "va4")], &lacking), @r#"va4.farming is missing for TOY:A in 2020; choose other regions or years, or write `missing = "drop"`"#);
    let pair = Study {
        focus: of(&["TOY:A", "TOY:B"]).focus,
        ..lacking.clone()
    };
    insta::assert_snapshot!(refusal("overlap", &[("value", "va4")], &pair), @"`overlap`: of Test only Borea has no figure missing, which leaves no pair; choose other regions or years");
    let without_rd = edited("observations/rd.csv", |text| text.replace("A,2020,", "A,2015,"));
    let without_rd = Study {
        missing: Missing::Drop,
        ..study(&Arc::new(without_rd.unwrap()), &["TOY:A"], &[], 2010, 2020)
    };
    insta::assert_snapshot!(refusal("profile", &[RATIOS], &without_rd), @"`profile`: Test is not a region of the reference All ten regions with all indicators");
}

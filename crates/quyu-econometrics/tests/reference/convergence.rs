//! Reference cases of convergence, regression and Markov chains.

use quyu_econometrics::convergence::markov::*;
use quyu_econometrics::convergence::*;
use quyu_econometrics::regression::*;
use quyu_econometrics::{Error, Matrix};
use quyu_testkit::reference::{Answer, Case, Check};
use serde_json::{Value, json};

/// The table: the id of a case, and the function that answers it.
pub(crate) fn cases() -> Vec<Answer> {
    vec![
        ("beta_absolute_nls", beta_absolute_nls),
        ("beta_conditional_hc", beta_conditional_hc),
        ("club_convergence_findclubs", find_clubs),
        ("club_convergence_merge", merge),
        ("convergeu_delta", convergeu_delta),
        ("convergeu_sigma_beta", convergeu_sigma_beta),
        ("ols_robust_statsmodels", ols_robust),
        ("panel_fe_linearmodels", panel_fixed_effects),
        ("sigma_two_periods", sigma_two_periods),
        ("sigma_unbalanced_panel", sigma_unbalanced_panel),
        ("full_rank_markov", full_rank_markov),
        ("kernel_density_scott", kernel_density),
        ("markov_classic_us", markov_classic),
        ("markov_homogeneity_kullback", kullback),
        ("rank_mobility", rank_mobility),
        ("stochastic_kernel_conditional", conditional_kernel),
    ]
}

// ---- Inputs -------------------------------------------------------------------------------------

/// Columns of the case's table, unit by unit.
fn panel(case: &Case, columns: &[String]) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = columns.iter().map(|name| case.column(name)).collect();
    (0..columns[0].len())
        .flat_map(|i| columns.iter().map(move |column| column[i]))
        .collect()
}

fn years(range: std::ops::RangeInclusive<u32>, prefix: &str) -> Vec<String> {
    range.map(|year| format!("{prefix}{year}")).collect()
}

fn matrix(cells: &[f64], cols: usize) -> Matrix<'_> {
    Matrix::new(cells, cells.len() / cols, cols).unwrap()
}

fn each<T>(inference: &Inference, f: impl Fn(&Coefficient) -> T) -> Vec<T> {
    inference.coefficients.iter().map(f).collect()
}

fn errors(inference: &Inference) -> Vec<f64> {
    each(inference, |c| c.std_error)
}

fn labels_of(texts: &[String]) -> Vec<usize> {
    quyu_testkit::reference::labels(texts).0
}

/// The income of each of the 48 states, and the number of years.
fn us_incomes(case: &Case) -> (Vec<f64>, usize) {
    let columns = years(1929..=2009, "");
    (panel(case, &columns), columns.len())
}

fn neighbours(case: &Case, file: &str, n: usize) -> Vec<Vec<(usize, f64)>> {
    let mut lists = vec![Vec::new(); n];
    for row in case.table(file).rows {
        let i: usize = row[0].parse().unwrap();
        lists[i].push((row[1].parse().unwrap(), row[2].parse().unwrap()));
    }
    lists
}

// ---- Regression and beta ------------------------------------------------------------------------

fn ends(case: &Case) -> (Vec<f64>, Vec<f64>, f64) {
    (case.numbers("y0"), case.numbers("y1"), case.number("T"))
}

fn beta_absolute_nls(case: &Case) -> Vec<Check> {
    let (y0, y1, years) = ends(case);
    let fit = beta_nls(&y0, &y1, years, None, Covariance::Classical).unwrap();
    vec![
        Check::value("alpha", fit.alpha.estimate),
        Check::value("lambda", fit.speed.estimate),
        Check::value("se_lambda", fit.speed.std_error),
        Check::value("half_life", fit.half_life.unwrap().estimate),
    ]
}

fn beta_conditional_hc(case: &Case) -> Vec<Check> {
    let (y0, y1, years) = ends(case);
    let east: Vec<f64> = case
        .text_column("regional")
        .iter()
        .map(|r| f64::from(u8::from(r != "West")))
        .collect();
    let fit = |covariance| beta(&y0, &y1, years, Some(matrix(&east, 1)), covariance).unwrap();
    let classical = fit(Covariance::Classical);
    let test = classical.regression.breusch_pagan().unwrap();
    let check = |key: &str, covariance| Check::value(key, errors(&fit(covariance).inference));
    vec![
        Check::value("coef", each(&classical.inference, |c| c.estimate)),
        check("se", Covariance::Classical),
        check("hc0", Covariance::Hc0),
        check("hc1", Covariance::Hc1),
        check("hc2", Covariance::Hc2),
        check("hc3", Covariance::Hc3),
        Check::value("bp_stat", test.statistic),
        Check::value("bp_p", test.p_value),
    ]
}

fn ols_robust(case: &Case) -> Vec<Check> {
    let (y0, y1, years) = ends(case);
    let states = labels_of(&case.texts("cluster"));
    let fit = beta(&y0, &y1, years, None, Covariance::Classical)
        .unwrap()
        .regression;
    let check = |key: &str, covariance| Check::value(key, errors(&fit.inference(covariance).unwrap()));
    vec![
        Check::value("coef", &fit.coefficients),
        Check::value("r2", fit.r_squared()),
        Check::value("r2_adj", fit.adjusted_r_squared()),
        Check::value("aic", fit.aic()),
        Check::value("bic", fit.bic()),
        Check::value("loglik", fit.log_likelihood()),
        check("hc0", Covariance::Hc0),
        check("hc1", Covariance::Hc1),
        check("hc2", Covariance::Hc2),
        check("hc3", Covariance::Hc3),
        check("cluster", Covariance::Clustered(&states)),
        check("hac4", Covariance::NeweyWest(4)),
    ]
}

fn panel_fixed_effects(case: &Case) -> Vec<Check> {
    let columns = years(2000..=2014, "gdppc");
    let levels = panel(case, &columns);
    let levels = matrix(&levels, columns.len());
    let fit = |effects, covariance| {
        let options = PanelBetaOptions {
            effects,
            covariance,
            step: 1.0,
        };
        panel_beta(levels, &[], &options).unwrap()
    };
    let slopes = |effects| fit(effects, PanelCovariance::Classical).regression.coefficients;
    let error = |covariance| errors(&fit(Effects::TwoWays, covariance).inference);
    let two = fit(Effects::TwoWays, PanelCovariance::Classical);
    // What the R package plm gives, beside the case.
    let arellano = error(PanelCovariance::Clustered(SmallSample::None))[0];
    assert!((arellano - 0.0179790360648802).abs() < 1e-12, "{arellano}");
    let (growth, start): (Vec<f64>, Vec<f64>) = (0..levels.rows())
        .flat_map(|r| levels.row(r).windows(2))
        .map(|pair| ((pair[1] / pair[0]).ln(), pair[0].ln()))
        .unzip();
    let steps = columns.len() - 1;
    let random = random_effects(matrix(&growth, steps), &[matrix(&start, steps)]).unwrap();
    vec![
        Check::value("twoways", &two.regression.coefficients),
        Check::value("se_unadjusted", errors(&two.inference)),
        Check::value(
            "se_clustered_entity",
            error(PanelCovariance::Clustered(SmallSample::Absorbed)),
        ),
        Check::value(
            "se_driscoll_kraay_bw2",
            error(PanelCovariance::DriscollKraay { lags: 2 }),
        ),
        Check::value("individual", slopes(Effects::Region)),
        Check::value("pooled", slopes(Effects::Pooled)),
        Check::value("random_effects", random.ols.coefficients),
        Check::value("re_theta", random.theta),
        Check::value("r2_within", two.regression.r_squared_within),
        Check::value("nobs", two.regression.n),
    ]
}

// ---- Sigma and delta ----------------------------------------------------------------------------

fn sigma_two_periods(case: &Case) -> Vec<Check> {
    let (y0, y1) = (case.numbers("y0"), case.numbers("y1"));
    let logs = sigma_change(&y0, &y1, &SigmaOptions::default()).unwrap();
    let cv = SigmaOptions {
        measure: SigmaMeasure::CoefficientOfVariation,
        ddof: 0,
    };
    let levels = sigma_change(&y0, &y1, &cv).unwrap();
    vec![
        Check::value("sd_log_0", logs.first),
        Check::value("sd_log_1", logs.last),
        Check::value("quotient", logs.quotient),
        Check::value("F", logs.independent.statistic),
        Check::value("df1", logs.independent.df.0),
        Check::value("df2", logs.independent.df.1),
        Check::value("p", logs.independent.p_value),
        Check::value("cv_0", levels.first),
        Check::value("cv_1", levels.last),
        Check::value("cv_quotient", levels.quotient),
    ]
}

fn sigma_unbalanced_panel(case: &Case) -> Vec<Check> {
    let (y0, y1) = (case.numbers("y0"), case.numbers("y1"));
    // A missing value is an error; the caller drops the region from both years.
    let refused = sigma_change(&y0, &y1, &SigmaOptions::default());
    assert!(matches!(refused, Err(Error::NotFinite { .. })));
    let (y0, y1): (Vec<f64>, Vec<f64>) = y0
        .into_iter()
        .zip(y1)
        .filter(|(a, b)| a.is_finite() && b.is_finite())
        .unzip();
    let change = sigma_change(&y0, &y1, &SigmaOptions::default()).unwrap();
    vec![
        Check::value("n", change.n),
        Check::value("sd_log_0", change.first),
        Check::value("sd_log_1", change.last),
        Check::value("quotient", change.quotient),
    ]
}

/// Countries by years, and the years.
fn europe(case: &Case) -> (Vec<f64>, Vec<f64>) {
    let file = case.input("file").as_str().unwrap();
    let countries = case.table(file).header[1..].to_vec();
    let cells = countries
        .iter()
        .flat_map(|country| case.column(country))
        .collect();
    (cells, case.column("time"))
}

fn convergeu_delta(case: &Case) -> Vec<Check> {
    let (cells, time) = europe(case);
    vec![
        Check::value("delta", delta(matrix(&cells, time.len()), Best::Highest).unwrap()),
        Check::value("time", time),
    ]
}

fn convergeu_sigma_beta(case: &Case) -> Vec<Check> {
    let (cells, time) = europe(case);
    let rates = matrix(&cells, time.len());
    let measured = |measure| sigma(rates, None, &SigmaOptions { measure, ddof: 0 }).unwrap();
    let (first, last) = (rates.col(0), rates.col(time.len() - 1));
    let fit = beta(&first, &last, 16.0, None, Covariance::Classical).unwrap();
    vec![
        Check::value("stdDev", measured(SigmaMeasure::Sd)),
        Check::value("CV", measured(SigmaMeasure::CoefficientOfVariation)),
        Check::value("beta", fit.beta.estimate),
        Check::value("se", fit.beta.std_error),
        Check::value("intercept", fit.inference.coefficients[0].estimate),
        Check::value("adj_r2", fit.regression.adjusted_r_squared()),
        Check::value("time", time),
    ]
}

// ---- Clubs --------------------------------------------------------------------------------------

fn club_options() -> ClubOptions {
    ClubOptions {
        log_t: LogTOptions {
            trim: Trim::Fraction(1.0 / 3.0),
        },
        ..ClubOptions::default()
    }
}

/// Names of the regions, and their filtered logarithms.
fn filtered(case: &Case) -> (Vec<String>, Vec<f64>) {
    (
        case.text_column("Countries"),
        panel(case, &years(1970..=2003, "Y")),
    )
}

fn as_cases(clubs: &[Club], names: &[String]) -> Value {
    let club = |(number, club): (usize, &Club)| {
        let mut members: Vec<&String> = club.members.iter().map(|i| &names[*i]).collect();
        members.sort();
        let fit = club.log_t.unwrap();
        json!({ "club": format!("club{}", number + 1), "members": members, "beta": fit.slope, "t": fit.t })
    };
    clubs.iter().enumerate().map(club).collect()
}

fn find_clubs(case: &Case) -> Vec<Check> {
    let (names, cells) = filtered(case);
    let found = clubs(matrix(&cells, 34), &club_options()).unwrap();
    let divergent: Vec<&String> = found.divergent.iter().map(|i| &names[*i]).collect();
    vec![
        Check::value("n_clubs", found.clubs.len()),
        Check::value("clubs", as_cases(&found.clubs, &names)),
        Check::value("divergent", divergent),
    ]
}

fn merge(case: &Case) -> Vec<Check> {
    let (names, cells) = filtered(case);
    let table = matrix(&cells, 34);
    // The filtered values are trends of logarithms with lambda 400.
    let raw = case.table("data/ps_gdp.csv");
    for (row, filtered) in raw.rows.iter().zip(cells.chunks_exact(34)) {
        let logs: Vec<f64> = row[1..].iter().map(|v| v.parse::<f64>().unwrap().ln()).collect();
        let trend = hp_filter(&logs, 400.0).unwrap().trend;
        let near = trend.iter().zip(filtered).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(near, "{}: {trend:?} where {filtered:?} is expected", row[0]);
    }
    let found = clubs(table, &club_options()).unwrap().clubs;
    let merged = |merging| merge_clubs(table, &found, merging, &club_options()).unwrap();
    vec![
        Check::value("ps", as_cases(&merged(Merging::PhillipsSul), &names)),
        Check::value("vlt", as_cases(&merged(Merging::VonLynckerThoennessen), &names)),
    ]
}

// ---- Markov chains ------------------------------------------------------------------------------

fn markov_classic(case: &Case) -> Vec<Check> {
    let (cells, years) = us_incomes(case);
    let options = ClassOptions {
        rule: ClassRule::YearlyQuantiles(5),
        relative: false,
    };
    let counts = classes(matrix(&cells, years), &options)
        .unwrap()
        .states
        .transitions()
        .unwrap();
    let chain = counts.chain().unwrap();
    let times = chain.passage_times().unwrap();
    let nested = |cells: &[f64]| -> Vec<Vec<f64>> { cells.chunks_exact(5).map(<[f64]>::to_vec).collect() };
    vec![
        Check::value("transitions", nested(counts.counts())),
        Check::value("p", nested(chain.p())),
        Check::value("steady_state", chain.steady_state().unwrap()),
        Check::value("mfpt", nested(&times.mean)),
        Check::value("var_mfpt", nested(&times.variance)),
        Check::value("sojourn", chain.sojourn()),
    ]
}

fn kullback(case: &Case) -> Vec<Check> {
    let cells = |sample: &Value| -> Vec<f64> {
        let rows = sample.as_array().unwrap().iter();
        rows.flat_map(|row| row.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()))
            .collect()
    };
    let samples: Vec<Transitions> = case
        .input("F")
        .as_array()
        .unwrap()
        .iter()
        .map(|sample| Transitions::new(cells(sample), 6).unwrap())
        .collect();
    let test = homogeneity(&samples).unwrap().kullback;
    vec![
        Check::value("Conditional homogeneity", test.statistic),
        Check::value("Conditional homogeneity dof", test.df),
        Check::value("Conditional homogeneity pvalue", test.p_value),
    ]
}

fn full_rank_markov(case: &Case) -> Vec<Check> {
    let decades: Vec<String> = (1929..=2009).step_by(10).map(|year| year.to_string()).collect();
    let cells = panel(case, &decades);
    let incomes = matrix(&cells, decades.len());
    let states = full_rank_states(incomes).unwrap();
    let counts = states.transitions().unwrap();
    let trace = |counts: &Transitions| -> f64 { counts.counts().iter().step_by(49).sum() };
    let ranks = |period: usize| -> Vec<usize> { (0..48).map(|i| states.row(i)[period] + 1).collect() };
    let holders = geographic_rank_states(incomes).unwrap().transitions().unwrap();
    vec![
        Check::value("fullrank_trace", trace(&counts)),
        Check::value("fullrank_sojourn", counts.chain().unwrap().sojourn()),
        Check::value("ranks_first", ranks(0)),
        Check::value("ranks_last", ranks(8)),
        Check::value("georank_trace", trace(&holders)),
    ]
}

fn rank_mobility(case: &Case) -> Vec<Check> {
    let (x, y) = (case.numbers("x"), case.numbers("y"));
    let tau = kendall_tau(&x, &y).unwrap();
    let lists = neighbours(case, case.input("weights").as_str().unwrap(), x.len());
    let spatial = spatial_tau(&x, &y, &lists).unwrap();
    neighbourhoods(case, &lists);
    let regimes: Vec<usize> = case
        .column("STATE_FIPS")
        .iter()
        .map(|f| *f as usize / 15)
        .collect();
    vec![
        Check::value("tau", tau.tau),
        Check::value("tau_p", tau.p_value),
        Check::value("concordant", tau.concordant),
        Check::value("discordant", tau.discordant),
        Check::value("extraY", tau.tied_first),
        Check::value("extraX", tau.tied_last),
        Check::value("tau_spatial", spatial.tau),
        Check::value("concordant_spatial", spatial.concordant),
        Check::value("theta", theta(&x, &y, &regimes).unwrap()),
    ]
}

/// Beside the case: what the documentation of giddy prints for the same states with neighbours that share a border, and
/// the chi-square of LISA Markov that definitions.md gives in place of giddy's.
fn neighbourhoods(case: &Case, lists: &[Vec<(usize, f64)>]) {
    let (cells, years) = us_incomes(case);
    let mut shares = lists.to_vec();
    for list in &mut shares {
        let n = list.len() as f64;
        list.iter_mut().for_each(|(_, weight)| *weight = 1.0 / n);
    }
    let moves = lisa_markov(matrix(&cells, years), &shares).unwrap();
    assert_eq!(moves.transitions.counts()[..4], [1087.0, 44.0, 4.0, 34.0]);
    assert_eq!(moves.transitions.counts()[4..8], [41.0, 470.0, 36.0, 1.0]);
    assert!((moves.independence.statistic - 60.3).abs() < 0.05);
    // giddy has 9, (4 - 1)(4 - 1); here 4 · 3 free probabilities less 2 · 2 of the two chains, which is the mean of the statistic in samples of
    // independent chains (a test beside `lisa_markov` draws them).
    assert_eq!(moves.independence.df, 8);
    let chains = spatial_markov(matrix(&cells, years), &shares, &SpatialMarkovOptions::default()).unwrap();
    let test = chains.homogeneity().unwrap();
    assert_eq!(test.pearson.df, 60);
    assert!((test.likelihood_ratio.statistic - 170.659).abs() < 5e-4);
    assert!((test.pearson.statistic - 200.624).abs() < 5e-4);
}

// ---- Kernels ------------------------------------------------------------------------------------

fn relative(x: &[f64]) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter().map(|v| v / mean).collect()
}

fn kernel_density(case: &Case) -> Vec<Check> {
    let x = relative(&case.numbers("x"));
    let found = density(&x, &case.numbers("points"), Bandwidth::Scott).unwrap();
    // What R's `density` takes, beside the case.
    let nrd0 = bandwidth(&x, Bandwidth::Nrd0).unwrap();
    assert!((nrd0 - 0.1490194368384947).abs() < 1e-12, "{nrd0}");
    vec![
        Check::value("bandwidth", found.bandwidth),
        Check::value("density", found.density),
    ]
}

fn conditional_kernel(case: &Case) -> Vec<Check> {
    let (x, y) = (relative(&case.numbers("x0")), relative(&case.numbers("x1")));
    let points = |key: &str| -> Vec<f64> {
        let values = case.expected(key).as_array().unwrap().iter();
        values.map(|v| v.as_f64().unwrap()).collect()
    };
    let (x0, x1) = (points("x0"), points("x1"));
    let found = stochastic_kernel(&x, &y, &x0, &x1, KernelMarginal::Own).unwrap();
    let rows: Vec<&[Option<f64>]> = found.conditional.chunks_exact(x1.len()).collect();
    vec![
        Check::value("conditional", rows),
        Check::value("x0", x0),
        Check::value("x1", x1),
    ]
}

//! The tasks.

use std::hint::black_box;

use quyu_econometrics::convergence::markov::*;
use quyu_econometrics::convergence::*;
use quyu_econometrics::disparity::*;
use quyu_econometrics::inference::*;
use quyu_econometrics::profiles::*;
use quyu_econometrics::shift_share::{Component, Reference, classic};
use quyu_econometrics::space::*;
use quyu_econometrics::structure::*;
use quyu_econometrics::{Error, Matrix};

use super::{Bench, inputs};

/// The value of a result. An input of ours that is refused is a mistake in this program.
fn value(result: Result<f64, Error>) -> f64 {
    result.expect("inputs that suit the task")
}

/// Where chance decides, both sides have other values.
const CHANCE: f64 = f64::NAN;

const LANES: usize = 16;

/// The least that reading can take: sums in lanes that the compiler turns into vectors. Not accurate, on purpose.
fn plain_sum(x: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v;
        }
    }
    rest + lanes.iter().sum::<f64>()
}

pub(super) fn disparity(bench: &Bench) {
    let tasks = [
        "floor_read_1e7",
        "floor_sort_1e7",
        "gini_1e7",
        "gini_weighted_1e7",
        "theil_t_1e7",
    ];
    if !bench.wants(&tasks) {
        return;
    }
    let n = 10_000_000;
    let x = inputs::incomes(n);
    bench.write("incomes", n, 1, &x);
    bench.time("floor_read_1e7", || plain_sum(black_box(&x)));
    bench.time_with(
        "floor_sort_1e7",
        || x.clone(),
        |mut keys| {
            keys.sort_unstable_by(f64::total_cmp);
            keys[n / 2]
        },
    );
    bench.time("gini_1e7", || {
        value(gini(black_box(&x), None, &GiniOptions::default()))
    });
    bench.time("theil_t_1e7", || value(theil_t(black_box(&x), None)));
    let w = inputs::weights(n);
    bench.write("weights", n, 1, &w);
    bench.time("gini_weighted_1e7", || {
        value(gini(black_box(&x), Some(&w), &GiniOptions::default()))
    });
}

pub(super) fn decomposition(bench: &Bench) {
    let task = "theil_groups_3000_1e6";
    if !bench.wants(&[task]) {
        return;
    }
    let n = 1_000_000;
    let x = inputs::incomes(n);
    let groups: Vec<usize> = (0..n).map(|i| (i * 7_919) % 3_000).collect();
    bench.write("incomes", n, 1, &x);
    bench.write(
        "groups",
        n,
        1,
        &groups.iter().map(|g| *g as f64).collect::<Vec<_>>(),
    );
    bench.time(task, || {
        value(decompose_ge(black_box(&x), None, &groups, 3_000, 1.0).map(|d| d.within))
    });
}

pub(super) fn bootstrap(bench: &Bench) {
    let options = BootstrapOptions {
        replicates: 10_000,
        seed: 1,
    };
    for n in [31, 3_000] {
        let task = format!("bootstrap_gini_10k_{n}");
        let x = inputs::incomes(n);
        bench.write("incomes", n, 1, &x);
        bench.time(&task, || {
            let index = Index::Gini(GiniOptions::default());
            let replicates = bootstrap_index(black_box(&x), None, None, index, &options);
            value(
                replicates
                    .and_then(|r| r.percentile(0.95, QuantileRule::Linear))
                    .map(|_| CHANCE),
            )
        });
    }
}

pub(super) fn shift_share(bench: &Bench) {
    let (rows, cols) = (3_000, 100);
    let (base, end) = inputs::two_years(rows, cols);
    bench.write("base", rows, cols, &base);
    bench.write("end", rows, cols, &end);
    bench.time("shift_share_3000x100", || {
        let run = || {
            let (base, end) = (
                Matrix::new(black_box(&base), rows, cols)?,
                Matrix::new(&end, rows, cols)?,
            );
            let parts = classic(base, end, Reference::Nation)?;
            Ok(parts
                .part(Component::Regional)
                .map_or(f64::NAN, |table| table.by_region[0]))
        };
        value(run())
    });
}

pub(super) fn space(bench: &Bench) {
    let (n, k) = (3_000, 6);
    let (points, x) = inputs::places(n);
    let near = nearest(&points, k, Ties::First, Metric::Planar).and_then(|w| w.styled(Style::Row));
    let map = near.expect("places have neighbours");
    let ids: Vec<f64> = (0..n)
        .flat_map(|i| map.neighbours(i).map(|(j, _)| j as f64))
        .collect();
    bench.write("map-values", n, 1, &x);
    bench.write("map-neighbours", n, k, &ids);
    let options = |permutations| PermutationOptions {
        permutations,
        ..Default::default()
    };
    bench.time("moran_9999_3000", || {
        value(moran_test(black_box(&x), &map, Islands::Drop, &options(9_999)).map(|test| test.observed))
    });
    bench.time("local_moran_999_3000", || {
        let chosen = LocalMoranOptions::default();
        let run = || {
            let tests = local_moran_test(black_box(&x), &map, &chosen, &options(999))?;
            // The statistic itself is not random.
            Ok(tests[0].map_or(CHANCE, |first| first.observed))
        };
        value(run())
    });
}

pub(super) fn clusters(bench: &Bench) {
    let (rows, cols) = (3_000, 8);
    let data = inputs::table(rows, cols);
    bench.write("features", rows, cols, &data);
    let options = KMeansOptions {
        starts: 10,
        ..KMeansOptions::default()
    };
    bench.time("kmeans_silhouette_3000x8", || {
        let run = || {
            let table = Matrix::new(black_box(&data), rows, cols)?;
            let distances = Distances::euclidean(table)?;
            for k in 2..=8 {
                black_box(silhouette(&distances, &kmeans(table, k, &options)?.labels)?.mean);
            }
            Ok(CHANCE)
        };
        value(run())
    });
}

pub(super) fn markov(bench: &Bench) {
    let (n, periods) = (3_000, 20);
    let cells = inputs::panel(n, periods);
    let ring = inputs::ring(n);
    let lists: Vec<Vec<(usize, f64)>> = ring.iter().map(|near| near.map(|j| (j, 0.2)).to_vec()).collect();
    let panel = || Matrix::new(black_box(&cells), n, periods);
    let found = panel().and_then(|panel| classes(panel, &ClassOptions::default()));
    let states = found.expect("incomes have classes").states;
    bench.write("panel", n, periods, &cells);
    bench.write(
        "ring",
        n,
        5,
        &ring.iter().flatten().map(|j| *j as f64).collect::<Vec<_>>(),
    );
    bench.write(
        "states",
        n,
        periods,
        &states.states().iter().map(|s| *s as f64).collect::<Vec<_>>(),
    );
    bench.time("markov_3000x20", || {
        let run = || {
            let chain = black_box(&states).transitions()?.chain()?;
            black_box(chain.steady_state()?);
            Ok(chain.p()[0])
        };
        value(run())
    });
    bench.time("spatial_markov_3000x20", || {
        let run = || {
            let found = spatial_markov(panel()?, &lists, &SpatialMarkovOptions::default())?;
            black_box(found.homogeneity()?);
            Ok(found.conditional[0].probabilities()[0].unwrap_or(f64::NAN))
        };
        value(run())
    });
    bench.time("lisa_markov_3000x20", || {
        let run = || {
            let found = lisa_markov(panel()?, &lists)?;
            Ok(found.transitions.probabilities()[0].unwrap_or(f64::NAN))
        };
        value(run())
    });
}

pub(super) fn complexity_index(bench: &Bench) {
    let (rows, cols) = (300, 100);
    let jobs = inputs::jobs(rows, cols);
    bench.write("jobs", rows, cols, &jobs);
    // As much as the other package computes: the index, relatedness, density, outlook and gain.
    bench.time("eci_300x100", || {
        let run = || {
            let held = specialised(Matrix::new(black_box(&jobs), rows, cols)?, 1.0)?;
            let held = Matrix::new(&held, rows, cols)?;
            let found = complexity(held, ComplexityScaling::Regions)?;
            let related = relatedness(held, Relatedness::MinimumConditional)?;
            black_box(opportunities(
                held,
                Matrix::new(&related, cols, cols)?,
                &found.industries,
            )?);
            Ok(found.regions[0])
        };
        value(run())
    });
}

pub(super) fn convergence_clubs(bench: &Bench) {
    let (n, periods) = (152, 34);
    let cells = inputs::paths(n, periods);
    bench.write("paths", n, periods, &cells);
    bench.time("clubs_152x34", || {
        let run = || {
            let found = clubs(
                Matrix::new(black_box(&cells), n, periods)?,
                &ClubOptions::default(),
            )?;
            Ok(found.clubs.len() as f64)
        };
        value(run())
    });
}

pub(super) fn composite_index(bench: &Bench) {
    let (rows, cols) = (51, 49);
    let data = inputs::table(rows, cols);
    bench.write("indicators", rows, cols, &data);
    let options = CompositeOptions {
        outliers: OutlierRule::WinsoriseOrLog(OutlierOptions::default()),
        ..CompositeOptions::default()
    };
    bench.time("composite_51x49", || {
        let run = || {
            let table = Matrix::new(black_box(&data), rows, cols)?;
            black_box(composite(table, &[Direction::Higher; 49], &options)?);
            Ok(f64::NAN)
        };
        value(run())
    });
}

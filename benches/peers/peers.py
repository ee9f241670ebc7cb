"""What the packages of Python take for the tasks of benches/README.md.

    python peers.py INPUTS [TASK ...]

INPUTS is the folder with the inputs that our side wrote. Every line of the output is JSON: a measurement (task, peer, kind, median_s,
runs, value), or what was skipped and why. `kind` is `package`, or `baseline` for plain numpy or pandas.
"""

import importlib.metadata
import importlib.util
import json
import sys
import time
import warnings
from pathlib import Path

FEWEST, MOST, ENOUGH = 5, 101, 1.0
INPUTS = Path(sys.argv[1])
ONLY = sys.argv[2:]


def say(**line):
    print(json.dumps(line), flush=True)


def measure(task, peer, kind, run):
    """Times `run` after one run to warm up; its value, where it returns one, is compared with ours."""
    value = run()
    seconds = []
    while len(seconds) < FEWEST or (len(seconds) < MOST and sum(seconds) < ENOUGH):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    median = sorted(seconds)[(len(seconds) - 1) // 2]
    line = dict(task=task, peer=peer, kind=kind, median_s=median, runs=len(seconds))
    if value is not None:
        line["value"] = float(value)
    say(**line)


def load(name, rows, cols=1):
    import numpy as np

    data = np.fromfile(INPUTS / f"{name}-{rows}x{cols}.f64", dtype="<f8")
    return data if cols == 1 else data.reshape(rows, cols)


def version(package):
    return f"{package} {importlib.metadata.version(package)}"


def numpy_gini():
    import numpy as np

    x = load("incomes", 10_000_000)
    n = len(x)

    def run():
        ranked = np.sort(x)
        return 2 * np.dot(np.arange(1, n + 1), ranked) / (n * ranked.sum()) - (n + 1) / n

    measure("gini_1e7", version("numpy"), "baseline", run)


def numpy_gini_weighted():
    import numpy as np

    x, w = load("incomes", 10_000_000), load("weights", 10_000_000)

    def run():
        order = np.argsort(x)
        w_ranked = w[order]
        held = np.cumsum(w_ranked * x[order])
        people = np.cumsum(w_ranked)
        below = np.concatenate(([0.0], held[:-1]))
        return 1 - np.dot(w_ranked, held + below) / (held[-1] * people[-1])

    measure("gini_weighted_1e7", version("numpy"), "baseline", run)


def numpy_theil():
    import numpy as np

    x = load("incomes", 10_000_000)

    def run():
        ratio = x / x.mean()
        return np.mean(ratio * np.log(ratio))

    measure("theil_t_1e7", version("numpy"), "baseline", run)


def numpy_shift_share():
    import numpy as np

    base, end = load("base", 3000, 100), load("end", 3000, 100)

    def run():
        growth = end.sum() / base.sum() - 1
        rates = end.sum(axis=0) / base.sum(axis=0) - 1
        national = base * growth
        mix = base * (rates - growth)
        regional = (end - base) - base * rates
        parts = [(part.sum(axis=1), part.sum(axis=0)) for part in (national, mix, regional)]
        return parts[2][0][0]

    measure("shift_share_3000x100", version("numpy"), "baseline", run)


def pandas_theil_groups():
    import numpy as np
    import pandas as pd

    x = load("incomes", 1_000_000)
    groups = load("groups", 1_000_000).astype(np.int64)

    def run():
        frame = pd.DataFrame({"group": groups, "x": x, "entropy": x * np.log(x)})
        sums = frame.groupby("group").agg(n=("x", "size"), x=("x", "sum"), entropy=("entropy", "sum"))
        mean = x.mean()
        share = sums["x"] / x.sum()
        means = sums["x"] / sums["n"]
        index = sums["entropy"] / sums["x"] - np.log(means)
        between = (share * np.log(means / mean)).sum()
        within = (share * index).sum()
        _ = between + within
        return within

    measure("theil_groups_3000_1e6", version("pandas"), "baseline", run)


def inequality_gini():
    from inequality.gini import Gini

    x = load("incomes", 10_000_000)
    measure("gini_1e7", version("inequality"), "package", lambda: Gini(x).g)


def inequality_theil():
    from inequality.theil import Theil

    x = load("incomes", 10_000_000)
    measure("theil_t_1e7", version("inequality"), "package", lambda: Theil(x).T)


def scipy_bootstrap(n):
    import numpy as np
    from scipy.stats import bootstrap

    x = load("incomes", n)
    ranks = 2 * np.arange(1, n + 1) - n - 1

    def gini(sample, axis=-1):
        ranked = np.sort(sample, axis=axis)
        return (ranked * ranks).sum(axis=axis) / (n * ranked.sum(axis=axis))

    def run():
        bootstrap((x,), gini, n_resamples=10_000, method="percentile", vectorized=True, rng=np.random.default_rng(1))

    measure(f"bootstrap_gini_10k_{n}", version("scipy"), "package", run)


def weights(name, rows, cols):
    from libpysal.weights import W

    near = load(name, rows, cols).astype(int)
    made = W({i: list(map(int, row)) for i, row in enumerate(near)}, silence_warnings=True)
    made.transform = "r"
    return made


def esda_moran():
    from esda import Moran

    x, w = load("map-values", 3000), weights("map-neighbours", 3000, 6)
    measure("moran_9999_3000", version("esda"), "package", lambda: Moran(x, w, permutations=9999).I)


def esda_local_moran():
    from esda import Moran_Local

    x, w = load("map-values", 3000), weights("map-neighbours", 3000, 6)
    peer = version("esda")
    if importlib.util.find_spec("numba"):
        peer += ", compiled"
    measure("local_moran_999_3000", peer, "package", lambda: Moran_Local(x, w, permutations=999, seed=1).Is[0])


def sklearn_kmeans():
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits

    x = load("features", 3000, 8)

    def run():
        for k in range(2, 9):
            silhouette_score(x, KMeans(n_clusters=k, n_init=10, random_state=1).fit_predict(x))

    measure("kmeans_silhouette_3000x8", version("scikit-learn"), "package", run)
    # Its threads cost more than they bring on some machines.
    with threadpool_limits(1):
        measure("kmeans_silhouette_3000x8", version("scikit-learn") + ", one thread", "package", run)


def giddy_markov():
    import numpy as np
    from giddy.markov import Markov

    states = load("states", 3000, 20).astype(int)

    def run():
        chain = Markov(states, summary=False)
        np.asarray(chain.steady_state)
        return chain.p[0][0]

    measure("markov_3000x20", version("giddy"), "package", run)


def giddy_spatial_markov():
    from giddy.markov import Spatial_Markov

    panel, w = load("panel", 3000, 20), weights("ring", 3000, 5)
    relative = panel / panel.mean(axis=0)

    def run():
        found = Spatial_Markov(relative, w, fixed=True, k=5, m=5)
        _ = found.Q, found.LR
        return found.P[0][0][0]

    measure("spatial_markov_3000x20", version("giddy"), "package", run)


def giddy_lisa_markov():
    from giddy.markov import LISA_Markov

    panel, w = load("panel", 3000, 20), weights("ring", 3000, 5)
    measure("lisa_markov_3000x20", version("giddy"), "package", lambda: LISA_Markov(panel, w, permutations=0).p[0][0])


def ecomplexity_eci():
    import numpy as np
    import pandas as pd
    from ecomplexity import ecomplexity

    jobs = load("jobs", 300, 100)
    rows, cols = np.indices(jobs.shape)
    frame = pd.DataFrame({"year": 1, "region": rows.ravel(), "industry": cols.ravel(), "jobs": jobs.ravel()})
    names = {"time": "year", "loc": "region", "prod": "industry", "val": "jobs"}

    def run():
        found = ecomplexity(frame, names, check_logsupermodularity=False, verbose=False)
        return found.loc[found["region"] == 0, "eci"].iloc[0]

    measure("eci_300x100", version("ecomplexity"), "package", run)


# The distributions that a measurement needs as modules, the tasks it serves, and the function.
MEASUREMENTS = [
    (["numpy"], ["gini_1e7"], numpy_gini),
    (["numpy"], ["gini_weighted_1e7"], numpy_gini_weighted),
    (["numpy"], ["theil_t_1e7"], numpy_theil),
    (["numpy"], ["shift_share_3000x100"], numpy_shift_share),
    (["numpy", "pandas"], ["theil_groups_3000_1e6"], pandas_theil_groups),
    (["numpy", "inequality"], ["gini_1e7"], inequality_gini),
    (["numpy", "inequality"], ["theil_t_1e7"], inequality_theil),
    (["numpy", "scipy"], ["bootstrap_gini_10k_31"], lambda: scipy_bootstrap(31)),
    (["numpy", "scipy"], ["bootstrap_gini_10k_3000"], lambda: scipy_bootstrap(3000)),
    (["numpy", "libpysal", "esda"], ["moran_9999_3000"], esda_moran),
    (["numpy", "libpysal", "esda"], ["local_moran_999_3000"], esda_local_moran),
    (["numpy", "sklearn"], ["kmeans_silhouette_3000x8"], sklearn_kmeans),
    (["numpy", "giddy"], ["markov_3000x20"], giddy_markov),
    (["numpy", "libpysal", "giddy"], ["spatial_markov_3000x20"], giddy_spatial_markov),
    (["numpy", "libpysal", "giddy"], ["lisa_markov_3000x20"], giddy_lisa_markov),
    (["numpy", "pandas", "ecomplexity"], ["eci_300x100"], ecomplexity_eci),
]


def main():
    warnings.simplefilter("ignore")
    for modules, tasks, run in MEASUREMENTS:
        if ONLY and not set(ONLY) & set(tasks):
            continue
        missing = [module for module in modules if importlib.util.find_spec(module) is None]
        if missing:
            say(skipped=" and ".join(missing), tasks=tasks, why="not installed")
            continue
        try:
            run()
        except Exception as error:  # A package that fails must not hide what the others take.
            say(skipped=modules[-1], tasks=tasks, why=f"failed: {type(error).__name__}: {error}")


main()

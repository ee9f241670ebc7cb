"""Reads firms from a CSV, computes the weighted Gini and Theil's T within and between regions, and prints the three numbers.
rows.py PEER FILE, PEER being pandas, polars or pysal. PySAL has neither weights nor groups at this size: its Gini and Theil are
those of the rows alone."""

import sys

import numpy as np


def gini(x, w):
    """Of values in ascending order."""
    below = np.cumsum(w) - w
    total = w.sum()
    mean = (w * x).sum() / total
    return (w * (x - mean) * (2.0 * below + w)).sum() / total / (total * mean)


def theil(weight, total, moment):
    """Between and within from sums by region: w, w x, w x ln x."""
    mean = total.sum() / weight.sum()
    between = (total / total.sum() * np.log(total / weight / mean)).sum()
    whole = moment.sum() / total.sum() - np.log(mean)
    return between, whole - between


peer, path = sys.argv[1:]
if peer == "polars":
    import polars as pl

    firms = pl.read_csv(path)
    firms = firms.with_columns(pl.col("employees").cast(pl.Float64))
    ordered = firms.select("output", "employees").sort("output")
    found = gini(ordered["output"].to_numpy(), ordered["employees"].to_numpy())
    w, x = pl.col("employees"), pl.col("output")
    sums = firms.group_by("region").agg(
        w.sum().alias("w"), (w * x).sum().alias("wx"), (w * x * x.log()).sum().alias("wxl")
    )
    parts = theil(*(sums[c].to_numpy() for c in ("w", "wx", "wxl")))
elif peer == "pandas":
    import pandas as pd

    firms = pd.read_csv(path)
    x, w = firms["output"].to_numpy(), firms["employees"].to_numpy(float)
    order = np.argsort(x)
    found = gini(x[order], w[order])
    firms["wx"] = w * x
    firms["wxl"] = firms["wx"] * np.log(x)
    sums = firms.groupby("region")[["employees", "wx", "wxl"]].sum()
    parts = theil(*(sums[c].to_numpy(float) for c in ("employees", "wx", "wxl")))
else:
    import inequality
    import pandas as pd

    x = pd.read_csv(path)["output"].to_numpy()
    found = inequality.gini.Gini(x).g
    parts = (inequality.theil.Theil(x).T, 0.0)
print(f"{found:.12g} {parts[0]:.12g} {parts[1]:.12g}")

"""The known value of examples/digits.mjs: the same loss by numpy, minimized for each number of neighbors by scipy's
differential evolution (12 generations of 24, seed 0) and then by Nelder and Mead (150 evaluations).

    python3 test/reference/digits-loss.py 4 5 6 7 8

    4 0.05761641   5 0.05141670   6 0.04751070   7 0.04762411   8 0.04787011
"""
import gzip
import json
import pathlib
import sys

import numpy as np
from scipy.optimize import differential_evolution, minimize

data = pathlib.Path(__file__).parents[2] / "data"
table = np.loadtxt(gzip.open(data / "digits.csv.gz"), delimiter=",")
test = json.loads((data / "digits-split.json").read_text())["test"]
train = np.setdiff1d(np.arange(len(table)), test)
images = (table[train, :64] / 16).reshape(-1, 8, 8)
digit = table[train, 64].astype(int)


def prepared(exponent, blur):
    lit = images**exponent
    out = lit.copy()
    out[:, 1:] += blur * lit[:, :-1]
    out[:, :-1] += blur * lit[:, 1:]
    out[:, :, 1:] += blur * lit[:, :, :-1]
    out[:, :, :-1] += blur * lit[:, :, 1:]
    return out.reshape(len(out), 64)


def loss(k, width, doubt, exponent, blur):
    pixels = prepared(exponent, blur)
    square = (pixels**2).sum(1)
    far = square[:, None] + square[None] - 2 * pixels @ pixels.T
    np.fill_diagonal(far, np.inf)
    who = np.argpartition(far, k - 1, axis=1)[:, :k]
    near = np.take_along_axis(far, who, 1)
    votes = np.exp((near.min(1, keepdims=True) - near) / width)
    share = (votes * (digit[who] == digit[:, None])).sum(1) / votes.sum(1)
    return -np.log((1 - doubt) * share + doubt / 10).mean()


bounds = [(np.log(0.01), np.log(100)), (np.log(1e-4), np.log(0.5)), (0.3, 3), (0, 1)]
for k in map(int, sys.argv[1:]):
    f = lambda z: loss(k, np.exp(z[0]), np.exp(z[1]), z[2], z[3])
    wide = differential_evolution(f, bounds, maxiter=12, popsize=6, seed=0, polish=False)
    fine = minimize(f, wide.x, method="Nelder-Mead", options=dict(maxfev=150, xatol=1e-5, fatol=1e-8))
    print(k, fine.fun, *np.exp(fine.x[:2]), *fine.x[2:], flush=True)

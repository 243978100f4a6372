"""A plain MALA in numpy, vectorized over chains: noise, proposal, acceptance and a dense preconditioner learned in warm-up,
tuned as ours is (windows of growing length, acceptance 0.574). Reads cases as JSON; writes the draws of each run to a
file as float64 [rows, chains, dim] and tells the least CPU seconds of the steps after warm-up."""
import json
import sys
import time

import numpy as np


def gaussian(dim, condition):
    stiffness = 1 / condition ** (np.arange(dim) / (dim - 1))
    reflect = np.eye(dim) - 2 / dim
    K = reflect @ np.diag(stiffness) @ reflect

    def law(x):
        g = x @ K
        return 0.5 * np.einsum("ij,ij->i", x, g), g

    return law, 4 * np.sqrt(condition) * np.ones(dim)


def funnel(dim):
    rest = dim - 1

    def law(x):
        v, y = x[:, 0], x[:, 1:]
        narrow = np.exp(-v)
        square = np.einsum("ij,ij->i", y, y)
        g = np.empty_like(x)
        g[:, 0] = v + 0.5 * rest - 0.5 * narrow * square
        np.multiply(y, narrow[:, None], out=g[:, 1:])
        return 0.5 * v * v + 0.5 * rest * v + 0.5 * narrow * square, g

    return law, np.array([4.0] + [4 * np.exp(2)] * rest)


def well():
    def law(x):
        s = x * x - 1
        return (s * s)[:, 0], 4 * x * s

    return law, np.array([3.0])


LAWS = {"gaussian": lambda c: gaussian(c["dim"], c["condition"]), "funnel": lambda c: funnel(c["dim"]), "double-well": lambda c: well()}
WINDOWS = (0.2, 0.4, 0.8)


def sample(law, half, D, chains, warmup, steps, rng):
    dim = len(half)
    x = rng.uniform(-half, half, (chains, dim))
    L, h, since = np.eye(dim), 0.01 * np.prod(2 * half) ** (2 / dim) / 2 / D / dim, 0
    value, slope = law(x)
    pull = slope @ L
    draws = np.empty((steps, chains, dim))
    seen, logs = [], []
    begun = 0.0
    for k in range(warmup + steps):
        if k == warmup:
            begun = time.process_time()
        longest = 100 * 2 * D * dim / h
        square = np.einsum("ij,ij->i", pull, pull)
        tame = np.sqrt(np.minimum(1, longest / np.maximum(square, 1e-300)))
        here = pull * tame[:, None]
        delta = np.sqrt(2 * D * h) * rng.standard_normal((chains, dim)) - h * here
        trial = x + delta @ L.T
        with np.errstate(all="ignore"):
            there_value, there_slope = law(trial)
            there_pull = there_slope @ L
            there_square = np.einsum("ij,ij->i", there_pull, there_pull)
            there_tame = np.sqrt(np.minimum(1, longest / np.maximum(there_square, 1e-300)))
            there = there_pull * there_tame[:, None]
            rise = there_value - value - 0.5 * np.einsum("ij,ij->i", delta, here + there)
            rise += 0.25 * h * (there_square * there_tame**2 - square * tame**2)
            p = np.exp(np.minimum(0, -rise / D))
        p[~np.isfinite(p)] = 0
        taken = rng.random(chains) < p
        x[taken] = trial[taken]
        value[taken] = there_value[taken]
        slope[taken] = there_slope[taken]
        pull[taken] = there_pull[taken]
        if k >= warmup:
            draws[k - warmup] = x
            continue
        since += 1
        h *= np.exp(max(0.02, 2 / (1 + since) ** 0.6) * (p.mean() - 0.574))
        if 0.1 * warmup < k <= WINDOWS[-1] * warmup:
            seen.append(x.copy())
        if k > 0.9 * warmup:
            logs.append(np.log(h))
        if any(k == int(share * warmup) for share in WINDOWS) and len(seen) > 1:
            L = np.linalg.cholesky(np.cov(np.concatenate(seen).T).reshape(dim, dim) / D)
            seen, since, h = [], 0, dim ** (-1 / 3)
            pull = slope @ L
        if k == warmup - 1:
            h = np.exp(np.mean(logs))
    return draws, time.process_time() - begun


rows = []
for case in json.load(sys.stdin):
    law, half = LAWS[case["law"]](case)
    seconds = []
    for round, file in enumerate(case["files"]):
        rng = np.random.default_rng(round)
        draws, took = sample(law, half, case["D"], case["chains"], case["warmup"], case["steps"], rng)
        draws.tofile(file)
        seconds.append(took)
    rows.append(min(seconds))
json.dump(rows, sys.stdout)

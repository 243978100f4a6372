"""One split-operator step of complex doubles with scipy.fft and with numpy.fft, the half phases of consecutive steps
merged: milliseconds a step, the least of several rounds. Reads shapes as JSON; writes for each those of scipy on one
thread and on two, and of numpy."""
import json
import sys
import time

import numpy as np
import scipy.fft


def least(step, seconds=1.5):
    best = float("inf")
    begun = time.perf_counter()
    rounds = 0
    while rounds < 3 or time.perf_counter() - begun < seconds:
        started = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - started)
        rounds += 1
    return 1e3 * best


def measure(shape):
    size = int(np.prod(shape))
    psi = (np.exp(-1e-3 * (np.arange(size) % 1000)) / np.sqrt(size)).astype(complex).reshape(shape)
    squares = [np.minimum(np.arange(n), n - np.arange(n)) ** 2.0 for n in shape]
    total = sum(np.ix_(*squares)) if len(shape) > 1 else squares[0]
    drift = np.exp(-1e-6j * total)
    kick = np.exp(-1e-3j * 1e-3 * (np.arange(size) % 997)).reshape(shape)

    def scipy_step(workers):
        def step():
            nonlocal psi
            psi = scipy.fft.fftn(psi, overwrite_x=True, workers=workers)
            psi *= drift
            psi = scipy.fft.ifftn(psi, overwrite_x=True, workers=workers)
            psi *= kick

        return step

    def numpy_step():
        nonlocal psi
        psi = np.fft.fftn(psi)
        psi *= drift
        psi = np.fft.ifftn(psi)
        psi *= kick

    return [least(scipy_step(1)), least(scipy_step(2)), least(numpy_step)]


json.dump([measure(tuple(shape)) for shape in json.load(sys.stdin)], sys.stdout)

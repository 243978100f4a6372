"""Minimizers of other people, as contestants beside ours. The objective is not here: each point's value is asked of
the program that started this one, which counts evaluations and says when it is over.

With --versions it writes one line of JSON: the package and version of each peer, null where it is absent. Else, for
each line {"peer", "dim", "lower", "upper", "seed", "budget"}, and "levels" where axes have so many whole numbers from 0
on (0: real, as all others are), it minimizes until it is told that it is over. It asks
with an int32 n and n points of float64; the answer is an int32 m and m values, m < n where the budget or the target
was reached. n = 0 ends the trial. A peer that ends by itself is started again with the next seed. A peer that asks for
gradients (-slopes) is answered with 1 + dim float64 for each point instead of one: the value, then the gradient. One
under constraints g(x) <= 0 (-limits) is told their number as "limits" and "boxes" [lower, upper] of each axis in place
of one for all, and answered with the value, then g. One under noise (-noise) asks for as many values as the budget says
and then for that of the point that it reports.
"""
import importlib
import json
import struct
import sys

import numpy as np

asking, answers = sys.stdout.buffer, sys.stdin.buffer
# whatever a package prints must not get between the questions
sys.stdout = sys.stderr
ONE = struct.pack("<i", 1)


class Over(BaseException):
    """The budget is spent or the target reached."""


class Problem:
    """A box with the values in it, and a stream of seeds for restarts."""

    def __init__(self, dim, lower, upper, seed, budget, levels=(), limits=0, boxes=()):
        self.dim, self.lower, self.upper, self.budget, self.levels = dim, lower, upper, budget, levels
        self.limits, self.boxes, self.known = limits, boxes, None
        self.rng = np.random.default_rng(seed)
        self.asked = 0
        self.over = False

    def seed(self):
        return int(self.rng.integers(2**31))

    def bounds(self):
        return [(self.lower, self.upper)] * self.dim

    def point(self):
        return self.rng.uniform(self.lower, self.upper, self.dim)

    def value(self, x):
        if self.over:
            raise Over
        self.asked += 1
        asking.write(ONE + np.asarray(x, dtype="<f8").tobytes())
        asking.flush()
        (m,) = struct.unpack("<i", exactly(4))
        if m < 1:
            self.over = True
            raise Over
        return struct.unpack("<d", exactly(8))[0]

    def slope(self, x):
        """The value and the gradient: one evaluation."""
        return self.value(x), np.frombuffer(exactly(8 * self.dim), dtype="<f8").copy()

    def limited(self, x):
        """The value and g: one evaluation, of which optimizers ask for the two parts in turn."""
        x = np.clip(x, *np.transpose(self.boxes))
        if self.known is None or not np.array_equal(self.known[0], x):
            value = self.value(x)
            self.known = (x, value, np.frombuffer(exactly(8 * self.limits), dtype="<f8").copy())
        return self.known[1:]

    def values(self, points):
        self.asked += len(points)
        asking.write(struct.pack("<i", len(points)) + np.asarray(points, dtype="<f8").tobytes())
        asking.flush()
        (m,) = struct.unpack("<i", exactly(4))
        found = np.frombuffer(exactly(8 * m), dtype="<f8")
        if m < len(points):
            self.over = True
            raise Over
        return found


def exactly(n):
    data = answers.read(n)
    if len(data) < n:
        # nobody is left to ask
        sys.exit(0)
    return data


def dual_annealing(p):
    from scipy.optimize import dual_annealing as anneal

    anneal(p.value, p.bounds(), seed=p.seed(), maxiter=10**9, maxfun=10**9)


def differential_evolution(p):
    from scipy.optimize import differential_evolution as evolve

    evolve(p.value, p.bounds(), seed=p.seed(), maxiter=10**9, tol=1e-9)


def differential_evolution_levels(p):
    from scipy.optimize import differential_evolution as evolve

    bounds = [(0, n - 1) if n else (p.lower, p.upper) for n in p.levels]
    evolve(p.value, bounds, integrality=[n > 0 for n in p.levels], seed=p.seed(), maxiter=10**9, tol=1e-9)


def multistart_lbfgsb(p):
    """From uniform points, one after another; gradients are scipy's forward differences, which count."""
    from scipy.optimize import minimize

    minimize(p.value, p.point(), method="L-BFGS-B", bounds=p.bounds())


def multistart_lbfgsb_slopes(p):
    """The same with exact gradients, to the bottom of each well; with scipy's own tolerances it solves as much."""
    from scipy.optimize import minimize

    tight = {"ftol": 1e-12, "gtol": 1e-8}
    minimize(p.slope, p.point(), jac=True, method="L-BFGS-B", bounds=p.bounds(), options=tight)


def multistart_limited(method, **options):
    """From uniform points, one after another; what slopes it needs are scipy's forward differences, which count."""

    def run(p):
        from scipy.optimize import minimize

        lower, upper = np.transpose(p.boxes)
        inside = [{"type": "ineq", "fun": lambda x: -p.limited(x)[1]}]
        # in widths of the box, as what is scaled badly is nobody's fault here
        width = upper - lower
        scaled = [{"type": "ineq", "fun": lambda t: inside[0]["fun"](lower + t * width)}]
        if method == "COBYLA":
            scaled += [{"type": "ineq", "fun": lambda t: np.concatenate([t, 1 - t])}]
        bounds = None if method == "COBYLA" else [(0, 1)] * p.dim
        start = p.rng.uniform(size=p.dim)
        value = lambda t: p.limited(lower + t * width)[0]
        minimize(value, start, method=method, bounds=bounds, constraints=scaled, options=options)

    return run


def differential_evolution_limits(p):
    from scipy.optimize import NonlinearConstraint, differential_evolution as evolve

    inside = NonlinearConstraint(lambda x: p.limited(x)[1], -np.inf, 0)
    evolve(lambda x: p.limited(x)[0], p.boxes, constraints=inside, seed=p.seed(), maxiter=10**9, tol=1e-9, polish=False)


def nlopt_global(name, **settings):
    def minimize(p):
        import nlopt

        def stoppable(x, _):
            # an exception that passes through nlopt may stay behind there
            try:
                return p.value(x)
            except Over:
                opt.force_stop()
                return np.inf

        nlopt.srand(p.seed())
        opt = nlopt.opt(getattr(nlopt, name), p.dim)
        opt.set_lower_bounds(p.lower)
        opt.set_upper_bounds(p.upper)
        opt.set_min_objective(stoppable)
        opt.set_maxeval(p.budget)
        if "local" in settings:
            local = nlopt.opt(getattr(nlopt, settings["local"]), p.dim)
            local.set_xtol_rel(1e-9)
            local.set_ftol_rel(1e-12)
            opt.set_local_optimizer(local)
        try:
            opt.optimize(p.point())
        except nlopt.ForcedStop:
            raise Over from None
        except nlopt.RoundoffLimited:
            pass

    return minimize


def optuna_tpe(p):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=p.seed()))
    while True:
        trial = study.ask()
        x = [trial.suggest_float(f"x{i}", p.lower, p.upper) for i in range(p.dim)]
        study.tell(trial, p.value(x))


def optuna_tpe_choices(p):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=p.seed()))
    while True:
        trial = study.ask()
        x = [trial.suggest_categorical(f"x{i}", list(range(n))) for i, n in enumerate(p.levels)]
        study.tell(trial, p.value(x))


def bipop(p):
    """BI-population CMA-ES (Hansen, GECCO workshop 2009) around the strategy of deap: large populations that double,
    and in between small ones at smaller scales, each side given the same evaluations."""
    start = 4 + int(3 * np.log(p.dim))
    scale = (p.upper - p.lower) / 5
    center, half = (p.lower + p.upper) / 2, 0.4 * (p.upper - p.lower)

    def mean():
        return center + p.rng.uniform(-half, half, p.dim)

    np.random.seed(p.seed())
    run_cma(p, mean(), scale, start, None)
    spent = {"large": 0, "small": 0}
    large, last = start, 0
    while True:
        if spent["small"] < spent["large"]:
            u, v = p.rng.uniform(size=2)
            size = int(start * (0.5 * large / start) ** (u * u))
            spent["small"] += run_cma(p, mean(), scale * 10 ** (-2 * v), size, last / 2)
        else:
            large *= 2
            last = run_cma(p, mean(), scale, large, None)
            spent["large"] += last


def cma_noise(times):
    """One run of deap's strategy, `times` its own number of samples; the center of the last generation is reported."""

    def run(p):
        from deap.cma import Strategy

        np.random.seed(p.seed())
        size = times * (4 + int(3 * np.log(p.dim)))
        strategy = Strategy((p.lower + p.upper) / 2 * np.ones(p.dim), (p.upper - p.lower) / 5, lambda_=size)
        for _ in range(p.budget // size):
            people = strategy.generate(lambda row: row.view(Point))
            for person in people:
                person.fitness = -p.value(person)
            strategy.update(people)
        for person in strategy.generate(lambda row: row.view(Point))[: p.budget % size]:
            p.value(person)
        p.value(np.clip(strategy.centroid, p.lower, p.upper))

    return run


def differential_evolution_noise(p):
    """The point of the least value is reported: nothing is evaluated twice."""
    from scipy.optimize import differential_evolution as evolve

    least = [np.inf, None]

    def value(x):
        if p.asked == p.budget:
            p.value(least[1])
            raise Over
        seen = p.value(x)
        if seen < least[0]:
            least[:] = [seen, np.array(x)]
        return seen

    evolve(value, p.bounds(), seed=p.seed(), maxiter=10**9, tol=0, polish=False)


class Point(np.ndarray):
    """An individual of deap: a point that can carry its fitness."""


def run_cma(p, mean, sigma, size, most):
    """One run; returns its evaluations. It ends as Hansen (2009) says."""
    from deap.cma import Strategy

    d = p.dim
    strategy = Strategy(mean, sigma, lambda_=size)
    window = 10 + int(np.ceil(30 * d / size))
    tail = int(120 + 30 * d / size)
    generations = int(100 + 50 * (d + 3) ** 2 / np.sqrt(size))
    kth = min(size - 1, int(np.ceil(0.1 + size / 4)))
    bests, medians, flat, spent = [], [], [], 0
    for g in range(generations):
        people = strategy.generate(lambda row: row.view(Point))
        values = p.values(people)
        spent += size
        for person, value in zip(people, values):
            person.fitness = -value
        try:
            with np.errstate(all="ignore"):
                strategy.update(people)
        except np.linalg.LinAlgError:
            break
        ordered = np.sort(values)
        bests.append(ordered[0])
        medians.append(ordered[size // 2])
        flat.append(ordered[0] == ordered[kth])
        recent = bests[-window:]
        if g >= window and max(recent) - min(recent) < 1e-12 and ordered[-1] - ordered[0] < 1e-12:
            break
        if sum(flat[-d:]) > d / 3 and g >= d:
            break
        if not 0 < strategy.cond < 1e14:
            break
        if strategy.sigma * max(np.max(np.abs(strategy.pc)), np.sqrt(np.max(np.diag(strategy.C)))) < 1e-12 * sigma:
            break
        back = max(tail, g // 5)
        if g % 10 == 0 and g >= tail and stagnant(bests[-back:]) and stagnant(medians[-back:]):
            break
        if most is not None and spent >= most:
            break
    return spent


def stagnant(history):
    share = max(1, int(0.3 * len(history)))
    return np.median(history[-share:]) >= np.median(history[:share])


PEERS = {
    "bipop": ("deap", bipop),
    "lbfgsb": ("scipy", multistart_lbfgsb),
    "lbfgsb-slopes": ("scipy", multistart_lbfgsb_slopes),
    "dual-annealing": ("scipy", dual_annealing),
    "de": ("scipy", differential_evolution),
    "de-levels": ("scipy", differential_evolution_levels),
    "de-limits": ("scipy", differential_evolution_limits),
    "de-noise": ("scipy", differential_evolution_noise),
    "cma-noise": ("deap", cma_noise(1)),
    "cma-large-noise": ("deap", cma_noise(10)),
    "cobyla-limits": ("scipy", multistart_limited("COBYLA", rhobeg=0.2, tol=1e-9, maxiter=10**6)),
    "slsqp-limits": ("scipy", multistart_limited("SLSQP", ftol=1e-12, maxiter=1000)),
    "nlopt-crs": ("nlopt", nlopt_global("GN_CRS2_LM")),
    "nlopt-isres": ("nlopt", nlopt_global("GN_ISRES")),
    "nlopt-mlsl": ("nlopt", nlopt_global("G_MLSL_LDS", local="LN_BOBYQA")),
    "optuna-tpe": ("optuna", optuna_tpe),
    "optuna-tpe-choices": ("optuna", optuna_tpe_choices),
}


def version(package):
    """The package and its version, or None where it is absent."""
    try:
        module = importlib.import_module(package)
    except ImportError:
        return None
    if package == "nlopt":
        return f"nlopt {module.version_major()}.{module.version_minor()}.{module.version_bugfix()}"
    return f"{package} {module.__version__}"


def serve():
    while line := answers.readline():
        trial = json.loads(line)
        _, minimize = PEERS[trial.pop("peer")]
        problem = Problem(**trial)
        try:
            while True:
                asked = problem.asked
                minimize(problem)
                if problem.asked == asked:
                    sys.exit("ended without asking for a value")
        except Over:
            pass
        asking.write(struct.pack("<i", 0))
        asking.flush()


if "--versions" in sys.argv:
    found = {package: version(package) for package in {package for package, _ in PEERS.values()}}
    asking.write(json.dumps({name: found[package] for name, (package, _) in PEERS.items()}).encode())
else:
    serve()

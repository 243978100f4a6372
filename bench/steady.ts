/**
 * Answers in any order against the answers of a step together: time until fmin + 10⁻², on a clock that is counted, with
 * eight workers and costs that differ (clock.ts), in five dimensions and off center. Under constraints, of their own
 * dimensions, until least + 10⁻⁴ (1 + |least|).
 */
import type { Setup } from "../src/core/run.ts";
import { setup } from "../src/index.ts";
import { key } from "../src/math/rng.ts";
import { anyOrder, type Ended, together } from "./clock.ts";
import { problems } from "./limited.ts";

const WORKERS = 8;
const DIM = 5;
const SEEDS = 15;
const CLASSIC = ["sphere", "rosenbrock", "rastrigin"];
const BBOB: readonly (readonly [number, string])[] = [
  [6, "attractive sector"],
  [10, "rotated ellipsoid"],
  [15, "rotated rastrigin"],
  [16, "weierstrass"],
  [17, "schaffer F7"],
  [18, "schaffer F7, ill-conditioned"],
  [21, "gallagher, 101 peaks"],
];

export async function bench() {
  const rows: Record<string, number | string>[] = [];
  const budget = 20_000 * DIM;
  const known = (given: Setup): Setup => ({ ...given, target: (given.potential.truth?.minimum ?? 0) + 1e-2 });
  for (const entry of CLASSIC)
    rows.push(
      await row(entry, (seed) =>
        known(setup({ entry, set: { dim: DIM } }, { domain: [-3.7, 6.1], seed, budget, gradient: false })),
      ),
    );
  for (const [f, name] of BBOB) {
    const objective = { entry: "bbob", set: { f, dim: DIM, instance: 1 } };
    rows.push(await row(`f${f} ${name}`, (seed) => known(setup(objective, { seed, budget }))));
  }
  for (const [name, { value, least, domain, constraints }] of Object.entries(problems)) {
    const target = least + 1e-4 * (1 + Math.abs(least));
    rows.push(
      await row(name, (seed) =>
        setup(value, { domain: domain as [number, number][], constraints, seed, budget: 20_000, target }),
      ),
    );
  }
  return { name: `Answers in any order: ${WORKERS} workers, d = ${DIM}, ${SEEDS} seeds, medians`, rows };
}

async function row(name: string, given: (seed: number) => Setup) {
  const any: Ended[] = [];
  const step: Ended[] = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const of = given(seed);
    any.push(anyOrder(of, WORKERS, key(1000 + seed)));
    step.push(await together(of, WORKERS, key(1000 + seed)));
  }
  const [a, b] = [median(any), median(step)];
  return {
    objective: name,
    "any order": told(any),
    "steps together": told(step),
    "times sooner": Number.isFinite(a) && Number.isFinite(b) ? (b / a).toFixed(2) : "–",
    evaluations: `${middle(any)} / ${middle(step)}`,
  };
}

function median(runs: readonly Ended[]): number {
  const times = runs.map(({ reached, time }) => (reached ? time : Number.POSITIVE_INFINITY)).sort((a, b) => a - b);
  return times[times.length >> 1];
}

function middle(runs: readonly Ended[]): number {
  return runs.map(({ evaluations }) => evaluations).sort((a, b) => a - b)[runs.length >> 1];
}

function told(runs: readonly Ended[]): string {
  const time = median(runs);
  const reached = runs.filter(({ reached }) => reached).length;
  return `${Number.isFinite(time) ? time.toFixed(0) : "–"} (${reached}/${runs.length})`;
}

/**
 * Answers in any order against the answers of a step together: time until fmin + 10⁻², on a clock that is counted, with
 * eight workers and costs that differ (clock.ts), in five dimensions and off center.
 */
import { setup } from "../src/index.ts";
import { key } from "../src/math/rng.ts";
import { anyOrder, type Ended, together } from "./clock.ts";

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

type Objective = Parameters<typeof setup>[0];

export async function bench() {
  const rows: Record<string, number | string>[] = [];
  for (const entry of CLASSIC)
    rows.push(await row(entry, { entry, set: { dim: DIM } }, { domain: [-3.7, 6.1] as [number, number] }));
  for (const [f, name] of BBOB)
    rows.push(await row(`f${f} ${name}`, { entry: "bbob", set: { f, dim: DIM, instance: 1 } }, {}));
  return { name: `Answers in any order: ${WORKERS} workers, d = ${DIM}, ${SEEDS} seeds, medians`, rows };
}

async function row(name: string, objective: Objective, at: { domain?: [number, number] }) {
  const any: Ended[] = [];
  const step: Ended[] = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const given = setup(objective, { ...at, seed, budget: 20_000 * DIM, gradient: false });
    const of = { ...given, target: (given.potential.truth?.minimum ?? 0) + 1e-2 };
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

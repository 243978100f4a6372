/**
 * Descent: the 1-order level, a point that sees the slope of ζ: x' = x − η∇ζ + √(2Dη) ξ. At D = 0 it is gradient descent
 * from one random start after another, its rate η after Barzilai and Borwein; at D > 0 it is Langevin dynamics with
 * η = Δτ, whose stationary law is e^{−ζ/D} as η → 0. Where ζ gives no gradient the slope is the quotient of samples (14).
 */
import {
  type Ask,
  askGradient,
  askValue,
  clip,
  confine,
  type Domain,
  type Engine,
  engineEntry,
  type Info,
  meanWidth,
  proportions,
  uniformPoints,
} from "../core/index.ts";
import { dot, type Key, norm, normal } from "../math/index.ts";
import { steady } from "../schedules/index.ts";

export type DescentOptions = {
  /** Ask ζ for its gradient. */
  readonly gradients: boolean;
  /** The quotient where it is not asked: `centered` of order 2, `printed` the two-sample (14), of order 1. */
  readonly difference: "centered" | "printed";
};

type Descent = {
  readonly domain: Domain;
  /** The width of each axis over the mean width. */
  readonly share: Float64Array;
  /** The mean width. */
  readonly width: number;
  readonly x: Float64Array;
  readonly slope: Float64Array;
  value: number;
  /** η of the next step at D = 0. */
  rate: number;
  /** The last values accepted: a step may rise, but not above them all. */
  readonly recent: Float64Array;
  /** Points accepted since the start. */
  accepted: number;
  lowest: number;
  /** Steps since the lowest value fell noticeably. */
  idle: number;
};

const MEMORY = 10;
const PATIENCE = 25;
const NOTICEABLE = 1e-13;
// lengths, in widths of the box
const FIRST_STEP = 0.05;
const LONGEST_STEP = 0.25;
const SHORTEST_STEP = 1e-14;

/**
 * One point that descends, and starts anew where it has come to rest. Lengths are measured axis by axis in proportion to
 * the widths of the box, as if it were a cube. At D = 0 the point stops at an edge (a periodic one carries it round).
 */
export function descent(options: DescentOptions): Engine<Descent> {
  return {
    name: "descent",
    needs: [options.gradients ? "gradient" : "value"],

    *init(domain, key) {
      const state = atRest(domain);
      yield* start(state, options, key);
      return state;
    },

    *step(working, { D, dt, key }) {
      if (D > 0) return yield* diffuse(working, options, D, dt, key);
      if (working.idle < PATIENCE && working.value < Number.POSITIVE_INFINITY) return yield* descend(working, options);
      yield* start(working, options, key);
      return report(working, 0, 0);
    },

    view: ({ x, value }) => ({
      kind: "cloud",
      points: { n: 1, dim: x.length, x },
      value: Float64Array.of(value),
    }),
  };
}

function atRest(domain: Domain): Descent {
  const dim = domain.lower.length;
  return {
    domain,
    share: proportions(domain),
    width: meanWidth(domain),
    x: new Float64Array(dim),
    slope: new Float64Array(dim),
    value: Number.POSITIVE_INFINITY,
    rate: 0,
    recent: new Float64Array(MEMORY),
    accepted: 0,
    lowest: Number.POSITIVE_INFINITY,
    idle: 0,
  };
}

/** A new descent from a uniform point; its first step is a twentieth of the box. */
function* start(state: Descent, options: DescentOptions, key: Key): Ask<void> {
  const { domain, x, slope, recent } = state;
  const at = uniformPoints(domain, key, 1).x;
  const seen = yield* see(options, at);
  const slopes = yield* slopeThere(options, domain, at, seen);
  x.set(at);
  slope.set(slopes);
  recent.fill(seen.value);
  const rate = rateOfLength(FIRST_STEP, slopes, state);
  Object.assign(state, { value: seen.value, lowest: seen.value, rate, accepted: 0, idle: 0 });
}

/** One trial of the descent: taken unless it rises above the recent values, else the rate is cut. */
function* descend(state: Descent, options: DescentOptions): Ask<Info> {
  const { domain, share, width, x, slope, value, rate, recent } = state;
  const trial = new Float64Array(x.length);
  const step = new Float64Array(x.length);
  for (let j = 0; j < x.length; j++) {
    const wish = x[j] - rate * share[j] * share[j] * slope[j];
    trial[j] = clip(domain, j, wish);
    step[j] = (domain.edge === "periodic" ? wish : trial[j]) - x[j];
  }
  const scaled = step.map((s, j) => s / share[j]);
  const length = norm(scaled);
  if (!(length > SHORTEST_STEP * width)) {
    state.idle = PATIENCE;
    return report(state, length, rate);
  }
  const promised = dot(step, slope);
  const seen = yield* see(options, trial);
  state.idle++;
  if (!accepts(seen.value, recent, promised)) {
    state.rate *= shortening(seen.value - value, promised);
    return report(state, length, rate);
  }
  const slopes = yield* slopeThere(options, domain, trial, seen);
  const longest = rateOfLength(LONGEST_STEP, slopes, state);
  state.rate = Math.min(longest, secantRate(state, step, scaled, slopes));
  x.set(trial);
  slope.set(slopes);
  take(state, seen.value);
  return report(state, length, rate);
}

function take(state: Descent, value: number): void {
  if (value < state.lowest - NOTICEABLE * Math.abs(state.lowest)) {
    state.lowest = value;
    state.idle = 0;
  }
  state.value = value;
  state.recent[state.accepted % MEMORY] = value;
  state.accepted++;
}

const SUFFICIENT = 1e-4;

/** The rule of Grippo, Lampariello and Lucidi (1986): below the worst of the recent values, by a share of the fall promised. */
function accepts(value: number, recent: Float64Array, promised: number): boolean {
  let worst = recent[0];
  for (const r of recent) worst = Math.max(worst, r);
  return value <= worst + SUFFICIENT * promised;
}

/** The factor to the lowest point of the parabola through the value, the slope and the trial; between 0.1 and 0.5. */
function shortening(rise: number, promised: number): number {
  const factor = -promised / (2 * (rise - promised));
  return Number.isFinite(rise) ? Math.min(0.5, Math.max(0.1, factor)) : 0.1;
}

/**
 * s·s / s·y and s·y / y·y in turn (Barzilai and Borwein, 1988), in lengths of the box; longer where ζ bends down.
 * @param scaled s in lengths of the box
 * @param slopes ∇ζ after the step: y is what it differs by
 */
function secantRate(state: Descent, step: Float64Array, scaled: Float64Array, slopes: Float64Array): number {
  const { rate, accepted, share, slope } = state;
  let sy = 0;
  let yy = 0;
  for (let j = 0; j < step.length; j++) {
    const bend = slopes[j] - slope[j];
    sy += step[j] * bend;
    yy += bend * share[j] * (bend * share[j]);
  }
  if (!(sy > 0)) return 4 * rate;
  return finite(accepted % 2 === 0 ? dot(scaled, scaled) / sy : sy / yy);
}

/** x' = x − η∇ζ + √(2Dη) ξ with η = Δτ, reflected at the edges: unadjusted, so that the law holds to O(η). */
function* diffuse(state: Descent, options: DescentOptions, D: number, dt: number, key: Key): Ask<Info> {
  const { domain, share, x, slope } = state;
  const kick = Math.sqrt(2 * D * dt);
  const trial = x.map((xj, j) => {
    const drift = dt * share[j] * share[j] * slope[j];
    return confine(domain, j, xj - drift + kick * share[j] * normal(key, j));
  });
  const length = norm(trial.map((t, j) => (t - x[j]) / share[j]));
  const seen = yield* see(options, trial);
  slope.set(yield* slopeThere(options, domain, trial, seen));
  x.set(trial);
  state.value = seen.value;
  return report(state, length, dt);
}

type Sight = { readonly value: number; readonly slope?: Float64Array };

/** ζ at a point, and its slope where one query gives both. */
function* see({ gradients }: DescentOptions, x: Float64Array): Ask<Sight> {
  const at = { n: 1, dim: x.length, x };
  if (!gradients) return { value: (yield* askValue(at))[0] };
  const { value, gradient } = yield* askGradient(at);
  return { value: value[0], slope: gradient.map(finite) };
}

function* slopeThere(options: DescentOptions, domain: Domain, x: Float64Array, seen: Sight): Ask<Float64Array> {
  if (seen.slope !== undefined) return seen.slope;
  return yield* options.difference === "printed" ? printed(domain, x, seen.value) : centered(domain, x);
}

// rounding against truncation: the best spacing goes as ε^{1/2} at order 1 and as ε^{1/3} at order 2
const SPACING_PRINTED = 2 ** -26;
const SPACING_CENTERED = 2 ** -17;

/** (14): (ζ(x + Δ) − ζ(x)) / Δ on each axis, with Δ < 0 at the upper bound. */
export function* printed({ lower, upper }: Domain, x: Float64Array, value: number): Ask<Float64Array> {
  const dim = x.length;
  const at = repeated(x, dim);
  for (let j = 0; j < dim; j++) {
    const spacing = SPACING_PRINTED * (upper[j] - lower[j]);
    at[j * dim + j] += x[j] + spacing <= upper[j] ? spacing : -spacing;
  }
  const values = yield* askValue({ n: dim, dim, x: at });
  return x.map((xj, j) => finite((values[j] - value) / (at[j * dim + j] - xj)));
}

/** (ζ(x + Δ) − ζ(x − Δ)) / 2Δ on each axis, one-sided at a bound. */
export function* centered({ lower, upper }: Domain, x: Float64Array): Ask<Float64Array> {
  const dim = x.length;
  const at = repeated(x, 2 * dim);
  const up = (j: number): number => j * dim + j;
  const down = (j: number): number => (dim + j) * dim + j;
  for (let j = 0; j < dim; j++) {
    const spacing = SPACING_CENTERED * (upper[j] - lower[j]);
    at[up(j)] = Math.min(upper[j], x[j] + spacing);
    at[down(j)] = Math.max(lower[j], x[j] - spacing);
  }
  const values = yield* askValue({ n: 2 * dim, dim, x: at });
  return x.map((_, j) => finite((values[j] - values[dim + j]) / (at[up(j)] - at[down(j)])));
}

function repeated(x: Float64Array, n: number): Float64Array {
  const rows = new Float64Array(n * x.length);
  for (let i = 0; i < n; i++) rows.set(x, i * x.length);
  return rows;
}

/** What is not finite says nothing: no slope, no step. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** The η whose step has a length given in widths of the box; 0 on a plateau. */
function rateOfLength(length: number, slope: Float64Array, { share, width }: Descent): number {
  return finite((length * width) / norm(slope.map((s, j) => s * share[j])));
}

/** `spread` is the length of the last step, `slope` the norm of ∇ζ. */
function report({ value, slope }: Descent, length: number, rate: number): Info {
  return { energy: value, spread: length, scatter: 0, slope: norm(slope), dt: rate };
}

export const descentEntry = engineEntry({
  name: "descent",
  summary: "gradient descent from random starts (1-order), by gradients or by differences of samples",
  reference: "paper (11), (14); Barzilai, Borwein, IMA J. Numer. Anal. 8, 141 (1988)",
  params: {
    gradients: { help: "ask ζ for its gradient", default: false },
    difference: {
      help: "slope without a gradient: centered (order 2), or printed, the two-sample (14) (order 1)",
      default: "centered",
      choices: ["centered", "printed"],
    },
  },
  make: ({ gradients, difference }): Engine =>
    descent({ gradients, difference: difference === "printed" ? "printed" : "centered" }),
  anneal: () => steady({ D: 0, dt: 0 }),
});

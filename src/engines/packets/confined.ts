/**
 * The confined packet: a harmonic one under constraints g(x) ≤ 0. An engine sees their exact penalty, whose edge no
 * harmonic well fits; but ζ and every g are smooth beside it, and the differences that tell the slope of ζ tell those of
 * g as well. The packet goes to the ground state of its well among what the slopes allow,
 *
 *   min ½ sᵀKs + bᵀs   where   g_j + a_j·s ≤ −m_j,
 *
 * m_j being how far off the last forecast of g_j was, so that it ends on the allowed side; K learns the curvature of
 * ζ + λᵀg with the multipliers λ of the last step (sequential quadratic programming: J. Nocedal, S. Wright, "Numerical
 * Optimization", 2nd ed., chapter 18). A step is kept where the penalized value falls.
 *
 * It takes turns with its engine by the Softmax (equation 23) of the lowest penalized values of both, and is born at the
 * lowest point that the engine has asked since the last one was. Discrete variables stay as they are there; where there
 * are some, every other packet is born a hop (hops.ts) away from the best point of all, at options not tried before.
 */
import type { Ask } from "../../core/ask.ts";
import type { Engine, Info, Tick } from "../../core/engine.ts";
import { blankHops, hop } from "../../core/hops.ts";
import { blankMemory, learn, type Memory, recall } from "../../core/memory.ts";
import type { Plain } from "../../core/plain.ts";
import type { Answer, Points, Query } from "../../core/problem.ts";
import { isDiscrete, type Space, type Variable } from "../../core/space.ts";
import { dot } from "../../math/linalg.ts";
import { solveQuadratic } from "../../math/quadratic-program.ts";
import type { Key } from "../../math/rng.ts";
import { bend, blankWell, makeDiagonal, type Well } from "./well.ts";
import { LARGEST_FULL } from "./wide.ts";

/** ζ, without penalties, and g at a point of the space. */
type Seen = { readonly x: Float64Array; readonly bare: number; readonly g: Float64Array };

/** A packet on its way. */
type Descent = {
  at: Seen;
  /** b and a_j, row-major [m × d], per width of each axis. */
  slope: Float64Array;
  slopes: Float64Array;
  well: Well;
  /** λ and m. */
  multipliers: Float64Array;
  margins: Float64Array;
  /** The longest step along an axis, in its widths. */
  reach: number;
  steps: number;
};

export type Confined = {
  inner: Plain;
  /** r_j, as they now are. */
  prices: Float64Array;
  /** Evaluations of the engine and of confined packets, and the lowest point of each. */
  spent: Float64Array;
  lowest: (Seen | null)[];
  births: number;
  /** The lowest point that the engine has asked since the last birth. */
  next: Seen | null;
  /** Discrete variables at which packets have been. */
  tried: Memory;
  descent: Descent | null;
} & { readonly [k: string]: Plain };

/** Its family, behind all of an engine's own. */
export const CONFINED = 14;

/** In widths of an axis: a step of differences, the longest one at first, the first of a guessed well, and one that is none. */
const DIFFERENCE = 1e-6;
const REACH = 0.2;
const GUESS = 0.05;
const POINT = 1e-11;
/** Trials of one step. */
const TRIALS = 8;
/** What is left of a broken constraint where not all of it can be mended at once, and whether the margins are kept. */
const MENDING = [{ left: 0, margin: true }, ...[0, 0.5, 0.9, 1].map((left) => ({ left, margin: false }))];
/** A margin that rounding needs, as a share of the slope over a width of the box; and steps at most. */
const ROUNDING = 1e-13;
const MOST = 200;
/** By this share of its violation a constraint is kept beyond its edge where it is kept for itself. */
const BEYOND = 0.1;
/** From so many steps on a packet ends that lies so many falls of its last step above the best point that is allowed. */
const INFANCY = 3;
const VANISHED = 5;

/** The engine with confined packets beside it; itself where no variable is smooth, or so many that a step costs too much. */
export function confined(engine: Engine, space: Space): Engine {
  const smooth = space.variables.flatMap((v, j) => (v.kind === "fixed" || isDiscrete(v) ? [] : [j]));
  if (smooth.length === 0 || smooth.length > LARGEST_FULL) return engine;
  const axes = smooth.map((j) => ({ j, v: space.variables[j] }));

  const superposed: Engine<Confined> = {
    ...engine,
    nameOf: (family) => (family === CONFINED ? "confined" : (engine.nameOf?.(family) ?? `family ${family + 1}`)),

    *init(domain, key, start) {
      const state: Confined = {
        inner: null,
        prices: new Float64Array(0),
        spent: new Float64Array(2),
        lowest: [null, null],
        births: 0,
        next: null,
        tried: blankMemory(),
        descent: null,
      };
      state.inner = yield* watched(engine.init(domain, key, start), state);
      return state;
    },

    *step(working, tick: Tick) {
      if (!isConfinedsTurn(working)) return yield* watched(engine.step(working.inner as never, tick), working);
      const before = working.spent[1];
      if (working.descent === null) yield* bear(working, axes, space, tick.key);
      else if (yield* descend(working.descent, working, axes)) {
        const best = bestOf(working);
        if (best !== null && !isAllowed(best)) yield* keepEach(working.descent, working, axes);
        working.descent = null;
      }
      return told(working, working.spent[1] - before);
    },

    view: ({ inner }) => engine.view(inner as never),
    ...(engine.exhausted && { exhausted: ({ inner }) => engine.exhausted?.(inner as never) ?? false }),
  };
  return superposed as Engine;
}

type Axes = readonly { readonly j: number; readonly v: Variable }[];

function isConfinedsTurn(state: Confined): boolean {
  const { spent, lowest, next, descent } = state;
  if (next === null && descent === null) return false;
  const isBehind = (a: number, b: number): number => Number(isLower(state, lowest[b], lowest[a]));
  const ranks = [isBehind(0, 1), isBehind(1, 0)];
  return spent[1] * Math.exp(ranks[1]) < spent[0] * Math.exp(ranks[0]);
}

function told(state: Confined, lambda: number): Info {
  const at = state.descent?.at ?? state.lowest[1];
  return { energy: at === null ? Number.NaN : merit(state, at), D: 0, lambda, family: CONFINED, births: state.births };
}

/** A part of the engine, with its lowest point noted. */
function* watched<T>(ask: Ask<T>, state: Confined): Ask<T> {
  try {
    let step = ask.next();
    while (!step.done) {
      const query: Query = step.value;
      const answer: Answer = yield query;
      for (const seen of booked(state, 0, query.at, answer))
        if (isLower(state, seen ?? null, state.next)) state.next = seen ?? null;
      step = ask.next(answer);
    }
    return step.value;
  } finally {
    ask.return(undefined as T);
  }
}

/** ζ with the penalties as they now are. */
function merit({ prices }: Confined, { bare, g }: Seen): number {
  return g.reduce((sum, v, k) => (v > 0 ? sum + prices[k] * v : sum), bare);
}

/** Whether a point lies below another, or there is no other: of two that are allowed by ζ alone. */
function isLower(state: Confined, seen: Seen | null, than: Seen | null): boolean {
  if (seen === null) return false;
  if (than === null) return true;
  return isAllowed(seen) && isAllowed(than) ? seen.bare < than.bare : merit(state, seen) < merit(state, than);
}

function isAllowed({ g }: Seen): boolean {
  return g.every((v) => v <= 0);
}

function bestOf(state: Confined): Seen | null {
  const [engines, own] = state.lowest;
  return isLower(state, own, engines) ? own : engines;
}

/** What an answer tells, on the account of the engine (0) or of confined packets (1). */
function booked(state: Confined, who: number, at: Points, answer: Answer): (Seen | undefined)[] {
  state.spent[who] += answer.n;
  if (answer.prices !== undefined) state.prices = answer.prices;
  const seen = Array.from({ length: at.n }, (_, i) => (i < answer.n ? seenAt(at, answer, i) : undefined));
  for (const one of seen) if (isLower(state, one ?? null, state.lowest[who])) state.lowest[who] = one ?? null;
  return seen;
}

/** Point i of an answer; nothing where ζ or a g is not known there. */
function seenAt({ dim, x }: Points, { n, bare, constraints }: Answer, i: number): Seen | undefined {
  if (bare === undefined || constraints === undefined) return undefined;
  const m = constraints.length / n;
  const g = constraints.subarray(i * m, (i + 1) * m);
  if (!Number.isFinite(bare[i]) || !g.every(Number.isFinite)) return undefined;
  return { x: x.slice(i * dim, (i + 1) * dim), bare: bare[i], g: g.slice() };
}

/** A packet with its slopes, at the engine's lowest point or a hop away from the best. */
function* bear(state: Confined, axes: Axes, space: Space, key: Key): Ask<void> {
  const next = (state.births % 2 === 1 ? yield* hopped(state, space, key) : undefined) ?? state.next;
  state.births++;
  if (next === null) return;
  if (next === state.next) state.next = null;
  learn(state.tried, optionsAt(space, next.x), 0);
  const dim = axes.length;
  const m = next.g.length;
  const descent: Descent = {
    at: next,
    slope: new Float64Array(dim),
    slopes: new Float64Array(m * dim),
    well: blankWell(dim),
    multipliers: new Float64Array(m),
    margins: new Float64Array(m),
    reach: REACH,
    steps: 0,
  };
  if (!(yield* slopesHere(descent, state, axes))) return;
  const size = descent.slope.reduce((sum, v) => sum + Math.abs(v), 0);
  makeDiagonal(descent.well, () => (size > 0 ? size / GUESS : 1), dim);
  state.descent = descent;
}

/** A point with other discrete variables than any packet has been at; none where there is none, or too few are left. */
function* hopped(state: Confined, space: Space, key: Key): Ask<Seen | undefined> {
  const { tried } = state;
  const best = bestOf(state);
  if (best === null || !space.variables.some(isDiscrete)) return undefined;
  const hops = { ...blankHops(), x: best.x };
  const to = hop(hops, space, (x) => recall(tried, optionsAt(space, x)) !== undefined, key);
  if (to === null) return undefined;
  learn(tried, optionsAt(space, to.x), 0);
  const [seen] = yield* look(state, to);
  return seen;
}

function optionsAt({ variables }: Space, x: Float64Array): Float64Array {
  return x.filter((_, j) => isDiscrete(variables[j]));
}

/** ∇ζ and ∇g by differences along the smooth axes. Returns whether all are known. */
function* slopesHere({ at, slope, slopes }: Descent, state: Confined, axes: Axes): Ask<boolean> {
  const dim = at.x.length;
  const d = axes.length;
  const x = new Float64Array(d * dim);
  const steps = axes.map(({ j, v }, i) => {
    const t = along(v, at.x[j]);
    const h = t + DIFFERENCE <= 1 ? DIFFERENCE : -DIFFERENCE;
    x.set(at.x, i * dim);
    x[i * dim + j] = worth(v, t + h);
    return along(v, x[i * dim + j]) - t;
  });
  const seen = yield* look(state, { n: d, dim, x });
  for (let i = 0; i < d; i++) {
    const one = seen[i];
    if (one === undefined) return false;
    slope[i] = (one.bare - at.bare) / steps[i];
    for (let k = 0; k < at.g.length; k++) slopes[k * d + i] = (one.g[k] - at.g[k]) / steps[i];
  }
  return slope.every(Number.isFinite) && slopes.every(Number.isFinite);
}

/** Asks for points that the confined packet pays for. */
function* look(state: Confined, at: Points): Ask<(Seen | undefined)[]> {
  return booked(state, 1, at, yield { kind: "value", at });
}

/** One step. Returns whether it was the packet's last. */
function* descend(descent: Descent, state: Confined, axes: Axes): Ask<boolean> {
  const d = axes.length;
  const { at, well } = descent;
  for (let n = 0; n < TRIALS; n++) {
    const wanted = aim(descent, axes, at.g);
    if (wanted === undefined || largest(wanted.s) < POINT) return true;
    let found = yield* tried(at, wanted.s, state, axes);
    let s = wanted.s;
    if (found !== undefined && !isLower(state, found, at)) {
      // the constraints bend: once more to where they are as they were seen at the trial
      const mended = aim(descent, axes, forecast(descent, s, found.g));
      if (mended !== undefined && apart(mended.s, s) >= POINT) {
        s = mended.s;
        found = yield* tried(at, s, state, axes);
      }
    }
    if (found === undefined || !isLower(state, found, at)) {
      descent.reach = Math.min(descent.reach, largest(wanted.s)) / 4;
      continue;
    }
    const old = { slope: descent.slope.slice(), slopes: descent.slopes.slice() };
    const moved = axes.map(({ j, v }) => along(v, found.x[j]) - along(v, at.x[j]));
    for (let k = 0; k < at.g.length; k++)
      descent.margins[k] = Math.abs(found.g[k] - at.g[k] - dot(row(old.slopes, k, d), Float64Array.from(moved)));
    descent.multipliers.set(wanted.multipliers.subarray(0, at.g.length));
    descent.reach = Math.max(descent.reach, 2 * largest(wanted.s));
    descent.at = found;
    descent.steps++;
    const hope = merit(state, found) - VANISHED * (merit(state, at) - merit(state, found));
    const best = bestOf(state);
    const hopeless = descent.steps >= INFANCY && best !== null && isAllowed(best) && hope > best.bare;
    if (hopeless || descent.steps > MOST || !(yield* slopesHere(descent, state, axes))) return true;
    const y = descent.slope.map((b, i) => {
      let sum = b - old.slope[i];
      for (let k = 0; k < at.g.length; k++)
        sum += descent.multipliers[k] * (descent.slopes[k * d + i] - old.slopes[k * d + i]);
      return sum;
    });
    const step = Float64Array.from(moved);
    if (descent.steps === 1 && dot(step, y) > 0) {
      const k = dot(y, y) / dot(step, y);
      makeDiagonal(well, () => k, d);
    }
    bend(well, step, y, true, new Float64Array(d), new Float64Array(d));
    return false;
  }
  return true;
}

/**
 * Looks where each constraint that is broken would be kept, the others aside: where nothing is allowed, it is worth knowing
 * what is at odds with what.
 */
function* keepEach({ at, slopes, well }: Descent, state: Confined, axes: Axes): Ask<void> {
  const d = axes.length;
  const none = new Float64Array(d);
  for (let k = 0; k < at.g.length; k++) {
    if (at.g[k] <= 0) continue;
    const one = { normals: [row(slopes, k, d)], bounds: [-(1 + BEYOND) * at.g[k]] };
    const found = solveQuadratic({ inverse: well.inverse, b: none, ...one, ...room(at, axes, 1) });
    if (found !== undefined && largest(found.s) >= POINT) yield* tried(at, found.s, state, axes);
  }
}

/** How far the walls of the box, and a longest step, let the packet go along each axis, either way. */
function room(at: Seen, axes: Axes, reach: number): { readonly lower: Float64Array; readonly upper: Float64Array } {
  return {
    lower: Float64Array.from(axes, ({ j, v }) => -Math.min(reach, along(v, at.x[j]))),
    upper: Float64Array.from(axes, ({ j, v }) => Math.min(reach, 1 - along(v, at.x[j]))),
  };
}

/** g_k at the packet as a straight line through the trial would have it: g_k(x + s) − a_k·s. */
function forecast({ slopes }: Descent, s: Float64Array, g: Float64Array): Float64Array {
  return g.map((v, k) => v - dot(row(slopes, k, s.length), s));
}

/** The step to the ground state among what the slopes allow, and the multipliers; a broken g is mended as far as it can be. */
function aim(
  { at, slope, slopes, well, margins, reach }: Descent,
  axes: Axes,
  g: Float64Array,
): { readonly s: Float64Array; readonly multipliers: Float64Array } | undefined {
  const d = axes.length;
  const m = g.length;
  const box = room(at, axes, reach);
  const normals = Array.from({ length: m }, (_, k) => row(slopes, k, d));
  for (const { left, margin } of MENDING) {
    const bounds = Float64Array.from(g, (v, k) => {
      const inside = margin ? margins[k] + ROUNDING * largest(normals[k]) : 0;
      return v > 0 ? (left - 1) * v - inside : Math.max(0, -v - inside);
    });
    const found = solveQuadratic({ inverse: well.inverse, b: slope, normals, bounds, ...box });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is seen a step away. */
function* tried(at: Seen, s: Float64Array, state: Confined, axes: Axes): Ask<Seen | undefined> {
  const x = at.x.slice();
  axes.forEach(({ j, v }, i) => {
    x[j] = worth(v, Math.min(1, Math.max(0, along(v, at.x[j]) + s[i])));
  });
  const [found] = yield* look(state, { n: 1, dim: x.length, x });
  return found;
}

function row(a: Float64Array, k: number, d: number): Float64Array {
  return a.subarray(k * d, (k + 1) * d);
}

function largest(v: Float64Array): number {
  let most = 0;
  for (let i = 0; i < v.length; i++) most = Math.max(most, Math.abs(v[i]));
  return most;
}

/** The largest difference along an axis. */
function apart(a: Float64Array, b: Float64Array): number {
  return largest(a.map((v, i) => v - b[i]));
}

/** Where a smooth variable stands between its bounds, 0 … 1; in its logarithm where that is what it is searched in. */
function along(v: Variable, x: number): number {
  if (v.kind === "log") return (Math.log(x) - Math.log(v.lower)) / (Math.log(v.upper) - Math.log(v.lower));
  return v.kind === "real" ? (x - v.lower) / (v.upper - v.lower) : 0;
}

function worth(v: Variable, t: number): number {
  if (v.kind === "log") {
    const x = Math.exp(Math.log(v.lower) + t * (Math.log(v.upper) - Math.log(v.lower)));
    return Math.min(v.upper, Math.max(v.lower, x));
  }
  return v.kind === "real" ? Math.min(v.upper, v.lower + t * (v.upper - v.lower)) : 0;
}

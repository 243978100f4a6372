/**
 * The descent of a confined packet: to the ground state of its well among what the slopes of the constraints allow,
 *
 *   min ½ sᵀKs + bᵀs   where   g_j + a_j·s ≤ −m_j,
 *
 * m_j being how far off the last forecast of g_j was, so that it ends on the allowed side; K learns the curvature of
 * ζ + λᵀg with the multipliers λ of the last step (sequential quadratic programming: J. Nocedal, S. Wright, "Numerical
 * Optimization", 2nd ed., chapter 18). The differences that tell the slope b of ζ tell the slopes a_j as well. A step is
 * kept where the point lies lower (limited.ts).
 */
import type { Ask } from "../../core/ask.ts";
import { type Axes, along, worth } from "../../core/chart.ts";
import type { Points } from "../../core/problem.ts";
import { dot } from "../../math/linalg.ts";
import { solveQuadratic } from "../../math/quadratic-program.ts";
import { type Account, bestOf, booked, isAllowed, isLower, merit, OWN, type Seen } from "./limited.ts";
import { bend, blankWell, makeDiagonal, type Well } from "./well.ts";

/** A packet on its way. */
export type Descent = {
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

type Aimed = { readonly s: Float64Array; readonly multipliers: Float64Array };

/** In widths of an axis: a step of differences, the longest one at first, the first of a guessed well, and one that is none. */
const DIFFERENCE = 1e-6;
const REACH = 0.2;
const GUESS = 0.05;
const POINT = 1e-11;
/** Trials of one step, and what a price is at least, in multipliers. */
const TRIALS = 8;
const EXACT = 1.1;
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

/** A packet at a point, with its slopes; none where they are not known. */
export function* startDescent(at: Seen, account: Account, axes: Axes): Ask<Descent | null> {
  const d = axes.length;
  const m = at.g.length;
  const descent: Descent = {
    at,
    slope: new Float64Array(d),
    slopes: new Float64Array(m * d),
    well: blankWell(d),
    multipliers: new Float64Array(m),
    margins: new Float64Array(m),
    reach: REACH,
    steps: 0,
  };
  if (!(yield* slopesHere(descent, account, axes))) return null;
  const size = descent.slope.reduce((sum, v) => sum + Math.abs(v), 0);
  makeDiagonal(descent.well, () => (size > 0 ? size / GUESS : 1), d);
  return descent;
}

/** One step. Returns whether it was the packet's last. */
export function* descend(descent: Descent, account: Account, axes: Axes): Ask<boolean> {
  const { at } = descent;
  for (let n = 0; n < TRIALS; n++) {
    const aimed = aim(descent, axes, at.g);
    if (aimed === undefined || largest(aimed.s) < POINT) return true;
    const found = yield* tried(descent, aimed, account, axes);
    if (found !== null) return yield* move(descent, found, aimed, account, axes);
    descent.reach = Math.min(descent.reach, largest(aimed.s)) / 4;
  }
  return true;
}

/** A lower point a step away, if there is one. */
function* tried(descent: Descent, { s, multipliers }: Aimed, account: Account, axes: Axes): Ask<Seen | null> {
  const { at } = descent;
  const found = yield* seenAway(at, s, account, axes);
  // constraints that are told for the first time: the packet knows no slope of them
  if (found !== null && found.g.length !== at.g.length) return null;
  if (found === null || isLower(raised(account, multipliers), found, at)) return found;
  // the constraints bend: once more to where they are as they were seen at the trial
  const mended = aim(descent, axes, forecast(descent, s, found.g));
  if (mended === undefined || largest(mended.s.map((v, i) => v - s[i])) < POINT) return null;
  const again = yield* seenAway(at, mended.s, account, axes);
  return isLower(raised(account, multipliers), again, at) ? again : null;
}

/** With prices above the multipliers, below which a penalty is not exact: what mends a constraint would be too dear. */
function raised(account: Account, multipliers: Float64Array): Account {
  return { ...account, prices: account.prices.map((r, k) => Math.max(r, EXACT * multipliers[k])) };
}

/** Goes to a lower point, and learns from what was seen on the way. Returns whether it is the packet's last. */
function* move(descent: Descent, to: Seen, { s, multipliers }: Aimed, account: Account, axes: Axes): Ask<boolean> {
  const { at, slope, slopes, margins } = descent;
  const d = axes.length;
  const m = at.g.length;
  const before = { slope: slope.slice(), slopes: slopes.slice() };
  const step = Float64Array.from(axes, ({ j, v }) => along(v, to.x[j]) - along(v, at.x[j]));
  for (let k = 0; k < m; k++) margins[k] = Math.abs(to.g[k] - at.g[k] - dot(row(slopes, k, d), step));
  descent.multipliers.set(multipliers);
  descent.reach = Math.max(descent.reach, 2 * largest(s));
  descent.at = to;
  descent.steps++;
  if (descent.steps > MOST || isHopeless(descent, at, raised(account, multipliers))) return true;
  if (!(yield* slopesHere(descent, account, axes))) return true;
  // the change of the slope of ζ + λᵀg
  const y = slope.map((b, i) => {
    let sum = b - before.slope[i];
    for (let k = 0; k < m; k++) sum += multipliers[k] * (slopes[k * d + i] - before.slopes[k * d + i]);
    return sum;
  });
  const curvature = dot(y, y) / dot(step, y);
  if (descent.steps === 1 && curvature > 0) makeDiagonal(descent.well, () => curvature, d);
  bend(descent.well, step, y, true, new Float64Array(d), new Float64Array(d));
  return false;
}

/** Whether a packet lies too far above the best point that is allowed for what it still falls. */
function isHopeless({ at, steps }: Descent, before: Seen, account: Account): boolean {
  const best = bestOf(account);
  if (steps < INFANCY || best === null || !isAllowed(best)) return false;
  const now = merit(account, at);
  return now - VANISHED * (merit(account, before) - now) > best.bare;
}

/** ∇ζ and ∇g by differences along the smooth axes. Returns whether all are known. */
function* slopesHere({ at, slope, slopes }: Descent, account: Account, axes: Axes): Ask<boolean> {
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
  const seen = yield* look(account, { n: d, dim, x });
  for (let i = 0; i < d; i++) {
    const one = seen[i];
    if (one === null) return false;
    slope[i] = (one.bare - at.bare) / steps[i];
    for (let k = 0; k < at.g.length; k++) slopes[k * d + i] = (one.g[k] - at.g[k]) / steps[i];
  }
  return slope.every(Number.isFinite) && slopes.every(Number.isFinite);
}

/** Asks for points that the confined packet pays for. */
export function* look(account: Account, at: Points): Ask<(Seen | null)[]> {
  return booked(account, OWN, at, yield { kind: "value", at });
}

/**
 * Looks where each constraint that is broken would be kept, the others aside: where nothing is allowed, it is worth knowing
 * what is at odds with what.
 */
export function* keepEach({ at, slopes, well }: Descent, account: Account, axes: Axes): Ask<void> {
  const d = axes.length;
  const none = new Float64Array(d);
  for (let k = 0; k < at.g.length; k++) {
    if (at.g[k] <= 0) continue;
    const one = { normals: [row(slopes, k, d)], bounds: [-(1 + BEYOND) * at.g[k]] };
    const found = solveQuadratic({ inverse: well.inverse, b: none, ...one, ...room(at, axes, 1) });
    if (found !== undefined && largest(found.s) >= POINT) yield* seenAway(at, found.s, account, axes);
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
function aim({ at, slope, slopes, well, margins, reach }: Descent, axes: Axes, g: Float64Array): Aimed | undefined {
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
function* seenAway(at: Seen, s: Float64Array, account: Account, axes: Axes): Ask<Seen | null> {
  const x = at.x.slice();
  axes.forEach(({ j, v }, i) => {
    x[j] = worth(v, Math.min(1, Math.max(0, along(v, at.x[j]) + s[i])));
  });
  const [found] = yield* look(account, { n: 1, dim: x.length, x });
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

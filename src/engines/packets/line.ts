/**
 * The line searches of a harmonic packet. By values: back along the parabola while the fall is too small (Armijo's
 * condition), on by leaps where no curvature is seen. By slopes: a bracket of the weak Wolfe conditions (A. Lewis,
 * M. Overton, Math. Program. 141, 135, 2013).
 *
 * A trial is stopped at the walls axis by axis; where what is left of it does not fall, the next one ends where the line
 * meets its first wall: there the packet goes on along it.
 */
import type { Ask } from "../../core/ask.ts";
import { dot, norm } from "../../math/linalg.ts";
import type { Harmonic, Sight, Slope } from "./harmonic.ts";
import { see, seeSlope } from "./sight.ts";

/** Trials by values; with slopes any fall will do after them. */
const TRIALS = 12;
const LEAPS = 6;
/** With slopes: the share of the slope that may remain. */
const REMAINING = 0.9;
/** Sufficient fall, and the fall at which no curvature was seen: shares of the slope's promise. */
const FALL = 1e-4;
const STRAIGHT = 0.75;
/** A step that is none, in widths of the box. */
const POINT = 1e-13;
/** Closer to a wall is on it: what rounding leaves of a step that ends there. */
const TOUCH = 1e-15;
/** A promise that is none, as a share of ζ. */
const ROUNDING = 1e-15;

/** Writes to `trial` (and `trialGradient`) a lower point along `direction`; returns its value, or +∞ where none is found. */
export function lineSearch(packet: Harmonic, sight: Sight, bench: Slope): Ask<number> {
  return sight.exact ? bySlopes(packet, sight, bench) : byValues(packet, sight, bench);
}

function* byValues(packet: Harmonic, sight: Sight, bench: Slope): Ask<number> {
  const { value, gradient } = packet;
  const { direction, s } = bench;
  const length = norm(direction);
  const wall = farthest(packet, sight, bench);
  let t = Math.min(1, packet.reach / length);
  for (let n = 0; n < TRIALS && t * length >= POINT; n++) {
    place(packet, sight, t, bench);
    const slope = dot(gradient, s);
    const found = yield* trialValue(packet, sight, bench);
    if (found < value && found <= value + FALL * slope)
      return found < value + STRAIGHT * slope && t !== wall ? yield* leap(packet, sight, bench, t, found) : found;
    t = t > wall ? wall : t * shortened(slope, found - value);
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * A point lower by FALL of the slope whose slope has flattened to REMAINING; after TRIALS any fall will do, and so it
 * will at the first wall, and where the walls, or rounding, let the trial go no further: no point is asked twice in turn.
 */
function* bySlopes(packet: Harmonic, sight: Sight, bench: Slope): Ask<number> {
  const { value, gradient, reach } = packet;
  const { direction, trial, trialGradient, s } = bench;
  const length = norm(direction);
  const last = new Float64Array(trial.length);
  let found = Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  const wall = farthest(packet, sight, bench);
  let t = Math.min(1, reach / length);
  for (let n = 1; n <= 2 * TRIALS; n++) {
    place(packet, sight, t, bench);
    const slope = dot(gradient, s);
    if (norm(s) < POINT || Math.abs(slope) < ROUNDING * Math.abs(value)) break;
    const fresh = n === 1 || trial.some((u, i) => u !== last[i]);
    if (fresh) found = yield* trialValue(packet, sight, bench);
    last.set(trial);
    const fell = found < value && found <= value + FALL * slope;
    if (fell && (!fresh || n >= TRIALS || t === wall || dot(trialGradient, s) >= REMAINING * slope)) return found;
    if (fell) low = t;
    else high = t;
    if (high === Number.POSITIVE_INFINITY) t *= 2.5;
    else if (low > 0) t = (low + high) / 2;
    else t = t > wall ? wall : t * shortened(slope, found - value);
  }
  return Number.POSITIVE_INFINITY;
}

/** The share of a step at which the parabola that begins with `slope` and has risen by `rise` is least: 0.1 … 0.5. */
function shortened(slope: number, rise: number): number {
  const least = -slope / (2 * (rise - slope));
  return Math.min(0.5, Math.max(0.1, Number.isFinite(least) ? least : 0));
}

/** Longer steps while ζ falls and no curvature is seen. */
function* leap(packet: Harmonic, sight: Sight, bench: Slope, first: number, lowest: number): Ask<number> {
  const { value, gradient } = packet;
  const { trial, s } = bench;
  const kept = trial.slice();
  let [t, best] = [2.5 * first, lowest];
  for (let n = 0; n < LEAPS; n++, t *= 4) {
    place(packet, sight, t, bench);
    // the walls let it go no further
    if (trial.every((u, i) => u === kept[i])) return best;
    const found = yield* trialValue(packet, sight, bench);
    if (!(found < best)) break;
    best = found;
    kept.set(trial);
    if (found > value + STRAIGHT * dot(gradient, s)) return best;
  }
  trial.set(kept);
  return best;
}

/** The t > 0 at which x + t · direction meets its first wall. */
function farthest({ x }: Harmonic, { domain }: Sight, { direction }: Slope): number {
  let t = Number.POSITIVE_INFINITY;
  if (domain.edge === "periodic") return t;
  for (let i = 0; i < x.length; i++) {
    const room = direction[i] > 0 ? 1 - x[i] : x[i];
    if (direction[i] !== 0 && room > 0) t = Math.min(t, room / Math.abs(direction[i]));
  }
  return t;
}

/** trial = x + t · direction, stopped at the walls, and s = trial − x. */
function place({ x }: Harmonic, { domain }: Sight, t: number, { direction, trial, s }: Slope): void {
  for (let i = 0; i < x.length; i++) {
    const to = x[i] + t * direction[i];
    if (domain.edge === "periodic") trial[i] = to;
    else trial[i] = to < TOUCH ? 0 : to > 1 - TOUCH ? 1 : to;
    s[i] = trial[i] - x[i];
  }
}

function* trialValue(packet: Harmonic, { domain, lowest, exact }: Sight, bench: Slope): Ask<number> {
  packet.evaluations++;
  if (exact) return yield* seeSlope(domain, lowest, bench.trial, bench.trialGradient);
  const [value] = yield* see(domain, lowest, 1, bench.trial);
  return value;
}

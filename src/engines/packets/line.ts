/**
 * The line search of a harmonic packet: back along the parabola while the fall is too small (Armijo's condition), on by
 * leaps where no curvature is seen.
 */
import type { Ask } from "../../core/ask.ts";
import { dot, norm } from "../../math/linalg.ts";
import type { Harmonic, Sight, Slope } from "./harmonic.ts";
import { see, seeSlope } from "./sight.ts";

const TRIALS = 12;
const LEAPS = 6;
/** Sufficient fall, and the fall at which no curvature was seen: shares of the slope's promise. */
const FALL = 1e-4;
const STRAIGHT = 0.75;
/** A step that is none, in widths of the box. */
const POINT = 1e-13;

/** Writes to `trial` (and `trialGradient`) a lower point along `direction`; returns its value, or +∞ where none is found. */
export function* lineSearch(packet: Harmonic, sight: Sight, bench: Slope): Ask<number> {
  const { value, gradient } = packet;
  const { direction, s } = bench;
  const length = norm(direction);
  let t = Math.min(1, packet.reach / length);
  for (let n = 0; n < TRIALS && t * length >= POINT; n++) {
    place(packet, sight, t, bench);
    const slope = dot(gradient, s);
    const found = yield* trialValue(packet, sight, bench);
    if (found < value && found <= value + FALL * slope)
      return found < value + STRAIGHT * slope ? yield* leap(packet, sight, bench, t, found) : found;
    const parabola = (-slope * t) / (2 * (found - value - slope));
    t = Math.min(t / 2, Math.max(t / 10, Number.isFinite(parabola) ? parabola : 0));
  }
  return Number.POSITIVE_INFINITY;
}

/** Longer steps while ζ falls and no curvature is seen. */
function* leap(packet: Harmonic, sight: Sight, bench: Slope, first: number, lowest: number): Ask<number> {
  const { value, gradient } = packet;
  const { trial, trialGradient, s } = bench;
  const kept = trial.slice();
  const keptGradient = trialGradient.slice();
  let [t, best] = [2.5 * first, lowest];
  for (let n = 0; n < LEAPS; n++, t *= 4) {
    place(packet, sight, t, bench);
    // the walls let it go no further
    if (trial.every((u, i) => u === kept[i])) return best;
    const found = yield* trialValue(packet, sight, bench);
    if (!(found < best)) break;
    best = found;
    kept.set(trial);
    keptGradient.set(trialGradient);
    if (found > value + STRAIGHT * dot(gradient, s)) return best;
  }
  trial.set(kept);
  trialGradient.set(keptGradient);
  return best;
}

/** trial = x + t · direction, stopped at the walls, and s = trial − x. */
function place({ x }: Harmonic, { domain }: Sight, t: number, { direction, trial, s }: Slope): void {
  for (let i = 0; i < x.length; i++) {
    const to = x[i] + t * direction[i];
    trial[i] = domain.edge === "periodic" ? to : Math.min(1, Math.max(0, to));
    s[i] = trial[i] - x[i];
  }
}

function* trialValue(packet: Harmonic, { domain, lowest, exact }: Sight, bench: Slope): Ask<number> {
  packet.evaluations++;
  if (exact) return yield* seeSlope(domain, lowest, bench.trial, bench.trialGradient);
  const [value] = yield* see(domain, lowest, 1, bench.trial);
  return value;
}

/**
 * L2, the harmonic packet: 2-order Taylor. A packet relaxes as if its well were harmonic (well.ts): to the mean of the
 * ground state, −P g, by a line search, then the curvature seen goes into the well. It tests its own assumption: ρ, the
 * fall over that of the harmonic well, must stay near 1 where the falls do not shrink; otherwise another level takes over.
 *
 * It is read at the D whose zero-point energy along the step fills the well up to where the packet stands, so that
 * E = f: with the stiffness k = gᵀPg/‖Pg‖² that is d √(Dk/2) = ½ gᵀPg, D = ‖Pg‖² gᵀPg / 2d².
 */
import type { Ask } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { dot, norm } from "../../math/linalg.ts";
import { lineSearch } from "./line.ts";
import { type Lowest, seeSlope } from "./sight.ts";
import { differences, magnitude, smoothAxes } from "./slope.ts";
import { bend, blankWell, groundOn, makeDiagonal, soften, type Well } from "./well.ts";
import { whitenedDifferences } from "./whitened.ts";
import { LARGEST_FULL } from "./wide.ts";

export type Harmonic = {
  /** Where it stands, in the unit box; beyond it where the domain is periodic. */
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  well: Well;
  /** Whether K is a guess that the first step corrects. */
  guessed: boolean;
  /** ζ where it was born. */
  first: number;
  /** The scale of ζ, and evaluations so far and at most. */
  scale: number;
  evaluations: number;
  most: number;
  steps: number;
  /** The longest step it dares; success makes it longer. */
  reach: number;
  /** Differences on both sides: what one side tells is lost in rounding. */
  central: boolean;
  /** Falls lost in rounding, line searches that found nothing, wells that pointed uphill. */
  faint: number;
  stuck: number;
  uphill: number;
  /** |ln ρ|, averaged; steps in a row that kept a promise that could be seen; the fall in the last window of evaluations. */
  misfit: number;
  kept: number;
  windowEnd: number;
  windowValue: number;
  windowFall: number;
  /** The last falls, a ring. */
  falls: Float64Array;
  reading: WellReading;
};

/** What the packet was last read as; D and lengths are those of the unit box. */
export type WellReading = { energy: number; D: number; spread: number; dt: number };

/** Where a packet looks: its domain, the best point of all, whether ζ offers gradients, and the noise of its values, if any. */
export type Sight = {
  readonly domain: Domain;
  readonly lowest: Lowest;
  readonly exact: boolean;
  readonly noise?: number;
};

/** Scratch of one step. */
export type Slope = {
  readonly held: Uint8Array;
  readonly direction: Float64Array;
  readonly trial: Float64Array;
  readonly trialGradient: Float64Array;
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly ks: Float64Array;
  readonly py: Float64Array;
};

/** In widths of the box: the longest step at first, the first one of a guess, a step of differences at birth. */
const FIRST_REACH = 0.1;
const GUESS = 0.02;
const BIRTH_DIFFERENCE = 1e-5;
const SHORTEST_DIFFERENCE = 1e-9;
/** A fall below this share of ζ's magnitude is rounding. */
const ROUNDING = 1e-13;
/** A promise below this share of ζ, or of the fall since birth, cannot be seen: by slopes, by values. */
const UNSEEN = { slopes: 1e-14, values: 3e-15 };
const NOTHING = 1e-18;
/** A fall of less than so many standard deviations of the noise tells little: averages go on from there. */
const CLEAR = 10;
/** A promise below this share of ζ that was not kept. */
const LOST = 1e-11;
/** The harmonic test: memory, ceiling of |ln ρ|, where it begins, a window and the patience before it (for each axis). */
const FORGET = 0.15;
const CEILING = 5;
const AT_FIRST = 0.7;
const NOT_HARMONIC = 3;
const WINDOW = 10;
const PATIENCE = 30;
/** A promise is kept where |ln ρ| is less, and can be seen above this share of ζ. */
const KEPT = 0.7;
const SEEN = 1e-12;
/** A packet whose well kept its last promise, and stands so many of the next above the lowest point, has lost its weight. */
const OUTDONE = 100;
/** Steps before a packet is judged by its Softmax weight, and the exponent of a weight that counts as none. */
const INFANCY = 5;
const VANISHED = 5;
/** With slopes a step costs d² operations up to here. They pay: thin wells take several times as many steps. */
const LARGEST_DENSE = 1024;

/** @param exact whether ζ offers slopes: in very many dimensions its well is thin then */
export function blankHarmonic(dim: number, exact = false): Harmonic {
  return {
    x: new Float64Array(dim),
    value: Number.POSITIVE_INFINITY,
    gradient: new Float64Array(dim),
    well: blankWell(dim, exact && dim > LARGEST_DENSE),
    guessed: false,
    first: Number.POSITIVE_INFINITY,
    scale: 0,
    evaluations: 0,
    most: 0,
    steps: 0,
    reach: FIRST_REACH,
    central: false,
    faint: 0,
    stuck: 0,
    uphill: 0,
    misfit: AT_FIRST,
    kept: 0,
    windowEnd: WINDOW * dim,
    windowValue: Number.POSITIVE_INFINITY,
    windowFall: Number.POSITIVE_INFINITY,
    falls: new Float64Array(INFANCY),
    reading: { energy: 0, D: 1, spread: 1, dt: 0 },
  };
}

export function slopeBench(dim: number): Slope {
  const vector = (): Float64Array => new Float64Array(dim);
  return {
    held: new Uint8Array(dim),
    direction: vector(),
    trial: vector(),
    trialGradient: vector(),
    s: vector(),
    y: vector(),
    ks: vector(),
    py: vector(),
  };
}

/**
 * Takes the slope where a packet was put: `packet.x` and `packet.value` are known; with exact slopes the gradient too,
 * where the value is.
 * @param k the stiffness of each axis; guessed from the slope where it is left out
 * @returns whether it can relax
 */
export function* startHarmonic(packet: Harmonic, sight: Sight, k?: (axis: number) => number): Ask<boolean> {
  const { x, gradient, well, scale } = packet;
  const dim = x.length;
  packet.guessed = k === undefined;
  if (k !== undefined) makeDiagonal(well, k, dim);
  const most = k === undefined ? BIRTH_DIFFERENCE : Number.POSITIVE_INFINITY;
  const known = sight.exact && packet.value < Infinity;
  if (!known && !(yield* slopeHere(packet, sight, most))) return false;
  packet.first = packet.value;
  packet.windowValue = packet.value;
  const size = norm1(gradient);
  if (!(size > 0 && size < Infinity && packet.value < Infinity)) return false;
  if (k === undefined) makeDiagonal(well, () => size / GUESS, dim);
  // a packet born where nothing was known of ζ has its own scale
  if (!(scale > 0)) packet.scale = size * GUESS;
  return true;
}

/** Whether a packet stands where ζ has a value and no slope. */
export function isFlat({ value, gradient }: Harmonic): boolean {
  return value < Infinity && gradient.every((g) => g === 0);
}

/** One step down the well. Returns whether it was the packet's last. */
export function* relax(packet: Harmonic, sight: Sight, bench: Slope): Ask<boolean> {
  const promised = aim(packet, sight, bench);
  if (promised === 0) return true;
  if (!(promised > 0 && promised < Infinity)) {
    makeDiagonal(packet.well, () => norm1(packet.gradient) / GUESS, packet.x.length);
    return ++packet.uphill >= 3;
  }
  const found = yield* lineSearch(packet, sight, bench);
  if (!(found < packet.value)) return isLost(packet, promised, sight) || (yield* regroup(packet, sight));
  const fall = packet.value - found;
  if (!(yield* move(packet, found, sight, bench))) return true;
  read(packet, promised, norm(bench.direction));
  return (
    (sight.exact ? isDown(packet, promised, UNSEEN.slopes) : fades(packet, fall, sight.noise)) ||
    packet.evaluations >= packet.most ||
    !fits(packet, fall, promised, sight)
  );
}

/**
 * direction = −(K_ff)⁻¹ g over the axes f that no wall holds: those at a wall through which the slope, or the direction,
 * would lead are held. Returns ½ gᵀ(K_ff)⁻¹g, the fall that the well promises.
 */
export function aim({ x, gradient, well }: Harmonic, { domain }: Sight, { held, direction }: Slope): number {
  const dim = x.length;
  const leaves = (i: number, side: number): boolean => (x[i] <= 0 && side < 0) || (x[i] >= 1 && side > 0);
  const walls = domain.edge !== "periodic";
  let more = walls;
  for (let i = 0; i < dim; i++) held[i] = walls && leaves(i, -gradient[i]) ? 1 : 0;
  do {
    groundOn(well, held, gradient, direction);
    more = false;
    if (walls)
      for (let i = 0; i < dim; i++)
        if (held[i] === 0 && leaves(i, direction[i])) {
          held[i] = 1;
          more = true;
        }
  } while (more);
  return -dot(gradient, direction) / 2;
}

/** Goes to the trial point, takes the slope there and bends the well by what was seen. Returns whether there is a slope. */
function* move(packet: Harmonic, value: number, sight: Sight, bench: Slope): Ask<boolean> {
  const { x, gradient, well } = packet;
  const { trial, trialGradient, s, y } = bench;
  const dim = x.length;
  let longest = 0;
  for (let i = 0; i < dim; i++) {
    s[i] = trial[i] - x[i];
    y[i] = gradient[i];
    longest = Math.max(longest, Math.abs(s[i]));
  }
  packet.falls[packet.steps % INFANCY] = packet.value - value;
  packet.steps++;
  packet.value = value;
  x.set(trial);
  if (sight.exact) gradient.set(trialGradient);
  else if (!(yield* slopeHere(packet, sight, Math.max(SHORTEST_DIFFERENCE, longest / 10)))) return false;
  // what a well learns does not depend on the length of the step, whose square may be lost
  const unit = powerBelow(longest);
  for (let i = 0; i < dim; i++) {
    y[i] = (gradient[i] - y[i]) / unit;
    s[i] /= unit;
  }
  const sy = dot(s, y);
  if (packet.guessed && sy > 0) {
    const k = norm(y) * (norm(y) / sy);
    makeDiagonal(well, () => k, dim);
  }
  packet.guessed = false;
  // where both sides were looked at, the well has just been measured
  if (!packet.central) soften(well, s, y, bench.ks);
  bend(well, s, y, !sight.exact, bench.ks, bench.py);
  packet.reach = Math.max(packet.reach, 2 * longest);
  return true;
}

/** Nothing was found along the line. The well or the slope may be at fault: once more with better ones. */
function* regroup(packet: Harmonic, sight: Sight): Ask<boolean> {
  const { gradient, well, x } = packet;
  const dim = x.length;
  if (packet.evaluations >= packet.most || isNoisy(sight)) return true;
  if (sight.exact) {
    // unless it was round already
    if (packet.guessed) return true;
    makeDiagonal(well, () => norm(gradient) / packet.reach, dim);
    packet.guessed = true;
    return false;
  }
  if (packet.stuck++ > 0) return true;
  packet.central = true;
  return !(yield* slopeHere(packet, sight, Number.POSITIVE_INFINITY));
}

/** The slope where the packet stands. */
function* slopeHere(packet: Harmonic, { domain, lowest, exact, noise = 0 }: Sight, most: number): Ask<boolean> {
  const { x, gradient, central, scale } = packet;
  if (exact) {
    packet.evaluations++;
    packet.value = yield* seeSlope(domain, lowest, x, gradient);
    return packet.value < Infinity;
  }
  const { value, well } = packet;
  let axes: readonly number[] | undefined = smoothAxes(domain);
  packet.evaluations += (central ? 2 : 1) * axes.length;
  // a root costs O(d³)
  if (central && x.length <= LARGEST_FULL)
    axes = yield* whitenedDifferences(domain, lowest, x, value, well, scale, gradient);
  if (axes === undefined) return false;
  return yield* differences(domain, lowest, x, value, well.stiffness, { central, most, scale, noise }, axes, gradient);
}

/** Whether the slope promises nothing that could be seen. */
function isDown({ value, first }: Harmonic, promised: number, unseen: number): boolean {
  return promised <= unseen * Math.abs(value) + NOTHING * (first - value);
}

/**
 * Whether a packet of values is at rest by what its well promises now: a well that has kept its promises for d steps has
 * been seen along d directions, and is believed when it promises nothing.
 */
export function isAtRest(packet: Harmonic, promised: number): boolean {
  return packet.kept >= packet.x.length && isDown(packet, promised, UNSEEN.values);
}

/**
 * Whether a packet of values, whose well kept its last promise, would not reach the lowest point by a hundred times what
 * it promises now: its bottom is a higher one, or that of the lowest point itself.
 */
export function isOutdone({ value, kept }: Harmonic, promised: number, lowest: Lowest): boolean {
  return kept > 0 && value - OUTDONE * promised > lowest.value;
}

/** Whether a fall that was not found, by slopes, was so small a promise that rounding is to blame, not the well. */
function isLost({ value }: Harmonic, promised: number, { exact }: Sight): boolean {
  return exact && promised <= LOST * Math.abs(value);
}

function isNoisy({ exact, noise = 0 }: Sight): boolean {
  return !exact && noise > 0;
}

/**
 * Counts a fall that is lost in rounding, from the first on by central differences; returns whether it was one too many,
 * or one that noise may have made.
 */
function fades(packet: Harmonic, fall: number, noise = 0): boolean {
  if (noise > 0) return fall < CLEAR * noise;
  if (fall > ROUNDING * magnitude(packet.value, packet.scale, packet.central)) return false;
  packet.faint++;
  if (packet.central) return packet.faint >= 3;
  packet.central = true;
  return false;
}

/** Whether the packet still behaves as one in a harmonic well, and has a weight in the Softmax of energies. */
function fits(packet: Harmonic, fall: number, promised: number, { lowest, exact }: Sight): boolean {
  // with exact slopes a step costs so little that plateaus on the way are worth crossing
  if (exact) return true;
  const { value, falls, x } = packet;
  const dim = x.length;
  const ratio = Math.abs(Math.log(fall / promised));
  packet.misfit += FORGET * (Math.min(CEILING, ratio) - packet.misfit);
  if (promised > SEEN * Math.abs(value)) packet.kept = ratio < KEPT ? packet.kept + 1 : 0;
  if (packet.evaluations >= packet.windowEnd) {
    const fell = packet.windowValue - value;
    const slack = fell > packet.windowFall / 2;
    packet.windowEnd = packet.evaluations + WINDOW * dim;
    packet.windowValue = value;
    packet.windowFall = fell;
    if (packet.evaluations > PATIENCE * dim && packet.misfit > NOT_HARMONIC && slack) return false;
  }
  if (packet.steps < INFANCY) return true;
  const hope = VANISHED * Math.max(fall, promised);
  return value - hope <= lowest.value || value - VANISHED * norm1(falls) <= lowest.value;
}

/**
 * Reads the well at x: D, the size of its ground state √(tr Σ / d) = ‖Pg‖/√2d, and the imaginary time d / gᵀPg in which
 * −2 Cov(x, ζ) = −2Σg moves it by the full step. Where no slope is left D and the size stay.
 */
function read({ value, reading, x }: Harmonic, promised: number, size: number): void {
  const dim = x.length;
  const D = (size * size * promised) / (dim * dim);
  const readable = D > 0 && D < Infinity;
  reading.energy = value;
  reading.dt = readable ? dim / (2 * promised) : 0;
  if (!readable) return;
  reading.D = D;
  reading.spread = size / Math.sqrt(2 * dim);
}

/** The power of two below a length; 1 where it is none. */
function powerBelow(length: number): number {
  return length > 0 ? 2 ** Math.floor(Math.log2(length)) : 1;
}

/** ‖v‖₁ */
function norm1(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += Math.abs(v[i]);
  return sum;
}

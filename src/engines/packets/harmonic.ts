/**
 * The harmonic packet: where ζ offers gradients, a packet relaxes as if its well were harmonic. The ground state of
 * the well f + gᵀs + ½ sᵀKs is N(x − Pg, √(D/2) K^{−½}) with P = K⁻¹; taken in its limit D → 0 this is the step
 * −P g, and P is learnt from the gradients on the way (BFGS; J. Nocedal, S. Wright, "Numerical Optimization", 2nd
 * ed., chapters 3 and 6). The line search brackets a point of the weak Wolfe conditions (Lewis, Overton, Math.
 * Program. 141, 135, 2013).
 *
 * It is read at the D whose zero-point energy along the step fills the well up to where the packet stands, so that
 * E = f: with the stiffness k = gᵀPg/‖Pg‖² that is d √(Dk/2) = ½ gᵀPg, D = ‖Pg‖² gᵀPg / 2d².
 */
import { type Ask, askGradient } from "../../core/ask.ts";
import type { Domain } from "../../core/problem.ts";
import { dot, norm } from "../../math/linalg.ts";
import { toUser } from "./walls.ts";

export type Harmonic = {
  /** Where it stands, in the unit box; beyond it where the domain is periodic. */
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  /** P = K⁻¹ [d × d]. */
  inverse: Float64Array;
  /** ζ where it was born. */
  first: number;
  /** Steps since P was last made round. */
  steps: number;
  evaluations: number;
  /** The longest step it dares; success makes it longer. */
  reach: number;
  reading: WellReading;
};

/** What the packet was last read as; D and lengths are those of the unit box. */
export type WellReading = { energy: number; D: number; spread: number; dt: number };

/** Scratch of one step. */
export type Slope = {
  readonly direction: Float64Array;
  readonly trial: Float64Array;
  readonly trialGradient: Float64Array;
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly py: Float64Array;
};

/** In widths of the box: the first step, the longest one at first, and a step that is none. */
const FIRST_STEP = 0.02;
const FIRST_REACH = 0.1;
const POINT = 1e-13;
/** Sufficient fall of a line search, the slope that may remain, and the trials after which any fall will do. */
const FALL = 1e-4;
const REMAINING = 0.9;
const TRIALS = 12;
/** Evaluations of one relaxation, for each of d + 1. */
const PATIENCE = 100;
/** A promise below this share of ζ, or of the fall since birth, cannot be seen. */
const ROUNDING = 1e-14;
const NOTHING = 1e-18;

export function blankHarmonic(dim: number): Harmonic {
  return {
    x: new Float64Array(dim),
    value: Number.POSITIVE_INFINITY,
    gradient: new Float64Array(dim),
    inverse: new Float64Array(dim * dim),
    first: Number.POSITIVE_INFINITY,
    steps: 0,
    evaluations: 0,
    reach: FIRST_REACH,
    reading: { energy: 0, D: 1, spread: 1, dt: 0 },
  };
}

export function slopeBench(dim: number): Slope {
  const vector = (): Float64Array => new Float64Array(dim);
  return { direction: vector(), trial: vector(), trialGradient: vector(), s: vector(), y: vector(), py: vector() };
}

/** Puts a packet at x, which the caller has set, and asks for the slope there. Returns whether it can relax. */
export function* startHarmonic(packet: Harmonic, domain: Domain): Ask<boolean> {
  packet.value = yield* slopeAt(domain, packet.x, packet.gradient);
  packet.first = packet.value;
  packet.evaluations = 1;
  packet.reach = FIRST_REACH;
  const size = norm(packet.gradient);
  if (!(packet.value < Infinity && size > 0 && size < Infinity)) return false;
  makeRound(packet, FIRST_STEP / size);
  return true;
}

/**
 * One step down the harmonic well: −P g, a line search, then the curvature seen goes into P. No step is judged by the
 * Softmax of its energy: on its way down a packet rests on plateaus far above the well that it will end in.
 * @returns whether it was the last: relaxed or stuck
 */
export function* relax(packet: Harmonic, domain: Domain, bench: Slope): Ask<boolean> {
  descend(packet, domain, bench.direction);
  const found = yield* lineSearch(packet, domain, bench);
  if (found < packet.value) {
    move(packet, found, bench);
    curve(packet, bench);
    packet.steps++;
    const promised = read(packet, domain, bench.direction);
    return spent(packet) || promised <= ROUNDING * Math.abs(packet.value) + NOTHING * (packet.first - packet.value);
  }
  // P may be at fault: once more from a round one, unless it is round already
  if (packet.steps === 0) return true;
  makeRound(packet, packet.reach / norm(packet.gradient));
  return spent(packet);
}

function spent({ evaluations, x }: Harmonic): boolean {
  return evaluations > PATIENCE * (x.length + 1);
}

/** direction = −P g, cut to the packet's reach. */
function descend(packet: Harmonic, domain: Domain, direction: Float64Array): void {
  newton(packet, domain, direction);
  const shrink = Math.min(1, packet.reach / norm(direction));
  for (let i = 0; i < direction.length; i++) direction[i] *= shrink;
}

/** out = −P g over the axes that no wall holds. Returns −gᵀout = gᵀPg. */
function newton({ x, gradient, inverse }: Harmonic, { edge }: Domain, out: Float64Array): number {
  const dim = x.length;
  const held = (i: number): boolean =>
    edge !== "periodic" && ((x[i] <= 0 && gradient[i] > 0) || (x[i] >= 1 && gradient[i] < 0));
  let slope = 0;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    let sum = 0;
    if (!held(i)) for (let j = 0; j < dim; j++) if (!held(j)) sum += inverse[row + j] * gradient[j];
    out[i] = -sum;
    slope += sum * gradient[i];
  }
  return slope;
}

/**
 * Reads the well at x: D, the size of its ground state √(tr Σ / d) = ‖Pg‖/√2d, and the imaginary time d / gᵀPg in which
 * −2 Cov(x, ζ) = −2Σg moves it by the full step. Where no slope is left D and the size stay. Returns ½ gᵀPg.
 */
function read(packet: Harmonic, domain: Domain, direction: Float64Array): number {
  const { reading } = packet;
  const dim = packet.x.length;
  const slope = newton(packet, domain, direction);
  const size = norm(direction);
  const D = (size * size * slope) / (2 * dim * dim);
  const readable = D > 0 && D < Infinity;
  reading.energy = packet.value;
  reading.dt = readable ? dim / slope : 0;
  if (readable) {
    reading.D = D;
    reading.spread = size / Math.sqrt(2 * dim);
  }
  return slope / 2;
}

/** Goes to the trial point, keeping s = Δx and y = Δg. */
function move(packet: Harmonic, value: number, { trial, trialGradient, s, y }: Slope): void {
  const { x, gradient } = packet;
  let longest = 0;
  for (let i = 0; i < x.length; i++) {
    s[i] = trial[i] - x[i];
    y[i] = trialGradient[i] - gradient[i];
    longest = Math.max(longest, Math.abs(s[i]));
  }
  packet.value = value;
  x.set(trial);
  gradient.set(trialGradient);
  packet.reach = Math.max(packet.reach, 2 * longest);
}

/**
 * Writes to `trial` a point on the line whose value is lower by FALL of the slope and whose slope has flattened to
 * REMAINING; after TRIALS any fall will do, and so it will where the walls, or rounding, let the trial go no further:
 * no point is asked twice in turn. Returns its value, or +∞ where none is found.
 */
function* lineSearch(packet: Harmonic, domain: Domain, bench: Slope): Ask<number> {
  const { value, gradient } = packet;
  const { trial, trialGradient, s } = bench;
  let f = Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let t = 1;
  for (let n = 1; n <= 2 * TRIALS; n++) {
    // what an earlier search left in `trial` counts for nothing
    const fresh = place(packet, domain, t, bench) || n === 1;
    if (norm(s) < POINT) break;
    const slope = dot(gradient, s);
    if (fresh) {
      f = yield* slopeAt(domain, trial, trialGradient);
      packet.evaluations++;
    }
    const fell = f < value && f <= value + FALL * slope;
    if (fell && (!fresh || n >= TRIALS || dot(trialGradient, s) >= REMAINING * slope)) return f;
    if (fell) low = t;
    else high = t;
    if (high === Number.POSITIVE_INFINITY) t *= 2.5;
    else if (low > 0) t = (low + high) / 2;
    else t *= Math.min(0.5, Math.max(0.1, parabola(slope, f - value)));
  }
  return Number.POSITIVE_INFINITY;
}

/** trial = x + t · direction, stopped at the walls, and s = trial − x. Returns whether the trial moved. */
function place({ x }: Harmonic, domain: Domain, t: number, { direction, trial, s }: Slope): boolean {
  let moved = false;
  for (let i = 0; i < x.length; i++) {
    const to = inside(domain, x[i] + t * direction[i]);
    if (to !== trial[i]) moved = true;
    trial[i] = to;
    s[i] = to - x[i];
  }
  return moved;
}

/** The minimum of the parabola that begins with `slope` and has risen by `rise` at 1. */
function parabola(slope: number, rise: number): number {
  const least = -slope / (2 * (rise - slope));
  return Number.isFinite(least) ? least : 0;
}

/** ζ at u and its gradient per unit of the box; +∞ and no slope where either is not finite. */
function* slopeAt(domain: Domain, u: Float64Array, out: Float64Array): Ask<number> {
  const dim = u.length;
  const { lower, upper } = domain;
  const x = new Float64Array(dim);
  for (let j = 0; j < dim; j++) x[j] = toUser(domain, j, u[j]);
  const { value, gradient } = yield* askGradient({ n: 1, dim, x });
  for (let j = 0; j < dim; j++) out[j] = gradient[j] * (upper[j] - lower[j]);
  if (value[0] < Infinity && out.every(Number.isFinite)) return value[0];
  out.fill(0);
  return Number.POSITIVE_INFINITY;
}

function inside({ edge }: Domain, u: number): number {
  return edge === "periodic" ? u : Math.min(1, Math.max(0, u));
}

/** P = scale · I */
function makeRound(packet: Harmonic, scale: number): void {
  const { inverse, x } = packet;
  inverse.fill(0);
  for (let i = 0; i < x.length; i++) inverse[i * x.length + i] = scale;
  packet.steps = 0;
}

/**
 * P ← (I − ρ s yᵀ) P (I − ρ y sᵀ) + ρ s sᵀ with ρ = 1/sᵀy: afterwards P y = s. A step that saw no positive curvature
 * teaches nothing. The first one also sets the scale of P.
 */
function curve(packet: Harmonic, { s, y, py }: Slope): void {
  const { inverse } = packet;
  const dim = s.length;
  const sy = dot(s, y);
  const yy = dot(y, y);
  if (!(sy > 1e-12 * norm(s) * Math.sqrt(yy))) return;
  if (packet.steps === 0) makeRound(packet, sy / yy);
  let ypy = 0;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += inverse[row + j] * y[j];
    py[i] = sum;
    ypy += sum * y[i];
  }
  const own = (1 + ypy / sy) / sy;
  for (let i = 0, row = 0; i < dim; i++, row += dim) {
    const a = own * s[i] - py[i] / sy;
    const b = s[i] / sy;
    for (let j = 0; j < dim; j++) inverse[row + j] += a * s[j] - b * py[j];
  }
}

/**
 * The spectrum while D is lowered, the outer loop of §4.1 seen exactly: levels, gap, and the well that owns the ground
 * state at each D. Where a tilted landscape hands φ₀ from a wide well to a deep one (erratum E5) the gap has a minimum:
 * the level crossing that an adiabatic schedule must pass slowly.
 */
import { inputError, isInterruption } from "../core/errors.ts";
import { halting } from "../core/halt.ts";
import { type Potential, points } from "../core/problem.ts";
import { geometricBetween, shareOf } from "../core/schedule.ts";
import { strides } from "../math/dvr.ts";
import { type Spectrum, type SpectrumOptions, type SpectrumRun, spectrum } from "./spectrum.ts";

export type SweepOptions = Omit<SpectrumOptions, "D"> & {
  /** The first D and the last, both above 0; rows lie between them at equal ratios. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
};

/** A local minimum of ζ on the grid, and the probability of φ₀ in its basin. */
export type Well = { readonly at: readonly number[]; readonly zeta: number; readonly share: number };

export type SweepRow = {
  readonly D: number;
  readonly levels: readonly number[];
  readonly gap: number;
  readonly error: readonly number[];
  /** ⟨x⟩ in the ground state. */
  readonly mean: readonly number[];
  /** Where |φ₀|² is largest. */
  readonly peak: readonly number[];
  /** The well that holds most of φ₀; null where no well leads, or the gap is too small to tell one state from the other. */
  readonly owner: Well | null;
};

/** The D at which the ground state changes wells: the gap is least there. */
export type Crossing = {
  readonly D: number;
  readonly gap: number;
  /** The owners at larger and at smaller D. */
  readonly from: readonly number[];
  readonly to: readonly number[];
};

export type Sweep = {
  readonly potential: string;
  readonly rows: readonly SweepRow[];
  /** Ascending in D. */
  readonly crossings: readonly Crossing[];
  /** A sweep that was stopped has the rows that were known by then, and no crossings. */
  readonly stop: "all rows" | "aborted";
  readonly warnings: readonly string[];
};

/** By how much the owner's share of φ₀ must lead the next one's: a point on the ridge counts for one side only. */
const LEAD = 0.25;
/** Below this multiple of the error of the levels a gap is not known. */
const KNOWN = 10;
/** Points looked at for a barrier between two wells. */
const ALONG = 65;

/**
 * The spectrum at each of `count` values of D, and the crossings between them.
 * @throws as {@link spectrum} does, and where the range or the count is of no use
 */
export async function sweep(potential: Potential, options: SweepOptions, run: SpectrumRun = {}): Promise<Sweep> {
  const { from, to, count, levels = 2, ...rest } = options;
  for (const D of [from, to]) if (!(D > 0 && D < Infinity)) throw inputError("sweep", `${D} is not a finite D above 0`);
  if (!Number.isSafeInteger(count) || count < 2) throw inputError("sweep", `${count} is not a whole number from 2`);
  if (levels < 2) throw inputError("levels", `${levels} have no gap`, "ask for 2 or more");
  const halt = halting(undefined, run.signal);
  const at = async (D: number): Promise<Spectrum> => {
    // a spectrum may be too short to pause on its own
    await halt.breathe();
    return spectrum(potential, { ...rest, levels, D }, run);
  };
  const rows: SweepRow[] = [];
  const warnings = new Set<string>();
  const told = (stop: Sweep["stop"], crossings: readonly Crossing[]): Sweep => ({
    ...{ potential: potential.name, rows, crossings, stop, warnings: [...warnings] },
  });
  try {
    for (let i = 0; i < count; i++) {
      const found = await at(geometricBetween(from, to, shareOf(i, count)));
      for (const said of found.warnings) warnings.add(`D = ${found.D.toPrecision(4)}: ${said}`);
      rows.push(rowOf(found));
    }
    return told("all rows", await crossingsOf(potential, rows, async (D) => (await at(D)).gap ?? Number.NaN));
  } catch (error) {
    if (!isInterruption(error) || rows.length === 0) throw error;
    return told("aborted", []);
  } finally {
    halt.end();
  }
}

function rowOf(found: Spectrum): SweepRow {
  const { D, levels, error, grid, states } = found;
  const [density, total] = densityOf(found);
  const stride = strides(grid.shape);
  const coordinate = (p: number, j: number): number => grid.axes[j].x[Math.floor(p / stride[j]) % grid.shape[j]];
  const place = (p: number): number[] => grid.shape.map((_, j) => coordinate(p, j));
  const mean = grid.shape.map((_, j) => density.reduce((s, share, p) => s + share * coordinate(p, j), 0) / total);
  let peak = 0;
  states[0].forEach((v, p) => {
    if (Math.abs(v) > Math.abs(states[0][peak])) peak = p;
  });
  const gap = levels[1] - levels[0];
  const leading = gap > KNOWN * (error[0] + error[1]) ? leader(density, total, grid.zeta, grid.shape) : undefined;
  const owner =
    leading === undefined ? null : { at: place(leading.at), zeta: grid.zeta[leading.at], share: leading.share };
  return { D, levels, gap, error, mean, peak: place(peak), owner };
}

/** The probability of φ₀ at every point of the grid, and their sum. */
function densityOf({ grid, states }: Spectrum): readonly [Float64Array, number] {
  const stride = strides(grid.shape);
  let total = 0;
  const density = states[0].map((v, p) => {
    const weight = grid.axes.reduce((w, { weight: on }, j) => w * on[Math.floor(p / stride[j]) % grid.shape[j]], 1);
    total += weight * v * v;
    return weight * v * v;
  });
  return [density, total];
}

/** The basin with most of the density, where it leads; basins are found by going downhill from point to point. */
function leader(density: Float64Array, total: number, zeta: Float64Array, shape: readonly number[]) {
  const bottom = basins(zeta, shape);
  const shares = new Map<number, number>();
  density.forEach((share, p) => {
    if (share > 0) shares.set(bottom[p], (shares.get(bottom[p]) ?? 0) + share / total);
  });
  const [first, second] = [...shares].sort((a, b) => b[1] - a[1]);
  if (first === undefined || first[1] - (second?.[1] ?? 0) < LEAD) return undefined;
  return { at: first[0], share: first[1] };
}

/** For every point the one at which steepest descent over its neighbors ends. */
function basins(zeta: Float64Array, shape: readonly number[]): Int32Array {
  const stride = strides(shape);
  const next = Int32Array.from(zeta, (_, p) => {
    let least = p;
    for (let j = 0; j < shape.length; j++) {
      const c = Math.floor(p / stride[j]) % shape[j];
      if (c > 0 && zeta[p - stride[j]] < zeta[least]) least = p - stride[j];
      if (c + 1 < shape[j] && zeta[p + stride[j]] < zeta[least]) least = p + stride[j];
    }
    return least;
  });
  return next.map((_, p) => {
    let at = p;
    while (next[at] !== at) at = next[at];
    return at;
  });
}

/** Where two rows' owners differ, the D of the least gap between the rows about them. */
async function crossingsOf(
  potential: Potential,
  rows: readonly SweepRow[],
  gapAt: (D: number) => Promise<number>,
): Promise<Crossing[]> {
  const found: Crossing[] = [];
  const owned = rows.flatMap(({ owner }, i) => (owner === null ? [] : [{ i, owner }]));
  for (let k = 1; k < owned.length; k++) {
    const [a, b] = [owned[k - 1], owned[k]];
    if (!(await barrierBetween(potential, a.owner.at, b.owner.at))) continue;
    const ends = [rows[Math.max(0, a.i - 1)].D, rows[Math.min(rows.length - 1, b.i + 1)].D].map(Math.log);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const least = await minimum(async (u) => (await gapAt(Math.exp(u))) ** 2, low, high);
    // at an end of the range the gap has no minimum: the state moves over without a crossing
    if (least.x - low < 1e-3 * (high - low) || high - least.x < 1e-3 * (high - low)) continue;
    const [larger, smaller] = rows[a.i].D > rows[b.i].D ? [a, b] : [b, a];
    found.push({ D: Math.exp(least.x), gap: Math.sqrt(least.f), from: larger.owner.at, to: smaller.owner.at });
  }
  return found.sort((a, b) => a.D - b.D);
}

/** A rise of ζ below this share of its size on the way is rounding: the two ends lie in one well. */
const RISE = 1e-10;

/** Whether ζ on the way between two points rises above both ends. */
async function barrierBetween(potential: Potential, a: readonly number[], b: readonly number[]): Promise<boolean> {
  const way = Array.from({ length: ALONG }, (_, i) => a.map((from, j) => from + (i / (ALONG - 1)) * (b[j] - from)));
  const { value } = await potential.answer({ kind: "value", at: points(way) });
  if (value === undefined) throw new Error("the evaluator answered without a 'value'");
  const rise = Math.max(...value.subarray(1, ALONG - 1)) - Math.max(value[0], value[ALONG - 1]);
  return rise > RISE * Math.max(...value.map(Math.abs));
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;
const STEPS = 60;
const CLOSE = 1e-7;

/**
 * A minimum between two bounds: parabolas through the best three points, golden sections where they lead nowhere
 * (R. P. Brent, Algorithms for Minimization without Derivatives, 1973, ch. 5). The square of a gap is a parabola
 * near its minimum, however sharp the crossing.
 */
async function minimum(f: (x: number) => Promise<number>, low: number, high: number) {
  let [a, b] = [low, high];
  let x = a + GOLDEN * (b - a);
  let fx = await f(x);
  let [w, fw, v, fv] = [x, fx, x, fx];
  let [move, before] = [b - a, b - a];
  for (let step = 0; step < STEPS; step++) {
    const middle = 0.5 * (a + b);
    if (Math.abs(x - middle) <= 2 * CLOSE - 0.5 * (b - a)) break;
    const r = (x - w) * (fx - fv);
    const q = (x - v) * (fx - fw);
    const jump = ((x - v) * q - (x - w) * r) / (2 * (r - q));
    const golden = GOLDEN * ((x < middle ? b : a) - x);
    const good = Math.abs(jump) < 0.5 * Math.abs(before) && x + jump > a + CLOSE && x + jump < b - CLOSE;
    [before, move] = [move, good ? jump : golden];
    const u = x + (Math.abs(move) >= CLOSE ? move : Math.sign(move || 1) * CLOSE);
    const fu = await f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
      continue;
    }
    if (u < x) a = u;
    else b = u;
    if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
    else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
  }
  return { x, f: fx };
}

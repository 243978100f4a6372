/**
 * What diffusion Monte Carlo begins with: the guide, where walkers start, and the unit of imaginary time, all found from ζ.
 * A first minimization by packets finds the deepest well; there the best Gaussian is a guide, and says how wide ψ is.
 */
import type { Ask } from "../core/ask.ts";
import { uniformPoints } from "../core/bounds.ts";
import { inputError, messageOf } from "../core/errors.ts";
import type { Guidance, Guide } from "../core/guide.ts";
import type { Domain, Evaluator, Potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { gaussianGuide, gaussianPoints } from "../engines/dmc/gaussian.ts";
import { bestGaussian, type Variational } from "../engines/dmc/variational.ts";
import { packets } from "../engines/packets/index.ts";
import { fold, type Key, key, variance } from "../math/index.ts";
import { finiteDifference } from "../potentials/wrappers.ts";
import { steady } from "../schedules/steady.ts";

export type GuideName = "auto" | "none" | "gaussian" | "packets" | "own";

export type Beginning = {
  readonly guide: Guide | undefined;
  readonly start: (key: Key, n: number) => Float64Array;
  /** A time within which walkers forget, and ⟨T⟩ of the guide or the best Gaussian, an energy. */
  readonly unit: number;
  readonly kinetic: number;
  readonly warnings: readonly string[];
};

/** Evaluations, per axis and at least, of the minimization that finds the deepest well. */
const LOOKS_PER_AXIS = 200;
const LOOKS = 2000;
const SAMPLE = 2048;
const FIRST = 0x9a55;
const WIDE = 0x9a56;
const PROBE = 0x9a57;
const ELSEWHERE = 0x9a58;
const WAYS = 0x9a59;

/**
 * The guide that was asked for, or that suits, and what goes with it.
 * @throws where a guide does not exist for the potential, and where ζ has no bottom
 */
export async function beginning(
  potential: Potential,
  D: number,
  wanted: GuideName | Guide,
  seed: number,
  hasNode = false,
): Promise<Beginning> {
  if (typeof wanted !== "string") return withGuide(potential, D, wanted, seed, []);
  const own = potential.guide?.(D);
  if (wanted === "own" && own === undefined)
    throw inputError("guide", `${potential.name} offers none of its own`, "choose gaussian, packets or none");
  if (own !== undefined && (wanted === "own" || wanted === "auto")) return withGuide(potential, D, own, seed, []);
  const best = await variational(potential, D, seed, wanted === "packets" ? "value" : "gradient");
  const warnings: string[] = [];
  if (own !== undefined && wanted === "none")
    warnings.push(
      `${potential.name} is singular, and without a guide weights have no bound: its own guide, --guide own, knows the cusps`,
    );
  if (
    wanted === "gaussian" ||
    wanted === "packets" ||
    (wanted === "auto" && !hasNode && (await suits(potential, D, best, seed)))
  ) {
    if (potential.domain.edge === "periodic")
      throw inputError("guide", "a Gaussian is not periodic", "choose none on a periodic domain");
    if (wanted !== "auto" && !best.settled && wanted === "gaussian")
      warnings.push("the best Gaussian was not found: the guide is a poor one");
    return withGuide(potential, D, gaussianGuide(best, wanted === "packets" ? "packets" : "gaussian"), seed, warnings);
  }
  const { domain } = potential;
  return {
    guide: undefined,
    start: (at, n) => gaussianPoints(best, at, n, 2),
    unit: domain.lower.length / (4 * best.kinetic),
    kinetic: best.kinetic,
    warnings,
  };
}

/** A guide, and the unit of time and the energy that belong to it: ⟨T⟩ = D⟨‖∇ln φ‖²⟩ and dim/4⟨T⟩. */
function withGuide(
  potential: Potential,
  D: number,
  guide: Guide,
  seed: number,
  warnings: readonly string[],
): Beginning {
  const { domain } = potential;
  const dim = domain.lower.length;
  const start = guide.sample ?? ((at: Key, n: number) => aboutMiddle(potential, at, n));
  const seen = guidance(SAMPLE, dim);
  guide.at({ n: SAMPLE, dim, x: start(fold(key(seed), PROBE), SAMPLE) }, seen);
  if (!seen.log.some(Number.isFinite))
    throw inputError(`guide '${guide.name}'`, "vanishes everywhere it was looked at", "choose another");
  let [square, count] = [0, 0];
  for (let i = 0; i < SAMPLE; i++) {
    let s = 0;
    for (let j = 0; j < dim; j++) s += seen.gradient[i * dim + j] ** 2;
    if (!Number.isFinite(s)) continue;
    square += s;
    count++;
  }
  const kinetic = Math.max((D * square) / count, Number.MIN_VALUE);
  return { guide, start, kinetic, unit: dim / (4 * kinetic), warnings };
}

export function guidance(n: number, dim: number): Guidance {
  return { log: new Float64Array(n), gradient: new Float64Array(n * dim), laplacian: new Float64Array(n) };
}

function aboutMiddle({ domain }: Potential, at: Key, n: number): Float64Array {
  const dim = domain.lower.length;
  const middle = domain.lower.map((low, j) => 0.5 * (low + domain.upper[j]));
  const covariance = new Float64Array(dim * dim);
  for (let j = 0; j < dim; j++) covariance[j * dim + j] = ((domain.upper[j] - domain.lower[j]) / 16) ** 2;
  return gaussianPoints({ mean: middle, covariance }, at, n);
}

/** The best Gaussian in the deepest well, or in the middle of the domain where that one is lower. */
export async function variational(
  potential: Potential,
  D: number,
  seed: number,
  sense: "gradient" | "value",
): Promise<Variational> {
  const { domain } = potential;
  const dim = domain.lower.length;
  const smooth = potential.can.includes("gradient") ? potential : finiteDifference(potential);
  const deepest = await bottom(potential, seed);
  refuseNoBottom(potential, deepest, await stretched(potential, deepest));
  const widths = domain.lower.map((low, j) => domain.upper[j] - low);
  const from = (at: Float64Array, share: number) => {
    const covariance = new Float64Array(dim * dim);
    for (let j = 0; j < dim; j++) covariance[j * dim + j] = (share * widths[j]) ** 2;
    return answered(bestGaussian(domain, D, { mean: at, covariance }, fold(key(seed), WIDE), sense), smooth.answer);
  };
  const middle = domain.lower.map((low, j) => low + 0.5 * widths[j]);
  const found = [await from(deepest, 1e-3), await from(middle, 0.125)];
  const usable = found.filter(({ energy }) => Number.isFinite(energy));
  if (usable.length === 0) throw inputError("ζ", "is not finite about its lowest point", "narrow the domain");
  return usable.reduce((a, b) => (b.energy < a.energy - a.error ? b : a));
}

/** The lowest point that packets find. */
async function bottom(potential: Potential, seed: number): Promise<Float64Array> {
  const dim = potential.domain.lower.length;
  const engine = packets({ gradients: potential.can.includes("gradient") });
  const budget = Math.max(LOOKS, LOOKS_PER_AXIS * dim);
  const frames = run({ potential, engine, schedule: steady({ D: 1, dt: 1 }), seed, budget });
  for (;;) {
    const next = await frames.next();
    if (!next.done) continue;
    const { best, error } = next.value;
    if (error !== undefined) throw error;
    if (best.x.length === 0) throw inputError("ζ", "is finite nowhere that it was looked at", "choose another domain");
    return best.x;
  }
}

const FAR = [1, 2, 4, 8, 16, 32, 64];

/** ζ from the lowest point on outward, away from the middle of the domain. */
async function stretched(potential: Potential, x: Float64Array): Promise<Float64Array> {
  const { lower, upper } = potential.domain;
  const dim = x.length;
  const rows = Float64Array.from({ length: FAR.length * dim }, (_, e) => {
    const j = e % dim;
    const middle = 0.5 * (lower[j] + upper[j]);
    return middle + FAR[Math.floor(e / dim)] * (x[j] - middle);
  });
  const { value } = await potential.answer({ kind: "value", at: { n: FAR.length, dim, x: rows } });
  return value ?? new Float64Array(0);
}

function refuseNoBottom({ domain, names }: Potential, x: Float64Array, along: Float64Array): void {
  const isAtEdge = x.some((v, j) => {
    const margin = 1e-6 * (domain.upper[j] - domain.lower[j]);
    return v <= domain.lower[j] + margin || v >= domain.upper[j] - margin;
  });
  const falls = along.every((v, i) => i === 0 || v < along[i - 1]);
  if (domain.edge !== "open" || !isAtEdge || !falls) return;
  const at = Array.from(x, (v, j) => `${names?.[j] ?? `x${j + 1}`} = ${v.toPrecision(3)}`).slice(0, 3);
  throw inputError(
    "potential",
    `ζ is lowest (${along[0].toPrecision(3)}) at the edge of the domain, at ${at.join(", ")}, and falls on beyond it`,
    "it has no ground state there; give a domain with walls",
  );
}

/** A guide pays where E_L varies by less than this share of what ζ does, and where it is no trap. */
const PAYS = 0.5;
/** The best Gaussian counts as far away beyond so many of its standard deviations. */
const FAR_OUT = 5;

/**
 * Whether the best Gaussian is a good guide: E_L over |φ|² beside ζ over ψ. Where ζ lies below the energy out in φ's tail,
 * in another well, walkers would hardly ever come there, and those that did would multiply without bound.
 */
async function suits(potential: Potential, D: number, best: Variational, seed: number): Promise<boolean> {
  const { domain } = potential;
  if (domain.edge === "periodic" || !best.settled) return false;
  const dim = domain.lower.length;
  const zeta = async (x: Float64Array): Promise<Float64Array> => {
    const { value } = await potential.answer({ kind: "value", at: { n: SAMPLE, dim, x } });
    return value ?? new Float64Array(SAMPLE).fill(Number.NaN);
  };
  const seen = guidance(SAMPLE, dim);
  const guide = gaussianGuide(best);
  const near = gaussianPoints(best, fold(key(seed), FIRST), SAMPLE);
  guide.at({ n: SAMPLE, dim, x: near }, seen);
  const local = (await zeta(near)).map((v, i) => v - D * seen.laplacian[i]);
  const free = (await zeta(gaussianPoints(best, fold(key(seed), FIRST), SAMPLE, 2))).filter(Number.isFinite);
  if (!(Math.sqrt(variance(local)) < PAYS * Math.sqrt(variance(free)))) return false;
  for (const x of [uniformPoints(domain, fold(key(seed), ELSEWHERE), SAMPLE).x, rays(domain, best, seed)]) {
    const value = await zeta(x);
    guide.at({ n: SAMPLE, dim, x }, seen);
    // ln φ = −¼ of the squared distance in standard deviations
    if (value.some((v, i) => v < best.energy && -4 * seen.log[i] > FAR_OUT ** 2)) return false;
  }
  return true;
}

/** Points on straight ways from the Gaussian's center to places in the domain. */
function rays(domain: Domain, { mean: center }: Variational, seed: number): Float64Array {
  const dim = center.length;
  const { x } = uniformPoints(domain, fold(key(seed), WAYS), SAMPLE);
  return x.map((v, e) => center[e % dim] + (v - center[e % dim]) * (((Math.floor(e / dim) % STOPS) + 1) / STOPS));
}

const STOPS = 16;

/** Drives a computation with an evaluator. */
export async function answered<T>(ask: Ask<T>, evaluate: Evaluator): Promise<T> {
  let step = ask.next();
  try {
    while (!step.done) step = ask.next(await evaluate(step.value));
  } catch (error) {
    throw error instanceof Error ? error : new Error(messageOf(error));
  }
  return step.value;
}

/**
 * What diffusion Monte Carlo begins with: the guide, where walkers start, and the unit of imaginary time, all found from ζ.
 * A first minimization by packets finds the deepest well; there the best Gaussian is a guide, and says how wide ψ is.
 */
import type { Ask } from "../core/ask.ts";
import { inputError, messageOf } from "../core/errors.ts";
import type { Guidance, Guide } from "../core/guide.ts";
import type { Evaluator, Potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { gaussianGuide, gaussianPoints } from "../engines/dmc/gaussian.ts";
import { bestGaussian, type Variational } from "../engines/dmc/variational.ts";
import { packets } from "../engines/packets/index.ts";
import { fold, type Key, key, mean, variance } from "../math/index.ts";
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

/**
 * The guide that was asked for, or that suits, and what goes with it.
 * @throws where a guide does not exist for the potential, and where ζ has no bottom
 */
export async function beginning(
  potential: Potential,
  D: number,
  wanted: GuideName | Guide,
  seed: number,
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
  if (wanted === "gaussian" || wanted === "packets" || (wanted === "auto" && (await suits(potential, D, best, seed)))) {
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

/** A guide pays where E_L varies by less than this share of what ζ does, and nowhere falls far below the energy. */
const PAYS = 0.5;
const DEEP = 4;

/** Whether the best Gaussian is a good guide: E_L over |φ|² and beyond, beside ζ over ψ. */
async function suits(potential: Potential, D: number, best: Variational, seed: number): Promise<boolean> {
  if (potential.domain.edge === "periodic" || !best.settled) return false;
  const dim = potential.domain.lower.length;
  const seen = guidance(SAMPLE, dim);
  const local = async (stretch: number): Promise<{ readonly zeta: Float64Array; readonly local: Float64Array }> => {
    const x = gaussianPoints(best, fold(key(seed), FIRST), SAMPLE, stretch);
    const at = { n: SAMPLE, dim, x };
    const { value = new Float64Array(SAMPLE) } = await potential.answer({ kind: "value", at });
    gaussianGuide(best).at(at, seen);
    return { zeta: value, local: value.map((v, i) => v - D * seen.laplacian[i]) };
  };
  const near = await local(1);
  const over = await local(2);
  if (!near.local.every(Number.isFinite)) return false;
  const scatter = Math.sqrt(variance(over.zeta.filter(Number.isFinite)));
  const fall = mean(near.local) - Math.min(...over.local.filter(Number.isFinite));
  const isDeep = fall * dim > DEEP * 4 * best.kinetic;
  return !isDeep && Math.sqrt(variance(near.local)) < PAYS * scatter;
}

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

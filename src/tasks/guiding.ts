/**
 * What diffusion Monte Carlo begins with: the guide, where walkers start, and the unit of imaginary time, all found from ζ.
 */
import { inputError } from "../core/errors.ts";
import type { Guidance, Guide } from "../core/guide.ts";
import type { Potential } from "../core/problem.ts";
import { gaussianGuide, gaussianPoints } from "../engines/dmc/gaussian.ts";
import { superposition } from "../engines/dmc/superposition.ts";
import type { Variational } from "../engines/dmc/variational.ts";
import { fold, type Key, key, variance } from "../math/index.ts";
import { answered, packetsOf, variational } from "./relaxed.ts";

export type GuideName = "auto" | "none" | "gaussian" | "packets" | "own";

export type Beginning = {
  readonly guide: Guide | undefined;
  /** Without a guide: what walkers are projected onto for the energy. */
  readonly projector?: Guide | undefined;
  readonly start: (key: Key, n: number) => Float64Array;
  /** A time within which walkers forget: dim/4⟨T⟩, with ⟨T⟩ that of the guide or of the best Gaussian. */
  readonly unit: number;
  readonly warnings: readonly string[];
};

const SAMPLE = 2048;
const FIRST = 0x9a55;
const PROBE = 0x9a57;
const MIXED = 0x9a5a;

export type Wish = {
  readonly D: number;
  readonly seed: number;
  readonly guide: GuideName | Guide;
  /** Whether ψ has a node. */
  readonly hasNode?: boolean;
  /** Evaluations that the search for it may take. */
  readonly budget?: number;
};

/**
 * The guide that was asked for, or that suits, and what goes with it.
 * @throws where a guide does not exist for the potential, and where ζ has no bottom
 */
export async function beginning(
  potential: Potential,
  { D, seed, guide: wanted, hasNode = false, budget }: Wish,
): Promise<Beginning> {
  if (typeof wanted !== "string") return withGuide(potential, D, wanted, seed, []);
  const own = potential.guide?.(D);
  if (wanted === "own" && own === undefined)
    throw inputError("guide", `${potential.name} offers none of its own`, "choose gaussian, packets or none");
  if (own !== undefined && (wanted === "own" || wanted === "auto")) return withGuide(potential, D, own, seed, []);
  const best = await variational(potential, D, seed, budget);
  const warnings: string[] = [];
  if (own !== undefined && wanted === "none")
    warnings.push(
      `${potential.name} is singular, and without a guide weights have no bound: its own guide, --guide own, knows the cusps`,
    );
  if (wanted === "gaussian" || wanted === "packets") {
    if (potential.domain.edge === "periodic")
      throw inputError("guide", "packets are not periodic", "choose none on a periodic domain");
    if (!best.settled) warnings.push("the best Gaussian was not found: the guide is a poor one");
    if (wanted === "gaussian") return withGuide(potential, D, gaussianGuide(best), seed, warnings);
  }
  let projector: Guide | undefined;
  if (wanted === "packets" || (wanted === "auto" && !hasNode && potential.domain.edge !== "periodic" && best.settled)) {
    const { packets, isWhole } = await packetsOf(potential, D, seed, best, budget);
    const guide = await answered(
      superposition(D, packets, fold(key(seed), MIXED), wanted === "auto" ? "gaussian" : "packets"),
      potential.answer,
    );
    if (!isWhole && wanted === "packets")
      warnings.push("ζ lies below the energy where the packets do not reach: walkers may never come there");
    // between wells the tails of packets fall too fast: there walkers are better off without a guide
    const isGood = isWhole && packets.length === 1 && (await isClose(potential, D, guide, best, seed));
    if (wanted === "packets" || isGood) return withGuide(potential, D, guide, seed, warnings);
    if (isWhole && vanishes(potential, guide, best)) projector = guide;
  }
  const { domain } = potential;
  return {
    ...{ guide: undefined, projector },
    start: (at, n) => gaussianPoints(best, at, n, 2),
    unit: domain.lower.length / (4 * best.kinetic),
    warnings,
  };
}

/** ln of the share of its height that φ may have at a wall: ∫ψHφ then errs by Dφψ' there, 10⁻⁵ of the kinetic energy. */
const UNSEEN = -12;

/** Whether φ is as good as 0 at the walls. */
function vanishes({ domain: { lower, upper, edge } }: Potential, guide: Guide, { mean: center }: Variational): boolean {
  if (edge !== "wall") return true;
  const dim = center.length;
  const x = new Float64Array((2 * dim + 1) * dim);
  for (let p = 0; p <= 2 * dim; p++) x.set(center, p * dim);
  for (let j = 0; j < dim; j++) [x[2 * j * dim + j], x[(2 * j + 1) * dim + j]] = [lower[j], upper[j]];
  const seen = guidance(2 * dim + 1, dim);
  guide.at({ n: 2 * dim + 1, dim, x }, seen);
  return seen.log.every((log, p) => p === 2 * dim || log - seen.log[2 * dim] < UNSEEN);
}

/** A guide, and the unit of time that belongs to it: dim/4⟨T⟩ with ⟨T⟩ = D⟨‖∇ln φ‖²⟩. */
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
  return { guide, start, unit: dim / (4 * kinetic), warnings };
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

/** A packet is close to ψ where E_L, for each dimension, varies by less than this over a unit of time. */
const CLOSE = 0.3;

/** Whether a guide is so close to ψ that walkers may follow it: by the scatter of E_L over φ². */
async function isClose(
  potential: Potential,
  D: number,
  guide: Guide,
  { mean: { length: dim }, kinetic }: Variational,
  seed: number,
): Promise<boolean> {
  const x = guide.sample?.(fold(key(seed), FIRST), SAMPLE) ?? new Float64Array(SAMPLE * dim);
  const at = { n: SAMPLE, dim, x };
  const { value = new Float64Array(SAMPLE) } = await potential.answer({ kind: "value", at });
  const seen = guidance(SAMPLE, dim);
  guide.at(at, seen);
  const scatter = Math.sqrt(variance(value.map((v, i) => v - D * seen.laplacian[i])) / dim);
  // where ζ is not finite the scatter is no number
  return (scatter * dim) / (4 * kinetic) < CLOSE;
}

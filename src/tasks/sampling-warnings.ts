/** What makes draws doubtful, in sentences that say what to change. */
import type { Domain, Potential } from "../core/problem.ts";
import { mean, variance } from "../math/stats.ts";
import type { Bias } from "./bias.ts";
import { type Draws, levels, type Moments } from "./draws.ts";

export type Ran = {
  readonly engine: string;
  readonly potential: Potential;
  readonly moments: Moments;
  readonly draws: Draws;
  readonly D: number;
  readonly dt: number;
  readonly acceptance: number;
  readonly bias: Bias | undefined;
  /** Points where the slope was not finite. */
  readonly blind: number;
  /** The share of the points asked where ζ was not finite. */
  readonly nowhere: number;
  readonly swaps?: number | undefined;
  /** Whether slopes are differences of values. */
  readonly wrapped: boolean;
  /** Whether Δτ was given. */
  readonly given: boolean;
  readonly steps: number;
};

const RHAT = 1.01;
const WORTH = 400;
const HARDLY = 0.02;
const SELDOM = 0.1;
const NEARLY_ALWAYS = 0.97;
const BIASED = 0.05;
const SWAPS = 0.1;
const FALLING = 8;
const NOWHERE = 0.01;
/** In D for each axis: so far below its mean ζ lies under a law with probability 0. */
const BOTTOMLESS = 1e3;

export function samplingWarnings(ran: Ran): string[] {
  const { potential, wrapped, blind, nowhere } = ran;
  const dim = potential.domain.lower.length;
  return [
    ...(wrapped
      ? [
          `${potential.name} gives no gradient: it is taken by differences, ${2 * dim + 1} evaluations each; metropolis needs none`,
        ]
      : []),
    ...(blind > 0 ? [`the gradient was not finite at ${blind} points where ζ is: no chain went there`] : []),
    ...(nowhere > NOWHERE
      ? [
          `ζ is not finite at ${(100 * nowhere).toPrecision(2)} % of the points that were asked: no chain goes there; a --domain with walls leaves them out`,
        ]
      : []),
    ...bottomWarnings(ran),
    ...stepWarnings(ran),
    ...chainWarnings(ran),
    ...biasWarnings(ran),
  ];
}

/** Where ζ falls so deep that it has no bottom, as at a pole, there is no law to be sampled. */
function bottomWarnings({ draws, D }: Ran): string[] {
  const values = levels(draws).values.filter(Number.isFinite);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const fall = mean(values) - least;
  if (!(fall > BOTTOMLESS * D * draws.dim)) return [];
  return [
    `ζ fell to ${least.toPrecision(3)}, ${(fall / D).toPrecision(2)} D below its mean: if it has no bottom there, e^(−ζ/D) is no law; leave it out by --domain with walls`,
  ];
}

function nameOf({ potential }: Ran, j: number): string {
  return potential.names?.[j] ?? `x${j + 1}`;
}

function stepWarnings({ acceptance, given, dt, engine, swaps }: Ran): string[] {
  const said: string[] = [];
  const share = `${Number((100 * acceptance).toPrecision(2))} %`;
  if (engine === "langevin") {
    if (given && acceptance < 0.9)
      said.push(`Δτ = ${dt} is large: a correction would refuse ${(100 * (1 - acceptance)).toFixed(0)} % of the steps`);
  } else if (!(acceptance >= HARDLY))
    said.push(
      `hardly any step is taken (${share}): Δτ = ${dt.toPrecision(3)} is too large, the draws say nothing; take a smaller --dt`,
    );
  else if (acceptance < SELDOM)
    said.push(`few steps are taken (${share}); a smaller --dt, or none given, mixes faster`);
  else if (given && engine !== "underdamped" && acceptance > NEARLY_ALWAYS)
    said.push(`nearly all steps are taken (${share}): Δτ = ${dt} is small, a larger one mixes faster`);
  if (swaps !== undefined && swaps < SWAPS)
    said.push(
      `neighbors in D trade in ${(100 * swaps).toPrecision(2)} % of the trials only; take more rungs (--set engine.rungs=…)`,
    );
  return said;
}

/** Whether chains have come together and have gone on for long enough that their standard errors mean something. */
export function areTrusted({ rhat, ess }: Pick<Moments, "rhat" | "ess">): boolean {
  return rhat.every((r) => r !== null && r <= RHAT) && ess.every((n) => n >= WORTH);
}

function chainWarnings(ran: Ran): string[] {
  const { moments, draws, steps, engine } = ran;
  const said: string[] = [];
  if (draws.chains === 1)
    said.push("one chain cannot tell whether it has seen all of the law (no R-hat); take several");
  const rhat = moments.rhat.map((r) => r ?? 1);
  const worst = rhat.reduce((at, r, j) => (r > rhat[at] || Number.isNaN(r) ? j : at), 0);
  if (!(rhat[worst] <= RHAT)) {
    const remedy =
      engine === "replica"
        ? "take more steps, more rungs or a hotter one"
        : "take more steps, or --engine replica where wells are far apart";
    said.push(
      `R-hat is ${rhat[worst].toPrecision(4)} for ${nameOf(ran, worst)}: the chains have not come together, or are too short to tell; ${remedy}`,
    );
  }
  const least = moments.ess.reduce((at, n, j) => (n < moments.ess[at] ? j : at), 0);
  if (!(moments.ess[least] >= WORTH))
    said.push(
      `the draws are worth ${moments.ess[least].toPrecision(3)} independent ones for ${nameOf(ran, least)}, and standard errors are trusted from ${WORTH} on; take more than ${steps} steps`,
    );
  if (isFalling(draws))
    said.push(
      "ζ still falls from the first quarter to the last in every chain: warm-up is too short, or no law holds the chains",
    );
  return said;
}

/** Whether ζ still falls while all chains are beyond the domain in which they began: nothing holds them. */
export function isLost(draws: Draws, { lower, upper, edge }: Domain): boolean {
  const { chains, dim, x } = draws;
  if (edge !== "open" || !isFalling(draws)) return false;
  const last = x.subarray(x.length - chains * dim);
  const isOut = (c: number): boolean => lower.some((low, j) => last[c * dim + j] < low || last[c * dim + j] > upper[j]);
  return Array.from({ length: chains }, (_, c) => c).every(isOut);
}

/** Whether the mean of ζ is lower in the last quarter than in the first, in all chains and by many standard errors. */
function isFalling(draws: Draws): boolean {
  const { values, chains } = levels(draws);
  const n = values.length / chains;
  const quarter = Math.floor(n / 4);
  if (chains < 4 || quarter < 4) return false;
  const falls = Float64Array.from(
    { length: chains },
    (_, c) => mean(values.subarray(c * n, c * n + quarter)) - mean(values.subarray((c + 1) * n - quarter, (c + 1) * n)),
  );
  const error = Math.sqrt(variance(falls) / chains);
  return falls.every((fall) => fall > 0) && mean(falls) > FALLING * error;
}

function biasWarnings(ran: Ran): string[] {
  const { bias, moments, dt } = ran;
  if (bias === undefined || moments.covariance === null) return [];
  const widths = moments.covariance.map((row, j) => row[j]);
  const share = bias.variance.map((b, j) => Math.abs(b) / widths[j]);
  const worst = share.reduce((at, s, j) => (s > share[at] ? j : at), 0);
  if (!(share[worst] > BIASED)) return [];
  return [
    `Δτ = ${dt.toPrecision(3)} changes the variance of ${nameOf(ran, worst)} by an estimated ${(100 * share[worst]).toFixed(0)} %; take a smaller --dt, or --engine mala, which has no such bias`,
  ];
}

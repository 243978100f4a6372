/**
 * Tuning in warm-up: the step follows the acceptance that is wanted (Robbins and Monro, 1951; Andrieu and Thoms, Stat.
 * Comput. 18, 343, 2008), the shape of the step is learned in windows that grow. After warm-up both are frozen, so that
 * every draw is of a chain that no longer depends on its past. All chains share them.
 */
import { type Domain, meanWidth, proportions } from "../../core/index.ts";
import { type Learned, learn, type Shape, scaleFrom, unlearned } from "./scaling.ts";

export type Tuned = {
  /** Steps of warm-up; with Infinity it never ends, as where D falls. */
  readonly warmup: number;
  /** The step where it is given: then nothing is tuned, and L = 1. */
  readonly dt?: number | undefined;
  readonly shape: Shape;
};

export type Tuning = {
  /** Δτ of the step; 0 until D was known. */
  step: number;
  /** L of the step. */
  readonly scale: Float64Array;
  /** Steps since warm-up began, and since the shape was last learned. */
  seen: number;
  since: number;
  /** Σ ln Δτ over the steps of the last window, and how many. */
  logs: number;
  logged: number;
  readonly learned: Learned;
};

/** Shares of warm-up at which a window ends; the last stretch tunes the step alone. */
const WINDOWS = [0.1, 0.2, 0.4, 0.8];
/** The share of warm-up in which chains come down from where they began. */
const EARLY = 0.2;
const FIRST_KICK = 0.1;
/** In widths of the box. */
const LONGEST_KICK = 100;
const SHORTEST_KICK = 1e-15;

export function untuned(domain: Domain, { shape, dt }: Tuned): Tuning {
  const dim = domain.lower.length;
  const learned = unlearned(dt === undefined ? shape : "none", dim);
  const wide = dt === undefined && shape !== "none" ? proportions(domain) : new Float64Array(dim).fill(1);
  const scale = new Float64Array(Math.max(dim, learned.square.length));
  const stride = scale.length > dim ? dim + 1 : 1;
  for (let j = 0; j < dim; j++) scale[j * stride] = wide[j];
  return { step: 0, scale, seen: 0, since: 0, logs: 0, logged: 0, learned };
}

/** The first step, once D is known; whatever D is later, a step in a harmonic well need not change with it. */
export function ready(tuning: Tuning, domain: Domain, D: number, { dt }: Tuned): void {
  if (dt !== undefined) tuning.step = dt;
  else if (tuning.step === 0 && D > 0) tuning.step = durationOf(FIRST_KICK, tuning, domain, D);
}

/** Whether the chains are still in warm-up. */
export function isWarming({ seen }: Tuning, { warmup, dt }: Tuned): boolean {
  return dt === undefined && seen < warmup;
}

/** Whether chains still come down from where they began; always, where warm-up never ends. */
export function isEarly({ seen }: Tuning, { warmup, dt }: Tuned): boolean {
  return dt === undefined && seen < EARLY * warmup;
}

/**
 * One step of tuning.
 * @param acceptance the mean probability with which the last proposals are taken
 * @param wanted what it should be
 * @returns whether the shape has changed
 */
export function tune(
  tuning: Tuning,
  given: Tuned,
  at: { readonly domain: Domain; readonly x: Float64Array; readonly chains: number; readonly D: number },
  acceptance: number,
  wanted: number,
): boolean {
  if (!isWarming(tuning, given)) return false;
  const { domain, x, chains, D } = at;
  tuning.seen++;
  if (!(D > 0)) return false;
  tuning.since++;
  const gain = given.warmup === Infinity ? 0.3 : Math.max(0.02, 2 / (1 + tuning.since) ** 0.6);
  tuning.step = bounded(tuning.step * Math.exp(gain * (acceptance - wanted)), tuning, domain, D);
  if (given.warmup === Infinity) return false;
  const window = WINDOWS.findIndex((share) => tuning.seen === Math.ceil(share * given.warmup));
  const last = WINDOWS[WINDOWS.length - 1] * given.warmup;
  if (tuning.seen > WINDOWS[0] * given.warmup && tuning.seen <= last) learn(tuning.learned, x, chains);
  if (tuning.seen > (last + given.warmup) / 2) {
    tuning.logs += Math.log(tuning.step);
    tuning.logged++;
  }
  if (tuning.seen === given.warmup && tuning.logged > 0) tuning.step = Math.exp(tuning.logs / tuning.logged);
  if (window < 1 || !scaleFrom(tuning.learned, D, tuning.scale)) return false;
  tuning.since = 0;
  tuning.step = Math.min(1, Math.max(0.01, 1 / Math.cbrt(domain.lower.length)));
  return true;
}

/** Δτ whose kick L √(2DΔτ) ξ has, over all axes, a length given in widths of the box. */
function durationOf(kick: number, { scale }: Tuning, domain: Domain, D: number): number {
  const dim = domain.lower.length;
  const stride = scale.length > dim ? dim + 1 : 1;
  let shrunk = 0;
  for (let j = 0; j < dim; j++) shrunk += Math.log(scale[j * stride]) / dim;
  const length = kick * meanWidth(domain) * Math.exp(-shrunk);
  return Math.min(1e300, Math.max(Number.MIN_VALUE, ((length / D) * length) / 2 / dim));
}

function bounded(step: number, tuning: Tuning, domain: Domain, D: number): number {
  const [least, most] = [SHORTEST_KICK, LONGEST_KICK].map((kick) => durationOf(kick, tuning, domain, D));
  return Math.min(most, Math.max(least, step));
}

/** What the chapters on ψ share: wells on a line, waves on a grid, distances, fitted rates and orders. */
import type { Observer } from "../core/observe.ts";
import { box, type Edge, type Potential, potential } from "../core/problem.ts";
import type { Complex } from "../math/complex.ts";
import { amplitudeAt, type Wave } from "../math/packet.ts";
import { sumProducts } from "../math/sum.ts";
import { type EvolveSetup, evolve, type GridView } from "../tasks/evolve.ts";

export const REAL = Math.PI / 2;

/** ζ of one variable on [−half, half]. */
export function onLine(value: (x: number) => number, half: number, edge: Edge = "periodic"): Potential {
  return potential({ name: "ζ", domain: box(1, -half, half, edge), value: (x) => value(x[0]) });
}

/** n numbers from one to another. */
export function between(from: number, to: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
}

/** ζ at points of a line. */
export async function valuesAt({ answer }: Potential, xs: Float64Array): Promise<Float64Array> {
  const { value } = await answer({ kind: "value", at: { n: xs.length, dim: 1, x: xs } });
  return value ?? new Float64Array(xs.length).fill(Number.NaN);
}

/** A closed form at the points of a grid of one axis. */
export function sampled(wave: Wave, xs: Float64Array): Amplitudes {
  const psi = Array.from(xs, (x): Complex => amplitudeAt(wave, x));
  return { re: Float64Array.from(psi, ({ re }) => re), im: Float64Array.from(psi, ({ im }) => im) };
}

export type Amplitudes = { readonly re: Float64Array; readonly im: Float64Array };

/** ψ at the end of an evolution. */
export function amplitudesOf({ re, im, density }: GridView): Amplitudes {
  const none = new Float64Array(density.length);
  return { re: re ?? none, im: im ?? none };
}

/** ‖a/‖a‖ − b/‖b‖‖, phases counted. */
export function distance(a: Amplitudes, b: Amplitudes): number {
  const size = (w: Amplitudes): number => Math.sqrt(sumProducts(w.re, w.re) + sumProducts(w.im, w.im));
  const [p, q] = [1 / size(a), 1 / size(b)];
  let square = 0;
  for (let i = 0; i < a.re.length; i++) square += (p * a.re[i] - q * b.re[i]) ** 2 + (p * a.im[i] - q * b.im[i]) ** 2;
  return Math.sqrt(square);
}

/** The largest |a_i − b_i|. */
export function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (v, i) => Math.abs(v - b[i])).reduce((most, d) => (d <= most ? most : d), 0);
}

/** The order with which errors fall as their step is halved, from the last two. */
export function orderOf(errors: readonly number[]): number {
  const [coarse, fine] = errors.slice(-2);
  return Math.log2(coarse / fine);
}

/** λ of values ∝ e^{−λt}, by least squares in the logarithm. */
export function rateOf(times: ArrayLike<number>, values: ArrayLike<number>): number {
  const n = times.length;
  const logs = Array.from(values, Math.log);
  const [t, l] = [Array.from(times).reduce((s, v) => s + v, 0) / n, logs.reduce((s, v) => s + v, 0) / n];
  let [top, bottom] = [0, 0];
  for (let i = 0; i < n; i++) {
    top += (times[i] - t) * (logs[i] - l);
    bottom += (times[i] - t) ** 2;
  }
  return -top / bottom;
}

export type Motion = {
  readonly xs: Float64Array;
  readonly times: readonly number[];
  /** ψ at each time. */
  readonly waves: readonly Amplitudes[];
};

/** An evolution on one axis with ψ at every frame. */
export async function moving(setup: EvolveSetup) {
  const times: number[] = [];
  const waves: Amplitudes[] = [];
  let xs = new Float64Array();
  const keep: Observer = {
    frame(frame) {
      const view = frame.view();
      if (view.kind !== "grid") return;
      const { re, im } = amplitudesOf(view);
      xs = Float64Array.from(view.axes[0]);
      times.push(frame.tau);
      waves.push({ re: re.slice(), im: im.slice() });
    },
  };
  const end = await evolve(setup, { observers: [keep] });
  return { end, motion: { xs, times, waves } satisfies Motion };
}

/** |ψ|² within a window of x, over space and time, for a picture. */
export function filmOf({ xs, times, waves }: Motion, half: number) {
  const kept = Array.from(xs.keys()).filter((i) => Math.abs(xs[i]) <= half);
  const density = Float64Array.from(waves.flatMap(({ re, im }) => kept.map((i) => re[i] ** 2 + im[i] ** 2)));
  return { xs: Float64Array.from(kept, (i) => xs[i]), times, density };
}

/**
 * ψ on a periodic grid under the split operator, ψ ← … e^(−d₁T) e^(−c₀ζ) ψ: kicks in position, drifts in momentum. Here
 * stand the contract of the kernel and its plain twin, the reference, for any number of axes of any length.
 */
import { exp, turn } from "./elementary.ts";
import { type Transform, transform } from "./fft.ts";
import { sumProducts } from "./sum.ts";

export type GridSetup = {
  /** Points along each axis; the last varies fastest in memory. */
  readonly shape: readonly number[];
  /** T along each axis, by frequency in the order of `frequencies`; T of a point is the sum over the axes. */
  readonly kinetic: readonly Float64Array[];
};

export type GridKernel = {
  readonly backend: "wasm" | "plain";
  readonly shape: readonly number[];
  /** ψ: views to read and write between calls, until `close`. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** For each axis the place among `frequencies` of what stands at each index between toMomentum and toPosition. */
  readonly order: readonly Int32Array[];
  /** Copies ζ, and the absorber ω where there is one: finite values, one a point. */
  setPotential(potential: Float64Array, absorber?: Float64Array): void;
  /**
   * Kick, drift, kick, …, drift, kick: exp(−cζ − aω) and exp(−dT), c and d complex.
   * @param kicks Re c, Im c, a of each of steps + 1 kicks. Where one recurs its factors are kept.
   * @param drifts Re d, Im d of each of `steps` drifts
   */
  evolve(kicks: Float64Array, drifts: Float64Array): void;
  /** The discrete Fourier transform of ψ in place, along all axes; nothing else may be called before toPosition. */
  toMomentum(): void;
  /** Undoes toMomentum. */
  toPosition(): void;
  close(): void;
};

/** Numbers of a kick and of a drift. */
export const KICK = 3;
export const DRIFT = 2;

/** Σ |ψ|² over the points, in fixed blocks. */
export function norm2({ re, im }: Pick<GridKernel, "re" | "im">): number {
  return sumProducts(re, re) + sumProducts(im, im);
}

/** The plain twin. */
export function plainGrid({ shape, kinetic }: GridSetup): GridKernel {
  const points = shape.reduce((product, n) => product * n, 1);
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  const axes = axesOf(shape);
  const potential = new Float64Array(points);
  let absorber: Float64Array | undefined;
  const factor = { re: new Float64Array(points), im: new Float64Array(points) };
  let known: readonly number[] = [];

  const kick = (c: readonly number[]): void => {
    if (c.every((part) => part === 0)) return;
    if (c.some((part, i) => part !== known[i])) {
      for (let i = 0; i < points; i++) {
        const damped = absorber === undefined ? 0 : c[2] * absorber[i];
        phase(c[0] * potential[i] + damped, c[1] * potential[i], factor.re, factor.im, i);
      }
      known = c;
    }
    for (let i = 0; i < points; i++) multiply(re, im, i, factor, i);
  };

  const back = (): void => {
    for (const axis of axes) forward(axis, im, re);
    for (let i = 0; i < points; i++) {
      re[i] /= points;
      im[i] /= points;
    }
  };

  const drift = (dr: number, di: number): void => {
    for (const axis of axes) forward(axis, re, im);
    axes.forEach(({ transform, stride }, a) => {
      const { n } = transform;
      const along = { re: new Float64Array(n), im: new Float64Array(n) };
      for (let i = 0; i < n; i++) phase(dr * kinetic[a][i], di * kinetic[a][i], along.re, along.im, i);
      for (let i = 0; i < points; i++) multiply(re, im, i, along, Math.floor(i / stride) % n);
    });
    back();
  };

  return {
    backend: "plain",
    shape,
    re,
    im,
    order: shape.map((n) => Int32Array.from({ length: n }, (_, i) => i)),
    setPotential(values, absorbing) {
      potential.set(values);
      absorber = absorbing?.slice();
      known = [];
    },
    evolve(kicks, drifts) {
      for (let k = 0; k < kicks.length / KICK; k++) {
        if (k > 0) drift(drifts[DRIFT * (k - 1)], drifts[DRIFT * (k - 1) + 1]);
        kick([kicks[KICK * k], kicks[KICK * k + 1], kicks[KICK * k + 2]]);
      }
    },
    toMomentum() {
      for (const axis of axes) forward(axis, re, im);
    },
    toPosition() {
      back();
    },
    close() {},
  };
}

type Factor = { readonly re: Float64Array; readonly im: Float64Array };

/** An axis: its transform, and how far apart its neighbors lie. */
type Axis = { readonly transform: Transform; readonly stride: number };

function axesOf(shape: readonly number[]): Axis[] {
  let stride = 1;
  const axes: Axis[] = [];
  for (const n of [...shape].reverse()) {
    axes.unshift({ transform: transform(n), stride });
    stride *= n;
  }
  return axes;
}

/** Transforms every line along an axis. */
function forward({ transform, stride }: Axis, re: Float64Array, im: Float64Array): void {
  const slab = transform.n * stride;
  for (let start = 0; start < re.length; start += slab) {
    for (let i = start; i < start + stride; i++) transform.forward(re, im, i, stride);
  }
}

const turned = new Float64Array(3);

/** exp(−decay − i·angle) − 1: the small number beside 1, whose rounding does not add up from step to step. */
function phase(decay: number, angle: number, re: Float64Array, im: Float64Array, at: number): void {
  turn(-angle, turned);
  const size = exp(-decay);
  re[at] = decay === 0 ? turned[2] : size * turned[0] - 1;
  im[at] = size * turned[1];
}

/** x ← x + x(f − 1) */
function multiply(re: Float64Array, im: Float64Array, i: number, factor: Factor, at: number): void {
  const real = re[i] * factor.re[at] - im[i] * factor.im[at];
  im[i] += re[i] * factor.im[at] + im[i] * factor.re[at];
  re[i] += real;
}

/** The grid engine in tests: a ζ of plain numbers, steps by hand, closed forms on its lattice. */
import { answerAll } from "../../src/core/ask.ts";
import type { Info, Setting } from "../../src/core/engine.ts";
import type { Answer, Domain, Query } from "../../src/core/problem.ts";
import { type GridOptions, type GridState, grid } from "../../src/engines/grid/index.ts";
import { key } from "../../src/math/rng.ts";

export const REAL = Math.PI / 2;

export type Zeta = (x: Float64Array) => number;

export type Walk = {
  readonly state: GridState;
  /** One step of the engine: a block of Δt's. */
  step(setting: Setting): Info;
};

/** A state of the engine on a box, ready to be stepped. */
export function walk(
  zeta: Zeta,
  domain: Domain,
  options: Partial<GridOptions> & Pick<GridOptions, "shape" | "start" | "dt">,
): Walk {
  const engine = grid({ order: 2, edge: "periodic", ...options });
  const answer = ({ at: { n, dim, x } }: Query): Answer => ({
    n,
    value: Float64Array.from({ length: n }, (_, i) => zeta(x.subarray(i * dim, (i + 1) * dim))),
  });
  const state = answerAll(engine.init(domain, key(0)), answer);
  let index = 0;
  return {
    state,
    step: (setting) => answerAll(engine.step(state, { ...setting, index: index++, key: key(0) }), answer),
  };
}

/** The same box on every axis. */
export function cube(dim: number, lower: number, upper: number): Domain {
  return { lower: new Float64Array(dim).fill(lower), upper: new Float64Array(dim).fill(upper), edge: "open" };
}

/** ‖ψ − e^{iθ}χ‖ of two waves of norm 1 for the θ that makes it least. */
export function distance(a: Pick<GridState, "re" | "im">, b: Pick<GridState, "re" | "im">, volume: number): number {
  let [re, im] = [0, 0];
  for (let i = 0; i < a.re.length; i++) {
    re += b.re[i] * a.re[i] + b.im[i] * a.im[i];
    im += b.re[i] * a.im[i] - b.im[i] * a.re[i];
  }
  const size = Math.hypot(re, im);
  let square = 0;
  for (let i = 0; i < a.re.length; i++) {
    const x = (re * b.re[i] - im * b.im[i]) / size;
    const y = (re * b.im[i] + im * b.re[i]) / size;
    square += (a.re[i] - x) ** 2 + (a.im[i] - y) ** 2;
  }
  return Math.sqrt(square * volume);
}

export function copyOf({ re, im }: Pick<GridState, "re" | "im">): { re: Float64Array; im: Float64Array } {
  return { re: re.slice(), im: im.slice() };
}

/** The least-squares slope of ln y against ln x. */
export function slopeOf(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const [p, q] = [u, v].map((w) => w.reduce((s, e) => s + e, 0) / w.length);
  return u.reduce((s, e, i) => s + (e - p) * (v[i] - q), 0) / u.reduce((s, e) => s + (e - p) ** 2, 0);
}

/** Packets in tests: well-known ζ, parts of the engine answered by hand, whole runs and their costs. */
import { expect } from "vitest";
import { type Ask, answerAll } from "../../../src/core/ask.ts";
import type { Engine, Info } from "../../../src/core/engine.ts";
import {
  type Answer,
  box,
  type Domain,
  type Gradient,
  type Potential,
  potential,
  type Query,
  type Value,
} from "../../../src/core/problem.ts";
import { type Result, run } from "../../../src/core/run.ts";
import { type PacketsOptions, type PacketsState, packets } from "../../../src/engines/packets/index.ts";
import { generation, type Level, startLevel } from "../../../src/engines/packets/level.ts";
import { orthogonalNormals } from "../../../src/engines/packets/normals.ts";
import type { Places } from "../../../src/engines/packets/places.ts";
import type { Lowest } from "../../../src/engines/packets/sight.ts";
import { S } from "../../../src/engines/packets/state.ts";
import { fitBench, LARGEST_DIM } from "../../../src/engines/packets/surrogate.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { wideBench } from "../../../src/engines/packets/wide.ts";
import { fold, key } from "../../../src/math/rng.ts";
import { steady } from "../../../src/schedules/steady.ts";

export const still = steady({ D: 1, dt: 1 });

export const sphere: Value = (x) => x.reduce((sum, v) => sum + v * v, 0);
/** Of condition 10⁶. */
export const ellipsoid: Value = (x) =>
  x.reduce((sum, v, i) => sum + 10 ** ((6 * i) / Math.max(1, x.length - 1)) * v * v, 0);
export const rosenbrock: Value = (x) => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return sum;
};
/** Σ 10 + v² − 10 cos 2πv: ten wells along every axis of the boxes here. */
export const rastrigin: Value = (x) => x.reduce((sum, v) => sum + 10 + v * v - 10 * Math.cos(2 * Math.PI * v), 0);

/** Takagi's curve along every axis: kinks at every scale, and no slope that could be promised. */
export const rough: Value = (x) => {
  let sum = 0;
  for (const v of x) for (let j = 1; j <= 24; j++) sum += Math.abs(2 ** j * v - Math.round(2 ** j * v)) / 2 ** j;
  return sum;
};

/** ζ on [−4, 5]ᵈ: its middle is no special point. */
export function well(value: Value, dim: number, gradient?: Gradient): Potential {
  return potential({ name: "well", domain: box(dim, -4, 5), value, gradient });
}

/** [0, 1]ᵈ, where the coordinates of the engine are the user's. */
export function unitBox(dim: number, edge: Domain["edge"] = "wall"): Domain {
  return box(dim, 0, 1, edge);
}

export function nowhere(dim: number): Lowest {
  return { value: Number.POSITIVE_INFINITY, x: new Float64Array(dim) };
}

/** A rotation: Gram and Schmidt on normals; row-major, orthonormal rows. */
export function rotation(dim: number, seed: number): Float64Array {
  const q = new Float64Array(dim * dim);
  orthogonalNormals(key(seed), dim, dim, q);
  for (let i = 0; i < dim; i++) {
    const row = q.subarray(i * dim, (i + 1) * dim);
    const length = Math.sqrt(sphere(row));
    row.forEach((v, j) => {
      row[j] = v / length;
    });
  }
  return q;
}

/** Q x */
export function turn(q: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, v, j) => sum + q[i * x.length + j] * v, 0));
}

/** The answers of a potential, as a runner hands them on: what is no number counts as +∞. */
export function answersOf(at: Potential): (query: Query) => Answer {
  return (query) => {
    const reply = at.answer(query);
    if (reply instanceof Promise) throw new Error("answers at once");
    return { ...reply, ...(reply.value && { value: reply.value.map((v) => (Number.isFinite(v) ? v : Infinity)) }) };
  };
}

/** Drives a part of the engine; `log`, where given, takes down the points that it asks for, one an entry. */
export function answered<T>(part: Ask<T>, at: Potential, log: Float64Array[] = []): T {
  const answer = answersOf(at);
  return answerAll(part, (query) => {
    const { n, dim, x } = query.at;
    for (let k = 0; k < n; k++) log.push(x.slice(k * dim, (k + 1) * dim));
    return answer(query);
  });
}

/** Drives an engine by hand, without a runner. */
export function steps(
  engine: Engine<PacketsState>,
  at: Potential,
  seed: number,
  n: number,
  from?: PacketsState,
  index = 0,
): PacketsState {
  const root = key(seed);
  const state = from ?? answered(engine.init(at.domain, fold(root, 0)), at);
  for (let i = index; i < index + n; i++)
    answered(engine.step(state, { D: 1, dt: 1, index: i, key: fold(root, i + 1) }), at);
  return state;
}

export type Limits = { readonly budget: number; readonly target?: number };

/** A whole run; every info on its way is made of numbers. */
export async function minimized(
  at: Potential,
  seed: number,
  limits: Limits,
  options: PacketsOptions = {},
  watch: (info: Info) => void = () => undefined,
): Promise<Result> {
  const frames = run({ potential: at, engine: packets(options), schedule: still, seed, ...limits });
  let next = await frames.next();
  while (!next.done) {
    expect(Object.values(next.value.info).every(Number.isFinite)).toBe(true);
    watch(next.value.info);
    next = await frames.next();
  }
  return next.value;
}

/** The median over seeds of the evaluations that the target takes; fails where a seed misses it. */
export async function medianCost(
  at: Potential,
  seeds: number,
  budget: number,
  options: PacketsOptions = {},
): Promise<number> {
  const costs: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const { stop, account } = await minimized(at, seed, { budget, target: 1e-8 }, options);
    expect(stop).toBe("target reached");
    costs.push(account.evaluations);
  }
  return costs.sort((a, b) => a - b)[seeds >> 1];
}

/** Generations `from` … `to` − 1 of a level on its own, with λ as its packet says. Returns the points asked. */
export function evolve(
  level: Level,
  at: Potential,
  seed: number,
  from: number,
  to: number,
  places: Places | null = null,
  lowestValue = Number.POSITIVE_INFINITY,
): Float64Array[] {
  const { lambda, mean } = level.packet;
  const dim = mean.length;
  const of = constants(dim, lambda, level.packet.basis.length === 0);
  const [bench, fit, lowest] = [wideBench(dim, lambda), fitBench(Math.min(dim, LARGEST_DIM)), nowhere(dim)];
  lowest.value = lowestValue;
  const around = { domain: at.domain, lowest, places, family: S, noise: 0 };
  const log: Float64Array[] = [];
  for (let g = from; g < to; g++) {
    const { ended } = answered(generation(level, of, around, fold(key(seed), g), bench, fit), at, log);
    if (ended) break;
  }
  return log;
}

/** Generations of a lone packet from σ = 0.2 at the middle of the domain until ζ < `target`, at most 2000. */
export function generationsTo(target: number, at: Potential, seed: number, level: Level, lambda: number): number {
  level.packet.mean.fill(0.5);
  startLevel(level, lambda, 0.2);
  for (let g = 0; g < 2000; g++) {
    evolve(level, at, seed, g, g + 1);
    if (level.past.best < target) return g + 1;
  }
  throw new Error("the target was missed");
}

/** Mean and standard error. */
export function estimate(sample: readonly number[]): { readonly mean: number; readonly error: number } {
  const n = sample.length;
  const mean = sample.reduce((a, b) => a + b) / n;
  return { mean, error: Math.sqrt(sample.reduce((s, v) => s + (v - mean) ** 2, 0) / n / (n - 1)) };
}

/** Σ cosh(3 (u − 0.44)): a sum that is not harmonic. */
export const cosh: Value = (u) => u.reduce((sum, v) => sum + Math.cosh(3 * (v - 0.44)), 0);

/**
 * Diffusion Monte Carlo as an engine: what all engines owe, and what its one step does exactly. It is no minimizer, so that
 * the conformance kit of the catalogue does not meet it.
 */
import { describe, expect, test } from "vitest";
import { checkpointFrom } from "../../../src/core/checkpoint.ts";
import type { Info } from "../../../src/core/engine.ts";
import { decode, encode, same } from "../../../src/core/plain.ts";
import { box, domain, type Evaluator, type Potential, potential } from "../../../src/core/problem.ts";
import { type Frame, run } from "../../../src/core/run.ts";
import { gaussianGuide } from "../../../src/engines/dmc/gaussian.ts";
import { type DmcOptions, dmc } from "../../../src/engines/dmc/index.ts";
import { type Key, normal } from "../../../src/math/index.ts";
import { steady } from "../../../src/schedules/index.ts";
import { delayed, scattered } from "../../conformance/potentials.ts";

const bowl = potential({
  name: "bowl",
  domain: box(2, -6, 6, "wall"),
  value: (x) => 0.5 * (x[0] * x[0] + 2 * x[1] * x[1]),
});
const guide = gaussianGuide({ mean: new Float64Array(2), covariance: Float64Array.of(0.6, 0.1, 0.1, 0.3) });
const { transition: _, ...drifting } = guide;
const node = {
  name: "x",
  distance: ({ n, dim, x }: { n: number; dim: number; x: Float64Array }, out: Float64Array) => {
    for (let i = 0; i < n; i++) out[i] = x[i * dim];
  },
};
const start = (key: Key, n: number): Float64Array => Float64Array.from({ length: 2 * n }, (_, e) => normal(key, e));
const plain: DmcOptions = { population: 60, memory: 1, start };
const variants: Record<string, DmcOptions> = {
  free: plain,
  "with a node": { ...plain, node },
  "with a guide": { ...plain, guide: { ...drifting, particle: 2 } },
  "with a guide solved exactly": { ...plain, guide },
};

type Trace = {
  readonly frames: Frame[];
  readonly checkpoints: ReturnType<Frame["checkpoint"]>[];
  readonly infos: Info[];
};

async function trace(
  options: DmcOptions,
  steps: number,
  over: { evaluate?: Evaluator; seed?: number; from?: ReturnType<Frame["checkpoint"]>; at?: Potential } = {},
): Promise<Trace> {
  const { seed = 3, at = bowl, ...rest } = over;
  const frames = run({ potential: at, engine: dmc(options), schedule: steady({ D: 0.5, dt: 0.05 }), seed }, rest);
  const told: Trace = { frames: [], checkpoints: [], infos: [] };
  for await (const frame of frames) {
    told.checkpoints.push(frame.checkpoint());
    told.infos.push(frame.info);
    if (frame.index >= steps) break;
  }
  return told;
}

describe.each(Object.entries(variants))("dmc %s", (_, options) => {
  test("the same, decode, encode seed gives the same, decode, encode bits, whoever answers; another seed others", async () => {
    const a = await trace(options, 12);
    for (const evaluate of [bowl.answer, delayed(bowl), scattered(bowl, 3)])
      expect(same((await trace(options, 12, { evaluate })).checkpoints, a.checkpoints)).toBe(true);
    const other = await trace(options, 12, { seed: 4 });
    expect(same(other.checkpoints[11].state, a.checkpoints[11].state)).toBe(false);
  });

  test("goes on from a checkpoint, written and read, to the same, decode, encode bits", async () => {
    const whole = await trace(options, 12);
    const from = checkpointFrom(decode(encode(whole.checkpoints[5])));
    const rest = await trace(options, 12, { from });
    expect(same(rest.checkpoints[5].state, whole.checkpoints[11].state)).toBe(true);
  });

  test("holds its population about N, within its capacity", async () => {
    const { infos } = await trace(options, 300);
    for (const { population } of infos) {
      expect(population).toBeGreaterThan(20);
      expect(population).toBeLessThan(120);
    }
  });
});

test("a walker's noise does not depend on the population", async () => {
  const still = potential({ name: "still", domain: box(2, -6, 6), value: () => 0 });
  const few = await trace(plain, 1, { at: still });
  const many = await trace({ ...plain, population: 90 }, 1, { at: still });
  const x = (t: Trace): Float64Array => (t.checkpoints[0].state as unknown as { x: Float64Array }).x;
  expect(x(many).slice(0, 120)).toEqual(x(few).slice(0, 120));
});

test("where ζ is constant its growth energy is that constant, and nobody branches", async () => {
  const flat = potential({ name: "flat", domain: domain([0, 0], [1, 1], "periodic"), value: () => 3 });
  const { infos } = await trace({ population: 50, memory: 1 }, 20, { at: flat });
  for (const { energy, population } of infos) {
    expect(energy).toBeCloseTo(3, 12);
    expect(population).toBe(50);
  }
});

test("a guide that is the ground state has no variance", async () => {
  const exact = gaussianGuide({ mean: new Float64Array(2), covariance: Float64Array.of(0.5, 0, 0, 0.5 / Math.SQRT2) });
  const { infos } = await trace({ ...plain, guide: exact }, 20, { at: { ...bowl, domain: box(2, -6, 6) } });
  for (const { energy } of infos) expect(energy).toBeCloseTo(0.5 * (1 + Math.SQRT2), 12);
});

test("where ζ is +∞ walkers die, and where it is so everywhere they die out and say so", async () => {
  const half = potential({ ...bowl, name: "half", value: (x) => (x[0] < 0 ? Number.POSITIVE_INFINITY : 1) });
  const { checkpoints } = await trace(plain, 10, { at: half });
  const { x, count } = checkpoints[9].state as unknown as { x: Float64Array; count: number };
  for (let i = 0; i < count; i++) expect(x[2 * i]).toBeGreaterThanOrEqual(0);
  let calls = 0;
  const dying: Evaluator = (query) => {
    calls++;
    const { n } = query.at;
    return calls < 4 ? bowl.answer(query) : { n, value: new Float64Array(n).fill(Number.POSITIVE_INFINITY) };
  };
  const { infos } = await trace(plain, 6, { evaluate: dying });
  expect(infos.at(-1)?.population).toBe(0);
});

test("a guide that vanishes where walkers begin is refused by name", async () => {
  const nothing = {
    name: "nothing",
    particle: 0,
    at: (_: unknown, out: { log: Float64Array }) => void out.log.fill(Number.NEGATIVE_INFINITY),
  };
  await expect(trace({ ...plain, guide: nothing }, 1)).rejects.toThrow(/nothing.*vanishes/);
});

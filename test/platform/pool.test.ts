import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Answer, type Points, points, type Query } from "../../src/core/problem.ts";
import { type Opened, type OpenOptions, openPotential } from "../../src/platform/node/objectives.ts";

const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);
const landscape = readConfig({ objective: { module: fixture("landscape.mjs") } });
const rastrigin = readConfig({ objective: { entry: "rastrigin" }, dim: 3 });

let open: Opened[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ close }) => close()));
  open = [];
});

async function opened(config: typeof landscape, options: OpenOptions): Promise<Opened> {
  const one = await openPotential(config, options);
  open.push(one);
  return one;
}

const spread = (n: number, dim: number): Points => ({
  n,
  dim,
  x: Float64Array.from({ length: n * dim }, (_, i) => 4 * Math.sin(i + 1)),
});

const plane = (...firsts: number[]): Points => points(firsts.map((first) => [first, 0.5]));
const smooth = (x: number): number => Math.sin(3 * x) + 0.25;

test.each([
  ["an entry", rastrigin, 3],
  ["a formula", readConfig({ objective: { formula: "sin(x) * y + z^2" }, domain: [-1, 1] }), 3],
  ["a module", landscape, 2],
  ["a module with a batch", readConfig({ objective: { module: fixture("batch.mjs") }, domain: [-1, 1], dim: 2 }), 2],
])("%s has the same answers inline and in any number of threads", async (_, config, dim) => {
  const inline = await opened(config, { workers: 0 });
  const threads = [await opened(config, { workers: 1 }), await opened(config, { workers: 3 })];
  const kinds = inline.potential.can.includes("gradient") ? (["value", "gradient"] as const) : (["value"] as const);
  for (const kind of kinds)
    for (const n of [1, 2, 7, 1000]) {
      // part of a larger array, as engines hand it over
      const query: Query = { kind, at: { n, dim, x: spread(n + 2, dim).x.subarray(dim, (n + 1) * dim) } };
      const answer = await inline.evaluate(query);
      expect(answer.failures).toBeUndefined();
      for (const { evaluate } of threads) expect(await evaluate(query)).toEqual(answer);
    }
  for (const { potential } of threads) {
    const { domain, can, name, names } = inline.potential;
    expect(potential).toMatchObject({ can, name, domain });
    expect(potential.names).toEqual(names);
  }
});

test.each([0, 1, 2])("a point that fails says why and the others stand (workers: %i)", async (workers) => {
  const { evaluate } = await opened(landscape, { workers });
  const answer = await evaluate({ kind: "value", at: plane(1, 100, 101, 2, 102, 103, 104, 3) });
  expect(answer.n).toBe(8);
  expect(answer.failures).toEqual([
    { index: 1, reason: "threw: no water" },
    { index: 2, reason: "returned NaN", number: true },
    { index: 4, reason: "returned a string '12', not a number" },
    { index: 5, reason: "returned nothing" },
    { index: 6, reason: "threw: refused" },
  ]);
  const values = [...(answer.value ?? [])];
  expect([values[0], values[3], values[7]]).toEqual([1, 2, 3].map(smooth));
});

test.each([1, 2])("a thread that dies or is late fails its point only (workers: %i)", async (workers) => {
  const { evaluate } = await opened(landscape, { workers, timeout: 0.6 });
  // cheap points first, so that the faults lie inside longer pieces
  await evaluate({ kind: "value", at: spread(200, 2) });
  const fine = Array.from({ length: 50 }, (_, i) => i / 25);
  const firsts = [...fine, 105, ...fine, 106, 1, 107, 108, ...fine];
  const answer = await evaluate({ kind: "gradient", at: plane(...firsts) });
  expect(answer.n).toBe(firsts.length);
  expect(answer.failures).toEqual([
    { index: 50, reason: "no answer within 0.6 s (--timeout)" },
    { index: 101, reason: "no answer within 0.6 s (--timeout)" },
    { index: 103, reason: "ended its thread with code 7" },
    { index: 104, reason: "its thread failed: behind the scenes" },
  ]);
  const values = answer.value ?? new Float64Array(0);
  firsts.forEach((x, i) => {
    if (x < 100) expect(values[i]).toBe(smooth(x));
    else expect(values[i]).toBeNaN();
  });
  expect(answer.gradient).toHaveLength(2 * firsts.length);
});

test.each([
  ["a loop without end", 106],
  ["a promise that is never kept", 105],
])("an abort ends %s and gives the points before it", async (_, fault) => {
  const { evaluate } = await opened(landscape, { workers: 2 });
  await evaluate({ kind: "value", at: plane(1, 2) });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const { n, value } = await evaluate({ kind: "value", at: plane(1, 2, fault, 3, 4) }, stop.signal);
  expect(n).toBeLessThanOrEqual(2);
  expect([...(value ?? [])]).toEqual([1, 2].slice(0, n).map(smooth));
  expect((await evaluate({ kind: "value", at: plane(1) }, stop.signal)).n).toBe(0);
  expect((await evaluate({ kind: "value", at: plane(3) })).value?.[0]).toBe(smooth(3));
});

const at = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../", path)).href);

test("what a module prints in its thread stays off standard output", () => {
  const script = `
    import { openPotential } from ${at("dist/platform/node/objectives.js")};
    import { readConfig } from ${at("dist/config.js")};
    const config = readConfig({ objective: { module: ${JSON.stringify(fixture("chatty.mjs"))} }, domain: [-1, 1], dim: 1 });
    const { evaluate, close } = await openPotential(config);
    const { value } = await evaluate({ kind: "value", at: { n: 1, dim: 1, x: Float64Array.of(3) } });
    await close();
    console.log(value[0]);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(stdout).toBe("9\n");
  expect(stderr).toBe("loading\nevaluating 3\nwritten\n");
});

test("the opening of a module that does not come to an end is ended", async () => {
  const stuck = readConfig({ objective: { module: fixture("stuck.mjs") }, domain: [-1, 1], dim: 1 });
  await expect(openPotential(stuck, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
  const exits = readConfig({ objective: { module: fixture("exits.mjs") }, domain: [-1, 1], dim: 1 });
  await expect(openPotential(exits)).rejects.toThrow("cannot be loaded: ended its thread with code 5");
});

test("unusable numbers of workers and seconds are refused", async () => {
  await expect(openPotential(rastrigin, { workers: -1 })).rejects.toThrow("workers: -1 is not a whole number");
  await expect(openPotential(rastrigin, { workers: 1.5 })).rejects.toThrow("workers: 1.5");
  await expect(openPotential(landscape, { timeout: 0 })).rejects.toThrow("timeout: 0 is not a number of seconds");
});

test("what took its time is told before its piece has ended, and the quick points before it along", async () => {
  const { evaluate } = await opened(landscape, { workers: 1 });
  await evaluate({ kind: "value", at: spread(200, 2) });
  const control = new AbortController();
  const told: number[] = [];
  // the last point never comes to an end
  await evaluate({ kind: "value", at: plane(1, 2, 109, 106) }, control.signal, (from, part) => {
    told.push(...(part.value ?? []));
    if (from + part.n === 3) control.abort();
  });
  expect(told.slice(-3)).toEqual([smooth(1), smooth(2), 0]);
});

test("constraints that are formulas are in what is told", async () => {
  const { evaluate } = await opened({ ...landscape, constraints: ["angle <= 2"] }, { workers: 1 });
  const told: Answer[] = [];
  const answer = await evaluate({ kind: "value", at: plane(109, 109) }, undefined, (from, part) => {
    told[from] = part;
  });
  expect(told[0].constraints).toEqual(Float64Array.of(107));
  expect(answer.constraints).toEqual(Float64Array.of(107, 107));
});

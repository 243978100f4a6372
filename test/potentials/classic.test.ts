import { describe, expect, it } from "vitest";
import { type Entry, type Params, readValues } from "../../src/core/entry.ts";
import { type Answer, type Points, type Potential, points } from "../../src/core/problem.ts";
import { fillUniform, key } from "../../src/math/rng.ts";
import {
  colvilleEntry,
  forresterEntry,
  gramacyLeeEntry,
  hartmann3Entry,
  hartmann6Entry,
  shekelEntry,
} from "../../src/potentials/classic-fixed.ts";
import { planeEntries } from "../../src/potentials/classic-plane.ts";
import { scalableEntries } from "../../src/potentials/classic-scalable.ts";

const make = (entry: Entry<Params, Potential>, given: Record<string, unknown> = {}) =>
  entry.make(readValues(entry, given));

/** Every function, the scalable ones in several dimensions (those that they accept). */
const table: readonly (readonly [string, Potential])[] = [
  ...scalableEntries.flatMap((entry) => {
    const least = entry.params.dim.min ?? 1;
    const dims = entry.name === "powell" ? [4, 8] : [1, 2, 3, 7].filter((d) => d >= least);
    return dims.map((dim) => [`${entry.name} ${dim}`, make(entry, { dim })] as const);
  }),
  ...[...planeEntries, forresterEntry, gramacyLeeEntry, colvilleEntry, hartmann3Entry, hartmann6Entry].map(
    (entry) => [entry.name, make(entry)] as const,
  ),
  ...[5, 7, 10].map((wells) => [`shekel ${wells}`, make(shekelEntry, { wells })] as const),
];
const smooth = table.filter(([, p]) => p.can.includes("gradient"));

function ask(p: Potential, kind: "value" | "gradient", at: Points): Required<Pick<Answer, "value">> & Answer {
  const answer = p.answer({ kind, at });
  if (answer instanceof Promise || answer.value === undefined) throw new Error("test functions answer at once");
  return { ...answer, value: answer.value };
}

/** Points uniform in the domain, shrunk about its center. */
function scatter({ lower, upper }: Potential["domain"], n: number, seed: number, shrink = 1): Points {
  const dim = lower.length;
  const x = new Float64Array(n * dim);
  fillUniform(key(seed), x);
  return {
    n,
    dim,
    x: x.map((u, k) => lower[k % dim] + (0.5 + shrink * (u - 0.5)) * (upper[k % dim] - lower[k % dim])),
  };
}

function known(p: Potential): { minimum: number; argmin: Points } {
  const { minimum, argmin } = p.truth ?? {};
  if (minimum === undefined || argmin === undefined) throw new Error(`${p.name} has a known minimum`);
  return { minimum, argmin };
}

/** Does every coordinate lie off the bounds? */
const interior = ({ domain: { lower, upper } }: Potential, { dim, x }: Points) =>
  x.every((c, k) => c > lower[k % dim] && c < upper[k % dim]);

describe("the whole table", () => {
  it("has names of its own, each with a source", () => {
    const entries = [...scalableEntries, ...planeEntries];
    expect(new Set(entries.map((e) => e.name)).size).toBe(entries.length);
    for (const { name, summary, reference } of entries) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(summary.length).toBeGreaterThan(10);
      expect(reference.length).toBeGreaterThan(10);
    }
  });

  it.each(table)("%s takes its minimum at each minimizer, inside the domain", (_, p) => {
    const { minimum, argmin } = known(p);
    const { lower, upper } = p.domain;
    argmin.x.forEach((c, k) => {
      expect(c).toBeGreaterThanOrEqual(lower[k % argmin.dim]);
      expect(c).toBeLessThanOrEqual(upper[k % argmin.dim]);
    });
    for (const value of ask(p, "value", argmin).value)
      expect(Math.abs(value - minimum)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(minimum)));
  });

  it.each(table)("%s is nowhere below its minimum", (_, p) => {
    const { minimum, argmin } = known(p);
    const tiny = 1e-11 * Math.max(1, Math.abs(minimum));
    expect(Math.min(...ask(p, "value", scatter(p.domain, 10_000, 1)).value)).toBeGreaterThanOrEqual(minimum - tiny);
    // and not about its minimizers either, near and far
    for (const reach of [1e-6, 1e-3, 0.03]) {
      const about = scatter(p.domain, 1000, 2, reach);
      const x = about.x.map((c, k) => {
        const j = k % about.dim;
        const row = Math.floor(k / about.dim) % argmin.n;
        const center = (p.domain.lower[j] + p.domain.upper[j]) / 2;
        const moved = argmin.x[row * about.dim + j] + c - center;
        return Math.min(Math.max(moved, p.domain.lower[j]), p.domain.upper[j]);
      });
      expect(Math.min(...ask(p, "value", { ...about, x }).value)).toBeGreaterThanOrEqual(minimum - tiny);
    }
  });

  it.each(smooth)("%s has a gradient that vanishes at its minimizers", (_, p) => {
    const { minimum, argmin } = known(p);
    if (!interior(p, argmin)) throw new Error("no smooth function of the table has its minimum on an edge");
    const { value, gradient } = ask(p, "gradient", argmin);
    for (const v of value) expect(v).toBeCloseTo(minimum, 9);
    // the steepest curvature of the table is that of the ellipsoid, 2·10⁶
    for (const slope of gradient ?? []) expect(Math.abs(slope)).toBeLessThan(1e-9);
  });

  it.each(smooth)("%s has the gradient of its value", (_, p) => {
    const at = scatter(p.domain, 200, 3, 0.98);
    const { value, gradient } = ask(p, "gradient", at);
    expect(value).toEqual(ask(p, "value", at).value);
    for (let j = 0; j < at.dim; j++) {
      // Richardson's extrapolation of central differences, and its own estimate of the error left
      const slopes = [2, 1, 0.5].map((scale) =>
        central(p, at, j, scale * 1e-5 * (p.domain.upper[j] - p.domain.lower[j])),
      );
      for (let i = 0; i < at.n; i++) {
        const better = [0, 1].map((s) => (4 * slopes[s + 1][i] - slopes[s][i]) / 3);
        const rounding = (1e-10 * Math.max(1, Math.abs(value[i]))) / (p.domain.upper[j] - p.domain.lower[j]);
        const doubt = Math.abs(better[1] - better[0]) + 1e-8 * Math.abs(better[1]) + 10 * rounding;
        expect(Math.abs((gradient?.[i * at.dim + j] ?? Number.NaN) - better[1]), `point ${i}, axis ${j}`).toBeLessThan(
          doubt,
        );
      }
    }
  });
});

/** Central differences with step h along axis j at every point. */
function central(p: Potential, at: Points, j: number, h: number): Float64Array {
  const moved = (by: number) =>
    ask(p, "value", { ...at, x: at.x.map((c, k) => (k % at.dim === j ? c + by : c)) }).value;
  const [plus, minus] = [moved(h), moved(-h)];
  return plus.map((v, i) => (v - minus[i]) / (2 * h));
}

describe("printed values", () => {
  /** Minima as the sources print them. */
  it.each([
    ["styblinski-tang", { dim: 2 }, -78.33233],
    ["michalewicz", { dim: 2 }, -1.8013],
    ["michalewicz", { dim: 5 }, -4.687658],
    ["michalewicz", { dim: 10 }, -9.66015],
    ["trid", { dim: 6 }, -50],
    ["trid", { dim: 10 }, -210],
    ["branin", {}, 0.397887],
    ["six-hump-camel", {}, -1.0316],
    ["mccormick", {}, -1.9133],
    ["hosaki", {}, -2.3458],
    ["shubert", {}, -186.7309],
    ["eggholder", {}, -959.6407],
    ["cross-in-tray", {}, -2.06261],
    ["holder-table", {}, -19.2085],
    ["forrester", {}, -6.02074],
    ["gramacy-lee", {}, -0.869011],
    ["hartmann3", {}, -3.86278],
    ["hartmann6", {}, -3.32237],
    ["shekel", { wells: 5 }, -10.1532],
    ["shekel", { wells: 7 }, -10.4029],
    ["shekel", { wells: 10 }, -10.5364],
  ] as const)("%s %j: %d", (name, given, printed) => {
    const entries: readonly Entry<Params, Potential>[] = [
      ...scalableEntries,
      ...planeEntries,
      forresterEntry,
      gramacyLeeEntry,
      hartmann3Entry,
      hartmann6Entry,
      shekelEntry,
    ];
    const entry = entries.find((e) => e.name === name);
    if (entry === undefined) throw new Error(`no ${name}`);
    const digits = String(printed).split(".")[1]?.length ?? 0;
    // one unit in the last place, since some sources cut and some round
    expect(Math.abs(known(make(entry, given)).minimum - printed)).toBeLessThan(10 ** -digits);
  });

  /** Values worked out by hand or by exact arithmetic. */
  it.each([
    ["rosenbrock", [-1.5, 2, 0.5], 100 * (2 - 2.25) ** 2 + 2.5 ** 2 + 100 * (0.5 - 4) ** 2 + 1],
    ["ellipsoid", [1, 1, 1], 1 + 1e3 + 1e6],
    ["sum-squares", [1, -2, 3], 1 + 8 + 27],
    ["zakharov", [2, -1, 2], 9 + 3 ** 2 + 3 ** 4],
    ["dixon-price", [2, 1, -1], 1 + 2 * 0 + 3 * 1],
    ["trid", [3, -1, 2], 4 + 4 + 1 + 3 + 2],
    ["rastrigin", [0.5, 1, -2], 20.25 + 1 + 4],
    ["griewank", [2 * Math.PI, 0], 1 + Math.PI ** 2 / 1000 - 1],
    ["ackley", [3, 3], 20 - 20 * Math.exp(-0.6)],
    ["levy", [5, 1], 1 + 10 * Math.sin(2 * Math.PI + 1) ** 2],
    ["levy", [1, 5], 1],
    ["powell", [3, -1, 0, 1], 215],
    ["step", [0.4, -0.6, 3.5], 0 + 1 + 16],
    ["salomon", [3, 4], 0.5],
    ["styblinski-tang", [1, 2], 0.5 * (1 - 16 + 5 + 16 - 64 + 10)],
    ["goldstein-price", [1, 1], 1876],
    ["beale", [1, 2], 2.5 ** 2 + 5.25 ** 2 + 9.625 ** 2],
    ["booth", [0, 0], 74],
    ["matyas", [1, 2], 0.26 * 5 - 0.96],
    ["himmelblau", [0, 0], 170],
    ["three-hump-camel", [1, 1], 2 - 1.05 + 1 / 6 + 2],
    ["bohachevsky", [1, 0.5], 1 + 0.5 + 0.6],
    ["easom", [0, 0], -Math.exp(-2 * Math.PI ** 2)],
    ["drop-wave", [Math.PI / 6, 0], -2 / (2 + Math.PI ** 2 / 72)],
    ["bukin6", [-10, 2], 100],
  ] as const)("%s at %j: %d", (name, x, value) => {
    const entry = [...scalableEntries, ...planeEntries].find((e) => e.name === name);
    if (entry === undefined) throw new Error(`no ${name}`);
    const p = make(entry, "dim" in entry.params ? { dim: x.length } : {});
    expect(ask(p, "value", points([x])).value[0]).toBeCloseTo(value, 9);
  });
});

it("powell refuses a number of variables that is not a multiple of four", () => {
  const powell = scalableEntries.find((e) => e.name === "powell");
  expect(() => powell && make(powell, { dim: 6 })).toThrow("powell.dim: 6 is not a multiple of 4");
});

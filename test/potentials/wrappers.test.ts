import { describe, expect, it } from "vitest";
import { type Answer, box, domain, type Points, type Potential, points, potential } from "../../src/core/problem.ts";
import { fillUniform, fold, key } from "../../src/math/rng.ts";
import { counted, finiteDifference, noisy, rotate, scale, shift } from "../../src/potentials/wrappers.ts";

/** A smooth function without symmetry, and its gradient. */
const smooth = (x: Float64Array) => Math.sin(x[0]) * x[1] + x[2] ** 3 - 0.5 * x[0] * x[2];
const bumpy = potential({
  name: "bumpy",
  domain: domain([-2, -1, 0], [2, 3, 5]),
  names: ["u", "v", "w"],
  value: smooth,
  gradient: (x, out) => {
    out[0] = Math.cos(x[0]) * x[1] - 0.5 * x[2];
    out[1] = Math.sin(x[0]);
    out[2] = 3 * x[2] * x[2] - 0.5 * x[0];
    return smooth(x);
  },
});

/** A harmonic well about (0.5, −0.25) with its levels. */
const well = potential({
  name: "well",
  domain: box(2, -2, 2),
  value: (x) => (x[0] - 0.5) ** 2 + 4 * (x[1] + 0.25) ** 2 + 3,
  gradient: (x, out) => {
    out[0] = 2 * (x[0] - 0.5);
    out[1] = 8 * (x[1] + 0.25);
    return (x[0] - 0.5) ** 2 + 4 * (x[1] + 0.25) ** 2 + 3;
  },
  truth: { minimum: 3, argmin: points([[0.5, -0.25]]), energies: (D) => [3 + 3 * Math.sqrt(D), 3 + 5 * Math.sqrt(D)] },
});

function scatter({ lower, upper }: Potential["domain"], n: number, seed: number): Points {
  const dim = lower.length;
  const x = new Float64Array(n * dim);
  fillUniform(key(seed), x);
  return { n, dim, x: x.map((u, k) => lower[k % dim] + u * (upper[k % dim] - lower[k % dim])) };
}

function now(answer: Answer | Promise<Answer>): { n: number; value: Float64Array; gradient: Float64Array } & Answer {
  if (answer instanceof Promise || answer.value === undefined) throw new Error("answered at once");
  return { ...answer, value: answer.value, gradient: answer.gradient ?? new Float64Array(0) };
}
const values = (p: Potential, at: Points) => now(p.answer({ kind: "value", at })).value;
const slopes = (p: Potential, at: Points) => now(p.answer({ kind: "gradient", at })).gradient;

function expectClose(found: ArrayLike<number>, exact: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(exact.length);
  for (let i = 0; i < exact.length; i++)
    expect(Math.abs(found[i] - exact[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(exact[i])));
}

/** The truth of a wrapped potential agrees with its own answers. */
function expectTrue(p: Potential): void {
  const { minimum, argmin } = p.truth ?? {};
  if (minimum === undefined || argmin === undefined) throw new Error("known");
  expectClose(values(p, argmin), new Array(argmin.n).fill(minimum), 1e-12);
  for (const slope of slopes(p, argmin)) expect(Math.abs(slope)).toBeLessThan(1e-12);
}

/** Every wrapper that keeps the kinds of query, by name. */
const turn = key(7);
const wrapped: readonly (readonly [string, (p: Potential) => Potential])[] = [
  [
    "shift",
    (p) =>
      shift(
        p,
        p.domain.lower.map((_, j) => 0.3 + j),
      ),
  ],
  ["rotate", (p) => rotate(p, turn)],
  ["scale", (p) => scale(p, 2.5, -7)],
  ["counted", counted],
];

describe("every wrapper", () => {
  it.each(wrapped)("%s: the gradient is that of the value", (_, wrap) => {
    const p = wrap(bumpy);
    const at = scatter(bumpy.domain, 50, 1);
    const exact = now(p.answer({ kind: "gradient", at }));
    expect(exact.value).toEqual(values(p, at));
    const { gradient } = bumpy.can.includes("gradient")
      ? now(finiteDifference(p).answer({ kind: "gradient", at }))
      : exact;
    expectClose(gradient, exact.gradient, 1e-8);
  });

  it.each(wrapped)("%s: domain, names and edge stay", (_, wrap) => {
    const p = wrap(bumpy);
    expect(p.domain).toBe(bumpy.domain);
    expect(p.names).toEqual(bumpy.names);
  });

  it.each([
    ...wrapped,
    ["noisy", (p: Potential) => noisy(p, 1, turn)] as const,
    ["finiteDifference", (p: Potential) => finiteDifference(p)] as const,
  ])(
    "%s: answers later where the potential does, hands on the signal, and keeps failures and short answers",
    async (_, wrap) => {
      const signals: (AbortSignal | undefined)[] = [];
      const slow: Potential = {
        ...bumpy,
        answer: async (query, signal) => {
          signals.push(signal);
          const answer = now(bumpy.answer(query));
          return { ...answer, n: 1, failures: [{ index: 0, reason: "late" }] };
        },
      };
      const { signal } = new AbortController();
      const answer = await wrap(slow).answer({ kind: "value", at: scatter(bumpy.domain, 3, 2) }, signal);
      expect(answer.n).toBe(1);
      expect(answer.failures).toEqual([{ index: 0, reason: "late" }]);
      expect(signals).toEqual([signal]);
    },
  );
});

describe("shift", () => {
  it("is ζ(x − offset)", () => {
    const p = shift(bumpy, [0.3, -0.4, 1]);
    const at = scatter(bumpy.domain, 20, 3);
    const before = { ...at, x: at.x.map((c, k) => c - [0.3, -0.4, 1][k % 3]) };
    expect(values(p, at)).toEqual(values(bumpy, before));
    expect(slopes(p, at)).toEqual(slopes(bumpy, before));
  });

  it("moves the minimizer and keeps minimum and levels", () => {
    const p = shift(well, [1, 1]);
    expectTrue(p);
    expect(p.truth?.argmin?.x).toEqual(Float64Array.of(1.5, 0.75));
    expect(p.truth?.energies?.(1)).toEqual([6, 8]);
  });

  it("forgets a minimizer that leaves the domain, and levels that feel a wall", () => {
    expect(shift(well, [2, 0]).truth).toEqual({ energies: well.truth?.energies });
    const walled = { ...well, domain: box(2, -2, 2, "wall") };
    expect(shift(walled, [1, 1]).truth?.energies).toBeUndefined();
    expect(shift(walled, [2, 0]).truth).toBeUndefined();
  });

  it("refuses an offset of the wrong length", () => {
    expect(() => shift(well, [1])).toThrow("shift(well): 1 numbers given where 2 are needed");
  });
});

describe("rotate", () => {
  it("by a given matrix is ζ(c + R(x − c))", () => {
    const quarter = Float64Array.of(0, -1, 0, 1, 0, 0, 0, 0, 1);
    const p = rotate(bumpy, quarter);
    // the center of the domain is (0, 1, 2.5)
    const at = points([[0.5, 1.25, 4]]);
    expectClose(values(p, at), values(bumpy, points([[-0.25, 1.5, 4]])), 1e-14);
  });

  it.each([1, 2, 5, 20])("by a key in dimension %i is orthogonal: |x − c| is unchanged", (dim) => {
    const round = potential({
      name: "round",
      domain: box(dim, -1, 3),
      value: (x) => x.reduce((sum, c) => sum + (c - 1) ** 2, 0),
    });
    const at = scatter(round.domain, 30, 4);
    expectClose(values(rotate(round, turn), at), values(round, at), 1e-13);
  });

  it("by a key is uniform: the first axis goes anywhere on the sphere alike", () => {
    const n = 4000;
    const first = potential({ name: "x", domain: box(3, -1, 1), value: (x) => x[0] });
    const images = Array.from({ length: n }, (_, i) => values(rotate(first, fold(key(11), i)), points([[1, 0, 0]]))[0]);
    // Archimedes: on the sphere a coordinate is uniform on [−1, 1], mean 0 and mean square 1/3
    const mean = images.reduce((a, b) => a + b, 0) / n;
    const square = images.reduce((a, b) => a + b * b, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 3 / n));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(4 * Math.sqrt((1 / 5 - 1 / 9) / n));
  });

  it("turns the minimizer with it", () => {
    expectTrue(rotate(well, turn));
    const quarter = rotate(well, Float64Array.of(0, -1, 1, 0));
    expectClose(quarter.truth?.argmin?.x ?? [], [-0.25, -0.5], 1e-15);
  });

  it("of a key is the same every time", () => {
    const at = scatter(bumpy.domain, 5, 5);
    expect(values(rotate(bumpy, key(3)), at)).toEqual(values(rotate(bumpy, key(3)), at));
    expect(values(rotate(bumpy, key(3)), at)).not.toEqual(values(rotate(bumpy, key(4)), at));
  });
});

describe("scale", () => {
  it("is aζ + b, levels and all", () => {
    const p = scale(well, 4, 1);
    expectTrue(p);
    const at = scatter(well.domain, 9, 6);
    expectClose(
      values(p, at),
      values(well, at).map((v) => 4 * v + 1),
      1e-15,
    );
    // 4ζ is a well twice as stiff in frequency: 4·3 + 1 + 2·3√D
    expectClose(p.truth?.energies?.(0.25) ?? [], [13 + 3, 13 + 5], 1e-15);
  });

  it.each([[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY]])("refuses a = %d", (a) => {
    expect(() => scale(well, a)).toThrow("give a > 0");
  });
});

describe("noisy", () => {
  const at = scatter(well.domain, 4000, 7);

  it("adds normal noise of the given size", () => {
    const noise = values(noisy(well, 0.5, turn), at).map((v, i) => (v - values(well, at)[i]) / 0.5);
    const mean = noise.reduce((a, b) => a + b, 0) / at.n;
    const square = noise.reduce((a, b) => a + b * b, 0) / at.n;
    const fourth = noise.reduce((a, b) => a + b ** 4, 0) / at.n;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / at.n));
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / at.n));
    expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96 / at.n));
  });

  it("depends on the point alone, not on its place among the others", () => {
    const p = noisy(well, 1, turn);
    const all = values(p, at);
    for (const i of [0, 1, 77, 3999])
      expect(values(p, { n: 1, dim: 2, x: at.x.slice(2 * i, 2 * i + 2) })[0]).toBe(all[i]);
    expect(values(p, points([[0, -0]]))).toEqual(values(p, points([[-0, 0]])));
    expect(values(p, points([[1, 2]]))[0] - values(well, points([[1, 2]]))[0]).not.toBe(
      values(p, points([[2, 1]]))[0] - values(well, points([[2, 1]]))[0],
    );
  });

  it("is new under another seed and under another key of the query", () => {
    const p = noisy(well, 1, turn);
    const asked = (k?: ReturnType<typeof key>) =>
      now(p.answer({ kind: "value", at: points([[1, 1]]), ...(k === undefined ? {} : { key: k }) })).value[0];
    expect(
      new Set([asked(), asked(key(1)), asked(key(2)), values(noisy(well, 1, key(8)), points([[1, 1]]))[0]]).size,
    ).toBe(4);
    expect(asked(key(1))).toBe(asked(key(1)));
  });

  it("offers no gradient, and vanishes with sigma", () => {
    expect(noisy(well, 1, turn).can).toEqual(["value"]);
    expect(() => slopes(noisy(well, 1, turn), at)).toThrow("noisy(well): answers no 'gradient'");
    expect(values(noisy(well, 0, turn), at)).toEqual(values(well, at));
  });
});

describe("counted", () => {
  it("counts points, and gradients for what they cost", () => {
    const p = counted(finiteDifference(well));
    p.answer({ kind: "value", at: scatter(well.domain, 5, 8) });
    expect(p.evaluations()).toBe(5);
    p.answer({ kind: "gradient", at: scatter(well.domain, 3, 8) });
    expect(p.evaluations()).toBe(5 + 3 * 5);
  });

  it("agrees with what reaches the function", () => {
    let calls = 0;
    const inner = potential({ name: "calls", domain: box(3, -1, 1), value: () => ++calls });
    const p = counted(finiteDifference(inner));
    p.answer({ kind: "gradient", at: scatter(inner.domain, 4, 9) });
    expect(calls).toBe(p.evaluations());
  });
});

describe("finiteDifference", () => {
  it("gives the gradient to about 1e-9 of its size and says what it costs", () => {
    const p = finiteDifference({ ...bumpy, can: ["value"] });
    expect(p.can).toEqual(["value", "gradient"]);
    expect(p.gradientCost).toBe(7);
    const at = scatter(bumpy.domain, 100, 10);
    expectClose(slopes(p, at), slopes(bumpy, at), 1e-8);
    expect(now(p.answer({ kind: "gradient", at })).value).toEqual(values(bumpy, at));
  });

  it("is exact on a quadratic inside, for any step", () => {
    const at = scatter(box(2, -1, 1), 50, 11);
    expectClose(slopes(finiteDifference(well, 0.2), at), slopes(well, at), 1e-13);
  });

  it("has an error that falls with the square of the step", () => {
    const at = scatter(domain([-1, 0, 1], [1, 2, 4]), 50, 12);
    const exact = slopes(bumpy, at);
    const error = (step: number) =>
      Math.max(...slopes(finiteDifference(bumpy, step), at).map((g, k) => Math.abs(g - exact[k])));
    expect(Math.log2(error(0.02) / error(0.01))).toBeCloseTo(2, 2);
  });

  it("does not leave the domain, but for points that lie outside", () => {
    const seen: number[] = [];
    const root = potential({
      name: "root",
      domain: box(1, 0, 1),
      value: (x) => {
        seen.push(x[0]);
        return Math.sqrt(x[0]) + Math.sqrt(1 - x[0]);
      },
    });
    const p = finiteDifference(root);
    expect(slopes(p, points([[0], [0.5], [1]])).every(Number.isFinite)).toBe(true);
    expect(Math.min(...seen)).toBe(0);
    expect(Math.max(...seen)).toBe(1);
    expectClose(slopes(finiteDifference(well), points([[9, -9]])), slopes(well, points([[9, -9]])), 1e-4);
  });

  it("fails the points whose probes fail, once each, and no others", () => {
    const holes: Potential = {
      ...well,
      answer: (query) => ({
        ...now(well.answer(query)),
        failures: [
          { index: 6, reason: "hole" },
          { index: 8, reason: "another" },
        ],
      }),
    };
    const answer = now(finiteDifference(holes).answer({ kind: "gradient", at: scatter(well.domain, 3, 13) }));
    expect(answer.failures).toEqual([{ index: 1, reason: "hole" }]);
    expect([...answer.value].map(Number.isNaN)).toEqual([false, true, false]);
  });

  it("answers for the whole points among those that an abort left", () => {
    const cut: Potential = { ...well, answer: (query) => ({ ...now(well.answer(query)), n: 13 }) };
    const answer = now(finiteDifference(cut).answer({ kind: "gradient", at: scatter(well.domain, 5, 14) }));
    expect(answer.n).toBe(2);
    expect(answer.gradient).toHaveLength(4);
  });
});

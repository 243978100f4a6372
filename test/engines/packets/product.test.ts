import { describe, expect, it } from "vitest";
import { type Potential, potential, type Value } from "../../../src/core/problem.ts";
import type { PacketsState } from "../../../src/engines/packets/index.ts";
import { packets } from "../../../src/engines/packets/index.ts";
import { blankProbe, look, type Probe } from "../../../src/engines/packets/probe.ts";
import { jump, type Product, search, startProduct } from "../../../src/engines/packets/product.ts";
import type { Lowest } from "../../../src/engines/packets/sight.ts";
import { answered, minimized, nowhere, rastrigin, sphere, steps, unitBox, well } from "./ground.ts";

function on(value: Value, dim: number): Potential {
  return potential({ name: "sum", domain: unitBox(dim), value });
}

type Start = { readonly probe: Probe; readonly product: Product; readonly lowest: Lowest };

function started(at: Potential): Start {
  const dim = at.domain.lower.length;
  const probe = blankProbe(dim);
  const lowest = nowhere(dim);
  answered(look(probe, at.domain, lowest, new Float64Array(dim).fill(0.5)), at);
  return { probe, product: startProduct(probe), lowest };
}

/** Searches to the end; returns the points asked. */
function searched(at: Potential, { product, lowest }: Start): Float64Array[] {
  const asked: Float64Array[] = [];
  while (!answered(search(product, at.domain, lowest), at, asked));
  return asked;
}

const bumpy: Value = (u) => rastrigin(u.map((v) => 9 * v - 4));

describe("the product state", () => {
  it("starts at the best side of every axis, at the value that their sum foretells", () => {
    const parts: Value = (u) => u.reduce((s, v, i) => s + (i + 1) * (v - 0.57) ** 2, 0);
    const { product } = started(on(parts, 4));
    const mean = product.axes.map(({ t, best }) => t[best]);
    for (const v of mean) expect(v).toBeCloseTo(0.6, 14);
    expect(product.current).toBeCloseTo(10 * 0.03 ** 2, 14);
  });

  it("keeps that sum at every look: it is ζ at the best coordinates", () => {
    const at = on(bumpy, 5);
    const start = started(at);
    for (let n = 0; n < 40; n++) {
      answered(search(start.product, at.domain, start.lowest), at);
      const best = Float64Array.from(start.product.axes, ({ t, best: b }) => t[b]);
      expect(Math.abs(start.product.current - bumpy(best))).toBeLessThan(1e-11);
    }
  });

  it("changes one coordinate of the best at each look, and takes turns: global, local", () => {
    const at = on(bumpy, 3);
    const start = started(at);
    for (let n = 0; n < 30; n++) {
      const before = start.product.axes.map(({ t, best }) => t[best]);
      const globals = start.product.axes.reduce((sum, a) => sum + a.globals, 0);
      const part = search(start.product, at.domain, start.lowest);
      // the first of its looks
      let step = part.next();
      if (step.done) throw new Error("a look was due");
      expect([...step.value.at.x].filter((v, i) => v !== before[i]).length).toBeLessThanOrEqual(1);
      const after = start.product.axes.reduce((sum, a) => sum + a.globals, 0);
      expect(after - globals).toBe(start.product.rounds % 2);
      while (!step.done) step = part.next({ n: 1, value: Float64Array.of(bumpy(step.value.at.x)) });
    }
  });

  it("is not lost in the rounding of where it began: condition 10⁶ in forty dimensions, to 1e-12 about 0", async () => {
    const lifted: Value = (x) =>
      x.reduce((sum, v, i) => sum + 10 ** ((6 * i) / 39) * (v + Math.sin(3 * v) / 9 - 1) ** 2, 0);
    const { stop, account } = await minimized(well(lifted, 40), 0, { budget: 3000, target: 1e-12 });
    expect([stop, account.evaluations < 3000]).toEqual(["target reached", true]);
  });

  it.each([2, 5, 20])("finds the least of 10ᵈ wells to 1e-8 within 300 d looks, d = %i", async (dim) => {
    const { stop, account } = await minimized(well(rastrigin, dim), 0, { budget: 300 * dim, target: 1e-8 });
    expect(stop).toBe("target reached");
    expect(account.evaluations).toBeLessThan(60 * dim);
  });

  it("gets each axis of a sum of different kinds right: kinks, steps, walls, cusps", () => {
    const kinds: ((v: number) => number)[] = [
      (v) => Math.abs(v - 0.123),
      (v) => Math.floor(40 * Math.abs(v - 0.7)),
      (v) => -v,
      (v) => Math.sqrt(Math.abs(v - 0.91)),
      (v) => (v - 0.3) ** 4,
      (v) => Math.log(v + 1e-3),
    ];
    const least = [0, 0, -1, 0, 0, Math.log(1e-3)].reduce((a, b) => a + b);
    const at = on((u) => u.reduce((s, v, i) => s + kinds[i](v), 0), kinds.length);
    const start = started(at);
    expect(start.probe.additive).toBe(true);
    searched(at, start);
    expect(start.lowest.value - least).toBeLessThan(1e-6);
    expect(start.lowest.x[2]).toBe(1);
    expect(start.lowest.x[5]).toBe(0);
  });

  it.each<[string, Value, number]>([
    ["an ellipsoid", (u) => u.reduce((s, v, i) => s + 10 ** i * (v - 0.3 - 0.05 * i) ** 2, 7), 7],
    ["a plane", (u) => u.reduce((s, v, i) => s + (i - 1.5) * v, 0), -2],
    ["a saddle in a corner", (u) => (u[0] - 0.2) ** 2 - u[1] + 0 * u[2] + 2 * u[3], -1],
  ])("ends after the jump where ζ is harmonic: %s", (_name, value, least) => {
    const at = on(value, 4);
    const { probe, product, lowest } = started(at);
    expect(answered(jump(probe, product, at.domain, lowest), at)).toBe(true);
    expect(lowest.value).toBeCloseTo(least, 10);
    // the engine goes on to the superposition
    expect(steps(packets(), at, 0, 1).stage).toBe("superposition");
  });

  it("goes on after a jump that did not land where the parabolas said", () => {
    const at = on((u) => u.reduce((s, v) => s + Math.cosh(3 * (v - 0.44)), 0), 4);
    const { probe, product, lowest } = started(at);
    expect(answered(jump(probe, product, at.domain, lowest), at)).toBe(false);
    const state: PacketsState = steps(packets(), at, 0, 1);
    expect(state.stage).toBe("product");
    expect(steps(packets(), at, 0, 12).lowest.value - 4).toBeLessThan(1e-8);
  });

  it("ends within its patience, on a plateau too, and bears +∞ beyond its probe", () => {
    const half = on((u) => (u[0] > 0.65 ? Infinity : bumpy(u)), 3);
    const flatAxis = on((u) => Math.abs(u[0] - 0.31) + 0 * u[1], 2);
    for (const at of [half, flatAxis, on(bumpy, 1)]) {
      const start = started(at);
      const dim = at.domain.lower.length;
      const asked = searched(at, start);
      expect(asked.length).toBeLessThanOrEqual(300 * dim);
      expect(asked.every((u) => u.every((v) => v >= 0 && v <= 1))).toBe(true);
      expect(
        start.product.axes.every(({ t, y, count }) => [...t, ...y].length > count && [...y].every(Number.isFinite)),
      ).toBe(true);
    }
    const start = started(flatAxis);
    searched(flatAxis, start);
    expect(start.lowest.value).toBeLessThan(1e-12);
    const cut = started(half);
    searched(half, cut);
    expect(cut.lowest.value).toBeLessThan(1e-8);
  });

  it("takes values near the largest number for what they are", () => {
    const large = on((u) => 2 ** 1012 * bumpy(u), 3);
    const start = started(large);
    searched(large, start);
    // slopes of theirs pass it, so that the parabolas help less
    expect(start.lowest.value / 2 ** 1012).toBeLessThan(1e-3);
  });

  it("is left to none but sums", () => {
    const coupled = well((x) => sphere(x) + x[0] * x[1], 3);
    const seen = new Set<string>();
    let state = steps(packets(), coupled, 0, 1);
    for (let n = 1; n < 60; n++) {
      seen.add(state.stage);
      state = steps(packets(), coupled, 0, 1, state, n);
    }
    expect(seen.has("product")).toBe(false);
  });
});

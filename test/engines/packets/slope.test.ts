import { describe, expect, it } from "vitest";
import { type Domain, type Gradient, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { seeSlope } from "../../../src/engines/packets/sight.ts";
import { differences, smoothAxes } from "../../../src/engines/packets/slope.ts";
import { slopeOf } from "../walk.ts";
import { answered, nowhere, sphere, unitBox } from "./ground.ts";

const dim = 3;
const smooth: Value = (u) => Math.exp(u[0] + 2 * u[1]) + Math.sin(3 * u[2]) * u[0];
const itsGradient: Gradient = (u, out) => {
  const e = Math.exp(u[0] + 2 * u[1]);
  out.set([e + Math.sin(3 * u[2]), 2 * e, 3 * Math.cos(3 * u[2]) * u[0]]);
  return smooth(u);
};

type Taken = { gradient: Float64Array; asked: Float64Array[]; finite: boolean };

/** Differences at u; with a stiffness this small, `most` is the step. */
function taken(
  value: Value,
  u: Float64Array,
  how: {
    central: boolean;
    most: number;
    edge?: Domain["edge"];
    stiffness?: number;
    side?: number;
    stepped?: Uint8Array;
  },
): Taken {
  const at: Potential = potential({ name: "slope", domain: unitBox(u.length, how.edge), value });
  const stiffness = new Float64Array(u.length ** 2).fill(how.stiffness ?? 0);
  const gradient = new Float64Array(u.length).fill(how.side ?? 0);
  const asked: Float64Array[] = [];
  const { central, most } = how;
  const kind = { central, most, scale: 1 };
  const domain = { ...at.domain, ...(how.stepped && { stepped: how.stepped }) };
  const axes = smoothAxes(domain);
  const part = differences(domain, nowhere(u.length), u, value(u), stiffness, kind, axes, gradient);
  return { finite: answered(part, at, asked), gradient, asked };
}

describe("a slope by differences", () => {
  const u = Float64Array.of(0.4, 0.3, 0.7);
  const exact = new Float64Array(dim);
  itsGradient(u, exact);

  it.each([
    [false, 1],
    [true, 2],
  ])("central: %s, has order %i", (central, order) => {
    const steps = [1e-3, 5e-4, 2.5e-4, 1.25e-4, 6.25e-5];
    const errors = steps.map((most) =>
      Math.sqrt(sphere(taken(smooth, u, { central, most }).gradient.map((g, i) => g - exact[i]))),
    );
    expect(slopeOf(steps, errors)).toBeCloseTo(order, 1);
  });

  it("is exact on a parabola where it looks on both sides, at walls too", () => {
    const parabolas: Value = (v) => 5 * (v[0] - 0.3) ** 2 - 2 * (v[1] - 0.9) ** 2 + v[2];
    for (const at of [
      [0.5, 0.5, 0.5],
      [0, 1, 0],
      [1, 0, 1],
      [1e-4, 1 - 1e-4, 0],
    ]) {
      const { gradient } = taken(parabolas, Float64Array.from(at), { central: true, most: 1e-3 });
      [10 * (at[0] - 0.3), -4 * (at[1] - 0.9), 1].forEach((g, i) => {
        expect(gradient[i]).toBeCloseTo(g, 9);
      });
    }
  });

  it.each([false, true])("stays in the box, and tells all points apart (central: %s)", (central) => {
    for (const at of [
      [0, 0.5, 1],
      [1, 1, 0],
      [1e-9, 1 - 1e-9, 0.5],
    ])
      for (const side of [-1, 0, 1]) {
        const from = Float64Array.from(at);
        const { asked, finite } = taken(sphere, from, { central, most: 1e-3, side });
        expect(finite).toBe(true);
        expect(asked.length).toBe((central ? 2 : 1) * dim);
        for (const v of asked) expect(v.every((x) => x >= 0 && x <= 1)).toBe(true);
        expect(new Set([...asked, from].map((v) => v.join())).size).toBe(asked.length + 1);
      }
  });

  it("goes over the seam of a periodic domain", () => {
    const ring: Value = (v) => v.reduce((s, x) => s - Math.cos(2 * Math.PI * (x - 0.05)), 0);
    const { gradient } = taken(ring, new Float64Array(2), { central: true, most: 1e-4, edge: "periodic" });
    for (const g of gradient) expect(g).toBeCloseTo(2 * Math.PI * Math.sin(-0.1 * Math.PI), 6);
  });

  it("looks first on the downhill side of the slope known before", () => {
    for (const side of [1, -1]) {
      const { asked } = taken(sphere, u, { central: false, most: 1e-3, side });
      asked.forEach((v, i) => {
        expect(Math.sign(v[i] - u[i])).toBe(-side);
      });
    }
  });

  it("steps by 4 √(ε|ζ|/K), 30 of them where it looks on both sides", () => {
    const far: Value = (v) => 1e4 + sphere(v);
    for (const [central, many] of [
      [false, 4],
      [true, 30],
    ] as const) {
      const { asked } = taken(far, u, { central, most: 1, stiffness: 100 });
      const h = many * Math.sqrt((2e-16 * (far(u) + 1e-3)) / 100);
      expect(Math.abs(asked[0][0] - u[0]) / h).toBeCloseTo(1, 4);
    }
  });

  it.each([false, true])("asks nothing along a staircase (central: %s)", (central) => {
    const { asked, gradient } = taken(sphere, u, { central, most: 1e-3, stepped: Uint8Array.of(0, 1, 0) });
    expect(asked.length).toBe(central ? 4 : 2);
    for (const v of asked) expect(v[1]).toBe(u[1]);
    expect(gradient[1]).toBe(0);
    expect(gradient[2]).toBeGreaterThan(0);
    expect(taken(sphere, u, { central, most: 1e-3, stepped: Uint8Array.of(1, 1, 1) }).asked.length).toBe(0);
  });

  it("tells where a difference is not finite", () => {
    expect(taken((v) => (v[1] > 0.3 ? Infinity : v[0]), u, { central: false, most: 1e-3 }).finite).toBe(false);
    expect(taken((v) => (v[1] > 0.3 ? NaN : v[0]), u, { central: true, most: 1e-3 }).finite).toBe(false);
  });
});

describe("a slope that ζ offers", () => {
  const domain: Domain = { lower: Float64Array.of(-1, 2, 0), upper: Float64Array.of(1, 5, 10), edge: "wall" };
  const u = Float64Array.of(0.7, 0.2, 0.05);
  const x = Float64Array.of(0.4, 2.6, 0.5);

  it("is taken per unit of the box", () => {
    const at = potential({ name: "offered", domain, value: smooth, gradient: itsGradient });
    const [out, exact] = [new Float64Array(dim), new Float64Array(dim)];
    expect(answered(seeSlope(domain, nowhere(dim), u, out), at)).toBeCloseTo(smooth(x), 12);
    itsGradient(x, exact);
    [2, 3, 10].forEach((width, i) => {
      expect(out[i] / (width * exact[i])).toBeCloseTo(1, 12);
    });
  });

  it("is none where a part of it is no number, and counts as +∞; the value is kept all the same", () => {
    const at = potential({
      name: "broken",
      domain,
      value: smooth,
      gradient: (v, out) => {
        out.fill(NaN);
        return smooth(v);
      },
    });
    const lowest = nowhere(dim);
    const out = new Float64Array(dim).fill(3);
    expect(answered(seeSlope(domain, lowest, u, out), at)).toBe(Infinity);
    expect([...out]).toEqual([0, 0, 0]);
    expect(lowest.value).toBeCloseTo(smooth(x), 12);
  });
});

import { describe, expect, it } from "vitest";
import { type Domain, type Gradient, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { seeSlope } from "../../../src/engines/packets/sight.ts";
import { differences, whitenedDifferences } from "../../../src/engines/packets/slope.ts";
import { blankWell, type Well } from "../../../src/engines/packets/well.ts";
import { dot, matVec } from "../../../src/math/linalg.ts";
import { fillNormal, key } from "../../../src/math/rng.ts";
import { slopeOf } from "../walk.ts";
import { answered, nowhere, rotation, sphere, turn, unitBox } from "./ground.ts";

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
  how: { central: boolean; most: number; edge?: Domain["edge"]; stiffness?: number; side?: number },
): Taken {
  const at: Potential = potential({ name: "slope", domain: unitBox(u.length, how.edge), value });
  const stiffness = new Float64Array(u.length ** 2).fill(how.stiffness ?? 0);
  const gradient = new Float64Array(u.length).fill(how.side ?? 0);
  const asked: Float64Array[] = [];
  const { central, most } = how;
  const part = differences(at.domain, nowhere(u.length), u, value(u), stiffness, { central, most, scale: 1 }, gradient);
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

describe("a slope in the well's own directions", () => {
  const d = 12;
  const q = rotation(d, 3);
  const stiffness = Float64Array.from({ length: d }, (_, i) => 10 ** ((10 * i) / (d - 1)));
  const centre = new Float64Array(d).fill(0.47);
  const bottom = 1e4;
  /** Thin and turned, of condition 10¹⁰. */
  const thin: Value = (u) => {
    const v = turn(
      q,
      u.map((x, i) => x - centre[i]),
    );
    return bottom + v.reduce((sum, x, i) => sum + (stiffness[i] * x * x) / 2, 0);
  };
  const at = (edge?: Domain["edge"]): Potential => potential({ name: "thin", domain: unitBox(d, edge), value: thin });

  /** K and P of the well, each direction `wrong` times as stiff as it is. */
  function known(wrong = 1): Well {
    const own = blankWell(d);
    for (let a = 0; a < d; a++)
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) {
          own.stiffness[i * d + j] += wrong * stiffness[a] * q[a * d + i] * q[a * d + j];
          own.inverse[i * d + j] += (q[a * d + i] * q[a * d + j]) / (wrong * stiffness[a]);
        }
    return own;
  }

  /** A point whose fall to the bottom is `above` the rounding of ζ there. */
  const near = (above: number): Float64Array => {
    const z = new Float64Array(d);
    fillNormal(key(4), z);
    const k = known();
    const kz = new Float64Array(d);
    matVec(k.stiffness, d, d, z, kz);
    const size = Math.sqrt((2 * above) / dot(z, kz));
    return z.map((v, i) => centre[i] + size * v);
  };

  /** How far above the bottom the step −P g ends. */
  function left(u: Float64Array, gradient: Float64Array, { inverse }: Well): number {
    const step = new Float64Array(d);
    matVec(inverse, d, d, gradient, step);
    return thin(u.map((v, i) => v - step[i])) - bottom;
  }

  it("leads to the bottom of a thin, turned well by one step, down to the rounding of ζ: coordinates do not", () => {
    const u = near(1e-6);
    const [own, by] = [known(), new Float64Array(d)];
    const asked: Float64Array[] = [];
    expect(answered(whitenedDifferences(at().domain, nowhere(d), u, thin(u), own, 1, by), at(), asked)).toBe(true);
    expect(asked.length).toBe(2 * d);
    expect(left(u, by, own)).toBeLessThan(2e-11);

    const axes = new Float64Array(d);
    const how = { central: true, most: Infinity, scale: 1 };
    answered(differences(at().domain, nowhere(d), u, thin(u), known().stiffness, how, axes), at());
    expect(left(u, axes, known())).toBeGreaterThan(1e-9);
  });

  it.each([0.2, 5])("mends a well that is %f times too stiff", (wrong) => {
    const u = near(1e-6);
    const own = known(wrong);
    answered(whitenedDifferences(at().domain, nowhere(d), u, thin(u), own, 1, new Float64Array(d)), at());
    const along = new Float64Array(d);
    for (let a = 0; a < d; a++) {
      const v = q.slice(a * d, (a + 1) * d);
      matVec(own.stiffness, d, d, v, along);
      expect(Math.abs(dot(v, along) / stiffness[a] - 1)).toBeLessThan(0.02);
      matVec(own.inverse, d, d, v, along);
      expect(Math.abs(dot(v, along) * stiffness[a] - 1)).toBeLessThan(0.02);
    }
  });

  it("keeps what rounding hides: the curvature of a flat ζ, and of one of 1e-308", () => {
    const own = known();
    const flat = potential({ name: "flat", domain: unitBox(d), value: () => 3 });
    answered(whitenedDifferences(flat.domain, nowhere(d), near(1e-6), 3, own, 1, new Float64Array(d)), flat);
    expect(own).toEqual(known());

    const tiny: Value = (u) => 1e-308 * sphere(u);
    const least = blankWell(2);
    for (const e of [0, 3]) [least.stiffness[e], least.inverse[e]] = [2e-308, 5e307];
    const by = new Float64Array(2);
    const u = Float64Array.of(0.3, 0.4);
    const small = potential({ name: "tiny", domain: unitBox(2), value: tiny });
    answered(whitenedDifferences(small.domain, nowhere(2), u, tiny(u), least, 0, by), small);
    expect([...least.stiffness, ...least.inverse].every(Number.isFinite)).toBe(true);
    expect(by[0] / 6e-309).toBeCloseTo(1, 2);
  });

  it("is the slope in one dimension", () => {
    const one: Value = ([u]) => 3 * (u - 0.2) ** 2;
    const own = blankWell(1);
    [own.stiffness[0], own.inverse[0]] = [6, 1 / 6];
    const by = new Float64Array(1);
    const line = potential({ name: "line", domain: unitBox(1), value: one });
    const u = Float64Array.of(0.5);
    answered(whitenedDifferences(line.domain, nowhere(1), u, one(u), own, 1, by), line);
    expect(by[0]).toBeCloseTo(1.8, 9);
  });

  it("asks nothing where a wall is near, if it is one, and where the well has no root", () => {
    const wall = near(1e-6);
    wall[5] = 0;
    const take = (edge: Domain["edge"], own: Well): [boolean | undefined, number] => {
      const asked: Float64Array[] = [];
      const part = whitenedDifferences(at(edge).domain, nowhere(d), wall, thin(wall), own, 1, new Float64Array(d));
      return [answered(part, at(edge), asked), asked.length];
    };
    expect(take("wall", known())).toEqual([undefined, 0]);
    expect(take("periodic", known())).toEqual([true, 2 * d]);
    expect(take("periodic", blankWell(d))).toEqual([undefined, 0]);
  });

  it("tells where a difference is not finite, and leaves the well as it was", () => {
    const own = known();
    const hole: Value = (u) => (u[0] > 0.47 ? Infinity : thin(u));
    const u = near(1e-6);
    u[0] = 0.47;
    const part = whitenedDifferences(at().domain, nowhere(d), u, thin(u), own, 1, new Float64Array(d));
    expect(answered(part, potential({ name: "hole", domain: unitBox(d), value: hole }))).toBe(false);
    expect(own).toEqual(known());
  });
});

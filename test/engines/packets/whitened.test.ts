import { describe, expect, it } from "vitest";
import { type Domain, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { differences } from "../../../src/engines/packets/slope.ts";
import { blankWell, type Well } from "../../../src/engines/packets/well.ts";
import { whitenedDifferences } from "../../../src/engines/packets/whitened.ts";
import { dot, matVec } from "../../../src/math/linalg.ts";
import { fillNormal, key } from "../../../src/math/rng.ts";
import { answered, nowhere, rotation, sphere, turn, unitBox } from "./ground.ts";

describe("a slope in the well's own directions", () => {
  const d = 12;
  const all = Array.from({ length: d }, (_, i) => i);
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
    expect(answered(whitenedDifferences(at().domain, nowhere(d), u, thin(u), own, 1, by), at(), asked)).toEqual([]);
    expect(asked.length).toBe(2 * d);
    expect(left(u, by, own)).toBeLessThan(2e-11);

    const axes = new Float64Array(d);
    const how = { central: true, most: Infinity, scale: 1 };
    answered(differences(at().domain, nowhere(d), u, thin(u), known().stiffness, how, all, axes), at());
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

  it("leaves the axes near a wall, if it is one, and staircases, and all where the well has no root", () => {
    const wall = near(1e-6);
    wall[5] = 0;
    const take = (given: Partial<Domain>, own: Well): [readonly number[] | undefined, number] => {
      const asked: Float64Array[] = [];
      const domain = { ...unitBox(d), ...given };
      const part = whitenedDifferences(domain, nowhere(d), wall, thin(wall), own, 1, new Float64Array(d));
      const left = answered(part, at(given.edge), asked);
      if (given.stepped) for (const u of asked) expect(u[3]).toBe(wall[3]);
      return [left, asked.length];
    };
    const stepped = all.map((i) => (i === 3 ? 1 : 0));
    expect(take({ edge: "wall" }, known())).toEqual([[5], 2 * (d - 1)]);
    expect(take({ edge: "periodic" }, known())).toEqual([[], 2 * d]);
    expect(take({ edge: "wall", stepped: Uint8Array.from(stepped) }, known())).toEqual([[5], 2 * (d - 2)]);
    expect(take({ edge: "periodic" }, blankWell(d))).toEqual([all, 0]);
  });

  it("leads to the bottom of what a wall leaves of a thin, turned well, down to the rounding of ζ", () => {
    // the bottom lies 10⁻⁷ beyond the wall; on it, where δ = P e₅ δ₅ / P₅₅, at ½ δ₅² / P₅₅ above
    const { inverse } = known();
    const beyond: Value = (u) => thin(u.map((x, i) => (i === 5 ? x + centre[5] + 1e-7 : x)));
    const p = (i: number, j: number): number => inverse[i * d + j];
    const rest = centre.map((c, i) => (i === 5 ? 0 : c + (1e-7 * p(i, 5)) / p(5, 5)));
    const least = bottom + 1e-14 / 2 / p(5, 5);
    expect(beyond(rest)).toBeCloseTo(least, 10);
    const u = near(1e-6).map((x, i) => (i === 5 ? 0 : x - centre[i] + rest[i]));
    const own = known();
    const by = new Float64Array(d);
    const { domain } = at("wall");
    const part = whitenedDifferences(domain, nowhere(d), u, beyond(u), own, 1, by);
    expect(answered(part, potential({ name: "beyond", domain, value: beyond }))).toEqual([5]);
    // −(K_ff)⁻¹ g
    const step = u.map((_, i) => {
      let sum = 0;
      for (const j of all) if (j !== 5) sum -= (p(i, j) - (p(i, 5) * p(5, j)) / p(5, 5)) * by[j];
      return sum;
    });
    expect(beyond(u) - least).toBeGreaterThan(1e-7);
    expect(Math.abs(beyond(u.map((x, i) => (i === 5 ? 0 : x + step[i]))) - least)).toBeLessThan(2e-11);
  });

  it("tells where a difference is not finite, and leaves the well as it was", () => {
    const own = known();
    const hole: Value = (u) => (u[0] > 0.47 ? Infinity : thin(u));
    const u = near(1e-6);
    u[0] = 0.47;
    const part = whitenedDifferences(at().domain, nowhere(d), u, thin(u), own, 1, new Float64Array(d));
    expect(answered(part, potential({ name: "hole", domain: unitBox(d), value: hole }))).toBe(undefined);
    expect(own).toEqual(known());
  });
});

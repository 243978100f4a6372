import { describe, expect, it } from "vitest";
import { readValues } from "../../src/core/entry.ts";
import type { Potential } from "../../src/core/problem.ts";
import { fold, key, normal } from "../../src/math/rng.ts";
import {
  funnelEntry,
  gaussianCovariance,
  gaussianEntry,
  gaussianVariances,
  mixtureEntry,
} from "../../src/potentials/laws.ts";
import { atOnce } from "../conformance/potentials.ts";

const laws: readonly Potential[] = [
  gaussianEntry.make(readValues(gaussianEntry, { dim: 4, condition: 50 })),
  gaussianEntry.make(readValues(gaussianEntry, { dim: 3, mixed: false })),
  gaussianEntry.make(readValues(gaussianEntry, { dim: 1 })),
  funnelEntry.make(readValues(funnelEntry, { dim: 4, sigma: 1.5 })),
  mixtureEntry.make(readValues(mixtureEntry, { dim: 3, separation: 5, weight: 0.3 })),
  mixtureEntry.make(readValues(mixtureEntry, { dim: 1, separation: 200, weight: 0.01 })),
];

const ask = (p: Potential, x: readonly number[], kind: "value" | "gradient" = "value") =>
  atOnce(p, { kind, at: { n: 1, dim: x.length, x: Float64Array.from(x) } });
const zeta = (p: Potential, x: readonly number[]): number => ask(p, x).value?.[0] ?? Number.NaN;

describe.each(laws.map((law) => [law.name, law] as const))("%s", (_name, law) => {
  const dim = law.domain.lower.length;

  it("has the gradient of its values", () => {
    for (let i = 0; i < 6; i++) {
      const x = Array.from({ length: dim }, (_, j) => 1.3 * normal(fold(key(4), i), j));
      const { gradient = new Float64Array(dim), value } = ask(law, x, "gradient");
      expect(value?.[0]).toBeCloseTo(zeta(law, x), 12);
      for (let j = 0; j < dim; j++) {
        const h = 1e-5;
        const at = (step: number): number => zeta(law, x.with(j, x[j] + step));
        const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
        expect(Math.abs(gradient[j] - slope)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
      }
    }
  });

  it("is nowhere below its minimum, and takes it where it says", () => {
    const { minimum, argmin } = law.truth ?? {};
    if (minimum === undefined || argmin === undefined) return;
    expect(zeta(law, [...argmin.x])).toBeCloseTo(minimum, 10);
    for (let i = 0; i < 50; i++) {
      const x = Array.from({ length: dim }, (_, j) => argmin.x[j] + normal(fold(key(5), i), j));
      expect(zeta(law, x)).toBeGreaterThanOrEqual(minimum);
    }
  });
});

describe("gaussian", () => {
  it("has the covariance that is told: its product with the curvature is 1", () => {
    const [dim, condition] = [4, 50];
    const law = laws[0];
    const covariance = gaussianCovariance(dim, condition, true);
    for (let i = 0; i < dim; i++) {
      // ζ is quadratic: its slope at e_i is column i of the curvature
      const e = new Array<number>(dim).fill(0).with(i, 1);
      const column = ask(law, e, "gradient").gradient ?? new Float64Array(dim);
      for (let k = 0; k < dim; k++) {
        const product = column.reduce((s, c, j) => s + covariance[k * dim + j] * c, 0);
        expect(product).toBeCloseTo(k === i ? 1 : 0, 10);
      }
    }
  });

  it("has variances from 1 to the condition", () => {
    expect(gaussianVariances(3, 100)).toEqual(Float64Array.of(1, 10, 100));
    expect(gaussianVariances(1, 100)).toEqual(Float64Array.of(1));
    expect([...gaussianCovariance(2, 9, false)]).toEqual([1, 0, 0, 9]);
  });

  it("has levels of its axes: E₀ = Σ √(D/2σ²)", () => {
    const levels = laws[1].truth?.energies?.(0.5) ?? [];
    const [a, b, c] = gaussianVariances(3, 1000);
    expect(levels[0]).toBeCloseTo(0.5 * (1 / Math.sqrt(a) + 1 / Math.sqrt(b) + 1 / Math.sqrt(c)), 12);
  });
});

describe("mixture", () => {
  it("is normalized up to √2π, with the weight that is told on each side", () => {
    const law = mixtureEntry.make(readValues(mixtureEntry, { dim: 1, separation: 16, weight: 0.3 }));
    let [left, all] = [0, 0];
    for (let x = -20; x <= 20; x += 0.01) {
      const w = (0.01 * Math.exp(-zeta(law, [x]))) / Math.sqrt(2 * Math.PI);
      all += w;
      if (x < 0) left += w;
    }
    expect(all).toBeCloseTo(1, 10);
    expect(left).toBeCloseTo(0.3, 10);
  });
});

describe("funnel", () => {
  it("is normal in v, and given v in the rest", () => {
    const law = funnelEntry.make(readValues(funnelEntry, { dim: 2, sigma: 1 }));
    for (const v of [-1, 0, 0.7]) {
      let sum = 0;
      for (let x = -40; x <= 40; x += 0.01) sum += 0.01 * Math.exp(-zeta(law, [v, x]));
      expect(sum / (2 * Math.PI)).toBeCloseTo(Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI), 8);
    }
  });
});

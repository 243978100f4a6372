import { describe, expect, it } from "vitest";
import { groundCovariance, harmonicLevels, strangGrowthEnergy } from "../../src/math/harmonic.ts";
import { diagonalize } from "./dense.ts";

describe("the harmonic well", () => {
  it("has levels √(2Dk)(n + ½) on the line, as the dense Hamiltonian", () => {
    const [D, k] = [0.3, 2.1];
    const { values } = diagonalize((x) => 0.5 * k * x * x, D, -7, 7, 90);
    harmonicLevels(D, [k], 8).forEach((E, n) => {
      expect(E).toBeCloseTo(Math.sqrt(2 * D * k) * (n + 0.5), 13);
      expect(values[n]).toBeCloseTo(E, 11);
    });
  });

  it("has all levels of three axes in order, with their multiplicities", () => {
    const [D, k] = [0.5, [1, 1, 4]];
    const all: number[] = [];
    for (let a = 0; a < 30; a++) for (let b = 0; b < 30; b++) for (let c = 0; c < 30; c++) all.push(a + b + 2 * c + 2);
    all.sort((p, q) => p - q);
    harmonicLevels(D, k, 40).forEach((E, n) => {
      expect(E).toBeCloseTo(all[n], 12);
    });
  });

  it("has the ground covariance C = √(D/2) K^{−½}: C K C = D/2", () => {
    const D = 0.7;
    const K = Float64Array.of(2, 0.5, -0.3, 0.5, 1.5, 0.2, -0.3, 0.2, 3);
    const C = groundCovariance(D, K, 3);
    if (C === null) throw new Error("not positive definite");
    const times = (a: Float64Array, b: Float64Array): Float64Array =>
      a.map((_, e) => [0, 1, 2].reduce((s, m) => s + a[3 * Math.floor(e / 3) + m] * b[3 * m + (e % 3)], 0));
    times(times(C, K), C).forEach((v, e) => {
      expect(v).toBeCloseTo(e % 4 === 0 ? D / 2 : 0, 13);
    });
    expect(groundCovariance(0.5, Float64Array.of(1), 1)?.[0]).toBeCloseTo(0.5, 15);
    expect(groundCovariance(0.5, Float64Array.of(-1), 1)).toBeNull();
  });

  it("has dE₀/dD = ⟨−∇²⟩ > 0 (Hellmann–Feynman) and 2⟨T⟩ = ⟨x·∇ζ⟩ (virial)", () => {
    const [D, k] = [0.6, 1.9];
    const E0 = (d: number): number => harmonicLevels(d, [k], 1)[0];
    const variance = Math.sqrt(D / (2 * k));
    const slope = (E0(D + 1e-5) - E0(D - 1e-5)) / 2e-5;
    // ⟨p²⟩ of a Gaussian |ψ|² of variance s is 1/4s
    expect(slope).toBeCloseTo(1 / (4 * variance), 8);
    expect((2 * D) / (4 * variance)).toBeCloseTo(k * variance, 14);
  });

  it("settles under Strang's splitting at asinh(ωΔτ/2)/Δτ", () => {
    const [D, k, dt] = [0.3, 1.7, 0.4];
    const free = diagonalize(() => 0, D, -8, 8, 120);
    const n = free.x.length;
    const kick = free.x.map((x) => Math.exp(-0.25 * k * x * x * dt));
    let psi = new Float64Array(n).fill(1 / Math.sqrt(n));
    let growth = 0;
    for (let step = 0; step < 120; step++) {
      const now = psi.map((p, i) => p * kick[i]);
      const next = new Float64Array(n);
      for (let m = 0; m < n; m++) {
        let c = 0;
        for (let i = 0; i < n; i++) c += free.vectors[m * n + i] * now[i];
        c *= Math.exp(-free.values[m] * dt);
        for (let i = 0; i < n; i++) next[i] += c * free.vectors[m * n + i];
      }
      const weighed = next.map((p, i) => p * kick[i]);
      const norm = Math.sqrt(weighed.reduce((s, p) => s + p * p, 0));
      growth = -Math.log(norm) / dt;
      psi = weighed.map((p) => p / norm);
    }
    expect(growth).toBeCloseTo(strangGrowthEnergy(D, k, dt), 11);
    expect(strangGrowthEnergy(0.5, 1, 1e-4)).toBeCloseTo(0.5, 9);
  });
});

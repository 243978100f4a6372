import { describe, expect, it } from "vitest";
import { potential } from "../../../src/core/problem.ts";
import { blankProbe, look } from "../../../src/engines/packets/probe.ts";
import { startProduct } from "../../../src/engines/packets/product.ts";
import {
  blankReading,
  probeReading,
  productReading,
  read,
  traceOfInverse,
} from "../../../src/engines/packets/reading.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { blankWide, sampleWide, startWide, wideBench } from "../../../src/engines/packets/wide.ts";
import { fillNormal, fold, key } from "../../../src/math/rng.ts";
import { answered, estimate, minimized, nowhere, rastrigin, unitBox, well } from "./ground.ts";

describe("a reading", () => {
  it("reads its own D: the ground state of ½ xᵀKx at D is read as D, and its energy as Σ√(Dk/2)", () => {
    const stiffness = [1, 4, 25];
    const D = 0.08;
    const dim = 3;
    const of = constants(dim, 1000);
    const packet = blankWide(dim);
    startWide(packet, 1000, 1);
    stiffness.forEach((k, i) => {
      packet.axes[i] = (D / (2 * k)) ** 0.25;
    });
    const bench = wideBench(dim, 1000);
    const steadyMomentum = Float64Array.of(of.chi, 0, 0);
    const reading = blankReading(dim);
    const Ds: number[] = [];
    const Es: number[] = [];
    const rounds = 200;
    for (let g = 0; g < rounds; g++) {
      fillNormal(fold(key(4), g), bench.z);
      sampleWide(packet, of, bench);
      const value = Float64Array.from({ length: 1000 }, (_, k) =>
        stiffness.reduce((sum, s, i) => sum + 0.5 * s * bench.y[k * dim + i] ** 2, 0),
      );
      read(reading, of, traceOfInverse(packet), steadyMomentum, bench.squares, value);
      Ds.push(reading.D);
      Es.push(reading.energy);
    }
    const within = (sample: number[], truth: number): void => {
      const { mean, error } = estimate(sample);
      expect(error / truth).toBeLessThan(0.02);
      expect(Math.abs(mean - truth)).toBeLessThan(5 * error);
    };
    within(Ds, D);
    within(
      Es,
      stiffness.reduce((sum, k) => sum + Math.sqrt((D * k) / 2), 0),
    );
  });

  it("of a probe in a round well k is the D whose ground state is as large as the probe", () => {
    const at = potential({
      name: "round",
      domain: unitBox(3),
      value: (x) => x.reduce((s, v) => s + 3 * (v - 0.5) ** 2, 0),
    });
    const probe = blankProbe(3);
    answered(look(probe, at.domain, nowhere(3), new Float64Array(3).fill(0.5)), at);
    const { D, spread, scatter, dt } = probeReading(probe);
    // k = 6 and σ² = √(D/2k)
    expect(spread).toBeCloseTo(0.1, 14);
    expect(Math.sqrt(D / (2 * 6))).toBeCloseTo(0.01, 12);
    expect(dt).toBeCloseTo(1 / (2 * scatter), 9);
  });

  it("of a product state has the zero-point energy that its steps promise: d √(Dk/2) with k of step and fall", () => {
    const dim = 2;
    const at = potential({
      name: "wells",
      domain: unitBox(dim),
      value: ([x, y]) => (x - 0.53) ** 2 + 9 * (y - 0.46) ** 2,
    });
    const probe = blankProbe(dim);
    answered(look(probe, at.domain, nowhere(dim), new Float64Array(dim).fill(0.5)), at);
    const { D, energy } = productReading(startProduct(probe));
    const square = 0.03 ** 2 + 0.04 ** 2;
    const fall = 0.03 ** 2 + 9 * 0.04 ** 2;
    expect(energy).toBeCloseTo(fall, 12);
    expect(dim * Math.sqrt((D * ((2 * fall) / square)) / 2)).toBeCloseTo(fall, 9);
  });

  it("falls with the packets, by decades", async () => {
    const seen: number[] = [];
    const at = well((x) => Math.sqrt(rastrigin(x)), 3);
    await minimized(at, 0, { budget: 3000, target: 1e-6 }, { without: ["harmonic", "surrogate"] }, ({ D, family }) => {
      if (family === 0 && seen.length < 1000) seen.push(D);
    });
    expect(seen[0] / Math.min(...seen)).toBeGreaterThan(1e8);
  });
});

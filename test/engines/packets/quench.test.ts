/** D falls to the next scale where a packet's energy has ceased to fall. */
import { describe, expect, it } from "vitest";
import { blankFall, quench } from "../../../src/engines/packets/quench.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { blankWide, startWide } from "../../../src/engines/packets/wide.ts";
import { key, uniform } from "../../../src/math/rng.ts";

const dim = 2;
const lambda = 8;
const of = constants(dim, lambda);
/** w = ⅓ (10 + ⌈30 d/λ⌉) */
const W = 6;

/** σ after each of n generations with the given medians, from σ = 1 and p_σ = 1. */
function scales(median: (g: number) => number, n: number): { sigma: number[]; momentum: number[] } {
  const packet = blankWide(dim);
  startWide(packet, lambda, 1);
  packet.momentum.fill(1);
  const fall = blankFall(dim);
  const sigma: number[] = [];
  const momentum: number[] = [];
  for (let g = 1; g <= n; g++) {
    packet.generation = g;
    quench(fall, packet, of, median(g));
    expect(fall.quenched).toBe(packet.sigma < 1);
    sigma.push(packet.sigma);
    momentum.push(packet.momentum[0]);
  }
  return { sigma, momentum };
}

describe("a packet goes on at a fifth of its scale", () => {
  it("where the medians of the last w generations lie no lower than those of the w before, once in 2w", () => {
    const { sigma, momentum } = scales((g) => g, 4 * W);
    expect(sigma.slice(0, 2 * W - 1).every((s) => s === 1)).toBe(true);
    expect(sigma.slice(2 * W - 1, 4 * W - 1).every((s) => s === 0.2)).toBe(true);
    expect(sigma[4 * W - 1]).toBeCloseTo(0.04, 15);
    expect(momentum[2 * W - 2]).toBe(1);
    expect(momentum[2 * W - 1]).toBe(0);
  });

  it("not while they fall, however little, nor where most are equal: on a plateau, or where ζ is +∞", () => {
    const falls = [(g: number) => -g, (g: number) => 1 / g, (g: number) => 1 + 1e-12 / g];
    const flat = [() => 3, () => Infinity, (g: number) => (g === 12 ? 4 : 3), (g: number) => (g === 3 ? 1 : Infinity)];
    for (const median of [...falls, ...flat]) expect(scales(median, 200).sigma.every((s) => s === 1)).toBe(true);
  });

  it("soon after a fall has ended", () => {
    const { sigma } = scales((g) => (g <= 50 ? -g : -50 + (g % 2)), 100);
    const at = sigma.findIndex((s) => s < 1);
    expect(at).toBeGreaterThan(50);
    expect(at).toBeLessThanOrEqual(50 + 4 * W);
  });

  it("where 0.45 of all pairs rise: mostly of noise, seldom of a fall as large as the noise", () => {
    const noise = (g: number, n: number): number => uniform(key(n), g);
    const share = (slope: number): number => {
      let quenched = 0;
      for (let n = 0; n < 400; n++)
        if (scales((g) => noise(g, n) - (slope * g) / W, 2 * W).sigma[2 * W - 1] < 1) quenched++;
      return quenched / 400;
    };
    // U of 6 and 6 at random: P(U ≥ 17) = 0.591
    expect(share(0)).toBeGreaterThan(0.52);
    expect(share(0)).toBeLessThan(0.66);
    expect(share(1)).toBeLessThan(0.01);
  });

  it("by nothing but the order of ζ", () => {
    const rough = (g: number): number => 2 + Math.sin(g * g);
    expect(scales(rough, 150).sigma).toEqual(scales((g) => Math.exp(rough(g)) - 7, 150).sigma);
    expect(scales(rough, 150).sigma[149]).toBeLessThan(0.01);
  });
});

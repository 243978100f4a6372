import { describe, expect, it } from "vitest";
import type { Ask } from "../../../src/core/ask.ts";
import { box, domain, type Potential, potential } from "../../../src/core/problem.ts";
import { bearHarmonic, bearProbed, bearSmall, bearWide } from "../../../src/engines/packets/birth.ts";
import type { Harmonic } from "../../../src/engines/packets/harmonic.ts";
import { look } from "../../../src/engines/packets/probe.ts";
import { blankState, H, type PacketsState, S, W } from "../../../src/engines/packets/state.ts";
import { leastSamples } from "../../../src/engines/packets/weights.ts";
import { fold, key } from "../../../src/math/rng.ts";
import { kolmogorovSmirnov } from "../../../src/math/stats.ts";
import { answered, rosenbrock, rotation, sphere, turn } from "./ground.ts";

const dim = 3;
const at = potential({
  name: "oblong",
  domain: domain([-1, 0, -3], [1, 5, 3]),
  value: (x) => sphere(x) + x[0] * x[1],
  gradient: (x, out) => {
    out.set([2 * x[0] + x[1], 2 * x[1] + x[0], 2 * x[2]]);
    return sphere(x) + x[0] * x[1];
  },
});
const START = Float64Array.of(0.5, 2, -1);
const inUnit = [0.75, 0.4, 1 / 3];

function fresh(): PacketsState {
  return blankState(at.domain, START.slice(), false, false);
}

/** Births one after another, each with a key of its own: what each was. */
function births<T>(n: number, bear: (state: PacketsState, i: number) => T): T[] {
  const state = fresh();
  return Array.from({ length: n }, (_, i) => bear(state, i));
}

const born = <T>(part: Ask<T>, where: Potential = at, log: Float64Array[] = []): T => answered(part, where, log);

/** Whether u is uniform in [low, high]: Kolmogorov and Smirnov at 1e-4. */
function expectUniform(u: number[], low: number, high: number): void {
  const { p } = kolmogorovSmirnov(Float64Array.from(u), (v) => Math.min(1, Math.max(0, (v - low) / (high - low))));
  expect(p).toBeGreaterThan(1e-4);
  expect(Math.min(...u)).toBeGreaterThanOrEqual(low);
  expect(Math.max(...u)).toBeLessThanOrEqual(high);
}

describe("a wide packet is born", () => {
  it("first at the start, or at the best point known, with σ = 0.2 and λ₀", () => {
    const state = fresh();
    bearWide(state, key(1));
    state.levels[W].packet.mean.forEach((m, i) => {
      expect(m).toBeCloseTo(inUnit[i], 14);
    });
    expect(state.levels[W].packet).toMatchObject({ sigma: 0.2, lambda: leastSamples(dim), generation: 0 });
    const known = fresh();
    known.lowest = { value: 1, x: Float64Array.of(0, 5, 0) };
    bearWide(known, key(1));
    expect([...known.levels[W].packet.mean]).toEqual([0.5, 1, 0.5]);
  });

  it("then uniformly in the middle four fifths, λ doubled nine times", () => {
    const all = births(400, (state, i) => {
      bearWide(state, fold(key(1), i));
      return { mean: state.levels[W].packet.mean.slice(), lambda: state.levels[W].packet.lambda };
    });
    all.slice(0, 15).forEach(({ lambda }, j) => {
      expect(lambda).toBe(leastSamples(dim) * 2 ** Math.min(9, j));
    });
    for (let i = 0; i < dim; i++)
      expectUniform(
        all.slice(1).map(({ mean }) => mean[i]),
        0.1,
        0.9,
      );
  });
});

describe("a small packet is born", () => {
  it("uniformly in the box, σ log-uniform over two decades, λ up to half the wide one's", () => {
    const all = births(400, (state, i) => {
      if (i === 0) for (let j = 0; j < 6; j++) bearWide(state, fold(key(2), j));
      bearSmall(state, fold(key(1), i));
      const { mean, sigma, lambda } = state.levels[S].packet;
      return { mean: mean.slice(), sigma, lambda };
    });
    for (let i = 0; i < dim; i++)
      expectUniform(
        all.map(({ mean }) => mean[i]),
        0,
        1,
      );
    expectUniform(
      all.map(({ sigma }) => Math.log10(sigma / 0.2)),
      -2,
      0,
    );
    const least = leastSamples(dim);
    const most = (least * 2 ** 5) / 2;
    // λ = λ₀ (most/λ₀)^(u²): u is uniform, up to the floor of λ
    const u = all.map(({ lambda }) => Math.sqrt(Math.log((lambda + 0.5) / least) / Math.log(most / least)));
    expect(all.every(({ lambda }) => lambda >= least && lambda <= most)).toBe(true);
    expect(u.filter((v) => v > 0.7).length / u.length).toBeGreaterThan(0.2);
    expect(all.filter(({ lambda }) => lambda < 2 * least).length / all.length).toBeGreaterThan(0.4);
  });
});

describe("a harmonic packet is born", () => {
  it("by values: one of d where the walk stands, the others at uniform points, its slope asked there", () => {
    const where = births(300, (state, i) => {
      const log: Float64Array[] = [];
      const packet = born(bearHarmonic(state, false, fold(key(1), i)), at, log);
      expect(log.length).toBe(dim + 1);
      expect(packet.evaluations).toBe(dim + 1);
      expect(packet.most).toBe(100 * dim);
      expect(packet.guessed).toBe(true);
      return packet.x.slice();
    }).filter((_, i) => i % dim !== 0);
    for (let i = 0; i < dim; i++)
      expectUniform(
        where.map((x) => x[i]),
        0,
        1,
      );
  });

  it("with gradients: at the start, then one of four at a uniform point and the others about where the walk stands", () => {
    const state = fresh();
    const packets: Harmonic[] = [];
    for (let i = 0; i < 41; i++) {
      packets.push(born(bearHarmonic(state, true, fold(key(1), i))));
      state.lowest = { value: -1, x: Float64Array.of(0, 2.5, 0) };
    }
    packets[0].x.forEach((v, i) => {
      expect(v).toBeCloseTo(inUnit[i], 14);
    });
    const fromBest = packets
      .filter((_, i) => i > 0 && i % 4 !== 1)
      .map(({ x }) => Math.hypot(...x.map((v) => v - 0.5)));
    const elsewhere = packets.filter((_, i) => i % 4 === 1).map(({ x }) => Math.hypot(...x.map((v) => v - 0.5)));
    const middle = (v: number[]): number => v.toSorted((a, b) => a - b)[v.length >> 1];
    expect(middle(fromBest)).toBeLessThan(0.1);
    expect(middle(elsewhere)).toBeGreaterThan(0.3);
    expect(packets.every(({ most }) => most === 100 * (dim + 1))).toBe(true);
  });

  it("asks nothing at the start where the slope there is known", () => {
    const state = fresh();
    const slope = Float64Array.of(1, 2, 3);
    const known = { ...state.probe, value: 7, slope } as NonNullable<PacketsState["probe"]>;
    const log: Float64Array[] = [];
    const packet = born(bearHarmonic(state, true, key(1), known), at, log);
    expect(log).toEqual([]);
    expect([packet.value, ...packet.gradient]).toEqual([7, 1, 2, 3]);
    expect(state.families[H].alive).toBe(true);
  });

  it("dead where ζ is flat, or has no value", () => {
    for (const value of [() => 3, () => Infinity]) {
      const flat = potential({
        name: "flat",
        domain: box(dim, 0, 1),
        value,
        gradient: (_, out) => {
          out.fill(0);
          return value();
        },
      });
      for (const exact of [true, false]) {
        const state = blankState(flat.domain, new Float64Array(dim).fill(0.4), false, false);
        born(bearHarmonic(state, exact, key(1)), flat);
        expect(state.families[H].alive).toBe(false);
      }
    }
  });

  it("after the probe: at the best point known, in the well that the probe has seen, after a jump of 2.5 reaches at most", () => {
    const q = rotation(dim, 2);
    for (const value of [rosenbrock, (x: Float64Array) => rosenbrock(turn(q, x))]) {
      const probed = potential({ name: "probed", domain: box(dim, -2, 2), value });
      const state = blankState(probed.domain, Float64Array.of(-0.5, 0.7, 0.1), false, false);
      if (state.probe === null) throw new Error("no probe");
      const { probe, lowest } = state;
      born(look(probe, probed.domain, lowest, Float64Array.of(0.375, 0.675, 0.525)), probed);
      const before = structuredClone(lowest);
      const log: Float64Array[] = [];
      const packet = born(bearProbed(state, probe, 0), probed, log);
      log[0].forEach((x, i) => {
        expect(Math.abs((x + 2) / 4 - probe.x[i])).toBeLessThanOrEqual(2.5 * probe.reach[i] + 1e-12);
      });
      // its differences may have seen better since
      const best = value(log[0]) < before.value ? log[0] : before.x;
      expect(packet.value).toBe(value(best));
      packet.x.forEach((u, i) => {
        expect(-2 + 4 * u).toBeCloseTo(best[i], 12);
      });
      // no axis is softer than a thousandth of the stiffest
      const stiffest = Math.max(...probe.curvature.map(Math.abs));
      for (let i = 0; i < dim; i++) {
        const k = packet.well.stiffness[i * (dim + 1)];
        expect(k).toBeCloseTo(Math.max(probe.curvature[i], 1e-3 * stiffest), 6);
      }
    }
  });
});

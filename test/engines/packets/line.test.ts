import { describe, expect, it } from "vitest";
import { type Domain, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import {
  blankHarmonic,
  type Harmonic,
  type Sight,
  type Slope,
  slopeBench,
} from "../../../src/engines/packets/harmonic.ts";
import { lineSearch } from "../../../src/engines/packets/line.ts";
import { dot, norm } from "../../../src/math/linalg.ts";
import { fillNormal, fillUniform, fold, key } from "../../../src/math/rng.ts";
import { answered, nowhere, rosenbrock, unitBox } from "./ground.ts";

type Line = { packet: Harmonic; bench: Slope; sight: Sight; at: Potential };

/** A packet of `value` at x, with its slope by central differences and a direction to search along. */
function aimed(
  value: Value,
  x: number[],
  direction: number[] | "downhill",
  exact = false,
  edge: Domain["edge"] = "wall",
): Line {
  const dim = x.length;
  const slopeAt = (u: Float64Array, out: Float64Array): number => {
    for (let i = 0; i < dim; i++) {
      const [up, down] = [u.slice(), u.slice()];
      up[i] += 1e-6;
      down[i] -= 1e-6;
      out[i] = (value(up) - value(down)) / 2e-6;
    }
    return value(u);
  };
  const at = potential({ name: "line", domain: unitBox(dim, edge), value, gradient: slopeAt });
  const packet = blankHarmonic(dim);
  const bench = slopeBench(dim);
  packet.x.set(x);
  packet.value = slopeAt(packet.x, packet.gradient);
  bench.direction.set(direction === "downhill" ? packet.gradient.map((g) => -g) : direction);
  return { packet, bench, at, sight: { domain: at.domain, lowest: nowhere(dim), exact } };
}

function searched({ packet, bench, sight, at }: Line): { found: number; asked: Float64Array[] } {
  const asked: Float64Array[] = [];
  return { found: answered(lineSearch(packet, sight, bench), at, asked), asked };
}

const inside = (u: Float64Array): boolean => u.every((v) => v >= 0 && v <= 1);
const valley: Value = (u) => rosenbrock(u.map((v) => 4 * v - 1.5));

describe.each([false, true])("a line search (slopes: %s)", (exact) => {
  it("ends where Armijo's condition holds, inside the box, from anywhere", () => {
    const [from, ahead] = [new Float64Array(4), new Float64Array(4)];
    let walled = 0;
    for (let n = 0; n < 200; n++) {
      fillUniform(fold(key(1), n), from);
      fillNormal(fold(key(2), n), ahead);
      if (n % 5 === 0)
        from.forEach((v, i) => {
          from[i] = Math.round(v);
        });
      const line = aimed(valley, [...from], "downhill", exact);
      // any direction with the slope against it
      line.bench.direction.forEach((_, i) => {
        line.bench.direction[i] =
          ahead[i] -
          (2 * Math.max(0, dot(ahead, line.packet.gradient)) * line.packet.gradient[i]) /
            dot(line.packet.gradient, line.packet.gradient);
      });
      const { found, asked } = searched(line);
      expect(asked.every(inside)).toBe(true);
      expect(asked.length).toBeLessThanOrEqual(24);
      expect(line.packet.evaluations).toBe(asked.length);
      if (found === Infinity) {
        walled++;
        continue;
      }
      const s = line.bench.trial.map((v, i) => v - line.packet.x[i]);
      expect(found).toBe(valley(line.bench.trial));
      expect(found).toBeLessThanOrEqual(line.packet.value + 1e-4 * dot(line.packet.gradient, s) + 1e-12);
    }
    expect(walled).toBeLessThan(60);
  });

  it("finds nothing uphill, and says so", () => {
    const line = aimed((u) => u[0] + u[1], [0.5, 0.5], [0.1, 0.2], exact);
    const { found } = searched(line);
    expect(found).toBe(Infinity);
  });

  it("gets over +∞ and what is no number by shorter steps", () => {
    for (const by of [Infinity, NaN]) {
      const line = aimed((u) => (u[0] > 0.52 ? by : (u[0] - 1) ** 2), [0.5, 0.5], [1, 0], exact);
      line.packet.reach = 1;
      const { found } = searched(line);
      expect(found).toBeLessThan(line.packet.value);
    }
  });

  it("goes no further than it dares at first", () => {
    const line = aimed((u) => (u[0] - 0.9) ** 2, [0.1], [5], exact);
    const { asked } = searched(line);
    expect(asked[0][0]).toBeCloseTo(0.1 + line.packet.reach, 12);
  });
});

describe.each([false, true])("a line search across a wall (slopes: %s)", (exact) => {
  // the best point beyond the wall lies along −x and +y together: on the wall, all of +y is too far
  const coupled: Value = ([x, y]) => 1e4 * (x + y - 0.5) ** 2 + (x - y + 1) ** 2;

  it("tries where it meets the wall when what is cut off there rises, and ends on it", () => {
    const line = aimed(coupled, [0.01, 0.49], [-1, 1], exact);
    const { found, asked } = searched(line);
    expect(found).toBeLessThan(line.packet.value);
    expect(asked.length).toBe(2);
    expect([...line.bench.trial]).toEqual([0, 0.5]);
  });
});

describe("a line search by values", () => {
  it("steps to the minimum of the parabola where the first trial rose", () => {
    const line = aimed((u) => (u[0] - 0.53) ** 2, [0.5], [0.12]);
    line.packet.reach = 1;
    const { asked } = searched(line);
    expect(asked[0][0]).toBeCloseTo(0.62, 12);
    expect(asked[1][0]).toBeCloseTo(0.53, 9);
    expect(asked.length).toBe(2);
  });

  it("leaps while no curvature is seen, up to the wall", () => {
    const line = aimed((u) => -u[0] + 0 * u[1], [0.1, 0.5], [0.01, 0]);
    const { found, asked } = searched(line);
    expect(found).toBe(-1);
    expect(line.bench.trial[0]).toBe(1);
    // 0.01 · 2.5 · 4ⁿ
    expect(
      asked
        .slice(0, 3)
        .map((u) => u[0] - 0.1)
        .map((v) => Math.round(1e6 * v) / 1e6),
    ).toEqual([0.01, 0.025, 0.1]);
  });

  it("comes back to the best point when a leap went too far", () => {
    const line = aimed((u) => (u[0] < 0.3 ? -u[0] : 5), [0.1], [0.05]);
    const { found } = searched(line);
    expect(found).toBe(-line.bench.trial[0]);
    expect(line.bench.trial[0]).toBeLessThan(0.3);
  });
});

describe("a line search by slopes", () => {
  it("ends where the slope has flattened as well (weak Wolfe conditions)", () => {
    let met = 0;
    for (let n = 0; n < 100; n++) {
      const from = new Float64Array(3);
      fillUniform(fold(key(3), n), from);
      const line = aimed(valley, [...from], "downhill", true);
      const size = norm(line.bench.direction);
      line.bench.direction.forEach((v, i) => {
        line.bench.direction[i] = (v / size) * 0.003;
      });
      const { found, asked } = searched(line);
      if (found === Infinity || line.bench.trial.some((v) => v === 0 || v === 1) || asked.length >= 12) continue;
      met++;
      const s = line.bench.trial.map((v, i) => v - line.packet.x[i]);
      expect(dot(line.bench.trialGradient, s)).toBeGreaterThanOrEqual(0.9 * dot(line.packet.gradient, s));
    }
    expect(met).toBeGreaterThan(70);
  });

  it("gives up once the slope promises less than rounding can show", () => {
    const line = aimed(() => 7, [0.5], [-1e-3], true);
    line.packet.gradient[0] = 1e-9;
    // the slope goes on where the values do not fall: the promise 1e-9 s is lost in 7 from s = 7e-6 down
    line.at = potential({
      name: "flat",
      domain: line.at.domain,
      value: () => 7,
      gradient: (_, out) => {
        out[0] = 1e-9;
        return 7;
      },
    });
    const { found, asked } = searched(line);
    expect(found).toBe(Number.POSITIVE_INFINITY);
    const shortest = Math.min(...asked.map(([u]) => 0.5 - u));
    expect(shortest * line.packet.gradient[0]).toBeGreaterThanOrEqual(1e-15 * 7);
    expect(asked.length).toBeLessThan(12);
  });

  it("asks no point twice in turn where the walls stop it", () => {
    const line = aimed((u) => u[0] + 2 * u[1], [0.2, 0.3], "downhill", true);
    const { found, asked } = searched(line);
    expect(found).toBeCloseTo(0, 12);
    asked.forEach((u, i) => {
      expect(i > 0 && u.join() === asked[i - 1].join()).toBe(false);
    });
  });
});

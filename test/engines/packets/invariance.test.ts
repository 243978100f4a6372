import { describe, expect, it } from "vitest";
import { same } from "../../../src/core/plain.ts";
import { box, domain, type Gradient, type Potential, potential, type Value } from "../../../src/core/problem.ts";
import { type PacketsOptions, packets } from "../../../src/engines/packets/index.ts";
import { cosh, rastrigin, rosenbrock, rotation, sphere, steps, turn } from "./ground.ts";

const dim = 3;
const q = rotation(dim, 1);
const slopes: Gradient = (x, out) => {
  const u = turn(q, x);
  out.fill(0);
  u.forEach((v, a) => {
    for (let i = 0; i < dim; i++) out[i] += (2 * v + 20 * Math.PI * Math.sin(2 * Math.PI * v)) * q[a * dim + i];
  });
  return rastrigin(u);
};

/** What a run of n steps asks, point by point, and the stages and families that it goes through. */
function trail(at: Potential, n: number, options: PacketsOptions = {}, seed = 3) {
  const asked: Float64Array[] = [];
  const watched: Potential = {
    ...at,
    answer: (query) => {
      asked.push(query.at.x.slice());
      return at.answer(query);
    },
  };
  const stages = new Set<string>();
  const engine = packets(options);
  let state = steps(engine, watched, seed, 0);
  for (let i = 0; i < n; i++) {
    stages.add(state.stage);
    state = steps(engine, watched, seed, 1, state, i);
  }
  return { asked, stages: [...stages], births: state.families.map(({ births }) => births), state };
}

function scaled(value: Value, a: number, b: number, gradient?: Gradient): Potential {
  return potential({
    name: "scaled",
    domain: box(dim, -4, 5),
    value: (x) => a * value(x) + b,
    gradient:
      gradient &&
      ((x, out) => {
        const v = gradient(x, out);
        out.forEach((g, i) => {
          out[i] = a * g;
        });
        return a * v + b;
      }),
  });
}

const scenes: [string, Value, string[]][] = [
  ["a sphere", sphere, ["probe", "superposition"]],
  ["a sum of wells", rastrigin, ["probe", "product", "superposition"]],
  ["a sum of cosh", cosh, ["probe", "product", "superposition"]],
  ["Rosenbrock's valley", rosenbrock, ["probe", "harmonic", "superposition"]],
  ["turned wells", (x) => rastrigin(turn(q, x)), ["probe", "harmonic", "superposition"]],
  ["a cone", (x) => Math.sqrt(sphere(turn(q, x))), ["probe", "harmonic", "superposition"]],
  ["steps", (x) => Math.floor(3 * rastrigin(turn(q, x))), ["probe", "superposition"]],
  ["a plateau", () => 3, ["probe", "superposition"]],
  ["a wall of +∞", (x) => (x[0] > 0.9 ? Infinity : rosenbrock(x)), ["probe", "harmonic", "superposition"]],
];

describe("ζ → aζ, a a power of two, changes no bit of what is asked", () => {
  it.each(scenes)("on %s, through every stage and birth", (_name, value, stages) => {
    const plain = trail(scaled(value, 1, 0), 900);
    expect(plain.stages.filter((stage) => stages.includes(stage))).toEqual(stages);
    expect(plain.births[0]).toBeGreaterThan(1);
    for (const a of [2 ** -60, 2 ** -10, 2 ** 10, 2 ** 80]) {
      const other = trail(scaled(value, a, 0), 900);
      expect(other.asked.length).toBe(plain.asked.length);
      expect(other.asked.findIndex((points, i) => !same(points, plain.asked[i]))).toBe(-1);
      expect(other.births).toEqual(plain.births);
    }
  });

  it("with gradients", () => {
    const plain = trail(
      scaled((x) => rastrigin(turn(q, x)), 1, 0, slopes),
      900,
      { gradients: true },
    );
    expect(plain.births[2]).toBeGreaterThan(3);
    for (const a of [2 ** -60, 2 ** 10, 2 ** 80]) {
      const other = trail(
        scaled((x) => rastrigin(turn(q, x)), a, 0, slopes),
        900,
        { gradients: true },
      );
      expect(same(other.asked, plain.asked)).toBe(true);
    }
  });

  it("with any part left out", () => {
    const value = scenes[4][1];
    for (const part of ["harmonic", "surrogate", "superposition"] as const) {
      const plain = trail(scaled(value, 1, 0), 400, { without: [part] });
      const other = trail(scaled(value, 2 ** -30, 0), 400, { without: [part] });
      expect(same(other.asked, plain.asked)).toBe(true);
    }
  });
});

describe("ζ → ζ + b", () => {
  // of integers b takes nothing away; rounding is a share of |ζ|, and so is what the engine takes for rounding
  it("changes no bit of what wide and small packets ask of an integer ζ", () => {
    const stairs: Value = (x) => Math.floor(50 * rastrigin(turn(q, x)));
    const options = { without: ["product", "harmonic", "surrogate"] } as const;
    const plain = trail(scaled(stairs, 1, 0), 600, options);
    expect(plain.births[0]).toBeGreaterThan(1);
    for (const b of [-1e6, 12_345, 2 ** 40])
      expect(same(trail(scaled(stairs, 1, b), 600, options).asked, plain.asked)).toBe(true);
  });

  it("changes no bit of what the probe and the product state ask of an integer sum", () => {
    const stairs: Value = (x) =>
      x.reduce((s, v) => s + Math.floor(64 * (10 + v * v - 10 * Math.cos(2 * Math.PI * v))), 0);
    const plain = trail(scaled(stairs, 1, 0), 250);
    expect(plain.stages).toEqual(["probe", "product"]);
    for (const b of [-1e6, 12_345, 2 ** 30]) {
      const other = trail(scaled(stairs, 1, b), 250);
      expect(same(other.asked, plain.asked)).toBe(true);
    }
  });

  it("moves a harmonic packet by no more than its differences err", () => {
    const path = (b: number) => {
      const at = scaled(rosenbrock, 1, b);
      return [2, 4, 6, 8, 10].map((n) => steps(packets(), at, 3, n).harmonic?.x ?? new Float64Array(dim));
    };
    const plain = path(0);
    for (const b of [-100, 100])
      path(b).forEach((x, n) => {
        x.forEach((v, i) => {
          expect(Math.abs(v - plain[n][i])).toBeLessThan(1e-4);
        });
      });
  });

  it("costs no more evaluations than its rounding takes: the same target below, 1e6 higher", () => {
    const evaluations = (b: number): number => {
      const at = scaled(rosenbrock, 1, b);
      let asked = 0;
      let best = Infinity;
      const watched: Potential = {
        ...at,
        answer: (query) => {
          const answer = at.answer(query);
          if (answer instanceof Promise) throw new Error("answers at once");
          for (const v of answer.value ?? [])
            if (best > 1e-4 + b) {
              asked++;
              best = Math.min(best, v);
            }
          return answer;
        },
      };
      steps(packets(), watched, 3, 200);
      expect(best - b).toBeLessThan(1e-4);
      return asked;
    };
    expect(evaluations(1e6)).toBeLessThan(4 * evaluations(0));
  });
});

describe("the domain", () => {
  it("may be anywhere and of any size: its widths are the units of length, by powers of two bit for bit", () => {
    const value: Value = (x) => rastrigin(turn(q, x));
    const plain = trail(scaled(value, 1, 0), 500);
    for (const unit of [2 ** -20, 2 ** 12]) {
      const at = potential({
        name: "elsewhere",
        domain: box(dim, -4 * unit, 5 * unit),
        value: (x) => value(x.map((v) => v / unit)),
      });
      const other = trail(at, 500);
      expect(
        same(
          other.asked.map((points) => points.map((v) => v / unit)),
          plain.asked,
        ),
      ).toBe(true);
    }
  });

  it("may have axes of very different widths", () => {
    const units = [2 ** -20, 1, 2 ** 15];
    const plain = trail(scaled(rosenbrock, 1, 0), 300);
    const at = potential({
      name: "oblong",
      domain: domain(
        units.map((u) => -4 * u),
        units.map((u) => 5 * u),
      ),
      value: (x) => rosenbrock(x.map((v, i) => v / units[i])),
    });
    const other = trail(at, 300);
    expect(
      same(
        other.asked.map((points) => points.map((v, e) => v / units[e % dim])),
        plain.asked,
      ),
    ).toBe(true);
  });

  it("draws no random number before the superposition", () => {
    const at = scaled((x) => rastrigin(turn(q, x)), 1, 0);
    const [a, b] = [trail(at, 300, {}, 1), trail(at, 300, {}, 2)];
    const apart = a.asked.findIndex((points, i) => !same(points, b.asked[i]));
    expect(apart).toBeGreaterThan(5);
  });
});

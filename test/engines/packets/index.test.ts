import { describe, expect, it } from "vitest";
import type { Packet, View } from "../../../src/core/engine.ts";
import { copy, decode, encode, same } from "../../../src/core/plain.ts";
import { type Answer, type Potential, potential, type Query, type Value } from "../../../src/core/problem.ts";
import { type Result, run } from "../../../src/core/run.ts";
import { PARTS, type PacketsState, packets, packetsEntry } from "../../../src/engines/packets/index.ts";
import { leastSamples } from "../../../src/engines/packets/weights.ts";
import { cosh, minimized, rastrigin, rotation, sphere, steps, still, turn, unitBox, well } from "./ground.ts";

const bowl = well(sphere, 3, (x, out) => {
  out.set(x.map((v) => 2 * v));
  return sphere(x);
});
const q = rotation(3, 1);
const bumpy = well(
  (x) => rastrigin(turn(q, x)),
  3,
  (x, out) => {
    const u = turn(q, x);
    out.fill(0);
    u.forEach((v, a) => {
      for (let i = 0; i < 3; i++) out[i] += (2 * v + 20 * Math.PI * Math.sin(2 * Math.PI * v)) * q[a * 3 + i];
    });
    return rastrigin(u);
  },
);
const sums = well(rastrigin, 3);

/** The stages that a run goes through, with the state at the beginning of each. */
function journey(at: Potential, n: number, options = {}): Map<string, PacketsState> {
  const engine = packets(options);
  let state = steps(engine, at, 5, 0);
  const seen = new Map<string, PacketsState>();
  for (let i = 0; i < n; i++) {
    if (!seen.has(state.stage)) seen.set(state.stage, copy(state));
    state = steps(engine, at, 5, 1, state, i);
  }
  return seen;
}

function packetsIn(view: View): readonly Packet[] {
  if (view.kind !== "gaussian") throw new Error("packets are Gaussians");
  return view.packets;
}

describe("the levels", () => {
  it("follow each other by what ζ is", () => {
    const names = (at: Potential, options = {}): string[] => [...journey(at, 150, options).keys()];
    expect(names(bowl)).toEqual(["probe", "superposition"]);
    expect([...journey(sums, 400).keys()]).toEqual(["probe", "product", "superposition"]);
    expect(names(bumpy)).toEqual(["probe", "harmonic", "superposition"]);
    expect(names(bumpy, { gradients: true })).toEqual(["probe", "harmonic", "superposition"]);
    expect(names(well(() => 3, 3))).toEqual(["probe", "superposition"]);
    // with gradients a sum is noticed as well
    const parts = well(rastrigin, 3, (x, out) => {
      x.forEach((v, i) => {
        out[i] = 2 * v + 20 * Math.PI * Math.sin(2 * Math.PI * v);
      });
      return rastrigin(x);
    });
    expect(names(parts, { gradients: true }).slice(0, 2)).toEqual(["probe", "product"]);
    expect(names(parts, { gradients: true, without: ["product"] }).slice(0, 2)).toEqual(["probe", "harmonic"]);
  });

  it("can be left out one by one", () => {
    const names = (at: Potential, ...without: (typeof PARTS)[number][]): string[] => [
      ...journey(at, 100, { without }).keys(),
    ];
    expect(names(sums, "product")).toEqual(["probe", "harmonic", "superposition"]);
    expect(names(bumpy, "harmonic")).toEqual(["probe", "superposition"]);
    expect(names(bowl, "product", "harmonic")).toEqual(["probe", "superposition"]);
    const { families, levels } = steps(packets({ without: ["superposition", "surrogate"] }), bumpy, 5, 900);
    expect(families[0].births).toBeGreaterThan(1);
    expect([families[1].births, families[2].births]).toEqual([0, 0]);
    expect(levels.every(({ guide }) => guide === null)).toBe(true);
  });

  it("keep the best point of all, in the user's coordinates", async () => {
    let asked = Infinity;
    const at = potential({
      name: "watched",
      domain: bumpy.domain,
      value: (x) => {
        const value = rastrigin(turn(q, x));
        asked = Math.min(asked, value);
        return value;
      },
    });
    const state = steps(packets(), at, 5, 500);
    expect(state.lowest.value).toBe(asked);
    expect(rastrigin(turn(q, state.lowest.x))).toBe(asked);
  });
});

describe("a run", () => {
  it("starts where it is told", () => {
    const from = (start: number[] | "random"): Float64Array => {
      const engine = packets({ start });
      const probed = steps(engine, well(sphere, 2), 0, 1);
      return probed.start;
    };
    expect([...from([1, 2])]).toEqual([1, 2]);
    const random = from("random");
    expect(random.every((v) => v > -4 && v < 5)).toBe(true);
    expect([...random]).not.toEqual([0.5, 0.5]);
    expect(() => steps(packets({ start: [1] }), well(sphere, 2), 0, 0)).toThrow(/start: has 1 coordinates/);
  });

  // x₁x₃ + …: no slope along an odd axis tells that the even ones are coupled
  const half = well(
    ([x, y, z]) => x * z + y * y + x ** 4 + z ** 4,
    3,
    ([x, y, z], out) => {
      out.set([z + 4 * x ** 3, 2 * y, x + 4 * z ** 3]);
      return x * z + y * y + x ** 4 + z ** 4;
    },
  );

  it("asks for no slope twice where a sum is suspected that is none", () => {
    const asked: string[] = [];
    const engine = packets({ gradients: true });
    const at: Potential = {
      ...half,
      answer: (query) => {
        if (query.kind === "gradient") asked.push(query.at.x.join());
        return half.answer(query);
      },
    };
    const state = steps(engine, at, 5, 2);
    expect(state.stage).toBe("harmonic");
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it("shows weights that add up to one whatever it does without", () => {
    for (const without of [[], ["superposition"], ["harmonic"], ["product", "superposition"]] as const)
      for (const gradients of [true, false]) {
        const engine = packets({ gradients, without });
        const state = steps(engine, bumpy, 5, 60);
        const seen = engine.view(state);
        if (seen.kind !== "gaussian") throw new Error("packets are Gaussians");
        expect(seen.packets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
      }
  });

  it("asks at points of numbers where ζ falls to the largest number there is", () => {
    const huge: Value = (x) => -1e307 * Math.exp(-x.reduce((sum, v) => sum + (v - 0.1) ** 2, 0));
    const at = well(huge, 2, (x, out) => {
      const value = huge(x);
      out.set(x.map((v) => -2 * (v - 0.1) * value));
      return value;
    });
    for (const gradients of [true, false]) {
      const engine = packets({ gradients });
      const answer = (query: Query): Answer => {
        expect(query.at.x.every(Number.isFinite)).toBe(true);
        return at.answer(query) as Answer;
      };
      steps(engine, { ...at, answer }, 5, 200);
    }
  });

  it("asks no point twice before the superposition, with gradients or without", () => {
    for (const gradients of [true, false]) {
      const asked: string[] = [];
      const note = (x: Float64Array): void => void asked.push(x.join());
      const at: Potential = {
        ...bumpy,
        answer: (query) => {
          const { n, dim, x } = query.at;
          for (let k = 0; k < n; k++) note(x.subarray(k * dim, (k + 1) * dim));
          return bumpy.answer(query);
        },
      };
      const engine = packets({ gradients });
      let state = steps(engine, at, 5, 0);
      for (let i = 0; state.stage !== "superposition"; i++) state = steps(engine, at, 5, 1, state, i);
      expect(asked.length).toBeGreaterThan(5);
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  it("asks first where it starts", () => {
    const first: number[][] = [];
    const at = potential({
      name: "first",
      domain: well(sphere, 2).domain,
      value: (x) => {
        first.push([...x]);
        return sphere(x);
      },
    });
    steps(packets({ start: [1, 2] }), at, 0, 1);
    first[0].forEach((v, i) => {
      expect(v).toBeCloseTo([1, 2][i], 12);
    });
  });

  it("begins its first wide packet at the best point known, with the least samples", () => {
    const seen = journey(bumpy, 200).get("superposition");
    if (seen === undefined) throw new Error("no superposition");
    const { levels, lowest, families } = steps(packets(), bumpy, 6, 1, copy(seen), 999);
    expect(families[0]).toMatchObject({ births: 1, alive: true });
    expect(levels[0].packet.lambda).toBe(leastSamples(3));
    // it has moved by less than its width in one generation
    levels[0].packet.mean.forEach((m, j) => {
      expect(Math.abs(-4 + 9 * m - lowest.x[j])).toBeLessThan(9 * 0.6);
    });
  });

  it("two at once of one engine, step by step in turn, do not disturb each other", async () => {
    for (const at of [bumpy, sums]) {
      const engine = packets();
      const alone = await minimized(at, 1, { budget: 1200 });
      const results: Result[] = [];
      const both = [1, 2].map((seed) =>
        run(
          { potential: at, engine, schedule: still, seed, budget: 1200 },
          { evaluate: async (query) => at.answer(query) },
        ),
      );
      await Promise.all(
        both.map(async (frames, i) => {
          let next = await frames.next();
          while (!next.done) next = await frames.next();
          results[i] = next.value;
        }),
      );
      expect(results[0].best).toEqual(alone.best);
    }
  });
});

describe("the state", () => {
  it.each([false, true])(
    "survives copy and codec in every stage, and goes on bit for bit (gradients: %s)",
    (gradients) => {
      for (const at of gradients ? [bowl, bumpy] : [bowl, bumpy, sums])
        for (const after of [0, 1, 2, 3, 5, 8, 13, 40, 90, 160, 400]) {
          const engine = packets({ gradients });
          const state = steps(engine, at, 5, after);
          const [copied, decoded] = [copy(state), decode(encode(state)) as PacketsState];
          expect(same(state, copied) && same(state, decoded)).toBe(true);
          const on = steps(engine, at, 5, 30, state, after);
          expect(same(on, steps(packets({ gradients }), at, 5, 30, decoded, after))).toBe(true);
          expect(same(on, copied)).toBe(false);
        }
    },
  );

  it("drops what a stage has done with", () => {
    const { probe, product } = steps(packets(), sums, 5, 320);
    expect([probe, product]).toEqual([null, null]);
    expect(steps(packets(), sums, 5, 3).probe).toBeNull();
    expect(steps(packets(), bumpy, 5, 3).probe).toBeNull();
  });

  it.each(["wall", "periodic", "open"] as const)(
    "is seen as Gaussians inside the domain at every step (%s)",
    (edge) => {
      for (const value of [
        cosh,
        (x: Float64Array) =>
          rastrigin(
            turn(
              q,
              x.map((v) => 9 * v - 4),
            ),
          ),
        () => 3,
      ]) {
        const at = potential({ name: "seen", domain: unitBox(3, edge), value });
        const engine = packets();
        let state = steps(engine, at, 3, 0);
        for (let i = 0; i < 200; i++) {
          state = steps(engine, at, 3, 1, state, i);
          const shown = packetsIn(engine.view(state));
          expect(shown.length).toBeGreaterThan(0);
          expect(shown.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
          for (const { mean, deviation } of shown) {
            expect(mean.every((v) => v >= 0 && v <= 1)).toBe(true);
            expect(deviation.every((v) => v >= 0 && v < Infinity)).toBe(true);
          }
        }
      }
    },
  );

  it("is labelled by what moves", () => {
    const labels = (at: Potential, n: number): string[] =>
      packetsIn(packets().view(steps(packets(), at, 5, n))).map(({ label }) => label);
    expect(labels(sums, 0)).toEqual(["probe"]);
    expect(labels(sums, 4)).toEqual(["product"]);
    expect(labels(bumpy, 2)).toEqual(["harmonic"]);
    expect(labels(bumpy, 900)).toEqual(["wide", "small", "harmonic"]);
  });
});

describe("entry", () => {
  const made = (over = {}) => packetsEntry.make({ gradients: false, start: "center", without: "", ...over });

  it("declares what it asks for", () => {
    expect(made().needs).toEqual(["value"]);
    expect(made({ gradients: true }).needs).toEqual(["value", "gradient"]);
  });

  it("takes the parts to do without by name, and refuses others", () => {
    expect(made({ without: PARTS.join("+") }).name).toBe("packets");
    expect(made({ without: "product, surrogate" }).name).toBe("packets");
    expect(() => made({ without: "produkt" })).toThrow(
      "'produkt' is none of product, harmonic, surrogate, superposition",
    );
  });
});

import { describe, expect, it } from "vitest";
import { answerAll, askValue } from "../../src/core/ask.ts";
import { box, potential, type Query } from "../../src/core/problem.ts";
import { type Representation, strang } from "../../src/core/splitting.ts";
import { key } from "../../src/math/rng.ts";

/** A representation that writes down what is done to it. */
function recorder(log: string[]): Representation<{ x: Float64Array }> {
  return {
    name: "recorder",
    needs: ["value"],
    *init(domain) {
      yield* askValue({ n: 1, dim: 1, x: domain.lower });
      return { x: new Float64Array(1) };
    },
    kinetic: (_state, D, dt) => void log.push(`kinetic ${D} ${dt}`),
    *potential(state, dt, _key, strength) {
      const [value] = yield* askValue({ n: 1, dim: 1, x: state.x });
      log.push(`potential ${dt} ${strength}`);
      return { energy: value, half: log.length };
    },
    view: ({ x }) => ({ kind: "cloud", points: { n: 1, dim: 1, x } }),
  };
}

const well = potential({ name: "well", domain: box(1, -1, 1), value: () => 7 });
const answer = (query: Query) => {
  const reply = well.answer(query);
  if (reply instanceof Promise) throw new Error("answers at once");
  return reply;
};

describe("strang", () => {
  it("is half a step of ζ, a step of −D∇², half a step of ζ, and reports the last", () => {
    const log: string[] = [];
    const engine = strang(recorder(log));
    const state = answerAll(engine.init(well.domain, key(1)), answer);
    const info = answerAll(engine.step(state, { D: 3, dt: 0.5, index: 0, key: key(2) }), answer);
    expect(log).toEqual(["potential 0.25 1", "kinetic 3 0.5", "potential 0.25 1"]);
    expect(info).toEqual({ energy: 7, half: 3 });
    expect(engine).toMatchObject({ name: "recorder", needs: ["value"] });
  });

  it("hands on the strength of ζ, and three different keys", () => {
    const log: string[] = [];
    const keys = new Set<string>();
    const rep = recorder(log);
    const engine = strang({
      ...rep,
      kinetic: (_s, _D, _dt, k) => void keys.add(`${k.hi} ${k.lo}`),
      potential(s, dt, k, strength) {
        keys.add(`${k.hi} ${k.lo}`);
        return rep.potential(s, dt, k, strength);
      },
    });
    answerAll(engine.step({ x: new Float64Array(1) }, { D: 1, dt: 2, strength: 0.1, index: 0, key: key(2) }), answer);
    expect(log).toEqual(["potential 1 0.1", "potential 1 0.1"]);
    expect(keys.size).toBe(3);
  });
});

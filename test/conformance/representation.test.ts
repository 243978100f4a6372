/**
 * What every way to hold ψ owes to strang(): each factor alone is exact in its limit.
 */
import { describe, expect, it } from "vitest";
import { answerAll } from "../../src/core/ask.ts";
import { copy, type Plain, same } from "../../src/core/plain.ts";
import { box, type Potential, potential } from "../../src/core/problem.ts";
import { type Representation, strang } from "../../src/core/splitting.ts";
import { cloud } from "../../src/engines/walkers.ts";
import { fold, key } from "../../src/math/rng.ts";
import { atOnce, bowl } from "./potentials.ts";

// a representation is generic in its state; the kit sees it as an engine sees it
type Case = { readonly label: string; readonly with: <T>(use: <S extends Plain>(rep: Representation<S>) => T) => T };

const cases: Case[] = (["box", "space"] as const).map((metric) => ({
  label: `walkers, metric ${metric}`,
  with: (use) => use(cloud({ population: 40, metric })),
}));

const flat = (dim: number): Potential => potential({ name: "flat", domain: box(dim, -1, 1), value: () => 0 });

function counted(of: Potential): { readonly potential: Potential; points(): number } {
  let points = 0;
  const answer: Potential["answer"] = (query) => {
    points += query.at.n;
    return atOnce(of, query);
  };
  return { potential: { ...of, answer }, points: () => points };
}

describe.each(cases)("representation: $label", (c) => {
  it("holds still where no time passes", () =>
    c.with((rep) => {
      const state = answerAll(rep.init(bowl(2).domain, key(1)), (q) => atOnce(bowl(2), q));
      const before = copy(state);
      rep.kinetic(state, 1, 0, key(2));
      expect(same(state, before)).toBe(true);
      rep.kinetic(state, 0, 1, key(2));
      expect(same(state, before)).toBe(true);
      answerAll(rep.potential(state, 0, key(3), 1), (q) => atOnce(bowl(2), q));
      expect(rep.view(state)).toEqual(rep.view(before));
    }));

  it("is moved by ζ only up to a constant, which is its energy", () =>
    c.with((rep) => {
      const engine = strang(rep);
      const lifted = {
        ...flat(2),
        answer: potential({ name: "lifted", domain: box(2, -1, 1), value: () => 7 }).answer,
      };
      const views = [flat(2), lifted].map((p) => {
        const state = answerAll(engine.init(p.domain, key(1)), (q) => atOnce(p, q));
        const info = answerAll(engine.step(state, { D: 0.1, dt: 0.5, index: 0, key: key(2) }), (q) => atOnce(p, q));
        return { view: engine.view(state), energy: info.energy };
      });
      const [a, b] = views;
      if (a.view.kind === "cloud" && b.view.kind === "cloud") expect(a.view.points).toEqual(b.view.points);
      expect(a.energy).toBeCloseTo(0, 12);
      expect(b.energy).toBeCloseTo(7, 12);
    }));

  it("asks for each point once a step", () =>
    c.with((rep) => {
      const engine = strang(rep);
      const { potential, points } = counted(bowl(2));
      const state = answerAll(engine.init(potential.domain, key(1)), (q) => atOnce(potential, q));
      const population = points();
      for (let k = 1; k <= 5; k++) {
        const tick = { D: 0.01, dt: 0.01, index: k, key: fold(key(2), k) };
        answerAll(engine.step(state, tick), (q) => atOnce(potential, q));
        expect(points()).toBe(population * (k + 1));
      }
    }));
});

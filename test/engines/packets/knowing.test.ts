/** What the packets know of each other, in whole runs: scales without a fall, places that were seen, bottoms that are known. */
import { describe, expect, it } from "vitest";
import { type Answer, box, type Potential, potential, type Query } from "../../../src/core/problem.ts";
import { blankGathering, draw, gather, learnGathered, startGathering } from "../../../src/engines/packets/gathering.ts";
import { packets } from "../../../src/engines/packets/index.ts";
import { blankLevel, type Level, startLevel } from "../../../src/engines/packets/level.ts";
import { H, type PacketsState, S, W } from "../../../src/engines/packets/state.ts";
import type { SteadyState } from "../../../src/engines/packets/steady.ts";
import type { Family } from "../../../src/engines/packets/superposition.ts";
import { constants } from "../../../src/engines/packets/weights.ts";
import { wideBench } from "../../../src/engines/packets/wide.ts";
import { fold, integer, key, uniform } from "../../../src/math/rng.ts";
import { evolve, rastrigin, rotation, rough, steps, turn, unitBox, well } from "./ground.ts";

const dim = 2;
const lambda = 8;

/** ζ that tells nothing at any scale. */
function noise(x: Float64Array): number {
  return uniform(fold(key(Math.floor(x[0] * 2 ** 40)), Math.floor(x[1] * 2 ** 40)), 0);
}

function level(): Level {
  const born = blankLevel(dim, false);
  born.packet.mean.fill(0.5);
  startLevel(born, lambda, 0.2);
  return born;
}

describe("where ζ tells a wide packet nothing, D falls by scales", () => {
  const at = potential({ name: "noise", domain: unitBox(dim), value: noise });

  it("in generations, and anew for the next packet", () => {
    const born = level();
    const share: number[] = [];
    for (let g = 0; g < 60; g++) {
      const before = born.packet.sigma;
      evolve(born, at, 1, g, g + 1);
      share.push(born.packet.sigma / before);
    }
    // σ moves by less than a half in a generation, but where D falls
    const falls = share.flatMap((s, g) => (s < 0.4 ? [g] : []));
    expect(falls.length).toBeGreaterThanOrEqual(2);
    expect(falls[0]).toBeGreaterThanOrEqual(11);
    expect(born.fall.since).toBeGreaterThan(0);
    expect(born.fall.quenched).toBe(true);
    startLevel(born, lambda, 0.2);
    expect(born.fall.since).toBe(0);
    expect(born.fall.quenched).toBe(false);
  });

  it("in what was gathered of answers in any order", () => {
    const born = level();
    const of = constants(dim, lambda);
    const bench = wideBench(dim, lambda);
    const gathering = blankGathering();
    startGathering(gathering, born.packet);
    const share: number[] = [];
    for (let n = 0; n < 60 * lambda; n++) {
      const u = draw(gathering, born.packet, fold(key(3), n));
      if (!gather(gathering, u, noise(u))) continue;
      const before = born.packet.sigma;
      learnGathered(gathering, born, of, bench, Number.NEGATIVE_INFINITY, 0);
      share.push(born.packet.sigma / before);
    }
    expect(share.filter((s) => s < 0.4).length).toBeGreaterThanOrEqual(2);
  });
});

describe("in a rugged plane", () => {
  const q = rotation(dim, 1);
  const bumpy: Potential = potential({
    name: "bumpy",
    domain: box(dim, -4, 5),
    value: (x) =>
      rastrigin(
        turn(
          q,
          x.map((v) => v - 1.3),
        ),
      ),
  });
  const engine = packets();

  /** The state after every step of the superposition. */
  function* states(n: number, seed = 4): Generator<PacketsState> {
    let state = steps(engine, bumpy, seed, 0);
    for (let i = 0; i < n; i++) {
      state = steps(engine, bumpy, seed, 1, state, i);
      if (state.stage === "superposition") yield state;
    }
  }

  it("harmonic packets are born where a wide one has been, which is credited", () => {
    let credited = 0;
    for (const seed of [1, 2, 3, 4])
      for (const { finder, harmonic, families, levels } of states(600, seed)) {
        if (finder !== W || harmonic === null || !families[H].alive) continue;
        expect(families[W].energy).toBeLessThanOrEqual(harmonic.value);
        // what it has by the harmonic packet alone
        if (families[W].energy === harmonic.value && harmonic.value < levels[W].past.best) credited++;
      }
    expect(credited).toBeGreaterThanOrEqual(5);
  });

  it("and some return to a bottom that is known, without asking for it again", () => {
    let [was, known, seen] = [false, 0, 0];
    let [returns, outdone, arrivals] = [0, 0, 0];
    for (const { harmonic, families, places, lowest } of states(2000)) {
      if (harmonic === null || places === null) throw new Error("no places");
      const { bottoms } = places;
      const ended = was && !families[H].alive;
      if (ended && bottoms.count > known) arrivals++;
      if (ended && bottoms.count === known && places.seen.count === seen) {
        const at = Array.from({ length: bottoms.count }, (_, k) => [...bottoms.x.subarray(k * dim, (k + 1) * dim)]);
        if (at.some((x) => x.every((u, j) => u === harmonic.x[j]))) returns++;
        else {
          // or they are bound for one that is higher than what is known
          outdone++;
          expect(harmonic.value).toBeGreaterThan(lowest.value);
          expect(harmonic.kept).toBeGreaterThan(0);
        }
      }
      [was, known, seen] = [families[H].alive, bottoms.count, places.seen.count];
    }
    expect(returns).toBeGreaterThan(0);
    expect(outdone).toBeGreaterThan(0);
    expect(arrivals).toBeGreaterThan(0);
  });

  it("a wide packet at rest leaves no place behind that is lower than its bottom", () => {
    let rests = 0;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      let known = 0;
      for (const { levels, places } of states(900, seed)) {
        if (places === null) throw new Error("no places");
        const { bottoms } = places;
        const at = bottoms.count - 1;
        if (bottoms.count > known && bottoms.broad[at] === 1) {
          rests++;
          expect(levels.map(({ past }) => past.best)).toContain(bottoms.value[at]);
        }
        known = bottoms.count;
      }
    }
    expect(rests).toBeGreaterThan(3);
  });
});

describe("in a well that is solved", () => {
  const stiff = rotation(3, 4);
  const bowl = potential({
    name: "bowl",
    domain: box(3, -4, 5),
    value: (x) =>
      turn(
        stiff,
        x.map((v) => v - 1.3),
      ).reduce((s, v, i) => s + 10 ** (2 * i) * v * v, 3),
  });

  it("a guided packet ends on its way to the known bottom, whose ζ its family is credited with", () => {
    const engine = packets();
    let state = steps(engine, bowl, 4, 0);
    let returns = 0;
    for (let i = 0; i < 1500; i++) {
      const was = state.families.map((family) => ({ ...family }));
      state = steps(engine, bowl, 4, 1, state, i);
      for (const a of [W, S]) {
        const { alive, energy } = state.families[a];
        const { best } = state.levels[a].past;
        if (!was[a].alive || alive || !(energy < was[a].energy && energy < best)) continue;
        if (state.places?.bottoms.value.includes(energy)) returns++;
      }
    }
    expect(returns).toBeGreaterThan(0);
  });
});

describe("what harmonic packets keep of their promises", () => {
  const q = rotation(dim, 1);
  const bumps = well((x) => rastrigin(turn(q, x)), dim);
  const kinks = well((x) => rough(turn(q, x)), dim);

  /** The families after the given number of steps. */
  const families = (at: Potential, seed: number): Family[] => steps(packets(), at, seed, 400).families;

  it("is much in smooth wells and little where ζ is rough, which costs them their share", () => {
    for (const seed of [1, 2, 3]) {
      const [smooth, harsh] = [bumps, kinks].map((at) => families(at, seed)[H]);
      expect(smooth.judged).toBeGreaterThan(3);
      expect(smooth.misfit).toBeLessThan(1.2);
      expect(harsh.judged).toBeGreaterThan(0);
      expect(harsh.misfit).toBeGreaterThan(1.5);
      expect(harsh.evaluations).toBeLessThan(smooth.evaluations / 2);
    }
  });

  it("is judged once for each that ends, under answers in any order too", () => {
    const { steady } = packets();
    if (steady === undefined) throw new Error("packets take answers in any order");
    for (const at of [bumps, kinks]) {
      const state = steady.init(at.domain, key(1)) as SteadyState;
      const flying: { trial: number; query: Query }[] = [];
      let [ended, living] = [0, new Set<number>()];
      for (let n = 0; n < 3000; n++) {
        const query = steady.propose(state, n, fold(key(1), n));
        if (query === null) throw new Error("points everywhere");
        flying.push({ trial: n, query });
        if (flying.length < 6) continue;
        const [{ trial, query: asked }] = flying.splice(integer(key(2), n, flying.length), 1);
        const judged = state.families[H].judged;
        steady.absorb(state, trial, at.answer(asked) as Answer);
        const now = new Set<number>();
        state.leads.forEach(({ key: step, state: { stage, harmonic } }, k) => {
          if (step !== null || stage !== "superposition") now.add(k);
          else if (living.has(k) && harmonic !== null && harmonic.steps > 0) ended++;
        });
        living = now;
        expect(state.families[H].judged - judged).toBeLessThanOrEqual(1);
      }
      expect(ended).toBeGreaterThan(3);
      expect(state.families[H].judged).toBe(ended);
      expect(state.families[H].misfit > 1.2).toBe(at === kinks);
    }
  });
});

/** What packets do where values are known to be noisy: no differences, and no generations that see noise alone. */
import { describe, expect, test } from "vitest";
import { answerAll } from "../../../src/core/ask.ts";
import { domain, type Points, potential } from "../../../src/core/problem.ts";
import { blankPast, fades, INFANCY, startPast } from "../../../src/engines/packets/ending.ts";
import { packets } from "../../../src/engines/packets/index.ts";
import { H, W } from "../../../src/engines/packets/state.ts";
import { blankWide, startWide } from "../../../src/engines/packets/wide.ts";
import { fold, key, normal } from "../../../src/math/rng.ts";

const dim = 3;
const box = domain(new Array(dim).fill(-5), new Array(dim).fill(5));

/** So many steps, and how far apart the points of each query lay at least. */
function steps(noise: number, count: number) {
  const engine = packets();
  let asked = 0;
  const bowl = potential({
    name: "bowl",
    domain: box,
    value: (x) => x.reduce((s, v) => s + (v - 1) ** 2, 0) + noise * normal(key(5), asked++),
  });
  let nearest = Number.POSITIVE_INFINITY;
  const answer: typeof bowl.answer = (query) => {
    nearest = Math.min(nearest, leastDistance(query.at));
    return bowl.answer(query);
  };
  const state = answerAll(engine.init(box, key(1)), answer as never);
  for (let index = 0; index < count; index++)
    answerAll(engine.step(state, { D: 1, dt: 1, index, key: fold(key(1), index), noise }), answer as never);
  return { state, nearest };
}

const rosen = potential({
  name: "rosen",
  domain: box,
  value: ([x, y, z]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2 + 100 * (z - y * y) ** 2 + (1 - y) ** 2,
});

/** Two steps, without noise. */
function begun(of: typeof rosen) {
  const engine = packets();
  const state = answerAll(engine.init(box, key(1)), of.answer as never);
  const step = (index: number, noise: number) =>
    answerAll(engine.step(state, { D: 1, dt: 1, index, key: fold(key(1), index), noise }), of.answer as never);
  for (let index = 0; index < 2; index++) step(index, 0);
  return { state, step };
}

function leastDistance({ n, x }: Points): number {
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < n; a++)
    for (let b = 0; b < a; b++)
      least = Math.min(least, Math.hypot(...Array.from({ length: dim }, (_, j) => x[a * dim + j] - x[b * dim + j])));
  return least;
}

describe("packets under noise", () => {
  test("take no differences, and no harmonic packet is born", () => {
    const { state, nearest } = steps(1, 200);
    expect(state.families[H]).toMatchObject({ births: 0, evaluations: 0, alive: false });
    expect(nearest).toBeGreaterThan(5e-4);
    expect(steps(0, 200).nearest).toBeLessThan(1e-4);
  });

  test("are born larger where a packet sees noise alone", () => {
    const { state } = steps(1, 200);
    expect(state.families[W].births).toBeGreaterThan(1);
    expect(state.levels[W].packet.lambda).toBeGreaterThan(steps(1, 5).state.levels[W].packet.lambda);
  });

  test("the first harmonic packet goes on while its falls stand out of the noise, by differences as long as noise wants", () => {
    const { state, step } = begun(rosen);
    expect(state.stage).toBe("harmonic");
    const { births } = state.families[H];
    expect(step(2, 0.01)).toMatchObject({ family: H });
    for (let index = 3; index < 40; index++) step(index, 0.01);
    expect(state.stage).toBe("superposition");
    expect(state.families[H]).toMatchObject({ births, alive: false });
    expect(state.families[W].births).toBeGreaterThan(0);
  });

  test("a harmonic packet is dropped at once where noise drowns it", () => {
    const { state } = begun(rosen);
    expect(state.stage).toBe("harmonic");
    const drowned = packets().step(state, { D: 1, dt: 1, index: 2, key: fold(key(1), 2), noise: 1e4 });
    expect(answerAll(drowned, rosen.answer as never)).toMatchObject({ family: W });
    expect(state.families[H].alive).toBe(false);
  });
});

test("a packet fades when ζ has scattered by noise for some generations, no sooner", () => {
  const packet = blankWide(dim);
  startWide(packet, 8, 0.1);
  const past = blankPast(dim);
  startPast(past);
  const after = (scatter: number, most: number): number => {
    for (let g = 1; g <= most; g++) {
      packet.generation++;
      if (fades(past, packet, scatter, 2)) return g;
    }
    return Number.POSITIVE_INFINITY;
  };
  expect(after(10, 50)).toBe(Number.POSITIVE_INFINITY);
  const left = after(2, 200);
  // from 4, where a signal counts as clear, to 1.6 by averages over ten generations: ln(3/0.6)/−ln(0.9)
  expect(left).toBe(Math.ceil(Math.log(3 / 0.6) / -Math.log(0.9)));
  startPast(past);
  packet.generation = 0;
  expect(after(2, 50)).toBe(INFANCY);
});

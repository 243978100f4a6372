import { expect, test } from "vitest";
import { spread } from "../../src/draw/chart.ts";
import {
  dispersion,
  type LevelsInWell,
  levelsInWell,
  levelsOverD,
  type Mark,
  planeDensity,
  rich,
  type Scene,
  settling,
  sigmoidInTime,
  snapshot,
  softmaxInTime,
  spaceTime,
} from "../../src/draw/index.ts";
import { flat, sound, words } from "./sound.ts";

const line = (from: number, to: number, n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
const xs = line(-7, 7, 281);
const bell = (mean: number, sigma: number): Float64Array =>
  xs.map((x) => Math.exp(-((x - mean) ** 2) / (2 * sigma ** 2)));

/** The points of a line, and of the area under it without its base. */
function points(d: string): number[][] {
  return d
    .slice(1)
    .split("L")
    .map((p) => p.split(",").map(Number));
}

const lines = (scene: Scene, color: string): string[] =>
  flat(scene.marks).flatMap((m: Mark) => (m.kind === "path" && m.stroke === color && m.d.includes("L") ? [m.d] : []));

/** Eigenstates of ½x², D = ½: E_n = n + ½. */
function oscillator(levels: number): LevelsInWell {
  const states = [bell(0, 1), bell(0, 1).map((v, i) => Math.SQRT2 * xs[i] * v)];
  for (let n = 2; n < levels; n++)
    states.push(xs.map((x, i) => Math.sqrt(2 / n) * x * states[n - 1][i] - Math.sqrt((n - 1) / n) * states[n - 2][i]));
  return {
    xs,
    zeta: xs.map((x) => x * x * 0.5),
    energies: states.map((_, n) => n + 0.5),
    states,
    D: 0.5,
  };
}

test.each([2, 3, 6, 10])("%d levels stand at their heights in the well", (n) => {
  const scene = levelsInWell(oscillator(n));
  sound(scene);
  expect(words(scene)).toContain(`E${n - 1} = ${n - 0.5}`);
  const bases = lines(scene, "blue").map((d) => points(d)[0][1]);
  expect(bases).toHaveLength(n);
  // equal steps of energy are equal steps of the picture, upward
  for (let k = 1; k < n; k++) expect(Math.abs(bases[k] - bases[k - 1] - (bases[1] - bases[0]))).toBeLessThan(1);
  expect(bases[1]).toBeLessThan(bases[0]);
});

test("a tunneling doublet shares a line, and says how far apart it is", () => {
  const left = bell(-2, 0.4);
  const right = bell(2, 0.4);
  const scene = levelsInWell({
    xs,
    zeta: xs.map((x) => (x * x - 4) ** 2 / 10),
    energies: [0.7, 0.7 + 3.2e-7, 2],
    states: [left.map((v, i) => v + right[i]), left.map((v, i) => right[i] - v), bell(0, 1)],
    D: 0.1,
  });
  sound(scene);
  expect(words(scene)).toContain("E0, E1 ≈ 0.7");
  expect(words(scene)).toContain("apart by 3.2×10−7");
  // the odd one has its own color and dash, and begins upward too
  const [even, odd] = [lines(scene, "blue")[0], lines(scene, "orange")[0]].map(points);
  expect(Math.min(...odd.map(([, y]) => y))).toBeCloseTo(Math.min(...even.map(([, y]) => y)), 0);
  expect(Math.max(...odd.map(([, y]) => y))).toBeGreaterThan(odd[0][1] + 5);
});

test("many close levels keep their labels apart", () => {
  const { states, ...rest } = oscillator(10);
  sound(levelsInWell({ ...rest, states, energies: states.map((_, n) => 2 - 2 / (n + 1) ** 2) }));
});

test("a single level, a flat well, and levels that are all the same", () => {
  const { zeta, states } = oscillator(3);
  sound(levelsInWell({ xs, zeta, energies: [0.5], states: [states[0]], D: 0.5 }));
  sound(levelsInWell({ xs, zeta: xs.map(() => 0), energies: [0.1, 0.4, 0.9], states, D: 1 }));
  sound(levelsInWell({ xs, zeta, energies: [1, 1, 1], states, D: 1 }));
});

test("a packet in columns of time and rows of moments", () => {
  const frame = (sigma: number) => ({
    re: bell(0, sigma).map((v, i) => v * Math.cos(4 * xs[i])),
    modulus: bell(0, sigma),
  });
  const frames = [0.5, 0.7, 1].map(frame);
  const columns = ["real time", "imaginary time"].map((heading) => ({ heading, frames }));
  const scene = dispersion({ xs, times: [0, 1, 2], columns });
  sound(scene);
  expect(lines(scene, "orange")).toHaveLength(6);
  expect(words(scene)).toContain("s = 2");
  sound(dispersion({ xs, times: [0, 1, 2], columns: columns.slice(0, 1) }));
});

test("the Sigmoid passes through a half wherever its time stands", () => {
  const times = [0, 0.5, 1, 5];
  const scene = sigmoidInTime({
    excess: xs,
    times,
    probability: times.map((t) => xs.map((x) => 1 / (1 + Math.exp(-x * t)))),
  });
  sound(scene);
  const curves = flat(scene.marks).flatMap((m) =>
    m.kind === "path" && m.stroke?.startsWith("#") && m.d.includes("L") ? [m.d] : [],
  );
  expect(curves).toHaveLength(4);
  const middles = curves.map((d) => points(d)[(xs.length - 1) / 2][1]);
  expect(new Set(middles).size).toBe(1);
});

test("populations: one color a level, dashes for Born's", () => {
  const energies = [0.5, 1, 3];
  const times = line(0.01, 10, 50);
  const population = (factor: number) =>
    energies.map((E) =>
      times.map((t) => Math.exp(-factor * E * t) / energies.reduce((s, e) => s + Math.exp(-factor * e * t), 0)),
    );
  const scene = softmaxInTime({ times, energies, printed: population(1), born: population(2) });
  sound(scene);
  expect(words(scene)).toContain("Born’s rule");
  const alone = softmaxInTime({ times, energies, printed: population(1) });
  sound(alone);
  expect(words(alone)).not.toContain("Born’s rule");
});

test("the density over space and time is brightest where it is largest", () => {
  const times = line(0, 4, 41);
  const density = new Float64Array(times.length * xs.length);
  for (let k = 0; k < times.length; k++) density.set(bell(-4 + 2 * times[k], 0.5), k * xs.length);
  const scene = spaceTime({ xs, times, density, mean: times.map((t) => -4 + 2 * t), zeta: xs.map((x) => x * x) });
  sound(scene);
  const bright = flat(scene.marks).flatMap((m) => (m.kind === "path" && m.fill === "#fde725" ? [m.d] : []));
  expect(bright).toHaveLength(1);
  sound(spaceTime({ xs, times, density: density.map(() => 0) }));
});

test("a density on the plane, with and without ζ", () => {
  const ys = line(-2, 2, 81);
  const density = Float64Array.from({ length: xs.length * ys.length }, (_, k) => bell(0, 1)[Math.floor(k / ys.length)]);
  const zeta = density.map((_, k) => (k === 7 ? Number.POSITIVE_INFINITY : xs[Math.floor(k / ys.length)] ** 2));
  sound(planeDensity({ xs, ys, density, zeta, remark: "*τ* = 1.25" }));
  sound(planeDensity({ xs, ys, density, names: ["p", "q"] }));
});

test("the scale of a density ends at a number whose quarters are round", () => {
  const density = Float64Array.from(
    { length: 3 * xs.length },
    (_, k) => (1.43 * bell(0, 1)[k % xs.length]) / bell(0, 1)[0],
  );
  const scene = spaceTime({ xs, times: [0, 1, 2], density: density.map((p) => Math.min(1.43, p)) });
  expect(words(scene)).toEqual(expect.arrayContaining(["0.4", "0.8", "1.2", "1.6"]));
});

test("levels and gap over D, with the crossing named", () => {
  const D = line(0.01, 1, 40);
  const energies = [0, 1, 2].map((n) => D.map((d) => Math.sqrt(d) * (n + 0.5)));
  const scene = levelsOverD({ D, energies, crossings: [{ D: 0.9, gap: 0.1 }] });
  sound(scene);
  expect(words(scene)).toContain("the ground state changes wells at D = 0.9");
  sound(
    levelsOverD({ D: line(0.9, 1, 5), energies: energies.map((e) => e.slice(35)), crossings: [{ D: 0.91, gap: 0.1 }] }),
  );
});

test("a density settling", () => {
  const densities = [0.3, 0.6, 1].map((s) => bell(-1, s));
  sound(settling({ xs, zeta: xs.map((x) => x ** 4), times: [0.1, 1, 10], densities, stationary: bell(0, 1) }));
});

test("a moment of a wave function", () => {
  const still = { xs, density: bell(0, 1), zeta: xs.map((x) => x * x), top: 2 };
  sound(snapshot({ ...still, remark: "*t* = 1.5" }));
  sound(snapshot({ xs, density: bell(0, 1) }));
});

test("labels spread as little as they must", () => {
  expect(spread([10, 50], [10, 10], 0, 100)).toEqual([10, 50]);
  expect(spread([20, 20], [10, 10], 0, 100)).toEqual([15, 25]);
  expect(spread([0, 0, 99], [10, 10, 10], 0, 100)).toEqual([5, 15, 95]);
  const crowded = spread([40, 41, 42, 43], [10, 20, 10, 10], 0, 100);
  expect(crowded).toEqual([...crowded].sort((a, b) => a - b));
  for (let i = 1; i < 4; i++) expect(crowded[i] - crowded[i - 1]).toBeGreaterThanOrEqual(10 - 1e-9);
});

test("raised and lowered text may be slanted in part", () => {
  expect(rich("e^{−Δ*E* *τ*}")).toEqual([
    { text: "e" },
    { text: "−Δ", shift: "up" },
    { text: "E", italic: true, shift: "up" },
    { text: " ", shift: "up" },
    { text: "τ", italic: true, shift: "up" },
  ]);
});

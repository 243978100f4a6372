/** The pictures of the gallery, each made by the engines themselves, with what is to be seen in it. */
import { box, type Potential } from "../src/core/problem.ts";
import { run } from "../src/core/run.ts";
import {
  dispersion,
  levelsInWell,
  planeDensity,
  type Scene,
  settling,
  sigmoidInTime,
  snapshot,
  softmaxInTime,
  spaceTime,
} from "../src/draw/index.ts";
import { fokkerPlanck } from "../src/engines/fokker-planck.ts";
import { amplitudeAt, evolveWave, gaussianWave } from "../src/math/packet.ts";
import { bornPopulations, sigmoid, softmaxPopulations } from "../src/math/populations.ts";
import { formula } from "../src/potentials/formula/index.ts";
import { henonHeilesEntry } from "../src/potentials/wells.ts";
import { sweepScene } from "../src/report/index.ts";
import { qhd } from "../src/schedules/qhd.ts";
import { steady } from "../src/schedules/steady.ts";
import { type EvolveSetup, evolve } from "../src/tasks/evolve.ts";
import { spectrum, stateOn } from "../src/tasks/spectrum.ts";
import { sweep } from "../src/tasks/sweep.ts";

/** `caption` carries the marks of `rich()`; a picture of several frames is an animation. */
export type Picture = { readonly name: string; readonly caption: string; readonly frames: readonly Scene[] };

export const pictures: readonly (() => Picture | Promise<Picture>)[] = [
  packet,
  sigmoids,
  populations,
  wells,
  crossing,
  plane,
  barrier,
  relaxation,
  tunneling,
  descent,
];

const still = (name: string, scene: Scene, caption: string): Picture => ({
  name,
  caption,
  frames: [{ ...scene, name }],
});

const line = (from: number, to: number, n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

/** ζ of one variable on a line with walls at its ends. */
const onLine = (text: string, half: number): Potential => formula(text, { domain: box(1, -half, half, "wall") });

/** ζ at points of a product grid, the last axis running fastest. */
async function tabulated({ answer }: Potential, axes: readonly Float64Array[]): Promise<Float64Array> {
  const rows = axes.reduce<number[][]>((all, axis) => all.flatMap((row) => Array.from(axis, (x) => [...row, x])), [[]]);
  const x = Float64Array.from(rows.flat());
  const { value } = await answer({ kind: "value", at: { n: rows.length, dim: axes.length, x } });
  if (value === undefined) throw new Error("no values");
  return value;
}

const WELLS = "4*(x^2 - 1)^2";

function packet(): Picture {
  const D = 0.5;
  const xs = line(-10, 24, 381);
  const times = [0, 1.5, 3, 5];
  const start = gaussianWave(0, 1, 2.4);
  const column = (heading: string, degrees: number) => ({
    heading,
    frames: times.map((s) => {
      const wave = evolveWave(start, { v: 0, g: 0, k: 0 }, D, (degrees * Math.PI) / 180, s);
      const psi = Array.from(xs, (x) => amplitudeAt(wave, x));
      const norm = Math.sqrt(psi.reduce((sum, { re, im }) => sum + re * re + im * im, 0) * (xs[1] - xs[0]));
      return { re: psi.map(({ re }) => re / norm), modulus: psi.map(({ re, im }) => Math.hypot(re, im) / norm) };
    }),
  });
  const columns = [
    column("real time, *α* = 90°", 90),
    column("halfway, *α* = 45°", 45),
    column("imaginary time, *α* = 0°", 0),
  ];
  return still(
    "packet",
    dispersion({ xs, times, columns }),
    "One packet, of mean wave number 2.4, under exp(−e^{i*α}*Hs*) with ζ = 0 and *D* = ½, normalized. In real time it travels, disperses and keeps its waves (6); in imaginary time it stays, spreads and loses them: what is left is diffusion (9). Between the two it does some of each. (The paper’s Figs 2 and 3.)",
  );
}

function sigmoids(): Picture {
  const excess = line(-6, 6, 241);
  const times = [0, 0.25, 0.5, 1, 2, 5];
  const probability = times.map((tau) => excess.map((x) => sigmoid(x, tau)));
  return still(
    "sigmoid",
    sigmoidInTime({ excess, times, probability }),
    "The population of the lower of two levels that lie Δ*E* apart: a fair coin at *τ* = 0, a step as *τ* → ∞ (24)(25). (The paper’s Fig 4.)",
  );
}

async function populations(): Promise<Picture> {
  const { levels: energies } = await spectrum(onLine(WELLS, 2.4), { D: 0.25, levels: 5 });
  const times = line(-2, 1.7, 186).map((v) => 10 ** v);
  const over = (law: (energies: readonly number[], tau: number) => Float64Array) => {
    const at = Array.from(times, (tau) => law(energies, tau));
    return energies.map((_, k) => at.map((p) => p[k]));
  };
  return still(
    "softmax",
    softmaxInTime({ times, energies, printed: over(softmaxPopulations), born: over(bornPopulations) }),
    "The five lowest levels of a double well from equal shares on: a low-pass filter in energy. The Softmax (23) holds for *ψ* read as a density; by Born’s rule, dashed, the same populations come at half the time (erratum E4). The lowest two levels are a tunneling doublet and part last.",
  );
}

async function wells(): Promise<Picture> {
  const D = 0.06;
  const zeta = onLine(WELLS, 2.4);
  const found = await spectrum(zeta, { D, levels: 8 });
  const xs = line(-2.3, 2.3, 231);
  const states = found.levels.map((_, n) => stateOn(found, n, [xs]));
  return still(
    "levels",
    levelsInWell({ xs, zeta: await tabulated(zeta, [xs]), energies: found.levels, states, D }),
    "The eight lowest states of ζ = 4(*x*^{2} − 1)^{2}, each about its energy. Below the barrier they come in doublets, one even, one odd (dashed), that lie apart by the rate of tunneling.",
  );
}

const UNLIKE = "2 - 1.7*exp(-(x + 0.8)^2/0.06) - 1.3*exp(-(x - 0.6)^2/0.5) + 0.05*x^2";

async function crossing(): Promise<Picture> {
  const found = await sweep(onLine(UNLIKE, 4), { from: 0.003, to: 0.5, count: 121, levels: 4, tolerance: 1e-8 });
  return still(
    "crossing",
    sweepScene(found),
    "A narrow deep well beside a wide shallow one. At large *D* the wide one owns the ground state, having less zero-point energy; as *D* falls the levels cross and the deep one takes it over (erratum E5). There the gap is least, open only by tunneling, and an adiabatic schedule has to go slowest.",
  );
}

// a symmetric one: of the levels that come in pairs any mixture would do
const LEVEL = 30;

async function plane(): Promise<Picture> {
  const zeta = henonHeilesEntry.make({ coupling: Math.sqrt(0.0125) });
  const found = await spectrum(zeta, { D: 0.5, levels: LEVEL + 1, tolerance: 1e-8 });
  const [xs, ys] = [line(-6, 6, 101), line(-5.5, 6.5, 101)];
  const density = stateOn(found, LEVEL, [xs, ys]).map((v) => v * v);
  return still(
    "plane",
    planeDensity({
      ...{ xs, ys, density, zeta: await tabulated(zeta, [xs, ys]) },
      remark: `*E*_{${LEVEL}} = ${found.levels[LEVEL].toFixed(6)}`,
      top: 0.1,
    }),
    `The density of level ${LEVEL} of the Hénon–Heiles well at *D* = ½ over contours of ζ, which hold equal shares of the area.`,
  );
}

/** Densities along an evolution, from time 0 on. */
async function motion(setup: EvolveSetup) {
  const densities: Float64Array[] = [];
  let axes: readonly Float64Array[] = [];
  const keep = {
    frame(frame: Parameters<NonNullable<NonNullable<Observers>[number]["frame"]>>[0]) {
      const view = frame.view();
      if (view.kind !== "grid") return;
      axes = view.axes;
      densities.push(view.density.slice());
    },
  };
  const { trace } = await evolve(setup, { observers: [keep] });
  return { axes, densities, trace };
}

type Observers = NonNullable<Parameters<typeof evolve>[1]>["observers"];

async function barrier(): Promise<Picture> {
  const zeta = onLine("4*exp(-2*x^2)", 24);
  const { axes, densities, trace } = await motion({
    ...{ potential: zeta, angle: Math.PI / 2, duration: 6.5, dt: 0.005, shape: [512], law: 0.5, frames: 130 },
    start: { kind: "gaussian", mean: [-9], sigma: [1.4], momentum: [2.8] },
  });
  const [from, to] = [axes[0].findIndex((x) => x > -14), axes[0].findIndex((x) => x > 14)];
  const xs = axes[0].slice(from, to);
  const density = new Float64Array(densities.length * xs.length);
  for (let k = 0; k < densities.length; k++) density.set(densities[k].subarray(from, to), k * xs.length);
  const times = trace.map(({ time }) => time);
  return still(
    "barrier",
    spaceTime({ xs, times, density, zeta: await tabulated(zeta, [xs]), top: 0.32 }),
    "A packet in real time meets a barrier as high as its energy: part of it tunnels, part of it turns back, and where what comes meets what returns there are fringes.",
  );
}

async function relaxation(): Promise<Picture> {
  const D = 0.25;
  const zeta = onLine("(x^2 - 1)^2 + 0.15*x", 2.2);
  const start = (x: Float64Array): number => Math.exp(-((x[0] - 1.1) ** 2) / 0.03);
  const engine = fokkerPlanck({ shape: [220], stepping: "implicit", start });
  const times = [0.05, 0.5, 2, 5, 20];
  const densities: Float64Array[] = [];
  let xs = new Float64Array();
  for await (const frame of run({ potential: zeta, engine, schedule: steady({ D, dt: 0.005 }), seed: 0 })) {
    if (frame.tau < times[densities.length] - 1e-9) continue;
    const view = frame.view();
    if (view.kind !== "grid") break;
    xs = Float64Array.from(view.axes[0]);
    densities.push(view.density.slice());
    if (densities.length === times.length) break;
  }
  const values = await tabulated(zeta, [xs]);
  const law = values.map((v) => Math.exp(-v / D));
  const mass = law.reduce((sum, v) => sum + v, 0) * (xs[1] - xs[0]);
  return still(
    "settling",
    settling({ xs, zeta: values, times, densities, stationary: law.map((v) => v / mass) }),
    "Noisy gradient descent as a density: Fokker–Planck at *D* = ¼ from the shallower well. Within its well the density settles at once, over the barrier slowly; the stationary law e^{−ζ/*D*}, dashed, is exact on the grid.",
  );
}

async function tunneling(): Promise<Picture> {
  const zeta = onLine(WELLS, 2.4);
  const { gap } = await spectrum(zeta, { D: 0.25, levels: 2 });
  const period = (2 * Math.PI) / (gap ?? 1);
  const { axes, densities, trace } = await motion({
    ...{ potential: zeta, angle: Math.PI / 2, duration: period, dt: 0.005, shape: [255], law: 0.25, frames: 50 },
    start: { kind: "gaussian", mean: [-0.96], sigma: [0.28] },
  });
  const [from, to] = [axes[0].findIndex((x) => x > -2), axes[0].findIndex((x) => x > 2)];
  const xs = axes[0].slice(from, to);
  const top = Math.max(...densities.map((density) => Math.max(...density)));
  const well = (await tabulated(zeta, [xs])).map((v) => (v < 7 ? v : Number.NaN));
  const frames = densities.map((density, k) =>
    snapshot({ xs, density: density.slice(from, to), top, zeta: well, remark: `*t* = ${trace[k].time.toFixed(1)}` }),
  );
  return {
    name: "tunneling",
    frames: frames.slice(0, -1),
    caption:
      "A packet that starts in the left of two wells goes to the right one and back through a barrier above its energy, within one period 2π/(*E*_{1} − *E*_{0}).",
  };
}

async function descent(): Promise<Picture> {
  const width = 10;
  const zeta = formula("(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/156", { domain: box(2, -width / 2, width / 2) });
  const schedule = qhd({ duration: 6, dt: 0.0025, softening: 1e-3, width });
  const { axes, densities, trace } = await motion({
    ...{ potential: zeta, angle: Math.PI / 2, duration: 6, dt: 0.0025, shape: [128, 128], frames: 30 },
    law: (t) => schedule.at?.(t) ?? { D: 1, dt: 0 },
    start: { kind: "uniform" },
  });
  const [xs, ys] = axes;
  const values = await tabulated(zeta, axes);
  const frames = densities.map((density, k) =>
    planeDensity({ xs, ys, density, zeta: values, remark: `*t* = ${trace[k].time.toFixed(2)}`, relative: true }),
  );
  return {
    name: "descent",
    // until then nothing is to be seen
    frames: frames.slice(6),
    caption:
      "Quantum Hamiltonian Descent on the function of Styblinski and Tang: *D* falls as 1/*t*^{3} in real time, and the density, spread out at first, gathers in the lowest of four wells.",
  };
}

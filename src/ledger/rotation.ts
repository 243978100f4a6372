/** (8): the Wick rotation, from Schrödinger's equation to diffusion with reaction, and all angles between. */
import { linearAxis } from "../draw/axes.ts";
import { chart, sequence } from "../draw/chart.ts";
import { rich } from "../draw/scene.ts";
import { strangGrowthEnergy } from "../math/harmonic.ts";
import { wellCenter } from "../math/packet.ts";
import { doubleWellEntry } from "../potentials/wells.ts";
import { evolve } from "../tasks/evolve.ts";
import { spectrum } from "../tasks/spectrum.ts";
import type { Chapter, Check } from "./item.ts";
import { onLine, worst } from "./wave.ts";

const D = 0.5;
const well = onLine((x) => 0.5 * x * x, 10);
const DEGREES = [0, 30, 60, 90];

export const rotation: Chapter = {
  title: "The Wick rotation",
  items: [
    {
      id: "8",
      title: "Imaginary time",
      equation: "*τ* = i*t*:   ∂*ψ*/∂*τ* = (*D* ∂^{2}/∂*x*^{2} − ζ(*x*)) *ψ*",
      claim: "In imaginary time the wave loses its waves and relaxes: diffusion with a reaction, which seeks low ζ.",
      files: ["src/engines/grid/index.ts", "src/engines/grid/propagator.ts", "src/math/packet.ts"],
      tests: [
        ["test/engines/grid.test.ts", "(8) the growth energy falls monotonically"],
        ["test/engines/grid.test.ts", "(8) at angle %f a packet in ½x² moves as the closed form"],
      ],
    },
  ],

  async compute() {
    const swings = [];
    for (const degrees of DEGREES) swings.push(await swing(degrees));
    const times = swings[0].times;
    const colors = sequence(DEGREES.length);
    return {
      outcomes: {
        "8": {
          checks: [
            await ground(),
            await falling(),
            await growth(),
            {
              what: "largest error of the center of a packet in ½*x*^{2} at 0°, 30°, 60°, 90°",
              measured: Math.max(...swings.map(({ off }) => off)),
              expected: 0,
              tolerance: 1e-5,
            },
          ],
          notes: ["One propagator exp(−e^{i*α*}*Hs*) covers both: *α* = 90° is real time, 0° imaginary time."],
        },
      },
      figures: [
        {
          scene: chart({
            name: "rotation",
            title: "The center of a packet in a well, at four Wick angles",
            x: linearAxis(rich("time *s* (1/units of ζ)"), 0, times[times.length - 1], 7),
            y: linearAxis(rich("⟨*x*⟩"), -1, 1),
            lines: swings.map(({ centers }, k) => ({ xs: times, ys: centers, color: colors[k] })),
            key: DEGREES.map((degrees, k) => ({ color: colors[k], label: `*α* = ${degrees}°` })),
          }),
          caption:
            "A packet displaced in ½*x*^{2}: *x*_{0}e^{−*ωs* cos *α*} cos(*ωs* sin *α*). In real time it swings for ever, in imaginary time it relaxes, between them it does both: descent with momentum.",
        },
      ],
    };
  },
};

async function swing(degrees: number) {
  const angle = (degrees * Math.PI) / 180;
  const sigma = Math.sqrt(Math.sqrt(D / 2));
  const { trace } = await evolve({
    ...{ potential: well, angle, duration: 8, dt: 0.005, shape: [128], law: D, frames: 80 },
    start: { kind: "gaussian", mean: [1], sigma: [sigma] },
  });
  const times = trace.map(({ time }) => time);
  const centers = trace.map(({ mean }) => mean[0]);
  const exact = times.map((s) => wellCenter(1, 1, D, angle, s));
  return { times, centers, off: worst(centers, exact) };
}

const tilted = doubleWellEntry.make({ height: 1, tilt: 0.3 });

async function relaxation() {
  const { truth: _, ...zeta } = tilted;
  return evolve({
    ...{ potential: zeta, angle: 0, duration: 12, dt: 0.002, shape: [128], law: D, frames: 120 },
    start: { kind: "gaussian", mean: [1.2], sigma: [0.4] },
  });
}

async function ground(): Promise<Check> {
  const { energy } = await relaxation();
  const { levels } = await spectrum(tilted, { D, levels: 1 });
  return {
    what: "⟨*H*⟩ at *τ* = 12 in a tilted double well, against *E*_{0}",
    measured: energy,
    expected: levels[0],
    tolerance: 1e-5,
  };
}

async function falling(): Promise<Check> {
  const growths = (await relaxation()).trace.flatMap(({ growth }) => (growth === undefined ? [] : [growth]));
  // what has come to rest moves by rounding
  const rises = growths.filter((g, i) => i > 0 && g > growths[i - 1] + 1e-11).length;
  return { what: "rises of the growth energy on the way", measured: rises, expected: 0, tolerance: 0 };
}

/** Where the growth energy of Strang's splitting settles, which is not ⟨H⟩. */
async function growth(): Promise<Check> {
  const dt = 0.2;
  const { growth } = await evolve({
    ...{ potential: well, angle: 0, duration: 30, dt, shape: [128], law: D, frames: 30 },
    start: { kind: "gaussian", mean: [1], sigma: [0.5] },
  });
  return {
    what: "growth energy in ½*x*^{2} at Δ*τ* = 0.2, against asinh(Δ*τ*/2)/Δ*τ*",
    measured: growth ?? Number.NaN,
    expected: strangGrowthEnergy(D, 1, dt),
    tolerance: 1e-10,
  };
}

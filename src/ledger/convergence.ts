/** (17)–(20) and erratum E5: the general solution, its levels, and what is left as τ → ∞. */

import { box, type Potential } from "../core/problem.ts";
import { linearAxis, logAxis } from "../draw/axes.ts";
import { chart } from "../draw/chart.ts";
import { rich } from "../draw/scene.ts";
import { levelsOverD } from "../draw/sweep.ts";
import { sumProducts } from "../math/sum.ts";
import { formula } from "../potentials/formula/index.ts";
import { evolve } from "../tasks/evolve.ts";
import { spectrum, stateOn } from "../tasks/spectrum.ts";
import { sweep } from "../tasks/sweep.ts";
import type { Chapter, Check } from "./item.ts";
import { type Amplitudes, amplitudesOf, distance, moving, onLine, REAL, rateOf } from "./wave.ts";

const D = 0.4;
const skew = onLine((x) => 0.25 * x ** 4 + 0.3 * x, 6, "open");
const START = { kind: "gaussian", mean: [1.2], sigma: [0.5] } as const;
const LEVELS = 40;

export const convergence: Chapter = {
  title: "Convergence",
  items: [
    {
      id: "17",
      title: "The general solution in real time",
      equation: "*ψ*(*x*, *t*) = Σ_{n} *c*_{n} *φ*_{n}(*x*) exp(−i*E*_{n}*t*)",
      claim: "The state is a superposition of levels, each with a phase of its own.",
      files: ["src/tasks/evolve.ts", "src/tasks/spectrum.ts"],
      tests: [["test/tasks/evolve.test.ts", "an eigenstate stays, and its population is 1"]],
    },
    {
      id: "18",
      title: "Kinetic and potential energy",
      equation: "*E*_{n} = *E*_{d} + *E*_{p}",
      claim: "The energy of a level is the sum of its kinetic and its potential part.",
      files: ["src/tasks/spectrum.ts"],
      tests: [
        ["test/tasks/spectrum.test.ts", "(18): each level is its kinetic and its potential part"],
        [
          "test/engines/grid-ground.test.ts",
          "(18) E₀ = ⟨T⟩ + ⟨ζ⟩, the virial 2⟨T⟩ = ⟨x·∇ζ⟩, and the levels' populations",
        ],
      ],
    },
    {
      id: "19",
      title: "The general solution in imaginary time",
      equation: "*ψ*(*x*, *τ*) = Σ_{n} *c*_{n} *φ*_{n}(*x*) exp(−*E*_{n}*τ*)",
      claim: "Rotated, each level decays at the rate of its energy.",
      files: ["src/tasks/evolve.ts", "src/tasks/spectrum.ts"],
      tests: [["test/math/populations.test.ts", "are Born's with prefactors, level by level, at any τ"]],
    },
    {
      id: "20",
      title: "The limit",
      equation: "*ψ*(*x*, *τ*) → *c*_{0} *φ*_{0}(*x*) exp(−*E*_{0}*τ*)  as *τ* → ∞",
      claim: "What is left in the end is the ground state.",
      files: ["src/engines/grid/index.ts", "src/tasks/spectrum.ts"],
      tests: [
        [
          "test/engines/grid-ground.test.ts",
          "(20) the distance to φ₀ decays at the rate of the gap, the energy's excess at twice that",
        ],
      ],
    },
    {
      id: "E5",
      title: "Erratum: the ground state is not the global optimum",
      equation: "printed *τ* → ∞ is enough;   corrected *D* → 0, slowly against the gap",
      claim: "§4.1: as *τ* → ∞ the global optimum is reached.",
      files: ["src/tasks/sweep.ts"],
      tests: [["test/tasks/spectrum.test.ts", "finds the one D at which the ground state changes wells (E5)"]],
    },
  ],

  async compute() {
    const found = await spectrum(skew, { D, levels: LEVELS });
    const gap = found.gap ?? Number.NaN;
    const { motion, end } = await moving({
      ...{ potential: skew, angle: 0, duration: 10, dt: 0.0025, shape: [128], law: D, frames: 40, start: START },
    });
    const ground = { re: aligned(stateOn(found, 0, [motion.xs]), motion.waves[0].re), im: motion.xs.map(() => 0) };
    const away = motion.waves.map((wave) => distance(wave, ground));
    const excess = end.trace.map(({ energy }) => energy - found.levels[0]);
    const late = <T>(all: readonly T[]): T[] => all.slice(12, 25);
    const rate = rateOf(late(motion.times), late(away));
    const crossing = await wells();
    return {
      outcomes: {
        "17": { checks: [await expansion(REAL, found)] },
        "18": {
          checks: [
            {
              what: `largest |*E*_{n} − ⟨*T*⟩ − ⟨ζ⟩| of ${LEVELS} levels`,
              measured: Math.max(
                ...found.levels.map((E, n) => Math.abs(E - found.kinetic[n] - found.potentialPart[n])),
              ),
              expected: 0,
              tolerance: 1e-8,
            },
          ],
        },
        "19": { checks: [await expansion(0, found)] },
        "20": {
          checks: [
            { what: "‖*ψ* − *φ*_{0}‖ at *τ* = 10", measured: away[away.length - 1], expected: 0, tolerance: 1e-3 },
            {
              what: "rate at which ‖*ψ* − *φ*_{0}‖ decays over *E*_{1} − *E*_{0}",
              measured: rate / gap,
              expected: 1,
              tolerance: 0.01,
            },
            {
              what: "rate of the energy’s excess over 2(*E*_{1} − *E*_{0})",
              measured: rateOf(late(motion.times), late(excess)) / (2 * gap),
              expected: 1,
              tolerance: 0.01,
            },
          ],
        },
        E5: crossing.outcome,
      },
      figures: [
        {
          scene: chart({
            name: "convergence",
            title: "The distance to the ground state in imaginary time",
            x: linearAxis(rich("imaginary time *τ* (1/units of ζ)"), 0, 10, 6),
            y: logAxis(rich("‖*ψ* − *φ*_{0}‖ and ⟨*H*⟩ − *E*_{0} (units of ζ)"), 1e-8, 10),
            lines: [
              { xs: motion.times, ys: away, color: "blue" },
              { xs: motion.times, ys: excess, color: "green" },
              {
                xs: motion.times,
                ys: motion.times.map((t) => away[24] * Math.exp(-gap * (t - motion.times[24]))),
                color: "ink",
                dash: [5, 4],
                width: 1.2,
              },
            ],
            key: [
              { color: "blue", label: "‖*ψ* − *φ*_{0}‖" },
              { color: "green", label: "⟨*H*⟩ − *E*_{0}" },
              { color: "ink", dash: [5, 4], width: 1.2, label: "e^{−gap *τ*}" },
            ],
          }),
          caption:
            "In ζ = ¼*x*^{4} + 0.3*x* at *D* = 0.4: at first the higher levels fall away, then the distance decays at the rate of the gap, the energy’s excess at twice that.",
        },
        crossing.figure,
      ],
    };
  },
};

/** The sign of a state that goes with a wave. */
function aligned(state: Float64Array, like: Float64Array): Float64Array {
  return sumProducts(state, like) < 0 ? state.map((v) => -v) : state;
}

/** ψ at time 1.5 on the grid against the sum over the levels. */
async function expansion(angle: number, found: Awaited<ReturnType<typeof spectrum>>): Promise<Check> {
  const time = 1.5;
  const setup = { potential: skew, angle, duration: time, dt: 0.001, shape: [128], law: D, frames: 1 };
  const order = angle === 0 ? 2 : 4;
  const { motion } = await moving({ ...setup, order, start: START });
  const { view } = await evolve({ ...setup, order, start: START });
  const begin = motion.waves[0].re;
  const sum: Amplitudes = { re: motion.xs.map(() => 0), im: motion.xs.map(() => 0) };
  for (let n = 0; n < LEVELS; n++) {
    const phi = stateOn(found, n, [motion.xs]);
    const c = sumProducts(phi, begin) / sumProducts(phi, phi);
    const turn = Math.sin(angle) * found.levels[n] * time;
    const size = c * Math.exp(-Math.cos(angle) * found.levels[n] * time);
    for (let i = 0; i < phi.length; i++) {
      sum.re[i] += size * Math.cos(turn) * phi[i];
      sum.im[i] -= size * Math.sin(turn) * phi[i];
    }
  }
  return {
    what: `‖*ψ* − Σ *c*_{n}*φ*_{n}…‖ at 1.5, ${LEVELS} levels`,
    measured: distance(amplitudesOf(view), sum),
    expected: 0,
    tolerance: 1e-5,
  };
}

const unlike = formula("2 - 1.7*exp(-(x + 0.8)^2/0.06) - 1.3*exp(-(x - 0.6)^2/0.5) + 0.05*x^2", {
  domain: box(1, -4, 4, "wall"),
});

/** The share of |φ₀|² left of the ridge, where the deeper, narrower well lies. */
async function shareInDeeper(zeta: Potential, at: number): Promise<number> {
  const found = await spectrum(zeta, { D: at, levels: 1 });
  const xs = Float64Array.from({ length: 1600 }, (_, i) => -4 + (i + 0.5) * 0.005);
  const density = stateOn(found, 0, [xs]).map((v) => v * v);
  const total = density.reduce((s, v) => s + v, 0);
  return density.reduce((s, v, i) => (xs[i] < -0.4 ? s + v : s), 0) / total;
}

async function wells() {
  const found = await sweep(unlike, { from: 0.003, to: 0.5, count: 31, levels: 3, tolerance: 1e-8 });
  const [large, small] = [0.1, 0.005];
  const what = "share of |*φ*_{0}|^{2} in the well of the global minimum";
  const [wide, deep] = [await shareInDeeper(unlike, large), await shareInDeeper(unlike, small)];
  const D = [...found.rows].sort((a, b) => a.D - b.D);
  return {
    outcome: {
      checks: [
        { what: `${what}, *τ* → ∞ at *D* = ${large}`, measured: wide, expected: 1, tolerance: 0.05 },
        { what: `the same at *D* = ${small}`, corrected: true, measured: deep, expected: 1, tolerance: 0.05 },
        {
          what: "values of *D* at which the ground state changes wells",
          corrected: true,
          measured: found.crossings.length,
          expected: 1,
          tolerance: 0,
        },
      ],
      notes: [
        `The ground state changes wells at *D* = ${found.crossings[0]?.D.toPrecision(4) ?? "–"}, where the gap is least: above it the wide, shallower well owns it, having less zero-point energy.`,
      ],
    },
    figure: {
      scene: levelsOverD({
        D: D.map((row) => row.D),
        energies: D[0].levels.map((_, n) => D.map(({ levels }) => levels[n])),
        crossings: found.crossings,
      }),
      caption:
        "A narrow deep well beside a wide shallow one: only as *D* falls below the crossing does the ground state move to the global minimum (E5).",
    },
  };
}

/** (21)–(25), Figure 4 and erratum E4: Softmax and Sigmoid out of the levels' decay. */
import { sigmoidInTime, softmaxInTime } from "../draw/selection.ts";
import { gridLattice } from "../engines/grid/index.ts";
import { barkerRule } from "../engines/metropolis.ts";
import { bornPopulations, sigmoid, softmaxPopulations } from "../math/populations.ts";
import { evolve } from "../tasks/evolve.ts";
import { type Spectrum, spectrum, stateOn } from "../tasks/spectrum.ts";
import type { Chapter, Check } from "./item.ts";
import { between, onLine, worst } from "./wave.ts";

const [D, TAU] = [0.3, 0.7];
const well = onLine((x) => x ** 4 - 2 * x * x + 0.2 * x, 4, "open");
const N = 5;
const POINTS = 128;
const FILES = ["src/math/populations.ts", "src/math/softmax.ts"];
const TESTS = "test/math/populations.test.ts";

export const selection: Chapter = {
  title: "Softmax and Sigmoid",
  items: [
    {
      id: "21",
      title: "A state of n levels in imaginary time",
      equation: "*ψ*(*x*, *τ*) = Σ_{i} *c*_{i} *φ*_{i}(*x*) exp(−*E*_{i}*τ*)",
      claim: "The part of level *k* in *ψ* decays as exp(−*E*_{k}*τ*).",
      files: FILES,
      tests: [[TESTS, "have amplitudes in the ratios of (23) from equal prefactors"]],
    },
    {
      id: "22",
      title: "The start",
      equation: "*ψ*(*x*, 0) = Σ_{i} *c*_{i} *φ*_{i}(*x*)",
      claim: "At *τ* = 0 the levels stand as they were put; equal ones have equal probability.",
      files: FILES,
      tests: [[TESTS, "(23) is 1/n at τ = 0, sums to 1, and ends in the lowest level"]],
    },
    {
      id: "23",
      title: "Softmax",
      equation:
        "printed *P*_{k} = exp(−*E*_{k}*τ*)/Σ exp(−*E*_{i}*τ*);   by Born |*c*_{k}|^{2}exp(−2*E*_{k}*τ*)/Σ |*c*_{i}|^{2}exp(−2*E*_{i}*τ*)",
      claim: "The probability of level *k* is the Softmax of −*E*_{k}*τ*: a low-pass filter in energy.",
      files: [...FILES, "src/engines/walkers.ts"],
      tests: [
        [TESTS, "(23) is a low-pass filter: every population against the lowest falls as e^{−(E − E₀)τ}"],
        ["test/engines/walkers.test.ts", "is the Softmax (23) of ζ at τ, to rounding"],
      ],
    },
    {
      id: "24",
      title: "Two levels: the Sigmoid",
      equation: "printed *P*_{a} = 1/(1 + e^{−Δ*E* *τ*});   by Born 1/(1 + e^{−2Δ*E* *τ*})",
      claim:
        "Of two levels the lower one has the probability of a Sigmoid in Δ*E*; as a rule of acceptance it refuses worse solutions more and more.",
      files: [...FILES, "src/engines/metropolis.ts"],
      tests: [
        [TESTS, "(24) as acceptance rule leaves e^{−Eτ} invariant: detailed balance"],
        ["test/engines/metropolis.test.ts", "is the Sigmoid (24) at τ = 1/D, and its two ways make 1"],
      ],
    },
    {
      id: "25",
      title: "The Sigmoid in time",
      equation: "*S*(*x*) = 1/(1 + e^{−*xτ*})",
      claim: "The activation function of learning, which steepens with *τ*.",
      files: ["src/math/populations.ts"],
      tests: [[TESTS, "(25) is a sigmoid at any magnitude"]],
    },
    {
      id: "F4",
      title: "Figure 4: the Sigmoid at several times",
      equation: "*S*′(0) = *τ*/4",
      claim: "From a fair coin at *τ* = 0 it turns into a step.",
      files: ["src/draw/selection.ts", "src/math/populations.ts"],
      tests: [["test/draw/quantum.test.ts", "the Sigmoid passes through a half wherever its time stands"]],
    },
    {
      id: "E4",
      title: "Erratum: amplitudes are not probabilities",
      equation: "printed exp(−*E*_{k}*τ*);   corrected |*c*_{k}|^{2}exp(−2*E*_{k}*τ*)",
      claim: "(23) takes amplitudes as probabilities and drops *c*_{k}.",
      files: FILES,
      tests: [[TESTS, "by Born they are (23) at 2τ for equal prefactors (E4)"]],
    },
  ],

  async compute() {
    const found = await spectrum(well, { D, levels: N });
    const equal = await populations(found, [1, 1, 1, 1, 1]);
    const c = [0.3, 1, 0.8, 0.6, 0.5];
    const unequal = await populations(found, c);
    const two = await populations(found, [1, 1, 0, 0, 0]);
    const energies = found.levels;
    const printed = softmaxPopulations(energies, TAU);
    const weights = c.map((v) => v * v);
    const apart = energies[1] - energies[0];
    const share = two.after[0] / (two.after[0] + two.after[1]);
    const pair = (what: string, measured: number, as: number, born: number): Check[] => [
      { what, measured, expected: as, tolerance: 1e-6 },
      { what: "the same, by Born’s rule", corrected: true, measured, expected: born, tolerance: 1e-6 },
    ];
    const softmax = pair(
      "population of the lowest of five equal levels at *τ* = 0.7",
      equal.after[0],
      printed[0],
      bornPopulations(energies, TAU)[0],
    );
    return {
      outcomes: {
        "21": {
          checks: [
            {
              what: "largest error of the ratios |⟨*φ*_{k}|*ψ*⟩/⟨*φ*_{0}|*ψ*⟩| at *τ* = 0.7 against exp(−(*E*_{k} − *E*_{0})*τ*)",
              measured: worst(
                equal.after.map((p) => Math.sqrt(p / equal.after[0])),
                energies.map((E) => Math.exp(-(E - energies[0]) * TAU)),
              ),
              expected: 0,
              tolerance: 1e-6,
            },
          ],
        },
        "22": {
          checks: [
            {
              what: "largest |*P*_{k} − 1/5| at *τ* = 0",
              measured: worst(equal.before, new Float64Array(N).fill(1 / N)),
              expected: 0,
              tolerance: 1e-9,
            },
          ],
        },
        "23": {
          checks: softmax,
          notes: [
            "Where *ψ* itself is read as a density, as walkers do, and for Boltzmann weights, the printed form is exact.",
          ],
        },
        "24": {
          checks: [
            ...pair(
              "population of the lower of two equal levels at *τ* = 0.7",
              share,
              sigmoid(apart, TAU),
              sigmoid(apart, 2 * TAU),
            ),
            { ...balance(), corrected: true },
          ],
          notes: [
            "As a rule of acceptance (Barker’s) the printed form keeps e^{−*Eτ*}: detailed balance holds to rounding.",
          ],
        },
        "25": { checks: sigmoidChecks() },
        F4: { checks: [steepness()] },
        E4: {
          checks: [
            ...softmax,
            ...pair(
              "population of the lowest of five unequal levels",
              unequal.after[0],
              printed[0],
              bornPopulations(energies, TAU, weights)[0],
            ),
          ],
          notes: [
            `Started with *c* = (${c.join(", ")}), the lowest level holds ${unequal.after[0].toFixed(4)} at *τ* = 0.7 where (23) says ${printed[0].toFixed(4)}.`,
          ],
        },
      },
      figures: [softmaxFigure(energies), sigmoidFigure()],
    };
  },
};

/** The populations of the levels at 0 and at τ, on the grid, from Σ c_k φ_k. */
async function populations(found: Spectrum, c: readonly number[]) {
  const { axes } = gridLattice(well.domain, [POINTS], "periodic");
  const re = new Float64Array(POINTS);
  c.forEach((size, k) => {
    stateOn(found, k, axes).forEach((v, i) => {
      re[i] += size * v;
    });
  });
  const { trace } = await evolve({
    ...{ potential: well, angle: 0, duration: TAU, dt: 2.5e-4, shape: [POINTS], law: D, frames: 1, levels: N },
    start: { kind: "wave", re },
  });
  const of = (levels: readonly number[] = []): number[] => {
    const total = levels.reduce((sum, p) => sum + p, 0);
    return levels.map((p) => p / total);
  };
  return { before: of(trace[0].levels), after: of(trace[trace.length - 1].levels) };
}

/** Barker's rule on three states with a uniform proposal: the largest imbalance of flows, relative. */
function balance(): Check {
  const levels = [-1.3, 0.2, 0.9];
  const heat = 0.6;
  let off = 0;
  for (const a of levels)
    for (const b of levels) {
      const flow = (from: number, to: number): number => Math.exp(-from / heat) * barkerRule(to - from, heat);
      off = Math.max(off, Math.abs(flow(a, b) / flow(b, a) - 1));
    }
  return {
    what: "largest imbalance of flows under (24) as rule of acceptance, *τ* = 1/*D*",
    measured: off,
    expected: 0,
    tolerance: 1e-13,
  };
}

function sigmoidChecks(): Check[] {
  const xs = between(-6, 6, 121);
  const times = [0.25, 1, 5];
  const two = times.flatMap((tau) => Array.from(xs, (x) => softmaxPopulations([0, x], tau)[0] - sigmoid(x, tau)));
  return [
    {
      what: "largest difference from the Softmax (23) of two levels",
      measured: worst(
        two,
        two.map(() => 0),
      ),
      expected: 0,
      tolerance: 1e-14,
    },
    {
      what: "*S*(0.01) at *τ* = 10^{6}: a step in the limit",
      measured: sigmoid(0.01, 1e6),
      expected: 1,
      tolerance: 1e-12,
    },
  ];
}

const TIMES = [0, 0.25, 0.5, 1, 2, 5];

function steepness(): Check {
  const h = 1e-4;
  const slopes = TIMES.map((tau) => (sigmoid(h, tau) - sigmoid(-h, tau)) / (2 * h));
  return {
    what: "largest error of the slope at 0 over the six curves, against *τ*/4",
    measured: worst(
      slopes,
      TIMES.map((tau) => tau / 4),
    ),
    expected: 0,
    tolerance: 1e-7,
  };
}

function sigmoidFigure() {
  const excess = between(-6, 6, 241);
  const probability = TIMES.map((tau) => excess.map((x) => sigmoid(x, tau)));
  return {
    scene: sigmoidInTime({ excess, times: TIMES, probability }),
    caption: "The paper’s Figure 4: a fair coin at *τ* = 0, a step as *τ* → ∞.",
  };
}

function softmaxFigure(energies: readonly number[]) {
  const times = between(-2, 1.7, 186).map((v) => 10 ** v);
  const over = (law: (energies: readonly number[], tau: number) => Float64Array) => {
    const at = Array.from(times, (tau) => law(energies, tau));
    return energies.map((_, k) => at.map((p) => p[k]));
  };
  return {
    scene: softmaxInTime({ times, energies, printed: over(softmaxPopulations), born: over(bornPopulations) }),
    caption:
      "The five lowest levels of a double well from equal shares: the Softmax (23) as printed, and by Born’s rule (dashed), where the same comes at half the time (E4).",
  };
}

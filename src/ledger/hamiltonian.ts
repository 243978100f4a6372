/** (3)(5): the objective as the potential, and the Hamiltonian that it makes. */
import { levelsInWell } from "../draw/levels.ts";
import { forresterEntry } from "../potentials/classic-fixed.ts";
import { doubleWellEntry, harmonicEntry, morseEntry, poschlTellerEntry, squareWellEntry } from "../potentials/wells.ts";
import { spectrum, stateOn } from "../tasks/spectrum.ts";
import type { Chapter, Check } from "./item.ts";
import { between, valuesAt } from "./wave.ts";

const FILES = ["src/engines/spectrum/index.ts", "src/tasks/spectrum.ts"];

export const hamiltonian: Chapter = {
  title: "The objective as potential, and its Hamiltonian",
  items: [
    {
      id: "3",
      title: "Equivalence of objective and potential",
      equation: "*V*(*x*) = ζ(*x*)",
      claim: "To minimize ζ is to find the ground state of a particle in it, as its kinetic energy is taken away.",
      files: ["src/core/problem.ts", ...FILES],
      tests: [["test/tasks/spectrum.test.ts", "closed forms"]],
    },
    {
      id: "5",
      title: "The Hamiltonian",
      equation: "*H* = −*D* ∂^{2}/∂*x*^{2} + ζ(*x*)",
      claim: "*D* scales the kinetic energy: lowering it lowers the zero-point energy *E*_{0}.",
      files: [...FILES, "src/potentials/wells.ts"],
      tests: [
        ["test/potentials/wells.test.ts", "exact levels equal an independent diagonalization"],
        ["test/engines/spectrum.test.ts", "Hellmann–Feynman: dE/dD = ⟨−∇²⟩, which is above 0"],
      ],
    },
  ],

  async compute() {
    const D = 0.5;
    const morse = morseEntry.make({ depth: 8, steepness: 1, center: 0 });
    const found = await spectrum(morse, { D, levels: 4 });
    const xs = between(-1.6, 5, 221);
    const states = found.levels.map((_, n) => stateOn(found, n, [xs]));
    return {
      outcomes: {
        "3": { checks: [await limit("Forrester’s function", forrester), await limit("a tilted double well", tilted)] },
        "5": { checks: [await closedForms(), await slopeInD()] },
      },
      figures: [
        {
          scene: levelsInWell({ xs, zeta: await valuesAt(morse, xs), energies: found.levels, states, D }),
          caption: "Four levels of the Morse well 8(e^{−2*x*} − 2e^{−*x*}) at *D* = ½, each state about its energy.",
        },
      ],
    };
  },
};

const forrester = forresterEntry.make({});
const tilted = doubleWellEntry.make({ height: 1, tilt: 0.3 });

/** E₀ as D → 0, extrapolated in √D, against the least ζ. */
async function limit(name: string, zeta: ReturnType<typeof morseEntry.make>): Promise<Check> {
  const levels: number[] = [];
  for (const D of [4e-4, 1e-4, 2.5e-5]) levels.push((await spectrum(zeta, { D, levels: 1 })).levels[0]);
  // E₀ = ζ_min + a√D + bD + …: each halving of √D takes one power away
  const [a, b] = [2 * levels[1] - levels[0], 2 * levels[2] - levels[1]];
  return {
    what: `*E*_{0} of ${name}, extrapolated to *D* → 0, against the least ζ`,
    measured: (4 * b - a) / 3,
    expected: zeta.truth?.minimum ?? Number.NaN,
    tolerance: 1e-5,
  };
}

/** The worst relative error over the lowest levels of four wells. */
async function closedForms(): Promise<Check> {
  const D = 0.5;
  const wells = [
    harmonicEntry.make({ dim: 1, stiffness: 2 }),
    morseEntry.make({ depth: 8, steepness: 1, center: 0 }),
    poschlTellerEntry.make({ depth: 10, steepness: 1 }),
    squareWellEntry.make({ length: 1 }),
  ];
  let off = 0;
  for (const well of wells) {
    const exact = well.truth?.energies?.(D) ?? [];
    const count = Math.min(3, exact.length);
    const { levels } = await spectrum(well, { D, levels: count });
    for (let n = 0; n < count; n++) off = Math.max(off, Math.abs(levels[n] / exact[n] - 1));
  }
  return {
    what: "largest relative error of the three lowest levels: harmonic, Morse, Pöschl–Teller, square well",
    measured: off,
    expected: 0,
    tolerance: 1e-9,
  };
}

/** Hellmann–Feynman: dE₀/dD = ⟨−∇²⟩ = ⟨T⟩/D. */
async function slopeInD(): Promise<Check> {
  const [D, h] = [0.3, 1e-3];
  const ground = async (at: number) => spectrum(tilted, { D: at, levels: 1 });
  const [below, here, above] = [await ground(D - h), await ground(D), await ground(D + h)];
  return {
    what: "d*E*_{0}/d*D* over ⟨−∂^{2}/∂*x*^{2}⟩ > 0 in a tilted double well",
    measured: (above.levels[0] - below.levels[0]) / (2 * h) / (here.kinetic[0] / D),
    expected: 1,
    tolerance: 1e-4,
  };
}

/** (1)(2)(4): the real-time Schrödinger equation with an objective as its potential. */
import { spaceTime } from "../draw/density.ts";
import { evolveWave, gaussianWave } from "../math/packet.ts";
import { evolve } from "../tasks/evolve.ts";
import type { Chapter, Check } from "./item.ts";
import { amplitudesOf, distance, filmOf, moving, onLine, orderOf, REAL, sampled, valuesAt } from "./wave.ts";

const D = 0.5;
const GRID = ["src/engines/grid/index.ts", "src/tasks/evolve.ts"];

export const schrodinger: Chapter = {
  title: "The Schrödinger equation of learning",
  items: [
    {
      id: "1",
      title: "Schrödinger’s equation",
      equation: "i ∂*ψ*/∂*t* = [−*D* ∂^{2}/∂*x*^{2} + *V*(*x*)] *ψ*",
      claim: "The state moves by Schrödinger’s equation; *D* sets how large the kinetic energy is.",
      files: GRID,
      tests: [
        ["test/math/packet.test.ts", "is the dense exponential at angle %f, phase and norm included"],
        ["test/engines/grid.test.ts", "energies, kinetic and potential, are those of the closed form"],
      ],
    },
    {
      id: "2",
      title: "An objective function as the potential",
      equation: "i ∂*ψ*/∂*t* = [−*D* ∂^{2}/∂*x*^{2} + *f*(*x*)] *ψ*",
      claim: "Any objective can stand in for *V*: the motion stays that of a closed quantum system.",
      files: GRID,
      tests: [["test/engines/grid.test.ts", "is reversible: the complex conjugate goes back to the start"]],
    },
    {
      id: "4",
      title: "The quantum dynamics of machine learning",
      equation: "i ∂*ψ*/∂*t* = [−*D* ∂^{2}/∂*x*^{2} + ζ(*x*)] *ψ*",
      claim: "The generalized objective ζ moves the state of a learner in the same way; |*ψ*|^{2} is a probability.",
      files: [...GRID, "src/engines/grid/schemes.ts"],
      tests: [["test/engines/grid.test.ts", "is 4 for the fourth order (%s)"]],
    },
  ],

  async compute() {
    const well = onLine((x) => 0.1 * (x * x - 4) ** 2 + 0.3 * x, 8);
    const { end, motion } = await moving({
      ...{ potential: well, angle: REAL, duration: 12, dt: 0.005, shape: [256], law: D, frames: 160 },
      start: { kind: "gaussian", mean: [-2.4], sigma: [0.5] },
    });
    const film = filmOf(motion, 4.6);
    const scene = spaceTime({ ...film, zeta: await valuesAt(well, film.xs) });
    return {
      outcomes: {
        "1": { checks: [await closedForm()] },
        "2": { checks: [await reversible(), await energyKept()] },
        "4": {
          checks: [
            await order(2),
            await order(4),
            { what: "∫|*ψ*|^{2} d*x* at the end", measured: end.norm, expected: 1, tolerance: 1e-12 },
          ],
        },
      },
      figures: [
        {
          scene,
          caption:
            "A packet in real time in ζ = 0.1(*x*^{2} − 4)^{2} + 0.3*x*, *D* = ½: it swings in its well, spreads, and leaks through the barrier.",
        },
      ],
    };
  },
};

/** A packet of another width than the ground state's, displaced in a well, against the closed form, phase included. */
async function closedForm(): Promise<Check> {
  const [mean, sigma, duration] = [1.5, 0.4, 20];
  const { view } = await evolve({
    ...{ potential: onLine((x) => 0.5 * x * x, 12), angle: REAL, duration, dt: 0.005, shape: [256], law: D },
    ...{ start: { kind: "gaussian", mean: [mean], sigma: [sigma] }, order: 4, frames: 1 },
  });
  const exact = evolveWave(gaussianWave(mean, sigma), { v: 0, g: 0, k: 1 }, D, REAL, duration);
  return {
    what: "‖*ψ* − closed form‖ after 4000 steps in ½*x*^{2}, phase included",
    measured: distance(amplitudesOf(view), sampled(exact, view.axes[0])),
    expected: 0,
    tolerance: 1e-7,
  };
}

const rastrigin = onLine((x) => 10 + x * x - 10 * Math.cos(2 * Math.PI * x), 5.12);
const PACKET = { kind: "gaussian", mean: [0.7], sigma: [0.2] } as const;

async function reversible(): Promise<Check> {
  const setup = { potential: rastrigin, angle: REAL, duration: 2, dt: 0.001, shape: [512], law: D, frames: 1 };
  const forth = amplitudesOf((await evolve({ ...setup, start: PACKET })).view);
  const turned = { kind: "wave", re: forth.re, im: forth.im.map((v) => -v) } as const;
  const { view } = await evolve({ ...setup, start: turned });
  const xs = view.axes[0];
  return {
    what: "‖*ψ* − start‖ after 2000 steps forth and 2000 back (Rastrigin’s function)",
    measured: distance(amplitudesOf(view), sampled(gaussianWave(0.7, 0.2), xs)),
    expected: 0,
    tolerance: 1e-10,
  };
}

/** By which power of Δt the energy strays. */
async function energyKept(): Promise<Check> {
  const strays: number[] = [];
  for (const dt of [0.004, 0.002]) {
    const { trace } = await evolve({
      ...{ potential: rastrigin, angle: REAL, duration: 2, dt, shape: [512], law: D, frames: 50 },
      start: PACKET,
    });
    strays.push(Math.max(...trace.map(({ energy }) => Math.abs(energy - trace[0].energy))));
  }
  return {
    what: "power of Δ*t* with which ⟨*H*⟩ strays",
    measured: orderOf(strays),
    expected: 2,
    tolerance: 0.1,
  };
}

/** The order of the scheme in Δt, from three halvings. */
async function order(of: 2 | 4): Promise<Check> {
  const well = onLine((x) => 0.1 * (x * x - 4) ** 2 + 0.3 * x, 8);
  const ends = [];
  for (const dt of [0.04, 0.02, 0.01]) {
    const { view } = await evolve({
      ...{ potential: well, angle: REAL, duration: 2, dt, shape: [128], law: D, order: of, frames: 1 },
      start: { kind: "gaussian", mean: [-2], sigma: [0.5] },
    });
    ends.push(amplitudesOf(view));
  }
  return {
    what: `fitted order in Δ*t* of the splitting of order ${of}`,
    measured: orderOf([distance(ends[0], ends[1]), distance(ends[1], ends[2])]),
    expected: of,
    tolerance: 0.05,
  };
}

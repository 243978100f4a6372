/** (11) and erratum E3: the 1-order equation in imaginary time, as a reaction and as Fokker–Planck. */

import type { Engine, Info } from "../core/engine.ts";
import type { Potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { settling } from "../draw/settling.ts";
import { fokkerPlanck as engine } from "../engines/fokker-planck.ts";
import { iteration } from "../engines/iteration.ts";
import { densityWave, evolveWave, massOf } from "../math/packet.ts";
import { steady } from "../schedules/steady.ts";
import type { Chapter, Check } from "./item.ts";
import { onLine, worst } from "./wave.ts";

const D = 0.5;

export const fokkerPlanck: Chapter = {
  title: "Knowing the slope, in imaginary time: Fokker–Planck",
  items: [
    {
      id: "11",
      title: "The Fokker–Planck equation",
      equation:
        "printed ∂*ψ*/∂*τ* = (*D* ∂^{2}/∂*x*^{2} − ζ′(*x*)) *ψ*;   corrected ∂*p*/∂*τ* = ∂(*p*ζ′)/∂*x* + *D* ∂^{2}*p*/∂*x*^{2}",
      claim: "It is the Fokker–Planck equation: diffusion with a drift down the slope, noisy gradient descent.",
      files: ["src/engines/fokker-planck.ts", "src/math/drift-diffusion.ts", "src/engines/iteration.ts"],
      tests: [
        ["test/engines/fokker-planck.test.ts", "comes to e^{−ζ/D} from anywhere (%s)"],
        ["test/engines/iteration.test.ts", "erratum E3: the slope as a reaction"],
      ],
    },
    {
      id: "E3",
      title: "Erratum: a reaction is no drift",
      equation: "printed −ζ′(*x*) *ψ*;   corrected +∂(ζ′*p*)/∂*x*",
      claim: "(11), and its iteration (16), let the density drift down the slope and keep its mass.",
      files: ["src/engines/fokker-planck.ts", "src/engines/iteration.ts"],
      tests: [
        [
          "test/engines/iteration.test.ts",
          "loses mass, by closed form to 0.558 of it at τ = 1, where the conservative twin keeps all",
        ],
        [
          "test/engines/iteration.test.ts",
          "drifts nothing: on a straight slope ψ keeps its center and shape and only fades",
        ],
      ],
    },
  ],

  async compute() {
    const mass = await masses();
    return {
      outcomes: {
        "11": { checks: [...mass, ...(await stationary())] },
        E3: {
          checks: [...mass, ...(await drifts())],
          notes: [
            `As a reaction the mass at *τ* = 1 has the closed form ${massOf(evolveWave(densityWave(1, 0.5), { v: 0, g: 1, k: 0 }, D, 0, 1)).toFixed(4)}.`,
          ],
        },
      },
      figures: [await picture()],
    };
  },
};

type Seen = { readonly info: Info; readonly density: Float64Array; readonly xs: Float64Array };

/** A density under an engine for some steps. */
async function after(potential: Potential, of: Engine, dt: number, steps: number): Promise<Seen> {
  let seen: Seen = { info: {}, density: new Float64Array(), xs: new Float64Array() };
  let taken = 0;
  for await (const { info, view } of run({ potential, engine: of, schedule: steady({ D, dt }), seed: 0 })) {
    if (++taken < steps) continue;
    const at = view();
    if (at.kind === "grid") seen = { info, density: at.density.slice(), xs: Float64Array.from(at.axes[0]) };
    break;
  }
  return seen;
}

const peak = (x: Float64Array): number => Math.exp(-((x[0] - 1) ** 2));

/** The mass at τ = 1 of a packet in ½x². */
async function masses(): Promise<Check[]> {
  const well = onLine((x) => 0.5 * x * x, 6, "open");
  const printed = await after(well, iteration({ shape: [201], slope: "centered", start: peak }), 1e-3, 1000);
  const proper = await after(well, engine({ shape: [200], stepping: "explicit", start: peak }), 1e-3, 1000);
  const of = { what: "mass at *τ* = 1, from 1, in ½*x*^{2}", expected: 1 };
  return [
    { ...of, measured: printed.info.mass, tolerance: 1e-9 },
    { ...of, what: "the same", corrected: true, measured: proper.info.mass, tolerance: 1e-12 },
  ];
}

/** The mean on a straight slope at τ = ½, from 1. */
async function drifts(): Promise<Check[]> {
  const g = 0.8;
  const slope = onLine((x) => g * x, 8, "open");
  const printed = await after(slope, iteration({ shape: [257], slope: "forward", start: peak }), 1e-3, 500);
  const proper = await after(slope, engine({ shape: [256], stepping: "explicit", start: peak }), 1e-3, 500);
  // the energy is the mean of ζ = gx
  const of = { what: "⟨*x*⟩ at *τ* = ½ on the slope 0.8, from 1", expected: 1 - g / 2, tolerance: 1e-3 };
  return [
    { ...of, measured: printed.info.energy / g },
    { ...of, what: "the same", corrected: true, measured: proper.info.energy / g },
  ];
}

const double = onLine((x) => (x * x - 1) ** 2 + 0.15 * x, 2.2, "open");

/** e^{−ζ/D}, normalized. */
function lawOn(xs: Float64Array, heat: number): { values: Float64Array; law: Float64Array } {
  const values = xs.map((x) => (x * x - 1) ** 2 + 0.15 * x);
  const law = values.map((v) => Math.exp(-v / heat));
  const mass = law.reduce((sum, v) => sum + v, 0) * (xs[1] - xs[0]);
  return { values, law: law.map((v) => v / mass) };
}

/** Where both come to rest, against e^{−ζ/D}. */
async function stationary(): Promise<Check[]> {
  const start = (x: Float64Array): number => Math.exp(-((x[0] - 1) ** 2) / 0.1);
  const proper = await after(double, engine({ shape: [100], stepping: "implicit", start }), 1, 200);
  // as a reaction it grows or fades for ever: what settles is its shape
  const printed = await after(double, iteration({ shape: [101], slope: "centered", start }), 5e-4, 20_000);
  const off = ({ xs, density }: Seen): number => {
    const total = density.reduce((sum, v) => sum + v, 0) * (xs[1] - xs[0]);
    const { law } = lawOn(xs, D);
    return worst(
      density.map((v) => v / total),
      law,
    );
  };
  const what = "largest distance of the settled density from e^{−ζ/*D*} in a double well";
  return [
    { what, measured: off(printed), expected: 0, tolerance: 1e-9 },
    { what: "the same", corrected: true, measured: off(proper), expected: 0, tolerance: 1e-9 },
  ];
}

async function picture() {
  const heat = 0.25;
  const start = (x: Float64Array): number => Math.exp(-((x[0] - 1.1) ** 2) / 0.03);
  const schedule = steady({ D: heat, dt: 0.01 });
  const times = [0.05, 0.5, 2, 5, 20];
  const densities: Float64Array[] = [];
  let xs = new Float64Array();
  const of = engine({ shape: [220], stepping: "implicit", start });
  for await (const frame of run({ potential: double, engine: of, schedule, seed: 0 })) {
    if (frame.tau < times[densities.length] - 1e-9) continue;
    const view = frame.view();
    if (view.kind !== "grid") break;
    xs = Float64Array.from(view.axes[0]);
    densities.push(view.density.slice());
    if (densities.length === times.length) break;
  }
  const { values, law } = lawOn(xs, heat);
  return {
    scene: settling({ xs, zeta: values, times, densities, stationary: law }),
    caption:
      "Noisy gradient descent as a density, by the conservative form at *D* = ¼: from the shallower well it settles to e^{−ζ/*D*} (dashed), within its well at once, over the barrier slowly.",
  };
}

/** (7) and erratum E2: the 1-order Taylor approximation, in real and in imaginary time. */
import { linearAxis } from "../draw/axes.ts";
import { chart } from "../draw/chart.ts";
import { rich } from "../draw/scene.ts";
import { accelerated, drifted } from "../math/packet.ts";
import { evolve } from "../tasks/evolve.ts";
import type { Chapter, Check } from "./item.ts";
import { onLine, REAL } from "./wave.ts";

const [D, G] = [0.5, 0.8];
const sloping = onLine((x) => G * x, 12, "wall");
const constant = onLine(() => G, 12, "wall");
// in imaginary time what rounding leaves at the far wall grows as e^{12gτ}
const [LONG, SHORT] = [3, 1.5];

export const slope: Chapter = {
  title: "Knowing the slope",
  items: [
    {
      id: "7",
      title: "The 1-order approximation in real time",
      equation:
        "printed i ∂*ψ*/∂*t* = (−*D* ∂^{2}/∂*x*^{2} + ζ′(*x*_{0})) *ψ*;   corrected … + ζ′(*x*_{0})(*x* − *x*_{0})",
      claim: "A packet at *x*_{0} feels the slope ζ′(*x*_{0}) and descends.",
      files: ["src/math/packet.ts", "src/potentials/taylor.ts", "src/engines/grid/index.ts"],
      tests: [
        ["test/engines/grid.test.ts", "(7) on a slope it accelerates, ⟨x⟩ = x₀ − Dgt²"],
        ["test/math/packet.test.ts", "(7) as printed moves nothing: a constant ζ′(x₀) turns the phase alone (E2)"],
      ],
    },
    {
      id: "E2",
      title: "Erratum: the linear term needs its x − x₀",
      equation: "printed ζ(*x*) ≈ ζ′(*x*_{0});   corrected ζ(*x*) ≈ ζ(*x*_{0}) + ζ′(*x*_{0})(*x* − *x*_{0})",
      claim: "(7) and (11) write the 1-order term as ζ′(*x*_{0}) alone.",
      files: ["src/math/packet.ts", "src/potentials/taylor.ts"],
      tests: [
        ["test/math/packet.test.ts", "(11): on a slope ψ drifts as a gradient step with Gaussian noise (E2 corrected)"],
        ["test/potentials/taylor.test.ts", "has the derivatives up to order %i and no more"],
      ],
    },
  ],

  async compute() {
    const start = { kind: "gaussian", mean: [0], sigma: [0.8] } as const;
    const run = (angle: number, printed: boolean) =>
      evolve({
        ...{ potential: printed ? constant : sloping, angle, duration: angle > 0 ? LONG : SHORT, dt: 0.005 },
        ...{ shape: [255], law: D, frames: 30, start },
      });
    const [printed, corrected] = [await run(REAL, true), await run(REAL, false)];
    const [still, drifting] = [await run(0, true), await run(0, false)];
    const expected = accelerated(0, G, D, LONG);
    // |ψ|² of variance σ² belongs to ψ of variance 2σ²
    const drift = drifted(0, 2 * 0.8 ** 2, G, D, SHORT).mean;
    const ways = (what: string, a: number, b: number, to: number, tolerance: number): Check[] => [
      { what, measured: a, expected: to, tolerance },
      { what: "the same", corrected: true, measured: b, expected: to, tolerance },
    ];
    const real = ways("⟨*x*⟩ at *t* = 3, from rest at 0", printed.mean[0], corrected.mean[0], expected, 1e-4);
    const imaginary = ways("⟨*x*⟩ at *τ* = 1.5, from 0", still.mean[0], drifting.mean[0], drift, 1e-3);
    const times = (of: typeof printed): number[] => of.trace.map(({ time }) => time);
    const mean = (of: typeof printed): number[] => of.trace.map((row) => row.mean[0]);
    return {
      outcomes: {
        "7": {
          checks: real,
          notes: ["The mean of the corrected form goes as *x*_{0} − *Dgt*^{2}, *g* = ζ′(*x*_{0})."],
        },
        E2: {
          checks: [...real, ...imaginary],
          notes: [
            "A constant ζ′(*x*_{0}) turns the phase of *ψ* or scales it, everywhere alike: nothing descends. In imaginary time the corrected form is a gradient step of rate *Dτ*^{2} + *s*_{0}*τ* with Gaussian noise of variance 2*Dτ*.",
          ],
        },
      },
      figures: [
        {
          scene: chart({
            name: "slope",
            title: "The mean of a packet on a slope",
            x: linearAxis(rich("time *t* or *τ* (1/units of ζ)"), 0, LONG, 6),
            y: linearAxis(rich("⟨*x*⟩"), Math.min(drift, expected) * 1.05, 0.4),
            lines: [
              { xs: times(corrected), ys: mean(corrected), color: "blue" },
              { xs: times(drifting), ys: mean(drifting), color: "green" },
              { xs: times(printed), ys: mean(printed), color: "orange", dash: [6, 4] },
            ],
            key: [
              { color: "blue", label: "real time" },
              { color: "green", label: "imaginary time" },
              { color: "orange", dash: [6, 4], label: "as printed, both" },
            ],
          }),
          caption: `A packet on the slope *g* = ${G}, *D* = ½: with the linear potential it falls, with the constant that (7) prints it stays.`,
        },
      ],
    };
  },
};

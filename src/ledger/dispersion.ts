/** (6), Figure 2 and erratum E7: the 0-order Taylor approximation in real time. */
import { dispersion as columns } from "../draw/dispersion.ts";
import { dispersed, evolveWave, gaussianWave } from "../math/packet.ts";
import { sumProducts } from "../math/sum.ts";
import { evolve } from "../tasks/evolve.ts";
import type { Chapter, Check } from "./item.ts";
import { amplitudesOf, between, onLine, REAL, sampled, worst } from "./wave.ts";

const D = 0.5;
const flat = (v: number) => onLine(() => v, 40);

export const dispersion: Chapter = {
  title: "Knowing nothing: dispersion",
  items: [
    {
      id: "6",
      title: "The free particle",
      equation: "i ∂*ψ*/∂*t* = −*D* ∂^{2}*ψ*/∂*x*^{2}",
      claim: "To order 0 nothing is known of ζ, and a packet disperses.",
      files: ["src/math/packet.ts", "src/engines/grid/index.ts"],
      tests: [
        ["test/engines/grid.test.ts", "(6) a free packet disperses, σ(t)² = σ₀² + (Dt/σ₀)²"],
        ["test/math/packet.test.ts", "(6): a free packet disperses in real time"],
      ],
    },
    {
      id: "F2",
      title: "Figure 2: a packet disperses",
      equation: "*σ*(*t*)^{2} = *σ*_{0}^{2} + (*Dt*/*σ*_{0})^{2},   ⟨*x*⟩ = 2*Dk*_{0}*t*",
      claim: "The packet travels, widens and keeps its waves.",
      files: ["src/draw/dispersion.ts", "src/math/packet.ts"],
      tests: [["test/draw/quantum.test.ts", "a packet in columns of time and rows of moments"]],
    },
    {
      id: "E7",
      title: "Erratum: order 0 keeps a constant",
      equation: "printed ζ(*x*) ≈ 0;   corrected ζ(*x*) ≈ ζ(*x*_{0})",
      claim: "§3.2.1 puts ζ = 0 at order 0.",
      files: ["src/potentials/taylor.ts", "src/math/packet.ts"],
      tests: [["test/potentials/taylor.test.ts", "the dynamics of the Taylor orders on the line"]],
    },
  ],

  async compute() {
    const [sigma, wave] = [1, 1.6];
    const start = { kind: "gaussian", mean: [0], sigma: [sigma], momentum: [wave] } as const;
    const { trace } = await evolve({
      ...{ potential: flat(0), angle: REAL, duration: 6, dt: 0.05, shape: [512], law: D, frames: 12, start },
    });
    const times = [0, 2, 4, 6];
    const xs = between(-8, 24, 321);
    const frames = times.map((t) => {
      const { re, im } = sampled(evolveWave(gaussianWave(0, sigma, wave), { v: 0, g: 0, k: 0 }, D, REAL, t), xs);
      return { re, modulus: re.map((v, i) => Math.hypot(v, im[i])) };
    });
    return {
      outcomes: {
        "6": {
          checks: [
            {
              what: "largest error of the width *σ*(*t*) up to *t* = 6",
              measured: worst(
                trace.map(({ spread }) => spread),
                trace.map(({ time }) => dispersed(sigma, D, time)),
              ),
              expected: 0,
              tolerance: 1e-9,
            },
            {
              what: "width at *t* = 6, from 1",
              measured: trace[trace.length - 1].spread,
              expected: Math.hypot(1, 3),
              tolerance: 1e-9,
            },
          ],
        },
        F2: {
          checks: [
            {
              what: "⟨*x*⟩ at *t* = 6, mean wave number 1.6",
              measured: trace[trace.length - 1].mean[0],
              expected: 2 * D * wave * 6,
              tolerance: 1e-9,
            },
          ],
        },
        E7: {
          checks: await constant(),
          notes: [
            "The constant moves nothing, but it is there: a phase exp(−iζ(*x*_{0})*t*) in real time, a decay exp(−ζ(*x*_{0})*τ*) in imaginary time. Without it energies are off by ζ(*x*_{0}).",
          ],
        },
      },
      figures: [
        {
          scene: columns({ xs, times, columns: [{ heading: "real time: *ψ* (line) within ±|*ψ*|", frames }] }),
          caption:
            "The paper’s Figure 2, drawn from the closed form: a free packet of mean wave number 1.6 at *D* = ½ moves at 2*Dk*_{0} and disperses.",
        },
      ],
    };
  },
};

/** The rate of decay and the turn of the phase that a constant ζ(x₀) = 0.75 makes. */
async function constant(): Promise<Check[]> {
  const [v, time] = [0.75, 2];
  const start = { kind: "gaussian", mean: [0], sigma: [1] } as const;
  const run = (angle: number, value: number) =>
    evolve({ potential: flat(value), angle, duration: time, dt: 0.05, shape: [256], law: D, frames: 1, start });
  const [with_, without] = [await run(REAL, v), await run(REAL, 0)];
  const [a, b] = [amplitudesOf(with_.view), amplitudesOf(without.view)];
  const re = sumProducts(b.re, a.re) + sumProducts(b.im, a.im);
  const im = sumProducts(b.re, a.im) - sumProducts(b.im, a.re);
  const decay = ((await run(0, v)).growth ?? 0) - ((await run(0, 0)).growth ?? 0);
  const turn = Math.atan2(im, re);
  return [
    { what: "rate of decay in imaginary time, ζ(*x*_{0}) = 0.75", measured: decay, expected: 0, tolerance: 1e-9 },
    { what: "the same", corrected: true, measured: decay, expected: v, tolerance: 1e-9 },
    { what: "turn of the phase in real time, *t* = 2", measured: turn, expected: 0, tolerance: 1e-9 },
    { what: "the same", corrected: true, measured: turn, expected: -v * time, tolerance: 1e-9 },
  ];
}

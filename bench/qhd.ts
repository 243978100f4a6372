/** Quantum Hamiltonian Descent at the published protocol: 256² points, 10⁴ steps, uniform start; seven functions. */
import { readFileSync } from "node:fs";
import { domain } from "../src/core/problem.ts";
import { formula } from "../src/potentials/formula/index.ts";
import { qhd } from "../src/schedules/qhd.ts";
import { evolve } from "../src/tasks/evolve.ts";

type Published = { name: string; formula: string; lower: number; upper: number; minimizer: number[]; success: number };

// the compiled benchmarks lie in out/bench/bench
const reference = new URL("../../../test/reference/qhd.json", import.meta.url);
const DURATION = 10;
const DT = 0.001;
const POINTS = 256;

/** The probability within a tenth of the width of the minimizer, beside the published one (read from a figure, ±0.003). */
export async function bench() {
  const { functions } = JSON.parse(readFileSync(reference, "utf8")) as { functions: Published[] };
  const rows = [];
  for (const { name, formula: text, lower, upper, minimizer, success } of functions) {
    const width = upper - lower;
    const { at } = qhd({ duration: DURATION, dt: DT, softening: 1e-3, width });
    if (at === undefined) throw new Error("the schedule has no time");
    const begun = performance.now();
    const { probabilities = [], norm } = await evolve({
      potential: formula(text, { vars: ["x", "y"], domain: domain([lower, lower], [upper, upper], "periodic") }),
      ...{ angle: Math.PI / 2, duration: DURATION, dt: DT, shape: [POINTS, POINTS], law: at, frames: 10 },
      start: { kind: "uniform" },
      regions: [{ kind: "disc", center: minimizer, radius: 0.1 * width }],
    });
    rows.push({
      function: name,
      probability: Number(probabilities[0].toFixed(4)),
      published: success,
      "norm − 1": (norm - 1).toExponential(0),
      seconds: Number(((performance.now() - begun) / 1000).toFixed(1)),
    });
  }
  return { name: "qhd: seven functions at 256² points and 10⁴ steps, one thread", rows };
}

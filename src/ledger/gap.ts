/** H1: imaginary time converges to the ground state at the rate of the gap. */

import type { Potential } from "../core/problem.ts";
import { forest } from "../draw/forest.ts";
import { fold, type Key, key, uniform } from "../math/rng.ts";
import { bootstrap, mean } from "../math/stats.ts";
import { henonHeilesEntry, morseEntry } from "../potentials/wells.ts";
import { evolve } from "../tasks/evolve.ts";
import { spectrum } from "../tasks/spectrum.ts";
import { type Chapter, type Check, type Context, seedsOf } from "./item.ts";
import { pause } from "./pause.ts";
import { onLine, rateOf } from "./wave.ts";

type Well = {
  readonly name: string;
  readonly potential: Potential;
  readonly D: number;
  readonly dt: number;
  readonly shape: readonly number[];
  /** Between which distances from 0 the start's center lies, on either side, and its widths. */
  readonly centers: readonly [number, number];
  readonly widths: readonly [number, number];
};

const wells: readonly Well[] = [
  {
    name: "½*x*^{2}",
    potential: onLine((x) => 0.5 * x * x, 8, "open"),
    D: 0.5,
    dt: 0.05,
    shape: [128],
    centers: [0.5, 1.5],
    widths: [0.4, 1],
  },
  {
    name: "¼*x*^{4} + 0.3*x*",
    potential: onLine((x) => 0.25 * x ** 4 + 0.3 * x, 5, "open"),
    D: 0.4,
    dt: 0.02,
    shape: [128],
    centers: [0.6, 1.4],
    widths: [0.3, 0.7],
  },
  {
    name: "Morse",
    potential: morseEntry.make({ depth: 8, steepness: 1, center: 0 }),
    D: 0.5,
    dt: 0.01,
    shape: [512],
    centers: [0.4, 0.8],
    widths: [0.2, 0.5],
  },
  {
    name: "tilted double well",
    potential: onLine((x) => 2 * (x * x - 1) ** 2 + 0.4 * x, 3, "open"),
    D: 0.3,
    dt: 0.02,
    shape: [128],
    centers: [0.6, 1.2],
    widths: [0.2, 0.5],
  },
  {
    name: "Hénon–Heiles, 2-d",
    potential: henonHeilesEntry.make({ coupling: Math.sqrt(0.0125) }),
    D: 0.5,
    dt: 0.05,
    shape: [64, 64],
    centers: [0.5, 1.5],
    widths: [0.5, 1],
  },
];

const even: Well = {
  name: "¼*x*^{4}, even starts",
  potential: onLine((x) => 0.25 * x ** 4, 5, "open"),
  D: 0.4,
  dt: 0.02,
  shape: [128],
  centers: [0, 0],
  widths: [0.3, 0.6],
};

export const gap: Chapter = {
  title: "H1: convergence at the rate of the gap",
  items: [
    {
      id: "H1",
      title: "Imaginary time converges to the ground state at the rate of the gap",
      equation: "‖*ψ* − *φ*_{0}‖ ∝ exp(−(*E*_{1} − *E*_{0})*τ*)",
      claim: "The distance to the ground state decays at the rate of the gap.",
      files: ["src/ledger/gap.ts", "src/tasks/evolve.ts", "src/tasks/spectrum.ts"],
      tests: [
        [
          "test/engines/grid-ground.test.ts",
          "(20) the distance to φ₀ decays at the rate of the gap, the energy's excess at twice that",
        ],
        ["test/engines/grid-ground.test.ts", "from an even start in an even well the rate is E₂ − E₀"],
      ],
    },
  ],

  async compute(context) {
    const checks: Check[] = [];
    for (const well of wells) checks.push(await ratio(well, 1, context));
    const last = await ratio(even, 2, context);
    const rows = [...checks, last].map(({ measured, interval = [0, 0] }, k) => ({
      name: [...wells, even][k].name,
      estimate: measured,
      low: interval[0],
      high: interval[1],
    }));
    return {
      outcomes: {
        H1: {
          checks: [...checks, last],
          seeds: seedsOf(context),
          notes: [
            "Starts are packets with center and width drawn by the seed; the rate is fitted where *φ*_{0} and *φ*_{1} alone are left. From an even start in an even well *c*_{1} = 0: there the rate is *E*_{2} − *E*_{0}, faster than the gap.",
          ],
        },
      },
      figures: [
        {
          scene: forest({
            title: "Fitted rate over the gap",
            label: "fitted rate over *E*_{1} − *E*_{0} (even starts: over *E*_{2} − *E*_{0})",
            heading: "mean and 95 % interval over starts",
            rows,
            line: 1,
            tolerance: TOLERANCE,
          }),
          caption:
            "The rate at which the distance to the ground state decays over the gap of the spectrum, found independently; the band is the tolerance.",
        },
      ],
    };
  },
};

const TOLERANCE = 0.01;

/** When the fit begins: the distance has fallen to e^{−6}, and the next level's part to e^{−7} of that; it ends e^{−3} later. */
const [FALLEN, PURE, FITTED] = [6, 7, 3];

/** Fitted rate over E_n − E₀, over random starts. */
async function ratio(well: Well, n: number, context: Context): Promise<Check> {
  const { levels } = await spectrum(well.potential, { D: well.D, levels: n + 4 });
  const apart = levels[n] - levels[0];
  // levels may come in pairs; from even starts every other one is empty
  const next = levels.find((level, m) => (m - n) % n === 0 && level > levels[n] + 1e-6 * apart) ?? Number.NaN;
  const begin = Math.max(FALLEN / apart, PURE / (next - levels[n]));
  const ratios: number[] = [];
  for (const seed of seedsOf(context)) {
    await pause(context.signal);
    ratios.push((await rate(well, begin, begin + FITTED / apart, key(seed))) / apart);
  }
  const found = bootstrap(Float64Array.from(ratios), mean, fold(key(context.seed), 0x41), 2000);
  return {
    what: `rate over ${n === 1 ? "the gap" : "*E*_{2} − *E*_{0}"}: ${well.name}`,
    measured: found.estimate,
    expected: 1,
    tolerance: TOLERANCE,
    interval: [found.low, found.high],
  };
}

async function rate(
  { potential, D, dt, shape, centers, widths }: Well,
  begin: number,
  duration: number,
  draw: Key,
): Promise<number> {
  const within = ([low, high]: readonly [number, number], element: number): number =>
    low + (high - low) * uniform(draw, element);
  const center = within(centers, 0) * (uniform(draw, 1) < 0.5 ? -1 : 1);
  const { trace } = await evolve({
    ...{ potential, angle: 0, duration, dt, order: 4, shape, law: D, frames: 120, levels: 1 },
    ...{ start: { kind: "gaussian", mean: [center], sigma: [within(widths, 2)] } },
  });
  const late = trace.filter(({ time }) => time >= begin);
  // ‖ψ − φ₀‖² = 2 − 2|⟨φ₀|ψ⟩|
  const away = late.map(({ levels }) => Math.sqrt(2 - 2 * Math.sqrt(Math.min(1, levels?.[0] ?? 0))));
  return rateOf(
    late.map(({ time }) => time),
    away,
  );
}

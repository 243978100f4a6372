/** (9)(10), Figure 3 and erratum E1: the 0-order Taylor approximation in imaginary time. */
import { dispersion as columnsOf } from "../draw/dispersion.ts";
import { cloudKernel } from "../kernels/index.ts";
import { green, greenPrinted } from "../math/green.ts";
import { evolveWave, freeVariance, gaussianWave } from "../math/packet.ts";
import { key } from "../math/rng.ts";
import { kolmogorovSmirnov, variance } from "../math/stats.ts";
import { evolve } from "../tasks/evolve.ts";
import type { Chapter, Check, Context } from "./item.ts";
import { between, onLine, REAL, sampled, worst } from "./wave.ts";

const [D, TAU] = [0.5, 1.5];

export const diffusion: Chapter = {
  title: "Knowing nothing, in imaginary time: diffusion",
  items: [
    {
      id: "9",
      title: "Diffusion",
      equation: "∂*ψ*/∂*τ* = *D* ∂^{2}*ψ*/∂*x*^{2}",
      claim: "To order 0 the rotated equation is diffusion.",
      files: ["src/math/packet.ts", "src/engines/grid/index.ts", "src/engines/walkers.ts"],
      tests: [
        ["test/engines/grid.test.ts", "(9) a free packet diffuses: the variance of |ψ|² is σ₀² + Dτ"],
        ["test/engines/walkers.test.ts", "spreads the cloud by 2DΔτ on each axis (9)(10)"],
      ],
    },
    {
      id: "10",
      title: "Green’s function",
      equation: "printed *ψ* = (4π*Dτ*)^{−3/2} e^{−*x*²/4*Dτ*};   corrected (4π*Dτ*)^{−*d*/2} e^{−*x*²/4*Dτ*}",
      claim: "A point source becomes a Gaussian: sampling from it is a Gaussian random walk of variance 2*Dτ*.",
      files: ["src/math/green.ts", "src/math/cloud.ts", "src/kernels/cloud.ts"],
      tests: [
        ["test/math/green.test.ts", "integrates to 1 in %i dimensions with exponent d/2"],
        ["test/math/packet.test.ts", "(9)(10): the variance of ψ grows by 2Dτ, that of |ψ|² by Dτ, and ∫ψ stays"],
      ],
    },
    {
      id: "E1",
      title: "Erratum: the normalizer of (10) is that of three dimensions",
      equation: "printed (4π*Dτ*)^{−3/2};   corrected (4π*Dτ*)^{−*d*/2}",
      claim: "(10) gives the probability to diffuse from 0 to *x* on a line.",
      files: ["src/math/green.ts"],
      tests: [["test/math/green.test.ts", "as printed integrates to (4πDτ)^{(d − 3)/2} in %i dimensions (E1)"]],
    },
    {
      id: "F3",
      title: "Figure 3: from dispersion to diffusion",
      equation: "Var = |*q*|^{2}/(2 Re *q*),   *q* = 2*σ*_{0}^{2} + 2*D*e^{i*α*}*s*",
      claim: "As time is turned from real to imaginary, dispersion becomes diffusion.",
      files: ["src/draw/dispersion.ts", "src/math/packet.ts"],
      tests: [["test/engines/grid.test.ts", "(9) at angle %f a free packet has Var = |q|²/(2 Re q)"]],
    },
  ],

  async compute(context) {
    const line = integral(greenPrinted);
    const normalized = (of: typeof line, corrected: boolean): Check => ({
      what: corrected ? "the same" : "∫*ψ* d*x* on a line, *Dτ* = 0.75",
      ...(corrected ? { corrected } : {}),
      ...{ measured: of, expected: 1, tolerance: 1e-9 },
    });
    const own = integral((r2, d, tau) => green(r2, d, tau, 1));
    return {
      outcomes: {
        "9": { checks: [await spreading()] },
        "10": {
          checks: [normalized(line, false), normalized(own, true), ...walk(context).map(corrected)],
          seeds: [context.seed],
        },
        E1: {
          checks: [1, 2, 3].flatMap((dim) => inDimension(dim)),
          notes: ["Printed, the integral over *d* dimensions is (4π*Dτ*)^{(*d* − 3)/2}: right for *d* = 3 only."],
        },
        F3: { checks: [await angles()] },
      },
      figures: [
        {
          scene: picture(),
          caption:
            "The paper’s Figure 3: one packet of mean wave number 2.4 under exp(−e^{i*α*}*Hs*) with ζ = 0, *D* = ½, normalized: the line is Re *ψ*, within ±|*ψ*|. In real time it keeps its waves; in imaginary time it loses them, and what is left diffuses.",
        },
      ],
    };
  },
};

const corrected = (check: Check): Check => ({ ...check, corrected: true });

type Kernel = (r2: number, D: number, tau: number) => number;

/** ∫ over a line by the trapezoidal rule, exact to rounding for what dies at both ends. */
function integral(of: Kernel): number {
  const h = 0.01;
  let sum = 0;
  for (let i = -4000; i <= 4000; i++) sum += of((i * h) ** 2, D, TAU);
  return sum * h;
}

/** ∫ of a kernel over d dimensions: the radial integral with the area of the sphere. */
function inDimension(dim: number): Check[] {
  const h = 0.002;
  const area = [2, 2 * Math.PI, 4 * Math.PI][dim - 1];
  const over = (of: Kernel): number => {
    let sum = dim === 1 ? 0.5 * of(0, D, TAU) : 0;
    for (let i = 1; i <= 12_000; i++) sum += of((i * h) ** 2, D, TAU) * (i * h) ** (dim - 1);
    return area * sum * h;
  };
  const what = `∫*ψ* over ${dim} dimension${dim === 1 ? "" : "s"}`;
  return [
    { what, measured: over(greenPrinted), expected: 1, tolerance: 1e-5 },
    {
      what: "the same",
      corrected: true,
      measured: over((r2, d, t) => green(r2, d, t, dim)),
      expected: 1,
      tolerance: 1e-5,
    },
  ];
}

async function spreading(): Promise<Check> {
  const { spread } = await evolve({
    ...{ potential: onLine(() => 0, 20), angle: 0, duration: TAU, dt: 0.05, shape: [256], law: D, frames: 1 },
    start: { kind: "gaussian", mean: [0], sigma: [0.7] },
  });
  return {
    what: "variance of |*ψ*|^{2} at *τ* = 1.5, from 0.49: *σ*_{0}^{2} + *Dτ*",
    measured: spread ** 2,
    expected: 0.49 + D * TAU,
    tolerance: 1e-9,
  };
}

const WALKERS = 100_000;

/** Walkers kicked from a point: variance, and the law as a whole (Kolmogorov–Smirnov). */
function walk({ seed }: Context): Check[] {
  const x = new Float64Array(WALKERS);
  const deviation = Math.sqrt(2 * D * TAU);
  cloudKernel().kick(x, Float64Array.of(deviation), key(seed));
  const h = 1e-3;
  const grid = Array.from({ length: 20_001 }, (_, i) => green(((i - 10_000) * h) ** 2, D, TAU, 1) * h);
  let sum = 0;
  const cumulated = grid.map((p) => {
    sum += p;
    return sum - p / 2;
  });
  const law = (v: number): number => cumulated[Math.max(0, Math.min(20_000, Math.round(v / h) + 10_000))];
  return [
    {
      what: "variance of 100,000 walkers from one point over 2*Dτ*, within 4 standard errors",
      measured: variance(x) / (2 * D * TAU),
      expected: 1,
      tolerance: 4 * Math.sqrt(2 / WALKERS),
    },
    {
      what: "largest distance between the walkers’ law and that of *G*, within what chance gives once in 10,000",
      measured: kolmogorovSmirnov(x, law).distance,
      expected: 0,
      tolerance: 2.23 / Math.sqrt(WALKERS),
    },
  ];
}

const DEGREES = [0, 45, 90];

async function angles(): Promise<Check> {
  const [found, expected]: [number[], number[]] = [[], []];
  for (const degrees of DEGREES) {
    const angle = (degrees * Math.PI) / 180;
    const { trace } = await evolve({
      ...{ potential: onLine(() => 0, 40), angle, duration: 5, dt: 0.05, shape: [512], law: D, frames: 10 },
      start: { kind: "gaussian", mean: [0], sigma: [1] },
    });
    for (const { spread, time } of trace) {
      found.push(spread ** 2);
      expected.push(freeVariance(1, D, angle, time));
    }
  }
  return {
    what: "largest error of Var up to *s* = 5 at 0°, 45°, 90°",
    measured: worst(found, expected),
    expected: 0,
    tolerance: 1e-8,
  };
}

function picture() {
  const xs = between(-10, 24, 381);
  const times = [0, 1.5, 3, 5];
  const start = gaussianWave(0, 1, 2.4);
  const column = (heading: string, angle: number) => ({
    heading,
    frames: times.map((s) => {
      const { re, im } = sampled(evolveWave(start, { v: 0, g: 0, k: 0 }, D, angle, s), xs);
      const norm = Math.sqrt(re.reduce((sum, v, i) => sum + v * v + im[i] ** 2, 0) * (xs[1] - xs[0]));
      return { re: re.map((v) => v / norm), modulus: re.map((v, i) => Math.hypot(v, im[i]) / norm) };
    }),
  });
  return columnsOf({
    xs,
    times,
    columns: [
      column("real time, *α* = 90°", REAL),
      column("halfway, *α* = 45°", REAL / 2),
      column("imaginary time, *α* = 0°", 0),
    ],
  });
}

/**
 * H4: the noise of mini-batches acts as D. Stochastic gradient descent with batches of B at rate η, θ′ = θ − η g_B, on
 * linear and on logistic regression: the stationary spread of θ over η/B. About the minimum, with K the curvature and C the
 * covariance of one sample's gradient, the covariance Σ solves KΣ + ΣK − ηKΣK = (η/B) C: a diffusion with the matrix
 * D = ηC/2B.
 */
import { logAxis } from "../draw/axes.ts";
import { chart, type Line } from "../draw/chart.ts";
import { rich } from "../draw/scene.ts";
import { sigmoid } from "../math/populations.ts";
import { fold, integer, type Key, key, normal, uniform } from "../math/rng.ts";
import { bootstrap, mean } from "../math/stats.ts";
import { type Chapter, type Check, type Context, seedsOf } from "./item.ts";
import { pause } from "./pause.ts";
import { rateOf } from "./wave.ts";

export const sgd: Chapter = {
  title: "H4: the noise of mini-batches as D",
  items: [
    {
      id: "H4",
      title: "SGD noise acts as D: the spread of the parameters grows linearly with it",
      equation:
        "*θ*′ = *θ* − *η g*_{B},   tr *Σ* ∝ *η*/*B*;   printed *D* a number, corrected *D* = *ηC*/2*B* a matrix",
      claim: "The gradient noise of a mini-batch is the diffusion of the parameters; its law at rest is e^{−ζ/*D*}.",
      files: ["src/ledger/sgd.ts"],
      tests: [
        ["test/ledger/hypotheses.test.ts", "H4: the spread of stochastic gradient descent is that of a matrix D"],
      ],
    },
  ],

  async compute(context) {
    const linear = await measure("linear regression", linearModel, context);
    const logistic = await measure("logistic regression", logisticModel, context);
    const found = [linear, logistic];
    return {
      outcomes: {
        H4: {
          checks: found.flatMap(({ slope, size, isotropy }) => [slope, size, isotropy]),
          seeds: seedsOf(context),
          notes: [
            "The spread is linear in the noise, but the noise is no number: its covariance *C* follows the gradients, and where the model is well specified *C* ∝ *K*. Then all directions spread alike, where a scalar *D* spreads them as 1/*k*: the law at rest is not e^{−ζ/*D*} of the loss itself.",
          ],
        },
      },
      figures: [
        {
          scene: chart({
            name: "sgd",
            title: "Stationary spread of the parameters over the noise",
            x: logAxis(rich("noise *η*/*B*"), LEVELS[LEVELS.length - 1], LEVELS[0]),
            y: logAxis(rich("tr *Σ*, the variance of the parameters"), 5e-4, 0.1),
            lines: found.flatMap(({ spreads, theory }, k): Line[] => [
              { xs: LEVELS, ys: spreads, color: k === 0 ? "blue" : "green", width: 2.4 },
              { xs: LEVELS, ys: theory, color: "ink", dash: [5, 4], width: 1.2 },
            ]),
            key: [
              { color: "blue", label: "linear regression" },
              { color: "green", label: "logistic regression" },
              { color: "ink", dash: [5, 4], width: 1.2, label: "*D* = *ηC*/2*B*" },
            ],
          }),
          caption:
            "The variance of the parameters in stationary stochastic gradient descent, batches of 32 down to 1 at *η* = 0.05, against the law of a diffusion whose *D* is a matrix: a slope of 1 is linear growth.",
        },
      ],
    };
  },
};

type Pair = readonly [number, number];

/** Samples (u, y), and the gradient of one sample's loss. */
type Model = {
  sample(key: Key, i: number): { readonly u: Pair; readonly y: number };
  /** dloss/d(θ·u) */
  slope(score: number, y: number): number;
  /** d²loss/d(θ·u)² */
  curvature(score: number): number;
};

// two features of unlike size: curvatures in the ratio 4
const SIZES: Pair = [1, 0.5];
const TRUE: Pair = [1, -1];

const features = (draw: Key, i: number): Pair => [SIZES[0] * normal(draw, 2 * i), SIZES[1] * normal(draw, 2 * i + 1)];

const linearModel: Model = {
  sample(draw, i) {
    const u = features(fold(draw, 0), i);
    return { u, y: TRUE[0] * u[0] + TRUE[1] * u[1] + 0.7 * normal(fold(draw, 1), i) };
  },
  slope: (score, y) => score - y,
  curvature: () => 1,
};

const logisticModel: Model = {
  sample(draw, i) {
    const u = features(fold(draw, 0), i);
    return { u, y: uniform(fold(draw, 1), i) < sigmoid(TRUE[0] * u[0] + TRUE[1] * u[1]) ? 1 : 0 };
  },
  slope: (score, y) => sigmoid(score) - y,
  curvature: (score) => sigmoid(score) * (1 - sigmoid(score)),
};

const SAMPLES = 2000;
const ETA = 0.05;
const BATCHES = [1, 2, 4, 8, 16, 32];
const LEVELS = BATCHES.map((B) => ETA / B);
const WARM = 2000;
const STEPS = 30_000;

async function measure(name: string, model: Model, context: Context) {
  const seeds = seedsOf(context);
  // the data are one set; the seeds draw the batches
  const data = dataOf(model);
  const { theta, K, C } = optimum(model, data);
  const runs: {
    readonly slope: number;
    readonly size: number;
    readonly odds: number;
    readonly traces: readonly number[];
  }[] = [];
  const theory = LEVELS.map((level) => lyapunov(K, C, level));
  for (const seed of seeds) {
    await pause(context.signal);
    const spreads = BATCHES.map((B) => stationary(model, data, theta, B, fold(key(seed), B)));
    const traces = spreads.map(([a, b]) => a + b);
    const slope = -rateOf(LEVELS.map(Math.log), traces);
    // batches of 8 on: there the spread is small, and the well is a parabola
    const size = [3, 4, 5].reduce((sum, k) => sum + traces[k] / (theory[k][0] + theory[k][1]) / 3, 0);
    const [first, second] = spreads[3];
    runs.push({ slope, size, traces, odds: (K[0] * first) / (K[2] * second) });
  }
  const over = (
    what: string,
    of: (run: (typeof runs)[number]) => number,
    tolerance: number,
    corrected: boolean,
  ): Check => {
    const { estimate, low, high } = bootstrap(Float64Array.from(runs, of), mean, fold(key(context.seed), 0x44), 2000);
    return {
      what,
      ...(corrected ? { corrected } : {}),
      measured: estimate,
      expected: 1,
      tolerance,
      interval: [low, high],
    };
  };
  return {
    slope: over(`${name}: power of *η*/*B* with which the spread grows`, ({ slope }) => slope, 0.05, true),
    size: over(`${name}: spread at *B* = 8, 16, 32 over that of *D* = *ηC*/2*B*`, ({ size }) => size, 0.05, true),
    isotropy: over(`${name}: *k*_{1}Var_{1}/*k*_{2}Var_{2}, 1 under a scalar *D*`, ({ odds }) => odds, 0.1, false),
    spreads: BATCHES.map((_, k) => runs.reduce((sum, { traces }) => sum + traces[k] / runs.length, 0)),
    theory: theory.map(([a, b]) => a + b),
  };
}

type Data = { readonly u: Float64Array; readonly y: Float64Array };

function dataOf(model: Model): Data {
  const rows = Array.from({ length: SAMPLES }, (_, i) => model.sample(key(0xda7a), i));
  return { u: Float64Array.from(rows.flatMap(({ u }) => [...u])), y: Float64Array.from(rows, ({ y }) => y) };
}

/** Symmetric 2 × 2 as (11, 12, 22). */
type Symmetric = readonly [number, number, number];

/** The minimum by Newton's method, with curvature and the covariance of one sample's gradient there. */
function optimum(model: Model, { u, y }: Data): { theta: Pair; K: Symmetric; C: Symmetric } {
  let theta: Pair = [0, 0];
  let [K, C]: [Symmetric, Symmetric] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let turn = 0; turn < 30; turn++) {
    const [g, k, c] = [new Float64Array(2), new Float64Array(3), new Float64Array(3)];
    for (let i = 0; i < SAMPLES; i++) {
      const [a, b] = [u[2 * i], u[2 * i + 1]];
      const score = theta[0] * a + theta[1] * b;
      const [s, w] = [model.slope(score, y[i]), model.curvature(score)];
      g[0] += (s * a) / SAMPLES;
      g[1] += (s * b) / SAMPLES;
      [a * a, a * b, b * b].forEach((v, m) => {
        k[m] += (w * v) / SAMPLES;
        c[m] += (s * s * v) / SAMPLES;
      });
    }
    const det = k[0] * k[2] - k[1] * k[1];
    theta = [theta[0] - (k[2] * g[0] - k[1] * g[1]) / det, theta[1] - (k[0] * g[1] - k[1] * g[0]) / det];
    [K, C] = [
      [k[0], k[1], k[2]],
      [c[0], c[1], c[2]],
    ];
  }
  return { theta, K, C };
}

/** The variances of both parameters about the minimum, along a run of SGD. */
function stationary(model: Model, { u, y }: Data, center: Pair, B: number, draw: Key): Pair {
  let [p, q] = center;
  let [sp, sq] = [0, 0];
  let element = 0;
  for (let step = 0; step < WARM + STEPS; step++) {
    let [gp, gq] = [0, 0];
    for (let m = 0; m < B; m++) {
      const i = integer(draw, element++, SAMPLES);
      const s = model.slope(p * u[2 * i] + q * u[2 * i + 1], y[i]);
      gp += s * u[2 * i];
      gq += s * u[2 * i + 1];
    }
    p -= (ETA * gp) / B;
    q -= (ETA * gq) / B;
    if (step < WARM) continue;
    sp += (p - center[0]) ** 2;
    sq += (q - center[1]) ** 2;
  }
  return [sp / STEPS, sq / STEPS];
}

/** The diagonal of Σ with KΣ + ΣK − ηKΣK = level · C, by turning the equation into a fixed point of the step itself. */
function lyapunov(K: Symmetric, C: Symmetric, level: number): Pair {
  // Σ ← (1 − ηK) Σ (1 − ηK) + η · level · C
  const [a, b, d] = [1 - ETA * K[0], -ETA * K[1], 1 - ETA * K[2]];
  let [x, z, w] = [0, 0, 0];
  for (let n = 0; n < 20_000; n++) {
    const [xx, zz, ww] = [
      a * a * x + 2 * a * b * z + b * b * w,
      a * b * x + (a * d + b * b) * z + b * d * w,
      b * b * x + 2 * b * d * z + d * d * w,
    ];
    [x, z, w] = [xx + ETA * level * C[0], zz + ETA * level * C[1], ww + ETA * level * C[2]];
  }
  return [x, w];
}

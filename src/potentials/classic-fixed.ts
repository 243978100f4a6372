/**
 * Classic test functions of one, three, four and six variables, with their customary domains and minima. Each function
 * is written once: it returns ζ(x), and writes ∇ζ(x) into `g` where that is given.
 */
import { entry } from "../core/entry.ts";
import type { Potential } from "../core/problem.ts";
import { box, points, potential } from "../core/problem.ts";

type Zeta = (x: Float64Array, g?: Float64Array) => number;

const library = "S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments (2013)";

function fixed(name: string, lower: number, upper: number, minimum: number, argmin: readonly number[], zeta: Zeta) {
  return potential({
    name,
    domain: box(argmin.length, lower, upper),
    value: (x) => zeta(x),
    gradient: zeta,
    truth: { minimum, argmin: points([argmin]) },
  });
}

export const forresterEntry = entry({
  name: "forrester",
  summary: "Forrester, (6x − 2)² sin(12x − 4): two wells on the line",
  reference: `A. Forrester, A. Sóbester and A. Keane, Engineering Design via Surrogate Modelling (2008); ${library}`,
  params: {},
  make: (): Potential =>
    fixed("forrester", 0, 1, -6.0207400557670825, [0.7572487578418559], (at, g) => {
      const x = at[0];
      const a = 6 * x - 2;
      if (g) g[0] = 12 * a * Math.sin(12 * x - 4) + 12 * a * a * Math.cos(12 * x - 4);
      return a * a * Math.sin(12 * x - 4);
    }),
});

export const gramacyLeeEntry = entry({
  name: "gramacy-lee",
  summary: "Gramacy–Lee, sin(10πx)/2x + (x − 1)⁴: ten wells on the line",
  reference: `R. B. Gramacy and H. K. H. Lee, Stat. Comput. 22, 713 (2012); ${library}`,
  params: {},
  make: (): Potential =>
    fixed("gramacy-lee", 0.5, 2.5, -0.8690111349894998, [0.5485634445276052], (at, g) => {
      const x = at[0];
      const wave = Math.sin(10 * Math.PI * x) / (2 * x);
      if (g) g[0] = (5 * Math.PI * Math.cos(10 * Math.PI * x) - wave) / x + 4 * (x - 1) ** 3;
      return wave + (x - 1) ** 4;
    }),
});

export const colvilleEntry = entry({
  name: "colville",
  summary: "Colville: two coupled curved valleys in four variables",
  reference: library,
  params: {},
  make: (): Potential =>
    fixed("colville", -10, 10, 0, [1, 1, 1, 1], (x, g) => {
      const p = x[0];
      const q = x[1];
      const r = x[2];
      const s = x[3];
      const a = p * p - q;
      const b = r * r - s;
      if (g) {
        g[0] = 400 * a * p + 2 * (p - 1);
        g[1] = -200 * a + 20.2 * (q - 1) + 19.8 * (s - 1);
        g[2] = 360 * b * r + 2 * (r - 1);
        g[3] = -180 * b + 20.2 * (s - 1) + 19.8 * (q - 1);
      }
      const bowl = (p - 1) ** 2 + (r - 1) ** 2 + 10.1 * ((q - 1) ** 2 + (s - 1) ** 2) + 19.8 * (q - 1) * (s - 1);
      return 100 * a * a + 90 * b * b + bowl;
    }),
});

/** −Σ_i α_i exp(−Σ_j A_ij (x_j − P_ij)²). */
function hartmann(A: readonly (readonly number[])[], P: readonly (readonly number[])[]): Zeta {
  const alpha = [1, 1.2, 3, 3.2];
  return (x, g) => {
    g?.fill(0);
    let total = 0;
    for (let i = 0; i < 4; i++) {
      let inner = 0;
      for (let j = 0; j < x.length; j++) inner += A[i][j] * (x[j] - P[i][j]) ** 2;
      const bell = alpha[i] * Math.exp(-inner);
      total -= bell;
      if (g) for (let j = 0; j < x.length; j++) g[j] += 2 * bell * A[i][j] * (x[j] - P[i][j]);
    }
    return total;
  };
}

export const hartmann3Entry = entry({
  name: "hartmann3",
  summary: "Hartmann, three variables: four wells",
  reference: `L. C. W. Dixon and G. P. Szegő, Towards Global Optimisation 2 (1978), with P₄₁ = 0.03815; ${library}`,
  params: {},
  make: (): Potential => {
    const A = [
      [3, 10, 30],
      [0.1, 10, 35],
      [3, 10, 30],
      [0.1, 10, 35],
    ];
    const P = [
      [0.3689, 0.117, 0.2673],
      [0.4699, 0.4387, 0.747],
      [0.1091, 0.8732, 0.5547],
      [0.03815, 0.5743, 0.8828],
    ];
    const argmin = [0.11461433858967197, 0.5556488499718569, 0.8525469535208657];
    return fixed("hartmann3", 0, 1, -3.8627821478207554, argmin, hartmann(A, P));
  },
});

export const hartmann6Entry = entry({
  name: "hartmann6",
  summary: "Hartmann, six variables: four wells",
  reference: `L. C. W. Dixon and G. P. Szegő, Towards Global Optimisation 2 (1978); ${library}`,
  params: {},
  make: (): Potential => {
    const A = [
      [10, 3, 17, 3.5, 1.7, 8],
      [0.05, 10, 17, 0.1, 8, 14],
      [3, 3.5, 1.7, 10, 17, 8],
      [17, 8, 0.05, 10, 0.1, 14],
    ];
    const P = [
      [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
      [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
      [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
      [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];
    const argmin = [
      0.20168951100670543, 0.15001069182345797, 0.476873974221897, 0.2753324304940561, 0.31165161660011326,
      0.6573005340656203,
    ];
    return fixed("hartmann6", 0, 1, -3.3223680114155147, argmin, hartmann(A, P));
  },
});

/** Wells at (a, b, a, b) of width β: −Σ 1/(|x − c_i|² + β_i). */
const SHEKEL = [
  { a: 4, b: 4, beta: 0.1 },
  { a: 1, b: 1, beta: 0.2 },
  { a: 8, b: 8, beta: 0.2 },
  { a: 6, b: 6, beta: 0.4 },
  { a: 3, b: 7, beta: 0.4 },
  { a: 2, b: 9, beta: 0.6 },
  { a: 5, b: 3, beta: 0.3 },
  { a: 8, b: 1, beta: 0.7 },
  { a: 6, b: 2, beta: 0.5 },
  { a: 7, b: 3.6, beta: 0.5 },
] as const;

/** Minimum and minimizer (a, b, a, b) for each number of wells. */
const SHEKEL_MINIMA: Readonly<Record<number, readonly [number, number, number]>> = {
  5: [-10.153199679058227, 4.000037152819676, 4.00013327659156],
  7: [-10.402915336777744, 4.000572819251117, 3.9996062096096887],
  10: [-10.536443153483528, 4.000746868270634, 3.9995094800857736],
};

export const shekelEntry = entry({
  name: "shekel",
  summary: "Shekel: five, seven or ten narrow wells in four variables",
  reference: library,
  params: { wells: { help: "number of wells", symbol: "m", default: 10, choices: [5, 7, 10], integer: true } },
  make: ({ wells }): Potential => {
    const [minimum, a, b] = SHEKEL_MINIMA[wells];
    return fixed("shekel", 0, 10, minimum, [a, b, a, b], (x, g) => {
      g?.fill(0);
      let total = 0;
      for (let i = 0; i < wells; i++) {
        const { a, b, beta } = SHEKEL[i];
        const well = 1 / (beta + (x[0] - a) ** 2 + (x[1] - b) ** 2 + (x[2] - a) ** 2 + (x[3] - b) ** 2);
        total -= well;
        if (g) for (let j = 0; j < 4; j++) g[j] += 2 * well * well * (x[j] - (j % 2 === 0 ? a : b));
      }
      return total;
    });
  },
});

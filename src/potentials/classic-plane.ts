/**
 * Classic test functions of two variables, with their customary domains and minima. Each function is written once:
 * it returns ζ(x, y), and writes its gradient into `g` where that is given.
 */
import type { Entry, Params } from "../core/entry.ts";
import { entry } from "../core/entry.ts";
import type { Potential } from "../core/problem.ts";
import { domain, points, potential } from "../core/problem.ts";

type Interval = readonly [number, number];

type Spec = {
  readonly name: string;
  readonly summary: string;
  readonly reference: string;
  readonly x: Interval;
  /** The same as that of x where it is left out. */
  readonly y?: Interval;
  readonly zeta: (x: number, y: number, g?: Float64Array) => number;
  /** Whether `zeta` writes a gradient; true where it is left out. */
  readonly smooth?: false;
  readonly minimum: number;
  readonly argmin: readonly (readonly [number, number])[];
};

const library = "S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments (2013)";
const survey = "M. Jamil and X.-S. Yang, Int. J. Math. Model. Numer. Optim. 4, 150 (2013)";

function plane({ name, summary, reference, x, y = x, zeta, smooth, minimum, argmin }: Spec) {
  return entry({
    name,
    summary,
    reference,
    params: {},
    make: (): Potential =>
      potential({
        name,
        domain: domain([x[0], y[0]], [x[1], y[1]]),
        names: ["x", "y"],
        value: (at) => zeta(at[0], at[1]),
        gradient: smooth === false ? undefined : (at, g) => zeta(at[0], at[1], g),
        truth: { minimum, argmin: points(argmin) },
      }),
  });
}

/** Writes a gradient where one is asked for. */
function write(g: Float64Array | undefined, gx: number, gy: number): void {
  if (g === undefined) return;
  g[0] = gx;
  g[1] = gy;
}

const { PI, abs, cos, exp, hypot, sin, sqrt } = Math;

const valleys: readonly Entry<Params, Potential>[] = [
  plane({
    name: "booth",
    summary: "Booth: one leaning bowl",
    reference: library,
    x: [-10, 10],
    zeta: (x, y, g) => {
      const a = x + 2 * y - 7;
      const b = 2 * x + y - 5;
      write(g, 2 * a + 4 * b, 4 * a + 2 * b);
      return a * a + b * b;
    },
    minimum: 0,
    argmin: [[1, 3]],
  }),
  plane({
    name: "matyas",
    summary: "Matyas: one long leaning bowl",
    reference: library,
    x: [-10, 10],
    zeta: (x, y, g) => {
      write(g, 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x);
      return 0.26 * (x * x + y * y) - 0.48 * x * y;
    },
    minimum: 0,
    argmin: [[0, 0]],
  }),
  plane({
    name: "beale",
    summary: "Beale: a curved valley with steep corners",
    reference: library,
    x: [-4.5, 4.5],
    zeta: (x, y, g) => {
      const a = 1.5 - x * (1 - y);
      const b = 2.25 - x * (1 - y * y);
      const c = 2.625 - x * (1 - y ** 3);
      write(g, -2 * (a * (1 - y) + b * (1 - y * y) + c * (1 - y ** 3)), 2 * x * (a + 2 * b * y + 3 * c * y * y));
      return a * a + b * b + c * c;
    },
    minimum: 0,
    argmin: [[3, 0.5]],
  }),
  plane({
    name: "goldstein-price",
    summary: "Goldstein–Price: values over six decades, four wells",
    reference: `A. A. Goldstein and J. F. Price, Math. Comput. 25, 569 (1971); ${library}`,
    x: [-2, 2],
    zeta: (x, y, g) => {
      const a = x + y + 1;
      const A = 19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y;
      const b = 2 * x - 3 * y;
      const B = 18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y;
      const p = 1 + a * a * A;
      const q = 30 + b * b * B;
      const slope = 2 * a * A + a * a * (6 * (x + y) - 14);
      write(
        g,
        slope * q + p * (4 * b * B + b * b * (24 * x - 36 * y - 32)),
        slope * q + p * (-6 * b * B + b * b * (54 * y - 36 * x + 48)),
      );
      return p * q;
    },
    minimum: 3,
    argmin: [[0, -1]],
  }),
  plane({
    name: "mccormick",
    summary: "McCormick, sin(x + y) + (x − y)² − 1.5x + 2.5y + 1: a bowl on a slope",
    reference: library,
    x: [-1.5, 4],
    y: [-3, 4],
    zeta: (x, y, g) => {
      write(g, cos(x + y) + 2 * (x - y) - 1.5, cos(x + y) - 2 * (x - y) + 2.5);
      return sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1;
    },
    minimum: -sqrt(0.75) - PI / 3,
    argmin: [[0.5 - PI / 3, -0.5 - PI / 3]],
  }),
  plane({
    name: "bukin6",
    summary: "Bukin 6, 100 √|y − x²/100| + |x + 10|/100: the bottom of a sharp curved gorge",
    reference: library,
    x: [-15, -5],
    y: [-3, 3],
    smooth: false,
    zeta: (x, y) => 100 * sqrt(abs(y - 0.01 * x * x)) + 0.01 * abs(x + 10),
    minimum: 0,
    argmin: [[-10, 1]],
  }),
];

const fewWells: readonly Entry<Params, Potential>[] = [
  plane({
    name: "branin",
    summary: "Branin: three equal wells",
    reference: `F. H. Branin, IBM J. Res. Dev. 16, 504 (1972); ${library}`,
    x: [-5, 10],
    y: [0, 15],
    zeta: (x, y, g) => {
      const b = 5.1 / (4 * PI * PI);
      const a = y - b * x * x + (5 * x) / PI - 6;
      const height = 10 * (1 - 1 / (8 * PI));
      write(g, 2 * a * (5 / PI - 2 * b * x) - height * sin(x), 2 * a);
      return a * a + height * cos(x) + 10;
    },
    minimum: 5 / (4 * PI),
    argmin: [
      [-PI, 12.275],
      [PI, 2.275],
      [3 * PI, 2.475],
    ],
  }),
  plane({
    name: "himmelblau",
    summary: "Himmelblau, (x² + y − 11)² + (x + y² − 7)²: four equal wells",
    reference: survey,
    x: [-5, 5],
    zeta: (x, y, g) => {
      const a = x * x + y - 11;
      const b = x + y * y - 7;
      write(g, 4 * a * x + 2 * b, 2 * a + 4 * b * y);
      return a * a + b * b;
    },
    minimum: 0,
    argmin: [
      [3, 2],
      [-2.805118086952745, 3.131312518250573],
      [-3.779310253377747, -3.2831859912861696],
      [3.5844283403304917, -1.8481265269644036],
    ],
  }),
  plane({
    name: "three-hump-camel",
    summary: "Three-hump camel, 2x² − 1.05x⁴ + x⁶/6 + xy + y²: three wells, the middle one lowest",
    reference: library,
    x: [-5, 5],
    zeta: (x, y, g) => {
      write(g, 4 * x - 4.2 * x ** 3 + x ** 5 + y, x + 2 * y);
      return 2 * x * x - 1.05 * x ** 4 + x ** 6 / 6 + x * y + y * y;
    },
    minimum: 0,
    argmin: [[0, 0]],
  }),
  plane({
    name: "six-hump-camel",
    summary: "Six-hump camel, (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y²: six wells, two of them lowest",
    reference: library,
    x: [-3, 3],
    y: [-2, 2],
    zeta: (x, y, g) => {
      write(g, 8 * x - 8.4 * x ** 3 + 2 * x ** 5 + y, x - 8 * y + 16 * y ** 3);
      return (4 - 2.1 * x * x + x ** 4 / 3) * x * x + x * y + (4 * y * y - 4) * y * y;
    },
    minimum: -1.0316284534898774,
    argmin: [
      [0.08984201310031806, -0.7126564030207396],
      [-0.08984201310031806, 0.7126564030207396],
    ],
  }),
  plane({
    name: "hosaki",
    summary: "Hosaki, (1 − 8x + 7x² − 7x³/3 + x⁴/4) y² e^(−y): two wells",
    reference: survey,
    x: [0, 5],
    y: [0, 6],
    zeta: (x, y, g) => {
      const p = 1 + x * (-8 + x * (7 + x * (-7 / 3 + x / 4)));
      const q = y * y * exp(-y);
      write(g, (-8 + x * (14 + x * (-7 + x))) * q, p * (2 - y) * y * exp(-y));
      return p * q;
    },
    minimum: (-52 / 3) * exp(-2),
    argmin: [[4, 2]],
  }),
  plane({
    name: "easom",
    summary: "Easom, −cos x cos y e^(−(x−π)² − (y−π)²): a needle hole in a wide flat plain",
    reference: library,
    x: [-100, 100],
    zeta: (x, y, g) => {
      const u = x - PI;
      const v = y - PI;
      const bell = exp(-u * u - v * v);
      write(g, bell * cos(y) * (sin(x) + 2 * u * cos(x)), bell * cos(x) * (sin(y) + 2 * v * cos(y)));
      return -cos(x) * cos(y) * bell;
    },
    minimum: -1,
    argmin: [[PI, PI]],
  }),
];

const manyWells: readonly Entry<Params, Potential>[] = [
  plane({
    name: "drop-wave",
    summary: "Drop-wave, −(1 + cos 12r)/(2 + r²/2): rings about the deepest well",
    reference: library,
    x: [-5.12, 5.12],
    zeta: (x, y, g) => {
      const r = hypot(x, y);
      const top = 1 + cos(12 * r);
      const bottom = 2 + 0.5 * r * r;
      const slope = r > 0 ? (12 * sin(12 * r)) / (r * bottom) + top / (bottom * bottom) : 0;
      write(g, slope * x, slope * y);
      return -top / bottom;
    },
    minimum: -1,
    argmin: [[0, 0]],
  }),
  plane({
    name: "bohachevsky",
    summary: "Bohachevsky 1, x² + 2y² − 0.3 cos 3πx − 0.4 cos 4πy + 0.7: a bowl with ripples",
    reference: library,
    x: [-100, 100],
    zeta: (x, y, g) => {
      write(g, 2 * x + 0.9 * PI * sin(3 * PI * x), 4 * y + 1.6 * PI * sin(4 * PI * y));
      return x * x + 2 * y * y + 0.3 * (1 - cos(3 * PI * x)) + 0.4 * (1 - cos(4 * PI * y));
    },
    minimum: 0,
    argmin: [[0, 0]],
  }),
  plane({
    name: "levy13",
    summary: "Levy 13: a bowl crossed by waves",
    reference: library,
    x: [-10, 10],
    zeta: (x, y, g) => {
      const u = x - 1;
      const v = y - 1;
      const a = 1 + sin(3 * PI * y) ** 2;
      const b = 1 + sin(2 * PI * y) ** 2;
      write(
        g,
        3 * PI * sin(6 * PI * x) + 2 * u * a,
        3 * PI * u * u * sin(6 * PI * y) + 2 * v * b + 2 * PI * v * v * sin(4 * PI * y),
      );
      return sin(3 * PI * x) ** 2 + u * u * a + v * v * b;
    },
    minimum: 0,
    argmin: [[1, 1]],
  }),
  plane({
    name: "schaffer2",
    summary: "Schaffer 2: rings of saddles about one well",
    reference: library,
    x: [-100, 100],
    zeta: (x, y, g) => {
      const phase = x * x - y * y;
      const spread = 1 + 0.001 * (x * x + y * y);
      const top = sin(phase) ** 2 - 0.5;
      const wave = (2 * sin(2 * phase)) / (spread * spread);
      const fall = (0.004 * top) / spread ** 3;
      write(g, x * (wave - fall), -y * (wave + fall));
      return 0.5 + top / (spread * spread);
    },
    minimum: 0,
    argmin: [[0, 0]],
  }),
  plane({
    name: "shubert",
    summary: "Shubert, Π Σ i cos((i + 1)x + i): 760 wells, 18 of them lowest",
    reference: library,
    x: [-10, 10],
    zeta: (x, y, g) => {
      const a = chord(x);
      const b = chord(y);
      if (g) write(g, chordSlope(x) * b, a * chordSlope(y));
      return a * b;
    },
    minimum: -12.870885497725684 * 14.508007927195033,
    argmin: [-1, 0, 1].flatMap((k) =>
      [-1, 0, 1].flatMap((l) => {
        const low = -1.425128428319761 + 2 * PI * k;
        const high = -0.8003211004719731 + 2 * PI * l;
        return [[low, high] as const, [high, low] as const];
      }),
    ),
  }),
  plane({
    name: "eggholder",
    summary: "Eggholder: ragged hills, the lowest point on the edge of the domain",
    reference: library,
    x: [-512, 512],
    smooth: false,
    zeta: (x, y) => -(y + 47) * sin(sqrt(abs(x / 2 + y + 47))) - x * sin(sqrt(abs(x - y - 47))),
    minimum: -959.6406627208509,
    argmin: [[512, 404.2318051137578]],
  }),
  plane({
    name: "cross-in-tray",
    summary: "Cross-in-tray: four equal wells in a grid of many, cut by a cross",
    reference: library,
    x: [-10, 10],
    smooth: false,
    zeta: (x, y) => -0.0001 * (abs(sin(x) * sin(y) * exp(abs(100 - hypot(x, y) / PI))) + 1) ** 0.1,
    minimum: -2.062611870822737,
    argmin: corners(1.3494066171539107, 1.3494066171539107),
  }),
  plane({
    name: "holder-table",
    summary: "Hölder table, −|sin x cos y e^|1 − r/π||: four equal wells in the corners",
    reference: library,
    x: [-10, 10],
    smooth: false,
    zeta: (x, y) => -abs(sin(x) * cos(y) * exp(abs(1 - hypot(x, y) / PI))),
    minimum: -19.208502567886732,
    argmin: corners(8.055023475736563, 9.664590019241272),
  }),
];

/** (±x, ±y) with every choice of signs. */
function corners(x: number, y: number): [number, number][] {
  return [
    [x, y],
    [x, -y],
    [-x, y],
    [-x, -y],
  ];
}

/** Shubert's Σ i cos((i + 1)x + i), i = 1 … 5. */
function chord(x: number): number {
  let total = 0;
  for (let i = 1; i <= 5; i++) total += i * cos((i + 1) * x + i);
  return total;
}

function chordSlope(x: number): number {
  let total = 0;
  for (let i = 1; i <= 5; i++) total -= i * (i + 1) * sin((i + 1) * x + i);
  return total;
}

export const planeEntries: readonly Entry<Params, Potential>[] = [...valleys, ...fewWells, ...manyWells];

/**
 * Analytic wells: the potentials of quantum mechanics whose minimum and, mostly, whose levels are known exactly.
 * Levels are those of H = −D∇² + ζ (equation 5): where a textbook has ħ²/2m, here stands D. The domains are
 * sized for D near ½ and parameters near their defaults; the levels given are those of the well itself.
 */
import { entry } from "../core/entry.ts";
import type { Domain, Potential, Truth } from "../core/problem.ts";
import { box, domain, points, potential } from "../core/problem.ts";

/** How many levels are given where there is no end of them. */
const LEVELS = 20;

const positive = (help: string, symbol: string, value: number) =>
  ({ help, symbol, default: value, min: 1e-6, max: 1e6, log: true }) as const;

/** A well on the line, from ζ(x) and ζ′(x). */
function line(name: string, on: Domain, value: (x: number) => number, slope: (x: number) => number, truth: Truth) {
  return potential({
    name,
    domain: on,
    value: (x) => value(x[0]),
    gradient: (x, out) => {
      out[0] = slope(x[0]);
      return value(x[0]);
    },
    truth,
  });
}

/** The levels energy(0), energy(1) … below `end`, at most LEVELS of them. */
function ladder(energy: (n: number) => number, end = Number.POSITIVE_INFINITY): number[] {
  return Array.from({ length: Math.max(0, Math.min(LEVELS, Math.ceil(end))) }, (_, n) => energy(n));
}

export const harmonicEntry = entry({
  name: "harmonic",
  summary: "Harmonic well ½k|x|² with levels √(2Dk)(n + dim/2)",
  reference: "L. D. Landau and E. M. Lifshitz, Quantum Mechanics (1977), §23",
  params: {
    dim: { help: "number of variables", symbol: "d", default: 1, min: 1, max: 10_000, integer: true },
    stiffness: positive("curvature of the well", "k", 1),
  },
  make: ({ dim, stiffness: k }): Potential => {
    const half = 8 / k ** 0.25;
    return potential({
      name: "harmonic",
      domain: box(dim, -half, half),
      value: (x) => {
        let square = 0;
        for (let j = 0; j < x.length; j++) square += x[j] * x[j];
        return 0.5 * k * square;
      },
      gradient: (x, out) => {
        let square = 0;
        for (let j = 0; j < x.length; j++) {
          square += x[j] * x[j];
          out[j] = k * x[j];
        }
        return 0.5 * k * square;
      },
      truth: {
        minimum: 0,
        argmin: points([new Float64Array(dim)]),
        energies: (D) => quanta(dim).map((n) => Math.sqrt(2 * D * k) * (n + dim / 2)),
      },
    });
  },
});

/** Quanta of the lowest states of `dim` equal oscillators: n occurs (n + dim − 1 choose n) times. */
function quanta(dim: number): number[] {
  const lowest: number[] = [];
  for (let n = 0, states = 1; lowest.length < LEVELS; n++, states *= (n + dim - 1) / n)
    for (let i = 0; i < states && lowest.length < LEVELS; i++) lowest.push(n);
  return lowest;
}

export const doubleWellEntry = entry({
  name: "double-well",
  summary: "Two wells near ±1 with a barrier between them, h(x² − 1)² + tx",
  reference:
    "L. D. Landau and E. M. Lifshitz, Quantum Mechanics (1977), §50, problem 3; the levels have no closed form",
  params: {
    height: positive("height of the barrier", "h", 1),
    tilt: { help: "slope that lifts one well above the other", symbol: "t", default: 0, min: -1e6, max: 1e6 },
  },
  make: ({ height: h, tilt: t }): Potential => {
    const value = (x: number) => h * (x * x - 1) ** 2 + t * x;
    const lowest = -Math.sign(t) * outerRoot(Math.abs(t) / (4 * h));
    const half = 3 + outerRoot(Math.abs(t) / (4 * h));
    return line("double-well", box(1, -half, half), value, (x) => 4 * h * x * (x * x - 1) + t, {
      minimum: t === 0 ? 0 : value(lowest),
      argmin: points(t === 0 ? [[-1], [1]] : [[lowest]]),
    });
  },
});

/** The largest root of x³ − x = q for q ≥ 0, by Viète's formula and its hyperbolic continuation. */
function outerRoot(q: number): number {
  const s = 1.5 * Math.sqrt(3) * q;
  return (2 / Math.sqrt(3)) * (s <= 1 ? Math.cos(Math.acos(s) / 3) : Math.cosh(Math.acosh(s) / 3));
}

export const quarticEntry = entry({
  name: "quartic",
  summary: "Anharmonic well ½kx² + λx⁴",
  reference: "C. M. Bender and T. T. Wu, Phys. Rev. 184, 1231 (1969); the levels have no closed form",
  params: {
    stiffness: { help: "curvature at the bottom", symbol: "k", default: 1, min: 0, max: 1e6 },
    anharmonicity: positive("coefficient of x⁴", "λ", 0.1),
  },
  make: ({ stiffness: k, anharmonicity: l }): Potential =>
    line(
      "quartic",
      box(1, -7, 7),
      (x) => (0.5 * k + l * x * x) * x * x,
      (x) => (k + 4 * l * x * x) * x,
      { minimum: 0, argmin: points([[0]]) },
    ),
});

export const morseEntry = entry({
  name: "morse",
  summary: "Morse well, the bond of a molecule: V(e^(−2u) − 2e^(−u)) with u = a(x − c)",
  reference: "P. M. Morse, Phys. Rev. 34, 57 (1929)",
  params: {
    depth: positive("depth of the well", "V", 8),
    steepness: positive("inverse width of the well", "a", 1),
    center: { help: "where the bottom lies", symbol: "c", default: 0, min: -1e6, max: 1e6 },
  },
  make: ({ depth: V, steepness: a, center: c }): Potential => {
    const bond = (x: number) => Math.exp(-a * (x - c));
    return line(
      "morse",
      domain([c - 3 / a], [c + 20 / a]),
      (x) => V * bond(x) * (bond(x) - 2),
      (x) => 2 * a * V * bond(x) * (1 - bond(x)),
      {
        minimum: -V,
        argmin: points([[c]]),
        energies: (D) => {
          const top = Math.sqrt(V / D) / a - 0.5;
          return ladder((n) => -D * (a * (top - n)) ** 2, top);
        },
      },
    );
  },
});

export const poschlTellerEntry = entry({
  name: "poschl-teller",
  summary: "Pöschl–Teller well −V / cosh²(ax)",
  reference: "G. Pöschl and E. Teller, Z. Phys. 83, 143 (1933); Landau and Lifshitz, Quantum Mechanics, §23, problem 5",
  params: {
    depth: positive("depth of the well", "V", 10),
    steepness: positive("inverse width of the well", "a", 1),
  },
  make: ({ depth: V, steepness: a }): Potential =>
    line(
      "poschl-teller",
      box(1, -12 / a, 12 / a),
      (x) => -V / Math.cosh(a * x) ** 2,
      (x) => (2 * a * V * Math.tanh(a * x)) / Math.cosh(a * x) ** 2,
      {
        minimum: -V,
        argmin: points([[0]]),
        energies: (D) => {
          const top = (Math.sqrt(1 + (4 * V) / (D * a * a)) - 1) / 2;
          return ladder((n) => -D * (a * (top - n)) ** 2, top);
        },
      },
    ),
});

export const linearEntry = entry({
  name: "linear",
  summary: "Uniform force over a floor, ζ = gx for x > 0: the quantum bouncer",
  reference: "P. W. Langhoff, Am. J. Phys. 39, 954 (1971); zeros of Ai: DLMF, table 9.9.1 and §9.9(iv)",
  params: { slope: positive("slope", "g", 1) },
  make: ({ slope: g }): Potential =>
    line(
      "linear",
      domain([0], [20], "wall"),
      (x) => g * x,
      () => g,
      { minimum: 0, argmin: points([[0]]), energies: (D) => ladder((n) => Math.cbrt(D * g * g) * AIRY_ZEROS[n], 10) },
    ),
});

/** −a₁ … −a₁₀, the zeros of the Airy function Ai. */
const AIRY_ZEROS: readonly number[] = [
  2.338107410459767, 4.08794944413097, 5.520559828095551, 6.786708090071759, 7.944133587120853, 9.02265085334098,
  10.040174341558085, 11.008524303733262, 11.936015563236262, 12.828776752865757,
];

const length = positive("length of the domain", "L", 1);

export const squareWellEntry = entry({
  name: "square-well",
  summary: "Nothing between two hard walls, levels D(nπ/L)²",
  reference: "L. D. Landau and E. M. Lifshitz, Quantum Mechanics (1977), §22",
  params: { length },
  make: ({ length: L }): Potential => {
    const energies = (D: number) => ladder((n) => D * ((Math.PI * (n + 1)) / L) ** 2);
    return line("square-well", domain([0], [L], "wall"), nothing, nothing, { minimum: 0, energies });
  },
});

export const ringEntry = entry({
  name: "ring",
  summary: "Nothing on a ring, levels D(2πn/L)²",
  reference: "plane waves of period L; levels above the lowest come in pairs",
  params: { length },
  make: ({ length: L }): Potential => {
    const energies = (D: number) => ladder((n) => D * ((2 * Math.PI * Math.ceil(n / 2)) / L) ** 2);
    return line("ring", domain([0], [L], "periodic"), nothing, nothing, { minimum: 0, energies });
  },
});

const nothing = () => 0;

export const henonHeilesEntry = entry({
  name: "henon-heiles",
  summary: "Hénon–Heiles well ½(x² + y²) + λ(x²y − y³/3), open beyond three saddles at distance 1/λ",
  reference: "M. Hénon and C. Heiles, Astron. J. 69, 73 (1964); the levels have no closed form",
  params: {
    coupling: { help: "strength of the cubic part", symbol: "λ", default: Math.sqrt(0.0125), min: 0.01, max: 10 },
  },
  make: ({ coupling: l }): Potential => {
    const value = (x: number, y: number) => 0.5 * (x * x + y * y) + l * y * (x * x - (y * y) / 3);
    return potential({
      name: "henon-heiles",
      // just inside the saddle at (0, 1/λ): ζ is positive on all of the box but at the origin
      domain: box(2, -0.96 / l, 0.96 / l),
      names: ["x", "y"],
      value: (x) => value(x[0], x[1]),
      gradient: (x, out) => {
        out[0] = x[0] * (1 + 2 * l * x[1]);
        out[1] = x[1] + l * (x[0] * x[0] - x[1] * x[1]);
        return value(x[0], x[1]);
      },
      truth: { minimum: 0, argmin: points([[0, 0]]) },
    });
  },
});

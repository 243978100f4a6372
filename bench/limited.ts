/**
 * Problems under constraints whose least values are known, of the literature.
 * W. Hock, K. Schittkowski, "Test Examples for Nonlinear Programming Codes" (1981); T. Runarsson, X. Yao, IEEE Trans.
 * Evol. Comput. 4, 284 (2000): g04, g06, g07, g09; K. Ragsdell, D. Phillips, J. Eng. Ind. 98, 1021 (1976): the beam;
 * J. Arora, "Introduction to Optimum Design" (1989): the spring.
 */
export type Limited = {
  readonly domain: readonly (readonly [number, number])[];
  readonly value: (x: number[]) => number;
  readonly constraints: (x: number[]) => number[];
  readonly least: number;
};

const box = (dim: number, half: number): [number, number][] => Array.from({ length: dim }, () => [-half, half]);

export const problems: Readonly<Record<string, Limited>> = {
  "a parabola beside a wall of its own": {
    domain: box(2, 5),
    value: ([x, y]) => (x - 1) ** 2 + y * y,
    constraints: ([x]) => [3 - x],
    least: 4,
  },
  "a plane in a disk": {
    domain: box(2, 5),
    value: ([x, y]) => x + y,
    constraints: ([x, y]) => [x * x + y * y - 1],
    least: -Math.SQRT2,
  },
  "a sliver between two circles (g06)": {
    domain: [
      [13, 100],
      [0, 100],
    ],
    value: ([x, y]) => (x - 10) ** 3 + (y - 20) ** 3,
    constraints: ([x, y]) => [100 - (x - 5) ** 2 - (y - 5) ** 2, (x - 6) ** 2 + (y - 5) ** 2 - 82.81],
    least: -6961.813876,
  },
  "ten variables, eight constraints, six of them active (g07)": {
    domain: box(10, 10),
    value: ([a, b, c, d, e, f, g, h, i, j]) =>
      a * a +
      b * b +
      a * b -
      14 * a -
      16 * b +
      (c - 10) ** 2 +
      4 * (d - 5) ** 2 +
      (e - 3) ** 2 +
      2 * (f - 1) ** 2 +
      5 * g * g +
      7 * (h - 11) ** 2 +
      2 * (i - 10) ** 2 +
      (j - 7) ** 2 +
      45,
    constraints: ([a, b, c, d, e, f, g, h, i, j]) => [
      4 * a + 5 * b - 3 * g + 9 * h - 105,
      10 * a - 8 * b - 17 * g + 2 * h,
      -8 * a + 2 * b + 5 * i - 2 * j - 12,
      3 * (a - 2) ** 2 + 4 * (b - 3) ** 2 + 2 * c * c - 7 * d - 120,
      5 * a * a + 8 * b + (c - 6) ** 2 - 2 * d - 40,
      a * a + 2 * (b - 2) ** 2 - 2 * a * b + 14 * e - 6 * f,
      0.5 * (a - 8) ** 2 + 2 * (b - 4) ** 2 + 3 * e * e - f - 30,
      -3 * a + 6 * b + 12 * (i - 8) ** 2 - 7 * j,
    ],
    least: 24.3062090682,
  },
  "seven variables, two of four constraints active (g09)": {
    domain: box(7, 10),
    value: ([a, b, c, d, e, f, g]) =>
      (a - 10) ** 2 +
      5 * (b - 12) ** 2 +
      c ** 4 +
      3 * (d - 11) ** 2 +
      10 * e ** 6 +
      7 * f * f +
      g ** 4 -
      4 * f * g -
      10 * f -
      8 * g,
    constraints: ([a, b, c, d, e, f, g]) => [
      2 * a * a + 3 * b ** 4 + c + 4 * d * d + 5 * e - 127,
      7 * a + 3 * b + 10 * c * c + d - e - 282,
      23 * a + b * b + 6 * f * f - 8 * g - 196,
      4 * a * a + b * b - 3 * a * b + 2 * c * c + 5 * f - 11 * g,
    ],
    least: 680.6300573745,
  },
  "a spring": {
    domain: [
      [0.05, 2],
      [0.25, 1.3],
      [2, 15],
    ],
    value: ([d, D, n]) => (n + 2) * D * d * d,
    constraints: ([d, D, n]) => [
      1 - (D ** 3 * n) / (71785 * d ** 4),
      (4 * D * D - d * D) / (12566 * (D * d ** 3 - d ** 4)) + 1 / (5108 * d * d) - 1,
      1 - (140.45 * d) / (D * D * n),
      (d + D) / 1.5 - 1,
    ],
    least: 0.012665232788,
  },
  "five variables, six constraints, two of them active (g04)": {
    domain: [
      [78, 102],
      [33, 45],
      [27, 45],
      [27, 45],
      [27, 45],
    ],
    value: ([a, , c, , e]) => 5.3578547 * c * c + 0.8356891 * a * e + 37.293239 * a - 40792.141,
    constraints: ([a, b, c, d, e]) => {
      const u = 85.334407 + 0.0056858 * b * e + 0.0006262 * a * d - 0.0022053 * c * e;
      const v = 80.51249 + 0.0071317 * b * e + 0.0029955 * a * b + 0.0021813 * c * c;
      const w = 9.300961 + 0.0047026 * c * e + 0.0012547 * a * c + 0.0019085 * c * d;
      return [u - 92, -u, v - 110, 90 - v, w - 25, 20 - w];
    },
    least: -30665.538672,
  },
  "a welded beam": {
    domain: [
      [0.1, 2],
      [0.1, 10],
      [0.1, 10],
      [0.1, 2],
    ],
    value: ([h, l, t, b]) => 1.10471 * h * h * l + 0.04811 * t * b * (14 + l),
    constraints: ([h, l, t, b]) => {
      const arm = Math.sqrt(l * l + (h + t) ** 2) / 2;
      const polar = 2 * Math.SQRT2 * h * l * ((l * l) / 12 + ((h + t) / 2) ** 2);
      const direct = 6000 / (Math.SQRT2 * h * l);
      const torsion = (6000 * (14 + l / 2) * arm) / polar;
      const shearing = Math.sqrt(direct ** 2 + (direct * torsion * l) / arm + torsion ** 2);
      const buckling = ((4.013 * 30e6 * t * b ** 3) / 6 / 196) * (1 - (t / 28) * Math.sqrt(30e6 / 48e6));
      return [
        shearing - 13_600,
        504_000 / (b * t * t) - 30_000,
        h - b,
        0.10471 * h * h + 0.04811 * t * b * (14 + l) - 5,
        0.125 - h,
        65_856_000 / (30e6 * t ** 3 * b) - 0.25,
        6000 - buckling,
      ];
    },
    least: 1.724852309,
  },
};

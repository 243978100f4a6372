/** (12)–(16) and erratum E6: the differences that make the iteration of (11), their orders, and how far it is stable. */

import { nodes } from "../core/lattice.ts";
import { box, potential } from "../core/problem.ts";
import { run } from "../core/run.ts";
import { logAxis } from "../draw/axes.ts";
import { chart } from "../draw/chart.ts";
import { rich } from "../draw/scene.ts";
import { iteration as engine, iterate, longestStep } from "../engines/iteration.ts";
import { amplitudeAt, densityWave, evolveWave, type Wave } from "../math/packet.ts";
import { steady } from "../schedules/steady.ts";
import type { Chapter, Check } from "./item.ts";
import { orderOf } from "./wave.ts";

// ζ = ½gx² + κx³/6 has the slope gx + ½κx², so that (11) is the dynamics of a well, whose closed form is known
const [D, G, KAPPA, TAU] = [0.5, 0.4, 0.9, 0.5];
const FIELD = { v: 0, g: G, k: KAPPA };
const BEGIN = densityWave(0.3, 0.4);
const zeta = potential({
  name: "ζ",
  domain: box(1, -7, 7),
  value: ([x]) => zetaAt(x),
});
const at = (wave: Wave, x: number): number => amplitudeAt(wave, x).re;
const psi = (tau: number): Wave => evolveWave(BEGIN, FIELD, D, 0, tau);
const N = 225;
const STEPS = [0.4, 0.2, 0.1, 0.05, 0.025];

const FILES = ["src/engines/iteration.ts"];

export const iteration: Chapter = {
  title: "The iteration",
  items: [
    {
      id: "12",
      title: "The difference in time",
      equation: "∂*ψ*/∂*τ* ≈ (*ψ*_{i}^{n+1} − *ψ*_{i}^{n})/Δ*τ*",
      claim: "The derivative in imaginary time is a quotient of two iterates.",
      files: FILES,
      tests: [["test/engines/iteration.test.ts", "is of order 1 in Δτ with the %s slope"]],
    },
    {
      id: "13",
      title: "The second difference",
      equation: "∂^{2}*ψ*/∂*x*^{2} ≈ (*ψ*_{i+1} − 2*ψ*_{i} + *ψ*_{i−1})/Δ*x*^{2}",
      claim: "The kinetic term is a quotient of three neighbors.",
      files: FILES,
      tests: [["test/engines/iteration.test.ts", "is of order 2 in Δx with the centered slope"]],
    },
    {
      id: "14",
      title: "The slope from two samples",
      equation: "printed ζ′ ≈ (ζ(*x*_{i+1}) − ζ(*x*_{i}))/Δ*x*;   corrected (ζ(*x*_{i+1}) − ζ(*x*_{i−1}))/2Δ*x*",
      claim: "Two samples give the slope, to second order.",
      files: [...FILES, "src/engines/descent.ts"],
      tests: [
        ["test/engines/iteration.test.ts", "has a slope that is off by ½Δx ζ″ as printed, by Δx² ζ‴/6 centered"],
        ["test/engines/descent.test.ts", "as printed in (14) is of order 1 (erratum E6)"],
      ],
    },
    {
      id: "15",
      title: "The discrete equation",
      equation:
        "(*ψ*_{i}^{n+1} − *ψ*_{i}^{n})/Δ*τ* = *D*(*ψ*_{i+1}^{n} − 2*ψ*_{i}^{n} + *ψ*_{i−1}^{n})/Δ*x*^{2} − (Δζ/Δ*x*) *ψ*_{i}^{n}",
      claim: "Together they are (11) on a lattice.",
      files: FILES,
      tests: [["test/engines/iteration.test.ts", "follows the closed form in mass and mean"]],
    },
    {
      id: "16",
      title: "The iteration",
      equation:
        "*ψ*_{i}^{n+1} = *ψ*_{i}^{n} + *D*Δ*τ*(*ψ*_{i+1}^{n} − 2*ψ*_{i}^{n} + *ψ*_{i−1}^{n})/Δ*x*^{2} − (ΔζΔ*τ*/Δ*x*) *ψ*_{i}^{n}",
      claim: "Iterated, it follows the equation (11).",
      files: FILES,
      tests: [
        ["test/engines/iteration.test.ts", "is of order 1 in Δx as printed (E6)"],
        ["test/engines/iteration.test.ts", "would blow up a hundredth outside"],
      ],
    },
    {
      id: "E6",
      title: "Erratum: a one-sided difference is of first order",
      equation: "ζ(*x* + Δ*x*) − ζ(*x*) = ζ′Δ*x* + ½ζ″Δ*x*^{2} + …",
      claim: "(14) is called a second-order approximation.",
      files: [...FILES, "src/engines/descent.ts"],
      tests: [["test/engines/iteration.test.ts", "is of order 1 in Δx as printed (E6)"]],
    },
  ],

  async compute() {
    const slopes = { forward: STEPS.map((h) => slopeError(h, true)), centered: STEPS.map((h) => slopeError(h, false)) };
    const inTime = STEPS.map((h) => timeError(h));
    const inSpace = STEPS.map((h) => curvatureError(h));
    const second: Check[] = [
      { what: "fitted order in Δ*x*", measured: orderOf(slopes.forward), expected: 2, tolerance: 0.1 },
      { what: "the same, centered", corrected: true, measured: orderOf(slopes.centered), expected: 2, tolerance: 0.1 },
    ];
    const whole = [await wholeOrder("forward"), await wholeOrder("centered")];
    return {
      outcomes: {
        "12": { checks: [{ what: "fitted order in Δ*τ*", measured: orderOf(inTime), expected: 1, tolerance: 0.05 }] },
        "13": { checks: [{ what: "fitted order in Δ*x*", measured: orderOf(inSpace), expected: 2, tolerance: 0.05 }] },
        "14": { checks: second },
        "15": { checks: [await sameAs15()] },
        "16": {
          checks: [
            {
              what: "fitted order of the error at *τ* = ½ in Δ*x*, with Δ*τ* ∝ Δ*x*^{2}",
              measured: whole[0],
              expected: 1,
              tolerance: 0.08,
            },
            ...stability(),
          ],
          notes: [
            "It converges, to order 1 in Δ*x* as printed. It is stable for 4*D*Δ*τ*/Δ*x*^{2} + Δ*τ* max ζ′ ≤ 2 and blows up beyond. That (11) itself is no Fokker–Planck equation is erratum E3.",
          ],
        },
        E6: {
          checks: [
            ...second,
            { what: "fitted order of the whole iteration in Δ*x*", measured: whole[0], expected: 2, tolerance: 0.1 },
            { what: "the same, centered", corrected: true, measured: whole[1], expected: 2, tolerance: 0.1 },
          ],
        },
      },
      figures: [
        {
          scene: chart({
            name: "orders",
            title: "Errors of the differences",
            x: logAxis(rich("step Δ*x* or Δ*τ*"), STEPS[STEPS.length - 1], STEPS[0]),
            y: logAxis(rich("error of the derivative at one place"), 1e-5, 1),
            lines: [
              { xs: STEPS, ys: slopes.forward, color: "orange" },
              { xs: STEPS, ys: slopes.centered, color: "blue" },
              { xs: STEPS, ys: inSpace, color: "green", dash: [6, 4] },
              { xs: STEPS, ys: inTime, color: "purple", dash: [2, 3] },
            ],
            key: [
              { color: "orange", label: "(14) as printed" },
              { color: "blue", label: "(14) centered" },
              { color: "green", dash: [6, 4], label: "(13)" },
              { color: "purple", dash: [2, 3], label: "(12), in Δ*τ*" },
            ],
          }),
          caption: "Errors of the quotients (12)–(14) against closed forms: a slope of 1 is first order, of 2 second.",
        },
      ],
    };
  },
};

const X = 0.37;

function slopeError(h: number, forward: boolean): number {
  const quotient = forward ? (zetaAt(X + h) - zetaAt(X)) / h : (zetaAt(X + h) - zetaAt(X - h)) / (2 * h);
  return Math.abs(quotient - (G * X + 0.5 * KAPPA * X * X));
}

/** ∂ψ/∂τ = (D∂² − gx − ½κx²) ψ, whose ∂² is exact for a Gaussian. */
function rateAt(wave: Wave, x: number): number {
  return D * curvature(wave, x) - (G * x + 0.5 * KAPPA * x * x) * at(wave, x);
}

function curvature(wave: Wave, x: number): number {
  const slope = wave.b.re - wave.a.re * x;
  return (slope * slope - wave.a.re) * at(wave, x);
}

function timeError(h: number): number {
  return Math.abs((at(psi(TAU + h), X) - at(psi(TAU), X)) / h - rateAt(psi(TAU), X));
}

function curvatureError(h: number): number {
  const wave = psi(TAU);
  const quotient = (at(wave, X + h) - 2 * at(wave, X) + at(wave, X - h)) / (h * h);
  return Math.abs(quotient - curvature(wave, X));
}

type Side = "forward" | "centered";

async function iterated(n: number, steps: number, side: Side) {
  const start = (x: Float64Array): number => at(BEGIN, x[0]);
  const of = engine({ shape: [n], slope: side, start });
  let taken = 0;
  for await (const { view } of run({
    ...{ potential: zeta, engine: of, schedule: steady({ D, dt: TAU / steps }), seed: 0 },
  })) {
    if (++taken < steps) continue;
    const seen = view();
    if (seen.kind === "grid") return { xs: seen.axes[0], psi: seen.density.slice() };
  }
  throw new Error("the iteration ended early");
}

/** The order in Δx of the iteration as a whole, Δτ ∝ Δx². */
async function wholeOrder(side: Side): Promise<number> {
  const exact = psi(TAU);
  const errors: number[] = [];
  for (const [n, steps] of [
    [113, 500],
    [225, 2000],
    [449, 8000],
  ]) {
    const end = await iterated(n, steps, side);
    errors.push(end.psi.reduce((most, p, i) => Math.max(most, Math.abs(p - at(exact, end.xs[i]))), 0));
  }
  return orderOf(errors);
}

/** What (15) leaves of one iteration: the two sides apart. */
async function sameAs15(): Promise<Check> {
  const steps = 2000;
  const { xs, psi: p } = await iterated(N, steps, "forward");
  const dt = TAU / steps;
  const lattice = nodes(zeta.domain, [N]);
  const [h] = lattice.spacing;
  const slope = Float64Array.from(xs, (x, i) => (i === 0 || i === N - 1 ? 0 : (zetaAt(x + h) - zetaAt(x)) / h));
  const next = p.slice();
  iterate(lattice, next, slope, { D, dt, strength: 1 }, new Float64Array(N));
  let left = 0;
  for (let i = 1; i < N - 1; i++) {
    const right = (D * (p[i + 1] - 2 * p[i] + p[i - 1])) / (h * h) - slope[i] * p[i];
    left = Math.max(left, Math.abs((next[i] - p[i]) / dt - right));
  }
  return { what: "largest residual of (15) in a step of (16)", measured: left, expected: 0, tolerance: 1e-10 };
}

function zetaAt(x: number): number {
  return 0.5 * G * x * x + (KAPPA * x ** 3) / 6;
}

/** The fastest mode of a ring without ζ: its growth a step at the bound, and a hundredth beyond. */
function stability(): Check[] {
  const lattice = nodes(box(1, 0, 1, "periodic"), [64]);
  const flat = new Float64Array(64);
  const longest = longestStep(lattice, D, 0);
  const growth = (dt: number): number => {
    const mode = Float64Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    for (let n = 0; n < 50; n++) iterate(lattice, mode, flat, { D, dt, strength: 1 }, new Float64Array(64));
    return Math.abs(mode[0]) ** (1 / 50);
  };
  return [
    {
      what: "growth a step of the fastest mode at the bound of Δ*τ*",
      measured: growth(longest),
      expected: 1,
      tolerance: 1e-9,
    },
    { what: "the same, a hundredth beyond", measured: growth(1.01 * longest), expected: 1.02, tolerance: 1e-9 },
  ];
}

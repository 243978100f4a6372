/** How fast formulas are evaluated: Rastrigin's function in two dimensions, beside mathjs on the same machine. */
import { create, all as everything } from "mathjs";
import { compile } from "../src/potentials/formula/index.ts";

const RASTRIGIN = "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)";
const SECONDS = 0.5;
/** Values per second that must be reached, in millions. */
const MUST = 4;

const POINTS = 4096;
const coordinates = Float64Array.from({ length: 2 * POINTS }, (_, i) => -5 + 10 * (((i + 1) * 0.618_034) % 1));

/** Evaluations a second, at one point of [−5, 5]² after another. */
function rate(evaluate: (x: Float64Array) => number): number {
  const point = new Float64Array(2);
  let sum = 0;
  let rounds = 0;
  let elapsed = 0;
  const started = performance.now();
  while (elapsed < SECONDS * 1000) {
    for (let i = 0; i < 2 * POINTS; i += 2) {
      point[0] = coordinates[i];
      point[1] = coordinates[i + 1];
      sum += evaluate(point);
    }
    rounds++;
    elapsed = performance.now() - started;
  }
  if (!Number.isFinite(sum)) throw new Error("the benchmark left the finite numbers");
  return ((rounds * POINTS) / elapsed) * 1000;
}

/** Evaluates fifty other formulas first, so that the measure holds in a program that uses many. */
function warm(): void {
  const inner = [
    "sin(x)",
    "cos(x*y)",
    "exp(-x^2)",
    "abs(x - y)",
    "tanh(x)",
    "hypot(x, y)",
    "min(x, y^3)",
    "x/(1 + y^2)",
  ];
  const point = Float64Array.of(0.5, 0.25);
  const slope = new Float64Array(2);
  for (let k = 0; k < 50; k++) {
    const other = compile(`${inner[k % 8]}*${k} + ${inner[(k * 3 + 1) % 8]}^2 - y*${inner[(k >> 3) % 8]} + x`);
    for (let i = 0; i < 2000; i++) other.value(point) + other.gradient(point, slope);
  }
}

/** Rates of values and gradients, and of mathjs with how many times faster our values are. */
export async function bench(): Promise<{ name: string; rows: Record<string, number | string>[] }> {
  warm();
  const { value, gradient } = compile(RASTRIGIN);
  const slope = new Float64Array(2);
  const theirs = create(everything).compile(RASTRIGIN);
  const scope = { x: 0, y: 0 };
  const ours = rate(value);
  const slopes = rate((x) => gradient(x, slope));
  const mathjs = rate((x) => {
    scope.x = x[0];
    scope.y = x[1];
    return theirs.evaluate(scope);
  });
  const row = (what: string, perSecond: number) => ({
    what,
    "M/s": Number((perSecond / 1e6).toPrecision(3)),
    "times mathjs": Number((perSecond / mathjs).toPrecision(3)),
  });
  return {
    name: "formula: Rastrigin in two dimensions",
    rows: [
      { ...row("value", ours), must: `≥ ${MUST} M/s`, reached: ours >= 1e6 * MUST ? "yes" : "no" },
      row("value and gradient", slopes),
      row("value by mathjs", mathjs),
    ],
  };
}

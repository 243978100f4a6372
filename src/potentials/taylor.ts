/**
 * Taylor orders of an objective at x₀ (paper §3.2): ζ(x₀), then + g·(x − x₀), then + ½(x − x₀)ᵀK(x − x₀), each a
 * potential of its own. Order 0 keeps the constant that the paper drops (erratum E7), order 1 is the linear potential
 * that (7) and (11) write as ζ′(x₀) alone (erratum E2), order 2 is a harmonic well (or saddle) with known levels.
 */
import { type Ask, askGradient, askValue } from "../core/ask.ts";
import { inputError } from "../core/errors.ts";
import { type Domain, type Points, type Potential, points, potential, type Truth } from "../core/problem.ts";
import { stencil } from "../core/stencil.ts";
import { eigenSymmetric } from "../math/eigen.ts";
import { harmonicLevels } from "../math/harmonic.ts";
import { cholesky, solveCholesky } from "../math/linalg.ts";

export type Order = 0 | 1 | 2;

/** ζ at x₀ with its derivatives, as far as asked. */
export type Expansion = {
  readonly at: Float64Array;
  readonly value: number;
  /** g, [dim]. */
  readonly gradient?: Float64Array;
  /** K, symmetric, [dim × dim]. */
  readonly hessian?: Float64Array;
};

// step of the differences in widths of the domain: rounding and the next term of the series balance near ε^{1/5}
const STEP = 5e-4;
const LEVELS = 20;

/**
 * Asks for what an expansion needs: gradients where the potential gives them, else central differences of its values.
 * @param at x₀, inside the domain
 * @throws where x₀ has the wrong dimension or lies outside, and where ζ or a derivative is not finite there
 */
export function* expansion(
  { name, domain, can }: Pick<Potential, "name" | "domain" | "can">,
  at: ArrayLike<number>,
  order: Order,
): Ask<Expansion> {
  const x0 = Float64Array.from(at);
  const where = `taylor(${name})`;
  checkPoint(where, domain, x0);
  const given = can.includes("gradient");
  const here: Points = { n: 1, dim: x0.length, x: x0 };
  const value = (yield* askValue(here))[0];
  const gradient = order >= 1 ? yield* slopes(domain, here, given, 2) : undefined;
  const hessian = order >= 2 ? yield* curvatures(domain, here, given) : undefined;
  if (![value, ...(gradient ?? []), ...(hessian ?? [])].every(Number.isFinite))
    throw inputError(where, `ζ or a derivative of it is not finite at (${x0.join(", ")})`, "expand elsewhere");
  return {
    at: x0,
    value,
    ...(gradient === undefined ? {} : { gradient }),
    ...(hessian === undefined ? {} : { hessian }),
  };
}

/** ∇ζ at points, row-major; `margin` as for a stencil. */
function* slopes(domain: Domain, at: Points, given: boolean, margin: number): Ask<Float64Array> {
  if (given) return (yield* askGradient(at)).gradient;
  const differences = stencil(domain, STEP, margin);
  return differences.derivative(yield* askValue(differences.probes(at)), at.n, 1);
}

/** K by differences of gradients, made symmetric. */
function* curvatures(domain: Domain, at: Points, given: boolean): Ask<Float64Array> {
  const { dim } = at;
  const differences = stencil(domain, STEP, given ? 2 : 4);
  const K = differences.derivative(yield* slopes(domain, differences.probes(at), given, 2), 1, dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < i; j++) K[i * dim + j] = K[j * dim + i] = (K[i * dim + j] + K[j * dim + i]) / 2;
  return K;
}

/** The potential of an expansion: the polynomial, its gradient, and of a well its minimum and levels. */
export function polynomial(name: string, domain: Domain, expansion: Expansion): Potential {
  const { at, value, gradient, hessian } = expansion;
  const dim = at.length;
  const slope = (x: Float64Array, out: Float64Array): number => {
    let total = value;
    for (let i = 0; i < dim; i++) {
      let curved = 0;
      if (hessian !== undefined) for (let j = 0; j < dim; j++) curved += hessian[i * dim + j] * (x[j] - at[j]);
      const g = gradient?.[i] ?? 0;
      total += (g + curved / 2) * (x[i] - at[i]);
      out[i] = g + curved;
    }
    return total;
  };
  const unused = new Float64Array(dim);
  return potential({
    name,
    domain,
    value: (x) => slope(x, unused),
    gradient: slope,
    truth: truthOf(expansion, domain, slope),
  });
}

/**
 * The Taylor approximation of a potential, on the same domain.
 * @throws as {@link expansion} does, and what the potential throws
 * @example await taylor(formula("x^4 - 3*x^2"), [1.2], 2)
 */
export async function taylor(p: Potential, at: ArrayLike<number>, order: Order): Promise<Potential> {
  const ask = expansion(p, at, order);
  let step = ask.next();
  while (!step.done) step = ask.next(await p.answer(step.value));
  const approximation = polynomial(`taylor${order}(${p.name})`, p.domain, step.value);
  return p.names === undefined ? approximation : { ...approximation, names: p.names };
}

/** Of a well with its bottom inside: minimum and minimizer, and the levels where there is no edge. */
function truthOf(
  { at, gradient, hessian }: Expansion,
  { lower, upper, edge }: Domain,
  value: (x: Float64Array, out: Float64Array) => number,
): Truth | undefined {
  const dim = at.length;
  const factor = hessian?.slice();
  if (gradient === undefined || hessian === undefined || factor === undefined || !cholesky(factor, dim)) return;
  const shift = new Float64Array(dim);
  solveCholesky(factor, dim, gradient, shift);
  const bottom = at.map((x, j) => x - shift[j]);
  const minimum = value(bottom, new Float64Array(dim));
  const inside = bottom.every((x, j) => x >= lower[j] && x <= upper[j]);
  const k = new Float64Array(dim);
  eigenSymmetric(hessian, dim, k, new Float64Array(dim * dim));
  return {
    ...(inside ? { minimum, argmin: points([bottom]) } : {}),
    ...(edge === "open" ? { energies: (D: number) => harmonicLevels(D, k, LEVELS).map((E) => minimum + E) } : {}),
  };
}

function checkPoint(where: string, { lower, upper }: Domain, x0: Float64Array): void {
  if (x0.length !== lower.length)
    throw inputError(where, `x₀ has ${x0.length} coordinates where ζ has ${lower.length}`, "give one for each axis");
  const outside = x0.findIndex((x, j) => !(x >= lower[j] && x <= upper[j]));
  if (outside >= 0)
    throw inputError(
      where,
      `x₀ = (${x0.join(", ")}) lies outside ${lower[outside]}:${upper[outside]}`,
      "expand inside the domain",
    );
}

/**
 * Ising and QUBO problems as potentials: ζ is the energy of spins s = ±1, or of bits x ∈ {0, 1}, asked at the ends of the
 * axes. The couplings are told with it, so that engines can turn single spins at the cost of their neighbors.
 */
import { inputError } from "../../core/errors.ts";
import { box, type Domain, type Potential } from "../../core/problem.ts";
import { type Ising, isingEnergy } from "../../math/ising.ts";

export { type Matrix, readSpins, type SpinForm } from "./read.ts";

/**
 * The potential of an Ising problem.
 * @param options `name`; with `bits` points hold x = (1 + s)/2 in place of s
 * @throws where the energies are beyond numbers, and when asked, where a coordinate is neither end of its axis
 */
export function spins(
  problem: Ising,
  { name = "ising", bits = false }: { readonly name?: string; readonly bits?: boolean } = {},
): Potential {
  const most = sizeOf(problem.fields) + sizeOf(problem.coupling) + Math.abs(problem.constant);
  if (!Number.isFinite(most)) throw inputError(name, "adds up to more than the largest number", "divide all of it");
  const domain = box(problem.n, bits ? 0 : -1, 1);
  const s = new Float64Array(problem.n);
  return {
    name,
    domain,
    can: ["value"],
    couplings: problem,
    answer: ({ kind, at: { n, x } }) => {
      if (kind !== "value") throw inputError("query", `spins answer no '${kind}'`);
      const value = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        readConfiguration(domain, x, i, s);
        value[i] = isingEnergy(problem, s);
      }
      return { n, value };
    },
  };
}

function sizeOf(coefficients: Float64Array): number {
  return coefficients.reduce((sum, v) => sum + Math.abs(v), 0);
}

function readConfiguration({ lower, upper }: Domain, x: Float64Array, i: number, s: Float64Array): void {
  for (let j = 0; j < s.length; j++) {
    const v = x[i * s.length + j];
    if (v !== lower[j] && v !== upper[j])
      throw inputError(`point ${i + 1}`, `spin ${j + 1} is ${v}`, `it is ${lower[j]} or ${upper[j]}`);
    s[j] = v === lower[j] ? -1 : 1;
  }
}

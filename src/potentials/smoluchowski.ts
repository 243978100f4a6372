/**
 * Fokker–Planck as a Schrödinger problem: with p = e^{−U/2D} ψ, ∂p/∂τ = ∇·(p∇U) + D∇²p becomes ∂ψ/∂τ = −Hψ with
 * H = −D∇² + V, V = ‖∇U‖²/4D − ∇²U/2. Its ground state is φ₀² ∝ e^{−U/D} at energy 0, where that law can be
 * normalized; its first excited energy is the rate at which noisy gradient descent in U relaxes.
 */
import { inputError } from "../core/errors.ts";
import type { Answer, Points, Potential, Query } from "../core/problem.ts";
import { failuresPerPoint, type Stencil, stencil } from "../core/stencil.ts";

// as for Taylor orders: rounding and the next term of the series balance near ε^{1/5}
const STEP = 5e-4;

/**
 * V of U at one D, a potential that answers values only: ∇²U comes by differences of gradients, 4 · dim + 1 of which
 * are asked for each value.
 * @param D above 0; V belongs to this D alone
 * @throws where U gives no gradient
 */
export function smoluchowski(U: Potential, D: number): Potential {
  const where = `smoluchowski(${U.name})`;
  if (!(D > 0 && D < Infinity)) throw inputError(where, `D = ${D} is not a number above 0`);
  if (!U.can.includes("gradient"))
    throw inputError(where, `needs the gradient of '${U.name}', which gives none`, "wrap it in finiteDifference()");
  const { truth: _, gradientCost: __, ...rest } = U;
  const differences = stencil(U.domain, STEP);
  return {
    ...rest,
    name: where,
    can: ["value"],
    answer: (query, signal) => {
      if (query.kind !== "value") throw inputError(where, `answers no '${query.kind}'`);
      const asked: Query = { ...query, kind: "gradient", at: withProbes(query.at, differences) };
      const answer = U.answer(asked, signal);
      const mend = (a: Answer): Answer => transformed(a, query.at.dim, D, differences);
      return answer instanceof Promise ? answer.then(mend) : mend(answer);
    },
    // on a ring e^{−U/D} can always be normalized
    ...(U.domain.edge === "periodic" ? { truth: { energies: (d) => (d === D ? [0] : []) } } : {}),
  };
}

/** Each point, followed by its probes. */
function withProbes(at: Points, { probes, each }: Stencil): Points {
  const { n, dim, x } = at;
  const around = probes(at).x;
  const all = new Float64Array(n * (each + 1) * dim);
  for (let i = 0; i < n; i++) {
    all.set(x.subarray(i * dim, (i + 1) * dim), i * (each + 1) * dim);
    all.set(around.subarray(i * each * dim, (i + 1) * each * dim), (i * (each + 1) + 1) * dim);
  }
  return { n: n * (each + 1), dim, x: all };
}

function transformed(answer: Answer, dim: number, D: number, { each, derivative }: Stencil): Answer {
  const n = Math.floor(answer.n / (each + 1));
  const gradient = answer.gradient ?? new Float64Array(0);
  const value = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const first = i * (each + 1) * dim;
    const K = derivative(gradient.subarray(first + dim, first + (each + 1) * dim), 1, dim);
    let square = 0;
    let laplacian = 0;
    for (let j = 0; j < dim; j++) {
      square += gradient[first + j] ** 2;
      laplacian += K[j * dim + j];
    }
    value[i] = square / (4 * D) - laplacian / 2;
  }
  const failures = failuresPerPoint(answer.failures ?? [], each + 1, n);
  for (const { index } of failures) value[index] = Number.NaN;
  return { n, value, ...(failures.length === 0 ? {} : { failures }) };
}

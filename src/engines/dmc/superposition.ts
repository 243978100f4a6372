/**
 * Several Gaussians as guide: φ = Σ_k c_k φ_k, each φ_k the normalised root of N(μ_k, Σ_k). The amplitudes c are those of the
 * lowest state of H among them, H c = E S c, whose integrals are averages over points of the φ_k² themselves.
 */
import { type Ask, askValue, type Guidance, type Guide } from "../../core/index.ts";
import { cholesky, eigenSymmetric, fold, type Key } from "../../math/index.ts";
import { type Gaussian, gaussianGuide, gaussianPoints } from "./gaussian.ts";

/** Points of each Gaussian for the integrals. */
const SAMPLE = 2048;

/** The guide of the best superposition; of one Gaussian its own. */
export function* superposition(D: number, parts: readonly Gaussian[], key: Key, name: string): Ask<Guide> {
  const guides = parts.map((part) => gaussianGuide(part, name));
  if (parts.length === 1) return guides[0];
  const norms = parts.map(logNorm);
  return combined(guides, norms, yield* amplitudes(D, parts, guides, norms, key), name);
}

/** ln of the factor that normalises e^{−¼ yᵀΣ⁻¹y} to ∫φ² = 1, but for what all have in common. */
function logNorm({ covariance, mean: { length: dim } }: Gaussian): number {
  const factor = new Float64Array(dim * dim);
  cholesky(covariance, dim, factor);
  let log = 0;
  for (let j = 0; j < dim; j++) log -= 0.5 * Math.log(factor[j * dim + j]);
  return log;
}

function guidance(n: number, dim: number): Guidance {
  return { log: new Float64Array(n), gradient: new Float64Array(n * dim), laplacian: new Float64Array(n) };
}

/** The c of the lowest state, all above 0: what mixes with the other sign is left out. */
function* amplitudes(
  D: number,
  parts: readonly Gaussian[],
  guides: readonly Guide[],
  norms: readonly number[],
  key: Key,
): Ask<number[]> {
  const m = parts.length;
  const dim = parts[0].mean.length;
  const n = m * SAMPLE;
  const x = new Float64Array(n * dim);
  parts.forEach((part, k) => {
    x.set(gaussianPoints(part, fold(key, k), SAMPLE), k * SAMPLE * dim);
  });
  const at = { n, dim, x };
  const value = yield* askValue(at);
  const seen = guides.map((guide) => {
    const out = guidance(n, dim);
    guide.at(at, out);
    return out;
  });
  const [H, S] = [new Float64Array(m * m), new Float64Array(m * m)];
  for (let i = 0; i < n; i++) {
    const logs = seen.map(({ log }, k) => log[i] + norms[k]);
    const top = Math.max(...logs);
    const phi = logs.map((log) => Math.exp(log - top));
    const density = phi.reduce((sum, v) => sum + v * v, 0) / m;
    if (!Number.isFinite(value[i])) continue;
    for (let j = 0; j < m; j++)
      for (let k = 0; k < m; k++) {
        const weight = (phi[j] * phi[k]) / density / n;
        S[j * m + k] += weight;
        H[j * m + k] += weight * (value[i] - 0.5 * D * (seen[j].laplacian[i] + seen[k].laplacian[i]));
      }
  }
  return lowestOf(H, S, m).map((c) => Math.max(Math.abs(c), LEAST));
}

const LEAST = 1e-3;

/** The lowest eigenvector of H c = E S c. */
function lowestOf(H: Float64Array, S: Float64Array, m: number): number[] {
  const values = new Float64Array(m);
  const vectors = new Float64Array(m * m);
  eigenSymmetric(S, m, values, vectors);
  // the directions in which the parts differ, made orthonormal
  const kept = Array.from(values.keys()).filter((e) => values[e] > 1e-6);
  const basis = kept.map((e) => Array.from({ length: m }, (_, j) => vectors[e * m + j] / Math.sqrt(values[e])));
  const size = basis.length;
  const reduced = Float64Array.from({ length: size * size }, (_, e) => {
    const [a, b] = [basis[Math.floor(e / size)], basis[e % size]];
    let total = 0;
    for (let j = 0; j < m; j++) for (let k = 0; k < m; k++) total += a[j] * H[j * m + k] * b[k];
    return total;
  });
  const energies = new Float64Array(size);
  const states = new Float64Array(size * size);
  eigenSymmetric(reduced, size, energies, states);
  return Array.from({ length: m }, (_, j) => basis.reduce((sum, row, e) => sum + states[e] * row[j], 0));
}

/** Σ_k c_k φ_k out of its parts. */
function combined(guides: readonly Guide[], norms: readonly number[], c: readonly number[], name: string): Guide {
  const shift = c.map((v, k) => Math.log(v) + norms[k]);
  let room = { n: 0, seen: [] as Guidance[] };
  return {
    name,
    particle: 0,
    at(at, out) {
      const { n, dim } = at;
      if (room.n < n) room = { n, seen: guides.map(() => guidance(n, dim)) };
      guides.forEach((guide, k) => {
        guide.at(at, room.seen[k]);
      });
      for (let i = 0; i < n; i++) {
        let top = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < shift.length; k++) top = Math.max(top, room.seen[k].log[i] + shift[k]);
        let [total, laplacian] = [0, 0];
        for (let j = 0; j < dim; j++) out.gradient[i * dim + j] = 0;
        for (let k = 0; k < shift.length; k++) {
          const { log, gradient, laplacian: curve } = room.seen[k];
          const w = Math.exp(log[i] + shift[k] - top);
          total += w;
          laplacian += w * curve[i];
          for (let j = 0; j < dim; j++) out.gradient[i * dim + j] += w * gradient[i * dim + j];
        }
        out.log[i] = top + Math.log(total);
        out.laplacian[i] = laplacian / total;
        for (let j = 0; j < dim; j++) out.gradient[i * dim + j] /= total;
      }
    },
    sample: (key, n) => {
      const own = guides.map((guide, k) => guide.sample?.(fold(key, k), n) ?? new Float64Array(0));
      const dim = own[0].length / n;
      return Float64Array.from({ length: n * dim }, (_, e) => own[Math.floor(e / dim) % own.length][e]);
    },
  };
}

/**
 * Several Gaussians as guide: φ = Σ_k c_k φ_k, each φ_k the normalized root of N(μ_k, Σ_k). Wells that lie
 * higher have less of an amplitude c.
 */
import { type Ask, askValue, type Guidance, type Guide } from "../../core/index.ts";
import { cholesky, fold, type Key, mean } from "../../math/index.ts";
import { type Gaussian, gaussianGuide, gaussianPoints } from "./gaussian.ts";

/** Points of each Gaussian for the integrals. */
const SAMPLE = 2048;

/** The guide of the best superposition; of one Gaussian its own. */
export function* superposition(D: number, parts: readonly Gaussian[], key: Key, name: string): Ask<Guide> {
  const guides = parts.map((part) => gaussianGuide(part, name));
  if (parts.length === 1) return guides[0];
  const norms = parts.map(logNorm);
  return combined(guides, norms, yield* amplitudes(D, parts, guides, key), name);
}

/** ln of the factor that normalizes e^{−¼ yᵀΣ⁻¹y} to ∫φ² = 1, but for what all have in common. */
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

/**
 * c_k = e^{−(E_k − E_least)/T}, E_k and T the energies of the parts, whole and kinetic. The lowest state among wells that are
 * alike is even; diagonalized from a sample it would lie in one of them, by noise.
 */
function* amplitudes(D: number, parts: readonly Gaussian[], guides: readonly Guide[], key: Key): Ask<number[]> {
  const dim = parts[0].mean.length;
  const seen = guidance(SAMPLE, dim);
  const energies: number[] = [];
  let kinetic = 0;
  for (const [k, part] of parts.entries()) {
    // the same normals for all, so that wells that are alike stay so
    const at = { n: SAMPLE, dim, x: gaussianPoints(part, key, SAMPLE) };
    const value = (yield* askValue(at)).slice();
    guides[k].at(at, seen);
    const own = -D * mean(seen.laplacian);
    energies.push(own + mean(value));
    kinetic += own / parts.length;
  }
  const least = Math.min(...energies);
  return energies.map((E) => Math.max(LEAST, Math.exp(-(E - least) / kinetic)));
}

const LEAST = 1e-3;

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

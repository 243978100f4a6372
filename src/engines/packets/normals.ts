/**
 * The directions a packet looks in. Its expectations over N(0, I) are taken as a symmetric quadrature rather than by
 * independent draws: normals in orthogonal blocks of d, each vector of Haar-uniform direction and χ-distributed length
 * of its own, so that it is N(0, I) by itself, and each taken with both signs (H. Wang, M. Emmerich, T. Bäck,
 * "Mirrored orthogonal sampling for covariance matrix adaptation evolution strategies", Evol. Comput. 27, 699, 2019).
 * Odd moments then vanish exactly, as they do over the packet, and no direction is looked in twice. Against independent
 * normals this raises the BBOB targets solved at 1000 d evaluations from .842 to .876 (d = 2) and from .717 to .765
 * (d = 5; ten instances, three seeds). Its price: where ranks are random the two of a pair cancel in ȳ, so that p_σ is
 * shorter than χ and σ drifts down.
 */
import { fillNormal, type Key } from "../../math/rng.ts";

/** Independent directions among λ samples: the other samples are their mirror images. */
export function halfOf(lambda: number): number {
  return (lambda + 1) >> 1;
}

/** Fills the rows of z [n × dim] with normals, orthogonal to each other within blocks of `dim` rows. */
export function orthogonalNormals(key: Key, n: number, dim: number, z: Float64Array): void {
  fillNormal(key, z.subarray(0, n * dim));
  for (let block = 0; block < n; block += dim)
    for (let k = block; k < Math.min(n, block + dim); k++) orthogonalize(z, dim, block, k);
}

/** Makes row k orthogonal to the rows from `block` on without changing its length (Gram and Schmidt). */
function orthogonalize(z: Float64Array, dim: number, block: number, k: number): void {
  const at = k * dim;
  const before = square(z, at, dim);
  for (let l = block; l < k; l++) {
    const other = l * dim;
    let inner = 0;
    for (let j = 0; j < dim; j++) inner += z[at + j] * z[other + j];
    const share = inner / square(z, other, dim);
    for (let j = 0; j < dim; j++) z[at + j] -= share * z[other + j];
  }
  const after = square(z, at, dim);
  const scale = after > 0 ? Math.sqrt(before / after) : 0;
  for (let j = 0; j < dim; j++) z[at + j] *= scale;
}

function square(z: Float64Array, at: number, dim: number): number {
  let sum = 0;
  for (let j = 0; j < dim; j++) sum += z[at + j] * z[at + j];
  return sum;
}

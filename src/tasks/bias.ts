/**
 * What the step of unadjusted Langevin dynamics does to its law, to first order in Δτ. The law is e^{−ζ/D} (1 + Δτ (V − ⟨V⟩))
 * with V = ‖∇ζ‖²/4D − ∇²ζ/2 (∇ in the coordinates of the step), so ⟨f⟩ is off by Δτ Cov(f, V); by parts, and without second
 * derivatives, Cov(f, V) = ½ ⟨∇f·∇ζ⟩ − Cov(f, ‖∇ζ‖²)/4D.
 */
import type { Points, Potential } from "../core/problem.ts";
import { pulls } from "../engines/langevin/index.ts";
import { mean } from "../math/stats.ts";

/** What is to be expected of each coordinate: mean and variance of the law that is sampled less those of e^{−ζ/D}. */
export type Bias = { readonly mean: readonly number[]; readonly variance: readonly number[] };

/**
 * The bias estimated at samples of the law; the slopes there are asked for.
 * @param scale L of the step: one number an axis, or a lower triangle
 */
export async function biasOf(
  samples: Points,
  D: number,
  dt: number,
  { answer }: Pick<Potential, "answer">,
  scale: Float64Array,
): Promise<Bias | undefined> {
  const { n, dim, x } = samples;
  const { gradient } = await answer({ kind: "gradient", at: samples });
  if (gradient === undefined) return undefined;
  const pull = new Float64Array(n * dim);
  pulls(scale, dim, gradient, pull);
  const square = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let e = i * dim; e < (i + 1) * dim; e++) sum += pull[e] * pull[e];
    return sum;
  });
  const means = Array.from({ length: dim }, (_, j) => mean(Float64Array.from({ length: n }, (_, i) => x[i * dim + j])));
  /** Cov(f, V) for f of one coordinate, from f and f′ at the samples. */
  const off = (f: Float64Array, rise: Float64Array): number => {
    const [center, average] = [mean(f), mean(square)];
    let [slopes, together] = [0, 0];
    for (let i = 0; i < n; i++) {
      slopes += rise[i] / n;
      together += ((f[i] - center) * (square[i] - average)) / n;
    }
    return dt * (0.5 * slopes - together / (4 * D));
  };
  /** (L Lᵀ∇ζ)_j: the slope along axis j as a step feels it. */
  const felt = (i: number, j: number): number => {
    if (scale.length === dim) return scale[j] * pull[i * dim + j];
    let sum = 0;
    for (let k = 0; k <= j; k++) sum += scale[j * dim + k] * pull[i * dim + k];
    return sum;
  };
  const each = (of: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => of(i));
  const centered = (i: number, j: number): number => x[i * dim + j] - means[j];
  return {
    mean: means.map((_, j) =>
      off(
        each((i) => centered(i, j)),
        each((i) => felt(i, j)),
      ),
    ),
    variance: means.map((_, j) =>
      off(
        each((i) => centered(i, j) ** 2),
        each((i) => 2 * centered(i, j) * felt(i, j)),
      ),
    ),
  };
}

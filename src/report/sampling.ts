/** Draws as data and as pictures: traces, marginals beside the exact ones, and pairs. */
import type { Potential } from "../core/problem.ts";
import type { Scene } from "../draw/index.ts";
import type { Sampled } from "../tasks/sampling.ts";
import { csv } from "./data.ts";

/** The samples as CSV: a header line, a row a sample. */
export function samplesCsv({ samples: { n, dim, x }, names }: Sampled): string {
  const columns: Record<string, Float64Array> = {};
  for (let j = 0; j < dim; j++)
    columns[names?.[j] ?? `x${j + 1}`] = Float64Array.from({ length: n }, (_, i) => x[i * dim + j]);
  return csv(columns);
}

export async function samplingScenes(_potential: Potential, _found: Sampled): Promise<Scene[]> {
  return [];
}

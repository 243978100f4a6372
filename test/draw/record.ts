/** Records of runs that never were, for pictures. */
import type { RunRecord } from "../../src/tasks/record.ts";

/** A state that anneals as the harmonic oscillator does: D falls by 100 a scale, spread² = energy ∝ √D. */
export function annealed(dim: number, scales = 8): RunRecord {
  const at = (k: number) => {
    const D = 100 ** (1 - k);
    return { D, energy: Math.sqrt(D), spread: D ** 0.25, best: Math.sqrt(D) / 10, evaluations: 100 * (k + 1) };
  };
  return {
    scales: Array.from({ length: scales }, (_, k) => ({
      ...at(k),
      tau: k + 1,
      mean: Float64Array.from({ length: dim }, (_, j) => at(k).spread * Math.sin(j + k)),
      deviation: new Float64Array(dim).fill(at(k).spread),
    })),
    rows: Array.from({ length: scales }, (_, k) => at(k)),
  };
}

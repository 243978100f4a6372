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
    families: [],
    finder: null,
  };
}

/** Families that take turns, the last of them born late. */
export function superposed(families: number): RunRecord {
  const { rows, scales } = annealed(2, 40);
  return {
    scales,
    rows: rows.map((row, i) => ({
      ...row,
      turn: {
        family: i % families,
        finder: Math.min(families - 1, i >> 3),
        births: Array.from({ length: Math.min(families, 1 + i) }, (_, f) => 1 + Math.floor(i / (5 + f))),
        spent: Array.from({ length: Math.min(families, 1 + i) }, (_, f) => 10 * (i + 1 + f)),
      },
    })),
    families: Array.from({ length: families }, (_, f) => {
      const label = ["wide", "small", "harmonic", "product state", "fifth"][f] ?? `family ${f + 1}`;
      return { family: f, label, births: 3, evaluations: 100, improvements: 2 };
    }),
    finder: { family: families - 1, births: 1, evaluations: 77, value: 1e-9 },
  };
}

/** A ground-state energy as pictures. */
import { extrapolation, type Scene, walkOverTime } from "../draw/index.ts";
import type { Ground } from "../tasks/ground.ts";

/** The energy along the first walk, and the extrapolation through all; nothing where no walkers walked. */
export function groundScenes({ walk, energy, error }: Ground): Scene[] {
  if (walk === undefined) return [];
  const { rows, trace, fit } = walk;
  const scenes = [walkOverTime({ ...trace, mean: rows[0].energy })];
  if (error === null || fit === null) return scenes;
  const { order, timeStep, population } = fit;
  return [...scenes, extrapolation({ rows, energy, error, order, timeStep, population })];
}

/** What the grid engine tells of a step. */
import { type Info, inputError, type Tick } from "../../core/index.ts";
import type { Block } from "./block.ts";
import type { Motion } from "./motion.ts";
import { measure, overlap, probabilityIn, type Region } from "./observables.ts";
import type { GridState } from "./state.ts";

/**
 * `time`, `norm` (that of ψ, 1 after every step of imaginary time), `energy` = `kinetic` + `potential` of the normalized ψ,
 * `growth` (the growth energy, where the norm decays), `spread`, `mean1` …, `edge` (largest density on the faces of the
 * box over the largest anywhere), `step` (Δt), `phase` (radians by which a Δt turns the highest ζ against the lowest),
 * `probability1` …, `level0` ….
 */
export function tell(
  state: GridState,
  { propagator, range }: Motion,
  { angle = 0 }: Tick,
  { growth, dt: step, setting }: Block,
  options: { readonly regions?: readonly Region[] | undefined; readonly states?: readonly Float64Array[] | undefined },
): Info {
  const { lattice, value, re, im } = state;
  const { strength = 1, D } = setting;
  const { norm, mean, spread, potential, edge } = measure(lattice, value, re, im);
  const kinetic = D * propagator.squaredMomentum();
  if (!Number.isFinite(kinetic))
    throw inputError("D", `${D} makes the kinetic energy on this grid overflow`, "take a smaller D, or scale x");
  const info: Record<string, number> = {
    time: state.time,
    norm,
    energy: kinetic + strength * potential,
    kinetic,
    potential: strength * potential,
    spread,
    edge,
    phase: Math.sin(angle) * Math.abs(strength) * range * step,
    step,
  };
  if (!Number.isNaN(growth)) info.growth = growth;
  mean.forEach((x, j) => {
    info[`mean${j + 1}`] = x;
  });
  options.regions?.forEach((region, i) => {
    info[`probability${i + 1}`] = probabilityIn(region, lattice, re, im);
  });
  options.states?.forEach((level, n) => {
    info[`level${n}`] = overlap(level, lattice, re, im);
  });
  return info;
}

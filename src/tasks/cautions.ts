/** What makes an evolution doubtful: steps too long for ζ, a box too small for ψ. Each is told once, with what to change. */
import type { Info } from "../core/engine.ts";
import { type GridEdge, isReal } from "../engines/grid/index.ts";
import type { EvolveSetup, Measured } from "./evolve.ts";

export type Cautions = {
  frame(row: Measured, info: Info): void;
  warnings(): readonly string[];
};

/** A start that is denser at the edge has been cut, one that was not and becomes so has arrived there. */
const CUT = 1e-6;
const ARRIVED = 1e-3;

/** The narrowest packet that a grid holds, in spacings: its momenta end at three standard deviations, 3/2σ = π/h. */
const RESOLVED = 0.5;

export function cautions(setup: EvolveSetup, edge: GridEdge): Cautions {
  const { start, angle } = setup;
  let first: number | undefined;
  let largest = 0;
  let phase = 0;
  let dt = 0;
  return {
    frame(row, info) {
      first ??= row.edge;
      largest = Math.max(largest, row.edge);
      if (info.phase <= phase) return;
      phase = info.phase;
      dt = info.step;
    },
    warnings() {
      const told = tooNarrow(setup);
      if (phase > Math.PI)
        told.push(
          `dt: a step of ${Number(dt.toPrecision(6))} turns the phase of ζ by up to ${phase.toPrecision(3)} radians, beyond π, where energies alias; take at most ${((dt * Math.PI) / phase).toPrecision(3)}`,
        );
      const cut = start.kind === "gaussian" && (first ?? 0) > CUT && edge !== "wall";
      if (cut)
        told.push(
          `domain: the box cuts the start, whose density at the edge is ${share(first ?? 0)} of its largest; take a larger domain or a smaller sigma`,
        );
      else if (edge === "periodic" && start.kind !== "uniform" && (first ?? 0) <= CUT && largest > ARRIVED)
        told.push(
          `domain: ψ has come to the edge of the box (density there ${share(largest)} of its largest) and goes around; take a larger domain, ${isReal(angle) ? "absorbing layers or walls" : "or walls"}`,
        );
      return told;
    },
  };
}

/** A start that the points do not resolve. */
function tooNarrow({ start, potential: { domain }, shape }: EvolveSetup): string[] {
  if (start.kind !== "gaussian") return [];
  const { sigma = [] } = start;
  const spacing = shape.map((n, j) => (domain.upper[j] - domain.lower[j]) / n);
  const axis = spacing.findIndex((h, j) => sigma[sigma.length === 1 ? 0 : j] < RESOLVED * h);
  if (axis < 0) return [];
  const h = Number(spacing[axis].toPrecision(3));
  const least = (RESOLVED * spacing[axis]).toPrecision(3);
  return [
    `start.sigma: ${sigma.join(", ")} is too narrow for points that lie ${h} apart; take ${least} at least, or more points`,
  ];
}

function share(x: number): string {
  return x.toPrecision(2);
}

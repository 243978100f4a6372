/** The pictures of a minimization: each as a scene with its caption, and as SVG text. */

import type { Potential } from "../core/problem.ts";
import {
  type Cluster,
  cluster,
  convergence,
  relaxation,
  type Scene,
  type Slice,
  svg,
  whereabouts,
} from "../draw/index.ts";
import type { Minimization } from "../tasks/minimize.ts";

export type FigureInput = {
  readonly result: Minimization;
  readonly potential: Pick<Potential, "name" | "domain" | "names" | "truth" | "space">;
  /** ζ on a grid through the best point, for one and two dimensions. */
  readonly slice?: Slice | undefined;
  /** The best point as atoms in space. */
  readonly cluster?: Cluster | undefined;
};

/** `caption` carries the marks of `rich()`. */
export type Figure = { readonly name: string; readonly title: string; readonly caption: string; readonly svg: string };

/** The pictures that the result has matter for; the same input gives the same bytes. */
export function figures(input: FigureInput): Figure[] {
  const { result, potential, slice } = input;
  const { record, best } = result;
  const end = { evaluations: result.evaluations, best: best.value };
  const descent = { record, end, minimum: potential.truth?.minimum };
  const { domain, names } = potential;
  const where = { scales: record.scales, domain, best: best.x, names, slice };
  return [
    figure(input.cluster === undefined ? null : cluster(input.cluster), CLUSTER),
    figure(convergence(descent), CONVERGENCE),
    figure(relaxation(descent), RELAXATION),
    figure(whereabouts(where), whereCaption(domain.lower.length)),
  ].flat();
}

function figure(scene: Scene | null, caption: string): Figure[] {
  return scene === null ? [] : [{ name: scene.name, title: scene.title, caption, svg: svg(scene) }];
}

const CLUSTER = "Bonds join atoms nearer than 1.3; the color of an atom tells how many neighbors it has.";

const CONVERGENCE =
  "The best value found so far, and beneath it, where it changes, the *D* at which the state was held: the two loops. What lies at the tick marked ≤ lies there or below.";

const RELAXATION =
  "The two loops seen from outside: as *D* falls (to the right) the energy of the state comes down to the minimum and its size shrinks. Where several states take turns, each goes its own way down.";

function whereCaption(dim: number): string {
  if (dim === 1) return "Mean ± standard deviation of the state (bars), and the best point (dashed).";
  if (dim === 2)
    return "Mean (white dots) ± standard deviation (ellipses) of the state, and the best point (orange), over contours of ζ that share the area out equally.";
  if (dim <= 12) return "Mean ± standard deviation of the state in each coordinate, and the best point (dashed).";
  return "Distance between the state and the best point, coordinate by coordinate: root mean square, as a share of the width of the domain.";
}

/**
 * The pictures of a minimization: each as a scene with its caption, and as SVG text. First those of the run itself, then
 * those of its points, which explain the objective.
 */
import type { Potential } from "../core/problem.ts";
import {
  type Cluster,
  cluster,
  convergence,
  fewFamilies,
  importances,
  pairs,
  parallel,
  profiles,
  relaxation,
  type Scene,
  type Slice,
  svg,
  turns,
  whereabouts,
} from "../draw/index.ts";
import { byImportance, type Explanation } from "../tasks/explanation.ts";
import type { Minimization } from "../tasks/minimize.ts";
import * as captions from "./captions.ts";

export type FigureInput = {
  readonly result: Minimization;
  readonly potential: Pick<Potential, "name" | "domain" | "names" | "truth" | "space" | "constraints">;
  /** ζ on a grid through the best point, for one and two dimensions. */
  readonly slice?: Slice | undefined;
  /** The best point as atoms in space. */
  readonly cluster?: Cluster | undefined;
  /** What the evaluated points say of the objective. */
  readonly explanation?: Explanation | undefined;
};

/** `caption` carries the marks of `rich()`. */
export type Figure = { readonly name: string; readonly title: string; readonly caption: string; readonly svg: string };

/** The pictures that the result has matter for; the same input gives the same bytes. */
export function figures(input: FigureInput): Figure[] {
  return [...runFigures(input), ...objectiveFigures(input)];
}

/** What the two loops did. */
export function runFigures(input: FigureInput): Figure[] {
  const { result, potential, slice } = input;
  const { best } = result;
  const record = fewFamilies(result.record);
  const noise = best.error === undefined ? {} : { error: best.error };
  const end = { evaluations: result.evaluations, best: best.value, ...noise };
  const descent = { record, end, minimum: potential.truth?.minimum };
  const { domain, names, space } = potential;
  const where = { scales: record.scales, domain, best: best.x, names, space, slice };
  return [
    figure(input.cluster === undefined ? null : cluster(input.cluster), captions.CLUSTER),
    figure(convergence(descent), captions.convergence(record, best.error)),
    figure(turns({ record, end }), captions.TURNS),
    figure(relaxation(descent), captions.relaxation(record)),
    figure(whereabouts(where), captions.whereabouts(domain.lower.length)),
  ].flat();
}

/** What the evaluated points, and the slices where there are any, say of the objective. */
export function objectiveFigures({ result, potential, explanation }: FigureInput): Figure[] {
  const { best } = result;
  if (explanation === undefined || best.x.length === 0) return [];
  const { points, importance, slices } = explanation;
  const { domain, names, space } = potential;
  const order = byImportance(importance, domain);
  const of = { domain, names, space, points, best, order };
  const known = importance.shares !== null;
  return [
    figure(importances(importance, names), captions.importance(importance)),
    figure(profiles({ ...of, lines: slices?.lines }), captions.profiles(order.length, known, slices !== undefined)),
    figure(pairs({ ...of, planes: slices?.planes }), captions.pairs(order.length, known, slices)),
    figure(parallel(of), captions.PARALLEL),
  ].flat();
}

function figure(scene: Scene | null, caption: string): Figure[] {
  return scene === null ? [] : [{ name: scene.name, title: scene.title, caption, svg: svg(scene) }];
}

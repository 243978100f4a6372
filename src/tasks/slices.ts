/**
 * ζ on lines and planes through a point, which the points of a run cannot show. They cost evaluations of their own:
 * half of what is allowed goes to a line along each coordinate, the rest to the planes of the coordinates that change
 * ζ most along them. The allowance is never exceeded; what it does not suffice for is left out.
 */
import { inputError } from "../core/errors.ts";
import type { Answer, Evaluator } from "../core/problem.ts";
import { ranks, variance } from "../math/stats.ts";
import { type Ground, isAllowed } from "./sample.ts";

/** ζ along one coordinate, ascending, the point itself among them; values without use are +∞. */
export type LineSlice = { readonly axis: number; readonly at: Float64Array; readonly value: Float64Array };

/** ζ over two coordinates, evenly spaced from end to end, as its variables are searched; value[row · xs.length + column], row by row of y. */
export type PlaneSlice = {
  readonly axes: readonly [x: number, y: number];
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly value: Float64Array;
};

export type Slices = {
  readonly lines: readonly LineSlice[];
  readonly planes: readonly PlaneSlice[];
  /** Evaluations spent on them. */
  readonly evaluations: number;
};

export type Through = { readonly x: readonly number[]; readonly value: number };

/** The points of the shortest line that says anything. */
export const LEAST_SLICED = 9;
/** Points of the longest line, of the longest side of a plane; coordinates that are paired. */
const [LINE, PLANE, PAIRED] = [65, 41, 3];

/**
 * The lines and planes through a point that an allowance pays for.
 * @param order coordinates in the order in which they are sliced where not all can be
 * @throws where the allowance pays for no line
 */
export async function slices(
  evaluate: Evaluator,
  ground: Ground,
  point: Through,
  order: readonly number[],
  allowance: number,
  signal?: AbortSignal,
): Promise<Slices> {
  if (!(Number.isSafeInteger(allowance) && allowance >= LEAST_SLICED))
    throw inputError("explain", `${allowance} is not a whole number of evaluations, ${LEAST_SLICED} or more`);
  const asked = asker(evaluate, point.x, signal);
  const dim = point.x.length;
  const forLines = dim === 1 ? allowance : Math.max(LEAST_SLICED, allowance / 2);
  const size = Math.max(LEAST_SLICED, Math.min(LINE, Math.floor(forLines / dim)));
  const axes = order.slice(0, Math.floor(forLines / size)).sort((a, b) => a - b);
  const lines = await lineSlices(asked, ground, point, axes, size);
  const planes = await planeSlices(asked, ground, steepest(lines, ground), allowance - axes.length * size);
  return { lines, planes, evaluations: asked.spent() };
}

/** Asks for ζ at the point with some coordinates changed. */
type Asker = {
  values(changes: readonly (readonly [axis: number, value: number][])[]): Promise<Float64Array>;
  spent(): number;
};

function asker(evaluate: Evaluator, x: readonly number[], signal: AbortSignal | undefined): Asker {
  let spent = 0;
  return {
    async values(changes) {
      const [n, dim] = [changes.length, x.length];
      const values = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
      if (n === 0 || signal?.aborted) return values;
      const at = { n, dim, x: new Float64Array(n * dim) };
      changes.forEach((changed, i) => {
        at.x.set(x, i * dim);
        for (const [axis, value] of changed) at.x[i * dim + axis] = value;
      });
      const answer = await evaluate({ kind: "value", at }, signal);
      spent += answer.n;
      return values.map((_, i) => finite(i < answer.n ? allowedValue(answer, i) : undefined));
    },
    spent: () => spent,
  };
}

function allowedValue({ n, value, constraints }: Answer, i: number): number | undefined {
  return isAllowed(constraints, i, n) ? value?.[i] : undefined;
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}

async function lineSlices(
  asked: Asker,
  ground: Ground,
  { x, value }: Through,
  axes: readonly number[],
  size: number,
): Promise<LineSlice[]> {
  const grids = axes.map((axis) => steps(ground, axis, size));
  const values = await asked.values(
    axes.flatMap((axis, a) => [...grids[a]].map((v) => [[axis, v] as const] as [number, number][])),
  );
  let from = 0;
  return axes.map((axis, a) => {
    const points = [...grids[a]].map((at, i) => ({ at, value: values[from + i] }));
    from += grids[a].length;
    if (!points.some(({ at }) => at === x[axis])) points.push({ at: x[axis], value });
    points.sort((p, q) => p.at - q.at);
    return {
      axis,
      at: Float64Array.from(points, ({ at }) => at),
      value: Float64Array.from(points, ({ value }) => value),
    };
  });
}

/** The coordinates along which the rank of ζ changes most, at most PAIRED of them; between options lies nothing. */
function steepest(lines: readonly LineSlice[], { space }: Ground): number[] {
  const all = ranks(lines.flatMap(({ value }) => [...value]));
  let from = 0;
  const changes = lines.map(({ axis, value }) => {
    const change = variance(all.slice(from, from + value.length));
    from += value.length;
    return { axis, change };
  });
  changes.sort((a, b) => b.change - a.change);
  const between = changes.filter(({ axis }) => space?.variables[axis].kind !== "choice");
  return between.slice(0, PAIRED).map(({ axis }) => axis);
}

async function planeSlices(asked: Asker, ground: Ground, axes: readonly number[], left: number): Promise<PlaneSlice[]> {
  const pairs = axes.flatMap((x, i) => axes.slice(i + 1).map((y) => [Math.min(x, y), Math.max(x, y)] as const));
  const paid = pairs.slice(0, Math.floor(left / LEAST_SLICED ** 2));
  const planes: PlaneSlice[] = [];
  for (const [x, y] of paid) {
    const size = Math.min(PLANE, Math.floor(Math.sqrt(left / paid.length)));
    const [xs, ys] = [steps(ground, x, size), steps(ground, y, size)];
    const value = await asked.values(
      [...ys].flatMap((v) =>
        [...xs].map((u): [number, number][] => [
          [x, u],
          [y, v],
        ]),
      ),
    );
    planes.push({ axes: [x, y], xs, ys, value });
  }
  return planes;
}

/** From bound to bound in at most `size` even steps: of the logarithm where it is searched so, whole where it is whole. */
function steps({ domain, space }: Ground, axis: number, size: number): Float64Array {
  const [lower, upper] = [domain.lower[axis], domain.upper[axis]];
  const kind = space?.variables[axis].kind ?? "real";
  const along = (t: number): number =>
    kind === "log" ? Math.min(upper, lower * (upper / lower) ** t) : lower + (upper - lower) * t;
  if (kind === "real" || kind === "log") return Float64Array.from({ length: size }, (_, i) => along(i / (size - 1)));
  const length = Math.min(size, upper - lower + 1);
  return Float64Array.from({ length }, (_, i) => Math.round(along(i / (length - 1))));
}

/**
 * Draws of a law as pictures: the paths of some chains, the marginals as histograms beside the exact densities where these
 * are known, and the draws two coordinates at a time over the exact law.
 */
import { linearAxis } from "./axes.ts";
import { extent, keyMarks, sequence } from "./chart.ts";
import { filled, viridis } from "./contours.ts";
import { nameOf } from "./coordinates.ts";
import { clipped, curve, frame, gutter, type Plot, type Point, plot, round, stack, WIDTH } from "./frame.ts";
import { type Box, type Color, type Mark, rich, type Scene } from "./scene.ts";

type Named = { readonly names?: readonly string[] | undefined };

export type Traces = Named & {
  /** The step of each row. */
  readonly steps: ArrayLike<number>;
  /** For each coordinate shown, the paths of the chains shown. */
  readonly paths: readonly (readonly ArrayLike<number>[])[];
};

const TRACE = 92;

/** The coordinates of a few chains over their steps, a panel each. */
export function traces({ steps, paths, names }: Traces): Scene {
  const x = linearAxis(rich("step"), steps[0], steps[steps.length - 1]);
  const panels = paths.map((chains, j) => {
    const colors = sequence(chains.length);
    return {
      y: linearAxis(nameOf(names, j), ...extent(...chains), 3),
      height: paths.length === 1 ? 180 : TRACE,
      draw: (at: Plot): Mark[] =>
        chains.map((path, c) => ({
          kind: "path",
          d: curve(Array.from(path, (v, i): Point => [at.x(steps[i]), at.y(v)])),
          stroke: colors[c],
          width: 0.8,
          opacity: 0.8,
        })),
    };
  });
  return stack("trace", "The coordinates of some chains, step by step", x, panels);
}

export type Marginal = {
  /** All draws of the coordinate. */
  readonly draws: ArrayLike<number>;
  /** The exact density, where it is known. */
  readonly exact?: { readonly xs: ArrayLike<number>; readonly density: ArrayLike<number> } | undefined;
};

const BINS = 48;
const SHADE = 0.35;
const TOP = 44;
const BETWEEN = 78;

/** Histograms of the coordinates, with the exact marginals where they are known. */
export function marginals({
  marginals: all,
  law,
  names,
}: Named & { readonly marginals: readonly Marginal[]; readonly law: string }): Scene {
  const columns = all.length > 1 ? 2 : 1;
  const height = columns === 1 ? 240 : 150;
  const histograms = all.map(({ draws }) => histogram(draws));
  const ys = all.map(({ exact }, j) =>
    linearAxis(rich("density"), 0, 1.06 * extent(histograms[j].density, exact?.density ?? [])[1], 4),
  );
  const left = Math.max(...ys.map(gutter));
  const width = (WIDTH - columns * left - 14) / columns;
  const isExact = all.some(({ exact }) => exact !== undefined);
  const marks: Mark[] = [
    { kind: "rect", x: left, y: 4, width: 22, height: 12, fill: "blue", opacity: SHADE },
    { kind: "text", x: left + 29, y: 14, text: rich("draws"), size: 12 },
    ...(isExact ? keyMarks([{ color: "orange", label: law }], left + 96, 2) : []),
    ...all.flatMap(({ exact }, j): Mark[] => {
      const box: Box = {
        x: left + (j % columns) * (width + left),
        y: TOP + Math.floor(j / columns) * (height + BETWEEN),
        width,
        height,
      };
      const x = linearAxis(nameOf(names, j), ...extent(histograms[j].edges), 4);
      const at = plot(box, x, ys[j]);
      const line: Mark[] = exact === undefined ? [] : [exactLine(exact, at)];
      return [...frame(box, x, ys[j], "name", box.x - left + 14), clipped(box, [bars(histograms[j], at), ...line], 1)];
    }),
  ];
  const rows = Math.ceil(all.length / columns);
  const title = isExact ? "Marginals of the draws beside the exact ones" : "Marginals of the draws";
  return { name: "marginals", title, width: WIDTH, height: TOP + rows * (height + BETWEEN) - 26, marks };
}

type Histogram = { readonly edges: Float64Array; readonly density: Float64Array };

function histogram(draws: ArrayLike<number>): Histogram {
  const [low, high] = extent(draws);
  const width = (high - low) / BINS || 1;
  const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => low + i * width);
  const density = new Float64Array(BINS);
  for (let i = 0; i < draws.length; i++)
    density[Math.min(BINS - 1, Math.floor((draws[i] - low) / width))] += 1 / (draws.length * width);
  return { edges, density };
}

function bars({ edges, density }: Histogram, at: Plot): Mark {
  const tops = Array.from(density, (p, i) => `V${round(at.y(p))}H${round(at.x(edges[i + 1]))}`).join("");
  const d = `M${round(at.x(edges[0]))} ${round(at.y(0))}${tops}V${round(at.y(0))}Z`;
  return { kind: "path", d, fill: "blue", opacity: SHADE };
}

function exactLine({ xs, density }: NonNullable<Marginal["exact"]>, at: Plot): Mark {
  const d = curve(Array.from(xs, (x, i): Point => [at.x(x), at.y(density[i])]));
  return { kind: "path", d, stroke: "orange", width: 1.8 };
}

export type DrawPairs = Named & {
  /** The samples, coordinate by coordinate: two or three are shown. */
  readonly columns: readonly ArrayLike<number>[];
  /** What the law is called, with the marks of `rich()`. */
  readonly law: string;
  /** Of two coordinates the exact density, the last axis running fastest. */
  readonly exact?: { readonly axes: readonly Float64Array[]; readonly density: Float64Array } | undefined;
};

const LEVELS = 9;
/** Beyond the outermost samples, as a share of their range. */
const ROOM = 0.03;

/** The samples two coordinates at a time, over the exact law where there are two and it is known. */
export function drawPairs({ columns, law, exact, names }: DrawPairs): Scene | null {
  const shown = columns.slice(0, 3);
  const pairs = shown.flatMap((_, i) => shown.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));
  if (pairs.length === 0) return null;
  const axis = (j: number) => {
    const [low, high] = extent(shown[j]);
    return linearAxis(nameOf(names, j), low - ROOM * (high - low), high + ROOM * (high - low), 4);
  };
  const left = Math.max(...shown.map((_, j) => gutter(axis(j))));
  const single = pairs.length === 1;
  const size = single ? WIDTH - left - 14 : (WIDTH - 2 * left - 14) / 2;
  const height = (single ? 0.7 : 0.85) * size;
  const marks = pairs.flatMap(([i, j], k): Mark[] => {
    const box: Box = {
      x: left + (k % 2) * (size + left),
      y: 30 + Math.floor(k / 2) * (height + 78),
      width: size,
      height,
    };
    const [x, y] = [axis(i), axis(j)];
    const at = plot(box, x, y);
    const ground = exact === undefined ? [] : contours(exact, at);
    const dots = Array.from(shown[i], (v, r) => `M${round(at.x(v))} ${round(at.y(shown[j][r]))}h0`).join("");
    const color: Color = exact === undefined ? "blue" : "#ffffff";
    const cloud: Mark = { kind: "path", d: dots, stroke: color, width: 2.6, opacity: 0.7 };
    return [...frame(box, x, y, "name", box.x - left + 14), clipped(box, [...ground, cloud], 0)];
  });
  if (exact !== undefined) {
    const text = rich(`samples on ${law}, in ninths of its maximum`);
    marks.push({ kind: "text", x: WIDTH - 14, y: 18, text, size: 12, anchor: "end", color: "soft" });
  }
  const rows = Math.ceil(pairs.length / 2);
  const title = exact === undefined ? "The samples, two coordinates at a time" : "The samples on the exact density";
  return { name: "pairs", title, width: WIDTH, height: 30 + rows * (height + 78) - 26, marks };
}

/** Areas of equal density, from nothing to the greatest. */
function contours({ axes, density }: NonNullable<DrawPairs["exact"]>, at: Plot): Mark[] {
  const [xs, ys] = axes.map((a) => [...a]);
  // rows of y for each x, as contours wants them
  const values = ys.flatMap((_, k) => xs.map((_, i) => density[i * ys.length + k]));
  const top = values.reduce((most, v) => Math.max(most, v), 0);
  const levels = Array.from({ length: LEVELS }, (_, k) => (k === 0 ? -1 : (top * k) / LEVELS));
  const colors = levels.map((_, k) => viridis((0.85 * k) / (LEVELS - 1)));
  return filled({ xs, ys, values }, levels, colors, at);
}

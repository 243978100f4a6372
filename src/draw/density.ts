/** Densities |ψ|² as fields: over space and time, and on a plane over the contours of ζ. */
import { quantileSorted } from "d3-array";
import { type Axis, linearAxis } from "./axes.ts";
import { extent } from "./chart.ts";
import { colorBar, type Field, filled, outlines, viridis } from "./contours.ts";
import { clipped, curve, frame, gutter, type Plot, plot, WIDTH } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Color, type Mark, rich, type Scene, type Text } from "./scene.ts";

const STEPS = 16;
const BAR = 100;

export type SpaceTime = {
  readonly xs: ArrayLike<number>;
  readonly times: ArrayLike<number>;
  /** density[time · xs.length + place]; both evenly spaced. */
  readonly density: ArrayLike<number>;
  /** The name of the time, with the marks of `rich()`. */
  readonly time?: string;
  /** ⟨x⟩ at each time. */
  readonly mean?: ArrayLike<number>;
  /** ζ over xs, drawn as a profile along the right edge. */
  readonly zeta?: ArrayLike<number>;
  /** The density that the brightest color begins at, where a peak would leave all else dark. */
  readonly top?: number;
};

/** Time to the right, space upward. */
export function spaceTime({ xs, times, density, time = "time *t*", mean, zeta, top }: SpaceTime): Scene {
  const x = linearAxis(rich(time), times[0], times[times.length - 1], 7);
  const y = linearAxis(rich("*x*"), xs[0], xs[xs.length - 1], 6);
  const left = gutter(y);
  const profile = zeta === undefined ? 0 : 72;
  const box: Box = { x: left, y: 30, width: WIDTH - left - BAR - profile, height: 300 };
  const at = plot(box, x, y);
  const { ground, bar } = ramp(fieldOf(times, xs, density), at, box.x + box.width + profile + 18, top);
  const line = (ys: ArrayLike<number>): Mark => ({
    kind: "path",
    d: curve(Array.from(times, (t, i) => [at.x(t), at.y(ys[i])])),
    stroke: "#ffffff",
    width: 1.4,
    dash: [5, 4],
  });
  const marks = [
    ...frame(box, x, y),
    clipped(box, [...ground, ...(mean === undefined ? [] : [line(mean)])], 0),
    ...(zeta === undefined ? [] : beside(xs, zeta, at)),
    ...bar,
  ];
  return {
    name: "space-time",
    title: "Density over space and time",
    width: WIDTH,
    height: box.y + box.height + 46,
    marks,
  };
}

/** ζ along the right edge of a plot whose y is x. */
function beside(xs: ArrayLike<number>, zeta: ArrayLike<number>, at: Plot): Mark[] {
  const left = at.box.x + at.box.width + 12;
  const [low, high] = extent(zeta);
  const place = (v: number): number => left + (52 * (v - low)) / (high - low || 1);
  return [
    { kind: "path", d: curve(Array.from(xs, (v, i) => [place(zeta[i]), at.y(v)])), stroke: "ink", width: 1.5 },
    { kind: "text", x: left + 4, y: at.box.y - 12, text: rich("ζ(*x*)") },
  ];
}

export type PlaneDensity = {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  /** density[i · ys.length + j] at (xs[i], ys[j]), as the view of a grid has it. */
  readonly density: ArrayLike<number>;
  /** ζ at the same places; its contours hold equal shares of the area. */
  readonly zeta?: ArrayLike<number>;
  readonly names?: readonly [string, string];
  /** What is said above, with the marks of `rich()`. */
  readonly remark?: string;
  /** The density that the brightest color begins at, where several pictures share one. */
  readonly top?: number;
  /** Densities as shares of the largest one. */
  readonly relative?: boolean;
};

const CONTOURS = 9;

/** A density on a plane, with contours of ζ as lines over it. */
export function planeDensity(input: PlaneDensity): Scene {
  const { xs, ys, density, zeta, names = ["x", "y"], remark, top, relative = false } = input;
  const axis = (name: string, of: ArrayLike<number>): Axis =>
    linearAxis([{ text: name, italic: true }], of[0], of[of.length - 1], 6);
  const [x, y] = [axis(names[0], xs), axis(names[1], ys)];
  const left = gutter(y);
  const width = WIDTH - left - BAR;
  const ratio = (ys[ys.length - 1] - ys[0]) / (xs[xs.length - 1] - xs[0]);
  const box: Box = { x: left, y: 30, width, height: width * (ratio > 0.4 && ratio < 1.2 ? ratio : 0.85) };
  const at = plot(box, x, y);
  const largest = relative ? extent(density)[1] || 1 : 1;
  const shown = fieldOf(
    xs,
    ys,
    Float64Array.from(density, (v) => v / largest),
  );
  const { ground, bar } = ramp(shown, at, box.x + box.width + 18, top, relative ? SHARE : DENSITY);
  const lines =
    zeta === undefined
      ? []
      : shares(zeta).flatMap((level): Mark[] => {
          const d = outlines(fieldOf(xs, ys, zeta), level, at);
          // dark beneath light is seen on any ground
          return [
            { kind: "path", d, stroke: "#000000", width: 2, opacity: 0.25 },
            { kind: "path", d, stroke: "#ffffff", width: 1, opacity: 0.7 },
          ];
        });
  const said: Mark[] =
    remark === undefined
      ? []
      : [{ kind: "text", x: box.x + box.width, y: box.y - 12, text: rich(remark), anchor: "end", color: "soft" }];
  const marks = [...frame(box, x, y), clipped(box, [...ground, ...lines], 0), ...said, ...bar];
  return {
    name: "plane-density",
    title: "Density on the plane and contours of ζ",
    width: WIDTH,
    height: box.y + box.height + 46,
    marks,
  };
}

/** A field whose values came with y running fastest. */
function fieldOf(xs: ArrayLike<number>, ys: ArrayLike<number>, given: ArrayLike<number>): Field {
  const [m, n] = [xs.length, ys.length];
  const values = Float64Array.from({ length: m * n }, (_, k) => given[(k % m) * n + Math.floor(k / m)]);
  return { xs, ys, values };
}

/** Levels that split the area into equal shares. */
function shares(values: ArrayLike<number>): number[] {
  const sorted = Array.from(values)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const levels = Array.from({ length: CONTOURS }, (_, k) => quantileSorted(sorted, (k + 0.5) / CONTOURS) ?? 0);
  return [...new Set(levels)];
}

/** A field from 0 to `top`, its largest value where that is left out, in equal steps of viridis, and the bar of them. */
function ramp(field: Field, at: Plot, barX: number, top?: number, label = DENSITY): { ground: Mark[]; bar: Mark[] } {
  const largest = extent(field.values)[1];
  const end = top ?? endAbove(largest);
  const levels = Array.from({ length: STEPS }, (_, k) => (k * end) / STEPS);
  const colors: Color[] = levels.map((_, k) => viridis(k / (STEPS - 1)));
  const limits = [...levels, end].map((v, k) => (k % 4 === 0 ? about(v, 3) : ""));
  if (largest > end) limits[STEPS] = `≥ ${limits[STEPS]}`;
  const box = { x: barX, y: at.box.y, width: 13, height: at.box.height };
  return { ground: filled(field, levels, colors, at), bar: colorBar(box, label, colors, limits) };
}

/** Ends of a scale whose quarters are round. */
const ENDS = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8];

/** The least round end not below v. */
function endAbove(v: number): number {
  if (!(v > 0)) return v;
  const unit = 10 ** Math.floor(Math.log10(v));
  return unit * (ENDS.find((end) => end * unit >= v) ?? 10);
}

const DENSITY: Text = rich("|*ψ*|^{2}");
const SHARE: Text = rich("|*ψ*|^{2}/max");

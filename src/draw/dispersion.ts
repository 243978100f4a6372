/**
 * One packet under several Wick angles, side by side: in real time it disperses and keeps its waves (6), in imaginary
 * time it loses them and diffuses (9).
 */
import { linearAxis } from "./axes.ts";
import { extent } from "./chart.ts";
import { clipped, curve, type Point, plot, round } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Mark, rich, type Scene } from "./scene.ts";

/** The wave function at one time; both arrays over the picture's xs. */
export type WaveFrame = { readonly re: ArrayLike<number>; readonly modulus: ArrayLike<number> };

export type Dispersion = {
  readonly xs: ArrayLike<number>;
  /** The times of the rows. */
  readonly times: readonly number[];
  /** One column a way of time: a heading with the marks of `rich()`, and a frame for each of the times. */
  readonly columns: readonly { readonly heading: string; readonly frames: readonly WaveFrame[] }[];
};

const WIDTH = 720;
const ROW = 82;
const GAP = 18;
const LEFT = 62;
const TOP = 58;

/** Rows downward in time, a column for each way of time; all share one scale. */
export function dispersion({ xs, times, columns }: Dispersion): Scene {
  const largest = extent(...columns.flatMap(({ frames }) => frames.map(({ modulus }) => modulus)))[1];
  const x = linearAxis(rich("*x*"), xs[0], xs[xs.length - 1], 5);
  const y = linearAxis(rich("*ψ*"), -1.04 * largest, 1.04 * largest);
  const width = (WIDTH - LEFT - 14 - GAP * (columns.length - 1)) / columns.length;
  const bottom = TOP + times.length * ROW;
  const marks: Mark[] = [];
  times.forEach((time, row) => {
    const text = rich(`*s* = ${about(time, 3)}`);
    marks.push({ kind: "text", x: LEFT - 10, y: TOP + (row + 0.5) * ROW + 4, text, size: 12, anchor: "end" });
  });
  columns.forEach(({ heading, frames }, column) => {
    const left = LEFT + column * (width + GAP);
    const middle = left + width / 2;
    marks.push({ kind: "text", x: middle, y: 46, text: rich(heading), anchor: "middle" });
    frames.forEach((frame, row) => {
      const box: Box = { x: left, y: TOP + row * ROW, width, height: ROW };
      marks.push(clipped(box, wave(xs, frame, plot(box, x, y)), 0));
    });
    const stubs = x.ticks.map(({ at }) => `M${round(left + width * at)} ${bottom}v5`).join("");
    marks.push({ kind: "path", d: `M${round(left)} ${bottom}h${round(width)}${stubs}`, stroke: "soft" });
    for (const { at, label } of x.ticks)
      marks.push({
        kind: "text",
        x: left + width * at,
        y: bottom + 19,
        text: label,
        size: 12,
        anchor: "middle",
        color: "soft",
      });
    marks.push({ kind: "text", x: middle, y: bottom + 39, text: x.label, anchor: "middle" });
  });
  marks.push(...legend());
  const title = "A packet in real time and in imaginary time";
  return { name: "dispersion", title, width: WIDTH, height: bottom + 48, marks };
}

/** What is lower than this in the picture's units cannot be told from the axis. */
const NOTICED = 0.15;

/** The modulus as a band about its axis, the real part as a line in it. */
function wave(xs: ArrayLike<number>, { re, modulus }: WaveFrame, at: ReturnType<typeof plot>): Mark[] {
  const places = Array.from(xs, (_, i) => i).filter((i) => at.y(0) - at.y(modulus[i]) > NOTICED);
  const points = (ys: ArrayLike<number>, sign = 1): Point[] =>
    places.map((i): Point => [at.x(xs[i]), at.y(sign * ys[i])]);
  const band = `${curve([...points(modulus), ...points(modulus, -1).reverse()])}Z`;
  const axis = `M${round(at.box.x)} ${round(at.y(0))}h${round(at.box.width)}`;
  return [
    { kind: "path", d: axis, stroke: "rule" },
    { kind: "path", d: band, fill: "blue", opacity: 0.2 },
    { kind: "path", d: curve(points(modulus)), stroke: "blue", width: 1.6 },
    { kind: "path", d: curve(points(re)), stroke: "orange", width: 1.3 },
  ];
}

function legend(): Mark[] {
  const row = (x: number, color: "blue" | "orange", label: string): Mark[] => [
    { kind: "path", d: `M${x} 18h20`, stroke: color, width: 2 },
    { kind: "text", x: x + 27, y: 22, text: rich(label), size: 12 },
  ];
  return [...row(LEFT, "blue", "|*ψ*|"), ...row(LEFT + 78, "orange", "Re *ψ*")];
}

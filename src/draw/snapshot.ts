/** One moment of a wave function over its ζ; with scales that stay, moments make an animation. */
import { linearAxis } from "./axes.ts";
import { extent, type KeyRow, keyMarks, keyWidth, strokes } from "./chart.ts";
import { clipped, curve, frame, gutter, type Point, plot, WIDTH } from "./frame.ts";
import { type Box, type Mark, rich, type Scene } from "./scene.ts";

export type Snapshot = {
  readonly xs: ArrayLike<number>;
  /** |ψ|² over xs. */
  readonly density: ArrayLike<number>;
  /** The largest density that any of the moments shows. */
  readonly top?: number;
  /** ζ over xs, drawn to its own scale from the bottom of the box to the top. */
  readonly zeta?: ArrayLike<number>;
  /** Said above, with the marks of `rich()`: the time, the energy. */
  readonly remark?: string;
};

/** The density as a filled line, ζ behind it. */
export function snapshot({ xs, density, top = extent(density)[1], zeta, remark }: Snapshot): Scene {
  const x = linearAxis(rich("*x*"), xs[0], xs[xs.length - 1], 7);
  const y = linearAxis(rich("|*ψ*|^{2}"), 0, 1.06 * top);
  const key: KeyRow[] = [
    { color: "blue", label: "|*ψ*|^{2}" },
    ...(zeta === undefined ? [] : [{ color: "soft", label: "ζ, own scale", width: 1.5 } satisfies KeyRow]),
  ];
  const left = gutter(y);
  const box: Box = { x: left, y: 30, width: WIDTH - left - keyWidth(key) - 14, height: 260 };
  const at = plot(box, x, y);
  const points = Array.from(xs, (v, i): Point => [at.x(v), at.y(density[i])]);
  const area = `${curve(points)}L${points[points.length - 1][0].toFixed(1)} ${at.y(0).toFixed(1)}L${points[0][0].toFixed(1)} ${at.y(0).toFixed(1)}Z`;
  const marks: Mark[] = [
    ...frame(box, x, y),
    clipped(
      box,
      [
        ...(zeta === undefined ? [] : strokes([{ xs, ys: scaled(zeta, top), color: "soft", width: 1.5 }], at)),
        { kind: "path", d: area, fill: "blue", opacity: 0.2 },
        { kind: "path", d: curve(points), stroke: "blue", width: 1.8 },
      ],
      1,
    ),
    ...keyMarks(key, box.x + box.width + 16, box.y),
    ...(remark === undefined
      ? []
      : [{ kind: "text", x: box.x + box.width, y: box.y - 12, text: rich(remark), anchor: "end" } satisfies Mark]),
  ];
  return { name: "snapshot", title: "Density at one time", width: WIDTH, height: box.y + box.height + 46, marks };
}

function scaled(zeta: ArrayLike<number>, top: number): Float64Array {
  const [low, high] = extent(zeta);
  return Float64Array.from(zeta, (v) => ((v - low) / (high - low || 1)) * top);
}

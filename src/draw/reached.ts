/**
 * Empirical distributions of BBOB: the share of (function, instance, target) that each contestant has reached after so
 * many evaluations, with the name of each line at its end.
 */
import { linearAxis, logAxis } from "./axes.ts";
import { spread } from "./chart.ts";
import { clipped, curve, frame, gutter, plot, WIDTH } from "./frame.ts";
import { type Box, type Color, type Mark, plain, rich, type Scene, widthOf } from "./scene.ts";

export type Reached = {
  /** What was minimized: the dimension, the functions. */
  readonly title: string;
  readonly name: string;
  readonly lines: readonly {
    readonly name: string;
    /** Evaluations over dim, ascending from 1. */
    readonly evaluations: readonly number[];
    readonly share: readonly number[];
    /** Ours are drawn strong, what is no algorithm is dashed. */
    readonly kind: "ours" | "peer" | "bound";
  }[];
};

/** Okabe and Ito's hues, told apart by color-blind readers. */
const HUES: readonly Color[] = ["orange", "green", "#56b4e9", "#cc79a7", "#e69f00", "soft"];
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [7, 3], [2, 3]];
const SIZE = 12;
const LEADER = 18;
const MARGIN = 20;
const HEIGHT = 320;

/** One picture: all lines of a group of functions. */
export function reached({ title, name, lines }: Reached): Scene {
  const last = Math.max(...lines.map(({ evaluations }) => evaluations[evaluations.length - 1]));
  const x = logAxis(rich("evaluations / dimension"), 1, last);
  const y = linearAxis(rich(`share of (function, instance, target) reached – ${title}`), 0, 1);
  const styles = styled(lines);
  const room = LEADER + MARGIN + Math.max(...lines.map((line) => widthOf(plain(line.name), SIZE)));
  const left = gutter(y);
  const box: Box = { x: left, y: 30, width: WIDTH - left - room, height: HEIGHT };
  const at = plot(box, x, y);
  const strokes = lines.map((line, i): Mark => {
    const points = line.evaluations.map((e, k) => [at.x(e), at.y(line.share[k])] as const);
    return { kind: "path", d: curve(points), ...styles[i] };
  });
  const ends = lines.map(({ evaluations, share }) => ({
    x: at.x(evaluations[evaluations.length - 1]),
    y: at.y(share[share.length - 1]),
  }));
  return {
    name,
    title: `Share of targets reached: ${title}`,
    width: WIDTH,
    height: box.y + HEIGHT + 46,
    marks: [...frame(box, x, y), clipped(box, strokes, 2), ...labels(lines, ends, styles, box)],
  };
}

type Style = { readonly stroke: Color; readonly width: number; readonly dash?: readonly number[] };

function styled(lines: Reached["lines"]): Style[] {
  const first = lines.findIndex(({ kind }) => kind === "ours");
  let turn = 0;
  return lines.map(({ kind }, i): Style => {
    if (kind === "bound") return { stroke: "ink", width: 1.6, dash: [5, 3] };
    if (i === first) return { stroke: "blue", width: 2.8 };
    const stroke = HUES[turn % HUES.length];
    const dash = DASHES[Math.floor(turn++ / HUES.length) % DASHES.length];
    return { stroke, width: kind === "ours" ? 2.4 : 1.5, ...(dash === undefined ? {} : { dash }) };
  });
}

/** The names to the right of the box, each joined to the end of its line. */
function labels(
  lines: Reached["lines"],
  ends: readonly { readonly x: number; readonly y: number }[],
  styles: readonly Style[],
  box: Box,
): Mark[] {
  const order = ends.map((_, i) => i).sort((a, b) => ends[a].y - ends[b].y);
  const places = spread(
    order.map((i) => ends[i].y),
    order.map(() => SIZE + 3),
    box.y,
    box.y + box.height,
  );
  const edge = box.x + box.width;
  return order.flatMap((i, k): Mark[] => {
    const joint = curve([
      [ends[i].x, ends[i].y],
      [edge, ends[i].y],
      [edge + LEADER - 4, places[k]],
    ]);
    const leader: Mark = { kind: "path", d: joint, stroke: styles[i].stroke, width: 0.8, dash: [1, 2.5] };
    const text = plain(lines[i].name);
    return [leader, { kind: "text", x: edge + LEADER, y: places[k] + 4, text, size: SIZE, color: styles[i].stroke }];
  });
}

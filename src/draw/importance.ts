/** Importance as bars from the greatest down, with their intervals. */
import type { Importance } from "../tasks/importance.ts";
import { linearAxis } from "./axes.ts";
import { nameOf } from "./coordinates.ts";
import { clipped, frame, plot, round, WIDTH } from "./frame.ts";
import { type Box, type Mark, plain, type Scene, widthOf } from "./scene.ts";

const SHOWN = 16;
const ROW = 24;
const SIZE = 12.5;

/** The bars; null where the points of the run support none. */
export function importances({ shares }: Importance, names: readonly string[] | undefined): Scene | null {
  if (shares === null) return null;
  const order = shares.map((_, j) => j).sort((a, b) => shares[b].estimate - shares[a].estimate);
  const shown = order.slice(0, SHOWN);
  const labels = shown.map((j) => nameOf(names, j));
  const left = 28 + Math.max(...labels.map((label) => widthOf(label, SIZE)));
  const box: Box = { x: left, y: 30, width: WIDTH - left - 20, height: ROW * shown.length + 6 };
  const highest = Math.max(...shown.map((j) => shares[j].high));
  const x = linearAxis(plain("share of the importance of all coordinates"), 0, Math.max(0.05, 1.03 * highest), 6);
  const none = { label: plain(title(shown.length, shares.length)), ticks: [], minor: [], place: (v: number) => v };
  const at = plot(box, x, none);
  const bars = shown.flatMap((j, k): Mark[] => {
    const { estimate, low, high } = shares[j];
    const middle = box.y + 3 + ROW * (k + 0.5);
    const [from, to] = [at.x(Math.max(0, low)), at.x(Math.max(0, high))];
    const clear = low > 0;
    return [
      {
        kind: "rect",
        x: box.x,
        y: middle - 7,
        width: Math.max(0, at.x(Math.max(0, estimate)) - box.x),
        height: 14,
        fill: clear ? "blue" : "soft",
        opacity: clear ? 0.85 : 0.5,
      },
      {
        kind: "path",
        d: `M${round(from)} ${round(middle)}H${round(to)}M${round(from)} ${round(middle - 4)}v8M${round(to)} ${round(middle - 4)}v8`,
        stroke: "ink",
        width: 1.3,
      },
    ];
  });
  const texts = labels.map(
    (text, k): Mark => ({
      kind: "text",
      x: box.x - 9,
      y: box.y + 3 + ROW * (k + 0.5) + 4.5,
      text,
      size: SIZE,
      anchor: "end",
    }),
  );
  const marks = [...frame(box, x, none), ...texts, clipped(box, bars)];
  return {
    name: "importance",
    title: "Which coordinates matter",
    width: WIDTH,
    height: box.y + box.height + 46,
    marks,
  };
}

function title(shown: number, all: number): string {
  return shown < all ? `the ${shown} most important of ${all} coordinates` : "coordinates, from the most important on";
}

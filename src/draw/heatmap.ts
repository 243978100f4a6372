/**
 * Many coordinates at once: a map, coordinate by scale, of the root mean square distance between the state and the
 * best point found, √((mean − best)² + deviation²), as a share of the width of the domain, in shares of decades.
 */
import type { Scale } from "../tasks/record.ts";
import { evenly, orderAxis, reversed } from "./axes.ts";
import { colorBar, viridis } from "./contours.ts";
import { scaleAxis } from "./falls.ts";
import { frame, gutter, WIDTH } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Mark, plain, rich, type Scene, type Text } from "./scene.ts";
import type { Whereabouts } from "./whereabouts.ts";

const ROWS = 160;
const COLUMNS = 64;
const LOWEST = -8;

/** The map of all coordinates; neighbors share a row where there are more than fit. */
export function coordinateMap(input: Whereabouts, title: string): Scene {
  const dim = input.best.length;
  const scales = evenly(input.scales.length, COLUMNS).map((i) => input.scales[i]);
  const group = Math.ceil(dim / ROWS);
  const rows = Math.ceil(dim / group);
  const shares = Array.from({ length: rows }, (_, row) =>
    scales.map((scale) => share(input, scale, row * group, group)),
  );
  const finite = shares.flat().filter(Number.isFinite);
  const [least, most] = [Math.max(LOWEST, Math.min(0, ...finite)), Math.min(1, Math.max(LOWEST, ...finite))];
  const perDecade = most - least > 2.5 ? 2 : 5;
  const low = Math.floor(perDecade * least);
  const high = Math.max(low + 1, Math.ceil(perDecade * most));
  const classes = high - low;
  const classOf = (v: number): number => Math.max(0, Math.min(classes - 1, Math.floor(perDecade * v) - low));

  const x = scaleAxis(scales);
  const y = reversed(orderAxis(plain("coordinate"), firstOf(rows, group), 8));
  const left = gutter(y);
  const height = Math.max(200, Math.min(400, 8 * rows));
  const box: Box = { x: left, y: 30, width: WIDTH - left - 96, height };
  const colors = Array.from({ length: classes }, (_, k) => viridis(k / Math.max(1, classes - 1)));
  const limits = Array.from({ length: classes + 1 }, (_, k) => {
    const exponent = (low + k) / perDecade;
    return perDecade === 2 && !Number.isInteger(exponent) ? "" : about(10 ** exponent, perDecade === 2 ? 1 : 2);
  });
  const cells = colors.map(
    (fill, k): Mark => ({
      kind: "path",
      d: runs(
        shares.map((r) => r.map(classOf)),
        k,
        box,
      ),
      fill,
    }),
  );
  const beside = { x: box.x + box.width + 18, y: box.y, width: 13, height };
  const marks = [...frame(box, x, y), ...cells, ...colorBar(beside, rich("distance"), colors, limits)];
  return { name: "whereabouts", title, width: WIDTH, height: box.y + height + 46, marks };
}

/** Decimal logarithm of the root mean square distance of a group of coordinates, as a share of the domain's width. */
function share({ domain, best }: Whereabouts, { mean, deviation }: Scale, first: number, group: number): number {
  const end = Math.min(first + group, best.length);
  let sum = 0;
  for (let j = first; j < end; j++) {
    const width = domain.upper[j] - domain.lower[j];
    sum += Math.hypot((mean[j] - best[j]) / width, deviation[j] / width) ** 2;
  }
  return Math.log10(Math.sqrt(sum / (end - first)));
}

/** The cells of one class as one path, neighbors in a row joined. */
function runs(classes: readonly (readonly number[])[], wanted: number, box: Box): string {
  const rows = classes.length;
  const columns = classes[0].length;
  const [w, h] = [box.width / columns, box.height / rows];
  let d = "";
  classes.forEach((row, i) => {
    for (let from = 0; from < columns; from++) {
      if (row[from] !== wanted) continue;
      let to = from + 1;
      while (to < columns && row[to] === wanted) to++;
      const [left, right] = [box.x + w * from, box.x + w * to];
      d += `M${left.toFixed(1)} ${(box.y + h * i).toFixed(1)}H${right.toFixed(1)}v${(h + 0.2).toFixed(1)}H${left.toFixed(1)}Z`;
      from = to;
    }
  });
  return d;
}

function firstOf(rows: number, group: number): readonly Text[] {
  return Array.from({ length: rows }, (_, row) => plain(String(row * group + 1)));
}

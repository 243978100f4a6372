/**
 * The two loops in pictures: how the best value came down while D was lowered, and the energy and the size of the
 * state over D.
 */
import type { FamilyRecord, Row, RunRecord } from "../tasks/record.ts";
import { logAxis, reversed } from "./axes.ts";
import { bestAxis, claimAxis, excessAxis } from "./excess.ts";
import { familyColor, familyDots, familyHead, familySteps } from "./families.ts";
import { curve, type Panel, type Plot, type Point, round, stack } from "./frame.ts";
import { type Color, type Mark, plain, rich, type Scene, type Text } from "./scene.ts";

export type Descent = {
  readonly record: RunRecord;
  /** Where the run ended; the standard error of its best value, where there is noise. */
  readonly end: { readonly evaluations: number; readonly best: number; readonly error?: number };
  /** The known minimum, where there is one. */
  readonly minimum?: number | undefined;
};

const BAND = 0.25;
const D_LABEL = rich("*D* (units of ζ·*x*^{2})");

/** Best value against evaluations, with D beneath where it changed; null when no finite value was found. */
export function convergence({ record, end, minimum }: Descent): Scene | null {
  const rows = record.rows.filter((row) => row.evaluations > 0);
  const way: Point[] = rows.map((row) => [row.evaluations, row.best]);
  if (end.evaluations > (way.at(-1)?.[0] ?? 0)) way.push([end.evaluations, end.best]);
  const found = way.map(([, best]) => best).filter(Number.isFinite);
  if (found.length === 0) return null;
  const x = logAxis(plain("evaluations"), way[0][0], end.evaluations);
  const noisy = end.error !== undefined && end.error > 0;
  const { axis: y, of } = noisy ? claimAxis(end.best, end.error) : bestAxis(found, end.best, minimum);
  const { families, finder } = record;
  const several = families.length > 1;
  const finders = rows.map(({ turn }): Color => (several ? familyColor(families, turn?.finder) : "blue"));
  const last = several ? familyColor(families, finder?.family) : "blue";
  const best: Panel = {
    y,
    height: 250,
    draw: (at) => [
      ...claimBand(at, end),
      ...familySteps(
        way.map(([n, v]) => [at.x(n), at.y(of(v))]),
        way.map((_, i) => finders[i] ?? last),
      ),
      { kind: "circle", x: at.x(end.evaluations), y: at.y(of(end.best)), r: 4, fill: last },
    ],
  };
  const changed = new Set(rows.map((row) => row.D)).size > 1;
  const schedule = changed ? panelOf(D_LABEL, rows, byEvaluations, families, "orange", 110, DEEPEST) : null;
  const head = familyHead(families);
  if (schedule === null) return stack("convergence", "Best value against evaluations", x, [best], { head });
  return stack("convergence", "Best value and D against evaluations", x, [best, schedule], { head });
}

/** What is claimed at the end ± its standard error, where there is one. */
function claimBand({ box, y }: Plot, { best, error = 0 }: Descent["end"]): Mark[] {
  if (!(error > 0)) return [];
  const top = y(best + error);
  return [
    { kind: "rect", x: box.x, y: top, width: box.width, height: y(best - error) - top, fill: "soft", opacity: BAND },
  ];
}

const byEvaluations = ({ evaluations, D }: Row): Point => [evaluations, D];

/** Energy and spread of the state over its D, which falls to the right; null where D did not change. */
export function relaxation({ record, end, minimum }: Descent): Scene | null {
  const largest = Math.max(...record.rows.map(({ D }) => D).filter(Number.isFinite));
  const rows = record.rows.filter(({ D }) => D > largest * DEEPEST && D <= largest);
  const smallest = Math.min(...rows.map(({ D }) => D));
  if (!(smallest < largest)) return null;
  const x = reversed(logAxis(D_LABEL, smallest / 2, Math.min(2 * largest, Number.MAX_VALUE), 7));
  const panels: Panel[] = [];
  const { families } = record;
  const energies = rows.map(({ energy }) => energy).filter(Number.isFinite);
  if (energies.length > 0) {
    const { name, value } = reference(energies, end.best, minimum);
    const { axis: y, of } = excessAxis(rich(`energy − ${name} (units of ζ)`), energies, value);
    const place = ({ D, energy }: Row): Point => [D, of(energy)];
    panels.push({ y, height: 190, draw: (at) => trail(rows, place, families, at, "orange") });
  }
  const size = rich("spread (units of *x*)");
  const spread = panelOf(size, rows, (row) => [row.D, row.spread], families, "green", 150, NARROWEST);
  if (spread !== null) panels.push(spread);
  const title = "Energy and spread of the state over D";
  return panels.length === 0 ? null : stack("relaxation", title, x, panels, { head: familyHead(families) });
}

/** What energies are held against: no best value is known where no point was allowed. */
function reference(energies: readonly number[], best: number, minimum: number | undefined) {
  if (minimum !== undefined) return { name: "known minimum", value: minimum };
  if (Number.isFinite(best)) return { name: "best value found", value: best };
  return { name: "least energy", value: Math.min(...energies) };
}

// a state may collapse to a point and D, which goes with its square, to nothing: what is this far below is not drawn
const DEEPEST = 1e-24;
const NARROWEST = 1e-14;

/** A panel of one quantity on a logarithmic axis; null where it never is a number above 0. */
function panelOf(
  label: Text,
  rows: readonly Row[],
  of: (row: Row) => Point,
  families: readonly FamilyRecord[],
  color: Color,
  height: number,
  deepest: number,
): Panel | null {
  const positive = rows.map((row) => of(row)[1]).filter((v) => v > 0 && Number.isFinite(v));
  if (positive.length === 0) return null;
  const high = Math.min(Math.max(...positive) * 1.5, Number.MAX_VALUE);
  const y = logAxis(label, Math.max(Math.min(...positive) / 1.5, high * deepest), high, 4);
  return { y, height, draw: (at) => trail(rows, of, families, at, color) };
}

const FEW = 60;

/** Points joined by a line while they are few; many, or those of states that take turns, as dots: a line would leap. */
function trail(
  rows: readonly Row[],
  of: (row: Row) => Point,
  families: readonly FamilyRecord[],
  at: Plot,
  color: Color,
): Mark[] {
  const place = (row: Row): Point => {
    const [x, y] = of(row);
    return [at.x(x), at.y(y)];
  };
  if (families.length > 1) return familyDots(rows, families, place);
  const placed = rows.map(place).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (placed.length > FEW) {
    const d = placed.map(([x, y]) => `M${round(x)} ${round(y)}h0`).join("");
    return [{ kind: "path", d, stroke: color, width: 2.6, opacity: 0.7 }];
  }
  return [
    { kind: "path", d: curve(placed), stroke: color, width: 1.8 },
    ...placed.map(([x, y]): Mark => ({ kind: "circle", x, y, r: 2.8, fill: color })),
  ];
}

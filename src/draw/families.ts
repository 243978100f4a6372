/**
 * Families of packets, told apart by color: who moved when, who found the best value, and how the evaluations were
 * shared among them, as Softmax allots them by their energies (23).
 */
import type { FamilyRecord, Row, RunRecord } from "../tasks/record.ts";
import { linearAxis, logAxis, orderAxis, reversed } from "./axes.ts";
import { curve, type Head, type Panel, type Plot, type Point, round, stack } from "./frame.ts";
import { type Color, type Mark, plain, rich, type Scene, widthOf } from "./scene.ts";

/** The record with the families of least evaluations as one, where there are more than can be told apart. */
export function fewFamilies(record: RunRecord): RunRecord {
  const { families, finder } = record;
  if (families.length <= COLORS.length) return record;
  const rank = (f: FamilyRecord): number => (f.family === finder?.family ? Number.POSITIVE_INFINITY : f.evaluations);
  const kept = [...families].sort((a, b) => rank(b) - rank(a)).slice(0, COLORS.length - 1);
  const rest = families.filter((f) => !kept.includes(f));
  const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0);
  const total = (of: (f: FamilyRecord) => number): number => sum(rest.map(of));
  const others: FamilyRecord = {
    family: OTHERS,
    label: `${rest.length} others`,
    births: total(({ births }) => births),
    evaluations: total(({ evaluations }) => evaluations),
    improvements: total(({ improvements }) => improvements),
  };
  const merged = (values: readonly number[]): number[] => {
    const at = (f: FamilyRecord): number => values[families.indexOf(f)] ?? 0;
    return [...kept.map(at), sum(rest.map(at))];
  };
  const named = (family: number): number => (kept.some((f) => f.family === family) ? family : OTHERS);
  const rows = record.rows.map(({ turn, ...row }) => {
    if (turn === undefined) return row;
    const { family, finder, births, spent } = turn;
    const whole = { family: named(family), finder: named(finder), births: merged(births), spent: merged(spent) };
    return { ...row, turn: whole };
  });
  return { ...record, rows, families: [...kept, others] };
}

const OTHERS = Number.MAX_SAFE_INTEGER;

const COLORS: readonly Color[] = ["blue", "orange", "green", "purple", "gold"];

/** The color of a family among all. */
export function familyColor(families: readonly FamilyRecord[], family: number | undefined): Color {
  const at = order(families).findIndex((known) => known.family === family);
  return at < 0 ? "soft" : COLORS[at % COLORS.length];
}

function order(families: readonly FamilyRecord[]): FamilyRecord[] {
  return [...families].sort((a, b) => a.family - b.family);
}

const SIZE = 12;

/** The names of the families in their colors, above the panels of a stack; nothing where there is one. */
export function familyHead(families: readonly FamilyRecord[]): Head | undefined {
  if (families.length < 2) return undefined;
  let x = 14;
  const marks = order(families).flatMap(({ family, label }): Mark[] => {
    const text = plain(label);
    const at = x;
    x += 14 + widthOf(text, SIZE) + 20;
    return [
      { kind: "circle", x: at + 4, y: 14, r: 4, fill: familyColor(families, family) },
      { kind: "text", x: at + 14, y: 18, text, size: SIZE },
    ];
  });
  return { height: 20, marks };
}

/** Points of rows in the color of the family that moved, as many paths as there are families. */
export function familyDots(
  rows: readonly Row[],
  families: readonly FamilyRecord[],
  place: (row: Row) => Point,
): Mark[] {
  return order(families).map(({ family }): Mark => {
    const own = rows.filter(({ turn }) => turn?.family === family).map(place);
    const seen = own.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    const d = seen.map(([x, y]) => `M${round(x)} ${round(y)}h0`).join("");
    return { kind: "path", d, stroke: familyColor(families, family), width: 2.8, opacity: 0.75 };
  });
}

/** A way down in steps, in the color of who had found each value. */
export function familySteps(way: readonly Point[], finders: readonly Color[]): Mark[] {
  const marks: Mark[] = [];
  for (let from = 0; from < way.length; ) {
    let to = from;
    while (to + 1 < way.length && finders[to + 1] === finders[from]) to++;
    const points = way.slice(from, to + 1);
    // the fall to a value belongs to who found it, its level lasts until the next
    if (from > 0) points.unshift([way[from][0], way[from - 1][1]]);
    if (to + 1 < way.length) points.push([way[to + 1][0], way[to][1]]);
    marks.push({ kind: "path", d: curve(points, "step"), stroke: finders[from], width: 2 });
    from = to + 1;
  }
  return marks;
}

const LANE = 24;

/** A lane for each family with its steps, births and better values, and the shares of the evaluations so far. */
export function turns({
  record,
  end,
}: {
  readonly record: RunRecord;
  readonly end: { readonly evaluations: number };
}): Scene | null {
  const families = order(record.families);
  const rows = record.rows.filter(({ evaluations, turn }) => evaluations > 0 && turn !== undefined);
  if (families.length < 2 || rows.length < 2) return null;
  const x = logAxis(plain("evaluations"), rows[0].evaluations, Math.max(end.evaluations, rows[0].evaluations + 1));
  const names = orderAxis(
    rich("who moved (dots), was born (strokes), found a better value (disks)"),
    families.map(({ label }) => plain(label)),
    12,
  );
  const lanes: Panel = {
    y: reversed(names),
    height: LANE * families.length,
    draw: (at) => families.flatMap((family, lane) => laneOf(rows, record, family, at, at.y(lane))),
  };
  const shares: Panel = {
    y: linearAxis(plain("share of the evaluations so far"), 0, 1, 4),
    height: 150,
    draw: (at) => areas(rows, record.families, families, at),
  };
  return stack("families", "Which packets moved, and how they shared the evaluations", x, [lanes, shares]);
}

function laneOf(rows: readonly Row[], { families }: RunRecord, { family }: FamilyRecord, at: Plot, y: number): Mark[] {
  const color = familyColor(families, family);
  const index = families.findIndex((known) => known.family === family);
  const moved: number[] = [];
  const born: number[] = [];
  const better: number[] = [];
  // under noise the best, being a mean, may rise again
  let least = Number.POSITIVE_INFINITY;
  rows.forEach(({ evaluations, best, turn }, i) => {
    const before = rows[i - 1];
    const x = round(at.x(evaluations));
    if (turn?.family === family) moved.push(x);
    if ((turn?.births[index] ?? 0) > (before?.turn?.births[index] ?? 0)) born.push(x);
    if (turn?.finder === family && best < least) better.push(x);
    least = Math.min(least, best);
  });
  const dots = (xs: readonly number[]): string =>
    apart(xs, 1)
      .map((x) => `M${x} ${round(y)}h0`)
      .join("");
  return [
    {
      kind: "path",
      d: apart(born, 1)
        .map((x) => `M${x} ${round(y - 8)}v16`)
        .join(""),
      stroke: color,
      width: 1.2,
    },
    { kind: "path", d: dots(moved), stroke: color, width: 2.6, opacity: 0.55 },
    { kind: "path", d: dots(better), stroke: color, width: 7.5 },
  ];
}

/** Of ascending places those at least so far from the one before. */
function apart(xs: readonly number[], distance: number): number[] {
  const kept: number[] = [];
  for (const x of xs) if (kept.length === 0 || x - kept[kept.length - 1] >= distance) kept.push(x);
  return kept;
}

/** Shares stacked from the first family at the bottom. */
function areas(
  rows: readonly Row[],
  recorded: readonly FamilyRecord[],
  families: readonly FamilyRecord[],
  at: Plot,
): Mark[] {
  const below = new Float64Array(rows.length);
  return families.map((family): Mark => {
    const index = recorded.indexOf(family);
    const lower = rows.map(({ evaluations }, i): Point => [at.x(evaluations), at.y(below[i])]);
    rows.forEach(({ turn }, i) => {
      const spent = turn?.spent ?? [];
      const all = spent.reduce((sum, n) => sum + n, 0);
      below[i] += all > 0 ? (spent[index] ?? 0) / all : 0;
    });
    const upper = rows.map(({ evaluations }, i): Point => [at.x(evaluations), at.y(below[i])]);
    return {
      kind: "path",
      d: `${curve([...upper, ...lower.reverse()])}Z`,
      fill: familyColor(recorded, family.family),
      opacity: 0.8,
    };
  });
}

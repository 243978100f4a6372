/**
 * A cluster of atoms as balls and bonds, seen in perspective. The line from the middle to the outermost atom stands
 * upright and the atom farthest from that line lies to the right, both turned a little; what lies behind fades into
 * the paper. The color of an atom tells the number of its neighbors.
 */
import { viridis } from "./contours.ts";
import { curve, WIDTH } from "./frame.ts";
import { type Ball, type Color, type Mark, plain, rich, type Scene } from "./scene.ts";

export type Cluster = {
  /** Coordinates x₁ y₁ z₁ x₂ … */
  readonly positions: ArrayLike<number>;
  /** Atoms nearer than this are neighbors; 1.3 where left out, between the first and second shell of Lennard-Jones. */
  readonly reach?: number | undefined;
};

const HEIGHT = 440;
const PITCH = 0.24;
const YAW = 0.3;
/** Distance of the eye in radii of the cluster. */
const EYE = 5;
const BALL = 0.3;
const BOND = 0.08;
const MARGIN = 18;
const KEY_WIDTH = 110;
const LARGEST_UNIT = 140;

type Vector = readonly [x: number, y: number, z: number];
/** The picture of a cluster; null where a coordinate is not finite or there is no atom. */
export function cluster({ positions, reach = 1.3 }: Cluster): Scene | null {
  const given = triples(positions);
  if (given.length === 0 || given.flat().some((v) => !Number.isFinite(v))) return null;
  const turned = upright(centered(given));
  const bonds = pairsWithin(turned, reach);
  const neighbors = turned.map((_, i) => bonds.filter((pair) => pair.includes(i)).length);
  const kinds = [...new Set(neighbors)].sort((a, b) => a - b);
  const ball = (kind: number): Ball => shaded(kindColor(kinds.indexOf(kind), kinds.length));
  const radius = Math.max(1, ...turned.map((p) => Math.hypot(...p)));
  const view = fitted(turned, EYE * radius);
  const parts = [
    ...turned.map((p, i): Part => ({ z: p[2], mark: disc(view(p), ball(neighbors[i])) })),
    ...bonds.map(([a, b]): Part => stick(turned[a], turned[b], view)),
  ];
  parts.sort((a, b) => a.z - b.z);
  return {
    name: "cluster",
    title: `The best point as a cluster of ${given.length} atoms`,
    width: WIDTH,
    height: HEIGHT,
    marks: [
      ...parts.flatMap(({ z, mark }) => fogged(mark, z / radius)),
      ...key(kinds, ball),
      ...ruler(view([0, 0, 0]).unit),
    ],
  };
}

type Part = { readonly z: number; readonly mark: Mark };
type Seen = { readonly x: number; readonly y: number; readonly unit: number };

/** The perspective from an eye at distance `eye` that just fits every atom. */
function fitted(points: readonly Vector[], eye: number): (p: Vector) => Seen {
  const raw = ([x, y, z]: Vector): Seen => ({
    x: (eye * x) / (eye - z),
    y: (eye * y) / (eye - z),
    unit: eye / (eye - z),
  });
  const seen = points.map(raw);
  const left = Math.min(...seen.map(({ x, unit }) => x - BALL * unit));
  const right = Math.max(...seen.map(({ x, unit }) => x + BALL * unit));
  const low = Math.min(...seen.map(({ y, unit }) => y - BALL * unit));
  const high = Math.max(...seen.map(({ y, unit }) => y + BALL * unit));
  const zoom = Math.min(
    LARGEST_UNIT,
    (WIDTH - KEY_WIDTH - 2 * MARGIN) / (right - left),
    (HEIGHT - 2 * MARGIN) / (high - low),
  );
  return (p) => {
    const { x, y, unit } = raw(p);
    return {
      x: (WIDTH - KEY_WIDTH) / 2 + zoom * (x - (left + right) / 2),
      y: HEIGHT / 2 - zoom * (y - (low + high) / 2),
      unit: zoom * unit,
    };
  };
}

function triples(positions: ArrayLike<number>): Vector[] {
  return Array.from({ length: Math.floor(positions.length / 3) }, (_, i) => [
    positions[3 * i],
    positions[3 * i + 1],
    positions[3 * i + 2],
  ]);
}

function centered(points: readonly Vector[]): Vector[] {
  const middle = [0, 1, 2].map((k) => points.reduce((sum, p) => sum + p[k] / points.length, 0));
  return points.map(([x, y, z]) => [x - middle[0], y - middle[1], z - middle[2]]);
}

/** The points in the axes of the picture: x to the right, y up, z toward the eye. */
function upright(points: readonly Vector[]): Vector[] {
  const up = unitOf(farthest(points)) ?? [0, 1, 0];
  const across = points.map((p) => combine(p, up, -dot(p, up)));
  const right = unitOf(farthest(across)) ??
    (Math.abs(up[0]) < 0.9 ? unitOf(combine([1, 0, 0], up, -up[0])) : null) ?? [0, 0, 1];
  const out: Vector = [
    right[1] * up[2] - right[2] * up[1],
    right[2] * up[0] - right[0] * up[2],
    right[0] * up[1] - right[1] * up[0],
  ];
  const [cy, sy, cp, sp] = [Math.cos(YAW), Math.sin(YAW), Math.cos(PITCH), Math.sin(PITCH)];
  return points.map((p) => {
    const [x, y, z] = [dot(p, right), dot(p, up), dot(p, out)];
    const [turnedX, turnedZ] = [cy * x + sy * z, cy * z - sy * x];
    return [turnedX, cp * y - sp * turnedZ, cp * turnedZ + sp * y];
  });
}

function farthest(points: readonly Vector[]): Vector {
  return points.reduce((far, p) => (dot(p, p) > dot(far, far) * (1 + 1e-9) ? p : far));
}

function unitOf(v: Vector): Vector | null {
  const length = Math.hypot(...v);
  return length > 1e-9 ? [v[0] / length, v[1] / length, v[2] / length] : null;
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function combine(a: Vector, b: Vector, factor: number): Vector {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]];
}

function pairsWithin(points: readonly Vector[], reach: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < points.length; i++)
    for (let j = 0; j < i; j++) if (Math.hypot(...combine(points[i], points[j], -1)) < reach) pairs.push([i, j]);
  return pairs;
}

function disc({ x, y, unit }: Seen, fill: Ball): Mark {
  return { kind: "circle", x, y, r: BALL * unit, fill };
}

/** A bond from the surface of one ball to that of the other. */
function stick(a: Vector, b: Vector, view: (p: Vector) => Seen): Part {
  const between = combine(b, a, -1);
  const share = Math.min(0.5, (0.9 * BALL) / Math.hypot(...between));
  const [from, to] = [view(combine(a, between, share)), view(combine(b, between, -share))];
  const d = curve([
    [from.x, from.y],
    [to.x, to.y],
  ]);
  return { z: (a[2] + b[2]) / 2, mark: { kind: "path", d, stroke: "soft", width: (BOND * (from.unit + to.unit)) / 2 } };
}

/** A mark, and a veil of paper over it: none at the front, half at the back. */
function fogged(mark: Mark, depth: number): Mark[] {
  const opacity = Math.max(0, Math.min(1, (1 - depth) / 2)) * 0.62;
  if (mark.kind === "circle") return [mark, { ...mark, fill: "paper", opacity }];
  if (mark.kind === "path") return [mark, { ...mark, stroke: "paper", opacity }];
  return [mark];
}

function kindColor(rank: number, kinds: number): Color {
  return kinds === 1 ? viridis(0.45) : viridis(0.3 + (0.62 * rank) / (kinds - 1));
}

function shaded(color: Color): Ball {
  return { lit: mixed(color, 255, 0.5), rim: mixed(color, 0, 0.25) };
}

/** A color moved toward a grey. */
function mixed(color: Color, grey: number, share: number): Color {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `#${channels
    .map((c) =>
      Math.round(c + (grey - c) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function key(kinds: readonly number[], ball: (neighbors: number) => Ball): Mark[] {
  const x = WIDTH - 100;
  const heading: Mark = { kind: "text", x: x - 8, y: 34, text: plain("neighbors") };
  const rows = kinds.slice(-14).flatMap((neighbors, i): Mark[] => [
    { kind: "circle", x, y: 56 + 24 * i, r: 8, fill: ball(neighbors) },
    { kind: "text", x: x + 18, y: 60 + 24 * i, text: plain(String(neighbors)), color: "soft" },
  ]);
  return [heading, ...rows];
}

/** A length of one unit of x. */
function ruler(unit: number): Mark[] {
  const [right, y] = [WIDTH - 24, HEIGHT - 24];
  return [
    { kind: "path", d: `M${(right - unit).toFixed(1)} ${y - 5}v5h${unit.toFixed(1)}v-5`, stroke: "soft", width: 1.4 },
    {
      kind: "text",
      x: right - unit / 2,
      y: y - 10,
      text: rich("1 unit of *x*"),
      anchor: "middle",
      size: 12,
      color: "soft",
    },
  ];
}

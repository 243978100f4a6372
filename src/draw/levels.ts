/**
 * Levels in their well: each state φ_n drawn at the height of its energy E_n (5)(18). Levels nearer to each other than
 * a line is thick, as tunneling doublets are, share a base line; the label says how far apart they are.
 */
import { linearAxis } from "./axes.ts";
import { extent, spread } from "./chart.ts";
import { clipped, curve, frame, gutter, type Plot, type Point, plot, round, WIDTH } from "./frame.ts";
import { about } from "./numbers.ts";
import { type Box, type Color, type Mark, rich, type Scene, widthOf } from "./scene.ts";

export type LevelsInWell = {
  readonly xs: ArrayLike<number>;
  /** ζ over xs. */
  readonly zeta: ArrayLike<number>;
  /** Ascending. */
  readonly energies: readonly number[];
  /** states[n] over xs, of any norm that all share. */
  readonly states: readonly ArrayLike<number>[];
  readonly D: number;
};

/** Energies nearer than this share of the picture's height stand on one line. */
const TOGETHER = 0.012;
const SIZE = 12;

type Group = { readonly members: readonly number[]; readonly energy: number };

/** ζ, the levels as lines, the states about them. */
export function levelsInWell({ xs, zeta, energies, states, D }: LevelsInWell): Scene {
  const bottom = extent(zeta)[0];
  const top = energies[energies.length - 1];
  const groups = grouped(energies, TOGETHER * (top - bottom));
  const steps = groups.slice(1).map(({ energy }, i) => energy - groups[i].energy);
  // a state may rise to the next line or so; a close pair of lines among wide ones does not flatten all
  const room = Math.max(0.85 * Math.min(...steps, top - bottom), 0.06 * (top - bottom));
  const amplitude = (0.62 * room) / Math.max(...extent(...states).map(Math.abs));
  const [from, to] = shown(xs, states);
  const x = linearAxis(rich("*x*"), xs[from], xs[to], 7);
  const y = linearAxis(rich("energy (units of ζ)"), bottom - 0.04 * (top - bottom), top + 1.2 * room, 6);
  const left = gutter(y);
  const labels = groups.map((group) => labelOf(group, energies));
  const wide = Math.max(...labels.flat().map((line) => widthOf(rich(line), SIZE)));
  const box: Box = { x: left, y: 30, width: WIDTH - left - wide - 34, height: 380 };
  const at = plot(box, x, y);
  const drawn = groups.flatMap(({ members }, g) =>
    members.flatMap((n, i) => state(xs, states[n], groups[g].energy, amplitude, stroke(i), at)),
  );
  const well = curve(Array.from(xs, (v, i): Point => [at.x(v), at.y(zeta[i])]));
  const marks: Mark[] = [
    ...frame(box, x, y),
    clipped(box, [...drawn, { kind: "path", d: well, stroke: "ink", width: 2 }], 0),
    ...labeled(groups, labels, at),
    { kind: "text", x: box.x + box.width, y: box.y - 12, text: rich(`*D* = ${about(D)}`), anchor: "end" },
  ];
  return {
    name: "levels",
    title: "Levels and states in their well",
    width: WIDTH,
    height: box.y + box.height + 46,
    marks,
  };
}

const STROKES: readonly { readonly color: Color; readonly dash?: readonly number[] }[] = [
  { color: "blue" },
  { color: "orange", dash: [6, 4] },
  { color: "green", dash: [2, 3] },
];

function stroke(i: number) {
  return STROKES[i % STROKES.length];
}

function grouped(energies: readonly number[], near: number): Group[] {
  const groups: number[][] = [];
  energies.forEach((energy, n) => {
    const last = groups.at(-1);
    if (last !== undefined && energy - energies[last[last.length - 1]] < near) last.push(n);
    else groups.push([n]);
  });
  return groups.map((members) => ({
    members,
    energy: members.reduce((sum, n) => sum + energies[n], 0) / members.length,
  }));
}

/** What is smaller than this share of a state's largest value cannot be told from its line. */
const NOTHING = 0.004;
const MARGIN = 0.06;

/** The indices between which a state is something. */
function support(phi: ArrayLike<number>): [from: number, to: number] {
  const [low, high] = extent(phi);
  const noticed = NOTHING * Math.max(-low, high);
  let [from, to] = [0, phi.length - 1];
  while (from < to && Math.abs(phi[from]) < noticed) from++;
  while (to > from && Math.abs(phi[to]) < noticed) to--;
  return [from, to];
}

/** The indices between which the picture has something to show, with a margin. */
function shown(xs: ArrayLike<number>, states: readonly ArrayLike<number>[]): [from: number, to: number] {
  const supports = states.map(support);
  const [from, to] = [Math.min(...supports.map(([i]) => i)), Math.max(...supports.map(([, i]) => i))];
  const margin = Math.ceil(MARGIN * (to - from));
  return [Math.max(0, from - margin), Math.min(xs.length - 1, to + margin)];
}

/** A state about its line, filled lightly. */
function state(
  xs: ArrayLike<number>,
  phi: ArrayLike<number>,
  energy: number,
  amplitude: number,
  { color, dash }: (typeof STROKES)[number],
  at: Plot,
): Mark[] {
  const [from, to] = support(phi);
  const sign = leftmostSign(phi);
  const base = at.y(energy);
  const points = Array.from({ length: to - from + 1 }, (_, i): Point => {
    const k = from + i;
    return [at.x(xs[k]), at.y(energy + sign * amplitude * phi[k])];
  });
  const line = curve(points);
  const area = curve([[at.x(xs[from]), base], ...points, [at.x(xs[to]), base]]);
  return [
    {
      kind: "path",
      d: `M${round(at.box.x)} ${round(base)}h${round(at.box.width)}`,
      stroke: "soft",
      width: 0.8,
      opacity: 0.7,
    },
    { kind: "path", d: `${area}Z`, fill: color, opacity: 0.13 },
    { kind: "path", d: line, stroke: color, width: 1.6, ...(dash === undefined ? {} : { dash }) },
  ];
}

/** By convention the outermost lobe to the left is positive, whatever sign the state came with. */
function leftmostSign(phi: ArrayLike<number>): number {
  const [low, high] = extent(phi);
  const lobe = 0.1 * Math.max(-low, high);
  for (let i = 0; i < phi.length; i++) if (Math.abs(phi[i]) > lobe) return Math.sign(phi[i]);
  return 1;
}

/** The lines of a group's label. */
function labelOf({ members, energy }: Group, energies: readonly number[]): string[] {
  const names = members.map((n) => `*E*_{${n}}`).join(", ");
  if (members.length === 1) return [`${names} = ${about(energy, 5)}`];
  const apart = energies[members[members.length - 1]] - energies[members[0]];
  return [`${names} ≈ ${about(energy, 5)}`, `apart by ${about(apart, 3)}`];
}

function labeled(groups: readonly Group[], labels: readonly string[][], { box, y }: Plot): Mark[] {
  const wanted = groups.map(({ energy }) => -y(energy)).map((v) => -v);
  // upward in energy is downward in the list of places
  const order = [...wanted.keys()].reverse();
  const places = spread(
    order.map((g) => wanted[g]),
    order.map((g) => 17 * labels[g].length),
    box.y - 8,
    box.y + box.height + 8,
  );
  const edge = box.x + box.width;
  return order.flatMap((g, k): Mark[] => {
    const leader = `M${round(edge)} ${round(wanted[g])}L${round(edge + 18)} ${round(places[k])}`;
    const first = places[k] - 8.5 * labels[g].length + 13;
    return [
      { kind: "path", d: leader, stroke: "soft", width: 0.8 },
      ...labels[g].map(
        (line, i): Mark => ({
          kind: "text",
          x: edge + 22,
          y: first + 16 * i,
          text: rich(line),
          size: SIZE,
          color: i === 0 ? "ink" : "soft",
        }),
      ),
    ];
  });
}

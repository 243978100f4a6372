import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { cluster, convergence, relaxation, svg, whereabouts } from "../../src/draw/index.ts";
import type { Mark, Scene } from "../../src/draw/scene.ts";
import type { RunRecord } from "../../src/tasks/record.ts";
import { annealed } from "./record.ts";

const box = (dim: number, half = 5) => ({
  lower: new Float64Array(dim).fill(-half),
  upper: new Float64Array(dim).fill(half),
  edge: "open" as const,
});
const end = (record: RunRecord) => {
  const { evaluations, best } = record.rows[record.rows.length - 1];
  return { evaluations, best };
};

function flat(marks: readonly Mark[]): Mark[] {
  return marks.flatMap((m) => (m.kind === "group" ? flat(m.marks) : [m]));
}

function words(scene: Scene): string[] {
  return flat(scene.marks).flatMap((m) => (m.kind === "text" ? [m.text.map(({ text }) => text).join("")] : []));
}

/** A picture is drawable, the same twice, inside its own bounds, and holds no number that is none. */
function sound(scene: Scene | null): asserts scene is Scene {
  expect(scene).not.toBeNull();
  if (scene === null) return;
  const text = svg(scene);
  expect(text).toBe(svg(scene));
  expect(/NaN|Infinity|undefined|\de[+-]?\d/.exec(text.replace(/#[\da-f]{6}/g, ""))).toBeNull();
  expect(new Resvg(text).render().width).toBe(scene.width);
  for (const mark of flat(scene.marks))
    if (mark.kind === "text") {
      expect(mark.x).toBeGreaterThanOrEqual(0);
      expect(mark.x).toBeLessThanOrEqual(scene.width);
      expect(mark.y).toBeGreaterThan(0);
      expect(mark.y).toBeLessThan(scene.height);
    }
}

test("a line that is exactly a power is drawn straight", () => {
  // energy ∝ √D: a straight line over log D
  const record = annealed(1);
  const scene = relaxation({ record, end: end(record), minimum: 0 });
  sound(scene);
  const d = flat(scene.marks).flatMap((m) => (m.kind === "path" && m.stroke === "orange" ? [m.d] : []))[0];
  const points = d
    .slice(1)
    .split("L")
    .map((p) => p.split(",").map(Number));
  expect(points).toHaveLength(8);
  const slope = (i: number): number => (points[i][1] - points[0][1]) / (points[i][0] - points[0][0]);
  for (let i = 1; i < 8; i++) expect(slope(i)).toBeCloseTo(slope(7), 2);
});

test("D has a panel where it changes and none where it does not", () => {
  const record = annealed(2);
  const steady = { ...record, rows: record.rows.map((row) => ({ ...row, D: 1 })) };
  const [changing, constant] = [record, steady].map((r) => convergence({ record: r, end: end(r), minimum: 0 }));
  sound(changing);
  sound(constant);
  expect(words(changing)).toContain("D (units of ζ·x2)");
  expect(words(constant)).not.toContain("D (units of ζ·x2)");
  expect(relaxation({ record: steady, end: end(steady) })).toBeNull();
});

test("energies are held against the least of them where no best value is known", () => {
  const record = annealed(2);
  const scene = relaxation({ record, end: { evaluations: 800, best: Number.POSITIVE_INFINITY } });
  sound(scene);
  expect(words(scene)).toContain("energy − least energy (units of ζ)");
  expect(words(scene).join(" ")).not.toContain("nfinity");
});

test("without a known minimum the values themselves are drawn, or their logarithm where they span too much", () => {
  const rows = (bests: number[]) =>
    bests.map((best, i) => ({ evaluations: 10 * (i + 1), best, D: 1, energy: 0, spread: 1 }));
  const label = (bests: number[]) => {
    const record = { ...annealed(1, 0), rows: rows(bests) };
    const scene = convergence({ record, end: end(record) });
    sound(scene);
    return words(scene);
  };
  expect(label([5, 4, 3, 2])).toContain("best value (units of ζ)");
  expect(label([1e9, 5, -44, -44.3])).toContain("best value − best found (units of ζ)");
});

test("under noise the values are drawn within some errors of the claim, which is a band, whatever minimum is known", () => {
  const rows = [1e6, 3, -0.2, 0.1].map((best, i) => ({ evaluations: 10 * (i + 1), best, D: 1, energy: 0, spread: 1 }));
  const record = { ...annealed(1, 0), rows };
  const scene = convergence({ record, end: { evaluations: 100, best: 0.05, error: 0.1 }, minimum: 0 });
  sound(scene);
  expect(words(scene)).toContain("best value so far (units of ζ)");
  const inside = scene?.marks.flatMap((mark) => (mark.kind === "group" ? mark.marks : [mark])) ?? [];
  const [band] = inside.filter(({ kind }) => kind === "rect");
  // ± one error of 24 that the axis spans, 250 high
  expect(band).toMatchObject({ height: expect.closeTo((250 * 2) / 24, 6) });
});

test("what lies at the known minimum or below is marked", () => {
  const record = annealed(2);
  const reached = { evaluations: 1000, best: -1e-7 };
  const scene = convergence({ record, end: reached, minimum: 0 });
  sound(scene);
  expect(words(scene).filter((w) => w.startsWith("≤ 10"))).toHaveLength(1);
});

const odd: readonly (readonly [string, Partial<RunRecord["rows"][number]>])[] = [
  ["nothing finite but one value", { energy: Number.NaN, spread: Number.NaN, D: Number.NaN }],
  ["infinite energy", { energy: Number.POSITIVE_INFINITY, spread: 0 }],
  ["huge", { best: 1e300, energy: 1.7e308, spread: 1e300, D: 1e300 }],
  ["deep", { best: -1.7e308, energy: 1.7e308 }],
  ["tiny", { best: 1e-300, energy: 1e-300, spread: 5e-324, D: 5e-324 }],
  ["D zero", { D: 0 }],
];
test.each(odd)("odd rows are drawn or left out: %s", (_, row) => {
  const base = annealed(3);
  for (const kept of [0, 1, 4]) {
    const rows = [...base.rows.slice(0, kept), { ...base.rows[kept], ...row }];
    for (const minimum of [undefined, 0, -44.326801, 1e300]) {
      const record = { ...base, rows, scales: base.scales.slice(0, kept + 1).map((s) => ({ ...s, ...row })) };
      const descent = { record, end: end(record), minimum };
      sound(convergence(descent));
      const scene = relaxation(descent);
      if (scene !== null) sound(scene);
    }
  }
});

test("no finite value, no way down", () => {
  const best = Number.POSITIVE_INFINITY;
  const rows = [{ evaluations: 100, best, D: 1, energy: best, spread: 1 }];
  expect(convergence({ record: { ...annealed(1, 0), rows }, end: { evaluations: 100, best } })).toBeNull();
  expect(convergence({ record: annealed(1, 0), end: { evaluations: 0, best } })).toBeNull();
  expect(whereabouts({ scales: [], domain: box(2), best: [] })).toBeNull();
});

test.each([1, 2, 3, 7, 12, 13, 100, 1000])("where the state was, in %d dimensions", (dim) => {
  const { scales } = annealed(dim, 12);
  const best = new Array(dim).fill(0);
  const scene = whereabouts({ scales, domain: box(dim), best });
  sound(scene);
  expect(svg(scene).length).toBeLessThan(200_000);
});

test("the map of many coordinates is brighter where the state is farther", () => {
  const dim = 40;
  const scales = annealed(dim, 2).scales.map((scale, k) => ({
    ...scale,
    mean: new Float64Array(dim),
    deviation: Float64Array.from({ length: dim }, (_, j) => (k === 0 && j < 20 ? 1 : 1e-6)),
  }));
  const scene = whereabouts({ scales, domain: box(dim), best: new Array(dim).fill(0) });
  sound(scene);
  const { pixels, width } = new Resvg(svg(scene)).render();
  const green = (x: number, y: number): number => pixels[4 * (y * width + x) + 1];
  // upper left: a tenth of the width; elsewhere a ten-millionth
  expect(green(100, 60)).toBeGreaterThan(200);
  for (const [x, y] of [
    [400, 60],
    [100, 320],
    [400, 320],
  ])
    expect(green(x, y)).toBeLessThan(50);
});

test("states born again are shown once for each decade of D", () => {
  const { scales } = annealed(13, 6);
  const again = { scales: [...scales, ...scales], domain: box(13), best: new Array(13).fill(0) };
  const once = whereabouts({ ...again, scales });
  const twice = whereabouts(again);
  sound(once);
  expect(twice).toEqual(once);
});

test("contours stand where ζ takes their value", () => {
  const n = 81;
  const axis = Array.from({ length: n }, (_, i) => -5 + (10 * i) / (n - 1));
  const values = axis.flatMap((y) => axis.map((x) => x * x + y * y));
  const slice = { xs: axis, ys: axis, values };
  const scene = whereabouts({ scales: [], domain: box(2), best: [0, 0], slice });
  sound(scene);
  // contours below the corners are circles about the middle
  const areas = flat(scene.marks).flatMap((m) => (m.kind === "path" && m.fill?.toString().startsWith("#") ? [m] : []));
  const rings = areas[2].d.split("M").slice(1);
  const steps = rings[rings.length - 1].replace("Z", "").split("l");
  let [x, y] = steps[0].split(" ").map(Number);
  const ring = [[x, y]];
  const moves = steps[1].split(" ").map(Number);
  for (let i = 0; i < moves.length; i += 2) {
    x += moves[i];
    y += moves[i + 1];
    ring.push([x, y]);
  }
  const middle = [0, 1].map((k) => (Math.min(...ring.map((p) => p[k])) + Math.max(...ring.map((p) => p[k]))) / 2);
  const radii = ring.map((p) => Math.hypot(p[0] - middle[0], p[1] - middle[1]));
  expect(ring.length).toBeGreaterThan(20);
  expect(Math.max(...radii) / Math.min(...radii)).toBeLessThan(1.03);
  // and not finite values do not spoil them
  sound(
    whereabouts({
      scales: [],
      domain: box(2),
      best: [0, 0],
      slice: { ...slice, values: values.map((v) => (v > 20 ? Infinity : v)) },
    }),
  );
  sound(
    whereabouts({
      scales: [],
      domain: box(2),
      best: [0, 0],
      slice: { ...slice, values: values.map(() => Number.NaN) },
    }),
  );
});

test("one dimension: the curve of ζ, gaps where it has no value", () => {
  const xs = [-5, -2.5, 0, 2.5, 5];
  const scene = whereabouts({
    scales: annealed(1).scales,
    domain: box(1),
    best: [0],
    names: ["a"],
    slice: { xs, values: [25, 6.25, Number.NaN, 6.25, 25] },
  });
  sound(scene);
  const d = flat(scene.marks).flatMap((m) => (m.kind === "path" && m.stroke === "ink" ? [m.d] : []))[0];
  expect(d.match(/M/g)).toHaveLength(2);
  expect(words(scene)).toContain("a");
});

test("an icosahedron of thirteen atoms: 42 bonds, one atom of twelve neighbors and twelve of six", () => {
  const golden = (1 + Math.sqrt(5)) / 2;
  const corners = [-1, 1].flatMap((s) =>
    [-golden, golden].flatMap((t) => [
      [0, s, t],
      [s, t, 0],
      [t, 0, s],
    ]),
  );
  // neighboring corners are 2 apart, the middle 1.902 away from each
  const positions = [[0, 0, 0], ...corners].flat().map((v) => 0.55 * v);
  const scene = cluster({ positions });
  sound(scene);
  expect(words(scene)).toEqual(["neighbors", "6", "12", "1 unit of x"]);
  const bonds = scene.marks.filter((m) => m.kind === "path" && m.stroke === "soft");
  expect(bonds).toHaveLength(42 + 1);
  const turned = cluster({ positions: positions.map((_, i) => positions[3 * Math.floor(i / 3) + ((i + 1) % 3)]) });
  sound(turned);
});

test.each([[1], [2], [150]])("clusters of %d atoms are drawn inside their frame", (atoms) => {
  const positions = Float64Array.from({ length: 3 * atoms }, (_, i) => 2.5 * Math.sin(12.9898 * i));
  const scene = cluster({ positions });
  sound(scene);
  for (const m of scene.marks)
    if (m.kind === "circle") expect(m.x - m.r >= 0 && m.y - m.r >= 0 && m.y + m.r <= scene.height).toBe(true);
});

test("clusters that are none", () => {
  expect(cluster({ positions: [] })).toBeNull();
  expect(cluster({ positions: [0, 0, Number.NaN] })).toBeNull();
  sound(cluster({ positions: [1, 1, 1, 1, 1, 1] }));
});

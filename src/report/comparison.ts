/** A comparison of levels as pictures and as one page: what each found, what it cost, where it parts from the truth and why. */
import { about, beside, type Curve, count, exact as exactly, type Scene } from "../draw/index.ts";
import type { Compared, ComparedRow } from "../tasks/index.ts";
import { escaped, grid, type Html, marked, terms } from "./html.ts";
import { leaf, plates } from "./leaf.ts";

const SYMBOLS = { "|ψ|²": "|*φ*_{0}|^{2}", ψ: "*φ*_{0}", "e^(−ζ/D)": "e^{−*ζ*/*D*}" } as const;
const PICTURED = 3;

/** The densities along the first axes: those of the ground state, and those of e^{−ζ/D}. */
export function comparisonScenes({ dim, names, seen }: Compared): Scene[] {
  const isExact = ({ level }: { level: string }): boolean => level === "grid" || level === "fokker-planck";
  return Array.from({ length: Math.min(dim, PICTURED) }, (_, axis) => axis).flatMap((axis) =>
    (["ground", "thermal"] as const).flatMap((family): Scene[] => {
      const members = seen.filter(({ law }) => (law === "e^(−ζ/D)") === (family === "thermal"));
      const curve = (one: (typeof seen)[number]): Curve => ({
        label: isExact(one) ? SYMBOLS[one.law] : one.level,
        along: one.along?.[axis],
        draws: one.draws?.[axis],
      });
      const title =
        family === "ground"
          ? "The ground state, and what stands for it"
          : "The law of noisy descent, and who samples it";
      const levels = members.filter((one) => !isExact(one));
      if (levels.length === 0) return [];
      return [
        beside({
          ...{ name: `${family}-x${axis + 1}`, title, axis, names },
          exact: members.filter(isExact).map(curve),
          levels: levels.map(curve),
        }),
      ];
    }),
  );
}

/** A complete HTML document without a script or an outside resource; the same input gives the same bytes. */
export function comparisonReport(found: Compared, command?: string): string {
  return leaf({
    kind: "comparison",
    title: `${found.objective}: levels of approximation`,
    promise: PROMISE,
    sections: [
      ["Setup", terms(setup(found))],
      ["Energies", `<p>${marked(ENERGIES)}</p>${energies(found)}`],
      ["Where the mass is", `<p>${marked(MASS)}</p>${mass(found)}${plates(comparisonScenes(found))}`],
      [
        "Where each parts from the truth, and why",
        terms(found.rows.map(({ level, why }) => [escaped(level), whys(why)])),
      ],
    ],
    ...{ warnings: found.warnings, command },
  });
}

const PROMISE =
  "One problem, one *D*, every level of approximation: the exact state on a grid, walkers, the best Gaussian packet, and chains that see slopes or values. Each stands beside the exact law that it samples.";
const ENERGIES =
  "*E*_{0} of *H* = −*D*∇^{2} + ζ for the upper family; the mean of ζ for the lower one, which samples e^{−*ζ*/*D*}. Cost counts values of ζ; a gradient counts as three.";
const MASS =
  "The distance is the largest difference of the distribution functions along an axis; chance is what it would be for as many independent draws one time in twenty.";

function setup({ objective, D, dim, seed }: Compared): (readonly [Html, Html])[] {
  return [
    ["objective", escaped(objective)],
    ["<i>D</i>", escaped(exactly(D))],
    ["dimensions", escaped(String(dim))],
    ["seed", escaped(String(seed))],
  ];
}

function energies({ rows }: Compared): Html {
  const head = ["level", "law", "energy", "±", "exact", "cost"];
  return grid(
    head.map((cell) => marked(cell)),
    rows.map((row) => [
      escaped(row.level),
      marked(SYMBOLS[row.law]),
      escaped(row.energy.toPrecision(7)),
      row.error === 0 ? "" : escaped(row.error === null ? "–" : row.error.toExponential(1)),
      row.exact === null ? "" : escaped(row.exact.toPrecision(7)),
      escaped(count(row.cost)),
    ]),
    "numbers",
  );
}

const AXES = 3;

function mass({ rows, names }: Compared): Html {
  const head = ["level", "axis", "mean", "deviation", "quartiles", "distance", "chance"];
  const lines = rows.flatMap((row) => axesOf(row, names));
  return grid(
    head.map((cell) => marked(cell)),
    lines,
    "numbers",
  );
}

function axesOf(
  { level, mean, deviation, quartiles, distance, chance }: ComparedRow,
  names: Compared["names"],
): Html[][] {
  return mean
    .slice(0, AXES)
    .map((m, j) => [
      escaped(j === 0 ? level : ""),
      escaped(names?.[j] ?? `x${j + 1}`),
      escaped(fixed(m, 4)),
      escaped(deviation[j].toFixed(4)),
      escaped(quartiles[j].map((q) => fixed(q, 3)).join(" · ")),
      j > 0 || distance === null ? "" : escaped(distance.toFixed(4)),
      j > 0 || chance === 0 ? "" : marked(about(chance, 2)),
    ]);
}

function whys(why: readonly string[]): Html {
  return why.map((one) => escaped(one)).join("<br>");
}

/** With so many digits, and no sign at zero. */
function fixed(v: number, digits: number): string {
  const text = v.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

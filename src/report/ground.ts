/** A ground-state energy as pictures and as one page. */
import { count, exact, extrapolation, type Scene, walkOverTime } from "../draw/index.ts";
import type { Ground, Walked } from "../tasks/ground.ts";
import { escaped, grid, type Html, marked, terms } from "./html.ts";
import { leaf, plates } from "./leaf.ts";

/** The energy along the first walk, and the extrapolation through all; nothing where no walkers walked. */
export function groundScenes({ walk, energy, error }: Ground): Scene[] {
  if (walk === undefined) return [];
  const { rows, trace, fit } = walk;
  const scenes = [walkOverTime({ ...trace, mean: rows[0].energy })];
  if (error === null || fit === null) return scenes;
  const { order, timeStep, population } = fit;
  return [...scenes, extrapolation({ rows, energy, error, order, timeStep, population })];
}

/** A complete HTML document: the energy, how it was found, each walk, the pictures. */
export function groundReport(found: Ground, command?: string): string {
  const { objective, walk, warnings } = found;
  return leaf({
    kind: "ground state",
    title: `${objective}: the energy of its ground state`,
    promise: "*E*_{0} of *H* = −*D*∇^{2} + *ζ*, with one standard error, the extrapolation included.",
    sections: [
      ["Energy", terms(energyOf(found))],
      ["Setup", terms(setup(found))],
      ["Walks", walk === undefined ? "" : `<p>${marked(WALKS)}</p>${walksOf(walk)}`],
      ["Pictures", plates(groundScenes(found))],
    ],
    ...{ warnings, command },
  });
}

const WALKS =
  "Each is cut where it has come to rest; its error bar is that of blocks. The energy is where their line ends, at Δ*τ* → 0 and *N* → ∞.";

function energyOf({ energy, error, walk, stop, evaluations }: Ground): (readonly [Html, Html])[] {
  return [
    ["<i>E</i><sub>0</sub>", escaped(walk === undefined ? exact(energy) : energy.toPrecision(9))],
    ["one standard error", escaped(error === null ? "the walks are too short to tell" : error.toPrecision(2))],
    ["ended by", escaped(stop)],
    ["evaluations", escaped(count(evaluations))],
  ];
}

function setup({ objective, engine, D, dim, seed, walk }: Ground): (readonly [Html, Html])[] {
  return [
    ["potential", escaped(objective)],
    ["<i>D</i>", escaped(exact(D))],
    ["dimensions", escaped(dim)],
    ["seed", escaped(seed)],
    ["engine", escaped(engine)],
    ...(walk === undefined ? [] : ([["guide", escaped(walk.guide)]] as const)),
    ...(walk?.node === undefined ? [] : ([["node", escaped(walk.node)]] as const)),
    ...(walk === undefined ? [] : ([["estimator", escaped(walk.estimator)]] as const)),
  ];
}

function walksOf({ rows }: Walked): Html {
  const head = ["Δ*τ*", "walkers", "energy", "±", "cut at *τ*", "correlation", "acceptance", "population"];
  return grid(
    head.map(marked),
    rows.map(({ dt, walkers, energy, error, equilibration, correlation, acceptance, population }) =>
      [
        dt.toPrecision(3),
        String(walkers),
        energy.toFixed(6),
        Number.isNaN(error) ? "–" : error.toExponential(1),
        equilibration.toPrecision(3),
        Number.isNaN(correlation) ? "–" : correlation.toPrecision(2),
        acceptance.toFixed(4),
        `${population.min} … ${population.max}`,
      ].map(escaped),
    ),
    "numbers",
  );
}

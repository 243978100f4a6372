/** Draws as data, as one page, and as pictures: traces, marginals beside the exact ones, and pairs. */
import type { Potential } from "../core/problem.ts";
import { count, drawPairs, exact as exactly, marginals, type Scene, traces } from "../draw/index.ts";
import { coordinate, rowsOf } from "../tasks/draws.ts";
import type { Sampled } from "../tasks/sampling.ts";
import { exactDensity } from "../tasks/sampling-grid.ts";
import { csv } from "./data.ts";
import { escaped, grid, type Html, marked, terms } from "./html.ts";
import { leaf, plates } from "./leaf.ts";

/** The samples as CSV: a header line, a row a sample. */
export function samplesCsv({ samples: { n, dim, x }, names }: Sampled): string {
  const columns: Record<string, Float64Array> = {};
  for (let j = 0; j < dim; j++)
    columns[names?.[j] ?? `x${j + 1}`] = Float64Array.from({ length: n }, (_, i) => x[i * dim + j]);
  return csv(columns);
}

/** A complete HTML document: the law, what the draws say of each axis and what they are worth, the pictures. */
export function samplingReport(found: Sampled, scenes: readonly Scene[], command?: string): string {
  return leaf({
    kind: "sampling",
    title: `${found.potential}: draws by ${found.engine}`,
    promise:
      "Draws from the stationary law of a level, what they are worth, and whether they can be trusted: R-hat is to be 1.01 at most, and errors are told from 400 independent draws on.",
    sections: [
      ["Setup", terms(setup(found))],
      ["Axes", axes(found)],
      ["Pictures", plates(scenes)],
    ],
    ...{ warnings: found.warnings, command },
  });
}

function begun({ declared, found }: { readonly declared: number; readonly found: number }): string {
  return `${declared} steps${found > 0 ? ` and ${found} found to belong to it` : ""}`;
}

function setup({ law, D, dim, seed, n, stop, evaluations, acceptance, run }: Sampled): (readonly [Html, Html])[] {
  const { chains, steps, warmup, dt } = run ?? {};
  const lines: (readonly [string, string | number])[] = [
    ["law", law === "e^(−ζ/D)" ? "e^{−*ζ*/*D*}" : law],
    ["*D*", exactly(D)],
    ["dimensions", dim],
    ["seed", seed],
    ["draws", run === undefined ? `${n}, independent` : `${n} of ${chains} chains × ${steps} steps`],
    ...(warmup === undefined ? [] : [["warm-up", begun(warmup)] as const]),
    ...(dt === undefined ? [] : [["step Δ*τ*", dt.toPrecision(4)] as const]),
    ["acceptance", acceptance.toPrecision(3)],
    ["ended by", stop],
    ["evaluations", count(evaluations)],
  ];
  return lines.map(([term, value]) => [marked(term), marked(String(value))]);
}

const ROOM = 40;

function axes({ names, mean, mcse, covariance, ess, autocorrelation, rhat }: Sampled): Html {
  return grid(
    ["axis", "mean", "±", "deviation", "worth", "steps to forget", "R-hat"].map(escaped),
    mean
      .slice(0, ROOM)
      .map((m, j) =>
        [
          names?.[j] ?? `x${j + 1}`,
          m.toPrecision(5),
          mcse[j].toPrecision(2),
          covariance === null ? "–" : Math.sqrt(covariance[j][j]).toPrecision(5),
          ess[j].toFixed(0),
          autocorrelation[j].toPrecision(3),
          rhat[j]?.toFixed(4) ?? "–",
        ].map(escaped),
      ),
    "numbers",
  );
}

const PANELS = 4;
const CHAINS = 4;
const ROWS = 2000;
const HISTOGRAMS = 6;
/** Beyond the outermost draws, as a share of their range, where the exact law is still asked for. */
const MARGIN = 0.15;

/**
 * Pictures of draws. The exact law of one or two axes is shown where ζ may be asked for it.
 * @param exact whether ζ may be asked some thousand times more
 */
export async function samplingScenes(potential: Potential, found: Sampled, exact = true): Promise<Scene[]> {
  const { dim, names, samples, law, run } = found;
  const column = (j: number): Float64Array =>
    run === undefined
      ? Float64Array.from({ length: samples.n }, (_, i) => samples.x[i * dim + j])
      : coordinate(run.draws, j).values;
  const shown = Array.from({ length: Math.min(dim, HISTOGRAMS) }, (_, j) => column(j));
  const known = exact && dim <= 2 ? await exactDensity(potential, found, shown.map(reach)) : undefined;
  const histograms = shown.map((draws, j) => ({ draws, exact: known === undefined ? undefined : margin(known, j) }));
  const columns = shown.map((_, j) => Float64Array.from({ length: samples.n }, (_, i) => samples.x[i * dim + j]));
  const name = law === "e^(−ζ/D)" ? "e^{−*ζ*/*D*}" : "|*ψ*|^{2}";
  const pair = drawPairs({ columns: columns, law: name, exact: dim === 2 ? known : undefined, names });
  return [
    ...(run === undefined ? [] : [traceOf(found, run)]),
    marginals({ marginals: histograms, law: name, names }),
    ...(pair === null ? [] : [pair]),
  ];
}

function traceOf({ dim, names }: Sampled, { draws, warmup }: NonNullable<Sampled["run"]>): Scene {
  const rows = rowsOf(draws);
  const stride = Math.max(1, Math.ceil(rows / ROWS));
  const kept = Array.from({ length: Math.ceil(rows / stride) }, (_, k) => k * stride);
  const paths = Array.from({ length: Math.min(dim, PANELS) }, (_, j) =>
    Array.from({ length: Math.min(draws.chains, CHAINS) }, (_, c) =>
      kept.map((row) => draws.x[(row * draws.chains + c) * dim + j]),
    ),
  );
  return traces({ steps: kept.map((row) => warmup.found + row * draws.every), paths, names });
}

function reach(draws: Float64Array): readonly [number, number] {
  const low = draws.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = draws.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return [low - MARGIN * (high - low), high + MARGIN * (high - low)];
}

type Known = { readonly axes: readonly Float64Array[]; readonly density: Float64Array };

/** The density of one axis out of that of two. */
function margin({ axes, density }: Known, j: number) {
  if (axes.length === 1) return { xs: axes[0], density };
  const [a, b] = axes;
  const other = axes[1 - j];
  const step = other[1] - other[0];
  const sums = new Float64Array(axes[j].length);
  for (let i = 0; i < a.length; i++)
    for (let k = 0; k < b.length; k++) sums[j === 0 ? i : k] += density[i * b.length + k] * step;
  return { xs: axes[j], density: sums };
}

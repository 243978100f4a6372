/** The rows of `wick bench bbob` beside what others reached: comparisons, and pictures of the distributions. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Reached, reached, svg, type TableRow } from "../draw/index.ts";
import { key } from "../math/rng.ts";
import { peerNames } from "../platform/node/peers.ts";
import { png } from "../platform/node/png.ts";
import { knownStandings } from "../platform/node/standings.ts";
import { bbobFunctions } from "../potentials/bbob/index.ts";
import { abscissae, against, type Comparison, type Standing, withBest } from "../tasks/standing.ts";

/** Everything that takes part: what was run, and of its dimensions what is known without running it. */
export type Field = {
  readonly ours: readonly Standing[];
  readonly peers: readonly Standing[];
  /** Peers that were run before, not now. */
  readonly stored: readonly Standing[];
  readonly best2009: readonly Standing[];
};

export function fieldOf(run: readonly Standing[]): Field {
  const { peers, best2009 } = knownStandings();
  const isPeer = ({ name }: Standing): boolean => peerNames.includes(name);
  const dims = new Set(run.map(({ dim }) => dim));
  const isRun = (one: Standing): boolean => run.some(({ name, dim }) => name === one.name && dim === one.dim);
  return {
    ours: run.filter((one) => !isPeer(one)),
    peers: run.filter(isPeer),
    stored: peers.filter((one) => dims.has(one.dim) && !isRun(one)),
    best2009: best2009.filter(({ dim }) => dims.has(dim)),
  };
}

/** The first of our engines against everything else of its dimension. */
export function comparisons({ ours, peers, stored, best2009 }: Field, seed: number): Comparison[] {
  const mine = ours.filter(({ name }) => name === ours[0]?.name);
  const others = [...ours.filter((one) => !mine.includes(one)), ...peers, ...stored, ...best2009];
  return mine.flatMap((own) =>
    others.filter(({ dim }) => dim === own.dim).flatMap((other) => against(own, other, key(seed))),
  );
}

/** What people need of many comparisons: the best peer at each budget, the virtual best, our other engines by area. */
export function told(all: readonly Comparison[], field: Field): TableRow[] {
  const { ours, peers, stored, best2009 } = field;
  const of = (standings: readonly Standing[]) => all.filter(({ peer }) => standings.some(({ name }) => name === peer));
  const engines = of(ours).filter(({ measure }) => measure === "auc");
  const shown = [...withBest(of([...peers, ...stored])), ...of(best2009), ...engines];
  return shown
    .map((one, i) => ({ one, i }))
    .sort((a, b) => a.one.dim - b.one.dim || a.i - b.i)
    .map(({ one }) => ({
      engine: one.engine,
      dim: one.dim,
      at: one.measure === "auc" ? `auc ${one.budget}d` : `${one.budget}d`,
      ours: one.ours.toFixed(3),
      theirs: one.theirs.toFixed(3),
      difference: `${signed(one.difference)} [${signed(one.low)}, ${signed(one.high)}]`,
      verdict: one.verdict,
      peer: one.peer,
    }));
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** One picture for each dimension and group of functions that was run, and for all of them. */
export function pictures({ ours, peers, stored, best2009 }: Field): Reached[] {
  const run = [...peers, ...ours];
  const groups = [...new Set(bbobFunctions.map(({ group }) => group)), "all"] as const;
  return [...new Set(run.map(({ dim }) => dim))].flatMap((dim) =>
    groups.flatMap((group): Reached[] => {
      const now = [...linesOf(peers, "peer", dim, group), ...linesOf(ours, "ours", dim, group)];
      if (now.length === 0) return [];
      const points = Math.max(...now.map(({ share }) => share.length));
      // what is known without running it is of all functions
      const known = isWhole(run)
        ? [...linesOf(best2009, "bound", dim, group), ...linesOf(stored, "peer", dim, group)]
        : [];
      const title = `${group === "all" ? "all functions" : group}, d = ${dim}`;
      return [
        {
          name: `ecdf-d${dim}-${group.replace(/[^a-z]+/g, "-")}`,
          title,
          lines: [...known.map((line) => cut(line, points)), ...now],
        },
      ];
    }),
  );
}

type Line = Reached["lines"][number];

/** What is known goes as far as what was run. */
function cut(line: Line, points: number): Line {
  return { ...line, evaluations: line.evaluations.slice(0, points), share: line.share.slice(0, points) };
}

function isWhole(run: readonly Standing[]): boolean {
  return new Set(run[0].cells.map(({ f }) => f)).size === bbobFunctions.length;
}

function linesOf(
  standings: readonly Standing[],
  kind: Line["kind"],
  dim: number,
  group: keyof Standing["curves"],
): Line[] {
  return standings.flatMap(({ name, dim: own, budget, curves }) => {
    const share = curves[group];
    return own !== dim || share === undefined ? [] : [{ name, kind, share, evaluations: abscissae(budget) }];
  });
}

/** Writes pictures as SVG and PNG. */
export async function writePictures(folder: string, made: readonly Reached[]): Promise<void> {
  for (const picture of made) {
    const scene = reached(picture);
    writeFileSync(join(folder, `${scene.name}.svg`), `${svg(scene)}\n`);
    writeFileSync(join(folder, `${scene.name}.png`), await png(scene));
  }
}

/**
 * H8: quantum dynamics crosses a tall thin barrier sooner than thermal dynamics, and loses on a low wide one. The claim has
 * both halves, so that for each dynamics the weakest of its cases decides.
 */
import { crossedBarriers } from "../draw/barriers.ts";
import { BARRIERS, type Barrier, type BarrierRow, tunneling as cross, type Dynamics } from "../tasks/tunneling.ts";
import { type Chapter, type Effect, type Effects, type Family, seedsOf } from "./item.ts";
import { pause } from "./pause.ts";

export const tunneling: Chapter = {
  title: "H8: through a barrier or over it",
  items: [
    {
      id: "H8",
      title: "Quantum dynamics crosses a tall thin barrier sooner, and loses on a low wide one",
      equation: "through: exp(−(4/3)*a*(*h*/*D*)^{1/2}),   over: e^{−*h*/*D*}",
      claim: "Tunneling takes the state through where heat has to lift it over.",
      files: ["src/ledger/tunneling.ts", "src/tasks/tunneling.ts"],
      tests: [
        [
          "test/tasks/tunneling.test.ts",
          "crosses the tall thin barrier sooner and the low wide one later than thermal dynamics",
        ],
      ],
    },
  ],

  async compute(context) {
    const seeds = Math.max(context.seeds, LEAST);
    const rows: BarrierRow[] = [];
    for (const barrier of BARRIERS) {
      await pause(context.signal);
      rows.push(...(await cross({ barriers: [barrier], seeds, seed: context.seed })).rows);
    }
    return {
      outcomes: {
        H8: {
          effects: effectsOf(rows),
          seeds: seedsOf({ seed: context.seed, seeds }),
          notes: [
            "Wells *h*((*x*_{1}/*a*)^{2} − 1)^{2}, all started in the left one at the same *D* and step, until a quarter (of a ring of beads half) has crossed; what has not within 2×10^{5} evaluations stands there. Thermal: Metropolis at temperature *D*, exactly Fokker–Planck. Quantum: *H* = −*D*∇^{2} + ζ, in real time exactly, by walkers and by path integrals in imaginary time. A row says how far the claim is met there: on tall thin barriers how much sooner quantum dynamics is, on low wide ones how much later. The weakest row stands for its family. Intervals are 95 % each; exact rates have none.",
          ],
        },
      },
      figures: [
        {
          scene: crossedBarriers({ rows }),
          caption:
            "Evaluations to cross a barrier over its width: thermal dynamics hardly depends on the width, quantum dynamics grows steeply with it, and the lines cross.",
        },
      ],
    };
  },
};

/** Runs on paired seeds, at the least. */
const LEAST = 100;

const tall = Math.max(...BARRIERS.map(({ height }) => height));
const [thin, wide] = [Math.min(...BARRIERS.map(({ width }) => width)), Math.max(...BARRIERS.map(({ width }) => width))];

const isTallThin = ({ height, width }: Barrier): boolean => height === tall && width === thin;
const isLowWide = ({ height, width }: Barrier): boolean => height < tall && width === wide;

function effectsOf(rows: readonly BarrierRow[]): Effects {
  const judged = rows.filter((row) => isTallThin(row) || isLowWide(row));
  const families = [
    family(
      "exact real time",
      judged.filter(({ dim }) => dim === 1).map((row) => of(row, row.exact.real, row.exact.thermal)),
    ),
    family(
      "walkers",
      judged.map((row) => measured(row, "walkers")),
    ),
    family(
      "path integrals",
      judged.map((row) => measured(row, "pimc")),
    ),
  ];
  return {
    what: "Decades of evaluations by which the claim is met; beside them log_{10} of the evaluations of both sides.",
    sides: ["quantum", "thermal"],
    pooled: weakest(
      "weakest of all",
      families.map(({ pooled }) => pooled),
    ),
    families,
  };
}

function family(name: string, cases: readonly Effect[]): Family {
  return { pooled: weakest(name, cases), cases };
}

function weakest(name: string, cases: readonly Effect[]): Effect {
  return { ...cases.reduce((least, one) => (one.low < least.low ? one : least)), name };
}

/** How far the claim is met at a barrier, from how much sooner quantum dynamics is. */
function of(
  row: Barrier,
  quantum: number,
  thermal: number,
  lead = { low: thermal / quantum, high: thermal / quantum },
): Effect {
  const [ours, theirs] = [Math.log10(quantum), Math.log10(thermal)];
  const [low, high] = [Math.log10(lead.low), Math.log10(lead.high)];
  const space = row.dim === 1 ? "" : `, ${row.dim}-d`;
  if (isTallThin(row)) return { name: `tall and thin${space}`, estimate: theirs - ours, low, high, ours, theirs };
  return { name: `low and wide${space}`, estimate: ours - theirs, low: -high, high: -low, ours, theirs };
}

function measured(row: BarrierRow, dynamics: Dynamics): Effect {
  const passage = (name: Dynamics) => row.passages.find((one) => one.dynamics === name);
  const [quantum, thermal] = [passage(dynamics), passage("metropolis")];
  if (quantum === undefined || thermal === undefined) throw new Error(`no ${dynamics}`);
  return of(row, quantum.median, thermal.median, quantum.lead);
}

/** Figure 1: the framework itself, from an objective to an iteration, with its two loops. */
import { run } from "../core/run.ts";
import { type Mark, rich, type Scene } from "../draw/scene.ts";
import { walkers } from "../engines/walkers.ts";
import { doubleWellEntry } from "../potentials/wells.ts";
import { geometric } from "../schedules/geometric.ts";
import type { Chapter, Check, Context } from "./item.ts";

export const framework: Chapter = {
  title: "The framework",
  items: [
    {
      id: "F1",
      title: "Figure 1: objective, potential, Wick rotation, Taylor order, iteration",
      equation: "outer loop *D* → 0,   inner loop *τ*",
      claim: "To optimize is to let *ψ* relax in ζ while *D* is lowered: two loops.",
      files: ["src/core/run.ts", "src/core/schedule.ts", "src/core/engine.ts", "src/core/splitting.ts"],
      tests: [
        ["test/core/splitting.test.ts", "is half a step of ζ, a step of −D∇², half a step of ζ, and reports the last"],
        ["test/engines/walkers.test.ts", "comes within 1e-6 of the minimum of a bowl in %i dimensions"],
      ],
    },
  ],

  async compute(context) {
    return {
      outcomes: { F1: { checks: await bothLoops(context), seeds: [context.seed] } },
      figures: [
        {
          scene: diagram(),
          caption:
            "The paper’s Figure 1, as it is built: each box is a part of the program, the two loops are its schedule and its engine.",
        },
      ],
    };
  },
};

/** Walkers under a falling D: the outer loop only falls, and both loops together find the minimum. */
async function bothLoops({ seed }: Context): Promise<Check[]> {
  const well = doubleWellEntry.make({ height: 1, tilt: 0.3 });
  const minimum = well.truth?.minimum ?? Number.NaN;
  const engine = walkers({ population: 256, metric: "space" });
  const schedule = geometric({ from: 1, to: 1e-5, steps: 400, dt: 2 });
  let [rises, before, least] = [0, Number.POSITIVE_INFINITY, Number.NaN];
  for await (const { D, best } of run({ potential: well, engine, schedule, seed })) {
    if (D > before) rises++;
    before = D;
    least = best.value;
  }
  return [
    {
      what: "least ζ that 256 walkers find in a tilted double well while *D* falls",
      measured: least,
      expected: minimum,
      tolerance: 1e-5,
    },
    { what: "rises of *D* in the outer loop", measured: rises, expected: 0, tolerance: 0 },
  ];
}

const BOXES: readonly (readonly [title: string, line: string])[] = [
  ["objective", "*f*(*x*), ζ(*θ*)"],
  ["potential", "*H* = −*D*∇^{2} + ζ"],
  ["Wick rotation", "*τ* = i*t*"],
  ["Taylor order", "0, 1, 2"],
  ["iteration", "diffuse, select"],
];
const [LEFT, TOP, WIDE, HIGH, GAP] = [8, 14, 102, 58, 18];

/** The boxes in a row, and the two loops beneath them. */
function diagram(): Scene {
  const marks = BOXES.flatMap(([title, line], k): Mark[] => {
    const x = LEFT + (WIDE + GAP) * k;
    const middle = x + WIDE / 2;
    const arrow = `M${x - GAP + 3} ${TOP + HIGH / 2}h${GAP - 6}m-4 -4l4 4l-4 4`;
    return [
      { kind: "path", d: `M${x} ${TOP}h${WIDE}v${HIGH}h${-WIDE}Z`, stroke: "blue", width: 1.4 },
      { kind: "text", x: middle, y: TOP + 24, text: rich(title), anchor: "middle" },
      { kind: "text", x: middle, y: TOP + 44, text: rich(line), size: 11.5, anchor: "middle", color: "soft" },
      ...(k === 0 ? [] : [{ kind: "path", d: arrow, stroke: "soft", width: 1.4 } satisfies Mark]),
    ];
  });
  const bottom = TOP + HIGH;
  const back = (depth: number, from: number, to: number, text: string, color: "orange" | "green"): Mark[] => [
    {
      ...{ kind: "path", stroke: color, width: 1.6 },
      d: `M${from} ${bottom + 4}v${depth}H${to}V${bottom + 6}m-4 6l4 -6l4 6`,
    },
    { kind: "text", x: (from + to) / 2, y: bottom + depth + 20, text: rich(text), anchor: "middle", color, size: 12 },
  ];
  return {
    name: "framework",
    title: "From an objective to an iteration, with two loops",
    width: 600,
    height: 152,
    marks: [
      ...marks,
      ...back(20, 560, 508, "inner loop: *τ*", "green"),
      ...back(50, 580, LEFT + WIDE + GAP + WIDE / 2, "outer loop: *D* falls", "orange"),
    ],
  };
}

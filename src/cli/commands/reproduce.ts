/** `wick reproduce`: what the paper states, item by item, computed, judged and drawn. */
import { Command } from "commander";
import { inputError } from "../../core/errors.ts";
import { table } from "../../draw/index.ts";
import { chapters, type Effect, plain, standing } from "../../ledger/index.ts";
import { inOrder, type Judged, type Reproduction, reproduce } from "../../ledger/reproduce.ts";
import { reproductionReport } from "../../report/index.ts";
import {
  add,
  type CommonFlags,
  checkWritable,
  common,
  deliver,
  INTERRUPTED,
  numberFlag,
  remark,
  writeOutput,
} from "../common.ts";
import { interruptible } from "../interrupt.ts";
import { duration } from "../progress.ts";
import { version } from "../version.ts";

type Flags = CommonFlags & { readonly list?: boolean; readonly report?: string };

export function reproduceCommand(): Command {
  return common(new Command("reproduce"))
    .description("every equation, figure and claim of the paper: computed, checked and drawn")
    .argument("[ids...]", "items: 6, F2 (figures), E1 (errata), H3 (hypotheses); all where none is named")
    .option("--list", "the items there are, without computing them")
    .option("--report <file>", "write one self-contained HTML page")
    .addHelpText("after", EXAMPLES)
    .action(runReproduce);
}

const EXAMPLES = `
A verdict is one of: holds, holds with correction, fails, undecided. It follows from the numbers by a rule.
The whole ledger takes a few minutes; Ctrl-C keeps the items that were computed.

Examples
  wick reproduce --report ledger.html
  wick reproduce 6 23 H1
  wick reproduce E1 E2 E3 E4 E5 E6 E7 --json
  wick reproduce --list`;

async function runReproduce(ids: readonly string[], flags: Flags): Promise<void> {
  if (flags.list) {
    const entries = chapters.flatMap(({ items }) => items.map(({ id, title }) => ({ id, title: plain(title) })));
    deliver(flags, { entries }, () => table(entries));
    return;
  }
  const seed = seedOf(flags);
  checkWritable("--report", flags.report);
  checkWritable("--out", flags.out);
  const { signal, release } = interruptible();
  const live = process.stderr.isTTY === true && !flags.quiet;
  const started = performance.now();
  try {
    const result = await reproduce(ids, { seed, signal, ...(live ? { watch: liveLine(started) } : {}) });
    if (live) process.stderr.write("\r\u001b[K");
    const seconds = (performance.now() - started) / 1000;
    try {
      deliver(flags, resultJson(result, seconds), () => describe(result, seconds));
    } finally {
      if (flags.report !== undefined) writeOutput("--report", flags.report, pageOf(result, ids, seed));
    }
    if (flags.report !== undefined) add(flags, `report  ${flags.report}`);
    if (!result.interrupted) return;
    remark(flags, "wick: interrupted; the items that were computed are kept, name the others to go on");
    process.exitCode = INTERRUPTED;
  } finally {
    release();
  }
}

function seedOf({ seed = "0" }: Flags): number {
  const value = numberFlag("--seed", seed);
  if (!Number.isSafeInteger(value)) throw inputError("--seed", `${seed} is not a whole number`);
  return value;
}

/** The page names what was computed, not where it was written. */
function pageOf(result: Reproduction, ids: readonly string[], seed: number): string {
  const command = ["wick reproduce", ...ids, ...(seed === 0 ? [] : [`--seed ${seed}`])].join(" ");
  return reproductionReport({ result, command, version: version() });
}

/** The JSON object of `wick reproduce`. */
function resultJson(result: Reproduction, seconds: number) {
  const { seed, interrupted } = result;
  const items = inOrder(result);
  const verdicts = Object.fromEntries([...counts(items)]);
  return { items: items.map(inPlain), verdicts, seed, interrupted, timing: { seconds } };
}

/** An item with all of its texts plain. */
function inPlain({ id, verdict, measured, expected, title, equation, claim, checks, effects, notes, ...rest }: Judged) {
  const named = (effect: Effect): Effect => ({ ...effect, name: plain(effect.name) });
  return {
    ...{ id, verdict, measured, expected, title: plain(title), equation: plain(equation), claim: plain(claim) },
    ...rest,
    relation: effects === undefined ? "equal" : "above",
    checks: checks.map((check) => ({ ...check, what: plain(check.what), standing: standing(check) })),
    ...(effects === undefined
      ? {}
      : {
          effects: {
            ...{ what: plain(effects.what), sides: effects.sides, pooled: named(effects.pooled) },
            families: effects.families.map(({ pooled, cases }) => ({ pooled: named(pooled), cases: cases.map(named) })),
          },
        }),
    notes: notes.map(plain),
  };
}

function counts(items: readonly Judged[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { verdict } of items) found.set(verdict, (found.get(verdict) ?? 0) + 1);
  return found;
}

function describe(result: Reproduction, seconds: number): string {
  const items = inOrder(result);
  const rows = items.map(({ id, verdict, measured, expected, effects, title }) => ({
    item: id,
    verdict,
    measured: short(measured),
    expected: effects === undefined ? short(expected) : "above 0",
    title: plain(title),
  }));
  return [
    ...(rows.length > 0 ? [table(rows), ""] : []),
    [...counts(items)].map(([verdict, count]) => `${verdict}: ${count}`).join(", "),
    `cost    ${duration(seconds)}${result.interrupted ? ", interrupted" : ""}`,
  ].join("\n");
}

function short(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(6)));
}

const BAR = 24;

/** A live line: share done, time, and what is being computed. */
function liveLine(started: number): (done: number, of: number, title: string) => void {
  return (done, of, title) => {
    const full = Math.round((BAR * done) / of);
    const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${done}/${of}`;
    const text = `${bar} · ${duration((performance.now() - started) / 1000)} · ${title}`;
    process.stderr.write(`\r${text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}\u001b[K`);
  };
}

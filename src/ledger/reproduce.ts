/**
 * Reproduce: the items of the ledger, or some of them, computed and judged. A chapter is computed once for all of its items
 * that are asked for; what was computed before an interruption is kept.
 */
import { inputError } from "../core/errors.ts";
import { chapters } from "./index.ts";
import type { Check, Context, Effects, Figure, Item } from "./item.ts";
import { pause } from "./pause.ts";
import { division, type Verdict, verdictOf } from "./verdict.ts";

export type Judged = Pick<Item, "id" | "title" | "equation" | "claim"> & {
  readonly verdict: Verdict;
  /** The number that stands for the item, and what was expected; null where nothing was computed. */
  readonly measured: number | null;
  readonly expected: number | null;
  readonly interval?: readonly [low: number, high: number];
  readonly checks: readonly Check[];
  readonly effects?: Effects;
  readonly notes: readonly string[];
  readonly seeds: readonly number[];
};

/** A chapter's items that were asked for, with its pictures. */
export type Part = { readonly title: string; readonly items: readonly Judged[]; readonly figures: readonly Figure[] };

export type Reproduction = {
  readonly seed: number;
  /** Whether it was interrupted before the end. */
  readonly interrupted: boolean;
  readonly parts: readonly Part[];
};

export type ReproduceOptions = Partial<Context> & {
  /** Called before each chapter: how many are done, of how many, and the next one's title. */
  readonly watch?: (done: number, of: number, title: string) => void;
};

/** Paired seeds of a hypothesis. */
export const SEEDS = 48;

/**
 * The items named, in the order of the ledger; all where none is named.
 * @param names `6`, `(6)`, `F2`, `fig 2`, `E1`, `H3`, …
 * @throws where a name is no item's
 * @example (await reproduce(["6", "H1"])).parts.flatMap(({ items }) => items.map(({ id, verdict }) => [id, verdict]))
 */
export async function reproduce(
  names: readonly string[] = [],
  { seed = 0, seeds = SEEDS, signal, watch }: ReproduceOptions = {},
): Promise<Reproduction> {
  if (!Number.isSafeInteger(seed)) throw inputError("seed", `${seed} is not a whole number`);
  if (!(Number.isSafeInteger(seeds) && seeds > 1)) throw inputError("seeds", `${seeds} is not a whole number from 2`);
  const wanted = wantedItems(names);
  const asked = chapters.filter(({ items }) => items.some(({ id }) => wanted.has(id)));
  const parts: Part[] = [];
  for (const [k, { title, items, compute }] of asked.entries()) {
    watch?.(k, asked.length, title);
    const found = await uninterrupted(async () => {
      await pause(signal);
      return compute({ seed, seeds, signal });
    }, signal);
    if (found === undefined) return { seed, interrupted: true, parts };
    const judged = items.filter(({ id }) => wanted.has(id)).map((item) => judge(item, found.outcomes[item.id] ?? {}));
    // names that are unique on a page
    const place = chapters.findIndex((chapter) => chapter.title === title) + 1;
    const figures = found.figures.map(
      ({ scene, caption }, i): Figure => ({ scene: { ...scene, name: `figure-${place}-${i + 1}` }, caption }),
    );
    parts.push({ title, items: judged, figures });
  }
  return { seed, interrupted: false, parts };
}

/** What a computation returns, or nothing where it was interrupted. */
async function uninterrupted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  try {
    const found = await work();
    return signal?.aborted ? undefined : found;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

function judge({ id, title, equation, claim }: Item, outcome: Parameters<typeof verdictOf>[0]): Judged {
  const { checks = [], effects, notes = [], seeds = [] } = outcome;
  const head = checks.find(({ corrected }) => corrected) ?? checks[0];
  const pooled = effects?.pooled;
  const divided = effects === undefined ? undefined : division(effects);
  const interval = pooled === undefined ? head?.interval : ([pooled.low, pooled.high] as const);
  return {
    ...{ id, title, equation, claim, verdict: verdictOf(outcome) },
    measured: pooled?.estimate ?? head?.measured ?? null,
    // an effect is held against none
    expected: pooled === undefined ? (head?.expected ?? null) : 0,
    ...(interval === undefined ? {} : { interval }),
    checks,
    ...(effects === undefined ? {} : { effects }),
    notes: divided === undefined ? notes : [divided, ...notes],
    seeds,
  };
}

const KINDS = ["", "F", "E", "H"];

/** Equations by their numbers, then figures, errata, hypotheses, and what else there is. */
export function inOrder({ parts }: Pick<Reproduction, "parts">): Judged[] {
  const place = ({ id }: Judged): number => {
    const [, kind, number] = /^([A-Z]*)(\d*)$/.exec(id) ?? [];
    const at = KINDS.indexOf(kind);
    return 100 * (at < 0 ? KINDS.length : at) + Number(number);
  };
  return parts.flatMap(({ items }) => items).sort((a, b) => place(a) - place(b));
}

/** The ids of every item, in the order of the ledger. */
export const itemIds: readonly string[] = chapters.flatMap(({ items }) => items.map(({ id }) => id));

function wantedItems(names: readonly string[]): ReadonlySet<string> {
  if (names.length === 0) return new Set(itemIds);
  return new Set(
    names.map((name) => {
      const short = name
        .toUpperCase()
        .replace(/[\s().]/g, "")
        .replace(/^(EQUATION|EQ)/, "")
        .replace(/^(FIGURE|FIG)/, "F");
      if (!itemIds.includes(short))
        throw inputError("reproduce", `there is no item '${name}'`, `known: ${itemIds.join(", ")}`);
      return short;
    }),
  );
}

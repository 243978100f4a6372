/**
 * The ledger: what the paper states, item by item, each computed and held against what is expected. An item is an
 * equation (1)–(25), a figure, an erratum or a hypothesis; a chapter computes those that share their numbers. Texts carry
 * the marks of `rich()`.
 */
import type { Scene } from "../draw/scene.ts";

/** A number measured beside the one that is expected. */
export type Check = {
  readonly what: string;
  /** Of the corrected form, where the paper's own is held against a correction. */
  readonly corrected?: boolean;
  readonly measured: number;
  readonly expected: number;
  /** How far apart the two may lie. */
  readonly tolerance: number;
  /** The bootstrap 95 % interval of what is measured, where it is a mean over seeds. */
  readonly interval?: readonly [low: number, high: number];
};

/** How much better one way does than another, from paired seeds; above 0 where the claim says so. */
export type Effect = {
  readonly name: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** The means of both sides. */
  readonly ours: number;
  readonly theirs: number;
};

/** The effect over all problems, and problem by problem at the level that so many intervals together need. */
export type Effects = {
  /** What is compared, and its unit. */
  readonly what: string;
  /** What the two sides are called. */
  readonly sides: readonly [ours: string, theirs: string];
  readonly pooled: Effect;
  /** By kinds, each of which the claim is about. */
  readonly families: readonly Family[];
};

export type Family = { readonly pooled: Effect; readonly cases: readonly Effect[] };

/** What an item's computation has found. */
export type Outcome = {
  readonly checks?: readonly Check[];
  readonly effects?: Effects;
  /** What the numbers mean and where they end. */
  readonly notes?: readonly string[];
  /** The seeds of the paired runs. */
  readonly seeds?: readonly number[];
};

export type Figure = { readonly scene: Scene; readonly caption: string };

export type Item = {
  /** `6`, `F2`, `E1`, `H3`, … */
  readonly id: string;
  readonly title: string;
  readonly equation: string;
  /** What the paper says, in our words. */
  readonly claim: string;
  /** Where it is built. */
  readonly files: readonly string[];
  /** Which tests hold it: a file, and the title of a test or of a group in it. */
  readonly tests: readonly (readonly [file: string, title: string])[];
};

export type Chapter = {
  readonly title: string;
  readonly items: readonly Item[];
  compute(context: Context): Promise<Computed>;
};

export type Computed = {
  /** By the items' ids. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly figures: readonly Figure[];
};

/** What a computation may depend on. */
export type Context = {
  /** The first of the paired seeds. */
  readonly seed: number;
  /** How many paired seeds a hypothesis is given. */
  readonly seeds: number;
  readonly signal?: AbortSignal | undefined;
};

/** The paired seeds of a context. */
export function seedsOf({ seed, seeds }: Pick<Context, "seed" | "seeds">): number[] {
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

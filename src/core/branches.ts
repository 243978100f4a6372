/**
 * Branches: where a space has few combinations of options beside real variables, the options may be valleys of their
 * own, which a packet that has settled in one never leaves. So the search is a superposition: the whole space, and
 * beside it a branch for each combination, in which the options are fixed. Each next step goes to the branch with the
 * fewest evaluations for its weight, w = π / (1 + rank of its best value), where π is 1 for a branch and their number for
 * the whole.
 */
import { fold } from "../math/rng.ts";
import type { Ask } from "./ask.ts";
import type { Engine, Info, Steady, View } from "./engine.ts";
import type { Plain } from "./plain.ts";
import { type Known, type SearchOptions, searching } from "./search.ts";
import { countOf, type Space, type Variable } from "./space.ts";
import { type SteadySearching, steadySearching } from "./steady-search.ts";

const MOST = 16;
/** Families of a branch have numbers from here on times its own. */
const FAMILIES = 16;

export type Branching = {
  /** One for each branch, null before its first step; the whole space comes first. */
  states: Plain[];
  energy: Float64Array;
  spent: Float64Array;
  /** Which moved last. */
  last: number;
} & { readonly [k: string]: Plain };

/** The spaces of the branches: none where there are no choices, too many combinations, or no real variable beside them. */
function branchesOf({ variables, named }: Space): readonly Space[] {
  const isReal = variables.some(({ kind }) => kind === "real" || kind === "log");
  const combinations = variables.reduce((n, v) => (v.kind === "choice" ? n * countOf(v) : n), 1);
  if (combinations === 1 || combinations > MOST || !isReal) return [];
  let spaces: (readonly Variable[])[] = [[]];
  for (const v of variables) {
    const each: readonly Variable[] =
      v.kind === "choice" ? v.options.map((worth, at) => ({ name: v.name, kind: "fixed", worth, at })) : [v];
    spaces = spaces.flatMap((begun) => each.map((next) => [...begun, next]));
  }
  return spaces.map((of) => ({ named, variables: of }));
}

/** The engine in a space and, where that has branches, in each of them. */
export function branching(engine: Engine, space: Space, options: SearchOptions = {}): Engine {
  const spaces = branchesOf(space);
  const { start: _, known, ...rest } = options;
  const whole = searching(engine, space, options);
  const face = engine.steady;
  const inAll = face && steadySearching(face, space, options);
  if (spaces.length === 0) return { ...whole, ...(inAll && { steady: inAll }) } as Engine;
  const each = spaces.map((of): [Space, SearchOptions] => [of, { ...rest, known: within(of, known) }]);
  const engines = [whole, ...each.map(([of, options]) => searching(engine, of, options))];
  const faces = face && inAll && [inAll, ...each.map(([of, options]) => steadySearching(face, of, options))];
  const labels = ["", ...spaces.map((of) => labelOf(space, of))];
  const prior = engines.map((_, a) => (a === 0 ? spaces.length : 1));

  const superposed: Engine<Branching> = {
    name: engine.name,
    nameOf: (family) => joined(engine.nameOf?.(family % FAMILIES), labels[Math.floor(family / FAMILIES)]),
    needs: engine.needs,
    ...(engine.maxDim === undefined ? {} : { maxDim: engine.maxDim }),

    *init(domain, key) {
      const state: Branching = {
        states: engines.map(() => null),
        energy: new Float64Array(engines.length).fill(Number.POSITIVE_INFINITY),
        spent: new Float64Array(engines.length),
        last: 0,
      };
      state.states[0] = yield* watched(whole.init(domain, key), state, 0);
      return state;
    },

    *step(working, tick) {
      const a = next(working, prior);
      working.last = a;
      const one = engines[a];
      const key = fold(tick.key, a);
      working.states[a] ??= yield* watched(one.init({ lower: NONE, upper: NONE, edge: "open" }, key), working, a);
      const info: Info = yield* watched(one.step(working.states[a] as never, { ...tick, key }), working, a);
      return { ...info, family: a * FAMILIES + (info.family ?? 0) };
    },

    view: ({ states, last }) => labeled(engines[last].view(states[last] as never), last, labels[last]),
    ...(faces && { steady: steadyBranching(faces, prior, labels) }),
  };
  return superposed as Engine;
}

type SteadyBranching = Branching & { open: { trial: number; branch: number }[] };

/** The same for answers in any order: each next point goes to the branch whose turn it is. */
function steadyBranching(
  faces: readonly Steady<SteadySearching>[],
  prior: readonly number[],
  labels: readonly string[],
): Steady<SteadyBranching> {
  return {
    init: () => ({
      states: faces.map(() => null),
      energy: new Float64Array(faces.length).fill(Number.POSITIVE_INFINITY),
      spent: new Float64Array(faces.length),
      last: 0,
      open: [],
    }),

    propose(state, trial, key, noise) {
      const branch = next(state, prior);
      const own = fold(key, branch);
      state.states[branch] ??= faces[branch].init({ lower: NONE, upper: NONE, edge: "open" }, own);
      const query = faces[branch].propose(state.states[branch] as SteadySearching, trial, own, noise);
      state.spent[branch]++;
      if (query !== null) state.open.push({ trial, branch });
      return query;
    },

    absorb(state, trial, answer) {
      const { states, energy, open } = state;
      const [{ branch }] = open.splice(
        open.findIndex((o) => o.trial === trial),
        1,
      );
      energy[branch] = Math.min(energy[branch], answer.value?.[0] ?? Number.POSITIVE_INFINITY);
      const info = faces[branch].absorb(states[branch] as SteadySearching, trial, answer);
      if (info === null) return null;
      state.last = branch;
      return { ...info, family: branch * FAMILIES + (info.family ?? 0) };
    },

    view: ({ states, last }) => labeled(faces[last].view(states[last] as SteadySearching), last, labels[last]),
  };
}

const NONE = new Float64Array(0);

/** The branch whose turn it is. */
function next({ energy, spent }: Branching, prior: readonly number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < prior.length; a++) {
    const rank = energy.reduce((n, e) => n + Number(e < energy[a]), 0);
    const share = (spent[a] * (1 + rank)) / prior[a];
    if (share < least) [best, least] = [a, share];
  }
  return best;
}

/** A step that is paid for by a branch. */
function* watched<T>(ask: Ask<T>, { energy, spent }: Branching, a: number): Ask<T> {
  try {
    let step = ask.next();
    while (!step.done) {
      const answer = yield step.value;
      spent[a] += answer.n;
      for (const value of answer.value ?? NONE) energy[a] = Math.min(energy[a], value);
      step = ask.next(answer);
    }
    return step.value;
  } finally {
    ask.return(undefined as T);
  }
}

/** What is known of a branch. */
function within({ variables }: Space, known: Known | undefined): Known | undefined {
  if (known === undefined) return undefined;
  const { dim, x } = known.at;
  const rows = Array.from(known.value.keys()).filter((i) =>
    variables.every((v, j) => v.kind !== "fixed" || v.at === undefined || v.at === x[i * dim + j]),
  );
  if (rows.length === 0) return undefined;
  return {
    at: { n: rows.length, dim, x: Float64Array.from(rows.flatMap((i) => [...x.subarray(i * dim, (i + 1) * dim)])) },
    value: Float64Array.from(rows, (i) => known.value[i]),
  };
}

function labelOf(space: Space, { variables }: Space): string {
  return variables
    .flatMap((v, j) => (v.kind === "fixed" && space.variables[j].kind === "choice" ? [`${v.worth}`] : []))
    .join(", ");
}

/** The name of a packet and of the branch that it searches. */
function joined(packet: string | undefined, branch: string): string {
  return [packet ?? "", branch].filter((part) => part !== "").join(", ") || "whole space";
}

function labeled(view: View, a: number, label: string): View {
  if (view.kind !== "gaussian") return view;
  const packets = view.packets.map((packet) => ({
    ...packet,
    label: joined(packet.label, label),
    family: a * FAMILIES + packet.family,
  }));
  return { ...view, packets };
}

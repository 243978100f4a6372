/**
 * The `Steady` face of an engine in any space (search.ts): the engine proposes coordinates, ζ is asked at the points that
 * they stand for. What is known is answered from memory at once and costs nothing; a discrete point that is outstanding
 * already is not asked twice, its answer goes to all who wait for it.
 */
import { fold } from "../math/rng.ts";
import type { Info, Steady } from "./engine.ts";
import { blankHops, charge, follow, type Hops, hop, hopInfo, isHopsTurn, land, priorOfHops } from "./hops.ts";
import { blankMemory, learn, type Memory, recall } from "./memory.ts";
import { copy, type Plain } from "./plain.ts";
import type { Query } from "./problem.ts";
import { cells, decodeAll, encodeAll, point, row, type SearchOptions, seen, slopes, unseen } from "./search.ts";
import { boxOf, countOf, encode, type Space, sizeOf } from "./space.ts";

export type SteadySearching = {
  inner: Plain;
  /** Trials that the engine has proposed: more than were asked. */
  proposed: number;
  memory: Memory;
  open: Waiting[];
  best: { value: number; x: Float64Array };
  /** The walker beside the engine, where there is one. */
  hops: Hops | null;
} & { readonly [k: string]: Plain };

/** A point that is outstanding, and the engine's trials that wait for it: none where the search looked by itself. */
type Waiting = { trial: number; x: Float64Array; width: number; inner: number[]; hop: boolean };

/** Proposals in a row about what is known or outstanding. */
const PATIENCE = 64;
const FURTHER = 0x5eac;
const HOPPED = 0x40b5;

/** The face in a space; the domain that it is given does not matter. */
export function steadySearching(face: Steady, space: Space, options: SearchOptions = {}): Steady<SteadySearching> {
  const { edge = "open", known, start, once = true } = options;
  const box = boxOf(space, edge);
  const size = sizeOf(space);
  const dim = space.variables.length;
  const prior = once && face.assisted === true ? priorOfHops(space) : 0;
  const remembers = once && space.variables.every((v) => Number.isFinite(countOf(v)));

  const note = ({ memory, best }: SteadySearching, mark: Float64Array, x: Float64Array, value: number): void => {
    learn(memory, mark, value);
    if (value < best.value) Object.assign(best, { value, x: x.slice() });
  };

  const asked = (state: SteadySearching, of: Waiting): Query => {
    const { x } = of;
    state.open.push(of);
    return { kind: "value", at: { n: 1, dim, x } };
  };

  return {
    init(_domain, key) {
      const from = start === undefined ? undefined : encode(space, start);
      const best = { value: Number.POSITIVE_INFINITY, x: new Float64Array(0) };
      const inner = face.init(box, key, from);
      const hops = prior > 0 ? blankHops() : null;
      const state: SteadySearching = { inner, proposed: 0, memory: blankMemory(), open: [], best, hops };
      if (known !== undefined) {
        const marks = remembers ? known.at : cells(box, encodeAll(space, known.at));
        for (let i = 0; i < known.at.n; i++) note(state, row(marks, i), row(known.at, i), known.value[i]);
      }
      return state;
    },

    propose(state, trial, key, noise) {
      const { memory, open, hops } = state;
      if (hops !== null && isHopsTurn(hops, prior)) {
        const isKnown = (x: Float64Array): boolean =>
          recall(memory, x) !== undefined || open.some((o) => o.x.every((v, j) => v === x[j]));
        const to = hop(hops, space, isKnown, fold(key, HOPPED));
        if (to !== null) return asked(state, { trial, x: to.x, width: dim, inner: [], hop: true });
      }
      if (hops !== null) charge(hops, 1);
      for (let n = 0; n < PATIENCE; n++) {
        const inner = state.proposed++;
        const query = face.propose(state.inner, inner, fold(key, n), noise);
        if (query === null) return null;
        const { x } = decodeAll(space, query.at, dim);
        const isValue = query.kind === "value";
        const worth = isValue ? recall(memory, remembers ? x : cells(box, query.at).x) : undefined;
        const same = remembers ? open.find((o) => o.x.every((v, j) => v === x[j])) : undefined;
        if (worth !== undefined) face.absorb(state.inner, inner, { n: 1, value: Float64Array.of(worth) });
        else if (same !== undefined) same.inner.push(inner);
        else return { ...query, at: asked(state, { trial, x, width: query.at.dim, inner: [inner], hop: false }).at };
      }
      if (!remembers) return null;
      const taken = copy(memory);
      for (const { x } of open) learn(taken, x, Number.POSITIVE_INFINITY);
      const further = unseen(space, { memory: taken, best: state.best }, fold(key, FURTHER));
      if (further.n === 0) return null;
      return asked(state, { trial, x: row(further, 0).slice(), width: dim, inner: [], hop: false });
    },

    absorb(state, trial, answer) {
      const { open, hops, memory } = state;
      const [{ x, width, inner, hop: hopped }] = open.splice(
        open.findIndex((o) => o.trial === trial),
        1,
      );
      const told =
        answer.gradient === undefined
          ? answer
          : { ...answer, gradient: slopes(space, { n: 1, dim, x }, answer.gradient, width) };
      const value = answer.value?.[0] ?? Number.POSITIVE_INFINITY;
      if (remembers) note(state, x, x, value);
      if (hops !== null && hopped) {
        learn(memory, x, value);
        land(hops, x, value);
        return hopInfo(hops);
      }
      if (hops !== null) follow(hops, { n: 1, dim, x }, [value]);
      let info: Info | null = null;
      for (const t of inner) info = face.absorb(state.inner, t, told) ?? info;
      return info;
    },

    view: (state) =>
      remembers && state.best.x.length > 0 && state.memory.count >= size
        ? point(state.best.x)
        : seen(space, face.view(state.inner)),
    exhausted: ({ memory }) => remembers && memory.count >= size,
  };
}

/**
 * Any engine in any space: the engine searches the box of coordinates, ζ is asked at the points that they stand for. An
 * engine that wants it has a walker that hops beside it (hops.ts).
 *
 * Where every variable is discrete a point is asked once: what is known is answered from memory and costs nothing. A
 * step that asked nothing new then looks further by itself, first at the neighbors of the best point (one variable
 * changed), then at random, at last in order, so that a run never idles and a finite space is known whole in the end.
 */
import { fold, integer, type Key, permutation } from "../math/rng.ts";
import { type Ask, askValue } from "./ask.ts";
import type { Engine, Info, View } from "./engine.ts";
import { blankHops, charge, follow, type Hops, hop, hopInfo, hopNames, isHopsTurn, land, priorOfHops } from "./hops.ts";
import { blankMemory, learn, type Memory, recall } from "./memory.ts";
import type { Plain } from "./plain.ts";
import type { Answer, Domain, Edge, Points, Query } from "./problem.ts";
import {
  boxOf,
  countOf,
  decode,
  decodeGradient,
  decodeMoments,
  encode,
  lowestOf,
  type Space,
  sizeOf,
} from "./space.ts";

/** Points at which ζ is known beforehand. */
export type Known = { readonly at: Points; readonly value: Float64Array };

export type SearchOptions = {
  readonly edge?: Edge;
  /** Never asked. */
  readonly known?: Known | undefined;
  /** The point at which the search begins, where its engine begins at one. */
  readonly start?: Float64Array | undefined;
  /** Whether a point of a discrete space is asked once only; not where ζ is noisy. */
  readonly once?: boolean;
};

export type Searching = {
  inner: Plain;
  memory: Memory;
  /** Points asked by steps, and the best of all. */
  asked: number;
  best: { value: number; x: Float64Array };
  /** The walker beside the engine, where there is one. */
  hops: Hops | null;
} & { readonly [k: string]: Plain };

/** Purpose of the randomness beside the engine's own. */
const FURTHER = 0x5eac;
const LOOKS = 4;
const DRAWS = 64;
/** Queries in a row, within a step, about what is known. */
const PATIENCE = 64;
const CELLS = 2 ** 40;

/** The engine in a space; the domain that it is given does not matter. */
export function searching(engine: Engine, space: Space, options: SearchOptions = {}): Engine<Searching> {
  const { edge = "open", known, start, once = true } = options;
  const box = boxOf(space, edge);
  const size = sizeOf(space);
  const dim = space.variables.length;
  const remembers = once && space.variables.every((v) => Number.isFinite(countOf(v)));
  const prior = once && engine.assisted === true ? priorOfHops(space) : 0;

  /** The answer to a query in coordinates: only what is not known is asked. */
  function* answer(query: Query, state: Searching): Ask<Answer> {
    const before = state.asked;
    const at = decodeAll(space, query.at, dim);
    const reply = yield* answered(query, at, state);
    if (state.hops !== null && reply.value !== undefined) {
      charge(state.hops, state.asked - before);
      follow(state.hops, at, reply.value);
    }
    return reply;
  }

  function* answered(query: Query, at: Points, state: Searching): Ask<Answer> {
    if (query.kind !== "value") {
      state.asked += at.n;
      const reply = yield { ...query, at };
      return reply.gradient === undefined
        ? reply
        : { ...reply, gradient: slopes(space, at, reply.gradient, query.at.dim) };
    }
    if (!remembers && known === undefined) {
      state.asked += at.n;
      return yield { ...query, at };
    }
    return { n: at.n, value: yield* valuesOf(at, remembers ? at : cells(box, query.at), state) };
  }

  /** ζ at points that are remembered by their marks; those that are not known are asked, discrete ones once. */
  function* valuesOf(at: Points, marks: Points, state: Searching): Ask<Float64Array> {
    const { memory } = state;
    const value = Float64Array.from({ length: at.n }, (_, i) => recall(memory, row(marks, i)) ?? Number.NaN);
    // by the row of the query: the row among those that are asked
    const place = new Map<number, number>();
    const rows: number[] = [];
    const first = blankMemory();
    for (let i = 0; i < at.n; i++) {
      if (!Number.isNaN(value[i])) continue;
      const same = remembers ? recall(first, row(at, i)) : undefined;
      place.set(i, same ?? rows.length);
      if (same === undefined) learn(first, row(at, i), rows.push(i) - 1);
    }
    if (rows.length === 0) return value;
    state.asked += rows.length;
    const fresh = { n: rows.length, dim, x: Float64Array.from(rows.flatMap((i) => [...row(at, i)])) };
    const told = yield* askValue(fresh);
    if (remembers) for (let i = 0; i < fresh.n; i++) note(state, fresh, fresh, i, told[i]);
    for (const [i, k] of place) value[i] = told[k];
    return value;
  }

  function note(state: Searching, at: Points, marks: Points, i: number, value: number): void {
    learn(state.memory, row(marks, i), value);
    if (value < state.best.value) state.best = { value, x: row(at, i).slice() };
  }

  const isWhole = ({ memory }: Searching): boolean => remembers && memory.count >= size;

  /** A step of the engine in points; undefined where all of the space is known before it ends. */
  function* translated<T>(ask: Ask<T>, state: Searching, key: Key): Ask<T | undefined> {
    try {
      let free = 0;
      let step = ask.next();
      while (!step.done) {
        const before = state.asked;
        step = ask.next(yield* answer(step.value, state));
        free = state.asked > before ? 0 : free + 1;
        // a step that asks on and on about what is known would never end
        if (free > 0 && free % PATIENCE === 0) yield* look(state, fold(key, free));
        if (isWhole(state)) return undefined;
      }
      return step.value;
    } finally {
      // where the run leaves in the middle, the engine's step must end too
      ask.return(undefined as T);
    }
  }

  /** Asks for points that are not known, of a discrete space. */
  function* look(state: Searching, key: Key): Ask<void> {
    if (!remembers) return;
    const further = unseen(space, state, key);
    if (further.n > 0) yield* valuesOf(further, further, state);
  }

  /** One hop of the walker, where a point to hop to is left. */
  function* hopped(state: Searching, key: Key): Ask<Info | undefined> {
    const { hops, memory } = state;
    if (hops === null || !isHopsTurn(hops, prior)) return undefined;
    const to = hop(hops, space, (x) => recall(memory, x) !== undefined, key);
    if (to === null) return undefined;
    const [value] = remembers ? yield* valuesOf(to, to, state) : yield* askValue(to);
    if (!remembers) {
      learn(memory, to.x, value);
      state.asked++;
    }
    land(hops, to.x, value);
    return hopInfo(hops);
  }

  return {
    name: engine.name,
    ...(prior > 0 ? { nameOf: hopNames(engine) } : engine.nameOf === undefined ? {} : { nameOf: engine.nameOf }),
    needs: engine.needs,
    ...(engine.maxDim === undefined ? {} : { maxDim: engine.maxDim }),

    *init(_domain, key) {
      const state: Searching = {
        inner: null,
        memory: blankMemory(),
        asked: 0,
        best: { value: Number.POSITIVE_INFINITY, x: new Float64Array(0) },
        hops: prior > 0 ? blankHops() : null,
      };
      if (known !== undefined) {
        const marks = remembers ? known.at : cells(box, encodeAll(space, known.at));
        for (let i = 0; i < known.at.n; i++) note(state, known.at, marks, i, known.value[i]);
      }
      const from = start === undefined ? undefined : encode(space, start);
      state.inner = (yield* translated(engine.init(box, key, from), state, key)) ?? null;
      return state;
    },

    *step(working, tick) {
      const before = working.asked;
      const key = fold(tick.key, FURTHER);
      const landed = yield* hopped(working, fold(key, 2));
      if (landed !== undefined) return landed;
      const info = yield* translated(engine.step(working.inner, tick), working, fold(key, 0));
      if (info !== undefined && working.asked === before) yield* look(working, fold(key, 1));
      return info ?? {};
    },

    // a step that was cut short has left the engine's state as it is
    view: (state) =>
      isWhole(state)
        ? point(state.best.x.length > 0 ? state.best.x : new Float64Array(dim))
        : seen(space, engine.view(state.inner)),
    exhausted: isWhole,
  };
}

export function point(x: Float64Array): View {
  return { kind: "cloud", points: { n: 1, dim: x.length, x } };
}

export function row({ dim, x }: Points, i: number): Float64Array {
  return x.subarray(i * dim, (i + 1) * dim);
}

export function decodeAll(space: Space, at: Points, dim: number): Points {
  const x = new Float64Array(at.n * dim);
  for (let i = 0; i < at.n; i++) decode(space, row(at, i), x.subarray(i * dim, (i + 1) * dim));
  return { n: at.n, dim, x };
}

export function encodeAll(space: Space, at: Points): Points {
  const rows = Array.from({ length: at.n }, (_, i) => encode(space, row(at, i)));
  return { n: at.n, dim: rows[0]?.length ?? 0, x: Float64Array.from(rows.flatMap((u) => [...u])) };
}

/** Which cell of the box, of 2⁴⁰ along each axis, a point lies in: coordinates that differ by rounding are the same. */
export function cells({ lower, upper }: Domain, { n, dim, x }: Points): Points {
  return { n, dim, x: x.map((u, e) => Math.round(((u - lower[e % dim]) / (upper[e % dim] - lower[e % dim])) * CELLS)) };
}

export function slopes(space: Space, at: Points, gradient: Float64Array, width: number): Float64Array {
  const out = new Float64Array(at.n * width);
  for (let i = 0; i < at.n; i++)
    out.set(decodeGradient(space, row(at, i), gradient.subarray(i * at.dim, (i + 1) * at.dim)), i * width);
  return out;
}

/** Up to four points of a discrete space that are not known, where there are any. */
export function unseen(space: Space, { memory, best }: Pick<Searching, "memory" | "best">, key: Key): Points {
  const dim = space.variables.length;
  const found: number[] = [];
  const taken = blankMemory();
  const offer = (x: readonly number[]): boolean => {
    if (recall(memory, x) === undefined && recall(taken, x) === undefined) {
      learn(taken, x, 0);
      found.push(...x);
    }
    return found.length >= LOOKS * dim;
  };
  const counts = space.variables.map(countOf);
  if (best.x.length > 0) neighbors(space, best.x, fold(key, 0)).some(offer);
  if (found.length === 0) {
    for (let draw = 0; draw < DRAWS && found.length === 0; draw++)
      offer(counts.map((n, j) => lowestOf(space.variables[j]) + integer(key, draw * dim + j + 1, n)));
    if (found.length === 0)
      for (const x of inOrder(space, counts)) {
        offer(x);
        if (found.length > 0) break;
      }
  }
  return { n: found.length / dim, dim, x: Float64Array.from(found) };
}

/** The points at which one variable has changed, an integer by one, in an addressed order. */
function neighbors(space: Space, x: Float64Array, key: Key): number[][] {
  const all = space.variables.flatMap((v, j) => {
    const worths = v.kind === "choice" ? v.options.map((_, k) => k) : v.kind === "integer" ? [x[j] - 1, x[j] + 1] : [];
    return worths
      .filter((w) => w !== x[j] && !(v.kind === "integer" && (w < v.lower || w > v.upper)))
      .map((w) => [...x.subarray(0, j), w, ...x.subarray(j + 1)]);
  });
  return Array.from(permutation(key, all.length), (i) => all[i]);
}

/** All points, the last variable running fastest. */
function* inOrder(space: Space, counts: readonly number[]): Generator<number[], void, void> {
  const x = counts.map((_, j) => lowestOf(space.variables[j]));
  for (;;) {
    yield [...x];
    let j = counts.length - 1;
    while (j >= 0 && x[j] === lowestOf(space.variables[j]) + counts[j] - 1) {
      x[j] = lowestOf(space.variables[j]);
      j--;
    }
    if (j < 0) return;
    x[j]++;
  }
}

/** A view of coordinates as one of points. */
export function seen(space: Space, view: View): View {
  const none = new Float64Array(0);
  if (view.kind === "gaussian")
    return {
      ...view,
      packets: view.packets.map((packet) => ({ ...packet, ...decodeMoments(space, packet.mean, packet.deviation) })),
    };
  if (view.kind !== "cloud") return view;
  const { n } = view.points;
  const dim = space.variables.length;
  const x = new Float64Array(n * dim);
  for (let i = 0; i < n; i++) x.set(decodeMoments(space, row(view.points, i), none).mean, i * dim);
  return { ...view, points: { n, dim, x } };
}

/**
 * An engine with confined packets (confinement.ts) beside it. They take turns by the Softmax (equation 23) of the lowest
 * points of both (limited.ts).
 */
import type { Ask } from "../../core/ask.ts";
import { axesOf } from "../../core/chart.ts";
import type { Engine, Tick } from "../../core/engine.ts";
import type { Plain } from "../../core/plain.ts";
import type { Known } from "../../core/search.ts";
import type { Space } from "../../core/space.ts";
import { steadyConfined } from "./confined-steady.ts";
import {
  aloneIn,
  blankConfinement,
  CONFINED,
  type Confinement,
  confinedStep,
  isConfinedsTurn,
  offer,
} from "./confinement.ts";
import { booked, ENGINE, entered } from "./limited.ts";
import { LARGEST_FULL } from "./wide.ts";

export type Confined = Confinement & { inner: Plain } & { readonly [k: string]: Plain };

/** What is known of constraints before a run: whether there may be any, and points whose ζ is known where there are none. */
export type Beforehand = { readonly mayLimit: boolean; readonly known?: Known | undefined };

/**
 * The engine with confined packets beside it; itself where nothing confines them, no variable is smooth, or so many that a
 * step costs too much. Without constraints they are born where some variables are discrete.
 */
export function confined(engine: Engine, space: Space, { mayLimit, known }: Beforehand): Engine {
  const axes = axesOf(space);
  const alone = aloneIn(space, axes);
  const isFree = alone < Number.POSITIVE_INFINITY;
  if (!(mayLimit || isFree) || axes.length === 0 || axes.length > LARGEST_FULL) return engine;
  const begun = (): Confinement => {
    const own = blankConfinement(alone);
    if (known !== undefined)
      for (const seen of entered(own.account, ENGINE, known.at, { n: known.at.n, value: known.value }))
        offer(own, seen);
    return own;
  };

  const superposed: Engine<Confined> = {
    ...engine,
    nameOf: (family) => (family === CONFINED ? "confined" : (engine.nameOf?.(family) ?? `family ${family + 1}`)),

    *init(domain, key, start) {
      const state: Confined = { ...begun(), inner: null };
      state.inner = yield* watched(engine.init(domain, key, start), state);
      return state;
    },

    *step(working, tick: Tick) {
      if (isConfinedsTurn(working, working.descent !== null))
        return yield* confinedStep(working, axes, space, tick.key);
      return yield* watched(engine.step(working.inner as never, tick), working);
    },

    view: ({ inner }) => engine.view(inner as never),
    ...(engine.exhausted && { exhausted: ({ inner }) => engine.exhausted?.(inner as never) ?? false }),
  };
  if (engine.steady === undefined) return superposed as Engine;
  const step = { space, go: (own: Confinement, { key }: Tick) => confinedStep(own, axes, space, key) };
  return { ...superposed, steady: steadyConfined(engine.steady, begun, step) } as Engine;
}

/** A part of the engine, with its lowest point noted. */
function* watched<T>(ask: Ask<T>, state: Confined): Ask<T> {
  try {
    let step = ask.next();
    while (!step.done) {
      const query = step.value;
      const answer = yield query;
      for (const seen of booked(state.account, ENGINE, query.at, answer)) offer(state, seen);
      step = ask.next(answer);
    }
    return step.value;
  } finally {
    ask.return(undefined as T);
  }
}

/** No two parts of a state may be one array or record: a step's copy fills what it finds in the place of each (plain.ts). */
import { expect } from "vitest";
import type { Engine } from "../../src/core/engine.ts";
import type { Plain } from "../../src/core/plain.ts";

/** The engine, whose states are looked through after init() and after every step. */
export function unshared(engine: Engine): Engine {
  return {
    ...engine,
    *init(domain, key, start) {
      const state = yield* engine.init(domain, key, start);
      expect(sharedIn(state)).toBeUndefined();
      return state;
    },
    *step(working, tick) {
      const info = yield* engine.step(working, tick);
      expect(sharedIn(working)).toBeUndefined();
      return info;
    },
  };
}

/** Two places of a state that are one, if there are any. */
function sharedIn(state: Plain): string | undefined {
  const places = new Map<object, string>();
  const look = (value: Plain, place: string): string | undefined => {
    if (value === null || typeof value !== "object") return undefined;
    const other = places.get(value);
    if (other !== undefined) return `${other} is ${place}`;
    places.set(value, place);
    if (ArrayBuffer.isView(value)) return undefined;
    for (const [name, part] of Object.entries(value)) {
      const found = look(part as Plain, `${place}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return look(state, "state");
}

/**
 * Evolution is a splitting. exp(−HΔτ) = exp(−ζΔτ/2) · exp(D∇²Δτ) · exp(−ζΔτ/2) + O(Δτ³): a representation of ψ
 * supplies the kinetic and the potential factor, strang() makes an engine of it.
 */
import { fold, type Key } from "../math/rng.ts";
import type { Ask } from "./ask.ts";
import type { Engine, Info, View } from "./engine.ts";
import type { Plain } from "./plain.ts";
import type { Domain, Kind } from "./problem.ts";

/** A way to hold ψ on which both factors of the step can act. */
export interface Representation<S extends Plain> {
  readonly name: string;
  readonly needs: readonly Kind[];
  init(domain: Domain, key: Key): Ask<S>;
  /** ψ ← exp(D∇²Δτ) ψ */
  kinetic(state: S, D: number, dt: number, key: Key): void;
  /** ψ ← exp(−strength · ζ Δτ) ψ */
  potential(state: S, dt: number, key: Key, strength: number): Ask<Info>;
  view(state: S): View;
}

const FIRST = 1;
const KINETIC = 2;
const SECOND = 3;

/** The engine that alternates half a step of ζ, a step of −D∇², half a step of ζ (Strang; order 2 in Δτ). */
export function strang<S extends Plain>(rep: Representation<S>): Engine<S> {
  return {
    name: rep.name,
    needs: rep.needs,
    init: (domain, key) => rep.init(domain, key),
    *step(working, { D, dt, strength = 1, key }) {
      yield* rep.potential(working, dt / 2, fold(key, FIRST), strength);
      rep.kinetic(working, D, dt, fold(key, KINETIC));
      return yield* rep.potential(working, dt / 2, fold(key, SECOND), strength);
    },
    view: (state) => rep.view(state),
  };
}

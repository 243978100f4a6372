/**
 * Cooling: the temperature D of e^{−ζ/D} falls geometrically from the scatter of ζ that the first step has measured,
 * so that the same schedule serves ζ in any unit.
 */
import { entry, geometricBetween, type Info, inputError, type Schedule, shareOf } from "../core/index.ts";

export type Cooling = {
  /** The first D, in units of the scatter measured; above 0. */
  readonly from: number;
  /** The last D, in the same units; above 0. */
  readonly to: number;
  /** Steps of one cooling; the next begins again at `from`, so that a larger budget is never idle. */
  readonly steps: number;
};

/** `scale` is the scatter measured, 0 until it is. */
type Carry = { readonly step: number; readonly scale: number };

/** The cooling schedule; its first step has D = 0 and measures. It never ends by itself. */
export function cooling({ from, to, steps }: Cooling): Schedule<Carry> {
  if (!(from > 0 && to > 0))
    throw inputError("schedule cooling", `falls from ${from} to ${to}`, "give two numbers above 0");
  return {
    name: "cooling",
    init: () => ({ step: 0, scale: 0 }),
    next({ step, scale: before }, last) {
      if (last === undefined)
        return [
          { D: 0, dt: 1 },
          { step, scale: before },
        ];
      const scale = before > 0 ? before : measured(last);
      const D = (scale > 0 ? scale : 1) * geometricBetween(from, to, shareOf(step % steps, steps));
      return [
        { D, dt: 1 },
        { step: (step + 1) % steps, scale },
      ];
    },
  };
}

function measured({ scatter }: Info): number {
  return scatter > 0 && scatter < 1e300 ? scatter : 0;
}

export const coolingEntry = entry({
  name: "cooling",
  summary: "D falls geometrically from the scatter of ζ measured in the first step, again and again",
  reference:
    "Kirkpatrick, Gelatt, Vecchi, Science 220, 671 (1983); White, Proc. ICCD 1984, 646, for the first temperature",
  params: {
    from: { help: "first D, in units of the scatter of ζ", symbol: "D", default: 1, min: 1e-300, log: true },
    to: { help: "last D, in units of the scatter of ζ", default: 1e-12, min: 1e-300, log: true },
    steps: { help: "steps of one cooling", default: 1000, min: 1, integer: true },
  },
  make: (values): Schedule => cooling(values),
});

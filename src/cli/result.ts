/** A minimization as JSON and as text. */
import { messageOf } from "../core/errors.ts";
import type { Setup } from "../core/run.ts";
import type { Minimization } from "../tasks/minimize.ts";
import { duration } from "./progress.ts";

/** The JSON object of `wick minimize`. What is not a finite number stands as null. */
export function resultJson({ potential }: Setup, result: Minimization, seconds: number) {
  const { stop, evaluations, gradients, best, engine, dim, seed, steps, unusable, record, error } = result;
  return {
    stop,
    ...(error === undefined ? {} : { error: messageOf(error) }),
    evaluations,
    gradients,
    best,
    objective: potential.name,
    ...(potential.names === undefined ? {} : { names: potential.names }),
    ...(potential.truth?.minimum === undefined ? {} : { known: potential.truth.minimum }),
    engine,
    dim,
    seed,
    steps,
    unusable,
    scales: record.scales.map(({ D, tau, energy, spread, best, evaluations }) => ({
      D,
      tau,
      energy,
      spread,
      best,
      evaluations,
    })),
    timing: { seconds, evaluationsPerSecond: evaluations / seconds },
  };
}

const remedies: Readonly<Record<string, string>> = {
  diverged: "no evaluation gave a finite value; try the objective with `wick evaluate`",
  aborted: "interrupted; what was found is kept",
};

/** The result for a person to read. */
export function describe({ potential, target }: Setup, result: Minimization, seconds: number): string {
  const { stop, best, evaluations, gradients, engine, seed, unusable } = result;
  const remedy = result.error === undefined ? remedies[stop] : messageOf(result.error);
  const known = potential.truth?.minimum;
  const beside = known === undefined ? "" : `   (known minimum ${known})`;
  const spent = `${counted(evaluations, "evaluation", "evaluations")}${gradients > 0 ? ` (${gradients} with gradient)` : ""}`;
  const reasons = Object.entries(unusable.reasons).map(([reason, count]) => `  ${count} × ${reason}`);
  return [
    `${potential.name}, ${counted(potential.domain.lower.length, "axis", "axes")}, by ${engine}, seed ${seed}`,
    `best    ${Number.isFinite(best.value) ? best.value : "none"}${beside}`,
    ...(best.x.length === 0 ? [] : [`at      ${point(best.x, potential.names)}`]),
    `stop    ${stop}${stop === "target reached" ? ` (${target})` : ""}${remedy === undefined ? "" : `: ${remedy}`}`,
    `cost    ${spent} in ${duration(seconds)}`,
    ...(unusable.count > 0 ? [`unusable ${unusable.count} values were not finite numbers`, ...reasons] : []),
  ].join("\n");
}

const SHOWN = 12;

function point(x: readonly number[], names: readonly string[] | undefined): string {
  if (names !== undefined && x.length <= SHOWN) return x.map((v, i) => `${names[i]} = ${v}`).join(", ");
  const more = x.length > SHOWN ? `, … ${x.length - SHOWN} more (--json shows all)` : "";
  return `[${x.slice(0, SHOWN).join(", ")}${more}]`;
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A minimization as JSON and as text. */
import { messageOf } from "../core/errors.ts";
import { GIVEN_UP } from "../core/meter.ts";
import type { Setup } from "../core/run.ts";
import { uncertain } from "../draw/numbers.ts";
import type { Found, Infeasible, Minimization } from "../tasks/minimize.ts";
import { duration } from "./progress.ts";

/** The JSON object of `wick minimize`. What is not a finite number stands as null. */
export function resultJson({ potential }: Setup, result: Minimization, seconds: number) {
  const { stop, evaluations, gradients, best, engine, dim, seed, steps, unusable, record, error, nearest, unknown } =
    result;
  return {
    stop,
    ...(error === undefined ? {} : { error: messageOf(error) }),
    evaluations,
    gradients,
    best,
    ...(nearest === undefined ? {} : { nearest }),
    ...(unknown === undefined ? {} : { unknown }),
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
  aborted: "interrupted; what was found is kept",
};

function remedyOf({ stop, evaluations }: Minimization): string | undefined {
  if (stop !== "diverged") return remedies[stop];
  return `none of the first ${counted(evaluations, "evaluation", "evaluations")} gave a finite value, and a run is given up ${GIVEN_UP}; tell of a point that has one (--known), give a smaller --domain, or try the objective with \`wick evaluate\``;
}

/** The result for a person to read. */
export function describe({ potential, target }: Setup, result: Minimization, seconds: number): string {
  const { stop, best, evaluations, gradients, engine, seed, unusable, nearest, unknown } = result;
  const remedy = result.error !== undefined ? messageOf(result.error) : remedyOf(result);
  const known = potential.truth?.minimum;
  const beside = known === undefined ? "" : `   (known minimum ${known})`;
  const spent = `${counted(evaluations, "evaluation", "evaluations")}${gradients > 0 ? ` (${gradients} with gradient)` : ""}`;
  const reasons = Object.entries(unusable.reasons).map(([reason, count]) => `  ${count} × ${reason}`);
  return [
    `${potential.name}, ${counted(potential.domain.lower.length, "axis", "axes")}, by ${engine}, seed ${seed}`,
    `best    ${Number.isFinite(best.value) ? claimOf(best) : "none"}${beside}`,
    ...(nearest === undefined ? atBest(best, potential) : lacking(nearest, potential.names)),
    ...neverNumbers(unknown),
    `stop    ${stop}${stop === "target reached" ? ` (${target})` : ""}${remedy === undefined ? "" : `: ${remedy}`}`,
    `cost    ${spent} in ${duration(seconds)}`,
    ...(unusable.count > 0 ? [`unusable ${unusable.count} values were not finite numbers`, ...reasons] : []),
    ...(unusable.retries === undefined
      ? []
      : [`retries ${unusable.retries} further attempts at points that had failed`]),
  ].join("\n");
}

function atBest(best: Found, { names, constraints }: Setup["potential"]): string[] {
  if (best.x.length > 0) return [`at      ${point(best, names)}`];
  return constraints === undefined ? [] : ["        no point is known at which ζ and all constraints are numbers"];
}

/** A value, and how sure it is where there is noise: no further than its error says. */
export function claimOf({ value, error = 0, repeats = 0 }: Found): string {
  if (!(error > 0)) return String(value);
  if (repeats === 0) return `${value} (one noisy value, not asked again)`;
  return `${uncertain(value, error)} ± ${error.toPrecision(2)} (mean of ${counted(repeats, "repeat", "repeats")})`;
}

/** No point was allowed: the one that came nearest, and what stands in the way. */
export function lacking(nearest: Infeasible, names: readonly string[] | undefined): string[] {
  const { value, violations, conflicts } = nearest;
  return [
    "        no feasible point was found",
    `nearest ${value} at ${point(nearest, names)}`,
    ...violations.map(({ constraint, by }) => `broken  ${constraint}, by ${by}`),
    ...conflicts.map(
      (set) => `never   ${set.map((name) => `'${name}'`).join(" and ")} ${set.length > 1 ? "held together" : "held"}`,
    ),
  ];
}

export function neverNumbers(unknown: Minimization["unknown"] = []): string[] {
  return unknown.map((name) => `never   '${name}' was a number`);
}

const SHOWN = 12;

export function point({ x, values }: Pick<Found, "x" | "values">, names: readonly string[] | undefined): string {
  const shown = values === undefined ? x : names?.map((name) => values[name]);
  if (names !== undefined && shown !== undefined && x.length > 0 && x.length <= SHOWN)
    return shown.map((v, i) => `${names[i]} = ${v}`).join(", ");
  const more = x.length > SHOWN ? `, … ${x.length - SHOWN} more (--json shows all)` : "";
  return `[${x.slice(0, SHOWN).join(", ")}${more}]`;
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

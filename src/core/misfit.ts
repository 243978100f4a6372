/** Answers that do not fit what was asked: an evaluator is a stranger, and what it says is looked at before it is booked. */
import type { Answer, Query } from "./problem.ts";

const ARRAYS = ["value", "gradient", "score", "constraints"] as const;

/**
 * What is wrong with the form of an answer, if anything.
 * @param known the number of constraints, where it is known
 */
export function misfit({ kind, at }: Query, answer: Answer | undefined, known?: number): string | undefined {
  if (typeof answer !== "object" || answer === null) return `the evaluator answered with ${answer}, not { n, value }`;
  const { n, value, gradient, score, constraints, failures } = answer;
  const m = known ?? (constraints?.length ?? 0) / n;
  for (const name of ARRAYS)
    if (answer[name] !== undefined && !ArrayBuffer.isView(answer[name]))
      return `the evaluator answered with something else than a Float64Array as '${name}'`;
  if (!(Number.isInteger(n) && n >= 0 && n <= at.n))
    return `the evaluator answered with n = ${n} where ${at.n} points were asked`;
  // told to stop before the first point, it may have nothing to show
  if (n === 0) return undefined;
  // points that failed tell no constraints
  const isMute = constraints === undefined && failures?.length === n;
  if (!isMute && (!Number.isInteger(m) || (constraints?.length ?? 0) !== m * n))
    return `the evaluator answered with ${constraints?.length ?? "no"} constraints for ${n} points`;
  const parts = { value: kind === "score" ? undefined : value, gradient, score };
  const asked = kind === "gradient" ? (["value", "gradient"] as const) : ([kind] as const);
  for (const part of asked) {
    const length = part === "value" ? n : n * at.dim;
    if (parts[part] === undefined || parts[part].length < length)
      return `the evaluator answered with ${parts[part]?.length ?? "no"} numbers as '${part}' where ${length} belong`;
  }
  return undefined;
}

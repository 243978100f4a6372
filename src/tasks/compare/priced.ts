/** A potential that keeps account of what it is asked: levels are compared at what they cost, a gradient as three values. */
import type { Answer, Evaluator, Potential } from "../../core/problem.ts";

export const GRADIENT = 3;

export type Bill = { values: number; gradients: number };

export function priced(potential: Potential): { readonly potential: Potential; readonly bill: Bill } {
  const bill: Bill = { values: 0, gradients: 0 };
  const answer: Evaluator = (query, signal) => {
    const kind = query.kind === "gradient" ? "gradients" : "values";
    const note = (reply: Answer): Answer => {
      bill[kind] += reply.n;
      return reply;
    };
    const reply = potential.answer(query, signal);
    return reply instanceof Promise ? reply.then(note) : note(reply);
  };
  return { potential: { ...potential, answer }, bill };
}

/** In evaluations of ζ. */
export function costOf({ values, gradients }: Bill): number {
  return values + GRADIENT * gradients;
}

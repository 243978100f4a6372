/** A potential that counts what it is asked, and notes where ζ is −∞. */
import type { Answer, Evaluator, Potential } from "../core/problem.ts";

/** The potential, watched. */
export function counting(potential: Potential): {
  readonly potential: Potential;
  readonly count: () => number;
  readonly falls: () => boolean;
} {
  let [count, falls] = [0, false];
  const note = (answer: Answer): Answer => {
    count += answer.n;
    const { value } = answer;
    if (value !== undefined)
      for (let i = 0; i < value.length; i++) if (value[i] === Number.NEGATIVE_INFINITY) falls = true;
    return answer;
  };
  const answer: Evaluator = (query, signal) => {
    const reply = potential.answer(query, signal);
    return reply instanceof Promise ? reply.then(note) : note(reply);
  };
  return { potential: { ...potential, answer }, count: () => count, falls: () => falls };
}

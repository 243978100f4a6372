/**
 * Cheap potentials that every engine must be able to run on, and evaluators that answer for them in different ways.
 */
import { join, slice } from "../../src/core/ask.ts";
import {
  type Answer,
  box,
  type Domain,
  type Evaluator,
  type Potential,
  potential,
  type Query,
} from "../../src/core/problem.ts";

/** Σ (j + 1)(x_j − 0.3)², with its gradient. */
export function bowl(dim: number, domain: Domain = box(dim, -2, 3)): Potential {
  const value = (x: Float64Array): number => x.reduce((sum, v, j) => sum + (j + 1) * (v - 0.3) ** 2, 0);
  return potential({
    name: "bowl",
    domain,
    value,
    gradient(x, out) {
      for (let j = 0; j < dim; j++) out[j] = 2 * (j + 1) * (x[j] - 0.3);
      return value(x);
    },
    truth: { minimum: 0 },
  });
}

/** Rastrigin's function off center on an oblong box, with its gradient. */
export function rugged(dim: number): Potential {
  const domain: Domain = {
    lower: Float64Array.from({ length: dim }, (_, j) => -2 - j),
    upper: Float64Array.from({ length: dim }, (_, j) => 3 + 2 * j),
    edge: "wall",
  };
  const value = (x: Float64Array): number =>
    x.reduce((sum, v) => sum + (v - 0.5) ** 2 + 10 * (1 - Math.cos(2 * Math.PI * (v - 0.5))), 0);
  return potential({
    name: "rugged",
    domain,
    value,
    gradient(x, out) {
      for (let j = 0; j < dim; j++) out[j] = 2 * (x[j] - 0.5) + 20 * Math.PI * Math.sin(2 * Math.PI * (x[j] - 0.5));
      return value(x);
    },
    truth: { minimum: 0 },
  });
}

/** The bowl, spoilt: `bad` says where, and `by` what it answers there. */
export function spoilt(dim: number, by: number, bad: (x: Float64Array) => boolean): Potential {
  const whole = bowl(dim);
  const point = new Float64Array(dim);
  return {
    ...whole,
    name: "spoilt",
    answer(query) {
      const answer = atOnce(whole, query);
      for (let i = 0; i < answer.n; i++) {
        point.set(query.at.x.subarray(i * dim, (i + 1) * dim));
        if (!bad(point)) continue;
        if (answer.value !== undefined) answer.value[i] = by;
        answer.gradient?.fill(by, i * dim, (i + 1) * dim);
      }
      return answer;
    },
  };
}

export function atOnce(potential: Potential, query: Query): Answer {
  const reply = potential.answer(query);
  if (reply instanceof Promise) throw new Error(`${potential.name} does not answer at once`);
  return reply;
}

/** Answers in a later turn of the loop. */
export function delayed(potential: Potential): Evaluator {
  return async (query) => {
    await Promise.resolve();
    return atOnce(potential, query);
  };
}

/** Cuts every query into parts of a few points, answers the last part first and joins them, as a pool of workers may. */
export function scattered(potential: Potential, size: number): Evaluator {
  return async (query) => {
    const parts: Query[] = [];
    for (let from = 0; from < query.at.n; from += size)
      parts.push(slice(query, from, Math.min(query.at.n, from + size)));
    const answers = new Map<Query, Answer>();
    for (const part of parts.toReversed()) {
      await Promise.resolve();
      answers.set(part, atOnce(potential, part));
    }
    return join(
      parts.map((part) => ({ asked: part.at.n, answer: answers.get(part) ?? { n: 0 } })),
      query.at.dim,
    );
  };
}

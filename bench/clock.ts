/**
 * Runs on a clock that is only counted: n workers, and evaluations whose cost is drawn anew for each. With the answers of
 * a step together every query waits for its slowest point; with answers in any order nobody waits. Nothing sleeps.
 */
import type { Answer, Potential, Query } from "../src/core/problem.ts";
import { run, type Setup } from "../src/core/run.ts";
import { type Trial, trials } from "../src/core/trials.ts";
import { type Key, normal } from "../src/math/rng.ts";

/** When the run ended, in mean costs of an evaluation; whether it had reached its target; what it asked. */
export type Ended = { readonly time: number; readonly reached: boolean; readonly evaluations: number };

/** Costs of mean 1: e^(z − ½), of standard deviation 1.3: three in a hundred take longer than four. */
export function cost(key: Key, n: number): number {
  return Math.exp(normal(key, n) - 0.5);
}

/** Answers in any order, one point for each worker. */
export function anyOrder(setup: Setup, workers: number, key: Key): Ended {
  const all = trials(setup);
  const flying: (Trial & { readonly until: number })[] = [];
  let [time, n] = [0, 0];
  while (all.stop() === undefined) {
    while (flying.length < workers) {
      const next = all.next();
      if (next === null) break;
      flying.push({ ...next, until: time + cost(key, n++) });
    }
    if (flying.length === 0) break;
    const first = flying.reduce((a, b, i) => (b.until < flying[a].until ? i : a), 0);
    const [{ trial, query, until }] = flying.splice(first, 1);
    time = until;
    all.tell(trial, atOnce(setup.potential, query));
  }
  return ended(time, all.result(all.stop() ?? "budget spent"));
}

/** The answers of a step together; each point goes to the worker that is free first. */
export async function together(setup: Setup, workers: number, key: Key): Promise<Ended> {
  const { potential, target = Number.NEGATIVE_INFINITY } = setup;
  let [time, n] = [0, 0];
  const evaluate = (query: Query): Answer => {
    const free = new Float64Array(workers).fill(time);
    const answer = atOnce(potential, query);
    const { value = free, constraints } = answer;
    const m = (constraints?.length ?? 0) / query.at.n;
    const isAllowed = (i: number): boolean => constraints?.subarray(i * m, (i + 1) * m).every((g) => g <= 0) ?? true;
    const until = Float64Array.from({ length: query.at.n }, () => {
      const worker = free.indexOf(Math.min(...free));
      free[worker] += cost(key, n++);
      return free[worker];
    });
    // the target ends the run as soon as it is seen
    const reached = until.findIndex((_, i) => value[i] <= target && isAllowed(i));
    time = reached < 0 ? Math.max(time, ...until) : until[reached];
    return answer;
  };
  const frames = run(setup, { evaluate });
  let next = await frames.next();
  while (!next.done) next = await frames.next();
  return ended(time, next.value);
}

function ended(time: number, { stop, account }: { stop: string; account: { evaluations: number } }): Ended {
  return { time, reached: stop === "target reached", evaluations: account.evaluations };
}

function atOnce({ answer }: Potential, query: Query): Answer {
  const reply = answer(query);
  if (reply instanceof Promise) throw new Error("the potential does not answer at once");
  return reply;
}

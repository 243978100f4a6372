/**
 * Potentials made of potentials: moved, turned, scaled, noisy, counted, or given a gradient by finite differences.
 * Each keeps the domain and changes what is known exactly along with ζ, or drops it where it no longer holds.
 */
import { cut, slice } from "../core/ask.ts";
import { inputError } from "../core/errors.ts";
import type { Answer, Domain, Failure, Points, Potential, Query, Tell, Truth, Value } from "../core/problem.ts";
import { dot, norm } from "../math/linalg.ts";
import { fold, type Key, normal } from "../math/rng.ts";

/** ζ(x − offset). The domain stays, so that the minimum can be moved off its center. */
export function shift(p: Potential, offset: ArrayLike<number>): Potential {
  const dim = p.domain.lower.length;
  checkLength(`shift(${p.name})`, offset.length, dim);
  const moved = (at: Points, by: 1 | -1): Points => ({ ...at, x: at.x.map((c, k) => c + by * offset[k % dim]) });
  return {
    ...without(p),
    name: `shift(${p.name})`,
    answer: relay(p, (query) => ({ ...query, at: moved(query.at, -1) })),
    ...withTruth(carried(p, (at) => moved(at, 1))),
  };
}

/**
 * ζ(c + R(x − c)) with c the center of the domain, which stays.
 * @param turn R, an orthogonal matrix [dim × dim], row-major; or a key, for one drawn uniformly (Haar)
 */
export function rotate(p: Potential, turn: Float64Array | Key): Potential {
  const dim = p.domain.lower.length;
  const R = turn instanceof Float64Array ? turn : randomRotation(dim, turn);
  checkLength(`rotate(${p.name})`, R.length, dim * dim);
  const center = p.domain.lower.map((lower, j) => (lower + p.domain.upper[j]) / 2);
  const origin = new Float64Array(dim);
  const back = (g: Float64Array, n: number) => turned({ n, dim, x: g }, R, origin, true).x;
  return {
    ...without(p),
    name: `rotate(${p.name})`,
    answer: relay(
      p,
      (query) => ({ ...query, at: turned(query.at, R, center, false) }),
      (answer) => ({
        ...answer,
        ...(answer.gradient === undefined ? {} : { gradient: back(answer.gradient, answer.n) }),
        ...(answer.score === undefined ? {} : { score: back(answer.score, answer.n) }),
      }),
    ),
    ...withTruth(carried(p, (at) => turned(at, R, center, true))),
  };
}

/** aζ + b with a > 0. Its levels at D are a times those of ζ at D/a, plus b. */
export function scale(p: Potential, a: number, b = 0): Potential {
  if (!(a > 0 && Number.isFinite(a) && Number.isFinite(b)))
    throw inputError(`scale(${p.name})`, `${a}ζ + ${b} does not keep the minimum`, "give a > 0 and a finite b");
  const { minimum, argmin, energies } = p.truth ?? {};
  return {
    ...p,
    name: `scale(${p.name})`,
    can: p.can.filter((kind) => kind !== "score"),
    answer: relay(p, same, (answer) => ({
      ...answer,
      ...(answer.value === undefined ? {} : { value: answer.value.map((v) => a * v + b) }),
      ...(answer.gradient === undefined ? {} : { gradient: answer.gradient.map((g) => a * g) }),
    })),
    ...withTruth({
      ...(minimum === undefined ? {} : { minimum: a * minimum + b }),
      ...(argmin === undefined ? {} : { argmin }),
      ...(energies === undefined ? {} : { energies: (D: number) => energies(D / a).map((E) => a * E + b) }),
    }),
  };
}

/**
 * ζ + σξ with ξ standard normal. The noise is addressed by the bits of the point and by the key of the query, where
 * it has one: a point asked again under the same key gets the same noise. What is known of ζ is known of its mean.
 */
export function noisy(p: Potential, sigma: number, key: Key): Potential {
  return {
    ...p,
    name: `noisy(${p.name})`,
    can: ["value"],
    answer: (query, signal) => {
      if (query.kind !== "value") throw inputError(`noisy(${p.name})`, `answers no '${query.kind}'`);
      const { at, key: asked } = query;
      const root = asked === undefined ? key : fold(fold(key, asked.hi), asked.lo);
      const noise = (i: number) => sigma * normal(addressOf(root, at, i), 0);
      return chain(p.answer(query, signal), (answer) => ({
        ...answer,
        value: (answer.value ?? new Float64Array(0)).map((v, i) => v + noise(i)),
      }));
    },
  };
}

/**
 * The same potential under further constraints g(x) ≤ 0, which cost nothing beside ζ. Gradients are dropped: those of
 * ζ alone would lead out of what is allowed.
 * @param limits each with its name
 */
export function constrained(
  p: Potential,
  limits: readonly { readonly name: string; readonly value: Value }[],
): Potential {
  const dim = p.domain.lower.length;
  const own = p.constraints ?? [];
  const limited = (answer: Answer, at: Points): Answer => {
    // where all points failed before any told constraints of p, nobody knows how many there are
    if (p.constraints !== undefined && answer.constraints === undefined) return answer;
    const m = (answer.constraints?.length ?? 0) / Math.max(1, answer.n);
    const each = m + limits.length;
    const g = new Float64Array(answer.n * each);
    for (let i = 0; i < answer.n; i++) {
      const x = at.x.slice(i * dim, (i + 1) * dim);
      for (let j = 0; j < m; j++) g[i * each + j] = answer.constraints?.[i * m + j] ?? Number.NaN;
      limits.forEach(({ value }, j) => {
        g[i * each + m + j] = value(x);
      });
    }
    return { ...answer, constraints: g };
  };
  return {
    ...p,
    can: p.can.filter((kind) => kind === "value"),
    constraints: [...own, ...limits.map(({ name }) => name)],
    limited,
    answer: (query, signal, tell) => {
      const tellLimited: Tell | undefined =
        tell && ((from, part) => tell(from, limited(part, slice(query, from, from + part.n).at)));
      return chain(p.answer(query, signal, tellLimited), (answer) => limited(answer, query.at));
    },
  };
}

/**
 * The same potential, asking again what failed, up to `limit` times; what fails then has failed for its last reason.
 * Further attempts are counted beside the evaluations, not among them.
 */
export function retrying(p: Potential, limit: number): Potential {
  if (!(Number.isSafeInteger(limit) && limit >= 0))
    throw inputError("retries", `${limit} is not a whole number from 0 on`);
  return {
    ...p,
    answer: (query, signal, tell) =>
      chain(p.answer(query, signal, unfailed(tell)), (answer) => retried(p, query, answer, limit, signal, tell)),
  };
}

/** What has failed is not told: it is asked again. */
function unfailed(tell: Tell | undefined): Tell | undefined {
  return tell && ((from, part) => part.failures === undefined && tell(from, part));
}

function retried(
  p: Potential,
  query: Query,
  answer: Answer,
  limit: number,
  signal: AbortSignal | undefined,
  tell: Tell | undefined,
  attempt = 1,
): Answer | Promise<Answer> {
  const failures = answer.failures ?? [];
  if (attempt > limit || failures.length === 0 || signal?.aborted) return answer;
  const rows = failures.map(({ index }) => index);
  const { dim, x } = query.at;
  const at = {
    n: rows.length,
    dim,
    x: Float64Array.from(rows.flatMap((i) => [...x.subarray(i * dim, (i + 1) * dim)])),
  };
  const tellRows: Tell | undefined =
    tell &&
    ((from, part) => {
      for (let k = 0; k < part.n; k++) tell(rows[from + k], { ...cut(part, k, k + 1, dim), retries: attempt });
    });
  return chain(p.answer({ ...query, at }, signal, unfailed(tellRows)), (again) => {
    const merged = mended(answer, rows, again);
    const retries = (answer.retries ?? 0) + again.n;
    return retried(p, query, { ...merged, retries }, limit, signal, tell, attempt + 1);
  });
}

/** An answer with some of its rows taken from another one; rows that the other lacks stay as they were. */
function mended(answer: Answer, rows: readonly number[], again: Answer): Answer {
  const of = <K extends "value" | "gradient" | "score" | "constraints">(name: K): { [P in K]?: Float64Array } => {
    const part = answer[name] ?? again[name];
    if (part === undefined) return {};
    const source = again[name];
    const each = answer[name] === undefined ? part.length / again.n : part.length / answer.n;
    const out = answer[name]?.slice() ?? new Float64Array(answer.n * each).fill(Number.NaN);
    for (let k = 0; k < again.n; k++)
      for (let j = 0; j < each; j++) out[rows[k] * each + j] = source?.[k * each + j] ?? Number.NaN;
    return { [name]: out } as { [P in K]?: Float64Array };
  };
  const failures = (answer.failures ?? []).flatMap((before): Failure[] => {
    const k = rows.indexOf(before.index);
    if (k < 0 || k >= again.n) return [before];
    const after = again.failures?.find(({ index }) => index === k);
    return after === undefined ? [] : [{ ...after, index: before.index }];
  });
  const { failures: _, ...rest } = answer;
  return {
    ...rest,
    ...of("value"),
    ...of("gradient"),
    ...of("score"),
    ...of("constraints"),
    ...(failures.length === 0 ? {} : { failures }),
  };
}

export type Counted = Potential & {
  /** Evaluations so far; a gradient counts for what it costs. */
  readonly evaluations: () => number;
};

/** The same potential, keeping count of its evaluations. */
export function counted(p: Potential): Counted {
  let count = 0;
  return {
    ...p,
    evaluations: () => count,
    answer: (query, signal) =>
      chain(p.answer(query, signal), (answer) => {
        count += answer.n * (query.kind === "gradient" ? (p.gradientCost ?? 1) : 1);
        return answer;
      }),
  };
}

/**
 * Gradients by central differences, (ζ(x + he_j) − ζ(x − he_j)) / 2h, at 2 · dim + 1 evaluations each. Where a probe
 * would leave the domain that the point is in, it stops at the bound. A point with a failed probe fails.
 * @param step h as a fraction of the width of the domain along each axis
 */
export function finiteDifference(p: Potential, step = 1e-6): Potential {
  const dim = p.domain.lower.length;
  const each = 2 * dim + 1;
  return {
    ...p,
    can: [...p.can.filter((kind) => kind !== "gradient"), "gradient"],
    gradientCost: each,
    answer: (query, signal) => {
      if (query.kind !== "gradient") return p.answer(query, signal);
      const at = probes(query.at, p.domain, step);
      return chain(p.answer({ ...query, kind: "value", at }, signal), (answer) => differences(at, answer, each));
    },
  };
}

/** The points x, x + he_1, x − he_1, x + he_2 … for every x. */
function probes({ n, dim, x }: Points, { lower, upper }: Domain, step: number): Points {
  const each = 2 * dim + 1;
  const probe = new Float64Array(n * each * dim);
  for (let i = 0; i < n; i++) {
    const point = x.subarray(i * dim, (i + 1) * dim);
    for (let k = 0; k < each; k++) probe.set(point, (i * each + k) * dim);
    for (let j = 0; j < dim; j++) {
      const h = step * (upper[j] - lower[j]);
      const row = (i * each + 2 * j + 1) * dim + j;
      probe[row] = Math.min(point[j] + h, Math.max(upper[j], point[j]));
      probe[row + dim] = Math.max(point[j] - h, Math.min(lower[j], point[j]));
    }
  }
  return { n: n * each, dim, x: probe };
}

function differences({ dim, x }: Points, answer: Answer, each: number): Answer {
  const n = Math.floor(answer.n / each);
  const value = new Float64Array(n);
  const gradient = new Float64Array(n * dim);
  const probed = answer.value ?? new Float64Array(0);
  for (let i = 0; i < n; i++) {
    const first = i * each;
    value[i] = probed[first];
    for (let j = 0; j < dim; j++) {
      const plus = first + 2 * j + 1;
      const width = x[plus * dim + j] - x[(plus + 1) * dim + j];
      gradient[i * dim + j] = (probed[plus] - probed[plus + 1]) / width;
    }
  }
  const failures = firstOfEach(answer.failures ?? [], each, n);
  for (const { index } of failures) value[index] = Number.NaN;
  return { n, value, gradient, ...(failures.length === 0 ? {} : { failures }) };
}

/** One failure for each point that has any among its probes. */
function firstOfEach(failures: readonly Failure[], each: number, n: number): Failure[] {
  const first = new Map<number, Failure>();
  for (const { index: probe, ...what } of failures) {
    const index = Math.floor(probe / each);
    if (index < n && !first.has(index)) first.set(index, { ...what, index });
  }
  return [...first.values()];
}

const same = (query: Query): Query => query;

/** Answers a query by another one to `p`, and mends the answer. */
function relay(p: Potential, ask: (query: Query) => Query, mend: (answer: Answer) => Answer = (a) => a) {
  return (query: Query, signal?: AbortSignal): Answer | Promise<Answer> => chain(p.answer(ask(query), signal), mend);
}

type Later = Answer | Promise<Answer>;

function chain(answer: Later, then: (answer: Answer) => Later): Later {
  return answer instanceof Promise ? answer.then(then) : then(answer);
}

function without({ truth: _, ...rest }: Potential): Omit<Potential, "truth"> {
  return rest;
}

function withTruth(truth: Truth): { truth?: Truth } {
  return Object.keys(truth).length === 0 ? {} : { truth };
}

/**
 * What stays known when ζ moves within its domain: the minimum, where a known minimizer stays inside (ζ must not fall
 * below it outside, as Schwefel's does), and the levels where there is no edge.
 */
function carried({ domain: { lower, upper, edge }, truth }: Potential, move: (at: Points) => Points): Truth {
  const { minimum, argmin, energies } = truth ?? {};
  const moved = argmin === undefined ? undefined : inside(move(argmin), lower, upper);
  const stays = moved !== undefined && moved.n > 0;
  return {
    ...(minimum !== undefined && stays ? { minimum } : {}),
    ...(stays ? { argmin: moved } : {}),
    ...(energies === undefined || edge !== "open" ? {} : { energies }),
  };
}

function inside({ n, dim, x }: Points, lower: Float64Array, upper: Float64Array): Points {
  const rows = Array.from({ length: n }, (_, i) => x.subarray(i * dim, (i + 1) * dim));
  const kept = rows.filter((row) => row.every((c, j) => c >= lower[j] && c <= upper[j]));
  return { n: kept.length, dim, x: Float64Array.from(kept.flatMap((row) => [...row])) };
}

/** c + R(x − c) for every point, or with Rᵀ. */
function turned({ n, dim, x }: Points, R: Float64Array, center: Float64Array, transposed: boolean): Points {
  const [along, across] = transposed ? [dim, 1] : [1, dim];
  const out = new Float64Array(n * dim);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < dim; j++) {
      let sum = center[j];
      for (let k = 0; k < dim; k++) sum += R[j * across + k * along] * (x[i * dim + k] - center[k]);
      out[i * dim + j] = sum;
    }
  return { n, dim, x: out };
}

/** A uniformly random orthogonal matrix: Gram and Schmidt (twice) on rows of normal numbers. */
function randomRotation(dim: number, key: Key): Float64Array {
  const R = Float64Array.from({ length: dim * dim }, (_, k) => normal(key, k));
  for (let i = 0; i < dim; i++) {
    const row = R.subarray(i * dim, (i + 1) * dim);
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < i; k++) {
        const other = R.subarray(k * dim, (k + 1) * dim);
        const overlap = dot(row, other);
        for (let j = 0; j < dim; j++) row[j] -= overlap * other[j];
      }
    const length = norm(row);
    for (let j = 0; j < dim; j++) row[j] /= length;
  }
  return R;
}

/** A key made of the bits of a point; −0 counts as 0. */
function addressOf(key: Key, { dim, x }: Points, index: number): Key {
  const bits = new Uint32Array(Float64Array.from({ length: dim }, (_, j) => x[index * dim + j] + 0).buffer);
  let address = key;
  for (const word of bits) address = fold(address, word);
  return address;
}

function checkLength(where: string, given: number, needed: number): void {
  if (given !== needed) throw inputError(where, `${given} numbers given where ${needed} are needed`);
}

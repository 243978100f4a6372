/** A page: a query whose answer comes in parts, in any order, each point once. */
import { cut, join, slice } from "../core/ask.ts";
import type { Answer, Query } from "../core/problem.ts";

/** The answer to the points of a query from `from` on. */
export type Part = { readonly from: number; readonly answer: Answer };

export type Page = {
  readonly query: Query;
  readonly parts: Part[];
  /** Which points are known, and how many are not. */
  readonly known: Uint8Array;
  left: number;
  /** Whether nothing is taken in any more. */
  closed: boolean;
};

export function blankPage(query: Query): Page {
  const { n } = query.at;
  return { query, parts: [], known: new Uint8Array(n), left: n, closed: false };
}

/** The stretches of points `from` … `to` − 1 that are not known. */
export function gapsIn({ known }: Page, from: number, to: number): [from: number, to: number][] {
  const gaps: [number, number][] = [];
  for (let start = known.indexOf(0, from); start >= 0 && start < to; ) {
    const next = known.indexOf(1, start);
    const end = next < 0 ? to : Math.min(next, to);
    gaps.push([start, end]);
    start = known.indexOf(0, end);
  }
  return gaps;
}

/** What is new in an answer to the points from `from` on; its retries are those of the first part that is. */
export function newsIn(page: Page, { from, answer }: Part): Part[] {
  const { retries } = answer;
  return gapsIn(page, from, from + answer.n).map(([start, end], i) => {
    if (end - start === answer.n) return { from, answer };
    const part = cut(answer, start - from, end - from, page.query.at.dim);
    return { from: start, answer: i > 0 || retries === undefined ? part : { ...part, retries } };
  });
}

/** Takes in a part of which nothing is known yet. */
export function enterPart(page: Page, part: Part): void {
  page.known.fill(1, part.from, part.from + part.answer.n);
  page.left -= part.answer.n;
  page.parts.push(part);
}

/** The answer to the first points, up to one that is not known. */
export function answerOn({ query, parts }: Page): Answer {
  if (parts.length === 1 && parts[0].from === 0) return parts[0].answer;
  let n = 0;
  const first: { asked: number; answer: Answer }[] = [];
  for (const { from, answer } of parts.sort((a, b) => a.from - b.from)) {
    if (from > n) break;
    first.push({ asked: answer.n, answer });
    n += answer.n;
  }
  return join(first, query.at.dim);
}

/** The question about points `from` … `to` − 1 alone. */
export function stretch({ query }: Page, from: number, to: number): Query {
  return from === 0 && to === query.at.n ? query : slice(query, from, to);
}

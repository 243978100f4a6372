/**
 * The journal of answers in any order: a line an answer, as it arrived, with its trial and how many trials had been
 * proposed by then. In that order, and with those proposals before each, the run is replayed to the same bits.
 */
import { inputError } from "../core/errors.ts";
import type { Past } from "../core/steady.ts";
import type { Arrival } from "../core/trials.ts";
import { type Answered, fromRecord, type Line, readLine, type Store, toRecord } from "./journal.ts";

export interface Arrivals {
  /** What arrived before, from the place on where the run has not yet seen it. */
  readonly past: AsyncIterable<Past>;
  /** Writes an arrival down. */
  arrived(arrival: Arrival): void;
  /** The offset behind the last arrival that was handed on. */
  offset(): number;
}

/** The arrivals in a store. @param from where those begin that the run has not yet seen */
export function arrivals(store: Store, from: number): Arrivals {
  let offset = from;
  const past = async function* (): AsyncGenerator<Past, void, void> {
    for await (const line of store.lines(from)) {
      const record = readLine(store.where, line);
      if (record === undefined) continue;
      const { trial, asked } = numbersOf(store.where, line, record);
      yield {
        ...{ trial, asked },
        answer(query) {
          if (query === undefined) throw edited(store.where, line, `answers trial ${trial}, which is not outstanding`);
          const answer = fromRecord(store.where, line, record, query);
          offset = line.end;
          return answer;
        },
      };
    }
  };
  return {
    past: past(),
    arrived({ trial, asked, query, answer }) {
      offset = store.append(JSON.stringify({ trial, asked, ...toRecord(query, answer) }));
    },
    offset: () => offset,
  };
}

function numbersOf(where: string, line: Line, record: Answered): Pick<Arrival, "trial" | "asked"> {
  const { trial, asked } = record as Partial<Arrival>;
  const whole = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 0;
  if (!whole(trial) || !whole(asked) || record.value.length !== 1)
    throw edited(where, line, "does not say which trial it answers");
  if (asked <= trial) throw edited(where, line, `answers trial ${trial} of ${asked}`);
  return { trial, asked };
}

function edited(where: string, { number }: Line, what: string): Error {
  return inputError(
    `${where} line ${number}`,
    what,
    "the study was made by another version or its files were edited; start a new one",
  );
}

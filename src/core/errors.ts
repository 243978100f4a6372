/**
 * Errors that help: what was given, where, what to change.
 * An input error is the user's to mend (exit status 2); anything else that is thrown is a defect of ours.
 */

export type InputError = Error & { readonly code: "WICK_INPUT" };

/**
 * An error for input that cannot be used.
 * @param where what the user wrote, as they wrote it: `--budget`, `domain.x`, `journal.jsonl line 12`
 * @param what what is wrong with it, with the offending value
 * @param fix what to change, where that is not plain from `what`
 */
export function inputError(where: string, what: string, fix?: string): InputError {
  return inputErrorSaying(`${where}: ${what}${fix === undefined ? "" : `; ${fix}`}`);
}

/** An input error whose message is whole already, for instance as another thread had it. */
export function inputErrorSaying(message: string): InputError {
  return Object.assign(new Error(message), { code: "WICK_INPUT" as const });
}

export function isInputError(error: unknown): error is InputError {
  return error instanceof Error && (error as { code?: unknown }).code === "WICK_INPUT";
}

/** That work was stopped by its signal before it had anything to return. */
export function interruption(message: string): Error {
  return Object.assign(new Error(message), { name: "AbortError" });
}

export function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** The message of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.replace(/\s+/g, " ").trim();
}

/** The name of `known` nearest to `given` by edit distance, or undefined when none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  // at most half of a short name may differ: among three letters nearly every name would be near
  const edits = Math.min(Math.floor(given.length / 2), Math.max(2, Math.floor(given.length / 3)));
  let least = edits + 1;
  for (const name of known) {
    const distance = name.startsWith(given) ? 1 : editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/**
 * `unknown name 'x'; did you mean 'y'?`, or the whole list where nothing is near and the list is short.
 * @param elsewhere what to do where nothing is near and the list is long
 */
export function unknownName(where: string, given: string, known: readonly string[], elsewhere?: string): InputError {
  const near = nearest(given, known);
  const list = known.length <= 12 ? `known: ${known.join(", ")}` : elsewhere;
  return inputError(where, `unknown name '${given}'`, near === undefined ? list : `did you mean '${near}'?`);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

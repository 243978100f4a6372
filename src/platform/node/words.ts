/** A command line split into words as a shell splits them, for programs that are run without one. */
import { inputError } from "../../core/errors.ts";

/**
 * The words of a command: split at blanks; '…' is literal; in "…" a backslash goes before " \ $ `, elsewhere before
 * anything. Nothing is expanded. Pipes, redirections and lists are refused, since they would need a shell.
 * @throws on a quote that is not closed, an operator, or no words at all
 */
export function words(command: string, where = "--exec"): readonly string[] {
  const found: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < command.length; i++) {
    const c = command[i];
    if (/\s/.test(c)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (c === "'" || c === '"') {
      const [text, end] = quoted(command, i, where);
      word = (word ?? "") + text;
      i = end;
    } else if (c === "\\") {
      i++;
      if (i === command.length) throw inputError(where, "ends with a backslash", "remove it or double it");
      word = (word ?? "") + command[i];
    } else if (/[|&;<>]/.test(c)) {
      throw inputError(where, `has '${c}', but is run without a shell`, `quote it, or write sh -c '…'`);
    } else word = (word ?? "") + c;
  }
  if (word !== undefined) found.push(word);
  if (found.length === 0 || found[0] === "") throw inputError(where, "names no program");
  return found;
}

/** The text in the quotes that open at `start`, and where they close. */
function quoted(command: string, start: number, where: string): readonly [string, number] {
  const quote = command[start];
  let text = "";
  for (let i = start + 1; i < command.length; i++) {
    const c = command[i];
    if (c === quote) return [text, i];
    if (c === "\\" && quote === '"' && /["\\$`]/.test(command[i + 1] ?? "")) {
      i++;
      text += command[i];
    } else text += c;
  }
  throw inputError(
    where,
    `the ${quote} at character ${start + 1} is not closed`,
    "close it or put a backslash before it",
  );
}

/** `--domain`: an interval for all axes, or for each by its name an interval, a kind of variable or a fixed value. */
import { inputError } from "../core/errors.ts";
import type { Worth } from "../core/space.ts";
import { numberFlag } from "./common.ts";

type Interval = readonly [number, number];
type Spec = Interval | Worth | Readonly<Record<string, unknown>>;
type Place = { readonly domain: Interval | Record<string, Interval> } | { readonly variables: Record<string, Spec> };

/** The domain that flags give, or the variables where one of them is more than an interval. */
export function domainFlag(given: readonly string[]): Place {
  const named = new Map<string, Spec>();
  const plain: Interval[] = [];
  for (const text of given) {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(0, at)).trim();
    if (named.has(name)) throw inputError("--domain", `gives the axis '${name}' twice`);
    if (at < 0) plain.push(interval(text, text));
    else named.set(name, variable(text.slice(at + 1).trim(), text));
  }
  if (plain.length === 0) return placeOf(named);
  if (named.size > 0)
    throw inputError(
      "--domain",
      "gives both all axes and single ones",
      "use lower:upper once or name=lower:upper for each",
    );
  if (plain.length > 1)
    throw inputError(
      "--domain",
      `gives ${plain.length} intervals without names`,
      "write name=lower:upper for each axis",
    );
  return { domain: plain[0] };
}

function placeOf(named: ReadonlyMap<string, Spec>): Place {
  const isInterval = (spec: Spec): spec is Interval => Array.isArray(spec);
  const specs = Object.fromEntries(named);
  return Object.values(specs).every(isInterval) ? { domain: specs as Record<string, Interval> } : { variables: specs };
}

/** `lower:upper`, `log:lower:upper`, `int:lower:upper`, `choice:a|b`, or a value. */
function variable(text: string, whole: string): Spec {
  const at = text.indexOf(":");
  if (at < 0) return worth(text, whole);
  const [kind, rest] = [text.slice(0, at), text.slice(at + 1)];
  if (kind === "log") return { log: interval(rest, whole) };
  if (kind === "int" || kind === "integer") return { integer: interval(rest, whole) };
  if (kind === "choice") return { choice: options(rest.split("|"), whole) };
  if (/^\p{L}/u.test(kind) && !/^(nan|inf)/i.test(kind))
    throw inputError("--domain", `'${whole}' has the unknown kind '${kind}'`, "known: log, int, choice");
  return interval(text, whole);
}

function worth(text: string, whole: string): Worth {
  if (text === "") throw inputError("--domain", `'${whole}' gives no value`, "write name=lower:upper or name=value");
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** Options are numbers where all of them are. */
function options(texts: readonly string[], whole: string): readonly Worth[] {
  const trimmed = texts.map((text) => text.trim());
  if (trimmed.includes("")) throw inputError("--domain", `'${whole}' has an empty option`, "write name=choice:a|b");
  return trimmed.every((text) => !Number.isNaN(Number(text))) ? trimmed.map(Number) : trimmed;
}

function interval(text: string, whole: string): Interval {
  const parts = text.split(":");
  if (parts.length !== 2 || parts.some((part) => part.trim() === ""))
    throw inputError("--domain", `'${whole}' is not of the form lower:upper or name=lower:upper`);
  return [numberFlag(`--domain ${whole}`, parts[0]), numberFlag(`--domain ${whole}`, parts[1])];
}

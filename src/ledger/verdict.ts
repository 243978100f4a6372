/**
 * The verdict of an item, by rule and from its numbers alone.
 *
 * Checks: one is met where the number (or all of its interval) lies within the tolerance of what is expected, missed where
 * it lies outside, open where an interval reaches across. The claim `holds` when all are met; `holds with correction` when
 * the printed form misses and every check of the corrected form is met; it `fails` when there is no such correction.
 *
 * Effects, over several problems of a family: the pooled interval decides, and the problems whose own interval lies below
 * 0. Where families differ the claim `holds with correction` if it holds in any, else it `fails`.
 *
 *   pooled      none against   some against
 *   above 0     holds          holds with correction
 *   across 0    undecided      fails
 *   below 0     fails          fails
 */
import type { Check, Effects, Family, Outcome } from "./item.ts";

export type Verdict = "holds" | "holds with correction" | "fails" | "undecided";

/** The verdict of what was found; `undecided` where nothing was. */
export function verdictOf({ checks = [], effects }: Outcome): Verdict {
  const verdicts = [
    ...(checks.length > 0 ? [verdictOfChecks(checks)] : []),
    ...(effects === undefined ? [] : [verdictOfEffects(effects)]),
  ];
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? "undecided";
}

/** Where an item has both, the worse of the two. */
const ORDER: readonly Verdict[] = ["fails", "undecided", "holds with correction", "holds"];

export type Standing = "met" | "missed" | "open";

/** Where a number stands; what is not a number is missed. */
export function standing({ measured, expected, tolerance, interval }: Check): Standing {
  const [low, high] = interval ?? [measured, measured];
  const [from, to] = [expected - tolerance, expected + tolerance];
  if (low >= from && high <= to) return "met";
  return low <= to && high >= from ? "open" : "missed";
}

function verdictOfChecks(checks: readonly Check[]): Verdict {
  const printed = checks.filter(({ corrected }) => corrected !== true).map(standing);
  const corrected = checks.filter((check) => check.corrected === true).map(standing);
  if (corrected.includes("missed")) return "fails";
  if (corrected.includes("open")) return "undecided";
  if (printed.includes("missed")) return corrected.length > 0 ? "holds with correction" : "fails";
  return printed.includes("open") ? "undecided" : "holds";
}

/** All families alike: theirs; some hold and some do not: a claim that needs correction. */
function verdictOfEffects({ families }: Effects): Verdict {
  const verdicts = families.map(verdictOfFamily);
  const [first = "undecided"] = verdicts;
  if (verdicts.every((verdict) => verdict === first)) return first;
  if (verdicts.some((verdict) => verdict.startsWith("holds"))) return "holds with correction";
  return "fails";
}

/** Where a claim holds and where it does not, in words; nothing where families agree. */
export function division({ families }: Effects): string | undefined {
  const named = (of: (verdict: Verdict) => boolean): string =>
    families
      .filter((family) => of(verdictOfFamily(family)))
      .map(({ pooled }) => pooled.name)
      .join(", ");
  const [holds, open, fails] = [
    named((verdict) => verdict.startsWith("holds")),
    named((verdict) => verdict === "undecided"),
    named((verdict) => verdict === "fails"),
  ];
  const told = [
    ...(holds === "" ? [] : [`It holds for: ${holds}.`]),
    ...(open === "" ? [] : [`Undecided for: ${open}.`]),
    ...(fails === "" ? [] : [`It fails for: ${fails}.`]),
  ];
  return told.length > 1 ? told.join(" ") : undefined;
}

/** The verdict on one family of problems. */
export function verdictOfFamily({ pooled, cases }: Family): Verdict {
  const against = cases.some(({ high }) => high < 0);
  if (pooled.low > 0) return against ? "holds with correction" : "holds";
  return pooled.high < 0 || against ? "fails" : "undecided";
}

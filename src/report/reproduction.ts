/** The page of the ledger: the verdicts as a table, then each item with its numbers, its figure and what they mean. */
import { about } from "../draw/numbers.ts";
import { svg } from "../draw/svg.ts";
import type { Check, Effect, Effects } from "../ledger/item.ts";
import { inOrder, type Judged, type Part, type Reproduction } from "../ledger/reproduce.ts";
import { standing, type Verdict, verdictOfFamily } from "../ledger/verdict.ts";
import { escaped, grid, type Html, marked, section } from "./html.ts";
import { page } from "./page.ts";

export type ReproductionReport = {
  readonly result: Reproduction;
  /** The command that made it, and the version of the program. */
  readonly command: string;
  readonly version: string;
};

const TITLE = "Quantum dynamics of machine learning, reproduced";

const ORDER: readonly Verdict[] = ["holds", "holds with correction", "fails", "undecided"];

/** One self-contained document; the same result gives the same bytes. */
export function reproductionReport({ result, command, version }: ReproductionReport): Html {
  const items = inOrder(result);
  const body = `<header>
<p class="eyebrow">Wick ledger</p>
<h1>${escaped(TITLE)}</h1>
<p>What the paper of Wang and Maimaitiniyazi (<i>Acta Physica Sinica</i> <b>74</b>, 060701, 2025) states, item by item: equations (1)–(25), figures (F), errata (E) and the claims that are hypotheses here (H). Each number below was computed for this page; a rule, not a person, decides on the verdict.</p>
${result.interrupted ? `<p class="note">Interrupted: what was computed before is here.</p>` : ""}
</header>
<main>
${tally(items)}
${overview(items)}
${rules()}
${errata(items)}
${result.parts.map(chapter).join("\n")}
</main>
<footer><p>Wick ${escaped(version)} · seed ${result.seed} · <code>${escaped(command)}</code></p></footer>`;
  return page(TITLE, body);
}

function tally(items: readonly Judged[]): Html {
  const counts = ORDER.map((verdict) => `${badge(verdict)} ${items.filter((item) => item.verdict === verdict).length}`);
  return `<p class="tally">${counts.join(" ")}</p>`;
}

function badge(verdict: Verdict): Html {
  return `<span class="verdict ${verdict.replaceAll(" ", "-")}">${verdict}</span>`;
}

function overview(items: readonly Judged[]): Html {
  const rows = items.map((item) => [
    `<a href="#${anchor(item)}">${escaped(name(item))}</a>`,
    marked(item.title),
    badge(item.verdict),
    number(item.measured),
    item.effects === undefined ? number(item.expected) : "above 0",
  ]);
  return grid(["item", "what", "verdict", "measured", "expected"], rows, "ledger");
}

/** The errata at a glance: what each form gives, beside what it should. */
function errata(items: readonly Judged[]): Html {
  const rows = items
    .filter(({ id, checks }) => id.startsWith("E") && checks.length > 0)
    .flatMap((item) => pairsOf(item.checks).map((pair) => erratum(item, pair)));
  if (rows.length === 0) return "";
  const head = ["erratum", "number", "printed: measured", "expected", "corrected: measured", "expected"];
  return section("The errata in numbers", grid(head, rows, "ledger"));
}

type Pair = readonly [printed: Check, corrected: Check];

function erratum(item: Judged, [printed, corrected]: Pair): Html[] {
  return [
    `<a href="#${anchor(item)}">${escaped(name(item))}</a>`,
    marked(printed.what),
    number(near(printed.measured), 4),
    number(printed.expected, 4),
    number(corrected.measured, 4),
    number(corrected.expected, 4),
  ];
}

/** What is only rounding is 0. */
function near(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : value;
}

/** Each check of the printed form that misses, with the check of the corrected form that follows it. */
function pairsOf(checks: readonly Check[]): Pair[] {
  return checks.flatMap((check, k): Pair[] => {
    const next = checks[k + 1];
    const isPair = check.corrected !== true && next?.corrected === true && standing(check) === "missed";
    return isPair ? [[check, next]] : [];
  });
}

function rules(): Html {
  return `<details><summary>How verdicts are decided</summary>
<p>A check is <i>met</i> where the number, or all of its 95 % interval, lies within the tolerance of what is expected; <i>missed</i> where it lies outside; <i>open</i> where an interval reaches across. A claim holds when all checks are met. It holds with correction when the printed form misses and every check of the corrected form is met; without such a correction it fails.</p>
<p>Effects (one way against another on paired seeds) are judged by the bootstrap 95 % interval pooled over the problems, and by the problems whose own interval, made wider for their number (Bonferroni), lies below 0. Pooled above 0: holds, or holds with correction where some problem says otherwise. Pooled across 0: undecided, or fails where some problem says otherwise. Pooled below 0: fails. Where families of problems differ, a claim that holds in one of them holds with correction.</p></details>`;
}

function chapter({ title, items, figures }: Part): Html {
  const pictures = figures.map(
    ({ scene, caption }) => `<figure>\n${svg(scene)}\n<figcaption>${marked(caption)}</figcaption>\n</figure>`,
  );
  return `<section>
<h2>${escaped(title)}</h2>
${items.map(entry).join("\n")}
${pictures.join("\n")}
</section>`;
}

function entry(item: Judged): Html {
  const { title, equation, claim, verdict, checks, effects, notes, seeds } = item;
  return `<article id="${anchor(item)}">
<h3>${escaped(name(item))} · ${marked(title)} ${badge(verdict)}</h3>
<p class="formula">${marked(equation)}</p>
<p>${marked(claim)}</p>
${checks.length > 0 ? checkTable(checks) : ""}
${effects === undefined ? "" : effectTable(effects)}
${notes.map((note) => `<p class="note">${marked(note)}</p>`).join("\n")}
${seeds.length > 0 ? `<p class="note">${spoken(seeds)}</p>` : ""}
</article>`;
}

function checkTable(checks: readonly Check[]): Html {
  const hasForms = checks.some(({ corrected }) => corrected);
  const hasIntervals = checks.some(({ interval }) => interval !== undefined);
  const rows = checks.map((check) => [
    marked(check.what),
    ...(hasForms ? [check.corrected ? "corrected" : "printed"] : []),
    number(check.measured),
    ...(hasIntervals ? [range(check.interval)] : []),
    `${number(check.expected)}${check.tolerance > 0 ? ` ± ${number(check.tolerance, 2)}` : ""}`,
    standing(check),
  ]);
  const head = [
    "check",
    ...(hasForms ? ["form"] : []),
    "measured",
    ...(hasIntervals ? ["95 % interval"] : []),
    "expected",
    "",
  ];
  return grid(head, rows, "ledger");
}

function effectTable({ what, sides, pooled, families }: Effects): Html {
  const cells = ({ estimate, low, high, ours, theirs }: Effect): Html[] => [
    ...[ours, theirs, estimate].map(thousandths),
    `${thousandths(low)} … ${thousandths(high)}`,
  ];
  const told = ({ low, high }: Effect): Html => (low > 0 ? "for" : high < 0 ? "against" : "open");
  const rows = [
    [`<b>${marked(pooled.name)}</b>`, ...cells(pooled), told(pooled)],
    ...families.flatMap((family) => [
      [`<b>${marked(family.pooled.name)}</b>`, ...cells(family.pooled), badge(verdictOfFamily(family))],
      ...family.cases.map((one) => [marked(one.name), ...cells(one), told(one)]),
    ]),
  ];
  return `<p>${marked(what)}</p>\n${grid(["problem", ...sides, "difference", "interval", ""], rows, "ledger effects")}`;
}

function thousandths(value: number): Html {
  return value
    .toFixed(3)
    .replace(/^-(0\.000)$/, "$1")
    .replace("-", "−");
}

function range(interval: readonly [number, number] | undefined): Html {
  return interval === undefined ? "" : `${number(interval[0], 4)} … ${number(interval[1], 4)}`;
}

function number(value: number | null, digits = 6): Html {
  return value === null ? "–" : marked(about(value, digits));
}

function name({ id }: Judged): string {
  return /^\d+$/.test(id) ? `(${id})` : id;
}

function anchor({ id }: Judged): string {
  return `item-${id}`;
}

function spoken(seeds: readonly number[]): Html {
  const [first, last] = [seeds[0], seeds[seeds.length - 1]];
  return seeds.length === 1 ? `Seed ${first}.` : `Paired seeds ${first} to ${last}.`;
}

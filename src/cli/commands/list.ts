/** `wick list`: the catalogue. */
import { Command } from "commander";
import { engines, potentials, schedules } from "../../catalogue.ts";
import type { Entry } from "../../core/entry.ts";
import { unknownName } from "../../core/errors.ts";
import { type CommonFlags, checkWritable, common, deliver } from "../common.ts";

const kinds: Readonly<Record<string, readonly Entry[]>> = { potentials, engines, schedules };

export function listCommand(): Command {
  return common(new Command("list"))
    .description("list what can be named: potentials, engines, schedules")
    .argument("[kind]", `one of ${Object.keys(kinds).join(", ")}; all where left out`)
    .addHelpText("after", "\nExamples\n  wick list\n  wick list engines\n  wick list potentials --json")
    .action((kind: string | undefined, flags: CommonFlags) => {
      checkWritable("--out", flags.out);
      if (kind !== undefined && !Object.hasOwn(kinds, kind)) throw unknownName("kind", kind, Object.keys(kinds));
      const chosen = Object.entries(kinds).filter(([name]) => kind === undefined || name === kind);
      const entries = chosen.flatMap(([name, list]) =>
        list.map(({ name: entry, summary, reference, params }) => ({
          kind: name,
          name: entry,
          summary,
          reference,
          params,
        })),
      );
      deliver(flags, { entries }, () => chosen.map(([name, list]) => section(name, list)).join("\n\n"));
    });
}

function section(title: string, list: readonly Entry[]): string {
  const width = Math.max(...list.map(({ name }) => name.length));
  const rows = list.flatMap(({ name, summary, params }) => [
    `  ${name.padEnd(width)}  ${summary}`,
    ...(Object.keys(params).length === 0 ? [] : [`  ${" ".repeat(width)}  ${parameters(params)}`]),
  ]);
  return [title, ...rows].join("\n");
}

function parameters(params: Entry["params"]): string {
  return Object.entries(params)
    .map(([name, { default: value, choices }]) => `${name}=${choices?.join("|") ?? value}`)
    .join(" ");
}

/**
 * How an entry of the catalogue can be set: its defaults, and each choice of each of its parameters in turn.
 */
import type { Params, Values } from "../../src/core/entry.ts";
import { readValues } from "../../src/core/entry.ts";

type Named = { readonly name: string; readonly params: Params };
export type Variant = { readonly label: string; readonly values: Values<Params> };

export function variants(entry: Named): Variant[] {
  const all: Variant[] = [{ label: entry.name, values: readValues(entry, {}) }];
  for (const [name, param] of Object.entries(entry.params)) {
    const choices = param.choices ?? (typeof param.default === "boolean" ? [true, false] : []);
    for (const choice of choices)
      if (choice !== param.default)
        all.push({ label: `${entry.name} ${name}=${choice}`, values: readValues(entry, { [name]: choice }) });
  }
  return all;
}

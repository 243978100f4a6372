import { expect, test } from "vitest";
import { engines } from "../../src/catalogue.ts";
import { equationsOf } from "../../src/report/equations.ts";
import { marked } from "../../src/report/html.ts";

test.each(engines.map(({ name }) => name))("every mark in the equations of %s is one that is drawn", (engine) => {
  for (const { formula, meaning } of equationsOf(engine))
    expect(marked(formula) + marked(meaning)).not.toMatch(/[{}*^_]/);
});

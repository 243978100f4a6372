/** The contracts of `wick bench --json` and `wick list --json`. */
import { expect, test } from "vitest";
import { engines, potentials, schedules } from "../../src/catalogue.ts";
import { wick } from "./wick.ts";

async function json(...args: string[]) {
  const { code, out, err } = await wick([...args, "--json"]);
  expect(err).toBe("");
  expect(code).toBe(0);
  expect(out.trimEnd().split("\n").length).toBe(1);
  return JSON.parse(out);
}

test("bench bbob has a row for each engine, and one for each published form of mqhoa", async () => {
  const args = "bench bbob --dims 2 --instances 1 --functions 1-3 --budget 30 --engines packets,mqhoa,random";
  const [told, again] = await Promise.all([json(...args.split(" ")), json(...args.split(" "))]);
  expect(told.rows).toEqual(again.rows);
  expect(told.rows.map((row: { engine: string }) => row.engine)).toEqual([
    "packets",
    "mqhoa",
    "mqhoa:form=script",
    "mqhoa:form=2013",
    "random",
  ]);
  for (const row of told.rows) {
    expect(Object.keys(row).sort()).toEqual(["auc", "budgets", "dim", "engine", "groups", "solved"]);
    expect(row).toMatchObject({ dim: 2, budgets: [10, 30] });
    for (const share of [...row.solved, row.auc]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    // three functions of eight targets each
    for (const share of row.solved) expect(Number.isInteger(Number((24 * share).toFixed(9)))).toBe(true);
  }
});

test("list has every entry of the catalogue, with what it is, whence, and its parameters", async () => {
  const { entries } = await json("list");
  const names = [potentials, engines, schedules].flatMap((list) => list.map(({ name }) => name));
  expect(entries.map((entry: { name: string }) => entry.name)).toEqual(names);
  for (const entry of entries) {
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(["name", "summary", "reference", "params"]));
    expect(entry.summary).not.toBe("");
  }
  const mqhoa = entries.find((entry: { name: string }) => entry.name === "mqhoa");
  expect(mqhoa.params.form.choices).toContain("script");
  expect((await json("list", "engines")).entries.map((entry: { name: string }) => entry.name)).toEqual(
    engines.map(({ name }) => name),
  );
});

/** The contracts of `wick bench --json` and `wick list --json`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engines, potentials, schedules } from "../../src/catalogue.ts";
import { readStandings } from "../../src/platform/node/standings.ts";
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
    expect(Object.keys(row).sort()).toEqual(["auc", "budget", "budgets", "dim", "engine", "groups", "solved"]);
    expect(row).toMatchObject({ dim: 2, budgets: [10, 30] });
    for (const share of [...row.solved, row.auc]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    // three functions of eight targets each
    for (const share of row.solved) expect(Number.isInteger(Number((24 * share).toFixed(9)))).toBe(true);
  }
});

test("bench bbob has the same bytes for any number of workers; details, comparisons, pictures and standings on top", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wick-bench-"));
  const args = "bench bbob --dims 2 --instances 1 --budget 10 --engines packets,random --detail --compare".split(" ");
  const [one, three] = await Promise.all(
    ["1", "3"].map((workers) =>
      json(
        ...args,
        "--workers",
        workers,
        "--figures",
        join(folder, workers),
        "--keep",
        join(folder, `${workers}.json`),
      ),
    ),
  );
  expect({ ...one, timing: {} }).toEqual({ ...three, timing: {} });
  const [{ trials }] = one.rows;
  expect(trials.length).toBe(24);
  expect(trials[0]).toMatchObject({ f: 1, instance: 1, seed: 0 });
  expect(trials[0].hits.length).toBe(51);
  for (const hit of trials[0].hits) expect(hit === null || (hit >= 1 && hit <= 20)).toBe(true);
  const peers = one.comparisons.map(({ peer }: { peer: string }) => peer);
  expect(peers).toEqual(expect.arrayContaining(["random", "best 2009"]));
  for (const { engine, ours, theirs, difference, low, high } of one.comparisons) {
    expect(engine).toBe("packets");
    expect(difference).toBeCloseTo(ours - theirs, 12);
    expect(low).toBeLessThanOrEqual(difference);
    expect(high).toBeGreaterThanOrEqual(difference);
  }
  const drawn = readdirSync(join(folder, "1"));
  expect(drawn.length).toBe(12);
  expect(drawn).toEqual(expect.arrayContaining(["ecdf-d2-all.svg", "ecdf-d2-all.png", "ecdf-d2-separable.svg"]));
  for (const name of drawn.filter((name) => name.endsWith("svg"))) {
    const picture = readFileSync(join(folder, "1", name), "utf8");
    expect(picture).toBe(readFileSync(join(folder, "3", name), "utf8"));
    for (const line of ["packets", "random", "best 2009"]) expect(picture).toContain(`>${line}<`);
  }
  const kept = readStandings(join(folder, "1.json"));
  expect(kept.map(({ name }) => name)).toEqual(["packets", "random"]);
  expect(kept[0].cells.length).toBe(24);
  expect(kept).toEqual(readStandings(join(folder, "3.json")));
  // what is put in again takes the place of the same name and dimension
  const more = "bench bbob --dims 2,3 --instances 2 --budget 10 --engines random --keep".split(" ");
  await json(...more, join(folder, "1.json"));
  const both = readStandings(join(folder, "1.json"));
  expect(both.map(({ name, dim }) => `${name} ${dim}`)).toEqual(["packets 2", "random 2", "random 3"]);
  expect([both[0], both[1].cells[0].instance]).toEqual([kept[0], 2]);
  expect(JSON.parse(readFileSync(join(folder, "1.json"), "utf8")).commands.length).toBe(2);
  rmSync(folder, { recursive: true });
});

test("bench bbob refuses what it cannot use", async () => {
  for (const [args, said] of [
    ["--workers 0", "--workers: 0 is not a whole number of 1 or more"],
    ["--budget 1", "--budget: 1 is not a whole number of 2 or more"],
    ["--engines packets:foo=1", "unknown name 'foo'"],
    ["--peers dee", "--peers: unknown name 'dee'; did you mean 'de'?"],
    ["--keep package.json", "--keep: package.json holds no standings: there are no standings in it"],
    ["--engines ,", "--engines: names no engine"],
  ]) {
    const { code, err, out } = await wick(["bench", "bbob", "--functions", "1", "--dims", "2", ...args.split(" ")]);
    expect(err).toContain(said);
    expect([code, out, err.trimEnd().split("\n").length]).toEqual([2, "", 1]);
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

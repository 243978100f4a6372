import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Config, readConfig } from "../../src/config.ts";
import { identity, openPotential } from "../../src/platform/node/objectives.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wick-module-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const configOf = (path: string, more: object = {}): Config =>
  readConfig({ objective: { module: path }, domain: [-1, 1], dim: 2, ...more });

const built = pathToFileURL(join(import.meta.dirname, "../../dist/platform/node/module.js")).href;

/** What comes of loading modules in a plain Node, where nothing stands between them and the loader. */
function load(...paths: readonly string[]): readonly string[] {
  const script = `
    import { loadModule } from ${JSON.stringify(built)};
    const say = (path) => loadModule(path).then((given) => typeof given, (error) => error.code + " " + error.message);
    const said = [];
    for (const path of process.argv.slice(1)) said.push(await say(path));
    console.log(JSON.stringify(said));`;
  const args = ["--input-type=module", "-e", script, ...paths];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

test("every kind of module gives its default export", () => {
  expect(
    load(
      written("plain.mjs", "export default (x) => x[0];"),
      written("record.mjs", "export default { value: (x) => x[0] };"),
      written("common.cjs", "module.exports = (x) => x[0];"),
      written("compiled.cjs", "exports.__esModule = true; exports.default = (x) => x[0];"),
      written("a b#c?.mjs", "export default (x) => x[0];"),
    ),
  ).toEqual(["function", "object", "function", "function", "function"]);
});

test("what cannot be loaded is an input error that says why and where", () => {
  mkdirSync(join(folder, "inner"));
  const flaws: readonly (readonly [path: string, flaw: string])[] = [
    [join(folder, "missing.mjs"), ": was not found; check the path"],
    [join(folder, "inner"), ": is a directory; give the file in it"],
    [
      written("throws.mjs", 'const a = 1;\n\nthrow new RangeError("no " + a + " data");\n'),
      ":3: cannot be loaded: RangeError: no 1 data",
    ],
    [
      written("syntax.mjs", "export default (x) =>\n  x[0] +* 2;\n"),
      ":2: cannot be loaded: SyntaxError: Unexpected token '*'",
    ],
    [written("text.mjs", "throw 'sand';\n"), ": cannot be loaded: sand"],
    [written("nothing.mjs", "const f = (x) => x[0]; f([1]);\n"), ": exports nothing; write `export default (x) => …`"],
    [
      written("named.mjs", "export const value = (x) => x[0];\nexport const more = 1;\n"),
      ": has no default export, only more, value; write `export default (x) => …`",
    ],
    [written("objective.py", "print(1)\n"), ": is not a JavaScript module; give a .mjs, .js or .cjs file"],
  ];
  expect(load(...flaws.map(([path]) => path))).toEqual(flaws.map(([path, flaw]) => `WICK_INPUT ${path}${flaw}`));
  const needs = written("needs.mjs", 'import "no-such-package";\nexport default (x) => x[0];\n');
  expect(load(needs)[0]).toContain("cannot be loaded: Cannot find package 'no-such-package'");
});

test("typescript is loaded where node itself runs it, and refused with advice elsewhere", () => {
  const path = written("typed.ts", "export default (x: number[]): number => x[0];\n");
  const [known] = load(path);
  if (known !== "function") expect(known).toContain("is TypeScript, which Node");
});

test.each([0, 1])("a flaw of shape is an input error too (workers: %i)", async (workers) => {
  const number = written("number.mjs", "export default 42;\n");
  const flaw = openPotential(configOf(number), { workers });
  await expect(flaw).rejects.toMatchObject({ code: "WICK_INPUT" });
  await expect(flaw).rejects.toThrow("number.mjs: exports 42; export a function by default");
});

test("the domain is the configuration's, else the module's, else asked for", async () => {
  const bare = written("bare.mjs", "export default (x) => x[0];\n");
  const own = written(
    "own.mjs",
    "export default { value: (x) => x[0], domain: [[0, 1], [2, 3]], names: ['a', 'b'] };\n",
  );
  const boundsOf = async (config: Config) => {
    const { potential, close } = await openPotential(config, { workers: 0 });
    await close();
    const { lower, upper, edge } = potential.domain;
    return { lower: [...lower], upper: [...upper], edge, names: potential.names };
  };
  const without = readConfig({ objective: { module: bare } });
  await expect(boundsOf(without)).rejects.toThrow("--domain: is missing: bare.mjs exports none");
  const alone = readConfig({ objective: { module: bare }, domain: [-1, 1] });
  await expect(boundsOf(alone)).rejects.toThrow("add --dim N");
  expect(await boundsOf(configOf(bare, { edge: "wall" }))).toEqual({
    lower: [-1, -1],
    upper: [1, 1],
    edge: "wall",
    names: undefined,
  });
  const ab = ["a", "b"];
  expect(await boundsOf(readConfig({ objective: { module: own } }))).toEqual({
    lower: [0, 2],
    upper: [1, 3],
    edge: "open",
    names: ab,
  });
  const named = readConfig({ objective: { module: own }, domain: { b: [5, 6], a: [7, 8] }, edge: "periodic" });
  expect(await boundsOf(named)).toEqual({ lower: [7, 5], upper: [8, 6], edge: "periodic", names: ab });
  expect((await boundsOf(readConfig({ objective: { module: bare }, domain: { u: [0, 1] } }))).names).toEqual(["u"]);
  await expect(boundsOf(readConfig({ objective: { module: own }, dim: 3 }))).rejects.toThrow(
    "is 3 where own.mjs has 2",
  );
});

test("a module is the same objective while its name and bytes are", () => {
  const path = written("same.mjs", "export default (x) => x[0];\n");
  const before = identity(configOf(path));
  mkdirSync(join(folder, "moved"));
  expect(identity(configOf(written("moved/same.mjs", "export default (x) => x[0];\n")))).toEqual(before);
  written("same.mjs", "export default (x) => x[1];\n");
  expect(identity(configOf(path))).not.toEqual(before);
  expect(identity(readConfig({ objective: { exec: "./a b" } })).objective).toEqual({ exec: "./a b" });
});

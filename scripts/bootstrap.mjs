// What a bare clone needs before anything of ours can run: Node's own modules only. Repeats no work.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command of the project; returns its exit status. */
export function call(command, args, options = {}) {
  // npm is a script on Windows, and only that needs the shell there
  const shell = process.platform === "win32" && command === "npm";
  const done = spawnSync(command, args, { cwd: root, stdio: "inherit", shell, ...options });
  if (done.error) {
    console.error(`${command}: ${done.error.message}`);
    return 1;
  }
  return done.status ?? 1;
}

/** Runs a JavaScript file of an installed package. */
export function tool(path, args, options) {
  return call(process.execPath, [join(root, "node_modules", path), ...args], options);
}

function must(status, what) {
  if (status === 0) return;
  console.error(`${what} failed`);
  process.exit(1);
}

/** A digest of the files below `paths`: of their contents, so that a fresh checkout of the same text counts as the same. */
function digest(paths) {
  const hash = createHash("sha256");
  const visit = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest("hex");
}

function once(stamp, inputs, work) {
  const path = join(root, stamp);
  const now = digest(inputs);
  if (existsSync(path) && readFileSync(path, "utf8") === now) return;
  work();
  writeFileSync(path, now);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Wick needs Node 20.19 or newer; this is ${process.version}`);
  process.exit(1);
}

export function install() {
  checkNode();
  once("node_modules/.wick-installed", ["package-lock.json"], () => {
    must(call("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]), "npm ci");
  });
}

/** Compiles the kernels into a module that carries them, so that whatever bundles the library bundles them too. */
export function kernels() {
  install();
  const generated = "src/kernels/generated.ts";
  if (!existsSync(join(root, generated))) rmSync(join(root, kernelStamp), { force: true });
  once(kernelStamp, ["src/kernels/assembly", "scripts/bootstrap.mjs", "package-lock.json"], () => {
    const compiled = Object.entries(kernelModules).map(([name, options]) => {
      const out = join(root, "out", `${name}.wasm`);
      const entry = `src/kernels/assembly/${name}.ts`;
      const status = tool("assemblyscript/bin/asc.js", [entry, "-o", out, ...kernelOptions, ...options]);
      must(status, "the build of the kernels");
      return `export const ${name} =\n  "${readFileSync(out).toString("base64")}";\n`;
    });
    const about = "/** The kernels of assembly/, compiled by the build. */";
    writeFileSync(join(root, generated), `${about}\n${compiled.join("")}`);
  });
}

const kernelStamp = "out/.wick-kernels";
const kernelOptions = [
  ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"],
  ["--importMemory", "--noExportMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
].flat();
/** Memory that threads share is copied to and from more slowly: those that work alone have their own. */
const kernelModules = { alone: [], shared: ["--enable", "threads", "--sharedMemory"] };

export function build() {
  kernels();
  once("dist/.wick-built", ["src", "tsconfig.json", "package-lock.json"], () => {
    rmSync(join(root, "dist"), { recursive: true, force: true });
    must(tool("typescript/bin/tsc", ["-p", "tsconfig.json"]), "the build");
  });
}

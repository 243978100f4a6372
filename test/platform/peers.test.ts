/** Peers: what is absent is said to be, budgets and targets hold, the same seed is the same trial. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { openPeers, type Peers, peerNames } from "../../src/platform/node/peers.ts";

const fail = (what: string) => expect.unreachable(what);
const trial = { f: 8, dim: 3, instance: 2, seed: 5, budget: 60 };

test("without python every peer is absent, with what to install", async () => {
  const peers = await openPeers(["de", "bipop"], fail, "no-such-python");
  expect(peers.contestants).toEqual([]);
  expect(peers.absent).toEqual(["de: install python3-scipy", "bipop: install python3-deap"]);
  await expect(openPeers(["dee"], fail, "no-such-python")).rejects.toThrow("--peers: unknown name 'dee'");
});

const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import scipy, nlopt, deap, optuna"]).status === 0,
);
if (python === undefined)
  console.error("peers of the benchmark: not run: install python3-scipy python3-nlopt python3-deap python3-optuna");

describe.runIf(python !== undefined || process.env.CI)("each peer", () => {
  let peers: Peers;
  beforeAll(async () => {
    peers = await openPeers(peerNames, fail, python);
  });
  afterAll(() => peers.close());
  const named = (name: string) => peers.contestants.find((peer) => peer.name === name) ?? fail(`${name} is absent`);

  it("is there, with its version", () => {
    expect(peers.absent).toEqual([]);
    expect(Object.keys(peers.versions)).toEqual(peerNames);
    expect(peers.versions.de).toMatch(/^scipy \d/);
  });

  it.each(peerNames)("%s spends its budget and no more, and does the same again", async (name) => {
    const peer = named(name);
    const [one, two] = [await peer.solve(trial), await peer.solve(trial)];
    expect(one).toEqual(two);
    const { evaluations, gap } = one;
    expect(evaluations[0]).toBe(1);
    for (let k = 1; k < gap.length; k++) {
      expect(gap[k]).toBeLessThan(gap[k - 1]);
      expect(evaluations[k]).toBeGreaterThan(evaluations[k - 1]);
    }
    expect(evaluations[gap.length - 1]).toBeLessThanOrEqual(trial.budget);
    // another seed is another trial
    expect(await peer.solve({ ...trial, seed: 6 })).not.toEqual(one);
  });

  it("stops at the last target, and plays on", async () => {
    for (const seed of [0, 1]) {
      const { gap } = await named("lbfgsb").solve({ ...trial, f: 1, budget: 10_000, seed });
      expect(gap[gap.length - 1]).toBeLessThanOrEqual(1e-8);
      expect(gap[gap.length - 2]).toBeGreaterThan(1e-8);
    }
  });

  it("ends at once when it is aborted", async () => {
    const control = new AbortController();
    const solving = named("de").solve({ ...trial, f: 24, budget: 1e9 }, control.signal);
    setTimeout(() => control.abort(), 300);
    await expect(solving).resolves.toHaveProperty("gap");
  });

  it("that fails is told of, and its trace counts as far as it goes", async () => {
    const said: string[] = [];
    const failing = await openPeers(["de"], (what) => said.push(what), python);
    const solving = failing.contestants[0].solve({ ...trial, f: 24, budget: 1e9 });
    setTimeout(() => failing.close(), 500);
    await expect(solving).resolves.toHaveProperty("gap");
    expect(said).toEqual(["de on f24, instance 2, d = 3: its program ended"]);
  });
});

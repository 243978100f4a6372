// Two engineering designs of least cost under constraints: a pressure vessel, whose plates come in multiples of 1/16
// inch (pressure-vessel.mjs), and a welded beam (welded-beam.mjs); the objectives and their sources stand in those files.
// What is reported keeps every constraint to the last bit. Best costs known: 6059.714335 and 1.724852.
//
//   node examples/design.mjs welded-beam
import { minimize } from "wick";
import { budget, verdict } from "./verdict.mjs";

const known = { "pressure-vessel": 6059.714335, "welded-beam": 1.724852 };
const name = process.argv[2] ?? "pressure-vessel";

const { default: design } = await import(`./${name}.mjs`);
const { best, evaluations } = await minimize(design, { budget: budget(40_000) });
console.log(best.values);
verdict(name, { found: best.value, known: known[name], within: 1e-6 * known[name], evaluations });

// An external program as the objective (transfer-program.mjs, which may be written in any language): from a low orbit at
// 28.5° to the geostationary one for the least change of speed. The optimum is textbook: Hohmann's two burns, the first
// of which turns the plane a little already (by 2.2°), so that the third burn of the program vanishes; what remains is
// one angle. D. A. Vallado, Fundamentals of Astrodynamics and Applications, "combined plane change".
import { fileURLToPath } from "node:url";
import { readConfig } from "wick";
import { minimizeConfig } from "wick/node";
import { budget, verdict } from "./verdict.mjs";

const program = fileURLToPath(new URL("transfer-program.mjs", import.meta.url));
const config = readConfig({
  objective: { exec: `node "${program}"` },
  domain: { tangential: [0, 3], radial: [-1, 1], normal: [-1.5, 1.5] },
  budget: budget(6000),
});
const { result } = await minimizeConfig(config);

// km and s
const mu = 398_600.4418;
const [low, high] = [6678.137, 42_164.17];
const speed = (r, other) => Math.sqrt((2 * mu * other) / (r * (r + other)));
const turn = (before, after, angle) => Math.sqrt(before ** 2 + after ** 2 - 2 * before * after * Math.cos(angle));
const burns = (degrees) =>
  turn(speed(low, low), speed(low, high), (degrees * Math.PI) / 180) +
  turn(speed(high, low), speed(high, high), ((28.5 - degrees) * Math.PI) / 180);
const known = Math.min(...Array.from({ length: 28_501 }, (_, i) => burns(i / 1000)));

const { best, evaluations } = result;
console.log(`first burn in km/s: ${best.x.map((v) => v.toFixed(5)).join(" ")}`);
verdict("transfer", { found: best.value, known, within: 1e-5, evaluations });

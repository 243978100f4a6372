// Hyper-parameters of a nearest-neighbor classifier of handwritten digits (../data/README.md): how many neighbors vote,
// how fast a vote fades with distance, how far the votes are trusted, and how the pixels are prepared (an exponent, and a
// blur with the four pixels beside). Minimized is the mean logarithmic loss of each of the 1347 training images, voted on
// by the others. The known minimum is that of test/reference/digits-loss.py: the same loss by numpy, differential
// evolution of the real variables for each of 4 to 8 neighbors. The budget ends in another
// valley, 0.0037 above: 0.005 is what is asked. The 450 images set aside are looked at once, in the end.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { minimize } from "wick";
import { budget, verdict } from "./verdict.mjs";

const read = (name) => readFileSync(new URL(`../data/${name}`, import.meta.url));
const rows = gunzipSync(read("digits.csv.gz"))
  .toString()
  .trim()
  .split("\n")
  .map((line) => line.split(",").map(Number));
const isTest = new Set(JSON.parse(read("digits-split.json")).test);
const images = rows.map((row) => row.slice(0, 64).map((p) => p / 16));
const digit = rows.map((row) => row[64]);
const [train, test] = [false, true].map((wanted) => rows.map((_, i) => i).filter((i) => isTest.has(i) === wanted));

const beside = (p) => [p - 8, p + 8, ...(p % 8 > 0 ? [p - 1] : []), ...(p % 8 < 7 ? [p + 1] : [])];

function prepare({ exponent, blur }) {
  return images.map((image) => {
    const lit = image.map((p) => p ** exponent);
    return Float64Array.from(lit, (p, i) => p + blur * beside(i).reduce((sum, j) => sum + (lit[j] ?? 0), 0));
  });
}

/** The squared distance of two images, as far as it is below `most`. */
function squaredDistance(a, b, most) {
  let sum = 0;
  for (let i = 0; i < 64 && sum < most; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** The probability of each digit at image i: votes of its k nearest among `voters`, itself excepted. */
function classify(pixels, i, voters, { neighbors: k, width, doubt }) {
  const near = new Float64Array(k + 1).fill(Number.POSITIVE_INFINITY);
  const who = new Int32Array(k + 1);
  for (const j of voters) {
    if (j === i) continue;
    const d = squaredDistance(pixels[i], pixels[j], near[k - 1]);
    if (d >= near[k - 1]) continue;
    let at = k;
    for (; at > 0 && near[at - 1] > d; at--) [near[at], who[at]] = [near[at - 1], who[at - 1]];
    [near[at], who[at]] = [d, j];
  }
  const votes = new Array(10).fill(0);
  for (let n = 0; n < k; n++) votes[digit[who[n]]] += Math.exp((near[0] - near[n]) / width);
  const all = votes.reduce((sum, v) => sum + v, 0);
  return votes.map((v) => ((1 - doubt) * v) / all + doubt / 10);
}

function loss(settings) {
  const pixels = prepare(settings);
  const surprise = train.map((i) => -Math.log(classify(pixels, i, train, settings)[digit[i]]));
  return surprise.reduce((sum, s) => sum + s, 0) / train.length;
}

const { best, evaluations } = await minimize(loss, {
  variables: {
    neighbors: { integer: [1, 30] },
    width: { log: [0.01, 100] },
    doubt: { log: [1e-4, 0.5] },
    exponent: [0.3, 3],
    blur: [0, 1],
  },
  budget: budget(150),
});

const pixels = prepare(best.values);
const right = test.filter((i) => {
  const p = classify(pixels, i, train, best.values);
  return p.indexOf(Math.max(...p)) === digit[i];
});
console.log(best.values);
console.log(`${((100 * right.length) / test.length).toFixed(2)} % of the ${test.length} test images are recognized`);
verdict("digits", { found: best.value, known: 0.0475107, within: 0.005, evaluations });

// A curve fit with measured data: the mobility of electrons in a semiconductor against the logarithm of their density,
// by a rational function of seven parameters. The sum of squares is certified to eleven digits: data set "Thurber" of
// the NIST Statistical Reference Datasets (nonlinear regression, higher level of difficulty; public domain),
// https://www.itl.nist.gov/div898/strd/nls/data/thurber.shtml
import { minimize } from "wick";
import { budget, verdict } from "./verdict.mjs";

const certified = 5.6427082397e3;

// mobility, logarithm of density
const measured = [
  [80.574, -3.067],
  [84.248, -2.981],
  [87.264, -2.921],
  [87.195, -2.912],
  [89.076, -2.84],
  [89.608, -2.797],
  [89.868, -2.702],
  [90.101, -2.699],
  [92.405, -2.633],
  [95.854, -2.481],
  [100.696, -2.363],
  [101.06, -2.322],
  [401.672, -1.501],
  [390.724, -1.46],
  [567.534, -1.274],
  [635.316, -1.212],
  [733.054, -1.1],
  [759.087, -1.046],
  [894.206, -0.915],
  [990.785, -0.714],
  [1090.109, -0.566],
  [1080.914, -0.545],
  [1122.643, -0.4],
  [1178.351, -0.309],
  [1260.531, -0.109],
  [1273.514, -0.103],
  [1288.339, 0.01],
  [1327.543, 0.119],
  [1353.863, 0.377],
  [1414.509, 0.79],
  [1425.208, 0.963],
  [1421.384, 1.006],
  [1442.962, 1.115],
  [1464.35, 1.572],
  [1468.705, 1.841],
  [1447.894, 2.047],
  [1457.628, 2.2],
];

const mobility = ([b1, b2, b3, b4, b5, b6, b7], x) =>
  (b1 + x * (b2 + x * (b3 + x * b4))) / (1 + x * (b5 + x * (b6 + x * b7)));

const { best, evaluations } = await minimize(
  (b) => measured.reduce((sum, [y, x]) => sum + (y - mobility(b, x)) ** 2, 0),
  {
    domain: [
      [500, 2000],
      [500, 2500],
      [100, 1500],
      [0, 200],
      [0, 2],
      [0, 1],
      [0, 0.2],
    ],
    budget: budget(70_000),
    target: certified * (1 + 1e-9),
  },
);
console.log(`parameters: ${best.x.map((b) => b.toPrecision(8)).join(" ")}`);
verdict("curve-fit", { found: best.value, known: certified, within: 1e-9 * certified, evaluations });

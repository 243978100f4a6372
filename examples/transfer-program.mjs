// A flight from a low orbit to the geostationary one, as a program of its own that speaks JSON lines. The craft circles
// 300 km above ground in a plane inclined by 28.5°. Where it crosses the equator it burns once, with the tangential,
// radial and normal parts of x (km/s); it falls along its orbit, integrated in three dimensions, to the next crossing of
// the equator; a second burn there turns it into the plane of the equator and onto an ellipse that touches the
// geostationary orbit; a third one at that point makes the ellipse a circle. The answer is the sum of the burns in km/s.
import { createInterface } from "node:readline";

const MU = 398_600.4418; // km³/s²
const [LOW, HIGH] = [6678.137, 42_164.17]; // km
const TILT = (28.5 * Math.PI) / 180;

const circular = (r) => Math.sqrt(MU / r);
/** Speed at r on the ellipse whose other apsis is at `other`. */
const apsidal = (r, other) => Math.sqrt((2 * MU * other) / (r * (r + other)));

function slope([x, y, z, vx, vy, vz]) {
  const pull = -MU / (x * x + y * y + z * z) ** 1.5;
  return [vx, vy, vz, pull * x, pull * y, pull * z];
}

const along = (state, rate, h) => state.map((s, i) => s + h * rate[i]);

/** One step of Runge and Kutta. */
function step(state, h) {
  const a = slope(state);
  const b = slope(along(state, a, h / 2));
  const c = slope(along(state, b, h / 2));
  const d = slope(along(state, c, h));
  return state.map((s, i) => s + (h / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]));
}

/** Where the craft crosses the equator again. */
function coast(start) {
  let state = start;
  let h = 0;
  do {
    h = 0.01 * Math.sqrt(Math.hypot(state[0], state[1], state[2]) ** 3 / MU);
    state = step(state, h);
  } while (state[2] > 0 || state[5] > 0);
  for (let n = 0; n < 4; n++) state = step(state, -state[2] / state[5]);
  return state;
}

function cost([tangential, radial, normal]) {
  const speed = circular(LOW) + tangential;
  const start = [LOW, 0, 0, radial, ...turned(speed, normal)];
  const [x, y, , vx, vy, vz] = coast(start);
  const r = Math.hypot(x, y);
  const onto = apsidal(r, HIGH);
  const second = Math.hypot(vx + (onto * y) / r, vy - (onto * x) / r, vz);
  const third = Math.abs(circular(HIGH) - apsidal(HIGH, r));
  return Math.hypot(tangential, radial, normal) + second + third;
}

/** The velocity across the line of nodes: along the inclined orbit, and normal to it. */
function turned(speed, normal) {
  return [speed * Math.cos(TILT) - normal * Math.sin(TILT), speed * Math.sin(TILT) + normal * Math.cos(TILT)];
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify({ value: cost(JSON.parse(line).x) }));

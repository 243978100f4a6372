// An objective as a module: anything that takes an array of numbers and returns a number, or a promise of one.
// Here: how far a damped spring, simulated step by step, ends up from a measured curve.
const measured = [1, 0.62, 0.03, -0.36, -0.4, -0.18, 0.1, 0.24, 0.19, 0.03, -0.11];

export default {
  names: ["stiffness", "damping"],
  domain: [
    [0.1, 10],
    [0, 3],
  ],
  value([stiffness, damping]) {
    let [x, v, error] = [1, 0, 0];
    const steps = 500;
    const every = steps / (measured.length - 1);
    for (let i = 0; i <= steps; i++) {
      if (i % every === 0) error += (x - measured[i / every]) ** 2;
      v += (-stiffness * x - damping * v) * (5 / steps);
      x += v * (5 / steps);
    }
    return error;
  },
};

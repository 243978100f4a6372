// A welded beam of least cost under limits on shear stress, bending stress, buckling and deflection: weld height and
// length, bar height and thickness, in inches. The best known cost is 1.724852 at (0.20573, 3.47049, 9.03662, 0.20573).
// K. M. Ragsdell and D. T. Phillips, Journal of Engineering for Industry 98, 1021 (1976), in the form of C. Coello (2000).
const [load, reach, young, shear] = [6000, 14, 30e6, 12e6];

function stresses({ height, length, depth, thickness }) {
  const moment = load * (reach + length / 2);
  const arm = Math.sqrt(length ** 2 / 4 + ((height + depth) / 2) ** 2);
  const polar = 2 * Math.SQRT2 * height * length * (length ** 2 / 12 + ((height + depth) / 2) ** 2);
  const direct = load / (Math.SQRT2 * height * length);
  const torsion = (moment * arm) / polar;
  return {
    shearing: Math.sqrt(direct ** 2 + (direct * torsion * length) / arm + torsion ** 2),
    bending: (6 * load * reach) / (thickness * depth ** 2),
    deflection: (4 * load * reach ** 3) / (young * depth ** 3 * thickness),
    buckling:
      ((4.013 * young * Math.sqrt((depth ** 2 * thickness ** 6) / 36)) / reach ** 2) *
      (1 - (depth / (2 * reach)) * Math.sqrt(young / (4 * shear))),
  };
}

export default {
  variables: { height: [0.1, 2], length: [0.1, 10], depth: [0.1, 10], thickness: [0.1, 2] },
  value: ({ height, length, depth, thickness }) =>
    1.10471 * height ** 2 * length + 0.04811 * depth * thickness * (14 + length),
  constraints(beam) {
    const { shearing, bending, deflection, buckling } = stresses(beam);
    const { height, length, depth, thickness } = beam;
    return [
      shearing - 13_600,
      bending - 30_000,
      height - thickness,
      0.10471 * height ** 2 + 0.04811 * depth * thickness * (14 + length) - 5,
      0.125 - height,
      deflection - 0.25,
      load - buckling,
    ];
  },
};

// A pressure vessel of least cost: shell and head are plates that come in multiples of 1/16 inch, radius and length are
// free, and the vessel must hold pressure and volume. The best known cost is 6059.714 (13 and 7 sixteenths, radius
// 42.0984, length 176.637). E. Sandgren, Journal of Mechanical Design 112, 223 (1990), with the bounds that are usual since.
const plates = (n) => n / 16;

export default {
  variables: {
    shell: { integer: [1, 99] },
    head: { integer: [1, 99] },
    radius: [10, 200],
    length: [10, 200],
  },
  value({ shell, head, radius, length }) {
    const [s, h] = [plates(shell), plates(head)];
    return 0.6224 * s * radius * length + 1.7781 * h * radius ** 2 + 3.1661 * s ** 2 * length + 19.84 * s ** 2 * radius;
  },
  constraints({ shell, head, radius, length }) {
    return [
      0.0193 * radius - plates(shell),
      0.00954 * radius - plates(head),
      1_296_000 - Math.PI * radius ** 2 * length - (4 / 3) * Math.PI * radius ** 3,
      length - 240,
    ];
  },
};

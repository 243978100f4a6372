// Variables as people have them: a learning rate in its logarithm, a number of layers, a kind, and a fixed seed.
// What stands here in place of a training is cheap, so that it can be run at once.
const kinds = { relu: 0.05, tanh: 0.2, gelu: 0 };

export default {
  variables: {
    lr: { log: [1e-5, 1] },
    layers: { integer: [1, 8] },
    kind: { choice: ["relu", "tanh", "gelu"] },
    dropout: [0, 0.7],
    seed: { fixed: 3 },
  },
  value: ({ lr, layers, kind, dropout }) =>
    0.3 * (Math.log10(lr) + 2.5 + 0.2 * layers) ** 2 +
    0.02 * (layers - 4) ** 2 +
    kinds[kind] * (1 + 0.1 * layers) +
    (dropout - 0.2) ** 2,
};

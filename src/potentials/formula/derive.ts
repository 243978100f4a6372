/**
 * The gradient of an expression as more expressions on the same graph: the chain rule from the result back to the
 * variables (reverse accumulation), with the partial derivatives of functions.ts written out as nodes. Whatever the
 * value has already computed is shared, so that a gradient costs a few values however many variables there are.
 */
import { add, gated, multiply, type Operation } from "./functions.ts";
import { constantOf, type Graph, type Node } from "./graph.ts";
import { parse } from "./parse.ts";

/** The partial derivatives of `root`, by the names of the variables that it depends on. */
export function derive(graph: Graph, root: Node): ReadonlyMap<string, Node> {
  const { terms, constant, apply } = graph;
  const varies = dependence(graph);
  const partials = new Map<string, Node>();
  // ∂root/∂node, complete when the walk down from the root reaches the node
  const adjoints: Node[] = [];
  adjoints[root] = constant(1);
  for (let node = root; node >= 0; node--) {
    const term = terms[node];
    const adjoint = adjoints[node];
    if (adjoint === undefined || term.kind === "constant") continue;
    if (term.kind === "variable") {
      partials.set(term.name, adjoint);
      continue;
    }
    term.args.forEach((arg, i) => {
      if (!varies[arg]) return;
      const slope = apply(gated, adjoint, partial(graph, term.operation, i, term.args, node));
      if (constantOf(graph, slope) === 0) return;
      adjoints[arg] = adjoints[arg] === undefined ? slope : apply(add, adjoints[arg], slope);
    });
  }
  return partials;
}

/** Which nodes depend on a variable. */
function dependence({ terms }: Graph): boolean[] {
  const varies: boolean[] = [];
  for (const term of terms)
    varies.push(term.kind === "variable" || (term.kind === "operation" && term.args.some((arg) => varies[arg])));
  return varies;
}

/** ∂f/∂(argument i) of an operation, where its arguments and its value are nodes. */
function partial(graph: Graph, operation: Operation, i: number, args: readonly Node[], value: Node): Node {
  const [a, b] = args;
  return parse<Node>(operation.partials[i], {
    number: graph.constant,
    name: (name) => (name === "a" ? a : name === "b" ? b : value),
    apply: (inner, left, right) => graph.apply(inner === multiply ? gated : inner, left, right),
  });
}

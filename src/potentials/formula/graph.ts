/**
 * Expressions as one graph: every distinct sub-expression is one node, made after its arguments, so that walking the
 * nodes in order needs no recursion however long a formula is. Making a node folds constants and drops what does
 * nothing (x + 0, 1·x, x^1); it keeps 0·x, which is not 0 where x is infinite.
 */
import { add, divide, gated, multiply, negate, type Operation, power, subtract } from "./functions.ts";

/** A node is its place in `terms`; arguments have lower places. */
export type Node = number;

export type Term =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "operation"; readonly operation: Operation; readonly args: readonly Node[] };

export type Graph = {
  readonly terms: readonly Term[];
  readonly constant: (value: number) => Node;
  readonly variable: (name: string) => Node;
  readonly apply: (operation: Operation, a: Node, b?: Node) => Node;
};

/** An empty graph. */
export function graph(): Graph {
  const terms: Term[] = [];
  const places = new Map<string, Node>();
  const place = (key: string, term: Term): Node => {
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, terms.length);
    return terms.push(term) - 1;
  };
  const made: Graph = {
    terms,
    constant: (value) => place(`constant ${Object.is(value, -0) ? "-0" : value}`, { kind: "constant", value }),
    variable: (name) => place(`variable ${name}`, { kind: "variable", name }),
    apply: (operation, a, b = a) => {
      const simpler = simplify(made, operation, a, b);
      if (simpler !== undefined) return simpler;
      const args = operation.arity === 1 ? [a] : [a, b];
      return place(`${operation.name} ${args.join(" ")}`, { kind: "operation", operation, args });
    },
  };
  return made;
}

/** The value of a constant node; undefined for any other. */
export function constantOf(graph: Graph, node: Node): number | undefined {
  const term = graph.terms[node];
  return term.kind === "constant" ? term.value : undefined;
}

function simplify(graph: Graph, operation: Operation, a: Node, b: Node): Node | undefined {
  const { constant, apply } = graph;
  const left = constantOf(graph, a);
  const right = constantOf(graph, b);
  if (left !== undefined && right !== undefined) return constant(operation.value(left, right));
  switch (operation) {
    case add:
      if (left === 0) return b;
      if (right === 0) return a;
      return cancelled(graph, b, (positive) => apply(subtract, a, positive));
    case subtract:
      if (left === 0) return apply(negate, b);
      if (right === 0) return a;
      return cancelled(graph, b, (positive) => apply(add, a, positive));
    case multiply:
      return scaled(graph, left, b) ?? scaled(graph, right, a);
    case gated:
      if (left === 0 || right === 0) return constant(0);
      return left !== undefined || right !== undefined ? apply(multiply, a, b) : undefined;
    case divide:
      return right === 1 ? a : undefined;
    case power:
      if (right === 0) return constant(1);
      return right === 1 ? a : undefined;
    case negate:
      return cancelled(graph, a, (positive) => positive);
    default:
      return undefined;
  }
}

/** `then` of x where the node is −x. */
function cancelled(graph: Graph, node: Node, then: (positive: Node) => Node): Node | undefined {
  const term = graph.terms[node];
  return term.kind === "operation" && term.operation === negate ? then(term.args[0]) : undefined;
}

function scaled(graph: Graph, factor: number | undefined, node: Node): Node | undefined {
  if (factor === undefined) return undefined;
  if (factor === 1) return node;
  if (factor === -1) return graph.apply(negate, node);
  return cancelled(graph, node, (positive) => graph.apply(multiply, graph.constant(-factor), positive));
}

/**
 * A graph run fast: three-address instructions over one array of registers, carried out by one loop. The loop is the
 * same code for every formula, so it stays fast however many formulas a program holds (trees of closures do not), and
 * no number leaves the registers, so nothing is allocated.
 */
import { divide, multiply, type Operation, operations, power } from "./functions.ts";
import { constantOf, type Graph, type Node } from "./graph.ts";

/** Up to this exponent, whole powers are products; beyond it a product would lose more than ten units in the last place. */
const MAX_PRODUCT = 32;

const codes: ReadonlyMap<Operation, number> = new Map(operations.map((operation, code) => [operation, code]));
const values = operations.map((operation) => operation.value);

export type Tape = {
  /** Registers: the variables, then constants and results in the order they are needed. */
  readonly registers: Float64Array;
  /** Four numbers an instruction: code, a, b and the register of the result. */
  readonly code: Int32Array;
  /** Where the roots are found after a run. */
  readonly roots: Int32Array;
};

/** The tape that computes `roots` from the variables `names`. */
export function tape(graph: Graph, roots: readonly Node[], names: readonly string[]): Tape {
  const registers: number[] = names.map(() => 0);
  const code: number[] = [];
  const results = new Map<string, number>();
  const wanted = reached(graph, roots);
  const register: number[] = [];

  function constant(value: number): number {
    return registers.push(value) - 1;
  }

  function emit(operation: Operation, a: number, b: number): number {
    const key = `${operation.name} ${a} ${b}`;
    const known = results.get(key);
    if (known !== undefined) return known;
    const result = constant(0);
    code.push(codes.get(operation) as number, a, b, result);
    results.set(key, result);
    return result;
  }

  function product(base: number, exponent: number): number {
    if (exponent === 1) return base;
    if (exponent % 2 === 1) return emit(multiply, product(base, exponent - 1), base);
    const half = product(base, exponent / 2);
    return emit(multiply, half, half);
  }

  graph.terms.forEach((term, node) => {
    if (!wanted[node]) return;
    if (term.kind === "constant") register[node] = constant(term.value);
    else if (term.kind === "variable") register[node] = names.indexOf(term.name);
    else {
      const [a, b = a] = term.args;
      const exponent = term.operation === power ? constantOf(graph, b) : undefined;
      register[node] =
        exponent !== undefined && Number.isInteger(exponent) && Math.abs(exponent) <= MAX_PRODUCT
          ? exponent > 0
            ? product(register[a], exponent)
            : emit(divide, constant(1), product(register[a], -exponent))
          : emit(term.operation, register[a], register[b]);
    }
  });
  return {
    registers: Float64Array.from(registers),
    code: Int32Array.from(code),
    roots: Int32Array.from(roots, (root) => register[root]),
  };
}

/** Carries out a tape's instructions on the variables now in its registers. */
export function run({ code, registers: r }: Tape): void {
  for (let i = 0; i < code.length; i += 4) {
    const a = r[code[i + 1]];
    const b = r[code[i + 2]];
    let value: number;
    // the codes are places in `operations`; the commonest are written out, since a call boxes its arguments and result
    switch (code[i]) {
      case 0:
        value = a + b;
        break;
      case 1:
        value = a - b;
        break;
      case 2:
        value = a * b;
        break;
      case 3:
        value = a / b;
        break;
      case 4:
        value = -a;
        break;
      case 5:
        value = a === 0 || b === 0 ? 0 : a * b;
        break;
      case 6:
        value = a ** b;
        break;
      case 7:
        value = Math.sqrt(a);
        break;
      case 8:
        value = Math.abs(a);
        break;
      case 9:
        value = Math.exp(a);
        break;
      case 10:
        value = Math.log(a);
        break;
      case 11:
        value = Math.sin(a);
        break;
      case 12:
        value = Math.cos(a);
        break;
      case 13:
        value = Math.tanh(a);
        break;
      default:
        // the sign tells the compiler that this, too, is a number: without it every case boxes its result
        value = +values[code[i]](a, b);
    }
    r[code[i + 3]] = value;
  }
}

/** Which nodes the roots need. */
function reached({ terms }: Graph, roots: readonly Node[]): boolean[] {
  const wanted: boolean[] = [];
  for (const root of roots) wanted[root] = true;
  for (let node = terms.length - 1; node >= 0; node--) {
    const term = terms[node];
    if (wanted[node] && term.kind === "operation") for (const arg of term.args) wanted[arg] = true;
  }
  return wanted;
}

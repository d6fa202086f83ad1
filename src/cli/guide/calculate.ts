import { bignumberDependencies, create, parseDependencies } from 'mathjs';
import type { BigNumber, MathNode } from 'mathjs';

// The parser and the numbers, and none of the rest: nothing here can evaluate anything but what is listed below.
const { parse, bignumber } = create(
  { parseDependencies, bignumberDependencies },
  { number: 'BigNumber', precision: 64 },
);

const most = { characters: 200, nodes: 100, depth: 32, exponent: 10_000, angle: 1_000_000, factorial: 170 };

const pi = bignumber('3.14159265358979323846264338327950288419716939937510582097494459');
const e = bignumber('2.71828182845904523536028747135266249775724709369995957496696763');
const constants: Readonly<Record<string, BigNumber>> = { pi, PI: pi, π: pi, e, E: e, tau: pi.times(2) };

type Operation = (...values: readonly BigNumber[]) => BigNumber;

const unary = (apply: (x: BigNumber) => BigNumber): Operation => {
  return (...values) => {
    const [x] = values;
    if (x === undefined || values.length !== 1) throw new Error('That function takes one number.');
    return apply(x);
  };
};
const binary = (apply: (x: BigNumber, y: BigNumber) => BigNumber): Operation => {
  return (...values) => {
    const [x, y] = values;
    if (x === undefined || y === undefined || values.length !== 2)
      throw new Error('That function takes two numbers.');
    return apply(x, y);
  };
};
const angle = (apply: (x: BigNumber) => BigNumber): Operation =>
  unary((x) => apply(within(x, most.angle, 'An angle')));

const add = binary((x, y) => x.plus(y));
const subtract = binary((x, y) => x.minus(y));
const multiply = binary((x, y) => x.times(y));
const divide = binary((x, y) => x.div(nonZero(y)));
const mod = binary((x, y) => x.minus(y.times(x.div(nonZero(y)).floor())));
const pow = binary((x, y) => x.pow(within(y, most.exponent, 'An exponent')));

const operators: Readonly<Record<string, Operation>> = {
  add,
  subtract,
  multiply,
  divide,
  mod,
  pow,
  unaryMinus: unary((x) => x.neg()),
  unaryPlus: unary((x) => x),
  unaryPercentage: unary((x) => x.div(100)),
  factorial: unary(factorial),
};

const functions: Readonly<Record<string, Operation>> = {
  abs: unary((x) => x.abs()),
  ceil: unary((x) => x.ceil()),
  floor: unary((x) => x.floor()),
  round: (x, digits, ...rest) =>
    digits === undefined
      ? unary((value) => value.round())(...(x === undefined ? [] : [x]))
      : binary((value, places) => value.toDecimalPlaces(within(places, 30, 'The digits').toNumber()))(
          ...(x === undefined ? [] : [x]),
          digits,
          ...rest,
        ),
  sqrt: unary((x) => x.sqrt()),
  cbrt: unary((x) => x.cbrt()),
  exp: unary((x) => within(x, most.exponent, 'An exponent').exp()),
  ln: unary((x) => x.ln()),
  log: (x, base, ...rest) =>
    base === undefined
      ? unary((value) => value.ln())(...(x === undefined ? [] : [x]))
      : binary((value, by) => value.log(by))(...(x === undefined ? [] : [x]), base, ...rest),
  log10: unary((x) => x.log(10)),
  log2: unary((x) => x.log(2)),
  sin: angle((x) => x.sin()),
  cos: angle((x) => x.cos()),
  tan: angle((x) => x.tan()),
  mod,
  pow,
  min: (...values) => values.reduce((x, y) => (y.lt(x) ? y : x)),
  max: (...values) => values.reduce((x, y) => (y.gt(x) ? y : x)),
  factorial: unary(factorial),
};

/** The names of the functions an expression may use. */
export const functionNames: readonly string[] = Object.keys(functions);

/**
 * Works out an arithmetic expression of at most 200 characters, and gives the result as text: whole numbers exactly up to 40
 * digits, the rest to 15. Throws an Error that says plainly what is wrong.
 */
export function calculate(expression: string): string {
  if (expression.trim() === '') throw new Error('There is nothing to calculate.');
  if (expression.length > most.characters)
    throw new Error(`That is longer than ${most.characters} characters.`);
  const budget = { nodes: most.nodes };
  return format(evaluate(toNode(expression), 0, budget));
}

function toNode(expression: string): MathNode {
  try {
    return parse(expression);
  } catch {
    throw new Error(`That is not an arithmetic expression I can read: ${expression}`);
  }
}

function evaluate(node: MathNode, depth: number, budget: { nodes: number }): BigNumber {
  if (--budget.nodes < 0 || depth > most.depth)
    throw new Error('That expression is too deep or has too many parts.');
  const inner = (each: MathNode): BigNumber => evaluate(each, depth + 1, budget);
  if (is.constant(node)) return toNumber(node.value);
  if (is.parenthesis(node)) return inner(node.content);
  if (is.symbol(node)) return known(constants, node.name);
  if (is.operator(node)) return checked(known(operators, node.fn)(...node.args.map(inner)));
  if (is.call(node)) return checked(known(functions, node.fn.name)(...node.args.map(inner)));
  throw new Error(refusal);
}

const refusal = `Only numbers, + - * / ^ % !, parentheses, pi, e and these functions can be used: ${functionNames.join(', ')}.`;

// mathjs's own guards bring in the whole of its evaluator; a node says what it is by its type.
const is = {
  constant: (node: MathNode): node is MathNode & { readonly value: unknown } => node.type === 'ConstantNode',
  parenthesis: (node: MathNode): node is MathNode & { readonly content: MathNode } =>
    node.type === 'ParenthesisNode',
  symbol: (node: MathNode): node is MathNode & { readonly name: string } => node.type === 'SymbolNode',
  operator: (node: MathNode): node is MathNode & { readonly fn: string; readonly args: MathNode[] } =>
    node.type === 'OperatorNode',
  call: (
    node: MathNode,
  ): node is MathNode & { readonly fn: { readonly name: string }; readonly args: MathNode[] } =>
    node.type === 'FunctionNode' && 'fn' in node && isNamed(node.fn),
};

function isNamed(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'SymbolNode';
}

function known<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) throw new Error(refusal);
  return value;
}

function toNumber(value: unknown): BigNumber {
  // Strings, true, null and undefined are constants to the parser too.
  if (typeof value !== 'object' || value === null) throw new Error(refusal);
  return bignumber(String(value));
}

function nonZero(value: BigNumber): BigNumber {
  if (value.isZero()) throw new Error('Nothing can be divided by zero.');
  return value;
}

function within(value: BigNumber, limit: number, what: string): BigNumber {
  if (value.abs().gt(limit)) throw new Error(`${what} may be at most ${limit}.`);
  return value;
}

function checked(value: BigNumber): BigNumber {
  if (value.isNaN()) throw new Error('That has no real number as its result.');
  if (!value.isFinite() || value.abs().gt('1e10000')) throw new Error('The result is too large.');
  return value;
}

function factorial(value: BigNumber): BigNumber {
  if (!value.isInteger() || value.isNegative())
    throw new Error('A factorial is of a whole number that is not negative.');
  let product = bignumber(1);
  for (let n = within(value, most.factorial, 'A factorial').toNumber(); n > 1; n--)
    product = product.times(n);
  return product;
}

function format(value: BigNumber): string {
  if (value.isInteger() && value.abs().lt('1e40')) return value.toFixed();
  const short = value.toSignificantDigits(15);
  return short.abs().lt('1e15') && short.abs().gt('1e-7') ? short.toFixed() : short.toString();
}

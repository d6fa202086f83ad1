import type { BigNumber, MathNode } from 'mathjs';
import { constants, functions, math, operators } from './operations.ts';

const most = { characters: 200, nodes: 100, depth: 32 };

const refusal = `Only numbers, + - * / ^ % !, parentheses, pi, e and these functions can be used: ${Object.keys(functions).join(', ')}.`;

/**
 * Evaluates an arithmetic expression of at most 200 characters. Returns whole numbers of up to 40 digits
 * exactly, and other results to 15 digits. Throws an Error of one sentence if it cannot.
 */
export function calculate(expression: string): string {
  if (expression.trim() === '') throw new Error('There is nothing to calculate.');
  if (expression.length > most.characters)
    throw new Error(`That is longer than ${most.characters} characters.`);
  return format(evaluate(toNode(expression), 0, { nodes: most.nodes }));
}

function toNode(expression: string): MathNode {
  try {
    return math.parse(expression);
  } catch {
    throw new Error(`That is not an arithmetic expression I can read: ${expression}`);
  }
}

function evaluate(node: MathNode, depth: number, budget: { nodes: number }): BigNumber {
  if (--budget.nodes < 0 || depth > most.depth) throw new Error('That expression has too many parts.');
  const inner = (each: MathNode): BigNumber => evaluate(each, depth + 1, budget);
  if (isConstant(node)) return toNumber(node);
  if (isParenthesis(node)) return inner(node.content);
  if (isSymbol(node)) return known(constants, node.name);
  if (isOperator(node)) return checked(known(operators, node.fn)(...node.args.map(inner)));
  if (isCall(node)) return checked(known(functions, node.fn.name)(...node.args.map(inner)));
  throw new Error(refusal);
}

// mathjs has guards of its own, but the type of a node is enough.
function isConstant(node: MathNode): node is MathNode & { readonly value: unknown } {
  return node.type === 'ConstantNode';
}

function isParenthesis(node: MathNode): node is MathNode & { readonly content: MathNode } {
  return node.type === 'ParenthesisNode';
}

function isSymbol(node: MathNode): node is MathNode & { readonly name: string } {
  return node.type === 'SymbolNode';
}

function isOperator(node: MathNode): node is MathNode & { readonly fn: string; readonly args: MathNode[] } {
  return node.type === 'OperatorNode';
}

function isCall(
  node: MathNode,
): node is MathNode & { readonly fn: { readonly name: string }; readonly args: MathNode[] } {
  if (node.type !== 'FunctionNode' || !('fn' in node)) return false;
  const { fn } = node;
  // The name of a function may also be an expression, as in a.b(1).
  return typeof fn === 'object' && fn !== null && 'type' in fn && fn.type === 'SymbolNode';
}

function known<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) throw new Error(refusal);
  return value;
}

function toNumber(node: MathNode & { readonly value: unknown }): BigNumber {
  // For the parser, strings, true, null and undefined are constants too.
  const isNumber = typeof node.value === 'number' || (typeof node.value === 'object' && node.value !== null);
  if (!isNumber) throw new Error(refusal);
  return checked(math.bignumber(node.toString()));
}

function checked(value: BigNumber): BigNumber {
  if (value.isNaN()) throw new Error('That has no real number as its result.');
  if (!value.isFinite() || value.abs().gt('1e10000')) throw new Error('The result is too large.');
  return value;
}

function format(value: BigNumber): string {
  if (value.isInteger() && value.abs().lt('1e40')) return value.toFixed();
  const short = value.toSignificantDigits(15);
  return short.abs().lt('1e15') && short.abs().gt('1e-7') ? short.toFixed() : short.toString();
}

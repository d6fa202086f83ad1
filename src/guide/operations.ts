import { bignumberDependencies, create, parseDependencies } from 'mathjs';
import type { BigNumber } from 'mathjs';

/**
 * The parser and the numbers of mathjs without its functions. An expression can use only what this file
 * lists.
 */
export const math = create(
  { ...parseDependencies, ...bignumberDependencies },
  { number: 'BigNumber', precision: 64 },
);

/** Calculates with numbers. Throws an Error of one sentence if it cannot. */
export type Operation = (...values: readonly BigNumber[]) => BigNumber;

const most = { exponent: 10_000, angle: 1_000_000, digits: 30, factorial: 170 };

const pi = math.bignumber('3.14159265358979323846264338327950288419716939937510582097494459');
const e = math.bignumber('2.71828182845904523536028747135266249775724709369995957496696763');

export const constants: Readonly<Record<string, BigNumber>> = {
  pi,
  PI: pi,
  π: pi,
  e,
  E: e,
  tau: pi.times(2),
};

const add = two((x, y) => x.plus(y));
const mod = two((x, y) => x.minus(y.times(x.div(nonZero(y)).floor())));
const pow = two((x, y) => x.pow(within(y, most.exponent, 'An exponent')));

/** The operators by the names that mathjs gives them. */
export const operators: Readonly<Record<string, Operation>> = {
  add,
  subtract: two((x, y) => x.minus(y)),
  multiply: two((x, y) => x.times(y)),
  divide: two((x, y) => x.div(nonZero(y))),
  mod,
  pow,
  unaryMinus: one((x) => x.neg()),
  unaryPlus: one((x) => x),
  unaryPercentage: one((x) => x.div(100)),
  factorial: one(factorial),
};

export const functions: Readonly<Record<string, Operation>> = {
  abs: one((x) => x.abs()),
  ceil: one((x) => x.ceil()),
  floor: one((x) => x.floor()),
  round: oneOrTwo((x, digits) =>
    x.toDecimalPlaces(
      digits === undefined ? 0 : within(digits, most.digits, 'The number of digits').toNumber(),
    ),
  ),
  sqrt: one((x) => x.sqrt()),
  cbrt: one((x) => x.cbrt()),
  exp: one((x) => within(x, most.exponent, 'An exponent').exp()),
  ln: one((x) => x.ln()),
  log: oneOrTwo((x, base) => (base === undefined ? x.ln() : x.log(base))),
  log10: one((x) => x.log(10)),
  log2: one((x) => x.log(2)),
  sin: angle((x) => x.sin()),
  cos: angle((x) => x.cos()),
  tan: angle((x) => x.tan()),
  mod,
  pow,
  min: some((x, y) => (y.lt(x) ? y : x)),
  max: some((x, y) => (y.gt(x) ? y : x)),
  factorial: one(factorial),
};

function one(apply: (x: BigNumber) => BigNumber): Operation {
  return (x, ...rest) => {
    if (x === undefined || rest.length > 0) throw new Error('That function takes one number.');
    return apply(x);
  };
}

function two(apply: (x: BigNumber, y: BigNumber) => BigNumber): Operation {
  return (x, y, ...rest) => {
    if (x === undefined || y === undefined || rest.length > 0)
      throw new Error('That function takes two numbers.');
    return apply(x, y);
  };
}

function oneOrTwo(apply: (x: BigNumber, y: BigNumber | undefined) => BigNumber): Operation {
  return (x, y, ...rest) => {
    if (x === undefined || rest.length > 0) throw new Error('That function takes one or two numbers.');
    return apply(x, y);
  };
}

function some(pick: (x: BigNumber, y: BigNumber) => BigNumber): Operation {
  return (first, ...rest) => {
    if (first === undefined) throw new Error('That function takes one number or more.');
    return rest.reduce(pick, first);
  };
}

function angle(apply: (x: BigNumber) => BigNumber): Operation {
  return one((x) => apply(within(x, most.angle, 'An angle')));
}

function nonZero(value: BigNumber): BigNumber {
  if (value.isZero()) throw new Error('Nothing can be divided by zero.');
  return value;
}

function within(value: BigNumber, limit: number, what: string): BigNumber {
  if (value.abs().gt(limit)) throw new Error(`${what} may be at most ${limit}.`);
  return value;
}

function factorial(value: BigNumber): BigNumber {
  if (!value.isInteger() || value.isNegative()) {
    throw new Error('A factorial is of a whole number that is not negative.');
  }
  let product = math.bignumber(1);
  for (let n = within(value, most.factorial, 'A factorial').toNumber(); n > 1; n--)
    product = product.times(n);
  return product;
}

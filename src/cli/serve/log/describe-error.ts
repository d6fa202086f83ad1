import { inspect, types } from 'node:util';
import { createBudget } from './create-budget.ts';
import type { Budget } from './create-budget.ts';

/** An error in the form that a log may hold. */
export interface ErrorDescription {
  readonly name?: string;
  readonly message: string;
  /** The stack, one call per line. */
  readonly at?: readonly string[];
  readonly cause?: ErrorDescription;
  /** The errors of an aggregate or suppressed error. */
  readonly errors?: readonly ErrorDescription[];
}

/**
 * Describes any thrown value: its message, its stack, and the same of its causes. It drops all other fields,
 * because SDKs put whole requests there, and the passwords of URLs. Never throws. The result takes less than
 * 18,000 characters in a log line.
 */
export function describeError(error: unknown): ErrorDescription {
  try {
    return describe(error, createBudget(14_000), []);
  } catch {
    return { message: 'something that cannot be described' };
  }
}

function describe(error: unknown, budget: Budget, above: readonly unknown[]): ErrorDescription {
  if (!isError(error)) return { message: budget.take(toWords(error), 2_000) };
  if (above.includes(error)) return { message: 'the same error as above' };
  if (above.length >= 8 || !budget.enter()) return { message: 'more causes are left out' };
  const name = read(error, 'name');
  const message = read(error, 'message');
  const cause = read(error, 'cause');
  const errors = partsOf(error);
  const inner = (each: unknown): ErrorDescription => describe(each, budget, [...above, error]);
  return {
    ...(typeof name === 'string' && name !== '' && { name: budget.take(name, 200) }),
    message: budget.take(typeof message === 'string' ? message : toWords(message), 2_000),
    at: toCalls(read(error, 'stack'), message).map((call) => budget.take(call, 300)),
    ...(cause !== undefined && { cause: inner(cause) }),
    ...(errors.length > 0 && {
      errors: [
        ...errors.slice(0, 8).map(inner),
        ...(errors.length > 8 ? [{ message: `${errors.length - 8} more are left out` }] : []),
      ],
    }),
  };
}

function isError(value: unknown): value is object {
  try {
    return types.isNativeError(value) || value instanceof Error;
  } catch {
    // `instanceof` throws for a revoked proxy.
    return false;
  }
}

/** Returns the first 12 calls of a stack. It removes the message first, whose lines may look like calls. */
function toCalls(stack: unknown, message: unknown): readonly string[] {
  if (typeof stack !== 'string') return [];
  const calls = typeof message === 'string' ? stack.replace(message, () => '') : stack;
  const lines = calls.slice(0, 20_000).split('\n');
  return lines.flatMap((line) => (/^\s+at /.test(line) ? [line.trim()] : [])).slice(0, 12);
}

function partsOf(error: object): readonly unknown[] {
  const errors = read(error, 'errors');
  if (error instanceof AggregateError) return Array.isArray(errors) ? errors : [];
  const suppressed = read(error, 'suppressed');
  return suppressed === undefined ? [] : [read(error, 'error'), suppressed];
}

function read(error: object, field: string): unknown {
  try {
    return Reflect.get(error, field);
  } catch {
    return undefined;
  }
}

/** Formats a value that is no error, one level deep. It runs no code of the value. */
function toWords(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return inspect(value, {
      depth: 0,
      customInspect: false,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 20,
      maxStringLength: 200,
    });
  } catch {
    return 'a value that cannot be shown';
  }
}

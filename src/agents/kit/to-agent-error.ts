import { isAgentError } from '../../protocol/index.ts';
import { createFailure } from './failures.ts';
import type { FailureCode } from './failures.ts';
import { fieldsOf, textOf } from './fields.ts';

/** The failures of a vendor, by the names of its error classes. */
export interface NamedFailures {
  readonly names?: Readonly<Record<string, FailureCode>>;
  /** The names of errors that only wrap a cause. They count when nothing in the chain of causes says more. */
  readonly wrappers?: Readonly<Record<string, FailureCode>>;
}

/**
 * Returns the error that a turn fails with. The error and its causes are looked at: an AgentError is returned
 * as it is. A named error, an HTTP status, or the code of a broken connection becomes a failure with a code.
 * Any other error is returned itself, and ends the turn as `agent_failed`.
 */
export function toAgentError(error: unknown, { names = {}, wrappers = {} }: NamedFailures = {}): unknown {
  const chain = causesOf(error);
  const told = chain.find(isAgentError);
  if (told !== undefined) return told;
  const code =
    firstOf(chain, (cause) => find(names, cause) ?? codeOf(cause)) ??
    firstOf(chain, (cause) => find(wrappers, cause));
  return code === undefined ? error : createFailure(code, error);
}

function firstOf(
  chain: readonly unknown[],
  toCode: (cause: unknown) => FailureCode | undefined,
): FailureCode | undefined {
  return chain.map(toCode).find((code) => code !== undefined);
}

function find(codes: Readonly<Record<string, FailureCode>>, error: unknown): FailureCode | undefined {
  const name = nameOf(error);
  return Object.hasOwn(codes, name) ? codes[name] : undefined;
}

function codeOf(error: unknown): FailureCode | undefined {
  return fromStatus(statusOf(error)) ?? (isUnreachable(error) ? 'model_unreachable' : undefined);
}

function fromStatus(status: number | undefined): FailureCode | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status === 401 || status === 403) return 'model_auth';
  return status === 429 || status === 529 ? 'model_throttled' : 'model_failed';
}

/** Returns the HTTP status as OpenAI, Anthropic and Google (`status`), AWS (`$metadata`) or the AI SDK report it. */
function statusOf(error: unknown): number | undefined {
  const { status, statusCode, $metadata } = fieldsOf(error);
  const found = status ?? statusCode ?? fieldsOf($metadata)['httpStatusCode'];
  return typeof found === 'number' ? found : undefined;
}

const unreachable = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_)/;

/** Whether an error says that no connection was made, or that it broke. */
export function isUnreachable(error: unknown): boolean {
  return nameOf(error).startsWith('APIConnection') || unreachable.test(textOf(fieldsOf(error)['code']));
}

/** Providers' error classes leave `name` at "Error". The name of the class says more. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.name === 'Error' ? error.constructor.name : error.name;
}

/** Returns an error and its causes, at most 8. */
export function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let next = error;
  // The chain of causes may be a cycle.
  while (next !== undefined && next !== null && chain.length < 8) {
    chain.push(next);
    next = fieldsOf(next)['cause'];
  }
  return chain;
}

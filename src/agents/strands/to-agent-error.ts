import { AgentError } from '../../protocol/index.ts';
import { fieldsOf, textOf } from './fields.ts';

/**
 * The failures with a code, and their messages. A provider's own message is never sent, because it may
 * contain anything.
 */
const failures = {
  model_throttled: 'The model is busy. Please try again in a little while.',
  model_auth: 'This server has no credentials for the model, or they were refused.',
  model_unreachable: 'The model could not be reached.',
  model_failed: 'The model failed to answer.',
  context_overflow: 'The conversation has become too long for the model.',
  max_tokens: 'The answer was cut off because it reached the longest length allowed.',
  output_invalid: 'The model did not give its answer in the form that was asked for.',
  unsupported_content: 'The message holds something this agent cannot read.',
  approval_unsupported: 'The agent asked for an approval at a point where it cannot wait for one.',
  approval_lost: 'What the agent needs to go on after this approval is no longer there. Please ask again.',
} as const;

/** The codes of the failures that this adapter names. */
export type FailureCode = keyof typeof failures;

/** Creates a failure by its code, with its message. */
export function createFailure(code: FailureCode, cause?: unknown): AgentError {
  return new AgentError(code, failures[code], { cause });
}

/**
 * Returns the error that a turn fails with: a failure with a code if the error comes from the SDK or a
 * provider, otherwise the error itself.
 */
export function toAgentError(error: unknown): unknown {
  const chain = causesOf(error);
  const told = chain.find((cause) => cause instanceof AgentError);
  if (told !== undefined) return told;
  const code = chain.map(codeOf).find((found) => found !== undefined);
  if (code !== undefined) return createFailure(code, error);
  return chain.some((cause) => nameOf(cause) === 'ModelError') ? createFailure('model_failed', error) : error;
}

function codeOf(error: unknown): FailureCode | undefined {
  const name = nameOf(error);
  switch (name) {
    case 'ModelThrottledError':
      return 'model_throttled';
    case 'ContextWindowOverflowError':
      return 'context_overflow';
    case 'MaxTokensError':
      return 'max_tokens';
    case 'StructuredOutputError':
      return 'output_invalid';
    case 'CredentialsProviderError':
      return 'model_auth';
    default:
      return fromStatus(statusOf(error)) ?? (isUnreachable(error, name) ? 'model_unreachable' : undefined);
  }
}

function fromStatus(status: number | undefined): FailureCode | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status === 401 || status === 403) return 'model_auth';
  return status === 429 || status === 529 ? 'model_throttled' : 'model_failed';
}

/** Returns the HTTP status as OpenAI, Anthropic and Google (`status`) or AWS (`$metadata`) report it. */
function statusOf(error: unknown): number | undefined {
  const { status, $metadata } = fieldsOf(error);
  const found = status ?? fieldsOf($metadata)['httpStatusCode'];
  return typeof found === 'number' ? found : undefined;
}

const unreachable = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_)/;

function isUnreachable(error: unknown, name: string): boolean {
  return name.startsWith('APIConnection') || unreachable.test(textOf(fieldsOf(error)['code']));
}

/** Providers' error classes leave `name` at "Error". The name of the class says more. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.name === 'Error' ? error.constructor.name : error.name;
}

function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let next = error;
  // The chain of causes may be a cycle.
  while (next !== undefined && next !== null && chain.length < 8) {
    chain.push(next);
    next = fieldsOf(next)['cause'];
  }
  return chain;
}

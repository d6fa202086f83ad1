import { causesOf, createFailure, fieldsOf, textOf, toAgentError } from '../kit/index.ts';
import type { NamedFailures } from '../kit/index.ts';

const failures: NamedFailures = {
  names: {
    AI_LoadAPIKeyError: 'model_auth',
    AI_LoadSettingError: 'model_auth',
    // Version 7 says so of an approved call whose tool the agent no longer has.
    AI_MissingToolResultsError: 'approval_lost',
    AI_NoObjectGeneratedError: 'output_invalid',
    AI_UnsupportedFunctionalityError: 'unsupported_content',
    AI_InvalidDataContentError: 'unsupported_content',
  },
  wrappers: {
    AI_APICallError: 'model_failed',
    AI_EmptyResponseBodyError: 'model_failed',
    AI_InvalidResponseDataError: 'model_failed',
    AI_InvalidStreamPartError: 'model_failed',
    AI_JSONParseError: 'model_failed',
    AI_NoContentGeneratedError: 'model_failed',
    AI_NoOutputGeneratedError: 'model_failed',
    AI_RetryError: 'model_failed',
    AI_StreamProviderError: 'model_failed',
    AI_ToolChoiceViolationError: 'model_failed',
    AI_TypeValidationError: 'model_failed',
  },
};

/**
 * Returns the error that a turn fails with: a failure with a code if the error comes from the SDK or a
 * provider, otherwise the error itself.
 */
export function toAiSdkError(error: unknown): unknown {
  const chain = causesOf(error);
  // After its last attempt the SDK reports an error that has the provider's own beside it, and not as a
  // cause.
  const last = chain.map((each) => fieldsOf(each)['lastError']).find((each) => each !== undefined);
  if (last !== undefined) return toAiSdkError(last);
  if (chain.some(isOverflow)) return createFailure('context_overflow', error);
  if (chain.some(isUnconnected)) return createFailure('model_unreachable', error);
  return toAgentError(error, failures);
}

/**
 * Returns the error that a turn fails with for an error that the stream told in a part of its own. A value
 * that is no Error came from the provider.
 */
export function toStreamError(error: unknown): unknown {
  if (error instanceof Error) return toAiSdkError(error);
  const fields = fieldsOf(error);
  const { type, code } = { ...fields, ...fieldsOf(fields['error']) };
  const name = `${textOf(type)} ${textOf(code)}`;
  if (/overloaded|rate_?limit/i.test(name)) return createFailure('model_throttled', error);
  if (/authentication|permission|api_key/i.test(name)) return createFailure('model_auth', error);
  const told = toAiSdkError(error);
  return told === error ? createFailure('model_failed', error) : told;
}

/** The providers' words for a conversation that is too long. There is no status or class for it. */
const overflow =
  /context[ _-]?(length|window)|maximum context|prompt is too long|input is too long|too many (input )?tokens/i;

function isOverflow(error: unknown): boolean {
  const { statusCode, message, responseBody } = fieldsOf(error);
  if (statusCode !== 400 && statusCode !== 413) return false;
  return overflow.test(`${textOf(message)} ${textOf(responseBody)}`);
}

/** Whether a request had no response. The SDK would try it again, and there is no status. */
function isUnconnected(error: unknown): boolean {
  const { name, statusCode, isRetryable } = fieldsOf(error);
  return name === 'AI_APICallError' && statusCode === undefined && isRetryable === true;
}

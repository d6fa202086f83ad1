import { isAgentError } from '../../protocol/index.ts';
import { causesOf, createFailure, fieldsOf, toAgentError } from '../kit/index.ts';
import type { NamedFailures } from '../kit/index.ts';

const guardrails = [
  'InputGuardrailTripwireTriggered',
  'OutputGuardrailTripwireTriggered',
  'ToolInputGuardrailTripwireTriggered',
  'ToolOutputGuardrailTripwireTriggered',
];

const failures: NamedFailures = {
  names: {
    MaxTurnsExceededError: 'limit_turns',
    ModelRefusalError: 'refused',
    ModelTimeoutError: 'model_failed',
    InvalidToolInputError: 'model_failed',
  },
  wrappers: { ModelBehaviorError: 'model_failed' },
};

/**
 * Returns the error that a turn fails with: a failure with a code if the error comes from the SDK or a
 * provider, otherwise the error itself.
 */
export function toOpenaiError(error: unknown): unknown {
  // An error of a tool is not about the model, whatever its status is.
  const isOfTool = classOf(error) === 'ToolCallError';
  const thrown = isOfTool ? fieldsOf(error)['error'] : error;
  if (guardrails.includes(classOf(thrown))) return createFailure('refused', error);
  if (isOfTool) return isAgentError(thrown) ? thrown : error;
  const isTooLong = causesOf(error).some((cause) => fieldsOf(cause)['code'] === 'context_length_exceeded');
  return isTooLong ? createFailure('context_overflow', error) : toAgentError(error, failures);
}

/** Whether a guardrail refused what the agent said, or what it was asked. */
export function isGuardrailError(error: unknown): boolean {
  return guardrails.slice(0, 2).includes(classOf(error));
}

/** The SDK's error classes leave `name` at "Error". */
function classOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : '';
}

import { isAgentError } from '../../protocol/index.ts';
import { causesOf, createFailure, fieldsOf, toAgentError } from '../kit/index.ts';
import type { NamedFailures } from '../kit/index.ts';

const failures: NamedFailures = {
  names: {
    MaxTurnsExceededError: 'limit_turns',
    InputGuardrailTripwireTriggered: 'refused',
    OutputGuardrailTripwireTriggered: 'refused',
    ToolInputGuardrailTripwireTriggered: 'refused',
    ToolOutputGuardrailTripwireTriggered: 'refused',
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
  const chain = causesOf(error);
  if (chain.some((cause) => fieldsOf(cause)['code'] === 'context_length_exceeded'))
    return createFailure('context_overflow', error);
  // What a tool threw is not about the model, whatever its status is.
  if (isNamed(error, 'ToolCallError')) {
    const { error: thrown } = fieldsOf(error);
    return isAgentError(thrown) ? thrown : error;
  }
  return toAgentError(error, failures);
}

/** Whether a guardrail refused what the model said, or what it was asked. */
export function isGuardrailError(error: unknown): boolean {
  return isNamed(error, 'OutputGuardrailTripwireTriggered') || isNamed(error, 'InputGuardrailTripwireTriggered');
}

/** The SDK's error classes leave `name` at "Error". */
function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.constructor.name === name;
}

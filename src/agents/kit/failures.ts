import { AgentError } from '../../protocol/index.ts';

/**
 * The failures with a code, and their messages. A vendor's own message is never sent, because it may contain
 * anything.
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
  agent_lost: 'The agent ended in the middle of this answer.',
  approval_lost: 'What the agent needs to go on after this approval is no longer there. Please ask again.',
  limit_turns: 'The agent took as many steps as it may, and did not finish its answer.',
  refused: 'The agent refused to answer.',
  upstream_unreachable: 'The agent could not be reached.',
  upstream_busy: 'The agent is busy. Please try again in a little while.',
  upstream_refused: 'The agent refused the request.',
  upstream_failed: 'The agent failed to answer.',
  upstream_broken: 'The answer of the agent broke off.',
} as const;

/** The codes of the failures that adapters name. */
export type FailureCode = keyof typeof failures;

/** Creates a failure by its code, with its public message. The cause goes to `onError` only. */
export function createFailure(code: FailureCode, cause?: unknown): AgentError {
  return new AgentError(code, failures[code], { cause });
}

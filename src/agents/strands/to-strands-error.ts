import { toAgentError } from '../kit/index.ts';
import type { NamedFailures } from '../kit/index.ts';

const failures: NamedFailures = {
  names: {
    ModelThrottledError: 'model_throttled',
    ContextWindowOverflowError: 'context_overflow',
    MaxTokensError: 'max_tokens',
    StructuredOutputError: 'output_invalid',
    CredentialsProviderError: 'model_auth',
  },
  wrappers: { ModelError: 'model_failed' },
};

/**
 * Returns the error that a turn fails with: a failure with a code if the error comes from the SDK or a
 * provider, otherwise the error itself.
 */
export function toStrandsError(error: unknown): unknown {
  return toAgentError(error, failures);
}

import { AgentError, isAgentError } from '../../../protocol/index.ts';

/** Returns a text without texts that may be credentials. Longer ones come first in the list. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}

/** Returns a failure of an upstream without credentials, which the upstream may have repeated. */
export function hideInFailure(error: unknown, secrets: readonly string[]): unknown {
  if (!isAgentError(error) || secrets.length === 0) return error;
  const cause = hideInCause(error.cause, secrets);
  const message = hideSecrets(error.message, secrets);
  return new AgentError(error.code, message, cause === undefined ? {} : { cause });
}

/** The cause is an error, or a detail that the upstream sent as JSON. */
function hideInCause(cause: unknown, secrets: readonly string[]): unknown {
  if (cause === undefined) return undefined;
  if (cause instanceof Error) return new Error(hideSecrets(cause.message, secrets));
  if (typeof cause === 'string') return hideSecrets(cause, secrets);
  const text = JSON.stringify(cause);
  const hidden = hideSecrets(text, secrets);
  return hidden === text ? cause : hidden;
}

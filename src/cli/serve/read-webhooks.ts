import { webhookFetch } from 'heddle/node';
import type { ServerOptions } from 'heddle/server';
import { ExitError } from './exit-error.ts';

/** The flags of webhooks. */
export interface WebhookFlags {
  readonly webhooks?: 'public' | 'named';
  readonly webhookHost: readonly string[];
}

/**
 * Returns the webhooks of the server; none without `--webhooks`. The secrets come from the environment only.
 * Throws an ExitError if flags are missing.
 */
export function readWebhooks(
  { webhooks, webhookHost }: WebhookFlags,
  secrets: string | undefined,
): Pick<ServerOptions, 'webhooks'> {
  if (webhooks === undefined && webhookHost.length > 0)
    throw new ExitError('--webhook-host needs --webhooks named, or --webhooks public.');
  if (webhooks === undefined) return {};
  if (webhooks === 'named' && webhookHost.length === 0)
    throw new ExitError('--webhooks named allows no host; name some with --webhook-host.');
  if (secrets === undefined || secrets.trim() === '')
    throw new ExitError('--webhooks needs HEDDLE_WEBHOOK_SECRET, which signs the notices.');
  return {
    webhooks: {
      fetch: webhookFetch,
      secrets: secrets.split(',').map((secret) => secret.trim()),
      hosts: webhookHost,
      onlyHosts: webhooks === 'named',
    },
  };
}

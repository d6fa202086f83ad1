import { checkNumbers, timerRange } from '../../protocol/internal.ts';
import type { WebhookFetch } from './webhook-fetch.ts';

/** The options of webhooks. Without them a server has none. */
export interface WebhookOptions {
  /**
   * Sends the requests. On Node it is `webhookFetch` of `heddle/node`, which refuses private
   * addresses when it connects. Another function must do the same, and follow no redirect.
   */
  readonly fetch: WebhookFetch;
  /**
   * The secrets that sign notices, the newest first, in the form of Standard Webhooks: `whsec_` and 24 to 64
   * random bytes in base64. Each notice has a signature of each secret. They are the same on all nodes.
   */
  readonly secrets: readonly string[];
  /**
   * Hosts of webhooks, with one port or for any port. A host that is named in full is trusted: it may be
   * private, and may speak http. `*.example.com` matters for `onlyHosts` only.
   * @default []
   */
  readonly hosts?: readonly string[];
  /**
   * Whether other hosts than those in `hosts` are refused. @default false: any public host may be one, over
   * https
   */
  readonly onlyHosts?: boolean;
  /** The timeout of one try, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** How often a notice is tried before it is given up. @default 10: for about an hour */
  readonly tries?: number;
  /**
   * The wait before the second try, in milliseconds ± 20 %. Each wait after it is four times as long, and 15
   * minutes at most.
   * @default 1_000
   */
  readonly firstWaitMs?: number;
}

/** The options with their defaults. */
export type WebhookSettings = Required<WebhookOptions>;

/** Checks the numbers, and adds the defaults. Throws a TypeError that names the option. */
export function toWebhookSettings(options: WebhookOptions): WebhookSettings {
  const checked = checkNumbers(options, {
    timeoutMs: timerRange,
    tries: { whole: true, least: 1, most: 50 },
    firstWaitMs: timerRange,
  });
  const { hosts = [], onlyHosts = false, timeoutMs = 10_000, tries = 10, firstWaitMs = 1_000 } = checked;
  return { ...checked, hosts, onlyHosts, timeoutMs, tries, firstWaitMs };
}

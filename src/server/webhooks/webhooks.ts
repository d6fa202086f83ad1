import type { Dialect } from '../../dialects/index.ts';
import type { Store } from '../../log/index.ts';
import type { Transcripts } from '../../transcripts/index.ts';
import type { Deliver, Engine, OnError } from '../../turns/index.ts';
import { createDeliver } from './deliver.ts';
import type { NoticeCounts } from './attend.ts';
import { createOutboxes } from './outboxes.ts';
import type { Outboxes } from './outboxes.ts';
import { createSign } from './signatures.ts';
import { createSlots } from './slots.ts';
import { toWebhookSettings } from './webhook-options.ts';
import type { WebhookOptions } from './webhook-options.ts';
import { createUrlCheck } from './webhook-urls.ts';

/** The webhooks of a server. */
export interface Webhooks {
  /** Delivers what is due in an outbox. */
  readonly deliver: Deliver;
  readonly counts: Readonly<NoticeCounts>;
  openOutboxes(engine: Engine): Outboxes;
}

export interface WebhooksParts {
  readonly store: Store;
  readonly transcripts: Transcripts;
  readonly dialects: readonly Dialect[];
  readonly onError?: OnError | undefined;
}

/** How many notices one node sends at once: together, and to one host. */
const atOnce = { total: 128, perHost: 16 };

/** Creates the webhooks of a server. Throws a TypeError if an option is invalid. */
export function createWebhooks(options: WebhookOptions, parts: WebhooksParts): Webhooks {
  const settings = toWebhookSettings(options);
  const checkUrl = createUrlCheck(settings);
  const sign = createSign(settings.secrets);
  const counts = { delivered: 0, givenUp: 0 };
  const slots = createSlots(atOnce.total, atOnce.perHost);
  return {
    deliver: createDeliver({ ...settings, ...parts, checkUrl, sign, slots, counts }),
    counts,
    openOutboxes: (engine) => createOutboxes({ ...parts, engine, checkUrl }),
  };
}

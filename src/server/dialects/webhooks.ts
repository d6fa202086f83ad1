import type { AnswerIntent, Webhook, WebhooksIntent } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { Reply } from '../reply.ts';
import type { Outboxes, OutboxPlace } from '../webhooks/outboxes.ts';
import type { DialectContext } from './dialect-context.ts';
import { findExchange } from './find-exchange.ts';
import type { FoundThread } from './find-thread.ts';
import { toReply } from './to-reply.ts';

/**
 * Registers, deletes or lists webhooks of an exchange. Resolves with undefined if there is no such exchange.
 */
export async function changeWebhooks(
  context: DialectContext,
  found: FoundThread,
  { of, change, reply }: WebhooksIntent,
): Promise<Reply | undefined> {
  const outboxes = requireOutboxes(context);
  const exchange = found.head && (await findExchange(context.transcripts, found.session, of));
  if (exchange === undefined) return undefined;
  const place = toPlace(context, { ...found, exchange });
  const webhooks =
    change === undefined
      ? await outboxes.list(place)
      : 'put' in change
        ? await outboxes.put(place, change.put, 'now')
        : await outboxes.drop(place, change.drop);
  const answer = toReply(reply(webhooks, exchange));
  return { ...answer, headers: { ...answer.headers, 'heddle-session': found.session } };
}

/**
 * Registers a webhook of the exchange that waits for answers, before it is answered: so no change after the
 * answer is missed. The answer to an exchange that does not wait is refused later, or repeats an earlier one.
 */
export async function watchAnswered(
  context: DialectContext,
  found: FoundThread,
  { of }: Pick<AnswerIntent, 'of'>,
  webhook: Webhook,
): Promise<void> {
  const outboxes = requireOutboxes(context);
  await outboxes.check(webhook, found.head);
  const message = found.head?.waiting?.message;
  if (message === undefined) return;
  const exchange = await findExchange(context.transcripts, found.session, of ?? { message });
  if (exchange?.message === message)
    await outboxes.put(toPlace(context, { ...found, exchange }), webhook, 'now');
}

/** Returns the outboxes of the server. Throws `malformed` if it has no webhooks. */
export function requireOutboxes({ outboxes }: Pick<DialectContext, 'outboxes'>): Outboxes {
  if (outboxes !== undefined) return outboxes;
  throw new RefusalError('malformed', 'This server delivers no webhooks.');
}

/** Returns the place of an exchange's webhooks. */
export function toPlace(
  { call, dialect }: Pick<DialectContext, 'call' | 'dialect'>,
  { exchange, thread }: Pick<OutboxPlace, 'exchange' | 'thread'>,
): OutboxPlace {
  return { exchange, thread, owner: call.owner, dialect: dialect.name };
}

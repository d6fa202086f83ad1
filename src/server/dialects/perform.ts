import type { AnswerIntent, CancelIntent, Intent, ReadIntent } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { Reply } from '../reply.ts';
import type { DialectContext } from './dialect-context.ts';
import { findExchange } from './find-exchange.ts';
import { findThread } from './find-thread.ts';
import type { FoundThread } from './find-thread.ts';
import { answerApprovals } from './answer-approvals.ts';
import { list } from './list.ts';
import { sendMessage } from './send-message.ts';
import { show } from './show.ts';
import { stopTurn } from './stop-turn.ts';
import { toReply } from './to-reply.ts';
import { changeWebhooks, watchAnswered } from './webhooks.ts';

/** Performs what a request wants. Throws a RefusalError. */
export async function perform(context: DialectContext, intent: Intent): Promise<Reply> {
  if (intent.type === 'reply') return toReply(intent.reply);
  const { store, call } = context;
  if (intent.type === 'list') return list(context, intent);
  const found = await findThread(store, call.owner, intent.thread);
  call.note(found.session);
  switch (intent.type) {
    case 'send':
      return sendMessage(context, found, intent);
    case 'answer':
      return answer(context, found, intent);
    case 'read':
      return read(context, found, intent);
    case 'cancel':
      return cancel(context, found, intent);
    case 'webhooks':
      return (await changeWebhooks(context, found, intent)) ?? replyNone(found, intent.none);
  }
}

async function answer(context: DialectContext, found: FoundThread, intent: AnswerIntent): Promise<Reply> {
  if (intent.webhook !== undefined) await watchAnswered(context, found, intent, intent.webhook);
  const { exchange, isPending } = await answerApprovals(context, found, intent);
  return show(context, { ...found, exchange }, isPending ? (intent.pending ?? intent.show) : intent.show);
}

async function read(
  context: DialectContext,
  found: FoundThread,
  { of, show: how, none }: ReadIntent,
): Promise<Reply> {
  const exchange = of && found.head && (await findExchange(context.transcripts, found.session, of));
  // A preface can show a conversation that has no such exchange.
  const isEnough = exchange ?? (how.as === 'stream' ? how.preface : of === undefined && found.head);
  if (isEnough === undefined || isEnough === false) return replyNone(found, none);
  return show(context, { ...found, exchange }, how);
}

async function cancel(
  context: DialectContext,
  found: FoundThread,
  { of, show: how, none }: CancelIntent,
): Promise<Reply> {
  const { session, head } = found;
  if (head === undefined) return replyNone(found, none);
  const exchange = await findExchange(context.transcripts, session, of ?? 'last');
  if (exchange === undefined) return replyNone(found, none);
  // Between two turns nothing runs that could be stopped: the next message waits.
  const isBetween = head.turn === undefined && head.waiting === undefined;
  const { entries } = await stopTurn(context, found, of || isBetween ? exchange.turn : undefined);
  if (entries.length === 0 && none !== undefined) return replyNone(found, none);
  return show(context, { ...found, exchange }, how);
}

function replyNone({ session }: FoundThread, none: ReadIntent['none']): Reply {
  if (none === undefined) throw new RefusalError('not_found');
  const reply = toReply(none);
  return { ...reply, headers: { ...reply.headers, 'heddle-session': session } };
}

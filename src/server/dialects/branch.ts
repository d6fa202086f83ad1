import type { SendIntent } from '../../dialects/index.ts';
import { RefusalError, headers } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { MessageState, PastMessage, PastPart } from '../../protocol/index.ts';
import type { DialectContext } from './dialect-context.ts';
import { findThread } from './find-thread.ts';
import type { FoundThread } from './find-thread.ts';

/** A session that goes on from the middle of another one, and the message with which it begins. */
export interface Branch {
  readonly found: FoundThread;
  readonly intent: SendIntent;
}

/** Returns whether a turn is the last one of its session, so that a message goes on from it. */
export async function isLastTurn(
  { transcripts }: Pick<DialectContext, 'transcripts'>,
  { session }: FoundThread,
  turn: string,
): Promise<boolean> {
  const transcript = await transcripts.read(session, { messages: 2 });
  // A one-shot session takes one message.
  if (transcript === undefined || transcript.head.kind === 'once') return false;
  const { head, state } = transcript;
  const next = head.queue.at(-1) ?? head.turn;
  return (next ?? state.messages.findLast(isInForce))?.turn === turn;
}

/**
 * Opens a session that begins with the conversation up to a turn. A repeated request with an idempotency key finds
 * the same one. Throws `not_found` for a turn that is not part of the conversation, and `busy` for one that has not
 * ended.
 */
export async function openBranch(
  { transcripts, store, call, request }: DialectContext,
  { session }: FoundThread,
  turn: string,
  intent: SendIntent,
): Promise<Branch> {
  const transcript = await transcripts.read(session);
  const { messages = [], metadata } = transcript?.state ?? {};
  const once = transcript?.head.kind === 'once' && ({ once: true } as const);
  const at = messages.findLastIndex((each) => each.role === 'agent' && each.turn === turn);
  const last = messages[at];
  if (last?.role !== 'agent')
    throw new RefusalError('not_found', 'That answer is not part of a conversation.');
  if (last.outcome === undefined)
    throw new RefusalError('busy', 'That answer is not complete, and another message waits for its end.');
  const key = request.header(headers.idempotencyKey);
  const found = await findThread(
    store,
    call.owner,
    key === undefined
      ? { type: 'new', ...once }
      : { type: 'keyed', key: `${session}.${turn} ${key}`, ...once },
  );
  const { thread: _, ...kept } = isRecord(metadata) ? metadata : {};
  const { follows: __, ...message } = intent.message;
  const past = messages
    .slice(0, at + 1)
    .filter(isInForce)
    .map(toPast);
  return {
    found,
    intent: { ...intent, message: { ...message, past, metadata: { ...kept, ...message.metadata } } },
  };
}

function isInForce(message: MessageState): boolean {
  return message.role === 'agent' || message.status !== 'withdrawn';
}

function toPast(message: MessageState): PastMessage {
  if (message.role === 'agent') return { role: 'agent', parts: message.parts.flatMap(toPastPart) };
  const { content, ref, author } = message;
  return {
    role: 'user',
    content,
    ...(ref !== undefined && { ref }),
    ...(author !== undefined && { author }),
  };
}

function toPastPart(part: Extract<MessageState, { role: 'agent' }>['parts'][number]): readonly PastPart[] {
  if (part.type === 'text' || part.type === 'reasoning')
    return part.text === '' ? [] : [{ type: part.type, text: part.text }];
  if (part.type !== 'tool') return [];
  const { call, tool, input = null, output = null, status } = part;
  const isDone = status === 'ok' || status === 'error';
  return [{ type: 'tool', call, tool, input, output, status: isDone ? status : 'cancelled' }];
}

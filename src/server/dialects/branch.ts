import type { SendIntent } from '../../dialects/index.ts';
import { RefusalError, headers } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { AgentMessage, MessageState, PartState, PastMessage, PastPart } from '../../protocol/index.ts';
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
 * Opens a session that begins with the conversation up to a turn. A repeated request with an idempotency key
 * finds the same one. Throws `not_found` for a turn that is not part of the conversation, and `busy` for one
 * that has not ended.
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
  const past = toPast(messages.slice(0, at + 1));
  return {
    found,
    intent: { ...intent, message: { ...message, past, metadata: { ...kept, ...message.metadata } } },
  };
}

function isInForce(message: MessageState): boolean {
  return message.role === 'agent' || message.status !== 'withdrawn';
}

/** Answers that go on from each other's approvals become one. */
function toPast(messages: readonly MessageState[]): readonly PastMessage[] {
  const past: PastMessage[] = [];
  for (const message of messages.filter(isInForce)) {
    if (message.role === 'agent') {
      const before = past.at(-1);
      const earlier = before?.role === 'agent' ? before.parts : [];
      if (before?.role === 'agent') past.pop();
      past.push({ role: 'agent', parts: [...earlier, ...toPastParts(message)] });
      continue;
    }
    const { content, ref, author } = message;
    const names = { ...(ref !== undefined && { ref }), ...(author !== undefined && { author }) };
    past.push({ role: 'user', content, ...names });
  }
  return past;
}

/** A call that was asked about is left out: it was cancelled, and the answer that goes on makes it again. */
function toPastParts({ parts }: AgentMessage): readonly PastPart[] {
  const asked = new Set(parts.map((part) => (part.type === 'approval' ? part.call : undefined)));
  return parts.flatMap((part) =>
    part.type === 'tool' && part.status === 'cancelled' && asked.has(part.call) ? [] : toPastPart(part),
  );
}

function toPastPart(part: PartState): readonly PastPart[] {
  if (part.type === 'text' || part.type === 'reasoning')
    return part.text === '' ? [] : [{ type: part.type, text: part.text }];
  if (part.type !== 'tool') return [];
  const { call, tool, input = null, output = null, status } = part;
  const isDone = status === 'ok' || status === 'error';
  return [{ type: 'tool', call, tool, input, output, status: isDone ? status : 'cancelled' }];
}

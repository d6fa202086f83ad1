import type { Exchange, OutgoingMessage, SendIntent } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { Entry } from '../../protocol/index.ts';
import { mint } from '../../protocol/internal.ts';
import type { CallerCommand, Key, Submission } from '../../turns/index.ts';
import { digest } from '../derive.ts';
import type { Reply } from '../reply.ts';
import { readKey, toContent, toOptionalText } from '../request-fields.ts';
import { isLastTurn, openBranch } from './branch.ts';
import type { DialectContext } from './dialect-context.ts';
import { findExchange } from './find-exchange.ts';
import type { FoundThread } from './find-thread.ts';
import { show } from './show.ts';
import { requireOutboxes, toPlace } from './webhooks.ts';

type MessageCommand = CallerCommand & { readonly type: 'message' };

/** A message to submit. `check` refuses it if it is not a repeated one. */
interface Sending {
  readonly command: MessageCommand;
  readonly key: Key | undefined;
  readonly check: (() => Promise<RefusalError | undefined>) | undefined;
  readonly unattended: true | undefined;
  /** The message is counted already. */
  readonly isCounted: true | undefined;
}

/**
 * The longest metadata of a new session, in UTF-16 units of its JSON: clients send instructions in it. One
 * event must fit the limit of readers (1 MiB).
 */
const maxMetadata = 256 * 1024;

/**
 * Sends a message into its session, which is created if it does not exist, and shows the exchange. A message
 * that follows a turn which is not the last one begins a branch.
 */
export async function sendMessage(
  context: DialectContext,
  found: FoundThread,
  intent: SendIntent,
): Promise<Reply> {
  const { follows } = intent.message;
  if (follows === undefined) return send(context, found, intent);
  const passed = new RefusalError('too_late', 'The conversation has gone on since that answer.');
  const check = async (): Promise<RefusalError | undefined> =>
    (await isLastTurn(context, found, follows)) ? undefined : passed;
  try {
    return await send(context, found, intent, { check });
  } catch (error) {
    if (error !== passed) throw error;
  }
  const branch = await openBranch(context, found, follows, intent);
  return send(context, branch.found, branch.intent, { isCounted: true });
}

/** The facts about a message before it is sent. */
interface Sent {
  readonly check?: Sending['check'];
  readonly isCounted?: true;
}

async function send(
  context: DialectContext,
  found: FoundThread,
  intent: SendIntent,
  sent: Sent = {},
): Promise<Reply> {
  const { session } = found;
  const { message, unattended, webhook } = intent;
  // Before the message: a webhook that is refused must not leave a message behind.
  if (webhook !== undefined) await requireOutboxes(context).check(webhook, found.head);
  const replaced = await findReplaced(context, found, message);
  const command = await toCommand(context, found, message, replaced?.message);
  const key = await toKey(context, intent, command);
  // A repeated edit finds its exchange, although the message that it replaced is gone.
  const check = replaced?.misfit ? async () => replaced.misfit : sent.check;
  const sending = { command, key, check, unattended, isCounted: sent.isCounted };
  const { entries, repeated } = await submit(context, found, message, sending);
  const at = entries.findLastIndex(({ event }) => event.type === 'message');
  const own = entries.slice(at);
  const exchange = await toExchange(context, session, own[0], entries[at - 1]);
  if (webhook !== undefined)
    await requireOutboxes(context).put(toPlace(context, { ...found, exchange }), webhook, 'start');
  // A repeated request may come when the exchange has gone on. Its stream reads the log from the start.
  return show(context, { ...found, exchange, opening: repeated ? undefined : own.slice(0, 1) }, intent.show);
}

async function toCommand(
  { transcripts }: DialectContext,
  { session, head }: FoundThread,
  { content, ref, run, author, seen }: OutgoingMessage,
  replaces: string | undefined,
): Promise<MessageCommand> {
  const begun = toOptionalText(seen, 'seen');
  return {
    type: 'message',
    message: mint(16),
    turn: mint(16),
    content: toContent(content, 'content'),
    ref: toOptionalText(ref, 'ref'),
    run: toOptionalText(run, 'run'),
    author: toOptionalText(author, 'author'),
    replaces,
    onBusy: 'supersede',
    // Only an open turn can have been seen.
    seen: begun && head?.turn && (await findExchange(transcripts, session, { message: begun }))?.message,
    at: Date.now(),
  };
}

/** Heddle's name of the message that another one replaces, or the reason why there is none. */
interface Replaced {
  readonly message?: string;
  readonly misfit?: RefusalError;
}

/**
 * Finds the message that another one replaces; undefined if none is to be replaced. A message may replace the
 * one of its own `ref`, if there is one. Most such messages are new, and come after the one that their sender
 * has seen answered.
 */
async function findReplaced(
  { transcripts }: DialectContext,
  { session, head }: FoundThread,
  { ref, replaces, seen }: OutgoingMessage,
): Promise<Replaced | undefined> {
  const name = toOptionalText(replaces, 'replaces');
  // In a new session there is nothing to replace: the edited message is in the past that its client brings.
  if (name === undefined || name === '' || head === undefined) return undefined;
  const begun = toOptionalText(seen, 'seen');
  const before = name === ref && begun !== undefined ? { message: begun } : undefined;
  const found = await findExchange(transcripts, session, { message: name }, before);
  if (found !== undefined) return { message: found.message };
  if (name === ref) return undefined;
  const sentence = 'There is no message of that name to replace in this conversation.';
  return { misfit: new RefusalError('malformed', sentence) };
}

/**
 * Returns the idempotency key: the one of the request, or the one that the dialect made of its client's ids.
 */
async function toKey(
  { request }: DialectContext,
  { key, message: { replaces } }: SendIntent,
  { content, author, ref }: MessageCommand,
): Promise<Key | undefined> {
  // The name as it was given: what it stands for may change until the request is repeated.
  const body = JSON.stringify([content, author, replaces, ref]);
  const given = await readKey(request, 'message', body);
  if (given !== undefined || key === undefined) return given;
  // Names of clients may have any characters.
  return { id: `message:${await digest(key)}`, digest: await digest(body) };
}

async function submit(
  context: DialectContext,
  { session, thread, once, head }: FoundThread,
  { past, metadata }: OutgoingMessage,
  { command, unattended, isCounted, ...options }: Sending,
): Promise<Submission> {
  const { engine, call } = context;
  const { owner } = call;
  const submitNow = (): Promise<Submission> => engine.submit(session, command, { owner, ...options });
  if (head !== undefined) {
    if (!isCounted) await call.spend('messages', session);
    return submitNow();
  }
  const about = { ...metadata, ...(thread !== undefined && { thread }) };
  if (JSON.stringify(about).length > maxMetadata)
    throw new RefusalError(
      'too_large',
      `The instructions of the conversation are longer than ${maxMetadata.toLocaleString('en')} characters.`,
    );
  await call.spend('sessions', session);
  if (!isCounted) await call.spend('messages', session);
  const creation = {
    session,
    owner,
    kind: once ? 'once' : 'session',
    unattended,
    ...(Object.keys(about).length > 0 && { metadata: about }),
    ...(past && { past }),
    at: command.at,
  } as const;
  try {
    const created = await engine.create(creation, command, options.key);
    engine.kick(session);
    return created;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  // Another request of this client has created the session meanwhile, or it was deleted.
  try {
    return await submitNow();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new RefusalError('too_late', 'This conversation was deleted. Begin a new one under another name.');
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof RefusalError && error.code === 'not_found';
}

/** Returns the exchange of an entry that sent a message. */
async function toExchange(
  { transcripts }: DialectContext,
  session: string,
  entry: Entry | undefined,
  before: Entry | undefined,
): Promise<Exchange> {
  const event = entry?.event;
  if (event?.type !== 'message') throw new RefusalError('key_reused');
  const { message, turn, ref } = event;
  if (before !== undefined)
    return { session, message, turn, ...(ref !== undefined && { ref }), from: before.id };
  // The entry before the first one of an append is in no receipt. The folded state has it.
  const found = await findExchange(transcripts, session, { message });
  if (found === undefined)
    throw new RefusalError('too_late', 'That message is no longer part of the conversation.');
  return { ...found, turn };
}

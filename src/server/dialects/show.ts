import type { Exchange, Finding, Show, StreamShow } from '../../dialects/index.ts';
import { RefusalError, emptyState, fromWireId, toSeq } from '../../protocol/index.ts';
import type { Entry, SessionState, WireId } from '../../protocol/index.ts';
import { findSent, isRecord } from '../../protocol/internal.ts';
import { encode } from '../../wire/index.ts';
import type { Reply } from '../reply.ts';
import { streamHeaders } from '../streams.ts';
import type { DialectContext } from './dialect-context.ts';
import { findWithdrawn, foldExchange } from './exchange-entries.ts';
import type { FoundThread } from './find-thread.ts';
import { stopWhenLeft } from './stop-turn.ts';
import { toReply } from './to-reply.ts';
import { waitForEnd } from './wait-for-end.ts';

/** A session, and the exchange that was asked for. */
export interface ShownThread extends Pick<FoundThread, 'session' | 'thread'> {
  readonly exchange?: Exchange | undefined;
  /** The entries of the exchange that this request wrote, from its message on. They are sent at once. */
  readonly opening?: readonly Entry[] | undefined;
}

/** The most frames that a client may have of one exchange. */
const maxSkip = 10_000_000;

/** Answers with what was found: a stream of the exchange, or a body. */
export async function show(context: DialectContext, shown: ShownThread, how: Show): Promise<Reply> {
  const reply = how.as === 'stream' ? await toStream(context, shown, how) : await toBody(context, shown, how);
  return { ...reply, headers: { ...reply.headers, 'heddle-session': shown.session } };
}

async function toBody(
  context: DialectContext,
  shown: ShownThread,
  { as, reply }: Show & { as: 'whole' | 'now' },
): Promise<Reply> {
  const { exchange } = shown;
  const waits = as === 'whole' && exchange !== undefined;
  if (waits) {
    await waitForEnd(context, exchange);
    await context.checkValid(context.call.principal);
  }
  if (typeof reply !== 'function') return toReply(reply);
  const finding = await readFinding(context, shown);
  if (!waits || findSent(finding.state.messages, exchange.message) >= 0) return toReply(reply(finding));
  // Another client has edited the message meanwhile. The conversation has no such answer any more.
  const state = await foldExchange(context.store.log, exchange);
  return toReply(reply({ ...finding, ...(state && { state }) }));
}

async function toStream(context: DialectContext, shown: ShownThread, how: StreamShow): Promise<Reply> {
  const { store, streams, transcripts, dialect, call } = context;
  const { session, exchange, opening } = shown;
  const needsState = how.preface !== undefined || how.after === 'state';
  const finding = needsState ? await readFinding({ transcripts }, shown) : undefined;
  const preface = finding && how.preface?.(finding);
  if (exchange === undefined) {
    const text = (preface?.frames ?? []).map(encode).join('');
    return { type: 'whole', status: 200, headers: streamHeaders, body: text };
  }
  const thread = finding?.thread ?? shown.thread;
  const scope: Exchange = {
    ...exchange,
    ...(thread !== undefined && { thread }),
    ...(how.whole && { whole: true }),
    ...(how.variant !== undefined && { variant: how.variant }),
  };
  const withdrawn = how.fresh ? await findWithdrawn(store.log, scope) : undefined;
  const after = how.after === 'state' ? toEnd(finding?.state) : readAfter(how.after, session);
  const options = {
    session,
    dialect,
    scope: withdrawn === undefined ? scope : { ...scope, withdrawn },
    after,
    skip: readSkip(how.skip),
    ...(opening && after === undefined && how.skip === undefined && { opening }),
    ...(preface && { preface }),
  };
  const described = streams.describe(call.principal, options);
  const reply = how.ownsTurn ? stopWhenLeft(context, exchange, described) : described;
  return { ...reply, headers: { ...reply.headers, ...dialect.headers?.(scope) } };
}

/**
 * Reads the conversation. A client that names the session by its id learns the name that it was begun under.
 */
export async function readFinding(
  { transcripts }: Pick<DialectContext, 'transcripts'>,
  { session, thread, exchange }: ShownThread,
): Promise<Finding> {
  const { state = emptyState(session), head } = (await transcripts.read(session)) ?? {};
  const name = thread ?? (isRecord(state.metadata) ? state.metadata['thread'] : undefined);
  return {
    session,
    ...(typeof name === 'string' && { thread: name }),
    ...(exchange && { exchange }),
    state,
    ...(head && { activeAt: head.activeAt }),
  };
}

function toEnd({ last }: Pick<SessionState, 'last'> = {}): WireId | undefined {
  return last === undefined ? undefined : { id: last, seq: toSeq(last) };
}

function readAfter(text: string | undefined, session: string): WireId | undefined {
  if (!text) return undefined;
  const id = fromWireId(text);
  if (id === undefined || (id.session ?? session) !== session)
    throw new RefusalError('malformed', 'The last event id is not one of this stream.');
  return id;
}

function readSkip(skip: number | undefined): number | undefined {
  if (skip === undefined || (Number.isInteger(skip) && skip >= 0 && skip <= maxSkip)) return skip;
  throw new RefusalError('malformed', `The number of frames must be a whole number from 0 to ${maxSkip}.`);
}

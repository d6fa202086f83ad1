import { follow } from '../log/index.ts';
import type { EventLog, Gone, Missing, Page } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { WireId } from '../protocol/index.ts';
import type { Transcripts } from '../transcripts/index.ts';
import { json } from './reply.ts';
import type { Reply } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import { longestSilenceMs } from './longest-silence.ts';

/** The longest wait, in seconds. */
const longest = Math.min(25, longestSilenceMs / 1000);

export interface LongPollOptions {
  readonly log: EventLog;
  readonly transcripts: Transcripts;
  /** Aborted when the server shuts down. */
  readonly closing: AbortSignal;
  readonly session: string;
  readonly after: WireId | undefined;
}

/**
 * Returns entries at once if there are any. Otherwise waits until one arrives, at most `?wait=` seconds.
 * Stops waiting when the client leaves. Throws `draining` if the server shuts down meanwhile.
 */
export async function longPoll(
  { log, transcripts, closing, session, after }: LongPollOptions,
  request: ServerRequest,
): Promise<Reply> {
  const waitMs = readWait(request) * 1000;
  const first = await log.read(session, after?.id, 256);
  const isNews = first.type !== 'page' || first.entries.length > 0 || first.base !== undefined;
  if (isNews || waitMs === 0) return toPolled(transcripts, session, first);

  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = setTimeout(end, waitMs);
  const signals = request.gone === undefined ? [closing] : [closing, request.gone];
  for (const signal of signals) {
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  }
  try {
    for await (const page of follow(log, session, { after: after?.id, signal: ended.signal }))
      return await toPolled(transcripts, session, page);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', end);
  }
  if (closing.aborted) throw new RefusalError('draining');
  return json(200, { entries: [] });
}

async function toPolled(
  transcripts: Transcripts,
  session: string,
  page: Page | Missing | Gone,
): Promise<Reply> {
  if (page.type === 'missing') throw new RefusalError('not_found');
  if (page.type === 'gone') {
    const state = (await transcripts.read(session))?.state;
    return json(200, { resync: { reason: page.reason, state }, entries: [] });
  }
  const { entries, base } = page;
  return json(200, { entries, ...(base && { resync: { reason: 'trimmed', state: base } }) });
}

function readWait(request: ServerRequest): number {
  const text = request.query.get('wait') ?? '0';
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text))
    throw new RefusalError(
      'malformed',
      `"wait" must be a number of seconds, like ${longest}; it waits no longer than that.`,
    );
  return Math.min(Number(text), longest);
}

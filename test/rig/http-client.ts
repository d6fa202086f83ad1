import { setTimeout as delay } from 'node:timers/promises';
import { headers as names, isEntry, toSeq } from '../../src/protocol/index.ts';
import { isRecord } from '../../src/protocol/internal.ts';
import type { FinalLog, HistoryRecorder, LoggedEntry } from '../../src/testing/index.ts';

/** The owner of the sessions, and the headers that authenticate it. */
export interface HttpCaller {
  readonly owner: string;
  readonly headers: Readonly<Record<string, string>>;
}

const anonymous: HttpCaller = { owner: 'anonymous', headers: {} };

/** Creates a session and returns its id. */
export async function postSession(url: string, { headers }: HttpCaller = anonymous): Promise<string> {
  const response = await fetch(`${url}/session`, { method: 'POST', headers });
  const body: unknown = await response.json();
  return isRecord(body) ? String(body['session_id']) : '';
}

export interface RequestOptions {
  readonly history: HistoryRecorder;
  /** Called for each try, because the server may have moved. */
  readonly url: () => string;
  readonly session: string;
  readonly key: string;
  readonly content: string;
  readonly tries?: number;
  readonly timeoutMs?: number;
  /** The pause before the next try, in milliseconds. @default 20 */
  readonly pauseMs?: number;
  /** @default a caller of a server without auth */
  readonly caller?: HttpCaller;
}

/**
 * Sends a message until a server answers it, and records each try in the history. Resolves with the turn's
 * id, or with undefined if the message was refused or all tries failed.
 */
export async function send(options: RequestOptions): Promise<string | undefined> {
  const { history, url, session, key, content, tries = 200, timeoutMs = 2_000 } = options;
  const { caller = anonymous, pauseMs = 20 } = options;
  for (let count = 0; count < tries; count += 1) {
    const post = history.post({ session, principal: caller.owner, key, content });
    try {
      const response = await fetch(`${url()}/message/${session}`, {
        method: 'POST',
        headers: { ...caller.headers, 'content-type': 'application/json', [names.idempotencyKey]: key },
        body: JSON.stringify({ content }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const body: unknown = await response.json();
      const field = (name: string): string => (isRecord(body) ? String(body[name]) : '');
      if (response.status === 202) {
        post.settle({
          type: 'answered',
          message: field('message_id'),
          turn: field('turn_id'),
          id: field('id'),
        });
        return field('turn_id');
      }
      if (response.status < 500) {
        post.settle({ type: 'refused', code: field('code') });
        return undefined;
      }
    } catch {
      // The response was lost. The server may or may not have taken the message.
    }
    await delay(pauseMs);
  }
  return undefined;
}

/** Reads a session's whole log by the long poll. */
async function fetchLog(url: string, session: string, { owner, headers }: HttpCaller): Promise<FinalLog> {
  const entries: LoggedEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.id;
    const query = after === undefined ? '' : `?after=${after}`;
    const response = await fetch(`${url}/events/${session}${query}`, { headers });
    const body: unknown = await response.json();
    const page = isRecord(body) && Array.isArray(body['entries']) ? body['entries'].filter(isEntry) : [];
    if (page.length === 0) return { session, owner, entries };
    entries.push(...page.map(({ id, event }) => ({ id, event })));
  }
}

/** Waits until a session's log has a number of ended turns, and returns the log. Rejects after `withinMs`. */
export async function fetchQuietLog(
  url: () => string,
  session: string,
  turns: number,
  withinMs: number,
  caller: HttpCaller = anonymous,
): Promise<FinalLog> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const log = await fetchLog(url(), session, caller).catch(() => undefined);
    const ends = log?.entries.filter(({ event }) => event.type === 'message_end').length ?? 0;
    if (log !== undefined && ends >= turns) return log;
    if (performance.now() > deadline)
      throw new Error(`Session ${session} has ${ends} of ${turns} ends after ${withinMs} ms.`);
    // The long poll returns when there are more entries.
    const last = log?.entries.at(-1)?.id;
    if (last !== undefined && toSeq(last) > 0)
      await fetch(`${url()}/events/${session}?after=${last}&wait=1`, { headers: caller.headers }).then(
        (response) => response.arrayBuffer(),
        () => delay(20),
      );
    else await delay(20);
  }
}

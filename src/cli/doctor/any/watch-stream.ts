import { bad } from '../check.ts';
import type { CheckFinding } from '../check.ts';
import type { DoctorResponse } from '../net/doctor-request.ts';
import { openLine } from '../net/open-line.ts';
import type { DoctorLine } from '../net/open-line.ts';
import { readableEncodings, receive } from '../net/receive.ts';
import type { ReceivedBody } from '../net/receive.ts';
import type { DoctorPace } from '../pace.ts';
import { readEvents } from './read-events.ts';
import type { EventRecord } from './read-events.ts';

/** A stream of any server, as the doctor has seen it. */
export type WatchedStream =
  | { readonly isStream: false; readonly finding: CheckFinding }
  | {
      readonly isStream: true;
      readonly line: Pick<DoctorLine, 'version' | 'tls'>;
      readonly response: Pick<DoctorResponse, 'status' | 'headers' | 'headersMs'>;
      readonly body: ReceivedBody;
      readonly events: EventRecord;
      /** The first id of a second request with `Last-Event-ID`, if it brought one; '' if it brought none. */
      readonly resumed: { readonly status: number; readonly firstId: string } | undefined;
    };

export interface WatchStreamOptions {
  readonly insecureTls: boolean;
  readonly token: string | undefined;
  readonly pace: DoctorPace;
  /** How long all of it may take, in milliseconds. */
  readonly withinMs: number;
}

/**
 * Watches a stream of any server for a while, and asks for it once more with the last id. Throws when it
 * cannot be reached.
 */
export async function watchStream(
  url: URL,
  { insecureTls, token, pace, withinMs }: WatchStreamOptions,
): Promise<WatchedStream> {
  const endsAt = performance.now() + withinMs;
  const restMs = (): number => Math.max(0, endsAt - performance.now());
  const line = await openLine(url, { insecureTls, withinMs: Math.min(pace.answerMs, withinMs) });
  // A quarter is left for the second request.
  const watchMs = Math.min(pace.watchMs, restMs() * 0.75);
  const ask = (inMs: number, more: Readonly<Record<string, string>> = {}): Promise<DoctorResponse> =>
    line.send({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: 'text/event-stream',
        'accept-encoding': readableEncodings,
        'user-agent': 'heddle-doctor',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...more,
      },
      withinMs: inMs,
    });
  try {
    const response = await ask(watchMs);
    const { status, headers } = response;
    const type = headers['content-type'] ?? '';
    if (status !== 200 || !/^text\/event-stream\b/i.test(type)) {
      response.leave();
      return { isStream: false, finding: judgeNoStream(status, type, headers['location']) };
    }
    const body = await receive(response, { withinMs: Math.max(0, watchMs - response.headersMs) });
    const events = readEvents(body);
    const resumed =
      events.lastId === ''
        ? undefined
        : await resume(
            () => ask(restMs(), { 'last-event-id': toHeader(events.lastId) }),
            () => Math.min(2_000, pace.watchMs, restMs()),
          );
    return { isStream: true, line, response, body, events, resumed };
  } finally {
    line.close();
  }
}

/**
 * Judges a response that is no stream. Only one with status 200 can have lost its content type on the way.
 */
function judgeNoStream(status: number, type: string, location: string | undefined): CheckFinding {
  const said = `is answered with status ${status}`;
  if (status >= 300 && status < 400 && location !== undefined)
    return bad('redirect', `${said}, a redirect to ${location}; give that URL`);
  if (status !== 200) return bad('unreachable', `${said}, and not with a stream`);
  return bad(
    'content-type',
    `${said} and ${type === '' ? 'no content-type' : type}, not with text/event-stream`,
  );
}

/** Writes an id as browsers do: as UTF-8, of which Node takes each byte for a character. */
function toHeader(id: string): string {
  return Buffer.from(id).toString('latin1');
}

async function resume(
  ask: () => Promise<DoctorResponse>,
  withinMs: () => number,
): Promise<{ status: number; firstId: string } | undefined> {
  try {
    const response = await ask();
    const body = await receive(response, {
      withinMs: withinMs(),
      isEnough: (bytes) => bytes.includes('\nid:') || bytes.subarray(0, 3).toString() === 'id:',
    });
    return { status: response.status, firstId: readEvents(body).firstId };
  } catch {
    return undefined;
  }
}

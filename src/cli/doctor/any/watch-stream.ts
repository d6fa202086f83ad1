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
}

/**
 * Watches a stream of any server for a while, and asks for it once more with the last id. Throws when it
 * cannot be reached.
 */
export async function watchStream(
  url: URL,
  { insecureTls, token, pace }: WatchStreamOptions,
): Promise<WatchedStream> {
  const line = await openLine(url, { insecureTls, withinMs: pace.answerMs });
  const ask = (more: Readonly<Record<string, string>> = {}): Promise<DoctorResponse> =>
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
      withinMs: pace.watchMs,
    });
  try {
    const response = await ask();
    const { status, headers } = response;
    const type = headers['content-type'] ?? '';
    if (status !== 200 || !/^text\/event-stream\b/i.test(type)) {
      response.leave();
      return { isStream: false, finding: judgeNoStream(status, type, headers['location']) };
    }
    const body = await receive(response, { withinMs: pace.watchMs });
    const events = readEvents(body);
    const resumed =
      events.lastId === '' ? undefined : await resume(() => ask({ 'last-event-id': events.lastId }), pace);
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

async function resume(
  ask: () => Promise<DoctorResponse>,
  pace: DoctorPace,
): Promise<{ status: number; firstId: string } | undefined> {
  try {
    const response = await ask();
    const body = await receive(response, {
      withinMs: Math.min(2_000, pace.watchMs),
      isEnough: (bytes) => bytes.includes('\nid:') || bytes.subarray(0, 3).toString() === 'id:',
    });
    return { status: response.status, firstId: readEvents(body).firstId };
  } catch {
    return undefined;
  }
}

import { isRecord } from '../../protocol/internal.ts';
import { toAnswerFailure } from './net/failure.ts';
import { receive, toBodyText } from './net/receive.ts';
import type { DoctorRequest, DoctorResponse } from './net/doctor-request.ts';
import type { DoctorPace } from './pace.ts';

/** The answer of the probe route to one request of the doctor. */
export type Echo =
  | {
      readonly type: 'told';
      readonly told: Readonly<Record<string, unknown>>;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** The route is not there for this caller. */
  | { readonly type: 'none'; readonly status: number }
  /** The server has lost the query: its answer is for another probe. */
  | { readonly type: 'query lost' }
  | { readonly type: 'failed'; readonly why: string };

/** The parts of a site that an echo needs. */
interface EchoSite {
  readonly url: URL;
  readonly run: string;
  readonly pace: DoctorPace;
  probe(part: string, options: EchoRequest): Promise<DoctorResponse>;
}

interface EchoRequest extends Partial<Omit<DoctorRequest, 'path'>> {
  readonly isKnown: boolean;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Asks the probe route what arrives of a POST of a page of this server. If it has no answer, it is asked once
 * more with a GET, so that a network that breaks POSTs is told from one that has no such route.
 */
export async function readEcho(site: EchoSite): Promise<Echo> {
  const posted = await askEcho(site, 'POST');
  return posted.type === 'told' || posted.type === 'query lost' ? posted : askEcho(site, 'GET', posted);
}

async function askEcho(site: EchoSite, method: 'GET' | 'POST', instead?: Echo): Promise<Echo> {
  const { origin } = site.url;
  try {
    const response = await site.probe(method === 'POST' ? 'echo' : 'echo2', {
      method,
      isKnown: true,
      query: { mode: 'echo', origin },
      headers: { origin },
      ...(method === 'POST' && { body: '{}' }),
    });
    const isStream = response.headers['content-type']?.startsWith('text/event-stream');
    if (isStream) {
      response.leave();
      return { type: 'query lost' };
    }
    const body = await receive(response, { withinMs: site.pace.answerMs });
    if (body.end !== 'clean') return instead ?? { type: 'failed', why: 'its answer breaks off' };
    const told = readJsonObject(toBodyText(body));
    if (told?.['probe'] === 1)
      return told['id'] === `${site.run}.${method === 'POST' ? 'echo' : 'echo2'}`
        ? { type: 'told', told, headers: response.headers }
        : { type: 'query lost' };
    return instead ?? { type: 'none', status: response.status };
  } catch (error) {
    return instead ?? { type: 'failed', why: toAnswerFailure(error) };
  }
}

/** Parses a JSON object. Returns undefined if the text is none. */
export function readJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

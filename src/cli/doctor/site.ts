import { forgedAddress, hopToken, toKnownHeaders } from '../../server/internal.ts';
import { readEcho } from './echo.ts';
import type { Echo } from './echo.ts';
import type { CheckGate } from './gate.ts';
import { createCheckGate } from './gate.ts';
import type { DoctorRequest, DoctorResponse } from './net/doctor-request.ts';
import type { DoctorLine } from './net/open-line.ts';
import type { DoctorPace } from './pace.ts';

/** The server that is examined, as its checks see it. */
export interface DoctorSite {
  /** The base URL, without a slash at the end of its path. */
  readonly url: URL;
  readonly line: DoctorLine;
  readonly pace: DoctorPace;
  readonly token: string | undefined;
  /** The name of this run. Probes of it are `<run>.<part>`. */
  readonly run: string;
  /** Bounds the streams that are open at once. */
  readonly gate: CheckGate;
  /** The answer to the check `reached`. */
  readonly health: DoctorResponse;
  send(path: string, options?: SendOptions): Promise<DoctorResponse>;
  /** Sends a request to the probe route. */
  probe(part: string, options?: ProbeOptions): Promise<DoctorResponse>;
  /**
   * The answer of the probe route to a POST of a page of the server. Undefined if the route is not there. It
   * is asked once for all checks.
   */
  echo(): Promise<Echo>;
}

interface SendOptions extends Partial<Omit<DoctorRequest, 'path'>> {
  readonly query?: Readonly<Record<string, string | number>>;
  /** Takes a connection of its own. */
  readonly isAlone?: boolean;
}

export interface ProbeOptions extends SendOptions {
  /** Sends the known headers, whose arrival the route compares. */
  readonly isKnown?: boolean;
}

export interface SiteOptions extends Pick<DoctorSite, 'url' | 'line' | 'pace' | 'token' | 'run' | 'health'> {}

/** Creates the view of a server for its checks. */
export function createSite(options: SiteOptions): DoctorSite {
  const { url, line, pace, token, run } = options;
  const base = url.pathname.replace(/\/$/, '');
  const isHopped = line.version === 'HTTP/1.1';
  let echo: Promise<Echo> | undefined;
  const site: DoctorSite = {
    ...options,
    gate: createCheckGate(),
    send: (
      path,
      {
        query = {},
        method = 'GET',
        headers = {},
        body,
        signal,
        isAlone = false,
        withinMs = pace.answerMs,
      } = {},
    ) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]) => [name, String(value)]),
      ).toString();
      return (isAlone ? line.sendAlone : line.send)({
        method,
        path: `${base}${path}${search === '' ? '' : `?${search}`}`,
        headers: {
          'user-agent': 'heddle-doctor',
          accept: '*/*',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        withinMs,
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      });
    },
    probe: (part, { isKnown = false, query, headers, ...rest } = {}) => {
      const id = `${run}.${part}`;
      const { authorization, ...known } = toKnownHeaders(id);
      return site.send('/health/stream', {
        ...rest,
        query: {
          id,
          ...(isKnown && {
            host: url.host,
            at: `${base}/health/stream`,
            secure: url.protocol === 'https:' ? 1 : 0,
            hop: isHopped ? 1 : 0,
            ...(rest.body !== undefined && { type: 'application/json' }),
          }),
          ...query,
        },
        headers: {
          ...(isKnown && {
            ...known,
            ...(token === undefined && authorization !== undefined && { authorization }),
            'x-forwarded-for': forgedAddress,
            // HTTP/2 has no such header.
            ...(isHopped && { connection: `close, ${hopToken}` }),
          }),
          ...headers,
        },
      });
    },
    echo: () => (echo ??= readEcho(site)),
  };
  return site;
}

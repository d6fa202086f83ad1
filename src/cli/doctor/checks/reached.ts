import { bad, fine, worth } from '../check.ts';
import type { CheckFinding } from '../check.ts';
import { readJsonObject } from '../echo.ts';
import type { DoctorResponse } from '../net/doctor-request.ts';
import { toAnswerFailure } from '../net/failure.ts';
import { openLine, UnreachableError } from '../net/open-line.ts';
import type { DoctorLine, OpenLineOptions } from '../net/open-line.ts';
import { receive, toBodyText } from '../net/receive.ts';
import { toTime } from '../stream/judge-stream.ts';

/** The result of the first check: its finding, and the way to the server if there is one. */
export interface Reach {
  readonly finding: CheckFinding;
  readonly line?: DoctorLine;
  /** The answer of `GET /health`, if there was one. */
  readonly health?: DoctorResponse;
}

export interface ReachOptions extends OpenLineOptions {
  /** A proxy may ask for it before it lets anything through. */
  readonly token: string | undefined;
}

/** Reaches a server: its name, its port, its certificate, and the answer of `GET /health`. Never rejects. */
export async function reach(url: URL, options: ReachOptions): Promise<Reach> {
  let line: DoctorLine | undefined;
  try {
    const opened = await openLine(url, options);
    line = opened;
    const ask = async (base: string): Promise<{ response: DoctorResponse; text: string }> => {
      const path = `${base}/health`;
      const { token } = options;
      const headers = {
        accept: 'application/json',
        'user-agent': 'heddle-doctor',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      };
      const request = { method: 'GET', path, headers, withinMs: options.withinMs } as const;
      const response = await opened.send(request);
      const withinMs = Math.max(0, options.withinMs - response.headersMs);
      return { response, text: toBodyText(await receive(response, { withinMs })) };
    };
    const base = url.pathname.replace(/\/$/, '');
    const { response, text } = await ask(base);
    const finding = judgeReached({ ...response, text }, opened);
    if (response.status === 400 && (await isSecure(url))) return { finding: tellSecure(url), line };
    const elsewhere = finding.state === 'bad' && base !== '' ? await findElsewhere(base, ask) : undefined;
    return { finding: elsewhere ?? finding, line, health: response };
  } catch (error) {
    const finding =
      error instanceof UnreachableError
        ? bad(error.fault, error.message)
        : (await isSecure(url))
          ? tellSecure(url)
          : bad('unreachable', `GET /health: ${toAnswerFailure(error)}`);
    return { finding, ...(line && { line }) };
  }
}

/** Returns whether a server that has no answer over plain HTTP speaks TLS. */
async function isSecure({ protocol, host }: URL): Promise<boolean> {
  if (protocol !== 'http:') return false;
  try {
    // Without a port, the port is that of plain HTTP.
    const port = /:\d+$/.test(host) ? '' : ':80';
    (await openLine(new URL(`https://${host}${port}`), { insecureTls: true, withinMs: 2_000 })).close();
    return true;
  } catch {
    return false;
  }
}

function tellSecure({ host }: URL): CheckFinding {
  return bad('unreachable', `${host} speaks TLS; try https://${host}`);
}

/**
 * Looks for the server under other paths: a proxy may take the path off, or pass it on unexpectedly, or the
 * URL is that of a page.
 */
async function findElsewhere(
  base: string,
  ask: (base: string) => Promise<{ response: DoctorResponse; text: string }>,
): Promise<CheckFinding | undefined> {
  const isAt = async (path: string): Promise<boolean> => isHealth((await ask(path)).text);
  const parts = base.split('/').slice(1, maxParts);
  // The longest one first.
  const above = parts.map((_, cut) => ['', ...parts.slice(0, parts.length - 1 - cut)].join('/'));
  const [isTwice, ...found] = await Promise.all(
    [`${base}${base}`, ...above].map((path) => isAt(path).catch(() => false)),
  );
  if (isTwice)
    return bad(
      'prefix',
      `the proxy takes ${base} off the path, and the server has --base-path ${base}; one of both is enough`,
    );
  const at = above[found.indexOf(true)];
  return at === undefined
    ? undefined
    : bad('prefix', `the server answers at ${at === '' ? '/' : at} and not at ${base}`);
}

/** The most parts of a path that are looked under. */
const maxParts = 8;

interface HealthAnswer extends Pick<DoctorResponse, 'status' | 'headers' | 'headersMs'> {
  readonly text: string;
}

/** Judges the answer of `GET /health`. */
export function judgeReached(
  { status, headers, headersMs, text }: HealthAnswer,
  { version, tls, certificateUntil }: Pick<DoctorLine, 'version' | 'tls' | 'certificateUntil'>,
): CheckFinding {
  const measured = { status, ms: Math.round(headersMs), version, ...(tls !== undefined && { tls }) };
  const said = `GET /health is answered with status ${status}`;
  const { location } = headers;
  if (location !== undefined && status >= 300 && status < 400)
    return bad(
      'redirect',
      `${said}, a redirect to ${location.replace(/\/health\/?$/, '') || '/'}; give that URL`,
      measured,
    );
  if ([502, 503, 504].includes(status) && !isProblem(text))
    return bad('server-down', `${said}: the proxy does not reach the server`, measured);
  if (status === 511 || (status === 200 && /<html|<!doctype|<h1/i.test(text)))
    return bad('not-heddle', `${said} and a page of HTML: a sign-in page, or another server`, measured);
  if ([401, 403, 407].includes(status))
    return bad(
      'not-heddle',
      `${said}, and Heddle asks for no login there: something in front does, or this is another server`,
      measured,
    );
  if (status !== 200) return bad('not-heddle', `${said}, so this is no Heddle, or not its path`, measured);
  if (!isHealth(text)) return bad('not-heddle', `${said}, and not in the words of Heddle`, measured);

  const days =
    certificateUntil === undefined ? Infinity : Math.floor((certificateUntil - Date.now()) / 86_400_000);
  const parts = [
    `200 in ${toTime(headersMs)}`,
    ...(tls === undefined ? [] : [tls.replace(/^TLSv/, 'TLS ')]),
    version,
    ...(certificateUntil === undefined || Number.isNaN(certificateUntil)
      ? []
      : [`certificate until ${toDay(certificateUntil)}`]),
  ];
  return days < 14 ? worth('certificate', parts.join(', '), measured) : fine(parts.join(', '), measured);
}

function isHealth(text: string): boolean {
  return readJsonObject(text)?.['status'] === 'ok';
}

/** A server that shuts down answers with a problem of its own. */
function isProblem(text: string): boolean {
  return readJsonObject(text)?.['code'] !== undefined;
}

function toDay(time: number): string {
  return new Date(time).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

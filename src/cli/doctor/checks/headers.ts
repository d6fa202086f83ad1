import { isRecord } from '../../../protocol/internal.ts';
import { toReplyHeaders } from '../../../server/internal.ts';
import { bad, fine, joinFindings, skipped, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import type { Echo } from '../echo.ts';

/** Whether the headers that clients depend on arrive, in both directions. */
export const headersCheck: DoctorCheck = {
  name: 'headers',
  needs: ['reached'],
  run: async (site) => {
    const echo = await site.echo();
    switch (echo.type) {
      case 'told':
        return judgeHeaders(echo, site.run, site.token !== undefined);
      case 'query lost':
        return bad('query', 'the part of the URL behind the question mark does not arrive');
      case 'none':
        return skipped('needs the probe route');
      case 'failed':
        return bad('no-answer', `the probe route: ${echo.why}`);
    }
  },
};

/** The headers of requests, as they are written. */
const written: Readonly<Record<string, string>> = {
  accept: 'Accept',
  authorization: 'Authorization',
  'last-event-id': 'Last-Event-ID',
  'idempotency-key': 'Idempotency-Key',
  'x-api-key': 'X-API-Key',
  cookie: 'Cookie',
  'mcp-session-id': 'Mcp-Session-Id',
  'mcp-protocol-version': 'Mcp-Protocol-Version',
  'a2a-version': 'A2A-Version',
};

/** Judges the headers of a request and of its response. A token in place of the known one is no change. */
export function judgeHeaders(
  { told, headers }: Extract<Echo, { type: 'told' }>,
  run: string,
  hasToken: boolean,
): CheckFinding {
  const seen = {
    ...(isRecord(told['headers']) ? told['headers'] : {}),
    'content-type': told['content_type'],
  };
  const faulty = (how: string): readonly string[] =>
    Object.entries(seen).flatMap(([name, outcome]) =>
      outcome === how && !(name === 'authorization' && hasToken && how === 'changed')
        ? [written[name] ?? 'Content-Type']
        : [],
    );
  const [lost, changed] = [faulty('lost'), faulty('changed')];
  const reply = judgeReplyHeaders(headers, `${run}.${String(told['id']).split('.')[1]}`);
  return joinFindings([judgeRequestHeaders(lost, changed), reply]) ?? arrived(seen);
}

function judgeRequestHeaders(lost: readonly string[], changed: readonly string[]): CheckFinding | undefined {
  if (lost.length + changed.length === 0) return undefined;
  const says = [
    ...(lost.length > 0 ? [`${lost.join(', ')} ${lost.length === 1 ? 'does' : 'do'} not arrive`] : []),
    ...(changed.length > 0
      ? [`${changed.join(', ')} ${changed.length === 1 ? 'arrives' : 'arrive'} changed`]
      : []),
  ].join('; ');
  return bad('header', says, { lost, changed });
}

function arrived(seen: Readonly<Record<string, unknown>>): CheckFinding {
  return fine('Last-Event-ID, Authorization, Idempotency-Key and Cookie arrive', {
    arrived: Object.keys(seen),
  });
}

/** The headers of responses, as they are written, and what is lost with them. */
const needed: Readonly<Record<string, readonly [string, string]>> = {
  'content-type': ['Content-Type', 'clients do not know JSON and streams by it'],
  'cache-control': ['Cache-Control', 'caches may keep what is private'],
  'heddle-session': ['Heddle-Session', 'clients of dialects do not find their session again'],
  'retry-after': ['Retry-After', 'clients come back too early'],
  'set-cookie': ['Set-Cookie', 'streams with a ticket cannot be resumed'],
};

function judgeReplyHeaders(headers: Readonly<Record<string, string>>, id: string): CheckFinding | undefined {
  const sent = toReplyHeaders(id);
  const isThere = (name: string): boolean => {
    const value = headers[name];
    if (value === undefined) return false;
    if (name === 'content-type') return /^application\/json\b/i.test(value);
    if (name === 'cache-control') return /\bno-store\b/.test(value);
    // Proxies add attributes and cookies of their own.
    if (name === 'set-cookie') return value.includes(`heddle_doctor=${id}`);
    return value === sent[name];
  };
  const missing = Object.keys(needed).filter((name) => !isThere(name));
  const [first] = missing;
  if (first === undefined) return undefined;
  const names = missing.map((name) => needed[name]?.[0]).join(', ');
  const says = `${names} of responses ${missing.length === 1 ? 'does' : 'do'} not come back as sent: ${needed[first]?.[1]}`;
  return missing.every((name) => name === 'retry-after' || name === 'cache-control')
    ? worth('reply-header', says, { missing })
    : bad('reply-header', says, { missing });
}

import { bad, fine, skipped } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { readJsonObject } from '../echo.ts';
import { receive, toBodyText } from '../net/receive.ts';
import type { DoctorSite } from '../site.ts';

/** Whether a stream opens by a ticket, with the path and the cookie that the network leaves of it. */
export const pathCheck: DoctorCheck = {
  name: 'path',
  needs: ['reached', 'host'],
  after: ['many'],
  run: async (site) => {
    const echo = await site.echo();
    const isShorter = echo.type === 'told' && echo.told['path'] === 'shorter';
    const note = isShorter ? 'a part of the path is taken off, and ' : '';
    const { pathname } = site.url;
    if (site.token === undefined)
      return isShorter
        ? fine(`the proxy takes ${pathname} off the path; tickets need a token to be tried`)
        : skipped('tries tickets where a token is given');
    return tryTicket(site, note);
  },
};

async function tryTicket(site: DoctorSite, note: string): Promise<CheckFinding> {
  const within = { withinMs: site.pace.answerMs };
  const post = async (path: string): Promise<{ status: number; body: ReturnType<typeof readJsonObject> }> => {
    const response = await site.send(path, { method: 'POST', body: '{}' });
    return { status: response.status, body: readJsonObject(toBodyText(await receive(response, within))) };
  };
  const created = await post('/session');
  const session = created.body?.['session_id'];
  if (created.status === 401)
    return bad('token', 'the token is not accepted, or Authorization does not arrive');
  if (typeof session !== 'string') return bad('ticket', `a session is not created: status ${created.status}`);
  try {
    const ticket = await post(`/ticket/${session}`);
    const place = ticket.body?.['url'];
    if (typeof place !== 'string') return bad('ticket', `a ticket is not made: status ${ticket.status}`);
    const base = site.url.pathname.replace(/\/$/, '');
    const url = new URL(place, `${site.url.origin}${base}/ticket/${session}`);
    // A ticket stands for the token, so that it goes without one.
    const response = await site.line.send({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { accept: 'text/event-stream', 'user-agent': 'heddle-doctor' },
      ...within,
    });
    response.leave();
    return judgeTicket(response, note);
  } finally {
    const gone = await site.send(`/session/${session}`, { method: 'DELETE' }).catch(() => undefined);
    gone?.leave();
  }
}

/** Judges the answer to a stream that was opened with a ticket. */
export function judgeTicket(
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  note = '',
): CheckFinding {
  if (status !== 200) return bad('ticket', `${note}the URL of a ticket is answered with status ${status}`);
  if (!/heddle_/.test(headers['set-cookie'] ?? ''))
    return bad('ticket', `${note}the cookie of a ticket does not come back`);
  return fine(`${note}a stream opens by its ticket`);
}

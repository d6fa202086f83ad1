import { isRecord } from '../../../protocol/internal.ts';
import { bad, fine, joinFindings, skipped, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { readJsonObject } from '../echo.ts';
import { receive, toBodyText } from '../net/receive.ts';
import type { DoctorSite } from '../site.ts';

/** Whether the server takes a POST of its own page: Host and Origin arrive as the browser sent them. */
export const hostCheck: DoctorCheck = {
  name: 'host',
  needs: ['reached'],
  run: async (site) => {
    const echo = await site.echo();
    if (echo.type === 'told') return judgeHost(echo.told, site.url);
    return echo.type === 'none' ? askWithoutProbe(site) : skipped('depends on headers');
  },
};

/** Judges what the probe route told of Host and Origin. */
export function judgeHost(told: Readonly<Record<string, unknown>>, url: URL): CheckFinding {
  const { host, host_seen: seen, origin, refused } = told;
  const code = isRecord(refused) ? String(refused['code']) : undefined;
  const measured = {
    host,
    origin,
    ...(seen !== undefined && { seen }),
    ...(code !== undefined && { refused: code }),
  };
  const isChanged = host !== 'arrived';
  const arrival = host === 'lost' ? 'does not arrive' : `arrives as ${String(seen)}`;
  if (origin === 'changed' || origin === 'lost') {
    const refusal = bad(
      'origin',
      `Origin ${origin === 'lost' ? 'does not arrive' : 'arrives as another'}: pages and logins by cookie are refused with forbidden_origin`,
      measured,
    );
    // What the server would refuse with the right Origin is not known.
    return joinFindings([refusal, isChanged ? worth('host', `Host ${arrival}`) : undefined]) ?? refusal;
  }
  if (code !== undefined && isChanged)
    return bad('host', `Host ${arrival}: every page is refused with ${code}`, measured);
  if (code === 'forbidden_host')
    return bad(
      'host',
      `the server does not answer to the name ${url.hostname}: --allow-host ${url.hostname}`,
      measured,
    );
  if (code !== undefined) {
    const detail = isRecord(refused) ? String(refused['detail']) : '';
    return bad('host', `every page is refused with ${code}: ${detail}`, measured);
  }
  if (isChanged) return worth('host', `Host ${arrival}, and the server takes it`, measured);
  return fine(`Host and Origin arrive as ${url.host}`, measured);
}

/** Without the probe route, the refusal of a POST that changes nothing shows a changed Host. */
async function askWithoutProbe(site: DoctorSite): Promise<CheckFinding> {
  const response = await site.send('/ticket/heddle-doctor', {
    method: 'POST',
    headers: { origin: site.url.origin },
    body: '{}',
  });
  const problem = readJsonObject(toBodyText(await receive(response, { withinMs: site.pace.answerMs })));
  const code = String(problem?.['code']);
  if (code === 'forbidden_host' || code === 'forbidden_origin')
    return bad('host', `every page is refused with ${code}: ${String(problem?.['detail'])}`, {
      refused: code,
    });
  if (problem?.['code'] === undefined)
    return bad('no-answer', `a POST of a page is answered with status ${response.status}, and not by Heddle`);
  return fine(`a page of ${site.url.origin} is not refused`);
}

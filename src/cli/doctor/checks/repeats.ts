import { bad, fine, joinFindings } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { receive } from '../net/receive.ts';
import { askSighting } from '../sighting.ts';
import type { ProbeSighting } from '../sighting.ts';
import type { DoctorSite } from '../site.ts';

/** Whether each request reaches the server, and does so once. */
export const repeatsCheck: DoctorCheck = {
  name: 'cache',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: async (site) => {
    await ask(site, 'GET', {});
    await ask(site, 'GET', {});
    // The answers may be lost; what the server has seen counts.
    const isPostAnswered = await ask(site, 'POST', { mode: 'echo' });
    return judgeRepeats(await askSighting(site, 'cache'), isPostAnswered);
  },
};

async function ask(
  site: DoctorSite,
  method: 'GET' | 'POST',
  query: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const response = await site.probe('cache', {
      method,
      query: { n: 1, gap: 10, ...query },
      ...(method === 'POST' && { body: '{}' }),
    });
    return (await receive(response, { withinMs: site.pace.answerMs })).end === 'clean';
  } catch {
    return false;
  }
}

/** Judges how often two GETs of one URL and one POST have reached the server. */
export function judgeRepeats(seen: ProbeSighting | undefined, isPostAnswered: boolean): CheckFinding {
  if (seen === undefined) return bad('cached', 'two requests for one URL did not reach the server');
  const { gets, posts } = seen;
  const measured = { gets, posts };
  const ofGets =
    gets < 2
      ? bad(
          'cached',
          'the second request for a URL is answered by a cache, and a client reads old bytes',
          measured,
        )
      : gets > 2
        ? bad('repeated', `two GETs reach the server ${toTimes(gets)}`, measured)
        : undefined;
  const ofPosts =
    posts > 1
      ? bad('repeated', `one POST reaches the server ${toTimes(posts)}`, measured)
      : posts === 0
        ? bad('no-answer', 'a POST does not reach the server', measured)
        : undefined;
  const ofAnswer =
    posts > 0 && !isPostAnswered
      ? bad('answer-lost', 'a POST reaches the server, and its answer is lost', measured)
      : undefined;
  return joinFindings([ofGets, ofPosts, ofAnswer]) ?? fine('each request reaches the server, once', measured);
}

function toTimes(count: number): string {
  return count === 2 ? 'twice' : `${count} times`;
}

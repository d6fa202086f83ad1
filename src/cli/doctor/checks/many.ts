import { setTimeout as delay } from 'node:timers/promises';
import { bad, fine } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import type { DoctorResponse } from '../net/doctor-request.ts';
import { watchStalls } from '../net/stall-watch.ts';
import { unsure } from '../stream/judge-stream.ts';
import { askSighting } from '../sighting.ts';
import type { DoctorSite } from '../site.ts';

/** As many streams as a few tabs of a few people have. */
const wanted = 20;

/**
 * Whether many streams can be open at once. It comes before the other checks of streams, because a limit
 * would make those fail for another reason.
 */
export const manyCheck: DoctorCheck = {
  name: 'many',
  needs: ['reached'],
  probe: true,
  run: async (site) => {
    const loop = watchStalls();
    const opened = await openMany(site);
    const isBusy = loop.busyMs() > site.pace.manyMs / 5;
    loop.stop();
    if (opened < wanted && isBusy) return unsure();
    // Each check has a stream and asks about it.
    if (opened < wanted) site.gate.narrow(Math.floor((opened - 1) / 2));
    return judgeMany(opened);
  },
};

async function openMany(site: DoctorSite): Promise<number> {
  const responses: DoctorResponse[] = [];
  const over = new AbortController();
  // Over a long way, each connection takes its time.
  const manyMs = site.pace.manyMs + 2 * site.health.headersMs;
  for (let index = 0; index < wanted; index += 1)
    void site
      .probe('many', {
        query: { n: 0, silent: Math.ceil(manyMs) + 500, stream: index },
        withinMs: manyMs,
        signal: over.signal,
      })
      .then((response) => {
        response.body.on('error', () => {}).resume();
        if (response.status === 200) responses.push(response);
      })
      .catch(() => {});
  let most = 0;
  const end = performance.now() + manyMs;
  while (most < wanted && performance.now() < end) {
    // The server's own count holds where the proxy keeps the headers back.
    const seen = await Promise.race([askSighting(site, 'many'), delay(manyMs / 10, undefined)]);
    most = Math.max(most, Math.min(wanted, seen?.open ?? 0), responses.length);
    if (most < wanted) await delay(20);
  }
  over.abort();
  for (const response of responses) response.leave();
  return most;
}

/** Judges how many streams were open at once. */
export function judgeMany(opened: number): CheckFinding {
  return opened < wanted
    ? bad('many', `only ${opened} of ${wanted} streams open at once`, { opened })
    : fine(`${wanted} streams open at once`, { opened });
}

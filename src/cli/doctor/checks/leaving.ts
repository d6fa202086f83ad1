import { setTimeout as delay } from 'node:timers/promises';
import { fine, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { askSighting } from '../sighting.ts';
import { receive } from '../net/receive.ts';
import { judgeStatus, toTime } from '../stream/judge-stream.ts';

/** Whether the server notices a reader who leaves while the stream is silent. */
export const leavingCheck: DoctorCheck = {
  name: 'leaving',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: async (site) => {
    const { answerMs, leaveMs } = site.pace;
    // Frames would show a proxy that its reader is gone.
    const response = await site.probe('leaving', {
      query: { n: 0, silent: 2 * leaveMs + 1_000 },
    });
    const refused = judgeStatus(response);
    if (refused !== undefined) {
      response.leave();
      return refused;
    }
    await receive(response, { withinMs: answerMs, isEnough: () => true });
    const leftAt = performance.now();
    for (let restMs = leaveMs; restMs > 0; restMs = leaveMs - (performance.now() - leftAt)) {
      const seen = await askSighting(site, 'leaving');
      if (seen?.leftMsAgo !== undefined)
        return judgeLeaving(Math.max(0, performance.now() - leftAt - seen.leftMsAgo), leaveMs);
      await delay(Math.min(restMs, leaveMs / 20));
    }
    return judgeLeaving(undefined, leaveMs);
  },
};

/** Judges the time after which the server noticed that its reader was gone. */
export function judgeLeaving(noticedMs: number | undefined, leaveMs: number): CheckFinding {
  return noticedMs === undefined
    ? worth('leaving', `a reader who leaves is not noticed within ${toTime(leaveMs)}`)
    : fine(`a reader who leaves is noticed after ${toTime(noticedMs)}`, {
        noticedMs: Math.round(noticedMs),
      });
}

import { bad, fine, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { judgeStatus } from '../stream/judge-stream.ts';
import { readProbeStream } from '../stream/read-probe-stream.ts';
import type { StreamMeasure } from '../stream/stream-measure.ts';

/** Whether a stream that the server cuts arrives as one that was cut. */
export const cutCheck: DoctorCheck = {
  name: 'cut',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: async (site) => {
    const plan = { count: 3, gapMs: site.pace.gapMs };
    const measure = await readProbeStream(site, 'cut', plan, { query: { end: 'cut' } });
    return judgeStatus(measure) ?? judgeCut(measure);
  },
};

/** Judges the end of a stream that the server has cut. */
export function judgeCut({ end }: Pick<StreamMeasure, 'end'>): CheckFinding {
  if (end === 'clean') return worth('clean-end', 'a stream that is cut arrives as a clean end', { end });
  if (end === 'late') return bad('broken', 'the end of a stream that is cut does not arrive', { end });
  return fine('a stream that is cut arrives as a cut', { end });
}

import type { DoctorCheck } from '../check.ts';
import { judgeStream, judgeTwice } from '../stream/judge-stream.ts';
import { readProbeStream } from '../stream/read-probe-stream.ts';

/** The same for a stream that answers a POST, as those of most clients of models. */
export const postStreamCheck: DoctorCheck = {
  name: 'post',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: (site) =>
    judgeTwice(async (attempt) =>
      judgeStream(
        await readProbeStream(
          site,
          `post${attempt}`,
          { count: 20, gapMs: site.pace.gapMs },
          { method: 'POST', body: '{}', headers: { accept: 'text/event-stream' } },
        ),
        'of a POST: ',
        site.health.headersMs,
      ),
    ),
};

import type { DoctorCheck } from '../check.ts';
import { judgeStream, judgeTwice } from '../stream/judge-stream.ts';
import { readProbeStream } from '../stream/read-probe-stream.ts';

/** Whether the frames of a stream come one by one, when they are sent. */
export const streamCheck: DoctorCheck = {
  name: 'stream',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: (site) =>
    judgeTwice(async (attempt) =>
      judgeStream(
        await readProbeStream(
          site,
          `stream${attempt}`,
          { count: 20, gapMs: site.pace.gapMs },
          { headers: { accept: 'text/event-stream', 'accept-encoding': 'identity' } },
        ),
        '',
        site.health.headersMs,
      ),
    ),
};

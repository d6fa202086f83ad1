import { bad, fine, skipped } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { judgeTwice, unsure } from '../stream/judge-stream.ts';
import { readProbeStream } from '../stream/read-probe-stream.ts';
import { toDelivery } from '../stream/stream-measure.ts';
import type { StreamMeasure } from '../stream/stream-measure.ts';

/** Whether bytes come as they are sent, and not in whole blocks. */
export const blocksCheck: DoctorCheck = {
  name: 'blocks',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: async (site, find) => {
    const found = await judgeTwice(async (attempt) => {
      const plan = { count: 64, gapMs: site.pace.blockGapMs, pad: 700 };
      const headers = { accept: 'text/event-stream', 'accept-encoding': 'identity' };
      return judgeBlocks(await readProbeStream(site, `blocks${attempt}`, plan, { headers }));
    });
    if (found.state !== 'bad' || found.measured?.['block'] !== undefined) return found;
    // Without a size of its own, this is what the check of the stream says already.
    const { state } = await find('stream');
    return state === 'ok' ? found : skipped('depends on stream');
  },
};

/** Judges a stream of many frames of 700 bytes. */
export function judgeBlocks(measure: StreamMeasure): CheckFinding {
  if (measure.frames.length < measure.plan.count)
    return bad('broken', `${measure.frames.length} of ${measure.plan.count + 1} frames came`);
  const delivery = toDelivery(measure);
  if (delivery.type === 'held') return bad('held', 'larger frames are held until the end');
  if (delivery.type === 'unsure') return unsure();
  if (delivery.type !== 'bursts') return fine('bytes come as they are sent');
  const { size, block } = delivery;
  return block === undefined
    ? bad('clumped', `bytes come in lumps of about ${Math.round(size / 1024)} KiB`, { size })
    : bad('blocks', `bytes come in whole blocks of ${block / 1024} KiB only`, { block });
}

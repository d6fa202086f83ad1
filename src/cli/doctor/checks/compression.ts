import { bad, fine, skipped, worth } from '../check.ts';
import type { CheckFinding, DoctorCheck } from '../check.ts';
import { readableEncodings } from '../net/receive.ts';
import { judgeStream, judgeTwice } from '../stream/judge-stream.ts';
import { readProbeStream } from '../stream/read-probe-stream.ts';
import type { StreamMeasure } from '../stream/stream-measure.ts';

/** Whether a proxy compresses streams, and holds them back by it. */
export const compressionCheck: DoctorCheck = {
  name: 'compression',
  needs: ['reached'],
  after: ['many'],
  probe: true,
  streams: true,
  run: async (site, find) => {
    const found = await judgeTwice(async (attempt) => {
      // Some proxies compress only what begins with a larger piece, as a session with a history does.
      const plan = { count: 20, gapMs: site.pace.gapMs, first: 2_048 };
      const headers = { accept: 'text/event-stream', 'accept-encoding': readableEncodings };
      return judgeCompression(
        await readProbeStream(site, `compression${attempt}`, plan, { headers }),
        site.health.headersMs,
      );
    });
    if (found.state !== 'bad' || found.measured?.['encoding'] !== undefined) return found;
    const { state } = await find('stream');
    return state === 'ok' ? found : skipped('depends on stream');
  },
};

/** Judges a stream whose reader accepts compressed bodies. */
export function judgeCompression(measure: StreamMeasure, usualMs = 0): CheckFinding {
  const encoding = measure.headers['content-encoding'];
  const found = judgeStream(measure, '', usualMs);
  const isCompressed = encoding !== undefined && encoding !== '' && encoding !== 'identity';
  if (found.state === 'skipped') return found;
  if (found.state !== 'ok')
    return bad(
      'compression',
      isCompressed
        ? `streams are compressed (${encoding}) and held back: ${found.says}`
        : `with Accept-Encoding: ${found.says}`,
      { ...found.measured, ...(isCompressed && { encoding }) },
    );
  return isCompressed
    ? worth(
        'compressed',
        `streams are compressed (${encoding}), frame by frame: it costs the proxy more than it saves`,
        { encoding },
      )
    : fine('streams are not compressed');
}

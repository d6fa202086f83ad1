import { createParser } from '../../../wire/index.ts';
import type { Frame } from '../../../wire/index.ts';
import { readJsonObject } from '../echo.ts';
import { receive } from '../net/receive.ts';
import type { ReceivedBody } from '../net/receive.ts';
import type { DoctorSite, ProbeOptions } from '../site.ts';
import type { StreamPlan, StreamMeasure, TimedFrame } from './stream-measure.ts';

/** Opens a probe stream, reads it to its end, and returns when its frames came. */
export async function readProbeStream(
  site: DoctorSite,
  part: string,
  plan: StreamPlan,
  { query, ...options }: ProbeOptions = {},
): Promise<StreamMeasure> {
  const { count, gapMs, pad = 0, first = 0 } = plan;
  const response = await site.probe(part, {
    ...options,
    query: { n: count, gap: gapMs, pad, first, ...query },
    withinMs: site.pace.answerMs + count * gapMs,
  });
  const body = await receive(response, { withinMs: count * gapMs + site.pace.answerMs });
  return toStreamMeasure(plan, response, body);
}

/** Finds the frames in a body, each with the time when its last byte came. */
function toStreamMeasure(
  plan: StreamPlan,
  response: Pick<StreamMeasure, 'status' | 'headers' | 'headersMs'>,
  body: ReceivedBody,
): StreamMeasure {
  const { status, headers, headersMs } = response;
  const frames: TimedFrame[] = [];
  let told: Readonly<Record<string, unknown>> | undefined;
  let atMs = 0;
  let stallMs = 0;
  let bytes = 0;
  const onFrame = ({ event, data }: Frame): void => {
    if (event === 'told') told = readJsonObject(data);
    const sentMs = event === 'told' ? 0 : Number(/^\d+/.exec(data)?.[0] ?? Number.NaN);
    if (!Number.isNaN(sentMs)) frames.push({ sentMs, atMs, stallMs, bytes });
  };
  const parser = createParser({ onFrame });
  for (const chunk of body.chunks) {
    ({ atMs, stallMs } = chunk);
    bytes += chunk.bytes.length;
    parser.push(chunk.bytes);
  }
  return { plan, status, headers, headersMs, frames, end: body.end, endMs: body.endMs, told };
}

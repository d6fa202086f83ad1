import { bad, fine, skipped, toFaultNames, worth } from '../check.ts';
import type { CheckFinding } from '../check.ts';
import { toDelivery } from './stream-measure.ts';
import type { StreamMeasure } from './stream-measure.ts';

/**
 * Judges a probe stream that was sent a frame at a time. `named` is what the sentences call it, and `usualMs`
 * the time that any answer takes to come through this network.
 */
export function judgeStream(measure: StreamMeasure, named = '', usualMs = 0): CheckFinding {
  const broken =
    judgeStatus(measure, named) ?? judgeType(measure, named) ?? judgeStreamFrames(measure, named);
  return broken ?? judgeTimes(measure, named, usualMs);
}

function judgeTimes(measure: StreamMeasure, named: string, usualMs: number): CheckFinding {
  const { plan, headersMs, frames } = measure;
  const measured = toMeasured(measure);
  const delivery = toDelivery(measure);
  switch (delivery.type) {
    case 'held':
      return bad(
        'held',
        `${named}nothing comes before the end: all ${frames.length} frames after ${toTime(delivery.atMs)}`,
        measured,
      );
    case 'bursts':
      return bad('clumped', `${named}frames come in bursts, every ${toTime(delivery.periodMs)}`, measured);
    case 'late':
      return worth('late', `${named}frames come up to ${toTime(delivery.lateMs)} late`, measured);
    case 'unsure':
      return unsure();
    case 'at once':
  }
  const firstMs = frames[0]?.atMs ?? headersMs;
  if (firstMs - usualMs > 1_000)
    return bad('late', `${named}the first frame comes after ${toTime(firstMs)}`, measured);
  return fine(
    `${named}${plan.count} frames at once, headers after ${toTime(headersMs)}, ${toTime(delivery.lateMs)} late`,
    measured,
  );
}

/** Creates the finding of a doctor that was too busy to tell. */
export function unsure(): CheckFinding {
  return skipped('this machine is too busy to tell');
}

/** Finds a stream that was refused. */
export function judgeStatus({ status }: Pick<StreamMeasure, 'status'>, named = ''): CheckFinding | undefined {
  return status === 200
    ? undefined
    : bad('no-answer', `${named}the stream is answered with status ${status}`, { status });
}

function judgeType({ headers }: Pick<StreamMeasure, 'headers'>, named: string): CheckFinding | undefined {
  const type = headers['content-type'];
  if (type === undefined) return bad('content-type', `${named}the stream comes without its content-type`);
  if (!/^text\/event-stream\b/i.test(type))
    return bad('content-type', `${named}the stream comes as ${type}, not as text/event-stream`, { type });
  return undefined;
}

/** Finds frames that are missing, or came twice. */
function judgeStreamFrames(
  { plan, frames, end, endMs }: StreamMeasure,
  named: string,
): CheckFinding | undefined {
  const wanted = plan.count + 1;
  if (frames.length > wanted)
    return bad('repeated', `${named}${frames.length} frames came of ${wanted} that were sent`);
  if (frames.length === wanted) return undefined;
  const how = { clean: 'ended', cut: 'was cut', late: 'fell silent', left: 'ended' }[end];
  return bad(
    'broken',
    `${named}the stream ${how} after ${toTime(endMs)}, with ${frames.length} of ${wanted} frames`,
    {
      frames: frames.length,
      endMs: Math.round(endMs),
    },
  );
}

/** Returns the figures of a stream, for programs. */
function toMeasured(measure: StreamMeasure): Readonly<Record<string, unknown>> {
  const { frames, headersMs, headers } = measure;
  const encoding = headers['content-encoding'];
  return {
    frames: frames.length,
    headersMs: Math.round(headersMs),
    firstMs: Math.round(frames[0]?.atMs ?? 0),
    delivery: toDelivery(measure),
    ...(encoding !== undefined && { encoding }),
  };
}

/** Returns a time for a sentence: `8 ms`, `2.5 s`. */
export function toTime(ms: number): string {
  return ms < 950 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

const ofTime: ReadonlySet<string> = new Set(['held', 'clumped', 'late', 'blocks', 'compression']);

/**
 * Measures again when the first measurement shows a fault of time: a busy machine is none of the network's.
 */
export async function judgeTwice(measure: (attempt: number) => Promise<CheckFinding>): Promise<CheckFinding> {
  const first = await measure(1);
  const isOfTime = toFaultNames(first).some((fault) => ofTime.has(fault));
  return isOfTime || first.state === 'skipped' ? measure(2) : first;
}

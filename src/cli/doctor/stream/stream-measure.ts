import type { ReceivedBody } from '../net/receive.ts';

/** The frames that a probe stream was asked to send. Times are in milliseconds, sizes in bytes. */
export interface StreamPlan {
  readonly count: number;
  readonly gapMs: number;
  readonly pad?: number;
  readonly first?: number;
}

/** A frame, when the server sent it and when it came, each since its own start. */
export interface TimedFrame {
  readonly sentMs: number;
  readonly atMs: number;
  /** It may have come so much earlier, because the doctor was busy. */
  readonly stallMs: number;
  /** The bytes of the body that had come by then. */
  readonly bytes: number;
}

/** The frames that came of a probe stream. */
export interface StreamMeasure {
  readonly plan: StreamPlan;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The time from the request to the headers. */
  readonly headersMs: number;
  readonly frames: readonly TimedFrame[];
  readonly end: ReceivedBody['end'];
  readonly endMs: number;
  /** The data of the first frame. */
  readonly told: Readonly<Record<string, unknown>> | undefined;
}

/** How the frames of a stream came. */
export type FrameDelivery =
  /** Each when it was sent. `lateMs` is what nine of ten frames stay below. */
  | { readonly type: 'at once'; readonly lateMs: number }
  | { readonly type: 'late'; readonly lateMs: number }
  /** In bursts, `periodMs` apart, of about `size` bytes. `block` is their exact size, if they have one. */
  | { readonly type: 'bursts'; readonly periodMs: number; readonly size: number; readonly block?: number }
  | { readonly type: 'held'; readonly atMs: number }
  /** The doctor was too busy to tell. */
  | { readonly type: 'unsure' };

/** Frames that come later than this behind the fastest are late, in milliseconds. */
const lateFromMs = 150;

/** Finds out how the frames of a stream came. It compares times of one clock only. */
export function toDelivery({ frames, plan }: StreamMeasure): FrameDelivery {
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return { type: 'held', atMs: 0 };
  const sentSpan = last.sentMs - first.sentMs;
  if (sentSpan > plan.gapMs && last.atMs - first.atMs + first.stallMs < 0.3 * sentSpan)
    return { type: 'held', atMs: first.atMs };

  const { bursts, together, sure } = toBursts(frames, plan.gapMs);
  if (sure < 0.2 * frames.length) return { type: 'unsure' };
  if (together > 0.3 * sure) {
    const periods = bursts.slice(1).map((burst, index) => burst.atMs - (bursts[index]?.atMs ?? 0));
    const sizes = bursts.slice(1, -1).map((burst, index) => burst.bytes - (bursts[index]?.bytes ?? 0));
    const block = toBlock(bursts.length > 2 ? sizes : [bursts[0]?.bytes ?? 0]);
    return {
      type: 'bursts',
      periodMs: toMiddle(periods),
      size: toMiddle(sizes.length > 0 ? sizes : bursts.map(({ bytes }) => bytes)),
      ...(block !== undefined && { block }),
    };
  }
  const delays = frames
    .map(({ sentMs, atMs, stallMs }) => atMs - stallMs - sentMs)
    .toSorted((one, other) => one - other);
  const lateMs = Math.round((delays[Math.floor(delays.length * 0.9)] ?? 0) - (delays[0] ?? 0));
  return { type: lateMs > lateFromMs ? 'late' : 'at once', lateMs };
}

interface Burst {
  readonly atMs: number;
  bytes: number;
}

interface Bursts {
  readonly bursts: readonly Burst[];
  /** How many frames came together with the one before, though they were sent apart. */
  readonly together: number;
  /** Of how many frames it is known whether they did. */
  readonly sure: number;
}

/** Finds the frames that came together. A server that was busy sends some together by itself. */
function toBursts(frames: readonly TimedFrame[], gapMs: number): Bursts {
  const bursts: Burst[] = [];
  let together = 0;
  let sure = 0;
  let before: TimedFrame | undefined;
  for (const frame of frames) {
    const burst = bursts.at(-1);
    const sentGapMs = frame.sentMs - (before?.sentMs ?? 0);
    const isNear = before !== undefined && frame.atMs - before.atMs < 0.3 * sentGapMs;
    const isSure = before !== undefined && sentGapMs > 0.5 * gapMs && frame.stallMs < 0.3 * sentGapMs;
    if (isSure) sure += 1;
    if (isSure && isNear) together += 1;
    if (burst !== undefined && (isNear || frame.bytes === burst.bytes)) burst.bytes = frame.bytes;
    else bursts.push({ atMs: frame.atMs, bytes: frame.bytes });
    before = frame;
  }
  return { bursts, together, sure };
}

/** Returns the size of the blocks that all sizes are whole numbers of, from 1 KiB on. */
function toBlock(sizes: readonly number[]): number | undefined {
  return [64, 32, 16, 8, 4, 2, 1]
    .map((kibibytes) => kibibytes * 1024)
    .find((block) => sizes.length > 0 && sizes.every((size) => size > 0 && size % block === 0));
}

function toMiddle(numbers: readonly number[]): number {
  return Math.round(numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0);
}

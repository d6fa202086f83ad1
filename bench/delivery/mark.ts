/** How long a mark is, in bytes. */
export const markLength = 24;

/**
 * Makes what tells an event from all others of its stream, in the midst of whatever frames it: `#`, its place in eight digits,
 * a dot, and when it was said in fourteen.
 */
export function toMark(place: number): string {
  return `#${String(place).padStart(8, '0')}.${String(nowUs()).padStart(14, '0')}`;
}

/** The machine's monotonic clock in microseconds: the same in all processes, so that one can time what another sent. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1e3);
}

/** What every server sends as an event's data: the JSON that Heddle's log holds for a token. */
export function toData(text: string): string {
  return JSON.stringify({ type: 'content', turn: 't', part: 'p1', data: text });
}

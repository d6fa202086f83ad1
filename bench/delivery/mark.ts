/** The length of a mark in bytes. */
export const markLength = 24;

/**
 * Creates the mark of an event. It can be found in any framing: `#`, the event's place in the stream in eight
 * digits, a dot, and the time of its creation in 14 digits.
 */
export function toMark(place: number): string {
  return `#${String(place).padStart(8, '0')}.${String(nowUs()).padStart(14, '0')}`;
}

/**
 * Returns the machine's monotonic clock in microseconds. All processes share it, so that one can time what
 * another sent.
 */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1e3);
}

/**
 * Returns the data of an event, which is the same for all servers: the JSON that Heddle's log holds for a
 * token.
 */
export function toData(text: string): string {
  return JSON.stringify({ type: 'content', turn: 't', part: 'p1', data: text });
}

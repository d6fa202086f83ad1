/** One event of the recorded stream. */
export interface RecordedEvent {
  readonly id: string;
  readonly data: string;
}

/** The counts of the recorded events that were lost, repeated or altered on their way to an application. */
export interface Tally {
  readonly lost: number;
  readonly repeated: number;
  /** Events that were delivered but never sent. */
  readonly altered: number;
}

const words = [
  'The heddle ',
  'lifts ',
  'chaque deuxième ',
  'Faden',
  ', 梭子 ',
  'passes ',
  '🧵 ',
  'and ',
  'the cloth ',
  'grows.\n',
];

/** A short answer of an agent, in the chunks of the AI SDK, because its transport takes no others. */
export const recording: readonly RecordedEvent[] = Array.from({ length: 30 }, (_, index) => ({
  id: String(index + 1),
  data: JSON.stringify({
    type: 'text-delta',
    id: 'answer',
    delta: `${index + 1}: ${words[index % words.length]}`,
  }),
}));

/**
 * Encodes events as bytes. With `retryMs` the first event asks clients to wait that long before they
 * reconnect.
 */
export function toBytes(events: readonly RecordedEvent[], retryMs?: number): Uint8Array {
  const text = events.map(({ id, data }) => `id: ${id}\ndata: ${data}\n\n`).join('');
  return new TextEncoder().encode(retryMs === undefined ? text : `retry: ${retryMs}\n${text}`);
}

/** Returns the events after an id, or all events if the recording does not have the id. */
export function after(id: string | undefined): readonly RecordedEvent[] {
  return recording.slice(recording.findIndex((event) => event.id === id) + 1);
}

/** Compares the delivered events with the recording. */
export function tally(received: readonly string[]): Tally {
  const times = new Map(recording.map(({ data }) => [data, 0]));
  let altered = 0;
  for (const data of received) {
    const before = times.get(data);
    if (before === undefined) altered += 1;
    else times.set(data, before + 1);
  }
  const counts = [...times.values()];
  return {
    lost: counts.filter((count) => count === 0).length,
    repeated: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    altered,
  };
}

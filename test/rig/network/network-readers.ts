import { EventSource } from 'eventsource';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Via } from '../../../src/client/index.ts';

/**
 * The part of an answer that one client has read. Times are milliseconds on the clock of `performance.now()`.
 */
export interface NetworkReading {
  /** Each word as often as it came. */
  readonly words: string[];
  firstAt?: number;
  /** When the answer's end came; absent if it never did. */
  overAt?: number;
  /** How long the message took to be accepted, from the creation of the session on. */
  sentMs?: number;
  /** The ways in which entries came. */
  readonly vias: Via[];
  /** Why it gave up, if it did. */
  error?: string;
}

/** Sends a message with a client of Heddle in a new session, and follows its answer until the signal. */
export async function readWithClient(
  client: Client,
  prompt: string,
  { idleMs = 0, signal }: { readonly idleMs?: number | undefined; readonly signal: AbortSignal },
): Promise<NetworkReading> {
  const reading: NetworkReading = { words: [], vias: [] };
  try {
    const beganAt = performance.now();
    const session = await client.create({ signal, tries: Infinity });
    await delay(idleMs);
    const sending = session.send(prompt, { signal, tries: Infinity }).then(() => {
      reading.sentMs = performance.now() - beganAt - idleMs;
    });
    const onConnection = (connection: string, { via }: { readonly via: Via }): void => {
      if (connection === 'live' && !reading.vias.includes(via)) reading.vias.push(via);
    };
    for await (const { event } of session.events({ signal, onConnection })) {
      if (event.type === 'content') take(reading, event.data);
      if (event.type !== 'message_end') continue;
      reading.overAt = performance.now();
      break;
    }
    await sending;
  } catch (error) {
    reading.error = String(error);
  }
  return reading;
}

/** Asks one question with a plain EventSource, and reads its answer until the signal. */
export async function readWithEventSource(
  url: string,
  prompt: string,
  signal: AbortSignal,
): Promise<NetworkReading> {
  const reading: NetworkReading = { words: [], vias: [] };
  const query = new URLSearchParams({ prompt, key: crypto.randomUUID() });
  const source = new EventSource(`${url}/stream?${query}`);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
    source.addEventListener('content', ({ data }) => take(reading, JSON.parse(data).content));
    source.addEventListener('end', () => {
      reading.overAt = performance.now();
      resolve();
    });
    source.addEventListener('error', () => {
      if (source.readyState !== source.CLOSED) return;
      reading.error = 'gives up';
      resolve();
    });
  });
  source.close();
  return reading;
}

function take(reading: NetworkReading, text: string): void {
  reading.firstAt ??= performance.now();
  reading.words.push(...text.split(' ').filter(Boolean));
}

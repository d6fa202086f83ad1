import type { SessionEvent } from '../protocol/index.ts';
import type { Step } from './scripted-server.fixture.ts';
import { stream } from './scripted-server.fixture.ts';

/** Returns the id of the nth entry of a scripted log. */
export function idOf(seq: number): string {
  return `${seq}-aaaaaa`;
}

/** Returns one entry as the text of an event stream. */
export function frame(seq: number, event: unknown): string {
  return `id: ${idOf(seq)}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Returns a whole turn with these words, each in its own event. `session_start` is entry 1. */
export function turnOf(...words: readonly string[]): readonly SessionEvent[] {
  const inPart = { turn: 't1', part: 'p1' };
  return [
    { type: 'session_start', session: 's1' },
    { type: 'message', at: 0, message: 'm1', turn: 't1', content: 'Hi' },
    { type: 'message_start', at: 0, turn: 't1', message: 'm1', attempt: 1 },
    { type: 'content_start', ...inPart },
    ...words.map((data) => ({ type: 'content', ...inPart, data }) as const),
    { type: 'content_end', ...inPart },
    { type: 'message_end', turn: 't1', outcome: 'completed' },
  ];
}

/**
 * Serves the entries after the request's Last-Event-ID as one stream. `cut` sets how many bytes to send
 * before the stream is reset or ended. Without `cut`, all is sent and the stream stays open.
 */
export function serveLog(
  events: readonly SessionEvent[],
  cut?: { readonly bytes: number; readonly by: 'end' | 'reset' },
): Step {
  return (response, request) => {
    const last = Number.parseInt(String(request.headers['last-event-id'] ?? '0'), 10);
    const text = events.map((event, index) => (index < last ? '' : frame(index + 1, event))).join('');
    const bytes = Buffer.from(`retry: 1000\n: hello\n\n${text}`);
    if (cut === undefined) stream(bytes, 'hold')(response, request);
    else stream(bytes.subarray(0, cut.bytes), cut.by)(response, request);
  };
}

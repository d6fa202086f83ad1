import { randomUUID } from 'node:crypto';
import { isRecord } from '../../src/protocol/internal.ts';

/** Reads a whole body. Throws if it is a refusal. */
export async function readText(url: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

/** Opens a stream and leaves it at its first frame with data. */
export async function readFirstFrame(url: string): Promise<void> {
  await readUntil(url, () => true);
}

/** Sends a message and follows the session until the first word of its answer. Leaves after its end. */
export async function sendAndHear(url: string, session: string): Promise<void> {
  const response = await fetch(`${url}/message/${session}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: '{"content":"and now?"}',
  });
  const sent: unknown = await response.json();
  if (!isRecord(sent)) throw new Error(`The message was not sent: ${response.status}`);
  const { turn_id: turn, id } = sent;
  await readUntil(`${url}/stream/${session}?after=${String(id)}`, (event) => {
    return event['type'] === 'content' && event['turn'] === turn;
  });
}

/** Reads a stream until an event for which `isIt` returns true. */
async function readUntil(
  url: string,
  isIt: (event: Readonly<Record<string, unknown>>) => boolean,
): Promise<void> {
  const leave = new AbortController();
  const response = await fetch(url, { signal: leave.signal });
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`);
  let text = '';
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const event: unknown = line.startsWith('data: ') ? JSON.parse(line.slice(6)) : undefined;
        if (isRecord(event) && isIt(event)) return;
      }
    }
  } finally {
    leave.abort();
  }
  throw new Error(`${url} ended too early.`);
}

import { giveWay } from '../log/internal.ts';
import type { SessionState } from '../protocol/index.ts';

/**
 * Returns a state as JSON. It lets other work run in between: a conversation of some megabytes would block
 * the event loop otherwise.
 */
export async function toJsonText({ messages, ...rest }: SessionState): Promise<string> {
  const texts: string[] = [];
  for (const message of messages) {
    texts.push(JSON.stringify(message));
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
  const text = JSON.stringify({ ...rest, messages: [] });
  const end = '"messages":[]}';
  return `${text.slice(0, -end.length)}"messages":[${texts.join(',')}]}`;
}

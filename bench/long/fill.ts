import type { SessionEvent } from 'heddle';
import type { EventLog } from 'heddle/log';

const at = 1_700_000_000_000;
/** The words of an answer, one event each, as a model streams them. */
const words = Array.from({ length: 24 }, (_, index) => `some words of the answer ${index} `);

/**
 * Creates a session with so many messages: half of them of a user, half of an agent. A turn is one append of
 * 29 entries.
 */
export async function fillSession(log: EventLog, session: string, messages: number): Promise<void> {
  const head = { owner: 'anonymous', kind: 'session', createdAt: at, activeAt: at, queue: [] } as const;
  await log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now: head } });
  for (let turn = 0; turn < messages / 2; turn += 64) {
    const until = Math.min(turn + 64, messages / 2);
    const turns = Array.from({ length: until - turn }, (_, index) => toTurn(turn + index));
    await Promise.all(turns.map((events) => log.append(session, events)));
  }
}

function toTurn(number: number): readonly SessionEvent[] {
  const [turn, message, part] = [`turn-${number}`, `message-${number}`, 'p1'];
  return [
    { type: 'message', message, turn, content: `question ${number}`, at },
    { type: 'message_start', turn, message, attempt: 1, at },
    { type: 'content_start', turn, part },
    ...words.map((data): SessionEvent => ({ type: 'content', turn, part, data })),
    { type: 'content_end', turn, part },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
}

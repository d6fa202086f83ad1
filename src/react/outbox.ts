import type { SendOptions, SendReceipt } from '../client/index.ts';
import { toSeq } from '../protocol/index.ts';
import type { Content, SessionState } from '../protocol/index.ts';

/** A message on its way: the log has not shown it yet. */
export interface SendingMessage {
  /** Names the message among those on their way. */
  readonly key: string;
  readonly content: Content;
}

interface Outgoing extends SendingMessage {
  /** The messages that were known when this one was posted. */
  readonly known?: ReadonlySet<string>;
  /** The id of its entry. */
  readonly id?: string;
}

/** The messages on their way, until the log shows them. */
export interface Outbox {
  get(): readonly SendingMessage[];
  /** Sends a message after all earlier ones. Rejects as `Session.send` does. */
  send(content: Content, options?: SendOptions): Promise<SendReceipt>;
  /** Removes the messages that the state shows. */
  prune(state: SessionState): void;
}

/**
 * Creates an outbox that posts by `send`, which creates the session if there is none. `state` returns the
 * known state of the session. `changed` is called after each change by a send.
 */
export function createOutbox(
  send: (content: Content, options?: SendOptions) => Promise<SendReceipt>,
  state: () => SessionState | undefined,
  changed: () => void,
): Outbox {
  let sending: readonly Outgoing[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const own = new Set<string>();

  const update = (key: string, part: Partial<Outgoing>): void => {
    sending = sending.map((other) => (other.key === key ? { ...other, ...part } : other));
  };
  const post = async (key: string, content: Content, options?: SendOptions): Promise<SendReceipt> => {
    try {
      const messages = state()?.messages ?? [];
      update(key, { known: new Set([...own, ...messages.map(({ message }) => message)]) });
      const sent = await send(content, options);
      own.add(sent.message);
      update(key, { id: sent.id });
      return sent;
    } catch (error) {
      sending = sending.filter((other) => other.key !== key);
      throw error;
    } finally {
      changed();
    }
  };

  return {
    get: () => sending,
    send(content, options) {
      const key = String((count += 1));
      sending = [...sending, { key, content }];
      changed();
      // One after the other: two posts on two connections may overtake each other.
      const posted = last.then(() => post(key, content, options));
      last = posted.catch(() => undefined);
      return posted;
    },
    prune(state) {
      if (sending.some((message) => isShown(message, state)))
        sending = sending.filter((message) => !isShown(message, state));
    },
  };
}

/**
 * Returns whether the known part of the log shows a message. Its entry may come before the response to the
 * post, which holds its name. Then a new message with the same content counts as this one.
 */
function isShown({ content, known, id }: Outgoing, { messages, last }: SessionState): boolean {
  if (id !== undefined) return last !== undefined && toSeq(last) >= toSeq(id);
  if (known === undefined) return false;
  const text = JSON.stringify(content);
  // Earlier messages may have been loaded meanwhile. A message that waits is none of them.
  const first = messages.findIndex(({ message }) => known.has(message));
  return messages.some(
    (other, index) =>
      other.role === 'user' &&
      (index > first || other.status === 'waiting') &&
      !known.has(other.message) &&
      JSON.stringify(other.content) === text,
  );
}

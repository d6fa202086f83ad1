import { fieldsOf, listOf, textOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { toSaved } from './saved.ts';
import type { StrandsMemory, PendingInterrupts } from './saved.ts';
import { toStoredMessages } from './stored-message.ts';
import type { StoredMessage } from './stored-message.ts';
import type { StrandsAgentLike } from './strands-agent-like.ts';

/** What an agent remembers, beyond the messages that its factory gave it. */
export interface Memory {
  /** What to save of a turn that is complete; undefined where the agent did not take the turn's prompt in: the log tells more. */
  keep(prompt: string): StrandsMemory | undefined;
  /** What to save of a turn that stopped to ask; undefined where the agent cannot go on from it. */
  wait(asked: Pick<PendingInterrupts, 'interrupts' | 'calls'>): StrandsMemory | undefined;
  /** Whether the SDK can read these messages: a newer one may have other kinds of content. */
  fits(messages: readonly StoredMessage[]): boolean;
  /** Puts the agent where it stopped. Throws where the SDK cannot. */
  load(saved: StrandsMemory & { readonly waiting: PendingInterrupts }): void;
}

/** What is taken of an agent. Its system prompt is not: a stored one would win over what was deployed since. */
const include = ['messages', 'state', 'modelState', 'interrupts'];

/** What a turn may save, in UTF-16 units of JSON. */
const maxJson = 8 * 1024 * 1024;

/** Begins to watch an agent's memory, before it is used; undefined for what has none to save (a graph, a swarm, a remote agent). */
export function createMemory(agent: StrandsAgentLike): Memory | undefined {
  if (agent.messages === undefined || !agent.takeSnapshot || !agent.loadSnapshot) return undefined;
  const take = (): { run: Fields; messages: unknown } => {
    const { data, ...rest } = fieldsOf(agent.takeSnapshot?.({ include }));
    const { messages, ...others } = fieldsOf(data);
    return { run: { ...rest, data: others }, messages };
  };
  const start = attempt(take);
  if (start === undefined) return undefined;
  const seeds = listOf(start.messages);
  const seeded = new Set(seeds.map(idOf));
  const own = (messages: unknown): StoredMessage[] | undefined =>
    // By name and not by number, because a conversation manager may have cut any of them off.
    toStoredMessages(listOf(messages).filter((message) => !seeded.has(idOf(message))));

  return {
    keep(prompt) {
      const messages = attempt(() => own(take().messages));
      // A hook that answers before the model gets to see the conversation keeps it out of the agent, too.
      if (messages?.some(({ trackingId }) => trackingId === prompt) !== true) return undefined;
      return toPlain({ version: 1, messages });
    },
    wait({ interrupts, calls }) {
      const taken = attempt(take);
      const messages = taken && own(taken.messages);
      if (taken === undefined || messages === undefined) return undefined;
      return toPlain({ version: 1, messages, waiting: { run: taken.run, interrupts, calls } });
    },
    fits(messages) {
      const { data: _, ...run } = start.run;
      const read = (each: readonly unknown[]): true => {
        agent.loadSnapshot?.({ ...run, data: { messages: each } });
        return true;
      };
      const isRead = attempt(() => read(messages)) ?? false;
      return read(seeds) && isRead;
    },
    load({ messages, waiting: { run } }) {
      // Were one there, the snapshot's system prompt would win.
      const { systemPrompt: _, ...data } = fieldsOf(run['data']);
      agent.loadSnapshot?.({ ...run, data: { ...data, messages: [...seeds, ...messages] } });
    },
  };
}

/** The message's name, which it keeps however it is copied. */
function idOf(message: unknown): string {
  return textOf(fieldsOf(message)['trackingId']);
}

/** What an application put into the agent's state may not be JSON. */
function attempt<T>(take: () => T): T | undefined {
  try {
    return take();
  } catch {
    return undefined;
  }
}

/** A copy that nothing changes any more; undefined where it is too long, or could not be read again. */
function toPlain(saved: StrandsMemory): StrandsMemory | undefined {
  return attempt(() => {
    const text = JSON.stringify(saved);
    return text.length > maxJson ? undefined : toSaved(JSON.parse(text));
  });
}

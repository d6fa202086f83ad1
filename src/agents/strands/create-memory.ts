import { fieldsOf, listOf, textOf, toSnapshotText } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { toSaved } from './saved.ts';
import type { StrandsMemory, PendingInterrupts } from './saved.ts';
import { toStoredMessages } from './stored-message.ts';
import type { StoredMessage } from './stored-message.ts';
import type { StrandsAgentLike } from './strands-agent-like.ts';

/** An agent's memory, beyond the messages that its factory gave it. */
export interface Memory {
  /** Returns what a complete turn saves; undefined if the prompt did not reach the agent. */
  keep(prompt: string): StrandsMemory | undefined;
  /** Returns what a turn saves that waits for an approval; undefined if the agent cannot continue. */
  wait(asked: Pick<PendingInterrupts, 'interrupts' | 'calls'>): StrandsMemory | undefined;
  /** Whether the SDK can read these messages. A newer SDK may have saved other kinds of content. */
  fits(messages: readonly StoredMessage[]): boolean;
  /** Restores the agent to where it stopped. Throws if the SDK cannot. */
  load(saved: StrandsMemory & { readonly waiting: PendingInterrupts }): void;
}

/** The parts of a snapshot. A saved system prompt would override the deployed one. */
const include = ['messages', 'state', 'modelState', 'interrupts'];

/**
 * Creates the access to an agent's memory. Call it before the agent runs. Returns undefined for an agent
 * without a memory to save (a graph, a swarm, a remote agent).
 */
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
    // Compared by tracking id, not by count: a conversation manager may have removed any of them.
    toStoredMessages(listOf(messages).filter((message) => !seeded.has(idOf(message))));

  return {
    keep(prompt) {
      const messages = attempt(() => own(take().messages));
      // If a hook answers before the model gets the conversation, the agent does not keep the conversation
      // either.
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
      // If the snapshot had a system prompt, it would override the agent's own.
      const { systemPrompt: _, ...data } = fieldsOf(run['data']);
      agent.loadSnapshot?.({ ...run, data: { ...data, messages: [...seeds, ...messages] } });
    },
  };
}

/** Returns the message's tracking id, which copies of the message keep. */
function idOf(message: unknown): string {
  return textOf(fieldsOf(message)['trackingId']);
}

/** Returns undefined if `take` throws: the agent's state may contain values that are not JSON. */
function attempt<T>(take: () => T): T | undefined {
  try {
    return take();
  } catch {
    return undefined;
  }
}

/** Returns a copy that is safe from later changes; undefined if it is too long, or could not be read back. */
function toPlain(saved: StrandsMemory): StrandsMemory | undefined {
  const text = toSnapshotText(saved);
  return text === undefined ? undefined : attempt(() => toSaved(JSON.parse(text)));
}

import { appendScript } from './append-script.ts';
import { toRedisRefusal } from './failure.ts';
import type { RedisLink } from './redis-link.ts';
import { toList, toReplyText } from './reply.ts';

/** An append as the script takes it. */
export interface ScriptAppend {
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** Whether it resolves only once replicas have it, as the store's `wait` option demands. */
  readonly lasting: boolean;
}

/** Appends that go out as one call of the script. Each has its own reply. */
interface Batch {
  readonly appends: ScriptAppend[];
  readonly replies: Promise<readonly unknown[]>;
  isOpen: boolean;
  replicated: Promise<void> | undefined;
}

/** One call does not hold the server for longer than some milliseconds. */
const mostAppends = 100;

/**
 * Gathers the appends of one turn of the event loop into calls of the script. Appends of one `group` may be
 * in one call, and keep their order. Each resolves with its own reply. If a call fails, all of its appends
 * reject, and their outcome is as unknown as that of the call. `toCommon` returns the arguments that all
 * appends of a group share.
 */
export function createBatches(
  link: RedisLink,
  toCommon: (group: number) => readonly string[],
): (group: number, append: ScriptAppend) => Promise<unknown> {
  const batches = new Map<number, Batch>();

  const start = (group: number): Batch => {
    const appends: ScriptAppend[] = [];
    // A link that is down refuses the call at once, and never asks for its arguments.
    const isOpen = link.isUp;
    const replies = link.runLate(appendScript, () => {
      batch.isOpen = false;
      return {
        keys: appends.flatMap(({ keys }) => keys),
        args: [...toCommon(group), ...appends.flatMap(({ args }) => args)],
      };
    });
    const batch: Batch = { appends, replies: replies.then(toList), isOpen, replicated: undefined };
    return batch;
  };
  const join = (group: number): Batch => {
    const open = batches.get(group);
    if (open?.isOpen === true && open.appends.length < mostAppends && link.isUp) return open;
    const started = start(group);
    batches.set(group, started);
    return started;
  };

  return async (group, append) => {
    const batch = join(group);
    const index = batch.appends.push(append) - 1;
    const reply = (await batch.replies)[index];
    const [type, reason] = toList(reply);
    if (type === 'error') throw toRedisRefusal(new Error(toReplyText(reason)));
    if (append.lasting) await (batch.replicated ??= link.replicate());
    return reply;
  };
}

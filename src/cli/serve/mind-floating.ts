import { AsyncLocalStorage } from 'node:async_hooks';
import type { Agent } from 'heddle';
import type { Log } from './log/log.ts';

/** The turn in which something was begun. */
interface Where {
  readonly session: string;
  readonly turn: string;
}

/**
 * The same agent, and what it leaves floating (a promise that nobody waits for, a timer) is told with its session and turn where it fails, and ends
 * nobody's turn. What fails outside of any turn without anybody to catch it ends the process with code 1; a promise does not.
 */
export function mindFloating(agent: Agent, { hooks, end }: Pick<Log, 'hooks' | 'end'>): Agent {
  const storage = new AsyncLocalStorage<Where>();
  const leave = async (): Promise<void> => {
    await end();
    process.exit(1);
  };
  process.on('unhandledRejection', (error) => {
    hooks.onError(toFloating('A promise that nobody waits for failed.', error), { ...storage.getStore() });
  });
  process.on('uncaughtException', (error) => {
    const where = storage.getStore();
    hooks.onError(toFloating('Something that nobody waits for failed.', error), { ...where });
    if (where === undefined) void leave();
  });
  const { onCrash, tools } = agent;
  return {
    ...(onCrash !== undefined && { onCrash }),
    ...(tools !== undefined && { tools }),
    open: (session) => {
      const answer = agent.open(session);
      return (turn) => {
        const within = <Result>(run: () => Result): Result =>
          storage.run({ session: session.session, turn: turn.turn }, run);
        return {
          [Symbol.asyncIterator]: () => {
            const events = within(() => answer(turn)[Symbol.asyncIterator]());
            const { return: leave } = events;
            return {
              next: () => within(() => events.next()),
              ...(leave && { return: () => within(() => leave.call(events)) }),
            };
          },
        };
      };
    },
  };
}

function toFloating(sentence: string, cause: unknown): Error {
  // Where this one was made says nothing.
  return Object.assign(new Error(sentence, { cause }), { stack: '' });
}

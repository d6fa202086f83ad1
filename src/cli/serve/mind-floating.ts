import { AsyncLocalStorage } from 'node:async_hooks';
import type { Agent } from 'heddle';
import { withOpen } from '../../protocol/internal.ts';
import type { Log } from './log/log.ts';

/** The turn in which a promise or timer was created. */
interface Where {
  readonly session: string;
  readonly turn: string;
}

/** The part of the log that floating work needs. */
interface FloatingLog extends Pick<Log, 'end'> {
  readonly hooks: Pick<Log['hooks'], 'onError'>;
}

/**
 * Wraps an agent so that its floating work (a promise without await, a timer) is logged with its session and
 * turn when it fails, and ends no turn. An uncaught exception outside any turn ends the process with code 1;
 * a rejected promise does not.
 */
export function mindFloating(agent: Agent, { hooks, end }: FloatingLog): Agent {
  const storage = new AsyncLocalStorage<Where>();
  const leave = async (): Promise<void> => {
    await end();
    process.exit(1);
  };
  process.on('unhandledRejection', (error) => {
    hooks.onError(toFloating('A promise without await failed.', error), { ...storage.getStore() });
  });
  process.on('uncaughtException', (error) => {
    const where = storage.getStore();
    hooks.onError(toFloating('A timer or listener of the agent failed.', error), { ...where });
    if (where === undefined) void leave();
  });
  return withOpen(agent, (session) => {
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
  });
}

function toFloating(sentence: string, cause: unknown): Error {
  // The stack of this wrapper says nothing about the cause.
  return Object.assign(new Error(sentence, { cause }), { stack: '' });
}

import { RefusalError } from '../protocol/index.ts';
import type { RedisConnection } from './client.ts';
import { toRedisCode, toRedisRefusal } from './failure.ts';
import { toNumber } from './reply.ts';
import type { RedisScript } from './script.ts';

/**
 * The store's access to Redis. Calls made in one turn of the event loop go out together. Each call rejects
 * with a RefusalError, within its time limit, if it fails.
 */
export interface RedisLink {
  send(command: readonly string[]): Promise<unknown>;
  /**
   * Runs a script. With `lasting` it resolves only once as many replicas have the write as the store's `wait`
   * option demands.
   */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
    lasting?: boolean,
  ): Promise<unknown>;
  /** Runs a script, and asks for its keys and arguments only when it goes out. They must not change later. */
  runLate(script: RedisScript, toCall: () => ScriptCall): Promise<unknown>;
  /**
   * Resolves once as many replicas as the store's `wait` option demands have all that was written. Without
   * that option it resolves at once.
   */
  replicate(): Promise<void>;
  /** Whether a call would be sent now. */
  readonly isUp: boolean;
  /** How often each command and each script was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** Waits for the calls in flight, and refuses further ones. */
  close(): Promise<void>;
}

interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

export interface LinkOptions {
  /** How long a command may take, in milliseconds. */
  readonly commandMs: number;
  readonly wait: { readonly replicas: number; readonly timeoutMs: number } | undefined;
  /** Called when the server answers again after a timeout. */
  readonly onRecovered: () => void;
}

/** Creates the link over a connection. */
export function createRedisLink(
  connection: RedisConnection,
  { commandMs, wait, onRecovered }: LinkOptions,
): RedisLink {
  const outbox: (() => void)[] = [];
  const pending = new Set<Promise<unknown>>();
  const sent = new Map<string, number>();
  let answers = 0;
  let isStalled = false;
  let isClosed = false;

  const flush = (): void => {
    for (const post of outbox.splice(0)) post();
  };
  const post = (name: string, toCommand: () => readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      sent.set(name, (sent.get(name) ?? 0) + 1);
      if (outbox.length === 0) setImmediate(flush);
      outbox.push(() => void connection.send(toCommand()).then(resolve, reject));
    });

  /** While a server does not answer, only one PING is sent to it and nothing else. */
  const probe = (): void => {
    if (isStalled) return;
    isStalled = true;
    const done = (): void => {
      isStalled = false;
      onRecovered();
    };
    connection.send(['PING']).then(done, done);
  };

  const inTime = <Reply>(reply: Promise<Reply>, ms: number): Promise<Reply> => {
    const before = answers;
    const bounded = new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(toRedisRefusal(new Error(`there was no answer within ${ms} ms`)));
        // If the server answered other calls meanwhile, only this command is slow.
        if (answers === before) probe();
      }, ms);
      reply.then(
        (value) => {
          answers += 1;
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (toRedisCode(error) === 'READONLY') connection.reset();
          reject(error instanceof RefusalError ? error : toRedisRefusal(error));
        },
      );
    });
    const settled = bounded
      .catch(() => {})
      .finally(() => {
        pending.delete(settled);
      });
    pending.add(settled);
    return bounded;
  };

  const guarded = <Reply>(ms: number, ask: () => Promise<Reply>): Promise<Reply> => {
    if (isClosed) return Promise.reject(toRedisRefusal(new Error('the store is closed')));
    if (!connection.isReady) return Promise.reject(toRedisRefusal(new Error('there is no connection')));
    if (isStalled) return Promise.reject(toRedisRefusal(new Error('the server does not answer')));
    return inTime(ask(), ms);
  };

  const evaluate = async (script: RedisScript, toCall: () => ScriptCall): Promise<unknown> => {
    const toRest = (): readonly string[] => {
      const { keys, args } = toCall();
      return [String(keys.length), ...keys, ...args];
    };
    try {
      return await post(script.name, () => ['EVALSHA', script.sha, ...toRest()]);
    } catch (error) {
      if (toRedisCode(error) !== 'NOSCRIPT') throw error;
      // The server has restarted, or has not seen this script yet. It knows the script from now on.
      return post(script.name, () => ['EVAL', script.text, ...toRest()]);
    }
  };

  const send = (command: readonly string[], ms = commandMs): Promise<unknown> =>
    guarded(ms, () => post(command[0] ?? '', () => command));
  const runLate: RedisLink['runLate'] = (script, toCall) =>
    guarded(commandMs, () => evaluate(script, toCall));
  const replicate = async (): Promise<void> => {
    if (wait === undefined) return;
    const { replicas, timeoutMs } = wait;
    // WAIT covers everything that this connection wrote before.
    const reached = toNumber(
      await send(['WAIT', String(replicas), String(timeoutMs)], commandMs + timeoutMs),
    );
    if (reached < replicas)
      throw toRedisRefusal(new Error(`${reached} of ${replicas} replicas have what was written`));
  };

  return {
    send: (command) => send(command),
    runLate,
    replicate,

    async run(script, keys, args, lasting = false) {
      const reply = await runLate(script, () => ({ keys, args }));
      if (lasting) await replicate();
      return reply;
    },

    get isUp() {
      return connection.isReady && !isStalled && !isClosed;
    },
    sent,

    async close() {
      isClosed = true;
      await Promise.all(pending);
      connection.close();
    },
  };
}

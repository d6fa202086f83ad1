import { expect, test } from 'vitest';
import { RefusalError } from '../protocol/index.ts';
import { createBatches } from './batches.ts';
import type { ScriptAppend } from './batches.ts';
import { createRedisLink } from './redis-link.ts';

/** A link whose server answers each append with its first argument. */
function createEcho() {
  const asked: (readonly string[])[] = [];
  const connection = {
    isReady: true,
    send: async (command: readonly string[]) => {
      asked.push(command);
      if (command[0] === 'WAIT') return 0;
      const [, , count = ''] = command;
      return command.slice(4 + Number(count)).map((name) => [name]);
    },
    subscribe: async () => {},
    unsubscribe: async () => {},
    reset: () => {},
    close: () => {},
  };
  const wait = { replicas: 1, timeoutMs: 10 };
  const link = createRedisLink(connection, { commandMs: 5_000, wait, onRecovered: () => {} });
  return { connection, asked, append: createBatches(link, (group) => [`common ${group}`]) };
}

const toAppend = (name: string, lasting = false): ScriptAppend => ({
  keys: [`key ${name}`],
  args: [name],
  lasting,
});

const settle = async (reply: Promise<unknown>): Promise<unknown> =>
  reply.catch((error: unknown) => (error instanceof RefusalError ? error.code : error));

test('appends of one group are one call, with their keys and arguments in order', async () => {
  const { append, asked } = createEcho();
  const replies = [append(0, toAppend('a')), append(1, toAppend('b')), append(0, toAppend('c'))];
  expect(await Promise.all(replies)).toEqual([['a'], ['b'], ['c']]);
  expect(asked.map((command) => command.slice(2))).toEqual([
    ['2', 'key a', 'key c', 'common 0', 'a', 'c'],
    ['1', 'key b', 'common 1', 'b'],
  ]);
  expect(await append(0, toAppend('d'))).toEqual(['d']);
  expect(asked).toHaveLength(3);
});

test('a connection that is lost in mid-turn refuses what comes after it, and a later append is made', async () => {
  const { append, asked, connection } = createEcho();
  const before = append(0, toAppend('a'));
  connection.isReady = false;
  const after = append(0, toAppend('b'));
  expect(await settle(after)).toBe('unavailable');
  connection.isReady = true;
  const later = append(0, toAppend('c'));
  expect(await Promise.all([before, later])).toEqual([['a'], ['c']]);
  expect(asked.flatMap((command) => command.slice(-1))).toEqual(['a', 'c']);
});

test('one WAIT serves the appends of a call that must last; the others do not wait', async () => {
  const { append, asked } = createEcho();
  const replies = [append(0, toAppend('a', true)), append(0, toAppend('b')), append(0, toAppend('c', true))];
  expect(await Promise.all(replies.map(settle))).toEqual(['unavailable', ['b'], 'unavailable']);
  expect(asked.map(([name]) => name)).toEqual(['EVALSHA', 'WAIT']);
});

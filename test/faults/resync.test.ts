// A reader so slow that its place in the log is trimmed while it is connected.
import { expect, test } from 'vitest';
import { memoryStore } from '../../src/log/index.ts';
import type { EventLog } from '../../src/log/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import { check, createHistory, followPlainly } from '../../src/testing/index.ts';

test("a resync in mid-stream names the reader's last id, not the id its connection began at", async () => {
  const store = memoryStore();
  let reads = 0;
  const log: EventLog = {
    ...store.log,
    read: async (session, after, limit) => {
      // The reader's entry is trimmed between two pages.
      if (limit > 0 && after?.startsWith('3-') && (reads += 1) === 1)
        return { type: 'gone', reason: 'trimmed' };
      return store.log.read(session, after, limit);
    },
  };
  const server = createServer({
    store: { ...store, log },
    agent: defineAgent({ open: () => async function* () {} }),
    dueMs: 60_000,
  });
  const made = await store.log.append('s', [{ type: 'session_start', session: 's' }], {
    head: { was: 0, now: { owner: 'anonymous', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } },
  });
  if (made.type !== 'appended') throw new Error('The session cannot be made.');
  await store.log.append('s', [
    { type: 'withdraw', message: 'm2' },
    { type: 'withdraw', message: 'm3' },
  ]);
  const history = createHistory();
  const after = made.entries[0]?.id ?? '';
  const reader = history.reader({ reader: 'r', session: 's', principal: 'anonymous', after });
  const leave = new AbortController();
  await followPlainly({
    url: 'http://localhost/stream/s',
    reader,
    signal: leave.signal,
    fetch: server.fetch,
    onReceived: ({ event }) => {
      if (event.type === 'withdraw' && event.message === 'm3')
        void store.log.append('s', [{ type: 'withdraw', message: 'm4' }]);
      if (event.type === 'resync') leave.abort();
    },
  });
  await server.close(0);
  expect(check(history.toHistory())).toEqual([]);
  const received = history.toHistory().readers[0]?.connections.flatMap((connection) => connection.received);
  expect(received?.map(({ event }) => event.type)).toEqual(['withdraw', 'withdraw', 'resync']);
}, 20_000);

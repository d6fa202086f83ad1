import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { memoryStore } from 'heddle/log';
import type { SessionEvent } from 'heddle';
import { observeStore } from './observe-store.ts';

test('messages and turns of a past are entries, and count as no message and no turn', async () => {
  const registry = new Registry();
  const { log } = observeStore(memoryStore(), registry);
  const [message, turn, at] = ['m', 't', 1];
  const asked = { type: 'message', message, turn, content: 'x', at } as const;
  const answered: readonly SessionEvent[] = [
    { type: 'message_start', message, turn, attempt: 1, at },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
  const now = { owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } as const;
  const figures = async (): Promise<readonly unknown[]> => {
    const lines = (await registry.metrics()).split('\n');
    const names = [
      'heddle_entries_appended_total',
      'heddle_messages_total',
      'heddle_turns_total{outcome="completed"}',
    ];
    return names.map((name) => Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length)));
  };
  await log.append('s', [{ ...asked, past: true }, ...answered], { head: { was: 0, now } });
  expect(await figures()).toEqual([3, 0, 0]);
  await log.append('s', [asked, ...answered], { head: { was: 1, now } });
  expect(await figures()).toEqual([6, 1, 1]);
});

import { expect, test } from 'vitest';
import { emptyState } from '../protocol/index.ts';
import { createCache } from './cache.ts';
import type { Transcript } from './transcript.ts';

function transcriptOf(session: string, size: number): Transcript {
  return {
    state: emptyState(session),
    head: { version: 1, owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] },
    trimmed: 0,
    base: { tag: 't', last: '1-abcdef', count: 1, first: 0, size, pages: [] },
  };
}

const long = 5 * 1024 * 1024;

test('long conversations are kept, short ones are not', () => {
  const cache = createCache();
  cache.put('long', transcriptOf('long', long));
  cache.put('short', transcriptOf('short', 1_000));
  expect(cache.get('long')?.state.session).toBe('long');
  expect(cache.get('short')).toBeUndefined();
});

test('the conversation that was not used for the longest time makes room', () => {
  const cache = createCache();
  for (const session of ['a', 'b', 'c']) cache.put(session, transcriptOf(session, long));
  cache.get('a');
  cache.put('d', transcriptOf('d', long));
  expect(['a', 'b', 'c', 'd'].filter((session) => cache.get(session))).toEqual(['a', 'c', 'd']);
});

test('a part of a conversation does not replace the whole', () => {
  const cache = createCache();
  const whole = transcriptOf('s', long);
  cache.put('s', whole);
  cache.put('s', { ...whole, state: { ...whole.state, earlier: true } });
  expect(cache.get('s')).toBe(whole);
  cache.delete('s');
  expect(cache.get('s')).toBeUndefined();
});

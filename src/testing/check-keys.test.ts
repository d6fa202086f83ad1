import { expect, test } from 'vitest';
import { checkKeys } from './check-keys.ts';
import type { History } from './history.ts';

test('the messages of a past were sent by no post, and all others were', () => {
  const post = { session: 's', principal: 'ann', content: 'now', fate: { type: 'lost' } } as const;
  const sent = { type: 'message', message: 'm', turn: 't', content: 'then', at: 1 } as const;
  const toHistory = (event: typeof sent & { readonly past?: true }): History => ({
    posts: [post],
    acknowledged: [],
    readers: [],
    logs: [{ session: 's', owner: 'ann', entries: [{ id: '1-abcdef', event }] }],
  });
  expect(checkKeys(toHistory({ ...sent, past: true }))).toEqual([]);
  expect(checkKeys(toHistory(sent))).toMatchObject([{ rule: 'R7' }]);
});

import { expect, test, vi } from 'vitest';
import { ask } from './ask.fixture.ts';
import { createGuide } from './index.ts';

const pauses: number[] = vi.hoisted(() => []);
vi.mock(import('./pause.ts'), () => ({
  pause: (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  },
}));

test('after its first forty words the guide streams three times as fast', async () => {
  await ask(await createGuide({ docs: () => [], env: { HEDDLE_GUIDE_PACE_MS: '30' } }), 'Hi');
  expect(pauses.length).toBeGreaterThan(80);
  expect(pauses.slice(0, 40).every((ms) => ms === 30)).toBe(true);
  expect(pauses.slice(40).every((ms) => ms === 10)).toBe(true);
});

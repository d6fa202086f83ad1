import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createWorkerLink } from './worker-link.ts';

/** A worker with other code than the real one. */
function broken(code: string): Worker {
  return new Worker(`const { parentPort } = require('node:worker_threads'); ${code}`, { eval: true });
}

for (const [how, code] of [
  ['ends', "parentPort.on('message', () => process.exit(3));"],
  ['throws', "parentPort.on('message', () => { throw new Error('broken'); });"],
] as const) {
  test(`if the worker ${how}, pending and later calls are rejected`, async () => {
    const link = createWorkerLink(broken(code), () => {});
    const calls = [link.call('due', { now: 0, limit: 1 }), link.call('drop', { session: 's' })];
    await Promise.resolve();
    calls.push(link.call('due', { now: 0, limit: 1 }));
    for (const { status, reason } of await settle(calls)) {
      expect([status, reason]).toEqual([
        'rejected',
        expect.objectContaining({ name: 'RefusalError', code: 'unavailable' }),
      ]);
    }
    const later = link.call('due', { now: 0, limit: 1 });
    await expect(later).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringContaining('worker') },
    });
    link.watch(true);
    await link.close();
  });
}

test('calls of one turn of the event loop go together, and calls made meanwhile form the next group', async () => {
  const sizes = `
    parentPort.on('message', ({ type, requests }) => {
      if (type === 'close') return parentPort.close();
      parentPort.postMessage({ type: 'outcomes', outcomes: requests.map(() => ({ value: ['' + requests.length] })) });
    });`;
  const link = createWorkerLink(broken(sizes), () => {});
  const due = () => link.call('due', { now: 0, limit: 1 });
  const first = [due(), due()];
  await new Promise((resolve) => setImmediate(resolve));
  const second = [due(), due(), due()];
  expect(await Promise.all(first)).toEqual([['2'], ['2']]);
  expect(await Promise.all(second)).toEqual([['3'], ['3'], ['3']]);
  await link.close();
});

async function settle(calls: readonly Promise<unknown>[]) {
  const settled = await Promise.allSettled(calls);
  return settled.map((each) => ({
    status: each.status,
    reason: each.status === 'rejected' ? each.reason : undefined,
  }));
}

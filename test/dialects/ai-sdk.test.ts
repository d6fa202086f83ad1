// `useChat` without React (`AbstractChat`), of three versions, over real sockets.
import { aiSdk } from 'heddle/dialects';
import { dialectContract } from 'heddle/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startWith } from '../rig/checked-server.ts';
import { aiSdkOracles } from '../rig/dialects/ai-sdk-clients.ts';

const start = startWith(aiSdk());
/** Each seed cuts connections at other places. `proofs/dialects.ts` runs more. */
const seeds = [1, 2, 3];

// WorkflowChatTransport reports each cut.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterAll(() => void vi.restoreAllMocks());

const cases = dialectContract.flatMap((check) =>
  (check.name.startsWith('cut') ? seeds : [1]).map((seed) => ({ name: check.name, seed, check })),
);

describe.each(aiSdkOracles)('$name', (oracle) => {
  // The checks mostly wait, each on a server of its own.
  test.concurrent.each(cases)('$name, seed $seed', async ({ name, seed, check }) => {
    const reason = oracle.cannot?.[name];
    if (reason === undefined) await check.run(oracle, start, seed);
    else await expect(check.run(oracle, start, seed), reason).rejects.toThrow();
  });
});

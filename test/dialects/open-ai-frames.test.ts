// Every frame of random sessions is one that the packages declare, and that their decoders take.
import { expect, test } from 'vitest';
import { createRandom } from 'heddle/testing';
import { runOpenAiSession } from '../rig/dialects/open-ai/open-ai-session.ts';
import { createTypedFrames } from '../rig/dialects/open-ai/typed-frames.ts';

test('the frames of random sessions are those of the packages', async () => {
  const typed = createTypedFrames();
  const random = createRandom(1);
  for (let session = 0; session < 40; session += 1) await runOpenAiSession(random.fork(session), typed);
  expect(typed.size).toBeGreaterThan(50);
  expect(await typed.check()).toBe('');
});

const delta = {
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  output_index: 0,
  content_index: 0,
  delta: 'hi',
  logprobs: [],
  sequence_number: 1,
};
const { item_id: _, ...nameless } = delta;

test('a frame with a field too few, too many, or of another type is found', async () => {
  const typed = createTypedFrames();
  typed.add('event', delta);
  for (const wrong of [
    nameless,
    { ...delta, colour: 'red' },
    { ...delta, delta: 7 },
    { ...delta, type: 'x' },
  ])
    typed.add('event', wrong);
  const errors = (await typed.check()).split('\n').filter((line) => /error TS/.test(line));
  expect(errors).toHaveLength(4);
});

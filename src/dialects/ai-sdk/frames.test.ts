import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { project } from './project.ts';
import { richLog } from './rich-log.fixture.ts';
import { revision } from './run-name.ts';

/** The digest of the frames of each revision. One that was released never changes. */
const recorded: Readonly<Record<number, string>> = { 1: 'bdb8aa1287a426979f98afd35cb60ff2' };

const exchanges = [
  ['m1', 't1'],
  ['m1', 't3'],
  ['m2', 't2'],
  ['m3', 't4'],
  ['m4', 't5'],
  ['m5', 't6'],
  ['m5', 't7'],
] as const;

test('the frames of a revision do not change', () => {
  const hash = createHash('sha256');
  for (const variant of ['5', '6', '7'])
    for (const [message, turn] of exchanges) {
      const projection = project({ session: 's1', message, turn, variant, from: undefined });
      // Each entry's frames are counted, because an id names a frame within its entry.
      for (const entry of richLog) hash.update(JSON.stringify(projection.project(entry)) + '\n');
    }
  expect(
    hash.digest('hex').slice(0, 32),
    `The frames of revision ${revision} have changed. Clients that go on by counts of frames would miss or
    repeat some while a release is rolled out. Raise \`revision\` in run-name.ts and record the digest here.`,
  ).toBe(recorded[revision]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stepReader } from './reader-life.ts';
import type { ReaderHappening, Phase } from './reader-life.ts';

const phases: readonly Phase[] = ['behind', 'live', 'busy', 'owed', 'leaving', 'ended'];
const happenings: readonly ReaderHappening[] = [
  'joined',
  'held',
  'drained',
  'forgotten',
  'closed',
  'failed',
  'unsure',
  'told',
  'caught-up',
  'over',
  'broken',
  'slow',
  'gone',
];

/** The table as decision 014 prints it: a cell names the next phase where it is another one, and the act. */
function toRows(): readonly string[] {
  return happenings.map((happening) => {
    const cells = phases.slice(0, -1).map((phase) => {
      const [next, act] = stepReader(phase, happening);
      return [next === phase ? '' : `→ ${next}`, act === 'nothing' ? '' : act].filter(Boolean).join(', ');
    });
    return `| ${[happening, ...cells].join(' | ')} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
  });
}

test('the table of the decision is the table of the code', () => {
  const page = readFileSync(
    new URL('../../docs/decisions/014-a-readers-life-is-a-table.md', import.meta.url),
    'utf8',
  );
  const printed = page
    .split('\n')
    .filter((line) => happenings.some((each) => line.startsWith(`| ${each} |`)));
  expect(printed).toEqual(toRows());
});

test('nothing happens to a reader that has ended', () => {
  for (const happening of happenings) expect(stepReader('ended', happening)).toEqual(['ended', 'nothing']);
});

test.each(phases.slice(0, -1))(
  'a reader that is %s ends where its client is gone or does not read',
  (phase) => {
    expect(stepReader(phase, 'gone')).toEqual(['ended', 'let-go']);
    expect(stepReader(phase, 'slow')).toEqual(['ended', 'cut']);
  },
);

test('a reader ends in a few steps, whatever happens once it was told to', () => {
  // From each phase: told, and then all that its own acts bring about.
  const brings: Readonly<Record<string, ReaderHappening>> = {
    'catch-up': 'caught-up',
    'say-farewell': 'over',
    'write-rest-and-end': 'over',
    read: 'over',
    wake: 'over',
  };
  for (const first of phases.filter((phase) => phase !== 'ended' && phase !== 'leaving')) {
    let phase: Phase = first;
    let happening: ReaderHappening | undefined = first === 'owed' ? 'drained' : 'told';
    for (let steps = 0; phase !== 'ended' && steps < 5 && happening !== undefined; steps += 1) {
      const [next, act]: readonly [Phase, string] = stepReader(phase, happening);
      phase = next;
      happening = brings[act];
    }
    expect([first, phase]).toEqual([first, 'ended']);
  }
});

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

/**
 * Returns the table as decision 014 prints it: a cell holds the next phase, if it is another one, and the
 * act.
 */
function toRows(): readonly string[] {
  return happenings.map((happening) => {
    const cells = phases.slice(0, -1).map((phase) => {
      const [next, act] = stepReader(phase, happening);
      return [next === phase ? '' : `→ ${next}`, act === 'nothing' ? '' : act].filter(Boolean).join(', ');
    });
    return `| ${[happening, ...cells].join(' | ')} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
  });
}

test('the table in decision 014 is the table of the code', () => {
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

test.each(phases.slice(0, -1))('a reader that is %s ends if its client is gone or does not read', (phase) => {
  expect(stepReader(phase, 'gone')).toEqual(['ended', 'let-go']);
  expect(stepReader(phase, 'slow')).toEqual(['ended', 'cut']);
});

test('from every phase, a reader that is told to end does so in a few steps', () => {
  // The happening that follows from each act once the reader was told to end.
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

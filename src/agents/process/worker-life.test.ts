import { expect, test } from 'vitest';
import { stepWorker } from './worker-life.ts';
import type { WorkerHappening, WorkerPhase } from './worker-life.ts';

/** Returns the acts of a worker to which these things happen, and its last phase. */
function live(...happenings: readonly WorkerHappening[]): readonly string[] {
  const acts: string[] = [];
  let phase: WorkerPhase = 'starting';
  for (const happening of happenings) {
    const [next, act] = stepWorker(phase, happening);
    phase = next;
    if (act !== 'nothing') acts.push(act);
  }
  return [...acts, phase];
}

test.each<[string, readonly WorkerHappening[], readonly string[]]>([
  ['works and closes', ['ready', 'emptied', 'told', 'gone'], ['open', 'lose-and-end-input', 'gone']],
  ['crashes', ['ready', 'gone'], ['open', 'lose', 'gone']],
  ['never starts', ['gone'], ['lose', 'gone']],
  [
    'is never ready, and ends by no signal but the last',
    ['due', 'due', 'due', 'gone'],
    ['lose-and-end-input', 'terminate', 'kill', 'gone'],
  ],
  [
    'is spoiled, and ends after its other turns',
    ['ready', 'stuck', 'stuck', 'emptied', 'emptied', 'due', 'due', 'gone'],
    ['open', 'end-input', 'terminate', 'kill', 'gone'],
  ],
  [
    'breaks the protocol',
    ['ready', 'broken', 'broken', 'told', 'gone'],
    ['open', 'lose-and-end-input', 'gone'],
  ],
  ['says ready twice', ['ready', 'ready'], ['open', 'ready']],
  ['is closed while it starts', ['told', 'ready', 'gone'], ['end-input', 'gone']],
])('a worker that %s', (_, happenings, acts) => {
  expect(live(...happenings)).toEqual(acts);
});

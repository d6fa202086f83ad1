import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { exchangeOf, named, richLog } from '../ag-ui/rich-log.fixture.ts';
import { fromA2aVariant, toA2aVariant } from './peer.ts';
import { a2aRevision, openA2a } from './project.ts';

/**
 * The digests of the frames of the rich log, by the revision of the frames. One that was released never
 * changes.
 */
const recorded: Readonly<Record<number, string>> = {
  1: '02b4126376e7f95c96866d69a335e977d8790802c3fda66ecc449531d67bea3b',
};

const turns = ['asks', 'goesOn', 'fails', 'stops', 'never', 'runs'].map(named);
const choices = [
  { version: '1.0' },
  { version: '1.0', rpc: { id: 1 } },
  { version: '0.3', rpc: { id: 'r' }, isBrief: true },
] as const;

test('the frames of a revision never change, because clients go on by their place in an entry', () => {
  const frames = turns.flatMap((turn) =>
    choices.map((choice) => {
      const scope = exchangeOf(turn, { variant: toA2aVariant(choice) });
      const projection = openA2a({ scope });
      const from = richLog.findIndex(({ id }) => id === scope.from) + 1;
      const projected = richLog.slice(from).map((entry) => projection.project(entry));
      return [...projected, projection.announce({ type: 'auth_expired' })];
    }),
  );
  const digest = createHash('sha256').update(JSON.stringify(frames)).digest('hex');
  expect(digest, 'The frames have changed: raise a2aRevision, and record the digest under it.').toBe(
    recorded[a2aRevision],
  );
});

test.each(choices)('the choice %j survives its name', (choice) => {
  expect(fromA2aVariant(toA2aVariant(choice))).toEqual(choice);
});

import { expect, test } from 'vitest';
import { toUnused } from './to-unused.ts';

const place = { data: '.heddle', isDataGiven: false };

test('a model beside an agent file is reported as unused', () => {
  expect(toUnused('agent.ts', place, { HEDDLE_MODEL: 'openai:gpt-5' })).toEqual([
    'HEDDLE_MODEL does nothing: it is for the built-in guide, and agent.ts answers',
  ]);
  expect(toUnused('agent.ts', place, { HEDDLE_MODEL: ' ' })).toEqual([]);
  expect(toUnused(undefined, place, { HEDDLE_MODEL: 'openai:gpt-5' })).toEqual([]);
});

test('a data folder beside another store is reported as unused', () => {
  const given = { ...place, data: 'kept', isDataGiven: true };
  expect(toUnused(undefined, { ...given, memory: true }, {})).toEqual([
    '--data kept does nothing: conversations are kept in memory only',
  ]);
  expect(toUnused(undefined, { ...given, redis: 'redis://x' }, {})[0]).toContain('in Redis');
  expect(toUnused(undefined, given, {})).toEqual([]);
});

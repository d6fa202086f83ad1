import { expect, test } from 'vitest';
import { toAgentSource } from './agent/open-agent.ts';
import { toUnused } from './to-unused.ts';

const place = { data: '.heddle', isDataGiven: false };

test('a model beside an agent file is reported as unused', () => {
  expect(toUnused(toAgentSource('agent.ts'), place, { HEDDLE_MODEL: 'openai:gpt-5' })).toEqual([
    'HEDDLE_MODEL does nothing: it is for the built-in guide, and agent.ts answers',
  ]);
  expect(toUnused(toAgentSource('agent.ts'), place, { HEDDLE_MODEL: ' ' })).toEqual([]);
  expect(toUnused(toAgentSource(undefined), place, { HEDDLE_MODEL: 'openai:gpt-5' })).toEqual([]);
});

test('a data folder beside another store is reported as unused', () => {
  const given = { ...place, data: 'kept', isDataGiven: true };
  expect(toUnused(toAgentSource(undefined), { ...given, memory: true }, {})).toEqual([
    '--data kept does nothing: conversations are kept in memory only',
  ]);
  expect(toUnused(toAgentSource(undefined), { ...given, redis: 'redis://x' }, {})[0]).toContain('in Redis');
  expect(toUnused(toAgentSource(undefined), given, {})).toEqual([]);
});

test('options of a URL beside another agent are reported as unused', () => {
  const given = { ...place, format: 'agui', header: ['a: b'] } as const;
  expect(toUnused(toAgentSource('agent.ts'), given, { HEDDLE_AGENT_TOKEN: 't' })).toEqual(
    ['--format', '--header', 'HEDDLE_AGENT_TOKEN'].map(
      (name) => `${name} does nothing: it is for an agent behind a URL, and agent.ts answers`,
    ),
  );
  expect(toUnused(toAgentSource('http://a/'), given, { HEDDLE_AGENT_TOKEN: 't' })).toEqual([]);
});

test('a number of workers without a command is reported as unused', () => {
  const given = { ...place, workers: 4 };
  expect(toUnused(toAgentSource('agent.ts'), given, {})).toEqual([
    '--workers 4 does nothing: it is for a command of lines, and agent.ts answers',
  ]);
  expect(toUnused(toAgentSource(undefined, ['python', 'agent.py']), given, {})).toEqual([]);
  expect(toUnused(toAgentSource(undefined, ['gemini'], true), given, {})).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { toAgentEnvironment } from './agent-environment.ts';

test('the variables of the server are withheld, and those of the options are on top', () => {
  const ours = { HEDDLE_SECRET: 's', heddle_token: 't', HEDDLES: '1', PATH: '/bin', LANG: 'C' };
  expect(toAgentEnvironment(ours, { LANG: 'ja', HEDDLE_FOR_AGENT: 'x' })).toEqual({
    HEDDLES: '1',
    PATH: '/bin',
    LANG: 'ja',
    HEDDLE_FOR_AGENT: 'x',
  });
});

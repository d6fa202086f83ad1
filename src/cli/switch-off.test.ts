import { expect, test } from 'vitest';
import { switchOff } from './switch-off.ts';

const settings = [
  { flags: '--insecure', env: 'HEDDLE_INSECURE', form: 'flag', help: '' },
  { flags: '--redis <url>', env: 'HEDDLE_REDIS', form: 'text', help: '' },
] as const;

function left(env: Record<string, string>): Record<string, string | undefined> {
  switchOff(settings, env);
  return env;
}

test('a flag in a variable is on with 1, true, yes or on, and off with 0, false, no or off', () => {
  for (const value of ['1', 'true', 'Yes', ' ON '])
    expect(left({ HEDDLE_INSECURE: value })).toEqual({ HEDDLE_INSECURE: value });
  for (const value of ['0', 'false', 'No', ' OFF ', '']) expect(left({ HEDDLE_INSECURE: value })).toEqual({});
});

test('a flag that is neither on nor off is refused', () => {
  expect(() => left({ HEDDLE_INSECURE: 'maybe' })).toThrow(
    'HEDDLE_INSECURE is "maybe"; set it to 1 or to 0.',
  );
});

test('an empty variable sets nothing, and other variables stay unchanged', () => {
  expect(left({ HEDDLE_REDIS: ' ', OTHER: '' })).toEqual({ OTHER: '' });
  expect(left({ HEDDLE_REDIS: 'no' })).toEqual({ HEDDLE_REDIS: 'no' });
});

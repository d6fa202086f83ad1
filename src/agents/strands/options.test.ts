import { expect, test } from 'vitest';
import { strands } from './index.ts';

const factory = (): never => {
  throw new Error('It makes an agent.');
};

test.each(['turns', 'outputTokens', 'totalTokens'])('an invalid limits.%s is refused at creation', (name) => {
  for (const value of [Number.NaN, 0, -1, 1.5, '10'])
    expect(() => strands(factory, { limits: { [name]: value } })).toThrow(`limits.${name}: `);
  strands(factory, { limits: { [name]: Infinity } });
});

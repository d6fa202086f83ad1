import { expect, test } from 'vitest';
import { toSubagentId } from './names.ts';

test('an inner agent whose name was cut within a character has an id, too', () => {
  expect(toSubagentId('t', ['a b', 'half \ud83d'])).toBe('t@a%20b/half%20%EF%BF%BD');
});

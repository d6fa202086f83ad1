import { expect, test } from 'vitest';
import { toPermissionOptions, toPermissionOutcome, toPermissionReason } from './permission.ts';

const once = { optionId: 'o', name: 'Allow', kind: 'allow_once' };
const always = { optionId: 'a', name: 'Always', kind: 'allow_always' };
const no = { optionId: 'n', name: 'No', kind: 'reject_once' };
const never = { optionId: 'x', name: 'Never', kind: 'reject_always' };

test.each([
  [true, [always, once, no], 'o'],
  [{ approved: true }, [once, no], 'o'],
  ['a', [once, always, no], 'a'],
  [{ optionId: 'a', approved: false }, [once, always, no], 'a'],
  [false, [once, never, no], 'n'],
  [false, [once, never], 'x'],
  ['Too much.', [once, no], 'n'],
  [null, [once, no], 'n'],
  // A yes to one call is no yes to all of them.
  [true, [always, no], undefined],
  [false, [once], undefined],
  ['', [{ optionId: '', name: '', kind: '' }], undefined],
])('the decision %j among %j', (decision, options, optionId) => {
  expect(toPermissionOutcome(decision, options)).toEqual(
    optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId },
  );
});

test('the reason has what the call would do, and the options', () => {
  const diff = { type: 'diff', path: '/a', newText: 'b' };
  const ask = (content: unknown) => toPermissionReason({ toolCall: { content }, options: [once] }, 'Edit');
  expect(ask([diff])).toEqual({ title: 'Edit', content: [diff], options: [once] });
  expect(ask([{ type: 'content', content: { type: 'text', text: 'rm' } }])).toMatchObject({ message: 'rm' });
  expect(ask(undefined)).toEqual({ title: 'Edit', options: [once] });
  expect(toPermissionOptions({ options: [7] })).toEqual([{ optionId: '', name: '', kind: '' }]);
});

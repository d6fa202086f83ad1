import { expect, test } from 'vitest';
import { isNamePairs, mintApproval, toVendorAnswers } from './approval-names.ts';
import { isApproved, reasonOf } from './decisions.ts';

test.each([
  [true, true, undefined],
  [false, false, undefined],
  [{ approved: true }, true, undefined],
  [{ approved: 'yes' }, false, undefined],
  [{ approved: false, reason: 'Too much.' }, false, 'Too much.'],
  ['No.', false, 'No.'],
  [undefined, false, undefined],
  [1, false, undefined],
])('the decision %j is approved: %s, for the reason %s', (decision, isYes, reason) => {
  expect(isApproved(decision)).toBe(isYes);
  expect(reasonOf(decision)).toBe(reason);
});

test('answers find the names of the vendor, in the order in which it asked', () => {
  const names = [mintApproval(), mintApproval(), mintApproval()] as const;
  const pairs = names.map((name, index) => [name, `v${index}`] as const);
  const answers = [names[2], names[0]].map((approval) => ({ approval, reason: '', decision: true }));
  expect(toVendorAnswers(pairs, answers)).toEqual([
    { vendorId: 'v0', answer: answers[1] },
    { vendorId: 'v2', answer: answers[0] },
  ]);
  expect(isNamePairs(JSON.parse(JSON.stringify(pairs)))).toBe(true);
});

test.each([[undefined], [{}], [['ab']], [[['a']]], [[['a', 1]]], [[['a', 'b', 'c']]]])(
  '%j is no list of pairs',
  (value) => {
    expect(isNamePairs(value)).toBe(false);
  },
);

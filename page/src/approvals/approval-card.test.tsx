import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ApprovalPart, ToolPart } from 'heddle';
import { ApprovalCard } from './approval-card.tsx';
import { ApprovalsContext } from './approvals-context.ts';

const asked: ApprovalPart = { type: 'approval', approval: 'a', reason: { title: 'Pay <b>7</b>?' } };
const call: ToolPart = {
  type: 'tool',
  call: 'c',
  tool: 'pay',
  inputText: '',
  input: { amount: 7 },
  status: 'cancelled',
};

test('the buttons name the approval', () => {
  const html = render(asked, ['a']);
  expect(html).toContain('aria-label="Approve: Pay &lt;b&gt;7&lt;/b&gt;?"');
  expect(html).toContain('aria-label="Deny: Pay');
});

test('only an open approval can be answered', () => {
  expect(render(asked, [])).not.toContain('<button');
  expect(render({ ...asked, status: 'expired' }, ['a'])).not.toContain('<button');
});

test('the call that needs approval is shown with its input', () => {
  const html = render(asked, ['a'], call);
  for (const told of ['pay', 'amount', '7']) expect(html).toContain(told);
  expect(render(asked, ['a'], { ...call, input: [8] })).toContain('8');
});

test.each([
  [{ status: 'answered', decision: true }, 'approved', 'Approved'],
  [{ status: 'answered', decision: false }, 'denied', 'Denied'],
  [{ status: 'answered', decision: 'later' }, 'answered', 'later'],
  [{ status: 'expired' }, 'expired', 'Expired'],
  [{ status: 'cancelled' }, 'cancelled', 'Cancelled'],
] as const)('the answer is shown: %j', (answer, status, words) => {
  const html = render({ ...asked, ...answer }, []);
  expect(html).toContain(`data-status="${status}"`);
  expect(html).toContain(words);
});

function render(part: ApprovalPart, open: readonly string[], tool?: ToolPart): string {
  return renderToStaticMarkup(
    <ApprovalsContext value={{ open: new Set(open), answer: () => Promise.resolve() }}>
      <ApprovalCard part={part} tool={tool} />
    </ApprovalsContext>,
  );
}

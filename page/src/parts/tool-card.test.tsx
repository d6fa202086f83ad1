import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ApprovalPart, PartState, ToolPart } from 'heddle';
import { PartList } from './part-list.tsx';
import { ToolCard } from './tool-card.tsx';

const call: ToolPart = { type: 'tool', call: 'c', tool: 'calculate', inputText: '', status: 'running' };

test('a call shows its tool, its input and its output', () => {
  const html = render({ ...call, status: 'ok', input: { expression: '6 * 7' }, output: 42 });
  expect(html).toContain('calculate');
  expect(html).toContain('6 * 7');
  expect(html).toContain('42');
  expect(html).toContain('Done');
});

test('an incomplete input is shown as far as it has arrived', () => {
  expect(render({ ...call, status: 'input', inputText: '{"expression":"6' })).toContain(
    '{&quot;expression&quot;:&quot;6',
  );
});

test('each status is shown in words and in an attribute', () => {
  for (const [status, word] of [
    ['input', 'Preparing'],
    ['running', 'Running'],
    ['error', 'Failed'],
    ['cancelled', 'Stopped'],
  ] as const) {
    const html = render({ ...call, status });
    expect(html).toContain(word);
    expect(html).toContain(`data-status="${status}"`);
  }
});

test('a call shows that it waits for approval, or that it was denied', () => {
  const waiting: ToolPart = { ...call, status: 'waiting' };
  const ended: ToolPart = { ...call, status: 'cancelled' };
  const asked: ApprovalPart = { type: 'approval', approval: 'a', call: 'c', reason: '' };
  for (const html of [list([waiting, asked], true), render(waiting)]) {
    expect(html).toContain('data-status="pending"');
    expect(html).toContain('Waiting for approval');
    expect(html).not.toContain('No result');
  }
  expect(list([waiting, { ...asked, status: 'answered', decision: true }], true)).toContain('Approved');
  expect(list([ended, { ...asked, status: 'answered', decision: false }], true)).toContain('Denied');
  // The turn was stopped before it could wait for the approval.
  expect(list([ended, asked], false)).toContain('Stopped');
});

test('the output of a tool cannot become markup', () => {
  expect(render({ ...call, status: 'ok', output: '<img src=x onerror=alert(1)>' })).not.toContain('<img');
});

function render(part: ToolPart): string {
  return renderToStaticMarkup(<ToolCard part={part} />);
}

function list(parts: readonly PartState[], waits: boolean): string {
  return renderToStaticMarkup(<PartList parts={parts} waits={waits} />);
}

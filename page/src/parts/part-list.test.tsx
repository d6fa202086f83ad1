import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { PartState } from 'heddle';
import { PartList } from './part-list.tsx';

test('the parts of inner agents are under their names', () => {
  const html = render([
    { type: 'text', part: 'a', text: 'outer', open: false },
    { type: 'text', part: 'b', text: 'inner', open: false, agent: ['team', 'writer'] },
    { type: 'text', part: 'c', text: 'inner too', open: true, agent: ['team', 'writer'] },
  ]);
  expect(html.match(/<h2>/g)).toHaveLength(1);
  expect(html).toContain(
    '<div class="inner-agent" role="group" aria-label="team › writer"><h2>team › writer</h2>',
  );
});

test('a part that ended empty is left out', () => {
  expect(render([{ type: 'text', part: 'a', text: ' \n', open: false }])).toBe('');
});

test('every kind of part is shown', () => {
  const html = render([
    { type: 'reasoning', part: 'a', text: 'hm', open: false },
    { type: 'custom', name: 'cost', data: { usd: 1 } },
    { type: 'custom', name: 'cost', data: { usd: 2 } },
    { type: 'approval', approval: 'x', reason: { what: 'send' } },
  ]);
  expect(html).toContain('Thoughts');
  expect(html.match(/cost/g)?.length).toBeGreaterThanOrEqual(2);
  expect(html).toContain('Asks for your approval');
});

function render(parts: readonly PartState[]): string {
  return renderToStaticMarkup(<PartList parts={parts} />);
}

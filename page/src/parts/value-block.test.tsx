import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ValueBlock } from './value-block.tsx';

test('text follows the direction of its script, and JSON runs from left to right', () => {
  const render = (text: string): string => renderToStaticMarkup(<ValueBlock label="x" text={text} />);
  expect(render('مرحبا')).toContain('dir="auto"><span>');
  expect(render('[\n  "مرحبا"\n]')).toContain('dir="ltr"><span>');
  expect(render('{ "a": "مرحبا" }')).toContain('dir="ltr"><span>');
});

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { SignInCard } from './sign-in-card.tsx';

const render = (again: boolean): string =>
  renderToStaticMarkup(<SignInCard again={again} onKey={() => Promise.resolve()} />);

test('the field hides its text, has a label, and is described by the text around it', () => {
  const html = render(false);
  const field = /<input[^>]*>/.exec(html)?.[0] ?? '';
  expect(field).toContain('type="password"');
  expect(field).toContain('autoComplete="current-password"');
  expect(field).toContain('aria-invalid="false"');
  const id = /id="([^"]+)"/.exec(field)?.[1];
  expect(html).toContain(`<label for="${id}">API key or token</label>`);
  const described = /aria-describedby="([^"]+)"/.exec(field)?.[1]?.split(' ') ?? [];
  expect(described).toHaveLength(2);
  for (const part of described) expect(html).toContain(`id="${part}"`);
  expect(html).not.toContain('role="alert"');
});

test('after an expired login the card says that nothing is lost, otherwise that another page may sign in', () => {
  expect(render(true)).toContain('Nothing is lost');
  expect(render(false)).not.toContain('Nothing is lost');
  expect(render(false)).toContain('If you sign in on another page');
});

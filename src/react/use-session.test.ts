import { createElement } from 'react';
import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createClient } from '../client/index.ts';
import { useSession } from './index.ts';
import type { SessionSource } from './index.ts';

function Chat({ source }: { readonly source: SessionSource }): ReactElement {
  const { status, connection, session, messages, sending, approvals } = useSession(source);
  const count = messages.length + sending.length + approvals.length;
  return createElement('p', {}, [status, connection, session, count].join(' '));
}

const fetch = (): never => {
  throw new Error('A server renders without asking.');
};

test.each([
  ['the URL of a session', '/agents/session/s1', 'loading connecting s1 0'],
  ['the URL of a server', '/agents', 'ready idle  0'],
  ['a session', createClient({ fetch }).session('s1'), 'loading connecting s1 0'],
])('on a server, %s renders as it does before the session is read', (_, source, text) => {
  expect(globalThis).not.toHaveProperty('window');
  expect(renderToString(createElement(Chat, { source }))).toBe(`<p>${text}</p>`);
});

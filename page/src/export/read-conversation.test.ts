import { expect, test, vi } from 'vitest';
import { ClientError } from 'heddle/client';
import type { Session } from 'heddle/client';
import type { MessageState, SessionState } from 'heddle';
import { readConversation } from './read-conversation.ts';

const message = (id: string, status: 'started' | 'waiting' = 'started'): MessageState =>
  ({ role: 'user', message: id, content: id, status }) as MessageState;

/** Returns a session with these pages, the last one first, and all of its messages at once as `whole`. */
function serve(
  pages: readonly (readonly MessageState[])[],
  whole: readonly MessageState[] = pages.toReversed().flat(),
) {
  const state = vi.fn<Session['state']>(async ({ before, messages } = {}) => {
    const at = before === undefined ? 0 : pages.findIndex(([first]) => first?.message === before) + 1;
    if (messages === undefined) return { messages: whole } as unknown as SessionState;
    return {
      messages: pages[at] ?? [],
      ...(at < pages.length - 1 && { earlier: true }),
    } as unknown as SessionState;
  });
  return { state };
}

const ids = (messages: readonly MessageState[]): readonly unknown[] => messages.map((each) => each.message);

test('all pages are read, from the last one to the first', async () => {
  const session = serve([[message('e')], [message('c'), message('d')], [message('a'), message('b')]]);
  expect(ids(await readConversation(session))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(session.state).toHaveBeenCalledTimes(3);
});

test('without a place to page back from, all is read at once', async () => {
  const session = serve([[message('b', 'waiting')], [message('a')]]);
  expect(ids(await readConversation(session))).toEqual(['a', 'b']);
});

test('after an edit meanwhile, all is read at once', async () => {
  const session = serve([[message('b')], [message('a')]], [message('x')]);
  const refused = new ClientError('malformed', 'No message in force has that name.', { status: 400 });
  const { state } = session;
  session.state = vi.fn<Session['state']>((options) =>
    options?.before === undefined ? state(options) : Promise.reject(refused),
  );
  expect(ids(await readConversation(session))).toEqual(['x']);
});

test('any other failure rejects', async () => {
  const gone = new ClientError('not_found', 'There is no such thing here.', { status: 404 });
  await expect(readConversation({ state: () => Promise.reject(gone) })).rejects.toBe(gone);
});

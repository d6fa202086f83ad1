import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { AgentMessage as AgentMessageState, SentMessage } from 'heddle';
import { createDrafts } from '../composer/drafts.ts';
import { DraftsContext } from '../composer/drafts-context.ts';
import { AgentMessageView } from './agent-message-view.tsx';
import { UserMessage } from './user-message.tsx';

const sent: SentMessage = {
  role: 'user',
  message: 'm',
  turn: 't',
  at: 0,
  content: 'hello',
  status: 'started',
};
const answer: AgentMessageState = {
  role: 'agent',
  turn: 't',
  message: 'm',
  at: 0,
  attempt: 1,
  parts: [],
  openSteps: [],
};

test('a user message is shown as it was typed', () => {
  expect(user({ ...sent, content: '**a**\n<b>' })).toContain('**a**\n&lt;b&gt;');
});

test('only a waiting message can be taken back', () => {
  expect(user({ ...sent, status: 'waiting' })).toContain('Take back');
  expect(user(sent)).not.toContain('Take back');
  expect(user({ ...sent, status: 'withdrawn' })).toContain('Taken back');
});

test('files are named, and images are not fetched', () => {
  const html = user({
    ...sent,
    content: [
      { type: 'text', text: 'see' },
      { type: 'file', media_type: 'text/plain', data: '', name: 'a.txt' },
    ],
  });
  expect(html).toContain('see');
  expect(html).toContain('a.txt');
});

test('a Japanese text has lang="ja", for its glyphs and for screen readers', () => {
  expect(user({ ...sent, content: '今何時ですか' })).toContain('lang="ja"');
  expect(user(sent)).not.toContain('lang=');
});

test('an answer without parts shows that the agent works', () => {
  expect(agent(answer)).toContain('Thinking');
  expect(agent({ ...answer, outcome: 'completed' })).not.toContain('Thinking');
});

test('each unusual outcome is shown', () => {
  expect(agent({ ...answer, outcome: 'cancelled' })).toContain('Stopped');
  expect(agent({ ...answer, cancelling: true })).toContain('Stopping');
  const failed = agent({
    ...answer,
    outcome: 'failed',
    error: { code: 'busy', message: 'Too <b>busy</b>.' },
  });
  expect(failed).toContain('Too &lt;b&gt;busy&lt;/b&gt;.');
  expect(agent({ ...answer, outcome: 'failed' })).toContain('Something went wrong');
});

test('only a message that can be sent again offers it', () => {
  const replace = (): Promise<void> => Promise.resolve();
  const last = <UserMessage message={sent} onWithdraw={replace} onReplace={replace} />;
  expect(renderToStaticMarkup(last)).toContain('Edit');
  expect(user(sent)).not.toContain('Edit');
  const done: AgentMessageState = { ...answer, outcome: 'completed' };
  const again = <AgentMessageView message={done} again={sent} onReplace={replace} />;
  expect(renderToStaticMarkup(again)).toContain('Try again');
  expect(agent(done)).not.toContain('Try again');
});

test('a half-finished edit comes back with its message, but only while it can be sent again', () => {
  const replace = (): Promise<void> => Promise.resolve();
  const drafts = createDrafts();
  drafts.change(`edit ${sent.message}`, () => 'hello, half edi');
  const show = (onReplace?: typeof replace): string =>
    renderToStaticMarkup(
      <DraftsContext value={drafts}>
        <UserMessage message={sent} onWithdraw={replace} onReplace={onReplace} />
      </DraftsContext>,
    );
  expect(show(replace)).toContain('hello, half edi');
  expect(show()).not.toContain('half edi');
});

test('a later attempt is shown', () => {
  expect(agent({ ...answer, attempt: 2 })).toContain('attempt 2');
});

function user(message: SentMessage): string {
  return renderToStaticMarkup(<UserMessage message={message} onWithdraw={() => Promise.resolve()} />);
}

function agent(message: AgentMessageState): string {
  return renderToStaticMarkup(<AgentMessageView message={message} />);
}

import { expect, test } from 'vitest';
import type { AgentMessage, SentMessage } from '../../protocol/index.ts';
import type { ChangeNotice } from '../webhook.ts';
import { toPushNotice } from './push-notice.ts';

const sent: SentMessage = { role: 'user', message: 'm', turn: 't', at: 1, content: 'hi', status: 'started' };

function answerOf(more: Partial<AgentMessage>): AgentMessage {
  return { role: 'agent', turn: 't', message: 'm', at: 2, attempt: 1, parts: [], openSteps: [], ...more };
}

function noticeOf(more: Partial<ChangeNotice>, ...messages: readonly AgentMessage[]): ChangeNotice {
  return {
    session: 's',
    thread: 'context',
    message: 'm',
    change: 'completed',
    at: 3,
    state: { session: 's', messages: [sent, ...messages], approvals: [] },
    webhook: { id: 'm', url: 'https://a.example/', variant: '1.0' },
    ...more,
  };
}

const said = (text: string): AgentMessage =>
  answerOf({ outcome: 'completed', parts: [{ type: 'text', part: 'p', text, open: false }] });

test('a notice is the task, in the words of the version that registered it', () => {
  const notice = noticeOf({}, said('hello'));
  expect(toPushNotice(notice)).toMatchObject({
    headers: { 'content-type': 'application/a2a+json' },
    body: { task: { id: 's.m', contextId: 'context', status: { state: 'TASK_STATE_COMPLETED' } } },
  });
  const webhook = { ...notice.webhook, variant: '0.3', token: 'tok', authentication: { scheme: 'Basic' } };
  expect(toPushNotice({ ...notice, webhook })).toMatchObject({
    headers: { 'x-a2a-notification-token': 'tok' },
    body: {
      kind: 'task',
      id: 's.m',
      status: { state: 'completed' },
      artifacts: [{ parts: [{ text: 'hello' }] }],
    },
  });
});

test('what a task waits for is in its status', () => {
  const asks = answerOf({
    outcome: 'waiting',
    parts: [{ type: 'approval', approval: 'a', reason: 'Sure?' }],
  });
  expect(toPushNotice(noticeOf({ change: 'input_required' }, asks)).body).toMatchObject({
    task: {
      status: {
        state: 'TASK_STATE_INPUT_REQUIRED',
        message: { parts: [{ text: 'Sure?' }, { data: { approval: 'a' } }] },
      },
    },
  });
});

test('a task whose message was taken back is canceled', () => {
  const gone = { session: 's', messages: [], approvals: [] };
  expect(toPushNotice(noticeOf({ change: 'cancelled', state: gone })).body).toEqual({
    task: {
      id: 's.m',
      contextId: 'context',
      status: { state: 'TASK_STATE_CANCELED', timestamp: '1970-01-01T00:00:00.003Z' },
    },
  });
});

test('a task that is too long is told without what the agent said', () => {
  const { body } = toPushNotice(noticeOf({}, said('x'.repeat(600_000))));
  expect(body).toEqual({ task: expect.not.objectContaining({ artifacts: expect.anything() }) });
  expect(body).toMatchObject({ task: { status: { state: 'TASK_STATE_COMPLETED' } } });
});

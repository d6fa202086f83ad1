import type { ChangeNotice, NoticeRequest } from '../webhook.ts';
import type { A2aFacts, A2aTask } from './a2a-objects.ts';
import { a2aJson } from './a2a-problem.ts';
import { toTaskNames } from './task-name.ts';
import { toA2aTask } from './to-task.ts';
import type { TaskView } from './to-task.ts';
import { toA2aWords } from './words.ts';

/** The longest body with what the agent said, in UTF-16 units. */
const maxBody = 512 * 1024;

/**
 * Returns the request that tells a receiver how a task has changed: the task as it was at the change, as an
 * item of a stream in 1.0, and alone in 0.3. A task that is too long is told without what the agent said.
 */
export function toPushNotice(notice: ChangeNotice): NoticeRequest {
  const { variant, token, authentication } = notice.webhook;
  const version = variant === '0.3' ? '0.3' : '1.0';
  const toBody = (view?: TaskView): A2aFacts =>
    toA2aWords(version).event({ type: 'task', task: toTask(notice, view) });
  const whole = toBody();
  const { scheme, credentials } = authentication ?? {};
  return {
    headers: {
      ...(version === '1.0' && { 'content-type': a2aJson }),
      ...(token !== undefined && { 'x-a2a-notification-token': token }),
      ...(credentials !== undefined && { authorization: `${scheme} ${credentials}` }),
    },
    body: JSON.stringify(whole).length > maxBody ? toBody({ isBare: true, historyLength: 0 }) : whole,
  };
}

function toTask({ session, thread, message, state, at }: ChangeNotice, view: TaskView = {}): A2aTask {
  const found = { session, ...(thread !== undefined && { thread }), state };
  const task = toA2aTask(found, message, view);
  if (task !== undefined) return task;
  // The message was taken back.
  const { taskId: id, contextId } = toTaskNames({
    session,
    message,
    ...(thread !== undefined && { thread }),
  });
  return { id, contextId, status: { state: 'CANCELED', at } };
}

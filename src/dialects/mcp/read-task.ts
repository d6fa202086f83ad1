import type { AnswerIntent, CancelIntent, Finding, Intent, ReadIntent } from '../intent.ts';
import type { DialectReply } from '../dialect-reply.ts';
import { withMcpServerInfo } from './about.ts';
import type { McpServerInfo } from './about.ts';
import { readFormDecisions } from './ask.ts';
import { tasksExtension } from './call.ts';
import type { McpCall } from './call.ts';
import { mcpErrors, toMcpError, toMcpResult } from './rpc.ts';
import { toMcpTask } from './task.ts';
import { fromAnswerName } from './tool-result.ts';

/** The requests of the Tasks extension. */
const taskMethods = ['tasks/get', 'tasks/update', 'tasks/cancel'] as const;

type TaskMethod = (typeof taskMethods)[number];

/** Returns whether a request is about a task. */
export function isMcpTaskMethod(method: string): method is TaskMethod {
  return taskMethods.some((each) => each === method);
}

/** Reads a request about a task. */
export function readMcpTask(method: TaskMethod, call: McpCall, info: McpServerInfo): Intent {
  if (!call.tasks) return { type: 'reply', reply: toUndeclared(call) };
  const named = fromAnswerName(call.params['taskId']);
  if (named === undefined) return { type: 'reply', reply: toNoMcpTask(call) };
  const about = {
    thread: { type: 'session', session: named.session },
    of: { message: named.message },
  } as const;
  const done = { as: 'now', reply: toMcpDone(call, info) } as const;
  switch (method) {
    case 'tasks/get': {
      const reply = (found: Finding): DialectReply => {
        const task = toMcpTask(found, call);
        if (task === undefined) return toNoMcpTask(call);
        return {
          body: toMcpResult(call.id ?? 0, withMcpServerInfo(info, { resultType: 'complete', ...task })),
        };
      };
      return {
        type: 'read',
        ...about,
        show: { as: 'now', reply },
        none: toNoMcpTask(call),
      } satisfies ReadIntent;
    }
    case 'tasks/cancel':
      return { type: 'cancel', ...about, show: done } satisfies CancelIntent;
    case 'tasks/update': {
      const decisions = readFormDecisions(call.params['inputResponses']);
      return {
        type: 'answer',
        ...about,
        ignoreLate: true,
        decisions,
        show: done,
        pending: done,
      } satisfies AnswerIntent;
    }
  }
}

/** Returns the empty result of a request that was performed. */
function toMcpDone({ id = 0 }: Pick<McpCall, 'id'>, info: McpServerInfo): DialectReply {
  return { body: toMcpResult(id, withMcpServerInfo(info, { resultType: 'complete' })) };
}

/** Returns the error of a client that asks for a task, and does not declare that it takes tasks. */
function toUndeclared({ id }: McpCall): DialectReply {
  const data = { requiredCapabilities: { extensions: { [tasksExtension]: {} } } };
  const message = `The client does not declare the extension ${tasksExtension}.`;
  return { status: 400, body: toMcpError(id, mcpErrors.ability, message, data) };
}

/** Returns the error of a request about a task that its caller does not have. */
export function toNoMcpTask({ id }: Pick<McpCall, 'id'>): DialectReply {
  return { status: 200, body: toMcpError(id, mcpErrors.params, 'There is no such task.') };
}

import type { AnswerIntent, CancelIntent, Intent, ReadIntent } from '../intent.ts';
import type { DialectReply } from '../dialect-reply.ts';
import { withServerInfo } from './about.ts';
import type { ServerInfo } from './about.ts';
import { readDecisions } from './ask.ts';
import type { McpCall } from './call.ts';
import { rpcErrors, toRpcError, toRpcResult } from './rpc.ts';
import { toTask } from './task.ts';
import { fromTaskId } from './tool-result.ts';

/** The requests of the Tasks extension. */
export const taskMethods = ['tasks/get', 'tasks/update', 'tasks/cancel'] as const;

type TaskMethod = (typeof taskMethods)[number];

/** Returns whether a request is about a task. */
export function isTaskMethod(method: string): method is TaskMethod {
  return taskMethods.some((each) => each === method);
}

/** Reads a request about a task. */
export function readTask(method: TaskMethod, call: McpCall, info: ServerInfo): Intent {
  const named = fromTaskId(call.params['taskId']);
  if (named === undefined) return { type: 'reply', reply: toNoTask(call) };
  const about = {
    thread: { type: 'session', session: named.session },
    of: { message: named.message },
  } as const;
  const done = { as: 'now', reply: toDone(call, info) } as const;
  switch (method) {
    case 'tasks/get': {
      const reply: (found: Parameters<typeof toTask>[0]) => DialectReply = (found) => {
        const task = toTask(found);
        if (task === undefined) return toNoTask(call);
        return { body: toRpcResult(call.id ?? 0, withServerInfo(info, { resultType: 'complete', ...task })) };
      };
      return {
        type: 'read',
        ...about,
        show: { as: 'now', reply },
        none: toNoTask(call),
      } satisfies ReadIntent;
    }
    case 'tasks/cancel':
      return { type: 'cancel', ...about, show: done } satisfies CancelIntent;
    case 'tasks/update': {
      const decisions = readDecisions(call.params['inputResponses']);
      if (decisions.length > 0)
        return { type: 'answer', ...about, decisions, show: done, pending: done } satisfies AnswerIntent;
      return { type: 'read', ...about, show: done, none: toNoTask(call) } satisfies ReadIntent;
    }
  }
}

/** Returns the empty result of a request that was performed. */
export function toDone({ id = 0 }: Pick<McpCall, 'id'>, info: ServerInfo): DialectReply {
  return { body: toRpcResult(id, withServerInfo(info, { resultType: 'complete' })) };
}

/** Returns the error of a request about a task that its caller does not have. */
export function toNoTask({ id }: Pick<McpCall, 'id'>): DialectReply {
  return { status: 200, body: toRpcError(id, rpcErrors.params, 'There is no such task.') };
}

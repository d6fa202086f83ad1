import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, listOf, mintApproval, textOf, jsonTextOf } from '../kit/index.ts';
import type { OpenCall } from './create-graph-calls.ts';
import { byPath } from './speaker-path.ts';
import type { GraphInterrupt } from './create-graph-mapper.ts';
import type { AskedInterrupt, ReviewedAction } from './graph-snapshot.ts';

/** The approvals that a graph stopped for. */
export interface AskedApprovals {
  readonly requests: readonly AgentEvent[];
  readonly asked: readonly AskedInterrupt[];
}

/**
 * Returns the approvals for a graph's interrupts: one for each, and one for each action of a request of
 * `humanInTheLoopMiddleware`. `tasks` are the tasks that raised the interrupts, `open` the calls without a
 * result.
 */
export function toAskedApprovals(
  interrupts: readonly GraphInterrupt[],
  tasks: ReadonlyMap<string, string>,
  open: readonly OpenCall[],
): AskedApprovals {
  const free = new Set(open);
  const take = (fits: (call: OpenCall) => boolean): OpenCall | undefined => {
    const call = [...free].find(fits);
    if (call !== undefined) free.delete(call);
    return call;
  };
  const asked = interrupts.flatMap((interrupt): readonly Asked[] => {
    const { id, value } = interrupt;
    const actions = toActions(interrupt);
    if (actions.length === 0) {
      const task = tasks.get(id);
      const call = task === undefined ? undefined : take((each) => each.task?.endsWith(`:${task}`) === true);
      return [{ approval: mintApproval(), interrupt: id, reason: value ?? 'interrupt', call }];
    }
    return actions.map(({ action, reason }) => {
      const call = take(({ tool, input }) => tool === action.name && isSame(input, action.args));
      return { approval: mintApproval(), interrupt: id, reason, call, action };
    });
  });
  return {
    requests: asked.map(({ approval, reason, call }) => ({
      type: 'approval_request',
      approval,
      reason,
      ...(call && { call: call.call, ...byPath(call.path) }),
    })),
    asked: asked.map(({ approval, interrupt, call, action }) => ({
      approval,
      interrupt,
      ...(call && { call: call.call }),
      ...(action && { action }),
    })),
  };
}

interface Asked {
  readonly approval: string;
  readonly interrupt: string;
  readonly reason: unknown;
  readonly call: OpenCall | undefined;
  readonly action?: ReviewedAction;
}

/** Returns the actions that a middleware asks about; none for any other interrupt. */
function toActions({
  value,
  namespace,
}: GraphInterrupt): readonly { readonly action: ReviewedAction; readonly reason: object }[] {
  const { actionRequests, reviewConfigs } = fieldsOf(value);
  if (!Array.isArray(actionRequests) || !Array.isArray(reviewConfigs)) return [];
  return actionRequests.map(fieldsOf).map((request, index) => {
    const { allowedDecisions, argsSchema } = fieldsOf(reviewConfigs[index]);
    const allowed = listOf(allowedDecisions).map(textOf);
    return {
      action: { name: textOf(request['name']), args: request['args'], allowed, isInner: namespace !== '' },
      reason: { ...request, allowedDecisions: allowed, ...(argsSchema !== undefined && { argsSchema }) },
    };
  });
}

function isSame(left: unknown, right: unknown): boolean {
  return jsonTextOf(left) === jsonTextOf(right);
}

import type { AgentEvent } from '../../protocol/index.ts';
import { fieldsOf, listOf, mintApproval, textOf } from '../kit/index.ts';
import type { NamePair } from '../kit/index.ts';
import type { HeldAgents } from './hold-agents.ts';
import type { OpenToolCall } from './open-calls.ts';
import { parseToolInput } from './tool-item.ts';

/** A call for which a run asks. */
export interface OpenaiAskedCall {
  readonly tool: string;
  readonly input: unknown;
  /** The name of the agent that makes the call. It may run as a tool of another one. */
  readonly agent: string;
}

/** The approvals that a run stopped for. */
export interface OpenaiApprovals {
  readonly requests: readonly AgentEvent[];
  /** The name of each approval, with the place and the call id of its interruption. */
  readonly asked: readonly NamePair[];
}

/**
 * Returns the approvals for a run's interruptions. Each has a new name, since a call id may come again in a
 * later turn. If an agent that runs as a tool asks, the approval is about the outer call, if there is only
 * one.
 */
export function toOpenaiApprovals(
  interruptions: unknown,
  open: readonly OpenToolCall[],
  { has }: HeldAgents,
  reason: (call: OpenaiAskedCall) => unknown,
): OpenaiApprovals {
  const asked = listOf(interruptions).map((item, index) => {
    const { rawItem, agent, name } = fieldsOf(item);
    const raw = fieldsOf(rawItem);
    const { name: remote, arguments: given } = fieldsOf(raw['providerData']);
    const isRemote = raw['type'] === 'hosted_tool_call';
    const tool = (isRemote ? textOf(remote) : '') || textOf(name) || textOf(raw['name']);
    const input = parseToolInput(raw['arguments'] ?? given) ?? raw['action'] ?? raw['operation'] ?? {};
    const isOuter = has(agent);
    const own = isOuter ? open.find(({ id }) => id === raw['callId']) : undefined;
    const only = !isOuter && open.length === 1 ? open[0] : undefined;
    const call = (own ?? only)?.call;
    const event: AgentEvent = {
      type: 'approval_request',
      approval: mintApproval(),
      reason: reason({ tool, input, agent: textOf(fieldsOf(agent)['name']) }),
      ...(call !== undefined && { call }),
    };
    return { event, vendorId: toApprovalId(item, index) };
  });
  return {
    requests: asked.map(({ event }) => event),
    asked: asked.map(({ event, vendorId }) => [event.approval, vendorId]),
  };
}

/** Returns the name of an interruption in the state of its run. Call ids alone may be equal in two agents. */
export function toApprovalId(interruption: unknown, index: number): string {
  const { callId, id } = fieldsOf(fieldsOf(interruption)['rawItem']);
  return `${index}:${textOf(callId) || textOf(id)}`;
}

import type { ApprovalAnswer, Turn } from '../../protocol/index.ts';
import { createFailure, isApproved, reasonOf } from '../kit/index.ts';
import { decodeMemory } from './ai-sdk-memory.ts';
import type { AiSdkMemory, WaitingCall } from './ai-sdk-memory.ts';
import type { AiSdkApprovalAnswer, AiSdkMessage } from './ai-sdk-message.ts';
import { closeCalls } from './close-calls.ts';
import { toAiSdkMessages, toAiSdkPrompt } from './to-ai-sdk-messages.ts';

/** How a turn begins. */
export interface AiSdkStart {
  readonly messages: AiSdkMessage[];
  /** The calls that the turn goes on with. */
  readonly waiting: readonly WaitingCall[];
  /** The calls whose tools run, because they were approved, by the SDK's ids. */
  readonly approved: readonly string[];
  /** The reasons for the calls that were denied, by the SDK's ids. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Prepares the messages of a turn: the conversation and a new message, or the answers to the approvals of the
 * turn before. Throws an AgentError: `approval_lost` if that turn's memory is gone, `unsupported_content` for
 * a file that cannot be read.
 */
export function startAiSdkTurn(turn: Turn, snapshots: boolean): AiSdkStart {
  const { input, snapshot } = turn;
  const memory = decodeMemory(snapshot);
  if (input.type === 'answers') return resume(memory, input.answers);
  const before = snapshots ? memory : undefined;
  const past = before ? closeCalls(before.messages) : toAiSdkMessages(turn.history());
  return { messages: [...past, toAiSdkPrompt(input.content)], waiting: [], approved: [], reasons: new Map() };
}

function resume(memory: AiSdkMemory | undefined, answers: readonly ApprovalAnswer[]): AiSdkStart {
  if (memory === undefined || memory.waiting.length === 0) throw createFailure('approval_lost');
  const { waiting } = memory;
  const decided = waiting.map((call) => ({ ...call, decision: decisionOf(call, answers) }));
  const open = new Set(waiting.map(({ id }) => id));
  const content = decided.map(({ vendorApproval, decision, providerExecuted }): AiSdkApprovalAnswer => {
    const reason = reasonOf(decision);
    return {
      type: 'tool-approval-response',
      approvalId: vendorApproval,
      approved: isApproved(decision),
      ...(reason !== undefined && { reason }),
      ...(providerExecuted === true && { providerExecuted }),
    };
  });
  return {
    // The SDK looks for answers in the last message only.
    messages: [...closeCalls(memory.messages, open), { role: 'tool', content }],
    waiting,
    approved: decided.filter(({ decision }) => isApproved(decision)).map(({ id }) => id),
    reasons: new Map(decided.map(({ id, decision }) => [id, reasonOf(decision) ?? ''])),
  };
}

/** Returns the decision about a call. Without an answer it is a no. */
function decisionOf({ approval }: WaitingCall, answers: readonly ApprovalAnswer[]): unknown {
  return answers.find((answer) => answer.approval === approval)?.decision;
}

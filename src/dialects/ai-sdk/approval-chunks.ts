import type { EngineEvent, SpokenEvent } from '../../protocol/index.ts';
import type { MessageCall, MessageCalls } from './message-calls.ts';
import type { UiChunk } from './chunk.ts';
import type { Steps } from './steps.ts';
import { toApprovalVerdict } from './approval-verdict.ts';

type Request = Extract<SpokenEvent, { readonly type: 'approval_request' }>;
type Answer = Extract<EngineEvent, { readonly type: 'approval_answer' }>;

/** The chunks about approvals. */
export interface ApprovalChunks {
  request(event: Request): readonly UiChunk[];
  answer(event: Answer): readonly UiChunk[];
  /**
   * Settles what was answered before this turn and did not come again. A part that stays answered would make
   * the SDK's `lastAssistantMessageIsCompleteWithApprovalResponses` send the answer for ever.
   */
  settle(turn: string): readonly UiChunk[];
  /** Gives up what this turn asked for, because the turn begins again. */
  giveUp(turn: string): readonly UiChunk[];
}

export function createApprovalChunks(steps: Steps, calls: MessageCalls): ApprovalChunks {
  const providerExecuted = true;
  const settle = (call: MessageCall): UiChunk => {
    const { id: toolCallId, verdict } = call;
    calls.settle(call);
    steps.close(toolCallId);
    const output = { approved: true };
    return verdict?.approved
      ? { type: 'tool-output-available', toolCallId, output, providerExecuted }
      : { type: 'tool-output-denied', toolCallId };
  };
  /** Adds a part that waits, with its whole input. */
  const announce = (call: MessageCall): readonly UiChunk[] => {
    const { id: toolCallId, tool: toolName, input } = call;
    const before = steps.beforeCall(toolCallId, false);
    return [...before, { type: 'tool-input-available', toolCallId, toolName, input, providerExecuted }];
  };
  /**
   * Returns the call that an approval is about, and the chunks that must come before. A part has one approval,
   * and the SDK looks for approvals in the last step only. So an approval without a call gets a part of its
   * own, and so does a call that asks again.
   */
  const place = ({ turn, approval, call, reason }: Request): [MessageCall, readonly UiChunk[]] => {
    const found = call === undefined ? undefined : calls.find(turn, call);
    if (found && !found.isBack && !calls.asked.includes(found)) return [found, []];
    const own = calls.add(turn, call, found?.tool ?? 'approval', found ? call : approval);
    own.input = found ? found.input : reason;
    return [own, [...(found?.isBack ? [settle(found)] : []), ...announce(own)]];
  };
  return {
    request(event) {
      const { approval: approvalId, reason } = event;
      const [call, before] = place(event);
      calls.ask(call, approvalId);
      return [
        ...before,
        {
          type: 'tool-approval-request',
          approvalId,
          toolCallId: call.id,
          approvalDescriptor: reason,
          ...(typeof reason === 'string' && { reason }),
        },
      ];
    },
    answer({ approval: approvalId, status, decision }) {
      const call = calls.findAsked(approvalId);
      if (call === undefined) return [];
      call.verdict = toApprovalVerdict(status, decision);
      const response: UiChunk = { type: 'tool-approval-response', approvalId, ...call.verdict };
      // Without an answer no turn goes on that could settle it.
      return status === 'answered' ? [response] : [response, settle(call)];
    },
    settle: (turn) => calls.asked.filter((call) => call.verdict && call.turn !== turn).map(settle),
    giveUp: (turn) =>
      calls.asked
        .filter((call) => call.turn === turn)
        .map((call) => {
          calls.settle(call);
          steps.close(call.id);
          const errorText = 'cancelled';
          return { type: 'tool-output-error', toolCallId: call.id, errorText, providerExecuted };
        }),
  };
}

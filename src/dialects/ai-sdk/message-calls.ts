import type { ApprovalVerdict } from './approval-verdict.ts';

/** A tool call as a part of a message. */
export interface MessageCall {
  /** Its name in the message. */
  readonly id: string;
  readonly turn: string;
  /** Its name in the turn. An approval that is about no call has none. */
  readonly call: string | undefined;
  readonly tool: string;
  input: unknown;
  /** The approval that it waits for, or waited for. */
  approval?: string;
  /** How the approval was answered. */
  verdict?: ApprovalVerdict;
  /** Whether it came again in the turn that goes on, so that its result will come. */
  isBack: boolean;
}

/** The tool calls of a message, over all its turns. */
export interface MessageCalls {
  /**
   * Returns the call that begins. If a call of an earlier turn was asked about, was answered and comes again,
   * that is the same one.
   */
  begin(turn: string, call: string, tool: string): MessageCall;
  /** Adds a call. `id` is its name in the message if that is free. */
  add(turn: string, call: string | undefined, tool: string, id: string | undefined): MessageCall;
  find(turn: string, call: string): MessageCall | undefined;
  /** Returns the call that an open approval is about. */
  findAsked(approval: string): MessageCall | undefined;
  /** The calls that were asked about, and are neither back nor settled. */
  readonly asked: readonly MessageCall[];
  ask(call: MessageCall, approval: string): void;
  /** Forgets that a call was asked about. */
  settle(call: MessageCall): void;
}

export function createMessageCalls(): MessageCalls {
  const byName = new Map<string, MessageCall>();
  const ids = new Set<string>();
  let asked: readonly MessageCall[] = [];
  const toKey = (turn: string, call: string): string => `${turn}:${call}`;

  const calls: MessageCalls = {
    begin(turn, call, tool) {
      const isIt = (each: MessageCall): boolean =>
        each.verdict !== undefined && each.turn !== turn && each.call === call && each.tool === tool;
      const waited = asked.find(isIt);
      if (waited === undefined) return calls.add(turn, call, tool, call);
      calls.settle(waited);
      waited.isBack = true;
      byName.set(toKey(turn, call), waited);
      return waited;
    },
    add(turn, call, tool, wanted = tool) {
      // The calls of another turn may have the same names.
      const id = ids.has(wanted) ? toKey(turn, wanted) : wanted;
      ids.add(id);
      const added: MessageCall = { id, turn, call, tool, input: undefined, isBack: false };
      if (call !== undefined) byName.set(toKey(turn, call), added);
      return added;
    },
    find: (turn, call) => byName.get(toKey(turn, call)),
    findAsked: (approval) => asked.find((each) => each.approval === approval),
    get asked() {
      return asked;
    },
    ask(call, approval) {
      call.approval = approval;
      asked = [...asked, call];
    },
    settle: (call) => void (asked = asked.filter((each) => each !== call)),
  };
  return calls;
}

import type { AgentMessage, ApprovalPart, MessageState, PartState, ToolPart } from '../protocol/index.ts';

/** Returns messages in which a call that waits for approval is `waiting`, and one call after the answer. */
export type JoinCalls = (messages: readonly MessageState[]) => readonly MessageState[];

/** A turn that waits and the turn that resumes it, as the view shows them. */
interface Joined {
  /** The resuming turn that was joined. The same turn is not joined twice. */
  readonly of: AgentMessage | undefined;
  readonly asking: AgentMessage;
  readonly going: AgentMessage | undefined;
}

/**
 * Creates a function that joins calls, for the messages of one session in a view of your own; `useSession`
 * does it by itself. The log ends a waiting call as `cancelled`, and repeats it in the turn that resumes:
 * there it has the result of its run. The view shows the call once, in its first place. Unchanged messages
 * keep their identity from one call of the function to the next.
 */
export function createJoin(): JoinCalls {
  const known = new WeakMap<AgentMessage, Joined>();
  let last: readonly MessageState[] = [];
  let shown = last;

  function joinTurn(asking: AgentMessage, going: AgentMessage | undefined): Joined {
    const before = known.get(asking);
    if (before && before.of === going) return before;
    const joined = join(asking, going, before);
    known.set(asking, joined);
    return joined;
  }

  return (messages) => {
    if (messages === last) return shown;
    const next = [...messages];
    // From the last to the first, because a call may have waited more than once.
    for (let index = next.length - 1; index >= 0; index -= 1) {
      const asking = next[index];
      if (asking?.role !== 'agent' || !isAsking(asking)) continue;
      const at = next.findIndex((other) => other.role === 'agent' && other.resumes === asking.turn);
      const going = next[at];
      const joined = joinTurn(asking, going?.role === 'agent' ? going : undefined);
      next[index] = joined.asking;
      if (joined.going) next[at] = joined.going;
    }
    last = messages;
    shown = next.every((message, index) => message === messages[index]) ? messages : next;
    return shown;
  };
}

/**
 * Returns whether a turn waits for approvals, or is about to: its calls are ended before the turn is, and a
 * view may be drawn in between.
 */
function isAsking({ outcome, parts }: AgentMessage): boolean {
  if (outcome !== undefined) return outcome === 'waiting';
  return parts.some((part) => part.type === 'approval' && part.status === undefined);
}

function join(asking: AgentMessage, going: AgentMessage | undefined, before: Joined | undefined): Joined {
  const taken = new Set<PartState>();
  const parts = asking.parts.map((part) => {
    if (part.type !== 'tool' || part.status !== 'cancelled') return part;
    const again = findAgain(part, going?.parts.filter((other) => !taken.has(other)) ?? []);
    if (again) {
      taken.add(again);
      return { ...again, call: part.call };
    }
    return isWaiting(part, asking.parts, going) ? { ...part, status: 'waiting' as const } : part;
  });
  return {
    of: going,
    asking: toMessage(asking, parts, before?.asking),
    going:
      going &&
      toMessage(
        going,
        going.parts.filter((part) => !taken.has(part)),
        before?.going,
      ),
  };
}

/**
 * Finds the same call in the turn that resumes. If no call there has its name, it is the first call to the
 * same tool with the same input.
 */
function findAgain({ call, tool, inputText }: ToolPart, parts: readonly PartState[]): ToolPart | undefined {
  const calls = parts.filter((part) => part.type === 'tool').filter((part) => part.tool === tool);
  return (
    calls.find((part) => part.call === call) ??
    calls.find(({ status, inputText: text }) =>
      status === 'input' ? inputText.startsWith(text) : inputText === text,
    )
  );
}

/** Returns whether a call may still run: no approval refused it, and the resuming turn is not over. */
function isWaiting(
  { call }: ToolPart,
  parts: readonly PartState[],
  going: AgentMessage | undefined,
): boolean {
  if (going?.outcome !== undefined) return false;
  const approvals = parts.filter((part) => part.type === 'approval');
  const own = approvals.filter((approval) => approval.call === call);
  return (own.length > 0 ? own : approvals).every(isOpen);
}

function isOpen({ status, decision }: ApprovalPart): boolean {
  return status === undefined || (status === 'answered' && decision !== false);
}

/** Returns a message with these parts. It is the same object as `message` or `before` if nothing differs. */
function toMessage(
  message: AgentMessage,
  parts: readonly PartState[],
  before: AgentMessage | undefined,
): AgentMessage {
  if (isSame(message.parts, parts)) return message;
  // React would draw a part again if it were a new object with the same content.
  const kept = parts.map((part, index) => {
    const other = before?.parts[index];
    return other !== undefined && isAlike(part, other) ? other : part;
  });
  const isKept =
    before !== undefined &&
    isSame(before.parts, kept) &&
    isAlike({ ...message, parts: before.parts }, before);
  return isKept ? before : { ...message, parts: kept };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** Returns whether two objects have the same members. */
function isAlike(one: object, other: object): boolean {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([name, value]) => value === Reflect.get(other, name))
  );
}

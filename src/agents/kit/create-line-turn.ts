import { isRecord } from '../../protocol/internal.ts';
import type { AgentEvent, OpenSession, Turn, TurnInput } from '../../protocol/index.ts';
import { isNamePairs, mintApproval, toVendorAnswers } from './approval-names.ts';
import type { NamePair } from './approval-names.ts';
import { createFailure } from './failures.ts';
import { fieldsOf, listOf, nameOf, textOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { toStartLine } from './lines.ts';
import type { StartLine } from './lines.ts';

/** A turn of an agent that speaks lines: the adapter's half, whatever carries the lines. */
export interface LineTurn {
  /**
   * The calls that waited for approvals. The adapter yields them before it starts the agent: the engine ended
   * them in the turn that asked, and the agent goes on with them.
   */
  readonly resumed: readonly AgentEvent[];
  readonly start: StartLine;
  /** Returns an event of the agent as it goes to the engine. Approvals get a name that never comes again. */
  toEvent(event: AgentEvent): AgentEvent;
  /** Takes the agent's own snapshot. The last one counts. */
  keep(snapshot: unknown): void;
  /** Saves what the next turn needs. The adapter calls it when the agent has ended its turn properly. */
  save(): void;
}

/** The data that a turn saves: the agent's thread and snapshot, its open questions, and the calls they wait in. */
interface LineMemory {
  readonly version: 1;
  readonly thread: string;
  readonly agent?: unknown;
  /** Pairs of the name in the log and the agent's own. */
  readonly asked: readonly NamePair[];
  readonly calls: readonly Fields[];
}

/** The longest name that the engine accepts, in UTF-16 units. */
const maxCall = 200;

/** Returns an event whose call has a name that the engine accepts, and that is a text: agents also use numbers. */
function withNames(event: Exclude<AgentEvent, string>): Exclude<AgentEvent, string> {
  if (!('call' in event)) return event;
  const call = nameOf(event.call);
  return call === '' ? event : { ...event, call: call.slice(0, maxCall) };
}

/** Begins a turn. Throws the failure `approval_lost` if it goes on from approvals, and the memory is not there. */
export function createLineTurn(session: OpenSession, turn: Turn): LineTurn {
  const saved = toLineMemory(turn.snapshot);
  const { thread, snapshot, input, resumed } = toBeginning(session, turn, saved);
  const asked: NamePair[] = [];
  const calls: Fields[] = [];
  let agent = snapshot;
  return {
    resumed: resumed.map(toCall),
    start: toStartLine({ session, turn: { ...turn, input }, thread, snapshot }),
    toEvent(told) {
      if (typeof told === 'string') return told;
      const event = withNames(told);
      if (event.type === 'tool_use') calls.push({ ...event });
      if (event.type === 'tool_result') {
        const index = calls.findIndex(({ call }) => call === event.call);
        if (index !== -1) calls.splice(index, 1);
      }
      if (event.type !== 'approval_request') return event;
      const approval = mintApproval();
      asked.push([approval, nameOf(event.approval)]);
      return { ...event, approval };
    },
    keep(next) {
      agent = next;
    },
    save() {
      const memory: LineMemory = {
        version: 1,
        thread,
        ...(agent !== undefined && { agent }),
        asked,
        calls: asked.length > 0 ? calls : [],
      };
      turn.save(memory);
    },
  };
}

interface LineBeginning {
  readonly thread: string;
  readonly snapshot?: unknown;
  readonly input: TurnInput;
  readonly resumed: readonly Fields[];
}

function toBeginning(session: OpenSession, turn: Turn, saved: LineMemory | undefined): LineBeginning {
  const { input, attempt } = turn;
  if (input.type === 'answers') {
    if (saved === undefined || saved.asked.length === 0) throw createFailure('approval_lost');
    const answers = toVendorAnswers(saved.asked, input.answers);
    return {
      thread: saved.thread,
      snapshot: saved.agent,
      input: {
        ...input,
        answers: answers.map(({ vendorId, answer }) => ({ ...answer, approval: vendorId })),
      },
      resumed: saved.calls,
    };
  }
  // A run that still waits for answers cannot take a message. The conversation of the log can.
  const known = saved?.asked.length === 0 ? saved : undefined;
  // An attempt that crashed may have left its half of the turn in a memory of the agent's own.
  const isFirst = attempt === 1;
  const name = `${session.session}.${turn.turn}${isFirst ? '' : `.${attempt}`}`;
  return {
    thread: isFirst ? (known?.thread ?? name) : name,
    ...(known?.agent !== undefined && { snapshot: known.agent }),
    input,
    resumed: [],
  };
}

function toLineMemory(value: unknown): LineMemory | undefined {
  const { version, thread, agent, asked, calls } = fieldsOf(value);
  if (version !== 1 || typeof thread !== 'string' || !isNamePairs(asked)) return undefined;
  return { version, thread, agent, asked, calls: listOf(calls).filter(isRecord) };
}

function toCall({ call, tool, input, agent }: Fields): AgentEvent {
  const path = listOf(agent).map(textOf);
  return {
    type: 'tool_use',
    call: textOf(call),
    tool: nameOf(tool),
    input,
    ...(path.length > 0 && { agent: path }),
  };
}

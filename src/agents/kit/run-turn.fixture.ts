import type { Agent, AgentEvent, ApprovalAnswer, Content, MessageState, Turn } from '../../protocol/index.ts';

export interface RunTurn {
  readonly content?: Content;
  readonly history?: readonly MessageState[];
  readonly signal?: AbortSignal;
  readonly session?: string;
  readonly turn?: string;
  readonly attempt?: number;
  /** The snapshot of the turn before. It goes through JSON, as in a store. */
  readonly snapshot?: unknown;
  /** Answers to the approvals of the turn before, instead of a message. */
  readonly answers?: readonly ApprovalAnswer[];
  readonly save?: (snapshot: unknown) => void;
  /** Called with each event as it comes. */
  readonly onEvent?: (event: Exclude<AgentEvent, string>) => void;
}

/** Runs one turn of an agent and returns its events. Rejects as the agent does. */
export async function runTurn(agent: Agent, options: RunTurn = {}): Promise<Exclude<AgentEvent, string>[]> {
  const events: Exclude<AgentEvent, string>[] = [];
  for await (const event of agent.open({ session: options.session ?? 's', owner: 'ann' })(toTurn(options))) {
    if (typeof event === 'string') throw new Error('the adapter yields no bare strings');
    events.push(event);
    options.onEvent?.(event);
  }
  return events;
}

function toTurn({ content = 'Hello', history = [], signal, snapshot, answers, ...rest }: RunTurn): Turn {
  return {
    turn: rest.turn ?? 't1',
    attempt: rest.attempt ?? 1,
    input: answers ? { type: 'answers', content, resumes: 't0', answers } : { type: 'message', content },
    signal: signal ?? new AbortController().signal,
    history: () => history,
    ...(snapshot !== undefined && { snapshot: JSON.parse(JSON.stringify(snapshot)) as unknown }),
    save: rest.save ?? (() => {}),
  };
}

/** Runs a turn and returns its events and what it saved last. */
export async function runSaved(
  agent: Agent,
  options: RunTurn = {},
): Promise<{ readonly events: Exclude<AgentEvent, string>[]; readonly saved: unknown }> {
  let saved: unknown;
  const events = await runTurn(agent, { ...options, save: (snapshot) => (saved = snapshot) });
  return { events, saved };
}

/** Returns the same decision for every approval that these events ask for. */
export function answerAll(
  events: readonly Exclude<AgentEvent, string>[],
  decision: unknown,
): ApprovalAnswer[] {
  return events.flatMap((event) =>
    event.type === 'approval_request'
      ? [
          {
            approval: event.approval,
            reason: event.reason,
            decision,
            ...(event.call !== undefined && { call: event.call }),
          },
        ]
      : [],
  );
}

/** Returns the text of one speaker after these events, with replacements and discards applied. */
export function standingText(events: readonly Exclude<AgentEvent, string>[], agent = ''): string {
  let parts: string[] = [];
  let earlier = '';
  for (const event of events) {
    if ((event.agent ?? []).join('/') !== agent) continue;
    if (event.type === 'step_start') {
      earlier += parts.join('');
      parts = [];
    }
    if (event.type === 'content_start') parts.push('');
    if (event.type === 'content') parts.push(`${parts.pop() ?? ''}${event.data}`);
    if (event.type === 'replace') parts.splice(-1, 1, event.data);
    if (event.type === 'discard') parts = [];
  }
  return earlier + parts.join('');
}

import type { Agent, AgentEvent, Content, MessageState, Turn } from '../../protocol/index.ts';

export interface RunTurn {
  readonly content?: Content;
  readonly history?: readonly MessageState[];
  readonly signal?: AbortSignal;
  readonly session?: string;
  /** Called with each event as it comes. */
  readonly onEvent?: (event: Exclude<AgentEvent, string>) => void;
}

/** Runs one turn of an agent and gathers its events; rejects as the agent does. */
export async function runTurn(agent: Agent, options: RunTurn = {}): Promise<Exclude<AgentEvent, string>[]> {
  const events: Exclude<AgentEvent, string>[] = [];
  for await (const event of agent.open({ session: options.session ?? 's', owner: 'ann' })(toTurn(options))) {
    if (typeof event === 'string') throw new Error('the adapter yields no bare strings');
    events.push(event);
    options.onEvent?.(event);
  }
  return events;
}

function toTurn({ content = 'Hello', history = [], signal }: RunTurn): Turn {
  return {
    turn: 't1',
    attempt: 1,
    input: { type: 'message', content },
    signal: signal ?? new AbortController().signal,
    history: () => history,
  };
}

/** The text that stands after these events, by speaker: what was said, replaced and taken back. */
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

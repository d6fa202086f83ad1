import type { Agent, AgentEvent, MessageState } from 'heddle';

export type Said = Exclude<AgentEvent, string>;

/** Runs one turn of an agent and returns its events. Rejects as the agent does. */
export async function ask(
  agent: Agent,
  content: string,
  history: readonly MessageState[] = [],
): Promise<readonly Said[]> {
  const said: Said[] = [];
  const turn = agent.open({ session: 's', owner: 'ann' })({
    turn: 't',
    attempt: 1,
    input: { type: 'message', content },
    signal: new AbortController().signal,
    history: () => history,
    save: () => {},
  });
  for await (const event of turn)
    said.push(typeof event === 'string' ? { type: 'content', data: event } : event);
  return said;
}

/** Returns the text of all steps, one line for each. */
export function textOf(events: readonly Said[]): string {
  const pieces = events.map((event) => {
    if (event.type === 'step_start') return '\n';
    return event.type === 'content' ? event.data : '';
  });
  return pieces.join('').trim();
}

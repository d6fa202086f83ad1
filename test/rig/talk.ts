import { createClient } from 'heddle/client';

/** The events of an agent for one message. */
export interface Talked {
  /** How many approvals it asked for. */
  readonly asked: number;
  /** All its text, of the turn that asked too. */
  readonly answer: string;
  /** Its tools, each as `name status`. */
  readonly tools: readonly string[];
}

/** Sends a message to a new session, and gives `decision` to each approval that the agent asks for. */
export async function talk(url: string, message: string, decision?: boolean): Promise<Talked> {
  const session = await createClient({ url }).create();
  await session.send(message);
  let asked = 0;
  for await (const { event } of session.events()) {
    if (event.type !== 'message_end') continue;
    if (event.outcome !== 'completed' && event.outcome !== 'waiting') throw new Error(JSON.stringify(event));
    if (event.outcome === 'completed') break;
    for (const approval of event.approvals ?? []) {
      asked += 1;
      await session.answer(approval, decision);
    }
  }
  const { messages } = await session.state();
  const parts = messages.filter((each) => each.role === 'agent').flatMap((each) => each.parts);
  return {
    asked,
    answer: parts.map((part) => ('text' in part ? part.text : '')).join(''),
    tools: parts.flatMap((part) => ('tool' in part ? `${part.tool} ${part.status}` : [])),
  };
}

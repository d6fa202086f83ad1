/** An agent of any version of AG-UI, as far as its messages are concerned. */
interface Edited<Message> {
  readonly messages: readonly Message[];
  setMessages(messages: Message[]): void;
}

/** Replaces the last message of the user under its own id, and drops what came after it, as pages do. */
export function editLast<Message extends { readonly role: string }>(
  agent: Edited<Message>,
  text: string,
): void {
  const at = agent.messages.findLastIndex(({ role }) => role === 'user');
  const last = agent.messages[at];
  if (last === undefined) throw new Error('There is no message to edit.');
  agent.setMessages([...agent.messages.slice(0, at), Object.assign({}, last, { content: text })]);
}

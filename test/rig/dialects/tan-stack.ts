import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient, fetchServerSentEvents } from '@tanstack/ai-client';
import type { DialectClient, DialectOracle, ShownExchange, ShownTool } from 'heddle/testing';
import { keepsWithdrawn } from './keeps-withdrawn.ts';

/** The client of TanStack AI with `fetchServerSentEvents`. */
export const tanStack: DialectOracle = {
  name: '@tanstack/ai-client 0.33.2',
  cannot: { retracted: keepsWithdrawn, replaced: keepsWithdrawn, 'taken over': keepsWithdrawn },
  open({ url, thread, owner }): DialectClient {
    const headers = { authorization: `Bearer ${owner}` };
    const connection = fetchServerSentEvents(`${url}/agui`, {
      headers,
      reconnect: { delayMs: 20, maxAttempts: 20 },
    });
    const createPage = (more: Partial<typeof connection> = {}): ChatClient =>
      new ChatClient({ threadId: thread, persistence: true, connection: { ...connection, ...more } });
    let client = createPage();
    const settle = async (): Promise<void> => {
      while (client.getIsLoading()) await delay(5);
      const error = client.getError();
      if (error !== undefined) throw error;
    };
    return {
      async send(text) {
        // This client sends nothing while it asks, so its user stops first.
        if (client.getInterrupts().length > 0) client.stop();
        await client.sendMessage(text);
        await settle();
      },
      async load() {
        client.dispose();
        // The client shows no error if it cannot load a conversation, or cannot join its run.
        const failures: unknown[] = [];
        const note = (error: unknown): never => {
          failures.push(error);
          throw error;
        };
        const loaded = Promise.withResolvers<void>();
        client = createPage({
          hydrate: (...asked) => {
            const found = connection.hydrate?.(...asked).catch(note);
            const settled = Promise.allSettled([found]);
            loaded.resolve(settled.then(() => delay(10)));
            return found ?? note(new Error('It cannot hydrate.'));
          },
          joinRun: async function* (...asked) {
            try {
              yield* connection.joinRun?.(...asked) ?? [];
            } catch (error) {
              note(error);
            }
          },
        });
        client.attach();
        await loaded.promise;
        await settle();
        if (failures.length > 0) throw failures[0];
      },
      async answer(approved) {
        for (const { id } of client.getInterrupts()) await client.addToolApprovalResponse({ id, approved });
        await delay(5);
        await settle();
      },
      async stop() {
        client.stop();
        const body = JSON.stringify({ threadId: thread });
        await fetch(`${url}/agui/stop`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body,
        });
      },
      async edit(text) {
        const messages = client.getMessages();
        const at = messages.findLastIndex(({ role }) => role === 'user');
        const last = messages[at];
        if (last === undefined) throw new Error('There is no message to edit.');
        const edited = { ...last, parts: [{ type: 'text' as const, content: text }] };
        client.setMessagesManually([...messages.slice(0, at), edited]);
        await client.reload();
        await settle();
      },
      shown: () => toExchanges(client),
      close: () => client.dispose(),
    };
  },
};

function toExchanges(client: ChatClient): readonly ShownExchange[] {
  const waiting = client.getInterrupts().map(({ id }) => id);
  const shown: { said: string; text: string; reasoning: string; tools: ShownTool[] }[] = [];
  for (const { role, parts } of client.getMessages()) {
    const text = parts.map((part) => (part.type === 'text' ? part.content : '')).join('');
    if (role === 'user') shown.push({ said: text, text: '', reasoning: '', tools: [] });
    const last = shown.at(-1);
    if (last === undefined || role === 'user') continue;
    last.text += text;
    for (const part of parts) {
      if (part.type === 'thinking') last.reasoning += part.content;
      if (part.type !== 'tool-call') continue;
      const { name, arguments: input, output, approval } = part;
      const tool = { tool: name, input: JSON.parse(input) as unknown };
      if (output !== undefined) {
        const isError = (output as { status?: string } | null)?.status !== undefined;
        last.tools.push({ ...tool, ...(isError ? { status: 'error' } : { status: 'ok', output }) });
      } else last.tools.push({ ...tool, status: waiting.includes(approval?.id ?? '') ? 'waiting' : 'open' });
    }
  }
  return shown;
}

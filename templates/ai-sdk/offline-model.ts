import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test';

/** A model that needs no key and no network. It does what the last message asks, by a few rules. */
export const offlineModel = new MockLanguageModelV4({
  modelId: 'offline',
  doStream: async ({ prompt }) => {
    const { role, content } = prompt.at(-1) ?? {};
    const parts = role === 'user' || role === 'tool' ? (content ?? []) : [];
    let question = '';
    let result: string | undefined;
    for (const part of parts) {
      if (typeof part === 'string') continue;
      if (part.type === 'text') question += part.text;
      if (part.type === 'tool-result')
        result = part.output.type === 'text' ? part.output.value : 'A person said no.';
    }
    const said = decide(question, result);
    const usage = {
      inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 0, text: 0, reasoning: 0 },
    };
    const words = 'text' in said ? (said.text.match(/\S+\s*/g) ?? []) : [];
    return {
      stream: convertArrayToReadableStream([
        { type: 'stream-start' as const, warnings: [] },
        ...('tool' in said
          ? [
              {
                type: 'tool-call' as const,
                toolCallId: `call-${prompt.length}`,
                toolName: said.tool,
                input: JSON.stringify({ order: said.order }),
              },
            ]
          : [
              { type: 'text-start' as const, id: 'text' },
              ...words.map((delta) => ({ type: 'text-delta' as const, id: 'text', delta })),
              { type: 'text-end' as const, id: 'text' },
            ]),
        {
          type: 'finish' as const,
          finishReason: {
            unified: 'tool' in said ? ('tool-calls' as const) : ('stop' as const),
            raw: undefined,
          },
          usage,
        },
      ]),
    };
  },
});

function decide(question: string, result?: string): { text: string } | { tool: string; order: string } {
  if (result !== undefined) return { text: result.startsWith('Order') ? result : 'Nothing is paid back.' };
  const [order] = /\d+/.exec(question) ?? [];
  if (order === undefined) return { text: 'Ask me where order 17 is, or to pay order 17 back.' };
  return { tool: /back/i.test(question) ? 'pay_back' : 'find_order', order };
}

// The smallest agent: an async generator function. Try it: npx heddle serve examples/echo-agent.ts
import { toText } from 'heddle';
import type { AgentEvent, Turn } from 'heddle';

export default async function* echo({ input, signal }: Turn): AsyncGenerator<AgentEvent> {
  yield { type: 'tool_use', call: 'count-1', tool: 'count', input: { text: toText(input.content) } };
  yield { type: 'tool_result', call: 'count-1', output: { characters: [...toText(input.content)].length } };
  for (const word of `You said: ${toText(input.content)}`.split(' ')) {
    if (signal.aborted) return;
    yield `${word} `;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

import type { AgentMessage, TextPart } from 'heddle';

/**
 * Returns what an agent said in a turn, as markdown. The texts of inner agents count only if the agent itself
 * said nothing. Thoughts and tools do not count.
 */
export function answerMarkdown({ parts }: Pick<AgentMessage, 'parts'>): string {
  const said = parts.filter((part): part is TextPart => part.type === 'text' && part.text.trim() !== '');
  const own = said.filter(({ agent }) => agent === undefined || agent.length === 0);
  return (own.length > 0 ? own : said).map(({ text }) => text.trim()).join('\n\n');
}

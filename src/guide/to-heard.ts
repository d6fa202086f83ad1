import type { ContentBlock, Message, ToolResultBlock } from '@strands-agents/sdk';
import type { GuidePrompt, ToolAnswer } from './heard.ts';

/** Reads the SDK's messages. */
export function toHeard(messages: readonly Message[]): GuidePrompt {
  const last = messages.findLastIndex(({ role, content }) => role === 'user' && textOf(content) !== '');
  const answers = toAnswers(messages.slice(0, last + 1));
  const calculated = answers.findLast(({ tool, status }) => tool === 'calculator' && status === 'success');
  return {
    prompt: textOf(messages[last]?.content ?? []),
    results: toAnswers(messages.slice(last)),
    ...(typeof calculated?.output === 'string' && { before: calculated.output }),
  };
}

function textOf(content: readonly ContentBlock[]): string {
  return content
    .map((block) => (block.type === 'textBlock' ? block.text : ''))
    .join(' ')
    .trim();
}

function toAnswers(messages: readonly Message[]): readonly ToolAnswer[] {
  const blocks = messages.flatMap(({ content }) => content);
  return blocks.flatMap((block): ToolAnswer[] => {
    if (block.type !== 'toolResultBlock') return [];
    const use = blocks.findLast((each) => each.type === 'toolUseBlock' && each.toolUseId === block.toolUseId);
    if (use?.type !== 'toolUseBlock') return [];
    return [{ tool: use.name, input: use.input, status: block.status, output: toOutput(block) }];
  });
}

function toOutput({ content: [first] }: ToolResultBlock): unknown {
  if (first?.type === 'jsonBlock') return first.json;
  return first?.type === 'textBlock' ? first.text : undefined;
}

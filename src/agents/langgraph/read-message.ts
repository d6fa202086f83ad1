import { fieldsOf, listOf, textOf, toCallInput, toStopReason } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/** A piece of what a model said. */
export interface SpokenPiece {
  readonly kind: 'content' | 'reasoning';
  readonly data: string;
}

/** A call that a message of a model has. Its id is empty if the provider gave none. */
export interface ModelCall {
  readonly id: string;
  readonly tool: string;
  readonly input: unknown;
}

/**
 * Returns whose message it is: a model's, or the result of a tool; undefined for any other. A node may return
 * plain objects, whose `role` says it.
 */
export function speakerOf(message: unknown): 'model' | 'tool' | undefined {
  const { role, type } = fieldsOf(message);
  switch (textOf(type) || textOf(role)) {
    case 'ai':
    case 'assistant':
      return 'model';
    case 'tool':
      return 'tool';
    default:
      return undefined;
  }
}

/** Returns the messages of what a node wrote: a message, a list of messages, or those of its `messages`. */
export function messagesOf(update: unknown): readonly unknown[] {
  if (Array.isArray(update)) return update.flatMap(messagesOf);
  if (speakerOf(update) !== undefined) return [update];
  const { messages } = fieldsOf(update);
  return messages === undefined ? [] : messagesOf(messages);
}

/** Returns the text and reasoning of a message or of a chunk of it, in order. */
export function piecesOf(message: unknown): readonly SpokenPiece[] {
  const { content, additional_kwargs: extra } = fieldsOf(message);
  const told = typeof content === 'string' ? [said(content)] : listOf(content).map(pieceOf);
  return [...reasoningOf(fieldsOf(extra)), ...told].filter(({ data }) => data !== '');
}

/** Some providers put reasoning beside the content. */
function reasoningOf({ reasoning_content: plain, reasoning }: Fields): readonly SpokenPiece[] {
  return [
    thought(plain),
    ...listOf(fieldsOf(reasoning)['summary']).map((each) => thought(fieldsOf(each)['text'])),
  ];
}

function pieceOf(block: unknown): SpokenPiece {
  if (typeof block === 'string') return said(block);
  const { type, text, thinking, reasoning, reasoningText } = fieldsOf(block);
  switch (type) {
    case 'text':
    case 'text_delta':
    case 'output_text':
      return said(text);
    case 'reasoning':
    case 'thinking':
    case 'thinking_delta':
    case 'reasoning_content':
      return thought(textOf(reasoning) || textOf(thinking) || textOf(fieldsOf(reasoningText)['text']));
    default:
      return said('');
  }
}

function said(data: unknown): SpokenPiece {
  return { kind: 'content', data: textOf(data) };
}

function thought(data: unknown): SpokenPiece {
  return { kind: 'reasoning', data: textOf(data) };
}

/** Returns the calls of a model's message. */
export function callsOf(message: unknown): readonly ModelCall[] {
  return listOf(fieldsOf(message)['tool_calls'])
    .map(fieldsOf)
    .map(({ id, name, args, function: called }) => {
      // The form of OpenAI's API, which plain objects may have.
      const { name: calledName, arguments: text } = fieldsOf(called);
      return {
        id: textOf(id),
        tool: textOf(name) || textOf(calledName),
        input: args ?? toCallInput(text) ?? {},
      };
    });
}

/**
 * Returns the output of a tool: the text of its message, the blocks if they are no text, or the value itself.
 */
export function outputOf(output: unknown): unknown {
  if (speakerOf(output) !== 'tool') return output;
  const { content } = fieldsOf(output);
  if (!Array.isArray(content)) return content;
  const blocks = content.map(fieldsOf);
  return blocks.every(({ type }) => type === 'text')
    ? blocks.map(({ text }) => textOf(text)).join('')
    : content;
}

/**
 * Returns why a model ended its message. Providers name the usual end, and the longest answer, in many ways.
 */
export function stopReasonOf(message: unknown): string {
  const about = fieldsOf(fieldsOf(message)['response_metadata']);
  const given =
    about['finish_reason'] ?? about['finishReason'] ?? about['stop_reason'] ?? about['stopReason'];
  if (given === undefined) return 'end_turn';
  const isLoud = typeof given === 'string' && /^[A-Z_]+$/.test(given);
  const reason = toStopReason(isLoud ? given.toLowerCase() : given);
  if (['stop', 'end_turn', 'tool_calls', 'tool_use'].includes(reason)) return 'end_turn';
  return reason === 'length' ? 'max_tokens' : reason;
}

import type { PastMessage, PastPart } from '../../protocol/index.ts';
import { parseShallow } from '../../protocol/internal.ts';
import { readUserContent } from './read-content.ts';

/** Gathers a conversation that a client brings. Items of the agent that follow each other are one message. */
export interface PastAnswers {
  /** Takes the content of a message of the user. One that cannot be read is left out. */
  say(content: unknown): void;
  answer(parts: readonly PastPart[]): void;
  /** The conversation so far. */
  readonly messages: readonly PastMessage[];
}

/** Creates an empty conversation. */
export function createPastAnswers(): PastAnswers {
  const messages: PastMessage[] = [];
  let open: PastPart[] | undefined;
  return {
    say(content) {
      open = undefined;
      const message = toPastSent(content);
      if (message !== undefined) messages.push(message);
    },
    answer(parts) {
      if (parts.length === 0) return;
      if (open === undefined) messages.push({ role: 'agent', parts: (open = []) });
      open.push(...parts);
    },
    messages,
  };
}

/** A client keeps a message that was refused, and sends it again with each later one. */
function toPastSent(value: unknown): PastMessage | undefined {
  try {
    const content = readUserContent(value);
    return content.length === 0 ? undefined : { role: 'user', content };
  } catch {
    return undefined;
  }
}

/** Returns a part of text or reasoning, or none for an empty text. */
export function toSpokenPart(type: 'text' | 'reasoning', text: string): readonly PastPart[] {
  return text === '' ? [] : [{ type, text }];
}

/** Reads the arguments of a call. A text that is no JSON stays a text. */
export function readArguments(text: unknown): unknown {
  if (typeof text !== 'string') return text ?? null;
  const input = parseShallow(text);
  return input === undefined ? text : input;
}

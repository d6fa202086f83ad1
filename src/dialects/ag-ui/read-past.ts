import type { PastMessage, PastPart } from '../../protocol/index.ts';
import { isRecord, parseShallow } from '../../protocol/internal.ts';
import { readContent, joinTexts } from './read-content.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the messages before the one that is sent, as the past of a new session. What cannot be read is left
 * out. Messages of the agent that follow each other become one.
 */
export function readPast(messages: readonly Fields[]): readonly PastMessage[] {
  const past: PastMessage[] = [];
  const results = new Map(
    messages.flatMap((each) => (each['role'] === 'tool' ? [[each['toolCallId'], each]] : [])),
  );
  let parts: PastPart[] | undefined;
  for (const message of messages) {
    if (message['role'] === 'user') {
      const content = readContent(message['content']);
      parts = undefined;
      if (content !== undefined) past.push({ role: 'user', content, ...toRef(message['id']) });
      continue;
    }
    const spoken = readParts(message, results);
    if (spoken.length === 0) continue;
    if (parts === undefined) {
      parts = [];
      past.push({ role: 'agent', parts });
    }
    parts.push(...spoken);
  }
  return past;
}

/** Returns the instructions of a body: its messages of the system and of the developer. */
export function readInstructions(messages: readonly Fields[]): string | undefined {
  const texts = messages.flatMap(({ role, content }) =>
    role === 'system' || role === 'developer' ? joinTexts(content) : [],
  );
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

/** Returns the sender's own name of a message, if it has one that the server takes. */
export function toRef(id: unknown): { readonly ref?: string } {
  return typeof id === 'string' && id !== '' && id.length <= 200 ? { ref: id } : {};
}

function readParts(message: Fields, results: ReadonlyMap<unknown, Fields>): readonly PastPart[] {
  const { role, content, toolCalls } = message;
  if (role !== 'assistant' && role !== 'reasoning') return [];
  const text = joinTexts(content);
  const said: PastPart[] = text === '' ? [] : [{ type: role === 'reasoning' ? 'reasoning' : 'text', text }];
  const calls: readonly unknown[] = Array.isArray(toolCalls) ? toolCalls : [];
  return [...said, ...calls.flatMap((call) => readCall(call, results) ?? [])];
}

function readCall(call: unknown, results: ReadonlyMap<unknown, Fields>): PastPart | undefined {
  if (!isRecord(call) || typeof call['id'] !== 'string' || !isRecord(call['function'])) return undefined;
  const { name, arguments: input } = call['function'];
  if (typeof name !== 'string') return undefined;
  const result = results.get(call['id']);
  return {
    type: 'tool',
    call: call['id'],
    tool: name,
    input: typeof input === 'string' ? readInput(input) : null,
    output: result === undefined ? null : joinTexts(result['content']),
    status: toStatus(result),
  };
}

function toStatus(result: Fields | undefined): 'ok' | 'error' | 'cancelled' {
  if (result === undefined) return 'cancelled';
  return result['error'] === undefined ? 'ok' : 'error';
}

/** Input that is no JSON stays text. */
function readInput(text: string): unknown {
  const input = parseShallow(text);
  return input === undefined ? text : input;
}

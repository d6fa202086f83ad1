import type { Content, PastMessage, PastPart } from '../../../protocol/index.ts';
import { isRecord } from '../../../protocol/internal.ts';
import { createPastAnswers, readArguments, toSpokenPart } from '../past-answers.ts';
import { joinContentTexts, readUserContent } from '../read-content.ts';
import { readObjects, refuseInput, toTextOrNone } from '../read-fields.ts';
import type { OpenAiFields } from '../read-fields.ts';

/** The messages of a request, by what is new in them. */
export interface ChatMessages {
  /** The last message of the user. */
  readonly content: Content;
  readonly past: readonly PastMessage[];
  /** The texts of the system and of the developer; empty if there are none. */
  readonly instructions: string;
}

/** Reads the messages of a request. Throws a RefusalError if the last one is not a user's. */
export function readMessages(value: unknown): ChatMessages {
  const messages = readObjects(value, 'messages');
  const isInstruction = ({ role }: OpenAiFields): boolean => role === 'system' || role === 'developer';
  const spoken = messages.filter((message) => !isInstruction(message));
  const last = spoken.at(-1);
  if (last?.['role'] === 'tool' || last?.['role'] === 'function')
    throw refuseInput('The agent runs its tools itself, so the result of a tool call is not taken.');
  if (last?.['role'] !== 'user')
    throw refuseInput('The last message is not one of the user: nothing is new.');
  const instructions = messages.filter(isInstruction).map(({ content }) => joinContentTexts(content));
  return {
    content: readUserContent(last['content']),
    past: readPastMessages(spoken.slice(0, -1)),
    instructions: instructions.filter((text) => text !== '').join('\n\n'),
  };
}

function readPastMessages(messages: readonly OpenAiFields[]): readonly PastMessage[] {
  const results = new Map(
    messages.flatMap((each) => (each['role'] === 'tool' ? [[each['tool_call_id'], each]] : [])),
  );
  const past = createPastAnswers();
  for (const message of messages) {
    const { role, content } = message;
    if (role === 'user') past.say(content);
    else if (role === 'assistant') past.answer(toPastParts(message, results));
    else if (role !== 'tool' && role !== 'function')
      throw refuseInput(`A message has the role ${JSON.stringify(role)}.`);
  }
  return past.messages;
}

function toPastParts(
  { content, refusal, reasoning_content: reasoning, tool_calls: calls }: OpenAiFields,
  results: ReadonlyMap<unknown, OpenAiFields>,
): readonly PastPart[] {
  const called: readonly unknown[] = Array.isArray(calls) ? calls : [];
  return [
    ...toSpokenPart('reasoning', toTextOrNone(reasoning) ?? ''),
    ...toSpokenPart('text', joinContentTexts(content) || (toTextOrNone(refusal) ?? '')),
    ...called.flatMap((call) => toPastCall(call, results)),
  ];
}

function toPastCall(call: unknown, results: ReadonlyMap<unknown, OpenAiFields>): readonly PastPart[] {
  const { id, function: named, custom }: OpenAiFields = isRecord(call) ? call : {};
  const {
    name,
    arguments: input,
    input: text,
  }: OpenAiFields = isRecord(named) ? named : isRecord(custom) ? custom : {};
  if (typeof id !== 'string' || typeof name !== 'string') return [];
  const result = results.get(id);
  return [
    {
      type: 'tool',
      call: id,
      tool: name,
      input: readArguments(input ?? text),
      output: result === undefined ? null : joinContentTexts(result['content']),
      status: result === undefined ? 'cancelled' : 'ok',
    },
  ];
}

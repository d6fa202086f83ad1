import type { Content, PastMessage, PastPart } from '../../../protocol/index.ts';
import { isRecord } from '../../../protocol/internal.ts';
import { createPastAnswers, readArguments, toSpokenPart } from '../past-answers.ts';
import { joinContents, joinContentTexts, readUserContent } from '../read-content.ts';
import { readObjects, refuseInput, toTextOrNone } from '../read-fields.ts';
import type { OpenAiFields } from '../read-fields.ts';

/** The input of a request, by what is new in it. */
export interface ResponseInput {
  /** The user's message: the messages after the last item of the agent, as one. */
  readonly content?: Content;
  /** The conversation before. */
  readonly past: readonly PastMessage[];
  /** Texts of the system and of the developer. */
  readonly instructions: readonly string[];
  /** Answers to approvals that come after the last message of the agent. */
  readonly answers: readonly OpenAiFields[];
}

/** Reads the input of a request: a text, or items. Throws a RefusalError for items that cannot be read. */
export function readInput(input: unknown): ResponseInput {
  if (typeof input === 'string') return { content: input, past: [], instructions: [], answers: [] };
  const items = readObjects(input, 'input');
  const results = new Map(
    items.flatMap((item) => (item['type'] === 'function_call_output' ? [[item['call_id'], item]] : [])),
  );
  const past = createPastAnswers();
  const instructions: string[] = [];
  let said: unknown[] = [];
  let answers: OpenAiFields[] = [];
  for (const item of items) {
    const { type = 'message', role } = item;
    if (type === 'mcp_approval_response') answers.push(item);
    else if (type === 'message' && role === 'user') said.push(item['content']);
    else if (type === 'message' && (role === 'system' || role === 'developer'))
      instructions.push(joinContentTexts(item['content']));
    else if (type !== 'mcp_list_tools') {
      const parts = toPastParts(item, results);
      // The agent spoke after them, so they are not new.
      for (const content of said) past.say(content);
      [said, answers] = [[], []];
      past.answer(parts);
    }
  }
  if (said.length === 0 && answers.length === 0 && results.size > 0)
    throw refuseInput('The agent runs its tools itself, so the result of a function call is not taken.');
  return {
    ...(said.length > 0 && { content: joinContents(said.map(readUserContent)) }),
    past: past.messages,
    instructions,
    answers,
  };
}

function toPastParts(item: OpenAiFields, results: ReadonlyMap<unknown, OpenAiFields>): readonly PastPart[] {
  const { type = 'message', id } = item;
  switch (type) {
    case 'message':
      if (item['role'] !== 'assistant')
        throw refuseInput(`A message of the input has the role ${JSON.stringify(item['role'])}.`);
      return toSpokenPart('text', joinContentTexts(item['content']));
    case 'reasoning':
      return toSpokenPart(
        'reasoning',
        joinContentTexts(item['summary']) || joinContentTexts(item['content']),
      );
    case 'function_call': {
      const result = results.get(item['call_id']);
      return toPastCall(item['call_id'], item, result?.['output'], result ? 'ok' : 'cancelled');
    }
    case 'mcp_call': {
      const { output, error } = item;
      const isOk = output !== undefined && output !== null;
      return toPastCall(id, item, isOk ? output : toErrorOutput(error), isOk ? 'ok' : 'error');
    }
    case 'function_call_output':
      return [];
    case 'item_reference':
      throw refuseInput(
        'This server finds no items by "item_reference": send the item itself, or "previous_response_id".',
      );
    default:
      // The calls of tools that OpenAI runs itself. Another server's client may have them in its history.
      return [];
  }
}

function toPastCall(
  call: unknown,
  { name, arguments: input }: OpenAiFields,
  output: unknown,
  status: 'ok' | 'error' | 'cancelled',
): readonly PastPart[] {
  const tool = toTextOrNone(name);
  if (typeof call !== 'string' || tool === undefined) return [];
  return [{ type: 'tool', call, tool, input: readArguments(input), output: output ?? null, status }];
}

function toErrorOutput(error: unknown): unknown {
  return isRecord(error) ? (error['content'] ?? error['message'] ?? null) : (error ?? null);
}

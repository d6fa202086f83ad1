import { Usage } from '@openai/agents';
import type { StreamEvent } from '@openai/agents';
import { ScriptedModel, assistantMessage, functionCall, modelStreamResponder } from '@openai/agents/testing';
import { createCallNames, fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { GivenMessage, Line } from '../kit/oracle.fixture.ts';

type ModelOutput = Extract<StreamEvent, { readonly type: 'response_done' }>['response']['output'];

/**
 * Creates a model of the SDK that says these answers, one each time, as the Responses API streams them. Each
 * call has an id of its own: the SDK fails a run in which an id comes again.
 */
export function scriptedAnswers(answers: readonly (readonly Line[])[]): ScriptedModel {
  const idFor = createCallNames();
  const steps: Line[][] = [];
  let isBroken = false;
  for (const lines of answers.map((each) =>
    each.map((line) => ('tool' in line ? { ...line, id: idFor(line.id) } : line)),
  )) {
    // The SDK never asks again after a word. So the model itself does, without a mark.
    if (isBroken) steps.at(-1)?.push(...lines);
    else steps.push([...lines]);
    isBroken = lines.some((line) => 'broken' in line);
  }
  return new ScriptedModel(
    steps.map((lines) => modelStreamResponder(({ request }) => stream(lines, request.signal))),
  );
}

async function* stream(lines: readonly Line[], signal: AbortSignal | undefined): AsyncGenerator<StreamEvent> {
  let output: ModelOutput = [];
  let texts: string[] = [];
  const usage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  yield { type: 'response_started' };
  for (const line of lines) {
    if ('text' in line) {
      texts.push(line.text);
      for (const delta of line.text.match(/\S+\s*/g) ?? []) yield { type: 'output_text_delta', delta };
    } else if ('reasoning' in line) {
      yield raw({ type: 'response.reasoning_summary_text.delta', delta: line.reasoning });
      yield raw({ type: 'response.reasoning_summary_part.done' });
      output.push({ type: 'reasoning', content: [{ type: 'input_text', text: line.reasoning }] });
    } else if ('tool' in line) {
      const { tool, id, input = {} } = line;
      const item = `fc_${output.length}`;
      yield raw({
        type: 'response.output_item.added',
        item: { type: 'function_call', id: item, call_id: id, name: tool },
      });
      yield raw({
        type: 'response.function_call_arguments.delta',
        item_id: item,
        delta: JSON.stringify(input),
      });
      output.push(functionCall(tool, { ...input }, { callId: id }));
    } else if ('usage' in line) {
      [usage.inputTokens, usage.outputTokens] = line.usage;
      usage.totalTokens = usage.inputTokens + usage.outputTokens;
    } else if ('fail' in line) {
      throw Object.assign(new Error(line.words), line.fail === 'busy' && { status: 429 });
    } else if ('hang' in line) {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    } else {
      output = [];
      texts = [];
    }
  }
  if (texts.length > 0) output.unshift(assistantMessage(texts.join('')));
  yield { type: 'response_done', response: { id: 'r', usage: new Usage(usage), output } };
}

function raw(event: object): StreamEvent {
  return { type: 'model', event };
}

/** Returns the conversations that a model was given. Calls are left out. */
export function givenTo(model: ScriptedModel): readonly (readonly GivenMessage[])[] {
  return model.calls.map(({ request }) => listOf(request.input).flatMap(toGiven));
}

function toGiven(item: unknown): readonly GivenMessage[] {
  const { type = 'message', role, content, output } = fieldsOf(item);
  if (type === 'function_call_result') return [{ role: 'tool', text: textIn(output) }];
  if (type !== 'message') return [];
  return [{ role: role === 'user' ? 'user' : 'assistant', text: textIn(content) }];
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  const blocks = Array.isArray(content) ? content : [content];
  return blocks.map((block) => textOf(fieldsOf(block)['text'])).join('');
}

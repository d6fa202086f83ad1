import { Model } from '@strands-agents/sdk';
import type { BaseModelConfig, Message, ModelStreamEvent, StreamOptions } from '@strands-agents/sdk';

/** One thing a scripted model does in an answer. */
export type Said =
  | { readonly text: string }
  | { readonly reasoning: string; readonly signature?: string }
  | { readonly cites: string; readonly text: string }
  | { readonly tool: string; readonly id: string; readonly input?: unknown }
  | { readonly redact: string }
  | { readonly redactInput: string }
  | { readonly usage: readonly [number, number] }
  | { readonly stop: string }
  | { readonly fail: unknown }
  /** Waits, and reacts to the abort signal as a real provider does. */
  | { readonly wait: Promise<unknown> };

/**
 * A model that answers each call with the next script, or with the result of a function of the messages.
 * After the last script it repeats it.
 */
export class ScriptedModel extends Model {
  /** The messages of each call, as plain data. */
  readonly calls: unknown[][] = [];
  readonly #answers: (readonly Said[] | ((messages: Message[]) => readonly Said[]))[];

  constructor(...answers: (readonly Said[] | ((messages: Message[]) => readonly Said[]))[]) {
    super();
    this.#answers = answers;
  }

  override updateConfig(): void {}

  override getConfig(): BaseModelConfig {
    return { modelId: 'scripted', contextWindowLimit: 200_000 };
  }

  override async *stream(messages: Message[], options?: StreamOptions): AsyncIterable<ModelStreamEvent> {
    const answer = this.#answers[Math.min(this.calls.length, this.#answers.length - 1)] ?? [];
    this.calls.push(messages.map((message) => toPlain(message.toJSON())));
    const said = typeof answer === 'function' ? answer(messages) : answer;
    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    for (const each of said) yield* say(each, options?.cancelSignal);
    const stop = said.find((each) => 'stop' in each);
    const usesTools = said.some((each) => 'tool' in each);
    yield { type: 'modelMessageStopEvent', stopReason: stop?.stop ?? (usesTools ? 'toolUse' : 'endTurn') };
    for (const each of said) {
      if ('usage' in each) {
        const [inputTokens, outputTokens] = each.usage;
        yield {
          type: 'modelMetadataEvent',
          usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
        };
      }
      if ('redact' in each) {
        yield { type: 'modelRedactionEvent', outputRedaction: { replaceContent: each.redact } };
      }
      if ('redactInput' in each) {
        yield { type: 'modelRedactionEvent', inputRedaction: { replaceContent: each.redactInput } };
      }
    }
  }
}

async function* say(said: Said, signal: AbortSignal | undefined): AsyncIterable<ModelStreamEvent> {
  if ('wait' in said) {
    await (signal ? Promise.race([said.wait, aborted(signal)]) : said.wait);
  } else if ('fail' in said) {
    throw said.fail;
  } else if ('cites' in said) {
    const citations = [
      {
        location: { type: 'web' as const, url: said.cites },
        source: said.cites,
        sourceContent: [],
        title: 'A page',
      },
    ];
    yield { type: 'modelContentBlockStartEvent' };
    yield {
      type: 'modelContentBlockDeltaEvent',
      delta: { type: 'citationsDelta', citations, content: [{ text: said.text }] },
    };
    yield { type: 'modelContentBlockStopEvent' };
  } else if ('text' in said) {
    yield { type: 'modelContentBlockStartEvent' };
    for (const text of pieces(said.text)) {
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'textDelta', text } };
    }
    yield { type: 'modelContentBlockStopEvent' };
  } else if ('reasoning' in said) {
    yield { type: 'modelContentBlockStartEvent' };
    for (const text of pieces(said.reasoning)) {
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'reasoningContentDelta', text } };
    }
    if (said.signature !== undefined) {
      const delta = { type: 'reasoningContentDelta', signature: said.signature } as const;
      yield { type: 'modelContentBlockDeltaEvent', delta };
    }
    yield { type: 'modelContentBlockStopEvent' };
  } else if ('tool' in said) {
    const start = { type: 'toolUseStart', name: said.tool, toolUseId: said.id } as const;
    yield { type: 'modelContentBlockStartEvent', start };
    for (const input of JSON.stringify(said.input ?? {}).match(/.{1,6}/gs) ?? []) {
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'toolUseInputDelta', input } };
    }
    yield { type: 'modelContentBlockStopEvent' };
  }
}

/** Splits a text into words, each with the space after it. */
function pieces(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function toPlain({ role, content }: { readonly role: string; readonly content: unknown }): unknown {
  return { role, content };
}

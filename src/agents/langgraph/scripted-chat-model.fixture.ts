/* oxlint-disable eslint/no-underscore-dangle */
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk } from '@langchain/core/messages';
import type { BaseMessage, ToolCallChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import type { ChatResult } from '@langchain/core/outputs';

/** One thing that a scripted model does in an answer. */
export type Said =
  | { readonly text: string }
  | { readonly reasoning: string }
  | { readonly tool: string; readonly id: string; readonly input?: unknown }
  | { readonly usage: readonly [input: number, output: number] }
  | { readonly fail: unknown }
  /** Waits, and ends early with the run, as a real provider does. */
  | { readonly wait: Promise<unknown> };

type Answer = readonly Said[] | ((messages: readonly BaseMessage[]) => readonly Said[]);

/**
 * A chat model that answers each call with the next script, or with the result of a function of the messages.
 * After the last script it repeats it. The models that the library has for tests drop chunks of tool calls.
 */
export class ScriptedChatModel extends BaseChatModel {
  /** The messages of each call. */
  readonly calls: BaseMessage[][] = [];
  readonly #answers: readonly Answer[];

  constructor(...answers: readonly Answer[]) {
    super({});
    this.#answers = answers;
  }

  override _llmType(): string {
    return 'scripted';
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options, run))
      whole = whole?.concat(chunk) ?? chunk;
    return { generations: whole ? [whole] : [] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const answer = this.#answers[Math.min(this.calls.length, this.#answers.length - 1)] ?? [];
    this.calls.push([...messages]);
    const said = typeof answer === 'function' ? answer(messages) : answer;
    for (const [index, each] of said.entries()) {
      if ('fail' in each) throw each.fail;
      if ('wait' in each) await untilAborted(each.wait, options.signal);
      for (const message of toChunks(each, index)) {
        const chunk = new ChatGenerationChunk({ text: message.text, message });
        await run?.handleLLMNewToken(message.text, undefined, undefined, undefined, undefined, { chunk });
        yield chunk;
      }
    }
  }
}

function toChunks(said: Said, index: number): readonly AIMessageChunk[] {
  if ('text' in said) return pieces(said.text).map((content) => new AIMessageChunk({ content }));
  if ('reasoning' in said) {
    return pieces(said.reasoning).map(
      (reasoning) => new AIMessageChunk({ content: [{ type: 'reasoning', reasoning }] }),
    );
  }
  if ('usage' in said) {
    const [input_tokens, output_tokens] = said.usage;
    const usage_metadata = { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
    return [Object.assign(new AIMessageChunk({ content: '' }), { usage_metadata })];
  }
  if (!('tool' in said)) return [];
  const toChunk = (fields: Partial<ToolCallChunk>): AIMessageChunk =>
    new AIMessageChunk({ content: '', tool_call_chunks: [{ type: 'tool_call_chunk', index, ...fields }] });
  const args = JSON.stringify(said.input ?? {}).match(/.{1,6}/gs) ?? [];
  return [
    toChunk({ id: said.id, name: said.tool, args: '' }),
    ...args.map((piece) => toChunk({ args: piece })),
  ];
}

/** Splits a text into words, each with the space after it. */
function pieces(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

async function untilAborted(wait: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await (signal ? Promise.race([wait, aborted]) : wait);
}

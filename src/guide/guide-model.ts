import { Model } from '@strands-agents/sdk';
import type { BaseModelConfig, Message, ModelStreamEvent, StreamOptions } from '@strands-agents/sdk';
import { decideReply } from './decide.ts';
import type { ToolCall } from './decide.ts';
import { pause } from './pause.ts';
import { toHeard } from './to-heard.ts';
import { toWordPieces } from './to-pieces.ts';

const firstWords = 40;

/**
 * A model for Strands that needs no key and no network. It decides by rules from the messages, and streams as
 * a real model does. It reports no usage, because it counts no tokens.
 */
export class GuideModel extends Model {
  readonly #paceMs: number;

  /** The pace is the pause after each word, in milliseconds. */
  constructor(paceMs: number) {
    super();
    this.#paceMs = paceMs;
  }

  override updateConfig(): void {}

  override getConfig(): BaseModelConfig {
    return { modelId: 'heddle-guide', contextWindowLimit: 1_000_000 };
  }

  override async *stream(messages: Message[], options?: StreamOptions): AsyncIterable<ModelStreamEvent> {
    const { say, calls } = decideReply(toHeard(messages));
    let said = 0;
    // A long answer gets faster, so that its end does not take too long.
    const wait = (): Promise<void> =>
      pause(++said > firstWords ? this.#paceMs / 3 : this.#paceMs, options?.cancelSignal);
    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    yield { type: 'modelContentBlockStartEvent' };
    for (const text of toWordPieces(say)) {
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'textDelta', text } };
      await wait();
    }
    yield { type: 'modelContentBlockStopEvent' };
    for (const call of calls) yield* streamCall(call, wait);
    yield { type: 'modelMessageStopEvent', stopReason: calls.length > 0 ? 'toolUse' : 'endTurn' };
  }
}

async function* streamCall(
  { tool, input }: ToolCall,
  wait: () => Promise<void>,
): AsyncIterable<ModelStreamEvent> {
  const start = { type: 'toolUseStart', name: tool, toolUseId: `call_${crypto.randomUUID()}` } as const;
  yield { type: 'modelContentBlockStartEvent', start };
  for (const piece of JSON.stringify(input).match(/.{1,8}/gsu) ?? []) {
    yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'toolUseInputDelta', input: piece } };
    await wait();
  }
  yield { type: 'modelContentBlockStopEvent' };
}

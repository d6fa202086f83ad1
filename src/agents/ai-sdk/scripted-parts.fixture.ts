import type { MockLanguageModelV4 } from 'ai/test';
import type { MockLanguageModelV3 } from 'ai6/test';

type PartOf<Model extends { doStream: (...args: never[]) => PromiseLike<{ stream: ReadableStream }> }> =
  Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never;
/** A part of a provider's answer that both versions of the SDK take. */
export type ScriptedPart = PartOf<MockLanguageModelV4> & PartOf<MockLanguageModelV3>;

/** One thing that a scripted provider does in an answer. */
export type ScriptedLine =
  | { readonly text: string }
  | { readonly reasoning: string }
  | { readonly tool: string; readonly id: string; readonly input?: unknown }
  | { readonly usage: readonly [input: number, output: number] }
  | { readonly stop: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other' }
  /** An error in the stream. */
  | { readonly fail: unknown }
  /** An error in place of an answer. */
  | { readonly refuse: unknown }
  | { readonly parts: readonly ScriptedPart[] }
  /** Says nothing more until it is aborted. */
  | { readonly hang: true };

/** Returns the answer of a provider. Its ids begin anew in each answer, as those of some providers do. */
export async function toScriptedAnswer(
  lines: readonly ScriptedLine[],
  signal: AbortSignal | undefined,
): Promise<{ stream: ReadableStream<ScriptedPart> }> {
  for (const line of lines) if ('refuse' in line) throw line.refuse;
  const parts = toParts(lines);
  const hangs = lines.some((line) => 'hang' in line);
  const stream = new ReadableStream<ScriptedPart>({
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    },
    async pull(controller) {
      const next = parts.next();
      if (next.done !== true) controller.enqueue(next.value);
      else if (hangs) await new Promise(() => {});
      else controller.close();
    },
  });
  return { stream };
}

function* toParts(lines: readonly ScriptedLine[]): Generator<ScriptedPart, void, undefined> {
  yield { type: 'stream-start', warnings: [] };
  for (const [index, line] of lines.entries()) yield* toLineParts(line, String(index));
  if (lines.some((line) => 'hang' in line || 'fail' in line)) return;
  const usage = lines.find((line) => 'usage' in line)?.usage ?? [1, 1];
  const stop = lines.find((line) => 'stop' in line)?.stop;
  const unified = stop ?? (lines.some((line) => 'tool' in line) ? 'tool-calls' : 'stop');
  const [input, output] = usage;
  yield {
    type: 'finish',
    finishReason: { unified, raw: unified },
    usage: {
      inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: output, text: output, reasoning: 0 },
    },
  };
}

function* toLineParts(line: ScriptedLine, id: string): Generator<ScriptedPart, void, undefined> {
  if ('text' in line) {
    yield { type: 'text-start', id };
    for (const delta of piecesOf(line.text)) yield { type: 'text-delta', id, delta };
    yield { type: 'text-end', id };
  } else if ('reasoning' in line) {
    yield { type: 'reasoning-start', id };
    for (const delta of piecesOf(line.reasoning)) yield { type: 'reasoning-delta', id, delta };
    yield { type: 'reasoning-end', id };
  } else if ('tool' in line) {
    const input = typeof line.input === 'string' ? line.input : JSON.stringify(line.input ?? {});
    yield { type: 'tool-input-start', id: line.id, toolName: line.tool };
    for (const delta of input.match(/.{1,6}/gs) ?? []) yield { type: 'tool-input-delta', id: line.id, delta };
    yield { type: 'tool-input-end', id: line.id };
    yield { type: 'tool-call', toolCallId: line.id, toolName: line.tool, input };
  } else if ('fail' in line) {
    yield { type: 'error', error: line.fail };
  } else if ('parts' in line) {
    yield* line.parts;
  }
}

/** Splits a text into words, each with the space after it. */
function piecesOf(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

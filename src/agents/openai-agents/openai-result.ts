import { isRecord } from '../../protocol/internal.ts';
import type { Usage } from '../../protocol/index.ts';
import { fieldsOf, toUsage } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/** A streamed run of the SDK. */
export interface OpenaiResult extends AsyncIterable<unknown> {
  readonly completed?: Promise<unknown>;
  readonly finalOutput?: unknown;
  readonly history: readonly object[];
  readonly interruptions: readonly object[];
  readonly lastAgent?: { readonly name: string };
  readonly runContext?: unknown;
  readonly state: { toJSON(): object };
}

/** Whether `runner.run()` returned a stream. */
export function isOpenaiResult(value: unknown): value is OpenaiResult {
  return isRecord(value) && Symbol.asyncIterator in value && 'interruptions' in value && 'history' in value;
}

/** Returns the fields of a context if it is the SDK's `RunContext`, and not the user's own object. */
export function toRunContext(context: unknown): Fields | undefined {
  const fields = fieldsOf(context);
  return typeof fields['approveTool'] === 'function' ? fields : undefined;
}

/** Returns the tokens that a run context has counted. It counts the agents that run as tools too. */
export function usageOf(runContext: unknown): Usage {
  const { inputTokens, outputTokens, totalTokens } = fieldsOf(fieldsOf(runContext)['usage']);
  return toUsage({ input: inputTokens, output: outputTokens, total: totalTokens }) ?? {};
}

/** Returns what is left of a usage without the parts of it; undefined if there is nothing left. */
export function restOf(all: Usage, parts: readonly Usage[]): Usage | undefined {
  const rest = (key: keyof Usage): number | undefined => {
    const left = parts.reduce((sum, part) => sum - (part[key] ?? 0), all[key] ?? 0);
    return left > 0 ? left : undefined;
  };
  return toUsage({ input: rest('input_tokens'), output: rest('output_tokens'), total: rest('total_tokens') });
}

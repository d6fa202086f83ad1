import { isRecord } from '../../protocol/internal.ts';
import type { AiSdkCall } from './ai-sdk-call.ts';

/** The part of an agent of the package `ai` that is used. Its `ToolLoopAgent` fits, of versions 6 and 7. */
export interface AiSdkAgentLike {
  readonly version: string;
  stream(call: AiSdkCall): PromiseLike<AiSdkResultLike>;
}

/** The part of what `streamText()` returns that is used, of versions 6 and 7. */
export interface AiSdkResultLike {
  /** The parts of the answer. Version 7 has them as `stream` too, and that one is read if it is there. */
  readonly fullStream: AsyncIterable<unknown>;
  toUIMessageStream(): unknown;
}

/**
 * For `heddle serve`, which recognises an agent file by it: whether a value is what a factory of
 * `aiSdkAgent(factory)` returns, an agent or what `streamText()` returns. It looks at the shape, so any copy
 * of the package will do.
 */
export function isAiSdkAgent(value: unknown): value is AiSdkAgentLike | AiSdkResultLike {
  return isLoopAgent(value) || isTextResult(value);
}

/** Whether a value has what each agent of the package declares: its version, and a function that streams. */
export function isLoopAgent(value: unknown): value is AiSdkAgentLike {
  if (!isRecord(value) || isTextResult(value) || typeof value['stream'] !== 'function') return false;
  const { version } = value;
  return typeof version === 'string' && version.startsWith('agent-v');
}

/** The streams of a result are getters that begin to read. So they are looked for, and not looked at. */
function isTextResult(value: unknown): value is AiSdkResultLike {
  return isRecord(value) && 'fullStream' in value && typeof value['toUIMessageStream'] === 'function';
}

import { createFailure } from '../kit/index.ts';
import type { AgentEvent } from '../../protocol/index.ts';

/** The meaning of a frame: an event of the agent, or something about the response. */
export type Heard =
  | AgentEvent
  /** Keeps something for the next turn. The last one counts. */
  | { readonly type: 'save'; readonly snapshot: unknown }
  /** The answer is complete. Nothing after it is read. */
  | { readonly type: 'end' }
  /** The upstream does not know the method of the request, or its version. It has done nothing. */
  | { readonly type: 'unknown_method' }
  /** The turn fails with this error. */
  | { readonly type: 'failed'; readonly error: unknown };

/** Returns a failure with the words of the upstream, which go to `onError` only. */
export function failed(words: string): Heard {
  return { type: 'failed', error: createFailure('upstream_failed', new Error(words)) };
}

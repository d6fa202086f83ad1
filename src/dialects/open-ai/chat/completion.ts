import { toValueText } from '../../value-text.ts';
import type { Usage } from '../../../protocol/index.ts';
import { countTokens } from '../count-tokens.ts';

export type FinishWord = 'stop' | 'length' | 'content_filter';

/** An answer in one piece. */
export interface Completion extends CompletionHead<'chat.completion'> {
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: {
        readonly role: 'assistant';
        readonly content: string;
        readonly refusal: null;
        readonly reasoning_content?: string;
      };
      readonly logprobs: null;
      readonly finish_reason: FinishWord;
    },
  ];
  readonly usage?: CompletionUsage;
}

/** A piece of an answer that is streamed. */
export interface CompletionChunk extends CompletionHead<'chat.completion.chunk'> {
  /** Empty in the chunk with the usage. */
  readonly choices: readonly {
    readonly index: 0;
    readonly delta: CompletionDelta;
    readonly logprobs: null;
    readonly finish_reason: FinishWord | null;
  }[];
  /** Only there if the client asked for the usage: in the last chunk, and `null` in all others. */
  readonly usage?: CompletionUsage | null;
}

export interface CompletionDelta {
  readonly role?: 'assistant';
  readonly content?: string;
  /** The reasoning, in a field that is not OpenAI's and that many clients show. */
  readonly reasoning_content?: string;
}

export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

interface CompletionHead<Name extends string> {
  readonly id: string;
  readonly object: Name;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** Returns the first fields of a completion or of a chunk. `at` is in milliseconds since 1970. */
export function toCompletionHead<Name extends string>(
  object: Name,
  turn: string,
  at: number,
  model: string,
): CompletionHead<Name> {
  return { id: `chatcmpl-${turn}`, object, created: Math.floor(at / 1000), model };
}

/** Returns the usage of a completion; undefined if the agent counted no tokens. */
export function toCompletionUsage(usage: Usage | undefined): CompletionUsage | undefined {
  const counts = countTokens(usage);
  return (
    counts && { prompt_tokens: counts.input, completion_tokens: counts.output, total_tokens: counts.total }
  );
}

/** The text between two parts of an answer. */
export const betweenParts = '\n\n';

/** Returns the sentence that tells of an approval. No client of Chat Completions can give one. */
export function toApprovalLine(reason: unknown): string {
  return `This needs an approval, which cannot be given here: ${toValueText(reason)}`;
}

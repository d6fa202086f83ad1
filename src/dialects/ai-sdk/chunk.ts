/** The versions of the package `ai` whose chunks Heddle writes. */
export type AiSdkVersion = 5 | 6 | 7;

/** Facts about a message beside its parts, in the message's `metadata.heddle`. */
export interface HeddleMetadata {
  readonly session?: string;
  readonly turn?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly usage?: Readonly<Record<string, number>>;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface MessageMetadata {
  readonly heddle: HeddleMetadata;
}

/** Facts about a part, in its `providerMetadata.heddle`. */
export interface PartMetadata {
  readonly heddle: { readonly part?: string; readonly agent?: readonly string[] };
}

/** One piece of a UI message stream, as `ai` 7 knows it. */
export type UiChunk =
  | { readonly type: 'start'; readonly messageId: string; readonly messageMetadata: MessageMetadata }
  | { readonly type: 'start-step' | 'finish-step' | 'reset-step' | 'abort' }
  | {
      readonly type: 'text-start' | 'reasoning-start';
      readonly id: string;
      readonly providerMetadata: PartMetadata;
    }
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly id: string; readonly delta: string }
  | { readonly type: 'text-end' | 'reasoning-end'; readonly id: string }
  | ToolChunk
  | { readonly type: `data-${string}`; readonly id?: string; readonly data: unknown }
  | { readonly type: 'message-metadata'; readonly messageMetadata: MessageMetadata }
  | { readonly type: 'error'; readonly errorText: string }
  | {
      readonly type: 'finish';
      readonly finishReason: FinishReason;
      readonly messageMetadata?: MessageMetadata;
    };

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other';

/**
 * Pieces about a tool call. All calls are run by the agent (`providerExecuted`), so a page neither runs them
 * nor sends their results.
 */
type ToolChunk =
  | { readonly type: 'tool-input-delta'; readonly toolCallId: string; readonly inputTextDelta: string }
  | { readonly type: 'tool-output-denied'; readonly toolCallId: string }
  | {
      readonly type: 'tool-approval-request';
      readonly approvalId: string;
      readonly toolCallId: string;
      readonly approvalDescriptor: unknown;
      readonly reason?: string;
    }
  | {
      readonly type: 'tool-approval-response';
      readonly approvalId: string;
      readonly approved: boolean;
      readonly reason?: string;
    }
  | ({ readonly toolCallId: string; readonly providerExecuted: true } & (
      | { readonly type: 'tool-input-start'; readonly toolName: string }
      | {
          readonly type: 'tool-input-available';
          readonly toolName: string;
          readonly input: unknown;
          readonly providerMetadata?: PartMetadata;
        }
      | { readonly type: 'tool-output-available'; readonly output: unknown; readonly preliminary?: true }
      | { readonly type: 'tool-output-error'; readonly errorText: string }
    ));

/** Text that was sent and is not valid any more. Each version has its own words for it. */
export type Withdrawal =
  | { readonly type: 'discard'; readonly parts: readonly string[] }
  | { readonly type: 'replace'; readonly part: string; readonly text: string };

import type { MessageMetadata, PartMetadata } from './chunk.ts';

/** A message as the SDK keeps it (`UIMessage`). */
export interface UiMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly parts: readonly UiPart[];
  readonly metadata?: MessageMetadata;
}

export type UiPart =
  | { readonly type: 'step-start' }
  | {
      readonly type: 'text' | 'reasoning';
      readonly text: string;
      readonly state?: 'streaming' | 'done';
      readonly id?: string;
      readonly providerMetadata?: PartMetadata;
    }
  | {
      readonly type: 'file';
      readonly mediaType: string;
      readonly url: string;
      readonly filename?: string;
    }
  | UiTool
  | { readonly type: `data-${string}`; readonly id?: string; readonly data: unknown };

/** A tool call. Its `state` says which fields it has. */
export interface UiTool {
  readonly type: `tool-${string}`;
  readonly toolCallId: string;
  readonly state: string;
  readonly providerExecuted: true;
  readonly rawInput?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly preliminary?: true;
  readonly errorText?: string;
  readonly callProviderMetadata?: PartMetadata;
  readonly approval?: {
    readonly id: string;
    readonly descriptor?: unknown;
    readonly requestReason?: string;
    readonly approved?: boolean;
    readonly reason?: string;
  };
}

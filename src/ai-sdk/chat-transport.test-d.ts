import type { ChatTransport as ChatTransport7, UIMessage } from 'ai';
import type { ChatTransport as ChatTransport5, UIMessage as UIMessage5 } from 'ai5';
import type { ChatTransport as ChatTransport6, UIMessage as UIMessage6 } from 'ai6';
import { expectTypeOf } from 'vitest';
import type { ChatTransport } from './index.ts';
import { toShownParts } from './index.ts';

/** Checks that the transport is one of each version of the package, and that parts keep their types. */
export function chatChecks({ parts }: UIMessage): void {
  expectTypeOf<ChatTransport>().toExtend<ChatTransport5<UIMessage5>>();
  expectTypeOf<ChatTransport>().toExtend<ChatTransport6<UIMessage6>>();
  expectTypeOf<ChatTransport>().toExtend<ChatTransport7<UIMessage>>();
  expectTypeOf(toShownParts(parts)).toEqualTypeOf<readonly UIMessage['parts'][number][]>();
}

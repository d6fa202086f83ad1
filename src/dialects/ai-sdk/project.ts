import type { BareFrame } from '../bare-frame.ts';
import { createChain } from '../chain.ts';
import type { Projection, Scope } from '../dialect.ts';
import type { UiChunk } from './chunk.ts';
import { createChunker } from './chunker.ts';
import { toVersion } from './run-name.ts';
import { createChunkWriter } from './write-chunks.ts';

const done: BareFrame = { data: '[DONE]' };

/** Projects an exchange to a UI message stream. */
export function project(scope: Scope): Projection {
  const chain = createChain(scope);
  const toChunks = createChunker(chain.exchange);
  const write = createChunkWriter(toVersion(chain.exchange.variant) ?? 6);
  let isOver = false;
  return {
    project({ event }) {
      if (isOver) return [];
      const place = chain.see(event);
      if (place === 'other') return [];
      // A turn that is not shown still decides which call an answer is about, and what a call is named.
      const chunks = toChunks(event).flatMap(write);
      isOver = chain.end !== undefined;
      if (place === 'known') return [];
      return isOver ? [...chunks.map(toFrame), done] : chunks.map(toFrame);
    },
    announce(event) {
      if (event.type === 'auth_expired')
        return [toFrame({ type: 'error', errorText: 'You are not signed in any more.' })];
      if (event.type !== 'resync') return [];
      return [toFrame({ type: 'error', errorText: 'This answer is not kept any more.' }), ...noMore];
    },
    get over() {
      return isOver;
    },
  };
}

/** The frames of a stream that has nothing more to say. */
export const noMore: readonly BareFrame[] = [toFrame({ type: 'finish', finishReason: 'other' }), done];

function toFrame(chunk: UiChunk): BareFrame {
  return { data: JSON.stringify(chunk) };
}

import { giveWay } from '../log/internal.ts';
import type { MessageState, SessionState } from '../protocol/index.ts';
import type { LoadedPage } from './transcript.ts';
import { findUnsettled } from './window.ts';

/** A page is full when it has so many messages, or so many characters. */
export interface PageLimits {
  readonly messages: number;
  readonly size: number;
}

const usualLimits: PageLimits = { messages: 16, size: 32 * 1024 };

/** The messages of a state in pages. */
export interface CutPages {
  /** How many of the earlier pages stay as they are. */
  readonly kept: number;
  readonly added: readonly (LoadedPage & { readonly text: string })[];
  /** The messages that fill no page yet, or that later entries may change. */
  readonly open: readonly MessageState[];
}

/**
 * Cuts the messages of a state into pages. Pages whose messages are still the same objects stay as they are.
 * A page begins with a message of a user, so that a window can begin with a page.
 */
export async function cutPages(
  state: SessionState,
  before: readonly LoadedPage[],
  limits: PageLimits = usualLimits,
): Promise<CutPages> {
  const { messages } = state;
  const settled = findUnsettled(state);
  let at = 0;
  let kept = 0;
  for (const page of before) {
    const end = at + page.messages.length;
    const offset = at;
    const isSame = page.messages.every((message, index) => messages[offset + index] === message);
    if (!isSame || end > settled) break;
    at = end;
    kept += 1;
  }

  const added: (LoadedPage & { readonly text: string })[] = [];
  let texts: string[] = [];
  let size = 0;
  for (let index = at; index < settled; index += 1) {
    const message = messages[index];
    const isFull = texts.length >= limits.messages || size >= limits.size;
    if (isFull && message?.role === 'user') {
      added.push({ messages: messages.slice(at, index), size, text: `[${texts.join(',')}]` });
      at = index;
      texts = [];
      size = 0;
    }
    const text = JSON.stringify(message);
    texts.push(text);
    size += text.length + 1;
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
  return { kept, added, open: messages.slice(at) };
}

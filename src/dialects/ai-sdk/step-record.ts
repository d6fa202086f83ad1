import type { UiChunk } from './chunk.ts';

/** The chunks of the open step, to send it again without a part, or with another text. */
export interface StepRecord {
  add(chunk: UiChunk): void;
  /** Returns whether a text or a reasoning stands in this step. */
  has(part: string): boolean;
  discard(parts: readonly string[]): readonly UiChunk[];
  replace(part: string, text: string): readonly UiChunk[];
}

export function createStepRecord(): StepRecord {
  let chunks: UiChunk[] = [];
  const again = (): readonly UiChunk[] => [{ type: 'reset-step' }, ...chunks];
  return {
    add(chunk) {
      if (chunk.type === 'start-step') chunks = [];
      else if (isDelta(chunk)) addDelta(chunks, chunk);
      else if (isProgress(chunk)) addProgress(chunks, chunk);
      else if (!isOfMessage(chunk)) chunks.push(chunk);
    },
    has: (part) => chunks.some((chunk) => 'id' in chunk && chunk.id === part),
    discard(parts) {
      chunks = chunks.filter((chunk) => !('id' in chunk && parts.includes(chunk.id ?? '')));
      return again();
    },
    replace(part, text) {
      const isIt = (chunk: UiChunk): boolean => 'id' in chunk && chunk.id === part;
      chunks = chunks.filter((chunk) => !(isIt(chunk) && isDelta(chunk)));
      const at = chunks.findIndex(isIt);
      const start = chunks[at];
      const type = start?.type === 'reasoning-start' ? 'reasoning-delta' : 'text-delta';
      chunks.splice(at + 1, 0, { type, id: part, delta: text });
      return again();
    },
  };
}

type Delta = Extract<UiChunk, { readonly delta: string }>;

function isDelta(chunk: UiChunk): chunk is Delta {
  return chunk.type === 'text-delta' || chunk.type === 'reasoning-delta';
}

type Progress = Extract<UiChunk, { readonly type: 'tool-output-available' | 'tool-input-delta' }>;

function isProgress(chunk: UiChunk): chunk is Progress {
  const { type } = chunk;
  return type === 'tool-input-delta' || (type === 'tool-output-available' && chunk.preliminary === true);
}

/** Keeps the newest progress of a call and its whole input text, so that a step is no longer than its parts. */
function addProgress(chunks: UiChunk[], chunk: Progress): void {
  const { type, toolCallId } = chunk;
  const at = chunks.findLastIndex((each) => 'toolCallId' in each && each.toolCallId === toolCallId);
  const last = chunks[at];
  if (last?.type !== type) chunks.push(chunk);
  else if (last.type === 'tool-input-delta' && chunk.type === 'tool-input-delta')
    chunks[at] = { ...last, inputTextDelta: last.inputTextDelta + chunk.inputTextDelta };
  else chunks[at] = chunk;
}

/** Returns whether a chunk is about the message, and not a part of the step. */
function isOfMessage({ type }: UiChunk): boolean {
  return type === 'start' || type === 'finish-step' || type === 'message-metadata';
}

/** Adds words to the last ones of their part, so that a step is as long as its text. */
function addDelta(chunks: UiChunk[], { type, id, delta }: Delta): void {
  const at = chunks.findLastIndex((chunk) => 'id' in chunk && chunk.id === id);
  const last = chunks[at];
  if (last && isDelta(last)) chunks[at] = { type, id, delta: last.delta + delta };
  else chunks.splice(at + 1, 0, { type, id, delta });
}

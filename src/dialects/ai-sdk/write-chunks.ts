import type { AiSdkVersion, UiChunk, Withdrawal } from './chunk.ts';
import { createStepRecord } from './step-record.ts';

/** Turns chunks into those that a version knows. */
export type ChunkWriter = (chunk: UiChunk | Withdrawal) => readonly UiChunk[];

/** Creates the writer of a version, for one stream. */
export function createChunkWriter(version: AiSdkVersion): ChunkWriter {
  if (version === 5) return createFive();
  return version === 6 ? createSix() : createSeven();
}

/** Version 5 has no approvals, and an unknown chunk is an error there. So they are data. */
function createFive(): ChunkWriter {
  const asked = new Map<string, object>();
  const write = createSix();
  const show = (id: string, data: object): readonly UiChunk[] => {
    asked.set(id, data);
    return [{ type: 'data-approval', id, data }];
  };
  return (chunk) => {
    switch (chunk.type) {
      case 'tool-approval-request': {
        const { approvalId: approval, toolCallId, approvalDescriptor: reason } = chunk;
        return show(approval, { approval, toolCallId, reason });
      }
      case 'tool-approval-response': {
        const { type: _, approvalId, ...verdict } = chunk;
        return show(approvalId, { ...asked.get(approvalId), ...verdict });
      }
      case 'tool-output-denied': {
        const { toolCallId } = chunk;
        return [{ type: 'tool-output-error', toolCallId, errorText: 'denied', providerExecuted: true }];
      }
      default:
        return write(chunk);
    }
  };
}

/** Versions 5 and 6 cannot take text back. The stream says which, and pages leave it out. */
function createSix(lengths = new Map<string, number>()): ChunkWriter {
  return (chunk) => {
    switch (chunk.type) {
      case 'discard':
        return [{ type: 'data-discard', data: { parts: chunk.parts } }];
      case 'replace': {
        const { part, text } = chunk;
        return [{ type: 'data-replace', data: { part, text, length: lengths.get(part) ?? 0 } }];
      }
      case 'tool-approval-response':
        return [];
      case 'text-delta':
      case 'reasoning-delta':
        lengths.set(chunk.id, (lengths.get(chunk.id) ?? 0) + chunk.delta.length);
        return [chunk];
      default:
        return [chunk];
    }
  };
}

/** Version 7 can take a whole step back. What is left of it is sent again. */
function createSeven(): ChunkWriter {
  const record = createStepRecord();
  const lengths = new Map<string, number>();
  const gone = new Set<string>();
  const write = createSix(lengths);
  return (chunk) => {
    if (chunk.type === 'discard') {
      const here = chunk.parts.filter((part) => record.has(part));
      const before = chunk.parts.filter((part) => !record.has(part));
      for (const part of here) gone.add(part);
      return [
        ...(here.length > 0 ? record.discard(here) : []),
        ...(before.length > 0 ? write({ ...chunk, parts: before }) : []),
      ];
    }
    if (chunk.type === 'replace') {
      if (!record.has(chunk.part)) return write(chunk);
      lengths.set(chunk.part, chunk.text.length);
      return record.replace(chunk.part, chunk.text);
    }
    // A part may be withdrawn before it ends.
    if ('id' in chunk && gone.has(chunk.id ?? '')) return [];
    record.add(chunk);
    return chunk.type === 'tool-approval-response' ? [chunk] : write(chunk);
  };
}

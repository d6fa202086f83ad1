import type { SpokenAgUiEvent } from './ag-ui-event.ts';
import { toPartId } from './names.ts';

type Kind = 'text' | 'reasoning';
type PartEvent = SpokenAgUiEvent & { readonly messageId: string };

/** The text and reasoning of a run. Each part is a message, which is opened before it is used and closed. */
export interface RunParts {
  start(kind: Kind, turn: string, part: string): readonly PartEvent[];
  say(kind: Kind, turn: string, part: string, delta: string): readonly PartEvent[];
  end(turn: string, part: string): readonly PartEvent[];
  /** Closes what is open. */
  close(): readonly PartEvent[];
}

export function createRunParts(): RunParts {
  const open = new Map<string, Kind>();
  const close = (messageId: string): readonly PartEvent[] => {
    const kind = open.get(messageId);
    open.delete(messageId);
    if (kind === undefined) return [];
    return kind === 'text'
      ? [{ type: 'TEXT_MESSAGE_END', messageId }]
      : [
          { type: 'REASONING_MESSAGE_END', messageId },
          { type: 'REASONING_END', messageId },
        ];
  };
  return {
    start(kind, turn, part) {
      const messageId = toPartId(turn, part);
      open.set(messageId, kind);
      return kind === 'text'
        ? [{ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' }]
        : [
            { type: 'REASONING_START', messageId },
            { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
          ];
    },
    say(kind, turn, part, delta) {
      const messageId = toPartId(turn, part);
      // Clients before AG-UI 1 refuse an empty delta.
      if (delta === '' || open.get(messageId) !== kind) return [];
      const type = kind === 'text' ? 'TEXT_MESSAGE_CONTENT' : 'REASONING_MESSAGE_CONTENT';
      return [{ type, messageId, delta }];
    },
    end: (turn, part) => close(toPartId(turn, part)),
    close: () => [...open.keys()].flatMap(close),
  };
}

import type { Dialect, Exchange } from '../dialects/index.ts';
import type { SessionEvent } from '../protocol/index.ts';

/** Returns an event that the scripted dialect shows as `frames` frames: `<text>1`, `<text>2` and so on. */
export function toScripted(text: string, frames: number = 1, turn: string = 't'): SessionEvent {
  return { type: 'custom', turn, name: String(frames), data: text };
}

/** Returns the event with which an exchange is over. It has one frame. */
export function toLast(text: string, turn: string = 't'): SessionEvent {
  return { type: 'custom', turn, name: 'last', data: text };
}

/**
 * Creates a dialect for exchanges. The frames of an event depend on the number of entries before it, so they
 * are wrong unless each reading begins after `from`. They name the exchange's fields that may change frames.
 */
export function scripted(options: Partial<Dialect> = {}): Dialect {
  return {
    name: 'scripted',
    onCut: 'destroy',
    ...options,
    open: ({ scope }) => {
      let seen = 0;
      let isOver = false;
      return {
        project({ event }) {
          seen += 1;
          if (event.type !== 'custom' || isOver || typeof scope === 'string') return [];
          isOver = event.name === 'last' && event.turn === scope.turn;
          const frames = event.name === 'last' ? 1 : Number(event.name);
          return Array.from({ length: frames }, (_, index) => ({
            data: [seen, `${String(event.data)}${index + 1}`, ...toMarks(scope)].join(' '),
          }));
        },
        announce: (event) => [{ data: event.type === 'resync' ? `resync ${event.reason}` : event.type }],
        get over() {
          return isOver;
        },
      };
    },
  };
}

function toMarks({ whole, variant, withdrawn, thread }: Exchange): readonly string[] {
  return [
    ...(whole ? ['whole'] : []),
    ...(withdrawn ?? []),
    ...[variant, thread].filter((each) => each !== undefined),
  ];
}

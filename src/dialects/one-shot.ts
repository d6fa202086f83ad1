import type { Entry } from '../protocol/index.ts';
import type { Scope } from './dialect.ts';

/** Tells when a one-shot stream is over: at the end of the turn of the first message it saw. */
export function createOneShot(scope: Scope): { see(entry: Entry): boolean; readonly over: boolean } {
  let turn: string | undefined;
  let over = false;
  return {
    see: ({ event }) => {
      if (scope === 'session') return false;
      if (event.type === 'message') turn ??= event.turn;
      const ends =
        !over && event.type === 'message_end' && event.turn === turn && event.outcome !== 'waiting';
      over ||= ends;
      return ends;
    },
    get over() {
      return over;
    },
  };
}

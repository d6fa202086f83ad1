import type { SessionEvent } from '../protocol/index.ts';
import type { Scope } from './dialect.ts';
import type { Exchange } from './exchange.ts';

/**
 * Where an event belongs, from the point of view of one stream. `other`: to another exchange, or to the
 * session. `known`: to a turn of this exchange that the stream does not show. `own`: to the stream.
 */
export type ChainPlace = 'other' | 'known' | 'own';

/** Tells which events belong to the stream of an exchange, and when it is over. */
export interface Chain {
  readonly exchange: Exchange;
  /** Takes the next event, from the entry after `exchange.from` on. */
  see(event: SessionEvent): ChainPlace;
  /**
   * How the exchange's turn ended; undefined while it goes on. `never`: the turn will not start, because its
   * message was withdrawn or an approval was closed without an answer. To its client that is a cancel.
   */
  readonly end: 'ended' | 'never' | undefined;
}

/** Creates the chain of an exchange. Throws a TypeError for other scopes, which have no exchange. */
export function createChain(scope: Scope): Chain {
  if (typeof scope === 'string') throw new TypeError(`This dialect has no streams of a ${scope}.`);
  const { message, turn, whole } = scope;
  const turns = new Set([turn]);
  const approvals = new Set<string>();
  let end: Chain['end'];
  const placeOf = (event: SessionEvent): ChainPlace => {
    const isIn = 'turn' in event && turns.has(event.turn);
    if (!isIn) return event.type === 'withdraw' && event.message === message ? 'own' : 'other';
    return whole || event.turn === turn ? 'own' : 'known';
  };
  return {
    exchange: scope,
    see(event) {
      if ((event.type === 'message' || event.type === 'message_start') && event.message === message)
        turns.add(event.turn);
      if (event.type === 'approval_answer' && approvals.has(event.approval)) turns.add(event.turn);
      const place = placeOf(event);
      if (place === 'other') return place;
      if (event.type === 'approval_request') approvals.add(event.approval);
      if (event.type === 'message_end' && event.turn === turn) end = 'ended';
      const isClosed = event.type === 'approval_answer' && event.turn === turn && event.status !== 'answered';
      if (event.type === 'withdraw' || isClosed) end ??= 'never';
      return place;
    },
    get end() {
      return end;
    },
  };
}

import type { Talk } from './talk.ts';
import type { Teller } from './teller.ts';

/** Denies every open approval: without a terminal nobody can decide. */
export function denyAll(talk: Talk, teller: Teller, onFail: (error: unknown) => void): void {
  for (let next = talk.approval; next !== undefined; next = talk.approval) {
    teller.approval(next);
    teller.notice('Denied: without a terminal there is nobody to ask.');
    void talk.answer(next.approval, false).catch(onFail);
  }
}

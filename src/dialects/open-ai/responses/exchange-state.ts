import { emptyState, foldEntries } from '../../../protocol/index.ts';
import type { Entry, SessionState } from '../../../protocol/index.ts';

/** Entries that are folded together. One after the other would copy the parts of a long answer each time. */
const batch = 256;

/** The state of one exchange, from its entries. */
export interface ExchangeState {
  add(entry: Entry): void;
  read(): SessionState;
}

/** Creates the state of an exchange without entries. */
export function createExchangeState(session: string): ExchangeState {
  const pending: Entry[] = [];
  let state = emptyState(session);
  const read = (): SessionState => (state = foldEntries(state, pending.splice(0)));
  return {
    add(entry) {
      pending.push(entry);
      if (pending.length >= batch) read();
    },
    read,
  };
}

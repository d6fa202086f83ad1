import { createChain } from '../../dialects/index.ts';
import type { Exchange } from '../../dialects/index.ts';
import { giveWay } from '../../log/internal.ts';
import type { EventLog } from '../../log/index.ts';
import { emptyState, foldEntries } from '../../protocol/index.ts';
import { findSent } from '../../protocol/internal.ts';
import type { Entry, SessionState } from '../../protocol/index.ts';

/** Yields the entries of an exchange that the log has, in pages, up to the end of its turn. */
async function* readExchangeEntries(
  log: EventLog,
  exchange: Exchange,
): AsyncGenerator<readonly Entry[], void, void> {
  const chain = createChain(exchange);
  for (let last = exchange.from; ;) {
    const page = await log.read(exchange.session, last, 256);
    if (page.type !== 'page' || page.entries.length === 0) return;
    yield page.entries.filter(({ event }) => chain.end === undefined && chain.see(event) !== 'other');
    // Later entries belong to other exchanges. They may be the rest of a long conversation.
    if (chain.end !== undefined) return;
    last = page.entries.at(-1)?.id;
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
}

/** Returns the state of an exchange alone; undefined if the log does not have it any more. */
export async function foldExchange(log: EventLog, exchange: Exchange): Promise<SessionState | undefined> {
  let state = emptyState(exchange.session);
  for await (const entries of readExchangeEntries(log, exchange)) state = foldEntries(state, entries);
  return findSent(state.messages, exchange.message) < 0 ? undefined : state;
}

/**
 * Returns the parts of an exchange that were discarded so far, as `<turn>:<part>`; undefined if there are
 * none.
 */
export async function findWithdrawn(
  log: EventLog,
  exchange: Exchange,
): Promise<ReadonlySet<string> | undefined> {
  const withdrawn = new Set<string>();
  for await (const entries of readExchangeEntries(log, exchange))
    for (const { event } of entries)
      if (event.type === 'discard') for (const part of event.parts) withdrawn.add(`${event.turn}:${part}`);
  return withdrawn.size === 0 ? undefined : withdrawn;
}

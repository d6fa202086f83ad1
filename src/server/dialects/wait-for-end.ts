import { createChain } from '../../dialects/index.ts';
import type { Exchange } from '../../dialects/index.ts';
import { follow } from '../../log/index.ts';
import { RefusalError, emptyState, foldEntries } from '../../protocol/index.ts';
import type { SessionState } from '../../protocol/index.ts';
import type { DialectContext } from './dialect-context.ts';

/**
 * Waits until the turn of an exchange has ended, or will never start. Resolves with the state of the exchange alone;
 * undefined if the log does not have it any more. It stops waiting when the client leaves. Throws `draining` if the server shuts down meanwhile, and `not_found` if the session is deleted.
 */
export async function waitForEnd(
  { store, closing, request }: Pick<DialectContext, 'store' | 'closing' | 'request'>,
  exchange: Exchange,
): Promise<SessionState | undefined> {
  const chain = createChain(exchange);
  let state = emptyState(exchange.session);
  const signal = request.gone === undefined ? closing : AbortSignal.any([closing, request.gone]);
  for await (const page of follow(store.log, exchange.session, { after: exchange.from, signal })) {
    if (page.type === 'missing') throw new RefusalError('not_found');
    // The exchange was trimmed, and only turns that have ended are.
    if (page.type === 'gone' || page.base !== undefined) return undefined;
    state = foldEntries(
      state,
      page.entries.filter(({ event }) => chain.end === undefined && chain.see(event) !== 'other'),
    );
    if (chain.end !== undefined) return state;
  }
  if (closing.aborted) throw new RefusalError('draining');
  return undefined;
}

import { createChain } from '../../dialects/index.ts';
import type { Exchange } from '../../dialects/index.ts';
import { follow } from '../../log/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { DialectContext } from './dialect-context.ts';

/**
 * Waits until the turn of an exchange has ended, or will never start. It stops waiting when the client leaves.
 * Throws `draining` if the server shuts down meanwhile, and `not_found` if the session is deleted.
 */
export async function waitForEnd(
  { store, closing, request }: Pick<DialectContext, 'store' | 'closing' | 'request'>,
  exchange: Exchange,
): Promise<void> {
  const chain = createChain(exchange);
  const signal = request.gone === undefined ? closing : AbortSignal.any([closing, request.gone]);
  for await (const page of follow(store.log, exchange.session, { after: exchange.from, signal })) {
    if (page.type === 'missing') throw new RefusalError('not_found');
    // The exchange was trimmed, and only turns that have ended are.
    if (page.type === 'gone' || page.base !== undefined) return;
    for (const { event } of page.entries) chain.see(event);
    if (chain.end !== undefined) return;
  }
  if (closing.aborted) throw new RefusalError('draining');
}
